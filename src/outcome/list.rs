//! The list of entries: scoped by the actor, filtered, keyset-paged; and the same narrowed to what a figure counts.

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Binary, Bool},
};

pub use super::filter::{Filter, Waits};
use super::{
    counted, figure,
    model::{Decision, State},
    sort::{self, By, Key},
    store::{self, OutcomeRow},
    tally, waiting,
};
use crate::{
    directory::people::{Actor, policy::CASE_READERS},
    handover::counted::{case_in_which_it_went_on, charges_of_cases},
    platform::{
        db::{
            Connection, Fixed, fixed,
            schema::{
                access, agency, agency_case, operation_member, outcome, outcome_confirmation, outcome_open,
            },
        },
        error::{AppError, Result},
        http::{
            list_head::{COUNTED, Counts, LOOKED_AT},
            view::Tone,
        },
        keyset::{Edge, none_if_lost},
    },
};

/// One row of a list.
#[derive(Clone, Debug)]
pub struct ListRow {
    pub row: OutcomeRow,
    pub decision: Option<Decision>,
    pub agency_zh: String,
    pub agency_en: String,
    pub case_number: String,
    pub case_title: String,
    /// Whether a counter-entry was confirmed, and whether one waits.
    pub taken_back: bool,
    pub disputed: bool,
}

impl ListRow {
    pub fn state(&self) -> State {
        state_of(self.decision, self.taken_back, self.disputed)
    }

    /// The colour beside the state.
    pub fn tone(&self) -> Tone {
        self.state().tone(self.row.corrects_id.is_some())
    }
}

/// The state of an entry, by its decision and by what was said against it.
fn state_of(decision: Option<Decision>, taken_back: bool, disputed: bool) -> State {
    let mut against = Vec::new();
    if taken_back {
        against.push(Some(Decision::Confirmed));
    }
    if disputed {
        against.push(None);
    }
    super::model::state(decision, &against)
}

const TAKEN_BACK: &str = "EXISTS (SELECT 1 FROM outcome k JOIN outcome_confirmation kc ON kc.outcome_id = k.id \
    WHERE k.corrects_id = outcome.id AND kc.decision = 'confirmed')";
const DISPUTED: &str = "EXISTS (SELECT 1 FROM outcome k LEFT JOIN outcome_confirmation kc ON kc.outcome_id = k.id \
    WHERE k.corrects_id = outcome.id AND kc.id IS NULL)";

/// That the decision is this word of ours. Written so that the database keeps to the list's order instead of beginning
/// with the decisions.
fn decided(decision: &'static str) -> Fixed<Bool> {
    fixed(format!("COALESCE(outcome_confirmation.decision, '') = '{decision}'"))
}

/// That a figure counts the entry.
fn is_counted(filter: &Filter) -> String {
    let (base, which) = (counted::condition(filter.as_at), figure::is_the_one(filter));
    format!("EXISTS (SELECT 1 FROM outcome o WHERE o.id = outcome.id AND {base} AND {which})")
}

/// That the case of the entry `o` is about a charge. The code holds letters, digits, hyphens and underscores only; see
/// [`Filter::read`]. Asked of each row on the way: beginning with the charge would read half the ledger.
pub(super) fn charge_condition(o: &str, code: &str, as_at: counted::AsAt) -> String {
    let case = case_in_which_it_went_on(&format!("{o}.case_id"), as_at);
    format!("EXISTS (SELECT 1 FROM {} AND tc.charge_code = '{code}')", charges_of_cases(&case, as_at))
}

/// A query from a key on, upwards or downwards, in the order of a column that is nowhere empty, and of the place.
macro_rules! sorted {
    ($query:expr, $edge:expr, $down:expr, $column:expr) => {
        match ($edge, $down) {
            (None, true) => $query.order(($column.desc(), outcome::seq.desc())),
            (None, false) => $query.order(($column.asc(), outcome::seq.asc())),
            (Some((key, seq)), true) => $query
                .filter($column.lt(key).or($column.eq(key).and(outcome::seq.lt(seq))))
                .order(($column.desc(), outcome::seq.desc())),
            (Some((key, seq)), false) => $query
                .filter($column.gt(key).or($column.eq(key).and(outcome::seq.gt(seq))))
                .order(($column.asc(), outcome::seq.asc())),
        }
    };
}

/// The place of the entry that the filter begins beside.
///
/// # Errors
/// `Invalid` for an entry that there is none of, or none for `me`.
pub fn place(conn: &mut Connection, me: &Actor, filter: &Filter) -> Result<Edge<Key>> {
    filter.edge.found(|id| Ok(filter.sort.key(&store::visible(conn, me, id)?)))
}

/// The page that the filter asks for, of at most `limit` rows; none where it was not understood. An entry that it begins
/// beside and that is not to be found becomes one of its faults.
///
/// # Errors
/// As [`rows`].
pub fn page(conn: &mut Connection, me: &Actor, filter: &mut Filter, limit: i64) -> Result<Vec<ListRow>> {
    if !filter.faults.is_empty() {
        return Ok(Vec::new());
    }
    let read = place(conn, me, filter).and_then(|edge| rows(conn, me, filter, edge, limit));
    none_if_lost(read, &mut filter.faults)
}

