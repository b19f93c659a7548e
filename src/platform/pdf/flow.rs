//! Setting text down a page and on to the next: headings with bookmarks, paragraphs, space, page breaks. Tables,
//! figures and forms are in their own files; the frame around every page and the table of contents come last.

use std::collections::BTreeMap;

use super::describe::{Bookmark, Meta};
use super::fonts::{ASCENT, Face, advance};
use super::frame::Words;
use super::ink::{Ink, MM, PAGE_HEIGHT, PAGE_WIDTH, Page, justify, set, set_width};
use super::lines::{Line, break_lines};
use super::photo::Photo;

/// Margins in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margins {
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    pub left: f32,
}

impl Margins {
    /// A report: dense, with room to bind.
    pub const REPORT: Self = Self { top: 25.0, right: 20.0, bottom: 24.0, left: 24.0 };
    /// A letter in the manner of GB/T 9704-2012: text block 156 × 225 mm.
    pub const LETTER: Self = Self { top: 37.0, right: 26.0, bottom: 35.0, left: 28.0 };
}

/// Where the lines of a text stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
    /// Both margins, but the last line.
    Both,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub face: Face,
    /// Points.
    pub size: f32,
    /// Line height in points.
    pub leading: f32,
    pub ink: Ink,
    pub align: Align,
    /// Indent of each paragraph's first line, in characters.
    pub indent: f32,
    /// Points kept free below.
    pub after: f32,
}

impl Style {
    /// Running text: 10.5 points (五号), first line two characters in.
    pub const BODY: Self = Self {
        face: Face::Regular,
        size: 10.5,
        leading: 17.5,
        ink: Ink::BLACK,
        align: Align::Both,
        indent: 2.0,
        after: 5.0,
    };
    /// Remarks below a table or a figure.
    pub const NOTE: Self = Self {
        size: 8.5,
        leading: 13.0,
        ink: Ink::GREY,
        align: Align::Left,
        indent: 0.0,
        after: 6.0,
        ..Self::BODY
    };

    /// The same, without indent and at the left margin.
    pub const fn flush(self) -> Self {
        Self { indent: 0.0, align: Align::Left, ..self }
    }

    pub const fn bold(self) -> Self {
        Self { face: Face::Bold, ..self }
    }

    pub const fn aligned(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// Another size, with the same proportion of line height.
    pub fn sized(self, size: f32) -> Self {
        Self { size, leading: self.leading * size / self.size, ..self }
    }
}

/// What a document is and how its pages look.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    pub meta: Meta,
    pub margins: Margins,
    pub words: Words,
    /// Marks every page as made-up data.
    pub synthetic: bool,
}

/// A document in the making: everything is put below what stands already, and flows on to new pages.
pub struct Flow {
    pub(super) setup: Setup,
    pub(super) pages: Vec<Page>,
    /// Next free place, in points from the top of the last page.
    pub(super) y: f32,
    pub(super) photos: Vec<Photo>,
    pub(super) bookmarks: Vec<Bookmark>,
    pub(super) contents_at: Option<usize>,
    /// Characters that no font has, with how often.
    pub(super) missing: BTreeMap<char, usize>,
}

impl Flow {
    pub fn new(setup: Setup) -> Self {
        let y = setup.margins.top * MM;
        Self {
            setup,
            pages: vec![Page::default()],
            y,
            photos: Vec::new(),
            bookmarks: Vec::new(),
            contents_at: None,
            missing: BTreeMap::new(),
        }
    }

    pub(super) fn left(&self) -> f32 {
        self.setup.margins.left * MM
    }

    /// Width of the text block, in points.
    pub fn width(&self) -> f32 {
        PAGE_WIDTH - (self.setup.margins.left + self.setup.margins.right) * MM
    }

    pub(super) fn top(&self) -> f32 {
        self.setup.margins.top * MM
    }

    pub(super) fn bottom(&self) -> f32 {
        PAGE_HEIGHT - self.setup.margins.bottom * MM
    }

    pub(super) fn room(&self) -> f32 {
        self.bottom() - self.y
    }

    pub(super) fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.pages.push(Page::default());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    /// Index of the page that is being filled.
    pub fn page_index(&self) -> usize {
        self.pages.len().saturating_sub(1)
    }

    /// Goes on at the top of a new page.
    pub fn new_page(&mut self) {
        self.pages.push(Page::default());
        self.y = self.top();
    }

    pub(super) fn at_top(&self) -> bool {
        self.y <= self.top() + 0.5
    }

    /// Makes sure that `height` points are free, on a new page if need be.
    pub fn ensure(&mut self, height: f32) {
        if self.room() < height && !self.at_top() {
            self.new_page();
        }
    }

    /// Leaves points free; nothing at the top of a page.
    pub fn space(&mut self, height: f32) {
        if !self.at_top() {
            self.y += height;
        }
    }

    /// Goes down to `y` points from the top of the page, if not below it already.
    pub fn down_to(&mut self, y: f32) {
        self.y = self.y.max(y);
    }

