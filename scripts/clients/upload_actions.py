#!/usr/bin/env python3
"""The actions of the Upload API beside `upload`, as PyPI `cloudinary` calls them. Run by `run`, as pycloudinary.py is."""

import io
import re
import sys
import tarfile
import time
import zipfile

import cloudinary
import cloudinary.exceptions
import cloudinary.uploader as uploader
from cloudinary import utils
from pycloudinary import expect, fetch, png, size_of, status_of

PREFIX = "actions_%d" % time.time_ns()
BadRequest = cloudinary.exceptions.BadRequest


def name(own):
    return "%s_%s" % (PREFIX, own)


def stored(own, size=(8, 4), **options):
    return uploader.upload(png(*size), public_id=name(own), **options)


def explicit():
    stored("explicit")
    done = uploader.explicit(
        name("explicit"),
        type="upload",
        eager=[{"crop": "scale", "width": 4, "format": "jpg"}],
        tags=["b", "a"],
        context={"caption": "some | cap=tion"},
        face_coordinates=[[1, 1, 100, 2]],
        custom_coordinates=[1, 2, 3, 1],
        faces=True,
        moderation="manual",
    )
    assert done["eager"][0]["transformation"] == "c_scale,w_4/jpg", done["eager"]
    assert sorted(done["tags"]) == ["a", "b"]
    assert done["context"] == {"custom": {"caption": "some | cap=tion"}}
    assert done["faces"] == [[1, 1, 8, 2]], done["faces"]
    assert done["coordinates"] == {"faces": [[1, 1, 100, 2]], "custom": [[1, 2, 3, 1]]}
    assert done["moderation"] == [{"status": "pending", "kind": "manual"}]
    expect(
        cloudinary.exceptions.NotFound,
        "Resource not found",
        lambda: uploader.explicit(name("nobody"), type="upload"),
    )
    shown = uploader.explicit(name("nobody"), type="upload", return_error=True)
    assert shown["error"]["message"].startswith("Resource not found"), shown


def rename():
    one, two = stored("one"), stored("two", (20, 20))
    uploader.rename(one["public_id"], name("renamed"))
    expect(BadRequest, "already exists", lambda: uploader.rename(two["public_id"], name("renamed")))
    over = uploader.rename(two["public_id"], name("renamed"), overwrite=True)
    assert (over["width"], over["public_id"]) == (20, name("renamed"))
    assert "context" not in over
    private = uploader.rename(name("renamed"), name("renamed"), to_type="private")
    assert private["type"] == "private"


def tags_and_context():
    ids = [stored(own)["public_id"] for own in ("t1", "t2")]
    tag = name("tag")

    def tags(public_id):
        return uploader.explicit(public_id, type="upload")["tags"]

    assert uploader.add_tag(tag, ids + [name("nobody")])["public_ids"] == ids
    assert uploader.remove_tag(tag, ids[0])["public_ids"] == ids[:1]
    assert (tags(ids[0]), tags(ids[1])) == ([], [tag])
    uploader.replace_tag("other", ids[1])
    assert tags(ids[1]) == ["other"]
    uploader.add_tag("other", ids[0], exclusive=True)
    assert tags(ids[1]) == []
    uploader.remove_all_tags(ids)
    assert tags(ids[0]) == []
    uploader.add_context({"alt": "a=b|c"}, ids)
    assert uploader.explicit(ids[0], type="upload")["context"] == {"custom": {"alt": "a=b|c"}}
    uploader.remove_all_context(ids)
    assert "context" not in uploader.explicit(ids[0], type="upload")


def analyses():
    done = stored(
        "analysed", (64, 64), colors=True, phash=True, exif=True, image_metadata=True, quality_analysis=True, faces=True
    )
    assert done["colors"] == [["#C81E1E", 100.0]], done["colors"]
    assert done["predominant"]["google"] == [["red", 100.0]], done["predominant"]
    assert re.fullmatch("[0-9a-f]{16}", done["phash"])
    assert isinstance(done["quality_analysis"]["focus"], float)
    assert done["faces"] == [] and done["exif"] == {} and done["image_metadata"] == {}


def breakpoints():
    done = stored(
        "breakpoints",
        (241, 51),
        responsive_breakpoints={"create_derived": False, "transformation": {"angle": 45}, "format": "png"},
    )
    widths = [one["width"] for one in done["responsive_breakpoints"][0]["breakpoints"]]
    assert widths[-1] == 50 and len(widths) == 2, widths
    assert done["responsive_breakpoints"][0]["transformation"] == "a_45"


def later():
    done = stored("later", eager=[{"width": 4}], eager_async=True)
    assert done["eager"][0]["status"] == "processing" and done["eager"][0]["batch_id"]
    pending = stored("pending", **{"async": True})
    assert (pending["status"], pending["public_id"]) == ("pending", name("pending"))
    for _ in range(100):
        if status_of(utils.cloudinary_url(name("pending"), format="png")[0]) == 200:
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def access():
    rules = [{"access_type": "token"}, {"access_type": "anonymous", "end": "2001-01-01T00:00:00Z"}]
    assert status_of(stored("ruled", access_control=rules)["url"]) == 401
    done = stored("robots", headers={"X-Robots-Tag": "noindex"})
    assert fetch(done["url"])[1]["x-robots-tag"] == "noindex"


