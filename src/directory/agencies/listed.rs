//! The list of agencies: what it is narrowed to, its orders, and its queries.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{model::COUNTRY, search, store::Agency};
use crate::{
    directory::reference::region,
    platform::{
        db::{
            Connection, Id,
            schema::{agency, agency_takes},
        },
        error::Result,
        http::{
            list_head::{Counts, LOOKED_AT},
            sorting::{self, Order},
        },
        i18n::Lang,
        keyset::Edge,
    },
};

/// Which agencies to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of a name or code, or of the sounds of a name.
    pub q: String,
    pub type_code: String,
    /// A region with all that lies in it.
    pub region: String,
    pub level: String,
    /// Charge family on its own list.
    pub family: String,
    pub state: State,
    /// These alone; empty: all.
    pub only: Vec<Id>,
    pub sort: Sort,
    /// In which language names are sorted.
    pub lang: Lang,
    /// Where the page begins: beside the agency of a code.
    pub edge: Edge<String>,
    /// The agencies whose names sound like `q`, once that was looked up.
    pub sounds: Option<Vec<Id>>,
}

/// Whether an agency is in being.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Now,
    Ended,
    All,
}

/// By what the list is sorted; ties by code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Code,
    Name,
    Region,
}

impl Order for By {
    const ALL: &'static [Self] = &[By::Code, By::Name, By::Region];

    fn key(self) -> &'static str {
        match self {
            By::Code => "code",
            By::Name => "name",
            By::Region => "region",
        }
    }

    fn label(self) -> &'static str {
        match self {
            By::Code => "agency-field-code",
            By::Name => "agency-name",
            By::Region => "agency-field-region",
        }
    }

    fn is_words(self) -> bool {
        true
    }
}

/// The order of the list: by code unless told.
pub type Sort = sorting::Sort<By>;

/// The codes of a region and what lies in it begin with this.
fn region_prefix(code: &str) -> &str {
    if code == COUNTRY { "" } else { region::stem(code) }
}

type Boxed<'a> = agency::BoxedQuery<'a, <Connection as diesel::Connection>::Backend>;

/// The agencies that the filter leaves, whether in being or not, in no order.
///
/// # Errors
/// Those of the database.
fn narrowed<'a>(conn: &mut Connection, filter: &Filter) -> Result<Boxed<'a>> {
    let sounds = filter.sounds.clone().map_or_else(|| search::by_sounds(conn, &filter.q), Ok)?;
    let mut query = agency::table.into_boxed();
    if !filter.only.is_empty() {
        query = query.filter(agency::id.eq_any(filter.only.clone()));
    }
    if !filter.q.is_empty() {
        query = query.filter(search::is_called!(&filter.q, sounds));
    }
    if !filter.type_code.is_empty() {
        query = query.filter(agency::type_code.eq(filter.type_code.clone()));
    }
    if !filter.level.is_empty() {
        query = query.filter(agency::level.eq(filter.level.clone()));
    }
    if !filter.region.is_empty() {
        query = query.filter(agency::region_code.like(format!("{}%", region_prefix(&filter.region))));
    }
    if !filter.family.is_empty() {
        let takers = agency_takes::table
            .filter(agency_takes::family.eq(filter.family.clone()))
            .select(agency_takes::agency_id);
        query = query.filter(agency::id.eq_any(takers));
    }
    Ok(query)
}

/// How many agencies of each state the filter leaves, whatever state it asks for; at most [`LOOKED_AT`] are looked at.
///
/// # Errors
/// Those of the database.
pub fn counts(conn: &mut Connection, filter: &Filter, today: NaiveDate) -> Result<Counts> {
    let query = narrowed(conn, filter)?;
    let found: Vec<(Option<NaiveDate>, Option<NaiveDate>)> =
        query.select((agency::valid_from, agency::valid_to)).limit(LOOKED_AT + 1).load(conn)?;
    let state = |(from, to): (Option<NaiveDate>, Option<NaiveDate>)| match (from, to) {
        (_, Some(to)) if to < today => "ended",
        (Some(from), _) if from > today => "future",
        _ => "now",
    };
    Ok(Counts::of_states(found.into_iter().map(|days| state(days).to_owned()), false))
}

/// What the list goes by at the agency of a code, and the code.
fn key_of(conn: &mut Connection, filter: &Filter, code: String) -> Result<(String, String)> {
    if filter.sort.by == By::Code {
        return Ok((code.clone(), code));
    }
    let (zh, en, region): (String, String, String) = agency::table
        .filter(agency::code.eq(&code))
        .select((agency::name_zh, agency::name_en, agency::region_code))
        .first(conn)?;
    Ok((sorted_by(filter, (&zh, &en, &region)).to_owned(), code))
}

