//! The parts of the program that handlers and jobs use, put together once at the start.

use std::sync::Arc;

use super::{db::Db, settings::Settings};

/// Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub db: Db,
    pub settings: Arc<Settings>,
    /// Whether the data folder is a demo's: pages and papers say so.
    pub is_demo: bool,
}
