//! One act over many rows of a list. Each row is done or refused by itself: by the very function that the row's own page
//! calls, in a transaction of its own, with an entry of its own in the log. What became of each is kept for some days under
//! an address, so that a reload, the way back and a colleague's browser show it.
//!
//! Nothing holds the rows together: a crash in the middle leaves those that were reached done and the others as they
//! were. The same form sent again does what is left, because each row has a word of its own, made from the form's
//! (`platform/db/once`).
//!
//! Table: `bulk_result`.

mod actions;
mod model;
mod pages;
mod store;

pub use actions::{Act, find, run};
pub use model::{Done, RowResult};
pub use pages::{Place, ResultPage};
