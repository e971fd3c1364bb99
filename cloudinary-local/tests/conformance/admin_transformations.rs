//! Transformations in use, and named ones.

use cloudinary_core::{Crop, Transformation, UploadOptions};
use futures_util::TryStreamExt as _;

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { named, in_use, missing }

async fn named(cloud: Cloud) -> Outcome {
    let (admin, name) = (cloud.cld.admin(), cloud.name("card"));
    let fill = Transformation::new().width(10).height(8).crop(Crop::Fill);
    admin.create_transformation(&name, &fill).await?;
    let outcome = use_named(&cloud, &name).await;
    admin.delete_transformation(name.as_str()).await?;
    refused(admin.transformation(name.as_str()).await, 404, "");
    outcome
}

async fn use_named(cloud: &Cloud, name: &str) -> Outcome {
    let admin = cloud.cld.admin();
    let details = admin.transformation(name).await?;
    assert!(details.named && !details.used, "{details:?}");
    let step = &details.info[0];
    assert_eq!((&step["width"], &step["height"], &step["crop"]), (&10.into(), &8.into(), &"fill".into()));
    let all: Vec<_> = admin.transformations().named(true).max_results(500).stream().try_collect().await?;
    assert!(all.iter().any(|one| one.name == format!("t_{name}") && one.named));

    let stored = cloud.store("a", png(40, 20), UploadOptions::new()).await?;
    let url = cloud.cld.image(stored.asset()?).transform(Transformation::named(name)).url()?;
    assert_eq!(cloud.get(&url).await?.size(), (10, 8));
    Ok(())
}

async fn in_use(cloud: Cloud) -> Outcome {
    // A size that nobody else asks for.
    let odd = Transformation::new().width(1371).height(1373).crop(Crop::Fill);
    cloud.store("a", png(40, 20), UploadOptions::new().eager([&odd])).await?;
    let details = cloud.cld.admin().transformation(&odd).await?;
    assert!(details.used && !details.named, "{details:?}");
    assert!(details.derived.iter().any(|derived| derived.public_id == cloud.id("a")), "{details:?}");
    Ok(())
}

async fn missing(cloud: Cloud) -> Outcome {
    refused(cloud.cld.admin().transformation(cloud.name("nobody")).await, 404, "");
    Ok(())
}
