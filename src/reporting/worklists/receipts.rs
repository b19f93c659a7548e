//! Receipts on file that a second person is to record.

use diesel::{dsl::sql, prelude::*, sql_types::Bool};

use super::read::{SHOWN, TransferRow};
use crate::{
    handover::{transfer::senders::first_senders_of_each, waiting::without_accounts},
    platform::{
        db::{
            Connection, Id,
            schema::{agency, delivery, transfer},
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

/// Transfers whose receipt is on file and waits to be recorded by somebody else than their sender, the most urgent
/// first. Whoever sent what was forwarded there is its sender too.
///
/// # Errors
/// Those of the database.
pub fn to_record(conn: &mut Connection, me: Id) -> Result<Vec<TransferRow>> {
    let of_others = delivery::table
        .filter(delivery::receipt_blob_id.is_not_null())
        .filter(delivery::sent_by.ne(me))
        .filter(sql::<Bool>(UNRECORDED))
        .select(delivery::transfer_id);
    let found: Vec<((Id, Id), TransferRow)> = transfer::table
        .inner_join(agency::table)
        .filter(transfer::channel.ne("portal").or(sql::<Bool>(&without_accounts("transfer"))))
        .filter(sql::<Bool>(LIVE))
        .filter(transfer::id.eq_any(of_others))
        .order((transfer::next_due_at.is_null(), transfer::next_due_at, transfer::seq.desc()))
        .limit(SHOWN)
        .select((
            (transfer::lead_id, transfer::agency_id),
            (
                transfer::id,
                transfer::number,
                transfer::state,
                (agency::name_zh, agency::name_en),
                transfer::next_due_at,
                transfer::synthetic,
            ),
        ))
        .load(conn)?;
    let (whose, rows): (Vec<(Id, Id)>, Vec<TransferRow>) = found.into_iter().unzip();
    let first = first_senders_of_each(conn, &whose)?;
    Ok(rows.into_iter().zip(first).filter(|(_, first)| !first.contains(&me)).map(|(row, _)| row).collect())
}
