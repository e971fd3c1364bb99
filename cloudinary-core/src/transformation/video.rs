//! The setters of video and sound, and functions of one's own.
//!
//! Follows <https://cloudinary.com/documentation/video_manipulation_and_delivery>.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

use super::Transformation;
use super::key::Key;
use super::value::Value;

/// A video codec: `vc_`.
///
/// ```
/// use cloudinary_core::{Transformation, VideoCodec};
/// let codec = VideoCodec::new("h264").profile("high").level("3.1").without_b_frames();
/// assert_eq!(Transformation::new().video_codec(codec).to_string(), "vc_h264:high:3.1:bframes_no");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoCodec {
    codec: String,
    profile: Option<String>,
    level: Option<String>,
    b_frames: bool,
}

impl VideoCodec {
    /// A codec by name: `h264`, `h265`, `vp9`, `av1`, `auto`, …
    pub fn new(codec: impl Into<String>) -> Self {
        Self { codec: codec.into(), profile: None, level: None, b_frames: true }
    }

    /// A profile, as `baseline`, `main` or `high`.
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = Some(profile.into());
        self
    }

    /// A level, as `3.1`; it needs a profile.
    pub fn level(mut self, level: impl Into<String>) -> Self {
        self.level = Some(level.into());
        self
    }

    /// No frames that are made from later ones; it needs a level.
    pub fn without_b_frames(mut self) -> Self {
        self.b_frames = false;
        self
    }

    fn text(&self) -> Result<String, &'static str> {
        match (&self.profile, &self.level, self.b_frames) {
            (None, None, true) => Ok(self.codec.clone()),
            (Some(profile), None, true) => Ok(format!("{}:{profile}", self.codec)),
            (Some(profile), Some(level), true) => Ok(format!("{}:{profile}:{level}", self.codec)),
            (Some(profile), Some(level), false) => Ok(format!("{}:{profile}:{level}:bframes_no", self.codec)),
            (None, Some(_), _) => Err("a level needs a profile"),
            (_, None, false) => Err("leaving B-frames out needs a profile and a level"),
        }
    }
}

impl From<&str> for VideoCodec {
    fn from(codec: &str) -> Self {
        Self::new(codec)
    }
}

impl Transformation {
    /// `vc_`: the video codec.
    pub fn video_codec(mut self, codec: impl Into<VideoCodec>) -> Self {
        let codec = codec.into();
        match codec.text() {
            Ok(text) => self.word(Key::VideoCodec, &text),
            Err(remedy) => {
                self.refuse("vc", &codec.codec, remedy);
                self.word(Key::VideoCodec, &codec.codec)
            }
        }
    }

    /// `ac_`: the sound's codec, or `none` for silence.
    pub fn audio_codec(self, codec: impl AsRef<str>) -> Self {
        self.word(Key::AudioCodec, codec.as_ref())
    }

    /// `af_`: samples of sound a second, in hertz.
    pub fn audio_frequency(self, hertz: impl Into<Value>) -> Self {
        self.value(Key::AudioFrequency, &hertz.into())
    }

    /// `br_`: bits a second, as `500000`, `"500k"` or `"2m"`.
    pub fn bit_rate(self, rate: impl Into<Value>) -> Self {
        self.value(Key::BitRate, &rate.into())
    }

    /// `so_`: where it starts: seconds, a percentage as `"35p"`, or `auto`.
    pub fn start_offset(self, offset: impl Into<Value>) -> Self {
        self.value(Key::StartOffset, &percent(offset.into()))
    }

    /// `eo_`: where it ends: seconds, or a percentage as `"70p"`.
    pub fn end_offset(self, offset: impl Into<Value>) -> Self {
        self.value(Key::EndOffset, &percent(offset.into()))
    }

    /// `so_` and `eo_`: from where to where.
    pub fn offset(self, start: impl Into<Value>, end: impl Into<Value>) -> Self {
        self.start_offset(start).end_offset(end)
    }

