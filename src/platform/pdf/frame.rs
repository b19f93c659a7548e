//! What stands around the text: running head and foot with the page's number, the mark of made-up data, the table of
//! contents, the note on missing characters; and the end of the work.

use super::describe::Bookmark;
use super::flow::{Align, Flow, Style};
use super::fonts::{Face, stand_in, width};
use super::ink::{Ink, MM, Mark, PAGE_HEIGHT};
use super::write::{Parts, PdfError, write};

/// The words that the layout itself needs, in the language of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    pub contents: String,
    /// Drawn in the head and across the page.
    pub synthetic: String,
    /// Heading and text of the note on characters that no font has.
    pub missing_title: String,
    pub missing_text: String,
    /// Stands for an image that is no image, or damaged; for one that is too large.
    pub image_unreadable: String,
    pub image_too_large: String,
    /// `{n}` and `{total}` stand for page numbers.
    pub page_of: String,
}

impl Words {
    pub fn zh() -> Self {
        Self {
            contents: "目　录".into(),
            synthetic: "合成数据".into(),
            missing_title: "字形说明".into(),
            missing_text: "下列字符不在本文件所用字体之内（或为不可见的控制字符），文中以其统一码编号代替，原文以 data/lead.json 为准：".into(),
            image_unreadable: "［图像无法读取或已损坏，未在此显示；原文件仍在证据目录中］".into(),
            image_too_large: "［图像尺寸过大，未在此显示；原文件仍在证据目录中］".into(),
            page_of: "第 {n} 页　共 {total} 页".into(),
        }
    }

    pub fn en() -> Self {
        Self {
            contents: "Contents".into(),
            synthetic: "SYNTHETIC DATA".into(),
            missing_title: "Note on characters".into(),
            missing_text: "No font of this document has the following characters (or they are invisible controls); the text shows their Unicode numbers instead:".into(),
            image_unreadable: "[The image cannot be read or is damaged and is not shown; the original file is among the evidence]".into(),
            image_too_large: "[The image is too large to be shown here; the original file is among the evidence]".into(),
            page_of: "Page {n} of {total}".into(),
        }
    }
}

/// Head and foot of one page; what is empty is left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    pub head_left: String,
    pub head_right: String,
    /// Lines at the left of the foot, such as the content hash.
    pub foot: Vec<String>,
    /// Whether the page bears its number.
    pub numbered: bool,
}

const SMALL: Style = Style { align: Align::Left, indent: 0.0, ink: Ink::GREY, ..Style::BODY };

impl Flow {
    /// Puts the table of contents on pages of its own here; it lists the headings of level 1 and 2 that follow.
    pub fn contents_here(&mut self) {
        if !self.at_top() {
            self.new_page();
        }
        self.contents_at = Some(self.page_index());
    }

    /// Ends the document. `frame` is asked for each page, counted from 1, with the number of pages.
    ///
    /// # Errors
    /// When a font cannot be embedded or the file not be put together.
    pub fn finish(mut self, frame: &dyn Fn(usize, usize) -> Frame) -> Result<Vec<u8>, PdfError> {
        self.note_missing();
        self.insert_contents();
        if self.bookmarks.is_empty() {
            // Readers who go by the outline find at least the whole.
            let title = self.setup.meta.title.clone();
            self.bookmarks.push(Bookmark { level: 1, title, page: 0, y: 0.0 });
        }
        let total = self.pages.len();
        for n in 1..=total {
            self.frame_page(n, total, &frame(n, total));
        }
        let watermark = self.setup.synthetic.then(|| self.setup.words.synthetic.clone());
        write(Parts {
            meta: &self.setup.meta,
            pages: &self.pages,
            photos: std::mem::take(&mut self.photos),
            bookmarks: &self.bookmarks,
            watermark: watermark.as_deref(),
        })
    }

    fn note_missing(&mut self) {
        if self.missing.is_empty() {
            return;
        }
        let words = self.setup.words.clone();
        let list: Vec<String> = self.missing.iter().map(|(c, n)| format!("{} × {n}", stand_in(*c))).collect();
        self.space(10.0);
        self.ensure(60.0);
        self.paragraph(&words.missing_title, Style { after: 2.0, ..Style::BODY.flush().bold().sized(9.0) });
        self.paragraph(&format!("{}{}", words.missing_text, list.join("　")), Style::NOTE);
    }

