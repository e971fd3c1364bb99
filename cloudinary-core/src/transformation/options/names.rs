//! The options' names.

/// How an option's value is written.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// A number or an expression.
    Expression,
    /// As it is.
    Plain,
    /// A colour: `#` becomes `rgb:`.
    Color,
    /// One or many, joined by dots.
    Dotted,
    /// Seconds, or a percentage, of a video.
    Range,
    /// As `Range`, but other values stay as they are.
    Offset,
    /// Has a function of its own.
    Own,
}

/// Option name, URL key, form.
pub(super) const OPTIONS: [(&str, &str, Form); 49] = [
    ("angle", "a", Form::Own),
    ("aspect_ratio", "ar", Form::Expression),
    ("audio_codec", "ac", Form::Plain),
    ("audio_frequency", "af", Form::Plain),
    ("background", "b", Form::Color),
    ("baseline", "bl", Form::Plain),
    ("bit_rate", "br", Form::Plain),
    ("border", "bo", Form::Own),
    ("color", "co", Form::Color),
    ("color_space", "cs", Form::Plain),
    ("crop", "c", Form::Plain),
    ("custom_function", "fn", Form::Own),
    ("custom_pre_function", "fn", Form::Own),
    ("default_image", "d", Form::Plain),
    ("delay", "dl", Form::Plain),
    ("density", "dn", Form::Plain),
    ("dpr", "dpr", Form::Expression),
    ("duration", "du", Form::Range),
    ("dynamic_range", "dr", Form::Plain),
    ("effect", "e", Form::Own),
    ("end_offset", "eo", Form::Offset),
    ("fetch_format", "f", Form::Plain),
    ("flags", "fl", Form::Dotted),
    ("fps", "fps", Form::Own),
    ("gravity", "g", Form::Plain),
    ("height", "h", Form::Expression),
    ("if", "if", Form::Expression),
    ("keyframe_interval", "ki", Form::Own),
    ("offset", "", Form::Own),
    ("opacity", "o", Form::Expression),
    ("overlay", "l", Form::Own),
    ("page", "pg", Form::Plain),
    ("prefix", "p", Form::Plain),
    ("quality", "q", Form::Expression),
    ("radius", "r", Form::Own),
    ("raw_transformation", "", Form::Own),
    ("responsive_width", "", Form::Own),
    ("size", "", Form::Own),
    ("start_offset", "so", Form::Offset),
    ("streaming_profile", "sp", Form::Plain),
    ("transformation", "", Form::Own),
    ("underlay", "u", Form::Own),
    ("variables", "", Form::Own),
    ("video_codec", "vc", Form::Own),
    ("video_sampling", "vs", Form::Plain),
    ("width", "w", Form::Expression),
    ("x", "x", Form::Expression),
    ("y", "y", Form::Expression),
    ("zoom", "z", Form::Expression),
];

/// Whether a name is a transformation option, a variable such as `$size` included.
///
/// ```
/// use cloudinary_core::transformation::is_option;
/// assert!(is_option("crop") && is_option("$size"));
/// assert!(!is_option("public_id"));
/// ```
pub fn is_option(name: &str) -> bool {
    name.starts_with('$') || OPTIONS.iter().any(|(option, ..)| *option == name)
}
