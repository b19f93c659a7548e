//! What an approver should know of the versions before this one: why the last one that was decided about came back,
//! and what agencies that have an earlier version still ask for.

use diesel::prelude::*;

use super::{
    asked::{self, Asked, joined},
    store::{self, Review},
};
use crate::{
    casework::lead::remark,
    platform::{
        db::{Connection, Instant, schema::composition},
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
    let asked = if of.decision.is_some() { Vec::new() } else { asked::open(conn, of.lead_id)? };
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
    let asked =
        earlier.asked.iter().map(|one| Fact::new(i18n::t(lang, "review-fact-asked"), one.said(zone, lang)));
    facts.extend(asked);
    facts
}
