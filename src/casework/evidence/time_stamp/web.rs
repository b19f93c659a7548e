//! The token over an item, given out as an answer that the usual tools read; and asking for the stamps that are missing.

use actix_web::{HttpResponse, web};

use super::{missing, store};
use crate::{
    audit::{self, Entry},
    casework::{evidence::store as items, lead},
    directory::people::{Admin, CaseReader},
    platform::{
        db::Id,
        error::{AppError, Result},
        http::see_other,
        paths,
        services::Services,
        sheet, time_stamp,
    },
};

/// `GET /evidence/{id}/timestamps/{stamp}.tsr`
pub async fn download(
    me: CaseReader,
    services: web::Data<Services>,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, stamp_id) = path.into_inner();
    let actor = me.clone();
    let read = services.db.write(me.origin(), move |tx| {
        let item = items::find(tx.conn(), id)?;
        let lead = lead::store::find_visible(tx.conn(), &actor, item.lead_id)?;
        if store::find(tx.conn(), stamp_id)?.blob_id != Some(item.blob_id) {
            return Err(AppError::NotFound);
        }
        let token = store::token(tx.conn(), stamp_id)?.ok_or(AppError::NotFound)?;
        let entry = Entry::new("evidence.view").object("evidence", id).object("lead", lead.id);
        audit::record(tx, entry.object("timestamp", stamp_id))?;
        Ok((token, format!("{}-{}.tsr", lead.number, item.position)))
    });
    let (token, name) = read.await?;
    let bytes = time_stamp::response(&token).map_err(AppError::internal)?;
    Ok(sheet::download(bytes, "application/timestamp-reply", &name))
}

/// `POST /admin/evidence/timestamps`: a job asks for every stamp that was never asked for.
pub async fn ask_missing(me: Admin, services: web::Data<Services>) -> Result<HttpResponse> {
    services.db.write(me.origin(), missing::ask_by_job).await?;
    Ok(see_other(&format!("{}?ok=stamps-asked", paths::ADMIN_EVIDENCE)))
}
