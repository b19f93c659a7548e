//! Marks and their sums.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    model::Mapping,
    tally::{Sum, Tally},
};
use crate::platform::{
    db::{
        Connection, Id, Instant, Rows, Tx,
        schema::{redaction, sales_sum, sales_table, sales_total},
    },
    error::Result,
};

/// Steps from an item to the original that are followed.
const MOST_STEPS: usize = 16;

/// A table of a lead with what it comes to.
#[derive(Clone, Debug)]
pub struct Total {
    pub evidence_id: Id,
    /// The mark that holds.
    pub table_id: Id,
    pub mapping: Mapping,
    pub recorded_by: Id,
    pub at: Instant,
    /// Rows that are counted.
    pub counted: i64,
    pub units: i64,
    pub fen: i64,
    pub excluded: i64,
    /// Rows that an earlier table has too.
    pub merged: i64,
    pub faults: i64,
    /// The first of the rows that can't be read.
    pub fault_rows: Vec<u64>,
    pub first_on: Option<NaiveDate>,
    pub last_on: Option<NaiveDate>,
}

/// The part of a table that is of one shop and one product.
#[derive(Clone, Debug, Queryable)]
pub struct Part {
    pub evidence_id: Id,
    pub shop: String,
    pub product: String,
    pub counted: i64,
    pub units: i64,
    pub fen: i64,
    pub faults: i64,
    pub first_on: Option<NaiveDate>,
    pub last_on: Option<NaiveDate>,
}

/// The sales records of a lead.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// In the order of the ids of their items: that in which they were counted.
    pub totals: Vec<Total>,
    pub parts: Vec<Part>,
}

impl Records {
    /// Those of these items alone.
    #[must_use]
    pub fn of(&self, is_shown: impl Fn(Id) -> bool) -> Self {
        let totals = self.totals.iter().filter(|total| is_shown(total.evidence_id)).cloned();
        let parts = self.parts.iter().filter(|part| is_shown(part.evidence_id)).cloned();
        Self { totals: totals.collect(), parts: parts.collect() }
    }

    /// The whole of them.
    pub fn whole(&self) -> Sum {
        let sums = self.totals.iter().map(|total| Sum {
            counted: total.counted,
            units: total.units.into(),
            fen: total.fen.into(),
            faults: total.faults,
            first: total.first_on,
            last: total.last_on,
        });
        sums.fold(Sum::default(), |all, one| all.with(&one))
    }

    /// By shop, or by product: the largest turnover first.
    pub fn by(&self, name: fn(&Part) -> &str) -> Vec<(String, Sum)> {
        let mut found: BTreeMap<&str, Sum> = BTreeMap::new();
        for part in &self.parts {
            let sum = found.entry(name(part)).or_default();
            *sum = sum.with(&Sum {
                counted: part.counted,
                units: part.units.into(),
                fen: part.fen.into(),
                faults: part.faults,
                first: part.first_on,
                last: part.last_on,
            });
        }
        let mut rows: Vec<(String, Sum)> =
            found.into_iter().map(|(name, sum)| (name.to_owned(), sum)).collect();
        rows.sort_by_key(|(_, one)| std::cmp::Reverse(one.fen));
        rows
    }
}

/// The newest act on the sales records of a lead: its sums hold.
fn newest(conn: &mut Connection, lead_id: Id) -> Result<Option<Id>> {
    Ok(sales_table::table
        .filter(sales_table::lead_id.eq(lead_id))
        .order(sales_table::id.desc())
        .select(sales_table::id)
        .first(conn)
        .optional()?)
}

type Stored = (
    (Id, Id, String, Id, Instant),
    (i64, i64, i64, i64, i64, i64),
    (String, Option<NaiveDate>, Option<NaiveDate>),
);

/// What each table of a lead comes to, without its parts.
///
/// # Errors
/// Those of the database; `Internal` for a mark that can't be read.
pub fn totals(conn: &mut Connection, lead_id: Id) -> Result<Vec<Total>> {
    let Some(act) = newest(conn, lead_id)? else { return Ok(Vec::new()) };
    let rows: Vec<Stored> = sales_total::table
        .inner_join(sales_table::table)
        .filter(sales_total::act_id.eq(act))
        .order(sales_total::evidence_id)
        .select((
            (
                sales_total::evidence_id,
                sales_total::table_id,
                sales_table::mapping,
                sales_table::recorded_by,
                sales_table::at,
            ),
            (
                sales_total::counted,
                sales_total::units,
                sales_total::fen,
                sales_total::excluded,
                sales_total::merged,
                sales_total::faults,
            ),
            (sales_total::fault_rows, sales_total::first_on, sales_total::last_on),
        ))
        .load(conn)?;
    rows.into_iter().map(total).collect()
}

fn total(
    (
        (evidence_id, table_id, mapping, recorded_by, at),
        (counted, units, fen, excluded, merged, faults),
        (rows, first_on, last_on),
    ): Stored,
) -> Result<Total> {
    Ok(Total {
        evidence_id,
        table_id,
        mapping: Mapping::of_text(&mapping)?,
        recorded_by,
        at,
        counted,
        units,
        fen,
        excluded,
        merged,
        faults,
        fault_rows: serde_json::from_str(&rows)?,
        first_on,
        last_on,
    })
}

