//! Read only; may join any table.

pub mod words;

pub mod worklists;

pub mod search;

pub mod changes;

pub mod lead_timeline;

pub mod annual_report;

pub mod audit_log;

pub mod help;

pub mod unsent;

pub mod api_docs;

pub mod metrics;
