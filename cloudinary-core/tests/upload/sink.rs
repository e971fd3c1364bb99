//! A server that keeps what it is sent, and does with each request what it is told.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cloudinary_core::client::RetryPolicy;
use cloudinary_core::{Cloudinary, Config};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const CHUNK: usize = 6_000_000;

/// A request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// Whether all of the body came.
    pub(crate) is_whole: bool,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}: ")));
        line.map_or("", |line| &line[name.len() + 2..])
    }

    /// The header of the file's part, and its content.
    pub(crate) fn file(&self) -> (String, &[u8]) {
        let boundary = self.header("content-type").split_once("boundary=").expect("a form").1.to_owned();
        let at = find(&self.body, b"name=\"file\"").expect("a file");
        let head_end = at + find(&self.body[at..], b"\r\n\r\n").expect("the part's head");
        let tail = format!("\r\n--{boundary}--\r\n");
        let end = self.body.len() - tail.len();
        assert_eq!(&self.body[end..], tail.as_bytes());
        (String::from_utf8_lossy(&self.body[at..head_end]).into_owned(), &self.body[head_end + 4..end])
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        // The fields stand before the file.
        find(&self.body[..self.body.len().min(64 * 1024)], text.as_bytes()).is_some()
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// What it does when the head of a request, by its number, has come; then what it answers.
type OnHead = dyn Fn(usize) + Send + Sync;
type Answer = dyn Fn(usize, &Sent) -> (u16, String) + Send + Sync;

#[derive(Clone)]
pub(crate) struct Sink {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Sent>>>,
    at_once: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
}

impl Sink {
    pub(crate) async fn start(answer: impl Fn(usize, &Sent) -> (u16, String) + Send + Sync + 'static) -> Self {
        Self::watched(|_| {}, answer).await
    }

    /// Answers every request as if it were the last, or a part of one.
    pub(crate) async fn storing() -> Self {
        Self::start(|_, sent| stored(sent)).await
    }

    pub(crate) async fn watched(
        on_head: impl Fn(usize) + Send + Sync + 'static,
        answer: impl Fn(usize, &Sent) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            requests: Arc::default(),
            at_once: Arc::default(),
            most_at_once: Arc::default(),
        };
        let (on_head, answer): (Arc<OnHead>, Arc<Answer>) = (Arc::new(on_head), Arc::new(answer));
        let server = sink.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(server.clone().serve(connection, Arc::clone(&on_head), Arc::clone(&answer)));
            }
        });
        sink
    }

    pub(crate) fn client(&self) -> Cloudinary {
        let config = Config::new("demo").credentials("key", "hush").upload_prefix(&self.url);
        let quick = RetryPolicy { backoff: std::time::Duration::from_millis(1), ..RetryPolicy::default() };
        Cloudinary::new(config).unwrap().with_retry(quick)
    }

    pub(crate) fn requests(&self) -> Vec<Sent> {
        self.requests.lock().unwrap().clone()
    }

    /// Those whose bodies came, put together by their ranges; the chunks of one upload id.
    pub(crate) fn assembled(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut upload_id = String::new();
        for sent in self.requests().iter().filter(|sent| sent.is_whole) {
            let content = sent.file().1;
            let range = sent.header("content-range");
            if range.is_empty() {
                return content.to_vec();
            }
            let (first, rest) = range.trim_start_matches("bytes ").split_once('-').unwrap();
            let (first, last): (usize, usize) =
                (first.parse().unwrap(), rest.split_once('/').unwrap().0.parse().unwrap());
            assert_eq!(content.len(), last + 1 - first, "{range}");
            assert!(first <= file.len(), "{range} leaves a gap after {}", file.len());
            assert!(upload_id.is_empty() || upload_id == sent.header("x-unique-upload-id"));
            sent.header("x-unique-upload-id").clone_into(&mut upload_id);
            file.truncate(first);
            file.extend_from_slice(content);
        }
        file
    }

    /// How many requests were under way together.
    pub(crate) fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    async fn serve(self, mut connection: TcpStream, on_head: Arc<OnHead>, answer: Arc<Answer>) {
        let mut ahead = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let end = loop {
                if let Some(end) = find(&ahead, b"\r\n\r\n") {
                    break end;
                }
                match connection.read(&mut buffer).await {
                    Ok(count) if count > 0 => ahead.extend_from_slice(&buffer[..count]),
                    _ => return,
                }
            };
            let mut sent = Sent { head: String::from_utf8(ahead[..end].to_vec()).unwrap(), ..Sent::default() };
            let number = {
                let mut requests = self.requests.lock().unwrap();
                requests.push(sent.clone());
                requests.len() - 1
            };
            self.most_at_once.fetch_max(self.at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            on_head(number);
            let length: usize = sent.header("content-length").parse().expect("a length");
            sent.body = ahead.split_off(end + 4);
            while sent.body.len() < length {
                match connection.read(&mut buffer).await {
                    Ok(count) if count > 0 => sent.body.extend_from_slice(&buffer[..count]),
                    _ => break,
                }
            }
            sent.is_whole = sent.body.len() >= length;
            ahead.clear();
            self.requests.lock().unwrap()[number] = sent.clone();
            if sent.is_whole {
                let (status, text) = answer(number, &sent);
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                self.at_once.fetch_sub(1, Ordering::SeqCst);
                let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", text.len());
                if connection.write_all((head + &text).as_bytes()).await.is_err() {
                    return;
                }
            } else {
                self.at_once.fetch_sub(1, Ordering::SeqCst);
                return;
            }
        }
    }
}

/// What the service would say of a request: whole, last or not.
pub(crate) fn stored(sent: &Sent) -> (u16, String) {
    let range = sent.header("content-range");
    let is_part = range.rsplit_once('/').is_some_and(|(sent, total)| {
        let last = sent.rsplit_once('-').unwrap().1.parse::<i64>().unwrap();
        total.parse::<i64>().unwrap() != last + 1
    });
    let text = if is_part {
        r#"{"done":false,"public_id":"f/x"}"#
    } else {
        r#"{"public_id":"f/x","version":1,"resource_type":"image","type":"upload"}"#
    };
    (200, text.to_owned())
}

pub(crate) fn refusal(status: u16) -> (u16, String) {
    (status, r#"{"error":{"message":"not now"}}"#.to_owned())
}

/// Bytes of which no two stretches are alike.
pub(crate) fn content(bytes: usize) -> Vec<u8> {
    (0..bytes as u64).map(|at| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8).collect()
}

/// A file that goes away with this value.
pub(crate) struct TempFile(pub(crate) PathBuf);

impl TempFile {
    pub(crate) fn new(content: &[u8]) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("upload-{}-{}.bin", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
