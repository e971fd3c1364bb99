//! The text of a search, read into terms joined by `AND`, `OR` and `NOT`.

use crate::http::ApiError;

/// How deep parentheses and `NOT` may lie in one another.
const MOST_DEPTH: usize = 50;
/// The most terms one search may have.
const MOST_TERMS: usize = 200;
/// The longest expression, in bytes.
const MOST_BYTES: usize = 16 * 1024;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// Everything: an empty text.
    All,
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    Term(Term),
}

/// One thing a field is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// `None` when a word stands alone: it may be in any field of text.
    pub(super) field: Option<String>,
    pub(super) test: Test,
    /// Where it stands, for messages; the first character is 1.
    pub(super) at: usize,
}

/// What a field is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// `:`
    Has(Word),
    /// `=`
    Is(Word),
    /// `>`, `>=`, `<`, `<=`
    More {
        than: String,
        or_equal: bool,
    },
    Less {
        than: String,
        or_equal: bool,
    },
    /// `[a TO b]`, `{a TO b}`; `*` for no bound.
    Between {
        from: Option<String>,
        with_from: bool,
        to: Option<String>,
        with_to: bool,
    },
}

/// A word or a quoted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// It ended in `*`: it is the beginning of what is wanted.
    pub(super) prefix: bool,
}

/// The service's words for what cannot be read.
pub(super) fn fault(at: usize, reason: impl std::fmt::Display) -> ApiError {
    ApiError::bad_request(format!("Query Error (at position {at}): {reason}"))
}

pub(super) fn parse(text: &str) -> Result<Expression, ApiError> {
    if text.len() > MOST_BYTES {
        return Err(ApiError::invalid("expression", format_args!("it may have {MOST_BYTES} bytes at most")));
    }
    let mut reader = Reader { rest: text.char_indices().collect(), place: 0, terms: 0 };
    reader.skip_space();
    if reader.peek().is_none() || text.trim() == "*" {
        return Ok(Expression::All);
    }
    let expression = reader.or(0)?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(expression),
        Some(found) => Err(reader.fault(format_args!("unexpected {found}; join terms by AND or OR"))),
    }
}

struct Reader {
    rest: Vec<(usize, char)>,
    place: usize,
    terms: usize,
}

