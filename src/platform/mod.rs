//! What every room stands on: database, vault, mail, documents, clock, languages, jobs, settings, HTTP. Knows no lead.

pub mod chart;
pub mod db;
pub mod error;
pub mod export;
pub mod file_size;
pub mod grouping;
pub mod http;
pub mod i18n;
pub mod jobs;
pub mod keyring;
pub mod keys;
pub mod keyset;
pub mod mail;
pub mod metrics;
pub mod money;
pub mod notice;
pub mod paths;
pub mod pdf;
pub mod services;
pub mod settings;
pub mod sheet;
pub mod time;
pub mod vault;
pub mod words;
