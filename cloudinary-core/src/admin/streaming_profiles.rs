//! Streaming profiles: the qualities that a video is streamed in.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Admin, delete, get, named, post, put, with};
use crate::answer::{record, tolerant};
use crate::client::{Call, request};
use crate::error::{Error, Result};
use crate::transformation::Transformation;

record! {
    /// The streaming profiles there are.
    pub struct StreamingProfiles {
        /// The profiles.
        data: Vec<StreamingProfile>,
    }
}

record! {
    /// The answer about one streaming profile.
    pub struct StreamingProfileAnswer {
        /// The profile.
        data: StreamingProfile,
        /// What was done, if anything: `created` or `updated`.
        message: Option<String>,
    }
}

record! {
    /// What became of a streaming profile that was to be deleted.
    pub struct DeletedStreamingProfile {
        /// `deleted`, or `reverted` for one of the service's own.
        message: String = String::new(),
        /// The one of the service's own, as it is again.
        data: Option<StreamingProfile>,
    }
}

record! {
    /// The qualities that a video is streamed in.
    pub struct StreamingProfile {
        /// Its name, as `hd`.
        name: String,
        /// Its name for people.
        display_name: Option<String>,
        /// Whether the service has it by itself.
        predefined: bool,
        /// The qualities; absent in lists.
        representations: Vec<Representation>,
    }
}

/// One of the qualities of a streaming profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Representation {
    /// The transformation that makes it: its text, or in answers a list of objects of options.
    pub transformation: Json,
}

tolerant!(Representation);

request! {
    /// A call that lists streaming profiles; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_adaptive_streaming_profiles>.
    pub struct ListStreamingProfiles -> StreamingProfiles;
}

request! {
    /// A call that tells of a streaming profile; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_details_of_a_single_streaming_profile>.
    pub struct GetStreamingProfile -> StreamingProfileAnswer;
}

request! {
    /// A call that makes or changes a streaming profile; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#create_a_streaming_profile>.
    pub struct PutStreamingProfile -> StreamingProfileAnswer;

    /// Its name for people. Default: its name.
    display_name: text => "display_name",
}

impl PutStreamingProfile {
    /// The qualities, in place of those it has.
    pub fn representations(self, representations: impl IntoIterator<Item = Transformation>) -> Self {
        Self(self.0.try_set("representations", representations_text(representations).map(Json::from)))
    }
}

request! {
    /// A call that deletes a streaming profile; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#delete_or_revert_the_specified_streaming_profile>.
    pub struct DeleteStreamingProfile -> DeletedStreamingProfile;
}

impl Admin {
    /// Lists the streaming profiles, the service's own and yours.
    pub fn streaming_profiles(&self) -> ListStreamingProfiles {
        ListStreamingProfiles(self.request(get(&["streaming_profiles"])))
    }

    /// A streaming profile with its qualities.
    pub fn streaming_profile(&self, name: &str) -> GetStreamingProfile {
        GetStreamingProfile(self.checked(of_name(get, name)))
    }

    /// Makes a streaming profile.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::{Crop, Transformation};
    /// let small = Transformation::new().width(640).height(360).crop(Crop::Limit);
    /// cld.admin().create_streaming_profile("small", [small]).display_name("Small screens").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_streaming_profile(
        &self,
        name: &str,
        representations: impl IntoIterator<Item = Transformation>,
    ) -> PutStreamingProfile {
        let call = named("name", name).map(|name| with(post(&["streaming_profiles"]), "name", name));
        PutStreamingProfile(self.checked(call)).representations(representations)
    }

    /// Changes a streaming profile; one of the service's own is replaced for this account.
    pub fn update_streaming_profile(&self, name: &str) -> PutStreamingProfile {
        PutStreamingProfile(self.checked(of_name(put, name)))
    }

    /// Deletes a streaming profile; one of the service's own is as it was again.
    pub fn delete_streaming_profile(&self, name: &str) -> DeleteStreamingProfile {
        DeleteStreamingProfile(self.checked(of_name(delete, name)))
    }
}

fn of_name(call: impl FnOnce(&[&str]) -> Call, name: &str) -> Result<Call> {
    named("name", name).map(|name| call(&["streaming_profiles", name]))
}

/// A JSON text in JSON, as the service takes it.
fn representations_text(representations: impl IntoIterator<Item = Transformation>) -> Result<String> {
    let mut list = Vec::new();
    for transformation in representations {
        transformation.check()?;
        list.push(serde_json::json!({"transformation": transformation.to_string()}));
    }
    if list.is_empty() {
        return Err(Error::invalid("representations", "", "give at least one"));
    }
    Ok(Json::Array(list).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn representations() {
        let small = Transformation::new().width(640).crop("limit");
        for (given, expected) in [
            (vec![small], Some(r#"[{"transformation":"c_limit,w_640"}]"#)),
            (vec![], None),
            (vec![Transformation::new().width(f64::NAN)], None),
        ] {
            assert_eq!(representations_text(given).ok().as_deref(), expected);
        }
    }

    #[test]
    fn profiles() {
        let answer: StreamingProfileAnswer = serde_json::from_str(
            r#"{"data":{"name":"hd","predefined":true,"representations":[{"transformation":[{"width":1280}]}]}}"#,
        )
        .unwrap();
        assert_eq!(answer.data.representations[0].transformation[0]["width"], 1280);
        assert!(serde_json::from_str::<StreamingProfileAnswer>(r#"{"message":"updated"}"#).is_err());
        for (json, reverted) in [
            (r#"{"message":"deleted"}"#, None),
            (r#"{"message":"reverted","data":{"name":"hd","predefined":true}}"#, Some("hd")),
        ] {
            let answer: DeletedStreamingProfile = serde_json::from_str(json).unwrap();
            assert_eq!(answer.data.as_ref().map(|profile| profile.name.as_str()), reverted, "{json}");
        }
    }
}
