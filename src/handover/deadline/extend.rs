//! How a running clock can be extended, and what that makes of its end.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    actions::reckoning,
    clocks::{Clock, clocks},
    model::Due,
    store::{DeadlineRow, ExtensionRow},
};
use crate::platform::{
    db::Id,
    error::{AppError, FieldError, Result},
    i18n::Lang,
    time,
};

/// What a deadline is extended by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The code of an extension on file.
    Clock(String),
    /// A day stated with its source: law and article, or the agreement.
    Stated { until: NaiveDate, law: String },
}

/// The ways in which a deadline could be extended.
#[derive(Clone, Debug)]
pub struct Ways {
    /// Extensions on file, each with the end that it would give.
    pub clocks: Vec<(&'static Clock, Due)>,
    pub stated: Stated,
}

impl Ways {
    pub fn is_empty(&self) -> bool {
        self.clocks.is_empty() && self.stated == Stated::No
    }
}

/// Whether a day may be stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    No,
    /// No later than this.
    UpTo(NaiveDate),
    /// The law leaves the length to the decision.
    Open,
}

/// Whether a deadline may be extended to a stated day. What the law limits goes by the law; what was agreed is extended
/// once, by no more than its own length.
fn stated(code: &str, row: &DeadlineRow, extensions: &[ExtensionRow], on: NaiveDate, zone: Tz) -> Stated {
    if !clocks().may_be_stated(code, on) {
        return Stated::No;
    }
    let Some(clock) = clocks().get(code, on) else { return Stated::No };
    let first = extensions.iter().find(|extension| extension.deadline_id == row.id);
    let end = first.map_or(row.due_at, |extension| extension.old_due_at);
    let up_to = |n| Stated::UpTo(reckoning(zone).reckon(clock.unit, n, false, end).day);
    match clock.stated_max {
        Some(most) => up_to(most),
        None if !clock.is_agreed() => Stated::Open,
        None if first.is_some() => Stated::No,
        None => up_to(reckoning(zone).length(clock.unit, row.started_at, end)),
    }
}

/// The clock that counts now: that of the newest extension which had one, else the deadline's own.
fn current<'a>(row: &'a DeadlineRow, extensions: &'a [ExtensionRow]) -> &'a str {
    let own = extensions.iter().rev().filter(|extension| extension.deadline_id == row.id);
    own.filter_map(|extension| extension.clock_code.as_deref()).next().unwrap_or(&row.clock_code)
}

/// How the deadline could be extended on `on`; in no way once it was stopped, or where neither side is to meet it.
pub fn ways(row: &DeadlineRow, extensions: &[ExtensionRow], on: NaiveDate, zone: Tz) -> Ways {
    if row.stopped_at.is_some() || row.is_of_others() {
        return Ways { clocks: Vec::new(), stated: Stated::No };
    }
    let code = current(row, extensions);
    let end = |clock| reckoning(zone).extended(clock, row.started_at, row.due_at);
    let found = clocks().extensions(code, on).into_iter();
    let later = |(clock, due): (&'static Clock, Option<Due>)| {
        due.filter(|due| due.at > row.due_at).map(|due| (clock, due))
    };
    Ways {
        clocks: found.map(|clock| (clock, end(clock))).filter_map(later).collect(),
        stated: stated(code, row, extensions, on, zone),
    }
}

/// The end that a deadline gets by `ground`, approved on `approved_on`.
///
/// # Errors
/// `Conflict` for one that was stopped or that another authority has to meet; `Invalid` for a ground that the rule of the
/// day does not know, or an approval that came too late.
pub fn end_by(
    row: &DeadlineRow,
    extensions: &[ExtensionRow],
    ground: &Ground,
    approved_on: NaiveDate,
    zone: Tz,
) -> Result<Due> {
    if row.stopped_at.is_some() {
        return Err(AppError::Conflict("conflict-deadline-stopped"));
    }
    if row.is_of_others() {
        return Err(AppError::Conflict("conflict-deadline-not-extendable"));
    }
    reckoning(zone)
        .approved_in_time(row.started_at, row.due_at, approved_on)
        .map_err(|code| AppError::field("approved_on", code))?;
    let ways = ways(row, extensions, approved_on, zone);
    let due = match ground {
        Ground::Clock(code) => ways.clocks.iter().find(|(clock, _)| clock.code == *code).map(|(_, due)| *due),
        Ground::Stated { until, .. } => match ways.stated {
            Stated::No if is_used_up(row, extensions) => {
                return Err(AppError::Conflict("conflict-deadline-extended-once"));
            }
            Stated::No => None,
            Stated::UpTo(last) if *until > last => {
                let day = time::day_of(row.due_at, zone);
                let fault =
                    FieldError::new("until", "error-extension-too-long").arg("last", last).arg("due", day);
                return Err(AppError::Invalid(vec![fault]));
            }
            Stated::UpTo(_) | Stated::Open => Some(reckoning(zone).stated(*until)),
        },
    };
    let due = due.ok_or_else(|| AppError::field("ground", "error-unknown"))?;
    if due.at <= row.due_at {
        return Err(AppError::field("until", "error-extension-not-later"));
    }
    Ok(due)
}

