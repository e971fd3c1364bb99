//! Images made of the one that was uploaded.

use crate::answer::record;

record! {
    /// A derived image.
    pub struct Derived {
        /// The transformation, in the service's order of parameters.
        transformation: String = String::new(),
        /// Width in pixels; 0 while it is still being made.
        width: u32,
        /// Height in pixels; 0 while it is still being made.
        height: u32,
        /// Its size in bytes; 0 while it is still being made.
        bytes: u64,
        /// Its format.
        format: Option<String>,
        /// Its `http` address.
        url: String = String::new(),
        /// Its `https` address.
        secure_url: String = String::new(),
        /// `processing` while it is being made, `failed` if it cannot be.
        status: Option<String>,
        /// Why it cannot be made.
        reason: Option<String>,
        /// The id that the notification of its end will have.
        batch_id: Option<String>,
    }
}

record! {
    /// The widths at which an image is worth making, by one of the settings that were asked for.
    pub struct ResponsiveBreakpoints {
        /// The widths, the largest first.
        breakpoints: Vec<Breakpoint>,
        /// The transformation made before scaling.
        transformation: Option<String>,
    }
}

record! {
    /// A width at which an image is worth making.
    pub struct Breakpoint {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Its size in bytes.
        bytes: u64,
        /// Its `http` address.
        url: String = String::new(),
        /// Its `https` address.
        secure_url: String = String::new(),
    }
}
