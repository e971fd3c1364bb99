//! The account: whether it answers, what it uses, how it is set up.

use super::{Admin, get};
use crate::answer::record;
use crate::client::request;
use crate::error::{Error, Result};

record! {
    /// The answer to a ping.
    pub struct Pong {
        /// `ok`.
        status: String,
    }
}

record! {
    /// What the account uses.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_product_environment_usage_details>.
    pub struct Usage {
        /// The name of the plan.
        plan: Option<String>,
        /// The day of the last count, as `2026-01-31`.
        last_updated: Option<String>,
        /// The day asked for, as `2026-01-31T00:00:00Z`.
        date_requested: Option<String>,
        /// Transformations made.
        transformations: Option<UsageItem>,
        /// Objects stored: originals and derived.
        objects: Option<UsageItem>,
        /// Bytes delivered.
        bandwidth: Option<UsageItem>,
        /// Bytes stored.
        storage: Option<UsageItem>,
        /// Images delivered.
        impressions: Option<UsageItem>,
        /// Seconds of video delivered.
        seconds_delivered: Option<UsageItem>,
        /// Credits, which the plan counts.
        credits: Option<UsageItem>,
        /// Deliveries.
        requests: Option<u64>,
        /// Originals stored.
        resources: Option<u64>,
        /// Derived assets stored.
        derived_resources: Option<u64>,
        /// Sizes the account accepts, in bytes and pixels, by the service's names.
        media_limits: std::collections::BTreeMap<String, u64>,
    }
}

record! {
    /// One thing that is used.
    pub struct UsageItem {
        /// How much, in the thing's own unit.
        usage: Option<f64>,
        /// How much is allowed.
        limit: Option<f64>,
        /// How many credits that is.
        credits_usage: Option<f64>,
        /// How much of the limit that is, in percent.
        used_percent: Option<f64>,
    }
}

record! {
    /// How the account is set up.
    pub struct AccountConfig {
        /// The name of the cloud.
        cloud_name: Option<String>,
        /// When the account was made, as `2013-06-25T17:20:30Z`.
        created_at: Option<String>,
        /// Its settings, if asked for.
        settings: Option<AccountSettings>,
    }
}

record! {
    /// Settings of the account.
    pub struct AccountSettings {
        /// `fixed` where folders are part of the public id, `dynamic` where they are not.
        folder_mode: Option<String>,
    }
}

record! {
    /// The types of resources there are.
    pub struct ResourceTypes {
        /// As `image`.
        resource_types: Vec<String>,
    }
}

request! {
    /// A call that tries whether the service answers and takes the key; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#ping_cloudinary_servers>.
    pub struct Ping -> Pong;
}

request! {
    /// A call that tells what the account uses; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_product_environment_usage_details>.
    pub struct GetUsage -> Usage;
}

impl GetUsage {
    /// As it was on a day of the last three months. Default: the last day that was counted.
    pub fn date(self, year: u16, month: u8, day: u8) -> Self {
        Self(self.0.try_edit(|call| {
            call.set_part(1, &day_text(year, month, day)?);
            Ok(())
        }))
    }
}

/// As the service writes a day here.
fn day_text(year: u16, month: u8, day: u8) -> Result<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u8::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if !(1..=days).contains(&day) || !(1000..=9999).contains(&year) {
        return Err(Error::invalid("date", &format!("{year}-{month}-{day}"), "there is no such day"));
    }
    Ok(format!("{day:02}-{month:02}-{year}"))
}

request! {
    /// A call that tells how the account is set up; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_product_environment_config_details>.
    pub struct GetConfig -> AccountConfig;

    /// Whether to tell the settings. Default: false.
    settings: switch => "settings",
}

request! {
    /// A call that tells which types of resources there are; `.await` it.
    pub struct ListResourceTypes -> ResourceTypes;
}

impl Admin {
    /// Tries whether the service answers and takes the key.
    pub fn ping(&self) -> Ping {
        Ping(self.request(get(&["ping"])))
    }

    /// What the account uses, and how much it may.
    pub fn usage(&self) -> GetUsage {
        GetUsage(self.request(get(&["usage"])))
    }

    /// How the account is set up.
    pub fn config(&self) -> GetConfig {
        GetConfig(self.request(get(&["config"])))
    }

    /// The types of resources there are.
    pub fn resource_types(&self) -> ListResourceTypes {
        ListResourceTypes(self.request(get(&["resources"])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        for (date, expected) in [
            ((2026, 1, 31), Some("31-01-2026")),
            ((2024, 2, 29), Some("29-02-2024")),
            ((2026, 2, 29), None),
            ((2026, 13, 1), None),
            ((2026, 4, 0), None),
            ((26, 4, 1), None),
        ] {
            assert_eq!(day_text(date.0, date.1, date.2).ok().as_deref(), expected, "{date:?}");
        }
    }

    #[test]
    fn usages() {
        let usage: Usage = serde_json::from_str(
            r#"{"plan":"Free","last_updated":"2026-01-31","storage":{"usage":36346,"credits_usage":0.03},
                "credits":{"usage":1.5,"limit":25,"used_percent":6.0},"requests":"12","url2png":{"usage":0}}"#,
        )
        .unwrap();
        assert_eq!(usage.credits.as_ref().and_then(|credits| credits.limit), Some(25.0));
        assert_eq!((usage.requests, usage.more.contains_key("url2png")), (Some(12), true));
    }
}
