//! The declared policy of what is done to many rows at once, a row a route.

use super::{
    row::{Row, get, post},
    sets::{BOTH, COMPILERS, LISTS, LOG, READERS, RECORDERS, SIGNED},
};

/// Whose rows they are is asked row by row; who ticks none has a form to mend.
pub const ROWS: &[Row] = &[
    // Whoever can't be called has an empty one.
    get("/mentions", "", "worklist.view", SIGNED),
    get("/leads/selected", "?pick=lead", "lead.list", READERS),
    get("/leads/selected/export.csv", "?pick=lead", "lead.export", READERS),
    get("/leads/selected/export.xlsx", "?pick=lead", "lead.export", READERS),
    post("/leads/selected/assign", "", "lead.assign", RECORDERS),
    post("/leads/selected/for-review", "", "lead.submit", COMPILERS),
    get("/leads/results/{id}", "result", "lead.list", READERS),
    get("/transfers/selected", "?pick=transfer", "transfer.list", LISTS),
    post("/transfers/selected/take-note", "", "transfer.take_note", RECORDERS),
    get("/transfers/results/{id}", "noted", "", READERS),
    get("/audit/selected/export.{format}", "csv ?pick=entry", "audit.export", LOG),
    // They lead to the first one; each is decided on its own page.
    get("/approvals/queue", "?pick=review", "review.list", READERS),
    get("/outcomes/queue", "?pick=outcome", "outcome.list", BOTH),
];
