//! The lists and pages of transfers.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    detail,
    filter::{Filter, Place},
    list::{self, ListRow},
    list_page::{self, InboxPage, Reading, TransfersPage},
    transfer_page::{self, AgencyTransferPage, PlatformTransferPage},
};
use crate::{
    audit::{self, Entry},
    directory::people::{BothSides, session},
    handover::{deadline, figure, transfer::actions as transfer},
    platform::{
        db::{Connection, Id},
        error::Result,
        export::{self, AT_ONCE, Export},
        http::{
            form::Form,
            reply::{html, invalid},
            view::MadeUp,
        },
        i18n::{self, Lang},
        keyset::Edge,
        services::Services,
        sheet::Cell,
    },
};

/// Rows of a page.
const PAGE: i64 = 50;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/transfers", web::get().to(index));
    cfg.route("/transfers/export", web::get().to(export));
    cfg.route("/transfers/{id}", web::get().to(show));
}

/// Where a page is read now.
pub(super) fn reading(services: &Services) -> Reading {
    Reading { now: services.db.now(), zone: services.settings.time_zone }
}

async fn index(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut filter = Filter::read(&mut Form::query(&request), &me);
    let at = reading(&services);
    let actor = me.actor().clone();
    let (filter, rows, agencies) = services
        .db
        .read_snapshot(move |conn| {
            let rows = list::page(conn, &actor, &mut filter, PAGE + 1, at.now, at.zone)?;
            let agencies = if actor.agency.is_some() { Vec::new() } else { list::agencies(conn)? };
            Ok((filter, rows, agencies))
        })
        .await?;
    // The row behind the page tells that there is one, and is not shown.
    let shown: Vec<Id> = rows.iter().take(PAGE as usize).map(|row| row.transfer.id).collect();
    let entry = Entry::new("transfer.list").fact("rows", shown.len()).objects("transfer", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let key = if me.agency.is_some() { "transfer-inbox-title" } else { "transfer-list-title" };
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, key));
    let mut v = list_page::view(&c, &me, &filter, rows, PAGE as usize, agencies, at);
    v.figure = figure_of(&services, &filter, at, me.lang).await?;
    match (me.agency.is_some(), v.is_understood) {
        (true, true) => html(&InboxPage { c, v }),
        (true, false) => invalid(&InboxPage { c, v }),
        (false, true) => html(&TransfersPage { c, v }),
        (false, false) => invalid(&TransfersPage { c, v }),
    }
}

/// What the annual report says of the list; empty where it is that of no figure. A look at a whole year takes its time:
/// nobody's act waits for it.
async fn figure_of(services: &Services, filter: &Filter, at: Reading, lang: Lang) -> Result<String> {
    let counted = filter.counted.as_ref().filter(|_| filter.faults.is_empty());
    let Some((counted, statement)) = counted.and_then(|it| Some((it, it.total(at.zone)?))) else {
        return Ok(String::new());
    };
    let n = services.db.read(move |conn| figure::count(conn, statement)).await?;
    Ok(figure::words(lang, n, counted.merged, &[]))
}

async fn export(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let filter = Filter { edge: Edge::Start, ..Filter::read(&mut query, &me) };
    let (at, actor) = (reading(&services), me.actor().clone());
    let entry = filter.entry("transfer.export").fact("format", query.raw("format").to_owned());
    export::known(query.raw("format"))?;
    query.check()?;
    services.db.write(me.origin(), move |tx| audit::record(tx, entry)).await?;
    let (lang, is_platform) = (me.lang, me.agency.is_none());
    let (mut edge, mut ended) = (Edge::Start, false);
    let next = move |conn: &mut Connection| {
        if ended {
            return Ok(Vec::new());
        }
        let rows = list::rows(conn, &actor, &filter, (edge, AT_ONCE), at.now, at.zone)?;
        ended = rows.len() < AT_ONCE as usize;
        if let Some(last) = rows.last() {
            edge = Edge::After(Place::of(&last.transfer, filter.sort));
        }
        Ok(rows.iter().map(|row| cells(row, lang, is_platform, at)).collect())
    };
    let mut head = vec![
        "number",
        "title",
        "state",
        "reason",
        "sent",
        "received",
        "accepted",
        "filed",
        "due",
        "synthetic",
    ];
    if is_platform {
        head.extend(["lead", "agency", "region"]);
    }
    let export = Export {
        db: services.db.clone(),
        folder: services.settings.data.clone(),
        name: "transfers",
        head: head.iter().map(|key| i18n::t(lang, &format!("transfer-col-{key}"))).collect(),
        cut: i18n::t(lang, "export-cut"),
        next: Box::new(next),
    };
    export.reply(query.raw("format")).await
}

/// A row of the file.
fn cells(row: &ListRow, lang: Lang, is_platform: bool, at: Reading) -> Vec<Cell> {
    let t = &row.transfer;
    let shown = |instant: Option<_>| instant.map_or_else(String::new, |i| deadline::shown(i, at.zone));
    let mut cells = vec![
        t.number.clone(),
        row.title.clone(),
        i18n::t(lang, &t.state().key()),
        row.reason_in(lang),
        shown(Some(t.sent_at)),
        shown(t.received_at),
        shown(t.accepted_at),
        shown(t.filed_at),
        shown(t.next_due_at),
        MadeUp::of(t.synthetic, &row.public_source).word(lang),
    ];
    if is_platform {
        cells.push(row.lead_number.clone());
        cells.push(lang.pick(&row.agency_zh, &row.agency_en).to_owned());
        cells.push(row.region_code.clone());
    }
    cells.into_iter().map(Cell::from).collect()
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
            let found = detail::read(tx.conn(), &actor, id)?;
            audit::record(tx, transfer::entry("transfer.view", &found.row))?;
            Ok(found)
        })
        .await?;
    let at = reading(&services);
    let number = &found.row.number;
    let title = match me.agency {
        Some(_) => number.clone(),
        None => format!("{number} · {}", found.agency.name(me.lang)),
    };
    let c = session::chrome(&request, &services, &me, &title);
    let v = transfer_page::view(&c, &me, &found, at, &services.settings.organisation);
    if me.agency.is_some() {
        html(&AgencyTransferPage { c, v })
    } else {
        html(&PlatformTransferPage { c, v })
    }
}
