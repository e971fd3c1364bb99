//! The Admin API: looking at, changing and deleting what is stored, and the account's definitions.
//!
//! Its calls count against the account's hourly limit, which each [`Answer`](crate::Answer) tells. It needs key and
//! secret, or a bearer token.
//!
//! Follows <https://cloudinary.com/documentation/admin_api>.

mod resource;
mod resources;

pub use self::resource::{Moderation, Resource};
pub use self::resources::{Direction, ListResources, MAX_IDS, ResourcePage};
use crate::client::{Call, Cloudinary, Request};
use crate::error::{Error, Result};

/// The calls of the Admin API; [`Cloudinary::admin`] gives it.
///
/// ```no_run
/// # async fn example() -> cloudinary_core::Result<()> {
/// use cloudinary_core::Cloudinary;
///
/// let admin = Cloudinary::from_env()?.admin();
/// let page = admin.resources().prefix("albums/").max_results(50).tags(true).await?;
/// for resource in &page.resources {
///     println!("{} {:?} {} bytes", resource.public_id, resource.tags, resource.bytes);
/// }
/// println!("{:?}", page.rate_limit());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Admin {
    client: Cloudinary,
}

impl Admin {
    pub(crate) fn new(client: Cloudinary) -> Self {
        Self { client }
    }

    fn request<T>(&self, call: Call) -> Request<T> {
        Request::new(&self.client, call)
    }

    fn checked<T>(&self, call: Result<Call>) -> Request<T> {
        Request::checked(&self.client, call)
    }
}

/// A name that stands in the path, where an empty one would make another call of it.
fn named<'a>(parameter: &str, name: &'a str) -> Result<&'a str> {
    if name.trim_matches('/').is_empty() {
        return Err(Error::invalid(parameter, name, "it must not be empty"));
    }
    Ok(name)
}

/// Several names, at least one and at most so many, none of them empty.
fn names(parameter: &str, names: impl IntoIterator<Item: Into<String>>, most: usize) -> Result<Vec<String>> {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    if names.is_empty() {
        return Err(Error::invalid(parameter, "", "give at least one"));
    }
    if names.len() > most {
        let count = format!("{} of them", names.len());
        return Err(Error::invalid(parameter, &count, format!("give at most {most} in one call")));
    }
    for name in &names {
        named(parameter, name)?;
    }
    Ok(names)
}
