//! Values of a search: numbers with units, times, ratios.

use time::{Date, Duration, OffsetDateTime, macros::format_description};

/// A moment a search speaks of: from its first second to before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Unix seconds.
    pub(super) begins: i64,
    /// Unix seconds; of a day, that of the next.
    pub(super) ends: i64,
    /// It was written as so long ago.
    pub(super) relative: bool,
}

/// `1000`, `1kb`, `1.5mb`, `2g`
pub(super) fn bytes(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    let digits = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match lower.get(digits.len()..)? {
        "" | "b" => 1.0,
        "k" | "kb" => 1024.0,
        "m" | "mb" => 1024.0 * 1024.0,
        "g" | "gb" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some(number(digits)? * factor)
}

pub(super) fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b".-".contains(&byte));
    if plain { text.parse().ok() } else { None }
}

/// `16:9` or `1.78`
pub(super) fn ratio(text: &str) -> Option<f64> {
    match text.split_once(':') {
        None => number(text),
        Some((width, height)) => number(width).zip(number(height).filter(|height| *height > 0.0)).map(|(w, h)| w / h),
    }
}

/// `2024-01-31`, `2024-01-31T10:00:00Z`, `1h`, `2d`, `3w`, `4m` (months), `5y`, `NOW`, `NOW-2d`
pub(super) fn moment(text: &str, now: i64) -> Option<Moment> {
    let at = |seconds: i64| Moment { begins: seconds, ends: seconds.saturating_add(1), relative: false };
    if text.eq_ignore_ascii_case("now") {
        return Some(at(now));
    }
    let ago = text.strip_prefix("NOW-").or_else(|| text.strip_prefix("now-")).unwrap_or(text);
    if let Some(seconds) = ago_seconds(ago) {
        return Some(Moment { relative: true, ..at(now.saturating_sub(seconds)) });
    }
    if let Ok(date) = Date::parse(text, format_description!("[year]-[month]-[day]")) {
        let begins = date.midnight().assume_utc();
        let ends = begins.checked_add(Duration::DAY)?;
        return Some(Moment { begins: begins.unix_timestamp(), ends: ends.unix_timestamp(), relative: false });
    }
    crate::admin::read_time(text).map(at)
}

fn ago_seconds(text: &str) -> Option<i64> {
    let unit = text.chars().last()?;
    let count: i64 = text.strip_suffix(unit)?.parse().ok().filter(|count| *count >= 0)?;
    let seconds = match unit {
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        'm' => 30 * 86_400,
        'y' => 365 * 86_400,
        _ => return None,
    };
    count.checked_mul(seconds)
}

/// The day a moment lies in, as `2024-01-31`.
pub(super) fn spelled(seconds: i64) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+00:00");
    OffsetDateTime::from_unix_timestamp(seconds).ok().and_then(|time| time.format(format).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        let table = [
            ("1000", Some(1000.0)),
            ("1kb", Some(1024.0)),
            ("1.5MB", Some(1_572_864.0)),
            ("1m", Some(1_048_576.0)),
            ("1tb", None),
            ("kb", None),
            ("inf", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(bytes(text), expected, "{text}");
        }
        assert_eq!([ratio("16:8"), ratio("1.5"), ratio("1:0"), ratio("x")], [Some(2.0), Some(1.5), None, None]);
    }

    #[test]
    fn moments() {
        let now = 1_000_000;
        let table = [
            ("1h", Some((now - 3600, now - 3599, true))),
            ("NOW-2d", Some((now - 172_800, now - 172_799, true))),
            ("NOW", Some((now, now + 1, false))),
            ("1970-01-02", Some((86_400, 172_800, false))),
            ("1970-01-02T00:00:01Z", Some((86_401, 86_402, false))),
            ("1x", None),
            ("-1d", None),
            ("soon", None),
        ];
        for (text, expected) in table {
            let expected = expected.map(|(begins, ends, relative)| Moment { begins, ends, relative });
            assert_eq!(moment(text, now), expected, "{text}");
        }
    }
}
