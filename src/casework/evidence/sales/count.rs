//! Counting the sales records of a lead: which files are read for an act, and what they come to.

use std::collections::HashSet;

use super::{
    file,
    model::Mapping,
    reading,
    store::{self, Total},
    tally::{self, MOST_ROWS, Tally},
};
use crate::{
    casework::{
        evidence::{
            actions::ALARM,
            scrub::open_among,
            store::{self as items, Blob},
        },
        lead::{self, model::Lead},
    },
    directory::people::Compiler,
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        vault::Vault,
    },
};

/// Tables of one lead.
const MOST_TABLES: usize = 20;
/// Rows of all tables of a lead: their orders are held in memory.
const MOST_OF_LEAD: i64 = 2 * MOST_ROWS;
/// Rows between two signs of life.
const BEAT: u64 = 20_000;
/// Rows that a preview looks at.
pub const PREVIEW: u64 = 10_000;

/// A table that is to be read.
#[derive(Clone, Debug)]
pub struct Source {
    pub evidence_id: Id,
    /// The mark that holds; `None`: the act makes it.
    pub table_id: Option<Id>,
    pub mapping: Mapping,
    pub blob: Blob,
}

/// What an act is to do.
#[derive(Clone, Debug)]
pub struct Plan {
    pub evidence_id: Id,
    /// `None` takes the mark off.
    pub mapping: Option<Mapping>,
    /// The marks that hold before, by item.
    pub before: Vec<(Id, Id)>,
    /// The tables that are marked after it, in the order in which they are counted.
    pub sources: Vec<Source>,
    /// Whether it would change nothing.
    pub is_idle: bool,
}

impl Plan {
    /// Bytes of all tables, as they are stored.
    pub fn bytes(&self) -> i64 {
        self.sources.iter().map(|source| source.blob.size).sum()
    }
}

/// The marks of a lead.
pub(super) fn marks(totals: &[Total]) -> Vec<(Id, Id)> {
    totals.iter().map(|total| (total.evidence_id, total.table_id)).collect()
}

/// The item's lead, if `me` may change what stands beside it now.
///
/// # Errors
/// `NotFound` for an item that isn't there; `Conflict` where the lead is not the actor's, or no draft.
pub fn changeable(conn: &mut Connection, me: &Compiler, evidence_id: Id) -> Result<(items::Item, Lead)> {
    let item = items::find(conn, evidence_id)?;
    let lead = lead::store::find_visible(conn, me, item.lead_id)?;
    lead::model::require_changeable(me, &lead)?;
    if item.removed_at.is_some() || item.blob.erased_at.is_some() {
        return Err(AppError::NotFound);
    }
    Ok((item, lead))
}

/// What marking an item, or taking its mark off, is to read.
///
/// # Errors
/// As [`changeable`]; `Conflict` while the bytes of a table have an alarm; `Invalid` where there are too many tables.
pub fn plan(conn: &mut Connection, me: &Compiler, evidence_id: Id, mapping: Option<Mapping>) -> Result<Plan> {
    let (item, lead) = changeable(conn, me, evidence_id)?;
    let totals = store::totals(conn, lead.id)?;
    let before = marks(&totals);
    let own = totals.iter().find(|total| total.evidence_id == evidence_id);
    let is_idle = own.map(|total| &total.mapping) == mapping.as_ref();
    let ids: Vec<Id> = before.iter().map(|(item, _)| *item).filter(|id| *id != evidence_id).collect();
    let mut sources: Vec<Source> = Vec::new();
    for other in items::find_many(conn, &ids)? {
        let Some(total) = totals.iter().find(|total| total.evidence_id == other.id) else { continue };
        sources.push(Source {
            evidence_id: other.id,
            table_id: Some(total.table_id),
            mapping: total.mapping.clone(),
            blob: other.blob,
        });
    }
    if let Some(mapping) = &mapping {
        sources.push(Source { evidence_id, table_id: None, mapping: mapping.clone(), blob: item.blob });
    }
    if sources.len() > MOST_TABLES {
        let fault = FieldError::new("sheet", "error-sales-tables").arg("max", MOST_TABLES);
        return Err(AppError::Invalid(vec![fault]));
    }
    // The order of the items' ids is that in which they came, and never changes.
    sources.sort_by_key(|source| source.evidence_id);
    let blobs: Vec<Id> = sources.iter().map(|source| source.blob.id).collect();
    if !open_among(conn, &blobs)?.is_empty() {
        return Err(AppError::Conflict(ALARM));
    }
    Ok(Plan { evidence_id, mapping, before, sources, is_idle })
}

fn refused(fault: FieldError) -> AppError {
    AppError::Invalid(vec![fault])
}

/// Counts the tables of a plan, in their order. `beat` is called every so many rows. Blocks.
///
/// # Errors
/// `Invalid` for what is no table or too much; those of `beat` and of the vault.
pub fn count(vault: &Vault, plan: &Plan, beat: &mut dyn FnMut() -> Result<()>) -> Result<Vec<Tally>> {
    let mut seen: HashSet<u128> = HashSet::new();
    let mut done: Vec<Tally> = Vec::new();
    let mut rows = 0;
    for source in &plan.sources {
        let mut tally = Tally::default();
        file::walk(vault, &source.blob, source.mapping.sheet, &mut |row, cells| {
            if row.is_multiple_of(BEAT) {
                beat()?;
            }
            if row > source.mapping.header
                && let Some(line) = reading::look(&source.mapping, cells)
            {
                tally.add(row, line, &seen).map_err(refused)?;
            }
            Ok(true)
        })?;
        rows += tally.rows();
        if rows > MOST_OF_LEAD {
            return Err(refused(FieldError::new("sheet", "error-sales-rows").arg("max", MOST_OF_LEAD)));
        }
        seen.extend(std::mem::take(&mut tally.orders));
        done.push(tally);
    }
    tally::together(&done).map_err(refused)?;
    Ok(done)
}

/// What the first rows of one table come to by themselves, and whether more follow. Blocks.
///
/// # Errors
/// As [`count`].
pub fn preview(vault: &Vault, blob: &Blob, mapping: &Mapping) -> Result<(Tally, bool)> {
    let (mut tally, none, mut is_more) = (Tally::default(), HashSet::new(), false);
    file::walk(vault, blob, mapping.sheet, &mut |row, cells| {
        is_more = row > mapping.header + PREVIEW;
        if is_more {
            return Ok(false);
        }
        if row > mapping.header
            && let Some(line) = reading::look(mapping, cells)
        {
            tally.add(row, line, &none).map_err(refused)?;
        }
        Ok(true)
    })?;
    Ok((tally, is_more))
}
