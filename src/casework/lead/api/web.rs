//! Handlers of the API.

use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::OpenApi;

use super::{
    super::{
        actions, input, json,
        list::{asked_entry, model as asked, store as lists},
        model::Lead,
        sold, store,
        web::today,
    },
    shapes::{ChargeItem, LeadDetail, LeadItem, LeadMade, LeadNew, RegionItem, Source},
};
use crate::{
    audit::{self, Entry},
    directory::{
        people::{
            Compiler,
            token::{
                ApiActor, api_reader,
                idempotency::{Answer, body_hash, idempotent, key_of},
            },
        },
        reference::{self, Charge, Region},
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        http::{
            Form,
            body::{self, Shape},
            contract,
            link::Query,
            paging::{self, Page},
        },
        services::Services,
        time,
    },
};

/// How many matches a search of regions has at most, over all pages.
const MOST_FOUND: usize = 1000;

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(create, list, one, charges, regions), components(schemas(LeadNew, LeadMade, LeadDetail)))]
pub struct Document;

/// Makes a draft. With `Idempotency-Key` a repeated call makes one lead and gets the same answer.
#[utoipa::path(
    post, path = "/api/v1/leads", tag = "leads", request_body = LeadNew, security(("token" = ["write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 255 characters")),
    responses((status = 201, body = LeadMade))
)]
pub async fn create(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let compiler = Compiler::admit(me.actor().clone())?;
    contract::media(&request, "application/json")?;
    let key = key_of(&request)?;
    let body = body::whole(payload.into_inner(), Shape::Json).await?;
    let value = json::object(&body)?;
    let not_described = contract::body(&request, &value);
    let mut form = json::form(&value)?;
    input::refuse_unknown_fields(&mut form);
    let input = input::read(&mut form, today(&services));
    form.check()?;
    contract::none_of(not_described)?;
    let (zone, base_url) = (services.settings.time_zone, services.settings.base_url.clone());
    let act = move |tx: &mut Tx<'_>| {
        let lead = actions::create(tx, &compiler, zone, &input)?;
        let body = serde_json::to_value(LeadMade::new(&lead, &base_url))?;
        Ok(Answer { status: 201, body })
    };
    idempotent(&services, &me, "POST /api/v1/leads", key, body_hash(&body), act).await
}

/// Leads, newest first or by `sort`.
#[utoipa::path(
    get, path = "/api/v1/leads", tag = "leads", security(("token" = ["read"])),
    params(
        ("q" = Option<String>, Query, description = "words of number and title"),
        ("state" = Option<String>, Query, description = "draft, in_review, approved, withdrawn, trashed"),
        ("charge" = Option<String>, Query), ("region" = Option<String>, Query, description = "includes everything in it"),
        ("brand" = Option<String>, Query), ("agency" = Option<String>, Query, description = "id of one that it was sent to"),
        ("from" = Option<String>, Query, description = "day of creation"), ("to" = Option<String>, Query),
        ("sort" = Option<String>, Query, description = "number, value, updated; a minus turns it round"),
        ("limit" = Option<usize>, Query, description = "1 to 200"), ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<LeadItem>))
)]
pub async fn list(me: ApiActor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let reader = api_reader(&me)?;
    let mut query = Form::query(&request);
    let limit = paging::limit(&query)?;
    let asked = asked::read(&mut query, reader.id);
    query.check()?;
    let (zone, base_url) = (services.settings.time_zone, services.settings.base_url.clone());
    let entry = asked_entry("lead.list", &asked);
    let found = services
        .db
        .write(reader.origin(), move |tx| {
            let page = lists::page(tx.conn(), &asked, zone, limit)?;
            let ids: Vec<Id> = page.rows.iter().map(|lead| lead.id).collect();
            let mut charges = store::charges_of_many(tx.conn(), &ids)?;
            let mut brands = store::brands_of_many(tx.conn(), &ids)?;
            audit::record(tx, entry.objects("lead", ids))?;
            let mut item = |lead: &Lead| {
                let charges = charges.remove(&lead.id).unwrap_or_default();
                LeadItem::new(lead, charges, brands.remove(&lead.id).unwrap_or_default(), &base_url)
            };
            let last = page.rows.last().filter(|_| page.has_next);
            let next = last.map(|lead| asked::cursor(asked.sort.by.of(lead)));
            Ok(Page { items: page.rows.iter().map(&mut item).collect(), next })
        })
        .await?;
    Ok(HttpResponse::Ok().json(found))
}

