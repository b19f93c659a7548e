//! One form; shown on the transfer's page, and alone when something must be mended.

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
        http::{form::Form, layout::Chrome},
        paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/message").route(web::get().to(form)).route(web::post().to(write)),
    );
}

fn page(c: Chrome, me: &Actor, opened: &Opened<()>) -> VerbPage {
    let body = Field::Text { name: "body", hint: "transfer-field-body-hint", need: true };
    VerbPage::new(c, &opened.row, "message", "transfer-do-message").beside(me, &opened.agency).fields([body])
}

async fn form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    ask(&services, &request, &me, path.into_inner(), Opening::new("message", None), page).await
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
