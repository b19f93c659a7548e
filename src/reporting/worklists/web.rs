//! The first page.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    counts,
    duties::{self, At},
    pages::{Duty, HomePage},
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, Recorder, Role, session},
    handover::counted::Span,
    platform::{
        db::Connection,
        error::Result,
        http::{html, layout::Chrome, view::Tile},
        i18n, paths,
        services::Services,
        time,
    },
    reporting::annual_report::{self, Figure},
};

/// Everything that waits, and the figures above it.
struct Read {
    duties: Vec<Duty>,
    tiles: Vec<Tile>,
}

fn read(conn: &mut Connection, at: &At<'_>) -> Result<Read> {
    let (me, mut duties, mut tiles) = (at.me, Vec::new(), Vec::new());
    if me.agency.is_some() {
        duties.extend(duties::liaison(conn, at)?);
    }
    if me.has(Role::Approver) {
        duties.extend(duties::approver(conn, at)?);
    }
    if me.has_any(Recorder::ROLES) {
        duties.extend(duties::recorder(conn, at)?);
    }
    if me.has(Role::Compiler) {
        duties.extend(duties::compiler(conn, at)?);
    }
    if me.has(Role::Manager) {
        duties.extend(duties::manager(conn, at)?);
        tiles.extend(year(conn, at)?);
    }
    if me.has(Role::Admin) {
        duties.extend(duties::admin(conn, at)?);
    }
    if me.has(Role::Auditor) {
        duties.extend(duties::auditor(conn, at)?);
        tiles.extend(log(conn, at)?);
    }
    duties.retain(|duty| duty.count != "0");
    Ok(Read { duties, tiles })
}

/// The figures of this year so far, each with the list of what it counts.
fn year(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Tile>> {
    let year = time::year_of(at.now, at.zone);
    let found = counts::year(conn, &Span::new(year, at.zone))?;
    let of = |figure: Figure| annual_report::link(figure, year, None);
    let list = format!("{}?from={year}-01-01&to={year}-12-31", paths::TRANSFERS);
    let tile = |key: &str, n: i64, href: String| Tile {
        label: at.c.t(format!("home-year-{key}")),
        value: crate::platform::money::grouped(n.unsigned_abs()),
        href: Some(href),
        ..Tile::default()
    };
    Ok(vec![
        tile("leads", found.leads_sent, of(Figure::LeadsSent)),
        tile("sent", found.transfers, list),
        tile("received", found.leads_acknowledged, of(Figure::LeadsAcknowledged)),
        tile("accepted", found.leads_accepted, of(Figure::LeadsAccepted)),
        tile("filed", found.cases_filed, of(Figure::CasesFiled)),
    ])
}

/// How far the log is.
fn log(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Tile>> {
    let Some(head) = audit::latest_head(conn)? else { return Ok(Vec::new()) };
    let tile = |key: &str, value: String, href: &str| Tile {
        label: at.c.t(key),
        value,
        href: Some(href.to_owned()),
        ..Tile::default()
    };
    let size = crate::platform::money::grouped(head.size.unsigned_abs());
    let signed = time::format_instant(head.at, at.zone, at.c.language);
    Ok(vec![
        tile("audit-size", size, paths::AUDIT),
        tile("audit-head-at", signed, "/api/v1/audit/checkpoint"),
    ])
}

/// What is on record of the page.
fn entry(read: &Read) -> Entry {
    let items = read.duties.iter().flat_map(|duty| &duty.items).filter_map(|item| item.object);
    items.fold(Entry::new("worklist.view"), |entry, (kind, id)| entry.object(kind, id))
}

/// `GET /`
pub async fn home(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "home-title"));
    let (frame, zone, actor) = (c.clone(), services.settings.time_zone, me.clone());
    let now = services.db.now();
    let read =
        services.db.read_snapshot(move |conn| read(conn, &At { c: &frame, me: &actor, now, zone })).await?;
    audit::record_read(&services.db, me.origin(), entry(&read)).await?;
    html(&HomePage {
        tiles_title: c.t(if me.has(Role::Manager) { "home-year" } else { "home-log" }),
        tiles: read.tiles,
        duties: read.duties,
        empty: empty(&c, &me),
        c,
    })
}

/// What to do where nothing waits.
fn empty(c: &Chrome, me: &Actor) -> (String, String, String) {
    let (key, href) = if me.has(Role::Compiler) {
        ("compiler", paths::NEW_LEAD)
    } else if me.has(Role::Approver) {
        ("approver", paths::APPROVALS)
    } else if me.has(Role::Manager) {
        ("manager", paths::REPORTS)
    } else if me.agency.is_some() {
        ("liaison", paths::TRANSFERS)
    } else if me.has(Role::Admin) {
        ("admin", paths::ADMIN_PEOPLE)
    } else {
        ("auditor", paths::AUDIT)
    };
    (c.t(format!("home-empty-{key}")), href.to_owned(), c.t(format!("home-empty-{key}-act")))
}
