//! Handlers: upload, look, confirm.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};

use super::{
    actions,
    pages::{CALENDAR, ImportPage, Part, REGIONS},
    plan,
};
use crate::{
    directory::{
        people::{Admin, session},
        reference::{self, files::PLAUSIBLE},
    },
    platform::{
        db::{Tx, blocking},
        error::{AppError, Result},
        http::{
            Form,
            csv_file::{decode, receive, settled},
            html,
            reply::html_with,
            see_other,
        },
        i18n, paths,
        services::Services,
        time,
    },
};

fn page(request: &HttpRequest, services: &Services, me: &Admin, part: &Part) -> ImportPage {
    let title = i18n::t(me.lang, &format!("reference-import-{}", part.word));
    ImportPage::new(session::chrome(request, services, me, &title), part)
}

fn faulty(page: &ImportPage) -> Result<HttpResponse> {
    html_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// What the file of regions would change, on the page, or what is wrong with it.
fn look_at_regions(page: ImportPage, services: &Services, text: String) -> (bool, ImportPage) {
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    match plan::regions(&text, reference::regions()) {
        Ok(plan) => (true, page.with_plan(&plan, text, today)),
        Err(faults) => (false, page.with_faults(&faults)),
    }
}

fn look_at_days(page: ImportPage, services: &Services, text: String) -> (bool, ImportPage) {
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    let calendar = reference::working_calendar();
    match plan::days(&text, None, calendar) {
        Ok(plan) => {
            let (notice, after) = &plan.written;
            let doubtful = !PLAUSIBLE.contains(&after.working_days_in(notice.year));
            let shown = page.with_plan(&plan, text, today);
            (true, shown.with_year(notice.year, [calendar, after], doubtful))
        }
        Err(faults) => (false, page.with_faults(&faults)),
    }
}

/// A part of the reference, with how a file of it is looked at and written.
struct Import {
    part: Part,
    /// What the file would change, on the page, or what is wrong with it.
    look: fn(ImportPage, &Services, String) -> (bool, ImportPage),
    /// Writes the text whose plan has the digest; where the form says so, also what is hard to believe.
    write: fn(&mut Tx<'_>, &str, &str, bool) -> Result<()>,
}

static OF_REGIONS: Import = Import { part: REGIONS, look: look_at_regions, write: write_regions };
static OF_DAYS: Import = Import { part: CALENDAR, look: look_at_days, write: actions::write_days };

/// Of a file of regions nothing is hard to believe.
fn write_regions(tx: &mut Tx<'_>, text: &str, digest: &str, _: bool) -> Result<()> {
    actions::write_regions(tx, text, digest)
}

/// Looks at an uploaded file.
async fn preview(
    import: &'static Import,
    me: &Admin,
    services: &Data<Services>,
    request: &HttpRequest,
    body: Multipart,
) -> Result<HttpResponse> {
    let page = page(request, services, me, &import.part);
    let text = match receive(body).await {
        Ok(bytes) => settled(&decode(&bytes)),
        Err(AppError::Invalid(errors)) => return faulty(&page.with_errors(errors)),
        Err(e) => return Err(e),
    };
    let services = services.clone();
    // Thousands of rows are read and compared.
    match blocking(move || Ok((import.look)(page, &services, text))).await? {
        (true, page) => html(&page),
        (false, page) => faulty(&page),
    }
}

/// Writes a file that was looked at and takes it into this process, or shows again what was refused.
async fn confirm(
    import: &'static Import,
    me: &Admin,
    services: &Services,
    request: &HttpRequest,
    form: &Form,
) -> Result<HttpResponse> {
    let (text, digest) = (settled(form.raw("csv")), form.raw("digest").to_owned());
    let (file, force) = (text.clone(), form.has("force"));
    let done = services.db.write(me.origin(), move |tx| (import.write)(tx, &file, &digest, force)).await;
    match done {
        Ok(()) => {
            services.db.read(reference::load).await?;
            Ok(see_other(&format!("{}/{}?ok=reference-imported", paths::REFERENCE, import.part.word)))
        }
        Err(AppError::Invalid(errors)) => {
            // Faults of lines are shown as such; what is left is one of the form.
            let of_form = errors.into_iter().filter(|error| error.field == "force").collect();
            let empty = page(request, services, me, &import.part);
            faulty(&(import.look)(empty, services, text).1.with_errors(of_form))
        }
        Err(e) => Err(e),
    }
}

pub(super) async fn regions_form(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    html(&page(&request, &services, &me, &OF_REGIONS.part))
}

pub(super) async fn regions_preview(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    body: Multipart,
) -> Result<HttpResponse> {
    preview(&OF_REGIONS, &me, &services, &request, body).await
}

pub(super) async fn regions_confirm(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    confirm(&OF_REGIONS, &me, &services, &request, &form).await
}

pub(super) async fn calendar_form(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    html(&page(&request, &services, &me, &OF_DAYS.part))
}

pub(super) async fn calendar_preview(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    body: Multipart,
) -> Result<HttpResponse> {
    preview(&OF_DAYS, &me, &services, &request, body).await
}

pub(super) async fn calendar_confirm(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    confirm(&OF_DAYS, &me, &services, &request, &form).await
}
