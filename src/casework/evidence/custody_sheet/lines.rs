//! From entries of the log to the lines of a sheet. Pure, but for what is read beside the entries.

use std::collections::HashMap;

use chrono::Days;
use chrono_tz::Tz;
use serde_json::Value;

use super::super::{
    custody::{self, Known, Span},
    pages::{act_title, came_to},
};
use crate::{
    audit::{self, Row},
    directory::people::{Actor, Role, from_where},
    platform::{
        db::{Connection, Id, Instant},
        error::{AppError, FieldError, Result},
        http::Form,
        i18n::{self, Lang},
        time,
    },
};

/// One line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub at: Instant,
    pub who: String,
    pub role: String,
    /// From where; empty: not on record, or not for the reader.
    pub whence: String,
    pub act: String,
    /// What it was done with; empty on the sheet of one item.
    pub about: String,
    /// Empty: none was given.
    pub reason: String,
    /// Place in the log; `None` while it waits for one.
    pub place: Option<i64>,
    /// Lower-case hex.
    pub leaf_hash: String,
}

/// What goes with the entries.
pub struct Beside {
    people: HashMap<Id, Known>,
    private: HashMap<Id, String>,
    /// Whether the reader may know from where somebody acted: auditors alone, as in the log itself.
    pub sees_where: bool,
}

/// Reads it for `me`. `reasons`: whether they may know why something was done, as whoever reads the case itself does.
///
/// # Errors
/// Those of the database.
pub fn beside(conn: &mut Connection, rows: &[Row], me: &Actor, reasons: bool) -> Result<Beside> {
    let sees_where = me.has(Role::Auditor);
    let private = if reasons || sees_where {
        audit::privates_of(conn, rows.iter().map(|row| row.id))?
    } else {
        HashMap::new()
    };
    Ok(Beside { people: custody::people(conn, rows)?, private, sees_where })
}

/// Members of an entry's personal part that say why something was done.
const REASONS: [&str; 3] = ["reason", "note", "text"];

/// The line of an entry.
pub fn line(row: &Row, beside: &Beside, about: String, lang: Lang) -> Line {
    let private = beside.private.get(&row.id).and_then(|body| serde_json::from_str(body).ok());
    let private: Value = private.unwrap_or(Value::Null);
    let text = |name: &str| private[name].as_str().unwrap_or_default();
    let known = row.actor_id.and_then(|id| beside.people.get(&id));
    let mut who = known.map_or_else(|| audit::actor_name(lang, &row.actor_name), |one| one.name.clone());
    if row.actor_kind == "token" {
        who = i18n::t_with(lang, "custody-by-token", &[("name", who)]);
    }
    let reason = REASONS.iter().map(|name| text(name)).find(|text| !text.is_empty()).unwrap_or_default();
    Line {
        at: row.at,
        who,
        role: role(known, lang),
        whence: if beside.sees_where {
            from_where(lang, text("address"), text("agent"))
        } else {
            String::new()
        },
        act: act(row, lang),
        about,
        reason: reason.to_owned(),
        place: row.place,
        leaf_hash: data_encoding::HEXLOWER.encode(&row.leaf_hash),
    }
}

/// What somebody is: their roles, and the agency that they act for.
pub fn role(known: Option<&Known>, lang: Lang) -> String {
    let Some(known) = known else { return i18n::t(lang, "custody-role-program") };
    let roles = known.roles.iter().map(|role| i18n::t(lang, &format!("role-{role}")));
    let agency = known.agency.as_ref().map(|(zh, en)| lang.pick(zh, en).to_owned());
    roles.chain(agency).collect::<Vec<_>>().join(&lang.comma())
}

/// What was done, with what came of it where the entry says so.
fn act(row: &Row, lang: Lang) -> String {
    let title = act_title(lang, &row.verb);
    let found = ["fault", "result"].iter().find_map(|name| row.leaf["facts"][*name].as_str());
    let found = found.map(|word| i18n::t(lang, &format!("evidence-fault-{word}")));
    let refused = (row.outcome == "refused").then(|| i18n::t(lang, "audit-outcome-refused"));
    [Some(title), came_to(row, lang), found, refused].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Reads the period of an address, `from` and `to`, both days included; faults are noted.
pub fn span(query: &mut Form, zone: Tz) -> Span {
    let (from, to) = (query.date("from"), query.date("to"));
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        query.fault("to", "error-date-order");
    }
    Span {
        from: from.map(|day| time::start_of_day(day, zone)),
        to: to.map(|day| time::start_of_day(day.checked_add_days(Days::new(1)).unwrap_or(day), zone)),
    }
}

/// Refuses a sheet of more lines than one holds.
///
/// # Errors
/// `Invalid` beside `from`.
pub fn bounded(rows: &[Row]) -> Result<()> {
    if rows.len() <= custody::MOST {
        return Ok(());
    }
    Err(AppError::Invalid(vec![FieldError::new("from", "error-custody-too-many").arg("max", custody::MOST)]))
}

/// A period in words; empty: it is open at both ends.
pub fn span_text(span: Span, zone: Tz, lang: Lang) -> String {
    let day = |at: Instant| time::day_of(at, zone).to_string();
    // The end is the first moment that does not count any more.
    let last = span.to.map(|to| day(Instant::from_micros(to.micros() - 1)));
    match (span.from.map(day), last) {
        (None, None) => String::new(),
        (from, to) => {
            let open = || i18n::t(lang, "custody-open-end");
            format!("{} – {}", from.unwrap_or_else(open), to.unwrap_or_else(open))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            id: Id::new(),
            at: Instant::from_micros(0),
            actor_kind: "user".into(),
            actor_id: None,
            actor_name: String::new(),
            verb: "evidence.view".into(),
            outcome: "done".into(),
            leaf: Value::Null,
            leaf_hash: [0; 32],
            place: None,
        }
    }

    #[test]
    fn of_more_lines_than_one_sheet_holds_a_shorter_period_is_asked_for() {
        let mut rows = vec![row(); custody::MOST];
        assert!(bounded(&rows).is_ok());
        rows.push(row());
        let Err(AppError::Invalid(faults)) = bounded(&rows) else { panic!("it was let through") };
        assert_eq!((faults[0].field.as_str(), faults[0].code), ("from", "error-custody-too-many"));
    }

    #[test]
    fn a_period_is_said_by_its_days() {
        let day = |text: &str| time::start_of_day(text.parse().unwrap(), time::DEFAULT_ZONE);
        let said = |from, to| span_text(Span { from, to }, time::DEFAULT_ZONE, Lang::Zh);
        let (from, to) = (Some(day("2016-05-01")), Some(day("2016-06-01")));
        assert_eq!(said(from, to), "2016-05-01 – 2016-05-31");
        assert_eq!(said(from, None), "2016-05-01 – 不限");
        assert_eq!(said(None, None), "");
    }
}
