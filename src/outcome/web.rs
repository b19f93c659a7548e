//! The list, its export, one entry, and the decisions on it.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, Deciding, REASON},
    chips::{self, Names},
    detail,
    detail_page::{self, DetailPage},
    figure, identities,
    list::{self, Filter, ListRow},
    list_page::{IdentitiesPage, ListPage, Read},
    model::Decision,
    named, queue_web, source, store, table,
};
use crate::{
    audit::{self, Entry},
    directory::{
        agencies::{asked as asked_for, search::Found as Agency},
        people::{
            Actor, BothSides, ForAgency, session,
            view::{List, saved},
        },
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        export::{self, AT_ONCE, About, Export},
        http::{
            Form,
            confirm::ConfirmPage,
            link::Query,
            reply::{html, invalid, see_other},
            selection::{MOST, Picked, QUEUE, Queue},
        },
        i18n,
        keyset::Edge,
        paths,
        services::Services,
        time,
    },
};

/// Rows of a page.
const PAGE: i64 = 50;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/outcomes", web::get().to(index))
        .route("/outcomes/export", web::get().to(export))
        .route("/outcomes/queue", web::get().to(queue_web::queue))
        .route("/outcomes/{id}", web::get().to(show))
        .route("/outcomes/{id}/source", web::get().to(source::download))
        .service(
            web::resource("/outcomes/{id}/confirm")
                .route(web::get().to(confirm_page))
                .route(web::post().to(confirm)),
        )
        .route("/outcomes/{id}/reject", web::post().to(reject))
        .route("/outcomes/{id}/seen", web::post().to(take_note));
}

/// An entry that says which rows were shown: at most `most` of those that were read, as one more may tell that there is
/// a next page.
pub(super) fn listed(filter: &Filter, rows: &[ListRow], most: usize) -> Entry {
    let shown: Vec<Id> = rows.iter().take(most).map(|row| row.row.id).collect();
    filter.entry("outcome.list").fact("rows", shown.len()).objects("outcome", shown)
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
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "outcome-list-title"));
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    let actor = me.actor().clone();
    if filter.by_identity && me.agency.is_none() && filter.faults.is_empty() {
        let wanted = filter.clone();
        let (rows, labels, names) = services
            .db
            .read_snapshot(move |conn| {
                let rows = identities::rows(conn, &actor, &wanted, PAGE + 1)?;
                let ids: Vec<Id> = rows.iter().map(|row| row.identity).collect();
                let labels = named::labels(conn, &ids, &[])?;
                let names = Names { agency, case: case_name(conn, &actor, &wanted)? };
                Ok((rows, labels, names))
            })
            .await?;
        let shown: Vec<Id> = rows.iter().take(PAGE as usize).map(|row| row.identity).collect();
        let entry = filter.entry("outcome.list").fact("rows", shown.len()).fact("by", "identity");
        audit::record_read(&services.db, me.origin(), entry.objects("identity", shown)).await?;
        let figure = figure_of(&me, &services, &filter).await?;
        let called = (&labels, &names);
        return html(&IdentitiesPage::new(c, &filter, rows, called, (PAGE as usize, today), figure));
    }
    let (filter, mut found) = services
        .db
        .read_snapshot(move |conn| {
            let rows = list::page(conn, &actor, &mut filter, PAGE + 1)?;
            let counts = match filter.faults.as_slice() {
                [] => list::counts(conn, &actor, &filter)?,
                _ => None,
            };
            let names = Names { agency, case: case_name(conn, &actor, &filter)? };
            Ok((filter, Read { rows, counts, names, ..Read::default() }))
        })
        .await?;
    let entry = listed(&filter, &found.rows, PAGE as usize);
    let page = async {
        found.figure = figure_of(&me, &services, &filter).await?;
        found.saved = saved(&services, &me, List::Outcomes, &Query::new(&c.path))
            .await?
            .if_understood(filter.faults.is_empty());
        let page = ListPage::new(c, &me, &filter, found, (PAGE as usize, today, services.settings.time_zone));
        if page.is_understood { html(&page) } else { invalid(&page) }
    };
    audit::record_beside(&services.db, me.origin(), entry, page).await
}

