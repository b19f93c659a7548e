//! `GET /api/v1/transfers`, `/api/v1/transfers/{id}`, `/api/v1/cases`, `/api/v1/cases/{id}`: for the platform's
//! readers.

use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::OpenApi;

use super::{
    cases_filter,
    filter::{Cursor, Filter, Sort},
    list::{self, ListRow},
    read,
    shapes::{CaseDetail, CaseItem, CaseStep, Numbered, TransferDetail, TransferItem},
    transfers::{reading, viewed},
};
use crate::{
    audit::{self, Entry},
    directory::people::{ApiActor, CaseReader, api_reader},
    handover::agency_case::store::CaseRow,
    platform::{
        db::Id,
        error::Result,
        http::{
            Form,
            paging::{self, Page},
        },
        keyset::Edge,
        services::Services,
        time::{self, Tz},
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/api/v1/transfers", web::get().to(transfers));
    cfg.route("/api/v1/transfers/{id}", web::get().to(one_transfer));
    cfg.route("/api/v1/cases", web::get().to(cases));
    cfg.route("/api/v1/cases/{id}", web::get().to(one_case));
}

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(transfers, one_transfer, cases, one_case))]
pub struct Document;

fn filter(query: &mut Form, me: &CaseReader, zone: Tz) -> Result<Filter> {
    let due = query.raw("due_before").to_owned();
    let due_before = if due.is_empty() {
        None
    } else {
        time::parse_instant(&due, zone).map_err(|error| query.push(error.time_fault("due_before"))).ok()
    };
    let mut filter = Filter::read(query, me);
    query.check()?;
    filter.due_before = due_before;
    filter.sort = if filter.due_before.is_some() { Sort::Due } else { Sort::Newest };
    filter.edge = filter.edge.forward();
    Ok(filter)
}

/// Transfers, newest first; with `due_before` those that are due first.
#[utoipa::path(
    get, path = "/api/v1/transfers", tag = "transfers", security(("token" = ["read"])),
    params(
        ("state" = Option<String>, Query), ("agency" = Option<Id>, Query),
        (
            "due_before" = Option<String>, Query,
            description = "what runs and is due before this moment, or before the beginning of this day"
        ),
        ("q" = Option<String>, Query, description = "words of number and title"),
        ("limit" = Option<usize>, Query, description = "1 to 200"), ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<TransferItem>))
)]
async fn transfers(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let mut query = Form::query(&request);
    let limit = paging::limit(&query)?;
    let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let at = reading(&services);
    let filter = filter(&mut query, &me, at.zone)?;
    let (actor, wanted) = (me.actor().clone(), filter.clone());
    let rows = services
        .db
        .read_snapshot(move |conn| {
            let edge = list::place(conn, &actor, &wanted)?;
            list::rows(conn, &actor, &wanted, (edge, most), at.now, at.zone)
        })
        .await?;
    let shown = rows.iter().take(limit).map(|row| row.transfer.id);
    let entry = Entry::new("transfer.list").objects("transfer", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let cursor = |row: &ListRow| Cursor::text(&row.transfer, filter.sort, me.side);
    Ok(HttpResponse::Ok().json(Page::cut(rows, limit, cursor, |row| TransferItem::from(&row))))
}

/// A transfer with its deadlines, receipt, way and remedy.
#[utoipa::path(
    get, path = "/api/v1/transfers/{id}", tag = "transfers", security(("token" = ["read"])),
    params(("id" = Id, Path)), responses((status = 200, body = TransferDetail))
)]
async fn one_transfer(
    me: ApiActor,
    services: web::Data<Services>,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let found = viewed(&me, &services, (path.into_inner(), Edge::Start), reading(&services)).await?;
    Ok(HttpResponse::Ok().json(TransferDetail::new(&found)))
}

/// The agencies' cases, newest first.
#[utoipa::path(
    get, path = "/api/v1/cases", tag = "cases", security(("token" = ["read"])),
    params(
        ("status" = Option<String>, Query), ("agency" = Option<Id>, Query),
        ("q" = Option<String>, Query, description = "words of number and title"),
        ("limit" = Option<usize>, Query, description = "1 to 200"), ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<CaseItem>))
)]
async fn cases(me: ApiActor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let mut query = Form::query(&request);
    let limit = paging::limit(&query)?;
    let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let filter = cases_filter::Filter::read(&mut query, &me, services.settings.time_zone).forward();
    query.check()?;
    let actor = me.actor().clone();
    let rows = services.db.read_snapshot(move |conn| read::cases(conn, &actor, &filter, most)).await?;
    let shown = rows.iter().take(limit).map(|(row, _)| row.id);
    audit::record_read(&services.db, me.origin(), Entry::new("case.list").objects("case", shown)).await?;
    let cursor = |(row, _): &(CaseRow, (String, String))| row.id.to_string();
    let page = Page::cut(rows, limit, cursor, |(row, (zh, _))| CaseItem::new(&row, &zh));
    Ok(HttpResponse::Ok().json(page))
}

/// A case with its steps and the transfers that it joins.
#[utoipa::path(
    get, path = "/api/v1/cases/{id}", tag = "cases", security(("token" = ["read"])),
    params(("id" = Id, Path)), responses((status = 200, body = CaseDetail))
)]
async fn one_case(me: ApiActor, services: web::Data<Services>, path: web::Path<Id>) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let id = path.into_inner();
    let actor = me.actor().clone();
    let d = services
        .db
        .write(me.origin(), move |tx| {
            let found = read::case(tx.conn(), &actor, id)?;
            audit::record(tx, Entry::new("case.view").object("case", id))?;
            Ok(found)
        })
        .await?;
    let steps = d.steps.iter().map(|s| CaseStep {
        kind: s.kind.clone(),
        on: s.on_day,
        at: s.at,
        by_paper: s.paper_id.is_some(),
    });
    let transfers = d.transfers.iter().map(|(id, number, _)| Numbered { id: *id, number: number.clone() });
    Ok(HttpResponse::Ok().json(CaseDetail {
        case: CaseItem::new(&d.row, &d.agency.name_zh),
        steps: steps.collect(),
        transfers: transfers.collect(),
    }))
}
