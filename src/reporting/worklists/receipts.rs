//! Receipts on file that a second person is to record.

use diesel::{dsl::sql, prelude::*, sql_types::Bool};

use super::read::{SHOWN, TransferRow};
use crate::{
    handover::{
        transfer::senders::first_senders_of_each,
        waiting::{REVOKED, without_accounts},
    },
    platform::{
        db::{
            Connection, Id,
            schema::{agency, delivery, transfer, transfer_face},
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
    let (mut rows, mut read) = (Vec::new(), 0);
    // Own ones, which only their way tells, must not take the place of those behind them.
    loop {
        let found = of_others(conn, me, read)?;
        let count = i64::try_from(found.len()).unwrap_or(SHOWN);
        let (whose, found): (Vec<(Id, Id)>, Vec<TransferRow>) = found.into_iter().unzip();
        let first = first_senders_of_each(conn, &whose)?;
        let kept = found.into_iter().zip(first).filter(|(_, first)| !first.contains(&me));
        rows.extend(kept.map(|(row, _)| row));
        read += count;
        if count < SHOWN || rows.len() >= SHOWN as usize {
            rows.truncate(SHOWN as usize);
            return Ok(rows);
        }
    }
}

/// So many as are shown of those whose last delivery somebody else than `me` made, from the `offset`th on; each with its
/// lead and agency.
fn of_others(conn: &mut Connection, me: Id, offset: i64) -> Result<Vec<((Id, Id), TransferRow)>> {
    let delivered = delivery::table
        .filter(delivery::receipt_blob_id.is_not_null())
        .filter(delivery::sent_by.ne(me))
        .filter(sql::<Bool>(UNRECORDED))
        .select(delivery::transfer_id);
    Ok(transfer::table
        .inner_join(agency::table)
        .inner_join(transfer_face::table)
        .filter(transfer::channel.ne("portal").or(sql::<Bool>(&without_accounts("transfer"))))
        .filter(sql::<Bool>(LIVE))
        .filter(transfer::id.eq_any(delivered))
        .order((transfer::next_due_at.is_null(), transfer::next_due_at, transfer::seq.desc()))
        .limit(SHOWN)
        .offset(offset)
        .select((
            (transfer::lead_id, transfer::agency_id),
            (
                transfer::id,
                transfer::number,
                transfer::state,
                (agency::name_zh, agency::name_en),
                transfer::next_due_at,
                transfer::synthetic,
                sql::<Bool>(REVOKED),
                transfer_face::title,
            ),
        ))
        .load(conn)?)
}
