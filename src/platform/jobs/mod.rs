//! Background work: queued in the database with the change that asks for it, claimed with a lease by one worker of
//! one server, tried again with back-off, each try on record. A job of a process that died is due again when its
//! lease has run out. What may take long goes in lanes beside what is short ([`Lane`]). What was done more than thirty days ago
//! is let go of, with its tries ([`let_go`]).
//!
//! Tables: `job`, `job_attempt`.

mod old;
mod retry;
mod store;
mod wait;
mod worker;

pub use old::{KEEP, let_go};
pub use retry::{retry_failed, retry_now};
pub use store::{
    Job, JobRow, by_key, by_keys, enqueue, failed, find, find_many, is_under_way, kinds, last_try, page,
    unfinished, unfinished_of,
};
pub use wait::wait;
pub use worker::{GiveUp, Handler, Handlers, Lane, NotYet, Progress, run_due, work_until};
