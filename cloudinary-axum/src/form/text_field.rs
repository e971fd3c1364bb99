//! A field that holds text.

use std::borrow::Cow;

use super::problem::Problem;

/// The longest text a field takes unless it says otherwise, in characters.
pub const DEFAULT_MAX_TEXT_CHARS: usize = 1000;

/// A field that holds text.
#[derive(Debug, Clone)]
pub struct TextField {
    pub(crate) name: Cow<'static, str>,
    pub(crate) required: bool,
    pub(crate) max_chars: usize,
    pub(crate) label: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) attributes: Vec<(Cow<'static, str>, String)>,
}

impl TextField {
    /// A field that must not be empty, of at most [`DEFAULT_MAX_TEXT_CHARS`] characters.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            required: true,
            max_chars: DEFAULT_MAX_TEXT_CHARS,
            label: None,
            help: None,
            attributes: Vec::new(),
        }
    }

    /// Lets it be empty.
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// The longest text, in characters.
    pub fn max_chars(mut self, chars: usize) -> Self {
        self.max_chars = chars;
        self
    }

    /// What [`FormView::row`](super::FormView::row) writes before it. Default: the name.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// A line of help below it.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// An attribute of the `input` element, as `placeholder`.
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    pub(crate) fn problem(&self, texts: Option<&Vec<String>>) -> Option<Problem> {
        let text = texts.and_then(|texts| texts.last()).map_or("", String::as_str);
        if self.required && text.trim().is_empty() {
            return Some(Problem::TextRequired);
        }
        if texts.is_some_and(|texts| texts.iter().any(|text| text.contains('\0'))) {
            return Some(Problem::TextWithNul);
        }
        let chars = text.chars().count();
        (chars > self.max_chars).then_some(Problem::TextTooLong { max_chars: self.max_chars, chars })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_rules() {
        let title = TextField::new("title").max_chars(3);
        for (texts, accepted) in [
            (None, false),
            (Some(vec![" "]), false),
            (Some(vec!["ünï"]), true),
            (Some(vec!["long"]), false),
            (Some(vec!["a\0"]), false),
            (Some(vec!["\0", "b"]), false),
        ] {
            let texts = texts.map(|texts| texts.into_iter().map(str::to_owned).collect());
            assert_eq!(title.problem(texts.as_ref()).is_none(), accepted, "{texts:?}");
        }
        assert_eq!(TextField::new("x").optional().problem(None), None);
    }
}
