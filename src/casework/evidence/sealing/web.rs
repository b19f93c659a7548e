//! The form of a sealed medium.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions,
    model::New,
    pages::{self, LABELS, SealingPage},
    store::Record,
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::store::{self as items, Item},
        lead::{self, model::Lead},
    },
    directory::people::{Compiler, session},
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
        http::{Form, form_view::FormView, html, invalid, see_other, view::Link},
        i18n, paths,
        services::Services,
    },
};

/// What the form is about.
struct Found {
    item: Item,
    lead: Lead,
    /// The record that it is to take the place of.
    earlier: Option<Record>,
}

/// The item, if `me` may record something about it.
fn find(conn: &mut Connection, me: &Compiler, id: Id, earlier: Option<Id>) -> Result<Found> {
    let item = items::find(conn, id)?;
    let lead = lead::store::find_visible(conn, me, item.lead_id)?;
    lead::model::require_changeable(me, &lead)?;
    if item.removed_at.is_some() {
        return Err(AppError::NotFound);
    }
    let earlier = earlier.map(|record| actions::correctable(conn, id, record)).transpose()?;
    Ok(Found { item, lead, earlier })
}

async fn page(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    (id, earlier): (Id, Option<Id>),
    typed: Option<FormView>,
) -> Result<SealingPage> {
    let actor = me.clone();
    let found = services.db.read(move |conn| find(conn, &actor, id, earlier)).await?;
    let entry = Entry::new("evidence.view").object("evidence", id).object("lead", found.lead.id);
    audit::record_read(&services.db, me.origin(), entry.fact("page", "sealing")).await?;
    let title = if earlier.is_some() { "sealing-correct" } else { "sealing-record" };
    let c = session::chrome(request, services, me, &i18n::t(me.lang, title));
    let zone = services.settings.time_zone;
    let fresh = || {
        let known = found.earlier.as_ref().map(|record| pages::filled(record, zone));
        known.unwrap_or_else(|| FormView::new(LABELS).set("sealed_by", me.name.clone()))
    };
    Ok(SealingPage {
        trail: vec![
            Link::new(c.t("nav-leads"), paths::LEADS),
            Link::new(&found.lead.number, paths::lead(found.lead.id)),
            Link::new(&found.item.name, paths::evidence(id)),
        ],
        action: match earlier {
            Some(record) => pages::correct_path(id, record),
            None => format!("{}/sealing", paths::evidence(id)),
        },
        back: paths::evidence(id),
        corrects: earlier.is_some(),
        form: typed.unwrap_or_else(fresh),
        c,
    })
}

async fn act(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    (id, earlier): (Id, Option<Id>),
    mut form: Form,
) -> Result<HttpResponse> {
    // Whoever may not is told so before anything is said of what they typed.
    let actor = me.clone();
    services.db.read(move |conn| find(conn, &actor, id, earlier).map(|_| ())).await?;
    let new = New::read(&mut form, services.settings.time_zone, services.db.now());
    let done = match form.check() {
        Ok(()) => {
            let actor = me.clone();
            let write =
                services.db.write(me.origin(), move |tx| actions::record(tx, &actor, id, &new, earlier));
            write.await
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=sealing-recorded#sealing", paths::evidence(id)))),
        Err(AppError::Invalid(errors)) => {
            let view = FormView::new(LABELS).typed(form.pairs()).with_errors(errors);
            invalid(&page(me, services, request, (id, earlier), Some(view)).await?)
        }
        Err(e) => Err(e),
    }
}

/// `GET /evidence/{id}/sealing`
pub async fn form(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&page(&me, &services, &request, (*id, None), None).await?)
}

/// `POST /evidence/{id}/sealing`
pub async fn record(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    act(&me, &services, &request, (*id, None), form).await
}

/// `GET /evidence/{id}/sealings/{sealing}/correct`
pub async fn correct_form(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, record) = path.into_inner();
    html(&page(&me, &services, &request, (id, Some(record)), None).await?)
}

/// `POST /evidence/{id}/sealings/{sealing}/correct`
pub async fn correct(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
    form: Form,
) -> Result<HttpResponse> {
    let (id, record) = path.into_inner();
    act(&me, &services, &request, (id, Some(record)), form).await
}
