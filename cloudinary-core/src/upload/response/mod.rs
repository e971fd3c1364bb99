//! What the service says of a stored asset.

mod derived;
mod video;

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub use self::derived::{Breakpoint, Derived, ResponsiveBreakpoints};
pub use self::video::{AudioTrack, VideoTrack};
use crate::answer::{
    AccessRule, AccessibilityAnalysis, CinemagraphAnalysis, ColorShare, Coordinates, Moderation, Predominant,
    QualityAnalysis, record,
};
use crate::asset::{AssetRef, DeliveryType, ResourceType, format_name};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::signing;

record! {
    /// The answer to an upload.
    ///
    /// What was not asked for, and what does not apply to its type, is `None` or empty. Fields the service adds are kept
    /// in `more`.
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#upload_response>.
    pub struct UploadResponse {
        /// The id to deliver it by, folders included.
        public_id: String,
        /// When it was stored, in Unix seconds; 0 for one that is stored in the background.
        version: u64,
        /// The id of this version of it, as backups know it.
        version_id: Option<String>,
        /// An id that never changes, whatever the public id does.
        asset_id: Option<String>,
        /// Signs `public_id` and `version`, so that a page can hand the answer on.
        signature: String = String::new(),
        /// `image`, `video` or `raw`.
        resource_type: String,
        /// The delivery type, as `upload`.
        delivery_type: String as "type",
        /// The file format, as `jpg`; absent for raw files.
        format: Option<String>,
        /// Width in pixels; absent for raw files and sound.
        width: Option<u32>,
        /// Height in pixels; absent for raw files and sound.
        height: Option<u32>,
        /// Its size in bytes.
        bytes: u64,
        /// How many pages it has; layers of a PSD and frames of an animation count.
        pages: Option<u32>,
        /// Length in seconds, of videos and sound.
        duration: Option<f64>,
        /// When it was stored, as `2013-06-25T17:20:30Z`.
        created_at: Option<String>,
        /// A hash of the file, in hexadecimal digits.
        etag: Option<String>,
        /// Whether it is only a placeholder for an asset whose backups remain.
        placeholder: bool,
        /// Its `http` address.
        url: String = String::new(),
        /// Its `https` address.
        secure_url: String = String::new(),
        /// Where a video is streamed from.
        playback_url: Option<String>,
        /// The folder in the media library, where folders are not part of the public id.
        asset_folder: Option<String>,
        /// The folder that its public id begins with, where folders are part of it.
        folder: Option<String>,
        /// The name in the media library.
        display_name: Option<String>,
        /// The name of the file that was uploaded, without extension.
        original_filename: Option<String>,
        /// The extension of that file, where it is not its format's.
        original_extension: Option<String>,
        /// Its tags.
        tags: Vec<String>,
        /// Its contextual texts, under `custom`; see [`context_text`](Self::context_text).
        context: Option<Json>,
        /// Values of structured metadata fields, by their external ids.
        metadata: Option<Json>,
        /// `public` or `authenticated`.
        access_mode: Option<String>,
        /// The rules by which it may be reached; empty if everybody may.
        access_control: Vec<AccessRule>,
        /// Its moderations, if asked for.
        moderation: Vec<Moderation>,
        /// The derived images made during the upload.
        eager: Vec<Derived>,
        /// The widths at which it is worth making, if asked for.
        responsive_breakpoints: Vec<ResponsiveBreakpoints>,
        /// Faces as `[x, y, width, height]` in pixels, if asked for.
        faces: Option<Vec<Vec<i64>>>,
        /// Faces and the interesting part, as they are kept with it.
        coordinates: Option<Coordinates>,
        /// The main colours, if asked for; the largest share first.
        colors: Vec<ColorShare>,
        /// The same by name.
        predominant: Option<Predominant>,
        /// The camera's data, if asked for.
        exif: BTreeMap<String, Json>,
        /// All metadata of an image, if asked for.
        image_metadata: BTreeMap<String, Json>,
        /// All metadata, if asked for.
        media_metadata: BTreeMap<String, Json>,
        /// The perceptual hash, if asked for: 16 hexadecimal digits.
        phash: Option<String>,
        /// The quality, if asked for.
        quality_analysis: Option<QualityAnalysis>,
        /// The quality in one number, 0.0 to 1.0, if asked for and where the extended analysis is on.
        quality_score: Option<f64>,
        /// How well the colour-blind can see it, if asked for.
        accessibility_analysis: Option<AccessibilityAnalysis>,
        /// How much of it moves, if asked for.
        cinemagraph_analysis: Option<CinemagraphAnalysis>,
        /// How likely it is drawn and no photo, 0.0 to 1.0; if colours or the quality were asked for.
        illustration_score: Option<f64>,
        /// Whether it has transparent parts; if colours or the quality were asked for.
        semi_transparent: Option<bool>,
        /// Whether it is without colours; if colours or the quality were asked for.
        grayscale: Option<bool>,
        /// What add-ons found, by kind.
        info: BTreeMap<String, Json>,
        /// The pictures of a video.
        video: Option<VideoTrack>,
        /// The sound of a video, or a sound by itself.
        audio: Option<AudioTrack>,
        /// Whether a video has sound only.
        is_audio: Option<bool>,
        /// Pictures a second.
        frame_rate: Option<f64>,
        /// How many pictures it has.
        nb_frames: Option<u64>,
        /// Bits a second.
        bit_rate: Option<u64>,
        /// By how many degrees a video is turned when it is shown.
        rotation: Option<i64>,
        /// Deletes the asset within ten minutes, if asked for.
        delete_token: Option<String>,
        /// Whether nothing was stored since the id was taken and `overwrite` false.
        existing: bool,
        /// Whether it replaced another asset.
        overwritten: bool,
        /// `pending` for one that is stored in the background.
        status: Option<String>,
        /// The id that notifications about it will have.
        batch_id: Option<String>,
    }
}

