//! Upload mappings.

use crate::case::{Outcome, allowed, cases, refused};
use crate::cloud::Cloud;

cases! { from_making_to_deleting }

async fn from_making_to_deleting(cloud: Cloud) -> Outcome {
    let (admin, folder) = (cloud.cld.admin(), cloud.name("folder"));
    allowed(admin.create_upload_mapping(&folder, "https://example.com/one/").await)?;
    let made = admin.upload_mapping(&folder).await;
    admin.update_upload_mapping(&folder, "https://example.com/two/").await?;
    let changed = admin.upload_mapping(&folder).await;
    admin.delete_upload_mapping(&folder).await?;
    assert_eq!(made?.template.as_deref(), Some("https://example.com/one/"));
    assert_eq!(changed?.template.as_deref(), Some("https://example.com/two/"));
    refused(admin.upload_mapping(&folder).await, 404, "");
    Ok(())
}
