//! Evidence over the API.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{content, store, store::Item, upload, web::register};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::{ApiActor, Compiler, api_reader},
    platform::{db::Id, error::Result, services::Services},
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/api/v1/leads/{id}/evidence", web::post().to(add))
        .route("/api/v1/leads/{id}/evidence", web::get().to(list))
        .route("/api/v1/evidence/{id}", web::get().to(one))
        .route("/api/v1/evidence/{id}/content", web::get().to(bytes));
}

fn shape(item: &Item) -> Value {
    json!({
        "id": item.id,
        "lead": item.lead_id,
        "number": item.position,
        "kind": item.kind,
        "category": item.category,
        "name": item.name,
        "description": item.description,
        "source": item.source,
        "collected_by": item.collected_by,
        "collected_at": item.collected_at,
        "method": item.method,
        "sha256": item.blob.sha256_hex(),
        "sm3": item.blob.sm3_hex(),
        "size": item.blob.size,
        "media_type": item.blob.media_type,
        "withheld": item.withheld,
        "synthetic": item.synthetic,
    })
}

/// Registers one file: 201 `{id, sha256, sm3, size, media_type}`.
async fn add(
    me: ApiActor,
    services: web::Data<Services>,
    id: web::Path<Id>,
    body: Multipart,
) -> Result<HttpResponse> {
    let lead_id = *id;
    let me = Compiler::admit(me.actor().clone())?;
    let actor = me.clone();
    services
        .db
        .read(move |conn| {
            let lead = lead::store::find_visible(conn, &actor, lead_id)?;
            lead::model::require_changeable(&actor, &lead)
        })
        .await?;
    let received = upload::receive(&services.vault, body).await?;
    let ids = register(&me, &services, lead_id, received).await.map_err(|(e, _)| e)?;
    let items = services.db.read(move |conn| store::find_many(conn, &ids)).await?;
    let mut shapes: Vec<Value> = items.iter().map(shape).collect();
    // One file is the usual case and the contract's; several come as a list.
    Ok(HttpResponse::Created().json(if shapes.len() == 1 {
        shapes.remove(0)
    } else {
        json!({ "items": shapes })
    }))
}

async fn list(me: ApiActor, services: web::Data<Services>, id: web::Path<Id>) -> Result<HttpResponse> {
    let (me, lead_id) = (api_reader(&me)?, *id);
    let actor = me.clone();
    let items = services
        .db
        .write(me.origin(), move |tx| {
            lead::store::find_visible(tx.conn(), &actor, lead_id)?;
            let items = store::of_lead(tx.conn(), lead_id)?;
            let shown = items.iter().map(|item| item.id);
            audit::record(
                tx,
                Entry::new("evidence.list").object("lead", lead_id).objects("evidence", shown),
            )?;
            Ok(items)
        })
        .await?;
    let items: Vec<Value> = items.iter().map(shape).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": null })))
}

async fn one(me: ApiActor, services: web::Data<Services>, id: web::Path<Id>) -> Result<HttpResponse> {
    let (me, id) = (api_reader(&me)?, *id);
    let actor = me.clone();
    let (item, log) = services
        .db
        .write(me.origin(), move |tx| {
            let item = store::find(tx.conn(), id)?;
            lead::store::find_visible(tx.conn(), &actor, item.lead_id)?;
            audit::record(
                tx,
                Entry::new("evidence.view").object("evidence", id).object("lead", item.lead_id),
            )?;
            let log = audit::for_object(tx.conn(), id, 200)?;
            Ok((item, log))
        })
        .await?;
    let mut shape = shape(&item);
    shape["custody"] = log
        .iter()
        .map(|row| json!({"at": row.at, "verb": row.verb, "actor": row.actor_name, "outcome": row.outcome}))
        .collect();
    Ok(HttpResponse::Ok().json(shape))
}

async fn bytes(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    content::serve(&*api_reader(&me)?, &services, &request, *id, false).await
}
