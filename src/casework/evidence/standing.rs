//! How an item stands beside what is recorded of it: whether its bytes are as they were stored and when they were last
//! read back, the time stamps over them, the records of its sealed medium, and the papers that tell of it.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::{
    scrub::store::{self as scrub, Alarm},
    sealing::{
        pages::SealingView,
        store::{self as sealing, Record},
    },
    store::Item,
    time_stamp::{self, StampView, Told},
};
use crate::{
    directory::people::store as people,
    platform::{
        db::{Connection, Id, Instant},
        error::Result,
        http::{
            layout::Chrome,
            view::{Fact, Link},
        },
        paths, time,
    },
};

/// What is read of an item.
pub(super) struct Standing {
    alarm: Option<Alarm>,
    last: Option<(Instant, String)>,
    stamps: Vec<Told>,
    sealings: Vec<Record>,
    names: HashMap<Id, String>,
}

impl Standing {
    /// Whether the bytes are not as they were stored, so that nothing can be shown of them.
    pub(super) fn is_ill(&self) -> bool {
        self.alarm.is_some()
    }
}

/// Reads it.
///
/// # Errors
/// Those of the database.
pub(super) fn of(conn: &mut Connection, item: &Item) -> Result<Standing> {
    let sealings = sealing::of_items(conn, &[item.id])?.remove(&item.id).unwrap_or_default();
    Ok(Standing {
        alarm: scrub::open_of(conn, item.blob_id)?,
        last: scrub::last(conn, item.blob_id)?,
        stamps: time_stamp::of_file(conn, item.blob_id)?,
        names: people::names(conn, sealings.iter().map(|record| record.recorded_by))?,
        sealings,
    })
}

/// What the item's page shows of it.
pub struct StandingView {
    /// What is wrong with the bytes, since when, and what follows; empty: nothing.
    pub alarm: String,
    /// When the bytes were last read back, and what that came to.
    pub last: Fact,
    /// Where they are asked to be read back now.
    pub verify: String,
    /// Over the bytes, in the order in which they were asked for.
    pub stamps: Vec<StampView>,
    /// The newest last.
    pub sealings: Vec<SealingView>,
    /// Where the sealing of the medium is recorded.
    pub record: String,
    /// The custody sheet, as PDF and CSV.
    pub sheets: Vec<Link>,
}

impl StandingView {
    pub(super) fn new(c: &Chrome, item: &Item, standing: &Standing, zone: Tz) -> Self {
        let said = |word: &str| c.t(format!("evidence-fault-{word}"));
        let when = |at: Instant| time::format_instant(at, zone, c.language);
        let alarm = standing.alarm.as_ref().map_or_else(String::new, |alarm| {
            let told = [("fault", said(&alarm.fault)), ("time", when(alarm.raised_at))];
            c.ta("evidence-alarm-text", &told.each_ref().map(|(name, value)| (*name, value.as_str())))
        });
        let last = standing.last.as_ref().map_or_else(
            || c.t("evidence-never-read"),
            |(at, word)| format!("{} · {}", when(*at), said(word)),
        );
        let href = paths::evidence(item.id);
        let sheet = |format: &str| {
            Link::new(c.t(format!("custody-sheet-{format}")), format!("{href}/custody.{format}"))
        };
        let view = |record: &Record| SealingView::new(record, &standing.names, c.language, zone);
        let stamp = |told: &Told| StampView::new(told, &href, c.language, zone);
        Self {
            alarm,
            last: Fact::new(c.t("evidence-last-read"), last),
            verify: format!("{href}/verify"),
            stamps: standing.stamps.iter().map(stamp).collect(),
            sealings: standing.sealings.iter().map(view).collect(),
            record: format!("{href}/sealing"),
            sheets: ["pdf", "csv"].map(sheet).into(),
        }
    }
}
