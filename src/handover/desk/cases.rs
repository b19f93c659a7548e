//! The list of cases and its export; the page of one is answered where its outcomes are known.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    cases_list::{self, CasesPage, Filter, Found},
    read,
    transfers::reading,
};
use crate::{
    audit::{self, Entry},
    directory::people::{BothSides, session},
    handover::figure,
    platform::{
        db::{Connection, Id},
        error::Result,
        export::{self, AT_ONCE, Export},
        http::{
            form::Form,
            reply::{html, invalid},
        },
        i18n,
        keyset::Edge,
        services::Services,
        sheet::Cell,
    },
};

const PAGE: i64 = 50;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/cases", web::get().to(index));
    cfg.route("/cases/export", web::get().to(export));
}

async fn index(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let filter = Filter::read(&mut Form::query(&request), &me, services.settings.time_zone);
    let (actor, wanted) = (me.actor().clone(), filter.clone());
    let (rows, agencies) = services
        .db
        .read_snapshot(move |conn| {
            let rows = match wanted.faults.as_slice() {
                [] => read::cases(conn, &actor, &wanted, PAGE + 1)?,
                _ => Vec::new(),
            };
            let agencies = if actor.agency.is_some() { Vec::new() } else { read::agencies_with_cases(conn)? };
            Ok((rows, agencies))
        })
        .await?;
    // The row behind the page tells that there is one, and is not shown.
    let shown: Vec<Id> = rows.iter().take(PAGE as usize).map(|(row, _)| row.id).collect();
    let entry = Entry::new("case.list").fact("rows", shown.len()).objects("case", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "case-list-title"));
    let mut page = CasesPage::new(c, &me, &filter, rows, PAGE as usize, &agencies, reading(&services));
    // The report is the platform's. A look at a whole year takes its time: nobody's act waits for it.
    let is_figure = me.agency.is_none() && page.is_understood;
    if let Some(statement) = filter.total().filter(|_| is_figure) {
        let n = services.db.read(move |conn| figure::count(conn, statement)).await?;
        page.figure = figure::words(me.lang, n, false, &[]);
    }
    if page.is_understood { html(&page) } else { invalid(&page) }
}

async fn export(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let zone = services.settings.time_zone;
    let mut filter = Filter { edge: Edge::Start, ..Filter::read(&mut query, &me, zone) };
    export::known(query.raw("format"))?;
    query.check()?;
    let entry = filter.entry("case.export").fact("format", query.raw("format").to_owned());
    services.db.write(me.origin(), move |tx| audit::record(tx, entry)).await?;
    let (actor, c) = (me.actor().clone(), session::chrome(&request, &services, &me, ""));
    let heads = ["number", "title", "agency", "status", "opened", "filed", "officer", "synthetic"];
    let head = heads.iter().map(|key| c.t(format!("case-col-{key}"))).collect();
    let (cut, at) = (c.t("export-cut"), reading(&services));
    let mut ended = false;
    let next = move |conn: &mut Connection| {
        if ended {
            return Ok(Vec::new());
        }
        let rows = read::cases(conn, &actor, &filter, AT_ONCE)?;
        ended = rows.len() < AT_ONCE as usize;
        if let Some((last, _)) = rows.last() {
            filter.edge = cases_list::behind(last);
        }
        let line = |found: &Found| {
            let row = cases_list::row(&c, found, at);
            let made_up = row.made_up.word(c.language);
            let cells = [
                row.number,
                row.title,
                row.agency,
                row.status.label,
                row.opened,
                row.filed,
                row.officer,
                made_up,
            ];
            cells.into_iter().map(Cell::from).collect::<Vec<Cell>>()
        };
        Ok(rows.iter().map(line).collect())
    };
    let (db, folder) = (services.db.clone(), services.settings.data.clone());
    let export = Export { db, folder, name: "cases", head, cut, next: Box::new(next) };
    export.reply(query.raw("format")).await
}
