"""The Python client's uploads: `peers.py upload|upload_large url path uploads at_once`.

Prints how many seconds they took, and by how many KiB the process grew at its peak.
"""

import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import cloudinary
import cloudinary.uploader

variant, url, path, uploads, at_once = sys.argv[1:]
cloudinary.config(cloud_name="demo", api_key="key", api_secret="secret", upload_prefix=url)
call = getattr(cloudinary.uploader, variant)


def one(_):
    call(path, resource_type="raw", public_id="x")


cloudinary.uploader.upload(b"warm", resource_type="raw", public_id="x")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
with ThreadPoolExecutor(int(at_once)) as pool:
    list(pool.map(one, range(int(uploads))))
seconds = time.perf_counter() - start
print(f"{seconds}\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before}")