    /// `du_`: how long: seconds, or a percentage as `"50p"`.
    pub fn duration(self, duration: impl Into<Value>) -> Self {
        self.value(Key::Duration, &percent(duration.into()))
    }

    /// `fps_`: frames a second, or a range as `"24-29.97"`.
    pub fn fps(self, frames: impl Into<Value>) -> Self {
        self.value(Key::Fps, &frames.into())
    }

    /// `ki_`: seconds between whole frames; above 0.
    pub fn keyframe_interval(mut self, seconds: f64) -> Self {
        if seconds <= 0.0 {
            self.refuse("ki", &seconds.to_string(), "give a number of seconds above 0");
        }
        self.value(Key::KeyframeInterval, &Value::Float(seconds))
    }

    /// `sp_`: a streaming profile of the account, as `hd`.
    pub fn streaming_profile(self, name: impl AsRef<str>) -> Self {
        self.word(Key::StreamingProfile, name.as_ref())
    }

    /// `vs_`: frames of an animation made from a video: how many, or every so many seconds as `"2.3s"`.
    pub fn video_sampling(self, sampling: impl Into<Value>) -> Self {
        self.value(Key::VideoSampling, &sampling.into())
    }

    /// `cs_`: the colour space, as `srgb` or `no_cmyk`.
    pub fn color_space(self, name: impl AsRef<str>) -> Self {
        self.word(Key::ColorSpace, name.as_ref())
    }

    /// `fn_wasm`: a WebAssembly function of the account, by its public id.
    pub fn wasm_function(self, public_id: impl AsRef<str>) -> Self {
        self.word(Key::Function, &format!("wasm:{}", public_id.as_ref().replace('/', ":")))
    }

    /// `fn_remote`: a function of your own, by its URL.
    pub fn remote_function(self, url: impl AsRef<str>) -> Self {
        self.word(Key::Function, &format!("remote:{}", URL_SAFE.encode(url.as_ref())))
    }

    /// `fn_pre:remote`: a function of your own that gets the original before anything else, by its URL.
    pub fn remote_pre_function(self, url: impl AsRef<str>) -> Self {
        self.word(Key::Function, &format!("pre:remote:{}", URL_SAFE.encode(url.as_ref())))
    }
}

/// A percentage is written with a `p`, since `%` would have to be escaped.
fn percent(value: Value) -> Value {
    match value {
        Value::Text(text) if text.ends_with('%') => Value::Text(text.replace('%', "p")),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setters() {
        let t = Transformation::new;
        for (transformation, expected) in [
            (t().video_codec("auto"), "vc_auto"),
            (t().video_codec(VideoCodec::new("h264").profile("high")), "vc_h264:high"),
            (t().offset(2.5, "35%").duration("10p"), "du_10p,eo_35p,so_2.5"),
            (t().start_offset("auto"), "so_auto"),
            (
                t().fps("24-29.97").bit_rate("2m").audio_codec("none").audio_frequency(44100),
                "ac_none,af_44100,br_2m,fps_24-29.97",
            ),
            (t().keyframe_interval(2.0), "ki_2.0"),
            (t().streaming_profile("hd").video_sampling("2.3s").color_space("srgb"), "cs_srgb,sp_hd,vs_2.3s"),
            (t().wasm_function("a/b.wasm"), "fn_wasm:a:b.wasm"),
            (t().remote_function("https://a.com/x?y=1"), "fn_remote:aHR0cHM6Ly9hLmNvbS94P3k9MQ=="),
        ] {
            assert!(transformation.check().is_ok(), "{expected}");
            assert_eq!(transformation.to_string(), expected);
        }
        for wrong in [
            t().keyframe_interval(0.0),
            t().keyframe_interval(f64::NAN),
            t().video_codec(VideoCodec::new("h264").level("3.1")),
            t().video_codec(VideoCodec::new("h264").profile("high").without_b_frames()),
        ] {
            assert!(wrong.check().is_err(), "{wrong}");
        }
    }
}
