//! `GET /api/v1/outcomes`: the ledger for machines.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{
    list::{Filter, ListRow},
    web::{PAGE, read_rows},
};
use crate::{
    directory::people::{ApiActor, api_reader},
    platform::{db::Id, error::Result, http::Form, paths, services::Services},
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/api/v1/outcomes", web::get().to(list));
}

/// An amount with what is known about it.
#[derive(Serialize)]
struct AmountJson {
    fen: i64,
    qualifier: &'static str,
    basis: &'static str,
}

/// How much of which goods.
#[derive(Serialize)]
struct QuantityJson {
    number: i64,
    unit: String,
}

/// An entry.
#[derive(Serialize)]
struct OutcomeJson {
    id: Id,
    kind: String,
    state: &'static str,
    happened_on: String,
    region: String,
    case: Option<Id>,
    agency: Id,
    /// How many persons or sites it names.
    named: i32,
    amount: Option<AmountJson>,
    quantity: Option<QuantityJson>,
    asserted_side: String,
    asserted_at: String,
    /// The entry that it takes back.
    corrects: Option<Id>,
    synthetic: bool,
    url: String,
}

#[derive(Serialize)]
struct Page {
    items: Vec<OutcomeJson>,
    next: Option<String>,
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
        asserted_side: o.asserted_side.clone(),
        asserted_at: o.asserted_at.to_string(),
        corrects: o.corrects_id,
        synthetic: o.synthetic,
        url: paths::outcome(o.id),
    }
}

async fn list(me: ApiActor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let mut query = Form::query(&request);
    let limit: i64 = query.value("limit", "error-not-a-number").unwrap_or(PAGE).clamp(1, 200);
    query.check()?;
    let filter = Filter::read(&mut query, &me);
    let actor = me.actor().clone();
    let mut rows = services
        .db
        .write(me.origin(), move |tx| read_rows(tx, &actor, &filter, limit + 1, "outcome.list"))
        .await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|last| last.row.seq.to_string());
    Ok(HttpResponse::Ok().json(Page { items: rows.iter().map(item).collect(), next }))
}