impl Reader {
    fn or(&mut self, depth: usize) -> Result<Expression, ApiError> {
        let mut parts = vec![self.and(depth)?];
        while self.keyword("OR") {
            parts.push(self.and(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Or(parts) })
    }

    fn and(&mut self, depth: usize) -> Result<Expression, ApiError> {
        let mut parts = vec![self.not(depth)?];
        while self.keyword("AND") {
            parts.push(self.not(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::And(parts) })
    }

    fn not(&mut self, depth: usize) -> Result<Expression, ApiError> {
        if depth > MOST_DEPTH {
            return Err(self.fault("it lies too deep in parentheses"));
        }
        self.skip_space();
        if self.keyword("NOT") || self.take('-') {
            return Ok(Expression::Not(Box::new(self.not(depth + 1)?)));
        }
        self.take('+');
        if self.take('(') {
            let inner = self.or(depth + 1)?;
            self.skip_space();
            if !self.take(')') {
                return Err(self.fault("a ) is missing"));
            }
            return Ok(inner);
        }
        self.term(depth)
    }

    fn term(&mut self, depth: usize) -> Result<Expression, ApiError> {
        self.skip_space();
        let at = self.position();
        self.terms += 1;
        if self.terms > MOST_TERMS {
            return Err(self.fault(format_args!("more than {MOST_TERMS} terms")));
        }
        let name = match self.peek() {
            None => return Err(self.fault("a term is missing")),
            Some('"') => None,
            Some(_) => self.field(),
        };
        let Some(field) = name else {
            let quoted = self.peek() == Some('"');
            let word = self.word()?;
            if !quoted && matches!(word.text.as_str(), "AND" | "OR") {
                return Err(fault(at, format_args!("{} stands where a term should", word.text)));
            }
            return Ok(Expression::Term(Term { field: None, test: Test::Has(word), at }));
        };
        let exact = match (self.next(), self.peek()) {
            (Some('>'), Some('=')) => {
                return self.compared(field, at, |than| Test::More { than, or_equal: true }, true);
            }
            (Some('<'), Some('=')) => {
                return self.compared(field, at, |than| Test::Less { than, or_equal: true }, true);
            }
            (Some('>'), _) => return self.compared(field, at, |than| Test::More { than, or_equal: false }, false),
            (Some('<'), _) => return self.compared(field, at, |than| Test::Less { than, or_equal: false }, false),
            (operator, _) => operator == Some('='),
        };
        self.skip_space();
        match self.peek() {
            Some('[' | '{') => {
                let test = self.range()?;
                Ok(Expression::Term(Term { field: Some(field), test, at }))
            }
            Some('(') => {
                self.take('(');
                let inner = self.or(depth + 1)?;
                self.skip_space();
                if !self.take(')') {
                    return Err(self.fault("a ) is missing"));
                }
                for_field(inner, &field, exact)
            }
            _ => {
                let word = self.word()?;
                let test = if exact { Test::Is(word) } else { Test::Has(word) };
                Ok(Expression::Term(Term { field: Some(field), test, at }))
            }
        }
    }

    fn compared(
        &mut self,
        field: String,
        at: usize,
        test: impl FnOnce(String) -> Test,
        second: bool,
    ) -> Result<Expression, ApiError> {
        if second {
            self.take('=');
        }
        self.skip_space();
        let word = self.word()?;
        if word.prefix {
            return Err(fault(at, format_args!("{field}: nothing is greater or less than a *")));
        }
        Ok(Expression::Term(Term { field: Some(field), test: test(word.text), at }))
    }

    /// The name of a field, if an operator stands behind it.
    fn field(&mut self) -> Option<String> {
        let begin = self.place;
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || "_.-".contains(*c)) {
            name.push(c);
            self.place += 1;
        }
        let before_space = self.place;
        self.skip_space();
        if !name.is_empty() && matches!(self.peek(), Some(':' | '=' | '<' | '>')) {
            return Some(name);
        }
        self.place = before_space;
        self.place = begin;
        None
    }

    fn range(&mut self) -> Result<Test, ApiError> {
        let with_from = self.next() == Some('[');
        self.skip_space();
        let from = self.bound()?;
        if !self.keyword("TO") {
            return Err(self.fault("TO is missing in a range"));
        }
        self.skip_space();
        let to = self.bound()?;
        self.skip_space();
        let with_to = match self.next() {
            Some(']') => true,
            Some('}') => false,
            _ => return Err(self.fault("a range must end in ] or }")),
        };
        Ok(Test::Between { from, with_from, to, with_to })
    }

    fn bound(&mut self) -> Result<Option<String>, ApiError> {
        let word = self.word()?;
        Ok(if word.prefix && word.text.is_empty() { None } else { Some(word.text) })
    }

    fn word(&mut self) -> Result<Word, ApiError> {
        if self.take('"') {
            return self.quoted();
        }
        let mut word = Word { text: String::new(), prefix: false };
        while let Some(c) = self.peek() {
            if c.is_whitespace() || "()[]{}\"".contains(c) {
                break;
            }
            if word.prefix {
                return Err(self.fault("a * may only stand at the end"));
            }
            self.place += 1;
            match c {
                '*' => word.prefix = true,
                '\\' => match self.next() {
                    Some(escaped) => word.text.push(escaped),
                    None => return Err(self.fault("nothing stands behind the last \\")),
                },
                '?' | '~' | '^' => return Err(self.fault(format_args!("{c} must be escaped: \\{c}"))),
                c => word.text.push(c),
            }
        }
        if word.text.is_empty() && !word.prefix {
            return Err(self.fault("a value is missing"));
        }
        Ok(word)
    }

    fn quoted(&mut self) -> Result<Word, ApiError> {
        let mut text = String::new();
        loop {
            match self.next() {
                None => return Err(self.fault("a \" is missing")),
                Some('"') => break,
                Some('\\') => text.extend(self.next()),
                Some(c) => text.push(c),
            }
        }
        let prefix = self.take('*');
        Ok(Word { text, prefix })
    }

    /// A word in capitals, and not the beginning of another.
    fn keyword(&mut self, keyword: &str) -> bool {
        let begin = self.place;
        self.skip_space();
        for expected in keyword.chars() {
            if !self.take(expected) {
                self.place = begin;
                return false;
            }
        }
        if self.peek().is_none_or(|c| c.is_whitespace() || "(\"".contains(c)) {
            return true;
        }
        self.place = begin;
        false
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.place += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.get(self.place).map(|(_, c)| *c)
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.place += usize::from(next.is_some());
        next
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        self.place += usize::from(there);
        there
    }

    fn position(&self) -> usize {
        self.place + 1
    }

    fn fault(&self, reason: impl std::fmt::Display) -> ApiError {
        fault(self.position(), reason)
    }
}

/// `field:(a OR b)`: every word in the parentheses is of the field.
fn for_field(inner: Expression, field: &str, exact: bool) -> Result<Expression, ApiError> {
    let all = |parts: Vec<Expression>| -> Result<Vec<_>, ApiError> {
        parts.into_iter().map(|part| for_field(part, field, exact)).collect()
    };
    Ok(match inner {
        Expression::And(parts) => Expression::And(all(parts)?),
        Expression::Or(parts) => Expression::Or(all(parts)?),
        Expression::Not(part) => Expression::Not(Box::new(for_field(*part, field, exact)?)),
        Expression::Term(Term { field: None, test: Test::Has(word), at }) => {
            let test = if exact { Test::Is(word) } else { Test::Has(word) };
            Expression::Term(Term { field: Some(field.to_owned()), test, at })
        }
        Expression::Term(term) => return Err(fault(term.at, "a field inside the values of a field")),
        Expression::All => Expression::All,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As it was understood, fully parenthesised.
    fn shown(expression: &Expression) -> String {
        let joined =
            |parts: &[Expression], by: &str| format!("({})", parts.iter().map(shown).collect::<Vec<_>>().join(by));
        match expression {
            Expression::All => "*".to_owned(),
            Expression::And(parts) => joined(parts, " & "),
            Expression::Or(parts) => joined(parts, " | "),
            Expression::Not(part) => format!("!{}", shown(part)),
            Expression::Term(Term { field, test, .. }) => {
                let field = field.as_deref().unwrap_or("?");
                let star = |word: &Word| format!("{}{}", word.text, if word.prefix { "*" } else { "" });
                let or_equal = |or_equal: &bool| if *or_equal { "=" } else { "" };
                match test {
                    Test::Has(word) => format!("{field}:{}", star(word)),
                    Test::Is(word) => format!("{field}={}", star(word)),
                    Test::More { than, or_equal: also } => format!("{field}>{}{than}", or_equal(also)),
                    Test::Less { than, or_equal: also } => format!("{field}<{}{than}", or_equal(also)),
                    Test::Between { from, with_from, to, with_to } => format!(
                        "{field}{}{}..{}{}",
                        if *with_from { "[" } else { "{" },
                        from.as_deref().unwrap_or("*"),
                        to.as_deref().unwrap_or("*"),
                        if *with_to { "]" } else { "}" },
                    ),
                }
            }
        }
    }

    #[test]
    fn grammar() {
        let table = [
            ("", "*"),
            (" * ", "*"),
            ("cat", "?:cat"),
            ("tags:cat", "tags:cat"),
            ("tags = cat", "tags=cat"),
            ("tags:cat*", "tags:cat*"),
            (r#"tags:"two words""#, "tags:two words"),
            (r#"tags:"say \"hi\"""#, "tags:say \"hi\""),
            (r"tags:a\*b\ c", "tags:a*b c"),
            ("bytes>1mb", "bytes>1mb"),
            ("bytes >= 5 AND bytes<10", "(bytes>=5 & bytes<10)"),
            ("width:[10 TO 20]", "width[10..20]"),
            ("width:{10 TO *}", "width{10..*}"),
            ("a:1 OR b:2 AND c:3", "(a:1 | (b:2 & c:3))"),
            ("(a:1 OR b:2) AND c:3", "((a:1 | b:2) & c:3)"),
            ("NOT a:1 AND b:2", "(!a:1 & b:2)"),
            ("-a:1", "!a:1"),
            ("NOT (a:1 OR b:2)", "!(a:1 | b:2)"),
            ("tags:(a OR b*)", "(tags:a | tags:b*)"),
            ("tags=(a AND NOT b)", "(tags=a & !tags=b)"),
            ("aspect_ratio=16:9", "aspect_ratio=16:9"),
            ("context.alt:x AND metadata.my-id=y", "(context.alt:x & metadata.my-id=y)"),
            ("ORANGE OR ANDES", "(?:ORANGE | ?:ANDES)"),
            ("folder:a/b/*", "folder:a/b/*"),
            ("public_id=föö/bär", "public_id=föö/bär"),
            ("created_at>\"2024-01-01T10:00:00Z\"", "created_at>2024-01-01T10:00:00Z"),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).map(|read| shown(&read)).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn faults_tell_where() {
        let deep = "(".repeat(100);
        let table = [
            ("a:1 b:2", 5, "unexpected b; join terms by AND or OR"),
            ("a:", 3, "a value is missing"),
            ("AND", 1, "AND stands where a term should"),
            ("a:1 AND", 8, "a term is missing"),
            ("(a:1", 5, "a ) is missing"),
            ("a:1)", 4, "unexpected ); join terms by AND or OR"),
            ("a:\"b", 5, "a \" is missing"),
            ("a:[1 2]", 5, "TO is missing in a range"),
            ("a:[1 TO 2", 10, "a range must end in ] or }"),
            ("a:b*c", 5, "a * may only stand at the end"),
            ("a:b?", 5, "? must be escaped: \\?"),
            ("a>1*", 1, "a: nothing is greater or less than a *"),
            ("a:(b:1)", 4, "a field inside the values of a field"),
            (deep.as_str(), 52, "it lies too deep in parentheses"),
        ];
        for (text, at, reason) in table {
            let expected = format!("Query Error (at position {at}): {reason}");
            assert_eq!(parse(text).unwrap_err().message, expected, "{text}");
        }
    }
}
