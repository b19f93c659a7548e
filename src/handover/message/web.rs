//! One form; shown on the transfer's page, and alone when something must be mended. Beside it the button for what needs no
//! answer.

use actix_web::{HttpRequest, HttpResponse, web};

use super::LONGEST;
use crate::{
    directory::people::{Actor, ForAgency},
    handover::transfer::{
        pages::{Field, VerbPage},
        web::{Opened, Opening, act, answer, ask},
    },
    platform::{
        db::Id,
        error::Result,
        http::{form::Form, layout::Chrome, reply::see_other},
        paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/message").route(web::get().to(form)).route(web::post().to(write)),
    );
    cfg.route("/transfers/{id}/message/noted", web::post().to(note));
}

fn page(c: Chrome, me: &Actor, opened: &Opened<()>) -> VerbPage {
    let body = Field::Text { name: "body", hint: "transfer-field-body-hint", need: true };
    VerbPage::new(c, &opened.row, "message", "transfer-do-message")
        .beside(me, &opened.agency)
        .fields([body])
        .unless(opened.hindrance)
}

async fn form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let opening = Opening::new("message", None).by_sender().said();
    ask(&services, &request, &me, path.into_inner(), opening, page).await
}

async fn write(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let body = form.required("body", LONGEST);
    let done =
        act(&services, &me, &form, Some(body), move |tx, me, body| super::write(tx, me, id, &body)).await;
    let there = format!("{}?ok=transfer-message#messages", paths::transfer(id));
    answer(&services, &request, &me, (id, "message"), (&form, done), &there, page).await
}

async fn note(me: ForAgency, services: web::Data<Services>, path: web::Path<Id>) -> Result<HttpResponse> {
    let (id, actor) = (path.into_inner(), me.actor().clone());
    services.db.write(me.origin(), move |tx| super::note(tx, &actor, id)).await?;
    Ok(see_other(&format!("{}?ok=transfer-message-noted#messages", paths::transfer(id))))
}
