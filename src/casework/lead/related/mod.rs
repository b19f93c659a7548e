//! Leads that have something in common: a subject, a site, a listing, a shop, or that one was cloned from the other. Those that
//! look like one another are shown before a lead is submitted, and its compiler states that it is no duplicate.
//!
//! Tables: `lead_distinct`, `lead_origin`.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
