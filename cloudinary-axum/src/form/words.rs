//! What stands around the input of a file field, in the app's own words.

use std::borrow::Cow;

use super::file_field::FileField;

/// The texts around the input of a file field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    pub(crate) label: Option<String>,
    pub(crate) help: Option<String>,
    remove: Option<String>,
    keep: Option<String>,
}

impl Words {
    /// Beside the box that removes the file.
    pub(crate) fn remove(&self) -> &str {
        self.remove.as_deref().unwrap_or("Remove")
    }

    /// Beside the box of each file that is carried on.
    pub(crate) fn keep(&self) -> &str {
        self.keep.as_deref().unwrap_or("Keep")
    }
}

impl FileField {
    /// What [`FormView::row`](super::FormView::row) writes before it. Default: the name.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.words.label = Some(text.into());
        self
    }

    /// A line of help below it.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.words.help = Some(text.into());
        self
    }

    /// What stands beside the box that removes the file of an [`editable`](Self::editable) field. Default: `Remove`.
    pub fn remove_label(mut self, text: impl Into<String>) -> Self {
        self.words.remove = Some(text.into());
        self
    }

    /// What stands beside each file of a field of [`many`](Self::many) when the form is shown again, before the name
    /// of one that is no picture: the box is ticked, and the form lets go of a file whose box is not. Default: `Keep`.
    ///
    /// Where our script runs, the list of a direct-upload field, with buttons, takes the place of the boxes. What the form
    /// lets go of stays stored; the sweeper of `cloudinary-sqlx` releases what no row claims.
    pub fn keep_label(mut self, text: impl Into<String>) -> Self {
        self.words.keep = Some(text.into());
        self
    }

    /// An attribute of the `input` element, as `style` or `aria-describedby`.
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }
}
