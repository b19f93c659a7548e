//! The parts of the program that handlers and jobs use, put together once at the start.

use std::sync::Arc;

use super::{
    db::Db,
    grouping::Groups,
    keys::{MasterKey, SigningKey},
    mail::Mailer,
    metrics::Metrics,
    settings::Settings,
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
    /// Every verb that the audit log may hold, in the order of the rooms.
    pub verbs: Arc<[&'static str]>,
    /// Signs seals and the heads of the audit log.
    pub signer: Arc<SigningKey>,
    /// Name of the audit log, as its heads begin.
    pub origin: Arc<str>,
    /// Whether the data folder is a demo's: pages and papers say so.
    pub is_demo: bool,
}
