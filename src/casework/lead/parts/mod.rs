//! What a lead names: charges, brands, subjects, sites, listings; each set with a page and verbs of its own, and each
//! change an act with its entry in the log.

pub mod actions;
pub mod store;
