//! The keys of the transformation reference, in the order in which a step prints them.

use crate::short::Short;

/// Keys come with what parts them from what stands before, so that they are written at once.
macro_rules! keys {
    ($($name:ident $key:literal,)*) => {
        /// A parameter's key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Key { $($name,)* }

        impl Key {
            pub(super) const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The key of that name.
            pub(super) fn of(name: &str) -> Option<Self> {
                match name { $($key => Some(Self::$name),)* _ => None }
            }

            /// The name, as it stands in URLs.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// A bit of its own.
            pub(super) const fn bit(self) -> u64 {
                1 << self as u32
            }

            /// The name with an underscore behind.
            pub(super) const fn first(self) -> &'static str {
                match self { $(Self::$name => concat!($key, "_"),)* }
            }

            /// The name with a comma before and an underscore behind.
            #[inline(always)]
            pub(super) const fn following(self) -> Short {
                const FOLLOWING: &[Short] = &[$(Short::new(concat!(",", $key, "_")),)*];
                FOLLOWING[self as usize]
            }
        }
    };
}

keys! {
    If "if",
    Angle "a",
    AudioCodec "ac",
    AudioFrequency "af",
    AspectRatio "ar",
    Background "b",
    Baseline "bl",
    Border "bo",
    BitRate "br",
    Crop "c",
    Color "co",
    ColorSpace "cs",
    DefaultImage "d",
    Delay "dl",
    Density "dn",
    Dpr "dpr",
    DynamicRange "dr",
    Duration "du",
    Effect "e",
    EndOffset "eo",
    Format "f",
    Flag "fl",
    Function "fn",
    Fps "fps",
    Gravity "g",
    Height "h",
    KeyframeInterval "ki",
    Overlay "l",
    Opacity "o",
    Prefix "p",
    Page "pg",
    Quality "q",
    Radius "r",
    StartOffset "so",
    StreamingProfile "sp",
    Named "t",
    Underlay "u",
    VideoCodec "vc",
    VideoSampling "vs",
    Width "w",
    X "x",
    Y "y",
    Zoom "z",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gather::Gather;

    #[test]
    fn keys_stand_in_the_order_they_print() {
        assert_eq!(Key::ALL.first(), Some(&Key::If));
        let names: Vec<String> = Key::ALL.iter().skip(1).map(|key| format!("{}_", key.name())).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(Key::ALL.len() < 64, "each has a bit of its own, and one is left");
        for key in Key::ALL {
            assert_eq!(Key::of(key.name()), Some(*key));
            assert_eq!(key.first(), format!("{}_", key.name()));
            let mut following = String::new();
            let mut gather = Gather::new(&mut following);
            gather.push_short(key.following()).and_then(|()| gather.flush()).unwrap();
            assert_eq!(following, format!(",{}_", key.name()));
        }
        assert_eq!(Key::of("zz"), None);
    }
}
