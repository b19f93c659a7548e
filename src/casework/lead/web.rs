//! The form of a lead: new, and changed; what two people change at once is put together in `merging`.

use std::ops::Deref;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::{
    actions, input, merging,
    model::Lead,
    pages::{self, EditPage, LABELS, NewPage, Offers, charge_groups},
    pick, sold, store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, Compiler, session},
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        http::{
            form::Form,
            form_view::FormView,
            keeping::Keeping,
            link::Query,
            merge,
            reply::{html, invalid, question, see_other},
        },
        i18n,
        money::{self, Basis, Fen, Qualifier},
        paths,
        services::Services,
        time,
    },
};

/// The day in the configured zone.
pub fn today(services: &Services) -> NaiveDate {
    time::day_of(services.db.now(), services.settings.time_zone)
}

/// Reads a page about a lead that is being worked at; the view is on record before anything leaves.
pub async fn work<T: Send + 'static>(
    services: &Services,
    me: &Compiler,
    id: Id,
    page: &'static str,
    read: impl FnOnce(&mut Connection, &Lead) -> Result<T> + Send + 'static,
) -> Result<(Lead, T)> {
    let who = me.clone();
    let found = services
        .db
        .read_snapshot(move |conn| {
            let lead = actions::found_changeable(conn, &who, id)?;
            let more = read(conn, &lead)?;
            Ok((lead, more))
        })
        .await?;
    record_look(services, me, id, page).await?;
    Ok(found)
}

/// A look at a page about a lead, after its reading: nobody's act waits for that.
async fn record_look(services: &Services, me: &Actor, id: Id, page: &'static str) -> Result<()> {
    let entry = Entry::new("lead.view").object("lead", id).fact("page", page);
    audit::record_read(&services.db, me.origin(), entry).await
}

/// Reads a page that asks for something before an act on a lead, as far as `may` lets its reader; the view is on record
/// before anything leaves.
pub async fn before_act<A, T>(
    services: &Services,
    me: &A,
    id: Id,
    page: &'static str,
    may: impl FnOnce(&mut Connection, &A) -> Result<T> + Send + 'static,
) -> Result<T>
where
    A: Deref<Target = Actor> + Clone + Send + 'static,
    T: Send + 'static,
{
    let who = me.clone();
    let found = services.db.read_snapshot(move |conn| may(conn, &who)).await?;
    record_look(services, me, id, page).await?;
    Ok(found)
}

/// What the form of one act is answered with: the address that the act leads to, or the form again with what is wrong.
pub async fn answer<T, P: Template, F: Future<Output = Result<P>>>(
    labels: &'static str,
    form: &Form,
    done: Result<T>,
    to: impl FnOnce(T) -> String,
    again: impl FnOnce(FormView) -> F,
) -> Result<HttpResponse> {
    match done {
        Ok(done) => Ok(see_other(&to(done))),
        Err(e) => {
            let view = FormView::new(labels).typed(form.pairs()).with_errors(faults(e)?);
            invalid(&again(view).await?)
        }
    }
}

async fn new_form(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    form: FormView,
) -> Result<NewPage> {
    let today = today(services);
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "lead-new-title"));
    let form = c.kept(&form, paths::NEW_LEAD);
    let unread = input::unread(&form, today);
    let form = form.with_unread(unread);
    let at = time::parse_date(form.value("occurred_from")).unwrap_or(today);
    let brands = services.db.read(|conn| store::brands(conn, 500)).await?;
    Ok(NewPage {
        c,
        offers: Offers::new(me.lang, today),
        charges: charge_groups(me.lang, at, &form),
        form,
        brands,
    })
}

/// `GET /leads/new`
pub async fn new_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    html(&new_form(&me, &services, &request, FormView::new(LABELS)).await?)
}

/// `POST /leads/new`
pub async fn create(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    pages::seek_charges(&mut form);
    pages::take_charge(&mut form, today(&services));
    let input = input::read(&mut form, today(&services));
    input::require_said(&mut form);
    pick::offer(&services, &mut form, "brands").await?;
    if let Err(AppError::Invalid(errors)) = form.check() {
        let view = FormView::new(LABELS).typed(form.pairs()).with_errors(errors);
        return invalid(&new_form(&me, &services, &request, view).await?);
    }
    let (who, zone) = (me.clone(), services.settings.time_zone);
    let lead = services.db.write(me.origin(), move |tx| actions::create(tx, &who, zone, &input)).await?;
    Ok(see_other(&format!("{}?ok=lead-created", paths::lead(lead.id))))
}

