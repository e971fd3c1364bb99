//! Whole transformations, on drawn pictures and on real photographs.

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use cloudinary_core::Transformation;
use cloudinary_pixels::{Bitmap, Color, Encode, Format, Limits, Picture, Rect, decode, encode, probe};

use super::{Engine, LayerRef, PipelineError, Plan, Rendered, Source, WorkLimits, render};
use crate::store::{DeliveryType, ResourceType};

const WORK: WorkLimits = WorkLimits { pixels: 400_000_000, live_pixels: 150_000_000, time: Duration::from_mins(10) };

fn engine() -> &'static Engine {
    static ENGINE: LazyLock<Engine> =
        LazyLock::new(|| Engine::new(Limits::default(), WORK).expect("the built-in model"));
    &ENGINE
}

fn source(bytes: Vec<u8>) -> Source {
    Source { bytes: bytes.into(), faces: Vec::new(), custom: None }
}

fn photo(name: &str) -> Source {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/photo_album/photos");
    source(std::fs::read(folder.join(name)).expect("the sample photograph"))
}

/// Left half red, right half blue; the lower half darker.
fn halves(width: u32, height: u32) -> Source {
    let bitmap = Bitmap::from_fn(width, height, |x, y| {
        let value = if y < height / 2 { 250 } else { 120 };
        if x < width / 2 { [value, 0, 0, 255] } else { [0, 0, value, 255] }
    });
    source(encode(&Picture::still(bitmap), Format::Png, &Encode::default()).expect("encodes"))
}

/// A green square, 20 by 20.
fn logo() -> (LayerRef, Source) {
    let bitmap = Bitmap::filled(20, 20, Color::rgb(0, 200, 0));
    let bytes = encode(&Picture::still(bitmap), Format::Png, &Encode::default()).expect("encodes");
    let key = LayerRef {
        resource_type: ResourceType::Image,
        delivery_type: DeliveryType::Upload,
        public_id: "logo".to_owned(),
    };
    (key, source(bytes))
}

fn named(name: &str) -> Option<Transformation> {
    (name == "tiny").then(|| "c_fill,w_30,h_30".parse().expect("a transformation"))
}

fn transform(source: Source, text: &str, format: Option<Format>) -> Result<Rendered, PipelineError> {
    let plan = Plan::parse(&text.parse().expect("a path"), &named)?;
    let layers = HashMap::from([logo()]);
    render(source, &plan, &layers, format, engine())
}

fn pixels(rendered: &Rendered) -> Picture {
    decode(&rendered.bytes, &Limits::default()).expect("what was written can be read")
}

#[test]
fn sizes() {
    for (text, expected) in [
        ("w_100", (100, 50)),
        ("h_100", (200, 100)),
        ("w_0.5", (200, 100)),
        ("w_100,h_100", (100, 100)),
        ("c_scale,w_100,dpr_2.0", (200, 100)),
        ("c_fit,w_100,h_100", (100, 50)),
        ("c_limit,w_1000,h_1000", (400, 200)),
        ("c_mfit,w_20,h_20", (400, 200)),
        ("c_fill,w_100,h_100", (100, 100)),
        ("c_fill,w_100,ar_1:1", (100, 100)),
        ("c_fill,ar_1.0", (200, 200)),
        ("c_lfill,w_500,h_500", (400, 200)),
        ("c_pad,w_100,h_100", (100, 100)),
        ("c_lpad,w_500,h_500,b_red", (500, 500)),
        ("c_mpad,w_500,h_500", (500, 500)),
        ("c_crop,w_50,h_60", (50, 60)),
        ("c_crop,w_0.5,h_0.5", (200, 100)),
        ("c_thumb,g_center,w_90,h_90", (90, 90)),
        ("c_thumb,g_face,w_90,h_90", (90, 90)),
        ("w_auto,c_limit", (400, 200)),
        ("a_90", (200, 400)),
        ("a_-90", (200, 400)),
        ("a_45", (425, 425)),
        ("a_hflip", (400, 200)),
        ("bo_5px_solid_black", (410, 210)),
        ("t_tiny", (30, 30)),
        ("t_tiny/a_90/w_60", (60, 60)),
        ("w_100/w_50/h_100", (200, 100)),
        ("l_logo", (400, 200)),
        ("l_logo,w_500", (500, 500)),
        ("l_logo,w_500,fl_no_overflow", (400, 200)),
        ("l_logo,w_0.5,fl_relative", (400, 200)),
        ("l_logo,g_south_east,x_-10,y_-10", (410, 210)),
        ("u_logo,w_600,h_300", (600, 300)),
        ("q_50", (400, 200)),
    ] {
        let rendered = transform(halves(400, 200), text, None).expect(text);
        assert_eq!((rendered.width, rendered.height), expected, "{text}");
        assert_eq!(pixels(&rendered).size(), expected, "{text}");
    }
}

