//! The page that shows the design system: every token and every shared component with sample data, as the pages use them.
//! For those who build pages, and for looking at, by day and by night.

mod more;
mod samples;

use askama::Template;

use more::More;
use samples::{
    SAMPLE_HASH, charts, chips, choices, events, facts, form, heads, rows, steps, stopped, tabs, tiles,
};

use crate::platform::http::{
    form_view::FormView,
    layout::Chrome,
    link::Query,
    sections::Part,
    view::{
        ActiveFilter, Chip, Choice, Event, Fact, Link, MadeUp, Pager, SortHead, Step, Tile, groups_of_four,
    },
};

/// The colours of `assets/css/00-tokens.css`, in their order.
const COLOURS: [&str; 23] = [
    "paper",
    "sheet",
    "sunk",
    "ink",
    "soft",
    "line",
    "edge",
    "accent",
    "accent-strong",
    "accent-soft",
    "on-accent",
    "good",
    "good-soft",
    "warn",
    "warn-soft",
    "bad",
    "bad-soft",
    "c0",
    "c1",
    "c2",
    "c3",
    "c4",
    "c5",
];
/// Sizes of letters, and of gaps.
const LETTERS: [&str; 5] = ["t-s", "t-m", "t-l", "t-xl", "t-xxl"];
const GAPS: [&str; 6] = ["s1", "s2", "s3", "s4", "s5", "s6"];
/// The tokens beside those: families of letters, how round corners are, and widths.
const OTHERS: [&str; 5] = ["font", "mono", "radius", "side", "measure"];

/// The states of one kind of thing, as its own pages show them.
pub struct States {
    pub name: String,
    pub chips: Vec<Chip>,
}

/// One chart in both widths, as SVG.
struct Drawing {
    title: String,
    wide: String,
    narrow: String,
}

/// All components on one page.
#[derive(Template)]
#[template(path = "admin/components.html")]
pub struct ComponentsPage {
    pub c: Chrome,
    sections: Vec<Link>,
    colours: [&'static str; 23],
    letters: [&'static str; 5],
    gaps: [&'static str; 6],
    others: [&'static str; 5],
    themes: [&'static str; 2],
    states: Vec<States>,
    trail: Vec<Link>,
    steps: Vec<Step>,
    stopped: Vec<Step>,
    tabs: Vec<Link>,
    tiles: Vec<Tile>,
    facts: Vec<Fact>,
    chips: Vec<Chip>,
    groups: Vec<&'static str>,
    whole: &'static str,
    made_up: MadeUp,
    events: Vec<Event>,
    active: Vec<ActiveFilter>,
    filter: FormView,
    form: FormView,
    choices: Vec<Choice>,
    heads: Vec<SortHead>,
    rows: Vec<Row>,
    pager: Pager,
    charts: Vec<Drawing>,
    more: More,
}

struct Row {
    number: &'static str,
    title: &'static str,
    chip: Chip,
    agency: &'static str,
    value: &'static str,
    due: &'static str,
}

/// The parts of the page: the ends of their messages' keys, and their places.
const SECTIONS: [&str; 8] = ["tokens", "words", "facts", "forms", "lists", "boxes", "acts", "charts"];

impl ComponentsPage {
    /// The page in the language of its frame. `states`: what the rooms have.
    pub fn new(c: Chrome, states: Vec<States>) -> Self {
        let list = Query::new("/admin/components?state=sent&sort=-value");
        let pager = Pager {
            previous: Some("?before=a".into()),
            next: Some("?after=b".into()),
            first: Some("?".into()),
            shown: 4,
        };
        let section = |name: &str| Link::new(c.t(format!("components-{name}-title")), format!("#{name}"));
        Self {
            sections: SECTIONS.iter().map(|name| section(name)).collect(),
            colours: COLOURS,
            letters: LETTERS,
            gaps: GAPS,
            others: OTHERS,
            themes: ["light", "dark"],
            states,
            trail: vec![Link::new(c.t("nav-system"), "/admin/system")],
            steps: steps(&c),
            stopped: stopped(&c),
            tabs: tabs(&c),
            tiles: tiles(&c),
            facts: facts(&c),
            chips: chips(&c),
            groups: groups_of_four(SAMPLE_HASH),
            whole: SAMPLE_HASH,
            made_up: MadeUp::of(true, ""),
            events: events(&c),
            active: vec![ActiveFilter {
                name: c.t("state"),
                value: c.t("step-name-sent"),
                remove_href: list.without("state").href(),
            }],
            filter: FormView::new("").with_ids("filter-").typed([("state", "sent")]),
            form: form(),
            choices: choices(&c),
            heads: heads(&c, &list),
            rows: rows(&c),
            more: More::new(&c, &list, &pager),
            pager,
            charts: charts(&c),
            c,
        }
    }

    /// The parts of the sample form.
    fn parts(&self) -> &'static [Part] {
        &more::PARTS
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;
    use crate::platform::{
        http::layout::{ErrorPage, Flash, NavGroup, NavItem, Who},
        i18n::Lang,
    };

    /// A style sheet without its comments.
    fn css(name: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/css").join(name);
        let text = fs::read_to_string(path).unwrap();
        text.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, rest)| rest)).collect()
    }

    /// The classes that a style sheet names.
    fn named(css: &str) -> BTreeSet<String> {
        let word = |rest: &str| -> String {
            rest.chars().take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-').collect()
        };
        let begins = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_lowercase());
        css.split('.').skip(1).filter(begins).map(word).collect()
    }

    /// The classes that a page bears.
    fn worn(html: &str) -> BTreeSet<String> {
        let lists = html.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next());
        lists.flat_map(str::split_whitespace).map(str::to_owned).collect()
    }

