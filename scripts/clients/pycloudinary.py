#!/usr/bin/env python3
"""PyPI `cloudinary` against a running cloudinary-local.

The server's CLOUDINARY_URL comes from the environment, and the name of one of its unsigned upload presets from
UNSIGNED_PRESET (default "open"):

    cloudinary-local --addr 127.0.0.1:0 --unsigned-preset open
    CLOUDINARY_URL=… python3 scripts/clients/pycloudinary.py
"""

import hashlib
import io
import os
import struct
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from unittest import mock

import cloudinary
import cloudinary.api
import cloudinary.exceptions
import cloudinary.uploader
from cloudinary.utils import cloudinary_url, verify_api_response_signature

PRESET = os.environ.get("UNSIGNED_PRESET", "open")
PREFIX = "py_%d" % time.time_ns()


def png(width, height, colour=(200, 30, 30)):
    """A PNG of one colour."""

    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.status, answer.headers, answer.read()


def status_of(url):
    try:
        return fetch(url)[0]
    except urllib.error.HTTPError as error:
        return error.code


def size_of(image):
    return struct.unpack(">II", image[16:24])


def expect(error, words, call):
    try:
        call()
    except error as refused:
        assert words in str(refused), "%s, not %s" % (refused, words)
    else:
        raise AssertionError("nothing was raised; expected: " + words)


def upload_a_file():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "my pic.png")
        with open(path, "wb") as file:
            file.write(png(40, 20))
        done = cloudinary.uploader.upload(path, use_filename=True, unique_filename=False, folder=PREFIX)
    assert done["public_id"] == PREFIX + "/my_pic", done
    assert (done["width"], done["height"], done["format"]) == (40, 20, "png"), done
    assert done["original_filename"] == "my pic", done
    assert done["etag"] == hashlib.md5(png(40, 20)).hexdigest()
    assert done["request_id"], "x-request-id is read"
    assert verify_api_response_signature(done["public_id"], done["version"], done["signature"])
    assert fetch(done["url"])[2] == png(40, 20)


def upload_bytes_and_streams():
    done = cloudinary.uploader.upload(png(4, 4))
    assert len(done["public_id"]) == 20, done
    done = cloudinary.uploader.upload(io.BytesIO(png(4, 4)), public_id=PREFIX + "_stream")
    assert done["public_id"] == PREFIX + "_stream", done


def tags_and_context():
    done = cloudinary.uploader.upload(
        png(4, 4), tags=["one", "two"], context={"alt": "a|b=c", "caption": "d & e"}, public_id=PREFIX + "_tags"
    )
    assert sorted(done["tags"]) == ["one", "two"], done
    assert done["context"] == {"custom": {"alt": "a|b=c", "caption": "d & e"}}, done


def eager():
    done = cloudinary.uploader.upload(
        png(100, 50),
        public_id=PREFIX + "_eager",
        eager=[{"width": 30, "height": 30, "crop": "fill"}, {"width": 10, "crop": "scale", "format": "jpg"}],
    )
    first, second = done["eager"]
    assert first["transformation"] == "c_fill,h_30,w_30", first
    assert (first["width"], first["height"]) == (30, 30), first
    assert second["transformation"] == "c_scale,w_10/jpg" and second["format"] == "jpg", second
    assert size_of(fetch(first["url"])[2]) == (30, 30)


def overwrite():
    options = {"public_id": PREFIX + "_over"}
    first = cloudinary.uploader.upload(png(4, 4), **options)
    kept = cloudinary.uploader.upload(png(8, 8), overwrite=False, **options)
    assert kept["existing"] and kept["version"] == first["version"], kept
    replaced = cloudinary.uploader.upload(png(8, 8), overwrite=True, **options)
    assert replaced["overwritten"] and replaced["version"] > first["version"] and replaced["width"] == 8, replaced


def delivery_urls():
    cloudinary.uploader.upload(png(100, 50), public_id=PREFIX + "/sub/image")
    url, _ = cloudinary_url(PREFIX + "/sub/image", format="png", width=20, height=10, crop="fill", radius=3)
    status, headers, image = fetch(url)
    assert status == 200 and headers["Content-Type"] == "image/png" and size_of(image) == (20, 10), url
    url, _ = cloudinary_url(
        PREFIX + "/sub/image",
        format="jpg",
        transformation=[{"width": 50, "crop": "scale"}, {"effect": "sepia"}, {"angle": 10}],
    )
    assert fetch(url)[1]["Content-Type"] == "image/jpeg", url
    url, _ = cloudinary_url(PREFIX + "/sub/image", width=7, crop="scale", sign_url=True)
    assert "/s--" in url and status_of(url) == 200, url
    assert status_of(cloudinary_url(PREFIX + "/none")[0]) == 404


