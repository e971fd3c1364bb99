//! One way to the text of a job.

/// One way to a job's text: it leaves the text in the string it is handed.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnMut(&mut String)>,
}

impl Variant {
    /// A way that makes a new string each time.
    pub(crate) fn made(name: &'static str, mut make: impl FnMut() -> String + 'static) -> Self {
        Self { name, run: Box::new(move |out| *out = make()) }
    }

    /// A way that writes into a string that is kept.
    pub(crate) fn written(name: &'static str, mut write: impl FnMut(&mut String) + 'static) -> Self {
        let run = move |out: &mut String| {
            out.clear();
            write(out);
        };
        Self { name, run: Box::new(run) }
    }
}