    /// A line over the whole width.
    pub fn rule(&mut self, ink: Ink, thickness: f32) {
        let (x, y, wide) = (self.left(), self.y, self.width());
        self.page().rule((x, y), (x + wide, y), ink, thickness);
        self.y += thickness;
    }

    /// A heading of level 1 to 3 with its bookmark; kept with what follows.
    pub fn heading(&mut self, level: u8, text: &str) {
        let (size, before, after) = match level {
            1 => (15.0, 16.0, 8.0),
            2 => (12.0, 11.0, 5.0),
            _ => (10.5, 8.0, 3.0),
        };
        let style = Style { face: Face::Bold, after, ..Style::BODY.flush() }.sized(size);
        self.ensure(before + style.leading + 58.0);
        self.space(before);
        self.bookmark(level, text);
        if level == 1 {
            let (x, y) = (self.left(), self.y);
            self.page().fill(x, y + style.leading * 0.16, 3.0, style.leading * 0.68, Ink::ACCENT);
            self.paragraph_in(text, style, 10.0, 0.0);
        } else {
            self.paragraph_in(text, style, 0.0, 0.0);
        }
    }

    /// A bookmark at this place.
    pub fn bookmark(&mut self, level: u8, title: &str) {
        let mark =
            Bookmark { level, title: title.replace('\n', " "), page: self.page_index(), y: self.y - 6.0 };
        self.bookmarks.push(mark);
    }

    /// A text over the whole width; its line feeds begin new paragraphs.
    pub fn paragraph(&mut self, text: &str, style: Style) {
        self.paragraph_in(text, style, 0.0, 0.0);
    }

    /// A text set in by points from the left and the right.
    pub fn paragraph_in(&mut self, text: &str, style: Style, left: f32, right: f32) {
        let width = self.width() - left - right;
        for part in text.split('\n') {
            let lines = match style.align {
                Align::Centre => balanced(part, &style, width),
                _ => wrap(part, &style, width),
            };
            self.lines_down(part, &lines, &style, left, width);
        }
        self.y += style.after;
    }

    /// Lines one below the other; never one alone at the foot or the head of a page where there are more.
    fn lines_down(&mut self, text: &str, lines: &[Line], style: &Style, left: f32, width: f32) {
        let total = lines.len();
        for (i, line) in lines.iter().enumerate() {
            let alone_at_foot = i == 0 && total > 2 && self.room() < 2.0 * style.leading;
            let alone_at_head =
                total > 2 && i == total - 2 && self.room() < 2.0 * style.leading && total != 3;
            if self.room() < style.leading || ((alone_at_foot || alone_at_head) && !self.at_top()) {
                self.new_page();
            }
            let indent = if i == 0 { style.indent * style.size } else { 0.0 };
            let (x, y) = (self.left() + left + indent, self.y);
            self.set_line(text, line, style, x, y, width - indent);
            self.y += style.leading;
        }
    }

    /// One line within a box of `width` points whose top left corner is (`x`, `y`).
    pub(super) fn set_line(&mut self, text: &str, line: &Line, style: &Style, x: f32, y: f32, width: f32) {
        let mut glyphs = self.glyphs(style.face, &text[line.shown.clone()]);
        let free = width / style.size - set_width(&glyphs);
        let shift = match style.align {
            Align::Left => 0.0,
            Align::Centre => free.max(0.0) / 2.0,
            Align::Right => free.max(0.0),
            Align::Both => {
                if !line.last {
                    justify(&mut glyphs, free);
                }
                0.0
            }
        };
        let baseline = y + (style.leading - style.size) / 2.0 + style.size * ASCENT;
        self.page().text(x + shift * style.size, baseline, style.size, style.ink, glyphs);
    }

    /// A text on one line in the box at (`x`, `y`), not broken.
    pub(super) fn label(&mut self, text: &str, style: &Style, x: f32, y: f32, width: f32) {
        let whole = Line { range: 0..text.len(), shown: 0..text.len(), width: 0.0, last: true };
        self.set_line(text, &whole, style, x, y, width);
    }

    pub(super) fn glyphs(&mut self, face: Face, text: &str) -> Vec<super::ink::Set> {
        let missing = &mut self.missing;
        set(face, text, &mut |c| *missing.entry(c).or_default() += 1)
    }
}

/// Breaks a text for a width in points.
pub(super) fn wrap(text: &str, style: &Style, width: f32) -> Vec<Line> {
    break_lines(text, width / style.size, style.indent, &|c| advance(style.face, c))
}

/// Breaks a centred text into lines of about the same width, so that a title does not end in a single character.
fn balanced(text: &str, style: &Style, width: f32) -> Vec<Line> {
    let widest = wrap(text, style, width);
    let (mut low, mut high) = (width / widest.len().max(1) as f32, width);
    while widest.len() > 1 && high - low > style.size / 4.0 {
        let middle = (low + high) / 2.0;
        if wrap(text, style, middle).len() > widest.len() {
            low = middle;
        } else {
            high = middle;
        }
    }
    wrap(text, style, high)
}
