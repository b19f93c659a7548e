//! The keys that do something by themselves: a page for everybody, and what the script shows of it at the key `?`.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::{
    directory::people::{Actor, session},
    platform::{
        error::Result,
        http::{html, layout::Chrome, view::Link},
        i18n, paths,
        services::Services,
    },
};

/// One line: keys, the message that says what they do, and what a page must have for them to do it (a selector of CSS;
/// empty: nothing).
type Line = (&'static [&'static str], &'static str, &'static str);

const EVERYWHERE: &[Line] = &[
    (&["?"], "keys-list", ""),
    (&["/"], "keys-search", "input[type=search]"),
    (&["u"], "keys-up", ".trail a"),
    (&["1", "…", "9"], "keys-tab", "main .tabs a"),
    (&["s"], "keys-step", "[data-step], [data-key=s]"),
    (&["n"], "keys-new", "[data-key=n]"),
    (&["e"], "keys-edit", "[data-key=e]"),
    (&["v"], "keys-evidence", "[data-key=v]"),
    (&["d"], "keys-dossier", "[data-key=d]"),
    (&["i"], "keys-assign", "[data-key=i]"),
    (&["Ctrl", "Enter"], "keys-send", "main form[method=post]"),
];

const LISTS: &[Line] = &[
    (&["j"], "keys-next", "main a[href]"),
    (&["k"], "keys-previous", "main a[href]"),
    (&["o"], "keys-open", "main a[href]"),
    (&["x"], "keys-tick", "main :is(tbody, li) input[type=checkbox]"),
    (&["b"], "keys-bulk", ".picking-bar"),
    (&["f"], "keys-filter", ".filters"),
    (&["["], "keys-page-before", "main a[rel=prev]"),
    (&["]"], "keys-page-after", "main a[rel=next]"),
];

/// A line as it is shown.
struct Shown {
    keys: Vec<&'static str>,
    text: String,
    needs: &'static str,
}

/// Lines under one heading.
struct Group {
    title: String,
    lines: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "reporting/keys.html")]
struct KeysPage {
    c: Chrome,
    trail: Vec<Link>,
    groups: Vec<Group>,
}

fn group(c: &Chrome, title: &str, lines: &[Line]) -> Group {
    let shown = |(keys, text, needs): &Line| Shown { keys: keys.to_vec(), text: c.t(*text), needs };
    Group { title: c.t(title), lines: lines.iter().map(shown).collect() }
}

/// The lists that the reader has, as the navigation names them.
fn ways(c: &Chrome) -> Group {
    let items = c.nav_groups.iter().flat_map(|group| &group.items).filter(|item| !item.letter().is_empty());
    let shown =
        items.map(|item| Shown { keys: vec!["g", item.letter()], text: item.label.clone(), needs: "" });
    Group { title: c.t("keys-ways"), lines: shown.collect() }
}

/// `GET /help/keys`
pub(super) async fn keys(
    me: Actor,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "keys-title"));
    let groups = vec![group(&c, "keys-everywhere", EVERYWHERE), group(&c, "keys-lists", LISTS), ways(&c)];
    html(&KeysPage { trail: vec![Link::new(c.t("help-title"), paths::HELP)], groups, c })
}
