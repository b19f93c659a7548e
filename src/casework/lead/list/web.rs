//! The list and its exports.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;

use super::{
    super::{model::Lead, pick, web::today},
    beside::beside,
    count, export, handed, hits,
    model::{self, Asked, Whose, cursor},
    pages::{
        Beside, COLUMNS, ChipNames, Heads, ListPage, Row, active_filters, any, sort_word, sorted_by, tabs,
    },
    store,
};
use crate::{
    audit::{self, Entry},
    directory::{
        agencies::{asked as asked_for, search::Found as Agency},
        people::{
            self, Actor, CaseReader, Role, session,
            view::{List, saved},
        },
        reference::asked as asked_by,
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        export::About,
        http::{
            Form,
            form_view::FormView,
            link::Query,
            list_head::{Columns, Counts, ListHead},
            reply::{html, invalid},
            selection::{MOST, PICK, Picked, Picking},
            view::Choice,
        },
        i18n::{self, Lang},
        keyset::Page,
        paths,
        services::Services,
        time::Tz,
    },
};

/// Everything that one page needs, read at once.
struct Read {
    page: Page<Lead>,
    beside: Beside,
    /// `None`: the filter was not understood.
    counts: Option<Counts>,
    compilers: Vec<(Id, String)>,
    is_cut: bool,
}

/// Whom the list can be narrowed to, and is.
fn compilers(conn: &mut Connection, asked: &Asked, lang: Lang) -> Result<Vec<(Id, String)>> {
    let owner = match asked.filter.whose {
        Some(Whose::Of(id)) => Some(id),
        _ => None,
    };
    people::store::to_ask_for(conn, Role::Compiler, owner, lang)
}

fn read(conn: &mut Connection, asked: &Asked, lang: Lang, zone: Tz) -> Result<Read> {
    let page = if asked.faults.is_empty() {
        store::page(conn, asked, zone, store::PAGE)?
    } else {
        Page { rows: Vec::new(), has_previous: false, has_next: false }
    };
    let ids: Vec<Id> = page.rows.iter().map(|lead| lead.id).collect();
    let beside = Beside { handed: handed::of_many(conn, &ids)?, ..beside(conn, &page.rows)? };
    Ok(Read {
        page,
        beside,
        counts: match asked.faults.as_slice() {
            [] => Some(count::by_filter(conn, &asked.filter, zone)?),
            _ => None,
        },
        compilers: compilers(conn, asked, lang)?,
        is_cut: asked.faults.is_empty() && store::is_cut(conn, asked, store::HITS)?,
    })
}

/// Whose leads the list is narrowed to; empty: everybody's, or one's own.
fn owner_name(asked: &Asked, compilers: &[(Id, String)]) -> String {
    let owner = match asked.filter.whose {
        Some(Whose::Of(id)) => compilers.iter().find(|(person, _)| *person == id),
        _ => None,
    };
    owner.map_or_else(String::new, |(_, name)| name.clone())
}

/// What the log is told of a list or export: codes and numbers; the words that were searched for may name somebody.
pub(in crate::casework::lead) fn asked_entry(verb: &'static str, asked: &Asked) -> Entry {
    let filter = &asked.filter;
    let mut entry = Entry::new(verb).fact("sort", sort_word(asked.sort));
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |d| d.to_string());
    let word = |is: bool| if is { "yes" } else { "no" };
    let (mine, owner) = match filter.whose {
        Some(Whose::Mine(_)) => (word(true).to_owned(), String::new()),
        Some(Whose::Of(id)) => (String::new(), id.to_string()),
        None => (String::new(), String::new()),
    };
    for (name, value) in [
        ("state", filter.state.map_or("", |s| s.as_str()).to_owned()),
        ("charge", filter.charge.clone()),
        ("region", filter.region.clone()),
        ("from", day(filter.from)),
        ("to", day(filter.to)),
        ("min", filter.at_least.map_or_else(String::new, |fen| fen.to_string())),
        ("agency", filter.agency.map_or_else(String::new, |id| id.to_string())),
        ("returned", if filter.returned { word(true).to_owned() } else { String::new() }),
        ("mine", mine),
        ("owner", owner),
        ("synthetic", filter.synthetic.map_or("", word).to_owned()),
    ] {
        if !value.is_empty() {
            entry = entry.fact(name, value);
        }
    }
    for (name, value) in [("q", &filter.q), ("brand", &filter.brand)] {
        if !value.is_empty() {
            entry = entry.private(name, value.as_str());
        }
    }
    entry
}

/// The list's address, what it asks for, and the agency that it asks for.
///
/// # Errors
/// Those of the database.
pub(super) async fn asked_of(
    request: &HttpRequest,
    me: &Actor,
    services: &Services,
) -> Result<(Query, Asked, Option<Agency>)> {
    let address = request.uri().path_and_query().map_or(paths::LEADS, |p| p.as_str());
    let (asked, agency) = understood(&mut Form::query(request), me, services).await?;
    Ok((Query::new(address).without("ok"), asked, agency))
}

/// What a form asks for, and the agency that it asks for.
async fn understood(form: &mut Form, me: &Actor, services: &Services) -> Result<(Asked, Option<Agency>)> {
    let agency = asked_for::agency(services, form, me.lang).await?;
    pick::asked(services, form, me.lang).await?;
    Ok((model::read(form, me.id), agency))
}