    /// The tokens that a style sheet gives, with their values.
    fn tokens(css: &str) -> Vec<(&str, &str)> {
        let lines = css.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "));
        lines.map(|(name, value)| (name, value.trim_end_matches(';'))).collect()
    }

    /// What only the script puts on a page, and the frame of those who are not signed in.
    const NOT_HERE: [&str; 4] = ["chosen", "copy", "dragging", "plain"];

    #[test]
    fn every_class_of_the_shared_style_sheets_is_shown() {
        let html = ComponentsPage::new(chrome(Lang::Zh), Vec::new()).render().unwrap();
        let worn = worn(&html);
        for sheet in [
            "10-base.css",
            "30-form.css",
            "40-table.css",
            "45-list.css",
            "46-picking.css",
            "50-parts.css",
            "60-chart.css",
            "70-session.css",
        ] {
            let classes = named(&css(sheet));
            let missing: Vec<_> =
                classes.difference(&worn).filter(|class| !NOT_HERE.contains(&class.as_str())).collect();
            assert!(missing.is_empty(), "{sheet}: not on the page of components: {missing:?}");
        }
    }

    #[test]
    fn every_colour_has_a_swatch_in_both_themes() {
        let (tokens, own) = (css("00-tokens.css"), css("61-components.css"));
        let all = self::tokens(&tokens);
        let colours: Vec<(&str, &str)> =
            all.iter().filter(|(_, value)| value.contains('#')).copied().collect();
        assert_eq!(colours.iter().map(|(name, _)| *name).collect::<Vec<_>>(), COLOURS);
        for (name, value) in colours {
            let faces =
                value.strip_prefix("var(--day, #").and_then(|rest| rest.split_once(") var(--night, #"));
            assert!(faces.is_some(), "--{name} has no two faces: {value}");
        }
        // Either theme is only a switch: the colours stand once.
        assert!(
            self::tokens(&own).is_empty() && own.contains(".theme-light {") && own.contains(".theme-dark {")
        );
        for name in COLOURS {
            assert!(
                own.contains(&format!(".swatch-{name}::before {{ background: var(--{name}); }}")),
                "{name}"
            );
        }
        // No token is without its place.
        for (name, _) in all {
            let lists = [&COLOURS[..], &LETTERS, &GAPS, &OTHERS];
            assert!(lists.iter().any(|list| list.contains(&name)), "--{name} is not on the page");
        }
        for name in LETTERS.iter().chain(&GAPS).chain(&OTHERS) {
            assert!(
                tokens.contains(&format!("--{name}: ")) && own.contains(&format!("var(--{name})")),
                "{name}"
            );
        }
    }