fn edit_form(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    lead: &Lead,
    form: FormView,
) -> EditPage {
    let c = session::chrome(request, services, me, &lead.title).numbered(&lead.number);
    let action = paths::lead_part(lead.id, "edit");
    let mut form = c.kept(&form, &action);
    if form.value("revision").is_empty() {
        form = form.set("revision", lead.revision.to_string());
    }
    let unread = input::unread(&form, today(services));
    EditPage {
        form: form.with_unread(unread),
        trail: pages::trail(&c, lead),
        tabs: pages::tabs(&c, lead, "edit"),
        state: pages::state_chip(me.lang, lead.state),
        number: lead.number.clone(),
        offers: Offers::new(me.lang, today(services)),
        action,
        cancel: paths::lead(lead.id),
        trash: paths::lead_part(lead.id, "trash"),
        c,
    }
}

/// `GET /leads/{id}/edit`
pub async fn edit_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    // What the sales records come to may be taken over: it stands in the form, to be saved or not.
    let is_asked =
        Query::new(request.uri().path_and_query().map_or("", |p| p.as_str())).get("take") == "sales";
    let read = move |conn: &mut Connection, lead: &Lead| {
        if is_asked { sold::of(conn, lead.id) } else { Ok(None) }
    };
    let (lead, sold) = work(&services, &me, path.into_inner(), "edit", read).await?;
    let mut form = merging::stored(&lead, me.lang);
    if let Some(sold) = sold {
        let qualifier = if sold.faults > 0 { Qualifier::AtLeast } else { Qualifier::Exact };
        form = form
            .set("estimated_value.amount", money::typed(Fen(sold.fen)))
            .set("estimated_value.qualifier", qualifier.as_str().to_owned())
            .set("estimated_value.basis", Basis::Sales.as_str().to_owned());
    }
    let mut page = edit_form(&me, &services, &request, &lead, form);
    // What was kept is put together with what others have saved since once it is sent: whoever goes on with it knows that now.
    let since = page.form.value("revision").parse::<i32>().unwrap_or(lead.revision);
    let kept = page.form.keeping().filter(|kept| !kept.at.is_empty() && since < lead.revision).cloned();
    if let Some(kept) = kept {
        let (id, reader) = (lead.id, (me.lang, services.settings.time_zone));
        let overtaken = services.db.read(move |conn| merging::changes(conn, id, since, reader)).await?;
        page.form = page.form.with_keeping(Keeping { overtaken, ..kept });
    }
    html(&page)
}

/// `POST /leads/{id}/edit`
pub async fn update(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let mut form = merge::picked(&merging::groups(), &form);
    let input = input::read_fields(&mut form, today(&services));
    input::require_said(&mut form);
    let revision: Option<i32> = form.required_value("revision", "error-unknown");
    if let Err(AppError::Invalid(errors)) = form.check() {
        let (lead, ()) = work(&services, &me, id, "edit", |_, _| Ok(())).await?;
        // The form's own revision stays: a clash is found when the faults are mended.
        let revision = revision.unwrap_or(lead.revision).to_string();
        let view = FormView::new(LABELS).typed(form.pairs()).set("revision", revision).with_errors(errors);
        return invalid(&edit_form(&me, &services, &request, &lead, view));
    }
    let revision = revision.unwrap_or_default();
    let who = me.clone();
    let done =
        services.db.write(me.origin(), move |tx| actions::update(tx, &who, id, revision, &input)).await;
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=lead-saved", paths::lead(id)))),
        Err(AppError::Conflict("conflict-lead-changed")) => {
            let (lang, zone) = (me.lang, services.settings.time_zone);
            // Also of what an earlier question of this form was about.
            let since = merge::opened_at(&form, "revision").parse().unwrap_or(revision);
            let read = move |conn: &mut Connection, _: &Lead| merging::changes(conn, id, since, (lang, zone));
            let (lead, changes) = work(&services, &me, id, "edit", read).await?;
            let view = merging::merged(&lead, FormView::new(LABELS).typed(form.pairs()), changes, lang);
            question(&edit_form(&me, &services, &request, &lead, view))
        }
        Err(e) => Err(e),
    }
}

/// A form's faults, or whatever else went wrong.
pub fn faults(e: AppError) -> Result<Vec<FieldError>> {
    match e {
        AppError::Invalid(errors) => Ok(errors),
        other => Err(other),
    }
}
