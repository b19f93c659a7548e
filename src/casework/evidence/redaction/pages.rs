//! The form of a redaction.

use askama::Template;

use super::{
    cells::letters,
    file::Look,
    model::{Material, Separator},
    paint::MOST_PAGES,
    region::{MOST_REGIONS, field},
    request::RequestView,
};
use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Choice, Link},
    },
    numbers::parse_spans,
    paths,
};

/// The beginning of the keys of the fields' names.
pub const LABELS: &str = "redaction-field-";
/// Lines for rectangles in a form that nothing was typed into, and how many more are asked for at once.
pub const LINES: usize = 5;
/// Pages of a long paper that are shown at once.
pub const SHOWN: usize = 6;

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

/// Which pages of a long paper are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// From 1.
    pub number: usize,
    /// The windows before and behind it; 0: there is none.
    pub before: usize,
    pub behind: usize,
    /// Its pages, from 1.
    pub first: usize,
    pub last: usize,
}

impl Window {
    /// The window `asked` of so many pages; `None`: all are shown.
    pub fn of(pages: usize, asked: usize) -> Option<Self> {
        if pages <= MOST_PAGES {
            return None;
        }
        let count = pages.div_ceil(SHOWN);
        let number = asked.clamp(1, count);
        let (first, last) = ((number - 1) * SHOWN + 1, (number * SHOWN).min(pages));
        let behind = if number < count { number + 1 } else { 0 };
        Some(Self { number, before: number - 1, behind, first, last })
    }

    /// The one that a page lies in.
    pub fn with(page: usize) -> usize {
        page.saturating_sub(1) / SHOWN + 1
    }
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
    /// What was asked for before, where it is being made or could not be.
    pub request: Option<RequestView>,
    pub pages: Vec<PageView>,
    /// Which pages those are, of how many, in words; without a window they are all.
    pub window: Option<Window>,
    pub window_text: String,
    pub lines: Vec<RegionLine>,
    /// Lines for pages that are not shown.
    pub elsewhere: Vec<RegionLine>,
    pub sheets: Vec<Link>,
    /// From 1.
    pub sheet: usize,
    pub columns: Vec<Choice>,
    /// What may stand between the cells of a list; of a workbook nothing.
    pub separators: Vec<Choice>,
    /// By which one the columns are those that are shown.
    pub separator: String,
    /// How a list was read, in words.
    pub read_as: String,
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

/// The lines that stand beside the pages which are shown, and those for other pages. Something is always left to be filled in.
pub fn parted(form: &FormView, more: bool, window: Option<Window>) -> (Vec<RegionLine>, Vec<RegionLine>) {
    let is_elsewhere = |line: &RegionLine| {
        let Some(window) = window else { return false };
        let Ok(spans) = parse_spans(form.value(&line.page)) else { return false };
        let is_here = |(from, to): &(u32, u32)| *from as usize <= window.last && window.first <= *to as usize;
        !spans.is_empty() && !spans.iter().any(is_here)
    };
    let split = |count: usize| region_lines(count).into_iter().partition::<Vec<_>, _>(is_elsewhere);
    let (elsewhere, here) = split(lines(form, more));
    if here.is_empty() {
        let (elsewhere, here) = split(lines(form, true));
        return (here, elsewhere);
    }
    (here, elsewhere)
}

/// The pages to choose on: those of the window, or all.
pub fn page_views(item: Id, count: usize, window: Option<Window>) -> Vec<PageView> {
    let src = |number: usize| format!("{}/redact/pages/{number}", paths::evidence(item));
    let (first, last) = window.map_or((1, count), |window| (window.first, window.last));
    (first..=last).map(|number| PageView { number, src: src(number) }).collect()
}

/// What may stand between the cells of a list.
pub fn separators(c: &Chrome) -> Vec<Choice> {
    Separator::ALL.iter().map(|one| Choice::new(one, c.t(format!("redaction-separator-{one}")))).collect()
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
        let many = FormView::new(LABELS).typed([("regions[199].top", "1")]);
        assert_eq!(lines(&many, true), MOST_REGIONS);
    }

    #[test]
    fn a_long_paper_is_shown_some_pages_at_a_time() {
        assert_eq!(Window::of(MOST_PAGES, 1), None);
        let last = Window { number: 12, before: 11, behind: 0, first: 67, last: 70 };
        assert_eq!((Window::of(70, 12), Window::of(70, 99)), (Some(last), Some(last)));
        let first = Window::of(70, 0).expect("a window");
        assert_eq!((first.number, first.before, first.behind, first.first, first.last), (1, 0, 2, 1, 6));
        assert_eq!([0, 1, 6, 7, 70].map(Window::with), [1, 1, 1, 2, 12]);
    }

    #[test]
    fn lines_for_pages_that_are_not_shown_stand_apart() {
        let window = Window::of(70, 2);
        let typed = [("regions[0].page", "1"), ("regions[1].page", "8"), ("regions[2].page", "x")];
        let (here, elsewhere) = parted(&FormView::new(LABELS).typed(typed), false, window);
        let numbers = |lines: &[RegionLine]| lines.iter().map(|line| line.number).collect::<Vec<_>>();
        assert_eq!((numbers(&here), numbers(&elsewhere)), (vec![2, 3, 4, 5], vec![1]));
        let many = [("regions[0].page", "1-70"), ("regions[1].page", "1-6,13-70")];
        let (here, elsewhere) = parted(&FormView::new(LABELS).typed(many), false, window);
        assert_eq!((numbers(&here), numbers(&elsewhere)), (vec![1, 3, 4, 5], vec![2]));
        let full: Vec<(String, &str)> = (0..5).map(|line| (field(line, "page"), "70")).collect();
        let (here, elsewhere) = parted(&FormView::new(LABELS).typed(full), false, window);
        assert_eq!((here.len(), elsewhere.len()), (LINES, 5));
        assert!(parted(&FormView::new(LABELS), false, None).1.is_empty());
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
