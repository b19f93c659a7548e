//! The two cuts of Noto Sans SC (assets/fonts, SIL OFL), read once per process: widths and glyphs for layout, and
//! printpdf's own parse for embedding (a subset of the glyphs used goes into each document).

use std::sync::OnceLock;

use printpdf::ParsedFont;

static REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Cut-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Cut-Bold.ttf");

/// The regular cut as a file.
pub fn regular() -> &'static [u8] {
    REGULAR
}

/// Height above the baseline of a line's ink, in em: where text is set into a box of its leading.
pub const ASCENT: f32 = 0.88;

/// A weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    Regular,
    Bold,
}

/// One glyph to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    pub face: Face,
    pub id: u16,
    /// Advance in em.
    pub advance: f32,
    /// What a reader copies out: the usual character of this glyph.
    pub text: char,
}

/// Glyphs and widths of one cut.
struct Cut {
    /// Glyph per character of the basic plane, 0 for none.
    basic: Vec<u16>,
    /// The few characters beyond, sorted.
    beyond: Vec<(u32, u16)>,
    /// Advance per glyph, in em.
    advances: Vec<f32>,
    /// The usual character per glyph: no-break space, soft hyphen and look-alikes share glyphs with others.
    usual: Vec<char>,
}

impl Cut {
    fn read(bytes: &'static [u8]) -> Self {
        // The bytes are part of the program and a test reads them: this cannot fail in a built binary.
        let face = ttf_parser::Face::parse(bytes, 0).expect("embedded font");
        let em = f32::from(face.units_per_em());
        let count = face.number_of_glyphs();
        let advances = (0..count)
            .map(|id| f32::from(face.glyph_hor_advance(ttf_parser::GlyphId(id)).unwrap_or(0)) / em)
            .collect();
        let mut cut =
            Self { basic: vec![0; 0x10000], beyond: Vec::new(), advances, usual: vec!['\0'; count.into()] };
        let tables = face.tables().cmap.into_iter().flat_map(|cmap| cmap.subtables);
        for table in tables.filter(ttf_parser::cmap::Subtable::is_unicode) {
            table.codepoints(|code| cut.learn(code, table.glyph_index(code)));
        }
        cut.beyond.sort_unstable();
        cut.beyond.dedup();
        cut
    }

    fn learn(&mut self, code: u32, glyph: Option<ttf_parser::GlyphId>) {
        let (Some(c), Some(glyph)) = (char::from_u32(code), glyph) else { return };
        match self.basic.get_mut(code as usize) {
            Some(slot) => *slot = glyph.0,
            None => self.beyond.push((code, glyph.0)),
        }
        if let Some(usual) = self.usual.get_mut(usize::from(glyph.0))
            && (*usual == '\0' || rarity(c) < rarity(*usual))
        {
            *usual = c;
        }
    }

    fn glyph(&self, face: Face, c: char) -> Option<Glyph> {
        let code = c as u32;
        let id = match self.basic.get(code as usize) {
            Some(id) => *id,
            None => self.beyond.binary_search_by_key(&code, |e| e.0).ok().map_or(0, |i| self.beyond[i].1),
        };
        let at = usize::from(id);
        (id != 0).then(|| Glyph { face, id, advance: self.advances[at], text: self.usual[at] })
    }
}

/// Which of the characters that share a glyph is the usual one (lowest wins).
fn rarity(c: char) -> (u8, char) {
    let class = match c as u32 {
        0x20..=0x7e | 0x3000..=0x303f | 0x4e00..=0x9fff | 0xff00..=0xffef | 0x2013 | 0xb7 => 0,
        0x2e80..=0x2fdf | 0xf900..=0xfaff | 0xa0 | 0xad => 2,
        _ => 1,
    };
    (class, c)
}

fn cut(face: Face) -> &'static Cut {
    static CUTS: [OnceLock<Cut>; 2] = [OnceLock::new(), OnceLock::new()];
    match face {
        Face::Regular => CUTS[0].get_or_init(|| Cut::read(REGULAR)),
        Face::Bold => CUTS[1].get_or_init(|| Cut::read(BOLD)),
    }
}

/// The face's bytes as printpdf wants them for embedding.
pub(super) fn parsed(face: Face) -> &'static ParsedFont {
    static PARSED: [OnceLock<ParsedFont>; 2] = [OnceLock::new(), OnceLock::new()];
    let (slot, bytes) = match face {
        Face::Regular => (&PARSED[0], REGULAR),
        Face::Bold => (&PARSED[1], BOLD),
    };
    slot.get_or_init(|| {
        // As above: embedded bytes, covered by a test.
        let mut font = ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).expect("embedded font");
        // Every document clones the font three times; what text a glyph stands for comes with the text itself.
        font.reverse_glyph_cache.clear();
        font
    })
}

