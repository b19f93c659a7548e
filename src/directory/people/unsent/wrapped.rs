//! The fields as they lie in the database: JSON with whose they are, wrapped by the master key.

use serde::{Deserialize, Serialize};

use crate::platform::{
    db::Id,
    error::{AppError, Plain, Result},
    keys::MasterKey,
};

/// What was typed, by the names of the fields.
pub type Fields = Vec<(String, String)>;

#[derive(Serialize, Deserialize)]
struct Stored {
    person: Id,
    fields: Fields,
}

/// # Errors
/// `Internal`: what no form holds.
pub(super) fn wrap(master: &MasterKey, person: Id, fields: Fields) -> Result<Vec<u8>> {
    let text = serde_json::to_vec(&Stored { person, fields })?;
    master.wrap(&text).map_err(AppError::internal)
}

/// # Errors
/// `Internal`: wrapped by another key, damaged, or put under another account.
pub(super) fn open(master: &MasterKey, person: Id, wrapped: &[u8]) -> Result<Fields> {
    let text = master.unwrap(wrapped).map_err(AppError::internal)?;
    let stored: Stored = serde_json::from_slice(&text)?;
    if stored.person != person {
        return Err(AppError::internal(Plain("somebody else's".into())));
    }
    Ok(stored.fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_opens_for_its_writer_alone() {
        let (master, me) = (MasterKey::generate(), Id::new());
        let fields = vec![("summary".to_owned(), "两行\r\n文字".to_owned())];
        let kept = wrap(&master, me, fields.clone()).expect("wrapped");
        assert!(!String::from_utf8_lossy(&kept).contains("summary"));
        assert_eq!(open(&master, me, &kept).expect("opened"), fields);
        assert!(open(&master, Id::new(), &kept).is_err());
        assert!(open(&MasterKey::generate(), me, &kept).is_err());
    }
}
