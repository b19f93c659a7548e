//! Serving the bytes: as a download, or as a preview of pictures, which can do no harm. Never as a page of ours.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    scrub::open_among,
    store::{self, Item},
};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::{Actor, CaseReader},
    platform::{
        db::{Connection, Id, Tx, blocking},
        error::{AppError, Result},
        http::bytes::{self, Download},
        services::Services,
        vault::inline_safe,
    },
};

pub async fn download(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&me, &services, &request, id.into_inner(), false).await
}

pub async fn preview(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&me, &services, &request, id.into_inner(), true).await
}

/// Answers with the bytes of an item; the read is on record before the first byte leaves.
///
/// # Errors
/// `NotFound`; those of the vault.
pub async fn serve(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    inline: bool,
) -> Result<HttpResponse> {
    let verb = if inline { "evidence.preview" } else { "evidence.download" };
    let actor = me.clone();
    let item = services.db.read(move |conn| find(conn, &actor, id, inline)).await?;
    let range = bytes::range_of(request, &item.blob.sha256_hex());
    // Later pieces of one download are not another read.
    if bytes::is_first(range.as_deref()) || !continues(me, services, id, verb).await? {
        let actor = me.clone();
        let read = move |tx: &mut Tx<'_>| {
            let item = find(tx.conn(), &actor, id, inline)?;
            let entry = Entry::new(verb).object("evidence", id).object("lead", item.lead_id);
            audit::record(tx, entry.fact("sha256", item.blob.sha256_hex()))
        };
        services.db.write(me.origin(), read).await?;
    }
    let sha256 = item.blob.sha256_hex();
    let file = Download {
        key: item.blob.id.uuid(),
        size: item.blob.size.cast_unsigned(),
        sha256,
        wrapped_key: item.blob.wrapped_key,
        name: item.name,
        policy: bytes::SANDBOX,
        media_type: if inline { item.blob.media_type } else { "application/octet-stream".into() },
        inline,
    };
    bytes::stream(&services.vault, &file, range.as_deref()).await
}

/// The text of a note. Notes are short by their form's limit; they are read whole.
pub(super) async fn text_of(services: &Services, item: &Item) -> Result<String> {
    use std::io::Read;
    let (vault, blob) = (services.vault.clone(), item.blob.clone());
    blocking(move || {
        let mut text = String::new();
        vault.open_object(blob.id.uuid(), &blob.wrapped_key)?.take(1 << 20).read_to_string(&mut text)?;
        Ok(text)
    })
    .await
}

/// What is not as it was stored is shown to nobody.
const NOT_WHOLE: &str = "conflict-evidence-not-whole";

/// The item, if this person may have its bytes in this way: what is not given is not on record as read.
///
/// # Errors
/// `NotFound`; `Conflict` where it is to be shown, and has an open alarm; those of the database.
pub(super) fn find(conn: &mut Connection, me: &Actor, id: Id, inline: bool) -> Result<Item> {
    let item = store::find(conn, id)?;
    lead::store::find_visible(conn, me, item.lead_id)?;
    if item.blob.erased_at.is_some() || (inline && !inline_safe(&item.blob.media_type)) {
        return Err(AppError::NotFound);
    }
    if inline && !open_among(conn, &[item.blob_id])?.is_empty() {
        return Err(AppError::Conflict(NOT_WHOLE));
    }
    Ok(item)
}

/// Whether this person's read of this item, from the same network address, is on record and recent.
async fn continues(me: &Actor, services: &Services, id: Id, verb: &'static str) -> Result<bool> {
    let (actor, address) = (me.id, me.address.clone());
    let from = services.db.now().plus_seconds(-bytes::CONTINUED);
    let filter = audit::Filter {
        object: Some(id),
        actor: Some(actor),
        verb_prefix: Some(verb.to_owned()),
        from: Some(from),
        ..audit::Filter::default()
    };
    services.db.read(move |conn| Ok(!audit::page_from(conn, &filter, 20, &address)?.is_empty())).await
}
