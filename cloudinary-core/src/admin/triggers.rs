//! Notification triggers: what is told where.

use serde_json::Value as Json;

use super::{Admin, delete, get, named, post, put, with};
use crate::answer::record;
use crate::client::{Repeat, request};

record! {
    /// The triggers there are.
    pub struct Triggers {
        /// The triggers.
        triggers: Vec<Trigger>,
    }
}

record! {
    /// What is told where.
    pub struct Trigger {
        /// Its id; absent in the answer to deleting it.
        id: Option<String>,
        /// Where the notification goes.
        uri: Option<String>,
        /// `webhook`, `flow` or `poll`.
        uri_type: Option<String>,
        /// What is told, as `upload` or `all`.
        event_type: Option<String>,
        /// When it was made, as `2013-06-25T17:20:30Z`.
        created_at: Option<String>,
        /// When it was changed, as `2013-06-25T17:20:30Z`.
        updated_at: Option<String>,
        /// What was done, in the answers to changes.
        message: Option<String>,
    }
}

record! {
    /// Whether a trigger would notify.
    pub struct TriggerTest {
        /// Whether the filter lets the sample through.
        matched: Option<bool>,
        /// In words.
        message: Option<String>,
    }
}

request! {
    /// A call that lists triggers; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_webhook_notification_triggers>.
    pub struct ListTriggers -> Triggers;

    /// Only those of one event. Default: all.
    event_type: text => "event_type",
}

request! {
    /// A call that makes a trigger; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#create_webhook_notification_trigger>.
    pub struct CreateTrigger -> Trigger;

    /// `webhook`, which posts to the address; `flow`; or `poll`, which keeps notifications for
    /// [`Admin::notifications`]. Default: `webhook`.
    uri_type: text => "uri_type",
}

request! {
    /// A call that changes or deletes a trigger; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#update_webhook_notification_trigger>.
    pub struct PutTrigger -> Trigger;
}

request! {
    /// A call that tries a trigger's filter on a sample, without notifying anybody; `.await` it.
    pub struct TestTrigger -> TriggerTest;

    /// A notification to try, as an object.
    sample_data: json => "sample_data",
}

impl Admin {
    /// Lists the triggers.
    pub fn triggers(&self) -> ListTriggers {
        ListTriggers(self.request(get(&["triggers"])))
    }

    /// Makes a trigger: an event, as `upload`, `delete`, `moderation` or `all`, is told to an address. For polling that
    /// is `poll://channel`, or `poll://*`.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// cld.admin().create_trigger("https://example.com/hooks", "upload").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_trigger(&self, uri: &str, event_type: &str) -> CreateTrigger {
        // An address is no name, but an empty one is of no use either.
        let call = named("uri", uri).and_then(|uri| {
            let event_type = named("event_type", event_type)?;
            Ok(with(with(post(&["triggers"]), "uri", uri), "event_type", event_type))
        });
        CreateTrigger(self.checked(call))
    }

    /// Gives a trigger another address.
    pub fn update_trigger(&self, id: &str, new_uri: &str) -> PutTrigger {
        let call =
            named("id", id).and_then(|id| Ok(with(put(&["triggers", id]), "new_uri", named("new_uri", new_uri)?)));
        PutTrigger(self.checked(call))
    }

    /// Deletes a trigger.
    pub fn delete_trigger(&self, id: &str) -> PutTrigger {
        PutTrigger(self.checked(named("id", id).map(|id| delete(&["triggers", id]))))
    }

    /// Tries a trigger's filter.
    pub fn test_trigger(&self, id: &str) -> TestTrigger {
        let call = named("id", id).map(|id| {
            // The service wants the field even when it is empty.
            with(post(&["triggers", id, "test"]).repeat(Repeat::Safe), "sample_data", Json::Null)
        });
        TestTrigger(self.checked(call))
    }
}
