//! What stands beside the leads of a page, or of a piece of a file.

use super::{
    super::{model::Lead, store as leads},
    pages::Beside,
};
use crate::{
    directory::people,
    platform::{
        db::{Connection, Id},
        error::Result,
    },
};

/// What belongs to these leads, a query each.
///
/// # Errors
/// Those of the database.
pub(super) fn beside(conn: &mut Connection, page: &[Lead]) -> Result<Beside> {
    let ids: Vec<Id> = page.iter().map(|lead| lead.id).collect();
    let people = page.iter().flat_map(|lead| [Some(lead.owner_id), lead.assignee_id]).flatten();
    Ok(Beside {
        charges: leads::charges_of_many(conn, &ids)?,
        brands: leads::brands_of_many(conn, &ids)?,
        names: people::store::names(conn, people)?,
        ..Beside::default()
    })
}
