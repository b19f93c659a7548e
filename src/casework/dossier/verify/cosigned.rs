//! What witnesses say of the head of the log in a package (C2SP tlog-cosignature): each cosignature by a witness that the
//! caller named must hold; of the others it is said who they are by their own word, and nothing is checked.

use serde::Serialize;

use super::{Code, Faults};
use crate::{
    casework::dossier::bag,
    platform::{
        db::Instant,
        keys::{Cosignature, WitnessKey, join, part},
        witness::MOST,
    },
};

/// A witness, and what is known of its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cosigned {
    pub name: String,
    /// The id of its key, eight hexadecimal digits.
    pub key: String,
    /// When it cosigned, by its own clock; RFC 3339. `None`: it has not.
    pub time: Option<String>,
    /// Whether the cosignature holds by a key that the caller brought.
    pub checked: bool,
}

impl Cosigned {
    fn new(one: &Cosignature, checked: bool) -> Self {
        let time = Instant::from_micros(0).plus_seconds(one.time.cast_signed());
        Self { name: one.name.clone(), key: format!("{:08x}", one.id), time: Some(time.to_string()), checked }
    }
}

/// Takes the cosignatures off a checkpoint: what the log itself signed, and who has cosigned. There is one form of them, so
/// that a package has no byte that says nothing.
pub fn read(note: &str, witnesses: &[WitnessKey], faults: &mut Faults) -> (String, Vec<Cosigned>) {
    let Some(parted) = part(note) else { return (note.to_owned(), Vec::new()) };
    if parted.cosignatures.len() > MOST || join(&parted.own, parted.cosignatures.clone()) != note {
        faults.add(Code::Form, bag::AUDIT_PROOF, "", "");
    }
    let mut told = Vec::new();
    for one in parted.cosignatures.iter().take(MOST) {
        let key = witnesses.iter().find(|key| key.is_named_by(one));
        let holds = key.is_some_and(|key| key.has_cosigned(&parted.text, one));
        if key.is_some() && !holds {
            faults.add(Code::Cosignature, bag::AUDIT_PROOF, "", &one.name);
            continue;
        }
        told.push(Cosigned::new(one, holds));
    }
    let is_silent = |key: &&WitnessKey| !parted.cosignatures.iter().any(|one| key.is_named_by(one));
    let silent = witnesses.iter().filter(is_silent).map(|key| Cosigned {
        name: key.name().to_owned(),
        key: format!("{:08x}", key.id()),
        time: None,
        checked: false,
    });
    told.extend(silent);
    (parted.own, told)
}
