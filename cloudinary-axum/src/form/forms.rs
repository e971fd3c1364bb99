//! The forms of an app, each asked once what its fields are.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::UploadForm;
use super::fields::Fields;

/// The fields of every form that was asked for so far.
#[derive(Default)]
pub(crate) struct Forms(RwLock<HashMap<TypeId, Arc<Fields>>>);

impl Forms {
    pub(crate) fn fields_of<T: UploadForm>(&self) -> Arc<Fields> {
        let form = TypeId::of::<T>();
        if let Some(fields) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&form) {
            return Arc::clone(fields);
        }
        // Outside the lock: the app may do what it likes in there.
        let fields = Arc::new(T::fields());
        let mut forms = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(forms.entry(form).or_insert(fields))
    }
}
