//! The forms that carry a case on: record a step, mend the details.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, Progress},
    model::Status,
    store::{self, CaseRow},
    web::{LINE, details, past_day},
};
use crate::{
    directory::people::{Actor, ForAgency, session},
    handover::{
        deadline,
        transfer::{
            actions::By,
            pages::{Field, VerbPage},
            web::{act, today},
        },
    },
    platform::{
        db::Id,
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
        web::resource("/cases/{id}/steps").route(web::get().to(step_form)).route(web::post().to(step)),
    );
    cfg.service(
        web::resource("/cases/{id}/edit").route(web::get().to(edit_form)).route(web::post().to(edit)),
    );
}

/// The scanned papers that `me` may confirm a step against: those that somebody else took in.
async fn paper_choices(services: &Services, me: &Actor, case: Id) -> Result<Vec<Choice>> {
    let (zone, own) = (services.settings.time_zone, me.id);
    let papers = services.db.read(move |conn| store::papers(conn, case)).await?;
    let others = papers.iter().filter(|paper| paper.uploaded_by != own);
    Ok(others.map(|paper| Choice::new(paper.id, &paper.name).hint(deadline::shown(paper.at, zone))).collect())
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
    let mut page = page.fields([
        Field::Radio { name: "kind", hint: "", choices, need: true },
        Field::Day { name: "on", hint: "", need: true },
        Field::Text { name: "text", hint: "", need: false },
    ]);
    if me.agency.is_none() {
        let papers = paper_choices(services, me, id).await?;
        page = page.fields([Field::Radio {
            name: "paper",
            hint: "case-paper-hint",
            choices: papers,
            need: true,
        }]);
    }
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
    if me.agency.is_none() && paper_choices(&services, &me, row.id).await?.is_empty() {
        return Err(AppError::Conflict("conflict-case-no-scan"));
    }
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
    let on = past_day(&mut form, "on", &services);
    let text = form.text("text", 4000);
    let paper = if me.agency.is_none() { form.id("paper") } else { None };
    let new = kind.zip(on).map(|(kind, on)| Progress { kind, on, text, paper });
    let done = act(&services, &me, &form, new, move |tx, me, new| {
        actions::progress(tx, me, id, &new, &By::of(me, tx.now(), zone))
    })
    .await;
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
    let done = act(&services, &me, &form, Some(details), move |tx, me, details| {
        actions::rename(tx, me, id, &details, &By::of(me, tx.now(), zone))
    })
    .await;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=case-edit", paths::case(id)))),
        Err(error) => {
            let mut page = edit_page(&services, &request, &me, id).await?;
            page.form = FormView::new("transfer-field-");
            page.again(&form, error)
        }
    }
}
