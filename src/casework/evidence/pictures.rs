//! Pictures as pages show them: made anew from the evidence, small or as wide as a page, and never the evidence's own
//! bytes. What is too large to be opened within bounds, or can't be read, is a sign. They are kept in memory alone and in
//! bounds: on the disk evidence lies encrypted.

use std::{
    collections::{HashMap, VecDeque},
    io::Read,
    sync::{LazyLock, Mutex, PoisonError},
};

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bytes::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{content::find, pages::is_picture, store::Item, web::GALLERY};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, CaseReader},
    platform::{
        db::{Connection, Id, Tx, blocking},
        error::{AppError, Result},
        http::{bytes::SANDBOX, link::Query},
        pdf::Photo,
        services::Services,
        vault::VaultError,
    },
};

/// Longest side in pixels, in the gallery and on the item's own page.
const SMALL: u32 = 320;
pub(super) const LARGE: u32 = 1_400;
/// Larger files are not opened, in bytes.
const MOST_FILE: i64 = 32 << 20;
/// So much is kept, in bytes of pictures.
const MOST_KEPT: usize = 32 << 20;
/// How long a gallery that is on record shows its pictures without an entry for each, in seconds.
const SHOWN: i64 = 3_600;

/// Pictures are made two at a time: each may take hundreds of megabytes while it is opened.
static TURNS: Semaphore = Semaphore::const_new(2);

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

type Key = (Id, u32);

/// Pictures that were made, the oldest first to go; `None` for a file that none can be made of.
#[derive(Debug, Default)]
struct Kept {
    pictures: HashMap<Key, Option<Bytes>>,
    order: VecDeque<Key>,
    size: usize,
}

impl Kept {
    /// What a picture takes beside its bytes, roughly.
    const EACH: usize = 128;

    fn weight(picture: Option<&Bytes>) -> usize {
        Self::EACH + picture.map_or(0, Bytes::len)
    }

    fn put(&mut self, key: Key, picture: Option<Bytes>) {
        if self.pictures.contains_key(&key) {
            return;
        }
        self.size += Self::weight(picture.as_ref());
        self.pictures.insert(key, picture);
        self.order.push_back(key);
        while self.size > MOST_KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            let gone = self.pictures.remove(&oldest).flatten();
            self.size -= Self::weight(gone.as_ref());
        }
    }
}

/// `GET /evidence/{id}/picture`, `?size=small` in the gallery.
pub async fn picture(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let longest = if here.get("size") == "small" { SMALL } else { LARGE };
    let item = seen(&me, &services, *id, longest == SMALL).await?;
    Ok(reply(made(&services, &item, longest).await?))
}

/// Answers with a picture that was made, or with a sign in its place.
pub(super) fn reply(made: Option<Bytes>) -> HttpResponse {
    let (media_type, body) = match made {
        Some(jpeg) => ("image/jpeg", jpeg),
        None => ("image/svg+xml", Bytes::from_static(NO_PICTURE)),
    };
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, SANDBOX))
        .body(body)
}

/// In the place of what can't be shown.
const NO_PICTURE: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 48\" width=\"64\" height=\"48\" \
    fill=\"none\" stroke=\"#7d8792\" stroke-width=\"2\"><path d=\"M6 6h52v36H6zM6 34l14-12 10 8 12-12 16 14M10 44 54 4\"/></svg>";

/// The item, once the look at it is on record: by an entry of its own, or by that of the gallery that shows it.
async fn seen(me: &Actor, services: &Services, id: Id, is_small: bool) -> Result<Item> {
    let actor = me.clone();
    if is_small && of_gallery(me, services, id).await? {
        return services.db.read(move |conn| shown(find(conn, &actor, id, true)?)).await;
    }
    let read = move |tx: &mut Tx<'_>| {
        let item = shown(find(tx.conn(), &actor, id, true)?)?;
        let entry = Entry::new("evidence.preview").object("evidence", id).object("lead", item.lead_id);
        audit::record(tx, entry.fact("sha256", item.blob.sha256_hex()))?;
        Ok(item)
    };
    services.db.write(me.origin(), read).await
}

fn shown(item: Item) -> Result<Item> {
    if is_picture(&item.blob.media_type) { Ok(item) } else { Err(AppError::NotFound) }
}

