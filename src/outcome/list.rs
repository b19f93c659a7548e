//! The list of entries: scoped by the actor, filtered, keyset-paged; and the same narrowed to what a figure counts.

use diesel::{
    dsl::{exists, sql},
    expression::SqlLiteral,
    prelude::*,
    sql_types::Bool,
};

use super::{
    counted,
    model::{Decision, Kind, State},
    sort::{self, By, From, Sort},
    store::OutcomeRow,
    waiting,
};
use crate::{
    casework::lead::region as regions,
    directory::people::{Actor, policy::CASE_READERS},
    handover::counted::{case_in_which_it_went_on, charges_of_cases},
    platform::{
        db::{
            Connection, Id,
            schema::{
                access, agency, agency_case, operation_member, outcome, outcome_confirmation, outcome_open,
            },
        },
        error::{AppError, Result},
        http::Form,
        i18n::Lang,
        keyset::Edge,
    },
};

/// What the list is narrowed to; everything of it stands in the address.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub year: Option<i32>,
    pub month: Option<u32>,
    pub kind: Option<Kind>,
    pub agency: Option<Id>,
    /// A type of agency.
    pub agency_type: String,
    /// Digits with which the region's code begins.
    pub region: String,
    pub charge: String,
    pub case: Option<Id>,
    pub operation: Option<Id>,
    pub state: Option<State>,
    pub synthetic: Option<bool>,
    /// Only what waits for the reader's decision.
    pub waits: bool,
    /// Only what the figure of its kind counts.
    pub counted: bool,
    /// A row an identity instead of a row an entry.
    pub by_identity: bool,
    /// As the ledger was when the audit log had this size.
    pub as_at: Option<i64>,
    pub sort: Sort,
    /// Where the page begins.
    pub edge: From,
    /// As `edge`, in the list by identity: the place of the newest entry, and the identity.
    pub identity_edge: Edge<(i64, Id)>,
}

impl Filter {
    /// Reads the address; what can't be read narrows nothing. A region may be given by its full name.
    pub fn read(query: &mut Form, me: &Actor) -> Self {
        let code = |text: &str| -> String {
            text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(30).collect()
        };
        Self {
            year: query.raw("year").parse().ok(),
            month: query.raw("month").parse().ok().filter(|m| (1..=12).contains(m)),
            kind: query.raw("kind").parse().ok(),
            agency: if me.agency.is_some() { None } else { query.raw("agency").parse().ok() },
            agency_type: code(query.raw("agency_type")),
            region: region_code(query.raw("region")),
            charge: code(query.raw("charge")),
            case: query.raw("case").parse().ok(),
            operation: query.raw("operation").parse().ok(),
            state: query.raw("state").parse().ok(),
            synthetic: match query.raw("synthetic") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            waits: query.raw("waits") == "me",
            counted: query.raw("counted") == "1",
            by_identity: query.raw("by") == "identity",
            as_at: query.raw("log_size").parse().ok().filter(|n| *n >= 0),
            sort: Sort::read(query.raw("sort")),
            edge: Edge::of(query.raw("after"), query.raw("before"), sort::read_cursor),
            identity_edge: Edge::of(query.raw("after"), query.raw("before"), |text| {
                let (seq, identity) = text.split_once('.')?;
                Some((seq.parse().ok()?, identity.parse().ok()?))
            }),
        }
    }