impl UploadResponse {
    /// What to keep in the database.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a resource or delivery type this crate does not know.
    pub fn asset(&self) -> Result<AssetRef> {
        let resource_type: ResourceType = self.resource_type.parse()?;
        let delivery_type: DeliveryType = self.delivery_type.parse()?;
        Ok(AssetRef {
            resource_type,
            delivery_type,
            version: Some(self.version).filter(|version| *version != 0),
            public_id: self.public_id.clone(),
            format: self
                .format
                .as_deref()
                .filter(|format| resource_type != ResourceType::Raw && !format.is_empty())
                .map(format_name),
        })
    }

    /// A contextual text, as that of `alt`.
    pub fn context_text(&self, key: &str) -> Option<&str> {
        let context = self.context.as_ref()?;
        context.get("custom").and_then(|custom| custom.get(key)).or_else(|| context.get(key))?.as_str()
    }

    /// Checks that the answer was signed with our secret.
    ///
    /// # Errors
    /// [`Error::SignatureMismatch`], or [`Error::MissingConfig`] without a secret.
    pub fn verify(&self, config: &Config) -> Result<()> {
        let secret = config.require_api_secret()?;
        if signing::verify_response(&self.public_id, &self.version.to_string(), &self.signature, secret) {
            Ok(())
        } else {
            Err(Error::SignatureMismatch { what: "response" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> UploadResponse {
        serde_json::from_str(json).unwrap()
    }

    const IMAGE: &str = r##"{"public_id":"hl22acprlomnycgiudor","version":"1372180830","format":"jpg","width":292,
        "height":"282","resource_type":"image","type":"upload","bytes":29802,"etag":"05","pages":1,
        "signature":"95788e65f86afc361d888637bb465f524901bc2c","url":"","secure_url":"","phash":"ab","new":{"a":1},
        "access_control":[{"access_type":"token"},{"access_type":"anonymous","start":null,"end":"2030-01-01T00:00Z"}],
        "accessibility_analysis":{"colorblind_accessibility_score":0.9,
            "colorblind_accessibility_analysis":{"distinct_edges":1,"most_indistinct_pair":["#000","#111"]}},
        "colors":[["#FFF",90],["#000",10.5]],"predominant":{"google":[["white",90.1]]},
        "context":{"custom":{"alt":"A beach"}},"coordinates":{"faces":[[1,2,3,4]],"custom":null},
        "delete_token":"t","eager":[{"transformation":"c_fill","status":"processing","batch_id":"b"}],
        "exif":{"ISO":100},"faces":[[1,2,"3",4]],"grayscale":"false","illustration_score":0,"semi_transparent":false,
        "image_metadata":{"DPI":"72"},"info":{"ocr":{"adv_ocr":{"status":"complete"}}},"metadata":{"f":"v"},
        "moderation":[{"kind":"manual","status":"pending"}],"placeholder":null,"quality_analysis":{"focus":"1.0"},
        "quality_score":0.5,"cinemagraph_analysis":{"cinemagraph_score":0},
        "responsive_breakpoints":[{"breakpoints":[{"width":50,"height":40,"bytes":7,"secure_url":"s"}]}]}"##;
    const RAW: &str = r#"{"public_id":"sheet.xls","version":9,"resource_type":"raw","type":"upload","format":"",
        "tags":null,"bytes":null,"eager":null,"url":null,"width":null,"exif":[],"info":null}"#;
    const VIDEO: &str = r#"{"public_id":"dog","version":9,"resource_type":"video","type":"upload","format":"mp4",
        "duration":13.4,"frame_rate":"29.97","nb_frames":402,"bit_rate":"5000","rotation":0,"is_audio":false,
        "audio":{"codec":"aac","bit_rate":"127716","frequency":44100,"channels":2,"channel_layout":"stereo"},
        "video":{"pix_format":"yuv420p","codec":"h264","level":40,"profile":"High","bit_rate":"54"}}"#;
    const PENDING: &str =
        r#"{"status":"pending","resource_type":"image","type":"upload","public_id":"x","batch_id":"b"}"#;

    #[test]
    fn references() {
        for (json, column) in [
            (IMAGE, "image/upload/v1372180830/hl22acprlomnycgiudor.jpg"),
            (RAW, "raw/upload/v9/sheet.xls"),
            (VIDEO, "video/upload/v9/dog.mp4"),
            (PENDING, "image/upload/x"),
        ] {
            assert_eq!(read(json).asset().unwrap().to_string(), column);
        }
        let unknown = read(r#"{"public_id":"a","resource_type":"hologram","type":"upload"}"#);
        assert!(unknown.asset().is_err());
        for incomplete in ["{}", r#"{"public_id":null}"#, r#"{"public_id":"a","type":"upload"}"#, "[]", "null"] {
            assert!(serde_json::from_str::<UploadResponse>(incomplete).is_err(), "{incomplete}");
        }
    }

    #[test]
    fn what_is_found_in_an_image() {
        let answer = read(IMAGE);
        assert_eq!((answer.width, answer.height, answer.pages), (Some(292), Some(282), Some(1)));
        assert_eq!(answer.faces, Some(vec![vec![1, 2, 3, 4]]));
        assert_eq!(answer.colors[1], ColorShare { color: "#000".into(), percent: 10.5 });
        assert_eq!(answer.predominant.as_ref().unwrap().google[0].color, "white");
        assert_eq!((answer.grayscale, answer.semi_transparent), (Some(false), Some(false)));
        assert_eq!((answer.illustration_score, answer.quality_score), (Some(0.0), Some(0.5)));
        assert_eq!(answer.quality_analysis.as_ref().unwrap().focus, Some(1.0));
        let accessibility = answer.accessibility_analysis.as_ref().unwrap();
        assert_eq!(accessibility.colorblind_accessibility_score, Some(0.9));
        let colorblind = accessibility.colorblind_accessibility_analysis.as_ref().unwrap();
        assert_eq!(colorblind.most_indistinct_pair, ["#000", "#111"]);
        assert_eq!((answer.eager[0].status.as_deref(), answer.eager[0].width), (Some("processing"), 0));
        assert_eq!(answer.responsive_breakpoints[0].breakpoints[0].width, 50);
        assert_eq!((answer.moderation[0].kind.as_str(), answer.moderation[0].status.as_str()), ("manual", "pending"));
        assert_eq!(answer.access_control[1].end.as_deref(), Some("2030-01-01T00:00Z"));
        assert_eq!((answer.context_text("alt"), answer.context_text("x")), (Some("A beach"), None));
        assert_eq!((answer.exif["ISO"].as_u64(), answer.image_metadata["DPI"].as_str()), (Some(100), Some("72")));
        assert_eq!(answer.info["ocr"]["adv_ocr"]["status"], "complete");
        assert_eq!(answer.coordinates.as_ref().unwrap().faces, [[1, 2, 3, 4]]);
        assert_eq!(answer.more["new"]["a"], 1);
        assert_eq!(read(&serde_json::to_string(&answer).unwrap()), answer);
    }

    #[test]
    fn what_is_found_in_a_video() {
        let answer = read(VIDEO);
        assert_eq!((answer.duration, answer.frame_rate, answer.bit_rate), (Some(13.4), Some(29.97), Some(5000)));
        assert_eq!(answer.audio.unwrap().bit_rate, Some(127_716));
        assert_eq!(answer.video.unwrap().profile.as_deref(), Some("High"));
    }

    #[test]
    fn signatures() {
        let answer = read(IMAGE);
        answer.verify(&Config::new("demo").credentials("key", "secret")).unwrap();
        assert!(answer.verify(&Config::new("demo").credentials("key", "other")).is_err());
    }
}
