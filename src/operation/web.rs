//! The pages and forms of operations.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions, export,
    listed::{self, Filter},
    pages::{self, NewPage, OperationPage, OperationsPage},
    store::{self, KINDS},
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, CaseReader, Recorder, session},
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{
            Form,
            form_view::FormView,
            reply::{html, invalid, see_other},
        },
        i18n,
        keyset::{Page, none_if_lost},
        paths,
        services::Services,
    },
};

/// Operations of a page.
const PAGE: i64 = 50;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/operations", web::get().to(index))
        .route("/operations/export", web::get().to(export::export))
        .service(
            web::resource("/operations/new").route(web::get().to(new_form)).route(web::post().to(create)),
        )
        .route("/operations/{id}", web::get().to(show))
        .route("/operations/{id}/members", web::post().to(add_member));
}

async fn index(me: CaseReader, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut filter = Filter::read(&mut Form::query(&request));
    let (filter, page) = services
        .db
        .read_snapshot(move |conn| {
            let mut faults = std::mem::take(&mut filter.faults);
            let rows = if faults.is_empty() {
                none_if_lost(listed::page(conn, &filter, PAGE + 1), &mut faults)?
            } else {
                Vec::new()
            };
            filter.faults = faults;
            let page = Page::of(rows, PAGE as usize, &filter.edge);
            Ok((filter, page))
        })
        .await?;
    let shown = page.rows.iter().map(|row| row.id);
    let entry = filter.entry("operation.view").objects("operation", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "nav-operations"));
    let page = OperationsPage::new(c, &filter, page, me.has_any(Recorder::ROLES));
    if page.is_understood { html(&page) } else { invalid(&page) }
}

async fn new_form(me: Recorder, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "operation-new-title"));
    html(&NewPage { c, form: FormView::new("operation-field-") })
}

async fn create(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let done = match actions::read(&mut form) {
        Err(e) => Err(e),
        Ok(new) => {
            let recorder = me.clone();
            services.db.write(me.origin(), move |tx| actions::create(tx, &recorder, new)).await
        }
    };
    match done {
        Ok(id) => Ok(see_other(&format!("{}?ok=operation-created", paths::operation(id)))),
        Err(AppError::Invalid(errors)) => {
            let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "operation-new-title"));
            let form = FormView::new("operation-field-").typed(form.pairs()).with_errors(errors);
            invalid(&NewPage { c, form })
        }
        Err(e) => Err(e),
    }
}

async fn page(me: &Actor, services: &Services, request: &HttpRequest, id: Id) -> Result<OperationPage> {
    let found = services
        .db
        .write(me.origin(), move |tx| {
            let found = pages::read(tx.conn(), id)?;
            audit::record(tx, Entry::new("operation.view").object("operation", id))?;
            Ok(found)
        })
        .await?;
    let c = session::chrome(request, services, me, me.lang.pick(&found.row.name_zh, &found.row.name_en));
    Ok(OperationPage::new(c, &found, me.has_any(Recorder::ROLES)))
}

async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&page(&me, &services, &request, path.into_inner()).await?)
}

async fn add_member(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let kind = form.choice("kind", &KINDS);
    let number = form.required("number", 100);
    let done = match (form.check(), kind) {
        (Err(e), _) => Err(e),
        (Ok(()), None) => Err(AppError::field("kind", "error-choose")),
        (Ok(()), Some(kind)) => {
            let recorder = me.clone();
            let number = number.clone();
            let act = move |tx: &mut crate::platform::db::Tx<'_>| {
                actions::add_member(tx, &recorder, id, kind, &number)
            };
            services.db.write(me.origin(), act).await
        }
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=operation-member-added", paths::operation(id)))),
        Err(AppError::Invalid(errors)) => {
            let mut again = page(&me, &services, &request, id).await?;
            if errors.iter().any(|error| error.code == actions::SEVERAL) {
                let cases = services.db.read(move |conn| store::cases_of_number(conn, &number)).await?;
                let shown = cases.iter().map(|(case, ..)| *case);
                let entry = Entry::new("case.list").fact("rows", cases.len()).object("operation", id);
                audit::record_read(&services.db, me.origin(), entry.objects("case", shown)).await?;
                again = again.choosing(&cases);
            }
            again.form = again.form.typed(form.pairs()).with_errors(errors);
            invalid(&again)
        }
        Err(e) => Err(e),
    }
}
