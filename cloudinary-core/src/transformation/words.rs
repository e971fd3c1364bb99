//! Values of which the reference lists the words.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident => $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
            /// A value this crate has no name for, in the URL's form.
            Other(String),
        }

        impl $name {
            /// The form in URLs.
            ///
            /// ```
            #[doc = concat!("use cloudinary_core::", stringify!($name), ";")]
            #[doc = concat!("assert_eq!(", stringify!($name), "::from(\"newer\").as_str(), \"newer\");")]
            /// ```
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$word => $text,)*
                    Self::Other(text) => text,
                }
            }

            /// The same, of which a word of the reference needs no copy.
            #[inline(always)]
            pub(super) fn into_text(self) -> std::borrow::Cow<'static, str> {
                match self {
                    $(Self::$word => $text.into(),)*
                    Self::Other(text) => text.into(),
                }
            }

            /// What is wrong with it, if it can never work.
            #[inline(always)]
            pub(super) fn fault(&self) -> Option<&'static str> {
                match self {
                    Self::Other(text) => $crate::transformation::value::text_fault(text),
                    _ => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$word,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }
    };
}

pub(super) use words;
