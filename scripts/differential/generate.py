#!/usr/bin/env python3
"""Records what PyPI `cloudinary` answers to random calls, in the form of cloudinary-core/tests/vectors/*.json.

    generate.py SEED COUNT OUT.json

The same seed and count make the same file. Two sorts of call are made but not recorded: those that make the library
itself crash, by a TypeError or the like, and tags whose attributes it writes without the escapes they need.
"""

import collections
import copy
import json
import os
import random
import re
import sys
from unittest import mock

for variable in [name for name in os.environ if name.startswith("CLOUDINARY_")]:
    del os.environ[variable]

import cloudinary  # noqa: E402
from cloudinary import CloudinaryImage, CloudinaryResource, CloudinaryVideo, auth_token, utils  # noqa: E402

from calls import Calls  # noqa: E402

NOW = 1700000000
CLASSES = {"CloudinaryImage": CloudinaryImage, "CloudinaryVideo": CloudinaryVideo, "CloudinaryResource": CloudinaryResource}
CRASHES = (TypeError, AttributeError, KeyError, IndexError, RecursionError, UnboundLocalError)


def answer(call):
    """What the library answers; its arguments are copied, since it changes them."""
    cloudinary.reset_config()
    cloudinary.config(**copy.deepcopy(call["config"]))
    module, name = call["fn"].split(".")
    args, kwargs = copy.deepcopy(call["args"]), copy.deepcopy(call["kwargs"])
    if module == "CloudinaryResource":
        own = dict(call["self"])
        resource = CLASSES[own.pop("$class")](**own)
        member = getattr(resource, name)
        return member(*args, **kwargs) if callable(member) else member
    return getattr({"utils": utils, "auth_token": auth_token}[module], name)(*args, **kwargs)


def sign(call):
    """Adds the signature that a call of a verifying function is about."""
    altered = call.pop("signs", None)
    if altered is None:
        return
    secret, algorithm = call["config"]["api_secret"], call["config"]["signature_algorithm"]
    if call["fn"] == "utils.verify_api_response_signature":
        params = dict(zip(("public_id", "version"), call["args"]))
        signature = utils.api_sign_request(params, secret, algorithm, signature_version=1)
    else:
        body, timestamp = call["args"]
        signature = utils.compute_hex_hash("%s%s%s" % (body, timestamp, secret), algorithm)
    other = "0" if signature[-1] != "0" else "1"
    signature = {"true": signature, "altered": signature[:-1] + other, "cut": signature[:-1], "empty": ""}[altered]
    if call["fn"] == "utils.verify_notification":
        call["args"] = [{"signed_payload": utils.base64url_encode(body), "timestamp": timestamp, "signature": signature}]
    else:
        call["args"].append(signature)


def needs_escapes(html):
    """Whether a tag has a character in an attribute that HTML gives a meaning to."""
    text = re.sub(r"""<[a-z]+( [a-z-]+(="[^"<>&']*")?)*/?>|</[a-z]+>""", "", html)
    return any(character in text for character in "<>&'\"")


def record(call, dropped):
    sign(call)
    try:
        outcome = {"expected": answer(call)}
    except CRASHES:
        dropped["crashed"] += 1
        return None
    except Exception as error:
        outcome = {"raises": {"type": type(error).__name__, "message": str(error)}}
    if call["fn"].endswith((".image", ".video", ".picture")) and needs_escapes(outcome.get("expected", "")):
        dropped["unescaped"] += 1
        return None
    return {**call, **outcome, "now": NOW}


def main():
    seed, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    calls = Calls(random.Random(seed))
    records, dropped = [], collections.Counter()
    cloudinary.logger.disabled = True
    with mock.patch("time.time", lambda: NOW):
        while len(records) < count:
            made = record(calls.make(), dropped)
            if made is not None:
                records.append(made)
    counts = collections.Counter(made["fn"] for made in records)
    meta = {"source": "seed %d, PyPI cloudinary %s" % (seed, cloudinary.VERSION), "counts": counts,
        "raises": sum("raises" in made for made in records), "dropped": dropped}
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"meta": meta, "vectors": records}, file)
    print(json.dumps(meta))


if __name__ == "__main__":
    main()
