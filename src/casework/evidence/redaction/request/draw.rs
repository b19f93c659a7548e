//! A long PDF without its rectangles, as a stream: some pages at a time are drawn by a process, and no more than one page of the new
//! file is held.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::{Stream, stream};

use crate::{
    casework::evidence::redaction::{
        file::{HEAVY, LARGE, UNREADABLE},
        paint,
        region::Region,
    },
    platform::{
        db::blocking,
        error::{AppError, Result},
        pdf::{DrawError, Drawer, Drawing, Drawn, Pictures, Undrawn},
    },
};

/// Pages that one process draws: its bounds of memory and time are those of so few.
const AT_ONCE: usize = 10;
/// How long all pages together are drawn.
const PATIENCE: Duration = Duration::from_secs(3 * 3_600);
/// Bytes of the new file at most.
const MOST: usize = 2 << 30;

/// What is to be drawn.
pub(super) struct Paper {
    pub drawer: Drawer,
    /// Of the original.
    pub bytes: Bytes,
    pub pages: usize,
    pub regions: Vec<Region>,
    /// Set where something of a page could not be drawn.
    pub is_partial: Arc<AtomicBool>,
}

/// The new file, piece after piece; `told` hears after each page how many are done.
pub(super) fn drawn(
    paper: Paper,
    told: impl FnMut(usize) -> Result<()>,
) -> impl Stream<Item = Result<Bytes>> {
    let until = Instant::now() + PATIENCE;
    let begin = Work { paper, told, until, page: 0, open: None, made: Some(Pictures::default()) };
    stream::try_unfold(begin, |mut work| async move {
        let piece = work.next().await?;
        Ok(piece.map(|piece| (piece, work)))
    })
}

/// How far it is.
struct Work<F> {
    paper: Paper,
    told: F,
    until: Instant,
    /// Pages that are done.
    page: usize,
    /// The process that draws, with the page that it began with, from 0.
    open: Option<(Drawing, usize)>,
    /// `None`: the file has ended.
    made: Option<Pictures>,
}

impl<F: FnMut(usize) -> Result<()>> Work<F> {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let Some(mut made) = self.made.take() else { return Ok(None) };
        if self.page == self.paper.pages {
            self.open = None;
            let rest = blocking(move || made.finish().map_err(AppError::internal)).await?;
            return Ok(Some(rest.into()));
        }
        let drawn = self.draw().await?;
        let here = paint::on_page(&self.paper.regions, self.page + 1);
        let work = move || {
            paint::put(&mut made, drawn, &here)?;
            let piece = made.take();
            Ok((made, piece))
        };
        let (made, piece) = blocking(work).await?;
        if made.size() > MOST {
            return Err(AppError::Conflict(LARGE));
        }
        self.made = Some(made);
        self.page += 1;
        (self.told)(self.page)?;
        Ok(Some(piece.into()))
    }

    /// The next page. One that breaks off behind others of its process is drawn once more by a process of its own, so that each
    /// page has as much memory and time as there is.
    async fn draw(&mut self) -> Result<Drawn> {
        loop {
            if Instant::now() > self.until {
                return Err(AppError::Conflict(HEAVY));
            }
            let (mut drawing, first) = match self.open.take() {
                Some((drawing, first)) if self.page < first + AT_ONCE => (drawing, first),
                _ => (self.begin().await?, self.page),
            };
            match drawing.next().await {
                Ok(Some(drawn)) => {
                    self.paper.is_partial.fetch_or(drawing.is_partial(), Ordering::Relaxed);
                    self.open = Some((drawing, first));
                    return Ok(drawn);
                }
                Ok(None) => return Err(AppError::Conflict(UNREADABLE)),
                Err(DrawError::File(Undrawn::TooHeavy)) if self.page > first => {}
                Err(error) => return Err(paint::told(error)),
            }
        }
    }

    async fn begin(&self) -> Result<Drawing> {
        let Paper { drawer, bytes, pages, .. } = &self.paper;
        let range = self.page..(self.page + AT_ONCE).min(*pages);
        let drawing = paint::drawing(drawer, bytes.clone(), paint::DOTS, range).await?;
        if drawing.count() == *pages { Ok(drawing) } else { Err(AppError::Conflict(UNREADABLE)) }
    }
}
