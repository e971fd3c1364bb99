//! The service's effects by name, so that an editor lists them.

use super::effect::Effect;
use super::level::Level;
use super::value::Value;

/// Declares constructors: `name => "effect"` without a level, `name(what: type = sample) => "effect"` with one. One that is
/// `written` stands in URLs as it is given, since a word of an option or a prompt is no name of a variable.
macro_rules! effects {
    ($($(#[$doc:meta])* $constructor:ident $(($level:ident: $type:ty = $sample:literal $(, $how:ident)?))? => $name:literal,)*) => {
        impl Effect {
            $(effects!(@one $(#[$doc])* $constructor $(($level: $type = $sample $(, $how)?))? => $name);)*
        }

        /// Every effect declared here, with how it is to print, and printed; of those with a level, with the sample.
        #[cfg(test)]
        fn all() -> Vec<(&'static str, String)> {
            vec![$((concat!($name $(, ":", $sample)?), Effect::$constructor($($sample)?).to_string())),*]
        }
    };
    (@one $(#[$doc:meta])* $constructor:ident $(($level:ident: $type:ty = $sample:literal $(, $how:ident)?))? => $name:literal) => {
        $(#[$doc])*
        ///
        /// ```
        /// use cloudinary_core::Effect;
        #[doc = concat!("let effect = Effect::", stringify!($constructor), "(", $(stringify!($sample),)? ");")]
        #[doc = concat!("assert_eq!(effect.to_string(), \"", $name, $(":", $sample,)? "\");")]
        /// ```
        ///
        #[doc = concat!("Follows <https://cloudinary.com/documentation/transformation_reference#e_", $name, ">.")]
        #[inline(always)]
        pub fn $constructor($($level: $type)?) -> Self {
            effects!(@new $name $(, $level $(, $how)?)?)
        }
    };
    (@new $name:literal) => { Self::plain($name) };
    (@new $name:literal, $level:ident) => { Self::leveled($name, $level) };
    (@new $name:literal, $level:ident, written) => { Self::leveled($name, Value::Text($level.as_ref().to_owned())) };
}

effects! {
    /// Brown tones; 1 to 100, default 80.
    sepia(level: u8 = 50) => "sepia",
    /// No colours, only shades of grey.
    grayscale => "grayscale",
    /// Black and white only; the threshold is 0 (white) to 100 (black), default 50.
    blackwhite(threshold: u8 = 40) => "blackwhite",
    /// The negative.
    negate => "negate",
    /// Soft; 1 to 2000, default 100.
    blur(strength: u16 = 300) => "blur",
    /// Soft faces; 1 to 2000, default 500.
    blur_faces(strength: u16 = 800) => "blur_faces",
    /// Soft in the rectangle of `x`, `y`, `width` and `height`, without one everywhere; 1 to 2000, default 100.
    blur_region(strength: u16 = 1500) => "blur_region",
    /// Squares of so many pixels; 1 to 200, default by the image's size.
    pixelate(pixels: u8 = 20) => "pixelate",
    /// Faces in squares of so many pixels; 1 to 200, default by the image's size.
    pixelate_faces(pixels: u8 = 15) => "pixelate_faces",
    /// Squares of so many pixels in the rectangle of `x`, `y`, `width` and `height`, without one everywhere; 1 to 200,
    /// default by the image's size.
    pixelate_region(pixels: u8 = 35) => "pixelate_region",
    /// Crisp; 1 to 2000, default 100.
    sharpen(strength: u16 = 400) => "sharpen",
    /// Crisp at edges; 1 to 2000, default 100.
    unsharp_mask(strength: u16 = 500) => "unsharp_mask",
    /// Turned colours; -100 to 100, default 80.
    hue(level: i8 = 40) => "hue",
    /// Lighter or darker; -99 to 100, default 80.
    brightness(level: i8 = 60) => "brightness",
    /// Lighter or darker, in hue, saturation and brightness; -99 to 100, default 80.
    brightness_hsb(level: i8 = 50) => "brightness_hsb",
    /// More or less colourful; -100 to 100, default 80.
    saturation(level: i8 = 70) => "saturation",
    /// More or less contrast; -100 to 100, default 0, by a curve; or by a line, as `"level_150;type_linear"`, with 1 to 200,
    /// default 100.
    contrast(level: impl Into<Level> = 60) => "contrast",
    /// Other middle tones; -50 to 150, default 0.
    gamma(level: i16 = 50) => "gamma",
    /// Dull colours made livelier; -100 to 100, default 20.
    vibrance(level: i8 = 70) => "vibrance",
    /// Lighter shadows; how much of it, 0 to 100, default 100, and after a colon the bias, -100 to 100, default 0.
    fill_light(levels: impl Into<Level> = "70:20") => "fill_light",
    /// More or less red; -100 to 100, default 0.
    red(level: i8 = 50) => "red",
    /// More or less green; -100 to 100, default 0.
    green(level: i8 = 30) => "green",
    /// More or less blue; -100 to 100, default 0.
    blue(level: i8 = 90) => "blue",
    /// Opaque or transparent, nothing between, from that opacity on; 1 to 100, default 50.
    opacity_threshold(level: u8 = 30) => "opacity_threshold",
    /// Better colours, contrast and lightness, by itself.
    improve => "improve",
    /// The same for light of one kind, `outdoor`, which is the default, or `indoor`; and how much of it, 0 to 100, default
    /// 100.
    improve_with(options: impl Into<Level> = "indoor:50") => "improve",
    /// Better by a model that has seen many photos.
    enhance => "enhance",
    /// Less noise and more detail by a model, the more the worse the photo is; also other colours if
    /// `enhance-colors_true`, by default not.
    auto_enhance(options: impl AsRef<str> = "enhance-colors_true", written) => "auto_enhance",
    /// Better by the Viesus add-on: `no_redeye` leaves red eyes, `skin_saturation` makes skin more colourful, -100 to 100,
    /// default 50.
    viesus_correct(options: impl AsRef<str> = "no_redeye:skin_saturation_20", written) => "viesus_correct",
    /// Better lightness by itself; how much of it, 0 to 100, default 100.
    auto_brightness(blend: u8 = 80) => "auto_brightness",
    /// Better colours by itself; how much of it, 0 to 100, default 100.
    auto_color(blend: u8 = 80) => "auto_color",
    /// Better contrast by itself; how much of it, 0 to 100, default 100.
    auto_contrast(blend: u8 = 80) => "auto_contrast",
    /// As painted; 0 to 100, default 30.
    oil_paint(level: u8 = 40) => "oil_paint",
    /// Dark towards the corners; 0 to 100, default 20.
    vignette(level: u8 = 30) => "vignette",
    /// As drawn: how thick the lines are, 0 to 100, default 50; and after a colon how few the colours, 0 to 100 or `bw`,
    /// default by the lines.
    cartoonify(levels: impl Into<Level> = "70:80") => "cartoonify",
    /// One of the artistic filters, as `"athena"`.
    art(filter: impl Into<Level> = "athena") => "art",
    /// Mixed with a colour given by `color`, default grey; 0 to 100, default 100.
    colorize(level: u8 = 35) => "colorize",
    /// Mixed with one to ten colours: the amount, 0 to 100, default 60, and the colours, default red.
    tint(levels: impl Into<Level> = "50:red:blue") => "tint",
    /// Another colour in place of one, `"to:tolerance:from"`: the tolerance is 0 to 100, default 50; what is replaced is by
    /// default the colour that stands out most.
    replace_color(colors: impl Into<Level> = "silver:55:89b8ed") => "replace_color",
    /// Other colours by a matrix of rows, of 9 numbers, or of 16 for four channels.
    recolor(matrix: impl Into<Level> = "0.3:0.7:0.1:0.3:0.6:0.1:0.2:0.5:0.1") => "recolor",
    /// Fewer shades by a pattern; 0 to 18, default 0.
    ordered_dither(kind: u8 = 12) => "ordered_dither",
    /// Random specks on a video; 0 to 100, default 0.
    noise(level: u8 = 10) => "noise",
    /// Fading out towards the edges that `x` and `y` tell: `symmetric`, `symmetric_pad` or neither, and 0 to 100,
    /// default 20.
    gradient_fade(levels: impl Into<Level> = "symmetric_pad:50") => "gradient_fade",
    /// A line around, of `color`: its kind, its width, 1 to 100 pixels, default 5, and its softness, 1 to 200, default 0.
    outline(levels: impl Into<Level> = "outer:15:200") => "outline",
    /// A shadow behind, of `color`, at `x` and `y`; its softness is 0 to 100, default 40.
    shadow(level: u8 = 50) => "shadow",
    /// The shadow of a light: azimuth in degrees, 0 to 360, default 215, elevation, 0 to 90, default 45, and spread, 0 to
    /// 100, default 50.
    dropshadow(light: impl AsRef<str> = "azimuth_220;elevation_40;spread_20", written) => "dropshadow",
    /// Sheared by degrees along x and y; each is -359 to 359.
    shear(degrees: impl Into<Level> = "20.0:0.0") => "shear",
    /// Distorted to four corners, each with x and y, clockwise from the top left; or bent by degrees, -360 to 360 but 0, as
    /// `"arc:180"`.
    distort(corners: impl Into<Level> = "150:340:1500:10:1500:1550:50:1000") => "distort",
    /// Edges of one colour cut off; the tolerance is 0 to 100, default 10, and after a colon the colour, default that of the
    /// corners.
    trim(levels: impl Into<Level> = "50:yellow") => "trim",
    /// A background of one colour made transparent; the tolerance is 0 to 100, default 10. The colour is given by `color`,
    /// default that of the edges.
    make_transparent(tolerance: u8 = 5) => "make_transparent",
    /// The background removed by a model.
    background_removal => "background_removal",
    /// The same with options: `fineedges_y` looks closely at hair and the like, `fineedges_n` does not.
    background_removal_with(options: impl AsRef<str> = "fineedges_y", written) => "background_removal",
    /// A background of one colour removed: `screen` if it is a green or blue one, and the colour in hexadecimal, default the
    /// one that is found.
    bgremoval(options: impl AsRef<str> = "screen:00ff00", written) => "bgremoval",
    /// The image made transparent where a layer is opaque.
    cut_out => "cut_out",
    /// An image of a variable, as `mask_$name`, written into the file as its clipping path: JPEG and TIFF, of a quality that is
    /// a number.
    embed_clipping_path(mask: impl AsRef<str> = "mask_$shape", written) => "embed_clipping_path",
    /// Pixels spread by a pattern: the method, `dilate`, `erode`, which is the default, or `convolve`, how often, 1 to 5,
    /// default 1, the pattern, default `disk`, and its radius, default 2.0.
    morphology(options: impl AsRef<str> = "method_dilate;kernel_plus;radius_5.0", written) => "morphology",
    /// Red eyes mended.
    redeye => "redeye",
    /// Red eyes mended, in faces that an add-on finds.
    adv_redeye => "adv_redeye",
    /// Stripes for eyes that tell colours apart badly; 1 to 100, default 10, or `"xray"` for other colours.
    assist_colorblind(level: impl Into<Level> = "xray") => "assist_colorblind",
    /// As eyes see it that tell colours apart badly: `"deuteranopia"`, the default, `"protanopia"` and others.
    simulate_colorblind(condition: impl Into<Level> = "protanopia") => "simulate_colorblind",
    /// A layer slightly changed, so that it is hard to take away; 1 to 100, default 50.
    anti_removal(level: i8 = 95) => "anti_removal",
    /// Lines instead of pixels, with options, as how many colours, 2 to 30, default 10.
    vectorize(options: impl AsRef<str> = "colors:15", written) => "vectorize",
    /// Each side four times as long, of an image below 4.2 megapixels.
    upscale => "upscale",
    /// Colours of a screenshot changed to those of a background, with how far photos are spared, 0 to 200, default 100.
    theme(options: impl AsRef<str> = "color_black:photosensitivity_110", written) => "theme",
    /// Objects cut out, by their names.
    extract(objects: impl AsRef<str> = "prompt_the%20cat", written) => "extract",
    /// Blemishes of old pictures mended.
    gen_restore => "gen_restore",
    /// Things removed and painted over, by their names, or what is in regions, as `region_(x_300;y_200;w_50;h_90)`.
    gen_remove(what: impl AsRef<str> = "prompt_fork", written) => "gen_remove",
    /// A thing in place of another, by their names.
    gen_replace(what: impl AsRef<str> = "from_sweater;to_jacket", written) => "gen_replace",
    /// Things in another colour, by their names.
    gen_recolor(what: impl AsRef<str> = "prompt_car;to-color_red", written) => "gen_recolor",
    /// Another background, as it is told.
    gen_background_replace(prompt: impl AsRef<str> = "prompt_a%20beach", written) => "gen_background_replace",
    /// A picture taken of a 3D model: degrees `up`, -360 to 360, of an animation -80 to 80, and `right`, -360 to 360, both
    /// default 0, `zoom`, 0.2 to 5.0, and `exposure`, 0.0 to 2.0, both default 1.0, light by `env`, default `neutral`, and
    /// `frames` of an animation, 2 to 36, default 24. Beside an image format.
    camera(options: impl AsRef<str> = "up_45;right_-60;zoom_1.2;env_pillars;exposure_1.8", written) => "camera",
    /// A light that lets a 3D model throw a shadow of so much, 0 to 100, default 30, in a format with transparency.
    light(options: impl AsRef<str> = "shadowintensity_50", written) => "light",
    /// Another texture of a 3D model: an image of a variable, as `image_$name`, in place of which one, default 0.
    swap_image(options: impl AsRef<str> = "image_$texture;index_0", written) => "swap_image",
    /// A layer moves the pixels of the picture below it, by `x` and `y` of -999 to 999.
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
    accelerate(percent: i16 = 100) => "accelerate",
    /// A video forwards and backwards.
    boomerang => "boomerang",
    /// A video backwards.
    reverse => "reverse",
    /// A video so many times more, at most 5; an animated image any number, and without one for ever.
    loop_times(times: u16 = 2) => "loop",
    /// A video that shakes less, by so many pixels: 16, which is the default, 32, 48 or 64.
    deshake(pixels: u8 = 32) => "deshake",
    /// A video or an animation that fades in over so many milliseconds, default 1000; a negative number fades it out.
    fade(milliseconds: i32 = 2000) => "fade",
    /// A video's part that tells most, in seconds, default 5, and more.
    preview(options: impl AsRef<str> = "duration_8", written) => "preview",
    /// A bar that shows how far a video is: its type, `bar` or `frame`, its colour, default red, and its width in pixels,
    /// default 10.
    progressbar(options: impl AsRef<str> = "type_bar:color_green:width_6", written) => "progressbar",
    /// A picture made a video that zooms and pans, with options: its seconds, 1 to 30, default 4, the closest zoom, 1.1
    /// to 8, default 1.4, and more.
    zoompan(options: impl AsRef<str> = "mode_ofc;maxzoom_3.2;du_5", written) => "zoompan",
    /// A video's sound louder or softer, in percent from -100 to 400, default 0, or decibels as `"12dB"`, or `"mute"`,
    /// or `"auto"` beside a streaming profile that is automatic.
    volume(level: impl Into<Level> = "mute") => "volume",
    /// One video changing into the next, by a video as a layer. The service asks for
    /// [`Flag::splice_transition`](crate::Flag::splice_transition) instead.
    transition => "transition",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Transformation;

    #[test]
    fn all_print_and_parse_back() {
        for (expected, printed) in all() {
            assert_eq!(printed, expected);
            let transformation = Transformation::new().effect(Effect::from(printed.as_str()));
            assert_eq!(transformation.to_string(), format!("e_{printed}"));
            transformation.check().unwrap();
        }
    }

    #[test]
    fn options_keep_their_names() {
        for (effect, expected) in [
            (Effect::preview("duration_8:max_seg_3"), "e_preview:duration_8:max_seg_3"),
            (Effect::progressbar("width_6"), "e_progressbar:width_6"),
            (Effect::gen_remove("prompt_height"), "e_gen_remove:prompt_height"),
            (Effect::camera("frames_36"), "e_camera:frames_36"),
            (Effect::swap_image("image_$width"), "e_swap_image:image_$width"),
            (Effect::improve_with("indoor"), "e_improve:indoor"),
            (Effect::improve_with(50), "e_improve:50"),
            (Effect::contrast(-70), "e_contrast:-70"),
            (Effect::contrast("level_150;type_linear"), "e_contrast:level_150;type_linear"),
            (Effect::trim(15), "e_trim:15"),
            (Effect::fill_light(70), "e_fill_light:70"),
        ] {
            assert_eq!(Transformation::new().effect(effect).to_string(), expected);
        }
        let spaced = Transformation::new().effect(Effect::gen_remove("prompt_a fork"));
        assert_eq!(spaced.to_string(), "e_gen_remove:prompt_a%20fork");
        assert!(spaced.check().is_err());
    }
}
