//! The parts of a multipart form, cut out of the body as it comes. Content is handed on in the pieces it came in,
//! without a copy.

use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::StreamExt as _;
use memchr::memmem::find;

use super::body::FormBody;
use super::disposition::Names;
use super::search::{Search, begun};
use crate::rejection::FormRejection;

/// The most bytes before the first part, on the line of a boundary, and of the headers of a part.
pub const MAX_PART_HEAD_BYTES: u64 = 16 * 1024;
/// The longest boundary that a form may have between its parts, in bytes; with a longer one it is refused with 400. RFC
/// 2046 allows 70, and browsers write about 40; but visitors cannot help what their program writes, so that some more is
/// taken.
pub const MAX_BOUNDARY_BYTES: usize = 200;

/// A form on its way in.
pub(super) struct Multipart {
    body: FormBody,
    /// The most bytes that the body may have.
    limit: u64,
    arrived: u64,
    /// What came and was not handed on.
    ahead: Bytes,
    /// What ends each part: a line's end, two hyphens and the boundary.
    delimiter: Vec<u8>,
    stage: Stage,
    /// For what ends the stage.
    search: Search,
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Anything, and somewhere the first boundary.
    Preamble,
    /// A boundary, and the rest of its line.
    Boundary,
    /// Headers of a part, and an empty line.
    Headers,
    /// Content of a part.
    Content,
    /// Nothing that matters.
    End,
}

/// How far a stage came.
enum Step {
    /// To the content of a part.
    Head(Head),
    /// To the next stage.
    Done,
    /// Its end has not come.
    Unfinished,
}

/// What is said of a part before its content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: Option<String>,
    pub(super) filename: Option<String>,
}

/// The line's end before a boundary.
const LINE_END: &[u8] = b"\r\n";
/// The line's end after the last header, and an empty line.
const HEAD_END: &[u8] = b"\r\n\r\n";
/// After the boundary that ends the form.
const FORM_END: &[u8] = b"--";

impl Multipart {
    pub(super) fn new(body: FormBody, boundary: &str, limit: u64) -> Self {
        let delimiter = [LINE_END, b"--", boundary.as_bytes()].concat();
        Self {
            body,
            limit,
            arrived: 0,
            ahead: Bytes::new(),
            delimiter,
            stage: Stage::Preamble,
            search: Search::default(),
        }
    }

    /// A form that has nothing more, in the place of one that is lent.
    pub(super) fn over() -> Self {
        let mut over = Self::new(FormBody::new(Body::empty()), "", 0);
        over.stage = Stage::End;
        over
    }

    /// The head of the next part; what was not read of the one before is passed over.
    pub(super) async fn next(&mut self) -> Result<Option<Head>, FormRejection> {
        while self.piece().await?.is_some() {}
        loop {
            let head = match self.stage {
                Stage::End => return Ok(None),
                Stage::Preamble => self.preamble(),
                Stage::Boundary => self.boundary()?,
                Stage::Headers | Stage::Content => self.head()?,
            };
            match head {
                Step::Head(head) => return Ok(Some(head)),
                Step::Done => {}
                Step::Unfinished if self.ahead.len() as u64 > MAX_PART_HEAD_BYTES => return Err(self.too_long()),
                Step::Unfinished => poll_fn(|context| self.poll_more(context)).await?,
            }
        }
    }

    fn enter(&mut self, stage: Stage, skipped: usize) -> Step {
        self.ahead.advance(skipped);
        self.search.restart(0);
        self.stage = stage;
        Step::Done
    }

    fn preamble(&mut self) -> Step {
        let boundary = &self.delimiter[LINE_END.len()..];
        self.search.find(&self.ahead, boundary).map_or(Step::Unfinished, |at| self.enter(Stage::Boundary, at))
    }

    fn boundary(&mut self) -> Result<Step, FormRejection> {
        let before = self.delimiter.len() - LINE_END.len();
        let Some(line) = self.ahead.get(before..) else { return Ok(Step::Unfinished) };
        if line.starts_with(FORM_END) {
            return Ok(self.enter(Stage::End, before));
        }
        // Blanks between boundary and line's end mean nothing.
        let Some(padding) = self.search.find_other(line, b" \t") else { return Ok(Step::Unfinished) };
        match &line[padding..] {
            [b'\r'] => Ok(Step::Unfinished),
            [b'-'] if padding == 0 => Ok(Step::Unfinished),
            [b'\r', b'\n', ..] => Ok(self.enter(Stage::Headers, before + padding + LINE_END.len())),
            _ => Err(FormRejection::Malformed("a boundary does not end its line".to_owned())),
        }
    }

