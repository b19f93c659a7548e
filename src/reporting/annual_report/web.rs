//! The pages, the files and the API of the report.

use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::OpenApi;

use super::{
    cohort::{self, Asked},
    compute::compute_at,
    files,
    moment::Moment,
    pages::{CohortPage, ReportPage, ReportsPage, UnreadPage},
    pdf::{Issue, pdf},
    report::Report,
    sql::STEPS,
    years::years,
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, ApiActor, CaseReader, api_reader, session},
    platform::{
        db::{Id, Instant, blocking},
        error::{AppError, Result},
        http::{
            Form,
            reply::{html, invalid},
        },
        i18n,
        services::Services,
        sheet, time,
    },
};

/// Rows of a page.
const PAGE: i64 = 50;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/reports", web::get().to(index))
        .route("/reports/{year}", web::get().to(show))
        .route("/reports/{year}/leads", web::get().to(leads))
        .route("/reports/{year}/report.{format}", web::get().to(file))
        .route("/api/v1/reports/{year}", web::get().to(api));
}

/// Years that a report may be asked for.
fn checked(year: i32) -> Result<i32> {
    if (1990..=2200).contains(&year) { Ok(year) } else { Err(AppError::NotFound) }
}

/// The moment that the address asks for; `None`: now.
fn asked(request: &HttpRequest, services: &Services) -> Result<Option<Instant>> {
    let query = Form::query(request);
    let text = query.raw("as_at");
    if text.is_empty() {
        return Ok(None);
    }
    let at = time::parse_as_at(text, services.settings.time_zone)
        .map_err(|e| AppError::Invalid(vec![e.fault("as_at")]))?;
    Moment::not_to_come(at, services.db.now()).map(Some)
}

/// Puts the read on record, then computes on one snapshot.
async fn report(
    me: &Actor,
    services: &Services,
    year: i32,
    at: Option<Instant>,
    verb: &'static str,
) -> Result<Report> {
    let entry = Entry::new(verb).fact("year", year);
    let entry = match at {
        Some(at) => entry.fact("as_at", at.to_string()),
        None => entry,
    };
    services.db.write(me.origin(), move |tx| audit::record(tx, entry).map(|_| ())).await?;
    let zone = services.settings.time_zone;
    services
        .db
        .read_snapshot(move |conn| {
            let moment = Moment::resolve(conn, at)?;
            compute_at(conn, year, moment, zone)
        })
        .await
}

async fn index(me: CaseReader, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let zone = services.settings.time_zone;
    let years = services.db.read(move |conn| years(conn, zone)).await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "report-list-title"));
    html(&ReportsPage::new(c, &years))
}

async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<i32>,
) -> Result<HttpResponse> {
    let year = checked(path.into_inner())?;
    let title = i18n::t_with(me.lang, "report-title", &[("year", year.to_string())]);
    let c = session::chrome(&request, &services, &me, &title);
    let text = Form::query(&request).raw("as_at").to_owned();
    let at = match asked(&request, &services) {
        Ok(at) => at,
        // The report of now would pass for that of the moment that was meant.
        Err(AppError::Invalid(errors)) => return invalid(&UnreadPage::new(c, year, text, &errors)),
        Err(e) => return Err(e),
    };
    let found = report(&me, &services, year, at, "report.view").await?;
    html(&ReportPage::new(c, &found, services.settings.time_zone, &text, services.is_demo))
}

/// The leads of the year that came to a step.
async fn leads(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<i32>,
) -> Result<HttpResponse> {
    let year = checked(path.into_inner())?;
    let mut query = Form::query(&request);
    let step = query.choice("step", &STEPS);
    let (log_size, edge) = (query.asked_log_size(), query.asked_edge(Asked::cursor));
    query.check()?;
    let step = step.ok_or(AppError::NotFound)?;
    let asked = Asked { year, step: step.to_owned(), log_size, edge };
    let (wanted, zone) = (asked.clone(), services.settings.time_zone);
    // A look at a whole year takes its time: nobody's act waits for it.
    let (found, all) =
        services.db.read_snapshot(move |conn| cohort::rows(conn, &wanted, PAGE + 1, zone)).await?;
    // The row behind the page tells that there is one, and is not shown.
    let shown: Vec<Id> = found.iter().take(PAGE as usize).map(|row| row.lead_id).collect();
    let entry = Entry::new("report.view").fact("year", year).fact("step", step);
    audit::record_read(&services.db, me.origin(), entry.fact("rows", shown.len()).objects("lead", shown))
        .await?;
    let named = [("year", year.to_string()), ("step", i18n::t(me.lang, &format!("report-step-{step}")))];
    let c = session::chrome(&request, &services, &me, &i18n::t_with(me.lang, "report-cohort-title", &named));
    html(&CohortPage::new(c, &asked, (found, all), PAGE as usize, zone))
}

async fn file(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(i32, String)>,
) -> Result<HttpResponse> {
    let (year, format) = path.into_inner();
    let year = checked(year)?;
    let media = match format.as_str() {
        "pdf" => "application/pdf",
        "json" => "application/json",
        "csv" => sheet::CSV,
        "xlsx" => sheet::XLSX,
        _ => return Err(AppError::NotFound),
    };
    let at = asked(&request, &services)?;
    let found = report(&me, &services, year, at, "report.export").await?;
    let (parts, lang, name) = (services.get_ref().clone(), me.lang, format!("report-{year}.{format}"));
    let bytes = blocking(move || time::for_nobody(|| render(&found, &format, &parts, lang))).await?;
    Ok(sheet::download(bytes, media, &name))
}

/// The report as a file: `json`, `csv`, `xlsx` or `pdf`.
///
/// # Errors
/// `NotFound` for another format; `Internal` when it can't be written.
pub fn render(report: &Report, format: &str, services: &Services, lang: i18n::Lang) -> Result<Vec<u8>> {
    match format {
        "json" => report.json(),
        "csv" => sheet::csv(&files::sheets(report, lang, services.is_demo)),
        "xlsx" => sheet::xlsx(&files::sheets(report, lang, services.is_demo)),
        "pdf" => {
            let (organisation, zone) = (services.settings.organisation.as_str(), services.settings.time_zone);
            pdf(report, &Issue { organisation, zone, lang, is_demo: services.is_demo })
        }
        _ => Err(AppError::NotFound),
    }
}

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(api))]
pub struct Document;

/// Every figure of a year's report, each with a link to what it counts; the same bytes as `lead-handoff report`.
#[utoipa::path(
    get, path = "/api/v1/reports/{year}", tag = "reports", security(("token" = ["read"])),
    params(
        ("year" = i32, Path),
        ("as_at" = Option<String>, Query, description = "as the ledger was then, a day alone being its end; now")
    ),
    responses((status = 200, body = Report))
)]
async fn api(
    me: ApiActor,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<i32>,
) -> Result<HttpResponse> {
    let me = api_reader(&me)?;
    let year = checked(path.into_inner())?;
    let at = asked(&request, &services)?;
    let found = report(&me, &services, year, at, "report.export").await?;
    Ok(HttpResponse::Ok().content_type("application/json").body(found.json()?))
}
