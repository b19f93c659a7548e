//! What an upload looks like in answers, and what the document says of it.

use actix_web::{HttpResponse, HttpResponseBuilder, http::header};
use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::{
    model::{EVIDENCE, EXPIRES, Metadata, OFFSET, State},
    store::Row,
};
use crate::{
    casework::evidence::{one_by_one::Uploaded, store::Item},
    platform::{
        db::{Id, Instant},
        http::described::one_of,
        i18n::{self, Lang},
    },
};

/// A file on its way.
#[derive(Serialize, ToSchema)]
pub(super) struct UploadItem {
    id: Id,
    lead: Id,
    name: String,
    /// Bytes of the whole file.
    size: i64,
    /// So many of them are here, from the first on.
    offset: i64,
    #[schema(schema_with = state_words)]
    state: &'static str,
    /// It ends then, unless more bytes come before.
    expires_at: Instant,
    /// As the client has sent it.
    mark: String,
    /// The item that it has become.
    evidence: Option<Uploaded>,
    /// Why it can't be gone on with, or could not be registered, in the account's language.
    problem: Option<String>,
}

fn state_words() -> Object {
    one_of(State::WORDS.iter().copied())
}

impl UploadItem {
    /// `item`: what it has become, if it has.
    pub fn new(row: &Row, item: Option<Item>, now: Instant, lang: Lang) -> Self {
        let state = row.state(now);
        let problem = match state {
            State::Refused => Some(row.refusal.as_str()),
            State::Ended => Some("upload-stop-gone"),
            _ => None,
        };
        UploadItem {
            id: row.id,
            lead: row.lead_id,
            name: row.name.clone(),
            size: row.size,
            offset: row.received,
            state: state.as_str(),
            expires_at: row.expires_at,
            mark: mark_of(row),
            evidence: item.map(|item| Uploaded::new(item, row.again, lang)),
            problem: problem.map(|key| i18n::t(lang, key)),
        }
    }
}

/// By what a client knows the file of an upload again.
pub fn mark_of(row: &Row) -> String {
    Metadata::read(&row.metadata).map(|said| said.mark()).unwrap_or_default()
}

/// Where an upload is.
pub(super) fn address(id: Id) -> String {
    format!("/api/v1/uploads/{id}")
}

/// A reply with where an upload stands.
pub(super) fn told(mut reply: HttpResponseBuilder, row: &Row) -> HttpResponseBuilder {
    let expires = row.expires_at.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    reply
        .insert_header((OFFSET, row.received.to_string()))
        .insert_header((EXPIRES, expires))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(item) = row.evidence_id {
        reply.insert_header((EVIDENCE, format!("/api/v1/evidence/{item}")));
    }
    reply
}

/// A new upload, or one that an earlier call with the same key has made.
pub(super) fn created(row: &Row, shape: &UploadItem, is_replayed: bool) -> HttpResponse {
    let mut reply = told(HttpResponse::Created(), row);
    reply.insert_header((header::LOCATION, address(row.id)));
    if is_replayed {
        reply.insert_header(("Idempotency-Replayed", "true"));
    }
    reply.json(shape)
}
