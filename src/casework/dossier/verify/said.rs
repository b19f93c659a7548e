//! What a check says in words: one source for the command, its paper and, where it says the same, the page.

use super::{
    Code, Cosigned, Fault, Hashes, KeyStep, Logged, ReceiptReport, Report, Stamp, Summary, Verdict, approved,
    received,
};
use crate::{
    casework::dossier::facts::groups_of_four,
    platform::{
        i18n::{Lang, t, t_count, t_with},
        keys::PublicKey,
        terminal::printable,
        time::in_zone,
    },
};

/// What the caller had from elsewhere, with the names of the files that it stands in.
#[derive(Debug, Default)]
pub struct Given {
    /// Each key with its file.
    pub keys: Vec<(String, PublicKey)>,
    /// The file of the roots of time stamps; empty where there is none.
    pub roots: String,
    /// What came of the check of the receipt, where one was given.
    pub receipt: Option<ReceiptReport>,
}

impl Given {
    /// Whether a receipt was given that proves that this package was received.
    fn is_received(&self, report: &Report) -> bool {
        self.receipt.as_ref().is_some_and(|receipt| received::is_proved(receipt, report))
    }
}

/// One part of what is said: labelled values, and sentences after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub title: String,
    pub rows: Vec<(String, String)>,
    pub notes: Vec<String>,
}

impl Part {
    pub(super) fn new(lang: Lang, title: &str) -> Self {
        Self { title: t(lang, title), rows: Vec::new(), notes: Vec::new() }
    }

    pub(super) fn rows(mut self, lang: Lang, rows: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let label = |label: &str| t(lang, &format!("verify-label-{label}"));
        self.rows.extend(rows.into_iter().map(|(name, value)| (label(name), value)));
        self
    }

    pub(super) fn note(mut self, text: String) -> Self {
        self.notes.push(text);
        self
    }
}

/// What came of the check, in a sentence: of the package, and of a receipt that was given with it.
pub fn headline(report: &Report, given: &Given, lang: Lang) -> String {
    let fingerprint = report.signer.as_ref().map(|signer| signer.fingerprint.clone()).unwrap_or_default();
    let count = report.faults.len() + report.more_faults;
    match report.verdict {
        Verdict::Authentic if given.receipt.is_some() && !given.is_received(report) => {
            t(lang, "verify-authentic-receipt-not")
        }
        Verdict::Authentic => t(lang, "verify-authentic"),
        Verdict::NotAuthenticated if is_about_head(report) => t(lang, "verify-head-not-authenticated"),
        Verdict::NotAuthenticated if is_about_stamps(report) => t(lang, "verify-stamps-not-authenticated"),
        Verdict::NotAuthenticated if is_about_approver(report) => {
            t(lang, "verify-approver-not-authenticated")
        }
        Verdict::NotAuthenticated => {
            t_with(lang, "verify-not-authenticated", &[("fingerprint", fingerprint)])
        }
        Verdict::Faulty => t_count(lang, "verify-faulty", count as u64),
    }
}

/// Whether nothing stands against a package but who made its time stamps.
fn is_about_stamps(report: &Report) -> bool {
    let by_known = report.signer.as_ref().is_some_and(|signer| signer.trusted);
    by_known && report.faults.iter().any(|fault| fault.code == Code::StampAuthority)
}

/// Whether nothing stands against a package but that its approval is not by the given passkey.
fn is_about_approver(report: &Report) -> bool {
    let by_known = report.signer.as_ref().is_some_and(|signer| signer.trusted);
    by_known && report.faults.iter().any(|fault| fault.code == Code::ApprovalOther)
}

/// Whether the seal is by a known key, and the head of the log by another one.
fn is_about_head(report: &Report) -> bool {
    let by_known = report.signer.as_ref().is_some_and(|signer| signer.trusted);
    by_known && report.faults.iter().any(|fault| fault.code == Code::HeadOtherKey)
}

