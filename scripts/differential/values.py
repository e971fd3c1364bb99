"""Random values of options: the ordinary ones, and those at the edges."""

PUBLIC_IDS = [
    "sample", "sample.jpg", "test.gif", "folder/test", "a/b/c.jpg", "v1234/test", "v1/x/y", "/lead", "trail/", "dou//ble",
    "a b", "a+b", "a%20b", "100%", "%zz", "a%2Fb", "a:b", "a,b|c~d'e\"f", "parentheses(interject)", "a_b/c_d", "w_100/x",
    "ünï/ñ", "日本語", "😀", "a\u202eb", "e\u0301", "query?x", "hash#x", "back\\slash", "<tag>", "semi;colon", "x" * 255,
    "http://blah.com/hello?a=b", "https://x.com/é.png", "http:/one", "ftp://x.com/a", "v", "v1", "vacation/x", ".hidden",
]
# Ids that need no escape, for tags: what that library writes without escaping is not ours.
TAG_IDS = ["sample", "sample.jpg", "a/b", "a b", "ünï/ñ", "movie", "movie.mp4", "a/b.ogv", "clip.webm", "v12/x", "x.tar.gz"]
COLORS = ["red", "#aabbcc", "#fff", "#ffaabbdd", "rgb:123456", "auto", "blurred:400:15", "auto:predominant", "$color"]
EXPRESSIONS = [
    "iw", "ih_div_2", "width / 2", "initial_width * 2", "$v", "$v * 2 + 1", "w_sub_10", "initialHeight - 5", "aspect_ratio",
    "$__x_mul_2", "duration", "pageX + 1", "face_count ^ 2",
]
CONDITIONS = [
    "w > 500", "context:foo > 3", "w = 0 && height != 1 || aspect_ratio < 1", "!tag! in tags", "faceCount >= 2", "end", "else",
    "initial_width * 2 ^ 3 < page_count", "illustration_score >= 0.5", "$x_lte_3", "!a:b! in tags && w<5", "trimmed_aspect_ratio = 1.5",
]
WORDS = [
    "width", "height", "initial_width", "initialWidth", "aspect_ratio", "page_x", "pageCount", "face_count", "tags", "context:width",
    "preset:duration", "illustration_score", "illustrationScore", "ils", "duration", "idu", "$width", "$__w", "$foo", "$", "$_",
    "!str!", "!a width b!", "!", "in", "w", "100", "0.5", "_", "__", "width*2", "a-b", "ctx:!k!", "ünï", "1>2", "-5",
]
OPERATORS = ["=", "!=", "<", ">", "<=", ">=", "&&", "||", "*", "/", "+", "-", "^"]
TEXTS = [
    "x", "Hello World, /Hi? $(v) 你好", "$(foo)$(bar) $( no) $(x)", "a%2Cb", "50% off", "line\nbreak", "😀,/", "tab\there", "",
    "日本,語/文", "'quoted' \"twice\"", "a&b=c;d", "$(ünï_1)", "a" * 300,
]
NAMES = ["$foo", "$bar", "$a", "$a1", "$width", "$img10", "$z"]


class Values:
    def __init__(self, random):
        self.random = random

    def chance(self, probability):
        return self.random.random() < probability

    def one(self, values):
        return self.random.choice(values)

    def some(self, values, least, most):
        return self.random.sample(values, self.random.randint(least, min(most, len(values))))

    def integer(self):
        return self.one([0, 1, 5, 10, 100, -1, -30, 99999, 2**31, self.random.randint(-500, 3000)])

    def fraction(self):
        return self.one([0.0, 0.1, 0.3, 0.5, 1.0, 1.5, 2.0, 29.97, -0.25, 1e-05, 1e16, 0.1 + 0.2, round(self.random.uniform(0, 4), 3)])

    def number(self):
        return self.fraction() if self.chance(0.4) else self.integer()

    def value(self):
        """What most parameters take: a number, its text, or an expression."""
        return self.one([self.number, self.number, lambda: str(self.number()), lambda: self.one(EXPRESSIONS)])()

    def size(self):
        return self.one(["auto", "auto:breakpoints", "ow", "0.3", self.value(), self.random.randint(1, 2000)])

    def seconds(self):
        return self.one([0, 2, 3.21, 6.5, "2.63", "35%", "35p", "35P", "0", "10.0"])

    def condition(self):
        """An expression in which a slash divides, since one that is left, as in quotes, would end the step."""
        return "w" + "".join(" %s %s" % (self.one(OPERATORS), self.one(WORDS)) for _ in range(self.random.randint(0, 3)))

    def expression(self):
        words = []
        for _ in range(self.random.randint(1, 7)):
            words.append(self.one(OPERATORS) if self.chance(0.35) else self.one(WORDS))
        return self.one([" ", " ", " ", "_", ""]).join(words)
