//! Everybody follows every link from home, on the sample of the demo: each page opens, and whoever comes there first looks at it
//! in both languages and both schemes of colours, on a desk and enlarged to 400%; the others each in one of them, and all of them
//! together in each.

use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    support::TestApp,
};

/// A walk that hangs is ended; a busy machine takes several times as long as one that is idle.
const PATIENCE: Duration = Duration::from_secs(1_150);

/// In which language somebody begins: a page is left in the other one that was looked at in both.
const BEGINS: [&str; 2] = ["zh-CN", "en"];

/// Who works on the platform's side, and pages that they must come to by links alone.
const PLATFORM: &[(&str, &[&str])] = &[
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
];

/// And on an agency's.
const AGENCY: &[(&str, &[&str])] = &[("liaison", &["/transfers", "/cases", "/outcomes"])];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_that_links_lead_to_is_in_order_on_the_platforms_side() {
    walked(PLATFORM, 60).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_that_links_lead_to_is_in_order_on_an_agencys_side() {
    walked(AGENCY, 15).await;
}

/// Everybody of one side, who come by `least` kinds of page and more.
async fn walked(side: &[(&str, &[&str])], least: usize) {
    let app = TestApp::demo().await;
    let mut desk = Desk::new(&app, Manner::usual()).await;
    let done = tokio::time::timeout(PATIENCE, walk(&mut desk, side)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    let looked = done.expect("the walk ends in time");
    assert!(looked.len() > least, "few pages were found: {looked:?}");
}

/// The kinds of page that were looked at.
async fn walk(desk: &mut Desk<'_>, side: &[(&str, &[&str])]) -> BTreeSet<String> {
    let mut looked: BTreeSet<String> = BTreeSet::new();
    for ((name, must_see), lang) in side.iter().zip(BEGINS.into_iter().cycle()) {
        desk.open("/login").await;
        desk.sit_down(name).await;
        desk.open("/").await;
        desk.speak(lang, "/").await;
        let seen = follow(desk, name, &mut looked).await;
        for path in *must_see {
            if !seen.contains(*path) {
                desk.faults.push(format!("{name} finds no way to {path}"));
            }
        }
    }
    looked
}

/// Follows every kind of link once; gives the paths that were linked to.
async fn follow(desk: &mut Desk<'_>, name: &str, looked: &mut BTreeSet<String>) -> BTreeSet<String> {
    // An address, and the state of what it shows, where the list that leads to it is of one.
    let mut waiting = VecDeque::from([("/".to_owned(), String::new())]);
    let mut kinds: BTreeSet<String> = BTreeSet::from(["/".to_owned()]);
    let mut opened: BTreeSet<String> = BTreeSet::new();
    let mut linked: BTreeSet<String> = BTreeSet::new();
    while let Some((path, state)) = waiting.pop_front() {
        // A filter or a further page of a list looks like the list, but a list of one state leads to what has that state.
        let kind = format!("{}{state}", kind_of(&path));
        let of_state = state_of(&path).filter(|_| ["compiler", "liaison"].contains(&name));
        let plain = kind.split('?').next().unwrap_or_default().to_owned();
        // It was a page for somebody before, so that it need not be asked for twice to know that it is one.
        let is_known = looked.contains(&plain) && !opened.contains(&plain);
        let (status, is_page) = if is_known {
            desk.open(&path).await;
            (answered(desk).await, true)
        } else {
            head(desk, &path).await
        };
        if status != 200 {
            desk.faults.push(format!("{name}: {path}: answers {status}"));
            continue;
        }
        let first = opened.insert(plain.clone());
        if !is_page || (!first && of_state.is_none()) {
            continue;
        }
        if !is_known {
            desk.open(&path).await;
        }
        for link in links(desk).await {
            linked.insert(link.split('?').next().unwrap_or_default().to_owned());
            let state = of_state.filter(|_| kind_of(&link) == format!("{plain}/…"));
            let state = state.map(|state| format!("~{state}")).unwrap_or_default();
            if kinds.insert(format!("{}{state}", kind_of(&link))) {
                waiting.push_back((link, state));
            }
        }
        if !first {
            continue;
        }
        let label = format!("{name}{}", plain.replace(['/', '…', '~'], "-"));
        let is_new = looked.insert(plain);
        if state.is_empty() {
            let label = label.trim_end_matches('-');
            if is_new { desk.go_round(label).await } else { desk.pass_by(label).await }
        } else if is_new {
            desk.speak(desk.manner.lang, &path).await;
            desk.glance(label.trim_end_matches('-')).await;
        }
    }
    linked
}

/// The state that a list is of, by its address.
fn state_of(path: &str) -> Option<&str> {
    let query = path.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix("state=")).filter(|state| !state.is_empty())
}

/// The status that the open page was answered with.
async fn answered(desk: &Desk<'_>) -> u64 {
    let status = desk.js("return performance.getEntriesByType('navigation')[0].responseStatus").await;
    status.as_u64().unwrap_or_default()
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
    found.as_array().into_iter().flatten().filter_map(|link| link.as_str().map(str::to_owned)).collect()
}

/// The address with every part that has a digit taken for one, the names of what is asked, and the state that is asked for.
fn kind_of(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if part.bytes().any(|b| b.is_ascii_digit()) { "…" } else { part })
        .collect();
    let names: BTreeSet<&str> = query
        .split('&')
        .map(
            |pair| if pair.starts_with("state=") { pair } else { pair.split('=').next().unwrap_or_default() },
        )
        .collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    if names.is_empty() { parts.join("/") } else { format!("{}?{}", parts.join("/"), names.join("&")) }
}