const RED: [u8; 4] = [250, 0, 0, 255];
const BLUE: [u8; 4] = [0, 0, 250, 255];
const DARK_RED: [u8; 4] = [120, 0, 0, 255];
const GREEN: [u8; 4] = [0, 200, 0, 255];
const CLEAR: [u8; 4] = [0, 0, 0, 0];

#[test]
fn pixels_at_places() {
    for (text, places) in [
        ("c_crop,g_north_west,w_50,h_50", vec![((0, 0), RED), ((49, 49), RED)]),
        ("c_crop,g_east,w_50,h_50", vec![((0, 0), BLUE), ((25, 49), [0, 0, 120, 255])]),
        ("c_crop,x_190,y_0,w_20,h_20", vec![((0, 0), RED), ((19, 0), BLUE)]),
        ("c_crop,g_xy_center,x_200,y_50,w_20,h_20", vec![((9, 9), RED), ((10, 9), BLUE)]),
        ("c_fill,g_west,w_100,h_100", vec![((50, 20), RED), ((90, 20), RED)]),
        ("c_pad,w_400,h_400,b_lime", vec![((200, 5), [0, 255, 0, 255]), ((100, 120), RED)]),
        ("c_pad,w_400,h_400", vec![((200, 5), CLEAR), ((100, 120), RED)]),
        ("c_pad,g_north,w_400,h_400", vec![((100, 5), RED), ((200, 395), CLEAR)]),
        ("c_lpad,w_1.1,h_1.2,b_white", vec![((0, 0), [255; 4]), ((30, 30), RED)]),
        ("a_180", vec![((0, 0), [0, 0, 120, 255]), ((399, 199), RED)]),
        ("a_90", vec![((199, 0), RED), ((0, 0), DARK_RED)]),
        ("a_hflip", vec![((0, 0), BLUE), ((399, 0), RED)]),
        ("a_vflip", vec![((0, 0), DARK_RED)]),
        ("a_45", vec![((0, 0), CLEAR)]),
        ("a_45,b_white", vec![((0, 0), [255; 4])]),
        ("r_max", vec![((0, 0), CLEAR), ((200, 2), BLUE), ((399, 199), CLEAR)]),
        ("r_30", vec![((0, 0), CLEAR), ((30, 30), RED)]),
        ("r_30:0", vec![((0, 0), CLEAR), ((399, 0), BLUE), ((399, 199), CLEAR), ((0, 199), DARK_RED)]),
        ("r_30,b_white", vec![((0, 0), [255; 4])]),
        ("bo_5px_solid_lime", vec![((0, 0), [0, 255, 0, 255]), ((5, 5), RED)]),
        ("o_50", vec![((0, 0), [250, 0, 0, 128])]),
        ("e_grayscale", vec![((0, 0), [75, 75, 75, 255])]),
        ("e_negate", vec![((0, 0), [5, 255, 255, 255])]),
        ("e_colorize,co_lime", vec![((0, 0), [0, 255, 0, 255])]),
        ("e_pixelate:200", vec![((0, 0), [185, 0, 0, 255])]),
        ("e_blur:400", vec![((20, 20), RED), ((380, 20), BLUE)]),
        ("e_pixelate_region:200,x_0,y_0,w_10,h_10/c_crop,w_20,h_20,g_north_west", vec![((0, 0), RED)]),
        ("e_negate/e_negate", vec![((0, 0), RED)]),
        ("l_logo,g_south_east,x_5,y_5", vec![((380, 180), GREEN), ((394, 194), GREEN), ((396, 196), [0, 0, 120, 255])]),
        ("l_logo,g_north_west,x_7", vec![((6, 0), RED), ((7, 0), GREEN)]),
        ("l_logo,w_100,h_10,g_north", vec![((151, 5), GREEN), ((249, 5), GREEN), ((251, 5), BLUE)]),
        ("l_logo,o_50,g_north_west", vec![((0, 0), [125, 100, 0, 255])]),
        ("l_logo,e_negate,g_north_west", vec![((0, 0), [255, 55, 255, 255])]),
        ("l_logo/c_scale,w_100/fl_layer_apply,g_north_west", vec![((99, 99), GREEN), ((101, 99), RED)]),
        ("l_logo,w_0.5,fl_relative,g_north_west", vec![((199, 199), GREEN), ((201, 0), BLUE)]),
        ("l_logo,fl_tiled", vec![((0, 0), GREEN), ((399, 199), GREEN)]),
        ("l_logo,g_face", vec![((200, 100), [0, 0, 120, 255])]),
        ("l_logo,g_south_east,x_-10,y_-10", vec![((405, 5), CLEAR), ((405, 205), GREEN), ((0, 0), RED)]),
        ("c_pad,w_400,h_400/u_logo,w_400", vec![((5, 5), GREEN), ((5, 120), RED)]),
    ] {
        let picture = pixels(&transform(halves(400, 200), text, Some(Format::Png)).expect(text));
        for ((x, y), expected) in places {
            let got = picture.bitmap().get(x, y).expect("inside");
            let close = got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 2);
            assert!(close || (got[3] == 0 && expected[3] == 0), "{text} at {x},{y}: {got:?}, expected {expected:?}");
        }
    }
}

