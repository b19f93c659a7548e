//! Pictures and papers: what is blacked out is painted over in the points themselves, before anything is encoded.

use std::ops::Range;

use bytes::Bytes;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs::png::PngEncoder};
use serde_json::json;

use super::{
    file::{Came, Done, HEAVY, LARGE, UNREADABLE},
    model::AT_ONCE,
    region::{Region, field, places},
};
use crate::platform::{
    db::blocking,
    error::{AppError, FieldError, Result},
    numbers::format_span,
    pdf::{DrawError, Drawer, Drawing, Drawn, Pictures, Undrawn, Unshown, upright},
};

/// So many pages are drawn while somebody waits for it; more are drawn by a job.
pub const MOST_PAGES: usize = 60;
/// Pages at most.
pub const MOST_LONG: usize = 2_000;
/// As [`UNREADABLE`], of one that a password alone opens, and of one that has more pages.
pub const LOCKED: &str = "conflict-redaction-locked";
pub const LONG: &str = "conflict-redaction-pages";
/// Dots an inch of the pages of a new paper.
pub const DOTS: f32 = 150.0;
/// Bytes of a new paper at most.
const MOST_PAPER: usize = 192 << 20;

/// Where a part of a side lies, in points: what is cut in two is covered whole.
fn span(from: u32, length: u32, side: u32) -> (u32, u32) {
    let side = u64::from(side);
    let begin = u64::from(from) * side / 1_000;
    let end = (u64::from(from + length) * side).div_ceil(1_000).min(side);
    let narrow = |at: u64| u32::try_from(at).unwrap_or(u32::MAX);
    (narrow(begin), narrow(end))
}

/// Paints a rectangle black.
fn cover(picture: &mut RgbImage, region: &Region) {
    let (left, right) = span(region.left, region.width, picture.width());
    let (top, bottom) = span(region.top, region.height, picture.height());
    for y in top..bottom {
        for x in left..right {
            picture.put_pixel(x, y, Rgb([0, 0, 0]));
        }
    }
}

/// A picture without the rectangles: PNG, of points and nothing else.
pub fn picture(regions: &[Region], bytes: &[u8]) -> Result<Done> {
    let mut picture = upright(bytes).map_err(|error| match error {
        Unshown::Unreadable => AppError::Conflict(UNREADABLE),
        Unshown::TooLarge => AppError::Conflict(LARGE),
    })?;
    regions.iter().for_each(|region| cover(&mut picture, region));
    let mut file = Vec::new();
    let (width, height) = picture.dimensions();
    PngEncoder::new(&mut file)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .map_err(AppError::internal)?;
    let plan = json!({ "width": width, "height": height, "regions": regions });
    Ok(Done { bytes: file, ending: "png".into(), plan, removed: regions.len() })
}

/// Why a PDF is not redacted.
pub fn told(error: DrawError) -> AppError {
    match error {
        DrawError::File(why) => AppError::Conflict(match why {
            Undrawn::Unreadable => UNREADABLE,
            Undrawn::Locked => LOCKED,
            Undrawn::TooLarge => LARGE,
            Undrawn::TooHeavy => HEAVY,
        }),
        DrawError::Program(_) => AppError::internal(error),
    }
}

/// Has pages of a PDF drawn, from 0, within the bounds.
///
/// # Errors
/// `Conflict`.
pub async fn drawing(
    drawer: &Drawer,
    bytes: impl Into<Bytes>,
    dots: f32,
    pages: Range<usize>,
) -> Result<Drawing> {
    let drawing = drawer.begin(bytes, dots, pages).await.map_err(told)?;
    if drawing.count() > MOST_LONG {
        return Err(AppError::Conflict(LONG));
    }
    Ok(drawing)
}

/// Puts a page into a paper, without the rectangles that lie on it. Blocks.
///
/// # Errors
/// Where it can't be written.
pub fn put(paper: &mut Pictures, mut drawn: Drawn, regions: &[Region]) -> Result<()> {
    regions.iter().for_each(|region| cover(&mut drawn.picture, region));
    paper.add(&drawn).map_err(AppError::internal)
}

/// The rectangles on a page, from 1.
pub fn on_page(regions: &[Region], page: usize) -> Vec<Region> {
    regions.iter().filter(|region| region.is_on(page)).copied().collect()
}

/// A paper of pictures of its pages, without the rectangles; of one that is too long to be waited for how many pages it has.
///
/// # Errors
/// `Invalid` for rectangles on pages that there are none of; `Conflict`.
pub async fn paper(drawer: &Drawer, regions: &[Region], bytes: Vec<u8>) -> Result<Came> {
    let is_large = bytes.len() > AT_ONCE;
    let mut drawing = drawing(drawer, bytes, DOTS, 0..MOST_PAGES).await?;
    let pages = drawing.count();
    let outside = regions.iter().filter(|region| region.span().1 as usize > pages);
    let fault = |region: &Region| {
        let fault = FieldError::new(field(region.line, "page"), "error-redaction-page");
        fault.arg("part", format_span(region.span())).arg("max", pages)
    };
    let mut faults: Vec<FieldError> = outside.map(fault).collect();
    // Of a line one fault is enough.
    faults.dedup_by(|next, first| next.field == first.field);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    if pages > MOST_PAGES || is_large {
        return Ok(Came::Long(pages));
    }
    let (mut paper, mut page) = (Pictures::default(), 0);
    while let Some(drawn) = drawing.next().await.map_err(told)? {
        page += 1;
        let here = on_page(regions, page);
        let work = move || {
            put(&mut paper, drawn, &here)?;
            Ok(paper)
        };
        paper = blocking(work).await?;
        if paper.size() > MOST_PAPER {
            return Err(AppError::Conflict(LARGE));
        }
    }
    if page != pages {
        return Err(AppError::Conflict(UNREADABLE));
    }
    let plan = json!({ "pages": pages, "regions": regions, "partial": drawing.is_partial() });
    let bytes = blocking(move || paper.finish().map_err(AppError::internal)).await?;
    Ok(Came::Done(Done { bytes, ending: "pdf".into(), plan, removed: places(regions) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_in_two_is_covered_whole() {
        assert_eq!(span(0, 1_000, 7), (0, 7));
        assert_eq!(span(500, 100, 7), (3, 5));
        assert_eq!(span(999, 1, 3), (2, 3));
        assert_eq!(span(0, 1, 3), (0, 1));
    }

    #[test]
    fn a_picture_is_black_where_it_was_covered_and_as_it_was_elsewhere() {
        let mut file = Vec::new();
        let marked = RgbImage::from_pixel(40, 20, Rgb([200, 30, 90]));
        PngEncoder::new(&mut file)
            .write_image(marked.as_raw(), 40, 20, ExtendedColorType::Rgb8)
            .expect("PNG");
        let region =
            Region { page: 1, last_page: None, left: 250, top: 500, width: 250, height: 500, line: 0 };
        let done = picture(&[region], &file).expect("a picture");
        let made = upright(&done.bytes).expect("PNG");
        for (x, y, point) in made.enumerate_pixels() {
            let is_covered = (10..20).contains(&x) && y >= 10;
            assert_eq!(point.0, if is_covered { [0, 0, 0] } else { [200, 30, 90] }, "{x} {y}");
        }
        assert!(matches!(picture(&[region], b"none"), Err(AppError::Conflict(UNREADABLE))));
    }
}