    /// Sets the contents on pages of their own and moves what follows.
    fn insert_contents(&mut self) {
        let Some(at) = self.contents_at else { return };
        let entries: Vec<_> =
            self.bookmarks.iter().filter(|b| b.page >= at && b.level <= 2).cloned().collect();
        let line = Style::BODY.flush().sized(11.0);
        let lead = |level: u8| if level == 1 { 23.0 } else { 19.0 };
        let first = self.top() + 46.0;
        let height = self.bottom();
        let mut places = Vec::new();
        let (mut page, mut y) = (0, first);
        for entry in &entries {
            if y + lead(entry.level) > height {
                (page, y) = (page + 1, self.top());
            }
            places.push((page, y));
            y += lead(entry.level);
        }
        let added = page + 1;
        let rest = self.pages.split_off(at.min(self.pages.len()));
        let body_y = self.y;
        for n in 0..added {
            self.new_page();
            if n == 0 {
                let style = Style { align: Align::Centre, ..line.bold().sized(16.0) };
                let (x, top, width) = (self.left(), self.top(), self.width());
                let title = self.setup.words.contents.clone();
                self.label(&title, &style, x, top, width);
            }
            for (entry, (_, y)) in entries.iter().zip(&places).filter(|(_, p)| p.0 == n) {
                let style = if entry.level == 1 { line.bold() } else { line };
                self.contents_line(&entry.title, entry.level, entry.page + added, *y, style);
            }
        }
        self.pages.extend(rest);
        self.y = body_y;
        for mark in self.bookmarks.iter_mut().filter(|b| b.page >= at) {
            mark.page += added;
        }
        for page in &mut self.pages[at + added..] {
            for mark in &mut page.marks {
                if let Mark::Link { page, .. } = mark
                    && *page >= at
                {
                    *page += added;
                }
            }
        }
    }

    fn contents_line(&mut self, title: &str, level: u8, page: usize, y: f32, style: Style) {
        let indent = if level == 1 { 0.0 } else { 16.0 };
        let (x, room) = (self.left() + indent, self.width() - indent);
        let number = (page + 1).to_string();
        let number_width = width(style.face, &number) * style.size;
        let title = shorten(title, style.face, (room - number_width - 24.0) / style.size);
        let end = x + width(style.face, &title) * style.size;
        self.label(&title, &style, x, y, room);
        self.label(&number, &style.aligned(Align::Right), x, y, room);
        let base = y + style.leading * 0.68;
        let (from, to) = (end + 6.0, x + room - number_width - 6.0);
        if to > from {
            let points = vec![(from, base), (to, base)];
            self.page().marks.push(Mark::Path {
                points,
                fill: None,
                stroke: Some((Ink::RULE, 0.6)),
                dashed: true,
            });
        }
        self.page().marks.push(Mark::Link { x, y, width: room, height: style.leading, page });
    }

    fn frame_page(&mut self, n: usize, total: usize, frame: &Frame) {
        let (left, wide) = (self.left(), self.width());
        let head = self.top() - 9.0 * MM;
        let foot = PAGE_HEIGHT - self.setup.margins.bottom * MM + 7.0 * MM;
        let words = self.setup.words.clone();
        // `label` writes on the last page: put this one there for the while.
        let last = self.pages.len() - 1;
        self.pages.swap(n - 1, last);
        let small = SMALL.sized(8.0);
        if !(frame.head_left.is_empty() && frame.head_right.is_empty()) {
            self.label(&frame.head_left, &small, left, head, wide);
            self.label(&frame.head_right, &small.aligned(Align::Right), left, head, wide);
            self.page().rule((left, head + 15.0), (left + wide, head + 15.0), Ink::RULE, 0.5);
        }
        if self.setup.synthetic {
            let style = Style { ink: Ink::ALERT, ..small.bold().aligned(Align::Centre).sized(9.0) };
            self.label(&words.synthetic, &style, left, head - 1.0, wide);
        }
        if !frame.foot.is_empty() || frame.numbered {
            self.page().rule((left, foot - 3.0), (left + wide, foot - 3.0), Ink::RULE, 0.5);
        }
        let tiny = SMALL.sized(6.8);
        let number = words.page_of.replace("{n}", &n.to_string()).replace("{total}", &total.to_string());
        // The number stands on the last line, which leaves it its room.
        let beside = if frame.numbered { width(small.face, &number) * small.size + 8.0 } else { 0.0 };
        let lines = frame.foot.len();
        for (i, line) in frame.foot.iter().enumerate() {
            let room = if i + 1 == lines { wide - beside } else { wide };
            let line = shorten(line, tiny.face, room / tiny.size);
            self.label(&line, &tiny, left, foot + i as f32 * tiny.leading * 0.92, room);
        }
        if frame.numbered {
            let y = if lines > 1 { foot + tiny.leading * 0.92 } else { foot };
            self.label(&number, &small.aligned(Align::Right), left, y - 1.0, wide);
        }
        self.pages.swap(n - 1, last);
    }
}

/// The text, cut with an ellipsis where it is wider than `room` em.
pub fn shorten(text: &str, face: Face, room: f32) -> String {
    if width(face, text) <= room {
        return text.into();
    }
    let mut used = width(face, "…");
    let kept = text.chars().take_while(|c| {
        used += super::fonts::advance(face, *c);
        used <= room
    });
    kept.chain(['…']).collect()
}

/// A hash in groups of four digits, as people read and compare it: `8f3a 90bc …`.
pub fn grouped(hex: &str) -> String {
    let digits: Vec<char> = hex.chars().collect();
    digits.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn hashes_are_read_in_groups_of_four() {
        assert_eq!(grouped("0123456789abcdef"), "0123 4567 89ab cdef");
        assert_eq!(grouped("01234"), "0123 4");
        assert_eq!(grouped(""), "");
    }
}