    fn head(&mut self) -> Result<Step, FormRejection> {
        let Some(end) = self.search.find(&self.ahead, HEAD_END) else { return Ok(Step::Unfinished) };
        let length = end + HEAD_END.len();
        if length as u64 > MAX_PART_HEAD_BYTES {
            return Err(self.too_long());
        }
        let head = Head::parse(&self.ahead[..end])?;
        self.enter(Stage::Content, length);
        Ok(Step::Head(head))
    }

    fn too_long(&self) -> FormRejection {
        let what = match self.stage {
            Stage::Preamble => "what comes before the first part has",
            Stage::Boundary => "the line of a boundary has",
            _ => "the headers of a part have",
        };
        FormRejection::Malformed(format!("{what} more than {MAX_PART_HEAD_BYTES} bytes"))
    }

    /// The next piece of the part's content, which is never empty; `None` at its end.
    pub(super) async fn piece(&mut self) -> Result<Option<Bytes>, FormRejection> {
        poll_fn(|context| self.poll_piece(context)).await
    }

    /// As [`piece`](Self::piece).
    pub(super) fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, FormRejection>> {
        while self.stage == Stage::Content {
            if let Some(at) = find(&self.ahead, &self.delimiter) {
                let piece = self.ahead.split_to(at);
                self.enter(Stage::Boundary, LINE_END.len());
                return Poll::Ready(Ok(Some(piece).filter(|piece| !piece.is_empty())));
            }
            // What may be the beginning of a delimiter waits for the rest of it.
            let free = self.ahead.len() - begun(&self.ahead, &self.delimiter);
            if free > 0 {
                return Poll::Ready(Ok(Some(self.ahead.split_to(free))));
            }
            ready!(self.poll_more(context))?;
        }
        Poll::Ready(Ok(None))
    }

    /// How many bytes the part's content has, if the part is the form's last and the body has so many.
    pub(super) fn length_if_last(&self, body: u64) -> Option<u64> {
        let before = self.arrived - self.ahead.len() as u64;
        let after = self.delimiter.len() + FORM_END.len() + LINE_END.len();
        body.checked_sub(before)?.checked_sub(after as u64)
    }

    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<Result<(), FormRejection>> {
        let piece = ready!(self.body.poll_next_unpin(context));
        Poll::Ready(self.take(piece))
    }

    /// Puts what came behind what is ahead.
    fn take(&mut self, piece: Option<std::io::Result<Bytes>>) -> Result<(), FormRejection> {
        let piece = match piece {
            Some(Ok(piece)) => piece,
            Some(Err(error)) => return Err(FormRejection::Malformed(error.to_string())),
            None => return Err(FormRejection::Malformed("it ends in the middle of a part".to_owned())),
        };
        self.arrived += piece.len() as u64;
        if self.arrived > self.limit {
            return Err(FormRejection::TooLarge(format!("it has more than {} bytes", self.limit)));
        }
        self.ahead = if self.ahead.is_empty() {
            piece
        } else {
            let rest = std::mem::take(&mut self.ahead);
            let mut joined = rest.try_into_mut().unwrap_or_else(|rest| BytesMut::from(&*rest));
            joined.extend_from_slice(&piece);
            joined.freeze()
        };
        Ok(())
    }
}

