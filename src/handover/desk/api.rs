//! `GET /api/v1/transfers`, `/api/v1/transfers/{id}`, `/api/v1/cases`, `/api/v1/cases/{id}`: for the platform's readers.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{
    cases_page, detail,
    list::{self, Cursor, Filter, ListRow},
    transfers::reading,
};
use crate::{
    audit::{self, Entry},
    directory::people::{ApiActor, CaseReader, api_reader},
    handover::{agency_case::store::CaseRow, deadline::ExtensionRow, transfer::actions as transfer},
    platform::{
        db::{Id, Instant},
        error::{AppError, Result},
        http::form::Form,
        paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/api/v1/transfers", web::get().to(transfers));
    cfg.route("/api/v1/transfers/{id}", web::get().to(one_transfer));
    cfg.route("/api/v1/cases", web::get().to(cases));
    cfg.route("/api/v1/cases/{id}", web::get().to(one_case));
}

/// `?limit=`, 1 to 200, 50 unless told.
fn limit(query: &mut Form) -> Result<i64> {
    let limit: Option<i64> = query.value("limit", "error-not-a-number");
    match limit {
        None => Ok(50),
        Some(n) if (1..=200).contains(&n) => Ok(n),
        Some(_) => Err(AppError::field("limit", "error-limit-range")),
    }
}

fn of_transfer(row: &ListRow) -> Value {
    let t = &row.transfer;
    json!({
        "id": t.id,
        "number": t.number,
        "lead": { "id": t.lead_id, "number": row.lead_number },
        "agency": { "id": t.agency_id, "name": row.agency_zh },
        "channel": t.channel,
        "sender_role": t.sender_role,
        "state": t.state,
        "stage": t.stage,
        "sent_at": t.sent_at,
        "received_at": t.received_at,
        "accepted_at": t.accepted_at,
        "filed_at": t.filed_at,
        "next_due_at": t.next_due_at,
        "url": paths::transfer(t.id),
    })
}

fn filter(query: &mut Form, me: &CaseReader) -> Result<Filter> {
    let state = query.value("state", "error-unknown");
    let agency = query.id("agency");
    let due: Option<String> = query.has("due_before").then(|| query.raw("due_before").to_owned());
    let due_before =
        due.map(|raw| Instant::try_from(raw).map_err(|_| AppError::field("due_before", "error-not-a-time")));
    let after = query.raw("after").to_owned();
    if !after.is_empty() && Cursor::parse(&after).is_none() {
        query.fault("after", "error-unknown");
    }
    let mut filter = Filter::read(query, me);
    query.check()?;
    filter.state = state;
    filter.agency = agency;
    filter.due_before = due_before.transpose()?;
    filter.by_due = filter.due_before.is_some();
    Ok(filter)
}

async fn transfers(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let mut query = Form::query(&request);
    let limit = limit(&mut query)?;
    let filter = filter(&mut query, &me)?;
    let at = reading(&services);
    let (actor, wanted) = (me.actor().clone(), filter.clone());
    let mut rows = services
        .db
        .write(me.origin(), move |tx| {
            let rows = list::rows(tx.conn(), &actor, &wanted, limit + 1, at.now, at.zone)?;
            let shown = rows.iter().take(limit as usize).map(|row| row.transfer.id);
            audit::record(tx, Entry::new("transfer.list").objects("transfer", shown))?;
            Ok(rows)
        })
        .await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| Cursor::text(&row.transfer, filter.by_due));
    let items: Vec<Value> = rows.iter().map(of_transfer).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": next })))
}