#[test]
fn formats_and_quality() {
    for (name, text, extension, format) in [
        ("cat.jpg", "w_50", None, Format::Jpeg),
        ("cat.jpg", "w_50", Some(Format::Webp), Format::Webp),
        ("cat.jpg", "w_50,f_png", Some(Format::Webp), Format::Png),
        ("cat.jpg", "w_50,f_auto", None, Format::Jpeg),
        ("cat.jpg", "w_50,f_auto", Some(Format::Webp), Format::Webp),
        ("espresso.png", "w_50", None, Format::Png),
        ("espresso.png", "w_50", Some(Format::Jpeg), Format::Jpeg),
        ("dahlia.gif", "w_50", None, Format::Gif),
    ] {
        let rendered = transform(photo(name), text, extension).expect(text);
        assert_eq!(rendered.format, format, "{name} {text}");
        let info = probe(&rendered.bytes, &Limits::default()).expect("readable");
        assert_eq!((info.format, info.width), (format, 50), "{name} {text}");
    }
    let size = |text: &str| transform(photo("fig.jpg"), text, None).expect(text).bytes.len();
    assert!(size("q_20") < size("q_60") && size("q_60") < size("q_95"));
    assert!(size("q_auto:low") < size("q_auto:best"));
    assert!(transform(photo("cat.jpg"), "fl_lossy", Some(Format::Gif)).is_err());
}

#[test]
fn transparency_becomes_white_where_there_is_none() {
    let picture = pixels(&transform(photo("espresso.png"), "w_100,r_max", Some(Format::Jpeg)).expect("renders"));
    assert!(picture.bitmap().get(0, 0).expect("inside")[..3].iter().all(|value| *value > 250));
    let picture = pixels(&transform(photo("espresso.png"), "w_100,b_black", Some(Format::Jpeg)).expect("renders"));
    assert!(picture.bitmap().get(0, 0).expect("inside")[..3].iter().all(|value| *value < 5));
}

#[test]
fn cameras_are_turned_upright_first() {
    for (text, expected) in [("w_100", (100, 150)), ("a_ignore/w_100", (100, 67)), ("c_crop,w_852,h_10", (852, 10))] {
        let rendered = transform(photo("spaniels.jpg"), text, None).expect(text);
        assert_eq!((rendered.width, rendered.height), expected, "{text}");
        let info = probe(&rendered.bytes, &Limits::default()).expect("readable");
        assert_eq!(info.orientation.to_exif(), 1);
    }
}

