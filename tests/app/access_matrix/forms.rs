//! Where the forms of the pages go: to an address that takes what they post, for whoever is shown them.

use super::ROWS;

/// The value of an attribute of a tag, as it stands in the page; `None`: the tag has none of that name.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

/// The tags that begin so, each up to its end.
fn tags<'a>(html: &'a str, begin: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(begin).skip(1).filter_map(|rest| rest.split('>').next())
}

/// Where the forms of a page post to, without what stands behind the path; `here`: the page's own path.
fn posted_to(page: &str, here: &str) -> Vec<String> {
    let mut found = Vec::new();
    for form in page.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()) {
        let head = form.split('>').next().unwrap_or_default();
        let is_post = attribute(head, "method") == Some("post");
        if is_post {
            found.push(attribute(head, "action").unwrap_or(here));
        }
        for button in tags(form, "<button") {
            let posts = attribute(button, "formmethod").map_or(is_post, |method| method == "post");
            found.extend(attribute(button, "formaction").filter(|_| posts));
        }
    }
    let path = |address: &&str| address.split(['?', '#']).next().unwrap_or_default().to_owned();
    found.iter().map(path).map(|path| if path.is_empty() { here.to_owned() } else { path }).collect()
}

/// Whether a path is one of a pattern of the router.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut asked, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (asked.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(word)) if part == word || (part.contains('{') && !word.is_empty()) => {}
            _ => return false,
        }
    }
}

/// What of a page's forms goes to an address that nothing is posted to.
pub fn astray(page: &str, here: &str) -> Vec<String> {
    let here = here.split('?').next().unwrap_or_default();
    let takes = |path: &String| ROWS.iter().any(|row| row.method == "POST" && fits(row.pattern, path));
    posted_to(page, here).into_iter().filter(|path| !takes(path)).collect()
}

#[test]
fn a_form_that_goes_astray_is_told_from_one_that_does_not() {
    let page = "<form method=\"post\" action=\"/logout\"><button>x</button></form>\
        <form method=\"get\" action=\"/no/such\"><button formaction=\"/no/such/either\">x</button></form>\
        <form method=\"dialog\" action=\"/no/such\"><button>x</button></form>\
        <form class=\"a\" method=\"post\" action=\"/leads/7/comments?once=8#a\"><button>x</button></form>";
    assert_eq!(posted_to(page, "/"), ["/logout", "/leads/7/comments"]);
    assert_eq!(astray(page, "/"), Vec::<String>::new());
    let page = "<form method=\"post\"><button formaction=\"/no/such\">x</button></form>";
    assert_eq!(posted_to(page, "/account"), ["/account", "/no/such"]);
    assert_eq!(astray(page, "/account?ok=x"), ["/no/such"]);
    assert_eq!(astray(page, "/admin/components"), ["/admin/components", "/no/such"]);
}
