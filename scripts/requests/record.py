"""Makes every call of the case files with PyPI cloudinary and writes down the requests that it sends.

    record.py RECORDINGS.json CASES.json...

A case is {"call": "api.resources", "args": […], "kwargs": {…}}; also "config": {…} for options of the configuration, and
"answer": {…} for what the server says in place of ANSWER. A search is {"call": "search.Search", "args": [["expression",
"cat"], ["execute"]]}, its steps in turn. {"$date": "2026-01-31"} is a date, {"$bytes": "abc"} are bytes, and
{"$file": ["name.jpg", "abc"]} is a file with a name. A recording is the case with "requests", and "returned" or "raised".
"""

import datetime
import inspect
import json
import pathlib
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cloudinary
import cloudinary.api
import cloudinary.search
import cloudinary.search_folders
import cloudinary.uploader
import cloudinary.utils

NOW = 1_700_000_000
HEADERS = ["authorization", "content-type", "content-range", "x-unique-upload-id"]

# Enough for every call's answer to be read as a success.
ANSWER = {
    "public_id": "sample", "version": 1, "resource_type": "image", "type": "upload", "format": "jpg", "result": "ok",
    "message": "ok", "status": "ok", "name": "named", "folder": "f", "template": "t", "id": "1", "uri": "u",
    "event_type": "all", "external_id": "x", "success": True, "batch_id": "b", "data": {"name": "p"}, "url": "u", "secure_url": "u",
}

# What the modules define that is no call of an API by itself.
NO_CALLS = {
    "only", "transformation_string", "call_api", "call_cacheable_api", "call_tags_api", "call_context_api",
    "upload_large_part", "is_appengine_sandbox",
}


def serve():
    """A server that keeps the requests it gets, and says what it is told to."""
    requests, answer = [], {}

    class Recorder(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def record(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            requests.append({
                "method": self.command,
                "target": self.path,
                "headers": {name: self.headers[name] for name in HEADERS if self.headers[name] is not None},
                "body": body.decode("latin-1"),
            })
            text = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_DELETE = record

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}", requests, answer


def value(given):
    """A value of a case as Python's own."""
    if isinstance(given, list):
        return [value(item) for item in given]
    if not isinstance(given, dict):
        return given
    if "$date" in given:
        return datetime.date.fromisoformat(given["$date"])
    if "$bytes" in given:
        return given["$bytes"].encode()
    if "$file" in given:
        name, text = given["$file"]
        return (name, text.encode())
    return {name: value(item) for name, item in given.items()}


def make(case):
    """Makes a call."""
    module, name = case["call"].split(".")
    module = {
        "api": cloudinary.api, "uploader": cloudinary.uploader, "utils": cloudinary.utils, "search": cloudinary.search,
        "search_folders": cloudinary.search_folders,
    }[module]
    if inspect.isclass(getattr(module, name)):
        thing = getattr(module, name)()
        for step, *args in case.get("args", []):
            thing = getattr(thing, step)(*value(args))
        return thing
    return getattr(module, name)(*value(case.get("args", [])), **value(case.get("kwargs", {})))


def record(case, url, requests, answer):
    requests.clear()
    answer.clear()
    answer.update(case.get("answer", ANSWER))
    cloudinary.reset_config()
    cloudinary.config(cloud_name="demo", api_key="key", api_secret="secret", upload_prefix=url, **case.get("config", {}))
    recording = {**case, "answer": dict(answer)}
    try:
        returned = make(case)
        if not requests:
            recording["returned"] = returned
    except Exception as error:  # whatever it raises is what is recorded
        recording["raised"] = str(error)
    recording["requests"] = list(requests)
    return json.loads(json.dumps(recording).replace(url, "SERVER"))


def main(out, *files):
    cloudinary.utils.now = lambda: str(NOW)
    url, requests, answer = serve()
    cases = [case for file in files for case in json.loads(pathlib.Path(file).read_text())]
    made = {case["call"] for case in cases}
    missing = [
        f"{module}.{name}" for module, of in (("api", cloudinary.api), ("uploader", cloudinary.uploader))
        for name, thing in vars(of).items()
        if inspect.isfunction(thing) and thing.__module__ == of.__name__ and not name.startswith("_")
        and name not in NO_CALLS and f"{module}.{name}" not in made
    ]
    if missing:
        sys.exit(f"no case for: {', '.join(missing)}")
    recordings = [record(case, url, requests, answer) for case in cases]
    pathlib.Path(out).write_text(json.dumps(recordings, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
