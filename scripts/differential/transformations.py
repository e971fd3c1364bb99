"""Random transformation options, as keyword arguments."""

from values import COLORS, CONDITIONS, EXPRESSIONS, NAMES, PUBLIC_IDS, TEXTS, Values

CROPS = ["scale", "fit", "limit", "mfit", "fill", "lfill", "fill_pad", "pad", "lpad", "mpad", "crop", "thumb", "auto", "imagga_crop"]
GRAVITIES = ["north_west", "south_east", "center", "face", "faces", "face:center", "auto", "auto:face", "xy_center", "custom", "ocr_text"]
EFFECTS = ["sepia", "hue:30", "saturation:-50", "blur:$a_mul_2", "$efname:100", "grayscale", "art:zorro", "replace_color:red:20:blue", "cartoonify:width"]
FLAGS = ["progressive", "lossy", "relative", "region_relative", "layer_apply", "attachment:my pic", "no_overflow"]
# A ? or # would end the path; it is written as it is there, and an error here.
LAYER_IDS = [public_id for public_id in PUBLIC_IDS if not set(public_id) & set("?#")]
KEPT = ("if", "dpr", "fetch_format", "overlay", "underlay")
# Only known to tags and URLs; inside a nested transformation they are dropped.
STRAY = {"alt": "Al t", "class": "k", "data-x": "1", "html_height": 66}


