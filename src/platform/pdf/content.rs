//! The marks of a page as operators of a PDF content stream (ISO 32000-1, 8 and 9): values in, text out. Written here
//! and not by way of printpdf's operations, which hold a string for each glyph, of all pages at once, and
//! decode its outline to know its width.

use super::fonts::{Face, Glyph};
use super::ink::{Ink, Mark, PAGE_HEIGHT, Page, Set};

/// Name of the mark across the page among the resources.
pub(super) const WATERMARK: &str = "Mark";

/// Name of a photograph among the resources.
pub(super) fn photo_name(index: usize) -> String {
    format!("Photo{index}")
}

/// Name of a cut among the resources. Its six letters become the subset's tag.
pub(super) fn font_name(face: Face) -> &'static str {
    match face {
        Face::Regular => "LHREGU",
        Face::Bold => "LHBOLD",
    }
}

/// The glyphs that a document uses, by cut, with the codes that stand for them in its content.
pub(super) struct Used {
    cuts: [Vec<Known>; 2],
}

/// What is known of a glyph.
#[derive(Clone, Copy, Default)]
struct Known {
    text: Option<char>,
    code: u16,
}

impl Used {
    /// Those of these pages. A subset holds the glyphs in the order of their numbers in the whole font, after the one
    /// for what is missing; a glyph's code is its place there.
    pub fn of(pages: &[Page]) -> Self {
        let mut used = Self { cuts: [Vec::new(), Vec::new()] };
        for mark in pages.iter().flat_map(|page| &page.marks) {
            let Mark::Text { glyphs, .. } = mark else { continue };
            for set in glyphs {
                let cut = &mut used.cuts[place(set.glyph.face)];
                let at = usize::from(set.glyph.id);
                if cut.len() <= at {
                    cut.resize(at + 1, Known::default());
                }
                cut[at].text = Some(set.glyph.text);
            }
        }
        for cut in &mut used.cuts {
            for (code, known) in (1..).zip(cut.iter_mut().filter(|known| known.text.is_some())) {
                known.code = code;
            }
        }
        used
    }

    /// The glyphs of a cut with their text, in the order of their numbers.
    pub fn glyphs(&self, face: Face) -> Vec<(u16, char)> {
        let numbered = (0..=u16::MAX).zip(&self.cuts[place(face)]);
        numbered.filter_map(|(id, known)| Some((id, known.text?))).collect()
    }

    fn code(&self, glyph: Glyph) -> u16 {
        self.cuts[place(glyph.face)].get(usize::from(glyph.id)).map_or(0, |known| known.code)
    }
}

fn place(face: Face) -> usize {
    match face {
        Face::Regular => 0,
        Face::Bold => 1,
    }
}

/// The content of a page.
pub(super) fn content(page: &Page, marked: bool, used: &Used) -> String {
    let mut out = Content { out: String::with_capacity(page.marks.len() * 160), used };
    if marked {
        out.object(WATERMARK, (0.0, 0.0), (1.0, 1.0));
    }
    for mark in &page.marks {
        out.mark(mark);
    }
    out.out
}

struct Content<'a> {
    out: String,
    used: &'a Used,
}

