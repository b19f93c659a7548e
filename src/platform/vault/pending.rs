use super::{Place, Unclaimed, Vault};
use std::fmt;
use uuid::Uuid;

/// Objects that are stored and not on record yet. Dropped with some in it (whoever sent them went away), those are removed.
pub struct Pending {
    place: Place,
    keys: Vec<Uuid>,
}

impl Vault {
    /// Holds nothing yet.
    pub fn pending(&self) -> Pending {
        Pending { place: self.place.clone(), keys: Vec::new() }
    }
}

impl Pending {
    /// Holds what [`Vault::store`] gave.
    pub fn add(&mut self, key: Uuid) {
        self.keys.push(key);
    }

    /// From here on they are the caller's, to record or to delete.
    pub fn release(mut self) {
        self.keys.clear();
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let keys = self.keys.drain(..);
        let left: Vec<_> = keys.map(|key| Unclaimed::new(self.place.clone(), key)).collect();
        if left.is_empty() {
            return;
        }
        // They may be many, and each one is waited for in a folder: off the async threads.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || drop(left))),
            Err(_) => drop(left),
        }
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pending").field(&self.keys).finish()
    }
}
