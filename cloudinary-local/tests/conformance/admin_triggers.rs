//! Triggers of notifications.

use crate::case::{Outcome, allowed, cases};
use crate::cloud::Cloud;

cases! { from_making_to_deleting }

async fn from_making_to_deleting(cloud: Cloud) -> Outcome {
    let admin = cloud.cld.admin();
    let [first, second] = ["a", "b"].map(|name| format!("https://example.com/{}", cloud.name(name)));
    let made = allowed(admin.create_trigger(&first, "delete_folder").await)?;
    let id = made.id.clone().expect("each has one");
    let outcome = change(&cloud, &id, &first, &second).await;
    admin.delete_trigger(&id).await?;
    let left = admin.triggers().await?;
    assert!(left.triggers.iter().all(|trigger| trigger.id.as_ref() != Some(&id)));
    outcome
}

async fn change(cloud: &Cloud, id: &str, first: &str, second: &str) -> Outcome {
    let admin = cloud.cld.admin();
    let listed = admin.triggers().event_type("delete_folder").await?;
    let found = listed.triggers.iter().find(|trigger| trigger.id.as_deref() == Some(id)).expect("it is listed");
    assert_eq!((found.uri.as_deref(), found.event_type.as_deref()), (Some(first), Some("delete_folder")));
    admin.update_trigger(id, second).await?;
    let listed = admin.triggers().await?;
    assert!(listed.triggers.iter().any(|trigger| trigger.uri.as_deref() == Some(second)), "{listed:?}");
    Ok(())
}