def archives():
    tag = name("archived")
    for own in ("a1", "a2"):
        stored(own, tags=[tag])
    done = uploader.create_zip(tags=[tag], public_ids=[name("a1")])
    assert (done["resource_count"], done["file_count"]) == (2, 2), done
    with zipfile.ZipFile(io.BytesIO(fetch(done["secure_url"])[2])) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [name("a1.png"), name("a2.png")]
        assert archive.read(name("a1.png")) == png(8, 4)
    done = uploader.create_zip(tags=[tag], transformations=[{"width": 0.5}, {"width": 2.0}])
    assert (done["resource_count"], done["file_count"]) == (2, 4), done
    done = uploader.create_archive(tags=[tag], target_format="tgz", target_tags=["packed"], allow_missing=True)
    assert done["tags"] == ["packed"]
    with tarfile.open(fileobj=io.BytesIO(fetch(done["url"])[2])) as archive:
        assert sorted(archive.getnames()) == [name("a1.png"), name("a2.png")]
        assert archive.extractfile(name("a2.png")).read() == png(8, 4)
    for url in (
        utils.download_zip_url(tags=[tag]),
        utils.download_archive_url(target_format="zip", public_ids=[name("a1"), name("a2")]),
        utils.zip_download_url(tag),
        utils.download_folder(PREFIX + "_a"),
    ):
        with zipfile.ZipFile(io.BytesIO(fetch(url)[2])) as archive:
            assert archive.testzip() is None and len(archive.namelist()) >= 2, url
    expect(
        cloudinary.exceptions.NotFound, "Resource not found", lambda: uploader.create_zip(public_ids=[name("nobody")])
    )


def private_downloads():
    done = stored("secret", type="private")
    assert status_of(done["url"].replace(done["url"].split("/")[6], "s--00000000--", 1)) == 401
    url = utils.private_download_url(name("secret"), "png", type="private", attachment=True)
    status, headers, body = fetch(url)
    assert (status, body) == (200, png(8, 4))
    assert headers["content-disposition"].startswith("attachment")
    assert status_of(url.replace("signature=", "signature=0")) == 401
    old = utils.private_download_url(name("secret"), "png", type="private", expires_at=int(time.time()) - 1)
    assert status_of(old) == 401


def backups():
    first = stored("kept", backup=True)
    stored("kept", (20, 20))
    url = utils.download_backedup_asset(first["asset_id"], first["version_id"])
    assert fetch(url)[2] == png(8, 4)


def sprites_and_animations():
    tag = name("sprite")
    for own in ("s1", "s2"):
        stored(own, tags=[tag])
    done = uploader.generate_sprite(tag=tag)
    assert done["image_infos"] == {
        name("s1"): {"x": 0, "y": 0, "width": 8, "height": 4},
        name("s2"): {"x": 0, "y": 4, "width": 8, "height": 4},
    }, done
    assert size_of(fetch(done["image_url"])[2]) == (8, 8)
    assert b"background" in fetch(done["css_url"])[2]
    small = uploader.generate_sprite(tag=tag, transformation={"raw_transformation": "w_4"})
    assert size_of(fetch(small["secure_image_url"])[2]) == (4, 4)
    movie = uploader.multi(tag, transformation={"crop": "crop", "width": 0.5})
    assert movie["public_id"] == tag + ",c_crop,w_0.5", movie
    assert fetch(movie["url"])[2][:6] == b"GIF89a"
    expect(BadRequest, "pdf", lambda: uploader.multi(tag, format="pdf"))
    gif = uploader.upload(fetch(movie["url"])[2], public_id=name("movie"))
    assert gif["pages"] == 2
    pages = uploader.explode(name("movie"), transformation={"page": "all"})
    assert pages["status"] == "processing" and pages["batch_id"]
    page = fetch(utils.cloudinary_url(name("movie"), page=2, format="png")[0])[2]
    assert size_of(page) == (gif["width"], gif["height"])


def destroy():
    done = stored("destroyed")
    call = uploader.call_api("destroy", {"timestamp": utils.now(), "asset_id": done["asset_id"]})
    assert call["result"] == "ok" and status_of(done["url"]) == 404
    assert uploader.destroy(name("destroyed"))["result"] == "not found"


def refusals():
    for option, value, words in (
        ("raw_convert", "illegal", "Raw convert is invalid"),
        ("categorization", "illegal", "is not valid"),
        ("detection", "illegal", "Detection invalid model 'illegal'"),
        ("background_removal", "illegal", "is invalid"),
        ("moderation", "illegal", "is not valid"),
        ("metadata", {"nobody": "a"}, "Metadata External IDs do not exist"),
        ("eval", "a()", "Parameter eval is not carried out"),
    ):
        expect(BadRequest, words, lambda: stored("refused", **{option: value}))
    limited = cloudinary.exceptions.RateLimited
    expect(limited, "active subscription", lambda: stored("refused", raw_convert="aspose"))
    expect(BadRequest, "The action text is not carried out", lambda: uploader.text("hello world"))


CHECKS = [
    explicit,
    rename,
    tags_and_context,
    analyses,
    breakpoints,
    later,
    access,
    archives,
    private_downloads,
    backups,
    sprites_and_animations,
    destroy,
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
