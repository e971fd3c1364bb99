//! What the account is: whether it answers, what it has used, how it is set up.

use serde_json::{Value, json};
use time::{Date, OffsetDateTime, macros::format_description};

use super::{Asked, not_carried_out};
use crate::{app::App, http::ApiError, ids, store::Usage};

/// `GET /ping`
pub(super) fn ping(asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    Ok(json!({ "status": "ok" }))
}

/// `GET /resources`
pub(super) fn resource_types(asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    Ok(json!({ "resource_types": ["image", "raw"] }))
}

/// `GET /config`
pub(super) async fn config(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let settings = asked.flag("settings")?;
    asked.finish()?;
    let created_at = app.store.setting_or("created_at", &iso(ids::now())).await?;
    let mut answer = json!({ "cloud_name": app.settings.cloud_name, "created_at": created_at });
    if settings {
        // Folder and public_id are told apart, as in the service's newer accounts.
        answer["settings"] = json!({ "folder_mode": "dynamic" });
    }
    Ok(answer)
}

/// `GET /usage`, `GET /usage/{date}`. Only what is stored is counted, as it is now: nothing is metered by the day.
pub(super) async fn usage(app: &App, date: Option<&str>, asked: &mut Asked) -> Result<Value, ApiError> {
    let asked_date = asked.given("date")?;
    asked.finish()?;
    let date = date.or(asked_date.as_deref());
    let today = OffsetDateTime::now_utc().date();
    if let Some(date) = date {
        let parsed = ["[day]-[month]-[year]", "[year]-[month]-[day]"].iter().find_map(|format| {
            let format = time::format_description::parse_borrowed::<2>(format).ok()?;
            Date::parse(date, &format).ok()
        });
        let parsed = parsed.ok_or_else(|| ApiError::invalid("date", format_args!("{date} is no date")))?;
        if parsed > today {
            return Err(not_carried_out(&format!("usage of {date}: it is in the future")));
        }
    }
    let Usage { resources, derived, bytes } = app.store.usage().await?;
    let limits = &app.settings.limits;
    let spelled = format_description!("[year]-[month]-[day]");
    Ok(json!({
        "plan": "Local",
        "last_updated": today.format(spelled).unwrap_or_default(),
        "date_requested": date.map_or_else(|| today.format(spelled).unwrap_or_default(), str::to_owned),
        "transformations": { "usage": derived },
        "objects": { "usage": resources + derived },
        // Not metered.
        "bandwidth": {},
        "storage": { "usage": bytes },
        "requests": app.calls.made(),
        "resources": resources,
        "derived_resources": derived,
        "media_limits": {
            "image_max_size_bytes": limits.image_max_bytes,
            "video_max_size_bytes": 0,
            "raw_max_size_bytes": limits.raw_max_bytes,
            "image_max_px": limits.pictures.max_pixels,
            "asset_max_total_px": limits.pictures.max_pixels,
        },
    }))
}

/// `2013-06-25T17:20:30Z`
pub(super) fn iso(seconds: i64) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    OffsetDateTime::from_unix_timestamp(seconds).ok().and_then(|time| time.format(format).ok()).unwrap_or_default()
}

/// The time a client wrote, in Unix seconds: RFC 3339, or `yyyy-mm-dd hh:mm:ss` in UTC, or a date.
pub(crate) fn read_time(text: &str) -> Option<i64> {
    use time::{PrimitiveDateTime, format_description::well_known::Rfc3339};
    if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(time.unix_timestamp());
    }
    let spaced = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let joined = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    for format in [spaced, joined] {
        if let Ok(time) = PrimitiveDateTime::parse(text.trim_end_matches(" UTC"), format) {
            return Some(time.assume_utc().unix_timestamp());
        }
    }
    let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    Some(date.midnight().assume_utc().unix_timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let table = [
            ("1970-01-02T00:00:01Z", Some(86401)),
            ("1970-01-02T01:00:01+01:00", Some(86401)),
            ("1970-01-02 00:00:01", Some(86401)),
            ("1970-01-02 00:00:01 UTC", Some(86401)),
            ("1970-01-02T00:00:01", Some(86401)),
            ("1970-01-02", Some(86400)),
            ("yesterday", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(read_time(text), expected, "{text}");
        }
        assert_eq!(iso(86401), "1970-01-02T00:00:01Z");
    }
}