/// The agency that the platform's list is narrowed to; an agency's own list knows no other.
///
/// # Errors
/// Those of the database.
pub(super) async fn agency_of(me: &Actor, services: &Services, query: &mut Form) -> Result<Option<Agency>> {
    if me.agency.is_some() { Ok(None) } else { asked_for::agency(services, query, me.lang).await }
}

/// What the case is called that the filter asks for; nothing of one that the reader does not see.
fn case_name(conn: &mut Connection, me: &Actor, filter: &Filter) -> Result<Option<String>> {
    let Some(id) = filter.case else { return Ok(None) };
    match store::visible_case(conn, me, id) {
        Ok(case) => {
            let name = if case.number.is_empty() { case.title } else { case.number };
            // A number is its agency's own: to who knows several it says which one only beside the agency.
            let agency = me.lang.pick(&case.agency_zh, &case.agency_en);
            Ok(Some(if me.agency.is_some() { name } else { format!("{name} · {agency}") }))
        }
        Err(AppError::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}

/// What the annual report, which is the platform's, says of the list; empty where it is that of no figure. A look at a whole
/// year takes its time: nobody's act waits for it.
async fn figure_of(me: &Actor, services: &Services, filter: &Filter) -> Result<String> {
    if me.agency.is_some() || !filter.counted {
        return Ok(String::new());
    }
    let (wanted, lang) = (filter.clone(), me.lang);
    services.db.read(move |conn| figure::words(conn, &wanted, lang)).await
}

async fn export(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let agency = agency_of(&me, &services, &mut query).await?;
    let mut filter = Filter { edge: Edge::Start, ..Filter::read(&mut query, &me) };
    export::known(query.raw("format"))?;
    query.check()?;
    let picked = Picked::of(&query, MOST);
    if !picked.is_empty() {
        filter = queue_web::these(&picked);
    }
    let mut entry = filter.entry("outcome.export").fact("format", query.raw("format"));
    if !picked.is_empty() {
        // Not which: an address may name what is not for the reader, and is not given out.
        entry = entry.fact("rows", picked.len());
    }
    audit::record_read(&services.db, me.origin(), entry).await?;
    let about = about(&me, &services, &request, (&filter, agency, &picked)).await?;
    let (actor, lang) = (me.actor().clone(), me.lang);
    let next = export::by_pages(
        move |conn, last: Option<&ListRow>| {
            let edge = last.map_or(Edge::Start, |last| Edge::After(filter.sort.key(&last.row)));
            list::rows(conn, &actor, &filter, edge, AT_ONCE)
        },
        move |_, rows| Ok(rows.iter().map(|found| table::cells(found, lang)).collect()),
    );
    Export::new(&services, "outcomes", table::head(lang), about, next).reply(query.raw("format")).await
}

/// What the file says of itself.
async fn about(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    (filter, agency, picked): (&Filter, Option<Agency>, &Picked),
) -> Result<About> {
    let c = session::chrome(request, services, me, "");
    let (actor, wanted) = (me.clone(), filter.clone());
    let names = services.db.read(move |conn| Ok(Names { agency, case: case_name(conn, &actor, &wanted)? }));
    let (names, today) = (names.await?, time::day_of(services.db.now(), services.settings.time_zone));
    let mut active = chips::active(&c, filter, &Query::new(&c.path), &names, today);
    if !picked.is_empty() {
        active = vec![picked.about(me.lang)];
    }
    let order = chips::sorted_by(&c, filter.sort);
    Ok(About::new(&c.t("outcome-list-title"), &active, &order, &session::maker(services, me)))
}

async fn show(
    me: BothSides,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let queue = queue_of(&request, &Form::default(), id);
    html(&page(&me, &services, &request, id).await?.within(queue.as_ref()))
}

/// The queue that an entry is looked at in: a form of its page names it, or the address does.
fn queue_of(request: &HttpRequest, form: &Form, id: Id) -> Option<Queue> {
    let query = Form::query(request);
    Queue::of(form.raw(QUEUE), id).or_else(|| Queue::of(query.raw(QUEUE), id))
}

async fn page(me: &Actor, services: &Services, request: &HttpRequest, id: Id) -> Result<DetailPage> {
    let actor = me.clone();
    let found = services
        .db
        .write(me.origin(), move |tx| {
            let found = detail::read(tx.conn(), &actor, id)?;
            audit::record(tx, Entry::new("outcome.view").object("outcome", id))?;
            Ok(found)
        })
        .await?;
    let title = format!("{} · {}", i18n::t(me.lang, &found.row.kind().key()), found.row.happened_on);
    let c = session::chrome(request, services, me, &title);
    Ok(DetailPage::new(c, me, found, services.settings.time_zone))
}

/// What is confirmed, and what follows from it.
async fn confirm_page(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    asked(&me, &services, &request, path.into_inner()).await?.reply()
}

async fn asked(me: &Actor, services: &Services, request: &HttpRequest, id: Id) -> Result<ConfirmPage> {
    let actor = me.clone();
    let found = services
        .db
        .write(me.origin(), move |tx| {
            let found = detail::read(tx.conn(), &actor, id)?;
            detail_page::require_confirmable(&actor, &found)?;
            audit::record(tx, Entry::new("outcome.view").object("outcome", id).fact("page", "confirm"))?;
            Ok(found)
        })
        .await?;
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "outcome-confirm-title"));
    let mut page = detail_page::confirm_page(c, me, &found, services.settings.time_zone);
    if let Some(queue) = queue_of(request, &Form::default(), id) {
        page.action = queue.page(&page.action);
        page.cancel = queue.page(&page.cancel);
    }
    Ok(page)
}

