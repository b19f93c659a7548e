//! Subjects: persons, companies, shops, accounts, phones, vehicles that leads name. A lead's own pages name and
//! correct them (room `lead`, which holds their rows); here stands what is known about one across all leads. Its page is
//! answered by the ledger of outcomes, which may name it too.
//!
//! Tables read: `subject`, `lead_subject`.

pub mod pages;
pub mod store;

use crate::directory::people::policy::{CASE_READERS, Verb};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[Verb { name: "subject.view", object: "subject", roles: CASE_READERS, rule: "" }];
