//! A server that does what it should not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it does with one request.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// Answers with these bytes and closes.
    Say(String),
    /// Reads the request, closes without a word.
    Close,
    /// Closes after reading this much of the request.
    CloseAfter(usize),
    /// Says this and then nothing more, without closing.
    Stall(String),
    /// Never answers.
    Silence,
    /// Answers with a body of this many bytes.
    Flood(usize),
}

/// An answer with a status, headers and a body.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Deed {
    Deed::Say(format!(
        "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ))
}

/// What it has seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) requests: AtomicUsize,
    pub(crate) flooded: AtomicUsize,
    pub(crate) hung_up: AtomicUsize,
    pub(crate) heads: std::sync::Mutex<Vec<String>>,
}

pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Does the deeds in turn, and the last one ever after.
    pub(crate) async fn start(deeds: Vec<Deed>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Seen::default());
        let (deeds, counted) = (Arc::new(deeds), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (deeds, seen) = (Arc::clone(&deeds), Arc::clone(&counted));
                tokio::spawn(async move {
                    let at = seen.requests.fetch_add(1, Ordering::SeqCst);
                    serve(connection, deeds[at.min(deeds.len() - 1)].clone(), &seen).await;
                });
            }
        });
        Self { url, seen, task }
    }

    pub(crate) fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }
}

async fn serve(mut connection: TcpStream, deed: Deed, seen: &Seen) {
    let limit = if let Deed::CloseAfter(bytes) = deed { bytes } else { usize::MAX };
    let Some(head) = read_request(&mut connection, limit).await else { return };
    seen.heads.lock().unwrap().push(head);
    match deed {
        Deed::Say(text) => {
            let _ = connection.write_all(text.as_bytes()).await;
            let _ = connection.shutdown().await;
        }
        Deed::Close | Deed::CloseAfter(_) => {}
        Deed::Stall(text) => {
            let _ = connection.write_all(text.as_bytes()).await;
            wait_for_hang_up(&mut connection, seen).await;
        }
        Deed::Silence => wait_for_hang_up(&mut connection, seen).await,
        Deed::Flood(bytes) => {
            let head = format!("HTTP/1.1 200 X\r\nContent-Length: {bytes}\r\nConnection: close\r\n\r\n\"");
            let _ = connection.write_all(head.as_bytes()).await;
            let piece = vec![b'a'; 64 * 1024];
            let mut sent = 0;
            while sent < bytes {
                if connection.write_all(&piece).await.is_err() {
                    break;
                }
                sent += piece.len();
                seen.flooded.store(sent, Ordering::SeqCst);
            }
        }
    }
}

async fn wait_for_hang_up(connection: &mut TcpStream, seen: &Seen) {
    let mut buffer = [0; 64];
    let read = tokio::time::timeout(Duration::from_secs(30), connection.read(&mut buffer)).await;
    if matches!(read, Ok(Ok(0) | Err(_))) {
        seen.hung_up.fetch_add(1, Ordering::SeqCst);
    }
}

/// The head, once the whole request is read.
async fn read_request(connection: &mut TcpStream, limit: usize) -> Option<String> {
    let mut request = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        if let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request[..end]).into_owned();
            let length: usize = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())
                .unwrap_or(0);
            if request.len() >= end + 4 + length {
                return Some(head);
            }
        }
        if request.len() >= limit {
            return Some(String::from_utf8_lossy(&request).into_owned());
        }
        match connection.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => request.extend_from_slice(&buffer[..count]),
        }
    }
}
