//! The figure of the annual report behind a list of entries: which entries it counts, how many rows that is, and what their
//! amounts come to. The same conditions as the report's, added up the same way, so that both say the same number.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary, Text},
};

use super::{
    counted::{self, SUM, WEAKEST},
    filter::Filter,
    identities, list,
    model::quantity,
};
use crate::{
    handover::{counted::case_in_which_it_went_on, figure},
    platform::{
        db::Connection,
        error::Result,
        i18n::Lang,
        money::{self, Fen},
    },
};

/// The condition on the entry `o` of the agency `a` that it counts and lies in the part of the figure that is asked for. A
/// case is bound as `$1`; everything else is codes and numbers, see [`Filter::read`].
pub(super) fn condition(filter: &Filter) -> String {
    let mut wanted = counted::condition(filter.as_at);
    let mut and = |text: String| {
        wanted.push_str(" AND ");
        wanted.push_str(&text);
    };
    if let Some(year) = filter.year {
        and(format!("o.year = {year}"));
    }
    if let Some(month) = filter.month {
        and(format!("SUBSTR(CAST(o.happened_on AS TEXT), 6, 2) = '{month:02}'"));
    }
    if let Some(kind) = filter.kind {
        and(format!("o.kind = '{kind}'"));
    }
    if !filter.region.is_empty() {
        and(format!("o.region_code LIKE '{}%'", filter.region_stem()));
    }
    if !filter.agency_type.is_empty() {
        and(format!("a.type_code = '{}'", filter.agency_type));
    }
    if !filter.charge.is_empty() {
        and(list::charge_condition("o", &filter.charge, filter.as_at));
    }
    if filter.case.is_some() {
        and(format!("{} = $1", case_in_which_it_went_on("o.case_id", filter.as_at)));
    }
    wanted
}

/// The condition on the entry `o` that it is not merged: of a case's values in a year one counts. Or that it is.
pub(super) fn is_the_one(filter: &Filter) -> String {
    let value = counted::value_condition(filter.as_at);
    if filter.merged {
        format!("o.kind = 'case_value' AND NOT ({value})")
    } else {
        format!("(o.kind <> 'case_value' OR {value})")
    }
}

#[derive(QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = BigInt)]
    fen: i64,
    #[diesel(sql_type = BigInt)]
    quantity: i64,
    #[diesel(sql_type = BigInt)]
    q: i64,
}

fn entries(conn: &mut Connection, filter: &Filter) -> Result<Sums> {
    let mut wanted = format!("{} AND {}", condition(filter), is_the_one(filter));
    if let Some(basis) = filter.basis {
        wanted += &format!(" AND o.basis = '{}'", basis.as_str());
    }
    let unit = filter.unit.as_ref().filter(|unit| !unit.is_empty());
    wanted += match (&filter.unit, unit, filter.case) {
        (None, ..) => "",
        (Some(_), None, _) => " AND (o.unit IS NULL OR o.unit = '')",
        // In the order in which they are bound.
        (Some(_), Some(_), None) => " AND o.unit = $1",
        (Some(_), Some(_), Some(_)) => " AND o.unit = $2",
    };
    let query = sql_query(format!(
        "SELECT COUNT(*) AS n, {SUM} AS fen, CAST(COALESCE(SUM(x.quantity), 0) AS BIGINT) AS quantity, {WEAKEST} AS q \
         FROM (SELECT o.amount_fen AS fen, o.quantity AS quantity, o.qualifier AS qualifier FROM outcome o \
         JOIN agency a ON a.id = o.agency_id WHERE {wanted}) x"
    ));
    Ok(match (filter.case, unit) {
        (Some(case), Some(unit)) => {
            query.bind::<Binary, _>(case).bind::<Text, _>(unit.clone()).get_result(conn)?
        }
        (Some(case), None) => query.bind::<Binary, _>(case).get_result(conn)?,
        (None, Some(unit)) => query.bind::<Text, _>(unit.clone()).get_result(conn)?,
        (None, None) => query.get_result(conn)?,
    })
}

/// What stands at the head of a list that is narrowed to what a figure counts; empty for any other list.
///
/// # Errors
/// Those of the database.
pub(super) fn words(conn: &mut Connection, filter: &Filter, lang: Lang) -> Result<String> {
    let is_figure = filter.counted && filter.year.is_some() && filter.faults.is_empty();
    let Some(kind) = filter.kind.filter(|_| is_figure) else { return Ok(String::new()) };
    if kind.counts_identities() {
        return Ok(figure::words(lang, identities::count(conn, filter)?, filter.merged, &[]));
    }
    let found = entries(conn, filter)?;
    let mut sums = Vec::new();
    if let Some(unit) = &filter.unit {
        sums.push(match unit.as_str() {
            "" => money::grouped(found.quantity.unsigned_abs()),
            unit => quantity(found.quantity, unit, lang),
        });
    }
    if found.fen != 0 {
        sums.push(money::both(Fen(found.fen), counted::qualifier(found.q), lang));
    }
    Ok(figure::words(lang, found.n, filter.merged, &sums))
}
