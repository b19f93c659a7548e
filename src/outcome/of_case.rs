//! The page of a case with its newest entries: the desk's page, answered from here, where the ledger is known too.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    list::{self, Filter, ListRow},
    list_page::amount_of,
    sort::{By, Sort},
};
use crate::{
    audit::{self, Entry},
    directory::people::{BothSides, session},
    handover::desk::{CasePage, OutcomeLine, Reading, read_case},
    platform::{
        db::Id,
        error::Result,
        http::{layout::Chrome, reply::html, view::Chip},
        i18n,
        keyset::Edge,
        paths,
        services::Services,
        time,
    },
};

/// So many entries stand on the page; the list has all.
const SHOWN: i64 = 10;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/cases/{id}", web::get().to(show));
}

fn line(c: &Chrome, found: &ListRow) -> OutcomeLine {
    let (row, state) = (&found.row, found.state());
    OutcomeLine {
        href: paths::outcome(row.id),
        date: time::format_date(row.happened_on, c.language),
        date_iso: row.happened_on.to_string(),
        kind: c.t(row.kind().key()),
        what: amount_of(row, c.language),
        state: Chip::new(c.t(state.key()), state.tone()),
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
    let (found, entries) = services
        .db
        .write(me.origin(), move |tx| {
            let found = read_case(tx.conn(), &actor, id)?;
            let newest = Sort { by: By::Date, descending: true };
            let filter = Filter { case: Some(id), sort: newest, ..Filter::default() };
            // The one behind those that are shown tells that there are more.
            let entries = list::rows(tx.conn(), &actor, &filter, Edge::Start, SHOWN + 1)?;
            let shown: Vec<Id> = entries.iter().take(SHOWN as usize).map(|entry| entry.row.id).collect();
            audit::record(tx, Entry::new("case.view").object("case", id).objects("outcome", shown))?;
            Ok((found, entries))
        })
        .await?;
    let name = if found.row.number.is_empty() {
        i18n::t(me.lang, "case-no-number")
    } else {
        found.row.number.clone()
    };
    let c = session::chrome(&request, &services, &me, &name);
    let lines = entries.iter().take(SHOWN as usize).map(|entry| line(&c, entry)).collect();
    let at = Reading { now: services.db.now(), zone: services.settings.time_zone };
    let mut page = CasePage::new(c, &me, &found, at);
    page.entries = lines;
    page.has_more_entries = entries.len() > SHOWN as usize;
    html(&page)
}
