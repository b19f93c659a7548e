//! The reference for everyone who is signed in.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use chrono::NaiveDate;

use super::{
    calendar_warning,
    pages::{self, Table, TablePage},
};
use crate::{
    directory::people::{Actor, Role, session},
    platform::{
        error::{FieldError, Result},
        http::{form_view::FormView, html, invalid, link::Query, list_head::Active, see_other},
        i18n, paths,
        services::Services,
        time::{self, DateError},
    },
};

/// What a page is asked for.
pub struct Asked {
    pub query: Query,
    pub words: String,
    /// The day whose rules are shown; today by default.
    pub at: NaiveDate,
    /// Why the day that was asked for can't be told.
    pub fault: Option<FieldError>,
}

impl Asked {
    /// Reads the query; a day that can't be read is a fault.
    pub fn new(request: &HttpRequest, services: &Services) -> Self {
        let query = Query::new(&request.uri().to_string());
        let today = time::day_of(services.db.now(), services.settings.time_zone);
        let (at, fault) = match time::parse_date(query.get("at")) {
            Ok(day) => (day, None),
            Err(DateError::Empty) => (today, None),
            Err(error) => (today, Some(error.fault("at"))),
        };
        Self { words: query.get("q").trim().to_owned(), at, fault, query }
    }
}

/// The page of one part, with a filter by day and words where asked for.
///
/// # Errors
/// The template can't be rendered.
pub fn show(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    asked: &Asked,
    part: &str,
    (with_words, with_day): (bool, bool),
    table: Table,
) -> Result<HttpResponse> {
    reply(&page(request, services, me, asked, part, (with_words, with_day), table))
}

/// A page whose filter was not understood is one to be mended.
fn reply(page: &TablePage) -> Result<HttpResponse> {
    if page.filter.is_faulty() { invalid(page) } else { html(page) }
}

fn page(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    asked: &Asked,
    part: &str,
    (with_words, with_day): (bool, bool),
    table: Table,
) -> TablePage {
    let lang = me.lang;
    let t = |key: &str| i18n::t(lang, key);
    let fault = asked.fault.as_ref().filter(|_| with_day);
    // What was not understood narrows nothing.
    let narrows = |name: &str| !asked.query.get(name).is_empty() && fault.is_none_or(|e| e.field != name);
    let mut active = Active::of(&asked.query);
    for name in ["q", "at"].into_iter().filter(|name| narrows(name)) {
        active.add(name, t(&format!("reference-filter-{name}")), asked.query.get(name).to_owned());
    }
    let is_imported = matches!(part, "regions" | "calendar") && me.has(Role::Admin);
    TablePage {
        import: if is_imported { format!("{}/{part}/import", paths::REFERENCE) } else { String::new() },
        active: active.done(),
        c: session::chrome(request, services, me, &t("nav-reference")),
        tabs: pages::tabs(lang, part),
        warning: String::new(),
        intro: t(&format!("reference-intro-{part}")),
        action: format!("{}/{part}", paths::REFERENCE),
        with_words,
        with_day,
        filter: FormView::new("reference-filter-")
            .set("q", asked.words.clone())
            .set("at", fault.map_or_else(|| asked.at.to_string(), |_| asked.query.get("at").to_owned()))
            .with_errors(fault.cloned()),
        trail: Vec::new(),
        heads: table.heads,
        rows: table.rows,
    }
}

pub(super) async fn start(_me: Actor) -> HttpResponse {
    see_other(&format!("{}/charges", paths::REFERENCE))
}

pub(super) async fn charges(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let asked = Asked::new(&request, &services);
    let table = pages::charges_table(&asked.words, asked.at, me.lang);
    show(&request, &services, &me, &asked, "charges", (true, true), table)
}

pub(super) async fn regions(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let asked = Asked::new(&request, &services);
    let parent = asked.query.get("parent").to_owned();
    let table = pages::regions_table(&asked.words, &parent, asked.at, me.lang);
    let trail = pages::region_trail(&parent, asked.at, me.lang);
    let page = page(&request, &services, &me, &asked, "regions", (true, true), table);
    reply(&TablePage { trail, ..page })
}

pub(super) async fn reasons(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let asked = Asked::new(&request, &services);
    let table = pages::reasons_table(&asked.words, asked.at, me.lang);
    show(&request, &services, &me, &asked, "reasons", (true, true), table)
}

pub(super) async fn categories(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let asked = Asked::new(&request, &services);
    let table = pages::categories_table(me.lang);
    show(&request, &services, &me, &asked, "categories", (false, false), table)
}

pub(super) async fn calendar(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let asked = Asked::new(&request, &services);
    let table = match asked.query.get("year").parse() {
        Ok(year) => pages::days_table(year, me.lang),
        Err(_) => pages::years_table(me.lang),
    };
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    let page = page(&request, &services, &me, &asked, "calendar", (false, false), table);
    html(&TablePage { warning: calendar_warning(today, me.lang).unwrap_or_default(), ..page })
}
