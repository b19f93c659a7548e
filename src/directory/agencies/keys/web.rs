//! Registering, confirming and revoking keys of an agency.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    actions, model,
    pages::{ActPage, NewPage},
    store::{self, Key},
};
use crate::{
    directory::{
        agencies::{
            pages,
            store::{self as agencies, Agency},
        },
        people::{
            Actor, Admin, KeyKeeper,
            proof::{self, Answer},
            session,
        },
    },
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{Form, form_view::FormView, reply::html_with, see_other},
        i18n, paths,
        services::Services,
    },
};

/// The labels of a key's fields; its note says who brought it.
fn empty() -> FormView {
    FormView::new("agency-field-").called("note", "agency-key-note")
}

fn status(form: &FormView) -> StatusCode {
    if form.is_faulty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

async fn agency(services: &Services, id: Id) -> Result<Agency> {
    services.db.read(move |conn| agencies::find(conn, id)).await
}

fn show_new(
    request: &HttpRequest,
    services: &Services,
    me: &Admin,
    row: &Agency,
    form: FormView,
) -> Result<HttpResponse> {
    let back = paths::agency(row.id);
    let page = NewPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "agency-key-new-title")),
        trail: pages::trail(me.lang, Some(row)),
        action: format!("{back}/public-keys/new"),
        back,
        form,
    };
    html_with(status(&page.form), &page)
}

pub(super) async fn new(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
) -> Result<HttpResponse> {
    let row = agency(&services, path.into_inner()).await?;
    show_new(&request, &services, &me, &row, empty())
}

pub(super) async fn add(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let row = agency(&services, path.into_inner()).await?;
    let id = row.id;
    // From here on the form holds no secret key: neither the page that asks who one is nor this one gives it back.
    let input = model::read(&mut form);
    let done = match form.check() {
        Ok(()) => {
            let proven = match proof::ask(&request, &services, &me, "agency.key.add", &form).await? {
                Answer::Proven(proven) => proven,
                Answer::Page(page) => return Ok(page),
            };
            services.db.write(me.origin(), move |tx| actions::register(tx, &proven, id, &input)).await
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=agency-key-added", paths::agency(id)))),
        Err(AppError::Invalid(errors)) => {
            show_new(&request, &services, &me, &row, empty().typed(form.pairs()).with_errors(errors))
        }
        Err(e) => Err(e),
    }
}

async fn found(services: &Services, (agency, key): (Id, Id)) -> Result<(Agency, Key)> {
    let read =
        services.db.read(move |conn| Ok((agencies::find(conn, agency)?, store::find(conn, agency, key)?)));
    read.await
}

/// The page of an act on a key that is there.
fn show_act(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    (row, key): (&Agency, &Key),
    confirms: bool,
    form: FormView,
) -> Result<HttpResponse> {
    let back = paths::agency(row.id);
    let (title, act) = if confirms {
        ("agency-key-confirm-title", "confirm")
    } else {
        ("agency-key-revoke-title", "revoke")
    };
    let page = ActPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, title)),
        trail: pages::trail(me.lang, Some(row)),
        action: format!("{back}/public-keys/{}/{act}", key.id),
        back,
        form,
        short: model::short(&key.fingerprint()),
        note: key.note.clone().unwrap_or_default(),
        confirms,
    };
    html_with(status(&page.form), &page)
}

pub(super) async fn confirm_form(
    me: KeyKeeper,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (row, key) = found(&services, path.into_inner()).await?;
    actions::confirmable(&key, me.id)?;
    show_act(&request, &services, &me, (&row, &key), true, empty())
}

pub(super) async fn confirm(
    me: KeyKeeper,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<(Id, Id)>,
    mut form: Form,
) -> Result<HttpResponse> {
    let at = path.into_inner();
    let (row, key) = found(&services, at).await?;
    actions::confirmable(&key, me.id)?;
    let digits = form.required("digits", 40);
    let done = match form.check() {
        Ok(()) => {
            let proven = match proof::ask(&request, &services, &me, "agency.key.confirm", &form).await? {
                Answer::Proven(proven) => proven,
                Answer::Page(page) => return Ok(page),
            };
            services.db.write(me.origin(), move |tx| actions::confirm(tx, &proven, at, &digits)).await
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=agency-key-confirmed", paths::agency(row.id)))),
        Err(AppError::Invalid(errors)) => {
            let typed = empty().typed(form.pairs()).with_errors(errors);
            show_act(&request, &services, &me, (&row, &key), true, typed)
        }
        Err(e) => Err(e),
    }
}

pub(super) async fn revoke_form(
    me: KeyKeeper,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (row, key) = found(&services, path.into_inner()).await?;
    actions::revocable(&key)?;
    show_act(&request, &services, &me, (&row, &key), false, empty())
}

pub(super) async fn revoke(
    me: KeyKeeper,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<(Id, Id)>,
    form: Form,
) -> Result<HttpResponse> {
    let at = path.into_inner();
    let (row, key) = found(&services, at).await?;
    actions::revocable(&key)?;
    let proven = match proof::ask(&request, &services, &me, "agency.key.revoke", &form).await? {
        Answer::Proven(proven) => proven,
        Answer::Page(page) => return Ok(page),
    };
    services.db.write(me.origin(), move |tx| actions::revoke(tx, &proven, at)).await?;
    Ok(see_other(&format!("{}?ok=agency-key-revoked", paths::agency(row.id))))
}
