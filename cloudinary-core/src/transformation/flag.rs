//! Switches.

use std::fmt;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::value::float;
use super::words::words;

words! {
    /// A switch: `fl_`.
    ///
    /// ```
    /// use cloudinary_core::{Flag, Transformation};
    /// let download = Transformation::new().flags([Flag::attachment("report 1.2"), Flag::StripProfile]);
    /// assert_eq!(download.to_string(), "fl_attachment:report%201%252E2.strip_profile");
    /// assert_eq!(Flag::from("progressive:semi"), Flag::ProgressiveSemi);
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#fl_flag>.
    Flag {
        /// Deliver as a download.
        Attachment => "attachment",
        /// Deliver a video as a download while it is still being made.
        StreamingAttachment => "streaming_attachment",
        /// Keep animation.
        Animated => "animated",
        /// Animated GIF as animated WebP.
        AnimatedWebp => "awebp",
        /// Animated GIF as animated PNG.
        AnimatedPng => "apng",
        /// With automatic quality: PNG with a palette where that is smaller.
        AnyFormat => "any_format",
        /// Trim to the clipping path.
        Clip => "clip",
        /// Trim to the clipping path, even-odd.
        ClipEvenOdd => "clip_evenodd",
        /// Sign where the picture comes from (C2PA).
        C2pa => "c2pa",
        /// Use the layer's shape to cut the image.
        Cutter => "cutter",
        /// Compress the meshes of a 3D model with Draco.
        Draco => "draco",
        /// Write a colour profile, even where the original has none.
        ForceIcc => "force_icc",
        /// Strip all metadata.
        ForceStrip => "force_strip",
        /// Describe the image instead of delivering it.
        GetInfo => "getinfo",
        /// TIFF with Group 4 compression.
        GroupFour => "group4",
        /// Version 3 of HLS, one file for each segment.
        HlsV3 => "hlsv3",
        /// Change one side only.
        IgnoreAspectRatio => "ignore_aspect_ratio",
        /// Take the pixels' own proportions, not those a video asks for.
        IgnoreInitialAspectRatio => "ignore_initial_aspect_ratio",
        /// Leave alpha channels that are masks out.
        IgnoreMaskChannels => "ignore_mask_channels",
        /// Cache for ever.
        ImmutableCache => "immutable_cache",
        /// Keep copyright metadata.
        KeepAttribution => "keep_attribution",
        /// Keep the display proportions that a video asks for.
        KeepDar => "keep_dar",
        /// Keep all metadata.
        KeepIptc => "keep_iptc",
        /// Place the layer opened before.
        LayerApply => "layer_apply",
        /// Lossy compression where the format has it.
        Lossy => "lossy",
        /// Sound in one channel.
        Mono => "mono",
        /// Cut the layer where it leaves the image.
        NoOverflow => "no_overflow",
        /// Deliver a video only when it is complete.
        NoStream => "no_stream",
        /// The original.
        Original => "original",
        /// PNG with a palette.
        Png8 => "png8",
        /// PNG without transparency.
        Png24 => "png24",
        /// PNG with transparency.
        Png32 => "png32",
        /// Keep transparency; the format is one that has it.
        PreserveTransparency => "preserve_transparency",
        /// Progressive JPEG; how, the service chooses.
        Progressive => "progressive",
        /// Progressive JPEG that shows much early.
        ProgressiveSteep => "progressive:steep",
        /// Progressive JPEG in between.
        ProgressiveSemi => "progressive:semi",
        /// No progressive JPEG.
        ProgressiveNone => "progressive:none",
        /// A vector drawing as pixels.
        Rasterize => "rasterize",
        /// Sizes of a layer are fractions of the image.
        Relative => "relative",
        /// Sizes of a layer are fractions of the region.
        RegionRelative => "region_relative",
        /// Put the layer in place of the image, of which its shape stays.
        ReplaceImage => "replace_image",
        /// Take scripts out of SVG.
        Sanitize => "sanitize",
        /// Join videos, one after the other.
        Splice => "splice",
        /// Strip the colour profile.
        StripProfile => "strip_profile",
        /// Refuse text that is larger than its box.
        TextDisallowOverflow => "text_disallow_overflow",
        /// Keep the space around text.
        TextNoTrim => "text_no_trim",
        /// TIFF with LZW compression.
        Tiff8Lzw => "tiff8_lzw",
        /// Repeat the layer.
        Tiled => "tiled",
        /// Start a video's own clock at zero.
        TruncateTs => "truncate_ts",
        /// Draw the wave of a sound.
        Waveform => "waveform",
    }
}

impl Flag {
    /// Deliver as a download under a name, without its extension: the service appends that of the format. What would
    /// end the flag is escaped, dots too. The service names letters, digits, spaces and `_-!.` as what a name may have.
    ///
    /// ```
    /// use cloudinary_core::Flag;
    /// assert_eq!(Flag::attachment("report").to_string(), "attachment:report");
    /// ```
    pub fn attachment(name: impl AsRef<str>) -> Self {
        Self::named("attachment:", name.as_ref())
    }

