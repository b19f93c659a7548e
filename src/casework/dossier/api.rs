//! Dossiers over the API.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema, openapi::schema::Object};

pub use super::wanted::taken;
use super::{
    compose::{self, Composed},
    download::{Paper, serve},
    model::{Dossier, State},
    store,
    wanted::Wanted,
};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::{
        ApiActor, Compiler, api_reader, idempotent,
        token::idempotency::{Answer, body_hash, key_of},
    },
    platform::{
        db::{Id, Instant, Tx},
        error::Result,
        http::{
            Form,
            body::{self, Shape},
            contract,
            described::one_of,
            paging::{self, Page},
        },
        services::Services,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/api/v1/leads/{id}/dossiers", web::post().to(make))
        .route("/api/v1/dossiers", web::get().to(list))
        .route("/api/v1/dossiers/{id}", web::get().to(one))
        .route("/api/v1/dossiers/{id}/dossier.pdf", web::get().to(report))
        .route("/api/v1/dossiers/{id}/letter.pdf", web::get().to(letter))
        .route("/api/v1/dossiers/{id}/package.zip", web::get().to(package));
}

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(make, list, one, report, letter, package))]
pub struct Document;

/// A dossier: a version of a lead for one agency.
#[derive(Serialize, ToSchema)]
struct DossierItem {
    id: Id,
    lead: Id,
    version: i32,
    agency: Id,
    /// SHA-256 of `manifest-sha256.txt`, lower-case hex: the dossier's identity. `null` until it is frozen.
    manifest_sha256: Option<String>,
    /// SHA-256 of `data/lead.json`, lower-case hex. `null` until it is frozen.
    content_sha256: Option<String>,
    #[schema(schema_with = state_words)]
    state: &'static str,
    sealed_at: Option<Instant>,
    /// Folder in the package.
    folder: String,
    synthetic: bool,
}

impl From<&Dossier> for DossierItem {
    fn from(one: &Dossier) -> Self {
        Self {
            id: one.id,
            lead: one.lead_id,
            version: one.version,
            agency: one.agency_id,
            manifest_sha256: one.manifest_sha256.clone(),
            content_sha256: one.content_sha256.clone(),
            state: one.state().as_str(),
            sealed_at: one.sealed_at,
            folder: one.folder.clone(),
            synthetic: one.synthetic,
        }
    }
}

fn state_words() -> Object {
    one_of(State::ALL.map(State::as_str))
}

/// One of the dossiers that were begun.
#[derive(Serialize, ToSchema)]
struct DossierBegun {
    id: Id,
    agency: Id,
    #[schema(schema_with = state_words)]
    state: &'static str,
    manifest_sha256: Option<String>,
}

/// A composition whose dossiers are being made.
#[derive(Serialize, ToSchema)]
struct DossiersMade {
    composition: Id,
    version: i32,
    dossiers: Vec<DossierBegun>,
}

const MAKE: &str = "POST /api/v1/leads/{id}/dossiers";

/// Composes the next version of a lead; its dossiers are frozen in the background.
#[utoipa::path(
    post, path = "/api/v1/leads/{id}/dossiers", tag = "dossiers", security(("token" = ["write"])),
    request_body = Wanted,
    params(
        ("id" = Id, Path, description = "the lead"),
        ("Idempotency-Key" = Option<String>, Header, description = "up to 255 characters")
    ),
    responses((status = 202, body = DossiersMade))
)]
async fn make(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let me = Compiler::admit(me.actor().clone())?;
    contract::media(&request, "application/json")?;
    let body = body::whole(payload.into_inner(), Shape::Json).await?;
    // What is no JSON is no object either, and told so.
    let value = serde_json::from_slice(&body).unwrap_or_default();
    let not_described = contract::body(&request, &value);
    let (lead_id, plan) = (*id, Wanted::read(value)?.plan()?);
    if !not_described.is_empty() {
        // Whose lead it is not is told so first.
        let actor = me.clone();
        let changeable = services.db.read(move |conn| {
            let lead = lead::store::find_visible(conn, &actor, lead_id)?;
            lead::model::require_changeable(&actor, &lead)
        });
        changeable.await?;
    }
    contract::none_of(not_described)?;
    let hash = body_hash(&[request.path().as_bytes(), &body].concat());
    let (actor, zone) = (me.clone(), services.settings.time_zone);
    let act = move |tx: &mut Tx<'_>| {
        let made = compose::compose(tx, &actor, lead_id, &plan, zone)?;
        let dossiers = store::of_composition(tx.conn(), made.composition_id)?;
        Ok(Answer { status: 202, body: serde_json::to_value(begun(&made, &dossiers))? })
    };
    idempotent(&services, &me, MAKE, key_of(&request)?, hash, act).await
}

