//! One form; shown on the transfer's page, and alone when something must be mended.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    directory::people::ForAgency,
    handover::transfer::{
        pages::{Field, VerbPage},
        store::TransferRow,
        web::{Opened, Opening, act, frame, open},
    },
    platform::{
        db::Id,
        error::Result,
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
        web::resource("/transfers/{id}/message").route(web::get().to(form)).route(web::post().to(write)),
    );
}

fn page(c: Chrome, row: &TransferRow) -> VerbPage {
    VerbPage::new(c, row, "message", "transfer-do-message").fields([Field::Text {
        name: "body",
        hint: "transfer-field-body-hint",
        need: true,
    }])
}

async fn form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let Opened { row, .. } = open(&services, &me, path.into_inner(), Opening::new("message", None)).await?;
    html(&page(frame(&request, &services, &me, "message"), &row))
}

async fn write(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let body = form.required("body", 4000);
    let done =
        act(&services, &me, &form, Some(body), move |tx, me, body| super::write(tx, me, id, &body)).await;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=transfer-message#messages", paths::transfer(id)))),
        Err(error) => {
            let Opened { row, .. } = open(&services, &me, id, Opening::again("message", &error)).await?;
            page(frame(&request, &services, &me, "message"), &row).again(&form, error)
        }
    }
}
