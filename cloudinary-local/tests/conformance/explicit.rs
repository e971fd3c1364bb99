//! Options applied to what is stored.

use cloudinary_core::{AssetRef, Crop, Transformation, UploadOptions};

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { eager, tags_and_context, coordinates, missing }

async fn eager(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new()).await?;
    let fill = Transformation::new().width(15).height(23).crop(Crop::Fill);
    let answer = cloud.cld.explicit(stored.asset()?, &UploadOptions::new().eager([fill])).await?;
    assert_eq!((answer.eager[0].width, answer.eager[0].height), (15, 23));
    assert_eq!(cloud.get(&answer.eager[0].secure_url).await?.size(), (15, 23));
    Ok(())
}

async fn tags_and_context(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(4, 4), UploadOptions::new().tags(["old"]).context([("k", "v")])).await?;
    let answer = cloud.cld.explicit(stored.asset()?, &UploadOptions::new().tags(["new"])).await?;
    assert_eq!(answer.tags, ["new"], "those given take the place of all");
    assert_eq!(answer.context_text("k"), Some("v"), "what is not given stays");
    Ok(())
}

async fn coordinates(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(241, 51), UploadOptions::new()).await?;
    let options = UploadOptions::new().face_coordinates([[1, 2, 3, 4]]).custom_coordinates([1, 2, 3, 4]);
    cloud.cld.explicit(stored.asset()?, &options).await?;
    let details = cloud.cld.admin().resource(stored.asset()?).coordinates(true).await?;
    let kept = details.coordinates.as_ref().expect("they were asked for");
    assert_eq!((&kept.faces, &kept.custom), (&vec![vec![1, 2, 3, 4]], &vec![vec![1, 2, 3, 4]]));
    Ok(())
}

async fn missing(cloud: Cloud) -> Outcome {
    let nobody = AssetRef::image(cloud.id("nobody"));
    let words = format!("Resource not found - {}", nobody.public_id);
    refused(cloud.cld.explicit(nobody, &UploadOptions::new().tags(["a"])).await, 404, &words);
    Ok(())
}
