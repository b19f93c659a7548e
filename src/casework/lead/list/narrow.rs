//! How the list finds its rows. A filter that lets few rows through is answered by its own index: their keys are taken
//! first. Where each filter lets many through, the list goes along its order and looks at every row on the way; the
//! page is soon full. (A database that guesses takes the wrong one of the two ways for every second question.)

use std::collections::HashMap;

use diesel::{
    dsl::{max, min, sql},
    prelude::*,
    sql_types::Bool,
};

use super::{
    super::{model::Lead, region, store::LeadRow},
    model::{By, Filter, Whose},
};
use crate::platform::{
    db::{
        Connection, Id,
        schema::{brand, lead, lead_brand, lead_charge, transfer},
    },
    error::Result,
    time::{self, Tz},
};

/// So many keys are few, unless a caller says otherwise.
pub const FEW: i64 = 1_500;

/// What is known of the rows before they are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Narrowed {
    /// The only keys that come into question.
    pub keys: Option<Vec<i64>>,
    /// All rows that come into question are between these keys, both included.
    pub between: Option<(i64, i64)>,
}

impl Narrowed {
    /// Looks how many rows each part of the filter lets through, until one lets few through.
    ///
    /// # Errors
    /// Those of the database.
    pub fn by(conn: &mut Connection, filter: &Filter, by: By, zone: Tz, few: i64) -> Result<Self> {
        let probes = [by_brand, by_agency, by_region, by_charge, by_owner, by_value, by_kind];
        // What two parts let through together may be few where each lets many through.
        let bounds = if parts(filter) > 1 { vec![few, 2 * few] } else { vec![few] };
        let mut found = by_day(conn, filter, zone, few)?;
        for few in bounds {
            for probe in probes {
                found = if found.is_some() { found } else { probe(conn, filter, few)? };
            }
        }
        if found.is_some() {
            return Ok(Self { keys: found, between: None });
        }
        // Only a list in the order of the keys can begin and end with them.
        let between = if by == By::Created { span(conn, filter, zone)? } else { None };
        Ok(Self { keys: None, between })
    }
}

/// How many parts of the filter are asked.
fn parts(filter: &Filter) -> usize {
    let texts = [&filter.brand, &filter.region, &filter.charge].into_iter().filter(|text| !text.is_empty());
    let others = [filter.agency.is_some(), filter.whose.is_some(), filter.at_least.is_some()];
    texts.count() + others.into_iter().filter(|asked| *asked).count()
}

/// The keys that a part of the filter leaves; `None` where it leaves more than a few, or nothing is asked.
type Keys = Result<Option<Vec<i64>>>;

fn is_more<T>(rows: &[T], few: i64) -> bool {
    i64::try_from(rows.len()).is_ok_and(|n| n > few)
}

/// A question for leads.
pub(super) type Boxed<'a> = lead::BoxedQuery<'a, <Connection as diesel::Connection>::Backend>;

fn keys(conn: &mut Connection, query: Boxed<'_>, few: i64) -> Keys {
    let keys: Vec<i64> = query.select(lead::seq).limit(few + 1).load(conn)?;
    Ok(if is_more(&keys, few) { None } else { Some(keys) })
}

fn by_charge(conn: &mut Connection, filter: &Filter, few: i64) -> Keys {
    if filter.charge.is_empty() {
        return Ok(None);
    }
    let ids: Vec<Id> = lead_charge::table
        .filter(lead_charge::charge_code.eq(&filter.charge))
        .select(lead_charge::lead_id)
        .limit(few + 1)
        .load(conn)?;
    of_ids(conn, &ids, few)
}

fn by_brand(conn: &mut Connection, filter: &Filter, few: i64) -> Keys {
    if filter.brand.is_empty() {
        return Ok(None);
    }
    let ids: Vec<Id> = lead_brand::table
        .inner_join(brand::table)
        .filter(brand::name.eq(&filter.brand))
        .select(lead_brand::lead_id)
        .limit(few + 1)
        .load(conn)?;
    of_ids(conn, &ids, few)
}

fn by_agency(conn: &mut Connection, filter: &Filter, few: i64) -> Keys {
    let Some(agency) = filter.agency else { return Ok(None) };
    let ids: Vec<Id> = transfer::table
        .filter(transfer::agency_id.eq(agency))
        .select(transfer::lead_id)
        .limit(few + 1)
        .load(conn)?;
    of_ids(conn, &ids, few)
}

