//! Upload presets: options of uploads under a name.

use serde_json::{Map, Value as Json};

use super::{Admin, delete, get, named, post, put, with};
use crate::answer::record;
use crate::client::{Call, Page, pages, request};
use crate::error::Result;
use crate::upload::UploadOptions;

record! {
    /// A page of upload presets.
    pub struct UploadPresetPage {
        /// The presets.
        presets: Vec<UploadPreset>,
        /// Where the next page begins; absent on the last.
        next_cursor: Option<String>,
    }
}

record! {
    /// Options of uploads under a name.
    pub struct UploadPreset {
        /// Its name; absent in the answers to changes, but for that which made it.
        name: Option<String>,
        /// Whether uploads may use it without a signature.
        unsigned: bool,
        /// The options, by the service's names.
        settings: Map<String, Json>,
        /// What was done, in the answers to changes.
        message: Option<String>,
    }
}

impl Page for UploadPresetPage {
    type Item = UploadPreset;

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }

    fn into_items(self) -> Vec<UploadPreset> {
        self.presets
    }
}

request! {
    /// A call that lists upload presets; `.await` one page, or [`stream`](Self::stream) them all.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_upload_presets>.
    pub struct ListUploadPresets -> UploadPresetPage;

    /// How many a page has: 1 to 500. Default: 10.
    max_results: number => "max_results",
    /// Where to begin: the `next_cursor` of the page before.
    next_cursor: text => "next_cursor",
}

pages!(ListUploadPresets of UploadPreset);

request! {
    /// A call that tells of an upload preset; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_the_details_of_a_single_upload_preset>.
    pub struct GetUploadPreset -> UploadPreset;

    /// How many details to tell, where there are many.
    max_results: number => "max_results",
}

request! {
    /// A call that makes or changes an upload preset; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#create_an_upload_preset>.
    pub struct PutUploadPreset -> UploadPreset;

    /// The name to make it under. Default: random.
    name: text => "name",
    /// Whether uploads may use it without a signature. Default: false.
    unsigned: switch => "unsigned",
    /// Whether uploads that use it may not say their public id. Default: false.
    disallow_public_id: switch => "disallow_public_id",
    /// Whether it is for live video. Default: false.
    live: switch => "live",
}

request! {
    /// A call that deletes an upload preset; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#delete_an_upload_preset>.
    pub struct DeleteUploadPreset -> UploadPreset;
}

impl Admin {
    /// Lists the upload presets.
    pub fn upload_presets(&self) -> ListUploadPresets {
        ListUploadPresets(self.request(get(&["upload_presets"])))
    }

    /// An upload preset by its name.
    pub fn upload_preset(&self, name: &str) -> GetUploadPreset {
        GetUploadPreset(self.checked(named("name", name).map(|name| get(&["upload_presets", name]))))
    }

    /// Makes an upload preset of options.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::UploadOptions;
    /// let options = UploadOptions::new().folder("visitors").allowed_formats(["jpg", "png"]);
    /// cld.admin().create_upload_preset(&options).name("visitors").unsigned(true).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_upload_preset(&self, options: &UploadOptions) -> PutUploadPreset {
        PutUploadPreset(self.checked(of_options(post(&["upload_presets"]), options)))
    }

    /// Gives an upload preset these options beside its others, or in place of them.
    pub fn update_upload_preset(&self, name: &str, options: &UploadOptions) -> PutUploadPreset {
        let call = named("name", name).and_then(|name| of_options(put(&["upload_presets", name]), options));
        PutUploadPreset(self.checked(call))
    }

    /// Deletes an upload preset.
    pub fn delete_upload_preset(&self, name: &str) -> DeleteUploadPreset {
        DeleteUploadPreset(self.checked(named("name", name).map(|name| delete(&["upload_presets", name]))))
    }
}

fn of_options(call: Call, options: &UploadOptions) -> Result<Call> {
    options.check()?;
    Ok(options.params().fold(call, |call, (name, value)| with(call, name, value)))
}
