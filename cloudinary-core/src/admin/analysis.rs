//! What add-ons find in an asset from anywhere.

use http::Method;
use serde_json::Value as Json;

use super::{Admin, named};
use crate::answer::record;
use crate::client::{Call, Repeat, request};

record! {
    /// What was found.
    pub struct Analysis {
        /// The finding.
        data: Option<AnalysisData>,
        /// The service's id of the call.
        request_id: Option<String>,
    }
}

record! {
    /// The finding of an analysis.
    pub struct AnalysisData {
        /// What was looked at.
        entity: Option<String>,
        /// What was found, which depends on the analysis.
        analysis: Option<Json>,
    }
}

request! {
    /// A call that has an asset analysed; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/analyze_api_guide>.
    pub struct Analyze -> Analysis;

    /// Options of the analysis, as an object.
    parameters: json => "parameters",
}

impl Admin {
    /// Analyses what is found at an address: `google_tagging`, `captioning`, `fashion`, …
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// let found = cld.admin().analyze("captioning", "https://example.com/dog.jpg").await?;
    /// println!("{:?}", found.data.as_ref().and_then(|data| data.analysis.as_ref()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn analyze(&self, analysis_type: &str, uri: &str) -> Analyze {
        let call = named("analysis_type", analysis_type).and_then(|analysis_type| {
            let mut call = Call::admin_v2(Method::POST, ["analysis", "analyze", "uri"]).repeat(Repeat::Safe);
            call.set("analysis_type", analysis_type);
            call.set("uri", named("uri", uri)?);
            Ok(call)
        });
        Analyze(self.checked(call))
    }
}
