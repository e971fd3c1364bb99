//! What was acknowledged is still there, whatever happens; and what the program says when it cannot run.

mod support;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use cloudinary_core::Config;
use cloudinary_local::{Error, LocalServer};
use support::{Harness, client, png};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Child,
};

#[tokio::test]
async fn a_restart_keeps_assets_and_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("media");
    let builder = || LocalServer::builder().data_folder(&data);
    let harness = Harness::with(builder()).await;
    let before = harness.server.config();
    let bytes = png(10, 10);
    harness.upload(&[("public_id", "a/b"), ("tags", "t")], &bytes, "a.png").await;
    harness.server.shutdown().await;

    let harness = Harness::with(builder()).await;
    let after = harness.server.config();
    assert_eq!((before.api_key, before.api_secret), (after.api_key, after.api_secret));
    assert_eq!(harness.get("/local/image/upload/v1/a/b.png").await.bytes().await.unwrap(), bytes);
    let existing = harness.upload(&[("public_id", "a/b"), ("overwrite", "0")], &bytes, "a.png").await;
    assert_eq!(existing.json["tags"], serde_json::json!(["t"]));
    assert_eq!(harness.destroy(&[("public_id", "a/b")]).await.str("result"), "ok");
}

#[tokio::test]
async fn contents_that_nobody_speaks_of_are_collected() {
    let folder = tempfile::tempdir().unwrap();
    let builder = || LocalServer::builder().data_folder(folder.path());
    let harness = Harness::with(builder()).await;
    harness.upload(&[("public_id", "kept")], &png(4, 4), "a.png").await;
    harness.upload(&[("public_id", "gone")], &png(5, 5), "a.png").await;
    assert_eq!(blobs(folder.path()), 2);
    harness.destroy(&[("public_id", "gone")]).await;
    assert_eq!(blobs(folder.path()), 1, "destroying removes the bytes");
    harness.server.shutdown().await;

    // As a crash between the rename and the record leaves them.
    let orphan = folder.path().join("blobs/ab").join("ab".repeat(32));
    std::fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    std::fs::write(&orphan, b"orphan").unwrap();
    let fresh = orphan.with_file_name("ac".repeat(32));
    let foreign = [orphan.with_file_name("notes.txt"), folder.path().join("incoming/notes.txt")];
    for path in [&fresh, &foreign[0], &foreign[1], &folder.path().join("incoming/7")] {
        std::fs::write(path, b"half").unwrap();
    }
    std::fs::create_dir(folder.path().join("incoming/folder")).unwrap();
    let two_days_ago = std::time::SystemTime::now() - Duration::from_hours(48);
    for path in [&orphan, &foreign[0]] {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(two_days_ago).unwrap();
    }
    let harness = Harness::with(builder()).await;
    assert!(!orphan.exists() && fresh.exists(), "an orphan has a day of grace");
    assert!(foreign.iter().all(|path| path.exists()), "what is not named as ours is nobody's business");
    assert!(!folder.path().join("incoming/7").exists());
    assert_eq!(harness.get("/local/image/upload/kept").await.status(), 200);
}

#[tokio::test]
async fn folders_of_others_are_left_alone() {
    let start = async |path: &Path| LocalServer::builder().data_folder(path).start().await;
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("blobs/2024/photo.jpg");
    std::fs::create_dir_all(photo.parent().unwrap()).unwrap();
    std::fs::write(&photo, b"mine").unwrap();
    assert!(matches!(start(folder.path()).await, Err(Error::DatabaseLost { .. })));
    std::fs::write(folder.path().join("letter.txt"), b"mine").unwrap();
    assert!(matches!(start(folder.path()).await, Err(Error::NotOurs { .. } | Error::DatabaseLost { .. })));
    std::fs::remove_dir_all(folder.path().join("blobs")).unwrap();
    let refused = start(folder.path()).await.unwrap_err();
    assert!(matches!(refused, Error::NotOurs { .. }) && refused.to_string().contains("letter.txt"), "{refused}");
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["letter.txt"], "nothing was made nor removed");
}

