//! Putting an upload together: its pieces stream through the vault once more, as one file under one key, and that is
//! registered as any other file is. It can break off anywhere and be done again: until the item is there, the pieces are.

use futures_util::{Stream, stream};

use super::{
    actions::{self, OVER},
    model::{Metadata, State},
    store::{self, Row},
};
use crate::{
    audit::{self, Entry},
    casework::evidence::{
        actions::{ALARM, Arrived, Registered},
        api::choose_category,
        model::Kind,
        one_by_one::made_before,
        registering::{changeable, register},
        store as items,
        upload::{self, Upload},
    },
    directory::people::{Compiler, store as people},
    platform::{
        db::{Connection, Id, Once, Origin, Tx},
        error::{AppError, Result},
        http::Form,
        jobs::{self, JobRow, NotYet, Progress},
        services::Services,
        vault::{Section, VaultError},
    },
};

/// Pieces that are taken out at once.
const AT_ONCE: i64 = 100;
/// What stands with an upload of which a piece is not there any more, or is damaged.
const LOST: &str = "conflict-upload-lost";

/// The handler of [`actions::ASSEMBLE`].
pub fn assembling(services: &Services) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, _| {
        let Some(id) = job.id_of("upload") else { return Ok(()) };
        jobs::wait(in_background(&services, id))?
    }
}

/// The handler of [`actions::CLEAR`].
pub fn clearing(services: &Services) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, _| {
        let Some(id) = job.id_of("upload") else { return Ok(()) };
        jobs::wait(clear(&services, id))?.map_err(later)
    }
}

/// Puts an upload together that nobody waits for; what it is refused for is on record, as is any try.
async fn in_background(services: &Services, id: Id) -> Result<()> {
    let Some(row) = services.db.read(move |conn| store::any(conn, id)).await? else { return Ok(()) };
    let Some(why) = attempt(services, id).await.map_err(later)? else { return Ok(()) };
    let (lead, key) = (row.lead_id, key_of(&why));
    let origin = services.db.read(move |conn| Ok(people::actor(conn, row.person_id)?.origin())).await;
    let entry = Entry::refused("evidence.register").object("lead", lead).fact("reason", reason_of(&why));
    match origin {
        Ok(origin) => {
            let refuse = move |tx: &mut Tx<'_>| {
                if !actions::refuse(tx, id, key)? {
                    return Err(AppError::Conflict(OVER));
                }
                audit::record(tx, entry).map(|_| ())
            };
            match services.db.write(Origin { once: None, ..origin }, refuse).await {
                Err(AppError::Conflict(OVER)) => Ok(()),
                done => done,
            }
        }
        // The account is closed: whoever closed it is on record with that.
        Err(AppError::NotFound) => {
            services.db.write_quiet(move |tx| actions::refuse(tx, id, key)).await.map(|_| ())
        }
        Err(error) => Err(error),
    }
}

/// A store that is away or full is no fault of the upload: it waits, and that was no try.
fn later(error: AppError) -> AppError {
    match error {
        AppError::Unavailable(_) | AppError::Full(_) => {
            tracing::warn!(%error, "an upload waits for the evidence store");
            AppError::internal(NotYet)
        }
        error => error,
    }
}

/// The message key of what stands in the way.
fn key_of(error: &AppError) -> &'static str {
    match error {
        AppError::Conflict(key) => key,
        AppError::Invalid(_) => "conflict-upload-details",
        _ => "conflict-upload-not-yours",
    }
}

/// The same as a code of the log.
fn reason_of(error: &AppError) -> &'static str {
    match error {
        AppError::Conflict(LOST) => "upload-lost",
        AppError::Conflict(ALARM) => "upload-alarm",
        AppError::Conflict(_) => "lead-not-changeable",
        AppError::Invalid(_) => "upload-details",
        _ => "upload-not-yours",
    }
}

/// Whoever sent it, as they stand now.
fn sender(conn: &mut Connection, row: &Row) -> Result<Compiler> {
    let mut actor = people::actor(conn, row.person_id)?;
    actor.address.clone_from(&row.address);
    actor.agent.clone_from(&row.agent);
    actor.scopes = row.by_token.then(|| vec!["write".to_owned()]);
    actor.once = Once::of_query(&row.form);
    Compiler::admit(actor)
}

/// The pieces of an upload, one after the other.
fn sections_of(services: &Services, id: Id) -> impl Stream<Item = Result<Section>> + use<> {
    let begin = (services.clone(), 0);
    stream::try_unfold(begin, move |(services, at)| async move {
        let Some(piece) = services.db.read(move |conn| store::piece_at(conn, id, at)).await? else {
            return Ok(None);
        };
        let size = piece.size.cast_unsigned();
        let section = Section { key: piece.id.uuid(), wrapped_key: piece.wrapped_key, size };
        Ok::<_, AppError>(Some((section, (services, at + piece.size))))
    })
}

