//! The forms of the verbs on cases: accept, file, record a step, mend the details.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, Details, Filing, Progress},
    model::Status,
    store::{self, CaseRow},
};
use crate::{
    directory::people::{Actor, ForAgency, session},
    handover::transfer::{
        actions::By,
        model::StepKind,
        pages::{Field, VerbPage},
        web::{frame, open, paper_day, read_day, today},
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::{
            form::Form,
            form_view::FormView,
            reply::{html, see_other},
            view::{Choice, Link},
        },
        i18n, paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/accept")
            .route(web::get().to(accept_form))
            .route(web::post().to(accept)),
    );
    cfg.service(
        web::resource("/transfers/{id}/file").route(web::get().to(file_form)).route(web::post().to(file)),
    );
    cfg.service(
        web::resource("/cases/{id}/steps").route(web::get().to(step_form)).route(web::post().to(step)),
    );
    cfg.service(
        web::resource("/cases/{id}/edit").route(web::get().to(edit_form)).route(web::post().to(edit)),
    );
}

const LINE: fn(&'static str, &'static str, bool) -> Field =
    |name, hint, need| Field::Line { name, hint, need };

async fn case_choices(services: &Services, agency_id: Id) -> Result<(Vec<Choice>, Vec<CaseRow>)> {
    let rows = services.db.read(move |conn| store::open_of(conn, agency_id)).await?;
    let choices = rows
        .iter()
        .map(|row| Choice::new(row.id, format!("{} {}", row.number, row.title).trim().to_owned()))
        .collect();
    Ok((choices, rows))
}

fn details(form: &mut Form) -> Details {
    Details {
        number: form.text("number", 100),
        title: form.text("title", 200),
        officer: form.text("officer", 100),
    }
}

async fn accept_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    check: Option<StepKind>,
) -> Result<VerbPage> {
    let (row, _) = open(services, me, id, check).await?;
    let (choices, _) = case_choices(services, row.agency_id).await?;
    let page = VerbPage::new(frame(request, services, me, "accept"), &row, "accept", "transfer-do-accept")
        .fields(paper_day(me))
        .fields([LINE("number", "transfer-field-number-hint-later", false), LINE("officer", "", false)]);
    if choices.is_empty() {
        return Ok(page);
    }
    Ok(page.fields([Field::Pick { name: "join", hint: "transfer-field-join-hint", choices, need: false }]))
}

async fn accept_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&accept_page(&services, &request, &me, path.into_inner(), Some(StepKind::Accepted)).await?)
}

async fn accept(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let zone = services.settings.time_zone;
    let details = details(&mut form);
    let join = form.id("join");
    let day = read_day(&mut form, &me, &services);
    let done = match form.check() {
        Err(e) => Err(e),
        Ok(()) => {
            let actor = me.actor().clone();
            let act = move |tx: &mut Tx<'_>| {
                let by = By::of(&actor, tx.now(), zone).on(day);
                actions::accept(tx, &actor, id, join, &details, &by)
            };
            services.db.write(me.origin(), act).await
        }
    };
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=transfer-accept", paths::transfer(id)))),
        Err(error) => accept_page(&services, &request, &me, id, None).await?.again(&form, error),
    }
}

async fn file_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    check: Option<StepKind>,
) -> Result<VerbPage> {
    let (row, _) = open(services, me, id, check).await?;
    let (choices, _) = case_choices(services, row.agency_id).await?;
    let own = services.db.read(move |conn| store::of_transfer(conn, id)).await?;
    let others: Vec<Choice> = choices
        .into_iter()
        .filter(|c| own.as_ref().is_none_or(|own| c.value != own.id.to_string()))
        .collect();
    let mut page = VerbPage::new(frame(request, services, me, "file"), &row, "file", "transfer-do-file")
        .fields([
            LINE("number", "transfer-field-number-hint", false),
            Field::Day { name: "filed_on", hint: "", need: true },
            LINE("title", "", false),
            LINE("officer", "", false),
        ]);
    let mut form = FormView::new("transfer-field-").set("filed_on", today(services).to_string());
    if let Some(own) = own {
        form = form.set("number", own.number).set("title", own.title).set("officer", own.officer);
    }
    page.form = form;
    if others.is_empty() {
        return Ok(page);
    }
    Ok(page.fields([Field::Pick {
        name: "join",
        hint: "transfer-field-join-hint",
        choices: others,
        need: false,
    }]))
}

async fn file_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&file_page(&services, &request, &me, path.into_inner(), Some(StepKind::Filed)).await?)
}

