//! Which assets go into an archive, and how.

use crate::{
    http::ApiError,
    settings::Settings,
    store::{AssetKey, DeliveryType, ResourceType},
    upload::{
        action::{Action, Named, stored_type},
        public_id,
        request::{Eager, eager},
        values,
    },
    webhook::Destinations,
};

pub(super) const PARAMETERS: Named = Named {
    done: &[
        "allow_missing",
        "async",
        "expires_at",
        "flatten_folders",
        "flatten_transformations",
        "fully_qualified_public_ids",
        "keep_derived",
        "mode",
        "notification_url",
        "prefixes",
        "public_ids",
        "skip_transformation_name",
        "tags",
        "target_asset_folder",
        "target_format",
        "target_public_id",
        "target_tags",
        "transformations",
        "type",
        "use_original_filename",
    ],
    refused: &[("batch_id", "batches are named by the server"), ("phash", "what is in an archive is not analysed")],
};

/// What to do with an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// It becomes a raw asset.
    Create,
    /// It is the answer.
    Download,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Zip,
    Tgz,
}

impl Container {
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tgz => "tgz",
        }
    }

    pub(super) fn mime(self) -> &'static str {
        match self {
            Self::Zip => "application/zip",
            Self::Tgz => "application/gzip",
        }
    }
}

/// How files are called inside the archive.
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of its own")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) flatten_folders: bool,
    pub(super) flatten_transformations: bool,
    pub(super) skip_transformation_name: bool,
    pub(super) use_original_filename: bool,
}

/// An archive, as it was asked for.
#[derive(Debug, Clone)]
pub(super) struct ArchiveRequest {
    pub(super) mode: Mode,
    pub(super) container: Container,
    pub(super) resource_types: Vec<ResourceType>,
    pub(super) delivery_type: DeliveryType,
    pub(super) public_ids: Vec<String>,
    pub(super) qualified: Vec<AssetKey>,
    pub(super) tags: Vec<String>,
    pub(super) prefixes: Vec<String>,
    /// None at all means the originals.
    pub(super) transformations: Vec<Eager>,
    pub(super) names: Names,
    pub(super) allow_missing: bool,
    pub(super) in_background: bool,
    pub(super) target_public_id: Option<String>,
    pub(super) target_tags: Vec<String>,
    pub(super) target_asset_folder: Option<String>,
    pub(super) notification_url: Destinations,
}

impl ArchiveRequest {
    pub(super) fn read(
        settings: &Settings,
        resource_type: &str,
        action: &Action,
        mode: Mode,
    ) -> Result<Self, ApiError> {
        let list = |name: &str| action.form.list(name);
        let mode = match action.given("mode") {
            None => mode,
            Some("create") => Mode::Create,
            Some("download") => Mode::Download,
            Some(other) => return Err(ApiError::invalid("mode", format_args!("{other}; use create or download"))),
        };
        let container = match action.given("target_format") {
            None | Some("zip") => Container::Zip,
            Some("tgz") => Container::Tgz,
            Some(other) => return Err(ApiError::invalid("target_format", format_args!("{other}; use zip or tgz"))),
        };
        let resource_types = match resource_type {
            "all" => vec![ResourceType::Image, ResourceType::Raw],
            one => vec![stored_type(one)?],
        };
        let target_public_id = action.given("target_public_id").map(str::to_owned);
        if let Some(target) = &target_public_id {
            public_id::check(target)?;
        }
        // Whether derived images stay in the store is a matter of its limits, not of this.
        action.boolean("keep_derived", false)?;
        let request = Self {
            mode,
            container,
            resource_types,
            delivery_type: action.delivery_type("type")?,
            public_ids: list("public_ids"),
            qualified: list("fully_qualified_public_ids").iter().map(|id| qualified(id)).collect::<Result<_, _>>()?,
            tags: list("tags"),
            prefixes: list("prefixes"),
            transformations: eager(settings, "transformations", action.given("transformations").unwrap_or_default())?,
            names: Names {
                flatten_folders: action.boolean("flatten_folders", false)?,
                flatten_transformations: action.boolean("flatten_transformations", false)?,
                skip_transformation_name: action.boolean("skip_transformation_name", false)?,
                use_original_filename: action.boolean("use_original_filename", false)?,
            },
            allow_missing: action.boolean("allow_missing", false)?,
            in_background: action.boolean("async", false)?,
            target_public_id,
            target_tags: values::tags(&list("target_tags").join(","))?,
            target_asset_folder: action.given("target_asset_folder").map(|folder| folder.trim_matches('/').to_owned()),
            notification_url: action.notification_url()?,
        };
        let named = [&request.public_ids, &request.tags, &request.prefixes].into_iter().any(|list| !list.is_empty());
        if !named && request.qualified.is_empty() {
            return Err(ApiError::bad_request(
                "Missing required parameter - public_ids, fully_qualified_public_ids, tags or prefixes",
            ));
        }
        Ok(request)
    }
}

/// `image/upload/folder/sample`
fn qualified(text: &str) -> Result<AssetKey, ApiError> {
    let mut parts = text.splitn(3, '/');
    let key = || {
        Some(AssetKey {
            resource_type: ResourceType::parse(parts.next()?)?,
            delivery_type: DeliveryType::parse(parts.next()?)?,
            public_id: parts.next()?.to_owned(),
        })
    };
    let mut key = key;
    key().ok_or_else(|| {
        ApiError::invalid("fully_qualified_public_ids", format_args!("{text} is not resource_type/type/public_id"))
    })
}
