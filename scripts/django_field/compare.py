"""Compares the direct-upload field that Django renders with ours: what the official plugin reads, what is signed, and the
value of a form that comes back. All differences are listed in DIFFERENCES, each with its reason; any other is a failure, and
so is one that is listed and not there."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser

import cloudinary
import cloudinary.utils
import django
from cloudinary import CloudinaryResource
from cloudinary.forms import CloudinaryJsFileField, cl_init_js_callbacks
from django import forms
from django.conf import settings
from django.test import RequestFactory

NOW = 1_700_000_000
ORIGIN = "https://photos.example.com"
CALLBACK = f"{ORIGIN}/cloudinary/cloudinary_cors.html"
#: Attributes of the input, as the app sets them on both sides.
ATTRS = {"class": "wide", "style": "color: red"}

#: Where the two differ on purpose, by what each has: (Django's, ours), None for "not there" and ANY for a value that is
#: compared elsewhere or made anew each time.
ANY = object()
DIFFERENCES = {
    # It is an artefact of how the options travel to the widget.
    "options": ("", None),
    # A browser would look at the file input, which is empty after the upload. The server checks.
    "required": ("", None),
    # What the script and the browser check before anything is sent; the server checks again.
    "data-max-bytes": (None, ANY),
    "data-formats": (None, ANY),
    "accept": (None, ANY),
}
#: Those that the options bring along: with formats only.
WITH_FORMATS = {"data-formats", "accept"}

eager = [{"width": 150, "height": 150, "crop": "thumb", "gravity": "face"}, {"effect": "sepia", "format": "png"}]
CASES = {
    "nothing": {},
    "image": {"resource_type": "image"},
    "auto": {"resource_type": "auto"},
    "video": {"resource_type": "video"},
    "tags": {"resource_type": "image", "tags": ["direct_photo_album", "b"]},
    "folder": {"resource_type": "image", "folder": "albums/täglich"},
    "incoming": {"resource_type": "image", "width": 1000, "height": 1000, "crop": "limit"},
    "incoming by name": {"resource_type": "image", "transformation": [{"width": 5, "crop": "fit"}, "named"]},
    "eager": {"resource_type": "image", "eager": eager},
    "callback": {"resource_type": "image", "callback": CALLBACK},
    "formats": {"resource_type": "image", "allowed_formats": ["jpg", "png"]},
    "context": {"resource_type": "image", "context": {"alt": "a=b|c", "caption": "\"quoted\" <b>&amp;"}},
    "type": {"resource_type": "image", "type": "private"},
    "preset": {"resource_type": "image", "upload_preset": "p"},
    "flags": {"resource_type": "image", "use_filename": True, "unique_filename": False, "eager_async": True},
    "everything": {
        "resource_type": "image", "tags": "a,b", "folder": "f", "eager": eager, "callback": CALLBACK,
        "allowed_formats": "jpg,webp", "width": 10, "crop": "scale", "backup": True, "notification_url": f"{ORIGIN}/hook",
    },
}


class Inputs(HTMLParser):
    """The inputs of a piece of HTML, as dictionaries of attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "input":
            self.found.append({name: value or "" for name, value in attrs})


def read(html):
    """The file input, and the hidden inputs in their order."""
    inputs = Inputs(html).found
    (file,) = (each for each in inputs if each["type"] == "file")
    return file, [(each["name"], each["value"]) for each in inputs if each["type"] == "hidden"]


def django_field(options, value=None):
    class PhotoForm(forms.Form):
        image = CloudinaryJsFileField(attrs=dict(ATTRS), options=dict(options))

    form = PhotoForm(initial={"image": value} if value else None)
    return str(form["image"])


