//! A scan that was wrong is replaced by an addition: the new one stands first, the old one stays on record beside it,
//! with the reason. Of a delivery's receipt, of a transfer's papers, and of a case's papers; their forms stand where it is
//! known what rests on them.
//!
//! Table: `scan_replacement`.

pub mod actions;
pub mod pages;
pub mod store;
pub mod web;

pub use store::ReplacementRow;
