//! Structured metadata: its fields, and values of assets.

use cloudinary_core::UploadOptions;
use cloudinary_core::admin::{MetadataFieldDefinition, MetadataType};

use crate::case::{Outcome, allowed, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { texts, choices, twice, missing }

async fn texts(cloud: Cloud) -> Outcome {
    let (admin, id) = (cloud.cld.admin(), cloud.name("text"));
    let definition = MetadataFieldDefinition::new(MetadataType::String, &id).external_id(&id);
    let field = allowed(admin.create_metadata_field(&definition).await)?;
    let outcome = values(&cloud, &id).await;
    let listed = admin.metadata_fields().await;
    admin.delete_metadata_field(&id).await?;
    assert_eq!((&field.external_id, field.label.as_ref()), (&id, Some(&id)));
    assert!(listed?.metadata_fields.iter().any(|field| field.external_id == id));
    refused(admin.metadata_field(&id).await, 404, "");
    outcome
}

async fn values(cloud: &Cloud, id: &str) -> Outcome {
    let stored = cloud.store("a", png(4, 4), UploadOptions::new().metadata([(id, "one")])).await?;
    assert_eq!(stored.metadata.as_ref().map(|values| &values[id]), Some(&"one".into()));
    let changed = cloud.cld.update_metadata([(id, "two")], [cloud.id("a")]).await?;
    assert_eq!(changed.public_ids, [cloud.id("a")]);
    let details = cloud.cld.admin().resource(cloud.id("a")).await?;
    assert_eq!(details.metadata.as_ref().map(|values| &values[id]), Some(&"two".into()));
    Ok(())
}

async fn choices(cloud: Cloud) -> Outcome {
    let (admin, id) = (cloud.cld.admin(), cloud.name("choice"));
    let definition = MetadataFieldDefinition::new(MetadataType::Enum, &id)
        .external_id(&id)
        .datasource([("s", "Summer"), ("w", "Winter")]);
    allowed(admin.create_metadata_field(&definition).await)?;
    let good = cloud.store("a", png(4, 4), UploadOptions::new().metadata([(&id, "s")])).await;
    let bad = cloud.store("b", png(4, 4), UploadOptions::new().metadata([(&id, "spring")])).await;
    admin.delete_metadata_field(&id).await?;
    assert_eq!(good?.metadata.as_ref().map(|values| &values[&id]), Some(&"s".into()));
    refused(bad, 400, "");
    Ok(())
}

async fn twice(cloud: Cloud) -> Outcome {
    let (admin, id) = (cloud.cld.admin(), cloud.name("twice"));
    let definition = MetadataFieldDefinition::new(MetadataType::Integer, &id).external_id(&id);
    allowed(admin.create_metadata_field(&definition).await)?;
    let again = admin.create_metadata_field(&definition).await;
    admin.delete_metadata_field(&id).await?;
    refused(again, 409, &format!("external id {id} already exists"));
    Ok(())
}

async fn missing(cloud: Cloud) -> Outcome {
    refused(cloud.cld.admin().metadata_field(&cloud.name("nobody")).await, 404, "");
    Ok(())
}
