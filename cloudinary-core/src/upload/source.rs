//! Where the bytes of an upload come from.

use std::path::{Path, PathBuf};
use std::pin::Pin;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use crate::error::{Error, Result};

/// A stream of bytes that may fail.
pub type ByteStream = Pin<Box<dyn Stream<Item = std::io::Result<Bytes>> + Send>>;

/// A file to upload. A plain string is none: whether it is a path or a URL has to be said, so that what a visitor
/// typed never becomes a path of the server.
///
/// ```
/// use std::path::Path;
/// use cloudinary_core::UploadSource;
/// let file = UploadSource::from(Path::new("beach.jpg"));
/// let bytes = UploadSource::bytes("beach.jpg", vec![0xFF, 0xD8]);
/// let remote = UploadSource::remote("https://example.com/beach.jpg")?;
/// assert!(UploadSource::remote("/etc/passwd").is_err());
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// ```compile_fail,E0277
/// // Is it a path, a URL, or the text itself? It has to be said.
/// let source = cloudinary_core::UploadSource::from("beach.jpg");
/// ```
///
/// ```compile_fail,E0277
/// let source = cloudinary_core::UploadSource::from(String::from("beach.jpg"));
/// ```
///
/// File names are sent without their folders and control characters, and no longer than [`MAX_FILENAME_CHARS`].
pub struct UploadSource(pub(crate) Kind);

pub(crate) enum Kind {
    Path(PathBuf),
    Bytes { filename: String, bytes: Bytes },
    Stream { filename: String, stream: ByteStream, length: Length },
    Remote(String),
}

/// How many bytes a stream has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Length {
    Unknown,
    Exact(u64),
    Likely(u64),
}

/// File names are cut to this many characters, before their extension; most systems cannot keep longer ones.
pub const MAX_FILENAME_CHARS: usize = 255;

/// An extension that is kept when a name is cut, at most.
const MAX_EXTENSION_CHARS: usize = 20;

/// The name of what came without one.
const DEFAULT_FILENAME: &str = "file";

impl UploadSource {
    /// A file on this machine.
    pub fn path(path: impl AsRef<Path>) -> Self {
        Self(Kind::Path(path.as_ref().to_owned()))
    }

    /// Bytes in memory, and the file name to send with them.
    pub fn bytes(filename: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self(Kind::Bytes { filename: filename.into(), bytes: bytes.into() })
    }

    /// A stream of unknown length. It is sent in chunks, of which one at a time is held in memory; one whose length is
    /// [known](Self::with_length) or [likely](Self::with_likely_length) goes while it comes.
    pub fn stream<S, B, E>(filename: impl Into<String>, stream: S) -> Self
    where
        S: Stream<Item = std::result::Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let stream = Box::pin(stream.map_ok(Into::into).map_err(std::io::Error::other));
        Self(Kind::Stream { filename: filename.into(), stream, length: Length::Unknown })
    }

    /// A reader of unknown length, as [`stream`](Self::stream).
    pub fn reader(filename: impl Into<String>, reader: impl AsyncRead + Send + 'static) -> Self {
        let stream = Box::pin(ReaderStream::with_capacity(reader, 64 * 1024));
        Self(Kind::Stream { filename: filename.into(), stream, length: Length::Unknown })
    }

    /// How many bytes a stream will give. It is then sent while it comes: in one piece, without holding any of it, or in
    /// chunks of which one at a time is held to be sent again.
    ///
    /// A stream that gives more or less makes the upload fail. Other sources know their length; there this does
    /// nothing.
    pub fn with_length(self, bytes: u64) -> Self {
        self.with(Length::Exact(bytes))
    }

    /// How many bytes a stream will probably give, as the last part of a form whose length is known. It is then sent while
    /// it comes, in one piece or in chunks, of which one at a time is held to be sent again.
    ///
    /// Nothing is lost where a stream gives more or less: the chunk under way is sent again. Other sources know their
    /// length; there this does nothing.
    ///
    /// ```
    /// use cloudinary_core::UploadSource;
    /// # let body = futures_util::stream::iter([Ok::<_, std::io::Error>("…")]);
    /// let source = UploadSource::stream("beach.jpg", body).with_likely_length(3_200_000);
    /// ```
    pub fn with_likely_length(self, bytes: u64) -> Self {
        self.with(Length::Likely(bytes))
    }

    fn with(mut self, known: Length) -> Self {
        if let Kind::Stream { length, .. } = &mut self.0 {
            *length = known;
        }
        self
    }

    /// A file on the web, which the service fetches itself: `http`, `https`, `ftp`, `s3` or `gs`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything else.
    pub fn remote(url: impl Into<String>) -> Result<Self> {
        let url = url.into();
        let scheme = url.split_once("://").map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
        match scheme {
            Some((scheme, rest))
                if ["http", "https", "ftp", "s3", "gs"].contains(&scheme.as_str())
                    && !rest.is_empty()
                    && !rest.contains(char::is_control) =>
            {
                Ok(Self(Kind::Remote(url)))
            }
            _ => Err(Error::invalid("file", &url, "give an http, https, ftp, s3 or gs URL")),
        }
    }

    /// A `data:` URI, as a canvas in a browser makes it.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything else.
    pub fn data_uri(uri: impl Into<String>) -> Result<Self> {
        let uri = uri.into();
        if uri.starts_with("data:") && uri.contains(',') {
            Ok(Self(Kind::Remote(uri)))
        } else {
            Err(Error::invalid("file", &uri, "give a URI that starts with data: and has a comma"))
        }
    }
}

