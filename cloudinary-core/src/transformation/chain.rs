//! The chain of steps, to which setters add.

use std::mem;

use super::key::Key;
use super::setting::Given;
use super::steps::Steps;
use super::text::MAX_TRANSFORMATION_BYTES;
use crate::error::{Error, Result, shorten};
use crate::escape::has_double_slash;

/// A chain of steps, each a set of parameters.
///
/// Setters act on the last step; [`then`](Self::then) starts the next. Setting a parameter twice replaces it. The
/// value *is* its canonical text, once that was asked for: printing, cloning and comparing a prepared one cost what they
/// cost for a string.
///
/// ```
/// use cloudinary_core::{Crop, Gravity, Layer, Transformation};
/// let card = Transformation::new()
///     .width(400).height(300).crop(Crop::Fill).gravity(Gravity::Face).radius(20)
///     .then().overlay(Layer::text("Hi, there", "Arial", 40).bold()).gravity(Gravity::SouthEast).x(5).y(5);
/// assert_eq!(
///     card.to_string(),
///     "c_fill,g_face,h_300,r_20,w_400/g_south_east,l_text:Arial_40_bold:Hi%252C%20there,x_5,y_5",
/// );
/// ```
///
/// It parses back without loss, and serialises as that text; it deserialises from the text, from the option map the
/// other SDKs take, or from a list of either:
///
/// ```
/// use cloudinary_core::Transformation;
/// let from_text: Transformation = "w_150,c_fill/e_sepia:50".parse()?;
/// assert_eq!(from_text.to_string(), "w_150,c_fill/e_sepia:50");
/// let from_map: Transformation = serde_json::from_str(r#"{"width": 150, "crop": "fill"}"#).unwrap();
/// assert_eq!(from_map.to_string(), "c_fill,w_150");
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// A value that can never work, as a `NaN` width, is written so that the service refuses it instead of delivering
/// another picture: one value never makes two parameters. [`check`](Self::check) reports it beforehand.
///
/// Follows <https://cloudinary.com/documentation/transformation_reference>.
pub struct Transformation {
    /// What was read or copied, as it is written; empty when it is being built.
    pub(super) text: String,
    /// Whether two slashes stand side by side in it, which each URL has to know.
    pub(super) double_slash: bool,
    /// What is being built. On the heap, so that a chain of setters moves little.
    pub(super) steps: Option<Box<Steps>>,
}

/// The first value that was given to a setter and can never work.
#[derive(Clone)]
pub(super) struct Invalid {
    parameter: String,
    value: String,
    remedy: &'static str,
}

impl Transformation {
    /// An empty transformation, which delivers the original.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert!(Transformation::new().is_empty());
    /// ```
    pub const fn new() -> Self {
        Self { text: String::new(), double_slash: false, steps: None }
    }

    /// Text that was read.
    pub(crate) fn read(text: String) -> Self {
        Self { double_slash: has_double_slash(&text), text, steps: None }
    }

    /// A transformation that is defined under a name in the account: `t_{name}`.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::named("thumb").to_string(), "t_thumb");
    /// ```
    pub fn named(name: &str) -> Self {
        Self::new().named_transformation(name)
    }

    /// Starts the next step. Does nothing while the last one is empty.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let steps = Transformation::new().width(100).then().then().sepia(50);
    /// assert_eq!(steps.to_string(), "w_100/e_sepia:50");
    /// ```
    #[inline(always)]
    pub fn then(mut self) -> Self {
        self.end_step();
        self
    }

    #[inline(always)]
    fn end_step(&mut self) {
        match &mut self.steps {
            Some(steps) => steps.end_step(),
            None if self.text.is_empty() => {}
            None => self.steps = Some(Box::new(Steps::behind(mem::take(&mut self.text)))),
        }
    }

    /// Appends all steps of another transformation; setters then act on the last of those.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let frame = Transformation::new().border(2, "black");
    /// assert_eq!(Transformation::new().width(100).append(&frame).to_string(), "w_100/bo_2px_solid_black");
    /// ```
    pub fn append(self, other: &Self) -> Self {
        if other.is_empty() {
            return self.then();
        }
        let mut text = self.to_string();
        let more = other.steps.as_ref().map_or(&*other.text, |steps| steps.read());
        if !text.is_empty() && !more.is_empty() {
            text.push('/');
        }
        text.push_str(more);
        let mut joined = match &other.steps {
            None => Self::read(text),
            Some(steps) => Self { steps: Some(Box::new(steps.copied_behind(text))), ..Self::new() },
        };
        if let Some(invalid) = self.invalid().or(other.invalid()) {
            joined.opened().invalid = Some(Box::new(invalid.clone()));
        }
        joined
    }