fn begun(made: &Composed, dossiers: &[Dossier]) -> DossiersMade {
    let dossier = |one: &Dossier| DossierBegun {
        id: one.id,
        agency: one.agency_id,
        state: one.state().as_str(),
        manifest_sha256: one.manifest_sha256.clone(),
    };
    DossiersMade {
        composition: made.composition_id,
        version: made.version,
        dossiers: dossiers.iter().map(dossier).collect(),
    }
}

/// Dossiers, newest first; those of one lead with `lead`.
#[utoipa::path(
    get, path = "/api/v1/dossiers", tag = "dossiers", security(("token" = ["read"])),
    params(
        ("lead" = Option<Id>, Query), ("limit" = Option<usize>, Query, description = "1 to 200"),
        ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<DossierItem>))
)]
async fn list(me: ApiActor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let mut query = Form::query(&request);
    let limit = paging::limit(&query)?;
    let (lead_id, after) = (query.id("lead"), query.id("after"));
    query.check()?;
    let (actor, most) = (me.clone(), i64::try_from(limit + 1).unwrap_or(i64::MAX));
    let found = services
        .db
        .read_snapshot(move |conn| {
            if let Some(lead_id) = lead_id {
                lead::store::find_visible(conn, &actor, lead_id)?;
            }
            store::page(conn, lead_id, after, most)
        })
        .await?;
    let shown = found.iter().take(limit).map(|one| one.id);
    let entry = Entry::new("dossier.list").objects("lead", lead_id).objects("dossier", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let cursor = |one: &Dossier| one.id.to_string();
    Ok(HttpResponse::Ok().json(Page::cut(found, limit, cursor, |one| DossierItem::from(&one))))
}

/// One dossier.
#[utoipa::path(
    get, path = "/api/v1/dossiers/{id}", tag = "dossiers", security(("token" = ["read"])),
    params(("id" = Id, Path)), responses((status = 200, body = DossierItem))
)]
async fn one(me: ApiActor, services: web::Data<Services>, id: web::Path<Id>) -> Result<HttpResponse> {
    let (me, id) = (api_reader(&me)?, *id);
    let actor = me.clone();
    let found = services
        .db
        .write(me.origin(), move |tx| {
            let found = store::find_visible(tx.conn(), &actor, id)?;
            let entry = Entry::new("dossier.view").object("dossier", id).object("lead", found.lead_id);
            audit::record(tx, entry)?;
            Ok(found)
        })
        .await?;
    Ok(HttpResponse::Ok().json(DossierItem::from(&found)))
}

/// The report: lead, subjects, sites, list of evidence. 404 until it is frozen.
#[utoipa::path(
    get, path = "/api/v1/dossiers/{id}/dossier.pdf", tag = "dossiers", security(("token" = ["read"])),
    params(("id" = Id, Path), ("Range" = Option<String>, Header, description = "as `bytes=0-1023`; any other is passed over")),
    responses(
        (status = 200, content_type = "application/pdf", body = Vec<u8>),
        (status = 206, content_type = "application/pdf", body = Vec<u8>, description = "the piece"),
        (status = 416, description = "no such piece")
    )
)]
async fn report(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&*api_reader(&me)?, &services, &request, *id, Paper::Report).await
}

/// The transfer letter. 404 until it is frozen.
#[utoipa::path(
    get, path = "/api/v1/dossiers/{id}/letter.pdf", tag = "dossiers", security(("token" = ["read"])),
    params(("id" = Id, Path), ("Range" = Option<String>, Header, description = "as `bytes=0-1023`; any other is passed over")),
    responses(
        (status = 200, content_type = "application/pdf", body = Vec<u8>),
        (status = 206, content_type = "application/pdf", body = Vec<u8>, description = "the piece"),
        (status = 416, description = "no such piece")
    )
)]
async fn letter(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&*api_reader(&me)?, &services, &request, *id, Paper::Letter).await
}

/// The sealed package. 404 until it is sealed.
#[utoipa::path(
    get, path = "/api/v1/dossiers/{id}/package.zip", tag = "dossiers", security(("token" = ["read"])),
    params(("id" = Id, Path), ("Range" = Option<String>, Header, description = "as `bytes=0-1023`; any other is passed over")),
    responses(
        (status = 200, content_type = "application/zip", body = Vec<u8>),
        (status = 206, content_type = "application/zip", body = Vec<u8>, description = "the piece"),
        (status = 416, description = "no such piece")
    )
)]
async fn package(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&*api_reader(&me)?, &services, &request, *id, Paper::Package).await
}
