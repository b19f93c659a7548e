//! Registering what is attached to an e-mail as an item of the same lead.

use actix_web::{HttpResponse, web};

use super::{open, web::within};
use crate::{
    casework::{
        evidence::{
            actions::{self, ALARM, Arrived},
            model::{Details, Kind},
            scrub::open_among,
            store::{self, Item},
            upload::act_on,
        },
        lead,
    },
    directory::people::Compiler,
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        http::see_other,
        paths,
        services::Services,
    },
};

/// What is recorded of an attachment: where it comes from is its e-mail; all else is as it is recorded of that. An attachment
/// may go out where its e-mail is withheld, so that this names the e-mail by its number alone: which bytes it has, and what
/// it is called, is in the log. It is said in the language of the papers that it goes out with.
fn details(item: &Item, n: usize, collected_by: &str) -> Details {
    let number = item.position;
    Details {
        source: format!("本线索证据第{number}项（电子邮件）的附件{n}"),
        collected_by: collected_by.to_owned(),
        collected_at: item.collected_at,
        method: "从已登记的电子邮件中提取".into(),
        medium: item.medium.clone(),
        holder: item.holder.clone(),
        withheld: item.withheld,
        withheld_reason: item.withheld_reason.clone(),
        ..Details::default()
    }
}

/// The e-mail, if what is attached to it may be registered now.
fn letter(conn: &mut Connection, me: &Compiler, id: Id) -> Result<Item> {
    let item = store::find(conn, id)?;
    let lead = lead::store::find_visible(conn, me, item.lead_id)?;
    lead::model::require_changeable(me, &lead)?;
    if item.removed_at.is_some() || item.blob.erased_at.is_some() {
        return Err(AppError::NotFound);
    }
    if !open_among(conn, &[item.blob_id])?.is_empty() {
        return Err(AppError::Conflict(ALARM));
    }
    Ok(item)
}

/// `POST /evidence/{id}/attachments/{n}`: the attachment number `n`, from 1.
///
/// # Errors
/// `NotFound` where there is none; those of registering.
pub async fn register(
    me: Compiler,
    services: web::Data<Services>,
    at: web::Path<(Id, usize)>,
) -> Result<HttpResponse> {
    let (id, n) = at.into_inner();
    let actor = me.clone();
    let item = services.db.read(move |conn| letter(conn, &actor, id)).await?;
    if !open::is_letter(&item.blob.media_type, &item.name) {
        return Err(AppError::NotFound);
    }
    let size = item.blob.size.cast_unsigned();
    let found = within(&services, &item.blob, move |source| open::attachment(source, size, n)).await?;
    let (attachment, bytes) = found.ok().flatten().ok_or(AppError::NotFound)?;
    if bytes.is_empty() {
        return Err(AppError::Conflict("conflict-attachment-empty"));
    }
    let stored = services.vault.store_bytes(bytes, &attachment.name).await?;
    let key = stored.key;
    let arrived = Arrived { name: attachment.name, kind: Kind::File, stored };
    let actor = me.clone();
    let work = move |tx: &mut Tx<'_>| {
        // As it is by now: it may have been withheld or removed while its bytes were read.
        let item = letter(tx.conn(), &actor, id)?;
        let details = details(&item, n, &actor.name);
        let done = actions::register_attached(tx, &actor, &item, n, &arrived, &details)?;
        let new = done.ids.first().copied().ok_or(AppError::NotFound)?;
        Ok((done.surplus, (new, done.again)))
    };
    let (new, again) = act_on(&services, me.origin(), vec![key], work).await?;
    let flash = if again { "evidence-added-again" } else { "evidence-added" };
    Ok(see_other(&format!("{}?ok={flash}", paths::evidence(new))))
}
