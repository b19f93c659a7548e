//! The page on which a file is read.

use askama::Template;

use crate::platform::http::{
    layout::Chrome,
    view::{Fact, Link},
};

/// What is in a file, as text.
#[derive(Default, Template)]
#[template(path = "casework/evidence/read.html")]
pub struct ReadPage {
    pub c: Chrome,
    pub lead: Link,
    pub list: Link,
    pub item: Link,
    /// Why nothing is shown; empty: something is.
    pub unread: String,
    /// What the reader has to know of it.
    pub notes: Vec<String>,
    pub facts: Vec<Fact>,
    /// Made anew from its bytes; empty: it is no picture.
    pub picture: String,
    /// Its own bytes, of a picture; empty: none.
    pub original: String,
    /// A page of a PDF, drawn as a picture; empty: none.
    pub drawn: String,
    /// Which page of how many that is.
    pub drawn_as: String,
    pub sheets: Vec<Link>,
    pub grids: Vec<Grid>,
    /// Whether it is a text, which may be empty.
    pub is_text: bool,
    pub text: String,
    /// Which page of how many; empty: there is one.
    pub place: String,
    pub previous: String,
    pub next: String,
    pub attachments: Vec<AttachmentView>,
    /// Whether the reader may register what is attached.
    pub can_register: bool,
    /// Pictures of pages, taken by the capturing program.
    pub shots: Vec<Link>,
}

/// A table of what is in a file.
pub struct Grid {
    pub caption: String,
    pub heads: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Whether each row becomes a card on a phone; else the table scrolls sideways there.
    is_stacked: bool,
}

impl Grid {
    /// A list whose columns are ours.
    pub fn listed(caption: String, heads: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        Self { caption, heads, rows, is_stacked: true }
    }

    /// A table of the file's own, which may have any number of columns.
    pub fn wide(caption: String, heads: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        Self { caption, heads, rows, is_stacked: false }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn kind(&self) -> &'static str {
        if self.is_stacked { "stack" } else { "scroll" }
    }

    /// The rows, each cell with what it is called on a card; nothing calls one in which nothing stands.
    pub fn lines(&self) -> Vec<Vec<(&str, &str)>> {
        self.rows.iter().map(|row| self.line(row)).collect()
    }

    fn line<'a>(&'a self, row: &'a [String]) -> Vec<(&'a str, &'a str)> {
        let label = |n: usize, cell: &str| {
            let head = self.heads.get(n).filter(|_| self.is_stacked && !cell.is_empty());
            head.map_or("", String::as_str)
        };
        row.iter().enumerate().map(|(n, cell)| (label(n, cell), cell.as_str())).collect()
    }
}

/// Something attached to an e-mail.
pub struct AttachmentView {
    pub number: usize,
    pub name: String,
    pub media_type: String,
    pub size: String,
    pub sha256: String,
    /// Where it is registered.
    pub register: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_a_card_says_what_it_is_and_one_of_a_wide_table_does_not() {
        let own = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let (heads, rows) = (own(["名称", "标记"]), vec![own(["a.txt", ""])]);
        let list = Grid::listed(String::new(), heads.clone(), rows.clone());
        assert_eq!((list.kind(), list.lines()), ("stack", vec![vec![("名称", "a.txt"), ("", "")]]));
        let table = Grid::wide(String::new(), heads, rows);
        assert_eq!((table.kind(), table.lines()), ("scroll", vec![vec![("", "a.txt"), ("", "")]]));
    }
}
