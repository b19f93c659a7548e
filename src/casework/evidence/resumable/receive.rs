//! The bytes of a request, kept as they come: in pieces that are in the vault, and told to be here, soon after they have
//! arrived. A line that breaks off loses nothing of what came before, a server that ends loses the piece that it was at.

use std::{
    io,
    time::{Duration, Instant},
};

use actix_web::web::{Bytes, Payload};
use futures_util::{Stream, StreamExt, stream};

use super::{checksum::Checksum, hold::Hold, model::LENGTH, stop::Stop};
use crate::platform::{
    db::Id,
    error::{AppError, FieldError},
};

/// About so many bytes are a piece.
const PIECE: usize = 32 << 20;
/// A piece ends after so long however slowly the bytes come.
const LONGEST: Duration = Duration::from_secs(20);
/// And when none have come for so long: what is here is kept before the line turns out to be lost.
const QUIET: Duration = Duration::from_secs(5);
/// A line on which nothing comes for so long is lost.
const SILENCE: Duration = Duration::from_secs(60);
/// How often it is said that bytes still come.
const BEAT: Duration = Duration::from_secs(2);

/// What the line is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Open,
    /// Nothing has come for some time.
    Quiet,
    /// At its end, or broken off.
    Ended,
    /// It brings more than the file has.
    TooMuch,
    /// Another request brings the bytes now.
    Lost,
}

/// The body of a request that brings bytes.
pub(super) struct Line {
    body: Payload,
    hold: Hold,
    /// So many bytes of the file may still come.
    room: u64,
    how: How,
    told: Instant,
    checksum: Option<Checksum>,
    /// Pieces that are noted and wait for the checksum.
    waiting: Vec<Id>,
}

impl Line {
    pub fn new(body: Payload, hold: Hold, room: i64, checksum: Option<Checksum>) -> Self {
        let room = room.max(0).cast_unsigned();
        Line { body, hold, room, how: How::Open, told: Instant::now(), checksum, waiting: Vec::new() }
    }

    /// The next bytes; nothing when none come for so long, or any more.
    async fn next(&mut self, patience: Duration) -> Option<Bytes> {
        let bytes = match tokio::time::timeout(patience, self.body.next()).await {
            Ok(Some(Ok(bytes))) => bytes,
            Ok(None | Some(Err(_))) => {
                self.how = How::Ended;
                return None;
            }
            Err(_) => {
                self.how = How::Quiet;
                return None;
            }
        };
        self.how = How::Open;
        let size = bytes.len() as u64;
        if size > self.room {
            self.how = How::TooMuch;
            return None;
        }
        self.room -= size;
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&bytes);
        }
        if self.told.elapsed() >= BEAT {
            self.told = Instant::now();
            // That it can't be said does not mean that it is lost: adding the piece will tell.
            if matches!(self.hold.renew().await, Ok(false)) {
                self.how = How::Lost;
                return None;
            }
        }
        Some(bytes)
    }

    /// One piece, from bytes that have come already.
    fn piece(&mut self, first: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
        let begun = Instant::now();
        stream::unfold((self, Some(first), 0), move |(line, first, size)| async move {
            let bytes = match first {
                Some(first) => first,
                None if line.room == 0 || size >= PIECE || begun.elapsed() >= LONGEST => return None,
                None => line.next(QUIET).await?,
            };
            let size = size + bytes.len();
            Some((Ok(bytes), (line, None, size)))
        })
    }

    /// Whether more may come that is wanted.
    fn is_open(&self) -> bool {
        self.room > 0 && matches!(self.how, How::Open | How::Quiet)
    }
}

/// That more came than the file has.
fn too_much() -> Stop {
    AppError::TooLarge(FieldError::new(LENGTH, "error-upload-too-much")).into()
}

/// Keeps what comes from `start` on; says up to where it is here. Goes on to its end where nobody waits for the answer
/// any more.
///
/// # Errors
/// `Held` where another request has taken over, `Checksum`; those of the database and the vault. What was kept before
/// stays, but for bytes with a checksum: of them all or none.
pub(super) async fn receive(mut line: Line, start: i64) -> Result<i64, Stop> {
    let hold = line.hold.clone();
    let done = if line.checksum.is_some() {
        keep_checked(line, start).await
    } else {
        keep(&mut line, start, true).await
    };
    hold.free().await;
    done
}

/// Keeps pieces as long as some come.
async fn keep(line: &mut Line, start: i64, counts: bool) -> Result<i64, Stop> {
    let mut at = start;
    while line.is_open()
        && let Some(first) = line.next(SILENCE).await
    {
        let hold = line.hold.clone();
        let stored = hold.store(line.piece(first)).await.map_err(AppError::from)?;
        if matches!(line.how, How::TooMuch | How::Lost) {
            hold.discard(stored.key).await;
            break;
        }
        let (key, size) = (stored.key, i64::try_from(stored.size).map_err(AppError::internal)?);
        if !hold.add(stored, at, counts).await? {
            return Err(Stop::Held);
        }
        if !counts {
            line.waiting.push(Id::from(key));
        }
        at += size;
    }
    match line.how {
        How::TooMuch => Err(too_much()),
        How::Lost => Err(Stop::Held),
        _ => Ok(at),
    }
}

/// As [`keep`], of bytes with a checksum.
async fn keep_checked(mut line: Line, start: i64) -> Result<i64, Stop> {
    let kept = keep(&mut line, start, false).await;
    let holds = line.checksum.take().is_some_and(Checksum::holds);
    let done = match kept {
        Ok(at) if holds => match line.hold.count(start, at).await {
            Ok(true) => return Ok(at),
            Ok(false) => Err(Stop::Held),
            Err(error) => Err(error.into()),
        },
        Ok(_) => Err(Stop::Checksum),
        Err(stop) => Err(stop),
    };
    line.hold.put_away(line.waiting).await;
    done
}