/// The sales records of a lead, with their parts; of one of its items alone, if it is given.
///
/// # Errors
/// As [`totals`].
pub fn records(conn: &mut Connection, lead_id: Id, item: Option<Id>) -> Result<Records> {
    let mut totals = totals(conn, lead_id)?;
    totals.retain(|total| item.is_none_or(|item| total.evidence_id == item));
    if totals.is_empty() {
        return Ok(Records::default());
    }
    let Some(act) = newest(conn, lead_id)? else { return Ok(Records::default()) };
    let shown: Vec<Id> = totals.iter().map(|total| total.evidence_id).collect();
    let parts = sales_sum::table
        .filter(sales_sum::act_id.eq(act))
        .filter(sales_sum::evidence_id.eq_any(shown))
        .order((sales_sum::evidence_id, sales_sum::number))
        .select((
            sales_sum::evidence_id,
            sales_sum::shop,
            sales_sum::product,
            sales_sum::counted,
            sales_sum::units,
            sales_sum::fen,
            sales_sum::faults,
            sales_sum::first_on,
            sales_sum::last_on,
        ))
        .load(conn)?;
    Ok(Records { totals, parts })
}

/// The items that these were made of by redaction, by their ids, through all steps; those that are themselves are left out.
///
/// # Errors
/// Those of the database.
pub(super) fn roots(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Id>> {
    let mut found: HashMap<Id, Id> = HashMap::new();
    let mut asked: Vec<Id> = ids.to_vec();
    // A redaction of a redaction: a step a round, and no chain is longer.
    for _ in 0..MOST_STEPS {
        let rows: Vec<(Id, Id)> = redaction::table
            .filter(redaction::evidence_id.eq_any(&asked))
            .select((redaction::evidence_id, redaction::original_id))
            .load(conn)?;
        if rows.is_empty() {
            break;
        }
        let origins: HashMap<Id, Id> = rows.into_iter().collect();
        for id in ids {
            let now = found.get(id).copied().unwrap_or(*id);
            if let Some(origin) = origins.get(&now) {
                found.insert(*id, *origin);
            }
        }
        asked = origins.into_values().collect();
    }
    Ok(found)
}

/// What one table comes to; `None`: it is not marked.
///
/// # Errors
/// As [`totals`].
pub fn of_item(conn: &mut Connection, lead_id: Id, evidence_id: Id) -> Result<Option<Total>> {
    Ok(totals(conn, lead_id)?.into_iter().find(|total| total.evidence_id == evidence_id))
}

/// Whether an item is marked.
///
/// # Errors
/// Those of the database.
pub fn is_marked(conn: &mut Connection, evidence_id: Id) -> Result<bool> {
    let newest: Option<String> = sales_table::table
        .filter(sales_table::evidence_id.eq(evidence_id))
        .order(sales_table::id.desc())
        .select(sales_table::mapping)
        .first(conn)
        .optional()?;
    Ok(newest.is_some_and(|mapping| !mapping.is_empty()))
}

/// The act that restates the sums of a lead.
pub(super) struct Act<'a> {
    pub id: Id,
    pub lead_id: Id,
    pub evidence_id: Id,
    /// `None` takes the mark off.
    pub mapping: Option<&'a Mapping>,
    pub by: Id,
    /// Every marked table with the mark that holds, and what it comes to.
    pub sums: Vec<(Id, Id, &'a Tally)>,
}

/// Writes an act with its sums.
///
/// # Errors
/// Those of the database.
pub(super) fn insert(tx: &mut Tx<'_>, act: &Act<'_>) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(sales_table::table)
        .values((
            sales_table::id.eq(act.id),
            sales_table::lead_id.eq(act.lead_id),
            sales_table::evidence_id.eq(act.evidence_id),
            sales_table::mapping.eq(act.mapping.map(Mapping::to_text).transpose()?.unwrap_or_default()),
            sales_table::recorded_by.eq(act.by),
            sales_table::at.eq(now),
        ))
        .execute(tx.conn())?;
    let mut totals = Rows::new(
        "sales_total",
        &[
            "act_id",
            "evidence_id",
            "table_id",
            "counted",
            "units",
            "fen",
            "excluded",
            "merged",
            "faults",
            "fault_rows",
            "first_on",
            "last_on",
        ],
    );
    let mut parts = Rows::new(
        "sales_sum",
        &[
            "act_id",
            "evidence_id",
            "number",
            "shop",
            "product",
            "counted",
            "units",
            "fen",
            "faults",
            "first_on",
            "last_on",
        ],
    );
    for (evidence_id, table_id, tally) in &act.sums {
        let (units, fen) = tally.whole.stored();
        totals.push([
            act.id.into(),
            (*evidence_id).into(),
            (*table_id).into(),
            tally.whole.counted.into(),
            units.into(),
            fen.into(),
            tally.excluded.into(),
            tally.merged.into(),
            tally.whole.faults.into(),
            serde_json::to_string(&tally.fault_rows)?.into(),
            tally.whole.first.into(),
            tally.whole.last.into(),
        ]);
        for (number, ((shop, product), sum)) in (1i32..).zip(&tally.groups) {
            let (units, fen) = sum.stored();
            parts.push([
                act.id.into(),
                (*evidence_id).into(),
                number.into(),
                shop.as_str().into(),
                product.as_str().into(),
                sum.counted.into(),
                units.into(),
                fen.into(),
                sum.faults.into(),
                sum.first.into(),
                sum.last.into(),
            ]);
        }
    }
    totals.insert(tx.conn())?;
    parts.insert(tx.conn())
}
