//! Stating that a lead is no duplicate.

use super::{super::remark, store};
use crate::{
    audit::{self, Entry},
    directory::people::Compiler,
    platform::{
        db::{Id, Tx},
        error::Result,
    },
};

/// States that a lead is no duplicate of these others, and why. The caller has seen to it that it is the compiler's lead
/// and that it looks like these.
///
/// # Errors
/// Those of the database.
pub fn state_distinct(
    tx: &mut Tx<'_>,
    me: &Compiler,
    lead_id: Id,
    others: &[Id],
    reason: &str,
) -> Result<()> {
    let remark_id = remark::add(tx, "lead", lead_id, reason)?;
    for other in others {
        store::insert_distinct(tx, lead_id, *other, me.id, remark_id)?;
    }
    let entry = Entry::new("lead.not_duplicate")
        .object("lead", lead_id)
        .objects("lead", others.iter().copied())
        .private("reason", reason);
    audit::record(tx, entry).map(|_| ())
}
