//! Notices of what happened to a transfer: that something waits and where, never what it is about.

use diesel::prelude::*;

use super::store::{self, TransferRow};
use crate::{
    directory::people::{Side, store as people},
    platform::{
        db::{
            Id, Tx,
            schema::{mail_message, person},
        },
        error::Result,
        i18n::Lang,
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
    let mut to = match side {
        Side::Agency => agency_side(tx, row)?,
        Side::Platform | Side::Auditor => platform_side(tx, row)?,
    };
    to.retain(|(address, _)| !address.is_empty());
    to.sort_by(|a, b| a.0.cmp(&b.0));
    to.dedup_by(|a, b| a.0 == b.0);
    for (address, lang) in to {
        let mut all = std::collections::BTreeMap::from([("number", row.number.clone())]);
        all.extend(params(lang));
        let now = tx.now();
        diesel::insert_into(mail_message::table)
            .values((
                mail_message::id.eq(Id::new()),
                mail_message::template.eq(template),
                mail_message::to_address.eq(&address),
                mail_message::locale.eq(lang.tag()),
                mail_message::params.eq(serde_json::json!(all).to_string()),
                mail_message::link.eq(paths::transfer(row.id)),
                mail_message::about_kind.eq("transfer"),
                mail_message::about_id.eq(Some(row.id)),
                mail_message::state.eq("queued"),
                mail_message::created_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
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
