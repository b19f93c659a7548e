//! Reading the agencies: the list, its export, one agency.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use chrono::NaiveDate;

use super::{
    keys,
    listed::{self, Filter, Sort, State},
    model::COUNTRY,
    pages::{self, AgencyPage, Heads, Line, ListPage},
    store::{self, Agency},
    table,
};
use crate::{
    audit::{self, Entry},
    directory::{
        people::{
            self, Actor, DirectoryReader, Role,
            passkey::Passkey,
            session,
            view::{List, saved},
        },
        reference,
    },
    platform::{
        db::Id,
        error::{FieldError, Result},
        export::{self, AT_ONCE, About, Export},
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            link::Query,
            list_head::{Active, Columns, Counts, ListHead, StateTab},
            selection::{MOST as MOST_TICKED, PICK, Picked, Picking},
            view::{ActiveFilter, Choice},
        },
        i18n::{self, Lang},
        keyset::{Edge, Page, none_if_lost},
        paths,
        services::Services,
        sheet::{CSV, Cell},
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
pub(super) fn read(query: &mut Form, lang: Lang) -> Filter {
    let known = |raw: &str, is_known: bool| is_known.then(|| raw.to_owned());
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
        region: reference::asked::region(query),
        level: level.unwrap_or_default(),
        family: family.unwrap_or_default(),
        state: state.unwrap_or_default(),
        only: Vec::new(),
        sort: query.asked("sort", Sort::parse).unwrap_or_default(),
        lang,
        edge: query.asked_edge(|code| Some(code.to_owned())),
        sounds: None,
    }
}

fn state_choices(lang: Lang) -> Vec<Choice> {
    ["now", "ended", "all"].map(|s| Choice::new(s, i18n::t(lang, &format!("agency-filter-{s}")))).into()
}

/// The fields of the filter.
const FIELDS: [&str; 5] = ["q", "type", "region", "level", "family"];

/// In being, ended, or all, with how many there are.
fn tabs(query: &Query, lang: Lang, counts: Option<&Counts>) -> Vec<StateTab> {
    let now = query.get("state");
    let bare = query.first_page().without("state");
    let count = |word: &str| match (counts, word) {
        (None, _) => String::new(),
        (Some(counts), "all") => counts.sum_text(),
        (Some(counts), word) => counts.text(word),
    };
    let tab = |word: &str| StateTab {
        label: i18n::t(lang, &format!("agency-filter-{word}")),
        // What is in being is what the list has unless told.
        href: bare.with("state", if word == "now" { "" } else { word }).href(),
        current: now == word || (word == "now" && now.is_empty()),
        count: count(word),
    };
    ["now", "ended", "all"].map(tab).into()
}

/// The region that is asked for, in words; nothing: none is.
fn region_word(region: &str, lang: Lang, today: NaiveDate) -> String {
    if region == COUNTRY {
        return pages::region_name(region, today, lang);
    }
    reference::asked::region_word(region, today, lang)
}

/// The filters in force, each with the address without it. `region`: the code that is asked for.
fn active(query: &Query, region: &str, lang: Lang, today: NaiveDate) -> Vec<ActiveFilter> {
    let (types, levels) = (pages::type_choices(lang), pages::level_choices(lang));
    let (families, states) = (pages::family_choices(lang), state_choices(lang));
    // However it is written in the address, and so where it is not understood.
    let typed = query.get("region");
    let word = if region.is_empty() { typed.to_owned() } else { region_word(region, lang, today) };
    let regions = [Choice::new(typed, word)];
    let called = |name: &str| i18n::t(lang, &format!("agency-filter-{name}"));
    let named: [(&str, String, &[Choice]); 6] = [
        ("q", called("q"), &[]),
        ("type", called("type"), &types),
        ("region", called("region"), &regions),
        ("level", called("level"), &levels),
        ("family", called("family"), &families),
        ("state", called("state"), &states),
    ];
    Active::chosen(query, &named)
}

/// What the list does not understand of an address.
///
/// # Errors
/// Those of the database.
pub async fn faults(_: &Services, me: &Actor, asked: &str) -> Result<Vec<FieldError>> {
    let mut form = Form::parse(asked.as_bytes());
    read(&mut form, me.lang);
    Ok(form.errors().to_vec())
}

