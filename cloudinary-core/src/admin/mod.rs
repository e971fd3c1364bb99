//! The Admin API: looking at, changing and deleting what is stored, and the account's definitions.
//!
//! Its calls count against the account's hourly limit, which each [`Answer`](crate::Answer) tells. It needs key and
//! secret, or a bearer token.
//!
//! Follows <https://cloudinary.com/documentation/admin_api>.

mod account;
mod analysis;
mod delete;
mod details;
mod folders;
mod metadata_fields;
mod metadata_rules;
mod metadata_validation;
mod notifications;
mod publish;
mod related;
mod resource;
mod resources;
mod restore;
mod streaming_profiles;
mod tags;
mod transformations;
mod triggers;
mod update;
mod upload_mappings;
mod upload_presets;
mod visual_search;

use http::Method;

pub use self::account::{
    AccountConfig, AccountSettings, GetConfig, GetUsage, ListResourceTypes, Ping, Pong, ResourceTypes, Usage, UsageItem,
};
pub use self::analysis::{Analysis, AnalysisData, Analyze};
pub use self::delete::{DeleteDerived, DeleteResources, DeletedCount, Deletion, MAX_DERIVED_IDS};
pub use self::details::{AssetVersion, DerivedResource, GetResource, RelatedAsset, ResourceDetails};
pub use self::folders::{
    CreateFolder, CreatedFolder, DeleteFolder, DeletedFolder, Folder, FolderPage, ListFolders, RenameFolder,
    RenamedFolder,
};
pub use self::metadata_fields::{
    DataSource, DataSourceEntry, DataSourceValues, DeleteMetadataField, GetMetadataField, ListMetadataFields,
    MetadataField, MetadataFieldDefinition, MetadataFieldOrder, MetadataFields, MetadataType, PutDataSource,
    PutMetadataField,
};
pub use self::metadata_rules::{
    DeleteMetadataRule, ListMetadataRules, MetadataRule, MetadataRuleDefinition, MetadataRules, PutMetadataRule,
    RuleCondition, RuleResult,
};
pub use self::metadata_validation::Validation;
pub use self::notifications::{
    AckNotifications, Acknowledged, GetNotifications, Notification, NotificationSource, Notifications,
};
pub use self::publish::{Publish, Published};
pub use self::related::{MAX_RELATED, RelateAssets, RelatedOutcome, RelatedOutcomes};
pub use self::resource::Resource;
pub use self::resources::{Direction, ListResources, MAX_IDS, MAX_LISTED_ASSET_IDS, ResourcePage};
pub use self::restore::{Restore, Restored, RestoredAsset};
pub use self::streaming_profiles::{
    DeleteStreamingProfile, DeletedStreamingProfile, GetStreamingProfile, ListStreamingProfiles, PutStreamingProfile,
    Representation, StreamingProfile, StreamingProfileAnswer, StreamingProfiles,
};
pub use self::tags::{ListTags, TagPage};
pub use self::transformations::{
    ChangeTransformation, DerivedAsset, GetTransformation, ListTransformations, TransformationDetails,
    TransformationKey, TransformationPage, TransformationSummary, UpdateTransformation,
};
pub use self::triggers::{CreateTrigger, ListTriggers, PutTrigger, TestTrigger, Trigger, TriggerTest, Triggers};
pub use self::update::UpdateResource;
pub use self::upload_mappings::{
    GetUploadMapping, ListUploadMappings, PutUploadMapping, UploadMapping, UploadMappingPage,
};
pub use self::upload_presets::{
    DeleteUploadPreset, GetUploadPreset, ListUploadPresets, PutUploadPreset, UploadPreset, UploadPresetPage,
};
pub use self::visual_search::{VisualQuery, VisualSearch};
use crate::answer::record;
pub use crate::answer::{
    AccessRule, AccessibilityAnalysis, CinemagraphAnalysis, ColorShare, ColorblindAnalysis, Coordinates, Moderation,
    Predominant, QualityAnalysis,
};
use crate::client::{Call, Cloudinary, Repeat, Request};
use crate::error::{Error, Result};

