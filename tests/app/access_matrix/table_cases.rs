//! Cases and outcomes.

use super::{
    row::{Row, get, post},
    sets::{AGENCY, BOTH, LISTS, NOBODY, READERS, RECORDERS, SIDES},
};

pub const ROWS: &[Row] = &[
    // Cases.
    get("/cases", "", "case.list", LISTS),
    get("/cases/export", "?format=csv", "case.export", LISTS),
    get("/cases/{id}", "case", "case.view", BOTH),
    // Its agency has accounts, and carries it on by itself.
    get("/cases/{id}/edit", "case", "", AGENCY).barred(RECORDERS),
    post("/cases/{id}/edit", "case", "case.edit", AGENCY)
        .barred(RECORDERS)
        .form("number=1&title=x&officer=x"),
    get("/cases/{id}/steps", "case", "", AGENCY).barred(RECORDERS),
    post("/cases/{id}/steps", "case", "case.step", AGENCY)
        .barred(RECORDERS)
        .form("kind=referred&on=2026-06-01"),
    // It is not closed, and its agency acts itself.
    get("/cases/{id}/reopen", "case", "", NOBODY).barred(SIDES),
    post("/cases/{id}/reopen", "case", "case.reopen", NOBODY).barred(SIDES).form("on=2026-06-01&text=x"),
    // The case's agency has accounts, so nobody records its papers.
    get("/cases/{id}/papers/new", "case", "", NOBODY).barred(RECORDERS),
    post("/cases/{id}/papers/new", "case", "case.paper", NOBODY).barred(RECORDERS),
    get("/cases/{id}/papers/{paper}", "case case-paper", "case.paper_view", READERS),
    get("/cases/{id}/papers/{paper}/replace", "case case-paper", "", RECORDERS),
    post("/cases/{id}/papers/{paper}/replace", "case case-paper", "case.replace_scan", RECORDERS),
    get("/cases/{id}/replacements/{replacement}", "case case-replaced", "case.paper_view", READERS),
    // Outcomes.
    get("/cases/{id}/outcomes/new", "case", "", SIDES),
    post("/cases/{id}/outcomes/new", "case", "outcome.propose", SIDES),
    get("/outcomes", "", "outcome.list", LISTS),
    get("/outcomes/export", "?format=csv", "outcome.export", LISTS),
    get("/outcomes/{id}", "outcome", "outcome.view", BOTH),
    get("/outcomes/{id}/source", "outcome", "outcome.source", BOTH),
    // The liaison asserted it, so the platform decides.
    get("/outcomes/{id}/confirm", "outcome", "", RECORDERS).barred(AGENCY),
    post("/outcomes/{id}/confirm", "outcome", "outcome.confirm", RECORDERS).barred(AGENCY).once(),
    post("/outcomes/{id}/reject", "refutable", "outcome.reject", RECORDERS).barred(AGENCY).form("reason=x"),
    // Not rejected: there is nothing to take note of.
    post("/outcomes/{id}/seen", "refutable", "outcome.take_note", NOBODY).barred(SIDES),
    get("/outcomes/{id}/correct", "outcome", "", SIDES),
    post("/outcomes/{id}/correct", "outcome", "outcome.take_back", SIDES),
];