/// A fault with its file and what differs.
pub fn fault(fault: &Fault, lang: Lang) -> String {
    let file = if fault.file.is_empty() { t(lang, "verify-archive") } else { fault.file.clone() };
    let arguments = [("file", file), ("expected", fault.expected.clone()), ("found", fault.found.clone())];
    let key = match (fault.code, fault.found.is_empty()) {
        // Where nobody signed, it was not another key.
        (Code::OtherKey, true) => "verify-fault-other-key-unsigned".to_owned(),
        (Code::ApprovalOther, true) => "verify-fault-approval-other-unsigned".to_owned(),
        (Code::HeadOtherKey, true) => "verify-fault-head-other-key-unsigned".to_owned(),
        (code, _) => format!("verify-fault-{}", code.as_str()),
    };
    t_with(lang, &key, &arguments)
}

/// Every fault that is listed, and how many are not.
pub fn faults(report: &Report, lang: Lang) -> Vec<String> {
    let mut said: Vec<String> = report.faults.iter().map(|one| fault(one, lang)).collect();
    if report.more_faults > 0 {
        said.push(t_with(lang, "verify-more", &[("n", report.more_faults.to_string())]));
    }
    said
}

/// The zone in which times are told: that of the package, else UTC.
fn zone_of(report: &Report) -> &str {
    report.package.as_ref().map_or("UTC", |package| package.time_zone.as_str())
}

/// What a time stamp says, and whether its authority is known.
pub fn stamp(stamp: &Stamp, report: &Report, lang: Lang) -> String {
    let given = [
        ("over", printable(&stamp.over)),
        ("time", printable(&in_zone(&stamp.time, zone_of(report)))),
        ("authority", printable(&stamp.authority)),
        ("serial", stamp.serial.clone()),
    ];
    let key = if stamp.trusted { "verify-stamp" } else { "verify-stamp-unknown" };
    t_with(lang, key, &given)
}

/// What a witness says of the head of the log, and whether its key is known.
pub fn witness(one: &Cosigned, report: &Report, lang: Lang) -> String {
    let time = one.time.as_deref().map(|time| in_zone(time, zone_of(report))).unwrap_or_default();
    let given = [("name", printable(&one.name)), ("key", one.key.clone()), ("time", time)];
    let key = match (&one.time, one.checked) {
        (None, _) => "verify-witness-silent",
        (Some(_), true) => "verify-witness",
        (Some(_), false) => "verify-witness-unchecked",
    };
    t_with(lang, key, &given)
}

/// That one signing key named the next.
pub fn key_step(step: &KeyStep, lang: Lang) -> String {
    let given = [("old", step.old.clone()), ("new", step.new.clone()), ("time", step.at.clone())];
    t_with(lang, "verify-seal-step", &given)
}

/// What is proved, then what is not: the first is empty of a package that is not whole.
pub fn proved(report: &Report, given: &Given, lang: Lang) -> [Part; 2] {
    let mut proved = Part::new(lang, "verify-part-proved");
    let is_whole = report.verdict != Verdict::Faulty;
    let is_signed = is_whole && report.signer.as_ref().is_some_and(|signer| signer.trusted);
    let is_logged = is_whole && report.log.as_ref().is_some_and(|log| log.proven && log.trusted);
    let is_stamped = report.stamps.iter().any(|stamp| stamp.trusted);
    let is_received = given.is_received(report);
    let is_followed = !report.succession.is_empty();
    let has_sm3 = report.hashes == Hashes::Both;
    let said = [
        (is_whole, "verify-proved-bytes"),
        (is_whole && has_sm3, "verify-proved-files"),
        (is_whole && !has_sm3, "verify-proved-files-sha256"),
        (is_signed && !is_followed, "verify-proved-signer"),
        (is_signed && is_followed, "verify-proved-signer-followed"),
        (is_logged, "verify-proved-log"),
        (is_whole && is_stamped, "verify-proved-stamps"),
        (is_received, "verify-proved-receipt"),
        (!is_whole, "verify-proved-nothing"),
    ];
    proved.notes.extend(said.iter().filter(|(holds, _)| *holds).map(|(_, key)| t(lang, key)));
    let mut open = Part::new(lang, "verify-part-open");
    let said = [
        (!has_sm3, "verify-open-sm3"),
        (is_whole && !is_signed && given.keys.is_empty(), "verify-open-signer"),
        (is_whole && !is_signed && !given.keys.is_empty(), "verify-open-signer-other"),
        (true, "verify-open-truth"),
        (!given.keys.is_empty(), "verify-open-key"),
        (is_signed && is_followed, "verify-open-succession"),
        (!is_received, "verify-open-sent"),
        (true, "verify-open-log"),
        (!report.stamps.is_empty(), "verify-open-stamps"),
    ];
    open.notes.extend(said.iter().filter(|(holds, _)| *holds).map(|(_, key)| t(lang, key)));
    [proved, open]
}

