//! Strange input at every route: whatever comes, the answer is one, and never that the program failed.

use std::collections::BTreeSet;

use reqwest::RequestBuilder;

use super::{
    objects::{self, Objects},
    path_of,
    row::{Row, Who},
    table::ROWS,
};
use crate::support::{Browser, TestApp, fixtures};

/// Names that queries of lists know, and some that none does.
const ASKED: [&str; 18] = [
    "q", "state", "after", "before", "limit", "sort", "from", "to", "year", "region", "agency", "charge",
    "kind", "format", "as_at", "ok", "version", "nonsense",
];

/// What is typed where something else is meant, as it stands in a form or a query.
const VALUES: [(&str, &str); 9] = [
    ("nothing", ""),
    ("a zero byte", "a%00b"),
    ("broken UTF-8", "%FF%FE%C0"),
    ("letters that run the other way", "%E2%80%AEgpj.exe%E2%80%AC"),
    ("a negative number", "-9223372036854775809"),
    ("a huge number", "99999999999999999999999999999999999999"),
    ("a day that there is none of", "2016-02-30"),
    ("a mark of SQL, HTML and a path", "%27%3B--%3Cscript%3E..%2F..%2F%25"),
    ("the longest year", "262143-12-31T23:59:59Z"),
];

/// JSON that is none of what is asked for.
fn documents() -> Vec<Vec<u8>> {
    let deep = |open: &str, close: &str| [open.repeat(20_000), close.repeat(20_000)].concat().into_bytes();
    let fields =
        ["title", "summary", "charges", "region", "brands", "subjects", "sites", "listings", "source"];
    let all = |value: &str| {
        let members: Vec<String> = fields
            .iter()
            .chain(&["estimated_value", "occurred_from", "evidence", "agencies", "note", "withheld"])
            .map(|name| format!("\"{name}\": {value}"))
            .collect();
        format!("{{{}}}", members.join(", ")).into_bytes()
    };
    vec![
        Vec::new(),
        b"[]".to_vec(),
        b"null".to_vec(),
        b"{\"title\": ".to_vec(),
        b"\xff\xfe{\"title\": \"x\"}".to_vec(),
        deep("[", "]"),
        deep("{\"title\":", "}"),
        all("{}"),
        all("[[[[[[[[[1]]]]]]]]]"),
        all("1e400"),
        all("-1"),
        all("\"\\u0000\\u202e\\ud800\""),
        all("[{\"kind\": 1, \"region\": [], \"role\": null, \"url\": {}, \"price_fen\": -1, \"fen\": 1e30}]"),
        all(&format!("\"{}\"", "长".repeat(20_000))),
    ]
}

/// Bodies of uploads that no browser sends.
fn uploads() -> Vec<Vec<u8>> {
    let part = |head: &str, body: &str| format!("--x\r\n{head}\r\n\r\n{body}\r\n--x--\r\n").into_bytes();
    vec![
        Vec::new(),
        b"--x".to_vec(),
        b"--y--\r\n".to_vec(),
        part("Content-Disposition: form-data", "x"),
        part("Content-Disposition: form-data; name=\"file\"; filename=\"\0../..\"", "x"),
        part("Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%FF%00", ""),
        part(
            "Content-Disposition: form-data; name=\"source\"\r\nContent-Type: text/html",
            &"x".repeat(1 << 20),
        ),
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf".to_vec(),
    ]
}

/// One who is let in: a browser, and a token where the route is of the API.
async fn insider(app: &TestApp, who: Who) -> (Browser, String) {
    let name = who.username();
    let token = match who.role() {
        "liaison" => String::new(),
        _ => fixtures::token_for(app, name, &["read", "write"]).await,
    };
    (app.sign_in(name).await, token)
}

/// The names of the fields of a row's form: those that its page shows, and those that the matrix fills in.
async fn fields_of(row: &Row, path: &str, browser: &Browser) -> BTreeSet<String> {
    let known = [row.form, row.typed].join("&");
    let mut names: BTreeSet<String> =
        url::form_urlencoded::parse(known.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    let pages = [path.to_owned(), path.rsplit_once('/').map_or(String::new(), |(page, _)| page.to_owned())];
    for page in pages.iter().filter(|page| !page.is_empty()) {
        let reply = browser.client.get(browser.url(page)).send().await.expect("an answer");
        let text = reply.text().await.unwrap_or_default();
        names.extend(
            text.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned),
        );
    }
    names.remove("");
    names
}

