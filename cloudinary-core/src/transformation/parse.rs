//! Reading a transformation: its steps and their parameters.

use super::Transformation;
use super::key::Key;

impl Transformation {
    /// The steps, in order. Empty ones, as in `a//b`, are left out.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let chain: Transformation = "w_150,c_fill/e_sepia:50".parse()?;
    /// let steps: Vec<_> = chain.steps().collect();
    /// assert_eq!(steps[0].get("w"), Some("150"));
    /// assert_eq!(steps[1].get("e"), Some("sepia:50"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = Step<'_>> + '_ {
        self.as_str().split('/').filter(|text| !text.is_empty()).map(|text| Step { text })
    }
}

/// One step of a transformation, as it is read: parameters between commas.
///
/// ```
/// use cloudinary_core::Transformation;
/// let chain: Transformation = "c_fill,w_150/e_sepia:50".parse()?;
/// let last = chain.steps().next_back().map(|step| step.as_str());
/// assert_eq!(last, Some("e_sepia:50"));
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    text: &'a str,
}

/// One parameter of a step: `w_150`.
///
/// ```
/// use cloudinary_core::{Transformation, transformation::Param};
/// let chain: Transformation = "c_fill,w_150".parse()?;
/// let params: Vec<Param<'_>> = chain.steps().flat_map(|step| step.params()).collect();
/// assert_eq!(params[1], Param { key: "w", value: "150" });
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param<'a> {
    /// What it is: `w`, `$size`, `if`; the whole text when it has no underscore.
    pub key: &'a str,
    /// Its value: `150`; empty when it has no underscore.
    pub value: &'a str,
}

impl<'a> Step<'a> {
    /// The step as it is written.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let chain: Transformation = "c_fill,w_150/e_sepia:50".parse()?;
    /// assert_eq!(chain.steps().map(|step| step.as_str()).collect::<Vec<_>>(), ["c_fill,w_150", "e_sepia:50"]);
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn as_str(self) -> &'a str {
        self.text
    }

    /// The step as a transformation of its own, to change it.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let chain: Transformation = "c_fill,w_150/e_sepia:50".parse()?;
    /// let wider: Vec<String> = chain.steps().map(|step| step.to_transformation().width(300).to_string()).collect();
    /// assert_eq!(wider, ["c_fill,w_300", "e_sepia:50,w_300"]);
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn to_transformation(self) -> Transformation {
        Transformation::read(self.text.to_owned())
    }

    /// The parameters, in the order they are written.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let chain: Transformation = "c_fill,w_150/e_sepia:50".parse()?;
    /// let keys: Vec<&str> = chain.steps().flat_map(|step| step.params()).map(|param| param.key).collect();
    /// assert_eq!(keys, ["c", "w", "e"]);
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn params(self) -> impl Iterator<Item = Param<'a>> {
        self.text.split(',').map(|text| match split_key(text) {
            Some((key, value)) => Param { key, value },
            None => Param { key: text, value: "" },
        })
    }

    /// The value of a parameter, by its URL key; of several with the same key, the last counts.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let chain: Transformation = "c_fill,w_150/e_sepia:50".parse()?;
    /// assert_eq!(chain.steps().next().and_then(|step| step.get("w")), Some("150"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn get(self, key: &str) -> Option<&'a str> {
        self.params().filter(|param| param.key == key).last().map(|param| param.value)
    }
}

fn split_key(text: &str) -> Option<(&str, &str)> {
    text.split_once('_')
}

/// Whether a segment of a delivery URL's path is a step rather than a part of the public id.
///
/// It is one when each of its comma-separated parts looks like `w_…`, `$name_…` or `if_…`. A folder named `a_b` looks
/// like a step too; writers put a version before such an id to tell them apart.
///
/// ```
/// use cloudinary_core::transformation::is_step;
/// assert!(is_step("c_fill,w_150"));
/// assert!(!is_step("holiday"));
/// assert!(!is_step("our_folder"));
/// ```
pub fn is_step(segment: &str) -> bool {
    !segment.is_empty() && segment.split(',').all(is_param)
}

fn is_param(part: &str) -> bool {
    let Some((key, value)) = split_key(part) else {
        return false;
    };
    match key.strip_prefix('$') {
        Some(name) => name.starts_with(|c: char| c.is_ascii_alphabetic()) && !value.is_empty(),
        None => !value.is_empty() && (Key::of(key).is_some() || looks_like_key(key)),
    }
}

/// The service takes any one or two lower-case letters for a parameter, and refuses it if it knows none of that name.
fn looks_like_key(key: &str) -> bool {
    (1..=2).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments() {
        for (segment, expected) in [
            ("w_100", true),
            ("c_fill,w_100", true),
            ("ab_cd", true),
            ("$w_5,w_$w", true),
            ("if_w_gt_5", true),
            ("l_text:Arial_20:a%252Cb", true),
            ("t_named", true),
            ("fps_24-30", true),
            ("holiday", false),
            ("my_folder", true),
            ("our_folder", false),
            ("w_100,holiday", false),
            ("v123", false),
            ("sample.jpg", false),
            ("_x", false),
            ("w_", false),
            ("", false),
        ] {
            assert_eq!(is_step(segment), expected, "{segment}");
        }
    }

    #[test]
    fn steps_and_parameters() {
        let chain: Transformation = "w_1,w_2,flag//$a_!b_c!,if_w_gt_5/".parse().unwrap();
        let steps: Vec<_> = chain.steps().collect();
        assert_eq!(steps.len(), 2);
        assert_eq!(steps[0].get("w"), Some("2"));
        assert_eq!(steps[0].params().last(), Some(Param { key: "flag", value: "" }));
        assert_eq!(steps[1].get("$a"), Some("!b_c!"));
        assert_eq!(steps[1].get("if"), Some("w_gt_5"));
    }
}
