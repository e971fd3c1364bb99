//! The service: takes whatever comes, keeps nothing, and says that it is stored.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};

use crate::child::wait_for_parent;

pub(crate) fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    println!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            std::thread::spawn(move || answer_all(&connection));
        }
    });
    wait_for_parent();
}

/// A connection that breaks is one that is done.
fn answer_all(connection: &TcpStream) -> Option<()> {
    connection.set_nodelay(true).ok()?;
    let mut reader = BufReader::with_capacity(64 * 1024, connection);
    let mut scratch = vec![0; 256 * 1024];
    let mut line = String::new();
    loop {
        let (mut length, mut chunked, mut is_part) = (0, false, false);
        line.clear();
        reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
        let is_image = line.contains("/image/");
        loop {
            line.clear();
            reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
            let header = line.trim().to_ascii_lowercase();
            match header.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().ok()?,
                Some(("transfer-encoding", "chunked")) => chunked = true,
                Some(("content-range", value)) => is_part = !ends_the_file(value)?,
                Some(("expect", _)) => (&mut &*connection).write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?,
                _ if header.is_empty() => break,
                _ => {}
            }
        }
        while chunked {
            line.clear();
            reader.read_line(&mut line).ok()?;
            let bytes = u64::from_str_radix(line.trim(), 16).ok()?;
            throw_away(&mut reader, bytes + 2, &mut scratch)?;
            chunked = bytes > 0;
        }
        throw_away(&mut reader, length, &mut scratch)?;
        let text = match (is_part, is_image) {
            (true, _) => r#"{"done":false,"public_id":"x"}"#,
            (_, true) => {
                r#"{"public_id":"x","version":1,"resource_type":"image","type":"upload","format":"jpg","bytes":1}"#
            }
            _ => r#"{"public_id":"x","version":1,"resource_type":"raw","type":"upload","bytes":1}"#,
        };
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        let answer = format!("{head}Content-Length: {}\r\n\r\n{text}", text.len());
        (&mut &*connection).write_all(answer.as_bytes()).ok()?;
    }
}

/// Whether `bytes 0-9/10` is the end of its file.
fn ends_the_file(range: &str) -> Option<bool> {
    let (range, total) = range.rsplit_once('/')?;
    let last: i64 = range.rsplit_once('-')?.1.parse().ok()?;
    Some(total.parse() == Ok(last + 1))
}

fn throw_away(reader: &mut impl Read, mut bytes: u64, scratch: &mut [u8]) -> Option<()> {
    while bytes > 0 {
        let most = scratch.len().min(usize::try_from(bytes).unwrap_or(usize::MAX));
        match reader.read(&mut scratch[..most]).ok()? {
            0 => return None,
            count => bytes -= count as u64,
        }
    }
    Some(())
}
