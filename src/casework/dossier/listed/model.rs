//! What the list is narrowed to. Pure.

use chrono::NaiveDate;

use super::super::{model::State, waiting::Waits};
use crate::platform::{
    db::Id,
    error::FieldError,
    http::{
        Form,
        sorting::{self, Order},
    },
    keyset::Edge,
};

/// By what the list is sorted; ties by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// When it was composed.
    #[default]
    Made,
    /// The name of its folder, which begins with the number of its lead and the version.
    Folder,
    /// When it was sealed; what is not sealed stands behind the others, whichever way it goes.
    Sealed,
}

impl Order for By {
    const ALL: &'static [Self] = &[By::Made, By::Folder, By::Sealed];

    fn key(self) -> &'static str {
        match self {
            By::Made => "made",
            By::Folder => "folder",
            By::Sealed => "sealed",
        }
    }

    fn label(self) -> &'static str {
        match self {
            By::Made => "dossier-col-made",
            By::Folder => "dossier-col-folder",
            By::Sealed => "dossier-fact-sealed",
        }
    }

    fn is_words(self) -> bool {
        self == By::Folder
    }
}

pub type Sort = sorting::Sort<By>;

/// Unless told: the newest first.
pub const USUAL: Sort = Sort { by: By::Made, descending: true };

/// Everything of it stands in the address.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Number or title of the lead, or the name of the folder or its beginning.
    pub q: String,
    pub state: Option<State>,
    pub agency: Option<Id>,
    /// Only what waits so about leads that this person owns or is assigned.
    pub waits: Option<(Waits, Id)>,
    /// Days on which it was composed.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// These alone; empty: all.
    pub only: Vec<Id>,
    pub sort: Sort,
    /// Beside which one the page begins.
    pub edge: Edge<Id>,
    /// What of the address was not understood.
    pub faults: Vec<FieldError>,
}

impl Filter {
    /// Reads the address. `me`: for whom it is that something waits.
    pub fn read(query: &mut Form, me: Id) -> Self {
        let (from, to) = query.asked_days();
        Self {
            q: query.text("q", 100),
            state: query.asked("state", |raw| State::ALL.into_iter().find(|state| state.as_str() == raw)),
            agency: query.asked_word("agency"),
            waits: query.asked_word("waits").map(|waits| (waits, me)),
            from,
            to,
            only: Vec::new(),
            sort: query.asked("sort", Sort::parse).unwrap_or(USUAL),
            edge: query.asked_edge(|raw| raw.parse().ok()),
            faults: query.errors().to_vec(),
        }
    }

    /// Whether it narrows by nothing but the state.
    pub fn is_whole(&self) -> bool {
        let is_dated = self.from.is_some() || self.to.is_some();
        let is_asked = self.agency.is_some() || self.waits.is_some() || !self.only.is_empty();
        !is_dated && !is_asked && self.q.is_empty()
    }
}