pub(super) async fn list(
    me: DirectoryReader,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let query = Query::new(&request.uri().to_string()).without("ok");
    let (today, lang) = (today(&services), me.lang);
    let mut form = Form::query(&request);
    let picked = Picked::of(&form, MOST_TICKED);
    let query = picked.on(&query);
    let mut filter = read(&mut form, lang);
    let (edge, sort, region) = (filter.edge.clone(), filter.sort, filter.region.clone());
    let (found, counts) = if form.errors().is_empty() {
        let read = services.db.read_snapshot(move |conn| {
            filter.hear(conn)?;
            let mut lost = Vec::new();
            let rows = none_if_lost(listed::page(conn, &filter, today, PAGE + 1), &mut lost)?;
            Ok((rows, Some(listed::counts(conn, &filter, today)?), lost))
        });
        let (rows, counts, lost) = read.await?;
        lost.into_iter().for_each(|fault| form.push(fault));
        (rows, counts)
    } else {
        (Vec::new(), None)
    };
    let is_understood = form.errors().is_empty();
    let page = Page::of(found, PAGE as usize, &edge);
    let head = ListHead {
        saved: saved(&services, &me, List::Agencies, &query).await?.if_understood(is_understood),
        columns: Columns::read(&query, &pages::COLUMNS),
    };
    let pager = page.pager(&query, |agency| agency.code.clone());
    let shown: Vec<Id> = page.rows.iter().map(|agency| agency.id).collect();
    let file = |path: &str| query.first_page().without(PICK).href().replacen(paths::AGENCIES, path, 1);
    let filter = FormView::filter("agency-filter-", query.pairs(), form.errors());
    let page = ListPage {
        is_understood,
        c: session::chrome(&request, &services, &me, &i18n::t(lang, "nav-agencies")),
        warning: reference::calendar_warning(today, lang).filter(|_| can_change(&me)).unwrap_or_default(),
        filter: if region.is_empty() {
            filter
        } else {
            filter.set("region", region_word(&region, lang, today))
        },
        active: active(&query, &region, lang, today),
        clear: picked.on(&query.bare()).href(),
        kept: query.kept(&FIELDS),
        tabs: tabs(&query, lang, counts.as_ref()),
        head,
        types: pages::type_choices(lang),
        levels: pages::level_choices(lang),
        families: pages::family_choices(lang),
        export: file("/agencies/export.csv"),
        workbook: file("/agencies/export.xlsx"),
        heads: Heads::new(&query, sort, lang),
        lines: page.rows.iter().map(|row| pages::line(row, today, lang)).collect(),
        picking: Picking::new(&query, &picked, &shown, &pager),
        pager,
        can_change: can_change(&me),
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

/// What a file is to hold: what is ticked, whatever the list is narrowed to, else the whole list.
fn of_file(form: &mut Form, lang: Lang) -> Result<(Filter, Picked)> {
    let filter = Filter { edge: Edge::Start, ..read(form, lang) };
    // A file must not hold more than was asked for.
    form.check()?;
    let picked = Picked::of(form, MOST_TICKED);
    if picked.is_empty() {
        return Ok((filter, picked));
    }
    let (only, sort) = (picked.ids().to_vec(), filter.sort);
    Ok((Filter { only, sort, lang, state: State::All, ..Filter::default() }, picked))
}

/// What the log is told of a file: the words that were searched for may name somebody.
fn entry(filter: &Filter) -> Entry {
    let state = match filter.state {
        State::Now => "now",
        State::Ended => "ended",
        State::All => "all",
    };
    let facts = [
        ("kind", filter.type_code.as_str()),
        ("region", filter.region.as_str()),
        ("level", filter.level.as_str()),
        ("family", filter.family.as_str()),
    ];
    let entry = Entry::new("agency.export").fact("sort", filter.sort.word()).fact("state", state);
    let given = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let entry = given.fold(entry, |entry, (name, value)| entry.fact(name, value));
    if filter.q.is_empty() { entry } else { entry.private("q", filter.q.as_str()) }
}

/// The filtered list as a table that can be imported again.
pub(super) async fn export(
    me: DirectoryReader,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (today, lang) = (today(&services), me.lang);
    let (filter, picked) = of_file(&mut Form::query(&request), lang)?;
    let asked = entry(&filter);
    let about = about(&request, &services, &me, &filter, &picked);
    let (exported, inputs) = services
        .db
        .read_snapshot(move |conn| {
            let rows = listed::page(conn, &filter, today, MOST)?;
            let exported: Vec<Id> = rows.iter().map(|row| row.id).collect();
            Ok((exported, store::inputs(conn, &rows)?))
        })
        .await?;
    let entry = asked.fact("rows", exported.len()).objects("agency", exported);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let mut file = table::write(&inputs, lang)?;
    file.extend(about.below(inputs.len() as u64)?);
    Ok(HttpResponse::Ok()
        .content_type(CSV)
        .insert_header(about.download("agencies", "csv"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(file))
}

/// What a file of the list says of itself.
fn about(
    request: &HttpRequest,
    services: &Services,
    me: &DirectoryReader,
    filter: &Filter,
    picked: &Picked,
) -> About {
    let lang = me.lang;
    let active = if picked.is_empty() {
        active(&Query::new(&request.uri().to_string()), &filter.region, lang, today(services))
    } else {
        vec![picked.about(lang)]
    };
    let by = session::maker(services, me);
    About::new(&i18n::t(lang, "nav-agencies"), &active, &filter.sort.told(lang), &by)
}

/// The filtered list as a workbook to be read.
pub(super) async fn workbook(
    me: DirectoryReader,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (today, lang) = (today(&services), me.lang);
    let (mut filter, picked) = of_file(&mut Form::query(&request), lang)?;
    // An address may name what there is none of.
    let only = picked.ids().to_vec();
    let there = services.db.read(move |conn| listed::there(conn, &only)).await?;
    let entry = entry(&filter).fact("format", "xlsx").objects("agency", there);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let about = about(&request, &services, &me, &filter, &picked);
    let next = export::by_pages(
        move |conn, last: Option<&Agency>| {
            filter.hear(conn)?;
            listed::behind(conn, &filter, today, last, AT_ONCE)
        },
        move |_, rows| Ok(rows.iter().map(|row| cells(&pages::line(row, today, lang))).collect()),
    );
    let head = ["agency-name"].into_iter().chain(pages::COLUMNS.iter().map(|column| column.label));
    let head = head.map(|key| i18n::t(lang, key));
    Export::new(&services, "agencies", head, about, next).reply("xlsx").await
}

/// A row of the workbook: the name and every column of the list.
fn cells(line: &Line) -> Vec<Cell> {
    let texts = [
        &line.name,
        &line.code,
        &line.kind,
        &line.level,
        &line.region,
        &line.channel,
        &line.state.label,
        &line.addressee,
        &line.address,
        &line.phone,
        &line.email,
    ];
    texts.into_iter().map(|text| Cell::from(text.as_str())).collect()
}

pub(super) async fn one(
    me: DirectoryReader,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
) -> Result<HttpResponse> {
    let (id, today, lang, is_admin) = (path.into_inner(), today(&services), me.lang, can_change(&me));
    let (row, related, takes, contacts, children, (keys, names, passkeys)) = services
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
            let keys = keys::store::of_agency(conn, id)?;
            let acted = keys.iter().flat_map(|key| {
                let later = [key.confirmed, key.revoked].into_iter().flatten().map(|(who, _)| who);
                std::iter::once(key.registered_by).chain(later)
            });
            let names = people::store::names(conn, acted.collect::<Vec<_>>())?;
            let passkeys = if is_admin { people::passkey::store::of_agency(conn, id)? } else { Vec::new() };
            Ok((row, related, takes, contacts, store::children(conn, id)?, (keys, names, passkeys)))
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
        keys: keys::pages::lines(&me, &keys, &names, services.settings.time_zone),
        passkeys: passkeys.into_iter().map(|(name, key)| Passkey::of(name, &key)).collect(),
        can_change: is_admin,
        can_close: is_admin && row.valid_to.is_none(),
    })
}