fn detail(conn: &mut Connection, lead: Lead, base_url: &str) -> Result<LeadDetail> {
    let charges = store::charges_of(conn, lead.id)?;
    let brands = store::brands_of(conn, lead.id)?.into_iter().map(|brand| brand.name).collect();
    Ok(LeadDetail {
        item: LeadItem::new(&lead, charges, brands, base_url),
        subjects: store::subjects_of(conn, lead.id)?.into_iter().map(Into::into).collect(),
        sites: store::sites_of(conn, lead.id)?.into_iter().map(Into::into).collect(),
        listings: store::listings_of(conn, lead.id)?.into_iter().map(Into::into).collect(),
        sales: sold::of(conn, lead.id)?.map(Into::into),
        source: Source { kind: lead.source_kind.to_string(), note: lead.source_note },
        sender_role: lead.sender_role.to_string(),
        summary: lead.summary,
        public_source: lead.public_source,
        revision: lead.revision,
    })
}

/// One lead.
#[utoipa::path(
    get, path = "/api/v1/leads/{id}", tag = "leads", security(("token" = ["read"])),
    params(("id" = String, Path, description = "UUID")),
    responses((status = 200, body = LeadDetail))
)]
pub async fn one(
    me: ApiActor,
    services: web::Data<Services>,
    path: web::Path<String>,
) -> Result<HttpResponse> {
    let reader = api_reader(&me)?;
    let id: Id = path.parse().map_err(|_| AppError::NotFound)?;
    let base_url = services.settings.base_url.clone();
    let found = services
        .db
        .write(reader.origin(), move |tx| {
            let lead = store::find_visible(tx.conn(), &reader, id)?;
            let found = detail(tx.conn(), lead, &base_url)?;
            audit::record(tx, Entry::new("lead.view").object("lead", id).fact("page", "api"))?;
            Ok(found)
        })
        .await?;
    Ok(HttpResponse::Ok().json(found))
}

/// The day that reference data are asked for, in `at`; today.
fn at_of(query: &Query, services: &Services) -> Result<chrono::NaiveDate> {
    match query.get("at") {
        "" => Ok(today(services)),
        text => time::parse_date(text).map_err(|e| AppError::Invalid(vec![e.fault("at")])),
    }
}

/// The charges that a lead can bear on a day.
#[utoipa::path(
    get, path = "/api/v1/charges", tag = "reference", security(("token" = ["read"])),
    params(
        ("at" = Option<String>, Query, description = "day; today"),
        ("limit" = Option<usize>, Query, description = "1 to 200"), ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<ChargeItem>))
)]
pub async fn charges(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    api_reader(&me)?;
    let query = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let (at, limit) = (at_of(&query, &services)?, paging::limit(&Form::query(&request))?);
    let found = reference::charges().offered(at).collect();
    let page = Page::of(
        found,
        (limit, query.get("after")),
        |c: &&Charge| c.code.clone(),
        |c| ChargeItem {
            code: c.code.clone(),
            name_zh: c.name_zh.clone(),
            name_en: c.name_en.clone(),
            track: c.track.as_str().to_owned(),
            family: c.family.clone(),
            article: c.article.clone(),
            valid_from: c.valid_from,
            valid_to: c.valid_to,
        },
    )?;
    Ok(HttpResponse::Ok().json(page))
}

/// Regions: those right under `parent` (the provinces without one), or the best matches of `q`.
#[utoipa::path(
    get, path = "/api/v1/regions", tag = "reference", security(("token" = ["read"])),
    params(
        ("parent" = Option<String>, Query), ("q" = Option<String>, Query, description = "words in either language"),
        ("at" = Option<String>, Query, description = "day; today"),
        ("limit" = Option<usize>, Query, description = "1 to 200"), ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<RegionItem>))
)]
pub async fn regions(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    api_reader(&me)?;
    let query = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let (at, limit) = (at_of(&query, &services)?, paging::limit(&Form::query(&request))?);
    let (all, parent, q) = (reference::regions(), query.get("parent"), query.get("q"));
    if !parent.is_empty() && all.get(parent, at).is_none() {
        return Err(AppError::field("parent", "error-region-unknown"));
    }
    let found = if q.is_empty() {
        all.children(Some(parent).filter(|p| !p.is_empty()), at)
    } else {
        all.search(q, at, MOST_FOUND)
    };
    let page = Page::of(
        found,
        (limit, query.get("after")),
        |r: &&Region| r.code.clone(),
        |r| RegionItem {
            code: r.code.clone(),
            name_zh: r.name_zh.clone(),
            name_en: r.name_en.clone(),
            parent: r.parent.clone(),
            level: r.level.as_str().to_owned(),
            valid_from: r.valid_from,
            valid_to: r.valid_to,
        },
    )?;
    Ok(HttpResponse::Ok().json(page))
}
