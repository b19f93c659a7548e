//! Evidence over the API.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};

use super::{
    actions::Registered,
    content, custody,
    model::{Details, Kind},
    redaction::store as redaction,
    registering::register,
    sales::store as sales,
    shapes::{
        Custody, EvidenceDetail, EvidenceItem, EvidenceItems, EvidenceSales, TimeStamp, redaction_link, shape,
    },
    store::{self, Item},
    time_stamp, upload,
    upload::Upload,
};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::{
        people::{
            ApiActor, Compiler, api_reader,
            token::idempotency::{Answer, body_hash, keep, key_of, replay},
        },
        reference::categories,
    },
    platform::{
        db::{Id, Tx},
        error::{FieldError, Result},
        http::{
            Form, contract,
            paging::{self, Page},
        },
        keyset::Edge,
        services::Services,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/api/v1/leads/{id}/evidence", web::post().to(add))
        .route("/api/v1/leads/{id}/evidence", web::get().to(list))
        .route("/api/v1/evidence/{id}", web::get().to(one))
        .route("/api/v1/evidence/{id}/content", web::get().to(bytes));
}

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(add, list, one, bytes), components(schemas(EvidenceNew, EvidenceItems)))]
pub struct Document;

/// The parts of the form; [`super::taken`] says what is taken.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "the form is read as it streams in")]
struct EvidenceNew {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

const ADD: &str = "POST /api/v1/leads/{id}/evidence";

/// Registers a file; several files answer `{items}`. With `Idempotency-Key` a repeated call registers once.
#[utoipa::path(
    post, path = "/api/v1/leads/{id}/evidence", tag = "evidence", security(("token" = ["write"])),
    request_body(content = EvidenceNew, content_type = "multipart/form-data"),
    params(
        ("id" = Id, Path, description = "the lead"),
        ("Idempotency-Key" = Option<String>, Header, description = "up to 255 characters")
    ),
    responses((status = 201, body = EvidenceItem))
)]
async fn add(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    body: Multipart,
) -> Result<HttpResponse> {
    let lead_id = *id;
    let me = Compiler::admit(me.actor().clone())?;
    contract::media(&request, "multipart/form-data")?;
    let key = key_of(&request)?;
    let actor = me.clone();
    let changeable = services.db.read(move |conn| {
        let lead = lead::store::find_visible(conn, &actor, lead_id)?;
        lead::model::require_changeable(&actor, &lead)
    });
    changeable.await?;
    let mut received = upload::receive(&services.vault, body).await?;
    let files = !received.files().is_empty() || !received.empty.is_empty();
    let not_described = contract::form(&request, received.form.pairs(), files);
    choose_category(&mut received.form);
    add_faults(&mut received.form, not_described, &services);
    let hash = hash_of(lead_id, &received);
    if let Some(key) = &key {
        match replay(&services, &me, ADD, key, hash).await {
            Ok(None) => {}
            Ok(Some(answer)) => {
                received.discard(&services.vault).await;
                return Ok(answer.reply(true));
            }
            Err(e) => {
                received.discard(&services.vault).await;
                return Err(e);
            }
        }
    }
    let by = me.id;
    let then = move |tx: &mut Tx<'_>, done: &Registered| {
        let mut items: Vec<_> = store::find_many(tx.conn(), &done.ids)?.iter().map(shape).collect();
        // One file is the usual case; several come as a list.
        let body = match (items.len(), items.pop()) {
            (1, Some(item)) => serde_json::to_value(item)?,
            (_, last) => {
                serde_json::to_value(EvidenceItems { items: items.into_iter().chain(last).collect() })?
            }
        };
        let answer = Answer { status: 201, body };
        if let Some(key) = &key {
            keep(tx, by, ADD, key, &hash, &answer)?;
        }
        Ok(answer)
    };
    let done = register(&me, &services, lead_id, received, then).await.map_err(|(e, _)| e)?;
    Ok(done.reply(false))
}

/// Adds what is not as the document says to a form that has no faults of its own: those are told in the words of the field.
/// That there is no file is told where it is asked for.
fn add_faults(form: &mut Form, not_described: Vec<FieldError>, services: &Services) {
    let mut tried = form.clone();
    Details::read(&mut tried, services.settings.time_zone, services.db.now());
    if tried.errors().is_empty() {
        not_described.into_iter().filter(|fault| fault.field != "file").for_each(|fault| form.push(fault));
    }
}

