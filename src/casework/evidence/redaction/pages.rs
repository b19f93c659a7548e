//! The form of a redaction.

use askama::Template;

use super::{
    file::Look,
    model::{MOST_REGIONS, Material, field},
    table::letters,
};
use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Choice, Link},
    },
    paths,
};

/// The beginning of the keys of the fields' names.
pub const LABELS: &str = "redaction-field-";
/// Lines for rectangles in a form that nothing was typed into, and how many more are asked for at once.
pub const LINES: usize = 5;

/// A line for a rectangle, by the names of its fields.
pub struct RegionLine {
    /// From 1.
    pub number: usize,
    pub page: String,
    pub left: String,
    pub top: String,
    pub width: String,
    pub height: String,
}

impl RegionLine {
    fn new(line: usize) -> Self {
        let [page, left, top, width, height] =
            ["page", "left", "top", "width", "height"].map(|part| field(line, part));
        Self { number: line + 1, page, left, top, width, height }
    }
}

/// A page as it is shown to choose on.
pub struct PageView {
    /// From 1.
    pub number: usize,
    pub src: String,
}

/// The form.
#[derive(Template)]
#[template(path = "casework/evidence/redaction.html")]
pub struct RedactionPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    /// Where it is posted to.
    pub action: String,
    /// The item's page.
    pub back: String,
    /// What is done, by what sort of content it is.
    pub about: String,
    pub is_picture: bool,
    pub is_paper: bool,
    pub is_table: bool,
    pub form: FormView,
    pub pages: Vec<PageView>,
    pub lines: Vec<RegionLine>,
    pub sheets: Vec<Link>,
    /// From 1.
    pub sheet: usize,
    pub columns: Vec<Choice>,
    /// A text with the numbers of its lines.
    pub text: String,
    pub is_cut: bool,
    pub withhold: Vec<Choice>,
    /// Whether the original is withheld already.
    pub is_withheld: bool,
}

/// How many lines for rectangles a form shows: as many as were shown, all that something stands in, and those asked for.
pub fn lines(form: &FormView, more: bool) -> usize {
    let parts = ["page", "left", "top", "width", "height"];
    let is_typed = |line: &usize| parts.iter().any(|part| !form.value(&field(*line, part)).trim().is_empty());
    let last = (0..MOST_REGIONS).rev().find(is_typed).map_or(0, |line| line + 1);
    let shown =
        (0..MOST_REGIONS).rev().find(|line| form.holds(&field(*line, "left"))).map_or(LINES, |line| line + 1);
    let wanted = last.max(shown) + if more { LINES } else { 0 };
    wanted.clamp(LINES, MOST_REGIONS)
}

/// The lines for rectangles.
pub fn region_lines(count: usize) -> Vec<RegionLine> {
    (0..count).map(RegionLine::new).collect()
}

/// The pages to choose on.
pub fn page_views(item: Id, count: usize) -> Vec<PageView> {
    let src = |number: usize| format!("{}/redact/pages/{number}", paths::evidence(item));
    (1..=count).map(|number| PageView { number, src: src(number) }).collect()
}

/// The columns to choose from.
pub fn column_choices(look: &Look) -> Vec<Choice> {
    let label = |column: usize, title: &str| match title.trim() {
        "" => letters(column),
        title => format!("{} · {title}", letters(column)),
    };
    look.columns.iter().map(|(column, title)| Choice::new(column, label(*column, title))).collect()
}

/// A text with the numbers of its lines.
pub fn numbered(look: &Look) -> String {
    let width = look.lines.len().to_string().len();
    let line = |(n, line): (usize, &String)| format!("{n:>width$}  {line}\n");
    (1..).zip(&look.lines).map(line).collect()
}

/// The key of what is done with content of this sort.
pub fn about(material: Material) -> String {
    format!("redaction-about-{}", material.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_lines_for_what_was_typed_and_for_more() {
        let empty = FormView::new(LABELS);
        assert_eq!((lines(&empty, false), lines(&empty, true)), (5, 10));
        let typed = FormView::new(LABELS).typed([("regions[6].left", "1"), ("regions[9].left", "")]);
        assert_eq!((lines(&typed, false), lines(&typed, true)), (10, 15));
        let many = FormView::new(LABELS).typed([("regions[59].top", "1")]);
        assert_eq!(lines(&many, true), MOST_REGIONS);
    }

    #[test]
    fn lines_and_columns_are_told_by_number_and_letter() {
        let look = Look {
            columns: vec![(1, "姓名".into()), (28, " ".into())],
            lines: vec!["一".into(), "二".into()],
            ..Look::default()
        };
        assert_eq!(numbered(&look), "1  一\n2  二\n");
        let labels: Vec<String> = column_choices(&look).into_iter().map(|choice| choice.label).collect();
        assert_eq!(labels, ["A · 姓名", "AB"]);
    }
}
