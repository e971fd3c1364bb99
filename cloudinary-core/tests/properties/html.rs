//! As much of HTML as it takes to see where a tag ends.

use std::collections::BTreeMap;

pub(crate) enum Token {
    Tag { name: String, attributes: BTreeMap<String, Option<String>> },
    Text(String),
}

impl Token {
    pub(crate) fn attributes(&self) -> BTreeMap<&str, Option<&str>> {
        match self {
            Self::Tag { attributes, .. } => {
                attributes.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect()
            }
            Self::Text(_) => BTreeMap::new(),
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Tag { .. } => None,
        }
    }
}

/// The tags' names, `<img` or `</video`; text has none.
pub(crate) fn names(tokens: &[Token]) -> Vec<&str> {
    tokens.iter().map(|token| if let Token::Tag { name, .. } = token { name.as_str() } else { "" }).collect()
}

pub(crate) fn tokens(mut html: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    while !html.is_empty() {
        let (token, rest) = if html.starts_with('<') { tag(html) } else { text(html) };
        tokens.push(token);
        html = rest;
    }
    tokens
}

fn text(html: &str) -> (Token, &str) {
    let (text, rest) = html.split_at(html.find('<').unwrap_or(html.len()));
    (Token::Text(unescape(text)), rest)
}

/// In the states of the standard's tokenizer, without its repairs: what needs one panics.
fn tag(html: &str) -> (Token, &str) {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    let end = html.find(|c| is_space(c) || c == '>').expect("a tag ends");
    let (name, mut rest) = html.split_at(end);
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches(is_space);
        if let Some(rest) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
            return (Token::Tag { name: name.to_owned(), attributes }, rest);
        }
        let end = rest.find(|c| is_space(c) || matches!(c, '=' | '>' | '/')).expect("an attribute ends");
        let (attribute, after) = rest.split_at(end);
        assert!(!attribute.is_empty() && !attribute.contains(['"', '\'', '<']), "{html}");
        let value = after.strip_prefix("=\"").map(|value| value.split_once('"').expect("a value has two quotes"));
        rest = value.map_or(after, |(_, rest)| rest);
        let value = value.map(|(value, _)| unescape(value));
        assert_eq!(attributes.insert(attribute.to_owned(), value), None, "{attribute} twice in {html}");
    }
}

fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}
