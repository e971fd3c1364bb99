//! What the configuration adds to a transformation.

use std::fmt;

use super::AssetUrl;
use super::source::single_slashes;
use crate::asset::DeliveryType;
use crate::config::Config;
use crate::gather::Gather;
use crate::transformation::{Transformation, is_step};

impl AssetUrl {
    /// The transformation as the URL has it: with the configuration's `dpr` in each step that has none, its responsive
    /// step at the end, and the format where that is a parameter.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let config = Config::new("demo").dpr(2.0).use_fetch_format(true);
    /// let url = AssetUrl::new(&config, "a").transform(Transformation::new().width(80)).format("webp");
    /// assert_eq!(url.effective_transformation().to_string(), "dpr_2.0,f_webp,w_80");
    /// ```
    pub fn effective_transformation(&self) -> Transformation {
        let mut transformation = match self.format_parameter() {
            Some(format) => self.transformation.clone().fetch_format(format),
            None => self.transformation.clone(),
        };
        if self.config.responsive_width && !ends_with(&transformation, &self.config) {
            transformation = transformation.append(&self.config.responsive_width_transformation);
        }
        match &self.config.dpr {
            Some(dpr) => with_dpr(&transformation, dpr),
            None => transformation,
        }
    }

    /// The same to be printed, without a copy when the configuration adds nothing.
    pub(super) fn effective(&self) -> Effective<'_> {
        let plain = self.config.dpr.is_none() && !self.config.responsive_width && self.format_parameter().is_none();
        match (plain, self.transformation.has_double_slash()) {
            (true, false) => Effective::AsGiven(&self.transformation),
            (true, true) => Effective::Changed(single_slashes(self.transformation.as_str()).into_owned()),
            (false, _) => Effective::Changed(single_slashes(self.effective_transformation().as_str()).into_owned()),
        }
    }

    /// A format that cannot be an extension: of a remote file, or by configuration. `None` too where the
    /// transformation names one.
    fn format_parameter(&self) -> Option<&str> {
        let format = self.asset.format.as_deref().filter(|format| self.format_is_parameter() && !format.is_empty())?;
        self.transformation.steps().last().is_none_or(|step| step.get("f").is_none()).then_some(format)
    }

    pub(super) fn format_is_parameter(&self) -> bool {
        self.asset.delivery_type == DeliveryType::Fetch || self.config.use_fetch_format
    }
}

/// The text of a transformation as a URL has it.
pub(super) enum Effective<'a> {
    AsGiven(&'a Transformation),
    Changed(String),
}

impl Effective<'_> {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::AsGiven(transformation) => transformation.is_empty(),
            Self::Changed(text) => text.is_empty(),
        }
    }

    pub(super) fn write(&self, out: &mut Gather<'_, impl fmt::Write>) -> fmt::Result {
        match self {
            Self::AsGiven(transformation) => transformation.write(out),
            Self::Changed(text) => out.push(text),
        }
    }
}

/// An option map may have asked for the responsive step before.
fn ends_with(transformation: &Transformation, config: &Config) -> bool {
    let step = config.responsive_width_transformation.as_str();
    transformation.as_str().strip_suffix(step).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

fn with_dpr(transformation: &Transformation, dpr: &str) -> Transformation {
    let set = |step: Transformation| step.param("dpr", dpr);
    let mut all = Transformation::new();
    for step in transformation.steps() {
        let step: Transformation = step.to_transformation();
        // What is no step, as the end of a layer's id that was written with slashes, stays as it is.
        let has = step.steps().next().is_none_or(|step| step.get("dpr").is_some() || !is_step(step.as_str()));
        all = all.append(&if has { step } else { set(step) });
    }
    if all.is_empty() { set(all) } else { all }
}

#[cfg(test)]
mod tests {
    use crate::{AssetUrl, Config, Transformation};

    #[test]
    fn configuration_reaches_every_step() {
        let config = || Config::new("demo");
        for (config, transformation, expected) in [
            (config(), "w_1/e_x", "w_1/e_x"),
            (config().dpr(2.0), "", "dpr_2.0"),
            (config().dpr("auto"), "w_1/dpr_3,e_x", "dpr_auto,w_1/dpr_3,e_x"),
            (config().responsive_width(true), "w_1", "w_1/c_limit,w_auto"),
            (config().responsive_width(true), "w_1/c_limit,w_auto", "w_1/c_limit,w_auto"),
            (config().responsive_width(true).dpr(2), "", "c_limit,dpr_2,w_auto"),
            (config().use_fetch_format(true), "w_1", "f_jpg,w_1"),
            (config().use_fetch_format(true), "f_png", "f_png"),
        ] {
            let transformation: Transformation = transformation.parse().unwrap();
            let url = AssetUrl::new(&config, "x").transform(&transformation).format("jpg");
            assert_eq!(url.effective_transformation().to_string(), expected);
            let extension = if config.use_fetch_format { "" } else { ".jpg" };
            assert!(url.to_string().ends_with(&format!("{}/x{extension}", url.effective_transformation())), "{url}");
        }
    }
}
