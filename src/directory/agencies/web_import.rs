//! Importing agencies on a page: upload, look at what it would do, confirm exactly that.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};

use super::{
    import::{self, Fault, Plan},
    import_page::ImportPage,
};
use crate::{
    directory::people::{Admin, session},
    platform::{
        error::{AppError, Result},
        http::{Form, csv_file::receive, form_view::FormView, html, reply::html_with, see_other},
        i18n,
        services::Services,
        time,
    },
};

fn page(request: &HttpRequest, services: &Services, me: &Admin) -> ImportPage {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "agency-import-title"));
    ImportPage::new(c, FormView::new("agency-field-"))
}

pub(super) async fn form(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    html(&page(&request, &services, &me))
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
