//! The audit log: every change, view of case material, download, export, refused attempt and login. Written by all
//! rooms in the transaction of the change itself; knows none of them.
//!
//! Each entry is a leaf of one Merkle tree (RFC 6962 hashing, C2SP tlog-tiles). A leaf holds ids, codes, numbers and
//! hashes; what is personal stands beside it in `audit_private` and is only committed to by a salted hash, so that
//! it can be erased by law without breaking the tree. Entries are first unplaced; one sequencer over all servers
//! gives them their place and signs heads.
//!
//! Others may cosign its heads as witnesses (`cosigning`), and this program those of other logs (`witnessing`).
//!
//! Tables: `audit_entry`, `audit_object`, `audit_private`, `audit_pending`, `audit_place`, `audit_node`, `audit_head`,
//! `audit_cosignature`, `audit_witness`, `witnessed_log`.

mod check;
mod cosigning;
mod count;
mod entry;
mod proof;
mod read;
mod sequencer;
mod tree;
mod witnessing;
mod words;

pub use check::{Fault, check, waiting};
pub use cosigning::{Standing, cosigned_note, handlers, is_awaited, prove_cosigned, sequence, standings};
pub use count::outcomes;
pub use entry::{
    Entry, Outcome, commitment, erase_private, record, record_beside, record_many, record_read,
    record_refused, record_refused_grouped, unchanged,
};
pub use proof::{Head, Proof, head_at, latest_head, place_of, prove, tile};
pub use read::{
    Acts, Filter, Row, count, count_about, count_outcome_up_to, count_up_to, done_about, first_about,
    first_id_at, for_object, last_done, lately, oldest_waiting, page, page_from, private_of, privates_of,
};
pub use sequencer::{begin_anew, place_pending};
pub use witnessing::{Verdict, Watched, add_checkpoint, watched};
pub use words::{actor_name, object_name, title, verb_title};