async fn confirm(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    decide(&me, &services, &request, path.into_inner(), form, Decision::Confirmed).await
}

async fn reject(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    decide(&me, &services, &request, path.into_inner(), form, Decision::Rejected).await
}

async fn take_note(
    me: ForAgency,
    services: web::Data<Services>,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let (id, actor) = (path.into_inner(), me.actor().clone());
    services.db.write(me.origin(), move |tx| actions::take_note(tx, &actor, id)).await?;
    Ok(see_other(&format!("{}?ok=outcome-seen", paths::outcome(id))))
}

async fn decide(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    mut form: Form,
    decision: Decision,
) -> Result<HttpResponse> {
    let queue = queue_of(request, &form, id);
    let reason = form.text("reason", REASON);
    let paper = if me.agency.is_none() { form.id("paper") } else { None };
    let done = match form.check() {
        Err(e) => Err(e),
        Ok(()) => {
            let (actor, deciding) = (me.clone(), Deciding { decision, reason, paper });
            services
                .db
                .write(me.origin(), move |tx| actions::decide(tx, &actor, id, &deciding).map(|_| ()))
                .await
        }
    };
    match done {
        Ok(()) => {
            let word = format!("outcome-{decision}");
            Ok(see_other(&Queue::after(queue.as_ref(), id, paths::outcome, &word)))
        }
        Err(AppError::Invalid(errors)) if decision == Decision::Confirmed => {
            let mut again = asked(me, services, request, id).await?;
            again.form = again.form.typed(form.pairs()).with_errors(errors);
            invalid(&again)
        }
        Err(AppError::Invalid(errors)) => {
            let mut again = page(me, services, request, id).await?.within(queue.as_ref());
            again.form = again.form.typed(form.pairs()).with_errors(errors);
            invalid(&again)
        }
        Err(e) => Err(e),
    }
}
