//! The form by which a scan is replaced, and the scan itself.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};

use super::actions::{self, Instead, Of};
use crate::{
    audit,
    casework::evidence::{store as evidence, upload},
    directory::people::{Actor, CaseReader, Recorder, session},
    handover::{
        delivery::scan::{self, Scan},
        transfer::{
            actions as transfer,
            pages::{Field, VerbPage, trail},
        },
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::{
            form::Form,
            reply::{html, see_other},
            view::Link,
        },
        i18n, paths,
        services::Services,
    },
};

pub(in crate::handover::delivery) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/receipt/{delivery}/replace")
            .route(web::get().to(receipt_form))
            .route(web::post().to(replace_receipt)),
    );
    cfg.service(
        web::resource("/transfers/{id}/papers/{paper}/replace")
            .route(web::get().to(paper_form))
            .route(web::post().to(replace_paper)),
    );
    cfg.route("/transfers/{id}/replacements/{replacement}", web::get().to(show));
}

/// The page that asks for another scan and the reason; the last link of `trail` leads back.
pub fn page(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    trail: Vec<Link>,
    action: &str,
) -> VerbPage {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "delivery-replace-title"));
    let explain = c.t("delivery-replace-explain");
    VerbPage::at(c, trail, action, explain, "delivery-do-replace").fields([
        Field::File { name: "file", hint: "transfer-field-file-hint", need: true },
        Field::Text { name: "reason", hint: "delivery-replace-reason-hint", need: true },
    ])
}

/// Reads the form and keeps the scan: `record` writes the rows. Gives what was typed, and what came of it.
///
/// # Errors
/// `TooLarge`; those of the vault.
pub async fn take(
    services: &Services,
    me: &Actor,
    parts: Multipart,
    record: impl FnOnce(&mut Tx<'_>, &Actor, &Instead<'_>) -> Result<()> + Send + 'static,
) -> Result<(Form, Result<()>)> {
    let (mut form, scan) = scan::receive_form(services, parts).await?;
    let reason = form.required("reason", 1_000);
    if scan.is_none() && form.errors().iter().all(|fault| fault.field != "file") {
        form.fault("file", "error-file-required");
    }
    let done = match (form.check(), scan) {
        (Ok(()), Some(scan)) => {
            let actor = me.clone();
            let record = move |tx: &mut Tx<'_>, blob: Id, scan: &Scan| {
                record(tx, &actor, &Instead { blob, scan, reason: &reason })
            };
            scan::keep(services, me.origin(), scan, record).await
        }
        (Ok(()), None) => Err(AppError::field("file", "error-file-required")),
        (Err(error), scan) => {
            upload::discard(&services.vault, scan.map(|scan| scan.stored.key)).await;
            Err(error)
        }
    };
    Ok((form, done))
}

fn address(id: Id, of: Of) -> String {
    let at = paths::transfer(id);
    match of {
        Of::Receipt(delivery) => format!("{at}/receipt/{delivery}/replace"),
        Of::Paper(paper) => format!("{at}/papers/{paper}/replace"),
    }
}

async fn form(
    me: &Recorder,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    of: Of,
) -> Result<HttpResponse> {
    let actor = me.actor().clone();
    let row = services
        .db
        .write(me.origin(), move |tx| {
            let row = actions::to_replace(tx.conn(), &actor, id, of)?;
            audit::record(tx, transfer::entry("transfer.view", &row).fact("page", "replace"))?;
            Ok(row)
        })
        .await?;
    html(&page(request, services, me, trail(me.lang, &row), &address(id, of)))
}

async fn replace(
    me: &Recorder,
    services: &Services,
    request: &HttpRequest,
    (id, of): (Id, Of),
    parts: Multipart,
) -> Result<HttpResponse> {
    let actor = me.actor().clone();
    let row = services.db.read(move |conn| actions::to_replace(conn, &actor, id, of)).await?;
    let record = move |tx: &mut Tx<'_>, me: &Actor, new: &Instead<'_>| {
        let row = actions::to_replace(tx.conn(), me, id, of)?;
        actions::add(tx, me, of.object(), new, transfer::entry("transfer.replace_scan", &row))
    };
    let (typed, done) = take(services, me, parts, record).await?;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=scan-replaced", paths::transfer(id)))),
        Err(error) => {
            page(request, services, me, trail(me.lang, &row), &address(id, of)).again(&typed, error)
        }
    }
}

async fn receipt_form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, delivery) = path.into_inner();
    form(&me, &services, &request, id, Of::Receipt(delivery)).await
}

async fn replace_receipt(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
    parts: Multipart,
) -> Result<HttpResponse> {
    let (id, delivery) = path.into_inner();
    replace(&me, &services, &request, (id, Of::Receipt(delivery)), parts).await
}

async fn paper_form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, paper) = path.into_inner();
    form(&me, &services, &request, id, Of::Paper(paper)).await
}

async fn replace_paper(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
    parts: Multipart,
) -> Result<HttpResponse> {
    let (id, paper) = path.into_inner();
    replace(&me, &services, &request, (id, Of::Paper(paper)), parts).await
}

/// The bytes of a scan, after the read is on record.
async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, replacement) = path.into_inner();
    let actor = me.actor().clone();
    let find = move |tx: &mut Tx<'_>| {
        let (row, found) = actions::of_transfer(tx.conn(), &actor, id, replacement)?;
        let blob = evidence::blob(tx.conn(), found.blob_id)?;
        let entry = transfer::entry("transfer.paper_view", &row).object("scan_replacement", found.id);
        audit::record(tx, entry.fact("sha256", blob.sha256_hex()))?;
        Ok(blob)
    };
    scan::show(&services, me.origin(), "paper", find).await
}