    /// Macros that only other macros call.
    const INNER: [&str; 9] = [
        "field_head",
        "field_notes",
        "field_state",
        "views_and_columns",
        "read_back",
        "picks",
        "choice_list",
        "choice_group",
        "tick_box",
    ];

    #[test]
    fn every_shared_macro_is_used_on_the_page() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
        let page = read("admin/components.html");
        for (file, prefix) in [("layout/macros.html", "m"), ("layout/lists.html", "l")] {
            let text = read(file);
            let names = text.split("{%- macro ").skip(1).filter_map(|rest| rest.split('(').next());
            let names: Vec<&str> = names.collect();
            assert!(names.len() > 8, "{file} was not read: {names:?}");
            for name in names {
                let inner = INNER.contains(&name) && text.contains(&format!("{{ {name}("));
                let inner = inner || INNER.contains(&name) && text.contains(&format!("{{- {name}("));
                let called =
                    [" ", "-"].iter().any(|gap| page.contains(&format!("{{{{{gap}{prefix}::{name}(")));
                let wraps = page.contains(&format!("{{% call {prefix}::{name}("));
                assert!(inner || called || wraps, "{file}: {name} is not on the page of components");
            }
        }
    }

    fn chrome(language: Lang) -> Chrome {
        let c = Chrome { language, ..Chrome::default() };
        let item = |key: &str, current, count| NavItem { href: "#".into(), label: c.t(key), current, count };
        let group = |key: &str, items| NavGroup {
            label: if key.is_empty() { String::new() } else { c.t(key) },
            items,
        };
        Chrome {
            title: c.t("nav-components"),
            path: "/admin/components".into(),
            nav_groups: vec![
                group("", vec![item("nav-home", false, Some(7))]),
                group(
                    "nav-group-platform",
                    vec![
                        item("nav-leads", true, None),
                        item("nav-dossiers", false, None),
                        item("nav-approvals", false, Some(3)),
                    ],
                ),
                group(
                    "nav-group-handover",
                    vec![item("nav-transfers", false, Some(12)), item("nav-cases", false, None)],
                ),
                group(
                    "nav-group-results",
                    vec![
                        item("nav-outcomes", false, None),
                        item("nav-operations", false, None),
                        item("nav-reports", false, None),
                    ],
                ),
                group(
                    "nav-group-directory",
                    vec![item("nav-agencies", false, None), item("nav-audit", false, None)],
                ),
            ],
            who: Some(Who { name: "林可（合成）".into(), role_label: c.t("role"), ..Who::default() }),
            demo: true,
            flash: Some(Flash { kind: "ok", text: c.t("components-notice") }),
            search: Some("/leads".into()),
            css: "look.css",
            js: "look.js",
            icon: "look.svg",
            ..c
        }
    }

    /// Set `LOOK_PREVIEW` to a folder to get the pages as files for a browser.
    fn preview(name: &str, html: &str) {
        if let Some(folder) = std::env::var_os("LOOK_PREVIEW") {
            fs::write(Path::new(&folder).join(name), html).unwrap();
        }
    }

    #[test]
    fn every_component_renders_in_both_languages_without_missing_texts_or_inline_code() {
        for language in Lang::ALL {
            let html = ComponentsPage::new(chrome(language), Vec::new()).render().unwrap();
            preview(&format!("components-{language}.html"), &html);
            for gone in [
                " style=",
                "<style",
                "onclick=",
                "<script>",
                ">components-",
                ">nav-",
                ">step-",
                ">action-",
                ">error-",
            ] {
                assert!(!html.contains(gone), "{language}: {gone}");
            }
            assert!(html.contains("aria-describedby=\"f-to-error\"") && html.contains("href=\"#f-to\""));
        }
    }

    #[test]
    fn an_error_page_shows_its_reference_and_a_way_back() {
        let c = chrome(Lang::Zh);
        let page = ErrorPage {
            status: 500,
            heading: c.t("error-page-500"),
            text: c.t("error-page-500-text"),
            is_kept: false,
            reference: Some("7K3Q".into()),
            back: vec![Link::new(c.t("action-home"), "/")],
            c,
        };
        let html = page.render().unwrap();
        preview("error.html", &html);
        assert!(html.contains("7K3Q") && html.contains("href=\"/\""));
    }
}
