//! The notice that an entry waits for a decision: that there is one and where, never what it says.

use super::store::{self, OutcomeRow};
use crate::{
    directory::people::{
        Role, Side,
        store::{self as people, Addressee},
    },
    handover::{
        agency_case::store as cases,
        transfer::{mail as transfer_mail, store as transfers},
    },
    platform::{
        db::{Id, Tx},
        error::Result,
        i18n::Lang,
        notice::{self, Notice},
        paths,
    },
};

/// Tells those who may decide: the agency's liaisons and its default contact of what the platform asserted; of what
/// the agency asserted the owners and assignees of the case's leads. For an agency without accounts a second person of
/// the platform decides: the others of those, or a manager where there is none.
///
/// # Errors
/// Those of the database.
pub(super) fn tell_other_side(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let row = store::find(tx.conn(), id)?;
    let Some(case) = row.case_id else { return Ok(()) };
    let by_platform = row.asserted_side == Side::Platform.as_str();
    let decides = if by_platform && store::has_accounts(tx.conn(), row.agency_id)? {
        Side::Agency
    } else {
        Side::Platform
    };
    let own = match row.asserted_by {
        Some(id) => people::by_id(tx.conn(), id)?.email,
        None => String::new(),
    };
    let agency = transfers::agency_row(tx.conn(), row.agency_id)?;
    // The number is the agency's own: the platform has others like it.
    let shown = |number: &str, lang: Lang| match decides {
        Side::Agency => number.to_owned(),
        Side::Platform | Side::Auditor => format!("{number} · {}", agency.name(lang)),
    };
    let mut told = vec![own, String::new()];
    let mut number = String::new();
    for transfer in cases::joined(tx.conn(), case)? {
        for reader in transfer_mail::readers(tx, &transfer, decides)? {
            tell(tx, &row, &shown(&transfer.number, reader.lang), reader, &mut told)?;
        }
        number = transfer.number;
    }
    if told.len() == 2 && decides == Side::Platform {
        for reader in people::addressees_with_role(tx.conn(), Role::Manager)? {
            tell(tx, &row, &shown(&number, reader.lang), reader, &mut told)?;
        }
    }
    Ok(())
}

/// Queues one notice, once an address.
fn tell(
    tx: &mut Tx<'_>,
    row: &OutcomeRow,
    number: &str,
    reader: Addressee,
    told: &mut Vec<String>,
) -> Result<()> {
    if told.contains(&reader.address) {
        return Ok(());
    }
    let notice = Notice::new("outcome-to-confirm", reader.address.clone(), reader.lang)
        .to_account(reader.account)
        .param("number", number)
        .link(paths::outcome(row.id))
        .about("outcome", row.id);
    told.push(reader.address);
    notice::queue(tx, notice).map(|_| ())
}