/// What the list does not understand of an address.
///
/// # Errors
/// Those of the database.
pub async fn faults(services: &Services, me: &Actor, asked: &str) -> Result<Vec<FieldError>> {
    Ok(understood(&mut Form::parse(asked.as_bytes()), me, services).await?.0.faults)
}

/// The filter as typed; what was understood stands there by its name.
fn filter_form(
    query: &Query,
    asked: &Asked,
    agency: Option<&Agency>,
    lang: Lang,
    today: NaiveDate,
) -> FormView {
    let form = FormView::filter("lead-list-", query.pairs(), &asked.faults);
    let (filter, on) = (&asked.filter, asked.filter.from.unwrap_or(today));
    let form = asked_by::in_words(form, &filter.region, &filter.charge, on, lang);
    let form = if filter.brand.is_empty() { form } else { form.set("brand", filter.brand.clone()) };
    asked_for::in_words(form, agency, lang)
}

/// The fields of the filter.
const FIELDS: [&str; 10] =
    ["q", "charge", "region", "owner", "agency", "brand", "min", "from", "to", "synthetic"];
/// Those of them that are folded away until one is used.
const MORE: [&str; 6] = ["agency", "brand", "min", "from", "to", "synthetic"];

/// `GET /leads`
pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (lang, zone, today) = (me.lang, services.settings.time_zone, today(&services));
    let (query, asked, agency) = asked_of(&request, &me, &services).await?;
    let picked = Picked::of(&Form::query(&request), MOST);
    let (query, question) = (picked.on(&query), asked.clone());
    let read = services.db.read(move |conn| read(conn, &question, lang, zone)).await?;
    let ids: Vec<Id> = read.page.rows.iter().map(|lead| lead.id).collect();
    let entry = asked_entry("lead.list", &asked).objects("lead", ids.iter().copied());
    let page = async {
        let c = session::chrome(&request, &services, &me, &i18n::t(lang, "lead-list-title"));
        let mut owners = vec![any(lang), Choice::new("me", c.t("lead-list-mine"))];
        owners.extend(read.compilers.iter().map(|(id, name)| Choice::new(id, name)));
        let called = asked_for::word(agency.as_ref(), lang);
        let names = ChipNames { owner: owner_name(&asked, &read.compilers), agency: called, today };
        let active = active_filters(&c, &query, &asked, &names);
        let export = |path: &str| {
            let pairs = query.first_page().without(PICK);
            pairs.href().replacen(paths::LEADS, path, 1)
        };
        let is_understood = asked.faults.is_empty();
        let head = ListHead {
            saved: saved(&services, &me, List::Leads, &query).await?.if_understood(is_understood),
            columns: Columns::read(&query, &COLUMNS),
        };
        let pager = read.page.pager(&query, |lead| cursor(asked.sort.by.of(lead)));
        let page = ListPage {
            is_understood,
            picking: Picking::new(&query, &picked, &ids, &pager),
            tabs: tabs(&c, &query, read.counts.as_ref()),
            head,
            filter: filter_form(&query, &asked, agency.as_ref(), lang, today),
            is_filtered: !active.is_empty(),
            active,
            clear: picked.on(&query.bare()).href(),
            owners,
            yes_no: vec![any(lang), Choice::new("yes", c.t("yes")), Choice::new("no", c.t("no"))],
            kept: query.kept(&FIELDS),
            more_open: MORE.iter().any(|name| !query.get(name).is_empty()),
            heads: Heads::new(&c, &query, asked.sort),
            cut: if read.is_cut { c.tn("lead-list-cut", store::HITS) } else { String::new() },
            rows: read.page.rows.iter().map(|lead| Row::new(lead, &read.beside, lang, zone)).collect(),
            pager,
            csv: export("/leads/export.csv"),
            xlsx: export("/leads/export.xlsx"),
            may_create: me.has(Role::Compiler),
            c,
        };
        if is_understood { html(&page) } else { invalid(&page) }
    };
    audit::record_beside(&services.db, me.origin(), entry, page).await
}

/// `GET /leads/export.csv`, `GET /leads/export.xlsx`
pub async fn export(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    format: &'static str,
) -> Result<HttpResponse> {
    let (query, asked, agency) = asked_of(&request, &me, &services).await?;
    // A file must not hold more than was asked for.
    if !asked.faults.is_empty() {
        return Err(AppError::Invalid(asked.faults));
    }
    let entry = asked_entry("lead.export", &asked).fact("format", format);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let (lang, question) = (me.lang, asked.clone());
    let compilers = services.db.read(move |conn| compilers(conn, &question, lang)).await?;
    let c = session::chrome(&request, &services, &me, "");
    let (owner, agency) = (owner_name(&asked, &compilers), asked_for::word(agency.as_ref(), lang));
    let names = ChipNames { owner, agency, today: today(&services) };
    let active = active_filters(&c, &query, &asked, &names);
    let (order, by) = (sorted_by(&c, asked.sort), session::maker(&services, &me));
    let about = About::new(&c.t("lead-list-title"), &active, &order, &by);
    let (question, zone) = (asked.clone(), services.settings.time_zone);
    let hits = services.db.read(move |conn| hits::in_order(conn, &question, zone, hits::MOST)).await?;
    let file = match hits {
        None => export::file(&services, asked, about, lang),
        Some(found) if found.is_cut => {
            let about = about.and(c.t("lead-list-hits"), c.tn("lead-list-hits-cut", hits::MOST));
            export::selected(&services, found.ids, about, lang)
        }
        Some(found) => export::selected(&services, found.ids, about, lang),
    };
    file.reply(format).await
}