#[test]
fn animations_keep_moving_as_gif_only() {
    for (format, frames) in [(None, 12), (Some(Format::Png), 1), (Some(Format::Webp), 1)] {
        let text = "c_fill,w_60,h_40/a_90/l_logo,w_10,g_north_west/bo_1px_solid_red";
        let rendered = transform(photo("dahlia.gif"), text, format).expect(text);
        assert_eq!((rendered.width, rendered.height), (42, 62));
        assert_eq!(pixels(&rendered).frame_count(), frames);
    }
}

/// Where the face of Eileen Collins is in `astronaut.jpg`: eyes, nose and mouth.
const FACE: Rect = Rect::new(195, 100, 55, 60);

#[test]
fn faces_stay_in_view() {
    let engine = engine();
    let whole = decode(&photo("astronaut.jpg").bytes, &Limits::default()).expect("decodes");
    let found = engine.detector().detect(whole.bitmap());
    let face = found.first().expect("a face");
    assert!(face.contains(&FACE), "{face:?}");

    // A crop about the face has the detected face in its middle, where the center has none.
    let crop = |gravity: &str| {
        let text = format!("c_crop,g_{gravity},w_150,h_150,q_95");
        pixels(&transform(photo("astronaut.jpg"), &text, None).expect("renders"))
    };
    let in_crop = engine.detector().detect(crop("face").bitmap());
    let (x, y) = in_crop.first().expect("the face is in the crop").center();
    assert!((x - 75.0).abs() < 12.0 && (y - 75.0).abs() < 12.0, "{in_crop:?}");
    assert_ne!(crop("face").bitmap(), crop("center").bitmap());
    assert_eq!(engine.detector().detect(crop("south").bitmap()), []);

    // A thumbnail is filled by it.
    let thumbnail = pixels(&transform(photo("astronaut.jpg"), "c_thumb,g_face,w_200,h_200", None).expect("renders"));
    let in_thumbnail = engine.detector().detect(thumbnail.bitmap());
    let share = f64::from(in_thumbnail.first().expect("the face is in the thumbnail").width) / 200.0;
    assert!((0.4..0.75).contains(&share), "{share}");
    let near = pixels(&transform(photo("astronaut.jpg"), "c_thumb,g_face,w_200,h_200,z_1.6", None).expect("renders"));
    assert_ne!(near.bitmap(), thumbnail.bitmap());

    // A crop without a size is the face.
    let rendered = transform(photo("astronaut.jpg"), "c_crop,g_face", None).expect("renders");
    assert_eq!((rendered.width, rendered.height), (face.width, face.height));
}

#[test]
fn many_faces() {
    let whole = pixels(&transform(photo("solvay_1927.jpg"), "q_95", None).expect("renders"));
    let engine = engine();
    let all = engine.detector().detect(whole.bitmap());
    let rendered = transform(photo("solvay_1927.jpg"), "c_crop,g_faces", None).expect("renders");
    assert!(rendered.width > 1000 && rendered.height < 500, "{}x{}", rendered.width, rendered.height);
    let blurred = pixels(&transform(photo("solvay_1927.jpg"), "e_blur_faces:800,q_95", None).expect("renders"));
    let left = engine.detector().detect(blurred.bitmap());
    assert!(all.len() > 20 && left.len() * 4 < all.len(), "{} of {}", left.len(), all.len());
}

#[test]
fn told_coordinates_count_before_found_ones() {
    let mut told = photo("astronaut.jpg");
    told.faces = vec![Rect::new(400, 400, 60, 60)];
    told.custom = Some(Rect::new(10, 20, 100, 50));
    for (text, expected) in [
        ("c_crop,g_face", (60, 60)),
        ("c_crop,g_custom", (100, 50)),
        ("c_scale,w_256/c_crop,g_custom", (50, 25)),
        ("c_scale,w_256/c_crop,g_face", (30, 30)),
    ] {
        let rendered = transform(told.clone(), text, None).expect(text);
        assert_eq!((rendered.width, rendered.height), expected, "{text}");
    }
    let bare = transform(photo("astronaut.jpg"), "c_crop,g_custom,w_90,h_40", None).expect("renders");
    assert_eq!((bare.width, bare.height), (90, 40));
}

