//! Charts as one neutral [`Picture`]: the same rectangles, lines and words become SVG on a page (classes and
//! attributes only, so that a strict content security policy holds; colours come from the style sheet, dark mode
//! included) and marks in a PDF ([`crate::platform::pdf::Flow::picture`]).
//!
//! Libraries were tried first. charts-rs writes colours into attributes, has no class on its shapes, no tile grid and
//! no way into a PDF but as outlines, and its legends overlap with long Chinese names; plotters likewise. A picture of
//! four shapes serves both sides in less code than bending either.
//!
//! Every chart stands beside its table of figures, which holds the links; a chart is one image to a screen reader.

mod bars;
mod funnel;
mod months;
mod scale;
mod svg;
mod tiles;

pub use bars::{columns, rows};
pub use funnel::funnel;
pub use months::months;
pub use scale::plain;
pub use tiles::{Tile, places, tiles};

/// Width of a picture on paper and on a wide page, in units of the picture.
pub const WIDTH: f32 = 720.0;
/// Width of the same picture on a phone, where its words keep their size.
pub const NARROW: f32 = 340.0;

/// What a shape is, not how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The figure itself.
    Main,
    /// The same of the year before.
    Prior,
    Axis,
    Grid,
    /// Nothing published, or nothing there.
    Empty,
    /// One of five steps from little (0) to much (4).
    Step(u8),
    Label,
    Muted,
    Strong,
    /// Words on a light tile.
    OnTile,
    /// Words on a dark one.
    OnDark,
}

impl Tone {
    /// Lines of the year before are dashed, so that they differ without colour.
    pub fn is_dashed(self) -> bool {
        self == Self::Prior
    }
}

/// Which point of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// One shape, in picture units from the top left corner.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Rect {
        at: (f32, f32),
        width: f32,
        height: f32,
        tone: Tone,
        hint: String,
    },
    Line {
        points: Vec<(f32, f32)>,
        tone: Tone,
    },
    /// A filled shape.
    Area {
        points: Vec<(f32, f32)>,
        tone: Tone,
    },
    /// Words on a baseline.
    Text {
        at: (f32, f32),
        size: f32,
        anchor: Anchor,
        text: String,
        tone: Tone,
    },
}

/// A drawn chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub width: f32,
    pub height: f32,
    pub title: String,
    /// What a reader who cannot see it should know.
    pub description: String,
    pub shapes: Vec<Shape>,
}

/// What a chart is about, in the reader's language.
#[derive(Debug, Clone)]
pub struct Brief {
    pub title: String,
    pub description: String,
    /// Name of the figures, such as `2016`.
    pub now: String,
    /// Name of those of the year before, when they are drawn beside.
    pub prior: Option<String>,
    /// Says that a figure was not published: never drawn as zero.
    pub unpublished: String,
    /// How a number on the axis is written.
    pub tick: fn(i64) -> String,
    /// How wide it is drawn.
    pub width: f32,
}

/// One picture in both widths.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    pub wide: Picture,
    pub narrow: Picture,
}

/// Draws a picture in both widths.
pub fn both(brief: &Brief, draw: impl Fn(&Brief) -> Picture) -> Drawn {
    let of = |width| draw(&Brief { width, ..brief.clone() });
    Drawn { wide: of(WIDTH), narrow: of(NARROW) }
}

/// One figure with its name. Values are counts or fen; `shown` is how they are written, with a qualifier where they
/// have one.
#[derive(Debug, Clone, Default)]
pub struct Datum {
    pub label: String,
    pub value: Option<i64>,
    pub shown: String,
    pub prior: Option<i64>,
    pub prior_shown: String,
}

impl Picture {
    fn new(brief: &Brief, height: f32) -> Self {
        Self {
            width: brief.width,
            height,
            title: brief.title.clone(),
            description: brief.description.clone(),
            shapes: Vec::new(),
        }
    }

    fn rect(&mut self, at: (f32, f32), width: f32, height: f32, tone: Tone, hint: &str) {
        self.shapes.push(Shape::Rect {
            at,
            width: width.max(0.0),
            height: height.max(0.0),
            tone,
            hint: hint.into(),
        });
    }

    fn line(&mut self, points: Vec<(f32, f32)>, tone: Tone) {
        self.shapes.push(Shape::Line { points, tone });
    }

    fn area(&mut self, points: Vec<(f32, f32)>, tone: Tone) {
        self.shapes.push(Shape::Area { points, tone });
    }

    fn text(&mut self, at: (f32, f32), size: f32, anchor: Anchor, text: impl Into<String>, tone: Tone) {
        let text = text.into();
        if !text.is_empty() {
            self.shapes.push(Shape::Text { at, size, anchor, text, tone });
        }
    }

    /// Names of the two series, at the right above the plot.
    fn legend(&mut self, brief: &Brief, lines: bool) {
        let Some(prior) = &brief.prior else { return };
        let mut x = brief.width;
        for (name, tone) in [(prior, Tone::Prior), (&brief.now, Tone::Main)] {
            x -= scale::measure(name) * 12.0;
            self.text((x, 14.0), 12.0, Anchor::Start, name.clone(), Tone::Muted);
            x -= 18.0;
            if lines {
                self.line(vec![(x - 6.0, 10.0), (x + 12.0, 10.0)], tone);
            } else {
                self.rect((x, 4.0), 12.0, 12.0, tone, "");
            }
            x -= 16.0;
        }
    }
}

#[cfg(test)]
mod tests;