/// Reads the fonts now rather than with the first document.
pub fn warm() {
    for face in [Face::Regular, Face::Bold] {
        cut(face);
        parsed(face);
    }
}

/// The glyph for `c`, from the other cut where this one lacks it; none for characters that no cut has, and for control
/// and direction characters, which must be seen rather than obeyed.
pub fn glyph(face: Face, c: char) -> Option<Glyph> {
    if c.is_control() || is_invisible(c) {
        return None;
    }
    let other = if face == Face::Bold { Face::Regular } else { Face::Bold };
    cut(face).glyph(face, c).or_else(|| cut(other).glyph(other, c))
}

fn is_invisible(c: char) -> bool {
    matches!(c as u32, 0xad | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0xfe00..=0xfe0f | 0xfeff | 0xfff0..=0xfffd | 0xe0000..=0xe01ef)
}

/// What is drawn for a character that has no glyph: `[U+20BB7]`.
pub fn stand_in(c: char) -> String {
    format!("[U+{:04X}]", c as u32)
}

/// Advance of `c` in em, stand-ins included; line feeds have none.
pub fn advance(face: Face, c: char) -> f32 {
    match c {
        '\n' | '\r' => 0.0,
        '\t' => 2.0,
        c => glyph(face, c).map_or_else(
            || stand_in(c).chars().filter_map(|s| glyph(face, s)).map(|g| g.advance).sum(),
            |g| g.advance,
        ),
    }
}

/// Width of a text on one line, in em.
pub fn width(face: Face, text: &str) -> f32 {
    text.chars().map(|c| advance(face, c)).sum()
}

/// Outline of a character as path operators of a PDF content stream, in em units from `x`; for marks that should be
/// seen but not be found by a search.
pub(super) fn outline(face: Face, c: char, x: f32) -> String {
    let bytes = if face == Face::Bold { BOLD } else { REGULAR };
    let mut pen = Pen { path: String::new(), x, em: 1000.0, last: (0.0, 0.0) };
    if let (Ok(font), Some(glyph)) = (ttf_parser::Face::parse(bytes, 0), cut(face).glyph(face, c)) {
        pen.em = f32::from(font.units_per_em());
        font.outline_glyph(ttf_parser::GlyphId(glyph.id), &mut pen);
    }
    pen.path
}

struct Pen {
    path: String,
    x: f32,
    em: f32,
    last: (f32, f32),
}

impl Pen {
    fn put(&mut self, points: &[(f32, f32)], verb: char) {
        use std::fmt::Write;
        for (x, y) in points {
            // Writing to a String cannot fail.
            let _ = write!(self.path, "{:.4} {:.4} ", x / self.em + self.x, y / self.em);
        }
        self.path.push(verb);
        self.path.push('\n');
        self.last = points.last().copied().unwrap_or(self.last);
    }
}

impl ttf_parser::OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.put(&[(x, y)], 'm');
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.put(&[(x, y)], 'l');
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x0, y0) = self.last;
        let third = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
        self.put(&[(third(x0, x1), third(y0, y1)), (third(x, x1), third(y, y1)), (x, y)], 'c');
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.put(&[(x1, y1), (x2, y2), (x, y)], 'c');
    }
    fn close(&mut self) {
        self.path.push_str("h\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_name_characters_are_drawn() {
        for c in "镕喆堃㛃䶮𬭊〇犇".chars() {
            assert!(glyph(Face::Regular, c).is_some(), "{c}");
            assert!(glyph(Face::Bold, c).is_some(), "{c}");
        }
        assert!(glyph(Face::Regular, '𠮷').is_none());
        assert_eq!(stand_in('𠮷'), "[U+20BB7]");
    }

    #[test]
    fn marks_that_turn_text_around_are_shown() {
        assert!(glyph(Face::Regular, '\u{202e}').is_none());
        assert!(glyph(Face::Regular, '\u{7}').is_none());
    }

    #[test]
    fn copied_text_is_the_usual_character() {
        assert_eq!(glyph(Face::Regular, '\u{a0}').map(|g| g.text), Some(' '));
        assert_eq!(glyph(Face::Regular, '\u{2011}').map(|g| g.text), Some('-'));
        assert_eq!(glyph(Face::Regular, '案').map(|g| g.text), Some('案'));
    }

    #[test]
    fn both_fonts_can_be_embedded() {
        warm();
        assert!(parsed(Face::Regular).has_source_bytes() && parsed(Face::Bold).has_source_bytes());
    }
}
