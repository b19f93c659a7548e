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
            drawn,
            pages::{is_picture, is_unshown_picture},
            pictures::{self, LARGE},
            redaction::MOST_LONG,
            scrub::open_among,
            store::{Blob, Item},
        },
        lead,
    },
    directory::people::{Actor, CaseReader, session},
    platform::{
        db::{Connection, Id, Tx, blocking},
        error::{AppError, Result},
        http::{html, link::Query, view::Link},
        i18n, paths,
        pdf::Photo,
        services::Services,
        vault::{Reader, VaultError, inline_safe},
    },
};

/// How long a page that is on record shows its picture without an entry for that, in seconds.
const SHOWN: i64 = 3_600;

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

/// `page`: which page of it is looked at, from 1, should it be a PDF.
async fn seen(
    me: &Actor,
    services: &Services,
    id: Id,
    verb: &'static str,
    page: Option<usize>,
) -> Result<Seen> {
    let actor = me.clone();
    let look = move |tx: &mut Tx<'_>| {
        let item = find(tx.conn(), &actor, id, false)?;
        let lead = lead::store::find_visible(tx.conn(), &actor, item.lead_id)?;
        let is_ill = !open_among(tx.conn(), &[item.blob_id])?.is_empty();
        let entry = Entry::new(verb).object("evidence", id).object("lead", lead.id);
        let entry = entry.fact("sha256", item.blob.sha256_hex());
        let page = page.filter(|page| is_paper(&item) && *page <= MOST_LONG);
        audit::record(tx, if let Some(page) = page { entry.fact("page", page) } else { entry })?;
        Ok(Seen { item, lead, is_ill })
    };
    services.db.write(me.origin(), look).await
}

fn is_paper(item: &Item) -> bool {
    item.blob.media_type == "application/pdf"
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
    let number: u64 = asked.get("page").parse().unwrap_or(0);
    let from_one = usize::try_from(number.saturating_add(1)).ok();
    let Seen { item, lead, is_ill } = seen(&me, &services, id, "evidence.read", from_one).await?;
    let wanted = Wanted {
        name: item.name.clone(),
        media_type: item.blob.media_type.clone(),
        size: item.blob.size.cast_unsigned(),
        page: number,
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
    let is_unshown = !is_ill && is_unshown_picture(&item.blob.media_type);
    let mut page = ReadPage {
        lead: Link::new(&lead.number, paths::lead(lead.id)),
        list: Link::new(i18n::t(me.lang, "evidence-list-title"), paths::lead_evidence(lead.id)),
        item: Link::new(&item.name, &href),
        picture: part(!is_ill && is_picture(&item.blob.media_type), "picture"),
        original: part(!is_ill && inline_safe(&item.blob.media_type), "preview"),
        notes: is_unshown.then(|| i18n::t(me.lang, "evidence-picture-unshown")).into_iter().collect(),
        can_register: item.removed_at.is_none() && lead::model::require_changeable(&me, &lead).is_ok(),
        c: session::chrome(&request, &services, &me, &item.name),
        ..ReadPage::default()
    };
    match found {
        Some(found) => page.show(found, &here, &href),
        None => page.unread = i18n::t(me.lang, "reading-alarm"),
    }
    if is_paper(&item) && !is_ill {
        page.show_paper(drawn::count(&services, &item).await?, number, &here, &href);
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
    let Seen { item, is_ill, .. } = seen(&me, &services, *id, "evidence.preview", None).await?;
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

/// `GET /evidence/{id}/pages/{page}`: a page of a PDF as a picture, from 1; `?size=large`. A sign, where there is none to show.
/// One page that is looked at is one entry: the page on which it is read, or else the picture's own.
pub async fn page(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, usize)>,
) -> Result<HttpResponse> {
    let (id, number) = path.into_inner();
    let at = number.checked_sub(1).filter(|at| *at < MOST_LONG).ok_or(AppError::NotFound)?;
    let asked = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let dots = if asked.get("size") == "large" { drawn::LARGE_DOTS } else { drawn::DOTS };
    let Seen { item, is_ill, .. } = match shown(&me, &services, id, number).await? {
        Some(seen) => seen,
        None => seen(&me, &services, id, "evidence.preview", Some(number)).await?,
    };
    if is_ill || !is_paper(&item) {
        return Ok(pictures::reply(None));
    }
    match drawn::page(&services, &item, dots, at).await {
        Ok(jpeg) => Ok(pictures::reply(Some(Bytes::from(jpeg)))),
        // Why is told on the page on which it is read.
        Err(AppError::Conflict(_)) => Ok(pictures::reply(None)),
        Err(error) => Err(error),
    }
}

/// The item, if the page on which this page of it is read was shown to this person not long ago, and is on record.
async fn shown(me: &Actor, services: &Services, id: Id, page: usize) -> Result<Option<Seen>> {
    let (actor, since) = (me.clone(), services.db.now().plus_seconds(-SHOWN));
    let look = move |conn: &mut Connection| {
        let item = find(conn, &actor, id, false)?;
        let lead = lead::store::find_visible(conn, &actor, item.lead_id)?;
        let is_ill = !open_among(conn, &[item.blob_id])?.is_empty();
        let leaves = audit::lately(conn, actor.id, "evidence.read", ("evidence", id), since)?;
        let is_shown = leaves.iter().any(|leaf| leaf["facts"]["page"] == page);
        Ok(is_shown.then_some(Seen { item, lead, is_ill }))
    };
    services.db.read(look).await
}