#[test]
fn reduced_decoding_gives_the_same_picture() {
    for text in ["c_fill,w_90,h_90,g_south_east", "c_pad,w_120,h_120,b_white", "c_thumb,g_north,z_2,w_80,h_80", "w_100"]
    {
        let quick = pixels(&transform(photo("fig.jpg"), text, Some(Format::Png)).expect(text));
        // A step that changes nothing makes the decoder give everything.
        let whole = pixels(&transform(photo("fig.jpg"), &format!("e_gamma:0/{text}"), Some(Format::Png)).expect(text));
        assert_eq!(quick.size(), whole.size());
        let pairs = quick.bitmap().bytes().iter().zip(whole.bitmap().bytes());
        let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = sum as f64 / whole.bitmap().bytes().len() as f64;
        assert!(mean < 5.0, "{text}: {mean}");
    }
}

#[test]
fn what_fails_and_how() {
    let jpeg = photo("cat.jpg").bytes;
    for (bytes, text, message, status) in [
        (jpeg.to_vec(), "w_20000,h_20000", "Maximum image size is 50 Megapixels. Requested 400 Megapixels", 400),
        (jpeg.to_vec(), "w_999999999999", "Maximum image size is 50 Megapixels. Requested", 400),
        (
            jpeg.to_vec(),
            "bo_1000px_solid_red/bo_1000px_solid_red/bo_1000px_solid_red/bo_1000px_solid_red",
            "Maximum",
            400,
        ),
        (jpeg.to_vec(), "l_missing", "Resource not found - missing", 404),
        (jpeg.to_vec(), "t_unknown", "Unknown transformation unknown", 400),
        (jpeg[..1000].to_vec(), "w_10", "Invalid image file: the jpg image is cut short", 400),
        (b"title,price".to_vec(), "w_10", "Invalid image file", 400),
        (Vec::new(), "w_10", "Invalid image file", 400),
        (b"BM\x10\0\0\0\0\0\0\0".to_vec(), "w_10", "Invalid image file: bmp images are not supported", 400),
    ] {
        let error = transform(source(bytes), text, None).expect_err(text);
        assert!(error.to_string().starts_with(message), "{text}: {error}");
        assert_eq!(error.status(), status, "{text}");
    }
}

#[test]
fn work_and_memory_are_bounded() {
    let work = WorkLimits { pixels: 1_000_000, live_pixels: 300_000, time: Duration::from_mins(10) };
    let engine = Engine::new(Limits::default(), work).expect("the built-in model");
    let nested = "l_logo/w_400,h_400/l_logo/w_400,h_400/fl_layer_apply/fl_layer_apply";
    for (text, expected) in [
        ("w_400,h_400/w_5", None),
        ("w_400,h_400/e_blur:2000,w_5,h_5", None),
        ("w_400,h_400/e_blur:2000", Some("Transformation is too complex: its steps and layers may process 1 Meg")),
        ("w_400,h_400/o_50/o_50/o_50/o_50/w_5", Some("Transformation is too complex")),
        ("w_400,h_400/l_logo/l_logo/l_logo/l_logo,w_5", Some("Transformation is too complex")),
        (nested, Some("Transformation is too large")),
    ] {
        let plan = Plan::parse(&text.parse().expect("a path"), &named).expect(text);
        let done = render(halves(20, 20), &plan, &HashMap::from([logo()]), None, &engine);
        match (done, expected) {
            (Ok(_), None) => {}
            (Err(error), Some(expected)) => assert!(error.to_string().starts_with(expected), "{text}: {error}"),
            (done, _) => panic!("{text}: {:?}", done.map(|done| (done.width, done.height))),
        }
    }
    let late = Engine::new(Limits::default(), WorkLimits { time: Duration::ZERO, ..WORK }).expect("the built-in model");
    let plan = Plan::parse(&"w_5".parse().expect("a path"), &named).expect("it is a plan");
    assert_eq!(render(halves(20, 20), &plan, &HashMap::new(), None, &late).unwrap_err(), PipelineError::TooLong);
}

#[test]
fn nothing_is_decoded_for_an_output_that_cannot_be() {
    let no_image = source(b"no image".to_vec());
    let error = transform(no_image, "fl_lossy", Some(Format::Png)).unwrap_err();
    assert_eq!(error.to_string(), "The flag lossy with the format png is not supported by the local media server");
}

