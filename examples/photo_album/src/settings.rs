//! What the environment decides.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use cloudinary_core::Config;

/// Where the album listens unless `PHOTO_ALBUM_ADDR` says otherwise.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:3000";
/// Where the album keeps its data unless `PHOTO_ALBUM_DATA` says otherwise.
pub const DEFAULT_DATA: &str = "./photo_album_data";

/// How long a deleted photo can be had back unless `PHOTO_ALBUM_UNDO` says otherwise.
pub const DEFAULT_UNDO: Duration = Duration::from_mins(10);

/// The album's settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `PHOTO_ALBUM_ADDR`: the address to listen on.
    pub address: SocketAddr,
    /// `PHOTO_ALBUM_DATA`: the folder for the database and the media.
    pub data: PathBuf,
    /// `DATABASE_URL`: an `SQLite` database; `None` is one in the folder.
    pub database_url: Option<String>,
    /// `CLOUDINARY_URL`: the media service; `None` is the embedded server.
    pub cloudinary: Option<Config>,
    /// `PHOTO_ALBUM_UNDO`: how long a deleted photo can be had back, in seconds there.
    pub undo: Duration,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// One line that names the variable and what it takes.
    pub fn from_env() -> Result<Self, String> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let address = set("PHOTO_ALBUM_ADDR").unwrap_or_else(|| DEFAULT_ADDRESS.to_owned());
        let address =
            address.parse().map_err(|_| format!("PHOTO_ALBUM_ADDR is {address:?}; write it as {DEFAULT_ADDRESS}"))?;
        let database_url = set("DATABASE_URL");
        if let Some(url) = database_url.as_deref().filter(|url| !url.starts_with("sqlite:")) {
            return Err(format!(
                "DATABASE_URL starts with {:?}; the album keeps its photos in SQLite, as sqlite://album.db",
                scheme(url)
            ));
        }
        let undo = set("PHOTO_ALBUM_UNDO").map(|text| {
            let seconds = text.parse().map(Duration::from_secs);
            seconds.map_err(|_| format!("PHOTO_ALBUM_UNDO is {text:?}; write it in seconds, as 600"))
        });
        let cloudinary = set("CLOUDINARY_URL").map(|url| Config::from_url(&url)).transpose();
        Ok(Self {
            address,
            data: set("PHOTO_ALBUM_DATA").map_or_else(|| PathBuf::from(DEFAULT_DATA), PathBuf::from),
            database_url,
            cloudinary: cloudinary.map_err(|error| format!("CLOUDINARY_URL cannot be used: {error}"))?,
            undo: undo.transpose()?.unwrap_or(DEFAULT_UNDO),
        })
    }
}

/// The part of a URL that carries no password.
fn scheme(url: &str) -> &str {
    url.split(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        Settings::from_variables(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn defaults_and_refusals() {
        let defaults = settings(&[("DATABASE_URL", "")]).unwrap();
        assert_eq!(defaults.address.to_string(), DEFAULT_ADDRESS);
        assert!(defaults.cloudinary.is_none() && defaults.database_url.is_none());
        for (name, value, expected) in [
            ("PHOTO_ALBUM_ADDR", "here", "write it as 127.0.0.1:3000"),
            ("DATABASE_URL", "postgres://me:hush@db", "\"postgres\""),
            ("CLOUDINARY_URL", "https://key:hush@demo", "must start with cloudinary://"),
        ] {
            let error = settings(&[(name, value)]).unwrap_err();
            assert!(error.contains(name) && error.contains(expected) && !error.contains("hush"), "{error}");
        }
    }
}
