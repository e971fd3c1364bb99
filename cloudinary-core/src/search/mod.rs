//! The Search API: finding stored assets and folders by what is known of them; images by what they show are found by
//! [`Admin::visual_search`](crate::admin::Admin::visual_search).
//!
//! ```no_run
//! # async fn example() -> cloudinary_core::Result<()> {
//! use std::pin::pin;
//! use cloudinary_core::Cloudinary;
//! use cloudinary_core::search::{Ago, Direction, field};
//! use futures_util::TryStreamExt as _;
//!
//! let cld = Cloudinary::from_env()?;
//! let kittens = field("tags").is("kitten").and(field("uploaded_at").over(Ago::days(1))).and(field("bytes").over(1_000_000));
//! let page = cld.search(&kittens).sort_by("public_id", Direction::Desc).max_results(30).await?;
//! println!("{:?} in all", page.total_count);
//!
//! let mut all = pin!(cld.search("resource_type:image AND tags=kitten").with_field("context").stream());
//! while let Some(resource) = all.try_next().await? {
//!     println!("{}", resource.public_id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Follows <https://cloudinary.com/documentation/search_api>.

mod assets;
mod expression;
mod field;
mod folders;
mod query;
mod url;

pub use self::assets::{Search, SearchPage};
pub use self::expression::Expression;
pub use self::field::{Ago, Field, Term, any_field, field};
pub use self::folders::{FolderSearchPage, FoundFolder, SearchFolders};
pub use self::query::{Aggregation, MAX_RESULTS};
pub use self::url::DEFAULT_TTL_SECONDS;
pub use crate::admin::{Direction, VisualQuery, VisualSearch};