/// The rows that `me` may see from the edge on, in the filter's order, for `Before` against that order; at most `limit`
/// of them. By amount, entries without one come last, up and down alike.
///
/// # Errors
/// `NotFound` for somebody who reads no outcomes.
pub fn rows(
    conn: &mut Connection,
    me: &Actor,
    filter: &Filter,
    edge: Edge<Key>,
    limit: i64,
) -> Result<Vec<ListRow>> {
    let (key, forward) = (edge.key().copied(), edge.is_forward());
    if filter.sort.by != By::Amount {
        return some(conn, me, filter, (true, key, forward), limit);
    }
    // The two parts of the list, in the order in which they are met from the edge on: both go along an index.
    let is_valued = |(key, _): &Key| key.is_some();
    let first = key.as_ref().is_none_or(is_valued);
    let mut found = some(conn, me, filter, (first, key, forward), limit)?;
    let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    if left > 0 && first == forward {
        found.extend(some(conn, me, filter, (!first, None, forward), left)?);
    }
    Ok(found)
}

/// The entries that `me` may see as the filter narrows them, in whatever state and in no order: what is shown and what is
/// counted.
macro_rules! narrowed {
    // Not a function: nobody can write down the type of what it gives.
    ($me:expr, $filter:expr) => {{
        let mut query = outcome::table
            .inner_join(agency::table)
            .left_join(agency_case::table)
            .left_join(outcome_confirmation::table.on(outcome_confirmation::outcome_id.eq(outcome::id)))
            .into_boxed();
        match $me.agency_id() {
            Some(own) => {
                let seen =
                    access::table.filter(access::agency_id.eq(own)).select(access::object_id.nullable());
                query = query.filter(outcome::agency_id.eq(own)).filter(outcome::case_id.eq_any(seen));
            }
            None if $me.has_any(CASE_READERS) => {}
            None => return Err(AppError::NotFound),
        }
        if !$filter.only.is_empty() {
            query = query.filter(outcome::id.eq_any($filter.only.clone()));
        }
        if let Some(year) = $filter.year {
            query = query.filter(outcome::year.eq(year));
        }
        if let Some(month) = $filter.month {
            query = query.filter(sql::<Bool>(&format!(
                "SUBSTR(CAST(outcome.happened_on AS TEXT), 6, 2) = '{month:02}'"
            )));
        }
        if let Some(kind) = $filter.kind {
            query = query.filter(outcome::kind.eq(kind.as_str()));
        }
        if let Some(id) = $filter.agency {
            query = query.filter(outcome::agency_id.eq(id));
        }
        if !$filter.agency_type.is_empty() {
            query = query.filter(agency::type_code.eq($filter.agency_type.clone()));
        }
        if !$filter.region.is_empty() {
            query = query.filter(outcome::region_code.like(format!("{}%", $filter.region_stem())));
        }
        if !$filter.charge.is_empty() {
            query = query.filter(sql::<Bool>(&charge_condition("outcome", &$filter.charge, $filter.as_at)));
        }
        if let Some(id) = $filter.case {
            query = if $filter.counted {
                // As the figures take it: with what was joined to it.
                let went_on = case_in_which_it_went_on("outcome.case_id", $filter.as_at);
                query.filter(sql::<Bool>(&format!("{went_on} = ")).bind::<Binary, _>(id))
            } else {
                query.filter(outcome::case_id.eq(id))
            };
        }
        if let Some(basis) = $filter.basis {
            query = query.filter(outcome::basis.eq(basis.as_str()));
        }
        query = match &$filter.unit {
            None => query,
            Some(unit) if unit.is_empty() => query.filter(outcome::unit.is_null().or(outcome::unit.eq(""))),
            Some(unit) => query.filter(outcome::unit.eq(unit.clone())),
        };
        if let Some(id) = $filter.operation {
            let cases = operation_member::table
                .filter(operation_member::operation_id.eq(id))
                .filter(operation_member::kind.eq("case"))
                .select(operation_member::object_id.nullable());
            query = query.filter(outcome::case_id.eq_any(cases));
        }
        if let Some(synthetic) = $filter.synthetic {
            query = query.filter(outcome::synthetic.eq(synthetic));
        }
        query = match $filter.waits {
            None => query,
            Some(Waits::ToDecide) => query.filter(waiting::for_actor($me)),
            Some(Waits::OnOwnLeads) => {
                query.filter(waiting::for_actor($me)).filter(waiting::of_own_leads($me))
            }
            Some(Waits::Rejected) => query.filter(waiting::rejected($me)),
        };
        if $filter.counted {
            query = query.filter(sql::<Bool>(&is_counted($filter)));
        }
        query
    }};
}

