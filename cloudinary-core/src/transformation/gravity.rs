//! Which part of an image matters.

use std::fmt;

use super::words::words;

words! {
    /// Which part of the image matters, or where a layer goes: `g_`.
    ///
    /// Anything that the service's object detection knows has [`object`](Self::object) and
    /// [`auto_object`](Self::auto_object).
    ///
    /// ```
    /// use cloudinary_core::{Crop, Gravity, Transformation};
    /// let cat = Transformation::new().width(200).crop(Crop::Thumb).gravity(Gravity::object("cat"));
    /// assert_eq!(cat.to_string(), "c_thumb,g_cat,w_200");
    /// assert_eq!(Gravity::from("adv_eyes"), Gravity::AdvEyes);
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#g_gravity>.
    Gravity {
        /// The middle.
        Center => "center",
        /// The top.
        North => "north",
        /// The top right corner.
        NorthEast => "north_east",
        /// The right.
        East => "east",
        /// The bottom right corner.
        SouthEast => "south_east",
        /// The bottom.
        South => "south",
        /// The bottom left corner.
        SouthWest => "south_west",
        /// The left.
        West => "west",
        /// The top left corner.
        NorthWest => "north_west",
        /// Around the point `x`, `y`.
        XyCenter => "xy_center",
        /// The largest face, else the top.
        Face => "face",
        /// All faces, else the top.
        Faces => "faces",
        /// The largest face, else the middle.
        FaceCenter => "face:center",
        /// All faces, else the middle.
        FacesCenter => "faces:center",
        /// The largest face, else automatic.
        FaceAuto => "face:auto",
        /// All faces, else automatic.
        FacesAuto => "faces:auto",
        /// A person.
        Body => "body",
        /// A person, else the largest face.
        BodyFace => "body:face",
        /// The largest face, found by the add-on for advanced facial attributes.
        AdvFace => "adv_face",
        /// All faces, found by the add-on for advanced facial attributes.
        AdvFaces => "adv_faces",
        /// All eyes, found by the add-on for advanced facial attributes.
        AdvEyes => "adv_eyes",
        /// The coordinates given at upload, else the middle.
        Custom => "custom",
        /// The coordinates given at upload, else the largest face.
        CustomFace => "custom:face",
        /// The coordinates given at upload, else all faces.
        CustomFaces => "custom:faces",
        /// The coordinates given at upload, else the largest face that the add-on finds.
        CustomAdvFace => "custom:adv_face",
        /// The coordinates given at upload, else all faces that the add-on finds.
        CustomAdvFaces => "custom:adv_faces",
        /// What looks most interesting.
        Auto => "auto",
        /// What looks most interesting, with the largest face first.
        AutoFace => "auto:face",
        /// What looks most interesting, with faces first.
        AutoFaces => "auto:faces",
        /// What looks most interesting, away from faces.
        AutoNoFaces => "auto:no_faces",
        /// What looks most interesting, with persons first.
        AutoBody => "auto:body",
        /// What looks most interesting, with the largest face that the add-on finds first.
        AutoAdvFace => "auto:adv_face",
        /// What looks most interesting, with the faces that the add-on finds first.
        AutoAdvFaces => "auto:adv_faces",
        /// What looks most interesting, with the eyes that the add-on finds first.
        AutoAdvEyes => "auto:adv_eyes",
        /// What looks most interesting, with what stands out first.
        AutoSubject => "auto:subject",
        /// What looks most interesting, by the older way that goes by contrast.
        AutoClassic => "auto:classic",
        /// What looks most interesting, with text that the OCR add-on found first.
        AutoOcrText => "auto:ocr_text",
        /// What looks most interesting, with the coordinates given at upload as one thing among others.
        AutoCustomNoOverride => "auto:custom_no_override",
        /// What looks most interesting, without looking for faces.
        AutoNone => "auto:none",
        /// Resizes by leaving out what looks least interesting.
        Liquid => "liquid",
        /// Text that the OCR add-on found.
        OcrText => "ocr_text",
        /// Text that the OCR add-on found, else the middle.
        OcrTextCenter => "ocr_text:center",
    }
}

impl Gravity {
    /// A thing by its name, as `bird`; the largest of several. It needs the add-on for content-aware detection.
    ///
    /// ```
    /// use cloudinary_core::Gravity;
    /// assert_eq!(Gravity::object("bird").to_string(), "bird");
    /// ```
    pub fn object(name: &str) -> Self {
        Self::from(name)
    }

    /// What looks most interesting, with a thing first, as `bird`. It needs the same add-on.
    ///
    /// ```
    /// use cloudinary_core::Gravity;
    /// assert_eq!(Gravity::auto_object("bird").to_string(), "auto:bird");
    /// ```
    pub fn auto_object(name: &str) -> Self {
        Self::from(["auto:", name].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_print_as_they_are_read() {
        for text in [
            "adv_eyes",
            "adv_face",
            "adv_faces",
            "auto:face",
            "auto:faces",
            "auto:ocr_text",
            "auto:custom_no_override",
            "body",
            "custom:adv_faces",
            "faces:auto",
            "ocr_text:center",
            "auto:subject",
            "auto:classic",
        ] {
            let gravity = Gravity::from(text);
            assert!(!matches!(gravity, Gravity::Other(_)), "{text}");
            assert_eq!(gravity.to_string(), text);
        }
        assert_eq!(Gravity::auto_object("bird").to_string(), "auto:bird");
        assert_eq!(Gravity::auto_object("face"), Gravity::AutoFace);
    }
}
