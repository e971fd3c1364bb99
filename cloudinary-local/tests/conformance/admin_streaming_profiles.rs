//! Streaming profiles.

use cloudinary_core::{Crop, Transformation};

use crate::case::{Outcome, allowed, cases, refused};
use crate::cloud::Cloud;

cases! { predefined, own }

async fn predefined(cloud: Cloud) -> Outcome {
    let profiles = cloud.cld.admin().streaming_profiles().await?;
    for name in ["4k", "full_hd", "hd", "sd", "full_hd_wifi", "full_hd_lean", "hd_lean"] {
        let found = profiles.data.iter().find(|profile| profile.name == name);
        assert!(found.is_some_and(|profile| profile.predefined), "{name}: {found:?}");
    }
    Ok(())
}

async fn own(cloud: Cloud) -> Outcome {
    let (admin, name) = (cloud.cld.admin(), cloud.name("own"));
    let small = Transformation::new().width(640).height(360).crop(Crop::Limit);
    allowed(admin.create_streaming_profile(&name, [small]).display_name("Small").await)?;
    let told = admin.streaming_profile(&name).await;
    admin.delete_streaming_profile(&name).await?;
    let profile = told?.into_inner().data;
    assert_eq!((profile.name.as_str(), profile.display_name.as_deref()), (name.as_str(), Some("Small")));
    // A list of the steps, each an object of options.
    assert_eq!(profile.representations[0].transformation[0]["width"], 640);
    refused(admin.streaming_profile(&name).await, 404, "");
    Ok(())
}
