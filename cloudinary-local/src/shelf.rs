use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

/// Named things that one request may change while others read them.
pub(crate) struct Shelf<T> {
    things: RwLock<BTreeMap<String, Arc<T>>>,
}

impl<T> Shelf<T> {
    pub(crate) fn get(&self, name: &str) -> Option<Arc<T>> {
        self.things.read().unwrap_or_else(PoisonError::into_inner).get(name).map(Arc::clone)
    }

    /// All of them, by name.
    pub(crate) fn all(&self) -> Vec<Arc<T>> {
        self.things.read().unwrap_or_else(PoisonError::into_inner).values().map(Arc::clone).collect()
    }

    pub(crate) fn set(&self, name: impl Into<String>, thing: T) {
        self.things.write().unwrap_or_else(PoisonError::into_inner).insert(name.into(), Arc::new(thing));
    }

    pub(crate) fn remove(&self, name: &str) {
        self.things.write().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

impl<T> FromIterator<(String, T)> for Shelf<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(things: I) -> Self {
        let things = things.into_iter().map(|(name, thing)| (name, Arc::new(thing))).collect();
        Self { things: RwLock::new(things) }
    }
}

impl<T> fmt::Debug for Shelf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let things = self.things.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_set().entries(things.keys()).finish()
    }
}
