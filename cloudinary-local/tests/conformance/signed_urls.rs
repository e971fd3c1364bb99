//! URLs with signatures.

use cloudinary_core::{DeliveryType, Transformation, UploadOptions};

use crate::case::{Outcome, cases};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { delivery, altered, downloads }

async fn hidden(cloud: &Cloud) -> Result<cloudinary_core::AssetUrl, cloudinary_core::Error> {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new().delivery_type(DeliveryType::Authenticated)).await?;
    Ok(cloud.cld.image(stored.asset()?))
}

async fn delivery(cloud: Cloud) -> Outcome {
    let image = hidden(&cloud).await?;
    assert_eq!(cloud.get(&image.signed_url()?).await?.size(), (40, 20));
    // The version is not signed.
    assert_eq!(cloud.get(&image.clone().version(1).signed_url()?).await?.size(), (40, 20));
    Ok(())
}

async fn altered(cloud: Cloud) -> Outcome {
    let image = hidden(&cloud).await?.transform(Transformation::new().width(10).crop("scale"));
    let signed = image.signed_url()?;
    for altered in [signed.replace("w_10", "w_11"), signed.replace("/s--", "/s--A")] {
        assert_ne!(altered, signed);
        let status = cloud.get(&altered).await?.status;
        assert!(matches!(status, 400..=404), "{altered}: {status}");
    }
    Ok(())
}

async fn downloads(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new().delivery_type(DeliveryType::Private)).await?;
    let url = cloud.cld.private_download(stored.asset()?).attachment(true).url()?;
    let delivered = cloud.get(&url).await?;
    assert_eq!((delivered.status, delivered.bytes == png(40, 20)), (200, true), "{delivered:?}");
    assert!(delivered.header("content-disposition").starts_with("attachment"), "{delivered:?}");
    let altered = url.replace("attachment=", "attachment=0");
    assert_ne!(cloud.get(&altered).await?.status, 200);
    Ok(())
}