impl Head {
    fn parse(headers: &[u8]) -> Result<Self, FormRejection> {
        let mut head = Self { name: None, filename: None };
        let mut rest = headers;
        while !rest.is_empty() {
            let end = find(rest, LINE_END).unwrap_or(rest.len());
            let line = &rest[..end];
            rest = rest.get(end + LINE_END.len()..).unwrap_or_default();
            let colon = line.iter().position(|byte| *byte == b':').filter(|colon| *colon > 0);
            let is_control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
            let Some(colon) = colon.filter(|_| !line.iter().any(is_control)) else {
                return Err(FormRejection::Malformed("a header of a part is none".to_owned()));
            };
            let (key, value) = line.split_at(colon);
            if key.eq_ignore_ascii_case(b"content-disposition") {
                let names = Names::parse(value[1..].trim_ascii());
                head = Self { name: names.field, filename: names.file };
            }
        }
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(pieces: Vec<Bytes>) -> Result<Vec<(Head, Vec<u8>)>, FormRejection> {
        let body = Body::from_stream(futures_util::stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>)));
        let mut form = Multipart::new(FormBody::new(body), "b", 1000);
        let mut parts = Vec::new();
        while let Some(head) = form.next().await? {
            let mut content = Vec::new();
            while let Some(piece) = form.piece().await? {
                assert!(!piece.is_empty());
                content.extend_from_slice(&piece);
            }
            parts.push((head, content));
        }
        Ok(parts)
    }

    /// However the body is cut, it says the same.
    #[tokio::test]
    async fn parts() {
        let part = |name: &str, content: &str| {
            (Head { name: Some(name.to_owned()), filename: None }, content.as_bytes().to_vec())
        };
        let head = "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n";
        for (body, expected) in [
            ("--b--".to_owned(), Some(vec![])),
            (format!("{head}y\r\n--b--\r\n"), Some(vec![part("x", "y")])),
            (format!("{head}\r\n--b--"), Some(vec![part("x", "")])),
            (format!("{head}y\r\n{head}z\r\n--b--"), Some(vec![part("x", "y"), part("x", "z")])),
            (
                format!("preamble\r\n{head}\r\r\n\r\n--\r\n-b\r\n\r\n--b--\r\nepilogue"),
                Some(vec![part("x", "\r\r\n\r\n--\r\n-b\r\n")]),
            ),
            (
                "--b \t\r\nX: y\r\ncontent-disposition:form-data; name=x\r\n\r\n-\r\n--b--".to_owned(),
                Some(vec![part("x", "-")]),
            ),
            (format!("{head}y\r\n--b"), None),
            (format!("{head}y\r\n--b-"), None),
            (format!("{head}y"), None),
            ("--b\r\nContent-Disposition".to_owned(), None),
            ("--b\r\nno header\r\n\r\n\r\n--b--".to_owned(), None),
            ("--b\r\n: no header\r\n\r\n\r\n--b--".to_owned(), None),
            (format!("{}y\r\n--b--", head.replace("=x", "=x\ny")), None),
            (format!("{}y\r\n--b--", head.replace("=x", "=\0")), None),
            ("--bc\r\n\r\n".to_owned(), None),
            ("nothing".to_owned(), None),
            (String::new(), None),
        ] {
            for size in 1..=body.len().max(1) {
                let pieces = body.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
                let found = read(pieces).await;
                assert_eq!(found.as_ref().ok(), expected.as_ref(), "{body:?} in pieces of {size}: {found:?}");
            }
        }
    }

    /// What the crate `multer` reads; an error is `None`.
    async fn read_by_multer(body: Vec<u8>) -> Option<Vec<(Head, Vec<u8>)>> {
        let body = futures_util::stream::once(async { Ok::<_, std::io::Error>(Bytes::from(body)) });
        let mut form = multer::Multipart::new(body, "b");
        let mut parts = Vec::new();
        while let Some(field) = form.next_field().await.ok()? {
            let (name, filename) = (field.name().map(str::to_owned), field.file_name().map(str::to_owned));
            parts.push((Head { name, filename }, field.bytes().await.ok()?.to_vec()));
        }
        Some(parts)
    }

    /// Forms of pieces that mean something to a parser, many of them broken, are read as another parser reads them.
    #[tokio::test]
    async fn reads_what_multer_reads() {
        let mut random = 1_u32;
        let mut below = move |limit: usize| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 8) as usize % limit
        };
        let pieces: [&[u8]; 16] = [
            b"--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n",
            b"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a b.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n",
            b"--b\r\ncontent-type: text/plain\r\ncontent-disposition: form-data; filename=g;name=h\r\n\r\n",
            b"--b--",
            b"--b",
            b"\r\n",
            b"\r\n",
            b"\r\n--b\r\nContent-Disposition: form-data; name=y\r\n\r\n",
            b"\r\n--b--\r\n",
            b"\r",
            b"\n",
            b"-",
            b"content",
            b"\xff\x00",
            b"b",
            b" ",
        ];
        let (mut read_by_both, mut refused_by_both) = (0, 0);
        for _ in 0..20_000 {
            let mut body: Vec<u8> = pieces[below(3)].to_vec();
            for _ in 0..below(8) {
                body.extend_from_slice(pieces[below(pieces.len())]);
            }
            if below(4) > 0 {
                body.extend_from_slice(b"\r\n--b--\r\n");
            }
            if below(4) == 0 {
                let at = below(body.len());
                // It takes for a parameter too what stands in quotes, after no semicolon, or after quotes out of place.
                if !matches!(body[at], b'"' | b';' | b'=') {
                    body.remove(at);
                }
            }
            let size = 1 + below(body.len());
            let ours = read(body.chunks(size).map(Bytes::copy_from_slice).collect()).await;
            let theirs = read_by_multer(body.clone()).await;
            match (&ours, &theirs) {
                (Ok(_), Some(_)) => read_by_both += 1,
                (Err(_), None) => refused_by_both += 1,
                _ => {}
            }
            // It takes a bare line feed for the end of a header, which no browser sends.
            let bare = body.iter().enumerate().any(|(at, byte)| *byte == b'\n' && (at == 0 || body[at - 1] != b'\r'));
            if !bare || ours.is_ok() {
                assert_eq!(ours.as_ref().ok(), theirs.as_ref(), "{}: {ours:?}", body.escape_ascii());
            }
        }
        assert!(read_by_both > 5_000 && refused_by_both > 1_000, "{read_by_both} {refused_by_both}");
    }

    #[tokio::test]
    async fn the_last_part_has_a_known_length() {
        let part = "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n0123456789\r\n";
        let body = [part, part, "--b--\r\n"].concat();
        for size in 1..=body.len() {
            let pieces: Vec<_> = body.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
            let stream = futures_util::stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>));
            let mut form = Multipart::new(FormBody::new(Body::from_stream(stream)), "b", 1000);
            for expected in [10 + part.len() as u64, 10] {
                assert!(form.next().await.unwrap().is_some());
                assert_eq!(form.length_if_last(body.len() as u64), Some(expected), "pieces of {size}");
                // A length that cannot be true.
                assert_eq!(form.length_if_last(10), None);
            }
        }
    }

    #[tokio::test]
    async fn limits() {
        let head = "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n";
        let whole = |text: String| read(vec![Bytes::from(text)]);
        let many = |text: &str| vec![Bytes::from(text.repeat(100)); 100];
        assert!(matches!(whole(format!("{head}{}", "x".repeat(2000))).await, Err(FormRejection::TooLarge(_))));
        assert!(matches!(read(many("0123456789")).await, Err(FormRejection::TooLarge(_))));
    }

    fn form(pieces: Vec<Bytes>) -> Multipart {
        let body = Body::from_stream(futures_util::stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>)));
        Multipart::new(FormBody::new(body), "b", u64::MAX)
    }

    /// Nor does a part's head cost more, however small the pieces are that it comes in.
    #[tokio::test]
    async fn heads() {
        let most = usize::try_from(MAX_PART_HEAD_BYTES).unwrap();
        for (start, again, words) in [
            ("", "x", "before the first part"),
            ("", "--", "before the first part"),
            ("--b", " ", "line of a boundary"),
            ("--b\r\n", "a:\r\n", "headers of a part"),
            ("--b\r\nX: ", "y", "headers of a part"),
        ] {
            let long = [start.to_owned(), again.repeat(most + 1)].concat();
            for size in [1, 2, 100, long.len()] {
                let mut form = form(long.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect());
                let error = form.next().await.map(|_| ()).unwrap_err().to_string();
                assert!(error.contains(words), "{start:?} {again:?}: {error}");
                assert!(form.search.looked_at <= 4 * long.len(), "{start:?} {again:?}: {}", form.search.looked_at);
            }
        }
        for (length, is_taken) in [(most, true), (most + 1, false)] {
            let head = format!("X: {}\r\n\r\n", "y".repeat(length - 7));
            let mut form = form(vec![Bytes::from(format!("--b\r\n{head}\r\n--b--"))]);
            assert_eq!(form.next().await.is_ok(), is_taken, "{length}");
        }
    }

    #[tokio::test]
    async fn content_is_not_copied() {
        let piece = Bytes::from(vec![b'x'; 5000]);
        let head = Bytes::from("--b\r\nContent-Disposition: form-data; name=x\r\n\r\n");
        let pieces = [head, piece.clone(), Bytes::from("\r\n--b--")].map(Ok::<_, std::io::Error>);
        let body = Body::from_stream(futures_util::stream::iter(pieces));
        let mut form = Multipart::new(FormBody::new(body), "b", u64::MAX);
        assert!(form.next().await.unwrap().is_some());
        assert_eq!(form.piece().await.unwrap().unwrap().as_ptr(), piece.as_ptr());
        assert!(form.piece().await.unwrap().is_none() && form.next().await.unwrap().is_none());
    }
}
