//! Counting the sales records of a lead: which files are read for an act, and what they come to.

use super::{
    file::{self, Files},
    model::{Cell, Column, Mapping},
    others::Others,
    reading::{self, Line, State},
    reasons::{self, Reason},
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
/// What is refused where the item is marked already under another name.
const TWICE: &str = "conflict-sales-twice";
/// Rows between two signs of life.
const BEAT: u64 = 20_000;
/// Rows that a preview looks at.
pub const PREVIEW: u64 = 10_000;
/// So many rows that can't be read it tells with the reason.
const UNREAD: usize = 20;

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

/// Bytes of all tables, unpacked, as they claim. Blocks.
///
/// # Errors
/// Those of the vault.
pub fn weight(vault: &Vault, sources: &[Source]) -> Result<u64> {
    let add = |sum: u64, source: &Source| -> Result<u64> {
        Ok(sum.saturating_add(file::weight(vault, &source.blob)?))
    };
    sources.iter().try_fold(0, add)
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
/// As [`changeable`]; `Conflict` while the bytes of a table have an alarm, and where the item is the same table as another one
/// that is marked; `Invalid` where there are too many tables.
pub fn plan(conn: &mut Connection, me: &Compiler, evidence_id: Id, mapping: Option<Mapping>) -> Result<Plan> {
    let (item, lead) = changeable(conn, me, evidence_id)?;
    let totals = store::totals(conn, lead.id)?;
    let before = marks(&totals);
    let own = totals.iter().find(|total| total.evidence_id == evidence_id);
    let is_idle = own.map(|total| &total.mapping) == mapping.as_ref();
    let mut sources = marked(conn, &totals)?;
    sources.retain(|source| source.evidence_id != evidence_id);
    if let Some(mapping) = &mapping {
        if is_there_twice(conn, &item, &sources)? {
            return Err(AppError::Conflict(TWICE));
        }
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

/// The marked tables of a lead, in the order in which they are counted.
///
/// # Errors
/// Those of the database.
pub fn marked(conn: &mut Connection, totals: &[Total]) -> Result<Vec<Source>> {
    let ids: Vec<Id> = totals.iter().map(|total| total.evidence_id).collect();
    let mut sources: Vec<Source> = Vec::new();
    for item in items::find_many(conn, &ids)? {
        let Some(total) = totals.iter().find(|total| total.evidence_id == item.id) else { continue };
        sources.push(Source {
            evidence_id: item.id,
            table_id: Some(total.table_id),
            mapping: total.mapping.clone(),
            blob: item.blob,
        });
    }
    sources.sort_by_key(|source| source.evidence_id);
    Ok(sources)
}

/// Whether one of the marked tables is the same file as the item, or both were made of the same one by redaction: each row would
/// be counted twice.
fn is_there_twice(conn: &mut Connection, item: &items::Item, marked: &[Source]) -> Result<bool> {
    let ids: Vec<Id> = marked.iter().map(|source| source.evidence_id).chain([item.id]).collect();
    let roots = store::roots(conn, &ids)?;
    let root = |id: Id| roots.get(&id).copied().unwrap_or(id);
    // What two items were made of may be the same bytes under two names.
    let originals: Vec<Id> = ids.iter().map(|id| root(*id)).collect();
    let originals = items::find_many(conn, &originals)?;
    let bytes = |id: Id| originals.iter().find(|one| one.id == root(id)).map(|one| one.blob_id);
    let own = bytes(item.id);
    Ok(marked.iter().any(|one| one.blob.id == item.blob_id || bytes(one.evidence_id) == own))
}

fn refused(fault: FieldError) -> AppError {
    AppError::Invalid(vec![fault])
}

/// What a row of a table is shown to, with what becomes of it: the table's place, the row's number, its cells. False: no more of
/// this table.
pub type Judged<'a> = dyn FnMut(usize, u64, &[Cell], &Line, State) -> Result<bool> + 'a;

/// Counts tables in their order. `beat` is called every so many rows. Blocks.
///
/// # Errors
/// `Invalid` for what is no table or too much; those of `beat` and of the vault.
pub fn count(
    files: &Files<'_>,
    sources: &[Source],
    beat: &mut dyn FnMut() -> Result<()>,
) -> Result<Vec<Tally>> {
    judge(files, sources, sources.len(), beat, &mut |_, _, _, _, _| Ok(true))
}

/// Counts the first `most` of the tables in their order, and shows their rows. Blocks.
///
/// # Errors
/// As [`count`]; those of `visit`.
pub fn judge(
    files: &Files<'_>,
    sources: &[Source],
    most: usize,
    beat: &mut dyn FnMut() -> Result<()>,
    visit: &mut Judged<'_>,
) -> Result<Vec<Tally>> {
    let mut visits = 0u64;
    let mut beat = || {
        visits += 1;
        if visits.is_multiple_of(BEAT) { beat() } else { Ok(()) }
    };
    let mut others = Others::new(sources.iter().map(|source| &source.mapping));
    excluded(files, sources, &mut beat, &mut others)?;
    let mut done: Vec<Tally> = Vec::new();
    let mut rows = 0;
    for (place, source) in sources.iter().enumerate().take(most) {
        let mut tally = Tally::new(place);
        file::walk(files, &source.blob, source.mapping.sheet, &mut |row, cells| {
            beat()?;
            if row <= source.mapping.header {
                return Ok(true);
            }
            let Some(line) = reading::look(&source.mapping, cells) else { return Ok(true) };
            let state = tally.add(row, &line, &others).map_err(refused)?;
            visit(place, row, cells, &line, state)
        })?;
        rows += tally.rows();
        if rows > MOST_OF_LEAD {
            return Err(refused(FieldError::new("sheet", "error-sales-rows").arg("max", MOST_OF_LEAD)));
        }
        others.take_in(std::mem::take(&mut tally.lines));
        done.push(tally);
    }
    tally::together(&done).map_err(refused)?;
    Ok(done)
}

/// Reads which orders the tables exclude: the first one may tell of a sale that the last takes back. One table alone says all
/// of its rows itself.
fn excluded(
    files: &Files<'_>,
    sources: &[Source],
    beat: &mut dyn FnMut() -> Result<()>,
    others: &mut Others,
) -> Result<()> {
    let has_orders = |source: &&Source| source.mapping.place(Column::Order).is_some();
    if sources.iter().filter(has_orders).count() < 2 {
        return Ok(());
    }
    for (place, source) in sources.iter().enumerate().filter(|(_, source)| has_orders(source)) {
        file::walk(files, &source.blob, source.mapping.sheet, &mut |row, cells| {
            beat()?;
            if row > source.mapping.header
                && let Some(line) = reading::look(&source.mapping, cells)
            {
                others.exclude(place, &line);
            }
            Ok(true)
        })?;
    }
    Ok(())
}

/// What the first rows of one table come to by themselves.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    pub tally: Tally,
    /// Whether rows follow that were not looked at.
    pub is_more: bool,
    /// The first rows that can't be read, by their numbers in the file, with why.
    pub unread: Vec<(u64, Vec<Reason>)>,
}

/// What the first rows of one table come to by themselves. Blocks.
///
/// # Errors
/// As [`count`].
pub fn preview(files: &Files<'_>, blob: &Blob, mapping: &Mapping) -> Result<Preview> {
    let (mut found, none) = (Preview::default(), Others::default());
    file::walk(files, blob, mapping.sheet, &mut |row, cells| {
        found.is_more = row > mapping.header + PREVIEW;
        if found.is_more {
            return Ok(false);
        }
        if row > mapping.header
            && let Some(line) = reading::look(mapping, cells)
        {
            let state = found.tally.add(row, &line, &none).map_err(refused)?;
            if state == State::Unreadable && found.unread.len() < UNREAD {
                found.unread.push((row, reasons::of(mapping, cells, state)));
            }
        }
        Ok(true)
    })?;
    Ok(found)
}
