//! The setters of video and sound, and functions of one's own.
//!
//! Follows <https://cloudinary.com/documentation/video_manipulation_and_delivery>.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

use super::Transformation;
use super::key::Key;
use super::value::{Value, text_fault};

/// A video codec: `vc_`.
///
/// ```
/// use cloudinary_core::{Transformation, VideoCodec};
/// let codec = VideoCodec::new("h264").profile("high").level("3.1").without_b_frames();
/// assert_eq!(Transformation::new().video_codec(codec).to_string(), "vc_h264:high:3.1:bframes_no");
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#vc_video_codec>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoCodec {
    codec: String,
    profile: Option<String>,
    level: Option<String>,
    b_frames: bool,
}

impl VideoCodec {
    /// A codec by name: `h264`, `h265`, `av1`, `vp8`, `vp9`, `theora`, `prores`; `auto` by the format; `none` leaves sound only.
    ///
    /// ```
    /// use cloudinary_core::{Transformation, VideoCodec};
    /// assert_eq!(Transformation::new().video_codec(VideoCodec::new("vp9")).to_string(), "vc_vp9");
    /// ```
    pub fn new(codec: impl Into<String>) -> Self {
        Self { codec: codec.into(), profile: None, level: None, b_frames: true }
    }

    /// A profile of `h264`: `baseline`, `main`, `high`, `high444` or `auto`. Default: mostly `high`.
    ///
    /// ```
    /// use cloudinary_core::{Transformation, VideoCodec};
    /// let codec = VideoCodec::new("h264").profile("main");
    /// assert_eq!(Transformation::new().video_codec(codec).to_string(), "vc_h264:main");
    /// ```
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = Some(profile.into());
        self
    }

    /// A level of `h264`, from `3.0` to `5.2`, or `auto`; it needs a profile. Default: `3.1`.
    ///
    /// ```
    /// use cloudinary_core::{Transformation, VideoCodec};
    /// let codec = VideoCodec::new("h264").profile("baseline").level("3.1");
    /// assert_eq!(Transformation::new().video_codec(codec).to_string(), "vc_h264:baseline:3.1");
    /// ```
    pub fn level(mut self, level: impl Into<String>) -> Self {
        self.level = Some(level.into());
        self
    }

    /// No frames that are made from later ones; it needs a profile and a level. Default: with them.
    ///
    /// ```
    /// use cloudinary_core::{Transformation, VideoCodec};
    /// let codec = VideoCodec::new("h265").profile("auto").level("auto").without_b_frames();
    /// assert_eq!(Transformation::new().video_codec(codec).to_string(), "vc_h265:auto:auto:bframes_no");
    /// ```
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
    /// `vc_`: the video codec. Default: the one that is usual for the format.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().video_codec("auto").to_string(), "vc_auto");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#vc_video_codec>.
    pub fn video_codec(mut self, codec: impl Into<VideoCodec>) -> Self {
        let codec = codec.into();
        match codec.text() {
            Ok(text) => self.word(Key::VideoCodec, text),
            Err(remedy) => {
                self.refuse("vc", &codec.codec, remedy);
                self.word(Key::VideoCodec, codec.codec);
            }
        }
        self
    }

    /// `dr_`: the dynamic range: `high` for HDR10, beside the codec `h265`. What cannot be delivered so is in standard range.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().dynamic_range("high").video_codec("h265").to_string(), "dr_high,vc_h265");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#dr_dynamic_range>.
    pub fn dynamic_range(mut self, range: impl AsRef<str>) -> Self {
        self.word(Key::DynamicRange, range.as_ref().to_owned());
        self
    }

    /// `ac_`: the sound's codec: `aac`, `mp3`, `vorbis`, `opus`, `pcm24`; or `none` for silence.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().audio_codec("none").to_string(), "ac_none");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#ac_audio_codec>.
    pub fn audio_codec(mut self, codec: impl AsRef<str>) -> Self {
        self.word(Key::AudioCodec, codec.as_ref().to_owned());
        self
    }

    /// `af_`: samples of sound a second, in hertz, at most; those a codec knows, as 22050, 44100 or 48000. `iaf` for those
    /// of the original, which is the default but for the codec `auto`.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().audio_frequency(44100).to_string(), "af_44100");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#af_audio_frequency>.
    pub fn audio_frequency(mut self, hertz: impl Into<Value>) -> Self {
        self.value(Key::AudioFrequency, hertz.into());
        self
    }

    /// `br_`: bits a second, at most, as `500000`, `"500k"` or `"2m"`; always as many with `:constant` behind. Of pictures
    /// and sound apart, as `"av:video_(value_2m;mode_cbr);audio_(value_128k)"`.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().bit_rate("500k:constant").to_string(), "br_500k:constant");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#br_bitrate>.
    pub fn bit_rate(mut self, rate: impl Into<Value>) -> Self {
        self.value(Key::BitRate, rate.into());
        self
    }

    /// `so_`: where it starts: seconds, a percentage as `"35p"`, or `auto`, which finds a telling frame for a thumbnail.
    /// Default: at the beginning.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().start_offset(2.5).to_string(), "so_2.5");
    /// assert_eq!(Transformation::new().start_offset("35%").to_string(), "so_35p");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#so_start_offset>.
    pub fn start_offset(mut self, offset: impl Into<Value>) -> Self {
        self.value(Key::StartOffset, percent(offset.into()));
        self
    }

    /// `eo_`: where it ends, from the beginning: seconds, or a percentage as `"70p"`. Default: at the end.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().end_offset("70p").to_string(), "eo_70p");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#eo_end_offset>.
    pub fn end_offset(mut self, offset: impl Into<Value>) -> Self {
        self.value(Key::EndOffset, percent(offset.into()));
        self
    }

    /// `so_` and `eo_`: from where to where, each in seconds or as a percentage.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().offset(3, 5.5).to_string(), "eo_5.5,so_3");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#so_start_offset>.
    pub fn offset(self, start: impl Into<Value>, end: impl Into<Value>) -> Self {
        self.start_offset(start).end_offset(end)
    }

    /// `du_`: how long: seconds, or a percentage as `"50p"`. Default: to the end.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().start_offset(6).duration("30%").to_string(), "du_30p,so_6");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#du_duration>.
    pub fn duration(mut self, duration: impl Into<Value>) -> Self {
        self.value(Key::Duration, percent(duration.into()));
        self
    }

    /// `fps_`: frames a second, or a range as `"24-29.97"`.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().fps(25).to_string(), "fps_25");
    /// assert_eq!(Transformation::new().fps("24-29.97").to_string(), "fps_24-29.97");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#fps_fps>.
    pub fn fps(mut self, frames: impl Into<Value>) -> Self {
        self.value(Key::Fps, frames.into());
        self
    }

    /// `ki_`: seconds between whole frames; above 0.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().keyframe_interval(0.15).to_string(), "ki_0.15");
    /// assert!(Transformation::new().keyframe_interval(0.0).check().is_err());
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#ki_keyframe_interval>.
    pub fn keyframe_interval(mut self, seconds: f64) -> Self {
        if seconds <= 0.0 {
            self.refuse("ki", &seconds.to_string(), "give a number of seconds above 0");
        }
        self.value(Key::KeyframeInterval, Value::Float(seconds));
        self
    }

    /// `sp_`: a streaming profile of the account, as `hd`; or `auto`, up to 1080 lines unless it says `auto:maxres_720p`.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().streaming_profile("full_hd").to_string(), "sp_full_hd");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#sp_streaming_profile>.
    pub fn streaming_profile(mut self, name: impl AsRef<str>) -> Self {
        self.word(Key::StreamingProfile, name.as_ref().to_owned());
        self
    }

    /// `vs_`: frames of an animation made from a video: how many, or every so many seconds as `"2.3s"`. Default: 10 a
    /// second, and 400 at most.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().video_sampling(20).delay(200).to_string(), "dl_200,vs_20");
    /// assert_eq!(Transformation::new().video_sampling("2.3s").to_string(), "vs_2.3s");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#vs_video_sampling>.
    pub fn video_sampling(mut self, sampling: impl Into<Value>) -> Self {
        self.value(Key::VideoSampling, sampling.into());
        self
    }

    /// `fn_wasm`: a WebAssembly function of the account, by its public id, extension included.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().wasm_function("tools/blur.wasm").to_string(), "fn_wasm:tools:blur.wasm");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#fn_custom_function>.
    pub fn wasm_function(mut self, public_id: impl AsRef<str>) -> Self {
        self.function("wasm:", &public_id.as_ref().replace('/', ":"));
        self
    }

    /// `fn_remote`: a function of your own, by its URL.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let filtered = Transformation::new().remote_function("https://a.com/f");
    /// assert_eq!(filtered.to_string(), "fn_remote:aHR0cHM6Ly9hLmNvbS9m");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#fn_custom_function>.
    pub fn remote_function(mut self, url: impl AsRef<str>) -> Self {
        self.function("remote:", &URL_SAFE.encode(url.as_ref()));
        self
    }

    /// `fn_pre:remote`: a function of your own that gets the original before anything else, by its URL.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let filtered = Transformation::new().remote_pre_function("https://a.com/f");
    /// assert_eq!(filtered.to_string(), "fn_pre:remote:aHR0cHM6Ly9hLmNvbS9m");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#fn_custom_function>.
    pub fn remote_pre_function(mut self, url: impl AsRef<str>) -> Self {
        self.function("pre:remote:", &URL_SAFE.encode(url.as_ref()));
        self
    }

    fn function(&mut self, kind: &str, source: &str) {
        let unnamed = source.is_empty().then_some("name the function");
        self.set_checked(Key::Function, [kind, source].concat(), unnamed.or_else(|| text_fault(source)));
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
            (t().dynamic_range("high").duration(5).dpr(2), "dpr_2,dr_high,du_5"),
            (t().bit_rate("av:video_(value_2m);audio_(value_128k)"), "br_av:video_(value_2m);audio_(value_128k)"),
            (t().keyframe_interval(2.0), "ki_2.0"),
            (t().streaming_profile("hd").video_sampling("2.3s"), "sp_hd,vs_2.3s"),
            (t().wasm_function("a/b.wasm"), "fn_wasm:a:b.wasm"),
            (t().remote_function("https://a.com/x?y=1"), "fn_remote:aHR0cHM6Ly9hLmNvbS94P3k9MQ=="),
        ] {
            assert!(transformation.check().is_ok(), "{expected}");
            assert_eq!(transformation.to_string(), expected);
        }
        for wrong in [
            t().dynamic_range(""),
            t().dynamic_range("high,w_1"),
            t().keyframe_interval(0.0),
            t().keyframe_interval(f64::NAN),
            t().video_codec(VideoCodec::new("h264").level("3.1")),
            t().video_codec(VideoCodec::new("h264").profile("high").without_b_frames()),
        ] {
            assert!(wrong.check().is_err(), "{wrong}");
        }
    }
}
