//! The sizes that crop modes make.

use cloudinary_core::{Transformation, UploadOptions};

use crate::case::{Outcome, cases};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { sizes, chains, thumbnails }

/// The sizes that transformations make of one of 400 × 200 pixels.
async fn check(cloud: &Cloud, table: &[(&str, (u32, u32))]) -> Outcome {
    let stored = cloud.store("a", png(400, 200), UploadOptions::new()).await?;
    for (text, size) in table {
        let url = cloud.cld.image(stored.asset()?).transform(Transformation::new().raw(text)).url()?;
        assert_eq!(cloud.get(&url).await?.size(), *size, "{text}");
    }
    Ok(())
}

async fn sizes(cloud: Cloud) -> Outcome {
    let table = [
        ("c_scale,w_100", (100, 50)),
        ("c_scale,h_100,w_100", (100, 100)),
        ("c_scale,w_0.5", (200, 100)),
        ("c_fit,h_100,w_100", (100, 50)),
        ("c_fit,h_800,w_800", (800, 400)),
        ("c_limit,h_100,w_100", (100, 50)),
        ("c_limit,h_800,w_800", (400, 200)),
        ("c_mfit,h_800,w_800", (800, 400)),
        ("c_mfit,h_20,w_20", (400, 200)),
        ("c_fill,h_100,w_100", (100, 100)),
        ("c_fill,h_800,w_800", (800, 800)),
        ("c_lfill,h_100,w_100", (100, 100)),
        ("c_lfill,h_800,w_800", (400, 200)),
        ("c_pad,h_100,w_100", (100, 100)),
        ("c_lpad,h_800,w_800", (800, 800)),
        ("c_mpad,h_800,w_800", (800, 800)),
        ("c_mpad,h_20,w_20", (400, 200)),
        ("c_crop,h_50,w_60", (60, 50)),
        ("c_crop,h_50,w_60,x_10,y_10", (60, 50)),
        ("c_crop,h_0.5,w_0.5", (200, 100)),
        ("ar_1:1,c_fill,w_100", (100, 100)),
        ("c_scale,dpr_2.0,w_100", (200, 100)),
        ("a_90", (200, 400)),
    ];
    check(&cloud, &table).await
}

async fn chains(cloud: Cloud) -> Outcome {
    check(&cloud, &[("c_fill,h_100,w_100/c_scale,w_50", (50, 50)), ("c_crop,h_100,w_300/a_90", (100, 300))]).await
}

async fn thumbnails(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", crate::pictures::portrait(), UploadOptions::new()).await?;
    let thumbnail = Transformation::new().width(150).height(100).crop("thumb").gravity("face");
    let url = cloud.cld.image(stored.asset()?).transform(thumbnail).url()?;
    assert_eq!(cloud.get(&url).await?.size(), (150, 100));
    Ok(())
}
