//! Figures and forms: photographs with captions, charts, quoted text, check boxes, signature blocks, the place for a
//! seal.

use crate::platform::chart::{Anchor, Picture, Shape, Tone};

use super::flow::{Align, Flow, Style, wrap};
use super::fonts::{ASCENT, Face, width};
use super::ink::{Ink, MM, Mark};
use super::photo::{Photo, Unshown};

/// A block to sign: who signs, and the lines to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    pub role: String,
    pub lines: Vec<String>,
}

impl Flow {
    /// An image with its caption below, scaled to the text block and at most 105 mm high. What cannot be shown leaves
    /// a line that says so.
    pub fn photo(&mut self, bytes: &[u8], caption: &str) {
        match Photo::read(bytes) {
            Ok(photo) => self.place_photo(photo, caption),
            Err(fault) => {
                let words = &self.setup.words;
                let text = match fault {
                    Unshown::Unreadable => words.image_unreadable.clone(),
                    Unshown::TooLarge => words.image_too_large.clone(),
                };
                self.placeholder(&text, caption);
            }
        }
    }

    /// A framed line in the place of an image.
    pub fn placeholder(&mut self, text: &str, caption: &str) {
        let style = Style { ink: Ink::GREY, align: Align::Centre, ..Style::BODY.flush() }.sized(9.5);
        self.ensure(34.0 + 26.0);
        let (x, y, wide) = (self.left(), self.y, self.width());
        self.page().fill(x, y, wide, 30.0, Ink::WASH);
        self.page().frame(x, y, wide, 30.0, Ink::RULE, 0.5);
        self.label(text, &style, x, y + 15.0 - style.leading / 2.0, wide);
        self.y += 34.0;
        self.paragraph(caption, Style { align: Align::Centre, ..Style::NOTE });
    }

    fn place_photo(&mut self, photo: Photo, caption: &str) {
        let (w, h) = (photo.width as f32, photo.height as f32);
        // Small images are not blown up beyond 96 dots an inch.
        let scale = (self.width() / w).min(105.0 * MM / h).min(0.75);
        let (w, h) = ((w * scale).max(2.0), (h * scale).max(2.0));
        let note = Style { align: Align::Centre, ..Style::NOTE };
        let lines = wrap(caption, &note, self.width()).len() as f32;
        self.ensure(h + 6.0 + lines * note.leading);
        let x = self.left() + (self.width() - w) / 2.0;
        let (y, index) = (self.y, self.photos.len());
        self.photos.push(photo);
        self.page().marks.push(Mark::Photo { index, x, y, width: w, height: h });
        self.page().frame(x, y, w, h, Ink::RULE, 0.5);
        self.y += h + 4.0;
        self.paragraph(caption, note);
        self.y += 4.0;
    }

    /// A chart, scaled to the width of the text block, in the same shapes as on a page of the web.
    pub fn picture(&mut self, picture: &Picture) {
        let scale = self.width() / picture.width.max(1.0);
        let height = picture.height * scale;
        self.ensure(height + 8.0);
        let (x, y) = (self.left(), self.y);
        for shape in &picture.shapes {
            self.shape(shape, x, y, scale);
        }
        self.y += height + 8.0;
    }

    fn shape(&mut self, shape: &Shape, x: f32, y: f32, scale: f32) {
        let at = |p: &(f32, f32)| (x + p.0 * scale, y + p.1 * scale);
        match shape {
            Shape::Rect { at: from, width, height, tone, .. } => {
                let (x, y) = at(from);
                let (fill, line) = paint(*tone);
                let stroke = line.filter(|_| matches!(tone, Tone::Empty | Tone::Step(_)));
                let (width, height) = (width * scale, height * scale);
                self.page().marks.push(Mark::Rect { x, y, width, height, fill, stroke });
            }
            Shape::Line { points, tone } => {
                let (_, stroke) = paint(*tone);
                let (points, dashed) = (points.iter().map(at).collect(), tone.is_dashed());
                self.page().marks.push(Mark::Path { points, fill: None, stroke, dashed });
            }
            Shape::Area { points, tone } => {
                let (fill, _) = paint(*tone);
                let points = points.iter().map(at).collect();
                self.page().marks.push(Mark::Path { points, fill, stroke: None, dashed: false });
            }
            Shape::Text { at: from, size, anchor, text, tone, .. } => {
                let (x, y) = at(from);
                let size = size * scale;
                let face = if *tone == Tone::Strong { Face::Bold } else { Face::Regular };
                let before = match anchor {
                    Anchor::Start => 0.0,
                    Anchor::Middle => width(face, text) * size / 2.0,
                    Anchor::End => width(face, text) * size,
                };
                let glyphs = self.glyphs(face, text);
                let ink = text_ink(*tone);
                self.page().text(x - before, y, size, ink, glyphs);
            }
        }
    }

    /// Text of a note or a recorded fact, set in beside a bar.
    pub fn quote(&mut self, text: &str) {
        let style = Style { after: 0.0, ..Style::BODY.flush() }.sized(9.5);
        for part in text.split('\n') {
            for line in wrap(part, &style, self.width() - 14.0) {
                self.ensure(style.leading);
                let (x, y, wide) = (self.left(), self.y, self.width());
                self.page().fill(x, y, 2.0, style.leading, Ink::RULE);
                self.set_line(part, &line, &style, x + 12.0, y, wide - 14.0);
                self.y += style.leading;
            }
        }
        self.y += 8.0;
    }

