//! The header `Content-Disposition` of a part: what it calls its field and its file.

/// What a part is called.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// The field's name.
    pub(super) field: Option<String>,
    /// The file's name; there is one, maybe empty, for every file.
    pub(super) file: Option<String>,
}

impl Names {
    /// Reads the header's value. Of two parameters of one name the first counts. One that is not UTF-8, or whose quotes
    /// never end, is none.
    pub(super) fn parse(header: &[u8]) -> Self {
        let (mut field, mut file) = (None, None);
        for (name, value) in (Parameters { rest: header }) {
            if name.eq_ignore_ascii_case(b"name") {
                field.get_or_insert(value);
            } else if name.eq_ignore_ascii_case(b"filename") {
                file.get_or_insert(value);
            }
        }
        Self { field: field.flatten(), file: file.flatten() }
    }
}

/// The parameters behind the header's first word, each after a semicolon, quoted or bare. What stands in quotes is no
/// parameter, whatever it looks like; and where quotes are out of place, the header ends.
struct Parameters<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Parameters<'a> {
    type Item = (&'a [u8], Option<String>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (_, text) = split_unquoted(self.rest, |byte| byte == b';')?;
            let (name, after) = split_unquoted(text, |byte| matches!(byte, b'=' | b';'))?;
            if text.get(name.len()) == Some(&b';') {
                self.rest = text;
                continue;
            }
            let (value, rest) = value(after.trim_ascii_start());
            self.rest = rest;
            return Some((name.trim_ascii(), value));
        }
    }
}

/// What stands before and after a byte, if no quote comes before it.
fn split_unquoted(text: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|byte| is_wanted(*byte) || *byte == b'"').filter(|at| text[*at] != b'"')?;
    Some((&text[..at], &text[at + 1..]))
}

/// The value that a text begins with, and what comes after it.
fn value(text: &[u8]) -> (Option<String>, &[u8]) {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|byte| *byte == b';' || byte.is_ascii_whitespace()).unwrap_or(text.len());
        return (str::from_utf8(&text[..end]).ok().map(str::to_owned), &text[end..]);
    };
    // Browsers escape only what would end the header: a quote as `%22`, or with a backslash in older ones. Other programs
    // put a backslash before a backslash too.
    let mut bytes = Vec::new();
    let mut at = 0;
    loop {
        match &quoted[at..] {
            [] => return (None, &[]),
            [b'"', rest @ ..] => return (String::from_utf8(bytes).ok(), rest),
            [b'\\', escaped @ (b'"' | b'\\'), ..] => {
                bytes.push(*escaped);
                at += 2;
            }
            [byte, ..] => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (header, field, file) in [
            ("form-data; name=\"my_field\"", Some("my_field"), None),
            ("form-data; name  =  my_field  ", Some("my_field"), None),
            ("form-data; name=", Some(""), None),
            ("form-data;name=a;filename=b", Some("a"), Some("b")),
            ("form-data; name=\"a b\"; filename=\"c;d.jpg\"", Some("a b"), Some("c;d.jpg")),
            ("form-data; filename=\"name=x\"", None, Some("name=x")),
            ("form-data; name=\"a\"; filename=\"\"", Some("a"), Some("")),
            ("form-data; name=\"你好\"; filename=\"a%22b\"", Some("你好"), Some("a%22b")),
            ("form-data; name=\"a\\\"b\"; filename=\"c\\\"\"", Some("a\"b"), Some("c\"")),
            ("form-data; name=\"never ends", None, None),
            ("form-data; name=\"never ends\\\"", None, None),
            ("form-data; username=\"x\"", None, None),
            ("form-data; filename*=UTF-8''x", None, None),
            ("form-data; filename*=UTF-8''x; filename=\"y\"; name=z", Some("z"), Some("y")),
            ("form-data; filename=\"a; name=title\"; name=\"image\"", Some("image"), Some("a; name=title")),
            ("form-data; x=\"; name=title\"; name=\"image\"", Some("image"), None),
            ("form-data; filename=\"a\\\\\"; name=\"b\"", Some("b"), Some("a\\")),
            ("form-data; name=\"a\\\\\\\"b\"; filename=\"..\\c\\\"", Some("a\\\"b"), None),
            ("form-data; filename=\"C:\\a\\b.jpg\"; name=b", Some("b"), Some("C:\\a\\b.jpg")),
            ("Form-Data; NAME=\"a\"; FileName=\"b\"", Some("a"), Some("b")),
            ("form-data; name=a; name=b; filename=c; filename=d", Some("a"), Some("c")),
            ("form-data; name=a b; filename=c", Some("a"), Some("c")),
            ("form-data; name=\"a\" ; filename=b", Some("a"), Some("b")),
            ("form-data; name=\"a\" x=\"; filename=b\"", Some("a"), None),
            ("form-data; x\"; name=a", None, None),
            ("form-data; x; ;name=a;", Some("a"), None),
            ("form-data; name", None, None),
            ("form-data name=a", None, None),
            ("name=a", None, None),
            (";name=a", Some("a"), None),
            ("", None, None),
        ] {
            let names = Names::parse(header.as_bytes());
            assert_eq!((names.field.as_deref(), names.file.as_deref()), (field, file), "{header}");
        }
        assert_eq!(Names::parse(b"form-data; name=\"\xff\"; filename=\xff"), Names::default());
    }
}
