//! The scanned receipt of a delivery on paper or disc: kept with its delivery, read back. What went by the portal is
//! acknowledged there, and has a receipt on paper only where its agency can't sign in any more.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    pages::scan_page,
    scan::{self, Scan},
    store,
};
use crate::{
    audit,
    casework::evidence::store as evidence,
    directory::{
        agencies::keys::model::short,
        people::{Actor, CaseReader, Recorder, session},
    },
    handover::transfer::{
        actions as transfer,
        pages::{VerbPage, trail},
        store::{self as transfers, AgencyRow, TransferRow},
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        http::{
            form::Form,
            reply::{html, see_other},
        },
        i18n, paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/receipt/{delivery}/new")
            .route(web::get().to(form))
            .route(web::post().to(upload)),
    );
    cfg.route("/transfers/{id}/receipt/{delivery}", web::get().to(show));
}

fn find(
    conn: &mut Connection,
    me: &Actor,
    (id, delivery): (Id, Id),
) -> Result<(TransferRow, store::DeliveryRow)> {
    let row = transfers::visible(conn, me, id)?;
    let delivery = store::find(conn, delivery)?;
    if delivery.transfer_id == row.id { Ok((row, delivery)) } else { Err(AppError::NotFound) }
}

/// Refuses a receipt for a delivery that has one or needs none.
fn wants_receipt(conn: &mut Connection, row: &TransferRow, delivery: &store::DeliveryRow) -> Result<()> {
    if delivery.receipt_blob_id.is_some() {
        return Err(AppError::Conflict("conflict-receipt-kept"));
    }
    if delivery.is_by_hand() {
        return Ok(());
    }
    let steps = transfers::step_rows(conn, row.id)?;
    let is_received = steps.iter().any(|step| step.receives(delivery.id));
    if is_received || transfers::has_accounts(conn, row.agency_id)? {
        return Err(AppError::Conflict("conflict-receipt-portal"));
    }
    Ok(())
}

async fn open(services: &Services, me: &Actor, at: (Id, Id)) -> Result<(TransferRow, store::DeliveryRow)> {
    let actor = me.clone();
    services.db.read(move |conn| find(conn, &actor, at)).await
}

/// Fingerprints in a sentence, by what pages name them.
fn told(keys: &[String]) -> String {
    keys.iter().map(|key| format!("{} …", short(key))).collect::<Vec<_>>().join(" · ")
}

fn page(
    request: &HttpRequest,
    services: &Services,
    me: &Recorder,
    (row, agency): (&TransferRow, &AgencyRow),
    (delivery, keys): (Id, &[String]),
) -> VerbPage {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "delivery-receipt-title"));
    let mut explain = c.t("delivery-receipt-explain");
    if !keys.is_empty() {
        let to = c.tv("delivery-encrypted-to", "keys", told(keys));
        explain = format!("{explain}{}{to}", c.language.pick("", " "));
    }
    let action = format!("{}/receipt/{delivery}/new", paths::transfer(row.id));
    scan_page(c, trail(me.lang, row), &action, explain).beside(me, agency)
}

async fn form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (actor, at) = (me.actor().clone(), path.into_inner());
    let (row, agency, delivery, keys) = services
        .db
        .write(me.origin(), move |tx| {
            let (row, delivery) = find(tx.conn(), &actor, at)?;
            wants_receipt(tx.conn(), &row, &delivery)?;
            audit::record(tx, transfer::entry("transfer.view", &row).fact("page", "receipt"))?;
            let agency = transfers::agency_row(tx.conn(), row.agency_id)?;
            let keys = store::fingerprints(tx.conn(), &[delivery.id])?.remove(&delivery.id);
            Ok((row, agency, delivery, keys.unwrap_or_default()))
        })
        .await?;
    html(&page(&request, &services, &me, (&row, &agency), (delivery.id, keys.as_slice())))
}

async fn upload(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
    parts: Multipart,
) -> Result<HttpResponse> {
    let (row, delivery) = open(&services, &me, path.into_inner()).await?;
    let of = row.clone();
    let record = move |tx: &mut Tx<'_>, blob: Id, scan: &Scan| record(tx, &of, delivery.id, blob, scan);
    match scan::take(&services, me.origin(), parts, record).await {
        Ok(()) => Ok(see_other(&format!("{}?ok=transfer-receipt", paths::transfer(row.id)))),
        Err(error @ AppError::Invalid(_)) => {
            let (whose, of) = (row.agency_id, delivery.id);
            let read = services.db.read(move |conn| {
                let keys = store::fingerprints(conn, &[of])?.remove(&of).unwrap_or_default();
                Ok((transfers::agency_row(conn, whose)?, keys))
            });
            let (agency, keys) = read.await?;
            page(&request, &services, &me, (&row, &agency), (of, keys.as_slice()))
                .again(&Form::default(), error)
        }
        Err(error) => Err(error),
    }
}

fn record(tx: &mut Tx<'_>, row: &TransferRow, delivery: Id, blob: Id, scan: &Scan) -> Result<()> {
    let found = store::find(tx.conn(), delivery)?;
    wants_receipt(tx.conn(), row, &found)?;
    let now = tx.now();
    store::keep_receipt(tx.conn(), delivery, blob, &scan.name, now)?;
    let entry = transfer::entry("transfer.receipt", row)
        .object("delivery", delivery)
        .fact("sha256", scan.sha256())
        .private("name", scan.name.clone());
    audit::record(tx, entry).map(|_| ())
}

async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (row, delivery) = open(&services, &me, path.into_inner()).await?;
    let blob_id = delivery.receipt_blob_id.ok_or(AppError::NotFound)?;
    let find = move |tx: &mut Tx<'_>| {
        let blob = evidence::blob(tx.conn(), blob_id)?;
        let entry = transfer::entry("transfer.receipt_view", &row).object("delivery", delivery.id);
        audit::record(tx, entry)?;
        Ok(blob)
    };
    scan::show(&services, me.origin(), "receipt", find).await
}
