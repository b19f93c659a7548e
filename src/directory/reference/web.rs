//! The reference for everyone who is signed in.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use chrono::NaiveDate;

use super::{
    calendar_warning,
    pages::{self, Table, TablePage},
};
use crate::{
    directory::people::{Actor, session},
    platform::{
        error::Result,
        http::{form_view::FormView, html, link::Query, see_other, view::ActiveFilter},
        i18n, paths,
        services::Services,
        time,
    },
};

/// What a page is asked for.
pub struct Asked {
    pub query: Query,
    pub words: String,
    /// The day whose rules are shown; today by default.
    pub at: NaiveDate,
}

impl Asked {
    /// Reads the query; a day that can't be read counts as today.
    pub fn new(request: &HttpRequest, services: &Services) -> Self {
        let query = Query::new(&request.uri().to_string());
        let today = time::day_of(services.db.now(), services.settings.time_zone);
        let at = time::parse_date(query.get("at")).unwrap_or(today);
        Self { words: query.get("q").trim().to_owned(), at, query }
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
    let page = page(request, services, me, asked, part, (with_words, with_day), table);
    html(&page)
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
    let active = ["q", "at"].iter().filter(|name| !asked.query.get(name).is_empty());
    let active = active.map(|name| ActiveFilter {
        name: t(&format!("reference-filter-{name}")),
        value: asked.query.get(name).to_owned(),
        remove_href: asked.query.without(name).href(),
    });
    TablePage {
        active: active.collect(),
        c: session::chrome(request, services, me, &t("nav-reference")),
        tabs: pages::tabs(lang, part),
        warning: String::new(),
        intro: t(&format!("reference-intro-{part}")),
        action: format!("{}/{part}", paths::REFERENCE),
        with_words,
        with_day,
        filter: FormView::new("reference-filter-")
            .set("q", asked.words.clone())
            .set("at", asked.at.to_string()),
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
    html(&TablePage { trail, ..page })
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
