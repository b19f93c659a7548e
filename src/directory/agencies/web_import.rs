//! Importing agencies on a page: upload, look at what it would do, confirm exactly that.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use futures_util::StreamExt;

use super::{
    import::{self, Fault, Plan},
    import_page::ImportPage,
};
use crate::{
    directory::people::{Admin, session},
    platform::{
        error::{AppError, FieldError, Result},
        http::{Form, form_view::FormView, html, reply::html_with, see_other},
        i18n,
        services::Services,
        time,
    },
};

/// Most bytes of a file.
const LIMIT: usize = 4 << 20;

fn page(request: &HttpRequest, services: &Services, me: &Admin) -> ImportPage {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "agency-import-title"));
    ImportPage::new(c, FormView::new("agency-field-"))
}

pub(super) async fn form(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    html(&page(&request, &services, &me))
}

/// The bytes of the part `csv`.
///
/// # Errors
/// `Invalid` where there is no file, an empty one, or one that no text can be read from.
async fn receive(mut body: Multipart) -> Result<Vec<u8>> {
    let broken = || AppError::field("csv", "error-broken-upload");
    let (mut bytes, mut is_chosen) = (Vec::new(), false);
    while let Some(field) = body.next().await {
        let mut field = field.map_err(|_| broken())?;
        let wanted = field.name() == Some("csv");
        // A browser sends a part without a file's name where none was chosen.
        let named = field.content_disposition().and_then(|about| about.get_filename());
        is_chosen |= wanted && named.is_some_and(|name| !name.is_empty());
        while let Some(piece) = field.next().await {
            let piece = piece.map_err(|_| broken())?;
            if bytes.len() + piece.len() > LIMIT {
                let fault = FieldError::new("csv", "error-file-too-large").arg("max", "4 MB");
                return Err(AppError::TooLarge(fault));
            }
            if wanted {
                bytes.extend_from_slice(&piece);
            }
        }
    }
    if bytes.is_empty() {
        let fault = if is_chosen { "error-file-empty" } else { "error-file-required" };
        return Err(AppError::field("csv", fault));
    }
    // No text has a zero byte; a picture or a workbook, read as text, would be one fault of many signs.
    if bytes.contains(&0) { Err(AppError::field("csv", "error-no-csv")) } else { Ok(bytes) }
}

async fn plan(services: &Services, text: String) -> Result<Result<Plan, Vec<Fault>>> {
    services.db.read(move |conn| import::plan(conn, &text)).await
}

pub(super) async fn preview(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    body: Multipart,
) -> Result<HttpResponse> {
    let empty = page(&request, &services, &me);
    let text = match receive(body).await {
        Ok(bytes) => import::decode(&bytes),
        Err(AppError::Invalid(errors)) => {
            let form = FormView::new("agency-field-").with_errors(errors);
            return html_with(StatusCode::UNPROCESSABLE_ENTITY, &ImportPage { form, ..empty });
        }
        Err(e) => return Err(e),
    };
    match plan(&services, text.clone()).await? {
        Ok(plan) => {
            html(&empty.with_plan(&plan, text, time::day_of(services.db.now(), services.settings.time_zone)))
        }
        Err(faults) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &empty.with_faults(&faults)),
    }
}

pub(super) async fn confirm(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let (text, digest) = (form.raw("csv").to_owned(), form.raw("digest").to_owned());
    // Browsers send line breaks as CR LF, within quoted cells too.
    let text = text.replace("\r\n", "\n");
    let written = text.clone();
    let done = services.db.write(me.origin(), move |tx| import::apply(tx, &written, Some(&digest))).await;
    match done {
        Ok(_) => Ok(see_other("/agencies?ok=agencies-imported&state=all")),
        Err(AppError::Invalid(errors)) => {
            let empty = page(&request, &services, &me);
            let reply = match plan(&services, text).await? {
                Err(faults) => empty.with_faults(&faults),
                Ok(_) => ImportPage { form: FormView::new("agency-field-").with_errors(errors), ..empty },
            };
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &reply)
        }
        Err(e) => Err(e),
    }
}
