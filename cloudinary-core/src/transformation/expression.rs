//! Arithmetic and conditions: from how people write them to how URLs spell them.

/// Operators, which count only before a space or an underscore. Longer ones first.
const OPERATORS: [(&str, &str); 13] = [
    ("||", "or"),
    (">=", "gte"),
    ("<=", "lte"),
    ("&&", "and"),
    ("!=", "ne"),
    (">", "gt"),
    ("=", "eq"),
    ("<", "lt"),
    ("/", "div"),
    ("-", "sub"),
    ("+", "add"),
    ("*", "mul"),
    ("^", "pow"),
];

/// Names of what the service knows about the image, and their short forms.
const VARIABLES: [(&str, &str); 28] = [
    ("aspect_ratio", "ar"),
    ("aspectRatio", "ar"),
    ("current_page", "cp"),
    ("currentPage", "cp"),
    ("face_count", "fc"),
    ("faceCount", "fc"),
    ("height", "h"),
    ("initial_aspect_ratio", "iar"),
    ("initialAspectRatio", "iar"),
    ("trimmed_aspect_ratio", "tar"),
    ("trimmedAspectRatio", "tar"),
    ("initial_height", "ih"),
    ("initialHeight", "ih"),
    ("initial_width", "iw"),
    ("initialWidth", "iw"),
    ("page_count", "pc"),
    ("pageCount", "pc"),
    ("page_x", "px"),
    ("pageX", "px"),
    ("page_y", "py"),
    ("pageY", "py"),
    ("tags", "tags"),
    ("width", "w"),
    ("duration", "du"),
    ("initial_duration", "idu"),
    ("initialDuration", "idu"),
    ("illustration_score", "ils"),
    ("context", "ctx"),
];

/// `w > 100 && $size * 2` becomes `w_gt_100_and_$size_mul_2`. A quoted `!text!` stays as it is.
pub(crate) fn normalize(text: &str) -> String {
    normalize_behind(None, text)
}

/// The same of what stands behind a colon, where no name of a variable begins.
pub(crate) fn normalize_behind_colon(text: &str) -> String {
    normalize_behind(Some(':'), text)
}

fn normalize_behind(mut before: Option<char>, text: &str) -> String {
    if is_quoted(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (taken, replacement) = token(rest, before).unwrap_or((first.len_utf8(), None));
        let (head, tail) = rest.split_at(taken);
        push_collapsed(&mut out, replacement.unwrap_or(head));
        before = head.chars().next_back();
        rest = tail;
    }
    out
}

fn is_quoted(text: &str) -> bool {
    text.len() > 2 && text.starts_with('!') && text.ends_with('!')
}

/// The token at the start of `rest`: its length, and what replaces it.
fn token(rest: &str, before: Option<char>) -> Option<(usize, Option<&'static str>)> {
    for (operator, word) in OPERATORS {
        if let Some(after) = rest.strip_prefix(operator)
            && after.starts_with([' ', '_'])
        {
            return Some((operator.len(), Some(word)));
        }
    }
    if let Some(name) = rest.strip_prefix('$') {
        // A variable of the user's keeps its name, whatever words it contains.
        let underscores = name.len() - name.trim_start_matches('_').len();
        let word = name[underscores..].find(['_', ' ']).unwrap_or(name.len() - underscores);
        if word > 0 {
            return Some((1 + underscores + word, None));
        }
        if underscores > 0 {
            return None;
        }
    }
    if matches!(before, Some('$' | ':')) {
        return None;
    }
    VARIABLES
        .iter()
        .chain(&[("illustrationScore", "ils")])
        .find(|(name, _)| rest.starts_with(name))
        .map(|(name, short)| (name.len(), Some(*short)))
}

/// Runs of spaces and underscores become one underscore.
fn push_collapsed(out: &mut String, piece: &str) {
    for c in piece.chars() {
        match c {
            ' ' | '_' if out.ends_with('_') => {}
            ' ' | '_' => out.push('_'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        for (given, expected) in [
            ("", ""),
            ("400", "400"),
            ("iw_div_2", "iw_div_2"),
            ("width > 100 && height <= 50", "w_gt_100_and_h_lte_50"),
            ("$width * 2", "$width_mul_2"),
            ("$__size_x", "$_size_x"),
            ("initial_width / 2", "iw_div_2"),
            ("16:9", "16:9"),
            ("!a width!", "!a width!"),
            ("preset:duration tags", "preset:duration_tags"),
            ("-5", "-5"),
            ("auto:low", "auto:low"),
            ("illustrationScore > 0.5", "ils_gt_0.5"),
        ] {
            assert_eq!(normalize(given), expected, "{given}");
        }
    }
}