def authenticated():
    done = cloudinary.uploader.upload(png(6, 6), public_id=PREFIX + "_auth", type="authenticated")
    url, _ = cloudinary_url(done["public_id"], type="authenticated", format="png")
    assert status_of(url) == 401, url
    url, _ = cloudinary_url(done["public_id"], type="authenticated", format="png", sign_url=True)
    assert status_of(url) == 200, url
    assert status_of(done["url"]) == 200, done["url"]


def raw_files():
    done = cloudinary.uploader.upload(io.BytesIO(b"a,b\n"), resource_type="raw", public_id=PREFIX + ".csv")
    assert done["resource_type"] == "raw" and "width" not in done, done
    assert fetch(cloudinary_url(PREFIX + ".csv", resource_type="raw")[0])[2] == b"a,b\n"
    assert cloudinary.uploader.destroy(PREFIX + ".csv", resource_type="raw")["result"] == "ok"


def in_chunks():
    content = os.urandom(9_000_000)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "large.bin")
        with open(path, "wb") as file:
            file.write(content)
        done = cloudinary.uploader.upload_large(
            path, chunk_size=5_243_000, tags=["large"], use_filename=True, unique_filename=False
        )
    assert done["resource_type"] == "raw" and done["bytes"] == len(content), done
    assert done["tags"] == ["large"] and done["public_id"] == "large.bin", done
    assert fetch(done["url"])[2] == content


def unsigned():
    done = cloudinary.uploader.unsigned_upload(png(4, 4), PRESET, public_id=PREFIX + "_unsigned")
    assert done["public_id"].endswith(PREFIX + "_unsigned"), done
    expect(
        cloudinary.exceptions.Error,
        "Upload preset not found",
        lambda: cloudinary.uploader.unsigned_upload(png(4, 4), "no_such_preset"),
    )


def destroy():
    done = cloudinary.uploader.upload(png(4, 4), public_id=PREFIX + "_gone")
    assert cloudinary.uploader.destroy(done["public_id"], invalidate=True)["result"] == "ok"
    assert cloudinary.uploader.destroy(done["public_id"])["result"] == "not found"
    assert status_of(done["url"]) == 404


def delete_token():
    done = cloudinary.uploader.upload(png(4, 4), return_delete_token=True)
    base = cloudinary.utils.cloudinary_api_url("delete_by_token").replace("/image/delete_by_token", "/delete_by_token")
    body = ("token=" + done["delete_token"]).encode()
    with urllib.request.urlopen(urllib.request.Request(base, body)) as answer:
        assert answer.read() == b'{"result":"ok"}'
    assert status_of(done["url"]) == 404


def refusals():
    upload = cloudinary.uploader.upload
    expect(
        cloudinary.exceptions.AuthorizationRequired,
        "Invalid Signature",
        lambda: upload(png(4, 4), api_secret="wrong"),
    )
    expect(cloudinary.exceptions.AuthorizationRequired, "Unknown API key", lambda: upload(png(4, 4), api_key="1"))
    expect(cloudinary.exceptions.BadRequest, "Invalid image file", lambda: upload(b"no image"))
    with mock.patch("cloudinary.utils.now", lambda: str(int(time.time()) - 4000)):
        expect(cloudinary.exceptions.BadRequest, "Stale request", lambda: upload(png(4, 4)))
    expect(
        cloudinary.exceptions.BadRequest,
        "Image file format png not allowed",
        lambda: upload(png(4, 4), allowed_formats=["jpg"]),
    )
    assert upload(png(4, 4), allowed_formats=["jpg"], format="jpg")["format"] == "jpg"
    expect(cloudinary.exceptions.BadRequest, "public_id", lambda: upload(png(4, 4), public_id="a/../b"))


def ping():
    assert cloudinary.api.ping()["status"] == "ok"


CHECKS = [
    ping,
    upload_a_file,
    upload_bytes_and_streams,
    tags_and_context,
    eager,
    overwrite,
    delivery_urls,
    authenticated,
    raw_files,
    in_chunks,
    unsigned,
    destroy,
    delete_token,
    refusals,
]

if __name__ == "__main__":
    failed = 0
    for check in CHECKS:
        try:
            check()
            print("ok      " + check.__name__)
        except Exception as error:  # each check is reported, whatever it raised
            failed += 1
            print("FAILED  %s: %s: %s" % (check.__name__, type(error).__name__, error))
    print("%d passed, %d failed" % (len(CHECKS) - failed, failed))
    sys.exit(1 if failed else 0)