/// By what the list sorts an agency of these names in this region, where it does not go by the code alone.
fn sorted_by<'a>(filter: &Filter, (zh, en, region): (&'a str, &'a str, &'a str)) -> &'a str {
    match (filter.sort.by, filter.lang) {
        (By::Region, _) => region,
        (_, Lang::Zh) => zh,
        (_, Lang::En) => en,
    }
}

/// A query from a key on, upwards or downwards, in the order of a column and of the code.
macro_rules! sorted {
    ($query:expr, $key:expr, $rises:expr, $column:expr) => {{
        // The first condition is the one that the index goes by.
        let query = match ($key, $rises) {
            (None, _) => $query,
            (Some((key, code)), true) => {
                $query.filter($column.ge(key.clone())).filter($column.gt(key).or(agency::code.gt(code)))
            }
            (Some((key, code)), false) => {
                $query.filter($column.le(key.clone())).filter($column.lt(key).or(agency::code.lt(code)))
            }
        };
        if $rises {
            query.order(($column.asc(), agency::code.asc()))
        } else {
            query.order(($column.desc(), agency::code.desc()))
        }
    }};
}

/// At most `limit` agencies from the filter's edge on, in its order; for `Before` against that order.
///
/// # Errors
/// Those of the database; `Invalid` for an edge beside an agency that there is none of, but by code.
pub fn page(conn: &mut Connection, filter: &Filter, today: NaiveDate, limit: i64) -> Result<Vec<Agency>> {
    let edge = filter.edge.clone().found(|code| key_of(conn, filter, code))?;
    beside(conn, filter, today, &edge, limit)
}

/// As [`page`], behind an agency as it was read, whatever became of it meanwhile; `None`: from the first one on.
///
/// # Errors
/// Those of the database.
pub fn behind(
    conn: &mut Connection,
    filter: &Filter,
    today: NaiveDate,
    last: Option<&Agency>,
    limit: i64,
) -> Result<Vec<Agency>> {
    let key = |row: &Agency| {
        let by = sorted_by(filter, (&row.name_zh, &row.name_en, &row.region_code));
        (by.to_owned(), row.code.clone())
    };
    beside(conn, filter, today, &last.map_or(Edge::Start, |row| Edge::After(key(row))), limit)
}

/// As [`page`], from an edge whose place is known: by what the list sorts there, and the code.
fn beside(
    conn: &mut Connection,
    filter: &Filter,
    today: NaiveDate,
    edge: &Edge<(String, String)>,
    limit: i64,
) -> Result<Vec<Agency>> {
    let mut query = narrowed(conn, filter)?;
    let over = agency::valid_to.assume_not_null().lt(today);
    query = match filter.state {
        State::All => query,
        State::Ended => query.filter(agency::valid_to.is_not_null()).filter(over),
        State::Now => {
            let begun = agency::valid_from.is_null().or(agency::valid_from.assume_not_null().le(today));
            let lasts = agency::valid_to.is_null().or(agency::valid_to.assume_not_null().ge(today));
            query.filter(begun).filter(lasts)
        }
    };
    let (key, rises) = (edge.key().cloned(), filter.sort.descending != edge.is_forward());
    query = match (filter.sort.by, filter.lang, key) {
        (By::Code, _, None) if rises => query.order(agency::code.asc()),
        (By::Code, _, None) => query.order(agency::code.desc()),
        (By::Code, _, Some((_, code))) if rises => {
            query.filter(agency::code.gt(code)).order(agency::code.asc())
        }
        (By::Code, _, Some((_, code))) => query.filter(agency::code.lt(code)).order(agency::code.desc()),
        (By::Name, Lang::Zh, key) => sorted!(query, key, rises, agency::name_zh),
        (By::Name, Lang::En, key) => sorted!(query, key, rises, agency::name_en),
        (By::Region, _, key) => sorted!(query, key, rises, agency::region_code),
    };
    Ok(query.limit(limit).select(Agency::as_select()).load(conn)?)
}

/// Which of these ids are those of agencies.
///
/// # Errors
/// Those of the database.
pub fn there(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Id>> {
    Ok(agency::table.filter(agency::id.eq_any(ids)).select(agency::id).load(conn)?)
}

#[cfg(test)]
mod tests {
    use super::region_prefix;

    #[test]
    fn a_region_is_found_by_the_beginning_of_its_code() {
        let found = ["440000", "440100", "440111", "100000"].map(region_prefix);
        assert_eq!(found, ["44", "4401", "440111", ""]);
    }
}
