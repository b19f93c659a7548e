//! What goes with a list of transfers: why each stands where it does.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::prelude::*;

use super::list::Reason;
use crate::{
    handover::transfer::store::TransferRow,
    platform::{
        db::{Connection, Id, Instant, schema::transfer_step},
        error::Result,
        time,
    },
};

/// The reasons of the steps that took transfers where they stand now; of those that came there without one, none.
pub(super) fn whys<'a>(
    conn: &mut Connection,
    found: impl Iterator<Item = &'a TransferRow>,
    zone: Tz,
) -> Result<HashMap<Id, Reason>> {
    let states: HashMap<Id, &str> = found.map(|row| (row.id, row.state.as_str())).collect();
    let ids: Vec<Id> = states.keys().copied().collect();
    type Step = (Id, String, Option<String>, Instant, Option<NaiveDate>);
    let steps: Vec<Step> = transfer_step::table
        .filter(transfer_step::transfer_id.eq_any(&ids))
        .filter(transfer_step::reason_code.is_not_null())
        .order((transfer_step::transfer_id, transfer_step::at))
        .select((
            transfer_step::transfer_id,
            transfer_step::kind,
            transfer_step::reason_code,
            transfer_step::at,
            transfer_step::on_day,
        ))
        .load(conn)?;
    let still = steps.into_iter().filter(|step| states.get(&step.0) == Some(&step.1.as_str()));
    let reason =
        |(id, _, code, at, day): Step| Some((id, (code?, day.unwrap_or_else(|| time::day_of(at, zone)))));
    Ok(still.filter_map(reason).collect())
}
