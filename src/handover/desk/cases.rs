//! The list and the pages of cases.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    case_page::{self, CasePage},
    cases_list::{self, CasesPage, Filter, Found},
    export::Sheet,
    transfers::reading,
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, BothSides, session},
    platform::{
        db::{Id, Tx},
        error::Result,
        http::{form::Form, reply::html},
        i18n,
        keyset::Edge,
        services::Services,
    },
};

const PAGE: i64 = 50;
const MOST: i64 = 20_000;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/cases", web::get().to(index));
    cfg.route("/cases/export", web::get().to(export));
    cfg.route("/cases/{id}", web::get().to(show));
}

fn read_rows(
    tx: &mut Tx<'_>,
    me: &Actor,
    filter: &Filter,
    limit: i64,
    verb: &'static str,
) -> Result<Vec<Found>> {
    let rows = cases_list::rows(tx.conn(), me, filter, limit)?;
    let shown = rows.iter().map(|(row, _)| row.id);
    audit::record(tx, Entry::new(verb).objects("case", shown).fact("rows", rows.len()))?;
    Ok(rows)
}

async fn index(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let filter = Filter::read(&mut Form::query(&request), &me, services.settings.time_zone);
    let (actor, wanted) = (me.actor().clone(), filter.clone());
    let (rows, agencies) = services
        .db
        .write(me.origin(), move |tx| {
            let rows = read_rows(tx, &actor, &wanted, PAGE + 1, "case.list")?;
            let agencies = if actor.agency.is_some() { Vec::new() } else { cases_list::agencies(tx.conn())? };
            Ok((rows, agencies))
        })
        .await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "case-list-title"));
    html(&CasesPage::new(c, &me, &filter, rows, PAGE as usize, &agencies, reading(&services)))
}

async fn export(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let filter = Filter { edge: Edge::Start, ..Filter::read(&mut query, &me, services.settings.time_zone) };
    let actor = me.actor().clone();
    let rows =
        services.db.write(me.origin(), move |tx| read_rows(tx, &actor, &filter, MOST, "case.export")).await?;
    let c = session::chrome(&request, &services, &me, "");
    let head = ["number", "title", "agency", "status", "opened", "filed", "officer"];
    let line = |found: &Found| {
        let row = cases_list::row(&c, found, reading(&services));
        vec![row.number, row.title, row.agency, row.status.label, row.opened, row.filed, row.officer]
    };
    let sheet = Sheet {
        name: "cases".into(),
        head: head.iter().map(|key| c.t(format!("case-col-{key}"))).collect(),
        rows: rows.iter().map(line).collect(),
    };
    sheet.reply(query.raw("format"))
}

async fn show(
    me: BothSides,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let actor = me.actor().clone();
    let found = services
        .db
        .write(me.origin(), move |tx| {
            let found = case_page::read(tx.conn(), &actor, id)?;
            audit::record(tx, Entry::new("case.view").object("case", id))?;
            Ok(found)
        })
        .await?;
    let name = if found.row.number.is_empty() {
        i18n::t(me.lang, "case-no-number")
    } else {
        found.row.number.clone()
    };
    let c = session::chrome(&request, &services, &me, &name);
    html(&CasePage::new(c, &me, &found, reading(&services)))
}