async fn file(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let zone = services.settings.time_zone;
    let details = details(&mut form);
    let join = form.id("join");
    let on = form.required_date("filed_on");
    if on.is_some_and(|on| on > today(&services)) {
        form.fault("filed_on", "error-date-future");
    }
    let paper = me.agency.is_none();
    let done = match (form.check(), on) {
        (Err(e), _) => Err(e),
        (Ok(()), None) => Err(AppError::field("filed_on", "error-required")),
        (Ok(()), Some(on)) => {
            let actor = me.actor().clone();
            let act = move |tx: &mut Tx<'_>| {
                let by = By::of(&actor, tx.now(), zone).on(paper.then_some(on));
                actions::file(tx, &actor, id, &Filing { on, details, join }, &by)
            };
            services.db.write(me.origin(), act).await
        }
    };
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=transfer-file", paths::transfer(id)))),
        Err(error) => {
            let mut page = file_page(&services, &request, &me, id, None).await?;
            page.form = FormView::new("transfer-field-");
            page.again(&form, error)
        }
    }
}

async fn case_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    verb: &'static str,
    save: &'static str,
) -> Result<(VerbPage, CaseRow)> {
    let actor = me.clone();
    let row = services.db.read(move |conn| store::visible(conn, &actor, id)).await?;
    let c = session::chrome(request, services, me, &i18n::t(me.lang, &format!("case-{verb}-title")));
    let name = if row.number.is_empty() { row.title.clone() } else { row.number.clone() };
    let trail = vec![Link::new(c.t("nav-cases"), paths::CASES), Link::new(name, paths::case(row.id))];
    let explain = c.t(format!("case-{verb}-explain"));
    let page = VerbPage::at(c, trail, &format!("{}/{verb}", paths::case(row.id)), explain, save);
    Ok((page, row))
}

async fn step_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
) -> Result<(VerbPage, CaseRow)> {
    let (mut page, row) = case_page(services, request, me, id, "steps", "case-do-step").await?;
    let choices = Status::PROGRESS.iter().map(|s| Choice::new(s, page.c.t(s.key()))).collect();
    page.form = FormView::new("transfer-field-").set("on", today(services).to_string());
    let page = page.fields([
        Field::Radio { name: "kind", hint: "", choices, need: true },
        Field::Day { name: "on", hint: "", need: true },
        Field::Text { name: "text", hint: "", need: false },
    ]);
    Ok((page, row))
}

async fn step_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let (page, row) = step_page(&services, &request, &me, path.into_inner()).await?;
    row.status().allows_progress().map_err(AppError::Conflict)?;
    html(&page)
}

async fn step(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let zone = services.settings.time_zone;
    let kind: Option<Status> = form.required_value("kind", "error-unknown");
    if kind.is_some_and(|kind| !Status::PROGRESS.contains(&kind)) {
        form.fault("kind", "error-unknown");
    }
    let on = form.required_date("on");
    if on.is_some_and(|on| on > today(&services)) {
        form.fault("on", "error-date-future");
    }
    let text = form.text("text", 4000);
    let done = match (form.check(), kind, on) {
        (Err(e), ..) => Err(e),
        (Ok(()), Some(kind), Some(on)) => {
            let actor = me.actor().clone();
            let act = move |tx: &mut Tx<'_>| {
                let by = By::of(&actor, tx.now(), zone);
                actions::progress(tx, &actor, id, &Progress { kind, on, text }, &by)
            };
            services.db.write(me.origin(), act).await
        }
        (Ok(()), ..) => Err(AppError::field("kind", "error-required")),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=case-step", paths::case(id)))),
        Err(error) => {
            let (mut page, _) = step_page(&services, &request, &me, id).await?;
            page.form = FormView::new("transfer-field-");
            page.again(&form, error)
        }
    }
}

async fn edit_page(services: &Services, request: &HttpRequest, me: &Actor, id: Id) -> Result<VerbPage> {
    let (mut page, row) = case_page(services, request, me, id, "edit", "action-save").await?;
    page.form = FormView::new("transfer-field-")
        .set("number", row.number)
        .set("title", row.title)
        .set("officer", row.officer);
    Ok(page.fields([
        LINE("number", "transfer-field-number-hint", false),
        LINE("title", "", true),
        LINE("officer", "", false),
    ]))
}

async fn edit_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&edit_page(&services, &request, &me, path.into_inner()).await?)
}

async fn edit(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let zone = services.settings.time_zone;
    let details = details(&mut form);
    if details.title.is_empty() {
        form.fault("title", "error-required");
    }
    let done = match form.check() {
        Err(e) => Err(e),
        Ok(()) => {
            let actor = me.actor().clone();
            let act = move |tx: &mut Tx<'_>| {
                actions::rename(tx, &actor, id, &details, &By::of(&actor, tx.now(), zone))
            };
            services.db.write(me.origin(), act).await
        }
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=case-edit", paths::case(id)))),
        Err(error) => {
            let mut page = edit_page(&services, &request, &me, id).await?;
            page.form = FormView::new("transfer-field-");
            page.again(&form, error)
        }
    }
}