/// Whether what was agreed has been extended already.
pub fn is_used_up(row: &DeadlineRow, extensions: &[ExtensionRow]) -> bool {
    let code = current(row, extensions);
    let clock = clocks().all().iter().find(|clock| clock.code == code);
    clock.is_some_and(Clock::is_agreed) && extensions.iter().any(|one| one.deadline_id == row.id)
}

/// The source of an extension: the clock's law and article, or what was written (among `texts`, unless it was erased).
pub fn source(row: &ExtensionRow, texts: &HashMap<Id, String>, lang: Lang) -> String {
    let clock = row.clock_code.as_deref().and_then(|code| clocks().get(code, row.approved_on));
    let written = || row.law_remark_id.and_then(|id| texts.get(&id)).cloned().unwrap_or_default();
    clock.map_or_else(written, |clock| clock.citation(lang))
}

#[cfg(test)]
mod tests {
    use chrono::{Days, Duration};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        handover::deadline::clocks::Unit,
        platform::time::{DEFAULT_ZONE, start_of_day},
    };

    fn row(code: &str, begun: NaiveDate, due: Due) -> DeadlineRow {
        DeadlineRow {
            id: Id::new(),
            transfer_id: Id::new(),
            case_id: None,
            clock_code: code.into(),
            side: "agency".into(),
            started_at: start_of_day(begun, DEFAULT_ZONE).plus_seconds(3_600),
            due_at: due.at,
            provisional: false,
            stopped_at: None,
            moot: false,
            reminded_before_at: None,
            reminded_after_at: None,
        }
    }

    proptest! {
        /// What is approved while the time runs, and to a later end, is granted; nothing else is.
        #[test]
        fn a_stated_day_is_granted_in_time_and_later_only(
            start in 0_u64..3_000, n in 0_u64..40, approved in -5_i64..50, until in -5_i64..90,
        ) {
            let begun = "2016-01-04".parse::<NaiveDate>().unwrap() + Days::new(start);
            let day = |offset: i64| begun + Duration::days(offset);
            let before = reckoning(DEFAULT_ZONE).stated(begun + Days::new(n));
            let row = row("AGREED-ACCEPT", begun, before);
            let ground = Ground::Stated { until: day(until), law: "agreed".into() };
            let granted = end_by(&row, &[], &ground, day(approved), DEFAULT_ZONE);
            let in_time = approved >= 0 && day(approved) <= before.day;
            // What was agreed at no length is extended by none.
            let Stated::UpTo(last) = ways(&row, &[], day(approved), DEFAULT_ZONE).stated else {
                panic!("an agreed limit has a latest day");
            };
            let length = reckoning(DEFAULT_ZONE).length(Unit::WorkingDays, row.started_at, before.at);
            prop_assert_eq!(reckoning(DEFAULT_ZONE).length(Unit::WorkingDays, before.at, reckoning(DEFAULT_ZONE).stated(last).at), length);
            prop_assert_eq!(granted.is_ok(), in_time && day(until) > before.day && day(until) <= last);
            if let Ok(due) = granted {
                prop_assert_eq!(due.day, day(until));
            }
        }

        /// However a filing review is extended, it never ends earlier, and it ends: two extensions and no third.
        #[test]
        fn a_filing_review_is_extended_twice_at_most(start in 0_u64..2_500, approved in 0_i64..120) {
            let begun = "2018-01-02".parse::<NaiveDate>().unwrap() + Days::new(start);
            let clock = clocks().get("JJ-15", begun).unwrap();
            let at = start_of_day(begun, DEFAULT_ZONE).plus_seconds(3_600);
            let mut row = row("JJ-15", begun, reckoning(DEFAULT_ZONE).due(clock, clock.limit, at).unwrap());
            let mut granted: Vec<ExtensionRow> = Vec::new();
            let on = begun + Duration::days(approved);
            for _ in 0..4 {
                let Some((clock, due)) = ways(&row, &granted, on, DEFAULT_ZONE).clocks.first().copied() else {
                    break;
                };
                let ground = Ground::Clock(clock.code.clone());
                let Ok(end) = end_by(&row, &granted, &ground, on, DEFAULT_ZONE) else { break };
                prop_assert_eq!(end, due);
                prop_assert!(end.at > row.due_at);
                granted.push(ExtensionRow {
                    id: Id::new(),
                    deadline_id: row.id,
                    transfer_id: row.transfer_id,
                    clock_code: Some(clock.code.clone()),
                    law_remark_id: None,
                    approved_on: on,
                    old_due_at: row.due_at,
                    new_due_at: end.at,
                    actor_id: None,
                    side: "agency".into(),
                    by_paper: false,
                    at: row.started_at,
                    remark_id: None,
                    paper_id: None,
                });
                row.due_at = end.at;
            }
            prop_assert!(granted.len() <= 2);
            row.stopped_at = Some(row.due_at);
            prop_assert!(ways(&row, &granted, on, DEFAULT_ZONE).is_empty());
        }
    }
}
