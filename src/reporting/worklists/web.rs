//! The first page.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    alarms, counts,
    duties::{self, At},
    guide as setup_guide, house, keys, mentions,
    pages::{Duty, Group, HomePage, MentionsPage, grouped},
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, Commenter, KeyKeeper, Recorder, Role, guide, mark, session, setup::Known},
    handover::counted::Span,
    platform::{
        db::{Connection, Id},
        error::Result,
        http::{html, layout::Chrome, link::Query, view::Tile},
        i18n,
        keyset::{Edge, Page},
        paths,
        services::Services,
        time,
    },
    reporting::{
        annual_report::{self, Figure},
        changes::{
            pages::{self as changed, Sight},
            store::{self as changes, Changes},
        },
        help::progress,
    },
};

/// So many of what changed are shown; the page of changes has all.
const CHANGED: usize = 6;
/// Comments that call the reader, on a page of them.
const MENTIONS: i64 = 50;
/// For so many seconds after it was made an account that has done nothing is shown where to begin (60 days).
const FIRST_DAYS: i64 = 60 * 86_400;

/// Everything that waits, the figures above it, and what changed and is not marked as seen.
struct Read {
    /// What stands before everything else.
    first: Vec<Duty>,
    duties: Vec<Duty>,
    tiles: Vec<Tile>,
    changes: Changes,
    /// Whether the reader is shown where to begin.
    is_new: bool,
}

fn read(conn: &mut Connection, at: &At<'_>, known: &Known) -> Result<Read> {
    let (me, mut duties, mut tiles) = (at.me, Vec::new(), Vec::new());
    if me.agency.is_some() {
        duties.extend(duties::liaison(conn, at)?);
    }
    if me.has(Role::Approver) {
        duties.extend(duties::approver(conn, at)?);
    }
    if me.has_any(Commenter::ROLES) {
        duties.push(mentions::mentioned(conn, at)?);
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
    if me.has_any(KeyKeeper::ROLES) {
        duties.push(keys::to_confirm(conn, at)?);
    }
    if me.has(Role::Admin) {
        duties.extend(setup_guide::duty(conn, at, known)?);
        duties.extend(house::admin(conn, at)?);
    }
    if me.has(Role::Auditor) {
        duties.extend(house::auditor(conn, at)?);
        tiles.extend(log(conn, at)?);
    }
    duties.retain(|duty| duty.count != "0");
    let since = mark::store::new_since(conn, me, at.now)?;
    let changes = changes::read(conn, me, since, None, CHANGED)?;
    let is_new = !mark::store::is_hint_away(conn, me.id)?
        // The accounts of a demo have done much in the past that was loaded, and whoever tries them has not.
        && (at.c.demo || progress::is_new(conn, me.id, at.now.plus_seconds(-FIRST_DAYS))?);
    Ok(Read { first: alarms::first(conn, at)?, duties, tiles, changes, is_new })
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
fn entry(read: &Read, lines: &[changed::Line]) -> Entry {
    let duties = read.first.iter().chain(&read.duties);
    let items = duties.flat_map(|duty| &duty.items).filter_map(|item| item.object);
    let items = items.chain(lines.iter().filter_map(|line| line.object));
    items.fold(Entry::new("worklist.view"), |entry, (kind, id)| entry.object(kind, id))
}

/// `GET /`
pub async fn home(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "home-title"));
    let (frame, zone, actor) = (c.clone(), services.settings.time_zone, me.clone());
    let now = services.db.now();
    let known = Known::of(&services);
    let read = services
        .db
        .read_snapshot(move |conn| read(conn, &At { c: &frame, me: &actor, now, zone }, &known))
        .await?;
    let sight = Sight { c: &c, me: &me, organisation: &services.settings.organisation, zone };
    let lines = sight.lines(&read.changes);
    let entry = entry(&read, &lines);
    let page = async {
        let groups: Vec<Group> = grouped(&c, read.duties, now, zone);
        let more = if read.changes.older.is_some() { "+" } else { "" };
        let hint = me.roles.first().filter(|_| read.is_new).map(|role| guide::address(*role, "start"));
        html(&HomePage {
            tiles_title: c.t(if me.has(Role::Manager) { "home-year" } else { "home-log" }),
            tiles: read.tiles,
            first: read.first,
            groups,
            changed_count: format!("{}{more}", lines.len()),
            until: changed::until(&read.changes),
            changed: lines,
            hint,
            may_create: me.has(Role::Compiler),
            empty: empty(&c, &me),
            c,
        })
    };
    audit::record_beside(&services.db, me.origin(), entry, page).await
}

/// `GET /mentions?after=&before=`: all of what the first page counts as such.
pub async fn mentioned(
    me: Actor,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let here = Query::new(&request.uri().to_string()).without("ok");
    let edge: Edge<Id> = Edge::read(&here, |text| text.parse().ok());
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "home-mentions"));
    let (frame, zone, actor, now) = (c.clone(), services.settings.time_zone, me.clone(), services.db.now());
    let (items, pager) = services
        .db
        .read_snapshot(move |conn| {
            let most = usize::try_from(MENTIONS).unwrap_or(usize::MAX);
            let page = Page::of(mentions::page(conn, &actor, &edge, MENTIONS + 1)?, most, &edge);
            let pager = page.pager(&here, |row| row.comment_id.to_string());
            let at = At { c: &frame, me: &actor, now, zone };
            Ok((mentions::items(conn, &at, page.rows)?, pager))
        })
        .await?;
    let entry = Entry::new("worklist.view").fact("page", "mentions");
    let leads = items.iter().filter_map(|item| item.object);
    let entry = leads.fold(entry, |entry, (kind, id)| entry.object(kind, id));
    audit::record_read(&services.db, me.origin(), entry).await?;
    html(&MentionsPage { items, pager, c })
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