/// What the package says of itself and what the check found of it, part by part. To be believed only of an authentic package.
pub fn parts(report: &Report, given: &Given, lang: Lang) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(package) = &report.package {
        parts.push(of_package(package, lang));
    }
    parts.extend(of_seal(report, given, lang));
    if let Some(package) = &report.package {
        let sent = Part::new(lang, "verify-part-sent").rows(lang, [("addressee", addressee(package, lang))]);
        let is_received = given.is_received(report);
        parts.push(sent.note(t(lang, if is_received { "verify-sent-received" } else { "verify-sent-note" })));
    }
    match &given.receipt {
        Some(receipt) => parts.extend(received::parts(receipt, report, lang)),
        None if report.package.is_some() => {
            parts.push(Part::new(lang, "verify-part-receipt").note(t(lang, "verify-receipt-note")));
        }
        None => {}
    }
    if let Some(log) = &report.log {
        parts.push(of_log(log, report, lang));
    }
    if report.package.is_some() || !report.stamps.is_empty() {
        parts.push(of_stamps(report, given, lang));
    }
    parts.extend(report.package.as_ref().map(|package| of_withheld(package, lang)));
    parts
}

fn of_package(package: &Summary, lang: Lang) -> Part {
    let part = Part::new(lang, "verify-part-package").rows(
        lang,
        [
            ("package", package.folder.clone()),
            ("lead", printable(&package.number)),
            ("version", package.version.to_string()),
            ("items", package.items.to_string()),
            ("withheld", package.withheld.to_string()),
            ("content", printable(&groups_of_four(&package.content_sha256))),
            ("manifest", printable(&groups_of_four(&package.manifest_sha256))),
        ],
    );
    if package.synthetic { part.note(t(lang, "verify-synthetic")) } else { part }
}

