//! The jobs, each done by hand (the floor, always first) and by this crate.

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;

use cloudinary_core::signing::{SignatureAlgorithm, SignatureVersion, sign_params};
use cloudinary_core::{AssetUrl, Config, Crop, Effect, Gravity, Layer, Secret, Transformation};

use crate::floor::{self, Card};
use crate::variant::Variant;

const CLOUD: &str = "demo";
const SECRET: &str = "abcd";
const ID: &str = "summer photos/beach house";
const VERSION: u64 = 1_372_180_830;
const ALT: &str = "Sea & sand";
const WIDTHS: [u32; 4] = [320, 640, 960, 1280];
const CARD: Card = Card {
    width: 400,
    height: 300,
    radius: 20,
    sepia: 50,
    text: "Hello, World/1",
    font: "Arial",
    size: 20,
    x: 5,
    y: 5,
};
const PARAMS: [(&str, &str); 8] = [
    ("timestamp", "1315060510"),
    ("public_id", "summer photos/beach house"),
    ("folder", "summer photos"),
    ("tags", "sea,sand,summer"),
    ("eager", "c_fill,h_300,w_400|c_thumb,g_face,h_150,w_150"),
    ("context", "alt=Beach|caption=Our house"),
    ("notification_url", "https://app.example.com/hooks/cloudinary"),
    ("overwrite", "true"),
];

pub(crate) fn all() -> Vec<(&'static str, Vec<Variant>)> {
    vec![
        ("plain", plain()),
        ("two_steps", two_steps()),
        ("signed", signed()),
        ("prepared", prepared()),
        ("sign_params", signature()),
        ("img_tag", img_tag()),
    ]
}

fn config() -> Arc<Config> {
    Arc::new(Config::new(CLOUD).credentials("key", SECRET))
}

fn card(card: &Card) -> Transformation {
    Transformation::new()
        .width(card.width)
        .height(card.height)
        .crop(Crop::Fill)
        .gravity(Gravity::Face)
        .radius(card.radius)
        .effect(Effect::sepia(card.sepia))
        .then()
        .overlay(Layer::text(card.text, card.font, card.size).bold())
        .gravity(Gravity::SouthEast)
        .x(card.x)
        .y(card.y)
}

/// A URL without a transformation.
fn plain() -> Vec<Variant> {
    let config = config();
    let url = AssetUrl::new(Arc::clone(&config), ID).version(VERSION);
    vec![
        Variant::made("floor", || floor::url(black_box(CLOUD), black_box(ID), black_box(VERSION), "")),
        Variant::made("ours", move || {
            AssetUrl::new(Arc::clone(&config), black_box(ID)).version(black_box(VERSION)).to_string()
        }),
        Variant::written("ours, reused string", move |out| write!(out, "{}", black_box(&url)).unwrap()),
    ]
}

/// A URL whose two steps are made anew each time.
fn two_steps() -> Vec<Variant> {
    let config = config();
    let url = AssetUrl::new(Arc::clone(&config), ID).version(VERSION).transform(card(&CARD));
    vec![
        Variant::made("floor", || {
            floor::card_url(black_box(CLOUD), black_box(ID), black_box(VERSION), black_box(&CARD))
        }),
        Variant::made("ours", move || {
            AssetUrl::new(Arc::clone(&config), black_box(ID))
                .version(black_box(VERSION))
                .transform(card(black_box(&CARD)))
                .to_string()
        }),
        Variant::written("ours, reused string", move |out| write!(out, "{}", black_box(&url)).unwrap()),
    ]
}

/// The same, signed.
fn signed() -> Vec<Variant> {
    let config = config();
    let url = AssetUrl::new(Arc::clone(&config), ID).version(VERSION).transform(card(&CARD)).sign(true);
    vec![
        Variant::made("floor", || {
            floor::signed_card_url(
                black_box(CLOUD),
                black_box(ID),
                black_box(VERSION),
                black_box(&CARD),
                black_box(SECRET),
            )
        }),
        Variant::made("ours", move || {
            AssetUrl::new(Arc::clone(&config), black_box(ID))
                .version(black_box(VERSION))
                .transform(card(black_box(&CARD)))
                .sign(true)
                .to_string()
        }),
        Variant::written("ours, reused string", move |out| write!(out, "{}", black_box(&url)).unwrap()),
    ]
}

/// The two steps are made once, and used for many ids.
fn prepared() -> Vec<Variant> {
    let config = config();
    let card = card(&CARD);
    let text = card.to_string();
    let (mut floor_ids, mut new_ids, mut reused_ids) = (Ids::new(), Ids::new(), Ids::new());
    let mut url = AssetUrl::new(Arc::clone(&config), "").version(VERSION).transform(&card);
    vec![
        Variant::made("floor", move || {
            floor::url(black_box(CLOUD), floor_ids.next(), black_box(VERSION), black_box(&text))
        }),
        Variant::made("ours", move || {
            AssetUrl::new(Arc::clone(&config), new_ids.next())
                .version(black_box(VERSION))
                .transform(black_box(&card))
                .to_string()
        }),
        Variant::written("ours, reused string", move |out| {
            url.set_public_id(reused_ids.next());
            write!(out, "{url}").unwrap();
        }),
    ]
}

/// Signing eight upload parameters.
fn signature() -> Vec<Variant> {
    let secret = Secret::from(SECRET);
    vec![
        Variant::made("floor", || floor::sign(black_box(&PARAMS), black_box(SECRET))),
        Variant::made("ours", move || {
            let params = black_box(&PARAMS).iter().copied();
            sign_params(params, &secret, SignatureAlgorithm::Sha1, SignatureVersion::V2)
        }),
    ]
}

/// An `img` tag with four widths in its `srcset`.
fn img_tag() -> Vec<Variant> {
    let config = config();
    let make = move || {
        AssetUrl::new(Arc::clone(&config), black_box(ID))
            .version(black_box(VERSION))
            .transform(card(black_box(&CARD)))
            .img_tag()
            .alt(ALT)
            .srcset_widths(WIDTHS)
    };
    let tag = make();
    vec![
        Variant::made("floor", || {
            floor::img_tag(
                black_box(CLOUD),
                black_box(ID),
                black_box(VERSION),
                black_box(&CARD),
                black_box(ALT),
                black_box(&WIDTHS),
            )
        }),
        Variant::made("ours", move || make().to_string()),
        Variant::written("ours, reused string", move |out| write!(out, "{}", black_box(&tag)).unwrap()),
    ]
}

/// Ids without end, each with a folder and a space.
struct Ids {
    ids: Vec<String>,
    at: usize,
}

impl Ids {
    fn new() -> Self {
        Self { ids: (0..256).map(|at| format!("summer photos/beach house {at}")).collect(), at: 0 }
    }

    fn next(&mut self) -> &str {
        self.at = (self.at + 1) % self.ids.len();
        black_box(&self.ids[self.at])
    }
}
