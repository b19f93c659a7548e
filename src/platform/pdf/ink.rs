//! What stands on a page, in points from the page's top left corner: the small interface between layout and the PDF
//! writer. Layout makes marks; `content.rs` writes them.

use super::fonts::{Face, Glyph, advance, glyph, stand_in};
use super::lines::is_word;

/// Points per millimetre.
pub const MM: f32 = 72.0 / 25.4;
/// A4, in points.
pub const PAGE_WIDTH: f32 = 210.0 * MM;
/// A4, in points.
pub const PAGE_HEIGHT: f32 = 297.0 * MM;

/// A colour (red, green, blue). The named ones are the light theme's of the style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

impl Ink {
    pub const BLACK: Self = Self(0x1b, 0x20, 0x27);
    pub const GREY: Self = Self(0x54, 0x5d, 0x69);
    pub const RULE: Self = Self(0xc3, 0xca, 0xd3);
    pub const WASH: Self = Self(0xf1, 0xf4, 0xf8);
    pub const ACCENT: Self = Self(0x1f, 0x4f, 0x8f);
    pub const ALERT: Self = Self(0xa1, 0x24, 0x1c);
}

/// One thing drawn on a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// Text on one baseline.
    Text {
        x: f32,
        y: f32,
        size: f32,
        ink: Ink,
        glyphs: Vec<Set>,
    },
    Rect {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        fill: Option<Ink>,
        stroke: Option<(Ink, f32)>,
    },
    /// A line through points; closed and filled where `fill` is given.
    Path {
        points: Vec<(f32, f32)>,
        fill: Option<Ink>,
        stroke: Option<(Ink, f32)>,
        dashed: bool,
    },
    /// The photograph of this index.
    Photo {
        index: usize,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
    /// A place to click that leads to a page (from 0) of this document.
    Link {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        page: usize,
    },
}

/// A glyph as set: what follows it is moved by `extra` em.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Set {
    pub glyph: Glyph,
    pub extra: f32,
}

/// The marks of one page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    pub marks: Vec<Mark>,
}

impl Page {
    /// A straight line of `width` points.
    pub fn rule(&mut self, from: (f32, f32), to: (f32, f32), ink: Ink, width: f32) {
        self.marks.push(Mark::Path {
            points: vec![from, to],
            fill: None,
            stroke: Some((ink, width)),
            dashed: false,
        });
    }

    /// A filled rectangle.
    pub fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.marks.push(Mark::Rect { x, y, width, height, fill: Some(ink), stroke: None });
    }

    /// An outlined rectangle.
    pub fn frame(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink, line: f32) {
        self.marks.push(Mark::Rect { x, y, width, height, fill: None, stroke: Some((ink, line)) });
    }

    /// Glyphs from `x` on the baseline `y`.
    pub fn text(&mut self, x: f32, y: f32, size: f32, ink: Ink, glyphs: Vec<Set>) {
        if !glyphs.is_empty() {
            self.marks.push(Mark::Text { x, y, size, ink, glyphs });
        }
    }
}

/// The glyphs of a text; characters without a glyph are drawn as stand-ins and handed to `missing`.
pub fn set(face: Face, text: &str, missing: &mut dyn FnMut(char)) -> Vec<Set> {
    // A report of a thousand pages holds millions of them until it is written.
    let mut out = Vec::with_capacity(text.chars().count());
    for c in text.chars() {
        match (c, glyph(face, c)) {
            ('\n' | '\r', _) => {}
            ('\t', _) => out.extend(
                glyph(face, ' ').map(|glyph| Set { glyph, extra: advance(face, '\t') - glyph.advance }),
            ),
            (_, Some(found)) => out.push(Set { glyph: found, extra: 0.0 }),
            (_, None) => {
                missing(c);
                let shown = stand_in(c);
                out.extend(
                    shown.chars().filter_map(|s| glyph(face, s)).map(|glyph| Set { glyph, extra: 0.0 }),
                );
            }
        }
    }
    out
}

/// Width of set glyphs in em.
pub fn set_width(glyphs: &[Set]) -> f32 {
    glyphs.iter().map(|s| s.glyph.advance + s.extra).sum()
}

/// Spreads `slack` em over the gaps beside wide characters and at spaces, so that a full line ends at the margin. Does
/// nothing where the gaps would show, or be taken for spaces by whoever copies the text (a tenth of an em is).
pub fn justify(glyphs: &mut [Set], slack: f32) {
    let open = |a: char, b: char| a == ' ' || !(is_word(a) && is_word(b) || b == ' ');
    let gaps: Vec<usize> = (1..glyphs.len())
        .filter(|i| open(glyphs[i - 1].glyph.text, glyphs[*i].glyph.text))
        .map(|i| i - 1)
        .collect();
    let each = slack / gaps.len().max(1) as f32;
    if slack > 0.0 && each <= 0.09 {
        for i in gaps {
            glyphs[i].extra += each;
        }
    }
}
