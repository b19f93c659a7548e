//! Reading the agencies: the list, its export, one agency.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use chrono::NaiveDate;

use super::{
    pages::{self, AgencyPage, Line, ListPage},
    store::{self, Filter, State},
    table,
};
use crate::{
    audit::{self, Entry},
    directory::{
        people::{Actor, DirectoryReader, Role, session},
        reference,
    },
    platform::{
        db::Id,
        error::Result,
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            link::Query,
            view::{ActiveFilter, Choice},
        },
        i18n::{self, Lang},
        keyset::{Edge, Page},
        paths,
        services::Services,
        time,
    },
};

/// Rows on one page.
const PAGE: i64 = 50;
/// Most rows of one export.
const MOST: i64 = 100_000;

/// The day that pages take for today.
pub(super) fn today(services: &Services) -> NaiveDate {
    time::day_of(services.db.now(), services.settings.time_zone)
}

pub(super) fn can_change(me: &Actor) -> bool {
    me.has(Role::Admin)
}

/// What a list of agencies is asked for. The faults are in the form.
pub(super) fn read(query: &mut Form, today: NaiveDate) -> Filter {
    let known = |raw: &str, is_known: bool| is_known.then(|| raw.to_owned());
    let region = |raw: &str| {
        let is_code = raw.len() == 6 && raw.bytes().all(|b| b.is_ascii_digit());
        let best = || reference::regions().search(raw, today, 1).first().map(|found| found.code.clone());
        if is_code { Some(raw.to_owned()) } else { best() }
    };
    let kind = query.asked("type", |raw| known(raw, reference::agency_types().get(raw).is_some()));
    let level =
        query.asked("level", |raw| known(raw, reference::AgencyLevel::ALL.iter().any(|l| l.as_str() == raw)));
    let family = query.asked("family", |raw| {
        known(raw, reference::charges().families().iter().any(|family| family.code == raw))
    });
    let state = query.asked("state", |raw| match raw {
        "now" => Some(State::Now),
        "ended" => Some(State::Ended),
        "all" => Some(State::All),
        _ => None,
    });
    Filter {
        q: query.text("q", 100),
        type_code: kind.unwrap_or_default(),
        region: query.asked("region", region).unwrap_or_default(),
        level: level.unwrap_or_default(),
        family: family.unwrap_or_default(),
        state: state.unwrap_or_default(),
        edge: query.asked_edge(|code| Some(code.to_owned())),
    }
}

fn state_choices(lang: Lang) -> Vec<Choice> {
    ["now", "ended", "all"].map(|s| Choice::new(s, i18n::t(lang, &format!("agency-filter-{s}")))).into()
}

fn active(query: &Query, lang: Lang, named: &[(&str, &[Choice])]) -> Vec<ActiveFilter> {
    let shown = named.iter().filter(|(name, _)| !query.get(name).is_empty());
    shown
        .map(|(name, choices)| {
            let value = query.get(name);
            let word = choices.iter().find(|c| c.value == value).map_or(value, |c| c.label.as_str());
            ActiveFilter {
                name: i18n::t(lang, &format!("agency-filter-{name}")),
                value: word.to_owned(),
                remove_href: query.first_page().without(name).href(),
            }
        })
        .collect()
}

pub(super) async fn list(
    me: DirectoryReader,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let query = Query::new(&request.uri().to_string()).without("ok");
    let (today, lang) = (today(&services), me.lang);
    let mut form = Form::query(&request);
    let filter = read(&mut form, today);
    let (edge, is_understood) = (filter.edge.clone(), form.errors().is_empty());
    let found = if is_understood {
        services.db.read(move |conn| store::page(conn, &filter, today, PAGE + 1)).await?
    } else {
        Vec::new()
    };
    let page = Page::of(found, PAGE as usize, &edge);
    let pager = page.pager(&query, |agency| agency.code.clone());
    let (types, levels) = (pages::type_choices(lang), pages::level_choices(lang));
    let (families, states) = (pages::family_choices(lang), state_choices(lang));
    let named: [(&str, &[Choice]); 6] = [
        ("q", &[]),
        ("type", &types),
        ("region", &[]),
        ("level", &levels),
        ("family", &families),
        ("state", &states),
    ];
    let export = query.first_page().href().replacen(paths::AGENCIES, "/agencies/export.csv", 1);
    let page = ListPage {
        is_understood,
        c: session::chrome(&request, &services, &me, &i18n::t(lang, "nav-agencies")),
        warning: reference::calendar_warning(today, lang).filter(|_| can_change(&me)).unwrap_or_default(),
        filter: FormView::filter("agency-filter-", query.pairs(), form.errors()),
        active: active(&query, lang, &named),
        types,
        levels,
        families,
        states,
        export,
        lines: page.rows.iter().map(|row| pages::line(row, today, lang)).collect(),
        pager,
        can_change: can_change(&me),
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

/// The filtered list as a table that can be imported again.
pub(super) async fn export(
    me: DirectoryReader,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let today = today(&services);
    let filter = Filter { edge: Edge::Start, ..read(&mut query, today) };
    // A file must not hold more than was asked for.
    query.check()?;
    let (exported, inputs) = services
        .db
        .read_snapshot(move |conn| {
            let rows = store::page(conn, &filter, today, MOST)?;
            let exported: Vec<Id> = rows.iter().map(|row| row.id).collect();
            Ok((exported, store::inputs(conn, &rows)?))
        })
        .await?;
    let entry = Entry::new("agency.export").fact("rows", exported.len()).objects("agency", exported);
    audit::record_read(&services.db, me.origin(), entry).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"agencies.csv\""))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(table::write(&inputs)?))
}

pub(super) async fn one(
    me: DirectoryReader,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
) -> Result<HttpResponse> {
    let (id, today, lang) = (path.into_inner(), today(&services), me.lang);
    let (row, related, takes, contacts, children) = services
        .db
        .read(move |conn| {
            let row = store::find(conn, id)?;
            let mut related = Vec::new();
            for (key, other) in
                [("agency-field-parent", row.parent_id), ("agency-field-successor", row.successor_id)]
            {
                if let Some(other) = other {
                    related.push((key, store::find(conn, other)?));
                }
            }
            let before = store::predecessors(conn, id)?;
            related.extend(before.into_iter().map(|other| ("agency-predecessor", other)));
            let takes = store::takes(conn, &[id])?.remove(&id).unwrap_or_default();
            let contacts = store::contacts(conn, &[id])?.remove(&id).unwrap_or_default();
            Ok((row, related, takes, contacts, store::children(conn, id)?))
        })
        .await?;
    let children: Vec<Line> = children.iter().map(|child| pages::line(child, today, lang)).collect();
    html(&AgencyPage {
        c: session::chrome(&request, &services, &me, &pages::name_of(&row, lang)),
        id,
        trail: pages::trail(lang, None),
        state: pages::state(&row, today, lang),
        synthetic: row.synthetic,
        facts: pages::facts(&row, &related, today, lang),
        reached: pages::reached(&row, lang),
        own_list: !takes.is_empty(),
        takes: pages::takes(&row, &takes, today, lang),
        contacts,
        children,
        note: row.note,
        can_change: can_change(&me),
        can_close: can_change(&me) && row.valid_to.is_none(),
    })
}
