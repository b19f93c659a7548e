//! Bytes of dossiers in the vault: small files made in memory, the package as a stream.

use std::{
    io::{self, Read, Write},
    panic::{self, AssertUnwindSafe},
    thread,
};

use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc::{self, Sender};

use super::model::FrozenFile;
use crate::{
    casework::evidence::{
        actions::{ALARM, keep_blob},
        store::{self as blobs, Blob},
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        jobs,
        services::Services,
        vault::{Stored, Vault, VaultError},
    },
};

/// The package goes to the vault in pieces of this size.
const PIECE: usize = 256 * 1024;
/// So many pieces may wait.
const WAITING: usize = 4;

/// Takes in a file made in memory.
///
/// # Errors
/// Those of the vault.
pub fn put(vault: &Vault, bytes: Vec<u8>, name: &str) -> Result<Stored> {
    Ok(jobs::wait(vault.store_bytes(bytes, name))??)
}

/// Takes in a file while `write` makes it; no more than a few pieces are in memory. When `write` fails nothing stays.
///
/// # Errors
/// Those of `write` and of the vault.
pub fn put_written<T: Send>(
    vault: &Vault,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> Result<T> + Send,
) -> Result<(Stored, T)> {
    let (send, mut receive) = mpsc::channel::<io::Result<Bytes>>(WAITING);
    thread::scope(|scope| {
        let writer = scope.spawn(move || {
            let mut pipe = Pipe { send, piece: Vec::with_capacity(PIECE) };
            // A panic ends the stream with an error, too: the vault would take its end for that of the file.
            let whole = panic::catch_unwind(AssertUnwindSafe(|| {
                write(&mut pipe).and_then(|value| {
                    pipe.flush()?;
                    Ok(value)
                })
            }));
            let done =
                whole.unwrap_or_else(|_| Err(AppError::Unavailable("writing a package panicked".into())));
            if done.is_err() {
                // Ends the stream with an error, so that the vault keeps nothing. Nobody listens if it failed itself.
                let _ = pipe.send.blocking_send(Err(io::Error::other("the file was not finished")));
            }
            done
        });
        let pieces = stream::poll_fn(move |context| receive.poll_recv(context));
        let stored = jobs::wait(vault.store(pieces, name))?;
        let written =
            writer.join().map_err(|_| AppError::Unavailable("writing a package panicked".into()))?;
        match (stored, written) {
            (Ok(stored), Ok(value)) => Ok((stored, value)),
            // The writer broke it off, and knows why.
            (Ok(_) | Err(VaultError::Incoming(_)), Err(writing)) => Err(writing),
            // The vault did; a pipe that it closed only says so.
            (Err(storing), _) => Err(storing.into()),
        }
    })
}

/// The writing end: collects pieces and hands them to the vault, waiting where it is slower.
struct Pipe {
    send: Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        if self.piece.len() == PIECE {
            self.flush()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        let sent = self.send.blocking_send(Ok(piece.into()));
        sent.map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "the evidence store takes no more"))
    }
}

/// Deletes objects that turned out not to be needed. A failure leaves an orphan, which `check` names.
pub fn discard(vault: &Vault, keys: impl IntoIterator<Item = uuid::Uuid>) {
    for key in keys {
        let done = jobs::wait(vault.delete(key)).map(|deleted| deleted.map_err(AppError::from));
        if let Err(error) | Ok(Err(error)) = done {
            tracing::warn!(%key, %error, "an unused object stays in the store");
        }
    }
}

/// After an act that failed: deletes what it was to keep, but for objects that a row points at (the commit may have
/// gone through without its answer).
pub fn discard_unkept(services: &Services, keys: &[uuid::Uuid]) {
    match services.db.read_now(|conn| blobs::unreferenced(conn, keys)) {
        Ok(unkept) => discard(&services.vault, unkept),
        Err(error) => tracing::warn!(%error, "what a failed act stored stays in the store"),
    }
}

/// Keeps what was stored as blobs, in order; says which objects are not needed because their bytes are there already.
///
/// # Errors
/// Those of the database.
pub fn keep(tx: &mut Tx<'_>, stored: &[Stored]) -> Result<(Vec<Id>, Vec<uuid::Uuid>)> {
    let (mut ids, mut surplus) = (Vec::new(), Vec::new());
    for one in stored {
        // As for everything that a dossier rests on: the work goes on when the alarm is over.
        let (id, is_surplus) = keep_blob(tx, one).map_err(|error| match error {
            AppError::Conflict(ALARM) => AppError::internal(jobs::NotYet),
            error => error,
        })?;
        if is_surplus {
            surplus.push(one.key);
        }
        ids.push(id);
    }
    Ok((ids, surplus))
}

/// Opens a blob for reading, on a thread that may block.
///
/// # Errors
/// Those of the vault.
pub fn open(vault: &Vault, blob: &Blob) -> Result<impl Read + use<>> {
    Ok(vault.open_object(blob.id.uuid(), &blob.wrapped_key)?)
}

/// The bytes of a small frozen file.
///
/// # Errors
/// `NotFound` for a blob that is not there; those of the vault.
pub fn read(vault: &Vault, conn: &mut Connection, file: &FrozenFile) -> Result<Vec<u8>> {
    let blob = blobs::blob(conn, file.blob)?;
    let mut bytes = Vec::new();
    open(vault, &blob)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
