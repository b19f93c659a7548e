//! Files that come in parts: by token, or by the session of a page; each is its sender's alone.

use super::{
    row::{Row, get, post, public, row},
    sets::{COMPILERS, OTHER, OWNER},
};

pub const ROWS: &[Row] = &[
    public("OPTIONS", "/api/v1/uploads", ""),
    get("/api/v1/uploads", "", "", COMPILERS),
    post("/api/v1/uploads", "", "evidence.register", OWNER).barred(OTHER).typed("{draft}"),
    get("/api/v1/uploads/{id}", "upload", "", OWNER),
    row("HEAD", "/api/v1/uploads/{id}", "upload", "", OWNER),
    row("PATCH", "/api/v1/uploads/{id}", "upload", "", OWNER),
    row("DELETE", "/api/v1/uploads/{id}", "upload", "", OWNER),
];
