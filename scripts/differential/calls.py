"""Random calls of PyPI `cloudinary`, one maker for each function, with the configuration they run under."""

from transformations import Transformations
from values import PUBLIC_IDS, TAG_IDS, Values

BASE = {"cloud_name": "demo", "api_key": "key", "api_secret": "secret", "signature_algorithm": "sha1", "signature_version": 2}
TOKEN_KEYS = ["00112233FF99", "CCBB2233FF00"]
ATTRIBUTES = {"alt": ["Al t", "ünï", "x"], "class": ["k", "a b"], "data-x": ["1", 5], "id": ["main"], "loading": ["lazy"]}


class Calls:
    def __init__(self, random):
        self.random = random
        self.values = Values(random)
        self.transformations = Transformations(random)
        # Function, maker, how often.
        self.makers = [
            ("utils.generate_transformation_string", self.transformation, 26),
            ("utils.cloudinary_url", self.url, 26),
            ("CloudinaryResource.image", self.image, 8),
            ("CloudinaryResource.video", self.video, 8),
            ("CloudinaryResource.picture", self.picture, 4),
            ("CloudinaryResource.video_thumbnail", self.thumbnail, 2),
            ("CloudinaryResource.url", self.resource, 2),
            ("CloudinaryResource.get_prep_value", self.resource, 2),
            ("CloudinaryResource.get_presigned", self.presigned, 2),
            ("utils.build_upload_params", self.upload, 8),
            ("utils.api_sign_request", self.signature, 3),
            ("utils.api_string_to_sign", self.string_to_sign, 3),
            ("utils.normalize_expression", self.expression, 8),
            ("auth_token.generate", self.token, 5),
            ("utils.verify_api_response_signature", self.response, 2),
            ("utils.verify_notification_signature", self.notification, 2),
            ("utils.verify_notification", self.message, 2),
        ]

    def make(self):
        name, maker, _ = self.random.choices(self.makers, [weight for *_, weight in self.makers])[0]
        call = {"fn": name, "args": [], "kwargs": {}, "config": dict(BASE)}
        maker(call)
        return call

    def transformation(self, call):
        call["kwargs"] = self.transformations.options(most=7)
        if self.values.chance(0.1):
            call["config"]["dpr"] = self.values.one(["1.5", 2, "auto"])
        self.responsive_step(call, 0.1)
        if self.values.chance(0.03):
            # There, only an option that says no keeps it from an endless recursion.
            call["config"]["responsive_width"], call["kwargs"]["responsive_width"] = True, False

    def responsive_step(self, call, probability):
        if self.values.chance(probability):
            call["config"]["responsive_width_transformation"] = self.values.one([
                {"width": "auto:50", "crop": "pad"}, {"width": "auto", "effect": ["sepia", 50], "transformation": [{"angle": 5}]}])

    def settings(self, options, probability):
        """Switches of the configuration; most are options of a single URL too."""
        one = self.values.one
        switches = {
            "secure": lambda: one([True, False]), "secure_distribution": lambda: one(["d.example.com", "res.cloudinary.com", "cloudinary-a.akamaihd.net"]),
            "private_cdn": lambda: True, "cname": lambda: "hello.com", "cdn_subdomain": lambda: True, "secure_cdn_subdomain": lambda: one([True, False]),
            "shorten": lambda: True, "use_root_path": lambda: True, "sign_url": lambda: True, "long_url_signature": lambda: True,
            "force_version": lambda: one([True, False]), "signature_algorithm": lambda: one(["sha1", "sha256"]), "use_fetch_format": lambda: True,
        }
        for name, value in switches.items():
            if self.values.chance(probability / 3 if name == "use_root_path" else probability):
                options[name] = value()

    def url(self, call):
        values, one = self.values, self.values.one
        kwargs = self.transformations.options(most=4) if values.chance(0.6) else {}
        call["args"] = [one(PUBLIC_IDS)]
        self.settings(call["config"], 0.12)
        self.settings(kwargs, 0.08)
        makers = {
            "type": lambda: one(["upload", "private", "authenticated", "fetch", "facebook", "twitter_name", "youtube", "multi", "sprite", "text"]),
            "resource_type": lambda: one(["image", "video", "raw"]), "version": lambda: one([1234, "1234", 0, 1]), "format": lambda: one(["jpg", "png", "", None]),
            "url_suffix": lambda: one(["hello", "he-llo", "he.llo", "he/llo"]), "api_secret": lambda: "zz", "cloud_name": lambda: "other",
            "auth_token": lambda: one([False, {"key": one(TOKEN_KEYS), "duration": 300, "start_time": 111}]),
        }
        for name, value in makers.items():
            if values.chance(0.25 if name in ("type", "resource_type", "version", "format") else 0.06):
                kwargs[name] = value()
        if values.chance(0.05):
            call["config"]["dpr"] = "1.5"
            kwargs.pop("raw_transformation", None)
        self.responsive_step(call, 0.06)
        if values.chance(0.05):
            call["config"]["auth_token"] = {"key": one(TOKEN_KEYS), "expiration": 1700000300, **one([{}, {"acl": "/image/*"}, {"set_url_signature": True}, {"ip": "1.2.3.4"}])}
            call["config"]["sign_url"] = True
        call["kwargs"] = kwargs

    def itself(self, call, kind, ids=TAG_IDS):
        resource = {"image": "CloudinaryImage", "video": "CloudinaryVideo"}[kind]
        call["self"] = {"$class": resource, "public_id": self.values.one(ids), "type": "upload", "resource_type": kind}

    def image(self, call):
        values, one = self.values, self.values.one
        self.itself(call, "image")
        kwargs = self.transformations.options(most=3, plain=True)
        self.attributes(kwargs)
        widths = [{"breakpoints": values.some([10, 100, 200, 640, 1280], 1, 4)},
            {"min_width": 100, "max_width": one([100, 500, 777]), "max_images": self.random.randint(0, 6)}]
        if values.chance(0.3):
            kwargs["srcset"] = {**one(widths), **one([{}, {"sizes": True}, {"transformation": "e_sepia"}, {"transformation": {"angle": 45, "crop": "fill"}}])}
            kwargs.pop("responsive_width", None)
        elif values.chance(0.05):
            kwargs["srcset"] = "some srcset"
        elif values.chance(0.1):
            call["config"]["srcset"] = {**one(widths), **one([{}, {"sizes": True}])}
            # None at all is an error of ours, and there a warning.
            if "max_images" in call["config"]["srcset"]:
                call["config"]["srcset"]["max_images"] = self.random.randint(1, 6)
            # There, breakpoints of the configuration win over a range of the tag's own.
            if values.chance(0.5):
                kwargs["srcset"] = one([{"breakpoints": [7, 77]}, {"sizes": True}, {"transformation": {"angle": 45}}])
        self.responsive_step(call, 0.1)
        self.hints(call, kwargs)
        call["kwargs"] = kwargs

    def hints(self, call, kwargs):
        if self.values.chance(0.1):
            kwargs["dpr"] = self.values.one(["auto", 2.0])
        if self.values.chance(0.1):
            self.values.one([kwargs, call["config"]])["client_hints"] = True
        if self.values.chance(0.1):
            kwargs["responsive_width"] = True
        # Only a tag that waits for the script reads it; elsewhere it would become an attribute.
        waits = kwargs.get("responsive_width") or kwargs.get("width") == "auto" or kwargs.get("dpr") == "auto"
        if waits and not (kwargs.get("client_hints") or call["config"].get("client_hints")) and self.values.chance(0.4):
            kwargs["responsive_placeholder"] = self.values.one(["blank", "wait.gif"])
        if self.values.chance(0.15):
            call["config"]["responsive_placeholder"] = self.values.one(["blank", "configured.gif"])
        self.settings(call["config"], 0.04)
        call["config"].pop("use_root_path", None)

    def attributes(self, kwargs):
        one = self.values.one
        for name in self.values.some(sorted(ATTRIBUTES), 0, 2):
            # There, an own class among the attributes replaces that by which the script finds the image.
            target = kwargs if name == "class" or self.values.chance(0.6) else kwargs.setdefault("attributes", {})
            target[name] = one(ATTRIBUTES[name])
        if self.values.chance(0.1):
            kwargs.setdefault("attributes", {})["hidden"] = True

    def picture(self, call):
        self.itself(call, "image")
        kwargs = self.transformations.options(most=3, plain=True)
        self.attributes(kwargs)
        kwargs.pop("attributes", None)
        sources = []
        for _ in range(self.random.randint(0, 3)):
            source = {"transformation": self.values.one([self.transformations.options(most=2, plain=True), "named", [{"angle": 5}, {"effect": "sepia"}]])}
            for name in self.values.some(["min_width", "max_width"], 0, 2):
                source[name] = self.random.randint(0, 1200)
            sources.append(source)
        kwargs["sources"] = sources
        call["kwargs"] = kwargs
        if self.values.chance(0.2):
            call["config"]["srcset"] = {"breakpoints": [100, 900], **self.values.one([{}, {"sizes": True}])}
        self.responsive_step(call, 0.1)
        self.settings(call["config"], 0.03)
        call["config"].pop("use_root_path", None)

    def video(self, call):
        values, one = self.values, self.values.one
        self.itself(call, "video")
        kwargs = self.transformations.options(most=3, plain=True)
        self.attributes(kwargs)
        # There, an automatic width becomes an attribute of the tag.
        if kwargs.get("width") == "auto":
            del kwargs["width"]
        codecs = [{"video_codec": "h265"}, {"video_codec": {"codec": "vp9", "profile": "0"}}, {"quality": 50, "width": 300}, {}]
        if values.chance(0.3):
            kwargs["sources"] = [{"type": one(["mp4", "webm", "ogv"]), **one([{}, {"codecs": "hev1"}, {"codecs": ["vp9", "opus"]}]), **one([{}, {"transformations": one(codecs)}])}
                for _ in range(self.random.randint(1, 3))]
        elif values.chance(0.4):
            kwargs["source_types"] = one([["mp4", "webm"], ["mp4"], "mp4", []])
        if values.chance(0.2):
            kwargs["source_transformation"] = {kind: one(codecs) for kind in values.some(["mp4", "webm", "ogv"], 1, 2)}
        if values.chance(0.35):
            kwargs["poster"] = one(["http://i/x.jpg", "", False, {"gravity": "north"}, {"public_id": "my_poster", "format": "jpg"}, {"angle": 5, "transformation": "named"}])
        makers = {"controls": lambda: True, "loop": lambda: "1", "autoplay": lambda: True, "html_width": lambda: 55, "html_height": lambda: "66",
            "fallback_content": lambda: "Your browser shows no video", "preload": lambda: "auto"}
        # There, a poster of options of its own has no version.
        if values.chance(0.2) and not isinstance(kwargs.get("poster"), dict):
            kwargs["version"] = 99
        for name in values.some(sorted(makers), 0, 3):
            kwargs[name] = makers[name]()
        self.settings(call["config"], 0.04)
        call["config"].pop("use_root_path", None)
        call["kwargs"] = kwargs

    def thumbnail(self, call):
        self.itself(call, "video")
        call["kwargs"] = self.transformations.options(most=3)
        if self.values.chance(0.3):
            call["kwargs"]["format"] = "png"

    def resource(self, call, signed=False):
        one = self.values.one
        kind = one(["image", "video", "raw"])
        call["self"] = {"$class": "CloudinaryResource", "public_id": one(PUBLIC_IDS), "type": one(["upload", "private", "authenticated", "fetch"]), "resource_type": kind}
        if signed or self.values.chance(0.6):
            call["self"]["version"] = one(["1372180830", "1", "9999999999"])
        if kind != "raw" and self.values.chance(0.6):
            call["self"]["format"] = one(["jpg", "mp4", "pdf"])
        if call["fn"].endswith(".url"):
            self.settings(call["config"], 0.1)
        else:
            call["config"]["signature_algorithm"] = one(["sha1", "sha256"])

    def presigned(self, call):
        self.resource(call, signed=True)

    def upload(self, call):
        values, one = self.values, self.values.one
        texts = ["x", "a/b", "ünï", "a&b=c", "日本", "50%", "https://example.com/hook?a=b"]
        kwargs = self.transformations.options(most=2) if values.chance(0.5) else {}
        simple = ["public_id", "public_id_prefix", "callback", "format", "notification_url", "eager_notification_url", "eval", "on_success", "proxy",
            "folder", "asset_folder", "display_name", "filename_override", "moderation", "raw_convert", "ocr", "categorization", "detection",
            "background_removal", "upload_preset", "batch_id", "similarity_search"]
        switches = ["backup", "faces", "image_metadata", "media_metadata", "exif", "colors", "use_filename", "unique_filename", "discard_original_filename",
            "invalidate", "eager_async", "use_asset_folder_as_public_id_prefix", "unique_display_name", "overwrite", "quality_analysis", "phash",
            "return_delete_token", "async", "cinemagraph_analysis", "accessibility_analysis", "auto_chaptering", "use_filename_as_display_name", "visual_search"]
        for name in values.some(simple, 0, 4):
            kwargs[name] = one(texts)
        for name in values.some(switches, 0, 4):
            kwargs[name] = one([True, False, "1", "true"])
        makers = {
            "type": lambda: one(["upload", "private", "authenticated"]), "quality_override": lambda: one([80, "auto:good"]),
            "auto_tagging": lambda: one([0.4, 0.75, 1.0, "0.5"]), "tags": lambda: one(["a", "a,b", ["a", "b"], ["ünï"], []]),
            "context": lambda: one([{"alt": "My image", "caption": "a=b|c"}, {"k|1": "v=1", "l": [1, 2], "n": 5, "f": 1.5}, {"l": ["ü", "a=b"]}, "a=b|c=d", {}]),
            "metadata": lambda: one([{"m": ["a", "b"], "d": "x|y"}, {"n": 3, "ü": "é"}, "in=3"]),
            "headers": lambda: one([{"A": "1", "B": "2"}, ["X-Robots-Tag: noindex", "Link: 1"], "X-Robots-Tag: noindex"]),
            "allowed_formats": lambda: one(["png", ["png", "jpg"], "jpg,gif"]),
            "face_coordinates": lambda: one([[[1, 2, 3, 4]], [[1, 2, 3, 4], [5, 6, 7, 8]], [1, 2, 3, 4], "1,2,3,4|5,6,7,8", [[1.5, 2, 3, 4]]]),
            "custom_coordinates": lambda: one([[10, 20, 30, 40], "10,20,30,40"]),
            "regions": lambda: one([{"b": [[1, 2], [3, 4]]}, {"ü": [[1, 2, 3, 4]]}, {"a": [[0.5, 1]]}]),
            "responsive_breakpoints": lambda: one([[{"bytes_step": 20000, "max_images": 3}], {"create_derived": False, "transformation": {"angle": 90, "crop": "fit"}},
                [{"create_derived": True, "format": "jpg", "min_width": 50}, {"max_width": 800}]]),
            "access_control": lambda: one([[{"access_type": "anonymous", "start": "2030-01-01"}], {"access_type": "token"}, "{\"access_type\":\"token\"}", [{"access_type": "é"}]]),
            "auto_transcription": lambda: one([True, {"translate": ["fr-FR"]}, "1"]),
            "eager": lambda: one(["w_1|w_2", ["w_1", "c_fit/png"], self.eager(), [self.eager(), self.eager()], [self.eager(), "t_named"], []]),
        }
        for name in values.some(sorted(makers), 0, 4):
            kwargs[name] = makers[name]()
        if values.chance(0.1):
            call["config"]["upload_preset"] = "cfgp"
        call["kwargs"] = kwargs

    def eager(self):
        eager = self.transformations.options(most=3)
        if self.values.chance(0.4):
            eager["format"] = self.values.one(["jpg", "png", "", None])
        return eager

    def params(self):
        values = self.values
        names = ["public_id", "timestamp", "tags", "context", "eager", "folder", "a", "b", "a&b", "ü", "invalidate", "A"]
        texts = ["1", "x", "a&b=c", "ünï", "a=b", "%26", "&", "", "a,b", "|", " "]
        return {name: values.one([values.one(texts), values.random.randint(0, 99), None, True, False, ["a", "b&c"], []]) for name in values.some(names, 0, 6)}

    def signature(self, call):
        call["args"] = [self.params(), self.values.one(["secret", "ünï", "a&b"])]
        call["kwargs"] = {"algorithm": self.values.one(["sha1", "sha256"]), "signature_version": self.values.one([1, 2])}

    def string_to_sign(self, call):
        call["args"] = [self.params()]
        call["kwargs"] = {"signature_version": self.values.one([1, 2])}

    def expression(self, call):
        call["args"] = [self.values.expression()]

    def token(self, call):
        one = self.values.one
        makers = {
            "url": lambda: one(["/a b&c", "/image/upload/x", "/ünï/[a]{b}|c~d^e`f", "/q?a=b#c", ""]), "ip": lambda: one(["1.2.3.4", "::1"]),
            "acl": lambda: one(["/image/*", "/*/t_foobar", ["/a/*", "/b|c"], "/!x", ""]), "start_time": lambda: one([1111, 0, "1112", -5]),
            "duration": lambda: one([300, "300", 0, 10**9]), "expiration": lambda: one([1700000300, "1700000300", 0]), "token_name": lambda: "__custom__",
        }
        often = {"url": 0.6, "duration": 0.6, "acl": 0.5, "expiration": 0.4, "start_time": 0.6}
        call["kwargs"] = {name: value() for name, value in makers.items() if self.values.chance(often.get(name, 0.25))}
        call["kwargs"]["key"] = one(TOKEN_KEYS) if self.values.chance(0.95) else one(["zz", "abc"])

    def response(self, call):
        one = self.values.one
        call["config"]["signature_algorithm"] = one(["sha1", "sha256"])
        call["args"] = [one(PUBLIC_IDS), one(["1315060510", "1"])]
        # The signature itself: that of the call, or one that is altered; filled in where the library is at hand.
        call["signs"] = one(["true", "true", "altered", "cut", "empty"])

    def notification(self, call):
        one = self.values.one
        call["config"]["signature_algorithm"] = one(["sha1", "sha256"])
        # Not from the future, which that library lets pass and we do not.
        call["args"] = [one(["{}", "{\"public_id\": \"ünï\"}", "{public_id: 'sample'}", ""]), 1700000000 - one([0, 1, 7199, 7200, 7201, 10**6])]
        call["signs"] = one(["true", "true", "true", "altered", "cut", "empty"])

    def message(self, call):
        self.notification(call)
