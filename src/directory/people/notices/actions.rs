//! Keeping what somebody chose, and putting on record what could not be sent.

use std::collections::BTreeMap;

use super::model;
use crate::{
    audit::{self, Entry},
    directory::people::model::Actor,
    platform::{
        db::Tx,
        error::{AppError, Result},
        jobs::JobRow,
        notice::{self, Event, Way},
    },
};

/// What follows when the job of a message is given up: as [`notice::given_up`], and on record, from where administrators are
/// told of it.
///
/// # Errors
/// Those of the database.
pub fn given_up(tx: &mut Tx<'_>, job: &JobRow) -> Result<()> {
    notice::given_up(tx, job)?;
    audit::record(tx, Entry::new("mail.fail").objects("mail", job.id_of("message"))).map(|_| ())
}

/// Keeps the ways that `me` chose for the kinds of events.
///
/// # Errors
/// `Invalid` for a way that is not to be chosen; those of the database.
pub fn choose(tx: &mut Tx<'_>, me: &Actor, chosen: &BTreeMap<Event, Way>) -> Result<()> {
    let known = model::events_of(me);
    for (event, way) in chosen {
        if !known.contains(event) || !model::ways(*event, me.side).contains(way) {
            return Err(AppError::field(event.as_str(), "error-unknown"));
        }
    }
    notice::choose(tx, me.id, chosen)?;
    let told: Vec<String> = chosen.iter().map(|(event, way)| format!("{event}={way}")).collect();
    let entry = Entry::new("person.choose-notices").object("person", me.id);
    audit::record(tx, entry.fact("notices", told)).map(|_| ())
}