class Transformations:
    def __init__(self, random):
        self.values = Values(random)
        self.random = random

    def options(self, depth=0, most=6, plain=False):
        """A map of up to `most` options. `plain` ones print into HTML without an escape or an attribute of their own."""
        values = self.values
        makers = self._makers(depth, plain)
        options = {name: makers[name]() for name in values.some(sorted(makers), 0, most)}
        if not plain and values.chance(0.15):
            name = values.one(sorted(STRAY))
            options[name] = STRAY[name]
        # Unset ones. There, an unset variable is None by name, an unset condition is `if_`, an unset ratio or format hides that
        # of the configuration or of the URL, and an unset layer takes the size off a tag.
        for name in [name for name in sorted(options) if not name.startswith("$") and name not in KEPT and values.chance(0.02)]:
            options[name] = values.one([None, ""])
        # One fault at most, since which of two is told is nobody's promise.
        if options.keys() & {"overlay", "underlay", "transformation"}:
            options.update({name: 10 for name in ("keyframe_interval", "radius") if name in options})
        elif "radius" in options and "keyframe_interval" in options:
            options["radius"] = 10
        if "overlay" in options and options.keys() & {"underlay", "transformation"}:
            options["overlay"] = {"public_id": "a/b"}
        if "underlay" in options and "transformation" in options:
            options["underlay"] = "logo"
        shuffled = list(options.items())
        self.random.shuffle(shuffled)
        return dict(shuffled)

    def _makers(self, depth, plain):
        values, one = self.values, self.values.one
        makers = {
            "angle": lambda: one([45, -30, 0, 0.5, "auto", "vflip", ["auto", 55], ["hflip", 10], "$v", "auto_right"]),
            "aspect_ratio": lambda: one(["16:9", 1.5, "1.0", "ar_1", "iar_div_2", 1]),
            "audio_codec": lambda: one(["aac", "none", "vorbis"]),
            "audio_frequency": lambda: one([44100, "iaf", 0]),
            "background": lambda: one(COLORS),
            "bit_rate": lambda: one([2048, "44k", "1m", "250k:constant"]),
            "border": self.border,
            "color": lambda: one(COLORS),
            "color_space": lambda: one(["srgb", "cmyk", "keep_cmyk", "cs_icc:x.icc"]),
            "crop": lambda: one(CROPS),
            "custom_function": self.custom_function,
            "custom_pre_function": self.custom_function,
            "default_image": lambda: one(["avatar.png", "ünï.png", "a:b.jpg"]),
            "delay": lambda: one([200, 0, "200"]),
            "density": lambda: one([150, 0, "300"]),
            "duration": values.seconds,
            "effect": self.effect,
            "end_offset": lambda: one([values.seconds(), "width_div_2", "$v"]),
            "fetch_format": lambda: one(["webp", "auto", "mp3", "jpg"]),
            "flags": lambda: one([one(FLAGS), values.some(FLAGS, 1, 3), []]),
            "fps": lambda: one([24, 29.97, "24-29.97", "-24", "25-", [24, 29.97], ["$v", 30], [1.0, "width / 2"]]),
            "gravity": lambda: one(GRAVITIES),
            "keyframe_interval": lambda: one([10, 0.5, 0.05, "3s", 100.0, 0, -1]),
            "offset": lambda: one(["2.66..3.21", "35%..70p", [2, 3], ["35%", "70%"], [0, 1.5, 9], "0..1"]),
            "opacity": values.value,
            "overlay": self.layer,
            "page": lambda: one([3, "name:x", "1;3-5", 0]),
            "prefix": lambda: one(["p_", "thing"]),
            "quality": lambda: one([80, 0, 0.4, "auto", "auto:best", "80:420", "jpegmini", "$q", 100.0]),
            "radius": lambda: one([0, 10, 2.5, "max", [10, 20], [1, "$v", 3, 4], "10:20:30:40", ["$v"], [1, 2, 3, 4, 5], "width / 2"]),
            "raw_transformation": lambda: one(["c_fit,w_1", "e_art:x", "$v_5,w_$v", "fl_a.b"]),
            "start_offset": lambda: one([values.seconds(), "auto", "$v", "width_div_2"]),
            "streaming_profile": lambda: one(["hd", "some-profile"]),
            "transformation": lambda: self.nested(depth, plain),
            "underlay": self.layer,
            "video_codec": lambda: one(["auto", {"codec": "h264"}, {"codec": "h264", "profile": "basic"},
                {"codec": "h265", "profile": "main", "level": "3.1"},
                {"codec": "h264", "profile": "basic", "level": "3.1", "b_frames": one([True, False])}]),
            "video_sampling": lambda: one([20, "2.3s"]),
            "x": values.value,
            "y": values.value,
            "zoom": lambda: one([1.2, 2, "0.75", 0, "$z"]),
        }
        if plain:
            # There, a crop in raw text does not count for the size of the tag.
            makers["raw_transformation"] = lambda: one(["e_art:x", "fl_a.b"])
            # A slash that is written as it is ends the step, and with it what counts for the size.
            makers["overlay"] = makers["underlay"] = lambda: one(["logo", "a:b", {"public_id": "a/b"}, {"text": "Hi, there", "font_family": "Arial", "font_size": 18}])
            makers["width"] = lambda: one([self.random.randint(0, 2000), 0.5, "120", "auto"])
            makers["height"] = lambda: one([self.random.randint(1, 2000), 0.25, "80"])
            makers["if"] = lambda: one(CONDITIONS)
        else:
            makers["dpr"] = lambda: one([1, 2.0, 1.5, "auto", "2.0"])
            makers["width"] = values.size
            makers["height"] = lambda: one([values.size(), "oh"])
            makers["size"] = lambda: one(["10x20", "0.5x1.0", "iwxih", "100x"])
            makers["if"] = lambda: one([one(CONDITIONS), values.condition()])
            makers["responsive_width"] = lambda: one([True, True, False])
            makers["variables"] = self.variables
            for name in NAMES[:5]:
                makers[name] = lambda: one([10, 0.5, "w * 2", "!str!", "$foo * 3", "!a:b!", values.value()])
        return makers

    def nested(self, depth, plain):
        """`transformation`: names, or maps of options up to three levels deep."""
        values = self.values
        if depth >= 3 or values.chance(0.3):
            return values.one(["named", "a", ["a", "b"], ["ünï"], "folder:name", []])
        steps = [self.options(depth + 1, 4) for _ in range(self.random.randint(1, 3))]
        for step in steps if plain else []:
            # There, a tag waits for the script only when its outermost options say so.
            for name in ("width", "dpr", "responsive_width"):
                step.pop(name, None)
        if values.chance(0.15):
            steps.insert(self.random.randint(0, len(steps)), "named")
        return steps[0] if len(steps) == 1 and values.chance(0.5) and isinstance(steps[0], dict) else steps

    def variables(self):
        return [[name, self.values.one([5, 1.5, "$z * 2", "!text!", "w / 3"])] for name in self.values.some(NAMES, 0, 4)]

    def border(self):
        return self.values.one([{"color": "red"}, {"width": 5}, {"width": 5, "color": "#ffaabbdd"}, {}, "4px_solid_black", "1px_solid_rgb:00390b"])

    def custom_function(self):
        return self.values.one([{"function_type": "remote", "source": "https://a.com/x?y=1"}, {"function_type": "wasm", "source": "b.wasm"}, "wasm:c.wasm"])

    def effect(self):
        values = self.values
        return values.one([values.one(EFFECTS), ["sepia", values.number()], ["cartoonify", 10, 20], {"sepia": values.number()},
            {"blur": values.one(EXPRESSIONS)}, "outline:width"])

    def layer(self):
        values, one = self.values, self.values.one
        return one([self.text_layer, self.text_layer, lambda: one([
            "logo", "folder/logo", "text:bold_dark:Hello+World", "fetch:http://x.com/y.png", "video:fetch:http://x.com/y.mp4",
            "image:fetch:https://x.com/é", "fetch:", "subtitles:s.srt", "x:y:fetch:z", "lut:a.cube",
        ]), lambda: one([
            {"public_id": one(LAYER_IDS)}, {"public_id": "a/b", "format": "png"}, {"type": "private", "public_id": "p/q"},
            {"type": "authenticated", "resource_type": "video", "public_id": "v/w"}, {"resource_type": "raw", "public_id": "r/w.pdf"},
            {"resource_type": "image", "type": "upload", "public_id": "plain"}, {"url": "https://upload.wikimedia.org/a b.jpg"},
            {"url": "http://x.com/ü?a=b", "type": "fetch", "resource_type": "video"}, {"type": "fetch", "url": ""}, {}, {"format": "png"},
            {"resource_type": "subtitles", "public_id": "s/ub.srt"},
            {"resource_type": "subtitles", "public_id": "s/ub.srt", **self.font()},
            {"resource_type": "lut", "public_id": "a/b.cube"}, {"resource_type": "text", "public_id": "style", "text": one(TEXTS)},
        ])])()

    def font(self):
        values, one = self.values, self.values.one
        font = {"font_family": one(["Arial", "Open Sans", "ünï.ttf"]), "font_size": one([18, "18", 40.5, 0, "$size"])}
        extras = {
            "font_weight": ["bold", "normal"], "font_style": ["italic", "normal"], "text_decoration": ["underline", "none", "strikethrough"],
            "text_align": ["center", "left"], "stroke": ["stroke", "none"], "letter_spacing": [0, 4, -1.5, "2"], "line_spacing": [3, 0.5],
            "font_antialiasing": ["best", "none"], "font_hinting": ["full", "medium"],
        }
        font.update({name: one(extras[name]) for name in values.some(sorted(extras), 0, 4)})
        return font

    def text_layer(self):
        values, one = self.values, self.values.one
        text = {"text": one(TEXTS)}
        text.update(one([self.font, self.font, self.font, lambda: {"text_style": one(["Arial_12", "Arial_12_bold", " "])}, lambda: {},
            lambda: {"font_family": "Arial"}, lambda: {"font_size": 5}, lambda: {"public_id": "sty/le"}, lambda: {"font_weight": "bold"}])())
        if values.chance(0.1):
            text["resource_type"] = "text"
        return text