def compare(name, options, ours):
    failures = []

    def check(what, theirs, mine):
        if theirs != mine:
            failures.append(f"{name}: {what}\n  Django: {theirs!r}\n  here:   {mine!r}")

    here, hidden = read(ours["blank"])
    form_data = json.loads(here["data-form-data"])
    prefix = form_data["public_id_prefix"]
    there, _ = read(django_field(options))
    plain = json.loads(there["data-form-data"])

    # The ticket puts a prefix before the public id, so that only whoever got it can use what was uploaded with it. Under
    # the name of a file, what was accepted could be written over with the same signature, so it is signed not to be.
    added = {"public_id_prefix": prefix}
    if options.get("use_filename") and options.get("unique_filename") is False:
        added["overwrite"] = False
    check("parameters", plain.keys(), form_data.keys() - added.keys())
    for key in plain.keys() - {"signature"}:
        check(key, plain[key], form_data[key])
    # Given the same, everything is the same, the signature too.
    there, _ = read(django_field({**options, **added}))
    check("data-form-data", json.loads(there["data-form-data"]), form_data)

    # Without a resource type, Django's field goes to `auto`: then a script or any file would pass for an image.
    if "resource_type" in options:
        check("data-url", there["data-url"], here["data-url"])
    else:
        check("data-url", there["data-url"].replace("/auto/", "/image/"), here["data-url"])

    there["class"], here["class"] = there["class"].split(), here["class"].split()
    compared = set(there) | set(here)
    for attribute in compared - {"data-url", "data-form-data"}:
        theirs, mine = there.get(attribute), here.get(attribute)
        if attribute not in DIFFERENCES:
            check(attribute, theirs, mine)
            continue
        for found, wanted in zip((theirs, mine), DIFFERENCES[attribute]):
            if wanted is not ANY and found != wanted or wanted is ANY and found is None:
                failures.append(f"{name}: {attribute} is listed as a difference, but is {(theirs, mine)!r}")
    listed = DIFFERENCES.keys() - (set() if "allowed_formats" in options else WITH_FORMATS)
    check("differences", set(), listed - compared)
    check("no formats, no rules for them", "allowed_formats" in options, "data-formats" in here)

    # The hidden input is always there, so that without JavaScript the server knows whose the file part after it is; then
    # the ticket.
    check("hidden inputs", ["image", "image.ticket"], [each for each, _ in hidden])
    check("value of a blank field", "", hidden[0][1])

    # A form that comes back: Django's value is presigned anew, and so is ours.
    resource_type, delivery_type, rest = ours["value"].split("/", 2)
    version, rest = rest.split("/", 1)
    public_id, format_ = rest.split("#")[0].rsplit(".", 1)
    resource = CloudinaryResource(
        public_id, format=format_, version=version[1:], type=delivery_type, resource_type=resource_type
    )
    _, theirs = read(django_field(options, resource))
    _, mine = read(ours["again"])
    check("presigned value", theirs, mine[:1])
    check("the value it came with", ours["value"], mine[0][1])
    # Django takes ours for its own.
    check("Django takes it", True, CloudinaryJsFileField().clean(ours["value"]).validate())
    return failures


def without_options_of_its_own():
    """What Django does about the callback, which the app of ours is told by `Uploads::origins`."""

    class PhotoForm(forms.Form):
        image = CloudinaryJsFileField(options={"resource_type": "image"})

    form = PhotoForm()
    cl_init_js_callbacks(form, RequestFactory().get("/", secure=True, headers={"host": "photos.example.com"}))
    file, _ = read(str(form["image"]))
    return json.loads(file["data-form-data"])["callback"]


def main():
    settings.configure(
        ALLOWED_HOSTS=["photos.example.com"],
        INSTALLED_APPS=["django.contrib.staticfiles", "cloudinary"],
        STATIC_URL="/static/",
        USE_TZ=True,
    )
    django.setup()
    cloudinary.utils.now = lambda: str(NOW)
    requests = "".join(json.dumps({"options": options, "now": NOW}) + "\n" for options in CASES.values())
    answers = subprocess.run(
        [os.environ["DIRECT_FIELD"]], input=requests, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.splitlines()
    assert len(answers) == len(CASES), "an answer for each"
    failures = []
    for (name, options), answer in zip(CASES.items(), answers):
        failures += compare(name, options, json.loads(answer))
    # On Django's own static files, where its package has no such page unless it is put there; ours serves one.
    if without_options_of_its_own() != f"{ORIGIN}/static/html/cloudinary_cors.html":
        failures.append("Django's callback is another than it was")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(CASES)} fields compared with Django {django.__version__}, {len(failures)} differences that are not listed")
    sys.exit(bool(failures))


main()
