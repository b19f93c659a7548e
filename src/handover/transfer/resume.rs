//! The time limits of a transfer run on, after what ended them turned out to be a mistake.

use chrono_tz::Tz;

use super::{
    actions::{events, refresh_due},
    model::StepKind,
    store,
};
use crate::{
    handover::deadline::{self, Recorded},
    platform::{
        db::{Id, Instant, Tx},
        error::Result,
        time,
    },
};

/// A mistake that ended what ran.
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    /// When the clocks took it to have happened.
    pub at: Instant,
    /// When it was recorded.
    pub recorded_at: Instant,
}

/// What ran until the mistake runs on, as far as no step of the transfer ended it too, then or since.
///
/// # Errors
/// Those of the database.
pub fn run_on(tx: &mut Tx<'_>, id: Id, mistake: Mistake, zone: Tz) -> Result<()> {
    let mut recorded = Vec::new();
    for row in store::step_rows(tx.conn(), id)? {
        let at = row.on_day.map_or(row.at, |day| time::end_of_day(day, zone).min(row.at));
        let is_since = row.at > mistake.recorded_at;
        let kind = row.kind.parse::<StepKind>();
        let events = kind.iter().flat_map(|kind| events(*kind));
        recorded.extend(events.map(|event| Recorded { event: *event, at, is_since }));
    }
    deadline::run_on(tx, id, mistake.at, &recorded, zone)?;
    refresh_due(tx, id)
}