/// The calls of the Admin API; [`Cloudinary::admin`] gives it.
///
/// Each call can fail, when awaited, with [`Error::MissingConfig`] without key or secret,
/// with [`Error::Transport`] and [`Error::Api`], and with
/// [`Error::InvalidParameter`], before anything is sent, for a name that is empty or has
/// `.` or `..` between its slashes, and for a list that is empty or too long.
///
/// ```no_run
/// # async fn example() -> cloudinary_core::Result<()> {
/// use cloudinary_core::Cloudinary;
///
/// let admin = Cloudinary::from_env()?.admin();
/// let page = admin.resources().prefix("albums/").max_results(50).tags(true).await?;
/// for resource in &page.resources {
///     println!("{} {:?} {} bytes", resource.public_id, resource.tags, resource.bytes);
/// }
/// println!("{:?}", page.rate_limit());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Admin {
    client: Cloudinary,
}

impl Admin {
    pub(crate) fn new(client: Cloudinary) -> Self {
        Self { client }
    }

    fn request<T>(&self, call: Call) -> Request<T> {
        Request::new(&self.client, call)
    }

    fn checked<T>(&self, call: Result<Call>) -> Request<T> {
        Request::checked(&self.client, call)
    }
}

record! {
    /// An answer that only says that it was done.
    pub struct Done {
        /// `ok`, or what was done, in the service's words.
        message: String = String::new(),
    }
}

fn get(path: &[&str]) -> Call {
    Call::admin_api(Method::GET, path)
}

/// Made again only when it was certainly not carried out, unless its file says otherwise.
fn post(path: &[&str]) -> Call {
    Call::admin_api(Method::POST, path)
}

/// Sets a state: twice comes to the same as once.
fn put(path: &[&str]) -> Call {
    Call::admin_api(Method::PUT, path).repeat(Repeat::Safe)
}

/// What is gone stays gone.
fn delete(path: &[&str]) -> Call {
    Call::admin_api(Method::DELETE, path).repeat(Repeat::Safe)
}

/// A name that stands in the path, where some would make another call of it.
fn named<'a>(parameter: &str, name: &'a str) -> Result<&'a str> {
    if name.trim_matches('/').is_empty() {
        return Err(Error::invalid(parameter, name, "it must not be empty"));
    }
    if name.split('/').any(|part| part == "." || part == "..") {
        return Err(Error::invalid(parameter, name, "no part of it may be . or .."));
    }
    Ok(name)
}

/// Several names, at least one, none of them empty. Where no limit is documented, the service says what is too many.
fn names(parameter: &str, names: impl IntoIterator<Item: Into<String>>) -> Result<Vec<String>> {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    if names.is_empty() {
        return Err(Error::invalid(parameter, "", "give at least one"));
    }
    if names.iter().any(String::is_empty) {
        return Err(Error::invalid(parameter, "", "none of them may be empty"));
    }
    Ok(names)
}

/// The same, at most so many, as the service documents it.
fn names_up_to(most: usize, parameter: &str, list: impl IntoIterator<Item: Into<String>>) -> Result<Vec<String>> {
    let list = names(parameter, list)?;
    at_most(most, parameter, list.len())?;
    Ok(list)
}

fn at_most(most: usize, parameter: &str, count: usize) -> Result<()> {
    if count > most {
        let remedy = format!("give at most {most} in one call");
        return Err(Error::invalid(parameter, &format!("{count} of them"), remedy));
    }
    Ok(())
}

/// With a parameter.
fn with(mut call: Call, name: &str, value: impl Into<serde_json::Value>) -> Call {
    call.set(name, value);
    call
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_paths() {
        for (name, usable) in [
            ("a/b", true),
            ("a..b", true),
            ("", false),
            ("//", false),
            ("..", false),
            ("a/../b", false),
            ("./a", false),
        ] {
            assert_eq!(named("folder", name).is_ok(), usable, "{name:?}");
        }
    }

    #[test]
    fn lists_of_names() {
        for (list, expected) in [
            (vec!["a", "b"], None),
            (vec![], Some("ids: \"\" cannot be used; give at least one")),
            (vec!["a", ""], Some("ids: \"\" cannot be used; none of them may be empty")),
            (vec!["a", "b", "c"], Some("ids: \"3 of them\" cannot be used; give at most 2 in one call")),
        ] {
            assert_eq!(names_up_to(2, "ids", list).err().map(|error| error.to_string()).as_deref(), expected);
        }
    }
}
