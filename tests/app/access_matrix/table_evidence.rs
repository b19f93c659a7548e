//! The declared policy of evidence, a row a route.

use super::{
    row::{Row, get, post},
    sets::{NOTE, OTHER, OWNER, READERS},
};

/// The routes of `/evidence` and of the evidence of a lead.
pub const ROWS: &[Row] = &[
    get("/leads/{id}/evidence", "lead", "evidence.list", READERS),
    get("/leads/{id}/evidence/list.{format}", "lead csv", "evidence.data_list", READERS),
    get("/leads/{id}/evidence/export", "lead?format=csv", "evidence.export", READERS),
    post("/leads/{id}/evidence", "draft", "evidence.register", OWNER).barred(OTHER),
    post("/leads/{id}/evidence/note", "draft", "evidence.register", OWNER).barred(OTHER).form(NOTE),
    post("/leads/{id}/evidence/marks", "draft", "evidence.withhold", OWNER).barred(OTHER),
    get("/evidence/{id}", "item", "evidence.view", READERS),
    get("/evidence/{id}/content", "item", "evidence.download", READERS),
    get("/evidence/{id}/preview", "picture", "evidence.preview", READERS),
    get("/evidence/{id}/timestamps/{stamp}.tsr", "item stamp", "evidence.view", READERS),
    get("/evidence/{id}/picture", "picture", "evidence.preview", READERS),
    get("/evidence/{id}/read", "item", "evidence.read", READERS),
    get("/evidence/{id}/pages/{page}", "item 1", "evidence.preview", READERS),
    get("/evidence/{id}/screenshot", "item", "evidence.preview", READERS),
    post("/evidence/{id}/attachments/{n}", "letter 1", "evidence.register", OWNER).barred(OTHER),
    post("/evidence/{id}/withhold", "draft-item", "evidence.withhold", OWNER)
        .barred(OTHER)
        .form("withheld_reason=x"),
    post("/evidence/{id}/disclose", "draft-item", "evidence.disclose", OWNER).barred(OTHER),
    get("/evidence/{id}/custody.{format}", "item csv", "evidence.custody", READERS),
    post("/evidence/{id}/verify", "item", "evidence.verify", READERS),
    get("/evidence/{id}/sealing", "draft-item", "", OWNER).barred(OTHER),
    post("/evidence/{id}/sealing", "draft-item", "evidence.record_sealing", OWNER).barred(OTHER),
    get("/evidence/{id}/sealings/{sealing}/correct", "draft-item sealing", "", OWNER).barred(OTHER),
    post(
        "/evidence/{id}/sealings/{sealing}/correct",
        "draft-item sealing",
        "evidence.correct_sealing",
        OWNER,
    )
    .barred(OTHER),
    get("/evidence/{id}/redact", "draft-item", "", OWNER).barred(OTHER),
    post("/evidence/{id}/redact", "draft-item", "evidence.redact", OWNER).barred(OTHER),
    post("/evidence/{id}/redact", "draft-item", "evidence.request_redaction", OWNER).barred(OTHER),
    get("/evidence/{id}/redact/pages/{page}", "picture 1", "", OWNER).barred(OTHER),
    get("/evidence/{id}/sales", "item", "evidence.view", READERS),
    post("/evidence/{id}/sales", "draft-item", "evidence.mark_sales", OWNER).barred(OTHER),
    get("/evidence/{id}/sales/rows", "item", "evidence.preview", READERS),
    post("/evidence/{id}/sales/unmark", "draft-item", "evidence.unmark_sales", OWNER).barred(OTHER),
    post("/evidence/{id}/remove", "draft-item", "evidence.remove", OWNER).barred(OTHER),
];
