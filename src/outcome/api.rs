//! `GET /api/v1/outcomes`: the ledger for machines.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema, openapi::schema::Object};

use super::{
    list::{self, Filter, ListRow},
    model::{Kind, State},
    sort::Sort,
    web::listed,
};
use crate::{
    audit,
    directory::people::{ApiActor, api_reader},
    platform::{
        db::Id,
        error::Result,
        http::{
            Form,
            described::one_of,
            paging::{self, Page},
        },
        paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/api/v1/outcomes", web::get().to(list));
}

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(list))]
pub struct Document;

/// An amount with what is known about it.
#[derive(Serialize, ToSchema)]
#[schema(as = OutcomeAmount)]
struct AmountJson {
    fen: i64,
    qualifier: &'static str,
    basis: &'static str,
}

/// How much of which goods.
#[derive(Serialize, ToSchema)]
#[schema(as = OutcomeQuantity)]
struct QuantityJson {
    number: i64,
    /// Code of the unit, the English singular: `piece`, `bottle`, `square_metre` …
    unit: String,
}

/// An entry of the ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = OutcomeItem)]
struct OutcomeJson {
    id: Id,
    #[schema(schema_with = kind_words)]
    kind: String,
    #[schema(schema_with = state_words)]
    state: &'static str,
    /// Day.
    happened_on: String,
    /// Code of the place.
    region: String,
    case: Option<Id>,
    agency: Id,
    /// How many persons or sites it names.
    named: i32,
    amount: Option<AmountJson>,
    quantity: Option<QuantityJson>,
    /// Code of the legal basis of a penalty; `other`: one that is not on file.
    legal: Option<String>,
    asserted_side: String,
    asserted_at: String,
    /// The entry that it takes back.
    corrects: Option<Id>,
    synthetic: bool,
    url: String,
}

fn kind_words() -> Object {
    one_of(Kind::WORDS.iter().copied())
}

fn state_words() -> Object {
    one_of(State::WORDS.iter().copied())
}

fn item(found: &ListRow) -> OutcomeJson {
    let o = &found.row;
    OutcomeJson {
        id: o.id,
        kind: o.kind.clone(),
        state: found.state().as_str(),
        happened_on: o.happened_on.to_string(),
        region: o.region_code.clone(),
        case: o.case_id,
        agency: o.agency_id,
        named: o.persons,
        amount: o.amount().map(|a| AmountJson {
            fen: a.fen.0,
            qualifier: a.qualifier.as_str(),
            basis: a.basis.as_str(),
        }),
        quantity: o.quantity.map(|number| QuantityJson { number, unit: o.unit.clone().unwrap_or_default() }),
        legal: o.legal_code.clone(),
        asserted_side: o.asserted_side.clone(),
        asserted_at: o.asserted_at.to_string(),
        corrects: o.corrects_id,
        synthetic: o.synthetic,
        url: paths::outcome(o.id),
    }
}

/// The ledger, newest entry first. The filters are those of the page, so a figure's `link` may be asked here too.
#[utoipa::path(
    get, path = "/api/v1/outcomes", tag = "outcomes", security(("token" = ["read"])),
    params(
        ("year" = Option<i32>, Query, description = "in which it happened"),
        ("month" = Option<u32>, Query, description = "1 to 12"), ("kind" = Option<String>, Query),
        ("state" = Option<String>, Query), ("agency" = Option<Id>, Query), ("case" = Option<Id>, Query),
        ("region" = Option<String>, Query, description = "includes everything in it"),
        ("charge" = Option<String>, Query), ("operation" = Option<Id>, Query),
        ("counted" = Option<String>, Query, description = "1: only what the annual report counts"),
        ("by" = Option<String>, Query, description = "as the address of a figure has it; entries are given all the same"),
        ("limit" = Option<usize>, Query, description = "1 to 200"), ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<OutcomeJson>))
)]
async fn list(me: ApiActor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let mut query = Form::query(&request);
    let limit = paging::limit(&query)?;
    let mut filter = Filter::of_entries(&mut query, &me);
    filter.edge = filter.edge.forward();
    filter.sort = Sort::default();
    query.check()?;
    let (actor, most) = (me.actor().clone(), i64::try_from(limit + 1).unwrap_or(i64::MAX));
    let wanted = filter.clone();
    let rows = services
        .db
        .read_snapshot(move |conn| {
            let edge = list::place(conn, &actor, &wanted)?;
            list::rows(conn, &actor, &wanted, edge, most)
        })
        .await?;
    audit::record_read(&services.db, me.origin(), listed(&filter, &rows, limit)).await?;
    let cursor = |row: &ListRow| row.row.id.to_string();
    Ok(HttpResponse::Ok().json(Page::cut(rows, limit, cursor, |row| item(&row))))
}
