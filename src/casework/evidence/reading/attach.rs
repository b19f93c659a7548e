//! Registering what is attached to an e-mail as an item of the same lead.

use actix_web::{HttpResponse, web};

use super::{open, web::within};
use crate::{
    casework::{
        evidence::{
            actions::{self, ALARM, Arrived},
            model::{Details, Kind, LONGEST_SOURCE},
            scrub::open_among,
            store::{self, Item},
            upload::{discard, discard_unkept},
        },
        lead,
    },
    directory::people::Compiler,
    platform::{
        db::Id,
        error::{AppError, Result},
        http::see_other,
        i18n::{self, Lang},
        paths,
        services::Services,
    },
};

/// What is recorded of an attachment: where it comes from is its e-mail; all else is as it is recorded of that.
fn details(item: &Item, n: usize, collected_by: &str, lang: Lang) -> Details {
    let said = [
        ("n", n.to_string()),
        ("item", item.position.to_string()),
        ("sha256", item.blob.sha256_hex()),
        ("name", item.name.clone()),
    ];
    let source: String = i18n::t_with(lang, "reading-attachment-source", &said);
    Details {
        source: source.chars().take(LONGEST_SOURCE).collect(),
        collected_by: collected_by.to_owned(),
        collected_at: item.collected_at,
        method: i18n::t(lang, "reading-attachment-method"),
        medium: item.medium.clone(),
        holder: item.holder.clone(),
        withheld: item.withheld,
        withheld_reason: item.withheld_reason.clone(),
        ..Details::default()
    }
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
    let item = services
        .db
        .read(move |conn| {
            let item = store::find(conn, id)?;
            let lead = lead::store::find_visible(conn, &actor, item.lead_id)?;
            lead::model::require_changeable(&actor, &lead)?;
            if item.removed_at.is_some() || item.blob.erased_at.is_some() {
                return Err(AppError::NotFound);
            }
            if !open_among(conn, &[item.blob_id])?.is_empty() {
                return Err(AppError::Conflict(ALARM));
            }
            Ok(item)
        })
        .await?;
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
    let details = details(&item, n, &me.name, me.lang);
    let arrived = [Arrived { name: attachment.name, kind: Kind::File, stored }];
    let (actor, lead_id) = (me.clone(), item.lead_id);
    let done = services
        .db
        .write(me.origin(), move |tx| actions::register(tx, &actor, lead_id, &arrived, &details))
        .await;
    match done {
        Ok(done) => {
            discard(&services.vault, done.surplus).await;
            let new = done.ids.first().copied().ok_or(AppError::NotFound)?;
            let flash = if done.again { "evidence-added-again" } else { "evidence-added" };
            Ok(see_other(&format!("{}?ok={flash}", paths::evidence(new))))
        }
        Err(e) => {
            discard_unkept(&services, vec![key]).await;
            Err(e)
        }
    }
}
