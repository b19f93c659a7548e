//! What an approver should know of the versions before this one: why the last one that was decided about came back,
//! and what agencies that have an earlier version still ask for. It reads, and never writes, `transfer`,
//! `supplement_request` and `deadline` of the later stages.

use diesel::{prelude::*, sql_types::Bool};

use super::store::{self, Review};
use crate::{
    casework::lead::remark,
    directory::reference::reasons,
    platform::{
        db::{
            Connection, Id, Instant, fixed,
            schema::{agency, composition, supplement_request, transfer},
        },
        error::Result,
        http::view::Fact,
        i18n::{self, Lang},
        time::{self, Tz},
    },
};

/// As SQL on `transfer`, for all stages: that no time limit for forwarding runs. What its agency found not to be its own is
/// neither to be accepted nor to be filed there, and nobody waits for its supplement.
pub const NOT_TO_FORWARD: &str = "NOT EXISTS (SELECT 1 FROM deadline w WHERE w.transfer_id = transfer.id \
    AND w.stopped_at IS NULL AND w.clock_code = 'PSB-FORWARD')";

/// The versions before.
pub(super) struct Earlier {
    returned: Option<Returned>,
    asked: Vec<Asked>,
}

struct Returned {
    version: i32,
    at: Instant,
    reasons: String,
}

struct Asked {
    agency: (String, String),
    code: String,
    text: String,
    at: Instant,
}

type AskedRow = (String, Option<Id>, Instant, String, String);

/// What came before a review of a lead.
///
/// # Errors
/// Those of the database.
pub(super) fn read(conn: &mut Connection, of: &Review) -> Result<Earlier> {
    let before = store::of_lead(conn, of.lead_id)?;
    // What was approved since has mended it.
    let decided = |one: &Review| matches!(one.decision.as_deref(), Some("approved" | "returned"));
    let last = before.into_iter().find(|one| one.id < of.id && decided(one));
    let mut returned = None;
    if let Some(last) = last.filter(|last| last.decision.as_deref() == Some("returned"))
        && let Some(decision) = store::decision_of(conn, last.id)?
    {
        let version: i32 =
            composition::table.find(last.composition_id).select(composition::version).first(conn)?;
        let reasons = remark::bodies(conn, decision.remark_id)?.into_values().next().unwrap_or_default();
        returned = Some(Returned { version, at: decision.at, reasons });
    }
    // A decided review answers for nothing that was asked since.
    let rows: Vec<AskedRow> = if of.decision.is_some() {
        Vec::new()
    } else {
        supplement_request::table
            .inner_join(transfer::table.inner_join(agency::table))
            .filter(transfer::lead_id.eq(of.lead_id))
            .filter(transfer::state.eq("supplement_requested"))
            .filter(supplement_request::answered_at.is_null())
            .filter(fixed::<Bool>(NOT_TO_FORWARD))
            .order(supplement_request::asked_at.asc())
            .select((
                supplement_request::code,
                supplement_request::remark_id,
                supplement_request::asked_at,
                agency::name_zh,
                agency::name_en,
            ))
            .load(conn)?
    };
    let texts = remark::bodies(conn, rows.iter().filter_map(|row| row.1))?;
    let asked = rows
        .into_iter()
        .map(|(code, remark_id, at, zh, en)| Asked {
            agency: (zh, en),
            code,
            text: remark_id.and_then(|id| texts.get(&id)).cloned().unwrap_or_default(),
            at,
        })
        .collect();
    Ok(Earlier { returned, asked })
}

/// The same in words.
pub(super) fn facts(earlier: &Earlier, zone: Tz, lang: Lang) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(last) = &earlier.returned {
        let version = i18n::t_with(lang, "dossier-version", &[("n", last.version.to_string())]);
        let when = time::format_instant(last.at, zone, lang);
        facts.push(Fact::new(
            i18n::t(lang, "review-fact-returned-before"),
            joined(&[&version, &when, &last.reasons]),
        ));
    }
    for one in &earlier.asked {
        let on = time::day_of(one.at, zone);
        let reason = reasons().get(&one.code, on).map_or(one.code.as_str(), |found| found.name(lang));
        let agency = lang.pick(&one.agency.0, &one.agency.1);
        let when = time::format_instant(one.at, zone, lang);
        facts
            .push(Fact::new(i18n::t(lang, "review-fact-asked"), joined(&[agency, &when, reason, &one.text])));
    }
    facts
}

fn joined(parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    said.join(" · ")
}