    /// What narrows the list, as parameters of its address: codes, numbers and ids, nothing that somebody typed freely.
    pub fn address(&self) -> String {
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let parts = [
            ("year", self.year.map(|n| n.to_string())),
            ("month", self.month.map(|n| n.to_string())),
            ("kind", self.kind.map(|kind| kind.to_string())),
            ("agency", self.agency.map(|id| id.to_string())),
            ("agency_type", text(&self.agency_type)),
            ("region", text(&self.region)),
            ("charge", text(&self.charge)),
            ("case", self.case.map(|id| id.to_string())),
            ("operation", self.operation.map(|id| id.to_string())),
            ("state", self.state.map(|state| state.to_string())),
            ("synthetic", self.synthetic.map(|yes| if yes { "yes" } else { "no" }.into())),
            ("waits", self.waits.then(|| "me".into())),
            ("counted", self.counted.then(|| "1".into())),
            ("by", self.by_identity.then(|| "identity".into())),
            ("log_size", self.as_at.map(|n| n.to_string())),
        ];
        let given = parts.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        given.collect::<Vec<_>>().join("&")
    }

    /// `44` for 440000, `4401` for 440100: a region and everything below it begin so.
    pub fn region_stem(&self) -> &str {
        let mut stem = self.region.as_str();
        while stem.len() > 2 && stem.len().is_multiple_of(2) {
            match stem.strip_suffix("00") {
                Some(shorter) => stem = shorter,
                None => break,
            }
        }
        stem
    }
}

/// The digits of a region's code, whole or its beginning, or the code of the region of that name; else empty.
fn region_code(text: &str) -> String {
    let text = text.trim();
    if !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.to_owned();
    }
    // A region that is gone had its name then.
    let days = ["2016-06-30", "2023-06-30"].map(|day| day.parse().unwrap_or_default());
    regions::resolve(text, days[0], days[1], Lang::Zh).unwrap_or_default()
}

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
        let mut against = Vec::new();
        if self.taken_back {
            against.push(Some(Decision::Confirmed));
        }
        if self.disputed {
            against.push(None);
        }
        super::model::state(self.decision, &against)
    }
}

const TAKEN_BACK: &str = "EXISTS (SELECT 1 FROM outcome k JOIN outcome_confirmation kc ON kc.outcome_id = k.id \
    WHERE k.corrects_id = outcome.id AND kc.decision = 'confirmed')";
const DISPUTED: &str = "EXISTS (SELECT 1 FROM outcome k LEFT JOIN outcome_confirmation kc ON kc.outcome_id = k.id \
    WHERE k.corrects_id = outcome.id AND kc.id IS NULL)";

/// That the decision is this word of ours. Written so that the database keeps to the list's order instead of beginning
/// with the decisions.
fn decided(decision: &'static str) -> SqlLiteral<Bool> {
    sql::<Bool>(&format!("COALESCE(outcome_confirmation.decision, '') = '{decision}'"))
}

