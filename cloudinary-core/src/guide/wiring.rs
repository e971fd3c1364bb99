// What the samples of the guide run in, included by each: a media server, a client for it, and a folder with the files
// that they name. It is no module of the crate.

use std::path::Path;

type Sample = Result<(), Box<dyn std::error::Error>>;

/// The files that the samples name, and the photos they are.
const FILES: [(&str, &str); 5] = [
    ("my_picture.jpg", "cat.jpg"),
    ("sample.jpg", "astronaut.jpg"),
    ("couple.jpg", "solvay_1927.jpg"),
    ("new_zombie.jpg", "spaniels.jpg"),
    ("animation.gif", "dahlia.gif"),
];

fn run(sample: impl AsyncFnOnce(&cloudinary_local::LocalServer, cloudinary_core::Cloudinary) -> Sample) -> Sample {
    let folder = std::env::temp_dir().join(format!("cloudinary-guide-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/photo_album/photos");
    for (name, photo) in FILES {
        std::fs::copy(photos.join(photo), folder.join(name))?;
    }
    std::fs::write(folder.join("sample_spreadsheet.xls"), [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])?;
    // Each sample is a process of its own.
    std::env::set_current_dir(&folder)?;
    let outcome =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(served(sample));
    std::env::set_current_dir(env!("CARGO_MANIFEST_DIR"))?;
    std::fs::remove_dir_all(&folder)?;
    outcome
}

async fn served(
    sample: impl AsyncFnOnce(&cloudinary_local::LocalServer, cloudinary_core::Cloudinary) -> Sample,
) -> Sample {
    let server = cloudinary_local::LocalServer::builder()
        .named_transformation("jpg_with_quality_30", "f_jpg,q_30".parse()?)
        .upload_preset(cloudinary_local::UploadPreset::unsigned("visitors").parameter("tags", "visitor"))
        // What the samples fetch and notify is on this machine.
        .allow_private_remotes(true)
        .start()
        .await?;
    let outcome = sample(&server, server.cloudinary()?).await;
    server.shutdown().await;
    outcome
}

/// The status, head and body that a URL of the server answers with.
async fn get(url: &str) -> Result<(u16, String, Vec<u8>), Box<dyn std::error::Error>> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).ok_or("no such URL")?;
    let mut connection = tokio::net::TcpStream::connect(host).await?;
    connection
        .write_all(format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())
        .await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or("no end of the head")?;
    let head = String::from_utf8(answer[..end].to_vec())?.to_lowercase();
    let status = head.split(' ').nth(1).ok_or("no status")?.parse()?;
    Ok((status, head, answer[end + 4..].to_vec()))
}

/// The head and body of the next request to a site, which is answered 200.
async fn received(site: &tokio::net::TcpListener) -> Result<(String, Vec<u8>), Box<dyn std::error::Error>> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (mut connection, _) = tokio::time::timeout(std::time::Duration::from_secs(30), site.accept()).await??;
    let mut request = Vec::new();
    loop {
        if connection.read_buf(&mut request).await? == 0 {
            return Err("the request has no end".into());
        }
        let Some(end) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        // The names of headers only: the path and the signature stay as they are.
        let head: Vec<String> = String::from_utf8(request[..end].to_vec())?
            .lines()
            .map(|line| match line.split_once(": ") {
                Some((name, value)) => format!("{}: {value}", name.to_lowercase()),
                None => line.to_lowercase(),
            })
            .collect();
        let length =
            head.iter().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0").parse::<usize>()?;
        if request.len() >= end + 4 + length {
            connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await?;
            return Ok((head.join("\n"), request[end + 4..].to_vec()));
        }
    }
}
