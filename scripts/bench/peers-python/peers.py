"""The jobs of the bench `urls`, by PyPI `cloudinary`, as lines of
`implementation, job, nanoseconds, output`."""

import itertools
import statistics
import time

import cloudinary
import cloudinary.utils

SAMPLES, SAMPLE = 15, 0.02
ID, VERSION = "summer photos/beach house", 1372180830
IDS = itertools.cycle([f"summer photos/beach house {at}" for at in range(1, 257)])
PARAMS = {
    "timestamp": "1315060510",
    "public_id": "summer photos/beach house",
    "folder": "summer photos",
    "tags": "sea,sand,summer",
    "eager": "c_fill,h_300,w_400|c_thumb,g_face,h_150,w_150",
    "context": "alt=Beach|caption=Our house",
    "notification_url": "https://app.example.com/hooks/cloudinary",
    "overwrite": "true",
}

cloudinary.config(cloud_name="demo", api_key="key", api_secret="abcd", secure=True)


def steps():
    return [
        {"width": 400, "height": 300, "crop": "fill", "gravity": "face", "radius": 20, "effect": "sepia:50"},
        {
            "overlay": {"text": "Hello, World/1", "font_family": "Arial", "font_size": 20, "font_weight": "bold"},
            "gravity": "south_east",
            "x": 5,
            "y": 5,
        },
    ]


def url(public_id, **options):
    return cloudinary.utils.cloudinary_url(public_id, version=VERSION, **options)[0]


PREPARED = cloudinary.utils.generate_transformation_string(transformation=steps())[0]


def img_tag():
    # With `transformation` and `srcset` together this library raises a TypeError.
    card = cloudinary.utils.generate_transformation_string(transformation=steps())[0]
    srcset = {"breakpoints": [320, 640, 960, 1280]}
    return cloudinary.CloudinaryImage(ID, version=VERSION).image(alt="Sea & sand", raw_transformation=card, srcset=srcset)


JOBS = {
    "plain": lambda: url(ID),
    "two_steps": lambda: url(ID, transformation=steps()),
    "signed": lambda: url(ID, transformation=steps(), sign_url=True),
    "prepared": lambda: url(next(IDS), raw_transformation=PREPARED),
    "sign_params": lambda: cloudinary.utils.api_sign_request(PARAMS, "abcd"),
    "img_tag": img_tag,
}


def seconds(job, count):
    start = time.perf_counter()
    for _ in range(count):
        job()
    return time.perf_counter() - start


for name, job in JOBS.items():
    output = job()
    count = 16
    while seconds(job, count) < SAMPLE / 2:
        count *= 2
    middle = statistics.median(seconds(job, count) / count for _ in range(SAMPLES))
    print("PyPI cloudinary", name, f"{middle * 1e9:.1f}", output, sep="\t")