/// The call has the category under two names, which may not say different things. A word that is no category is not taken
/// for none. `file` is what the answers call every upload: who gives it back has chosen no category by it.
pub(super) fn choose_category(form: &mut Form) {
    let chosen = form.raw("kind").to_owned();
    if chosen.is_empty() || chosen == Kind::File.as_str() {
        return;
    }
    if categories().get(&chosen).is_none() {
        let codes: Vec<&str> = categories().offered().map(|category| category.code.as_str()).collect();
        form.push(FieldError::new("kind", "error-evidence-kind").arg("codes", codes.join(", ")));
    } else if !form.has("category") {
        let mut pairs = form.pairs();
        pairs.push(("category".to_owned(), chosen));
        *form = Form::from_pairs(pairs);
    } else if form.raw("category") != chosen {
        form.fault("kind", "error-evidence-kind-differs");
    }
}

/// What tells one upload from another: the lead, the fields and the files' names and bytes.
fn hash_of(lead_id: Id, upload: &Upload) -> [u8; 32] {
    let mut parts = vec![lead_id.to_string()];
    parts.extend(upload.form.pairs().into_iter().flat_map(|(name, value)| [name, value]));
    parts.extend(upload.files().iter().map(|file| file.name.clone()));
    let mut bytes: Vec<u8> = parts.iter().flat_map(|part| [part.as_bytes(), b"\0"].concat()).collect();
    bytes.extend(upload.files().iter().flat_map(|file| file.stored.sha256));
    body_hash(&bytes)
}

/// The evidence of a lead, by number.
#[utoipa::path(
    get, path = "/api/v1/leads/{id}/evidence", tag = "evidence", security(("token" = ["read"])),
    params(
        ("id" = Id, Path, description = "the lead"),
        ("limit" = Option<usize>, Query, description = "1 to 200"), ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<EvidenceItem>))
)]
async fn list(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (me, lead_id) = (api_reader(&me)?, *id);
    let mut query = Form::query(&request);
    let limit = paging::limit(&query)?;
    let after: Option<i32> = query.value("after", "error-unknown");
    query.check()?;
    let actor = me.clone();
    let items = services
        .db
        .read(move |conn| {
            lead::store::find_visible(conn, &actor, lead_id)?;
            store::page(conn, lead_id, &after.map_or(Edge::Start, Edge::After), limit + 1)
        })
        .await?;
    let number = |item: &Item| item.position.to_string();
    let page = Page::cut(items, limit, number, |item| shape(&item));
    let shown = page.items.iter().map(|item| item.id);
    let entry = Entry::new("evidence.list").object("lead", lead_id).objects("evidence", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// An item with its time stamps and its chain of custody.
#[utoipa::path(
    get, path = "/api/v1/evidence/{id}", tag = "evidence", security(("token" = ["read"])),
    params(("id" = Id, Path)), responses((status = 200, body = EvidenceDetail))
)]
async fn one(me: ApiActor, services: web::Data<Services>, id: web::Path<Id>) -> Result<HttpResponse> {
    let (me, id) = (api_reader(&me)?, *id);
    let actor = me.clone();
    let (item, stamps, log, origin, made, sales) = services
        .db
        .write(me.origin(), move |tx| {
            let item = store::find(tx.conn(), id)?;
            lead::store::find_visible(tx.conn(), &actor, item.lead_id)?;
            let entry = Entry::new("evidence.view").object("evidence", id).object("lead", item.lead_id);
            audit::record(tx, entry)?;
            let stamps = time_stamp::store::of_file(tx.conn(), item.blob_id)?;
            let log = custody::of(tx.conn(), id)?;
            let (origin, made) = (redaction::origin_of(tx.conn(), id)?, redaction::made_of(tx.conn(), id)?);
            let sales = sales::of_item(tx.conn(), item.lead_id, id)?;
            Ok((item, stamps, log, origin, made, sales))
        })
        .await?;
    let act = |row: &audit::Row| Custody {
        at: row.at,
        verb: row.verb.clone(),
        actor: row.actor_name.clone(),
        outcome: row.outcome.clone(),
    };
    let stamp = |one: time_stamp::store::Stamp| {
        Some(TimeStamp { authority: one.authority, time: one.stamped_at?, serial: one.serial? })
    };
    Ok(HttpResponse::Ok().json(EvidenceDetail {
        item: shape(&item),
        timestamps: stamps.into_iter().filter_map(stamp).collect(),
        custody: log.rows.iter().map(act).collect(),
        custody_left_out: log.left_out,
        redacted_from: origin.as_ref().map(redaction_link),
        redactions: made.iter().map(redaction_link).collect(),
        sales: sales.map(EvidenceSales::from),
    }))
}

/// The bytes; `Range` asks for a piece of them.
#[utoipa::path(
    get, path = "/api/v1/evidence/{id}/content", tag = "evidence", security(("token" = ["read"])),
    params(("id" = Id, Path), ("Range" = Option<String>, Header, description = "as `bytes=0-1023`; any other is passed over")),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, content_type = "application/octet-stream", body = Vec<u8>, description = "the piece"),
        (status = 416, description = "no such piece")
    )
)]
async fn bytes(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    content::serve(&*api_reader(&me)?, &services, &request, *id, false).await
}
