//! The service's effects by name, so that an editor lists them.

use super::effect::Effect;
use super::value::Value;

/// Declares constructors: `name => "effect"` without a level, `name(what: type) => "effect"` with one.
macro_rules! effects {
    ($($(#[$doc:meta])* $constructor:ident $(($level:ident: $type:ty))? => $name:literal,)*) => {
        impl Effect {
            $(effects!(@one $(#[$doc])* $constructor $(($level: $type))? => $name);)*
        }

        /// Every effect declared here, printed; of those with a level, with one that fits it.
        #[cfg(test)]
        fn all() -> Vec<(&'static str, String)> {
            vec![$(($name, effects!(@print $constructor $(($type))?))),*]
        }
    };
    (@one $(#[$doc:meta])* $constructor:ident => $name:literal) => {
        $(#[$doc])*
        pub fn $constructor() -> Self {
            Self::plain($name)
        }
    };
    (@one $(#[$doc:meta])* $constructor:ident ($level:ident: $type:ty) => $name:literal) => {
        $(#[$doc])*
        pub fn $constructor($level: $type) -> Self {
            Self::leveled($name, $level)
        }
    };
    (@print $constructor:ident) => { Effect::$constructor().to_string() };
    (@print $constructor:ident (impl Into<Value>)) => { Effect::$constructor("x").to_string() };
    (@print $constructor:ident ($type:ty)) => { Effect::$constructor(7).to_string() };
}

effects! {
    /// Brown tones; 1 to 100, default 80.
    sepia(level: u8) => "sepia",
    /// No colours.
    grayscale => "grayscale",
    /// Black and white only; the threshold is 0 to 100, default 50.
    blackwhite(threshold: u8) => "blackwhite",
    /// The negative.
    negate => "negate",
    /// Soft; 1 to 2000, default 100.
    blur(strength: u16) => "blur",
    /// Soft faces; 1 to 2000, default 500.
    blur_faces(strength: u16) => "blur_faces",
    /// Soft in the rectangle of `x`, `y`, `width` and `height`; 1 to 2000, default 100.
    blur_region(strength: u16) => "blur_region",
    /// Squares of so many pixels; 1 to 200, default by the image's size.
    pixelate(pixels: u8) => "pixelate",
    /// Faces in squares of so many pixels; 1 to 200, default by the face's size.
    pixelate_faces(pixels: u8) => "pixelate_faces",
    /// A rectangle in squares of so many pixels; 1 to 200.
    pixelate_region(pixels: u8) => "pixelate_region",
    /// Crisp; 1 to 2000, default 100.
    sharpen(strength: u16) => "sharpen",
    /// Crisp at edges; 1 to 2000, default 100.
    unsharp_mask(strength: u16) => "unsharp_mask",
    /// Turned colours; -100 to 100, default 80.
    hue(level: i8) => "hue",
    /// Lighter or darker; -99 to 100, default 80.
    brightness(level: i8) => "brightness",
    /// Lighter or darker, in hue, saturation and brightness; -99 to 100, default 80.
    brightness_hsb(level: i8) => "brightness_hsb",
    /// More or less colourful; -100 to 100, default 80.
    saturation(level: i8) => "saturation",
    /// More or less contrast; -100 to 100, default 0.
    contrast(level: i8) => "contrast",
    /// Other middle tones; -50 to 150, default 0.
    gamma(level: i16) => "gamma",
    /// Dull colours made livelier; -100 to 100, default 20.
    vibrance(level: i8) => "vibrance",
    /// Lighter shadows; 0 to 100.
    fill_light(level: i16) => "fill_light",
    /// More or less red; -100 to 100, default 0.
    red(level: i8) => "red",
    /// More or less green; -100 to 100, default 0.
    green(level: i8) => "green",
    /// More or less blue; -100 to 100, default 0.
    blue(level: i8) => "blue",
    /// Opaque or transparent, nothing between; 1 to 100, default 50.
    opacity_threshold(level: u8) => "opacity_threshold",
    /// Better colours, contrast and lightness, by itself.
    improve => "improve",
    /// Better by a model that has seen many photos.
    enhance => "enhance",
    /// Better lightness by itself; how much of it, 0 to 100, default 100.
    auto_brightness(blend: u8) => "auto_brightness",
    /// Better colours by itself; how much of it, 0 to 100, default 100.
    auto_color(blend: u8) => "auto_color",
    /// Better contrast by itself; how much of it, 0 to 100, default 100.
    auto_contrast(blend: u8) => "auto_contrast",
    /// As painted; 0 to 100, default 30.
    oil_paint(level: u8) => "oil_paint",
    /// Dark towards the corners; 0 to 100, default 20.
    vignette(level: u8) => "vignette",
    /// As drawn; lines, and after a colon colours, as `"70:80"`.
    cartoonify(levels: impl Into<Value>) => "cartoonify",
    /// One of the artistic filters, as `"athena"`.
    art(filter: impl Into<Value>) => "art",
    /// Mixed with a colour given by `color`; 0 to 100, default 100.
    colorize(level: u8) => "colorize",
    /// Mixed with colours: amount and colours, as `"50:red:blue"`.
    tint(levels: impl Into<Value>) => "tint",
    /// Another colour in place of one: `"to:tolerance:from"`.
    replace_color(colors: impl Into<Value>) => "replace_color",
    /// Other colours by a matrix of rows.
    recolor(matrix: impl Into<Value>) => "recolor",
    /// Fewer shades by a pattern; 0 to 18, default 0.
    ordered_dither(kind: u8) => "ordered_dither",
    /// Random specks; 0 to 100, default 0.
    noise(level: u8) => "noise",
    /// Fading out towards an edge, as `"symmetric_pad:50"`.
    gradient_fade(levels: impl Into<Value>) => "gradient_fade",
    /// A line around: kind, width and softness, as `"inner:15:200"`.
    outline(levels: impl Into<Value>) => "outline",
    /// A shadow behind, of `color`, at `x` and `y`; 0 to 100, default 40.
    shadow(level: u8) => "shadow",
    /// The shadow of a light: azimuth, elevation and spread, as `"azimuth_220;elevation_40;spread_20"`.
    dropshadow(light: impl Into<Value>) => "dropshadow",
    /// Sheared by degrees along x and y, as `"20.0:0.0"`.
    shear(degrees: impl Into<Value>) => "shear",
    /// Distorted to corners, or bent by degrees as `"arc:180"`.
    distort(corners: impl Into<Value>) => "distort",
    /// Edges of one colour cut off; the tolerance is 0 to 100, default 10.
    trim(tolerance: u8) => "trim",
    /// A background of one colour made transparent; the tolerance is 0 to 100, default 10.
    make_transparent(tolerance: u8) => "make_transparent",
    /// The background removed by a model.
    background_removal => "background_removal",
    /// Red eyes mended.
    redeye => "redeye",
    /// Red eyes mended, in faces that are found.
    adv_redeye => "adv_redeye",
    /// Stripes for eyes that tell colours apart badly; 1 to 100, or `"xray"`.
    assist_colorblind(level: impl Into<Value>) => "assist_colorblind",
    /// As eyes see it that tell colours apart badly: `"deuteranopia"` and others.
    simulate_colorblind(condition: impl Into<Value>) => "simulate_colorblind",
    /// Slightly changed, so that a copy is found; -100 to 100, default 50.
    anti_removal(level: i8) => "anti_removal",
    /// Lines instead of pixels, with options as `"colors:15"`.
    vectorize(options: impl Into<Value>) => "vectorize",
    /// Four times the pixels.
    upscale => "upscale",
    /// Colours of a screenshot changed to a theme, as `"color_black"`.
    theme(options: impl Into<Value>) => "theme",
    /// Objects cut out, named as `"prompt_the%20cat"`.
    extract(objects: impl Into<Value>) => "extract",
    /// Blemishes of old pictures mended.
    gen_restore => "gen_restore",
    /// Things removed and painted over, named as `"prompt_fork"`.
    gen_remove(what: impl Into<Value>) => "gen_remove",
    /// A thing in place of another, as `"from_sweater;to_jacket"`.
    gen_replace(what: impl Into<Value>) => "gen_replace",
    /// Things in another colour, as `"prompt_car;to-color_red"`.
    gen_recolor(what: impl Into<Value>) => "gen_recolor",
    /// Another background, as `"prompt_a%20beach"`.
    gen_background_replace(prompt: impl Into<Value>) => "gen_background_replace",
    /// A layer moves the pixels of the picture below it.
    displace => "displace",
    /// A layer as a mask.
    mask => "mask",
    /// A layer multiplied with the picture below it.
    multiply => "multiply",
    /// A layer screened with the picture below it.
    screen => "screen",
    /// A layer overlaid on the picture below it.
    overlay => "overlay",
    /// A video faster or slower, in percent; -50 to 100, default 0.
    accelerate(percent: i16) => "accelerate",
    /// A video forwards and backwards.
    boomerang => "boomerang",
    /// A video backwards.
    reverse => "reverse",
    /// A video so many times more.
    loop_times(times: u16) => "loop",
    /// A video that shakes less, by so many pixels: 16, 32, 48 or 64.
    deshake(pixels: u8) => "deshake",
    /// A video that fades in over so many milliseconds; a negative number fades it out.
    fade(milliseconds: i32) => "fade",
    /// A video's part that tells most, in seconds and more, as `"duration_8"`.
    preview(options: impl Into<Value>) => "preview",
    /// A bar that shows how far a video is, as `"width_5"`.
    progressbar(options: impl Into<Value>) => "progressbar",
    /// A picture made a video that zooms and pans, with options.
    zoompan(options: impl Into<Value>) => "zoompan",
    /// A video's sound, in percent from -100 to 400, or decibels as `"12dB"`, or `"mute"`.
    volume(level: impl Into<Value>) => "volume",
    /// One video changing into the next, as a layer.
    transition => "transition",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Transformation;

    #[test]
    fn all_print_and_parse_back() {
        for (name, printed) in all() {
            let (found, level) = printed.split_once(':').unwrap_or((&printed, ""));
            assert!(found == name && ["", "7", "x"].contains(&level), "{printed}");
            let transformation = Transformation::new().effect(Effect::from(printed.as_str()));
            assert_eq!(transformation.to_string(), format!("e_{printed}"));
            transformation.check().unwrap();
        }
        let several = Transformation::new().effect(Effect::dropshadow("azimuth_220;elevation_40;spread_20"));
        assert_eq!(several.to_string(), "e_dropshadow:azimuth_220;elevation_40;spread_20");
        several.check().unwrap();
    }
}