/// A small generator of numbers that are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn one_of(&mut self, of: &[&str]) -> String {
        of[self.below(of.len())].to_owned()
    }

    fn param(&mut self) -> String {
        const NUMBERS: [&str; 14] =
            ["0", "1", "2", "7", "33", "80", "100", "250", "-5", "-400", "0.5", "1.5", "99999999", "0.0001"];
        const COLORS: [&str; 4] = ["red", "rgb:12345678", "transparent", "rgb:fff"];
        const CROPS: [&str; 12] =
            ["scale", "fit", "limit", "mfit", "fill", "lfill", "pad", "lpad", "mpad", "crop", "thumb", "auto"];
        const GRAVITIES: [&str; 10] = [
            "north_west",
            "center",
            "south_east",
            "xy_center",
            "face",
            "faces",
            "face:center",
            "custom",
            "custom:face",
            "auto",
        ];
        const EFFECTS: [&str; 16] = [
            "sepia",
            "grayscale",
            "blur:2000",
            "blur:1",
            "blur_faces",
            "blur_region",
            "pixelate",
            "pixelate:200",
            "pixelate_region",
            "hue:33",
            "contrast:-100",
            "sharpen:2000",
            "vignette:100",
            "gamma:150",
            "colorize",
            "opacity_threshold",
        ];
        let number = self.one_of(&NUMBERS);
        match self.below(18) {
            0..=2 => format!("w_{number}"),
            3 | 4 => format!("h_{number}"),
            5 | 6 => format!("c_{}", self.one_of(&CROPS)),
            7 => format!("g_{}", self.one_of(&GRAVITIES)),
            8 => format!("x_{number},y_{}", self.one_of(&NUMBERS)),
            9 => format!("r_{}", self.one_of(&["max", "0", "5", "20:300", "1:2:3:4", "99999999"])),
            10 => format!("a_{}", self.one_of(&["90", "45", "-1", "hflip", "vflip.180", "ignore", "12345"])),
            11 => format!("bo_{}px_solid_{}", self.below(30), self.one_of(&COLORS)),
            12 => format!("b_{}", self.one_of(&COLORS)),
            13 => format!("o_{}", self.below(101)),
            14 => format!("e_{}", self.one_of(&EFFECTS)),
            15 => format!("ar_{}", self.one_of(&["1:1", "16:9", "0.0001", "9999"])),
            16 => {
                format!("{}_logo,fl_{}", self.one_of(&["l", "u"]), self.one_of(&["relative", "tiled", "no_overflow"]))
            }
            _ => format!("z_{}", self.one_of(&["0.01", "1", "3", "100"])),
        }
    }
}

#[test]
fn no_transformation_makes_it_panic() {
    let limits = Limits { max_pixels: 200_000, max_side: 4_000, ..Limits::default() };
    let engine = Engine::new(limits, WORK).expect("the built-in model");
    let sources =
        [halves(61, 40), halves(1, 1), halves(3, 200), Source { faces: vec![Rect::new(2, 2, 9, 9)], ..halves(50, 50) }];
    let layers = HashMap::from([logo()]);
    let mut random = Random(5);
    let (mut rendered, mut refused) = (0, 0);
    let rounds = std::env::var("PIPELINE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1_500);
    for round in 0..rounds {
        let steps: Vec<String> = (0..=random.below(3))
            .map(|_| (0..=random.below(5)).map(|_| random.param()).collect::<Vec<_>>().join(","))
            .collect();
        let text = steps.join("/");
        let Ok(plan) = Plan::parse(&text.parse().expect("a path"), &named) else {
            refused += 1;
            continue;
        };
        let format = Format::ALL[round % 4];
        match render(sources[round % sources.len()].clone(), &plan, &layers, Some(format), &engine) {
            Ok(done) => {
                rendered += 1;
                let info = probe(&done.bytes, &limits).expect(&text);
                assert_eq!((info.width, info.height), (done.width, done.height), "{text}");
            }
            Err(PipelineError::Image(_)) => refused += 1,
            Err(error) => panic!("{text}: {error}"),
        }
    }
    assert!(rendered > 300 && refused > 100, "{rendered} rendered, {refused} refused");
}
