//! The scanned receipt of a delivery on paper or disc: taken into the vault, kept with its delivery, read back.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, http::header, web};
use diesel::prelude::*;
use futures_util::StreamExt;

use super::{pages::ReceiptPage, store};
use crate::{
    audit,
    casework::evidence::upload,
    directory::people::{CaseReader, Recorder, session},
    handover::transfer::{
        actions as transfer,
        store::{self as transfers, TransferRow},
    },
    platform::{
        db::{Connection, Id, Instant, Tx, schema::blob},
        error::{AppError, Result},
        http::{
            form_view::FormView,
            reply::{self, html, see_other},
            view::Link,
        },
        i18n, paths,
        services::Services,
        vault::Stored,
    },
};

/// The largest scan, in bytes.
const MOST: usize = 20 << 20;
const KINDS: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/receipt/{delivery}/new")
            .route(web::get().to(form))
            .route(web::post().to(upload)),
    );
    cfg.route("/transfers/{id}/receipt/{delivery}", web::get().to(show));
}

async fn open(
    services: &Services,
    me: &crate::directory::people::Actor,
    (id, delivery): (Id, Id),
) -> Result<(TransferRow, store::DeliveryRow)> {
    let actor = me.clone();
    services
        .db
        .read(move |conn| {
            let row = transfers::visible(conn, &actor, id)?;
            let delivery = store::find(conn, delivery)?;
            if delivery.transfer_id == row.id { Ok((row, delivery)) } else { Err(AppError::NotFound) }
        })
        .await
}

fn page(
    request: &HttpRequest,
    services: &Services,
    me: &Recorder,
    row: &TransferRow,
    delivery: Id,
) -> ReceiptPage {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "delivery-receipt-title"));
    let back = paths::transfer(row.id);
    ReceiptPage {
        trail: vec![Link::new(c.t("nav-transfers"), paths::TRANSFERS), Link::new(row.number.clone(), &back)],
        action: format!("{back}/receipt/{delivery}/new"),
        cancel: back,
        form: FormView::new("transfer-field-"),
        c,
    }
}

async fn form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (row, delivery) = open(&services, &me, path.into_inner()).await?;
    if delivery.receipt_blob_id.is_some() {
        return Err(AppError::Conflict("conflict-receipt-kept"));
    }
    html(&page(&request, &services, &me, &row, delivery.id))
}

/// The one file of the form: its name and bytes.
async fn read_file(mut parts: Multipart) -> Result<(String, Vec<u8>)> {
    let broken = |_| AppError::field("file", "error-broken-upload");
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(broken)?;
        if part.name() != Some("file") {
            continue;
        }
        let name = part.content_disposition().and_then(|d| d.get_filename()).unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(piece) = part.next().await {
            let piece = piece.map_err(broken)?;
            if bytes.len() + piece.len() > MOST {
                return Err(AppError::TooLarge);
            }
            bytes.extend_from_slice(&piece);
        }
        return Ok((name, bytes));
    }
    Err(AppError::field("file", "error-file-required"))
}

async fn upload(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
    parts: Multipart,
) -> Result<HttpResponse> {
    let (row, delivery) = open(&services, &me, path.into_inner()).await?;
    match keep(&services, &me, &row, &delivery, parts).await {
        Ok(()) => Ok(see_other(&format!("{}?ok=transfer-receipt", paths::transfer(row.id)))),
        Err(AppError::Invalid(errors)) => {
            let mut page = page(&request, &services, &me, &row, delivery.id);
            page.form = page.form.with_errors(errors);
            reply::invalid(&page)
        }
        Err(error) => Err(error),
    }
}

async fn keep(
    services: &Services,
    me: &Recorder,
    row: &TransferRow,
    delivery: &store::DeliveryRow,
    parts: Multipart,
) -> Result<()> {
    let (name, bytes) = read_file(parts).await?;
    if bytes.is_empty() {
        return Err(AppError::field("file", "error-file-empty"));
    }
    let stored = services.vault.store_bytes(bytes, &name).await?;
    let key = stored.key;
    let name: String = name.chars().filter(|ch| !ch.is_control()).take(200).collect();
    let (row, delivery) = (row.clone(), delivery.id);
    let done = if KINDS.contains(&stored.media_type.as_str()) {
        services.db.write(me.origin(), move |tx| record(tx, &row, delivery, &stored, &name)).await
    } else {
        Err(AppError::field("file", "error-receipt-type"))
    };
    // The object is of use only if the row that was written points at it.
    match done {
        Ok(true) => {}
        Ok(false) => upload::discard(&services.vault, [key]).await,
        Err(_) => upload::discard_unkept(services, vec![key]).await,
    }
    done.map(|_| ())
}

/// Returns whether the new object is the one in use; the same bytes may be there already.
fn record(tx: &mut Tx<'_>, row: &TransferRow, delivery: Id, stored: &Stored, name: &str) -> Result<bool> {
    if store::find(tx.conn(), delivery)?.receipt_blob_id.is_some() {
        return Err(AppError::Conflict("conflict-receipt-kept"));
    }
    let known = store::blob_with(tx.conn(), &stored.sha256)?;
    let now = tx.now();
    let blob_id = match known {
        Some(id) => id,
        None => insert_blob(tx.conn(), stored, now)?,
    };
    store::keep_receipt(tx.conn(), delivery, blob_id, name, now)?;
    let entry = transfer::entry("transfer.receipt", row)
        .object("delivery", delivery)
        .fact("sha256", data_encoding::HEXLOWER.encode(&stored.sha256))
        .private("name", name);
    audit::record(tx, entry)?;
    Ok(known.is_none())
}

fn insert_blob(conn: &mut Connection, stored: &Stored, now: Instant) -> Result<Id> {
    let id = Id::from(stored.key);
    diesel::insert_into(blob::table)
        .values((
            blob::id.eq(id),
            blob::sha256.eq(&stored.sha256[..]),
            blob::sm3.eq(&stored.sm3[..]),
            blob::size.eq(i64::try_from(stored.size).map_err(AppError::internal)?),
            blob::media_type.eq(&stored.media_type),
            blob::wrapped_key.eq(&stored.wrapped_key),
            blob::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (row, delivery) = open(&services, &me, path.into_inner()).await?;
    let blob_id = delivery.receipt_blob_id.ok_or(AppError::NotFound)?;
    let (wrapped, size, media) = services
        .db
        .write(me.origin(), move |tx| {
            let found: (Vec<u8>, i64, String) = blob::table
                .find(blob_id)
                .select((blob::wrapped_key, blob::size, blob::media_type))
                .first(tx.conn())?;
            audit::record(
                tx,
                transfer::entry("transfer.receipt_view", &row).object("delivery", delivery.id),
            )?;
            Ok(found)
        })
        .await?;
    let end = u64::try_from(size).unwrap_or_default();
    let stream = services.vault.range(blob_id.uuid(), &wrapped, 0..end).await?;
    let extension = media.rsplit('/').next().unwrap_or("bin");
    Ok(HttpResponse::Ok()
        .content_type(media.clone())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"receipt.{extension}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(stream))
}
