//! Going over the rows.

use super::{
    model::{Done, RowResult, faults_of},
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, view::List},
    platform::{
        db::{Db, Id, Origin, Tx, blocking},
        error::{AppError, Result},
        services::Services,
    },
};

/// What is done to each row.
#[derive(Clone, Debug)]
pub struct Act {
    pub list: List,
    /// As the log has it, done or refused.
    pub verb: &'static str,
    /// The kind of object that a row is.
    pub object: &'static str,
    /// The list as it was, with its filters.
    pub back: String,
}

/// Does `act` to each of `rows` (with its number, or nothing where it is not there), one transaction a row, and keeps what
/// became of them; `act` says whether it changed anything. Gives the result's id. The caller bounds the rows: a request is not to take minutes.
///
/// # Errors
/// A failure that is no refusal ends it where it is; the same form sent again does what is left.
pub async fn run(
    services: &Services,
    me: &Actor,
    asked: Act,
    rows: Vec<(Id, String)>,
    act: impl Fn(&mut Tx<'_>, Id) -> Result<bool> + Send + 'static,
) -> Result<Id> {
    let (db, origin, person_id) = (services.db.clone(), me.origin(), me.id);
    // Of the same form by the same person the same one.
    let id = origin.once.map_or_else(Id::new, |once| once.of_row(person_id).word());
    blocking(move || {
        if db.read_now(|conn| store::is_there(conn, id))? {
            return Ok(id);
        }
        let mut results = Vec::with_capacity(rows.len());
        for (row, name) in rows {
            results.push(one(&db, &origin, &asked, (row, name), &act)?);
        }
        db.write_quiet_now(|tx| {
            let (verb, at) = (asked.verb.to_owned(), tx.now());
            let done = Done { id, person_id, list: asked.list, verb, back: asked.back, rows: results, at };
            store::insert(tx, &done)
        })?;
        Ok(id)
    })
    .await
}

/// Does or refuses one row.
fn one(
    db: &Db,
    origin: &Origin,
    asked: &Act,
    (id, name): (Id, String),
    act: &impl Fn(&mut Tx<'_>, Id) -> Result<bool>,
) -> Result<RowResult> {
    let own = Origin { once: origin.once.map(|once| once.of_row(id)), ..origin.clone() };
    let faults = match db.write_now(own, |tx| act(tx, id)) {
        Ok(false) => return Ok(RowResult::unchanged(id, name)),
        // By an earlier sending of this very form, which broke off further on.
        Ok(true) | Err(AppError::Elsewhere(_)) => Vec::new(),
        Err(error) => faults_of(error)?,
    };
    if let Some(fault) = faults.first() {
        // As the page of the row would leave it; what the row lacks is a refusal too, as nobody typed it here.
        let entry = Entry::refused(asked.verb).object(asked.object, id).fact("reason", fault.code());
        let tried = Origin { once: None, ..origin.clone() };
        db.write_now(tried, |tx| audit::record(tx, entry).map(|_| ()))?;
    }
    Ok(RowResult::new(id, name, faults))
}

/// The result `id` of an act over rows of `list`. Whoever reads the list may read it: it says of each row what its own page
/// says to them too.
///
/// # Errors
/// `NotFound`, also where it is too old.
pub async fn find(services: &Services, list: List, id: Id) -> Result<Done> {
    services.db.read(move |conn| store::find(conn, list, id)).await
}
