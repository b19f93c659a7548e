//! Pages of a PDF as pictures. A process of its own draws them (`platform/pdf/drawing`), so that nothing of the file reaches a
//! browser but points, whatever it holds.

use std::io::Cursor;

use super::{
    redaction::{HEAVY, LARGE, LOCKED, LONG, UNREADABLE, drawing, told, with_paper},
    store::Item,
};
use crate::platform::{
    db::blocking,
    error::{AppError, Result},
    services::Services,
};

/// Dots an inch of a page as it stands in a page of ours, and of the large picture.
pub(super) const DOTS: f32 = 110.0;
pub(super) const LARGE_DOTS: f32 = 200.0;

/// A page as JPEG, `at` from 0.
///
/// # Errors
/// `NotFound` where there is no such page; `Conflict` for what can't be drawn; those of the vault.
pub(super) async fn page(services: &Services, item: &Item, dots: f32, at: usize) -> Result<Vec<u8>> {
    let drawer = &services.drawer;
    let draw = |bytes: Vec<u8>| async move {
        let mut drawing = drawing(drawer, bytes, dots, at..at.saturating_add(1)).await?;
        if at >= drawing.count() {
            return Err(AppError::NotFound);
        }
        let drawn = drawing.next().await.map_err(told)?.ok_or(AppError::Conflict(UNREADABLE))?;
        let work = move || {
            let mut jpeg = Cursor::new(Vec::new());
            drawn.picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).map_err(AppError::internal)?;
            Ok(jpeg.into_inner())
        };
        blocking(work).await
    };
    with_paper(services, item, draw).await
}

/// How many pages there are, or the message key of why they can't be drawn.
///
/// # Errors
/// Those of the vault.
pub(super) async fn count(services: &Services, item: &Item) -> Result<Result<usize, &'static str>> {
    let drawer = &services.drawer;
    let opened = with_paper(services, item, |bytes| drawing(drawer, bytes, DOTS, 0..0)).await;
    match opened {
        Ok(drawing) => Ok(Ok(drawing.count())),
        Err(AppError::Conflict(why)) => Ok(Err(why_unread(why))),
        Err(error) => Err(error),
    }
}

/// In the words of who reads the file, not of who redacts it.
fn why_unread(why: &str) -> &'static str {
    match why {
        LOCKED => "reading-locked",
        LARGE | HEAVY | LONG => "reading-too-large",
        _ => "reading-damaged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_paper_is_not_shown_is_told_in_words_of_reading() {
        let told = [LOCKED, LARGE, HEAVY, LONG, UNREADABLE].map(why_unread);
        let large = "reading-too-large";
        assert_eq!(told, ["reading-locked", large, large, large, "reading-damaged"]);
    }
}
