//! The parts of the program that handlers and jobs use, put together once at the start.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    db::Db,
    grouping::Groups,
    keys::{MasterKey, SigningKey},
    mail::Mailer,
    metrics::Metrics,
    pdf::Drawer,
    settings::Settings,
    time_stamp::Turns,
    vault::Vault,
};

/// Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub db: Db,
    pub settings: Arc<Settings>,
    pub master: Arc<MasterKey>,
    pub vault: Vault,
    pub mailer: Mailer,
    /// What this process counts of itself.
    pub metrics: Metrics,
    /// Refused attempts that this process puts on record together.
    pub refused: Groups,
    /// Names of brands, as they were read last.
    pub brands: KeptNames,
    /// Every verb that the audit log may hold, in the order of the rooms.
    pub verbs: Arc<[&'static str]>,
    /// Signs seals and the heads of the audit log.
    pub signer: Arc<SigningKey>,
    /// Name of the audit log, as its heads begin.
    pub origin: Arc<str>,
    /// Whose turn it is to ask an authority for a time stamp.
    pub stamp_turns: Turns,
    /// Draws the pages of other people's PDFs.
    pub drawer: Drawer,
    /// Whether the data folder is a demo's: pages and papers say so.
    pub is_demo: bool,
}

impl Services {
    /// The authorities that are asked for time stamps, by their addresses.
    pub fn stamp_authorities(&self) -> Vec<String> {
        self.settings.timestamp_authorities.iter().map(|one| one.name.clone()).collect()
    }
}

/// Names that were read from the database, with how many there were then.
#[derive(Clone, Debug, Default)]
pub struct KeptNames(Arc<Mutex<(i64, Arc<Vec<String>>)>>);

impl KeptNames {
    /// The names, if there are still `n`.
    pub fn of(&self, n: i64) -> Option<Arc<Vec<String>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.0 == n).then(|| kept.1.clone())
    }

    /// Keeps the names, of which there are `n`.
    pub fn put(&self, n: i64, names: Arc<Vec<String>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (n, names);
    }
}
