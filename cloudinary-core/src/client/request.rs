//! Typed calls: each is a small builder that is awaited.

use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;

use futures_util::Stream;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::Cloudinary;
use super::answer::Answer;
use super::call::Call;
use crate::error::Result;

/// What every typed call is inside: the call so far, or the first thing that was wrong with it.
pub(crate) struct Request<T> {
    client: Cloudinary,
    call: Result<Call>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Request<T> {
    pub(crate) fn new(client: &Cloudinary, call: Call) -> Self {
        Self { client: client.clone(), call: Ok(call), answer: PhantomData }
    }

    /// A call that cannot be made; awaiting it says why.
    pub(crate) fn checked(client: &Cloudinary, call: Result<Call>) -> Self {
        Self { client: client.clone(), call, answer: PhantomData }
    }

    pub(crate) fn set(mut self, name: &str, value: impl Into<Json>) -> Self {
        if let Ok(call) = &mut self.call {
            call.set(name, value);
        }
        self
    }

    /// A value that may turn out to be unusable.
    pub(crate) fn try_set(mut self, name: &str, value: Result<Json>) -> Self {
        match (&mut self.call, value) {
            (Ok(call), Ok(value)) => call.set(name, value),
            (Ok(_), Err(error)) => self.call = Err(error),
            (Err(_), _) => {}
        }
        self
    }

    pub(crate) fn edit(mut self, change: impl FnOnce(&mut Call)) -> Self {
        if let Ok(call) = &mut self.call {
            change(call);
        }
        self
    }

    pub(crate) fn try_edit(mut self, change: impl FnOnce(&mut Call) -> Result<()>) -> Self {
        if let Ok(call) = &mut self.call
            && let Err(error) = change(call)
        {
            self.call = Err(error);
        }
        self
    }

    pub(crate) fn into_call(self) -> Result<(Cloudinary, Call)> {
        Ok((self.client, self.call?))
    }
}

impl<T: DeserializeOwned> Request<T> {
    pub(crate) async fn send(self) -> Result<Answer<T>> {
        self.client.send(self.call?).await
    }
}

impl<T: DeserializeOwned + Send + 'static> IntoFuture for Request<T> {
    type Output = Result<Answer<T>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// An answer that is one page of a longer list.
pub trait Page: DeserializeOwned + Send + 'static {
    /// What the list is of.
    type Item: Send + 'static;

    /// Where the next page begins; `None` on the last.
    fn next_cursor(&self) -> Option<&str>;

    /// What is on this page.
    fn into_items(self) -> Vec<Self::Item>;
}

impl<T: Page> Request<T> {
    /// All items of all pages, each page asked for when the one before it is used up. Ends at the first error, and when
    /// the service gives the same cursor twice.
    pub(crate) fn stream(self) -> impl Stream<Item = Result<T::Item>> + Send + 'static {
        enum State<I> {
            Ask(Result<(Cloudinary, Call)>),
            Give(std::vec::IntoIter<I>, Option<(Cloudinary, Call)>),
            End,
        }
        let start = State::Ask(self.into_call());
        futures_util::stream::unfold(start, |mut state| async move {
            loop {
                state = match state {
                    State::End => return None,
                    State::Ask(Err(error)) => return Some((Err(error), State::End)),
                    State::Ask(Ok((client, call))) => match client.send::<T>(call.again()).await {
                        Err(error) => return Some((Err(error), State::End)),
                        Ok(page) => {
                            let page = page.into_inner();
                            let before = call.params.get("next_cursor").and_then(Json::as_str).map(str::to_owned);
                            let cursor = page.next_cursor().map(str::to_owned);
                            let next = cursor.filter(|cursor| Some(cursor) != before.as_ref()).map(|cursor| {
                                let mut call = call;
                                call.set("next_cursor", cursor);
                                (client, call)
                            });
                            State::Give(page.into_items().into_iter(), next)
                        }
                    },
                    State::Give(mut items, next) => match items.next() {
                        Some(item) => return Some((Ok(item), State::Give(items, next))),
                        None => next.map_or(State::End, |next| State::Ask(Ok(next))),
                    },
                };
            }
        })
    }
}

/// Declares a typed call: a struct that wraps [`Request`], with a documented setter for each of its parameters, named and
/// typed in a row: `setter: kind => "parameter",`. Kinds: `text`, `number`, `switch`, `texts` (a list), `csv` (a list sent
/// as one text with commas), `json` (any value that serialises).
macro_rules! request {
    (
        $(#[$doc:meta])*
        pub struct $name:ident -> $answer:ty;
        $($(#[$row_doc:meta])* $setter:ident: $kind:ident => $param:literal,)*
    ) => {
        $(#[$doc])*
        #[must_use = "nothing is asked until it is awaited"]
        pub struct $name(pub(crate) $crate::client::Request<$answer>);

        impl $name {
            $($crate::client::setter! { $(#[$row_doc])* $setter: $kind => $param })*

            /// Any other parameter, by the service's name.
            pub fn param(self, name: &str, value: impl Into<serde_json::Value>) -> Self {
                Self(self.0.set(name, value))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl std::future::IntoFuture for $name {
            type Output = $crate::error::Result<$crate::client::Answer<$answer>>;
            type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;

            fn into_future(self) -> Self::IntoFuture {
                self.0.into_future()
            }
        }
    };
}

/// One row of [`request!`].
macro_rules! setter {
    ($(#[$doc:meta])* $name:ident: text => $param:literal) => {
        $(#[$doc])*
        pub fn $name(self, value: impl Into<String>) -> Self {
            Self(self.0.set($param, value.into()))
        }
    };
    ($(#[$doc:meta])* $name:ident: number => $param:literal) => {
        $(#[$doc])*
        pub fn $name(self, value: u32) -> Self {
            Self(self.0.set($param, value))
        }
    };
    ($(#[$doc:meta])* $name:ident: switch => $param:literal) => {
        $(#[$doc])*
        pub fn $name(self, value: bool) -> Self {
            Self(self.0.set($param, value))
        }
    };
    ($(#[$doc:meta])* $name:ident: texts => $param:literal) => {
        $(#[$doc])*
        pub fn $name(self, values: impl IntoIterator<Item: Into<String>>) -> Self {
            let values: Vec<String> = values.into_iter().map(Into::into).collect();
            Self(self.0.set($param, values))
        }
    };
    ($(#[$doc:meta])* $name:ident: csv => $param:literal) => {
        $(#[$doc])*
        pub fn $name(self, values: impl IntoIterator<Item: Into<String>>) -> Self {
            let values: Vec<String> = values.into_iter().map(Into::into).collect();
            Self(self.0.set($param, values.join(",")))
        }
    };
    ($(#[$doc:meta])* $name:ident: json => $param:literal) => {
        $(#[$doc])*
        pub fn $name(self, value: impl serde::Serialize) -> Self {
            let value = serde_json::to_value(value)
                .map_err(|error| $crate::error::Error::invalid($param, "", error.to_string()));
            Self(self.0.try_set($param, value))
        }
    };
}

/// Adds `stream()` to a call whose answer is a [`Page`].
macro_rules! pages {
    ($name:ident of $item:ty) => {
        impl $name {
            /// Every item of every page; a page is asked for when the one before it is used up.
            pub fn stream(self) -> impl futures_util::Stream<Item = $crate::error::Result<$item>> + Send + 'static {
                self.0.stream()
            }
        }
    };
}

pub(crate) use {pages, request, setter};
