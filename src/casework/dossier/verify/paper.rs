//! The check on paper, for the file of a court: what was checked, what came of it in the words of the command, and who answers for
//! it.

use super::{
    Report,
    said::{self, Given, Part},
};
use crate::platform::{
    db::Instant,
    error::{AppError, Result},
    i18n::{Lang, t, t_with},
    pdf::{Flow, Frame, Margins, Meta, Setup, Signature, Style, Words, grouped},
    terminal::printable,
    time::{format_exact, zone},
};

/// What was checked, by what and when.
#[derive(Debug)]
pub struct Checked<'c> {
    /// The name of the file, without its folder.
    pub file: &'c str,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of the whole file, lower-case hex.
    pub sha256: &'c str,
    pub at: Instant,
    /// Version of the program.
    pub version: &'c str,
    pub given: &'c Given,
}

/// What came of it: a report, or why the file can't be read as a package.
pub enum Outcome<'o> {
    Read(&'o Report),
    Unreadable(&'o str),
}

/// The paper as a PDF.
///
/// # Errors
/// Internal, when the file cannot be put together.
pub fn pdf(outcome: &Outcome<'_>, checked: &Checked<'_>, lang: Lang) -> Result<Vec<u8>> {
    let title = t(lang, "verify-paper-title");
    let mut flow = Flow::new(setup(outcome, checked, &title, lang));
    flow.bookmark(1, &title);
    flow.paragraph(&title, Style::BODY.flush().bold().sized(18.0));
    headed(&mut flow, &t(lang, "verify-part-file"));
    facts(&mut flow, &about(outcome, checked, lang));
    headed(&mut flow, &t(lang, "verify-part-result"));
    match outcome {
        Outcome::Unreadable(why) => {
            let text = t_with(lang, "verify-unreadable", &[("why", (*why).to_owned())]);
            flow.paragraph(&text, Style::BODY.flush().bold());
            flow.paragraph(&t(lang, "verify-proved-nothing"), Style::BODY.flush());
        }
        Outcome::Read(report) => read(&mut flow, report, checked.given, lang),
    }
    signed(&mut flow, lang);
    let frame = |_, _| Frame {
        head_left: title.clone(),
        head_right: printable(checked.file),
        foot: vec![t(lang, "verify-paper-foot"), grouped(checked.sha256)],
        numbered: true,
    };
    flow.finish(&frame).map_err(|e| AppError::Internal(Box::new(e)))
}

fn setup(outcome: &Outcome<'_>, checked: &Checked<'_>, title: &str, lang: Lang) -> Setup {
    let package = match outcome {
        Outcome::Read(report) => report.package.as_ref(),
        Outcome::Unreadable(_) => None,
    };
    Setup {
        meta: Meta {
            title: format!("{title} {}", printable(checked.file)),
            author: format!("Lead Handoff {}", checked.version),
            subject: package.map(|package| package.folder.clone()).unwrap_or_default(),
            keywords: vec![checked.sha256.to_owned()],
            language: lang.tag(),
            made_at: checked.at.utc(),
        },
        margins: Margins::REPORT,
        words: match lang {
            Lang::Zh => Words::zh(),
            Lang::En => Words::en(),
        },
        synthetic: package.is_some_and(|package| package.synthetic),
    }
}

/// The parts are many and short, so their headings are small.
fn headed(flow: &mut Flow, title: &str) {
    flow.heading(2, title);
}

fn facts(flow: &mut Flow, rows: &[(String, String)]) {
    let rows: Vec<(&str, String)> =
        rows.iter().map(|(label, value)| (label.as_str(), value.clone())).collect();
    flow.facts(&rows);
}

/// The file itself, and the check.
fn about(outcome: &Outcome<'_>, checked: &Checked<'_>, lang: Lang) -> Vec<(String, String)> {
    let named = match outcome {
        Outcome::Read(report) => report.package.as_ref().map_or("", |package| package.time_zone.as_str()),
        Outcome::Unreadable(_) => "",
    };
    let at = zone(named).map_or_else(|| checked.at.to_string(), |zone| format_exact(checked.at, zone));
    let rows = [
        ("file", printable(checked.file)),
        ("size", t_with(lang, "verify-paper-bytes", &[("n", checked.size.to_string())])),
        ("sha256", grouped(checked.sha256)),
        ("checked", at),
        ("program", format!("Lead Handoff {}", checked.version)),
    ];
    rows.into_iter().map(|(label, value)| (t(lang, &format!("verify-label-{label}")), value)).collect()
}

fn read(flow: &mut Flow, report: &Report, given: &Given, lang: Lang) {
    flow.paragraph(&said::headline(report, given, lang), Style::BODY.flush().bold().sized(12.0));
    let faults = said::faults(report, lang);
    if !faults.is_empty() {
        flow.heading(3, &t(lang, "verify-part-faults"));
        for (n, fault) in (1..).zip(&faults) {
            flow.paragraph(&format!("{n}. {fault}"), Style::BODY.flush());
        }
    }
    for told in said::proved(report, given, lang) {
        part(flow, &told, 0.0);
    }
    if report.verdict != super::Verdict::Authentic && report.package.is_some() {
        flow.paragraph(&t(lang, "verify-unproven"), Style::BODY.flush().bold());
    }
    let parts = said::parts(report, given, lang);
    for (left, told) in (0..parts.len()).rev().zip(&parts) {
        // No page bears the lines to sign alone: the end of the last part goes with them.
        part(flow, told, if left == 0 { closing_height() } else { 0.0 });
    }
}

/// A part; its last sentence stands on a page that has so many points left below it.
fn part(flow: &mut Flow, part: &Part, below: f32) {
    if part.rows.is_empty() && part.notes.is_empty() {
        return;
    }
    let together = if below > 0.0 { NOTE + below } else { 0.0 };
    if part.rows.is_empty() && part.notes.len() == 1 {
        flow.ensure(HEADING + together);
    }
    headed(flow, &part.title);
    if !part.rows.is_empty() {
        facts(flow, &part.rows);
    }
    for (left, note) in (0..part.notes.len()).rev().zip(&part.notes) {
        if left == 0 {
            flow.ensure(together);
        }
        flow.paragraph(note, Style::BODY.flush());
    }
}

/// Points that the heading of a part takes, and a sentence of three lines.
const HEADING: f32 = 36.0;
const NOTE: f32 = 58.0;
/// The lines to sign on.
const LINES: [&str; 4] =
    ["verify-paper-name", "verify-paper-unit", "verify-paper-signature", "verify-paper-date"];

/// What the heading and the lines to sign on take.
fn closing_height() -> f32 {
    HEADING + Flow::signature_height(LINES.len()) + 12.0
}

/// Who checked, and who was there, with lines to sign on.
fn signed(flow: &mut Flow, lang: Lang) {
    flow.ensure(closing_height());
    headed(flow, &t(lang, "verify-part-checker"));
    let lines = || LINES.map(|key| t(lang, key)).to_vec();
    let roles = ["verify-paper-checker", "verify-paper-witness"];
    flow.signatures(&roles.map(|role| Signature { role: t(lang, role), lines: lines() }));
}
