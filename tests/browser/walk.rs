//! Everybody follows every link from home, on the sample of the demo: each page opens, and is looked at in both
//! languages, on a phone and on a desk.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use serde_json::json;

use crate::{desk::Desk, support::TestApp};

/// Longer than it takes by far; a walk that hangs is ended.
const PATIENCE: Duration = Duration::from_secs(900);

/// Everybody, and pages that they must come to by links alone.
const MUST_SEE: [(&str, &[&str]); 6] = [
    ("compiler", &["/leads", "/leads/new", "/transfers", "/cases", "/outcomes", "/agencies", "/account"]),
    ("approver", &["/leads", "/approvals"]),
    ("manager", &["/leads", "/reports/2016", "/outcomes", "/audit"]),
    (
        "admin",
        &[
            "/admin/people",
            "/admin/people/invitations",
            "/admin/mail",
            "/admin/jobs",
            "/admin/system",
            "/agencies",
        ],
    ),
    ("auditor", &["/audit", "/leads", "/reports/2016"]),
    ("liaison", &["/transfers", "/cases", "/outcomes"]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_that_links_lead_to_is_in_order() {
    let app = TestApp::demo().await;
    let mut desk = Desk::new(&app).await;
    let done = tokio::time::timeout(PATIENCE, walk(&mut desk)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    done.expect("the walk ends in time");
}

async fn walk(desk: &mut Desk<'_>) {
    // A page that several roles see alike is looked at once for each of them only if it belongs to a side of its own.
    let mut looked: BTreeSet<String> = BTreeSet::new();
    for (name, must_see) in MUST_SEE {
        desk.open("/login").await;
        desk.sit_down(name).await;
        let seen = follow(desk, name, &mut looked).await;
        for path in must_see {
            if !seen.contains(*path) {
                desk.faults.push(format!("{name} finds no way to {path}"));
            }
        }
    }
    assert!(looked.len() > 60, "few pages were found: {looked:?}");
}

/// Follows every kind of link once; gives the paths that were linked to.
async fn follow(desk: &mut Desk<'_>, name: &str, looked: &mut BTreeSet<String>) -> BTreeSet<String> {
    let side = if name == "liaison" { "agency" } else { "platform" };
    let mut waiting = VecDeque::from(["/".to_owned()]);
    let mut kinds: BTreeMap<String, String> = BTreeMap::from([("/".to_owned(), "/".to_owned())]);
    let mut linked: BTreeSet<String> = BTreeSet::new();
    while let Some(path) = waiting.pop_front() {
        let (status, is_page) = head(desk, &path).await;
        if status != 200 {
            desk.faults.push(format!("{name}: {path}: answers {status}"));
            continue;
        }
        if !is_page {
            continue;
        }
        desk.open(&path).await;
        for link in links(desk).await {
            linked.insert(link.split('?').next().unwrap_or_default().to_owned());
            let kind = kind_of(&link);
            if !kinds.contains_key(&kind) {
                kinds.insert(kind, link.clone());
                waiting.push_back(link);
            }
        }
        let kind = kind_of(&path);
        let own = ["/", "/help", "/account"].contains(&kind.as_str());
        let mark = if own { format!("{name} {kind}") } else { format!("{side} {kind}") };
        // A filter or a further page of a list looks like the list.
        if !kind.contains('?') && looked.insert(mark) {
            let label = format!("{name}{}", kind.replace(['/', '…'], "-"));
            desk.look(label.trim_end_matches('-')).await;
        }
    }
    linked
}

/// Status of an address, and whether it is a page (else it is a file).
async fn head(desk: &Desk<'_>, path: &str) -> (u64, bool) {
    let (status, kind, _) = desk.fetch(path).await;
    (status, kind.starts_with("text/html"))
}

/// The addresses of this server that the page links to.
async fn links(desk: &Desk<'_>) -> Vec<String> {
    let script = "return [...document.querySelectorAll('a[href]')].map((a) => new URL(a.href, location)) \
                  .filter((url) => url.origin === location.origin).map((url) => url.pathname + url.search);";
    let found = desk.js(script).await;
    assert_ne!(found, json!(null));
    let all = found.as_array().into_iter().flatten().filter_map(|link| link.as_str().map(str::to_owned));
    all.filter(|link| !link.starts_with("/language") && !link.starts_with("/static")).collect()
}

/// The address with every part that has a digit taken for one, and the names of what is asked.
fn kind_of(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if part.bytes().any(|b| b.is_ascii_digit()) { "…" } else { part })
        .collect();
    let names: BTreeSet<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    if names.is_empty() { parts.join("/") } else { format!("{}?{}", parts.join("/"), names.join("&")) }
}
