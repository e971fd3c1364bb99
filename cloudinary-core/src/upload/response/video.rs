//! What the service finds in a video or a sound.

use crate::answer::record;

record! {
    /// The pictures of a video.
    pub struct VideoTrack {
        /// As `h264`.
        codec: Option<String>,
        /// As `High`.
        profile: Option<String>,
        /// The level of the profile.
        level: Option<i64>,
        /// How pixels are stored, as `yuv420p`.
        pix_format: Option<String>,
        /// Bits a second.
        bit_rate: Option<u64>,
        /// The base of its time, as `1/90000`.
        time_base: Option<String>,
    }
}

record! {
    /// The sound of a video, or a sound by itself.
    pub struct AudioTrack {
        /// As `aac`.
        codec: Option<String>,
        /// Bits a second.
        bit_rate: Option<u64>,
        /// Samples a second.
        frequency: Option<u64>,
        /// How many channels it has.
        channels: Option<u32>,
        /// As `stereo`.
        channel_layout: Option<String>,
    }
}
