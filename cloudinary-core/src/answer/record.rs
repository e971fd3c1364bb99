//! Answers, and the objects in them.

/// Declares an object of the service's answers: a struct whose fields are read by name, tolerantly, and `more` with all
/// the others. A row is `field: Type as "name" = default,`: the name is the field's own unless given; without a default
/// an absent text is an error, an absent list or map is empty, an absent number 0. A record `of` another is what that one
/// is, to which it dereferences, and has its own fields beside.
///
/// It is read in one pass. Derived code with a flattened map would hold every object in memory twice; only a record `of`
/// another does, which no list has.
macro_rules! record {
    (
        $(#[$doc:meta])*
        pub struct $record:ident $(of $base:ident: $base_type:ty)? {
            $($(#[$field_doc:meta])* $field:ident: $type:ty $(as $name:literal)? $(= $default:expr)?,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $record {
            $(
                /// What else is said of it, to which this dereferences.
                #[serde(flatten)]
                pub $base: $base_type,
            )?
            $($(#[$field_doc])* $(#[serde(rename = $name)])? pub $field: $type,)*
            /// Everything else that the service says, by its names.
            #[serde(flatten)]
            pub more: serde_json::Map<String, serde_json::Value>,
        }

        $(impl std::ops::Deref for $record {
            type Target = $base_type;

            fn deref(&self) -> &$base_type {
                &self.$base
            }
        })?

        impl<'de> serde::Deserialize<'de> for $record {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                $crate::answer::Tolerant::read(deserializer)?
                    .ok_or_else(|| serde::de::Error::custom("null in place of an object"))
            }
        }

        impl<'de> $crate::answer::Tolerant<'de> for $record {
            fn read<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Self>, D::Error> {
                use $crate::answer::Read;

                #[allow(non_camel_case_types)]
                enum Name {
                    $($field,)*
                    Other(String),
                }

                impl<'de> serde::Deserialize<'de> for Name {
                    fn deserialize<D: serde::Deserializer<'de>>(
                        deserializer: D,
                    ) -> std::result::Result<Self, D::Error> {
                        struct NameReader;

                        impl serde::de::Visitor<'_> for NameReader {
                            type Value = Name;

                            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                                f.write_str("a name")
                            }

                            fn visit_str<E: serde::de::Error>(self, name: &str) -> std::result::Result<Name, E> {
                                $(if name == $crate::answer::record!(@name $field $($name)?) {
                                    return Ok(Name::$field);
                                })*
                                Ok(Name::Other(name.to_owned()))
                            }
                        }

                        deserializer.deserialize_identifier(NameReader)
                    }
                }

                struct Reader;

                impl<'de> serde::de::Visitor<'de> for Reader {
                    type Value = Option<$record>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an object, ", stringify!($record)))
                    }

                    fn visit_unit<E: serde::de::Error>(self) -> std::result::Result<Self::Value, E> {
                        Ok(None)
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut entries: A,
                    ) -> std::result::Result<Self::Value, A::Error> {
                        $(let mut $field: Option<$type> = None;)*
                        let mut more = serde_json::Map::new();
                        while let Some(next_name) = entries.next_key()? {
                            match next_name {
                                $(Name::$field => $field = entries.next_value::<Read<$type>>()?.0,)*
                                Name::Other(name) => {
                                    more.insert(name, entries.next_value()?);
                                }
                            }
                        }
                        $(
                            let mut $base: $base_type = serde_json::from_value(more.into())
                                .map_err(serde::de::Error::custom)?;
                            let more = std::mem::take(&mut $base.more);
                        )?
                        Ok(Some($record {
                            $($base,)?
                            $($field: match $field {
                                Some(value) => value,
                                None => $crate::answer::record!(@absent $type $(, $default)?).ok_or_else(|| {
                                    serde::de::Error::missing_field($crate::answer::record!(@name $field $($name)?))
                                })?,
                            },)*
                            more,
                        }))
                    }
                }

                deserializer.deserialize_any(Reader)
            }

            fn absent() -> Option<Self> {
                None
            }
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    (@absent $type:ty) => { <$type as $crate::answer::Tolerant>::absent() };
    (@absent $type:ty, $default:expr) => { Some::<$type>($default) };
}

pub(crate) use record;

#[cfg(test)]
#[allow(unreachable_pub)] // The macro makes public records; nobody outside sees this one.
mod tests {
    use serde_json::json;

    record! {
        /// A thing.
        pub struct Thing {
            /// Its name.
            name: String,
            /// Its kind.
            kind: String as "type" = "plain".to_owned(),
            /// How many.
            count: u64,
            /// Others.
            others: Vec<Thing>,
        }
    }

    record! {
        /// A thing with a colour.
        pub struct ColoredThing of thing: Thing {
            /// Its colour.
            color: String,
        }
    }

    #[test]
    fn records_of_others() {
        let json = json!({"name": "a", "type": "x", "count": 0, "others": [], "color": "red", "new": [1]});
        let colored: ColoredThing = serde_json::from_value(json.clone()).unwrap();
        assert_eq!((colored.name.as_str(), colored.color.as_str()), ("a", "red"));
        assert_eq!((colored.more.len(), colored.thing.more.len()), (1, 0));
        assert_eq!(serde_json::to_value(colored).unwrap(), json);
        let error = serde_json::from_value::<ColoredThing>(json!({"color": "red"})).unwrap_err();
        assert_eq!(error.to_string(), "missing field `name`");
    }

    #[test]
    fn tolerance() {
        for (given, read) in [
            (
                json!({"name": "a", "type": "x", "count": "3", "new": [1]}),
                json!({"name": "a", "type": "x", "count": 3, "others": [], "new": [1]}),
            ),
            (
                json!({"name": "a", "type": null, "others": [{"name": "b"}]}),
                json!({"name": "a", "type": "plain", "count": 0, "others": [
                    {"name": "b", "type": "plain", "count": 0, "others": []},
                ]}),
            ),
        ] {
            let thing: Thing = serde_json::from_value(given).unwrap();
            assert_eq!(serde_json::to_value(thing).unwrap(), read);
        }
        for (wrong, reason) in [
            (json!({}), "missing field `name`"),
            (json!({"name": null}), "missing field `name`"),
            (json!(null), "null in place of an object"),
            (json!([]), "invalid type: sequence, expected an object, Thing"),
        ] {
            assert_eq!(serde_json::from_value::<Thing>(wrong).unwrap_err().to_string(), reason);
        }
    }
}
