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
    ///
    /// There are two dialects. Browsers write a quote within a name as `%22`, and a backslash as it is, also before the
    /// quote that ends the name. Other programs, and older browsers, put a backslash before a quote, and before a
    /// backslash. A header that makes no sense in the second is read in the first: none with a quote in a name makes sense
    /// in both.
    pub(super) fn parse(header: &[u8]) -> Self {
        let (names, makes_sense) = Self::read(header, true);
        if makes_sense {
            return names;
        }
        match Self::read(header, false) {
            (browsers, true) => browsers,
            _ => names,
        }
    }

    /// The names, and whether all of the header could be read.
    fn read(header: &[u8], has_escapes: bool) -> (Self, bool) {
        let (mut field, mut file) = (None, None);
        let mut parameters = Parameters { rest: header, has_escapes, makes_sense: true };
        for (name, value) in &mut parameters {
            if name.eq_ignore_ascii_case(b"name") {
                field.get_or_insert(value);
            } else if name.eq_ignore_ascii_case(b"filename") {
                file.get_or_insert(value);
            }
        }
        (Self { field: field.flatten(), file: file.flatten() }, parameters.makes_sense)
    }
}

/// The parameters behind the header's first word, each after a semicolon, quoted or bare. What stands in quotes is no
/// parameter, whatever it looks like; and where quotes are out of place, the header ends.
struct Parameters<'a> {
    rest: &'a [u8],
    has_escapes: bool,
    /// Whether no quote was out of place, and none was missing.
    makes_sense: bool,
}

impl<'a> Iterator for Parameters<'a> {
    type Item = (&'a [u8], Option<String>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((_, text)) = split_unquoted(self.rest, |byte| byte == b';') else {
                self.makes_sense &= !self.rest.contains(&b'"');
                return None;
            };
            let Some((name, after)) = split_unquoted(text, |byte| matches!(byte, b'=' | b';')) else {
                self.makes_sense &= !text.contains(&b'"');
                return None;
            };
            if text.get(name.len()) == Some(&b';') {
                self.rest = text;
                continue;
            }
            let after = after.trim_ascii_start();
            let (value, rest) = match after.strip_prefix(b"\"") {
                Some(quoted) => self.quoted(quoted),
                None => bare(after),
            };
            self.makes_sense &= after.starts_with(b"\"") || !after[..after.len() - rest.len()].contains(&b'"');
            self.makes_sense &= rest.trim_ascii_start().first().is_none_or(|byte| *byte == b';');
            self.rest = rest;
            return Some((name.trim_ascii(), value));
        }
    }
}

impl Parameters<'_> {
    /// The value that a quote ends, and what comes after it.
    fn quoted<'a>(&mut self, text: &'a [u8]) -> (Option<String>, &'a [u8]) {
        let mut bytes = Vec::new();
        let mut at = 0;
        loop {
            match &text[at..] {
                [b'"', rest @ ..] => return (String::from_utf8(bytes).ok(), rest),
                [b'\\', escaped @ (b'"' | b'\\'), ..] if self.has_escapes => {
                    bytes.push(*escaped);
                    at += 2;
                }
                [byte, ..] => {
                    bytes.push(*byte);
                    at += 1;
                }
                [] => {
                    self.makes_sense = false;
                    // A quote that is the header's last byte ended the value, whatever stands before it.
                    let ends = text.ends_with(b"\\\"") && bytes.pop() == Some(b'"');
                    bytes.push(b'\\');
                    return (String::from_utf8(bytes).ok().filter(|_| ends), &[]);
                }
            }
        }
    }
}

/// What stands before and after a byte, if no quote comes before it.
fn split_unquoted(text: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|byte| is_wanted(*byte) || *byte == b'"').filter(|at| text[*at] != b'"')?;
    Some((&text[..at], &text[at + 1..]))
}

/// The value up to a blank or semicolon, and what comes after it.
fn bare(text: &[u8]) -> (Option<String>, &[u8]) {
    let end = text.iter().position(|byte| *byte == b';' || byte.is_ascii_whitespace()).unwrap_or(text.len());
    (str::from_utf8(&text[..end]).ok().map(str::to_owned), &text[end..])
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
            ("form-data; username=\"x\"", None, None),
            ("form-data; filename*=UTF-8''x", None, None),
            ("form-data; filename*=UTF-8''x; filename=\"y\"; name=z", Some("z"), Some("y")),
            ("form-data; filename=\"a; name=title\"; name=\"image\"", Some("image"), Some("a; name=title")),
            ("form-data; x=\"; name=title\"; name=\"image\"", Some("image"), None),
            ("form-data; filename=\"a\\\\\"; name=\"b\"", Some("b"), Some("a\\")),
            ("form-data; name=\"a\\\\\\\"b\"; filename=\"..\\c\\\"", Some("a\\\"b"), Some("..\\c\\")),
            // As browsers write names that end in a backslash.
            (r#"form-data; name="image"; filename="a\""#, Some("image"), Some(r"a\")),
            (r#"form-data; name="image"; filename="\""#, Some("image"), Some(r"\")),
            (r#"form-data; name="image"; filename="a\\\""#, Some("image"), Some(r"a\\\")),
            (r#"form-data; name="image"; filename="a\" "#, Some("image"), Some(r"a\")),
            (r#"form-data; filename="a\"; name="image""#, Some("image"), Some(r"a\")),
            (r#"form-data; name="a\"; filename="b""#, Some(r"a\"), Some("b")),
            (r#"form-data; name="a\"; filename="b\""#, Some(r"a\"), Some(r"b\")),
            (r#"form-data; name="a\"; filename="; x=y\""#, Some(r"a\"), Some(r"; x=y\")),
            // As other programs write names with quotes in them.
            (r#"form-data; name="image"; filename="a\"; name=b""#, Some("image"), Some(r#"a"; name=b"#)),
            (r#"form-data; filename="a\"; name=\"b"; name="image""#, Some("image"), Some(r#"a"; name="b"#)),
            (r#"form-data; filename="a\""; name="image""#, Some("image"), Some(r#"a""#)),
            (r#"form-data; filename="\"\\\""; name="image""#, Some("image"), Some(r#""\""#)),
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
