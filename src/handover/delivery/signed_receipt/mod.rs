//! The receipt of a delivery as a document that can be proved: made in the transaction of the acknowledgement, signed by the
//! recipient's passkey where they have one, countersigned by the server, never changed, and read by both sides. What it says stands in `casework/dossier/receipt`, where `verify` reads
//! it. A delivery that was acknowledged before there were such documents has none.
//!
//! Tables: `handover_receipt`, `handover_receipt_text`.

pub mod actions;
mod pdf;
pub mod store;
pub mod web;