    /// Boxes to tick, one after the other; `true` is ticked already.
    pub fn check_boxes(&mut self, boxes: &[(&str, bool)]) {
        let style = Style::BODY.flush();
        let mut x = self.left();
        self.ensure(style.leading);
        for (text, ticked) in boxes {
            let whole = format!("□ {text}");
            let wide = width(style.face, &whole) * style.size;
            if x > self.left() && x + wide > self.left() + self.width() {
                x = self.left();
                self.y += style.leading;
                self.ensure(style.leading);
            }
            let y = self.y;
            self.label(&whole, &style, x, y, wide + 1.0);
            if *ticked {
                let base = y + (style.leading - style.size) / 2.0 + style.size * ASCENT;
                let points = vec![(x + 2.2, base - 3.6), (x + 4.4, base - 1.2), (x + 9.2, base - 8.4)];
                let stroke = Some((Ink::ACCENT, 1.4));
                self.page().marks.push(Mark::Path { points, fill: None, stroke, dashed: false });
            }
            x += wide + 18.0;
        }
        self.y += style.leading + 4.0;
    }

    /// How high a signature block of so many lines is.
    pub fn signature_height(lines: usize) -> f32 {
        30.0 + lines as f32 * 22.0
    }

    /// Signature blocks, two beside each other, kept whole.
    pub fn signatures(&mut self, blocks: &[Signature]) {
        let style = Style::BODY.flush().sized(9.5);
        let wide = (self.width() - 10.0) / 2.0;
        for pair in blocks.chunks(2) {
            let height = Self::signature_height(pair.iter().map(|b| b.lines.len()).max().unwrap_or(0));
            self.ensure(height + 10.0);
            for (i, block) in pair.iter().enumerate() {
                let (x, y) = (self.left() + i as f32 * (wide + 10.0), self.y);
                self.page().frame(x, y, wide, height, Ink::RULE, 0.7);
                self.label(&block.role, &style.bold(), x + 8.0, y + 6.0, wide - 16.0);
                for (n, line) in block.lines.iter().enumerate() {
                    self.label(line, &style, x + 8.0, y + 28.0 + n as f32 * 22.0, wide - 16.0);
                }
            }
            self.y += height + 10.0;
        }
    }

    /// The place for a seal: a dashed circle of 42 mm, its middle at (`x`, `y`) points from the page's corner. It has gaps where
    /// it would run through the boxes of texts (left, top, right, bottom).
    pub fn seal_place(&mut self, (x, y): (f32, f32), text: &str, boxes: &[[f32; 4]]) {
        let radius = 21.0 * MM;
        let point = |i: u8| {
            let angle = (f32::from(i) * 2.0).to_radians();
            (x + radius * angle.cos(), y + radius * angle.sin())
        };
        let is_taken = |(x, y): &(f32, f32)| {
            let holds = |[left, top, right, bottom]: &[f32; 4]| {
                (*left..=*right).contains(x) && (*top..=*bottom).contains(y)
            };
            boxes.iter().any(holds)
        };
        let circle: Vec<(f32, f32)> = (0..=180).map(point).collect();
        for arc in circle.split(is_taken).filter(|arc| arc.len() > 1) {
            let stroke = Some((Ink::RULE, 0.8));
            self.page().marks.push(Mark::Path { points: arc.to_vec(), fill: None, stroke, dashed: true });
        }
        let style = Style { ink: Ink::GREY, align: Align::Centre, ..Style::BODY.flush() }.sized(8.5);
        self.label(text, &style, x - radius, y - radius + 14.0, 2.0 * radius);
    }

    /// Next free place, in points from the top of the page.
    pub fn place(&self) -> f32 {
        self.y
    }
}

/// Ground and outline of a tone on paper; on the web the style sheet says it.
fn paint(tone: Tone) -> (Option<Ink>, Option<(Ink, f32)>) {
    match tone {
        Tone::Main => (Some(Ink::ACCENT), Some((Ink::ACCENT, 1.6))),
        Tone::Prior => (Some(Ink(0x94, 0xb6, 0xde)), Some((Ink(0x7d, 0x87, 0x92), 1.2))),
        Tone::Grid => (None, Some((Ink(0xe2, 0xe6, 0xeb), 0.5))),
        Tone::Axis => (None, Some((Ink::GREY, 0.7))),
        Tone::Empty => (Some(Ink(0xec, 0xef, 0xf3)), Some((Ink::RULE, 0.5))),
        Tone::Step(step) => (Some(STEPS[usize::from(step).min(STEPS.len() - 1)]), Some((Ink::RULE, 0.3))),
        Tone::Label | Tone::Muted | Tone::Strong | Tone::OnTile | Tone::OnDark => (Some(Ink::GREY), None),
    }
}

/// From little to much.
const STEPS: [Ink; 5] = [
    Ink(0xc6, 0xd8, 0xee),
    Ink(0x94, 0xb6, 0xde),
    Ink(0x5c, 0x8a, 0xc4),
    Ink(0x33, 0x64, 0x9f),
    Ink(0x17, 0x3e, 0x70),
];

fn text_ink(tone: Tone) -> Ink {
    match tone {
        Tone::Muted => Ink::GREY,
        Tone::OnDark => Ink(0xff, 0xff, 0xff),
        _ => Ink::BLACK,
    }
}
