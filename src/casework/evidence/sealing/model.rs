//! What is said of a sealed medium. Pure.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use crate::{
    casework::evidence::model::read_instant,
    platform::{db::Instant, http::Form, numbers::parse_numbers},
};

/// Longest list of photographs, in characters.
const LONGEST_NUMBERS: usize = 500;
/// Photographs of one record at most.
const MOST_PHOTOS: usize = 100;

/// What a record says in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// What the medium is: a phone, a disk, a disc.
    pub medium: String,
    /// Serial number or IMEI; may be empty.
    pub serial: String,
    pub how: String,
    pub sealed_by: String,
    /// May be empty.
    pub witness: String,
    pub place: String,
}

/// A record as it is handed in.
#[derive(Clone, Debug, Default)]
pub struct New {
    pub words: Words,
    pub sealed_at: Instant,
    /// Numbers of the lead's items that are photographs of it.
    pub photos: BTreeSet<i32>,
}

impl New {
    /// Reads the fields of a form; faults are noted in it. `now` bounds the time of sealing.
    pub fn read(form: &mut Form, zone: Tz, now: Instant) -> Self {
        let sealed_at = read_instant(form, "sealed_at", zone);
        if sealed_at.is_some_and(|at| at > now.plus_seconds(300)) {
            form.fault("sealed_at", "error-date-future");
        }
        let typed = form.text("photos", LONGEST_NUMBERS);
        let photos = parse_numbers(&typed).filter(|numbers| numbers.len() <= MOST_PHOTOS);
        if photos.is_none() {
            form.fault("photos", "error-sealing-photos");
        }
        Self {
            words: Words {
                medium: form.required("medium", 200),
                serial: form.text("serial", 200),
                how: form.required("how", 1_000),
                sealed_by: form.required("sealed_by", 200),
                witness: form.text("witness", 200),
                place: form.required("place", 300),
            },
            sealed_at: sealed_at.unwrap_or_default(),
            photos: photos.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time::DEFAULT_ZONE;

    #[test]
    fn photographs_are_named_by_the_numbers_of_their_items_and_not_too_many() {
        let read = |typed: &str| {
            let mut form = Form::from_pairs(vec![("photos".into(), typed.into())]);
            let photos = New::read(&mut form, DEFAULT_ZONE, Instant::default()).photos;
            (
                photos.into_iter().collect::<Vec<_>>(),
                form.errors().iter().any(|fault| fault.field == "photos"),
            )
        };
        assert_eq!(read("3、5-7"), (vec![3, 5, 6, 7], false));
        assert_eq!(read(""), (vec![], false));
        for wrong in ["x", "0", "7-5", "1-101"] {
            assert_eq!(read(wrong), (vec![], true), "{wrong}");
        }
    }
}
