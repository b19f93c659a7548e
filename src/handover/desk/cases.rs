//! The list of cases and its export; the page of one is answered where its outcomes are known.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    cases_filter::Filter,
    cases_list::{self, CasesPage, Found, Read},
    list_page::Reading,
    read,
    transfers::{agency_of, reading},
};
use crate::{
    audit::{self, Entry},
    directory::people::{
        Actor, BothSides, session,
        view::{List, saved},
    },
    handover::figure,
    platform::{
        db::Id,
        error::{FieldError, Result},
        export::{self, AT_ONCE, About, Export},
        http::{
            form::Form,
            layout::Chrome,
            link::Query,
            reply::{html, invalid},
            selection::{MOST, Picked},
        },
        i18n,
        keyset::{Edge, none_if_lost},
        services::Services,
        sheet::Cell,
    },
};

const PAGE: i64 = 50;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/cases", web::get().to(index));
    cfg.route("/cases/export", web::get().to(export));
}

/// What the list does not understand of an address.
///
/// # Errors
/// Those of the database.
pub async fn faults(services: &Services, me: &Actor, asked: &str) -> Result<Vec<FieldError>> {
    let mut query = Form::parse(asked.as_bytes());
    agency_of(me, services, &mut query).await?;
    Ok(Filter::read(&mut query, me, services.settings.time_zone).faults)
}

async fn index(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let agency = agency_of(&me, &services, &mut query).await?;
    let mut filter = Filter::read(&mut query, &me, services.settings.time_zone);
    let actor = me.actor().clone();
    let (filter, mut found) = services
        .db
        .read_snapshot(move |conn| {
            let mut faults = std::mem::take(&mut filter.faults);
            let (rows, counts) = if faults.is_empty() {
                let rows = none_if_lost(read::cases(conn, &actor, &filter, PAGE + 1), &mut faults)?;
                (rows, read::counts(conn, &actor, &filter)?)
            } else {
                (Vec::new(), None)
            };
            filter.faults = faults;
            Ok((filter, Read { rows, counts, agency, ..Read::default() }))
        })
        .await?;
    // The row behind the page tells that there is one, and is not shown.
    let shown: Vec<Id> = found.rows.iter().take(PAGE as usize).map(|(row, _)| row.id).collect();
    let entry = Entry::new("case.list").fact("rows", shown.len()).objects("case", shown);
    let page = async {
        let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "case-list-title"));
        found.saved = saved(&services, &me, List::Cases, &Query::new(&c.path))
            .await?
            .if_understood(filter.faults.is_empty());
        let mut page = CasesPage::new(c, &me, &filter, found, PAGE as usize, reading(&services));
        // The report is the platform's. A look at a whole year takes its time: nobody's act waits for it.
        let is_figure = me.agency.is_none() && page.is_understood;
        if let Some(statement) = filter.total().filter(|_| is_figure) {
            let n = services.db.read(move |conn| figure::count(conn, statement)).await?;
            page.figure = figure::words(me.lang, n, false, &[]);
        }
        if page.is_understood { html(&page) } else { invalid(&page) }
    };
    audit::record_beside(&services.db, me.origin(), entry, page).await
}

async fn export(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let agency = agency_of(&me, &services, &mut query).await?;
    let zone = services.settings.time_zone;
    let mut filter = Filter { edge: Edge::Start, ..Filter::read(&mut query, &me, zone) };
    export::known(query.raw("format"))?;
    query.check()?;
    // What is ticked, whatever the list is narrowed to.
    let picked = Picked::of(&query, MOST);
    if !picked.is_empty() {
        filter = Filter { picked: picked.ids().to_vec(), ..Filter::sorted(filter.sort, zone) };
    }
    let mut entry = filter.entry("case.export").fact("format", query.raw("format").to_owned());
    if !picked.is_empty() {
        // Not which: an address may name what is not for the reader, and is not given out.
        entry = entry.fact("rows", picked.len());
    }
    services.db.write(me.origin(), move |tx| audit::record(tx, entry)).await?;
    let (actor, c) = (me.actor().clone(), session::chrome(&request, &services, &me, ""));
    let heads = ["number", "title", "agency", "status", "opened", "filed", "officer", "synthetic"];
    let head: Vec<String> = heads.iter().map(|key| c.t(format!("case-col-{key}"))).collect();
    let at = reading(&services);
    let mut active = cases_list::active(&c, &filter, &Query::new(&c.path), agency.as_ref(), at);
    if !picked.is_empty() {
        active = vec![picked.about(c.language)];
    }
    let (order, by) = (filter.sort.told(c.language), session::maker(&services, &me));
    let about = About::new(&c.t("case-list-title"), &active, &order, &by);
    let next = export::by_pages(
        move |conn, last: Option<&Found>| read::cases_behind(conn, &actor, &filter, last, AT_ONCE),
        move |_, rows| Ok(rows.iter().map(|found| cells(&c, found, at)).collect()),
    );
    Export::new(&services, "cases", head, about, next).reply(query.raw("format")).await
}

/// A row of the file.
fn cells(c: &Chrome, found: &Found, at: Reading) -> Vec<Cell> {
    let row = cases_list::row(c, found, at);
    let made_up = row.made_up.word(c.language);
    let cells =
        [row.number, row.title, row.agency, row.status.label, row.opened, row.filed, row.officer, made_up];
    cells.into_iter().map(Cell::from).collect()
}
