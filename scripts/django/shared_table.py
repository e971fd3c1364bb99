"""A table that Django and an app of ours share: each reads, renders and updates what the other wrote, byte for byte."""

import json
import os
import subprocess
import sys

import cloudinary
import django
from cloudinary import CloudinaryResource
from django.db import connection

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()
cloudinary.config(cloud_name="demo", api_key="key", api_secret="secret", secure=True)

from gallery.models import Photo  # noqa: E402, needs the settings

OURS = os.environ["SHARED_TABLE"]
COLUMNS = ("image", "sheet", "secret")
NAMES = ["sample", "albums/2026/beach", "日本/写真", "o'neill \"100%\"_é", "a.b/c", "v12", "v12/x", "image/upload"]


def ours(command, rows=()):
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    result = subprocess.run([OURS, command], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in result.stdout.decode().splitlines()]


def stored():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {', '.join(COLUMNS)} FROM gallery_photo ORDER BY id")
        return cursor.fetchall()


def values():
    """One row for each shape of a value; None is NULL."""
    for name in NAMES:
        for version in (None, "1372180830"):
            # An id that begins as a version needs one before it to be read back.
            if name.startswith("v12/") and version is None:
                continue
            for extension in ("", ".jpg"):
                prefix = f"v{version}/" if version else ""
                yield (
                    f"image/upload/{prefix}{name}{extension}",
                    f"raw/upload/{prefix}{name}.xls" if extension else None,
                    f"image/private/{prefix}{name}{extension}",
                )
    yield (None, None, None)
    yield ("video/upload/v1/dog.mp4", "raw/private/v2/contract.pdf", "image/authenticated/v3/id.png")


def resource(value):
    return None if value is None else Photo._meta.get_field("image").parse_cloudinary_resource(value)


def same(what, found, expected):
    if found != expected:
        for one, other in zip(found, expected):
            if one != other:
                sys.exit(f"{what}: {one!r} is not {other!r}")
        sys.exit(f"{what}: {len(found)} rows are not {len(expected)}")


def rendered():
    """What Django reads and renders, in the form our app prints."""
    small = {"width": 100, "height": 50, "crop": "fill"}

    def show(asset):
        if asset is None:
            return None
        assert isinstance(asset, CloudinaryResource), asset
        return {"value": asset.get_prep_value(), "url": asset.build_url(), "small": asset.build_url(**small)}

    return [
        {"id": photo.id, "title": photo.title, **{column: show(getattr(photo, column)) for column in COLUMNS}}
        for photo in Photo.objects.order_by("id")
    ]


with connection.schema_editor() as editor:
    if "gallery_photo" in connection.introspection.table_names():
        editor.delete_model(Photo)
    editor.create_model(Photo)

rows = list(values())

# What Django writes.
for number, row in enumerate(rows):
    Photo.objects.create(title=f"Django {number}", **{name: resource(value) for name, value in zip(COLUMNS, row)})
same("what Django stored", [row[1:] for row in stored()], rows)
same("our reading and rendering of Django's rows", ours("dump"), rendered())
before = stored()
ours("rewrite")
same("Django's rows after our update", stored(), before)

# What we write.
ours("insert", [(f"Ours {number}", *row) for number, row in enumerate(rows)])
same("what we stored", [row[1:] for row in stored()[len(rows):]], rows)
same("Django's reading and rendering of our rows", rendered(), ours("dump"))
before = stored()
for photo in Photo.objects.all():
    photo.title = photo.title + " again"
    photo.save()
same("our rows after Django's update", stored(), before)

# Conditions find the same.
for photo in Photo.objects.exclude(image=None):
    text = photo.image.get_prep_value()
    found = {one.id for one in Photo.objects.filter(image=text)}
    same("a filter", sorted(found), sorted(row[0] for row in before if row[1] == text))

print(f"{connection.vendor}: {2 * len(rows)} rows, read, rendered and updated by both, byte-equal")
