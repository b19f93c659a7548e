//! Receipts on file that a second person is to record.

use diesel::{prelude::*, sql_types::Bool};

use super::without_accounts;
use crate::{
    handover::transfer::senders::first_senders_of_each,
    platform::{
        db::{
            Connection, Id, fixed,
            schema::{delivery, transfer},
        },
        error::Result,
    },
};

/// That the delivery is the newest of its transfer and nobody recorded that it was received.
const UNRECORDED: &str = "NOT EXISTS (SELECT 1 FROM transfer_step s WHERE s.transfer_id = delivery.transfer_id \
    AND s.kind = 'received' AND s.delivery_id = delivery.id) \
    AND NOT EXISTS (SELECT 1 FROM delivery n WHERE n.transfer_id = delivery.transfer_id AND n.id > delivery.id)";
const LIVE: &str =
    "transfer.state NOT IN ('not_accepted', 'not_filed', 'returned', 'forwarded', 'withdrawn')";
/// So many leads are asked for their way at once.
const AT_ONCE: usize = 500;

/// As SQL on `transfer`: whose receipt is on file and waits to be recorded, by whomever.
pub(super) fn on_file() -> String {
    format!(
        "transfer.id IN (SELECT delivery.transfer_id FROM delivery WHERE delivery.receipt_blob_id IS NOT NULL \
         AND {UNRECORDED}) AND {}",
        goes_on()
    )
}

fn goes_on() -> String {
    format!("{LIVE} AND (transfer.channel <> 'portal' OR {})", without_accounts("transfer"))
}

/// The transfers whose receipt is on file and waits to be recorded by somebody else than their sender, who `me` is not.
/// Whoever sent what was forwarded there is its sender too.
///
/// # Errors
/// Those of the database.
pub fn to_record(conn: &mut Connection, me: Id) -> Result<Vec<Id>> {
    type Row = (Id, (Id, Id));
    let rows: Vec<Row> = delivery::table
        .inner_join(transfer::table)
        .filter(delivery::receipt_blob_id.is_not_null())
        .filter(delivery::sent_by.ne(me))
        .filter(fixed::<Bool>(UNRECORDED))
        .filter(fixed::<Bool>(goes_on()))
        .select((transfer::id, (transfer::lead_id, transfer::agency_id)))
        .load(conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for part in rows.chunks(AT_ONCE) {
        let ways: Vec<(Id, Id)> = part.iter().map(|(_, way)| *way).collect();
        let first = first_senders_of_each(conn, &ways)?;
        let others = part.iter().zip(first).filter(|(_, first)| !first.contains(&me));
        found.extend(others.map(|((id, _), _)| *id));
    }
    Ok(found)
}
