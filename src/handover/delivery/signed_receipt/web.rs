//! The files of a receipt, for both sides: each read is on record before the bytes leave.

use actix_web::{HttpResponse, web};
use data_encoding::HEXLOWER;

use super::{pdf, store};
use crate::{
    audit,
    casework::dossier::receipt::{Receipt, Strength},
    directory::people::{Actor, BothSides},
    handover::{
        delivery::store as deliveries,
        transfer::{actions as transfer, store as transfers},
    },
    platform::{
        db::{Id, Tx, blocking},
        error::{AppError, Result},
        services::Services,
        sheet,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/transfers/{id}/receipts/{delivery}.json", web::get().to(json))
        .route("/transfers/{id}/receipts/{delivery}.sig", web::get().to(signature))
        .route("/transfers/{id}/receipts/{delivery}.pdf", web::get().to(paper))
        .route("/transfers/{id}/receipts/{delivery}.pem", web::get().to(key));
}

/// A file of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    Json,
    Signature,
    Pdf,
    /// The public key of the passkey that signed it, where one did.
    Key,
}

impl File {
    /// What it is called beside the package.
    fn name(self) -> &'static str {
        match self {
            File::Json => "receipt.json",
            File::Signature => "receipt.sig",
            File::Pdf => "receipt.pdf",
            File::Key => "receipt-key.pem",
        }
    }
}

/// What is read of a receipt.
struct Found {
    /// Begins the name that a file is saved under, so that what belongs together lies beside each other.
    stem: String,
    /// Lower-case hex.
    sha256: String,
    signature: String,
    /// The exact text of `receipt.json`; `None`: it was erased by law.
    json: Option<String>,
}

fn read(tx: &mut Tx<'_>, me: &Actor, (id, delivery): (Id, Id), file: File) -> Result<Found> {
    let row = transfers::visible(tx.conn(), me, id)?;
    let delivery = deliveries::find(tx.conn(), delivery)?;
    if delivery.transfer_id != row.id {
        return Err(AppError::NotFound);
    }
    let (kept, json) = store::find(tx.conn(), delivery.id)?.ok_or(AppError::NotFound)?;
    if json.is_none() && file != File::Signature {
        return Err(AppError::NotFound);
    }
    if file == File::Key && kept.strength != Strength::Passkey.as_str() {
        return Err(AppError::NotFound);
    }
    let dossier = deliveries::dossier_row(tx.conn(), delivery.dossier_id)?;
    let sha256 = HEXLOWER.encode(&kept.sha256);
    let entry = transfer::entry("transfer.receipt_read", &row)
        .object("delivery", delivery.id)
        .fact("file", file.name())
        .fact("receipt_sha256", sha256.clone());
    audit::record(tx, entry)?;
    let stem = format!("{}-v{}", row.number, dossier.version);
    Ok(Found { stem, sha256, signature: kept.signature, json })
}

async fn serve(me: &Actor, services: &Services, at: (Id, Id), file: File) -> Result<HttpResponse> {
    let actor = me.clone();
    let found = services.db.write(me.origin(), move |tx| read(tx, &actor, at, file)).await?;
    let name = format!("{}-{}", found.stem, file.name());
    let json = found.json.unwrap_or_default();
    Ok(match file {
        File::Json => sheet::download(json.into_bytes(), "application/json", &name),
        File::Signature => sheet::download(found.signature.into_bytes(), "text/plain; charset=utf-8", &name),
        File::Pdf => {
            let sha256 = found.sha256;
            let bytes = blocking(move || pdf::pdf(&serde_json::from_str(&json)?, &sha256)).await?;
            sheet::download(bytes, "application/pdf", &name)
        }
        File::Key => {
            let receipt: Receipt = serde_json::from_str(&json)?;
            let key = receipt.passkey.and_then(|by| by.assertion.key()).ok_or(AppError::NotFound)?;
            sheet::download(key.to_pem(), "application/x-pem-file", &name)
        }
    })
}

async fn json(me: BothSides, services: web::Data<Services>, at: web::Path<(Id, Id)>) -> Result<HttpResponse> {
    serve(&me, &services, at.into_inner(), File::Json).await
}

async fn signature(
    me: BothSides,
    services: web::Data<Services>,
    at: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    serve(&me, &services, at.into_inner(), File::Signature).await
}

async fn paper(
    me: BothSides,
    services: web::Data<Services>,
    at: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    serve(&me, &services, at.into_inner(), File::Pdf).await
}

async fn key(me: BothSides, services: web::Data<Services>, at: web::Path<(Id, Id)>) -> Result<HttpResponse> {
    serve(&me, &services, at.into_inner(), File::Key).await
}
