//! The pages on which files are read. Each look is on record first.

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use tokio::sync::Semaphore;

use super::{
    bounds::{Unreadable, caught},
    open::{self, Wanted},
    pages::ReadPage,
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{
            content::find,
            pages::is_picture,
            pictures::{self, LARGE},
            scrub::open_among,
            store::{Blob, Item},
        },
        lead,
    },
    directory::people::{Actor, CaseReader, session},
    platform::{
        db::{Id, Tx, blocking},
        error::{AppError, Result},
        http::{html, link::Query, view::Link},
        i18n, paths,
        pdf::Photo,
        services::Services,
        vault::{Reader, VaultError, inline_safe},
    },
};

/// Files are read two at a time: each may take a hundred megabytes while it is open.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Reads a stored file off the async threads, when it is its turn. What the store can't give is an error of ours; what the
/// file is, is an answer.
///
/// # Errors
/// Those of the vault.
pub async fn within<T: Send + 'static>(
    services: &Services,
    blob: &Blob,
    read: impl FnOnce(&mut Reader) -> Result<T, Unreadable> + Send + 'static,
) -> Result<Result<T, Unreadable>> {
    let turn = TURNS.acquire().await.map_err(AppError::internal)?;
    let (vault, blob) = (services.vault.clone(), blob.clone());
    let work = move || {
        let key = blob.id.uuid();
        let mut source = vault.open_object(key, &blob.wrapped_key)?;
        let read = caught(|| read(&mut source));
        // Whoever asked may have hung up, which ends the asking and not the work.
        drop(turn);
        match read {
            Err(Unreadable::Store(error)) => Err(VaultError::from_io(key, error).into()),
            other => Ok(other),
        }
    };
    blocking(work).await
}

/// An item with its lead, once the look at it is on record.
struct Seen {
    item: Item,
    lead: lead::model::Lead,
    /// Whether its bytes are not as they were stored.
    is_ill: bool,
}

async fn seen(me: &Actor, services: &Services, id: Id, verb: &'static str) -> Result<Seen> {
    let actor = me.clone();
    let look = move |tx: &mut Tx<'_>| {
        let item = find(tx.conn(), &actor, id, false)?;
        let lead = lead::store::find_visible(tx.conn(), &actor, item.lead_id)?;
        let is_ill = !open_among(tx.conn(), &[item.blob_id])?.is_empty();
        let entry = Entry::new(verb).object("evidence", id).object("lead", lead.id);
        audit::record(tx, entry.fact("sha256", item.blob.sha256_hex()))?;
        Ok(Seen { item, lead, is_ill })
    };
    services.db.write(me.origin(), look).await
}

/// `GET /evidence/{id}/read`, with `page` and, of workbooks, `sheet`.
pub async fn read(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let asked = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let Seen { item, lead, is_ill } = seen(&me, &services, id, "evidence.read").await?;
    let wanted = Wanted {
        name: item.name.clone(),
        media_type: item.blob.media_type.clone(),
        size: item.blob.size.cast_unsigned(),
        page: asked.get("page").parse().unwrap_or(0),
        sheet: asked.get("sheet").parse().unwrap_or(0),
    };
    let found = if is_ill {
        None
    } else {
        Some(within(&services, &item.blob, move |source| open::read(source, &wanted)).await?)
    };
    let href = paths::evidence(id);
    let here = Query::new(&format!("{href}/read")).with("sheet", asked.get("sheet"));
    let part = |is: bool, part: &str| if is { format!("{href}/{part}") } else { String::new() };
    let mut page = ReadPage {
        lead: Link::new(&lead.number, paths::lead(lead.id)),
        list: Link::new(i18n::t(me.lang, "evidence-list-title"), paths::lead_evidence(lead.id)),
        item: Link::new(&item.name, &href),
        picture: part(!is_ill && is_picture(&item.blob.media_type), "picture"),
        original: part(!is_ill && inline_safe(&item.blob.media_type), "preview"),
        can_register: item.removed_at.is_none() && lead::model::require_changeable(&me, &lead).is_ok(),
        c: session::chrome(&request, &services, &me, &item.name),
        ..ReadPage::default()
    };
    match found {
        Some(found) => page.show(found, &here, &href),
        None => page.unread = i18n::t(me.lang, "reading-alarm"),
    }
    html(&page)
}

/// `GET /evidence/{id}/screenshot`: of a web capture the picture of a page, made anew. `part` is the place of its file, `n`
/// its number in it.
pub async fn screenshot(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let asked = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let part = asked.get("part").parse().unwrap_or(0);
    let number = asked.get("n").parse().unwrap_or(0);
    let Seen { item, is_ill, .. } = seen(&me, &services, *id, "evidence.preview").await?;
    if is_ill {
        return Ok(pictures::reply(None));
    }
    let made = within(&services, &item.blob, move |source| {
        let bytes = open::picture(source, part, number)?;
        let photo = bytes.and_then(|bytes| Photo::within(&bytes, LARGE).ok());
        Ok(photo.map(|photo| Bytes::from(photo.jpeg)))
    });
    Ok(pictures::reply(made.await?.unwrap_or(None)))
}
