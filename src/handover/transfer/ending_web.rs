//! The platform's own forms: withdrawing a transfer, not passing on one that was forwarded, taking note of what came
//! back.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, By},
    model::StepKind,
    pages::{Field, VerbPage},
    passing, seen,
    web::{Opened, Opening, act, answer, ask, frame, open_with, read_why, reason_choices, today},
};
use crate::{
    directory::{
        people::{Actor, Recorder},
        reference::ReasonKind,
    },
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{
            form::Form,
            layout::Chrome,
            reply::{html, see_other},
        },
        paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/withdraw")
            .route(web::get().to(withdraw_form))
            .route(web::post().to(withdraw)),
    );
    cfg.service(
        web::resource("/transfers/{id}/not-passed")
            .route(web::get().to(not_passed_form))
            .route(web::post().to(not_passed)),
    );
    cfg.route("/transfers/{id}/seen", web::post().to(take_note));
}

fn withdraw_page(c: Chrome, me: &Actor, opened: &Opened<()>) -> VerbPage {
    VerbPage::new(c, &opened.row, "withdraw", "transfer-do-withdraw")
        .beside(me, &opened.agency)
        .fields([Field::Text { name: "text", hint: "transfer-field-withdraw-hint", need: true }])
        .unless(opened.hindrance)
        .danger()
}

async fn withdraw_form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let opening = Opening::new("withdraw", Some(StepKind::Withdrawn)).by_sender();
    ask(&services, &request, &me, path.into_inner(), opening, withdraw_page).await
}

async fn withdraw(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let text = form.required("text", 4000);
    let zone = services.settings.time_zone;
    let done = act(&services, &me, &form, Some(text), move |tx, me, text| {
        actions::withdraw(tx, me, id, &text, &By::sender(me, tx.now(), zone))
    })
    .await;
    let there = format!("{}?ok=transfer-withdraw", paths::transfer(id));
    answer(&services, &request, &me, (id, "withdraw"), (&form, done), &there, withdraw_page).await
}

async fn take_note(me: Recorder, services: web::Data<Services>, path: web::Path<Id>) -> Result<HttpResponse> {
    let (id, actor) = (path.into_inner(), me.actor().clone());
    services.db.write(me.origin(), move |tx| seen::take_note(tx, &actor, id)).await?;
    Ok(see_other(&format!("{}?ok=transfer-seen", paths::transfer(id))))
}

/// The form for a forward that is not passed on; `opening` with a check asks that there is one.
async fn not_passed_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    (opening, must_wait): (Opening, bool),
) -> Result<VerbPage> {
    let opened = open_with(services, me, id, opening, move |conn, row, entry| {
        let waiting = passing::waiting(conn, row.id)?;
        if must_wait && waiting.is_empty() {
            return Err(AppError::Conflict("conflict-passing-none"));
        }
        Ok((waiting, entry))
    })
    .await?;
    let Opened { row, agency, hindrance, more: waiting, .. } = opened;
    let choices = reason_choices(ReasonKind::NotPassed, &agency, today(services), me.lang);
    let mut page = VerbPage::new(
        frame(request, services, me, "not-passed"),
        &row,
        "not-passed",
        "transfer-do-not-passed",
    )
    .beside(me, &agency)
    .fields([
        Field::Radio { name: "code", hint: "", choices, need: true },
        Field::Text { name: "text", hint: "transfer-field-not-passed-hint", need: false },
    ])
    .unless(hindrance)
    .danger();
    let names: Vec<&str> = waiting.iter().map(|(zh, en)| me.lang.pick(zh, en)).collect();
    page.explain = page.c.tv("transfer-not-passed-explain", "agency", names.join(&me.lang.comma()));
    Ok(page)
}

async fn not_passed_form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let opening = (Opening::new("not-passed", Some(StepKind::NotPassed)).by_sender(), true);
    html(&not_passed_page(&services, &request, &me, path.into_inner(), opening).await?)
}

async fn not_passed(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let why = read_why(&mut form);
    let zone = services.settings.time_zone;
    let done = act(&services, &me, &form, Some(why), move |tx, me, why| {
        actions::not_pass(tx, me, id, &why, &By::sender(me, tx.now(), zone))
    })
    .await;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=transfer-not-passed", paths::transfer(id)))),
        Err(error) => {
            let opening = (Opening::again("not-passed", &error), false);
            not_passed_page(&services, &request, &me, id, opening).await?.again(&form, error)
        }
    }
}