fn of_ids(conn: &mut Connection, ids: &[Id], few: i64) -> Keys {
    if is_more(ids, few) {
        return Ok(None);
    }
    let mut keys = Vec::with_capacity(ids.len());
    for part in ids.chunks(1_000) {
        keys.extend(lead::table.filter(lead::id.eq_any(part)).select(lead::seq).load::<i64>(conn)?);
    }
    Ok(Some(keys))
}

fn by_region(conn: &mut Connection, filter: &Filter, few: i64) -> Keys {
    if filter.region.is_empty() {
        return Ok(None);
    }
    let (from, to) = region::range(&filter.region);
    let within = lead::table.filter(lead::region_code.ge(from)).filter(lead::region_code.lt(to));
    keys(conn, within.into_boxed(), few)
}

fn by_owner(conn: &mut Connection, filter: &Filter, few: i64) -> Keys {
    let Some(Whose::Mine(id) | Whose::Of(id)) = filter.whose else { return Ok(None) };
    // The indexes by person go on by state: of somebody's thousands of leads few may be drafts.
    let in_state = |query: Boxed<'static>| match filter.state {
        Some(state) => query.filter(lead::state.eq(state.as_str())),
        None => query,
    };
    let own = keys(conn, in_state(lead::table.filter(lead::owner_id.eq(id)).into_boxed()), few)?;
    let assigned = keys(conn, in_state(lead::table.filter(lead::assignee_id.eq(id)).into_boxed()), few)?;
    let Some((mut own, assigned)) = own.zip(assigned) else { return Ok(None) };
    own.extend(assigned);
    Ok(Some(own))
}

fn by_value(conn: &mut Connection, filter: &Filter, few: i64) -> Keys {
    let Some(fen) = filter.at_least else { return Ok(None) };
    keys(conn, lead::table.filter(lead::value_fen.ge(fen)).into_boxed(), few)
}

/// Synthetic or not.
fn by_kind(conn: &mut Connection, filter: &Filter, few: i64) -> Keys {
    let Some(synthetic) = filter.synthetic else { return Ok(None) };
    keys(conn, lead::table.filter(lead::synthetic.eq(synthetic)).into_boxed(), few)
}

/// The leads of the days that are asked for; `None`: of whichever.
pub(super) fn made_between<'a>(filter: &Filter, zone: Tz) -> Option<Boxed<'a>> {
    if filter.from.is_none() && filter.to.is_none() {
        return None;
    }
    let mut query = lead::table.into_boxed();
    if let Some(day) = filter.from {
        query = query.filter(lead::created_at.ge(time::start_of_day(day, zone)));
    }
    if let Some(day) = filter.to {
        query = query.filter(lead::created_at.le(time::end_of_day(day, zone)));
    }
    Some(query)
}

fn by_day(conn: &mut Connection, filter: &Filter, zone: Tz, few: i64) -> Keys {
    match made_between(filter, zone) {
        Some(query) => keys(conn, query, few),
        None => Ok(None),
    }
}

/// Leads are written down in the order of their keys, or nearly: days are a span of keys.
fn span(conn: &mut Connection, filter: &Filter, zone: Tz) -> Result<Option<(i64, i64)>> {
    let Some(query) = made_between(filter, zone) else { return Ok(None) };
    let (first, last): (Option<i64>, Option<i64>) =
        query.select((min(lead::seq), max(lead::seq))).first(conn)?;
    Ok(first.zip(last))
}

/// The keys as a condition; they are numbers of our own, so that they may stand in the statement itself.
pub(super) fn among(keys: &[i64]) -> diesel::expression::SqlLiteral<Bool> {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    let list = if keys.is_empty() { "NULL".to_owned() } else { keys.join(",") };
    sql::<Bool>(&format!("lead.seq IN ({list})"))
}

/// The rows that a query finds, so many at most.
///
/// # Errors
/// Those of the database.
pub(super) fn load(conn: &mut Connection, query: Boxed<'_>, limit: usize) -> Result<Vec<Lead>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<LeadRow> = query.limit(limit).select(LeadRow::as_select()).load(conn)?;
    rows.into_iter().map(LeadRow::read).collect()
}

/// As [`load`], for rows that have to be sorted: their keys are sorted, and the page alone is read whole.
///
/// # Errors
/// Those of the database.
pub(super) fn load_sorted(conn: &mut Connection, query: Boxed<'_>, limit: usize) -> Result<Vec<Lead>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let keys: Vec<i64> = query.limit(limit).select(lead::seq).load(conn)?;
    let mut leads = load(conn, lead::table.filter(among(&keys)).into_boxed(), keys.len())?;
    let place: HashMap<i64, usize> = keys.into_iter().zip(0..).collect();
    leads.sort_by_key(|lead| place.get(&lead.seq).copied());
    Ok(leads)
}
