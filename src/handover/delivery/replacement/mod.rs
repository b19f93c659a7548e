//! A scan that was wrong is replaced by an addition: the new one stands first, the old one stays on record beside it,
//! with the reason. Of a delivery's receipt and of a transfer's papers here; a case's papers have the same in their
//! room.
//!
//! Table: `scan_replacement`.

pub mod actions;
pub mod pages;
pub mod store;
pub mod web;

pub use store::ReplacementRow;
