//! What a page weighs on the line, as it is served to a browser: small enough for a phone at the edge of a network.

use std::io::Read as _;

use reqwest::header;

use crate::support::{Browser, Reply, TestApp, fixtures};

/// Most bytes of the scripts of a page.
const SCRIPTS: usize = 20 * 1024;
/// Most bytes of a first page with all that it needs.
const FIRST_PAGE: usize = 60 * 1024;

/// As a browser asks, which takes it compressed.
async fn packed(browser: &Browser, path: &str) -> Reply {
    let request = browser.client.get(browser.url(path)).header(header::ACCEPT_ENCODING, "gzip, deflate, br");
    let reply = browser.send(request).await.expect(200);
    assert_eq!(reply.headers["content-encoding"], "gzip", "{path}");
    reply
}

/// The addresses of scripts, one that a worker runs among them, and of what else a page needs: its style sheet and its icon.
fn needs(page: &str) -> (Vec<&str>, Vec<&str>) {
    let addresses = |begin: &'static str| page.split(begin).skip(1).filter_map(|rest| rest.split('"').next());
    let of_ours = |at: &&str| at.starts_with("/assets/");
    let scripts =
        addresses(" src=\"").chain(addresses(" data-worker=\"")).filter(of_ours).collect::<Vec<_>>();
    let others: Vec<&str> = addresses(" href=\"").filter(of_ours).collect();
    assert!(!scripts.is_empty() && others.len() > 1, "{scripts:?} {others:?}");
    (scripts, others)
}

/// Bytes of the scripts of a page, and of the page with all that it needs.
async fn weights(browser: &Browser, path: &str) -> (usize, usize) {
    let page = browser.get(path).await.expect(200).text();
    let (scripts, others) = needs(&page);
    let mut script = 0;
    for at in scripts {
        script += packed(browser, at).await.bytes.len();
    }
    let mut all = script + packed(browser, path).await.bytes.len();
    for at in others {
        all += packed(browser, at).await.bytes.len();
    }
    (script, all)
}

#[tokio::test]
async fn a_page_is_light_for_a_stranger_and_for_whoever_works_with_it() {
    let app = TestApp::new().await;
    fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let (own, evidence) = (format!("/leads/{lead}"), format!("/leads/{lead}/evidence"));
    let stranger: &[&str] = &["/login", "/verify"];
    let compiler: &[&str] = &[
        "/",
        "/leads",
        "/leads/new",
        &own,
        &evidence,
        "/dossiers",
        "/transfers",
        "/cases",
        "/outcomes",
        "/account",
        "/help",
    ];
    let admin: &[&str] =
        &["/admin/system", "/admin/people", "/admin/settings", "/admin/jobs", "/admin/components"];
    for (browser, paths) in [
        (app.stranger(), stranger),
        (app.sign_in("compiler").await, compiler),
        (app.sign_in("admin").await, admin),
        (app.sign_in("manager").await, &["/", "/reports", "/audit"][..]),
        (app.sign_in("liaison").await, &["/", "/transfers"][..]),
    ] {
        for path in paths {
            let (script, all) = weights(&browser, path).await;
            assert!(script <= SCRIPTS, "{path}: {script} bytes of scripts");
            assert!(all <= FIRST_PAGE, "{path}: {all} bytes");
        }
    }
}

/// Whoever takes nothing compressed gets the same plain.
#[tokio::test]
async fn what_is_compressed_is_the_same_as_what_is_not() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let page = stranger.get("/login").await.expect(200).text();
    let (scripts, others) = needs(&page);
    for at in scripts.into_iter().chain(others) {
        let plain = stranger.get(at).await.expect(200);
        assert!(!plain.headers.contains_key("content-encoding"), "{at}");
        let mut text = Vec::new();
        let small = packed(&stranger, at).await.bytes;
        flate2::read::GzDecoder::new(small.as_slice()).read_to_end(&mut text).expect("gzip");
        assert!(text == plain.bytes && small.len() < text.len(), "{at}");
        let refused = stranger.client.get(stranger.url(at)).header(header::ACCEPT_ENCODING, "gzip;q=0");
        let refused = stranger.send(refused).await.expect(200);
        assert!(refused.bytes == plain.bytes, "{at}");
    }
}