async fn one_transfer(
    me: ApiActor,
    services: web::Data<Services>,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let id = path.into_inner();
    let actor = me.actor().clone();
    let d = services
        .db
        .write(me.origin(), move |tx| {
            let found = detail::read(tx.conn(), &actor, id)?;
            audit::record(tx, transfer::entry("transfer.view", &found.row))?;
            Ok(found)
        })
        .await?;
    let row = ListRow {
        transfer: d.row.clone(),
        agency_zh: d.agency.name_zh.clone(),
        agency_en: d.agency.name_en.clone(),
        region_code: d.agency.region_code.clone(),
        lead_number: d.lead.number.clone(),
        title: d.lead.title.clone(),
    };
    let mut body = of_transfer(&row);
    body["deadlines"] = d
        .deadlines
        .iter()
        .map(|x| {
            let own = d.extensions.iter().filter(|e| e.deadline_id == x.id);
            let extended: Value = own.map(of_extension).collect();
            json!({"clock": x.clock_code, "side": x.side, "started_at": x.started_at, "due_at": x.due_at,
                   "provisional": x.provisional, "stopped_at": x.stopped_at, "extensions": extended})
        })
        .collect();
    body["receipt"] = receipt(&d);
    body["deliveries"] = d
        .deliveries
        .iter()
        .map(|(delivery, dossier)| {
            json!({"id": delivery.id, "dossier": dossier.id, "version": dossier.version, "channel": delivery.channel,
                   "sent_at": delivery.sent_at, "manifest_sha256": hex(dossier.manifest.as_deref())})
        })
        .collect();
    body["steps"] = d
        .steps
        .iter()
        .map(|s| {
            json!({"kind": s.kind, "at": s.at, "side": s.side, "on_day": s.on_day, "reason": s.reason_code,
                   "by_paper": s.by_paper})
        })
        .collect();
    body["case"] = d.case.as_ref().map_or(Value::Null, |case| json!({"id": case.id, "number": case.number}));
    Ok(HttpResponse::Ok().json(body))
}

fn of_extension(e: &ExtensionRow) -> Value {
    json!({"clock": e.clock_code, "approved_on": e.approved_on, "old_due_at": e.old_due_at,
           "new_due_at": e.new_due_at, "by_paper": e.by_paper})
}

fn hex(bytes: Option<&[u8]>) -> Option<String> {
    bytes.map(|b| data_encoding::HEXLOWER.encode(b))
}

/// The newest acknowledgement and what it binds to.
fn receipt(d: &detail::Detail) -> Value {
    let Some(step) = d.steps.iter().rev().find(|s| s.kind == "received") else { return Value::Null };
    let dossier =
        d.deliveries.iter().find(|(x, _)| Some(x.id) == step.delivery_id).map(|(_, dossier)| dossier);
    json!({
        "received_at": step.at,
        "on_day": step.on_day,
        "by_paper": step.by_paper,
        "dossier": dossier.map(|d| d.id),
        "manifest_sha256": dossier.and_then(|d| hex(d.manifest.as_deref())),
    })
}

fn of_case(row: &CaseRow, agency: &str) -> Value {
    json!({
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "status": row.status,
        "agency": { "id": row.agency_id, "name": agency },
        "officer": row.officer,
        "opened_at": row.opened_at,
        "filed_on": row.filed_on,
        "region": row.region_code,
        "merged_into": row.merged_into,
        "url": paths::case(row.id),
    })
}

async fn cases(me: ApiActor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let mut query = Form::query(&request);
    let limit = limit(&mut query)?;
    let filter = cases_page::Filter::read(&mut query, &me);
    if query.has("after") && filter.after.is_none() {
        query.fault("after", "error-unknown");
    }
    query.check()?;
    let actor = me.actor().clone();
    let mut rows = services
        .db
        .write(me.origin(), move |tx| {
            let rows = cases_page::rows(tx.conn(), &actor, &filter, limit + 1)?;
            let shown = rows.iter().take(limit as usize).map(|(row, _)| row.id);
            audit::record(tx, Entry::new("case.list").objects("case", shown))?;
            Ok(rows)
        })
        .await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|(row, _)| cases_page::cursor_after(row));
    let items: Vec<Value> = rows.iter().map(|(row, (zh, _))| of_case(row, zh)).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": next })))
}

async fn one_case(me: ApiActor, services: web::Data<Services>, path: web::Path<Id>) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let id = path.into_inner();
    let actor = me.actor().clone();
    let d = services
        .db
        .write(me.origin(), move |tx| {
            let found = cases_page::read(tx.conn(), &actor, id)?;
            audit::record(tx, Entry::new("case.view").object("case", id))?;
            Ok(found)
        })
        .await?;
    let mut body = of_case(&d.row, &d.agency.name_zh);
    body["steps"] = d.steps.iter().map(|s| json!({"kind": s.kind, "on": s.on_day, "at": s.at})).collect();
    body["transfers"] =
        d.transfers.iter().map(|(id, number, _)| json!({"id": id, "number": number})).collect();
    Ok(HttpResponse::Ok().json(body))
}
