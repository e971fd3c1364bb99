//! Names of files, as hostile as they come.

use cloudinary_core::{UploadOptions, UploadSource};

use crate::sink::Sink;

#[tokio::test]
async fn no_name_harms_the_form() {
    let long = "n".repeat(10_000);
    for (name, sent_as) in [
        ("me.jpg".to_owned(), "me.jpg".to_owned()),
        ("a \"b\".jpg".to_owned(), "a %22b%22.jpg".to_owned()),
        ("a\r\nX-Evil: 1\r\n\r\nb.jpg".to_owned(), "aX-Evil: 1b.jpg".to_owned()),
        ("a\0b.jpg".to_owned(), "ab.jpg".to_owned()),
        ("a\u{202e}gpj.exe".to_owned(), "a\u{202e}gpj.exe".to_owned()),
        ("../../etc/passwd".to_owned(), "passwd".to_owned()),
        ("C:\\x\\y.png".to_owned(), "y.png".to_owned()),
        ("\0\n".to_owned(), "file".to_owned()),
        (String::new(), "file".to_owned()),
        ("😀; name=\"api_key\"".to_owned(), "😀; name=%22api_key%22".to_owned()),
        (format!("{long}.jpg"), format!("{}.jpg", &long[..251])),
    ] {
        let sink = Sink::storing().await;
        let content = b"\r\n--abc\r\n".to_vec();
        sink.client().upload(UploadSource::bytes(&name, content.clone()), &UploadOptions::new()).await.unwrap();
        let requests = sink.requests();
        let (head, file) = requests[0].file();
        assert!(head.starts_with(&format!("name=\"file\"; filename=\"{sent_as}\"\r\n")), "{name:?}: {head:?}");
        assert_eq!(head.lines().count(), 2, "{head:?}");
        assert_eq!(file, content);
    }
}

#[tokio::test]
#[cfg(unix)]
async fn paths_too() {
    use std::os::unix::ffi::OsStrExt as _;

    for name in [&b"a\"\n\xe2\x80\xae.jpg"[..], b"not \xff utf-8.jpg"] {
        let folder = std::env::temp_dir().join(format!("names-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(&path, "abc").unwrap();
        let sink = Sink::storing().await;
        sink.client().upload(path.as_path(), &UploadOptions::new()).await.unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let requests = sink.requests();
        let (head, file) = requests[0].file();
        assert!(head.contains(".jpg\"\r\n") && head.lines().count() == 2, "{head:?}");
        assert_eq!(file, b"abc");
    }
}
