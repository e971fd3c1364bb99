//! A server that keeps the requests it gets, and says what it is told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::request::Request;

pub(crate) struct Server {
    url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    answer: String,
    requests: Vec<Request>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let Some(request) = read(&mut connection).await else { continue };
                let answer = {
                    let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    state.requests.push(request);
                    format!(
                        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                        state.answer.len(),
                        state.answer
                    )
                };
                if connection.write_all(answer.as_bytes()).await.is_ok() {
                    let _ = connection.shutdown().await;
                }
            }
        });
        Self { url, state }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn expect(&self, answer: String) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State { answer, requests: Vec::new() };
    }

    pub(crate) fn take(&self) -> Vec<Request> {
        std::mem::take(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner).requests)
    }
}

async fn read(connection: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        match connection.read(&mut buffer).await.ok()? {
            0 => return None,
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let mut headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = bytes.split_off(head + 4);
    while body.len() < length {
        match connection.read(&mut buffer).await.ok()? {
            0 => return None,
            count => body.extend_from_slice(&buffer[..count]),
        }
    }
    headers.retain(|name, _| {
        ["authorization", "content-type", "content-range", "x-unique-upload-id"].contains(&name.as_str())
    });
    Some(Request { method, target, headers, body: body.into_iter().map(char::from).collect() })
}
