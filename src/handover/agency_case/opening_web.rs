//! The forms that open a case: accept a transfer, file it.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, Filing},
    store::{self, CaseRow},
    web::{LINE, details, past_day},
};
use crate::{
    directory::people::{Actor, ForAgency},
    handover::transfer::{
        actions::By,
        model::StepKind,
        pages::{Field, VerbPage},
        store::TransferRow,
        web::{Opening, act, frame, open_with, paper_day, read_day, today},
    },
    platform::{
        db::Id,
        error::Result,
        http::{
            form::Form,
            form_view::FormView,
            reply::{html, see_other},
            view::Choice,
        },
        paths,
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
}

/// The transfer with its agency's open cases, to join, and the case that it is in; the cases are named in the entry.
async fn opened(
    services: &Services,
    me: &Actor,
    id: Id,
    opening: Opening,
) -> Result<(TransferRow, Vec<CaseRow>, Option<CaseRow>)> {
    let (row, _, (own, others)) = open_with(services, me, id, opening, |conn, row, entry| {
        let own = store::of_transfer(conn, row.id)?;
        let mut others = store::open_of(conn, row.agency_id)?;
        others.retain(|case| own.as_ref().is_none_or(|own| own.id != case.id));
        let shown = entry.objects("case", own.iter().chain(&others).map(|case| case.id));
        Ok(((own, others), shown))
    })
    .await?;
    Ok((row, others, own))
}

fn joining(cases: &[CaseRow]) -> Option<Field> {
    let choice =
        |row: &CaseRow| Choice::new(row.id, format!("{} {}", row.number, row.title).trim().to_owned());
    let choices: Vec<Choice> = cases.iter().map(choice).collect();
    let some = !choices.is_empty();
    some.then_some(Field::Pick { name: "join", hint: "transfer-field-join-hint", choices, need: false })
}

async fn accept_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    opening: Opening,
) -> Result<VerbPage> {
    let (row, others, _) = opened(services, me, id, opening).await?;
    let page = VerbPage::new(frame(request, services, me, "accept"), &row, "accept", "transfer-do-accept")
        .fields(paper_day(me))
        .fields([LINE("number", "transfer-field-number-hint-later", false), LINE("officer", "", false)]);
    Ok(page.fields(joining(&others)))
}

async fn accept_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let opening = Opening::new("accept", Some(StepKind::Accepted));
    html(&accept_page(&services, &request, &me, path.into_inner(), opening).await?)
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
    let done = act(&services, &me, &form, Some(details), move |tx, me, details| {
        actions::accept(tx, me, id, join, &details, &By::of(me, tx.now(), zone).on(day))
    })
    .await;
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=transfer-accept", paths::transfer(id)))),
        Err(error) => {
            let opening = Opening::again("accept", &error);
            accept_page(&services, &request, &me, id, opening).await?.again(&form, error)
        }
    }
}

async fn file_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    opening: Opening,
) -> Result<VerbPage> {
    let (row, others, own) = opened(services, me, id, opening).await?;
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
    Ok(page.fields(joining(&others)))
}

async fn file_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let opening = Opening::new("file", Some(StepKind::Filed));
    html(&file_page(&services, &request, &me, path.into_inner(), opening).await?)
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
    let on = past_day(&mut form, "filed_on", &services);
    let paper = me.agency.is_none();
    let filing = on.map(|on| Filing { on, details, join });
    let done = act(&services, &me, &form, filing, move |tx, me, filing| {
        let by = By::of(me, tx.now(), zone).on(paper.then_some(filing.on));
        actions::file(tx, me, id, &filing, &by)
    })
    .await;
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=transfer-file", paths::transfer(id)))),
        Err(error) => {
            let mut page = file_page(&services, &request, &me, id, Opening::again("file", &error)).await?;
            page.form = FormView::new("transfer-field-");
            page.again(&form, error)
        }
    }
}
