//! Dossiers over the API.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    compose::{self, Composed},
    download::{Paper, serve},
    model::{Addressed, Dossier, Plan},
    store,
};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::{
        ApiActor, Compiler, api_reader, idempotent,
        token::idempotency::{Answer, body_hash, key_of},
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
        http::Form,
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

/// What a compiler sends.
#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    evidence: Vec<Id>,
    #[serde(default)]
    agencies: Vec<Id>,
    #[serde(default)]
    note: String,
    /// Items kept back from single agencies, beside those that are marked do-not-disclose.
    #[serde(default)]
    withheld: Vec<KeptBack>,
}

#[derive(Debug, Deserialize)]
struct KeptBack {
    agency: Id,
    evidence: Vec<Id>,
}

impl Wanted {
    fn plan(self) -> Result<Plan> {
        let mut form = Form::from_pairs(vec![("note".into(), self.note)]);
        let note = form.text("note", super::LONGEST_NOTE);
        form.check()?;
        if self.withheld.iter().any(|kept| !self.agencies.contains(&kept.agency)) {
            return Err(AppError::Invalid(vec![FieldError::new("withheld", "error-unknown")]));
        }
        let of = |agency_id: Id| {
            let kept = self.withheld.iter().filter(|kept| kept.agency == agency_id);
            Addressed { agency_id, withheld: kept.flat_map(|kept| kept.evidence.iter().copied()).collect() }
        };
        let addressees = self.agencies.iter().copied().map(of).collect();
        Ok(Plan { version: None, evidence: self.evidence, addressees, note })
    }
}

fn shape(one: &Dossier) -> Value {
    json!({
        "id": one.id,
        "lead": one.lead_id,
        "version": one.version,
        "agency": one.agency_id,
        "manifest_sha256": one.manifest_sha256,
        "content_sha256": one.content_sha256,
        "state": one.state().as_str(),
        "sealed_at": one.sealed_at,
        "folder": one.folder,
        "synthetic": one.synthetic,
    })
}

const MAKE: &str = "POST /api/v1/leads/{id}/dossiers";

/// Composes: 202 `{composition, version, dossiers: [{id, agency, state, manifest_sha256}]}`.
async fn make(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    body: web::Bytes,
) -> Result<HttpResponse> {
    let me = Compiler::admit(me.actor().clone())?;
    let wanted: Wanted =
        serde_json::from_slice(&body).map_err(|_| AppError::field("body", "error-dossier-json"))?;
    let (lead_id, plan) = (*id, wanted.plan()?);
    let hash = body_hash(&[request.path().as_bytes(), &body].concat());
    let actor = me.clone();
    let act = move |tx: &mut Tx<'_>| {
        let made = compose::compose(tx, &actor, lead_id, &plan)?;
        let dossiers = store::of_composition(tx.conn(), made.composition_id)?;
        Ok(Answer { status: 202, body: made_shape(&made, &dossiers) })
    };
    idempotent(&services, &me, MAKE, key_of(&request)?, hash, act).await
}

fn made_shape(made: &Composed, dossiers: &[Dossier]) -> Value {
    let dossier = |one: &Dossier| {
        json!({
            "id": one.id,
            "agency": one.agency_id,
            "state": one.state().as_str(),
            "manifest_sha256": one.manifest_sha256,
        })
    };
    json!({
        "composition": made.composition_id,
        "version": made.version,
        "dossiers": dossiers.iter().map(dossier).collect::<Vec<_>>(),
    })
}

/// The dossiers of the lead `?lead=`.
async fn list(me: ApiActor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let mut query = Form::query(&request);
    let lead_id = query.required_value::<Id>("lead", "error-unknown");
    query.check()?;
    let lead_id = lead_id.ok_or(AppError::NotFound)?;
    let actor = me.clone();
    let found = services
        .db
        .write(me.origin(), move |tx| {
            lead::store::find_visible(tx.conn(), &actor, lead_id)?;
            let found = store::of_lead(tx.conn(), lead_id)?;
            let shown = found.iter().map(|one| one.id);
            let entry = Entry::new("dossier.list").object("lead", lead_id).objects("dossier", shown);
            audit::record(tx, entry)?;
            Ok(found)
        })
        .await?;
    let items: Vec<Value> = found.iter().map(shape).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": null })))
}

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
    Ok(HttpResponse::Ok().json(shape(&found)))
}

async fn report(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&*api_reader(&me)?, &services, &request, *id, Paper::Report).await
}

async fn letter(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&*api_reader(&me)?, &services, &request, *id, Paper::Letter).await
}

async fn package(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&*api_reader(&me)?, &services, &request, *id, Paper::Package).await
}
