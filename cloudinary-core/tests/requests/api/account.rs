//! The account, triggers, notifications and analyses.

use cloudinary_core::admin::NotificationSource;
use cloudinary_core::{Cloudinary, Error, Result};
use serde_json::{Map, Value as Json};

use crate::given::{answered, given_options, json, text, texts};

pub(super) async fn perform(
    cld: &Cloudinary,
    call: &str,
    args: &[Json],
    kwargs: &Map<String, Json>,
) -> Option<Result<Json>> {
    let admin = cld.admin();
    let first = args.first().unwrap_or(&Json::Null);
    let second = args.get(1).unwrap_or(&Json::Null);
    Some(match call {
        "ping" => answered!(admin.ping()),
        "usage" => match kwargs.get("date") {
            None => answered!(admin.usage()),
            Some(date) => {
                let date = text(date);
                let mut parts: Vec<u16> = date.split('-').map(|part| part.parse().expect("a number")).collect();
                // A date is written from the year on, a text as it is sent: from the day on.
                if parts[0] < 1000 {
                    parts.reverse();
                }
                let (month, day) = (u8::try_from(parts[1]).expect("a month"), u8::try_from(parts[2]).expect("a day"));
                answered!(admin.usage().date(parts[0], month, day))
            }
        },
        "config" => answered!(given_options!(admin.config(), kwargs, "settings" => settings: switch)),
        "resource_types" => answered!(admin.resource_types()),
        "triggers" => answered!(given_options!(admin.triggers(), kwargs, "event_type" => event_type: text)),
        "create_trigger" => answered!(given_options!(
            admin.create_trigger(&text(first), &text(second)), kwargs, "uri_type" => uri_type: text,
        )),
        "update_trigger" => answered!(admin.update_trigger(&text(first), &text(second))),
        "delete_trigger" => answered!(admin.delete_trigger(&text(first))),
        "test_trigger" => {
            let mut request = admin.test_trigger(&text(first));
            if let Some(sample) = kwargs.get("sample_data") {
                request = request.sample_data(json(sample));
            }
            answered!(request)
        }
        "notifications" => {
            let source = match (kwargs.get("channel"), kwargs.get("batch_id")) {
                (Some(channel), None) => NotificationSource::Channel(text(channel)),
                (None, Some(batch_id)) => NotificationSource::Batch(text(batch_id)),
                // The type leaves no room for both or none.
                _ => return Some(Err(Error::Config("one of channel and batch_id".to_owned()))),
            };
            answered!(given_options!(admin.notifications(source), kwargs,
                "max_messages" => max_messages: number, "wait_seconds" => wait_seconds: number,
                "visibility_timeout" => visibility_timeout: number,
            ))
        }
        "ack_notifications" => answered!(admin.ack_notifications(texts(first))),
        "analyze" => {
            let uri = kwargs.get("uri").or(args.get(2)).map(text).unwrap_or_default();
            let request = admin.analyze(&text(second), &uri);
            answered!(given_options!(request, kwargs, "parameters" => parameters: json))
        }
        _ => return None,
    })
}
