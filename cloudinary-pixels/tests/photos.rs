//! Real photographs, from the sample album.

use std::path::Path;

use cloudinary_pixels::{
    Decode, Encode, Error, FaceDetector, Format, Limits, Orientation, Rect, decode, decode_with, encode, probe, resize,
};

fn photo(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/photo_album/photos");
    std::fs::read(folder.join(name)).expect("the sample photograph")
}

#[test]
fn headers() {
    let cases = [
        ("astronaut.jpg", Format::Jpeg, (512, 512), 1, 1, false),
        ("spaniels.jpg", Format::Jpeg, (1280, 852), 6, 1, false),
        ("solvay_1927.jpg", Format::Jpeg, (1400, 708), 1, 1, false),
        ("espresso.png", Format::Png, (423, 386), 1, 1, true),
        ("dahlia.gif", Format::Gif, (224, 224), 1, 12, true),
    ];
    for (name, format, (width, height), orientation, frames, has_alpha) in cases {
        let info = probe(&photo(name), &Limits::default()).expect(name);
        assert_eq!(info.format, format, "{name}");
        assert_eq!((info.width, info.height), (width, height), "{name}");
        assert_eq!(info.orientation.to_exif(), orientation, "{name}");
        assert_eq!(info.frames, frames, "{name}");
        assert_eq!(info.has_alpha, has_alpha, "{name}");
        let picture = decode(&photo(name), &Limits::default()).expect(name);
        assert_eq!(picture.size(), (width, height), "{name}");
        assert_eq!(picture.frame_count(), frames, "{name}");
        assert_eq!(picture.bitmap().is_opaque(), !has_alpha, "{name}");
    }
}

#[test]
fn turned_upright() {
    let bytes = photo("spaniels.jpg");
    let info = probe(&bytes, &Limits::default()).expect("a header");
    assert_eq!((info.orientation, info.oriented_size()), (Orientation::Clockwise, (852, 1280)));
    let upright = decode(&bytes, &Limits::default()).expect("decodes");
    let upright = upright.map(|bitmap| info.orientation.apply(bitmap));
    assert_eq!(upright.size(), (852, 1280));
}

#[test]
fn reduced_decoding_shows_the_same() {
    for name in ["astronaut.jpg", "fig.jpg", "solvay_1927.jpg", "picos_de_europa.jpg"] {
        let limits = Limits::default();
        let whole = decode(&photo(name), &limits).expect(name).into_bitmap();
        let how = Decode { at_least: Some((100, 60)), ..Decode::default() };
        let reduced = decode_with(&photo(name), &limits, &how).expect(name).into_bitmap();
        assert!(reduced.width() < whole.width() && reduced.width() >= 100, "{name}: {reduced:?}");
        let (a, b) = (resize(&whole, 100, 60), resize(&reduced, 100, 60));
        let difference: u64 = a.bytes().iter().zip(b.bytes()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = difference as f64 / a.bytes().len() as f64;
        // Not zero, since the two are scaled by other factors.
        assert!(mean < 6.0, "{name}: mean difference {mean}");
    }
}

#[test]
fn cut_short_is_never_half_a_picture() {
    for name in ["astronaut.jpg", "picos_de_europa.jpg", "espresso.png", "dahlia.gif"] {
        let bytes = photo(name);
        for percent in [1, 10, 50, 90, 99] {
            let part = &bytes[..bytes.len() * percent / 100];
            let error = decode(part, &Limits::default()).expect_err(name);
            assert!(matches!(error, Error::Truncated(_)), "{name} at {percent} %: {error:?}");
        }
        let error = decode(&bytes[..bytes.len() - 1], &Limits::default()).expect_err(name);
        assert!(matches!(error, Error::Truncated(_)), "{name} without its last byte: {error:?}");
    }
    let picture = decode(&photo("cat.jpg"), &Limits::default()).expect("decodes");
    for lossless in [false, true] {
        let options = Encode { lossless, ..Encode::default() };
        let webp = encode(&picture, Format::Webp, &options).expect("encodes");
        for length in [13, 40, webp.len() / 2, webp.len() - 2] {
            let error = decode(&webp[..length], &Limits::default()).expect_err("cut");
            assert!(matches!(error, Error::Truncated(_)), "webp to {length}: {error:?}");
        }
    }
}

#[test]
fn every_format_keeps_the_picture() {
    let picture = decode(&photo("astronaut.jpg"), &Limits::default()).expect("decodes");
    for (format, slack) in [(Format::Png, 0.0), (Format::Jpeg, 4.0), (Format::Webp, 4.0), (Format::Gif, 7.0)] {
        let bytes = encode(&picture, format, &Encode::default()).expect("encodes");
        let back = decode(&bytes, &Limits::default()).expect("decodes");
        let difference: u64 =
            back.bitmap().bytes().iter().zip(picture.bitmap().bytes()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = difference as f64 / back.bitmap().bytes().len() as f64;
        assert!(mean <= slack, "{format}: mean difference {mean}");
    }
}

#[test]
fn quality_is_size() {
    let picture = decode(&photo("fig.jpg"), &Limits::default()).expect("decodes");
    for format in [Format::Jpeg, Format::Webp] {
        let size = |quality| {
            let options = Encode { quality, ..Encode::default() };
            encode(&picture, format, &options).expect("encodes").len()
        };
        assert!(size(20) < size(60) && size(60) < size(95), "{format}");
    }
}

#[test]
fn faces() {
    let detector = FaceDetector::new().expect("the built-in model");
    let detect = |name: &str| {
        let picture = decode(&photo(name), &Limits::default()).expect(name);
        detector.detect(picture.bitmap())
    };
    let astronaut = detect("astronaut.jpg");
    assert_eq!(astronaut.len(), 1, "{astronaut:?}");
    // Eyes and mouth of Eileen Collins.
    assert!(astronaut[0].contains(&Rect::new(195, 100, 50, 60)), "{astronaut:?}");
    assert!(astronaut[0].width < 160, "{astronaut:?}");

    let group = detect("solvay_1927.jpg");
    assert!(group.len() >= 20, "{} of 29 faces", group.len());
    assert!(group.is_sorted_by_key(|face| std::cmp::Reverse(face.area())));
    for name in ["fig.jpg", "dandelions.jpg"] {
        assert_eq!(detect(name), [], "{name}");
    }
}
