//! Names of file formats.

use std::borrow::Cow;

macro_rules! known {
    ($($name:literal)*) => {
        fn known(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some($name),)*
                _ => None,
            }
        }
    };
}

known! {
    "jpg" "png" "webp" "gif" "jpeg" "avif" "heic" "svg" "jxl" "tif" "tiff" "bmp" "ico" "pdf" "psd" "ai" "eps"
    "mp4" "webm" "mov" "ogv" "mkv" "avi" "m3u8" "mpd" "mp3" "m4a" "wav" "ogg" "aac" "flac"
}

/// A format's name, which takes memory only if it is a rare one: a page reads thousands of rows that say `jpg`.
#[inline]
pub(crate) fn format_name(name: &str) -> Cow<'static, str> {
    known(name).map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_what_they_are() {
        for (name, is_known) in
            [("jpg", true), ("m3u8", true), ("flac", true), ("JPG", false), ("xyz", false), ("", false)]
        {
            let format = format_name(name);
            assert_eq!((format.as_ref(), matches!(format, Cow::Borrowed(_))), (name, is_known));
        }
    }
}
