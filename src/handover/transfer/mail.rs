//! Notices of what happened to a transfer: that something waits and where, never what it is about.

use diesel::prelude::*;

use super::store::{self, TransferRow};
use crate::{
    directory::people::{Side, store as people},
    platform::{
        db::{Tx, schema::person},
        error::Result,
        i18n::Lang,
        notice::{self, Notice},
        paths,
    },
};

/// Tells one side: the agency's liaisons and its default contact, or the lead's owner and assignee. The number is the
/// transfer's, for both.
///
/// # Errors
/// Those of the database.
pub fn tell(tx: &mut Tx<'_>, row: &TransferRow, side: Side, template: &'static str) -> Result<()> {
    tell_with(tx, row, side, template, &|_| Vec::new())
}

/// As [`tell`], with more harmless parameters, in the reader's language.
///
/// # Errors
/// Those of the database.
pub fn tell_with(
    tx: &mut Tx<'_>,
    row: &TransferRow,
    side: Side,
    template: &'static str,
    params: &dyn Fn(Lang) -> Vec<(&'static str, String)>,
) -> Result<()> {
    for (address, lang) in readers(tx, row, side)? {
        let mut notice = Notice::new(template, address, lang)
            .param("number", &row.number)
            .link(paths::transfer(row.id))
            .about("transfer", row.id);
        for (name, value) in params(lang) {
            notice = notice.param(name, value);
        }
        notice::queue(tx, notice)?;
    }
    Ok(())
}

/// Who is told on a side: each address once, with the reader's language.
///
/// # Errors
/// Those of the database.
pub fn readers(tx: &mut Tx<'_>, row: &TransferRow, side: Side) -> Result<Vec<(String, Lang)>> {
    let mut to = match side {
        Side::Agency => agency_side(tx, row)?,
        Side::Platform | Side::Auditor => platform_side(tx, row)?,
    };
    to.retain(|(address, _)| !address.is_empty());
    to.sort_by(|a, b| a.0.cmp(&b.0));
    to.dedup_by(|a, b| a.0 == b.0);
    Ok(to)
}

fn agency_side(tx: &mut Tx<'_>, row: &TransferRow) -> Result<Vec<(String, Lang)>> {
    let mut to = people::liaisons_of(tx.conn(), row.agency_id)?;
    let contacts = store::contacts(tx.conn(), row.agency_id)?;
    to.extend(contacts.into_iter().filter(|c| c.4).map(|c| (c.3, Lang::Zh)));
    Ok(to)
}

fn platform_side(tx: &mut Tx<'_>, row: &TransferRow) -> Result<Vec<(String, Lang)>> {
    let lead = store::lead_row(tx.conn(), row.lead_id)?;
    let ids: Vec<_> = [Some(lead.owner_id), lead.assignee_id].into_iter().flatten().collect();
    let rows: Vec<(String, String)> = person::table
        .filter(person::id.eq_any(ids))
        .filter(person::disabled_at.is_null())
        .select((person::email, person::locale))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(email, locale)| (email, Lang::parse(&locale).unwrap_or_default())).collect())
}