/// As [`rows`], of one part of the list where it has two: with an amount or without; `forward`: along the list's order.
fn some(
    conn: &mut Connection,
    me: &Actor,
    filter: &Filter,
    (valued, edge, forward): (bool, Option<Key>, bool),
    limit: i64,
) -> Result<Vec<ListRow>> {
    let mut query = narrowed!(me, filter);
    query = match filter.state {
        None => query,
        Some(State::Proposed) => query
            .filter(outcome::seq.eq_any(outcome_open::table.select(outcome_open::seq)))
            .filter(outcome_confirmation::id.is_null()),
        Some(State::Rejected) => query.filter(decided("rejected")),
        Some(state) => {
            let confirmed = query.filter(decided("confirmed"));
            match state {
                State::TakenBack => confirmed.filter(fixed::<Bool>(TAKEN_BACK)),
                State::Disputed => confirmed.filter(fixed::<Bool>(DISPUTED)),
                _ => confirmed.filter(fixed::<Bool>(format!("NOT {TAKEN_BACK} AND NOT {DISPUTED}"))),
            }
        }
    };
    let down = filter.sort.descending == forward;
    if filter.sort.by == By::Amount && !valued {
        query = query.filter(outcome::amount_fen.is_null());
    }
    query = match filter.sort.by {
        By::Date => {
            let edge = edge.map(|(day, seq)| (sort::day_of(day.unwrap_or_default()), seq));
            sorted!(query, edge, down, outcome::happened_on)
        }
        By::Amount if valued => {
            let edge = edge.map(|(fen, seq)| (fen.unwrap_or_default(), seq));
            let valued = query.filter(outcome::amount_fen.is_not_null());
            sorted!(valued, edge, down, outcome::amount_fen.assume_not_null())
        }
        By::Entry | By::Amount => match (edge, down) {
            (None, true) => query.order(outcome::seq.desc()),
            (None, false) => query.order(outcome::seq.asc()),
            (Some((_, seq)), true) => query.filter(outcome::seq.lt(seq)).order(outcome::seq.desc()),
            (Some((_, seq)), false) => query.filter(outcome::seq.gt(seq)).order(outcome::seq.asc()),
        },
    };
    let found: Vec<Found> = query
        .limit(limit)
        .select((
            OutcomeRow::as_select(),
            outcome_confirmation::decision.nullable(),
            (agency::name_zh, agency::name_en),
            (agency_case::number, agency_case::title).nullable(),
            fixed::<Bool>(TAKEN_BACK),
            fixed::<Bool>(DISPUTED),
        ))
        .load(conn)?;
    Ok(found.into_iter().map(list_row).collect())
}

/// How many entries of each state a filter leaves; of very many the newest alone are looked at ([`LOOKED_AT`]). `None`: the
/// list is that of a figure, whose number stands above it, and a look at a whole year takes its time.
///
/// # Errors
/// As [`rows`].
pub fn counts(conn: &mut Connection, me: &Actor, filter: &Filter) -> Result<Option<Counts>> {
    if filter.counted {
        return Ok(None);
    }
    if me.agency.is_none() && filter.is_whole() && !is_small(conn)? {
        let told = tally::of_all(conn, COUNTED)?;
        if told.is_some() {
            return Ok(told);
        }
    }
    let behind = tally::not_looked_at(conn, me, filter)?;
    let mut query = narrowed!(me, filter);
    if let Some(seq) = behind {
        // In this order it goes along the index that the place was found by.
        query = query.filter(outcome::seq.gt(seq)).order(outcome::seq.desc());
    }
    let found: Vec<(Option<String>, bool, bool)> = query
        .select((
            outcome_confirmation::decision.nullable(),
            fixed::<Bool>(TAKEN_BACK),
            fixed::<Bool>(DISPUTED),
        ))
        .limit(LOOKED_AT + 1)
        .load(conn)?;
    let states = found.into_iter().map(|(decision, taken_back, disputed)| {
        let decision = decision.and_then(|word| word.parse().ok());
        state_of(decision, taken_back, disputed).to_string()
    });
    Ok(Some(Counts::of_states(states, behind.is_some())))
}

/// Whether there are few entries altogether.
fn is_small(conn: &mut Connection) -> Result<bool> {
    let first: Vec<i64> = outcome::table.select(outcome::seq).limit(COUNTED + 1).load(conn)?;
    Ok(i64::try_from(first.len()).is_ok_and(|n| n <= COUNTED))
}

/// A row, its decision, its agency's names, its case's number and title, whether it was taken back or is disputed.
type Found = (OutcomeRow, Option<String>, (String, String), Option<(String, String)>, bool, bool);

fn list_row(found: Found) -> ListRow {
    let (row, decision, (agency_zh, agency_en), case, taken_back, disputed) = found;
    let (case_number, case_title) = case.unwrap_or_default();
    ListRow {
        row,
        decision: decision.and_then(|word| word.parse().ok()),
        agency_zh,
        agency_en,
        case_number,
        case_title,
        taken_back,
        disputed,
    }
}