    /// Sets the parameters of another transformation's last step in the last step of this one. Its steps before that
    /// do not count.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let more = Transformation::new().height(50).width(200);
    /// assert_eq!(Transformation::new().width(100).sepia(50).merge(&more).to_string(), "e_sepia:50,h_50,w_200");
    /// ```
    pub fn merge(mut self, other: &Self) -> Self {
        let Some(last) = other.steps().next_back() else {
            return self;
        };
        for param in last.params() {
            if param.value.is_empty() {
                self.opened().put_raw(param.key);
            } else {
                self.opened().put(param.key, param.value);
            }
        }
        if let Some(invalid) = other.invalid() {
            self.opened().invalid.get_or_insert_with(|| Box::new(invalid.clone()));
        }
        self
    }

    /// Whether there is nothing to do.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert!(!Transformation::new().width(100).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.steps.as_ref().is_none_or(|steps| steps.is_empty())
    }

    /// Reports the first value given to a setter that can never work.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], naming the parameter, the value and what would be accepted.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert!(Transformation::new().width(f64::NAN).check().is_err());
    /// assert!(Transformation::new().width(0.5).check().is_ok());
    /// ```
    pub fn check(&self) -> Result<()> {
        match self.invalid() {
            Some(invalid) => Err(Error::InvalidParameter {
                parameter: invalid.parameter.clone(),
                value: invalid.value.clone(),
                remedy: invalid.remedy.to_owned(),
            }),
            None => self.check_text(),
        }
    }

    /// Reports what would end a URL's path or leave it, in text that was read or set as it is.
    fn check_text(&self) -> Result<()> {
        let text = self.as_str();
        let refuse = |remedy| Err(Error::invalid("transformation", text, remedy));
        if text.len() > MAX_TRANSFORMATION_BYTES {
            refuse("it may have 16384 bytes at most")
        } else if text.contains(['?', '#']) || text.chars().any(char::is_control) {
            refuse("escape ?, # and control characters")
        } else if text.contains("..") && text.split('/').any(|step| step == "..") {
            refuse("leave out its '..' steps")
        } else {
            Ok(())
        }
    }

    pub(super) fn refuse(&mut self, parameter: &str, value: &str, remedy: &'static str) {
        self.opened().invalid.get_or_insert_with(|| {
            Box::new(Invalid { parameter: parameter.to_owned(), value: shorten(value), remedy })
        });
    }

    pub(super) fn invalid(&self) -> Option<&Invalid> {
        self.steps.as_ref()?.invalid.as_deref()
    }

    /// Sets a parameter in the last step.
    #[inline(always)]
    pub(super) fn set(&mut self, key: Key, value: impl Into<Given>) {
        self.opened().set(key, value.into());
    }

    /// As [`set`](Self::set), by the name that URLs have; the value is written as it is.
    pub(super) fn put(&mut self, name: &str, value: &str) {
        self.opened().put(name, value);
    }

    /// The steps, to change the last of them, which may have to be read first.
    #[inline(always)]
    pub(super) fn opened(&mut self) -> &mut Steps {
        #[inline(never)]
        fn open(text: &mut String) -> Box<Steps> {
            if text.is_empty() {
                // Made where it stays: what is made elsewhere is moved as a whole.
                Box::write(Box::new_uninit(), Steps::behind(String::new()))
            } else {
                Box::new(Steps::read_last(mem::take(text)))
            }
        }
        self.steps.get_or_insert_with(|| open(&mut self.text))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Crop, Gravity, Transformation};

    #[test]
    fn steps_are_sorted_and_replaced() {
        for (transformation, expected) in [
            (Transformation::new(), ""),
            (Transformation::new().then().then(), ""),
            (Transformation::new().width(1).height(2).crop(Crop::Fill), "c_fill,h_2,w_1"),
            (Transformation::new().width(1).width(2), "w_2"),
            (Transformation::new().width(1).height(3).width(222), "h_3,w_222"),
            (Transformation::new().crop(Crop::Fit).width(1).crop(Crop::Scale), "c_scale,w_1"),
            (Transformation::new().angle(20).aspect_ratio("16:9").param("ac", "none"), "a_20,ac_none,ar_16:9"),
            (Transformation::new().width(1).then().then().width(2), "w_1/w_2"),
            (Transformation::new().width(1).raw("x_raw,more").height(2), "h_2,w_1,x_raw,more"),
            (Transformation::new().raw("raw").height(2).width(4).height(3), "h_3,w_4,raw"),
            (Transformation::new().raw("raw").then().height(2), "raw/h_2"),
            (Transformation::new().width("$w").variable("w", 5).condition("w > 5"), "if_w_gt_5,$w_5,w_$w"),
            (Transformation::new().variable("z", 5).variable("a", "$z * 2").variable("z", 6), "$z_6,$a_$z_mul_2"),
            (Transformation::new().append(&Transformation::new().width(1)).height(2), "h_2,w_1"),
            (Transformation::new().radius(3).append(&Transformation::new().width(1)).height(2), "r_3/h_2,w_1"),
            (Transformation::named("thumb").then().angle(5), "t_thumb/a_5"),
        ] {
            assert_eq!(transformation.to_string(), expected);
        }
    }

    #[test]
    fn every_order_of_setters_gives_the_same_step() {
        let setters: [fn(Transformation) -> Transformation; 5] = [
            |t| t.width(150),
            |t| t.height(100),
            |t| t.crop(Crop::Thumb),
            |t| t.gravity(Gravity::Face),
            |t| t.param("bo", "1px_solid_red"),
        ];
        for skip in 0..setters.len() {
            for reversed in [false, true] {
                let mut order: Vec<_> = setters.iter().cycle().skip(skip).take(setters.len()).collect();
                if reversed {
                    order.reverse();
                }
                let built = order.iter().fold(Transformation::new(), |t, set| set(t));
                assert_eq!(built.to_string(), "bo_1px_solid_red,c_thumb,g_face,h_100,w_150");
            }
        }
    }

    #[test]
    fn setters_replace_in_text_that_was_read() {
        for (text, expected) in [
            ("w_1,c_fill", "c_fit,w_3"),
            ("c_fill,w_1,w_2", "c_fit,w_3"),
            ("e_x/w_1,w_2", "e_x/c_fit,w_3"),
            ("", "c_fit,w_3"),
            ("x_1,flag,a_5", "c_fit,w_3,x_1,flag,a_5"),
        ] {
            let changed = text.parse::<Transformation>().unwrap().crop(Crop::Fit).width(3);
            assert_eq!(changed.to_string(), expected, "{text}");
            let appended = Transformation::new().append(&text.parse().unwrap()).crop(Crop::Fit).width(3);
            assert_eq!(appended.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn text_is_kept() {
        for text in
            ["", "w_1", "w_1,c_fill/l_text:Arial_20:a%252Fb,g_north", "c_fill,w_1,w_2", "anything at all", "a//b"]
        {
            assert_eq!(text.parse::<Transformation>().unwrap().to_string(), text);
        }
        assert!("w_1?x".parse::<Transformation>().is_err());
        assert!("w_1\n".parse::<Transformation>().is_err());
    }

    #[test]
    fn impossible_values_are_reported() {
        use crate::{Angle, Effect, Flag, Layer, Radius, VideoCodec};
        let t = Transformation::new;
        for (transformation, error) in [
            (t().width(f64::NAN), "w: \"NaN\" cannot be used; use a finite number"),
            (t().height(f64::INFINITY), "h: \"inf\""),
            (t().x(f64::NEG_INFINITY), "x: \"-inf\""),
            (t().width(""), "w: \"\""),
            (t().width("100/e_sepia"), "w: \"100/e_sepia\""),
            (t().width("100,e_sepia"), "w: \"100,e_sepia\""),
            (t().gravity(Gravity::Other("a/b".into())), "g: \"a/b\""),
            (t().crop("a,b"), "c: \"a,b\""),
            (t().width(1).append(&t().x("1?")), "x: \"1?\""),
            (t().effect(Effect::with("sepia", f64::NAN)), "e: \"sepia:NaN\""),
            (t().effect(("blur", "1/2")), "e: \"blur:1/2\""),
            (t().angle(f64::NAN), "a: \"NaN\""),
            (t().angles([Angle::HorizontalFlip, f64::NAN.into()]), "a: \"hflip.NaN\""),
            (t().angles([]), "a: \"\""),
            (t().radius(Radius::Corners(vec![])), "r: \"\""),
            (t().radius([1.0, f64::NAN]), "r: \"1.0:NaN\""),
            (t().radius([1, 2, 3, 4, 5]), "r: \"1:2:3:4:5\""),
            (t().border(f64::NAN, "red"), "bo: \"NaNpx_solid_red\""),
            (t().color("red,blue"), "co: \"red,blue\""),
            (t().quality("auto/x"), "q: \"auto/x\""),
            (t().flags([Flag::Other("a/b".into())]), "fl: \"a/b\""),
            (t().flags([Flag::Clip; 0]), "fl: \"\""),
            (t().overlay(Layer::text("x".repeat(10_000), "Arial", 20)), "l: \"text:Arial_20:xxx"),
            (t().overlay(Layer::image("")), "l: \"\""),
            (t().overlay(Layer::text("x", "", 20)), "l: \"text:_20:x\""),
            (t().overlay(Layer::image("logo").bold()), "l: \"logo\""),
            (t().video_codec(VideoCodec::new("h264").level("3.1")), "vc: \"h264\""),
            (t().variable("a", f64::NAN), "$a: \"NaN\""),
            (t().param("a b", 1), "a b: \"a b\""),
            (t().param("w", f64::NAN), "w: \"NaN\""),
            (t().named_transformation("a/b"), "t: \"a/b\""),
            (t().variable("", 5), "$: \"$\""),
            (t().variable("a b", 5), "$a b: \"$a b\""),
            (t().variable("a/b", 5), "$a/b: \"$a/b\""),
            (t().variable("1a", 5), "$1a: \"$1a\""),
            (t().variable("a_b", 5), "$a_b: \"$a_b\""),
            (t().width(-5), "w: \"-5\" cannot be used; give 0 or more"),
            (t().height(-0.5), "h: \"-0.5\""),
            (t().radius(-3), "r: \"-3\""),
            (t().radius([1, -3]), "r: \"1:-3\""),
            (t().dpr(-1.0), "dpr: \"-1.0\""),
            (t().start_offset(-2), "so: \"-2\""),
            (t().opacity(101), "o: \"101\" cannot be used; give 0 to 100"),
            (t().opacity(-1), "o: \"-1\""),
            (t().quality(101), "q: \"101\""),
            (t().overlay(Layer::image("a\nb")), "l: \"a%0Ab\""),
            (t().overlay(Layer::image("../x")), "l: \"..:x\""),
            (t().overlay(Layer::image("x".repeat(300))), "l: \"xxx"),
            (t().overlay(Layer::text("", "Arial", 20)), "l: \"text:Arial_20:\""),
            (t().overlay(Layer::text("x", "Arial", 0)), "l: \"text:Arial_0:x\""),
            (t().overlay(Layer::text("a\0b", "Arial", 2)), "l: \"text:Arial_2:a%00b\""),
            (t().wasm_function(""), "fn: \"wasm:\""),
            (t().remote_function(""), "fn: \"remote:\""),
            (t().remote_pre_function(""), "fn: \"pre:remote:\""),
        ] {
            let refused = transformation.check().unwrap_err().to_string();
            assert!(refused.starts_with(error), "{refused}");
            let text = transformation.to_string();
            assert!(transformation.steps().count() <= 2 && text.parse::<Transformation>().is_ok(), "{text}");
        }
    }

    #[test]
    fn values_at_the_edges_are_fine() {
        use crate::Layer;
        let t = Transformation::new;
        for transformation in [
            t().width(0).height(-0.0).x(-5).y(-0.5).angle(-90),
            t().opacity(100).quality(100),
            t().opacity(0).quality("80:420"),
            t().fps("-24"),
            t().radius([0, 5]),
            t().variable("$a1", "-5").variable("B", -5),
            t().overlay(Layer::image("x".repeat(255))),
            t().overlay(Layer::image("a..b/.c")),
            t().overlay(Layer::text("two\nlines", "Arial", 1)),
            t().raw("e_x.y/..z"),
        ] {
            assert!(transformation.check().is_ok(), "{transformation}");
        }
    }

    #[test]
    fn numbers_however_large_are_written_whole() {
        for (transformation, expected) in [
            (Transformation::new().width(i64::MAX), "w_9223372036854775807"),
            (Transformation::new().x(i64::MIN), "x_-9223372036854775808"),
            (Transformation::new().width(usize::MAX), "w_9223372036854775807"),
            (Transformation::new().width(f64::MAX), "w_1.7976931348623157e+308"),
            (Transformation::new().width(-5).height(-0.0), "h_-0.0,w_-5"),
        ] {
            assert_eq!(transformation.to_string(), expected);
        }
    }
}
