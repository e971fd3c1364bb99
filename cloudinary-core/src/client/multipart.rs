//! A form with a file, as browsers post it, with its exact length known beforehand.
//!
//! Our own, and not the HTTP client's, so that any [`Transport`](super::Transport) can carry it, and so that a fault of the
//! file is told apart from one of the connection.

use std::io;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::open_file::OpenFile;
use super::recorder::Recorder;
use super::transport::Body;
use crate::error::{Error, Result};

/// How much of a file is read at once.
pub(super) const READ_BYTES: usize = 256 * 1024;

/// Pieces of a file.
pub(crate) type Pieces = BoxStream<'static, io::Result<Bytes>>;

/// Is told how many bytes of the file a request has handed to its connection.
pub(crate) type Watch = Arc<dyn Fn(u64) + Send + Sync>;

/// The part named `file`.
pub(crate) enum FilePart {
    /// An address that the service fetches, or a data URI.
    Text(String),
    /// Bytes in memory.
    Bytes {
        /// The file's name.
        filename: String,
        /// All of it, in their order.
        pieces: Vec<Bytes>,
    },
    /// A stretch of a file on this machine, read anew for each try.
    File {
        /// The file's name.
        filename: String,
        /// The file.
        file: Arc<OpenFile>,
        /// Where the stretch begins.
        offset: u64,
        /// How many bytes it has.
        length: u64,
    },
    /// A stream, which can be sent once.
    Stream {
        /// The file's name.
        filename: String,
        /// `None` once it was sent.
        pieces: Option<Pieces>,
        /// How many bytes it will give.
        length: u64,
    },
    /// A chunk of a stream, sent while it comes, and recorded beside that.
    Recorded {
        /// The file's name.
        filename: String,
        /// Where the chunk was begun.
        recorder: Recorder,
        /// How many bytes it has.
        length: u64,
    },
}

impl FilePart {
    /// Whether it can be sent (again).
    pub(crate) fn is_there(&self) -> bool {
        !matches!(self, Self::Stream { pieces: None, .. })
    }

    /// Whether no request has been given all of it, so that nothing can have come of one.
    pub(crate) fn is_unfinished(&self) -> bool {
        matches!(self, Self::Recorded { recorder, .. } if !recorder.is_given())
    }

    /// Makes ready what is to be sent again: of what is sent while it comes, the rest has to come first.
    pub(crate) async fn renew(&mut self) -> Result<()> {
        if let Self::Recorded { filename, recorder, .. } = self {
            let pieces = recorder.whole().await;
            let pieces = pieces.map_err(|source| Error::Source { what: "the stream".to_owned(), source })?;
            *self = Self::Bytes { filename: std::mem::take(filename), pieces };
        }
        Ok(())
    }

    /// What messages call it.
    fn name(&self) -> String {
        match self {
            Self::File { file, .. } => file.path().display().to_string(),
            Self::Stream { .. } | Self::Recorded { .. } => "the stream".to_owned(),
            Self::Text(_) | Self::Bytes { .. } => "the file".to_owned(),
        }
    }
}

/// What went wrong with the file while it was sent; the connection only says that its body ended.
#[derive(Clone, Default)]
pub(crate) struct FileFault {
    what: String,
    slot: Arc<Mutex<Option<io::Error>>>,
}

impl FileFault {
    /// The fault, once.
    pub(crate) fn take(&self) -> Option<Error> {
        let source = self.slot.lock().ok()?.take()?;
        Some(Error::Source { what: self.what.clone(), source })
    }

    fn keep(&self, error: io::Error) -> io::Error {
        let told = io::Error::new(error.kind(), "the file could not be read");
        if let Ok(mut slot) = self.slot.lock() {
            slot.get_or_insert(error);
        }
        told
    }
}

/// A form that is ready to be sent.
pub(crate) struct Multipart {
    pub(crate) content_type: String,
    pub(crate) length: u64,
    pub(crate) body: Body,
    pub(crate) fault: FileFault,
}

impl Multipart {
    /// Fields in their order, then the file.
    pub(crate) fn new(
        fields: &[(String, String)],
        file_field: &str,
        file: &mut Option<FilePart>,
        watch: Option<&Watch>,
    ) -> Result<Self> {
        let boundary = format!("{:032x}", rand::random::<u128>());
        let what = file.as_ref().map(FilePart::name).unwrap_or_default();
        let fault = FileFault { what, slot: Arc::default() };
        let mut head = String::new();
        for (name, value) in fields {
            push_part(&mut head, &boundary, name, None);
            head.push_str(value);
            head.push_str("\r\n");
        }
        let end = format!("--{boundary}--\r\n");
        let (length, body) = match file {
            None => whole([head, end].concat()),
            Some(FilePart::Text(text)) => {
                push_part(&mut head, &boundary, file_field, None);
                whole([head.as_str(), text, "\r\n", &end].concat())
            }
            Some(FilePart::Bytes { filename, pieces }) => {
                push_part(&mut head, &boundary, file_field, Some(filename));
                let length = pieces.iter().map(|piece| piece.len() as u64).sum();
                streamed(head, slices(pieces.clone()), length, &end, &fault, watch)
            }
            Some(FilePart::File { filename, file, offset, length }) => {
                push_part(&mut head, &boundary, file_field, Some(filename));
                streamed(head, file.pieces(*offset, *length), *length, &end, &fault, watch)
            }
            Some(FilePart::Stream { filename, pieces, length }) => {
                push_part(&mut head, &boundary, file_field, Some(filename));
                let pieces = pieces.take().ok_or_else(|| Error::Source {
                    what: "the stream".to_owned(),
                    source: io::Error::other("it was sent before and cannot be read twice"),
                })?;
                streamed(head, pieces, *length, &end, &fault, watch)
            }
            Some(FilePart::Recorded { filename, recorder, length }) => {
                push_part(&mut head, &boundary, file_field, Some(filename));
                streamed(head, recorder.pieces(), *length, &end, &fault, watch)
            }
        };
        Ok(Self { content_type: format!("multipart/form-data; boundary={boundary}"), length, body, fault })
    }
}