impl Content<'_> {
    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Text { x, y, size, ink, glyphs } => self.text(*x, PAGE_HEIGHT - y, *size, *ink, glyphs),
            Mark::Rect { x, y, width, height, fill, stroke } => {
                self.colours(*fill, *stroke);
                self.operator(&[*x, PAGE_HEIGHT - y - height, *width, *height], "re");
                self.operator(
                    &[],
                    match (fill, stroke) {
                        (Some(_), Some(_)) => "B",
                        (Some(_), None) => "f",
                        (None, _) => "S",
                    },
                );
            }
            Mark::Path { points, fill, stroke, dashed } => self.path(points, *fill, *stroke, *dashed),
            Mark::Photo { index, x, y, width, height } => {
                self.object(&photo_name(*index), (*x, PAGE_HEIGHT - y - height), (*width, *height));
            }
            // An annotation of the page, not of its content.
            Mark::Link { .. } => {}
        }
    }

    /// One text section a line; a change of face continues at the pen's place.
    fn text(&mut self, x: f32, y: f32, size: f32, ink: Ink, glyphs: &[Set]) {
        self.operator(&[], "BT");
        self.colour(ink, "rg");
        let mut pen = x;
        for run in glyphs.chunk_by(|a, b| a.glyph.face == b.glyph.face) {
            self.name(font_name(run[0].glyph.face));
            self.operator(&[size], "Tf");
            self.operator(&[1.0, 0.0, 0.0, 1.0, pen, y], "Tm");
            self.out.push_str("[<");
            for set in run {
                self.code(self.used.code(set.glyph));
                if set.extra != 0.0 {
                    self.out.push_str("> ");
                    self.number(-set.extra * 1000.0);
                    self.out.push('<');
                }
            }
            self.out.push_str(">] TJ\n");
            pen += run.iter().map(|set| (set.glyph.advance + set.extra) * size).sum::<f32>();
        }
        self.operator(&[], "ET");
    }

    fn path(&mut self, points: &[(f32, f32)], fill: Option<Ink>, stroke: Option<(Ink, f32)>, dashed: bool) {
        self.colours(fill, stroke);
        if dashed {
            self.out.push_str("[3 2.5] 0 d\n");
        }
        for (i, (x, y)) in points.iter().enumerate() {
            self.operator(&[*x, PAGE_HEIGHT - y], if i == 0 { "m" } else { "l" });
        }
        match (fill, stroke) {
            _ if points.is_empty() => {}
            (Some(_), Some(_)) => self.operator(&[], "b"),
            (Some(_), None) => self.out.push_str("h\nf\n"),
            (None, _) => self.operator(&[], "S"),
        }
        if dashed {
            self.out.push_str("[] 0 d\n");
        }
    }

    /// An object of the resources, of these sides, with its lower left corner here.
    fn object(&mut self, name: &str, (x, y): (f32, f32), (width, height): (f32, f32)) {
        self.out.push_str("q\n");
        self.operator(&[width, 0.0, 0.0, height, x, y], "cm");
        self.name(name);
        self.out.push_str("Do\nQ\n");
    }

    fn colours(&mut self, fill: Option<Ink>, stroke: Option<(Ink, f32)>) {
        if let Some(ink) = fill {
            self.colour(ink, "rg");
        }
        if let Some((ink, width)) = stroke {
            self.colour(ink, "RG");
            self.operator(&[width], "w");
        }
    }

    fn colour(&mut self, ink: Ink, verb: &str) {
        self.operator(&[ink.0, ink.1, ink.2].map(|part| f32::from(part) / 255.0), verb);
    }

    fn operator(&mut self, values: &[f32], verb: &str) {
        for value in values {
            self.number(*value);
        }
        self.out.push_str(verb);
        self.out.push('\n');
    }

    fn name(&mut self, name: &str) {
        self.out.push('/');
        self.out.push_str(name);
        self.out.push(' ');
    }

    /// Thousandths of a point are finer than any printer: three decimals, without zeros at the end.
    fn number(&mut self, value: f32) {
        let thousandths = (f64::from(value) * 1000.0).round() as i64;
        if thousandths < 0 {
            self.out.push('-');
        }
        let all = thousandths.unsigned_abs();
        self.out.push_str(&(all / 1000).to_string());
        let (tenths, hundredths, last) = (all / 100 % 10, all / 10 % 10, all % 10);
        let shown = match (tenths, hundredths, last) {
            (0, 0, 0) => 0,
            (_, 0, 0) => 1,
            (_, _, 0) => 2,
            _ => 3,
        };
        if shown > 0 {
            self.out.push('.');
        }
        self.out.extend([tenths, hundredths, last].iter().take(shown).map(|n| char::from(b'0' + *n as u8)));
        self.out.push(' ');
    }

    fn code(&mut self, code: u16) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let digits = [12, 8, 4, 0].map(|shift| char::from(DIGITS[usize::from((code >> shift) & 15)]));
        self.out.extend(digits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::pdf::ink::set;

    fn written(page: &Page) -> String {
        content(page, false, &Used::of(std::slice::from_ref(page)))
    }

    #[test]
    fn numbers_have_three_decimals_at_most_and_no_zeros_at_the_end() {
        let used = Used::of(&[]);
        for (value, wanted) in [
            (0.0, "0 "),
            (-0.0001, "0 "),
            (1.0, "1 "),
            (-2.5, "-2.5 "),
            (841.89, "841.89 "),
            (0.05, "0.05 "),
            (0.0096, "0.01 "),
            (-0.125, "-0.125 "),
            (12.3456, "12.346 "),
        ] {
            let mut out = Content { out: String::new(), used: &used };
            out.number(value);
            assert_eq!(out.out, wanted, "{value}");
        }
    }

    #[test]
    fn a_glyph_is_written_by_its_place_among_those_that_are_used() {
        let mut page = Page::default();
        let glyphs = set(Face::Regular, "案卷案", &mut |_| {});
        let (first, second) = (glyphs[0].glyph, glyphs[1].glyph);
        page.text(72.0, 100.0, 10.0, Ink(0, 0, 0), glyphs);
        let used = Used::of(std::slice::from_ref(&page));
        assert_eq!(used.glyphs(Face::Regular).len(), 2);
        assert!(used.glyphs(Face::Bold).is_empty());
        let (a, b) = if first.id < second.id { (1, 2) } else { (2, 1) };
        assert!(written(&page).contains(&format!("[<{a:04X}{b:04X}{a:04X}>] TJ")), "{}", written(&page));
    }

    #[test]
    fn rectangles_and_lines_are_painted_as_they_are_meant() {
        let mut page = Page::default();
        page.fill(0.0, 0.0, 10.0, PAGE_HEIGHT, Ink(255, 0, 0));
        page.rule((0.0, PAGE_HEIGHT), (5.0, PAGE_HEIGHT), Ink(0, 0, 255), 0.5);
        let text = written(&page);
        assert!(text.starts_with("1 0 0 rg\n0 0 10 841.89 re\nf\n"), "{text}");
        assert!(text.ends_with("0 0 1 RG\n0.5 w\n0 0 m\n5 0 l\nS\n"), "{text}");
    }
}
