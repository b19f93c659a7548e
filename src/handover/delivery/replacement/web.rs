//! The form by which a scan is replaced.

use actix_multipart::Multipart;
use actix_web::HttpRequest;

use super::actions::Instead;
use crate::{
    directory::people::{Actor, session},
    handover::{
        delivery::scan::{self, Scan},
        transfer::pages::{Field, VerbPage},
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::{form::Form, view::Link},
        i18n,
        services::Services,
    },
};

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
    let (mut form, scan) = scan::receive_form(&services.vault, parts).await?;
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
            if let Some(scan) = scan {
                scan.discard(&services.vault).await;
            }
            Err(error)
        }
    };
    Ok((form, done))
}