/// Whether a gallery with this item was shown to this person not long ago, and is on record.
async fn of_gallery(me: &Actor, services: &Services, id: Id) -> Result<bool> {
    let (me, since) = (me.id, services.db.now().plus_seconds(-SHOWN));
    let lately =
        move |conn: &mut Connection| audit::lately(conn, me, "evidence.list", ("evidence", id), since);
    let leaves = services.db.read(lately).await?;
    Ok(leaves.iter().any(|leaf| leaf["facts"]["view"] == GALLERY))
}

/// The picture of an item; `None`: it is too large to be opened, none that can be read, or not as it was stored.
async fn made(services: &Services, item: &Item, longest: u32) -> Result<Option<Bytes>> {
    let key = (item.blob.id, longest);
    let known = || KEPT.lock().unwrap_or_else(PoisonError::into_inner).pictures.get(&key).cloned();
    if let Some(picture) = known() {
        return Ok(picture);
    }
    let turn = TURNS.acquire().await.map_err(AppError::internal)?;
    if let Some(picture) = known() {
        return Ok(picture);
    }
    let (vault, blob) = (services.vault.clone(), item.blob.clone());
    let work = move || {
        let mut file = Vec::new();
        if blob.size <= MOST_FILE {
            let id = blob.id.uuid();
            let mut source = vault.open_object(id, &blob.wrapped_key)?;
            source.read_to_end(&mut file).map_err(|error| VaultError::from_io(id, error))?;
        }
        Ok(Photo::within(&file, longest).ok().map(|photo| Bytes::from(photo.jpeg)))
    };
    match blocking(move || kept_by(turn, key, work)).await {
        // Whoever reads it back tells of it. A sign for now, which is not kept: it may be brought back.
        Err(AppError::Internal(cause)) if is_not_whole(cause.downcast_ref()) => {
            tracing::warn!(file = %item.blob.id, error = %cause, "a picture is not as it was stored");
            Ok(None)
        }
        other => other,
    }
}

/// Whether that is what is wrong: the object is gone, or is another one.
fn is_not_whole(error: Option<&VaultError>) -> bool {
    matches!(error, Some(VaultError::Missing(_) | VaultError::Damaged(..)))
}

/// Makes a picture and keeps it. Whoever asked may hang up meanwhile, which ends the asking and not this: so the turn lies
/// here until the work is done, and what was made is there for the next one who asks.
fn kept_by(
    turn: SemaphorePermit<'_>,
    key: Key,
    work: impl FnOnce() -> Result<Option<Bytes>>,
) -> Result<Option<Bytes>> {
    let picture = work()?;
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).put(key, picture.clone());
    drop(turn);
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever hangs up gives no turn back before its picture is made, and the picture is kept.
    #[tokio::test]
    async fn hanging_up_frees_no_turn_while_a_picture_is_made() {
        static ONE: Semaphore = Semaphore::const_new(1);
        let turn = ONE.acquire().await.expect("a turn");
        let (begin, begun) = std::sync::mpsc::channel::<()>();
        let key = (Id::new(), SMALL);
        let work = move || {
            begun.recv().expect("a sign");
            Ok(None)
        };
        let asked = blocking(move || kept_by(turn, key, work));
        let hung_up = tokio::time::timeout(std::time::Duration::from_millis(20), asked).await;
        assert!(hung_up.is_err());
        assert_eq!(ONE.available_permits(), 0, "the picture is still being made");
        begin.send(()).expect("sent");
        let _next = ONE.acquire().await.expect("the turn, once it is made");
        assert!(KEPT.lock().expect("kept").pictures.contains_key(&key));
    }

    #[test]
    fn so_much_is_kept_and_the_oldest_goes_first() {
        let mut kept = Kept::default();
        let large = || Some(Bytes::from(vec![0; MOST_KEPT / 2]));
        let (first, second, third) = ((Id::new(), SMALL), (Id::new(), SMALL), (Id::new(), LARGE));
        kept.put(first, large());
        kept.put(second, None);
        kept.put(second, large());
        assert_eq!(kept.pictures.len(), 2, "what is known is not put twice");
        kept.put(third, large());
        assert!(!kept.pictures.contains_key(&first) && kept.pictures.contains_key(&third));
        assert!(kept.size <= MOST_KEPT && kept.order.len() == kept.pictures.len());
    }
}
