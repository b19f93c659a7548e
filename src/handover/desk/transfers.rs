//! The lists and pages of transfers.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    detail,
    export::Sheet,
    list::{self, Filter, ListRow},
    list_page::{self, InboxPage, Reading, TransfersPage},
    transfer_page::{self, AgencyTransferPage, PlatformTransferPage},
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, BothSides, session},
    handover::{deadline, transfer::actions as transfer},
    platform::{
        db::{Id, Tx},
        error::Result,
        http::{form::Form, layout::Chrome, reply::html},
        i18n,
        keyset::Edge,
        services::Services,
    },
};

/// Rows of a page; an export ends here too.
const PAGE: i64 = 50;
const MOST: i64 = 20_000;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/transfers", web::get().to(index));
    cfg.route("/transfers/export", web::get().to(export));
    cfg.route("/transfers/{id}", web::get().to(show));
}

/// Where a page is read now.
pub(super) fn reading(services: &Services) -> Reading {
    Reading { now: services.db.now(), zone: services.settings.time_zone }
}

fn read_rows(
    tx: &mut Tx<'_>,
    me: &Actor,
    filter: &Filter,
    limit: i64,
    at: Reading,
    verb: &'static str,
) -> Result<Vec<ListRow>> {
    let rows = list::rows(tx.conn(), me, filter, limit, at.now, at.zone)?;
    let shown = rows.iter().map(|row| row.transfer.id);
    audit::record(tx, Entry::new(verb).objects("transfer", shown).fact("rows", rows.len()))?;
    Ok(rows)
}

async fn index(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let filter = Filter::read(&mut Form::query(&request), &me);
    let at = reading(&services);
    let (actor, wanted) = (me.actor().clone(), filter.clone());
    let (rows, agencies) = services
        .db
        .write(me.origin(), move |tx| {
            let rows = read_rows(tx, &actor, &wanted, PAGE + 1, at, "transfer.list")?;
            let agencies = if actor.agency.is_some() { Vec::new() } else { list::agencies(tx.conn())? };
            Ok((rows, agencies))
        })
        .await?;
    let key = if me.agency.is_some() { "transfer-inbox-title" } else { "transfer-list-title" };
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, key));
    let v = list_page::view(&c, &me, &filter, rows, PAGE as usize, agencies, at);
    if me.agency.is_some() { html(&InboxPage { c, v }) } else { html(&TransfersPage { c, v }) }
}

async fn export(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let filter = Filter { edge: Edge::Start, ..Filter::read(&mut query, &me) };
    let at = reading(&services);
    let actor = me.actor().clone();
    let rows = services
        .db
        .write(me.origin(), move |tx| read_rows(tx, &actor, &filter, MOST, at, "transfer.export"))
        .await?;
    let c = session::chrome(&request, &services, &me, "");
    sheet(&c, &me, &rows, at).reply(query.raw("format"))
}

fn sheet(c: &Chrome, me: &Actor, rows: &[ListRow], at: Reading) -> Sheet {
    let platform = me.agency.is_none();
    let mut head = vec!["number", "title", "state", "sent", "received", "accepted", "filed", "due"];
    if platform {
        head.extend(["lead", "agency", "region"]);
    }
    let shown = |instant: Option<_>| instant.map_or_else(String::new, |i| deadline::shown(i, at.zone));
    let line = |row: &ListRow| {
        let t = &row.transfer;
        let mut cells = vec![
            t.number.clone(),
            row.title.clone(),
            c.t(t.state().key()),
            shown(Some(t.sent_at)),
            shown(t.received_at),
            shown(t.accepted_at),
            shown(t.filed_at),
            shown(t.next_due_at),
        ];
        if platform {
            cells.push(row.lead_number.clone());
            cells.push(c.language.pick(&row.agency_zh, &row.agency_en).to_owned());
            cells.push(row.region_code.clone());
        }
        cells
    };
    Sheet {
        name: "transfers".into(),
        head: head.iter().map(|key| c.t(format!("transfer-col-{key}"))).collect(),
        rows: rows.iter().map(line).collect(),
    }
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
    let c = session::chrome(&request, &services, &me, &found.row.number);
    let v = transfer_page::view(&c, &me, &found, at, &services.settings.organisation);
    if me.agency.is_some() {
        html(&AgencyTransferPage { c, v })
    } else {
        html(&PlatformTransferPage { c, v })
    }
}
