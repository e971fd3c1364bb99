//! Values that the service writes in more than one way.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

/// A value that may be null, and that may be written otherwise than its type says.
pub(crate) trait Tolerant<'de>: Sized {
    /// Reads it; `None` for null.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// What stands for one that is not there; `None` when it must be.
    fn absent() -> Option<Self>;
}

/// Lets serde read a [`Tolerant`] value inside another.
pub(crate) struct Read<T>(pub(crate) Option<T>);

impl<'de, T: Tolerant<'de>> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

impl<'de, T: Tolerant<'de>> Tolerant<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(T::read(deserializer)?.map(Some))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<'de, T: Tolerant<'de>> Tolerant<'de> for Box<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(T::read(deserializer)?.map(Self::new))
    }

    fn absent() -> Option<Self> {
        T::absent().map(Self::new)
    }
}

/// Makes types that deserialise by themselves fit for records; null is "not there".
macro_rules! tolerant {
    ($($type:ty $(= $absent:expr)?),* $(,)?) => {$(
        impl<'de> $crate::answer::Tolerant<'de> for $type {
            fn read<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Self>, D::Error> {
                serde::Deserialize::deserialize(deserializer)
            }

            fn absent() -> Option<Self> {
                None $(.or(Some($absent)))?
            }
        }
    )*};
}
pub(crate) use tolerant;

tolerant!(Json = Json::Null, Map<String, Json> = Map::new());

macro_rules! numbers {
    ($($type:ty $(= $round:expr)?),*) => {$(
        impl<'de> Tolerant<'de> for $type {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                struct Number;

                impl Visitor<'_> for Number {
                    type Value = Option<$type>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a number, or one written as text")
                    }

                    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
                        <$type>::try_from(value).map(Some).map_err(|_| E::custom(format!("{value} is out of range")))
                    }

                    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
                        <$type>::try_from(value).map(Some).map_err(|_| E::custom(format!("{value} is out of range")))
                    }

                    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
                        $(let value = $round(value);)?
                        #[allow(clippy::cast_lossless, clippy::float_cmp)]
                        match value as $type {
                            whole if whole as f64 == value => Ok(Some(whole)),
                            _ => Err(E::custom(format!("{value} is not a whole number in range"))),
                        }
                    }

                    fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
                        let text = value.trim();
                        if text.is_empty() {
                            return Ok(None);
                        }
                        text.parse().map(Some).map_err(|_| E::custom(format!("{value:?} is not a number in range")))
                    }

                    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                        Ok(None)
                    }
                }

                deserializer.deserialize_any(Number)
            }

            fn absent() -> Option<Self> {
                Some(0)
            }
        }
    )*};
}

// Signed ones are places in an image, which some add-on may give more exactly than to the pixel.
numbers!(u32, u64, i64 = f64::round);

impl<'de> Tolerant<'de> for f64 {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Option<f64>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or one written as text")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
                Ok(Some(value as f64))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
                Ok(Some(value as f64))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
                Ok(Some(value))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
                let text = value.trim();
                if text.is_empty() {
                    return Ok(None);
                }
                text.parse().map(Some).map_err(|_| E::custom(format!("{value:?} is not a number")))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }
        }

        deserializer.deserialize_any(Number)
    }

    fn absent() -> Option<Self> {
        Some(0.0)
    }
}

impl<'de> Tolerant<'de> for bool {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct Switch;

        impl Visitor<'_> for Switch {
            type Value = Option<bool>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean, or one written as 1, 0 or text")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Some(value))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
                Ok(Some(value != 0))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
                match value {
                    "" => Ok(None),
                    "true" | "1" => Ok(Some(true)),
                    "false" | "0" => Ok(Some(false)),
                    _ => Err(E::custom(format!("{value:?} is not a boolean"))),
                }
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }
        }

        deserializer.deserialize_any(Switch)
    }

    fn absent() -> Option<Self> {
        Some(false)
    }
}