/// What was said of a file, as the form of an item.
pub(super) fn form_of(said: &Metadata) -> Form {
    let mut form = upload::with_place(&said.form());
    choose_category(&mut form);
    form
}

/// Whether a piece is gone for good.
fn is_lost(error: &AppError) -> bool {
    let AppError::Internal(cause) = error else { return false };
    let cause = cause.downcast_ref::<VaultError>();
    matches!(cause, Some(VaultError::Missing(_) | VaultError::Damaged(..)))
}

/// Puts an upload together whose bytes are all here, and registers it. Gives what it was refused for, if it was. One that
/// is done, or over, is left as it is.
///
/// # Errors
/// Those of the database and the vault: it can be tried again.
pub(super) async fn assemble(services: &Services, id: Id) -> Result<Option<AppError>> {
    let Some(why) = attempt(services, id).await? else { return Ok(None) };
    let key = key_of(&why);
    let refused = services.db.write_quiet(move |tx| actions::refuse(tx, id, key)).await?;
    Ok(refused.then_some(why))
}

/// As [`assemble`], but what stands in the way is still to be noted.
async fn attempt(services: &Services, id: Id) -> Result<Option<AppError>> {
    let now = services.db.now();
    let found = services.db.read(move |conn| {
        let row = store::any(conn, id)?.filter(|row| row.state(now) == State::Assembling);
        Ok(row.map(|row| (sender(conn, &row), row)))
    });
    let Some((me, row)) = found.await? else { return Ok(None) };
    let made = match me {
        Ok(me) => twice(services, &me, row).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(()) | Err(AppError::Conflict(OVER)) => Ok(None),
        Err(error) if is_lost(&error) => Ok(Some(AppError::Conflict(LOST))),
        Err(error @ (AppError::NotFound | AppError::Conflict(_) | AppError::Invalid(_))) => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

/// Puts an upload together. What is not there, or damaged, is looked at a second time, and only where the store is there: a
/// line that breaks for a moment costs nobody the bytes that have arrived.
async fn twice(services: &Services, me: &Compiler, row: Row) -> Result<()> {
    let first = put_together(services, me, row.clone()).await;
    if !first.as_ref().is_err_and(is_lost) {
        return first;
    }
    there(services).await?;
    let second = put_together(services, me, row).await;
    if second.as_ref().is_err_and(is_lost) {
        there(services).await?;
    }
    second
}

/// # Errors
/// `Unavailable` while the store, or the one before, is away.
async fn there(services: &Services) -> Result<()> {
    let vault = &services.vault;
    if vault.is_away().await || vault.is_fallback_away().await {
        return Err(AppError::Unavailable("the evidence store is away".into()));
    }
    Ok(())
}

async fn put_together(services: &Services, me: &Compiler, row: Row) -> Result<()> {
    let (id, lead) = (row.id, row.lead_id);
    changeable(me, services, lead).await?;
    let metadata = Metadata::read(&row.metadata)?;
    let stored = services.vault.join(sections_of(services, id), &row.name).await?;
    if i64::try_from(stored.size).ok() != Some(row.size) {
        upload::discard(&services.vault, [stored.key]).await;
        return Err(AppError::Conflict(LOST));
    }
    let file = Arrived { name: row.name, kind: Kind::File, stored };
    let received = Upload::of(form_of(&metadata), Some(file));
    let then = move |tx: &mut Tx<'_>, done: &Registered| {
        let item = done.ids.first().copied().ok_or(AppError::NotFound)?;
        actions::finish(tx, id, item, done.again)
    };
    let Err((error, _)) = register(me, services, lead, received, then).await else { return Ok(()) };
    // The form that it was begun from has registered it before.
    let Some(item) = made_before(&error) else { return Err(error) };
    let finish = move |tx: &mut Tx<'_>| {
        if items::find(tx.conn(), item)?.lead_id != lead {
            return Err(AppError::NotFound);
        }
        actions::finish(tx, id, item, false)
    };
    services.db.write_quiet(finish).await
}

/// Takes the pieces of an upload out of the vault that does not need them any more.
async fn clear(services: &Services, id: Id) -> Result<()> {
    let row = services.db.read(move |conn| store::any(conn, id)).await?;
    let now = services.db.now();
    if row.is_none_or(|row| row.state(now).is_open()) {
        return Ok(());
    }
    loop {
        let pieces = services.db.read(move |conn| store::pieces(conn, id, false, AT_ONCE)).await?;
        if pieces.is_empty() {
            return Ok(());
        }
        // First the objects, so that none is left that nobody knows.
        for piece in &pieces {
            services.vault.delete(piece.uuid()).await?;
        }
        services.db.write_quiet(move |tx| store::drop_pieces(tx, &pieces)).await?;
    }
}
