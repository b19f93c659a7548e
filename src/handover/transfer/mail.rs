//! Notices of what happened to a transfer: that something waits and where, never what it is about.

use super::{
    model::{self, Standing, State},
    store::{self, TransferRow},
};
use crate::{
    directory::people::{
        Side,
        store::{self as people, Addressee},
    },
    platform::{
        db::Tx,
        error::Result,
        i18n::{self, Lang},
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
    let steps = store::as_steps(&store::step_rows(tx.conn(), row.id)?)?;
    // What was loaded from history has no steps.
    let standing = model::derive(&steps).ok();
    let asked = asked(standing.as_ref(), side);
    let agency = store::agency_row(tx.conn(), row.agency_id)?;
    for Addressee { address, lang, account } in readers(tx, row, side)? {
        // The number is the agency's own: the platform has others like it.
        let number = match side {
            Side::Agency => row.number.clone(),
            Side::Platform | Side::Auditor => format!("{} · {}", row.number, agency.name(lang)),
        };
        let mut notice = Notice::new(template, address, lang)
            .to_account(account)
            .param("number", &number)
            .param("asked", i18n::t(lang, asked))
            .link(paths::transfer(row.id))
            .about("transfer", row.id);
        for (name, value) in params(lang) {
            notice = notice.param(name, value);
        }
        notice::queue(tx, notice)?;
    }
    Ok(())
}

/// The step that is asked of a side now: a message key. Nothing of what the lead is about.
fn asked(standing: Option<&Standing>, side: Side) -> &'static str {
    let Some(standing) = standing else { return "mail-step-none" };
    if side == Side::Agency {
        return match standing.effective() {
            _ if standing.state.is_over() => "mail-step-none",
            State::Sent => "mail-step-acknowledge",
            _ if standing.unacknowledged => "mail-step-acknowledge-version",
            State::Received => "mail-step-decide",
            State::Accepted => "mail-step-filing",
            _ => "mail-step-none",
        };
    }
    match standing.state {
        State::SupplementRequested => "mail-step-supplement",
        State::Returned => "mail-step-mend",
        State::NotAccepted | State::NotFiled | State::Forwarded => "mail-step-note",
        _ => "mail-step-none",
    }
}

/// Who is told on a side: each address once, with the reader's language. Where a contact's address is an account's too,
/// it is the account that is told, as it chose.
///
/// # Errors
/// Those of the database.
pub fn readers(tx: &mut Tx<'_>, row: &TransferRow, side: Side) -> Result<Vec<Addressee>> {
    let mut to = match side {
        Side::Agency => agency_side(tx, row)?,
        Side::Platform | Side::Auditor => platform_side(tx, row)?,
    };
    to.retain(|one| !one.address.is_empty());
    to.sort_by(|a, b| (&a.address, a.account.is_none()).cmp(&(&b.address, b.account.is_none())));
    to.dedup_by(|a, b| a.address == b.address);
    Ok(to)
}

/// Nobody of an agency that can't sign in: what it gets comes on paper.
fn agency_side(tx: &mut Tx<'_>, row: &TransferRow) -> Result<Vec<Addressee>> {
    if !store::has_accounts(tx.conn(), row.agency_id)? {
        return Ok(Vec::new());
    }
    let mut to = people::liaisons_of(tx.conn(), row.agency_id)?;
    let contacts = store::contacts(tx.conn(), row.agency_id)?;
    let default = contacts.into_iter().filter(|contact| contact.4);
    to.extend(default.map(|contact| Addressee { address: contact.3, lang: Lang::Zh, account: None }));
    Ok(to)
}

fn platform_side(tx: &mut Tx<'_>, row: &TransferRow) -> Result<Vec<Addressee>> {
    let lead = store::lead_row(tx.conn(), row.lead_id)?;
    let ids: Vec<_> = [Some(lead.owner_id), lead.assignee_id].into_iter().flatten().collect();
    people::addressees_of(tx.conn(), &ids)
}
