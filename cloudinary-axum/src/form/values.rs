//! From the fields of a request to the app's own struct.

use std::fmt;
use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::change;
use super::uploaded::{Uploaded, Verified};

/// What a field was sent with.
#[derive(Debug, Clone, Copy)]
pub(super) enum FieldValue<'a> {
    Texts(&'a [String]),
    Files(&'a [Uploaded]),
    /// Of an editable field: new files, and whether the box was ticked.
    Edited {
        files: &'a [Uploaded],
        cleared: bool,
    },
}

/// Why a struct cannot be made, and from which field, if one is to blame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ValueError {
    pub(crate) field: Option<String>,
    pub(crate) message: String,
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ValueError {}

impl de::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { field: None, message: message.to_string() }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { field: Some(field.to_owned()), message: "This field is required.".to_owned() }
    }
}

/// Makes the struct; numbers, booleans and enums are read from text.
pub(super) fn from_values<'a, T: DeserializeOwned>(
    values: impl Iterator<Item = (&'a str, FieldValue<'a>)>,
) -> Result<T, ValueError> {
    T::deserialize(Form { values, next: None })
}

struct Form<'a, I> {
    values: I,
    next: Option<(&'a str, FieldValue<'a>)>,
}

impl<'de, 'a, I: Iterator<Item = (&'a str, FieldValue<'a>)>> Deserializer<'de> for Form<'a, I> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, 'a, I: Iterator<Item = (&'a str, FieldValue<'a>)>> MapAccess<'de> for Form<'a, I> {
    type Error = ValueError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ValueError> {
        self.next = self.values.next();
        match &self.next {
            Some((name, _)) => seed.deserialize(StrDeserializer::new(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ValueError> {
        let (name, value) = self.next.take().ok_or_else(|| de::Error::custom("a value without a name"))?;
        seed.deserialize(value)
            .map_err(|error| ValueError { field: error.field.or_else(|| Some(name.to_owned())), ..error })
    }
}

impl<'a> FieldValue<'a> {
    /// The one text; of several the last, as a later input of the same name replaces an earlier.
    fn text(self) -> Result<&'a str, ValueError> {
        match self {
            Self::Texts(texts) => Ok(texts.last().map_or("", String::as_str)),
            Self::Files(_) | Self::Edited { .. } => Err(de::Error::custom("a file came where text is due")),
        }
    }

    fn parsed<T: std::str::FromStr>(self, what: &str) -> Result<T, ValueError> {
        self.text()?.trim().parse().map_err(|_| de::Error::custom(format!("Enter {what}.")))
    }
}

macro_rules! parse_numbers {
    ($($method:ident => $visit:ident, $type:ty, $what:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
            visitor.$visit(self.parsed::<$type>($what)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for FieldValue<'_> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Self::Texts(texts) if texts.len() > 1 => self.deserialize_seq(visitor),
            Self::Texts(_) => visitor.visit_str(self.text()?),
            Self::Files(_) | Self::Edited { .. } => self.deserialize_struct("", &[], visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match self {
            Self::Files(files) | Self::Edited { files, .. } => {
                let file = files.last().ok_or_else(|| <ValueError as de::Error>::custom("there is no file"))?;
                visitor.visit_map(Verified::new(file))
            }
            Self::Texts(_) => Err(de::Error::custom("text came where a file is due; declare the field as a file")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        let nothing = match &self {
            Self::Texts(texts) => texts.iter().all(String::is_empty),
            Self::Files(files) => files.is_empty(),
            Self::Edited { files, cleared } => files.is_empty() && !cleared,
        };
        if nothing { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Self::Texts(texts) => visitor.visit_seq(Items(texts.iter().map(|text| Self::Texts(slice::from_ref(text))))),
            Self::Files(files) | Self::Edited { files, .. } => {
                visitor.visit_seq(Items(files.iter().map(|file| Self::Files(slice::from_ref(file)))))
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        let text = self.text()?;
        // What browsers send for a ticked checkbox is "on".
        match text {
            "on" | "true" | "1" | "yes" => visitor.visit_bool(true),
            "" | "off" | "false" | "0" | "no" => visitor.visit_bool(false),
            _ => Err(de::Error::custom("Answer yes or no.")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        if name == change::NAME {
            return match self {
                Self::Edited { files, cleared } => visitor.visit_enum(Edit { files, cleared }),
                _ => Err(de::Error::custom("a Change comes from a file field that is declared editable()")),
            };
        }
        let text: StrDeserializer<'_, ValueError> = self.text()?.into_deserializer();
        text.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    parse_numbers! {
        deserialize_i8 => visit_i8, i8, "a whole number";
        deserialize_i16 => visit_i16, i16, "a whole number";
        deserialize_i32 => visit_i32, i32, "a whole number";
        deserialize_i64 => visit_i64, i64, "a whole number";
        deserialize_u8 => visit_u8, u8, "a whole number, 0 or above";
        deserialize_u16 => visit_u16, u16, "a whole number, 0 or above";
        deserialize_u32 => visit_u32, u32, "a whole number, 0 or above";
        deserialize_u64 => visit_u64, u64, "a whole number, 0 or above";
        deserialize_f32 => visit_f32, f32, "a number";
        deserialize_f64 => visit_f64, f64, "a number";
        deserialize_char => visit_char, char, "one character";
    }

    forward_to_deserialize_any! {
        i128 u128 str string bytes byte_buf unit unit_struct tuple tuple_struct map identifier ignored_any
    }
}

/// What a [`Change`](super::Change) is made from.
struct Edit<'a> {
    files: &'a [Uploaded],
    cleared: bool,
}

impl<'de> EnumAccess<'de> for Edit<'_> {
    type Error = ValueError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), ValueError> {
        let [unchanged, removed, replaced] = change::VARIANTS;
        let variant = match (self.files.is_empty(), self.cleared) {
            (false, _) => replaced,
            (true, true) => removed,
            (true, false) => unchanged,
        };
        Ok((seed.deserialize(StrDeserializer::<ValueError>::new(variant))?, self))
    }
}

impl<'de> VariantAccess<'de> for Edit<'_> {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ValueError> {
        if self.files.len() > 1 {
            return Err(de::Error::custom("a Change holds one file; declare the field editable() without many()"));
        }
        seed.deserialize(FieldValue::Files(self.files))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, ValueError> {
        Err(de::Error::custom("a Change holds one file"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, ValueError> {
        Err(de::Error::custom("a Change holds one file"))
    }
}

struct Items<I>(I);

impl<'de, 'a, I: Iterator<Item = FieldValue<'a>>> SeqAccess<'de> for Items<I> {
    type Error = ValueError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ValueError> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::super::Change;
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Mood {
        Sunny,
        Rainy,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Form {
        title: String,
        year: Option<u16>,
        #[serde(default)]
        public: bool,
        #[serde(default)]
        tags: Vec<String>,
        mood: Mood,
        image: Uploaded,
        cover: Option<Uploaded>,
        #[serde(default)]
        more: Vec<Uploaded>,
    }

    fn file(value: &str) -> Uploaded {
        Uploaded::verified(value.parse().unwrap())
    }

    /// What a test sends for a field.
    enum Sent {
        Texts(Vec<String>),
        Files(Vec<Uploaded>),
        Edited(Vec<Uploaded>, bool),
    }

    fn texts(texts: &[&str]) -> Sent {
        Sent::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    fn read<T: DeserializeOwned>(pairs: &[(&str, Sent)]) -> Result<T, ValueError> {
        from_values(pairs.iter().map(|(name, sent)| {
            let value = match sent {
                Sent::Texts(texts) => FieldValue::Texts(texts),
                Sent::Files(files) => FieldValue::Files(files),
                Sent::Edited(files, cleared) => FieldValue::Edited { files, cleared: *cleared },
            };
            (*name, value)
        }))
    }

    #[test]
    fn structs() {
        let form: Form = read(&[
            ("title", texts(&["Beach"])),
            ("year", texts(&[""])),
            ("public", texts(&["on"])),
            ("tags", texts(&["a", "b"])),
            ("mood", texts(&["sunny"])),
            ("image", Sent::Files(vec![file("image/upload/v1/a.jpg")])),
            ("cover", Sent::Files(vec![])),
            ("more", Sent::Files(vec![file("b"), file("c")])),
            ("unknown", texts(&["x"])),
        ])
        .unwrap();
        assert_eq!(form.image, file("image/upload/v1/a.jpg"));
        assert_eq!(
            (form.year, form.public, form.tags.len(), form.mood, form.cover),
            (None, true, 2, Mood::Sunny, None)
        );
        assert_eq!(form.more, [file("b"), file("c")]);
    }

    #[test]
    fn changes() {
        #[derive(Debug, Deserialize)]
        struct Edit {
            image: Change,
        }
        let new = || vec![file("image/upload/v1/a.jpg")];
        for (files, cleared, expected) in [
            (vec![], false, Change::Unchanged),
            (vec![], true, Change::Removed),
            (new(), false, Change::Replaced(file("image/upload/v1/a.jpg"))),
            (new(), true, Change::Replaced(file("image/upload/v1/a.jpg"))),
        ] {
            let edit: Edit = read(&[("image", Sent::Edited(files, cleared))]).unwrap();
            assert_eq!(edit.image, expected);
        }
        let error = read::<Edit>(&[("image", texts(&["Removed"]))]).unwrap_err();
        assert!(error.message.contains("editable()"), "{error}");
        assert!(serde_json::from_str::<Change>(r#""Removed""#).is_ok_and(|change| change == Change::Removed));
        assert!(serde_json::from_str::<Change>(r#"{"Replaced":{"verified":"{}"}}"#).is_err());
    }

    #[test]
    fn errors_name_their_field() {
        #[derive(Debug, Deserialize)]
        #[allow(dead_code)]
        struct Small {
            year: u16,
            image: Option<Uploaded>,
        }
        for (pairs, field, message) in [
            (vec![("year", texts(&["x"]))], "year", "Enter a whole number, 0 or above."),
            (vec![], "year", "This field is required."),
            (
                vec![("year", texts(&["1"])), ("image", texts(&["image/upload/v1/a.jpg"]))],
                "image",
                "text came where a file is due",
            ),
            (vec![("year", Sent::Files(vec![file("a")]))], "year", "a file came where text is due"),
        ] {
            let error = read::<Small>(&pairs).unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field));
            assert!(error.message.contains(message), "{error}");
        }
    }
}
