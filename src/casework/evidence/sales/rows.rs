//! The rows behind the sums of a lead's marked tables, one after the other, each with what becomes of it: as dossiers give them
//! to who gets the tables.

pub use super::{reasons::Reason, tally::Tally};

use super::{
    count::{self, Source},
    file,
    model::Cell,
    reading::{self, Line, State},
    reasons, store,
};
use crate::{
    casework::evidence::scrub::open_among,
    platform::{
        db::{Connection, Id},
        error::{AppError, Plain, Result},
        jobs::NotYet,
        vault::Vault,
    },
};

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Counted,
    /// It sums up others.
    Sum,
    /// Its state says that it is no sale.
    Status,
    /// Another table of the lead says so of its order.
    StatusElsewhere,
    /// A number of it is less than nought.
    Negative,
    /// An earlier table of the lead has it too, and it is counted there.
    Merged,
    Unreadable,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The item that it stands in.
    pub evidence_id: Id,
    /// From 1, as spreadsheets number them; for CSV without the lines in which nothing stands.
    pub number: u64,
    /// Empty: none is said.
    pub shop: &'a str,
    pub product: &'a str,
    /// `None`: can't be read.
    pub units: Option<i64>,
    pub fen: Option<i64>,
    pub fate: Fate,
    /// Why it was not read, or what its order lacks.
    pub why: Vec<Reason>,
}

impl<'a> Row<'a> {
    fn new(source: &Source, number: u64, cells: &[Cell], line: &'a Line, state: State) -> Self {
        let mapping = &source.mapping;
        let fate = match state {
            State::Counted => Fate::Counted,
            State::Excluded if line.state != State::Excluded => Fate::StatusElsewhere,
            State::Excluded if reading::is_sum(mapping, cells) => Fate::Sum,
            State::Excluded => Fate::Status,
            State::Negative => Fate::Negative,
            State::Merged => Fate::Merged,
            State::Unreadable => Fate::Unreadable,
        };
        let (units, fen) = reading::numbers(mapping, cells);
        Self {
            evidence_id: source.evidence_id,
            number,
            shop: &line.shop,
            product: &line.product,
            units,
            fen,
            fate,
            why: reasons::of(mapping, cells, state),
        }
    }
}

/// The marked tables of a lead, all of them: what becomes of a row of one may stand in another.
#[derive(Clone, Debug)]
pub struct Tables {
    /// In the order in which they are counted.
    sources: Vec<Source>,
}

impl Tables {
    /// Those that are marked now.
    ///
    /// # Errors
    /// Those of the database; `Internal` where one was erased, with [`NotYet`] while one has an alarm.
    pub fn read(conn: &mut Connection, lead_id: Id) -> Result<Self> {
        let totals = store::totals(conn, lead_id)?;
        let sources = count::marked(conn, &totals)?;
        if sources.len() != totals.len() || sources.iter().any(|one| one.blob.erased_at.is_some()) {
            return Err(AppError::internal(Plain("a table of sales records was erased".into())));
        }
        let blobs: Vec<Id> = sources.iter().map(|source| source.blob.id).collect();
        if !open_among(conn, &blobs)?.is_empty() {
            return Err(AppError::internal(NotYet));
        }
        Ok(Self { sources })
    }

    /// Shows the rows of those tables that are to be shown, table by table in the order in which they are counted, and gives what
    /// these come to. One row at a time is in memory, beside the orders of the lead. `beat` is called while it waits for its
    /// turn, and every so many rows. Blocks.
    ///
    /// # Errors
    /// `Invalid` for what is no table or too much; those of `beat`, of `visit` and of the vault.
    pub fn show(
        &self,
        vault: &Vault,
        is_shown: &dyn Fn(Id) -> bool,
        beat: &mut dyn FnMut() -> Result<()>,
        visit: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<Vec<(Id, Tally)>> {
        let last = self.sources.iter().rposition(|source| is_shown(source.evidence_id));
        let most = last.map_or(0, |place| place + 1);
        let tallies = file::in_job(vault, beat, |files, beat| {
            count::judge(files, &self.sources, most, beat, &mut |place, number, cells, line, state| {
                if let Some(source) = self.sources.get(place).filter(|one| is_shown(one.evidence_id)) {
                    visit(&Row::new(source, number, cells, line, state))?;
                }
                Ok(true)
            })
        })?;
        let told = self.sources.iter().map(|source| source.evidence_id).zip(tallies);
        Ok(told.filter(|(id, _)| is_shown(*id)).collect())
    }
}
