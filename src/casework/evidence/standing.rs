//! How an item stands beside what is recorded of it: whether its bytes are as they were stored and when they were last
//! read back, the time stamps over them, the records of its sealed medium, what it was made of or what was made of it, and the
//! papers that tell of it.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::{
    redaction::{
        RedactionView, RequestView,
        model::Material,
        request,
        store::{self as redaction, Redaction},
    },
    sales::{
        self,
        pages::{headline, path as sales_path},
        store::{Records, Total},
    },
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
    origin: Option<Redaction>,
    redactions: Vec<Redaction>,
    request: Option<request::Standing>,
    names: HashMap<Id, String>,
    sales: Option<Total>,
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
    let (origin, redactions) = (redaction::origin_of(conn, item.id)?, redaction::made_of(conn, item.id)?);
    let authors = origin.iter().chain(&redactions).map(|one| one.redacted_by);
    let people_in: Vec<Id> = authors.chain(sealings.iter().map(|record| record.recorded_by)).collect();
    Ok(Standing {
        alarm: scrub::open_of(conn, item.blob_id)?,
        last: scrub::last(conn, item.blob_id)?,
        names: people::names(conn, people_in)?,
        sales: sales::store::of_item(conn, item.lead_id, item.id)?,
        stamps: time_stamp::of_file(conn, item.blob_id)?,
        sealings,
        request: request::standing(conn, item.id)?,
        origin,
        redactions,
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
    /// What it was made of by blacking something out; at most one.
    pub origins: Vec<RedactionView>,
    /// What was made of it so, the newest last.
    pub redactions: Vec<RedactionView>,
    /// One that was asked for, where it is being made or could not be.
    pub request: Option<RequestView>,
    /// Where another one is made of it; empty: none can be.
    pub redact: String,
    /// What it comes to as sales records; empty: it is not marked.
    pub sales: String,
    /// Where it is marked, or its sums are; empty: it may be no table.
    pub sales_page: String,
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
        let redacted = |one: &Redaction| RedactionView::new(c, one, &standing.names, zone);
        let can_be_redacted = Material::of(&item.blob.media_type).is_some() && !standing.is_ill();
        let stamp = |told: &Told| StampView::new(told, &href, c.language, zone);
        let newest = standing.redactions.iter().map(|one| one.other.id).max();
        let asked = standing.request.as_ref();
        Self {
            request: asked.and_then(|asked| RequestView::new(c, asked, newest, zone)),
            origins: standing.origin.iter().map(redacted).collect(),
            redactions: standing.redactions.iter().map(redacted).collect(),
            redact: if can_be_redacted { format!("{href}/redact") } else { String::new() },
            alarm,
            last: Fact::new(c.t("evidence-last-read"), last),
            verify: format!("{href}/verify"),
            stamps: standing.stamps.iter().map(stamp).collect(),
            sealings: standing.sealings.iter().map(view).collect(),
            record: format!("{href}/sealing"),
            sheets: ["pdf", "csv"].map(sheet).into(),
            sales: standing.sales.as_ref().map_or_else(String::new, |total| {
                let records = Records { totals: vec![total.clone()], parts: Vec::new() };
                headline(&records.whole(), 1, c.language)
            }),
            sales_page: if is_table(item) { sales_path(item.id) } else { String::new() },
        }
    }
}

/// Whether a file may be a table, by its type: what it is is found out when it is read.
fn is_table(item: &Item) -> bool {
    let media = item.blob.media_type.as_str();
    item.kind == "file"
        && (media.starts_with("text/") || media.contains("spreadsheetml") || media.ends_with("/zip"))
}
