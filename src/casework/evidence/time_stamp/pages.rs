//! What pages and sheets say of stamps.

use chrono_tz::Tz;

use super::{Told, store::Stamp};
use crate::platform::{
    db::Instant,
    http::view::Fact,
    i18n::{self, Lang},
    time,
};

/// A stamp on a page.
pub struct StampView {
    pub facts: Vec<Fact>,
    /// What it waits for; empty: it is here.
    pub waits: String,
    /// Where its token is; empty: it is not here.
    pub href: String,
}

impl StampView {
    /// `page`: address of the page that it stands on.
    pub fn new(told: &Told, page: &str, lang: Lang, zone: Tz) -> Self {
        let t = |key: &str| i18n::t(lang, key);
        let when = |at: Instant| time::format_exact(at, zone);
        let stamp = &told.stamp;
        let mut facts = Vec::new();
        if let Some(at) = stamp.stamped_at {
            facts.push(Fact::new(t("timestamp-time"), when(at)));
        }
        facts.push(Fact::new(t("timestamp-authority"), authority(stamp)));
        if let Some(serial) = &stamp.serial {
            facts.push(Fact::new(t("timestamp-serial"), serial));
        }
        if stamp.received_at.is_none() {
            facts.push(Fact::new(t("timestamp-asked"), when(stamp.asked_at)));
        }
        let is_here = stamp.received_at.is_some();
        Self {
            facts,
            waits: if is_here { String::new() } else { waits(told, lang) },
            href: if is_here { format!("{page}/timestamps/{}.tsr", stamp.id) } else { String::new() },
        }
    }
}

/// Address and, where it says so, name.
fn authority(stamp: &Stamp) -> String {
    match stamp.signer.as_deref().unwrap_or_default() {
        "" => stamp.authority.clone(),
        signer => format!("{signer} · {}", stamp.authority),
    }
}

fn waits(told: &Told, lang: Lang) -> String {
    let (failed, tried) = match &told.job {
        Some(job) => (job.state == "failed", job.last_error.is_some()),
        None => (true, false),
    };
    let key = match (failed, tried) {
        (true, _) => "timestamp-refused",
        (_, true) => "timestamp-away",
        _ => "timestamp-waiting",
    };
    i18n::t(lang, key)
}

/// The stamps that are here: when, by whom, under which serial number.
pub fn in_words(stamps: &[Stamp], lang: Lang, zone: Tz) -> String {
    let line = |stamp: &Stamp| {
        let at = time::format_exact(stamp.stamped_at?, zone);
        Some(format!("{at} · {} · {}", authority(stamp), stamp.serial.as_deref().unwrap_or_default()))
    };
    stamps.iter().filter_map(line).collect::<Vec<_>>().join(lang.pick("；", "; "))
}