/// What a row is asked with.
async fn requests(row: &Row, path: &str, browser: &Browser) -> Vec<(String, RequestBuilder)> {
    let url = browser.url(path);
    let join = if path.contains('?') { '&' } else { '?' };
    let post = |kind: &str, body: Vec<u8>| {
        browser.client.post(&url).header("origin", &browser.base).header("content-type", kind).body(body)
    };
    let filled = |names: &BTreeSet<String>, value: &str| {
        names.iter().map(|name| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    };
    let asked: BTreeSet<String> = ASKED.iter().map(|name| (*name).to_owned()).collect();
    let mut all = Vec::new();
    match (row.method, row.pattern.starts_with("/api/")) {
        ("GET", _) => {
            for (what, value) in VALUES {
                let url = format!("{url}{join}{}", filled(&asked, value));
                all.push((what.to_owned(), browser.client.get(url)));
            }
        }
        (_, true) if !row.pattern.ends_with("/evidence") => {
            for (n, body) in documents().into_iter().enumerate() {
                all.push((format!("document {n}"), post("application/json", body)));
            }
        }
        _ => {
            let names = fields_of(row, path, browser).await;
            let form = "application/x-www-form-urlencoded";
            for (what, value) in VALUES {
                all.push((what.to_owned(), post(form, filled(&names, value).into_bytes())));
            }
            let long = "x".repeat((1 << 20) / names.len().max(1));
            all.push(("a megabyte".to_owned(), post(form, filled(&names, &long).into_bytes())));
            all.push(("no form at all".to_owned(), post("text/plain", b"\xff\0".to_vec())));
            if ["/evidence", "/receipt/{delivery}/new", "/papers/new", "/import"]
                .iter()
                .any(|e| row.pattern.ends_with(e))
            {
                for (n, body) in uploads().into_iter().enumerate() {
                    all.push((format!("upload {n}"), post("multipart/form-data; boundary=x", body)));
                }
            }
        }
    }
    all
}

/// Paths with something else in the place of the objects.
fn odd_paths(row: &Row) -> Vec<String> {
    if !row.pattern.contains('{') {
        return Vec::new();
    }
    ["%00", "%FF%FE", "..%2F..%2Fetc", "99999999999999999999", "-1"]
        .into_iter()
        .map(|odd| {
            let objects: Objects = row
                .on
                .split(['?', ' '])
                .map(|name| (name.split('=').next_back().unwrap_or(name), odd.to_owned()))
                .collect();
            path_of(row, &objects)
        })
        .collect()
}

#[actix_web::test]
async fn whatever_is_sent_to_whatever_route_the_program_does_not_fail() {
    let app = TestApp::new().await;
    let planted = objects::plant(&app).await;
    let mut people = std::collections::HashMap::new();
    for who in Who::ALL {
        people.insert(who, insider(&app, who).await);
    }
    let (mut faults, mut asked, mut let_in) = (Vec::new(), 0, 0);
    // What ends the session of whoever tries it would leave nobody to try the rest.
    let ending = [
        "/logout",
        "/account/sessions/end-others",
        "/account/sessions/{id}/end",
        "/admin/people/{id}/disable",
    ];
    for row in ROWS.iter().filter(|row| !ending.contains(&row.pattern)) {
        let who = row.who.iter().chain(row.barred).next().copied().unwrap_or(Who::Owner);
        let (browser, token) = &people[&who];
        let path = path_of(row, &planted);
        let mut all = requests(row, &path, browser).await;
        for odd in odd_paths(row) {
            let url = browser.url(&odd);
            let request =
                if row.method == "GET" { browser.client.get(url) } else { browser.client.post(url) };
            all.push((odd, request.header("origin", &browser.base)));
        }
        for (what, mut request) in all {
            if row.pattern.starts_with("/api/") {
                request = request.bearer_auth(token);
            }
            asked += 1;
            match request.send().await {
                Ok(reply) => {
                    let (status, location) =
                        (reply.status().as_u16(), reply.headers().get("location").cloned());
                    let to_login = location.is_some_and(|to| to.as_bytes().starts_with(b"/login"));
                    let_in += i32::from(!to_login && status != 401);
                    let whole = reply.bytes().await.is_ok();
                    if status >= 500 || !whole {
                        faults.push(format!("{} {path} with {what}: {status}, whole: {whole}", row.method));
                    }
                }
                Err(e) => faults.push(format!("{} {path} with {what}: no answer: {e}", row.method)),
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(asked > 1500 && let_in * 10 > asked * 9, "{let_in} of {asked} got past the door");
    app.stranger().get("/healthz").await.expect(200);
    app.settle().await;
}