    /// The same for a video that is delivered while it is still being made.
    ///
    /// ```
    /// use cloudinary_core::Flag;
    /// assert_eq!(Flag::streaming_attachment("shoe-sale").to_string(), "streaming_attachment:shoe-sale");
    /// ```
    pub fn streaming_attachment(name: impl AsRef<str>) -> Self {
        Self::named("streaming_attachment:", name.as_ref())
    }

    /// Join videos, one changing into the other: by `fade`, `wipeleft`, `circleopen`, `dissolve` or another of the reference's
    /// transitions, in at most 60 seconds, which is less than each video lasts. [`Splice`](Self::Splice) joins them without;
    /// the flag `"splice:transition"` by `fade` in one second.
    ///
    /// ```
    /// use std::time::Duration;
    /// use cloudinary_core::{Flag, Layer, Transformation};
    /// let joined = Flag::splice_transition("circleopen", Duration::from_millis(2500));
    /// let films = Transformation::new().flags([joined]).overlay(Layer::video("kitchen")).then().flags([Flag::LayerApply]);
    /// assert_eq!(
    ///     films.to_string(),
    ///     "fl_splice:transition_(name_circleopen;du_2.5),l_video:kitchen/fl_layer_apply",
    /// );
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#fl_splice>.
    pub fn splice_transition(name: impl AsRef<str>, duration: Duration) -> Self {
        let mut text = "splice:transition_(name_".to_owned();
        push_escaped(&mut text, name.as_ref());
        text.extend([";du_", &float(duration.as_secs_f64()), ")"]);
        Self::Other(text)
    }

    /// A layer of sound as another sound track of a video with an automatic streaming profile: its language, as `en-US`, and
    /// how players name it, by default after the language.
    ///
    /// ```
    /// use cloudinary_core::{Flag, Layer, Transformation};
    /// let track = Transformation::new().flags([Flag::alternate("en", Some("Instrumental"))]).overlay(Layer::audio("quiet"));
    /// assert_eq!(track.to_string(), "fl_alternate:lang_en;name_Instrumental,l_audio:quiet");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#fl_alternate>.
    pub fn alternate(language: impl AsRef<str>, name: Option<&str>) -> Self {
        let mut text = "alternate:lang_".to_owned();
        push_escaped(&mut text, language.as_ref());
        if let Some(name) = name {
            text.push_str(";name_");
            push_escaped(&mut text, name);
        }
        Self::Other(text)
    }

    fn named(kind: &str, name: &str) -> Self {
        let mut text = kind.to_owned();
        push_escaped(&mut text, name);
        Self::Other(text)
    }
}

/// Escapes twice what would end a flag or a part of it, since the service unescapes a URL before it parts the flags.
fn push_escaped(text: &mut String, name: &str) {
    for c in name.chars() {
        let mut bytes = [0; 4];
        let escaped = utf8_percent_encode(c.encode_utf8(&mut bytes), NON_ALPHANUMERIC);
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '!' => text.push(c),
            ' ' | '\u{80}'.. => text.extend(escaped),
            _ => text.extend(escaped.flat_map(|byte| ["%25", byte.trim_start_matches('%')])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Transformation;

    #[test]
    fn words_print_as_they_are_read() {
        for text in ["draco", "mono", "png8", "replace_image", "progressive:steep", "streaming_attachment", "hlsv3"] {
            let flag = Flag::from(text);
            assert!(!matches!(flag, Flag::Other(_)), "{text}");
            assert_eq!(flag.to_string(), text);
        }
        assert_eq!(Flag::from("attachment:a"), Flag::attachment("a"));
        assert_eq!(Flag::from("streaming_attachment:a%252Emp4"), Flag::streaming_attachment("a.mp4"));
    }

    #[test]
    fn what_flags_are_told_stays_in_them() {
        for (flag, expected) in [
            (Flag::splice_transition("fade", Duration::from_secs(1)), "fl_splice:transition_(name_fade;du_1.0).clip"),
            (
                Flag::splice_transition("a);x_(b", Duration::ZERO),
                "fl_splice:transition_(name_a%2529%253Bx_%2528b;du_0.0).clip",
            ),
            (Flag::from("splice:transition"), "fl_splice:transition.clip"),
            (Flag::alternate("en-US", None), "fl_alternate:lang_en-US.clip"),
            (Flag::alternate("en", Some("Dr. No, 2")), "fl_alternate:lang_en;name_Dr%252E%20No%252C%202.clip"),
        ] {
            let made = Transformation::new().flags([flag, Flag::Clip]);
            assert!(made.check().is_ok(), "{expected}");
            assert_eq!(made.to_string(), expected);
        }
    }

    #[test]
    fn names_of_downloads_stay_one_flag() {
        for (name, expected) in [
            ("cv", "fl_attachment:cv.clip"),
            ("v1.2, final/é", "fl_attachment:v1%252E2%252C%20final%252F%C3%A9.clip"),
            ("a?b#c\n", "fl_attachment:a%253Fb%2523c%250A.clip"),
            ("50%!", "fl_attachment:50%2525!.clip"),
        ] {
            let made = Transformation::new().flags([Flag::attachment(name), Flag::Clip]);
            assert!(made.check().is_ok());
            assert_eq!(made.to_string(), expected);
        }
    }
}