fn whole(text: String) -> (u64, Body) {
    (text.len() as u64, Body::from(text))
}

/// Bytes in memory, in pieces of which each can be told of.
fn slices(pieces: Vec<Bytes>) -> Pieces {
    let slices = |mut piece: Bytes| {
        std::iter::from_fn(move || (!piece.is_empty()).then(|| Ok(piece.split_to(piece.len().min(READ_BYTES)))))
    };
    stream::iter(pieces.into_iter().flat_map(slices)).boxed()
}

fn streamed(
    head: String,
    pieces: Pieces,
    file_length: u64,
    end: &str,
    fault: &FileFault,
    watch: Option<&Watch>,
) -> (u64, Body) {
    let tail = format!("\r\n{end}");
    let length = head.len() as u64 + file_length + tail.len() as u64;
    let fault = fault.clone();
    let watch = watch.cloned();
    let mut sent = 0;
    let file = exactly(pieces, file_length).map_err(move |error| fault.keep(error)).inspect_ok(move |piece| {
        if let Some(watch) = &watch {
            sent += piece.len() as u64;
            watch(sent);
        }
    });
    let body = stream::iter([Ok(Bytes::from(head))]).chain(file).chain(stream::iter([Ok(Bytes::from(tail))]));
    (length, Body::wrap_stream(body))
}

fn push_part(out: &mut String, boundary: &str, name: &str, filename: Option<&str>) {
    out.push_str("--");
    out.push_str(boundary);
    out.push_str("\r\nContent-Disposition: form-data; name=\"");
    push_quoted(out, name);
    out.push('"');
    if let Some(filename) = filename {
        out.push_str("; filename=\"");
        push_quoted(out, filename);
        out.push_str("\"\r\nContent-Type: application/octet-stream");
    }
    out.push_str("\r\n\r\n");
}

/// As browsers write names: what would end the header is percent-escaped, everything else stands as it is.
fn push_quoted(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("%22"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c => out.push(c),
        }
    }
}

/// Fails when the stream gives more or less than it said, instead of a request that never ends.
fn exactly(pieces: Pieces, length: u64) -> impl futures_util::Stream<Item = io::Result<Bytes>> + Send {
    let seen = pieces.map_ok(Some).chain(stream::iter([Ok(None)]));
    seen.scan(0_u64, move |count, item| {
        let checked = match item {
            Ok(Some(piece)) => {
                *count += piece.len() as u64;
                if *count > length { Err(changed(length, *count)) } else { Ok(piece) }
            }
            Ok(None) if *count < length => Err(changed(length, *count)),
            Ok(None) => Ok(Bytes::new()),
            Err(error) => Err(error),
        };
        std::future::ready(Some(checked))
    })
    // hyper takes an empty piece for nothing; leaving it out keeps other transports from taking it for the end.
    .try_filter(|piece| std::future::ready(!piece.is_empty()))
}

pub(crate) fn changed(expected: u64, found: u64) -> io::Error {
    let more = if found > expected { "at least " } else { "" };
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("it should have {expected} bytes and has {more}{found}; it changed while it was sent"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_end_the_header() {
        for (name, expected) in
            [("a.jpg", "a.jpg"), ("a\"b", "a%22b"), ("a\r\nX: y", "a%0D%0AX: y"), ("ü\u{202e}", "ü\u{202e}")]
        {
            let mut out = String::new();
            push_quoted(&mut out, name);
            assert_eq!(out, expected);
        }
    }

    #[tokio::test]
    async fn streams_keep_their_word() {
        for (pieces, length, expected) in [
            (vec!["ab", "c"], 3, Ok("abc")),
            (vec![], 0, Ok("")),
            (vec!["ab"], 3, Err("it should have 3 bytes and has 2; it changed while it was sent")),
            (vec!["ab", "cd"], 3, Err("it should have 3 bytes and has at least 4; it changed while it was sent")),
        ] {
            let stream = stream::iter(pieces.into_iter().map(|piece| Ok(Bytes::from(piece)))).boxed();
            let found: io::Result<Vec<Bytes>> = exactly(stream, length).try_collect().await;
            assert_eq!(
                found.map(|pieces| pieces.concat()).map_err(|e| e.to_string()),
                expected.map(Into::into).map_err(Into::into)
            );
        }
    }
}
