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
        /// The largest of the images that this one is made of.
        DecomposeTile => "cld-decompose_tile",
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

    /// What looks most interesting, without a thing, as `face`, `ocr_text` or `bird`, as far as that can be.
    ///
    /// ```
    /// use cloudinary_core::Gravity;
    /// assert_eq!(Gravity::auto_avoiding("face").to_string(), "auto:face_avoid");
    /// ```
    pub fn auto_avoiding(name: &str) -> Self {
        Self::from(["auto:", name, "_avoid"].concat())
    }

    /// What looks most interesting, with a rectangle first, in pixels: its left, top, width and height. It counts instead of
    /// the coordinates given at upload.
    ///
    /// ```
    /// use cloudinary_core::Gravity;
    /// assert_eq!(Gravity::auto_area(420, 230, 330, 160).to_string(), "auto:aoi_420_230_330_160");
    /// ```
    pub fn auto_area(x: u32, y: u32, width: u32, height: u32) -> Self {
        Self::from(format!("auto:aoi_{x}_{y}_{width}_{height}"))
    }

    /// A region that was given a name at upload, of letters, digits and hyphens.
    ///
    /// ```
    /// use cloudinary_core::Gravity;
    /// assert_eq!(Gravity::region("shoes").to_string(), "region_!shoes!");
    /// ```
    pub fn region(name: &str) -> Self {
        Self::from(["region_!", name, "!"].concat())
    }

    /// A clipping path that the original has, by its name; of originals of 64 megapixels at most.
    ///
    /// ```
    /// use cloudinary_core::Gravity;
    /// assert_eq!(Gravity::clipping_path("vinyl").to_string(), "clipping_path_!vinyl!");
    /// ```
    pub fn clipping_path(name: &str) -> Self {
        Self::from(["clipping_path_!", name, "!"].concat())
    }

    /// A layer goes where a person in a video goes, of three minutes at most: only beside whom a thing is seen, where of them,
    /// default `e`, and how large, in percent of them.
    ///
    /// ```
    /// use cloudinary_core::{Flag, Gravity, Layer, Transformation};
    /// let tag = Transformation::new().overlay(Layer::image("price_tag"))
    ///     .then().gravity(Gravity::track_person("obj_dress;position_n;adaptivesize_50")).flags([Flag::LayerApply]);
    /// assert_eq!(
    ///     tag.to_string(),
    ///     "l_price_tag/fl_layer_apply,g_track_person:obj_dress;position_n;adaptivesize_50",
    /// );
    /// ```
    pub fn track_person(options: &str) -> Self {
        Self::from(["track_person:", options].concat())
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
            "cld-decompose_tile",
        ] {
            let gravity = Gravity::from(text);
            assert!(!matches!(gravity, Gravity::Other(_)), "{text}");
            assert_eq!(gravity.to_string(), text);
        }
        assert_eq!(Gravity::auto_object("bird").to_string(), "auto:bird");
        assert_eq!(Gravity::auto_object("face"), Gravity::AutoFace);
    }

    #[test]
    fn named_places_stay_one_parameter() {
        for (gravity, expected, works) in [
            (Gravity::region("my-shoes"), "g_region_!my-shoes!", true),
            (Gravity::region("a,w_1"), "g_region_!a%2Cw_1!", false),
            (Gravity::clipping_path("a/b"), "g_clipping_path_!a%2Fb!", false),
            (Gravity::auto_avoiding("bird"), "g_auto:bird_avoid", true),
            (Gravity::auto_area(0, 1, 2, u32::MAX), "g_auto:aoi_0_1_2_4294967295", true),
            (Gravity::track_person("position_n"), "g_track_person:position_n", true),
        ] {
            let made = crate::Transformation::new().gravity(gravity);
            assert_eq!(made.to_string(), expected);
            assert_eq!(made.check().is_ok(), works, "{expected}");
        }
    }
}
