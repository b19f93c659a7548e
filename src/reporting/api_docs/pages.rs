//! The description as pages: one that begins and lists all, and one for the calls about one thing, as all on one page would
//! be more than a phone lays out at once.

use askama::Template;
use serde_json::Value;

use super::{
    places::{self, DOCS, Places, SHARED, object},
    read::{self, Call, Schema, chip_of, id_of, list, pretty, text, title_of},
};
use crate::platform::http::{
    layout::Chrome,
    view::{Chip, Link},
};

/// A call as the contents have it.
pub struct Listed {
    pub id: String,
    pub title: String,
    pub href: String,
    pub method: Chip,
    pub path: String,
}

/// The calls about one thing, as the contents have them.
pub struct Group {
    pub id: String,
    pub name: String,
    pub href: String,
    /// Whether it is what the page is about.
    pub current: bool,
    pub calls: Vec<Listed>,
}

/// Where the description begins: what holds for all calls, and where each call and each shape is described.
#[derive(Template)]
#[template(path = "reporting/api.html")]
pub struct IndexPage {
    pub c: Chrome,
    /// Where this installation answers.
    pub base: String,
    /// Whether the page of one's own tokens is there for the reader.
    pub offers_tokens: bool,
    pub problem: String,
    pub groups: Vec<Group>,
    /// All shapes, by name.
    pub shapes: Vec<Link>,
}

/// The calls about one thing with the shapes that they alone use, or the other shapes.
#[derive(Template)]
#[template(path = "reporting/api_part.html")]
pub struct PartPage {
    pub c: Chrome,
    pub groups: Vec<Group>,
    pub calls: Vec<Call>,
    pub schemas: Vec<Schema>,
}

/// The contents: the groups with their calls. `current`: the one that the page is about.
fn groups(c: &Chrome, document: &Value, current: &str) -> Vec<Group> {
    let group = |tag: &Value| {
        let id = text(tag, "name");
        let listed = |(path, method, _): (&str, &str, &Value)| Listed {
            id: id_of(path, method),
            title: title_of(c, path, method),
            href: format!("{DOCS}/{id}#{}", id_of(path, method)),
            method: chip_of(method),
            path: path.to_owned(),
        };
        Group {
            name: c.t(format!("api-about-{id}")),
            href: format!("{DOCS}/{id}"),
            current: id == current,
            calls: places::calls(document, &id).map(listed).collect(),
            id,
        }
    };
    list(document, "tags").map(group).collect()
}

impl IndexPage {
    /// `base`: the address of this installation.
    pub fn new(c: Chrome, document: &Value, base: &str) -> Self {
        let places = Places::of(document);
        let shapes = object(&document["components"]["schemas"]);
        let problem = "/paths/~1api~1v1~1leads/post/responses/422/content/application~1problem+json/example";
        Self {
            base: base.to_owned(),
            offers_tokens: true,
            problem: document.pointer(problem).map_or_else(String::new, pretty),
            groups: groups(&c, document, ""),
            shapes: shapes.map(|(name, _)| Link::new(name.as_str(), places.href(name))).collect(),
            c,
        }
    }
}

impl PartPage {
    /// The page of a group of calls, or of the shapes that are nobody's own; `None`: there is no such part.
    pub fn new(c: Chrome, document: &Value, part: &str) -> Option<Self> {
        let places = Places::of(document);
        let groups = groups(&c, document, part);
        let name = match groups.iter().find(|group| group.current) {
            Some(group) => group.name.clone(),
            None if part == SHARED => c.t("api-shared"),
            None => return None,
        };
        let calls = places::calls(document, part);
        let calls = calls.map(|(path, method, value)| read::call(&c, &places, path, method, value)).collect();
        let shapes = object(&document["components"]["schemas"]);
        let own = shapes.filter(|(name, _)| places.part_of(name) == part);
        let schemas = own.map(|(name, value)| read::schema(&places, name, value)).collect();
        let c = Chrome { title: format!("{} · {name}", c.title), ..c };
        Some(Self { c, groups, calls, schemas })
    }

    fn is_shared(&self) -> bool {
        self.calls.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n;

    fn parts_of(document: &Value) -> Vec<String> {
        let tags = list(document, "tags").map(|tag| text(tag, "name"));
        tags.chain([SHARED.to_owned()]).collect()
    }

    #[test]
    fn every_call_has_words_in_both_languages_and_lines_that_try_it() {
        let document = super::super::document();
        for language in i18n::Lang::ALL {
            let c = Chrome { language, ..Chrome::default() };
            let index = IndexPage::new(c.clone(), &document, "http://127.0.0.1:8080");
            let mut listed: Vec<&str> =
                index.groups.iter().flat_map(|group| &group.calls).map(|call| call.id.as_str()).collect();
            let mut pages = vec![index.render().expect("a page")];
            for part in parts_of(&document) {
                let page = PartPage::new(c.clone(), &document, &part).expect("a part");
                pages.push(page.render().expect("a page"));
                for call in &page.calls {
                    listed.retain(|id| *id != call.id);
                    assert!(!call.title.starts_with("api-call-"), "{language}: {}", call.title);
                    assert!(
                        call.shell.contains("curl -s") && call.shell.contains("$BASE/api/v1/"),
                        "{}",
                        call.shell
                    );
                }
            }
            assert!(listed.is_empty(), "on no page: {listed:?}");
            for html in pages {
                // On a phone a table stacks, as none may be wider than the page.
                for gone in [">api-", "\"api-call-", " style=", "<script>", "table-scroll"] {
                    assert!(!html.contains(gone), "{language}: {gone}");
                }
            }
        }
    }

    /// What a phone lays out at once has a bound, and all of it is there: no link of a page leads beside a shape.
    #[test]
    fn the_pages_are_light_and_every_link_leads_to_what_it_names() {
        let document = super::super::document();
        let c = Chrome::default();
        let begins = |letter: char| letter.is_ascii_lowercase();
        let mut pages =
            vec![(DOCS.to_owned(), IndexPage::new(c.clone(), &document, "").render().expect("a page"))];
        for part in parts_of(&document) {
            let page = PartPage::new(c.clone(), &document, &part).expect("a part");
            pages.push((format!("{DOCS}/{part}"), page.render().expect("a page")));
        }
        let mut links = 0;
        for (at, html) in &pages {
            let elements = html.split('<').filter(|rest| rest.starts_with(begins)).count();
            assert!(elements < 2_500, "{at}: {elements} elements");
            let hrefs = html.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            for (path, anchor) in hrefs.filter_map(|href| href.split_once('#')) {
                let path = if path.is_empty() { at.as_str() } else { path };
                let there = pages.iter().find(|(known, _)| known == path);
                let there = there.filter(|(_, html)| html.contains(&format!("id=\"{anchor}\"")));
                assert!(there.is_some(), "{at}: nothing at {path}#{anchor}");
                links += 1;
            }
        }
        let shapes = object(&document["components"]["schemas"]).count();
        assert!(shapes > 50 && links > 4 * shapes, "{shapes} shapes, {links} links");
        assert!(PartPage::new(c, &document, "nothing").is_none());
    }
}
