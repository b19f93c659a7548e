//! The list, its export, one entry, and the decisions on it.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, REASON},
    detail,
    detail_page::{self, DetailPage},
    figure,
    identities::{self, IdentityRow},
    list::{self, Filter, ListRow},
    list_page::{IdentitiesPage, ListPage},
    model::Decision,
    named, source, table,
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, BothSides, ForAgency, session},
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::{
            Form,
            reply::{html, invalid, see_other},
        },
        i18n,
        keyset::Edge,
        paths,
        services::Services,
        sheet, time,
    },
};

/// Rows of a page; an export ends at the other.
pub(super) const PAGE: i64 = 50;
const MOST: i64 = 50_000;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/outcomes", web::get().to(index))
        .route("/outcomes/export", web::get().to(export))
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

/// Reads rows and puts on record which were shown; none for a filter that was not understood.
pub(super) fn read_rows(
    tx: &mut Tx<'_>,
    me: &Actor,
    filter: &Filter,
    limit: i64,
    verb: &'static str,
) -> Result<Vec<ListRow>> {
    let rows = if filter.faults.is_empty() { list::rows(tx.conn(), me, filter, limit)? } else { Vec::new() };
    // A leaf holds at most 64 KiB; a long export is on record by its filter and number of rows.
    let shown = rows.iter().take(500).map(|row| row.row.id);
    let shown: Vec<Id> = shown.collect();
    let entry = Entry::new(verb).objects("outcome", shown).fact("rows", rows.len());
    let entry = entry.fact("filter", filter.address());
    // A unit is typed by people.
    let entry = filter.unit.iter().fold(entry, |entry, unit| entry.private("unit", unit.as_str()));
    audit::record(tx, entry)?;
    Ok(rows)
}

async fn index(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let filter = Filter::read(&mut Form::query(&request), &me);
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "outcome-list-title"));
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    let actor = me.actor().clone();
    if filter.by_identity && me.agency.is_none() && filter.faults.is_empty() {
        let wanted = filter.clone();
        let (rows, labels) = services
            .db
            .write(me.origin(), move |tx| {
                let rows = identities::rows(tx.conn(), &actor, &wanted, PAGE + 1)?;
                let ids: Vec<Id> = rows.iter().map(|row: &IdentityRow| row.identity).collect();
                let labels = named::labels(tx.conn(), &ids, &[])?;
                let entry = Entry::new("outcome.list").fact("rows", rows.len()).fact("by", "identity");
                let entry = entry.fact("filter", wanted.address());
                audit::record(tx, entry.objects("identity", ids))?;
                Ok((rows, labels))
            })
            .await?;
        let figure = figure_of(&me, &services, &filter).await?;
        return html(&IdentitiesPage::new(c, &filter, rows, &labels, (PAGE as usize, today), figure));
    }
    let wanted = filter.clone();
    let (rows, agencies) = services
        .db
        .write(me.origin(), move |tx| {
            let rows = read_rows(tx, &actor, &wanted, PAGE + 1, "outcome.list")?;
            let agencies = if actor.agency.is_some() { Vec::new() } else { list::agencies(tx.conn())? };
            Ok((rows, agencies))
        })
        .await?;
    let figure = figure_of(&me, &services, &filter).await?;
    let page = ListPage::new(c, &me, &filter, rows, (PAGE as usize, today), agencies, figure);
    if page.is_understood { html(&page) } else { invalid(&page) }
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
    let filter = Filter { edge: Edge::Start, ..Filter::read(&mut query, &me) };
    let format = query.raw("format").to_owned();
    if !matches!(format.as_str(), "csv" | "xlsx") {
        return Err(AppError::NotFound);
    }
    if !filter.faults.is_empty() {
        return Err(AppError::Invalid(filter.faults));
    }
    let (actor, lang) = (me.actor().clone(), me.lang);
    let rows = services
        .db
        .write(me.origin(), move |tx| read_rows(tx, &actor, &filter, MOST, "outcome.export"))
        .await?;
    sheet::reply(&[table::sheet(lang, &rows)], "outcomes", &format)
}

async fn show(
    me: BothSides,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&page(&me, &services, &request, path.into_inner()).await?)
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
    let (id, actor) = (path.into_inner(), me.actor().clone());
    let found = services
        .db
        .write(me.origin(), move |tx| {
            let found = detail::read(tx.conn(), &actor, id)?;
            detail_page::require_confirmable(&actor, &found)?;
            audit::record(tx, Entry::new("outcome.view").object("outcome", id).fact("page", "confirm"))?;
            Ok(found)
        })
        .await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "outcome-confirm-title"));
    detail_page::confirm_page(c, &me, &found).reply()
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
    let reason = form.text("reason", REASON);
    let done = match form.check() {
        Err(e) => Err(e),
        Ok(()) => {
            let actor = me.clone();
            services
                .db
                .write(me.origin(), move |tx| actions::decide(tx, &actor, id, decision, &reason).map(|_| ()))
                .await
        }
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=outcome-{decision}", paths::outcome(id)))),
        Err(AppError::Invalid(errors)) => {
            let mut again = page(me, services, request, id).await?;
            again.form = again.form.typed(form.pairs()).with_errors(errors);
            invalid(&again)
        }
        Err(e) => Err(e),
    }
}