#[tokio::test]
async fn a_lost_database_loses_no_contents() {
    let folder = tempfile::tempdir().unwrap();
    let builder = || LocalServer::builder().data_folder(folder.path());
    let harness = Harness::with(builder()).await;
    harness.upload(&[("public_id", "a")], &png(4, 4), "a.png").await;
    harness.server.shutdown().await;
    let database = folder.path().join("media.sqlite");
    let away = tempfile::tempdir().unwrap();
    let kept = away.path().join("media.sqlite");
    std::fs::copy(&database, &kept).unwrap();
    std::fs::remove_file(&database).unwrap();
    let refused = builder().start().await.unwrap_err();
    assert!(matches!(refused, Error::DatabaseLost { .. }), "{refused}");
    assert_eq!(blobs(folder.path()), 1);
    std::fs::copy(&kept, &database).unwrap();
    let harness = Harness::with(builder()).await;
    assert_eq!(harness.get("/local/image/upload/a").await.status(), 200);
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("media.sqlite"), b"this is no database of ours, nor any other at all").unwrap();
    std::fs::create_dir(folder.path().join("incoming")).unwrap();
    std::fs::write(folder.path().join("incoming/7"), b"mine").unwrap();
    assert!(LocalServer::builder().data_folder(folder.path()).start().await.is_err());
    assert!(folder.path().join("incoming/7").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_the_secret() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &str| folder.path().join(path).metadata().unwrap().permissions().mode() & 0o777;
    let open = |path: &str, mode| {
        std::fs::set_permissions(folder.path().join(path), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    open("", 0o755);
    let start = async || Harness::with(LocalServer::builder().data_folder(folder.path())).await;
    let harness = start().await;
    harness.upload(&[("public_id", "a")], &png(4, 4), "a.png").await;
    let closed = ["media.sqlite", "media.sqlite-wal", "media.sqlite-shm", "lock"];
    for path in closed {
        assert_eq!(mode(path), 0o600, "{path}");
    }
    assert_eq!((mode("blobs"), mode("incoming")), (0o700, 0o700));
    harness.server.shutdown().await;
    open("media.sqlite", 0o644);
    open("blobs", 0o755);
    let _harness = start().await;
    assert_eq!((mode("media.sqlite"), mode("blobs")), (0o600, 0o700), "what an earlier version left open is closed");
}

fn blobs(folder: &Path) -> usize {
    let shelves = std::fs::read_dir(folder.join("blobs")).unwrap();
    shelves.map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap().count()).sum()
}

#[tokio::test]
async fn refused_uploads_leave_no_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let harness = Harness::with(LocalServer::builder().data_folder(folder.path())).await;
    harness.upload(&[("public_id", "a")], b"no image", "a.png").await;
    harness.upload(&[("colour", "red")], &png(4, 4), "a.png").await;
    assert_eq!(blobs(folder.path()), 0);
    assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_has_one_server() {
    let folder = tempfile::tempdir().unwrap();
    let harness = Harness::with(LocalServer::builder().data_folder(folder.path())).await;
    let second = LocalServer::builder().data_folder(folder.path()).start().await;
    assert!(matches!(second, Err(Error::Locked { .. })), "{second:?}");
    let same_port = LocalServer::builder().address(harness.server.address()).start().await;
    assert!(matches!(same_port, Err(Error::Address { .. })), "{same_port:?}");
    harness.server.shutdown().await;
    Harness::with(LocalServer::builder().data_folder(folder.path())).await;
}

#[tokio::test]
async fn it_stops_when_it_is_dropped() {
    let harness = Harness::start().await;
    let address = harness.server.address();
    assert!(tokio::net::TcpStream::connect(address).await.is_ok());
    drop(harness);
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it still listens");
}

#[tokio::test]
async fn a_running_request_finishes_at_shutdown() {
    let harness = Harness::start().await;
    let (url, params) = (harness.api("image/upload"), harness.signed(&[]));
    let slow = futures_util::stream::unfold(0, |step| async move {
        let whole = png(4, 4);
        let piece: Vec<u8> = match step {
            0 => whole[..10].to_vec(),
            1 => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                whole[10..].to_vec()
            }
            _ => return None,
        };
        Some((Ok::<_, std::io::Error>(piece), step + 1))
    });
    let mut form = reqwest::multipart::Form::new();
    for (name, value) in params {
        form = form.text(name, value);
    }
    let file = reqwest::multipart::Part::stream(reqwest::Body::wrap_stream(slow)).file_name("a.png");
    let request = client().post(url).multipart(form.part("file", file)).send();
    let uploading = tokio::spawn(request);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let address = harness.server.address();
    harness.server.shutdown().await;
    assert_eq!(uploading.await.unwrap().unwrap().status(), 200);
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_cloudinary-local");

/// Starts the program on a free port and reads the line it prints.
async fn run(data: &Path) -> (Child, Config) {
    let mut child = tokio::process::Command::new(PROGRAM)
        .args(["--addr", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("one line");
    let url = line.strip_prefix("CLOUDINARY_URL=").expect("the line of a shell script or .env file");
    (child, Config::from_url(url).expect("core reads what the program prints"))
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    use cloudinary_core::{Cloudinary, UploadOptions, UploadSource};
    let folder = tempfile::tempdir().unwrap();
    let mut kept = Vec::new();
    for round in 0..3_u32 {
        let (mut child, config) = run(folder.path()).await;
        let cld = Cloudinary::new(config).unwrap();
        for id in &kept {
            let url = cld.image(String::as_str(id)).format("png").to_string();
            assert_eq!(client().get(&url).send().await.unwrap().status(), 200, "{id} after {round} kills");
        }
        let bytes = png(4 + round, 4);
        let done = cld
            .upload(UploadSource::bytes("a.png", bytes), &UploadOptions::new().public_id(format!("round{round}")))
            .await
            .unwrap();
        child.start_kill().unwrap();
        child.wait().await.unwrap();
        kept.push(done.public_id.clone());
    }
}

#[tokio::test]
async fn a_kill_amid_uploads_leaves_whole_assets() {
    use cloudinary_core::{Cloudinary, ResourceType, UploadOptions, UploadSource};
    let folder = tempfile::tempdir().unwrap();
    let content = |id: &str| id.repeat(20_000).into_bytes();
    let (mut child, config) = run(folder.path()).await;
    let cld = Cloudinary::new(config).unwrap();
    let senders: Vec<_> = (0..4)
        .map(|sender| {
            let cld = cld.clone();
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for number in 0..1000 {
                    let id = format!("s{sender}n{number}");
                    let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id(&id);
                    match cld.upload(UploadSource::bytes("a", content(&id)), &options).await {
                        Ok(_) => acknowledged.push(id),
                        Err(_) => return (acknowledged, id),
                    }
                }
                panic!("the server was killed, and yet all were acknowledged");
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    child.start_kill().unwrap();
    child.wait().await.unwrap();

    let (_child, config) = run(folder.path()).await;
    let cld = Cloudinary::new(config).unwrap();
    let fetch = async |id: &str| client().get(cld.raw(id).to_string()).send().await.unwrap();
    let mut count = 0;
    for sender in senders {
        let (acknowledged, interrupted) = sender.await.unwrap();
        for id in &acknowledged {
            let answer = fetch(id).await;
            assert_eq!(answer.status(), 200, "{id} was acknowledged");
            assert_eq!(answer.bytes().await.unwrap(), content(id), "{id}");
        }
        let half = fetch(&interrupted).await;
        assert!(half.status() == 404 || half.bytes().await.unwrap() == content(&interrupted), "half of {interrupted}");
        count += acknowledged.len();
    }
    assert!(count > 0, "the kill came before anything was acknowledged");
}

#[cfg(unix)]
#[tokio::test]
async fn a_signal_drains_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["TERM", "INT"] {
        let (mut child, _) = run(folder.path()).await;
        let pid = child.id().unwrap().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap().success());
        let ended = tokio::time::timeout(Duration::from_secs(10), child.wait()).await.expect("it ends").unwrap();
        assert_eq!(ended.code(), Some(0), "{signal}");
    }
}

#[test]
fn the_program_says_what_is_wrong() {
    let occupied = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = occupied.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"no folder").unwrap();
    let file = file.to_str().unwrap();
    let table: [(&[&str], i32, &str, &str); 7] = [
        (&["--help"], 0, "A media server", ""),
        (&["--version"], 0, concat!("cloudinary-local ", env!("CARGO_PKG_VERSION")), ""),
        (&["--colour"], 2, "", "cloudinary-local: unknown option --colour; see --help"),
        (&["--addr", "nowhere"], 2, "", "cloudinary-local: --addr nowhere is no address"),
        (&["--addr", &address], 1, "", "cloudinary-local: cannot listen on "),
        (&["--addr", "127.0.0.1:0", "--data", file], 1, "", "cloudinary-local: cannot use "),
        (&["--addr", "127.0.0.1:0", "--cloud-name", "A B"], 1, "", "cloudinary-local: cloud_name: "),
    ];
    for (args, code, stdout, stderr) in table {
        let output: Output = Command::new(PROGRAM).args(args).output().unwrap();
        let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!(output.status.code(), Some(code), "{args:?}: {err}");
        assert!(out.starts_with(stdout) && err.starts_with(stderr), "{args:?}: {out}{err}");
        assert!(err.lines().count() <= 1, "one line: {err}");
    }
}
