//! What the administrators' page of alarms shows.

use std::collections::HashMap;

use askama::Template;
use chrono_tz::Tz;

use super::store::Listed;
use crate::{
    casework::evidence::time_stamp::StandingView,
    platform::{
        db::Id,
        file_size,
        http::{
            layout::Chrome,
            view::{Link, Pager, groups_of_four},
        },
        money::grouped,
        paths, time,
        vault::path_of,
    },
};

/// A file that is not as it was stored. No administrator sees what it is evidence of.
pub struct AlarmView {
    pub fault: String,
    pub since: String,
    /// Where the object lies below the folder of objects, in the store and in a backup.
    pub path: String,
    pub size: String,
    pub sha256: String,
    /// How many items it is, and who works on their leads.
    pub held: String,
    /// When it was last looked at, and what that came to.
    pub last: String,
    /// Where it is looked at again.
    pub check: String,
}

impl AlarmView {
    pub fn new(
        c: &Chrome,
        row: &Listed,
        holders: &HashMap<Id, Vec<Id>>,
        names: &HashMap<Id, String>,
        zone: Tz,
    ) -> Self {
        let when = |at| time::format_instant(at, zone, c.language);
        let said = |word: &str| c.t(format!("evidence-fault-{word}"));
        Self {
            fault: said(&row.fault),
            since: when(row.raised_at),
            path: path_of(row.blob_id.uuid()),
            size: file_size::full(row.size.cast_unsigned(), c.language),
            sha256: data_encoding::HEXLOWER.encode(&row.sha256),
            held: held(c, holders.get(&row.blob_id).map_or(&[], Vec::as_slice), names),
            last: format!("{} · {}", when(row.checked_at), said(&row.result)),
            check: format!("{}/{}/check", paths::ADMIN_EVIDENCE, row.id),
        }
    }

    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.sha256)
    }
}

fn held(c: &Chrome, people: &[Id], names: &HashMap<Id, String>) -> String {
    if people.is_empty() {
        return c.t("alarm-held-none");
    }
    let mut known: Vec<&str> = people.iter().filter_map(|id| names.get(id)).map(String::as_str).collect();
    known.sort_unstable();
    known.dedup();
    let count = grouped(people.len() as u64);
    c.ta("alarm-held", &[("n", count.as_str()), ("names", &known.join(&c.language.comma()))])
}

/// The alarms that are open, and the time stamps over what is stored.
#[derive(Template)]
#[template(path = "casework/evidence/alarms.html")]
pub struct AlarmsPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub rows: Vec<AlarmView>,
    pub pager: Pager,
    /// How far the stamping is; `None`: no authority is asked.
    pub stamps: Option<StandingView>,
}