impl<'de> Tolerant<'de> for String {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Option<String>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number or a boolean")
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Some(value.to_owned()))
            }

            fn visit_string<E: de::Error>(self, value: String) -> Result<Self::Value, E> {
                Ok(Some(value))
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Some(value.to_string()))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
                Ok(Some(value.to_string()))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
                Ok(Some(value.to_string()))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
                Ok(Some(value.to_string()))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }
        }

        deserializer.deserialize_any(Text)
    }

    fn absent() -> Option<Self> {
        None
    }
}

impl<'de, T: Tolerant<'de>> Tolerant<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct List<T>(PhantomData<T>);

        impl<'de, T: Tolerant<'de>> Visitor<'de> for List<T> {
            type Value = Option<Vec<T>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(Read(item)) = items.next_element()? {
                    list.push(item.or_else(T::absent).ok_or_else(|| A::Error::custom("null in a list"))?);
                }
                Ok(Some(list))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }
        }

        deserializer.deserialize_any(List(PhantomData))
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<'de, T: Tolerant<'de>> Tolerant<'de> for BTreeMap<String, T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct Table<T>(PhantomData<T>);

        impl<'de, T: Tolerant<'de>> Visitor<'de> for Table<T> {
            type Value = Option<BTreeMap<String, T>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut table = BTreeMap::new();
                while let Some((key, Read(value))) = entries.next_entry::<String, _>()? {
                    if let Some(value) = value.or_else(T::absent) {
                        table.insert(key, value);
                    }
                }
                Ok(Some(table))
            }

            // Some answers have an empty list where an object would be empty.
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                match items.next_element::<Json>()? {
                    None => Ok(None),
                    Some(_) => Err(A::Error::custom("a list where an object was expected")),
                }
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }
        }

        deserializer.deserialize_any(Table(PhantomData))
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    // Three things to tell apart: an error, nothing, and a value.
    #[allow(clippy::option_option, clippy::needless_pass_by_value)]
    fn check<T: for<'de> Tolerant<'de> + PartialEq + Debug>(json: &str, expected: Option<Option<T>>) {
        let read = serde_json::from_str::<Read<T>>(json).ok().map(|read| read.0);
        assert_eq!(read, expected, "{json}");
    }

    #[test]
    fn numbers() {
        for (json, expected) in [
            ("7", Some(Some(7_u64))),
            ("\"7\"", Some(Some(7))),
            ("7.0", Some(Some(7))),
            ("\"\"", Some(None)),
            ("null", Some(None)),
            ("-1", None),
            ("7.5", None),
            ("\"x\"", None),
            ("[]", None),
        ] {
            check(json, expected);
        }
        check("\"4294967296\"", None::<Option<u32>>);
        check("-3", Some(Some(-3_i64)));
        check("-3.5", Some(Some(-4_i64)));
        check("1e300", None::<Option<i64>>);
        check("\"0.5\"", Some(Some(0.5)));
        check("2", Some(Some(2.0)));
    }

    #[test]
    fn other_values() {
        for (json, expected) in
            [("true", Some(Some(true))), ("0", Some(Some(false))), ("\"1\"", Some(Some(true))), ("\"x\"", None)]
        {
            check(json, expected);
        }
        check("\"a\"", Some(Some("a".to_owned())));
        check("5", Some(Some("5".to_owned())));
        check("null", Some(None::<String>));
        check("{}", None::<Option<String>>);
        check("[1, \"2\"]", Some(Some(vec![1_u64, 2])));
        check("null", Some(None::<Vec<u64>>));
        check(
            "{\"a\": \"1\", \"b\": null}",
            Some(Some(BTreeMap::from([("a".to_owned(), 1_u64), ("b".to_owned(), 0)]))),
        );
        check("[]", Some(None::<BTreeMap<String, u64>>));
        check("[1]", None::<Option<BTreeMap<String, u64>>>);
    }
}