fn of_seal(report: &Report, given: &Given, lang: Lang) -> Option<Part> {
    if report.package.is_none() && report.signer.is_none() {
        return None;
    }
    let mut part = Part::new(lang, "verify-part-seal");
    if let Some(package) = &report.package {
        let approval = &package.approval;
        // A role that this program does not know stands as the seal has it.
        let role = |role: &str| match role {
            "approver" => t(lang, "role-approver"),
            "compiler" => t(lang, "role-compiler"),
            other => printable(other),
        };
        let composed = match &package.composer {
            Some(by) => vec![
                ("composed", in_zone(&by.at.to_string(), &package.time_zone)),
                ("composer-role", role(&by.role)),
                ("composer", by.composer.to_string()),
            ],
            None => vec![("composer", t(lang, "verify-composer-not-named"))],
        };
        part = part.rows(lang, [("sealed", in_zone(&package.sealed_at, &package.time_zone))]);
        part = part.rows(lang, composed);
        part = part.rows(
            lang,
            [
                ("approved", in_zone(&approval.at.to_string(), &package.time_zone)),
                ("role", role(&approval.role)),
                ("approver", approval.approver.to_string()),
                ("approval-entry", approval.audit_entry.to_string()),
            ],
        );
        part = approved::told(part, report, package, lang);
    }
    let Some(signer) = &report.signer else {
        return Some(part.note(t(lang, "verify-seal-unsigned")));
    };
    part =
        part.rows(lang, [("signer", printable(&signer.name)), ("fingerprint", signer.fingerprint.clone())]);
    // The given key is the signer's, or the one that the steps to it begin with.
    let held = report.succession.first().map_or(&signer.fingerprint, |step| &step.old);
    let of = |key: &PublicKey| key.fingerprint() == *held;
    let file = given.keys.iter().find(|(_, key)| of(key)).map(|(file, _)| file.clone());
    if let (Some(file), false) = (&file, report.succession.is_empty()) {
        part.notes.push(t_with(lang, "verify-seal-followed", &[("file", printable(file))]));
        part.notes.extend(report.succession.iter().map(|step| key_step(step, lang)));
        return Some(part);
    }
    Some(part.note(match file.filter(|_| signer.trusted) {
        Some(file) => t_with(lang, "verify-seal-trusted", &[("file", printable(&file))]),
        None if given.keys.is_empty() => t(lang, "verify-seal-no-keys"),
        None => t(lang, "verify-seal-untrusted"),
    }))
}

fn of_log(log: &Logged, report: &Report, lang: Lang) -> Part {
    let zone = zone_of(report);
    let mut rows = vec![
        ("log", printable(&log.origin)),
        ("log-index", log.index.to_string()),
        ("log-size", log.size.to_string()),
    ];
    if !log.entry_at.is_empty() {
        rows.push(("log-entry", printable(&in_zone(&log.entry_at, zone))));
    }
    if !log.tiles.is_empty() {
        rows.push(("log-tiles", printable(&log.tiles)));
    }
    let said = match (log.proven, log.trusted) {
        (true, true) => "verify-log-proven",
        (true, false) => "verify-log-untrusted",
        (false, _) => "verify-log-unproven",
    };
    let mut part = Part::new(lang, "verify-part-log").rows(lang, rows).note(t(lang, said));
    part.notes.push(t(lang, "verify-log-time"));
    part.notes.extend(report.witnesses.iter().map(|one| witness(one, report, lang)));
    part
}

fn of_stamps(report: &Report, given: &Given, lang: Lang) -> Part {
    let mut part = Part::new(lang, "verify-part-stamps");
    part.notes.extend(report.stamps.iter().map(|one| stamp(one, report, lang)));
    if report.more_stamps > 0 {
        part.notes.push(t_count(lang, "verify-more-stamps", report.more_stamps as u64));
    }
    part.note(match (report.stamps.is_empty(), given.roots.is_empty()) {
        (true, _) => t(lang, "verify-stamps-none"),
        (false, true) => t(lang, "verify-stamps-no-roots"),
        (false, false) => t_with(lang, "verify-stamps-roots", &[("file", printable(&given.roots))]),
    })
}

fn of_withheld(package: &Summary, lang: Lang) -> Part {
    let mut part = Part::new(lang, "verify-part-withheld");
    part.rows.extend(package.withheld_items.iter().map(|item| {
        let named = [
            ("n", item.number.to_string()),
            ("category", printable(lang.pick(&item.category.name_zh, &item.category.name_en))),
        ];
        (t_with(lang, "verify-withheld-item", &named), groups_of_four(&item.commitment))
    }));
    let is_none = package.withheld_items.is_empty();
    part.note(t(lang, if is_none { "verify-withheld-none" } else { "verify-withheld-note" }))
}

fn addressee(package: &Summary, lang: Lang) -> String {
    let name = lang.pick(&package.addressee, &package.addressee_en);
    format!(
        "{}{}{}{}",
        printable(name),
        lang.pick("（", " ("),
        printable(&package.addressee_code),
        lang.pick("）", ")")
    )
}
