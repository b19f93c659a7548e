//! Making, changing and ending an agency: for administrators.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    actions,
    model::{self, Input},
    pages::{self, ClosePage, FormPage},
    store::{self, Agency},
};
use crate::{
    directory::people::{Admin, session},
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{Form, form_view::FormView, reply::html_with, see_other},
        i18n, paths,
        services::Services,
    },
};

fn status(form: &FormView) -> StatusCode {
    if form.is_faulty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// The form of a new agency (`None`) or of one on record.
fn show(
    request: &HttpRequest,
    services: &Services,
    me: &Admin,
    row: Option<&Agency>,
    form: FormView,
) -> Result<HttpResponse> {
    let lang = me.lang;
    let title = if row.is_some() { "agency-edit-title" } else { "agency-new-title" };
    let back = row.map_or_else(|| paths::AGENCIES.to_owned(), |row| paths::agency(row.id));
    let page = FormPage {
        c: session::chrome(request, services, me, &i18n::t(lang, title)),
        trail: pages::trail(lang, row),
        action: back.clone(),
        back,
        is_new: row.is_none(),
        code: row.map_or_else(String::new, |row| row.code.clone()),
        types: pages::type_choices(lang),
        levels: pages::level_choices(lang),
        channels: pages::channel_choices(lang),
        families: pages::family_choices(lang),
        contacts: pages::contact_fields(&form),
        form,
    };
    html_with(status(&page.form), &page)
}

fn read(form: &mut Form) -> Result<Input> {
    let input = model::read(form);
    form.check()?;
    Ok(input)
}

fn empty() -> FormView {
    FormView::new("agency-field-")
}

pub(super) async fn new(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    show(&request, &services, &me, None, empty().set("channel", "portal".to_owned()))
}

pub(super) async fn create(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let made = match read(&mut form) {
        Ok(input) => services.db.write(me.origin(), move |tx| actions::create(tx, &input)).await,
        Err(e) => Err(e),
    };
    match made {
        Ok(id) => Ok(see_other(&format!("{}?ok=agency-created", paths::agency(id)))),
        Err(AppError::Invalid(errors)) => {
            show(&request, &services, &me, None, empty().typed(form.pairs()).with_errors(errors))
        }
        Err(e) => Err(e),
    }
}

async fn on_record(services: &Services, id: Id) -> Result<(Agency, Input)> {
    services
        .db
        .read(move |conn| {
            let row = store::find(conn, id)?;
            let input = store::inputs(conn, std::slice::from_ref(&row))?.remove(0);
            Ok((row, input))
        })
        .await
}

pub(super) async fn edit(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
) -> Result<HttpResponse> {
    let (row, input) = on_record(&services, path.into_inner()).await?;
    show(&request, &services, &me, Some(&row), empty().typed(input.pairs()))
}

pub(super) async fn change(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let (row, _) = on_record(&services, id).await?;
    // The form does not send the code: it stays.
    let mut pairs: Vec<(String, String)> = form.pairs();
    pairs.retain(|(name, _)| name != "code");
    pairs.push(("code".into(), row.code.clone()));
    let mut form = Form::from_pairs(pairs);
    let done = match read(&mut form) {
        Ok(input) => services.db.write(me.origin(), move |tx| actions::change(tx, id, &input)).await,
        Err(e) => Err(e),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=agency-changed", paths::agency(id)))),
        Err(AppError::Invalid(errors)) => {
            show(&request, &services, &me, Some(&row), empty().typed(form.pairs()).with_errors(errors))
        }
        Err(e) => Err(e),
    }
}

fn show_close(
    request: &HttpRequest,
    services: &Services,
    me: &Admin,
    row: &Agency,
    form: FormView,
) -> Result<HttpResponse> {
    let page = ClosePage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "agency-close-title")),
        id: row.id,
        trail: pages::trail(me.lang, Some(row)),
        form,
    };
    html_with(status(&page.form), &page)
}

pub(super) async fn close_form(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
) -> Result<HttpResponse> {
    let (row, _) = on_record(&services, path.into_inner()).await?;
    show_close(&request, &services, &me, &row, empty())
}

pub(super) async fn close(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let (row, _) = on_record(&services, id).await?;
    let last = form.required_date("valid_to");
    let successor = form.text("successor", 24);
    let done = match (form.check(), last) {
        (Ok(()), Some(last)) => {
            services.db.write(me.origin(), move |tx| actions::close(tx, id, last, &successor)).await
        }
        (Err(e), _) => Err(e),
        (Ok(()), None) => Err(AppError::field("valid_to", "error-required")),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=agency-closed", paths::agency(id)))),
        Err(AppError::Invalid(errors)) => {
            let typed = empty().typed(form.pairs()).with_errors(errors);
            show_close(&request, &services, &me, &row, typed)
        }
        Err(e) => Err(e),
    }
}
