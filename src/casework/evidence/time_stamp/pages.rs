//! What pages and sheets say of stamps, and how far the stamping is.

use chrono_tz::Tz;

use super::{Standing, Told, store::Stamp};
use crate::platform::{
    db::Instant,
    http::view::Fact,
    i18n::{self, Lang},
    money::grouped,
    paths, time,
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

/// How far the stamping is, on the administrators' page.
pub struct StandingView {
    pub facts: Vec<Fact>,
    /// What there is to be done; empty: nothing.
    pub missing: String,
    /// Whether it is being done.
    pub is_under_way: bool,
    /// Where the jobs are that have failed; empty: none has.
    pub failed: String,
}

impl StandingView {
    /// `authorities`: their addresses.
    pub fn new(found: &Standing, authorities: &[String], lang: Lang) -> Self {
        let t = |key: &str| i18n::t(lang, key);
        let figure = |n: i64| grouped(n.unsigned_abs());
        let facts = vec![
            Fact::new(t("timestamp-authority"), authorities.join(&lang.comma())),
            Fact::new(t("timestamp-count-asked"), figure(found.asked)),
            Fact::new(t("timestamp-count-outstanding"), figure(found.outstanding)),
            Fact::new(t("timestamp-count-failed"), figure(found.failed)),
            Fact::new(t("timestamp-count-missing"), figure(found.missing())),
        ];
        let missing = match found.missing() {
            0 => String::new(),
            _ => {
                let (files, seals) = (found.files.to_string(), found.seals.to_string());
                i18n::t_with(lang, "timestamp-missing", &[("files", files), ("seals", seals)])
            }
        };
        let failed = match found.failed {
            0 => String::new(),
            _ => format!("{}?state=failed&kind={}", paths::ADMIN_JOBS, super::JOB),
        };
        Self { facts, missing, is_under_way: found.is_under_way, failed }
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
    stamps.iter().filter_map(line).collect::<Vec<_>>().join(&lang.semicolon())
}