/// The last part of a name, whatever system it comes from; never empty, without control characters.
pub(crate) fn base_name(name: &str) -> String {
    let base: String =
        name.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    match base.chars().count() {
        0 => DEFAULT_FILENAME.to_owned(),
        1..=MAX_FILENAME_CHARS => base,
        _ => {
            let extension = base.rsplit_once('.').map(|(_, extension)| extension);
            let extension = extension.filter(|extension| extension.chars().count() <= MAX_EXTENSION_CHARS);
            let tail = extension.map(|extension| format!(".{extension}")).unwrap_or_default();
            let kept = MAX_FILENAME_CHARS - tail.chars().count();
            base.chars().take(kept).collect::<String>() + &tail
        }
    }
}

impl From<&Path> for UploadSource {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl From<PathBuf> for UploadSource {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<Bytes> for UploadSource {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(DEFAULT_FILENAME, bytes)
    }
}

impl From<Vec<u8>> for UploadSource {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(DEFAULT_FILENAME, bytes)
    }
}

impl std::fmt::Debug for UploadSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Kind::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Kind::Bytes { filename, bytes } => f.debug_tuple("Bytes").field(filename).field(&bytes.len()).finish(),
            Kind::Stream { filename, length, .. } => f.debug_tuple("Stream").field(filename).field(length).finish(),
            Kind::Remote(url) => f.debug_tuple("Remote").field(&crate::error::shorten(url)).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_sources() {
        for (url, accepted) in [
            ("https://a.com/x.jpg", true),
            ("s3://bucket/x", true),
            ("HTTP://a.com/x", true),
            ("file:///etc/passwd", false),
            ("/etc/passwd", false),
            ("https://", false),
            ("https://a\nb", false),
            ("", false),
        ] {
            assert_eq!(UploadSource::remote(url).is_ok(), accepted, "{url:?}");
        }
        assert!(UploadSource::data_uri("data:image/gif;base64,R0").is_ok());
        assert!(UploadSource::data_uri("data:").is_err());
    }

    #[test]
    fn names_lose_their_folders() {
        for (name, expected) in
            [("/tmp/a b.jpg", "a b.jpg"), ("C:\\x\\y.png", "y.png"), ("a\nb", "ab"), ("", "file"), ("x/", "file")]
        {
            assert_eq!(base_name(name), expected);
        }
        let long = "ü".repeat(10_000);
        for (name, tail) in [(long.clone(), "ü"), (format!("{long}.jpg"), "ü.jpg"), (format!("a.{long}"), "ü")] {
            let base = base_name(&name);
            assert!(base.chars().count() == MAX_FILENAME_CHARS && base.ends_with(tail), "{base}");
        }
    }
}
