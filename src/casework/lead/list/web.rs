//! The list and its exports.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;

use super::{
    super::{model::Lead, region, store as leads, web::today},
    export,
    model::{self, Asked, Whose, cursor},
    pages::{
        Beside, ChipNames, Heads, ListPage, Row, active_filters, any, charge_choices, province_names,
        sort_word, state_tabs,
    },
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{self, Actor, CaseReader, Role, session},
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
        http::{
            Form,
            form_view::FormView,
            link::Query,
            reply::{html, invalid},
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
    counts: Vec<(super::super::model::State, usize)>,
    compilers: Vec<(Id, String)>,
    agency: String,
}

/// What belongs to these leads, a query each.
pub(super) fn beside(conn: &mut Connection, page: &[super::super::model::Lead]) -> Result<Beside> {
    let ids: Vec<Id> = page.iter().map(|lead| lead.id).collect();
    let people = page.iter().flat_map(|lead| [Some(lead.owner_id), lead.assignee_id]).flatten();
    Ok(Beside {
        charges: leads::charges_of_many(conn, &ids)?,
        brands: leads::brands_of_many(conn, &ids)?,
        names: people::store::names(conn, people)?,
    })
}

fn read(conn: &mut Connection, asked: &Asked, zone: Tz, lang: i18n::Lang) -> Result<Read> {
    let page = if asked.faults.is_empty() {
        store::page(conn, asked, zone, store::PAGE)?
    } else {
        Page { rows: Vec::new(), has_previous: false, has_next: false }
    };
    let beside = beside(conn, &page.rows)?;
    let mine = asked.filter.whose.filter(|whose| matches!(whose, Whose::Mine(_)));
    let agency = match asked.filter.agency {
        Some(id) => store::agency_name(conn, id)?.map(|(zh, en)| lang.pick(&zh, &en).to_owned()),
        None => None,
    };
    Ok(Read {
        page,
        beside,
        counts: store::count_by_state(conn, mine)?,
        compilers: people::store::with_role(conn, Role::Compiler)?,
        agency: agency.unwrap_or_default(),
    })
}

/// What the log is told of a list or export: codes and numbers; the words that were searched for may name somebody.
pub(in crate::casework::lead) fn asked_entry(verb: &'static str, asked: &Asked) -> Entry {
    let filter = &asked.filter;
    let mut entry = Entry::new(verb).fact("sort", sort_word(asked.sort));
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |d| d.to_string());
    for (name, value) in [
        ("state", filter.state.map_or("", |s| s.as_str()).to_owned()),
        ("charge", filter.charge.clone()),
        ("region", filter.region.clone()),
        ("from", day(filter.from)),
        ("to", day(filter.to)),
        ("min", filter.at_least.map_or_else(String::new, |fen| fen.to_string())),
        ("agency", filter.agency.map_or_else(String::new, |id| id.to_string())),
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

fn asked_of(request: &HttpRequest, me: &Actor, services: &Services) -> (Query, Asked) {
    let address = request.uri().path_and_query().map_or(paths::LEADS, |p| p.as_str());
    let query = Query::new(address);
    let asked = model::read(&mut Form::query(request), me.id, today(services));
    (query, asked)
}

/// The filter as typed; a region that came by its code stands there by its name.
fn filter_form(query: &Query, asked: &Asked, lang: Lang, today: NaiveDate) -> FormView {
    let form = FormView::filter("lead-list-", query.pairs(), &asked.faults);
    match region::path(&asked.filter.region, asked.filter.from.unwrap_or(today), lang) {
        name if name.is_empty() => form,
        name => form.set("region", name),
    }
}

fn kept(query: &Query, name: &str) -> Option<(String, String)> {
    let value = query.get(name);
    (!value.is_empty()).then(|| (name.to_owned(), value.to_owned()))
}

/// `GET /leads`
pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (lang, zone, today) = (me.lang, services.settings.time_zone, today(&services));
    let (query, asked) = asked_of(&request, &me, &services);
    let question = asked.clone();
    let read = services.db.read(move |conn| read(conn, &question, zone, lang)).await?;
    let ids: Vec<Id> = read.page.rows.iter().map(|lead| lead.id).collect();
    let entry = asked_entry("lead.list", &asked).objects("lead", ids);
    audit::record_read(&services.db, me.origin(), entry).await?;

    let c = session::chrome(&request, &services, &me, &i18n::t(lang, "lead-list-title"));
    let mut owners = vec![any(lang), Choice::new("me", c.t("lead-list-mine"))];
    owners.extend(read.compilers.iter().map(|(id, name)| Choice::new(id, name)));
    let owner = match asked.filter.whose {
        Some(Whose::Of(id)) => read.compilers.iter().find(|(person, _)| *person == id),
        _ => None,
    };
    let names = ChipNames {
        owner: owner.map_or_else(String::new, |(_, name)| name.clone()),
        agency: read.agency,
        today,
    };
    let active = active_filters(&c, &query, &asked, &names);
    let export = |path: &str| {
        let pairs = query.first_page();
        pairs.href().replacen(paths::LEADS, path, 1)
    };
    let is_understood = asked.faults.is_empty();
    let page = ListPage {
        is_understood,
        tabs: state_tabs(&c, &query, &read.counts, asked.filter.state),
        filter: filter_form(&query, &asked, lang, today),
        is_filtered: !active.is_empty(),
        active,
        clear: paths::LEADS.to_owned(),
        charges: charge_choices(lang, today),
        owners,
        yes_no: vec![any(lang), Choice::new("yes", c.t("yes")), Choice::new("no", c.t("no"))],
        provinces: province_names(lang, today),
        kept: ["state", "sort", "agency"].iter().filter_map(|name| kept(&query, name)).collect(),
        more_open: ["brand", "min", "from", "to", "synthetic"].iter().any(|name| !query.get(name).is_empty()),
        heads: Heads::new(&c, &query, asked.sort),
        rows: read.page.rows.iter().map(|lead| Row::new(lead, &read.beside, lang, zone)).collect(),
        pager: read.page.pager(&query, |lead| cursor(asked.sort.by.of(lead))),
        csv: export("/leads/export.csv"),
        xlsx: export("/leads/export.xlsx"),
        may_create: me.has(Role::Compiler),
        c,
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

async fn file(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    format: &'static str,
) -> Result<HttpResponse> {
    let (_, asked) = asked_of(request, me, services);
    // A file must not hold more than was asked for.
    if !asked.faults.is_empty() {
        return Err(AppError::Invalid(asked.faults));
    }
    let entry = asked_entry("lead.export", &asked).fact("format", format);
    audit::record_read(&services.db, me.origin(), entry).await?;
    export::file(services, asked, me.lang).reply(format).await
}

/// `GET /leads/export.csv`
pub async fn export_csv(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    file(&me, &services, &request, "csv").await
}

/// `GET /leads/export.xlsx`
pub async fn export_xlsx(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    file(&me, &services, &request, "xlsx").await
}
