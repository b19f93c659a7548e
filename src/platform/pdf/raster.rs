//! The pages of somebody else's PDF as pictures. What is drawn is what a reader sees, with the appearances of annotations and form
//! fields as points; of the text, what annotations hold beside that, the attachments and the metadata nothing comes along. Nothing
//! here bounds memory and time: see [`super::drawing`].

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use hayro::{
    PixmapSettings, RenderCache, RenderSettings,
    hayro_interpret::{
        InterpreterSettings, InterpreterWarning,
        font::{FontData, FontQuery},
    },
    hayro_syntax::{LoadPdfError, Pdf},
    vello_cpu::color::palette::css::WHITE,
};
use image::RgbImage;

use super::fonts;

/// Longest side of a page that is drawn, and most of its points, in pixels: larger pages are drawn less finely.
const MOST_SIDE: f32 = 6_000.0;
const MOST_PIXELS: f32 = 16_000_000.0;

/// Why a PDF can't be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undrawn {
    /// None, or damaged.
    Unreadable,
    /// It opens by a password alone.
    Locked,
    /// A page is longer and narrower than can be drawn.
    TooLarge,
    /// It took more memory or time than there is for it.
    TooHeavy,
}

/// Whether a page can have so many points across and down.
pub(super) fn is_within(width: u32, height: u32) -> bool {
    let most = |side: u32| (1.0..=MOST_SIDE).contains(&(side as f32));
    most(width) && most(height) && width as f32 * height as f32 <= MOST_PIXELS
}

/// A page as it is seen.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub picture: RgbImage,
    /// Width and height in points, as it is seen.
    pub size: (f32, f32),
}

/// A PDF that was opened to be drawn.
pub struct Scan {
    pdf: Pdf,
    settings: InterpreterSettings,
    lacks: Arc<AtomicBool>,
}

impl Scan {
    /// Opens a PDF. Blocks.
    ///
    /// # Errors
    /// [`Undrawn::Unreadable`] also where there is no page; [`Undrawn::Locked`].
    pub fn open(bytes: Vec<u8>) -> Result<Self, Undrawn> {
        // What somebody made to bring a reader down is unreadable, and nothing else.
        let opened = catch_unwind(AssertUnwindSafe(move || Pdf::new(bytes)));
        let pdf = match opened {
            Ok(Ok(pdf)) if !pdf.pages().is_empty() => pdf,
            Ok(Err(LoadPdfError::Decryption(_))) => return Err(Undrawn::Locked),
            _ => return Err(Undrawn::Unreadable),
        };
        let lacks = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&lacks);
        let settings = InterpreterSettings {
            font_resolver: Arc::new(|query: &FontQuery| match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                // Chinese papers often name a font of the system that they were written on and bring none.
                FontQuery::Fallback(font) if font.character_collection.is_some() => {
                    let ours: FontData = Arc::new(fonts::regular());
                    Some((ours, 0))
                }
                FontQuery::Fallback(font) => Some(font.pick_standard_font().get_font_data()),
            }),
            warning_sink: Arc::new(move |_: InterpreterWarning| told.store(true, Ordering::Relaxed)),
            ..InterpreterSettings::default()
        };
        Ok(Self { pdf, settings, lacks })
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.pdf.pages().len()
    }

    /// Whether a font or a picture of the pages that were drawn so far could not be read, so that the page lacks it.
    pub fn is_partial(&self) -> bool {
        self.lacks.load(Ordering::Relaxed)
    }

    /// Draws the page `n`, from 0, on white, with so many dots an inch, or as many as the bounds let. Blocks.
    ///
    /// # Errors
    /// [`Undrawn::Unreadable`], [`Undrawn::TooLarge`].
    pub fn draw(&self, n: usize, dots: f32) -> Result<Drawn, Undrawn> {
        let page = self.pdf.pages().get(n).ok_or(Undrawn::Unreadable)?;
        let (width, height) = page.render_dimensions();
        let scale =
            (dots / 72.0).min(MOST_SIDE / width.max(height)).min((MOST_PIXELS / (width * height)).sqrt());
        if !scale.is_finite() || width * scale < 1.0 || height * scale < 1.0 {
            return Err(Undrawn::TooLarge);
        }
        let form = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        // A cache of its own for each page: what hundreds of pages need does not pile up.
        let drawn = catch_unwind(AssertUnwindSafe(|| {
            let cache = RenderCache::new();
            hayro::render(page, &cache, &self.settings, &RenderSettings::default(), &form)
        }))
        .map_err(|_| Undrawn::Unreadable)?;
        let mut pixels = Vec::with_capacity(usize::from(drawn.width()) * usize::from(drawn.height()) * 3);
        for point in drawn.data_as_u8_slice().chunks_exact(4) {
            pixels.extend_from_slice(&point[..3]);
        }
        let picture = RgbImage::from_raw(u32::from(drawn.width()), u32::from(drawn.height()), pixels);
        Ok(Drawn { picture: picture.ok_or(Undrawn::Unreadable)?, size: (width, height) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pdf_is_not_opened() {
        for bytes in [&b""[..], b"%PDF-1.7\n", b"no PDF at all"] {
            assert_eq!(Scan::open(bytes.to_vec()).err(), Some(Undrawn::Unreadable));
        }
    }
}
