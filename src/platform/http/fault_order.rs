//! The summary above a form lists its faults as their fields follow each other on the page. Only the page itself knows that:
//! what is read of a form, and in which order, is its rules' own business.

use std::ops::Range;

/// How the list begins (`layout/macros.html`, `error_summary`), and how each of its lines does.
const LIST: &str = "<ul class=\"faults\"";
const LINE: &str = "<li><a href=\"#";

/// The page, with its summary in the order of its fields. A line whose field is not on the page comes last.
pub(super) fn as_on_page(mut page: String) -> String {
    if let Some((place, lines)) = sorted(&page) {
        page.replace_range(place, &lines);
    }
    page
}

fn sorted(page: &str) -> Option<(Range<usize>, String)> {
    let list = page.find(LIST)?;
    let from = list + page[list..].find('>')? + 1;
    let to = from + page[from..].find("</ul>")?;
    let below = &page[to..];
    let place = |line: &&str| {
        let id = line.strip_prefix(LINE)?.split('"').next()?;
        below.find(&format!(" id=\"{id}\""))
    };
    let mut lines: Vec<&str> = page[from..to].split_inclusive("</li>").collect();
    lines.sort_by_cached_key(|line| place(line).unwrap_or(usize::MAX));
    Some((from..to, lines.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_follow_the_fields() {
        let line = |id: &str| format!("<li><a href=\"#{id}\">x</a></li>");
        let page = |ids: [&str; 3]| {
            let lines: String = ids.into_iter().map(line).collect();
            format!(
                "<ul class=\"faults\" data-a=\"b\">{lines}</ul><input id=\"f-a\"><input id=\"f-b\"><p>名</p>"
            )
        };
        assert_eq!(as_on_page(page(["f-gone", "f-b", "f-a"])), page(["f-a", "f-b", "f-gone"]));
        assert_eq!(as_on_page("<ul><li>y</li></ul>".into()), "<ul><li>y</li></ul>");
    }
}
