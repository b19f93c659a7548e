//! What agencies that have an earlier version of a lead still ask for. It reads, and never writes, `transfer`,
//! `supplement_request` and `deadline` of the later stages.

use diesel::{prelude::*, sql_types::Bool};

use super::NOT_TO_FORWARD;
use crate::{
    casework::lead::remark,
    directory::reference::reasons,
    platform::{
        db::{
            Connection, Id, Instant, fixed,
            schema::{agency, supplement_request, transfer},
        },
        error::Result,
        i18n::{self, Lang},
        time::{self, Tz},
    },
};

/// A supplement that an agency waits for.
#[derive(Clone, Debug)]
pub struct Asked {
    agency: (String, String),
    code: String,
    /// The agency's own words; empty: none, or erased by law.
    text: String,
    at: Instant,
    due_at: Option<Instant>,
}

type Row = (String, Option<Id>, Instant, Option<Instant>, String, String);

/// The requests about a lead that no delivery has answered yet, the oldest first.
///
/// # Errors
/// Those of the database.
pub fn open(conn: &mut Connection, lead_id: Id) -> Result<Vec<Asked>> {
    let rows: Vec<Row> = supplement_request::table
        .inner_join(transfer::table.inner_join(agency::table))
        .filter(transfer::lead_id.eq(lead_id))
        .filter(transfer::state.eq("supplement_requested"))
        .filter(supplement_request::answered_at.is_null())
        .filter(fixed::<Bool>(NOT_TO_FORWARD))
        .order(supplement_request::asked_at.asc())
        .select((
            supplement_request::code,
            supplement_request::remark_id,
            supplement_request::asked_at,
            supplement_request::due_at,
            agency::name_zh,
            agency::name_en,
        ))
        .load(conn)?;
    let texts = remark::bodies(conn, rows.iter().filter_map(|row| row.1))?;
    let asked = |(code, remark_id, at, due_at, zh, en): Row| Asked {
        agency: (zh, en),
        code,
        text: remark_id.and_then(|id| texts.get(&id)).cloned().unwrap_or_default(),
        at,
        due_at,
    };
    Ok(rows.into_iter().map(asked).collect())
}

impl Asked {
    /// Who asks, since when, for what, and until when it is to be answered.
    pub fn said(&self, zone: Tz, lang: Lang) -> String {
        let on = time::day_of(self.at, zone);
        let reason = reasons().get(&self.code, on).map_or(self.code.as_str(), |found| found.name(lang));
        let due = self.due_at.map_or_else(String::new, |due| {
            i18n::t_with(lang, "review-asked-due", &[("time", time::format_instant(due, zone, lang))])
        });
        let agency = lang.pick(&self.agency.0, &self.agency.1);
        joined(&[agency, &time::format_instant(self.at, zone, lang), reason, &self.text, &due])
    }
}

/// Parts of a line, those that there are.
pub(super) fn joined(parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    said.join(" · ")
}
