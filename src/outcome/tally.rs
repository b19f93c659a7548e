//! How many entries of each state a long ledger has: whatever somebody has to look at lies in an index of its own, and what
//! is left of all is confirmed.

use std::collections::HashMap;

use diesel::{prelude::*, sql_types::Bool};
use uuid::Uuid;

use super::{
    filter::Filter,
    model::{Decision, State, state},
};
use crate::{
    directory::people::Actor,
    platform::{
        db::{
            Connection, Id, fixed,
            schema::{outcome, outcome_confirmation, outcome_open},
        },
        error::{AppError, Result},
        http::list_head::{Counts, LOOKED_AT},
    },
};

/// That the decision is so, as the index of these has it.
const REJECTED: &str = "outcome_confirmation.decision = 'rejected'";
/// That what a counter-entry is against was confirmed.
const AGAINST_CONFIRMED: &str = "EXISTS (SELECT 1 FROM outcome_confirmation c \
    WHERE c.outcome_id = outcome.corrects_id AND c.decision = 'confirmed')";

/// The place of the newest entry that is not looked at for its state: of those that an index gives for the filter there are
/// so many newer ones. `None`: all are looked at; what waits, and what an operation is about, is few anyway.
///
/// # Errors
/// Those of the database.
pub(super) fn not_looked_at(conn: &mut Connection, me: &Actor, filter: &Filter) -> Result<Option<i64>> {
    if filter.waits.is_some() || filter.operation.is_some() || !filter.only.is_empty() {
        return Ok(None);
    }
    let query = outcome::table.select(outcome::seq).into_boxed();
    // By one index: what else is asked for is asked of each row that it gives.
    let query = match (me.agency_id().or(filter.agency), filter.case, filter.year, filter.kind) {
        (Some(agency), ..) => query.filter(outcome::agency_id.eq(agency)),
        (None, Some(case), ..) => query.filter(outcome::case_id.eq(case)),
        (None, None, Some(year), Some(kind)) => {
            query.filter(outcome::year.eq(year)).filter(outcome::kind.eq(kind.as_str()))
        }
        (None, None, Some(year), None) => query.filter(outcome::year.eq(year)),
        (None, None, None, Some(kind)) => query.filter(outcome::kind.eq(kind.as_str())),
        (None, None, None, None) => query,
    };
    Ok(query.order(outcome::seq.desc()).offset(LOOKED_AT).first(conn).optional()?)
}

/// How many entries of each state there are, told up to `most`; `None`: only very many rows would tell them.
///
/// # Errors
/// Those of the database.
pub(super) fn of_all(conn: &mut Connection, most: i64) -> Result<Option<Counts>> {
    let limit = LOOKED_AT + 1;
    let open: Vec<i64> = outcome_open::table.select(outcome_open::seq).limit(limit).load(conn)?;
    let rejected: Vec<Id> = outcome_confirmation::table
        .filter(fixed::<Bool>(REJECTED))
        .select(outcome_confirmation::outcome_id)
        .limit(limit)
        .load(conn)?;
    // For what is merely not empty SQLite goes by no index; every identity is beyond this one.
    let counters: Vec<(Option<Id>, Option<String>)> = outcome::table
        .left_join(outcome_confirmation::table.on(outcome_confirmation::outcome_id.eq(outcome::id)))
        .filter(outcome::corrects_id.gt(Id::from(Uuid::nil())))
        .filter(fixed::<Bool>(AGAINST_CONFIRMED))
        .select((outcome::corrects_id, outcome_confirmation::decision.nullable()))
        .limit(limit)
        .load(conn)?;
    let longest = open.len().max(rejected.len()).max(counters.len());
    if i64::try_from(longest).is_ok_and(|n| n > LOOKED_AT) {
        return Ok(None);
    }
    let mut against: HashMap<Id, Vec<Option<Decision>>> = HashMap::new();
    for (entry, word) in counters {
        if let Some(id) = entry {
            against.entry(id).or_default().push(word.and_then(|word| word.parse().ok()));
        }
    }
    let of = |wanted: State| {
        against.values().filter(|said| state(Some(Decision::Confirmed), said) == wanted).count()
    };
    let (taken_back, disputed) = (of(State::TakenBack), of(State::Disputed));
    let others = open.len() + rejected.len() + taken_back + disputed;
    let enough = most + 1 + i64::try_from(others).map_err(AppError::internal)?;
    let all: Vec<i64> = outcome::table.select(outcome::seq).limit(enough).load(conn)?;
    let most = most.unsigned_abs();
    let told = [
        (State::Proposed, open.len()),
        (State::Rejected, rejected.len()),
        (State::TakenBack, taken_back),
        (State::Disputed, disputed),
        (State::Confirmed, all.len().saturating_sub(others)),
    ];
    let told = told.into_iter().map(|(state, n)| (state.to_string(), (n as u64).min(most + 1)));
    Ok(Some(Counts::new(told.collect(), most)))
}
