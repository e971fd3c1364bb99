use std::time::Duration;

const MIB: u64 = 1024 * 1024;

/// Every bound the server keeps, by name. The defaults are those of the service's free plan where it has one.
///
/// ```
/// use cloudinary_local::Limits;
///
/// let limits = Limits { image_max_bytes: 20 * 1024 * 1024, ..Limits::default() };
/// assert_eq!(limits.raw_max_bytes, 10 * 1024 * 1024);
/// ```
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest image stored, in bytes. Default 10 MiB.
    pub image_max_bytes: u64,
    /// Largest raw file stored, in bytes. Default 10 MiB.
    pub raw_max_bytes: u64,
    /// Largest body of one request, in bytes; larger files come in chunks. Default 100 MiB.
    pub request_max_bytes: u64,
    /// Smallest chunk but for a file's last one, in bytes. Default 5 MiB.
    pub chunk_min_bytes: u64,
    /// Largest value of one form field other than `file`, in bytes. Default 256 KiB.
    pub field_max_bytes: u64,
    /// Longest names and values of all form fields of one request but `file`, in bytes. Default 1 MiB.
    pub params_max_bytes: u64,
    /// Most bytes of all requests together that are received but not yet stored; further ones are answered 503.
    /// Default 1 GiB.
    pub spool_max_bytes: u64,
    /// Most bytes of all requests together that are received before it is known who sends them: files that come before
    /// the credentials of their form, and JSON and URL-encoded bodies without `Authorization`, which count twice. They
    /// are none of `spool_max_bytes`; further ones are answered 503. At most `spool_max_bytes`. Default 128 MiB.
    pub early_max_bytes: u64,
    /// Most form fields in one request. Default 200.
    pub fields_max: usize,
    /// How large pictures may be, stored or derived. Defaults: [`cloudinary_pixels::Limits`].
    pub pictures: cloudinary_pixels::Limits,
    /// Most eager transformations in one upload. Default 50.
    pub eager_max: usize,
    /// Most derived versions kept for one asset; the oldest go first. Default 500.
    pub derived_max: u32,
    /// Most bytes of all derived versions kept together; the oldest go first. Default 4 GiB.
    pub derived_max_bytes: u64,
    /// Largest derived version, in bytes; larger ones are refused. Default 50 MiB.
    pub derived_result_max_bytes: u64,
    /// Most transformations rendered at one time. Default: the number of processors.
    pub renders: usize,
    /// Most pixels that the steps and layers of one transformation pass through together; blurring counts fourfold.
    /// Default 400 megapixels.
    pub render_pixels: u64,
    /// Most pixels that one transformation holds at a time, of the image and the layers under way. Default 150
    /// megapixels.
    pub render_live_pixels: u64,
    /// Longest time one transformation may be rendered; looked at between its steps. Default 20 s.
    pub render_timeout: Duration,
    /// Most requests that wait for one of the `renders`; further ones are answered 503. Default 256.
    pub renders_waiting: usize,
    /// Longest time a request waits for one of the `renders`. Default 30 s.
    pub render_wait: Duration,
    /// Most uploads and transformations done after their requests were answered; further ones are answered 503. Default
    /// 64.
    pub background: usize,
    /// Most files in one archive. Default 5000.
    pub archive_max_files: usize,
    /// Largest archive, in bytes. Default 500 MiB.
    pub archive_max_bytes: u64,
    /// Most bytes of all archives together that are packed and not yet stored or downloaded; further ones are answered
    /// 503. Default 2 GiB.
    pub archives_max_bytes: u64,
    /// Most archives packed at one time; further ones wait as long as `render_wait`, then they are answered 503. Default
    /// 2.
    pub archives_packed: usize,
    /// How often a notification that was not answered with success is sent again. Default 3.
    pub notification_retries: u32,
    /// Pause before a notification is sent again; twice as long before the second time, and so on. Default 3 min.
    pub notification_retry_after: Duration,
    /// Most notifications that wait to be sent or sent again; further ones are given up. Default 1000.
    pub notifications_waiting: usize,
    /// Most calls of the Admin API in an hour; further ones are answered 420. Default 100 000.
    pub admin_calls_per_hour: u32,
    /// Most searches by signed URLs in an hour; further ones are answered 420. Default 10 000.
    pub signed_searches_per_hour: u32,
    /// Most connections open at one time; further ones wait. Default 1024.
    pub connections: usize,
    /// Time a client has to send a request's header. Default 15 s.
    pub header_timeout: Duration,
    /// Longest pause while a client sends a body or reads an answer. Default 30 s.
    pub idle_timeout: Duration,
    /// Longest time a request's body may take. Default 30 min.
    pub request_timeout: Duration,
    /// Fewest bytes a second, on an average over `rate_window`, while a body is sent or an answer is read. Default 1024.
    pub min_rate: u64,
    /// What `min_rate` is an average over. Default 30 s.
    pub rate_window: Duration,
    /// Most connections open at one time from one address; further ones are closed. Not for this machine's own address,
    /// where proxies are. Default 128.
    pub connections_per_address: usize,
    /// Time running requests get to finish at a shutdown. Default 10 s.
    pub drain_timeout: Duration,
    /// How old a signed request's timestamp may be. Default 1 h.
    pub timestamp_max_age: Duration,
    /// How long the pieces of an unfinished chunked upload are kept. Default 24 h.
    pub chunks_kept: Duration,
    /// How long a delete token is good for. Default 10 min.
    pub delete_token_kept: Duration,
    /// Time a whole fetch of a remote file may take. Default 60 s.
    pub remote_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            image_max_bytes: 10 * MIB,
            raw_max_bytes: 10 * MIB,
            request_max_bytes: 100 * MIB,
            chunk_min_bytes: 5 * MIB,
            field_max_bytes: 256 * 1024,
            params_max_bytes: MIB,
            spool_max_bytes: 1024 * MIB,
            early_max_bytes: 128 * MIB,
            fields_max: 200,
            pictures: cloudinary_pixels::Limits::default(),
            eager_max: 50,
            derived_max: 500,
            derived_max_bytes: 4 * 1024 * MIB,
            derived_result_max_bytes: 50 * MIB,
            renders: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            render_pixels: 400_000_000,
            render_live_pixels: 150_000_000,
            render_timeout: Duration::from_secs(20),
            renders_waiting: 256,
            render_wait: Duration::from_secs(30),
            background: 64,
            archive_max_files: 5000,
            archive_max_bytes: 500 * MIB,
            archives_max_bytes: 2048 * MIB,
            archives_packed: 2,
            notification_retries: 3,
            notification_retry_after: Duration::from_mins(3),
            notifications_waiting: 1000,
            admin_calls_per_hour: 100_000,
            signed_searches_per_hour: 10_000,
            connections: 1024,
            header_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_mins(30),
            min_rate: 1024,
            rate_window: Duration::from_secs(30),
            connections_per_address: 128,
            drain_timeout: Duration::from_secs(10),
            timestamp_max_age: Duration::from_hours(1),
            chunks_kept: Duration::from_hours(24),
            delete_token_kept: Duration::from_mins(10),
            remote_timeout: Duration::from_mins(1),
        }
    }
}
