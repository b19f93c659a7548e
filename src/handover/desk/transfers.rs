//! The lists and pages of transfers.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    detail::{self, Detail},
    filter::{Filter, Place},
    list::{self, ListRow},
    list_page::{self, Found, InboxPage, Reading, TransfersPage},
    transfer_page::{self, AgencyTransferPage, PlatformTransferPage},
};
use crate::{
    audit::{self, Entry},
    directory::{
        agencies::{asked, search::Found as Agency},
        people::{
            Actor, BothSides, Side, passkey, session,
            view::{List, saved},
        },
    },
    handover::{deadline, figure, transfer::actions as transfer},
    platform::{
        db::Id,
        error::{FieldError, Result},
        export::{self, AT_ONCE, About, Export},
        http::{
            form::Form,
            link::Query,
            reply::{html, invalid},
            selection::{MOST, Picked},
            view::MadeUp,
        },
        i18n::{self, Lang},
        keyset::Edge,
        services::Services,
        sheet::Cell,
        time,
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

/// The agency that the platform's list is narrowed to; an agency's own list knows no other.
///
/// # Errors
/// Those of the database.
pub(super) async fn agency_of(me: &Actor, services: &Services, query: &mut Form) -> Result<Option<Agency>> {
    if me.agency.is_some() { Ok(None) } else { asked::agency(services, query, me.lang).await }
}

/// What the list does not understand of an address.
///
/// # Errors
/// Those of the database.
pub async fn faults(services: &Services, me: &Actor, asked: &str) -> Result<Vec<FieldError>> {
    let mut query = Form::parse(asked.as_bytes());
    agency_of(me, services, &mut query).await?;
    Ok(Filter::read(&mut query, me).faults)
}

async fn index(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let agency = agency_of(&me, &services, &mut query).await?;
    let mut filter = Filter::read(&mut query, &me);
    let at = reading(&services);
    let actor = me.actor().clone();
    let (filter, mut found) = services
        .db
        .read_snapshot(move |conn| {
            let rows = list::page(conn, &actor, &mut filter, PAGE + 1, at.now, at.zone)?;
            let counts = match filter.faults.as_slice() {
                [] => list::counts(conn, &actor, &filter, at.now, at.zone)?,
                _ => None,
            };
            Ok((filter, Found { rows, counts, agency, ..Found::default() }))
        })
        .await?;
    // The row behind the page tells that there is one, and is not shown.
    let shown: Vec<Id> = found.rows.iter().take(PAGE as usize).map(|row| row.transfer.id).collect();
    let entry = Entry::new("transfer.list").fact("rows", shown.len()).objects("transfer", shown);
    let page = async {
        let key = if me.agency.is_some() { "transfer-inbox-title" } else { "transfer-list-title" };
        let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, key));
        found.saved = saved(&services, &me, List::Transfers, &Query::new(&c.path))
            .await?
            .if_understood(filter.faults.is_empty());
        let mut v = list_page::view(&c, &me, &filter, found, PAGE as usize, at);
        v.figure = figure_of(&services, &filter, at, me.lang).await?;
        match (me.agency.is_some(), v.is_understood) {
            (true, true) => html(&InboxPage { c, v }),
            (true, false) => invalid(&InboxPage { c, v }),
            (false, true) => html(&TransfersPage { c, v }),
            (false, false) => invalid(&TransfersPage { c, v }),
        }
    };
    audit::record_beside(&services.db, me.origin(), entry, page).await
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
    let agency = agency_of(&me, &services, &mut query).await?;
    let mut filter = Filter { edge: Edge::Start, ..Filter::read(&mut query, &me) };
    // What is ticked, whatever the list is narrowed to.
    let picked = Picked::of(&query, MOST);
    if !picked.is_empty() {
        filter = Filter { picked: picked.ids().to_vec(), sort: filter.sort, ..Filter::default() };
    }
    let (at, actor) = (reading(&services), me.actor().clone());
    let mut entry = filter.entry("transfer.export").fact("format", query.raw("format").to_owned());
    if !picked.is_empty() {
        // Not which: an address may name what is not for the reader, and is not given out.
        entry = entry.fact("rows", picked.len());
    }
    export::known(query.raw("format"))?;
    query.check()?;
    services.db.write(me.origin(), move |tx| audit::record(tx, entry)).await?;
    let (lang, reader, is_platform) = (me.lang, me.side, me.agency.is_none());
    let about = about(&me, &services, &request, (&filter, agency.as_ref(), &picked));
    let next = export::by_pages(
        move |conn, last: Option<&ListRow>| {
            let place = last.map(|last| Place::of(&last.transfer, filter.sort, reader));
            let edge = place.map_or(Edge::Start, Edge::After);
            list::rows(conn, &actor, &filter, (edge, AT_ONCE), at.now, at.zone)
        },
        move |_, rows| Ok(rows.iter().map(|row| cells(row, lang, reader, at)).collect()),
    );
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
    let head = head.into_iter().map(|key| i18n::t(lang, &format!("transfer-col-{key}")));
    Export::new(&services, "transfers", head, about, next).reply(query.raw("format")).await
}

/// What the file says of itself.
fn about(
    me: &BothSides,
    services: &Services,
    request: &HttpRequest,
    (filter, agency, picked): (&Filter, Option<&Agency>, &Picked),
) -> About {
    let c = session::chrome(request, services, me, "");
    let mut active = list_page::active(&c, filter, &Query::new(&c.path), agency, reading(services));
    if !picked.is_empty() {
        active = vec![picked.about(me.lang)];
    }
    let title = if me.agency.is_some() { "transfer-inbox-title" } else { "transfer-list-title" };
    let order = list_page::sorted_by(&c, filter.sort);
    About::new(&c.t(title), &active, &order, &session::maker(services, me))
}

/// A row of the file.
fn cells(row: &ListRow, lang: Lang, reader: Side, at: Reading) -> Vec<Cell> {
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
        shown(t.due_for(reader)),
        MadeUp::of(t.synthetic, &row.public_source).word(lang),
    ];
    if reader != Side::Agency {
        cells.push(row.lead_number.clone());
        cells.push(lang.pick(&row.agency_zh, &row.agency_en).to_owned());
        cells.push(row.region_code.clone());
    }
    cells.into_iter().map(Cell::from).collect()
}

/// Everything that is shown of a transfer, with the messages from an edge on; the look is on record before anything leaves.
pub(super) async fn viewed(
    me: &Actor,
    services: &Services,
    (id, edge): (Id, Edge<Id>),
    at: Reading,
) -> Result<Detail> {
    let (actor, today) = (me.clone(), time::day_of(at.now, at.zone));
    let takes_passkeys = passkey::site(services).is_ok();
    services
        .db
        .write(me.origin(), move |tx| {
            let mut found = detail::read(tx.conn(), &actor, id, (today, edge))?;
            found.has_passkey &= takes_passkeys;
            audit::record(tx, transfer::entry("transfer.view", &found.row))?;
            Ok(found)
        })
        .await
}

async fn show(
    me: BothSides,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let at = reading(&services);
    let mut query = Form::query(&request);
    let edge = query.asked_edge(|raw| raw.parse().ok());
    query.check()?;
    let found = viewed(&me, &services, (path.into_inner(), edge), at).await?;
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