/// That a figure counts the entry.
fn is_counted(filter: &Filter) -> String {
    let base = counted::condition(filter.as_at);
    let value = counted::value_condition(filter.as_at);
    format!(
        "EXISTS (SELECT 1 FROM outcome o WHERE o.id = outcome.id AND {base} AND (o.kind <> 'case_value' OR {value}))"
    )
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

/// The rows that `me` may see from the filter's edge on, in its order, for `Before` against that order; at most
/// `limit` of them.
///
/// # Errors
/// `NotFound` for somebody who reads no outcomes.
pub fn rows(conn: &mut Connection, me: &Actor, filter: &Filter, limit: i64) -> Result<Vec<ListRow>> {
    let mut query = outcome::table
        .inner_join(agency::table)
        .left_join(agency_case::table)
        .left_join(outcome_confirmation::table.on(outcome_confirmation::outcome_id.eq(outcome::id)))
        .into_boxed();
    match me.agency_id() {
        Some(own) => {
            let seen = access::table.filter(access::agency_id.eq(own)).select(access::object_id.nullable());
            query = query.filter(outcome::agency_id.eq(own)).filter(outcome::case_id.eq_any(seen));
        }
        None if me.has_any(CASE_READERS) => {}
        None => return Err(AppError::NotFound),
    }
    if let Some(year) = filter.year {
        query = query.filter(outcome::year.eq(year));
    }
    if let Some(month) = filter.month {
        query = query
            .filter(sql::<Bool>(&format!("SUBSTR(CAST(outcome.happened_on AS TEXT), 6, 2) = '{month:02}'")));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(outcome::kind.eq(kind.as_str()));
    }
    if let Some(id) = filter.agency {
        query = query.filter(outcome::agency_id.eq(id));
    }
    if !filter.agency_type.is_empty() {
        query = query.filter(agency::type_code.eq(filter.agency_type.clone()));
    }
    if !filter.region.is_empty() {
        query = query.filter(outcome::region_code.like(format!("{}%", filter.region_stem())));
    }
    if !filter.charge.is_empty() {
        query = query.filter(sql::<Bool>(&charge_condition("outcome", &filter.charge, filter.as_at)));
    }
    if let Some(id) = filter.case {
        query = query.filter(outcome::case_id.eq(id));
    }
    if let Some(id) = filter.operation {
        let cases = operation_member::table
            .filter(operation_member::operation_id.eq(id))
            .filter(operation_member::kind.eq("case"))
            .select(operation_member::object_id.nullable());
        query = query.filter(outcome::case_id.eq_any(cases));
    }
    if let Some(synthetic) = filter.synthetic {
        query = query.filter(outcome::synthetic.eq(synthetic));
    }
    if filter.waits {
        query = query.filter(waiting::for_actor(me));
    }
    if filter.counted {
        query = query.filter(sql::<Bool>(&is_counted(filter)));
    }
    query = match filter.state {
        None => query,
        Some(State::Proposed) => query
            .filter(outcome::seq.eq_any(outcome_open::table.select(outcome_open::seq)))
            .filter(outcome_confirmation::id.is_null()),
        Some(State::Rejected) => query.filter(decided("rejected")),
        Some(state) => {
            let confirmed = query.filter(decided("confirmed"));
            match state {
                State::TakenBack => confirmed.filter(sql::<Bool>(TAKEN_BACK)),
                State::Disputed => confirmed.filter(sql::<Bool>(DISPUTED)),
                _ => confirmed.filter(sql::<Bool>(&format!("NOT {TAKEN_BACK} AND NOT {DISPUTED}"))),
            }
        }
    };
    let edge = filter.edge.key().copied();
    let down = filter.sort.descending == filter.edge.is_forward();
    query = match filter.sort.by {
        By::Entry => match (edge, down) {
            (None, true) => query.order(outcome::seq.desc()),
            (None, false) => query.order(outcome::seq.asc()),
            (Some((_, seq)), true) => query.filter(outcome::seq.lt(seq)).order(outcome::seq.desc()),
            (Some((_, seq)), false) => query.filter(outcome::seq.gt(seq)).order(outcome::seq.asc()),
        },
        By::Date => {
            let edge = edge.map(|(day, seq)| (sort::day_of(day), seq));
            sorted!(query, edge, down, outcome::happened_on)
        }
        By::Amount => {
            let valued = query.filter(outcome::amount_fen.is_not_null());
            sorted!(valued, edge, down, outcome::amount_fen.assume_not_null())
        }
    };
    let found: Vec<Found> = query
        .limit(limit)
        .select((
            OutcomeRow::as_select(),
            outcome_confirmation::decision.nullable(),
            (agency::name_zh, agency::name_en),
            (agency_case::number, agency_case::title).nullable(),
            sql::<Bool>(TAKEN_BACK),
            sql::<Bool>(DISPUTED),
        ))
        .load(conn)?;
    Ok(found.into_iter().map(list_row).collect())
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

/// The agencies that have entries, for the filter: id, Chinese and English name.
///
/// # Errors
/// Those of the database.
pub fn agencies(conn: &mut Connection) -> Result<Vec<(Id, String, String)>> {
    Ok(agency::table
        .filter(exists(outcome::table.filter(outcome::agency_id.eq(agency::id))))
        .order((agency::region_code, agency::name_zh))
        .select((agency::id, agency::name_zh, agency::name_en))
        .load(conn)?)
}
