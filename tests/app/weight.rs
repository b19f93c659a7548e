//! What a page weighs on the line, as it is served to a browser: small enough for a phone at the edge of a network.

use std::{collections::HashMap, io::Read as _};

use reqwest::header;

use crate::support::{Browser, Reply, TestApp, fixtures};

/// Most bytes of the scripts of a page.
const SCRIPTS: usize = 20 * 1024;
/// Most bytes of a first page with all that it needs.
const FIRST_PAGE: usize = 60 * 1024;

/// As a browser asks, which takes it compressed.
pub(crate) async fn asked(browser: &Browser, path: &str) -> Reply {
    let request = browser.client.get(browser.url(path)).header(header::ACCEPT_ENCODING, "gzip, deflate, br");
    browser.send(request).await
}

async fn packed(browser: &Browser, path: &str) -> Reply {
    let reply = asked(browser, path).await.expect(200);
    assert_eq!(reply.headers["content-encoding"], "gzip", "{path}");
    reply
}

fn unpacked(reply: &Reply) -> Vec<u8> {
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(reply.bytes.as_slice()).read_to_end(&mut text).expect("gzip");
    text
}

/// The addresses of scripts, and of what else a page needs: its style sheet and its icon. A worker is a script as well.
fn needs(page: &str) -> (Vec<&str>, Vec<&str>) {
    let addresses = |begin: &'static str| page.split(begin).skip(1).filter_map(|rest| rest.split('"').next());
    let scripts = addresses(" src=\"").chain(addresses(" data-worker=\""));
    let scripts: Vec<&str> = scripts.filter(|at| at.starts_with("/assets/")).collect();
    let others: Vec<&str> = addresses(" href=\"").filter(|at| at.starts_with("/assets/")).collect();
    assert!(!scripts.is_empty() && others.len() > 1, "{scripts:?} {others:?}");
    (scripts, others)
}

/// Weighs pages; what several of them need is asked for once.
#[derive(Default)]
pub(crate) struct Scale {
    assets: HashMap<String, usize>,
}

impl Scale {
    /// What is too heavy of a page that was answered compressed.
    pub(crate) async fn faults(&mut self, browser: &Browser, path: &str, page: &Reply) -> Vec<String> {
        assert_eq!(page.headers["content-encoding"], "gzip", "{path}");
        let text = String::from_utf8(unpacked(page)).expect("a page");
        let (scripts, others) = needs(&text);
        let (mut script, mut all) = (0, page.bytes.len());
        for at in scripts {
            script += self.asset(browser, at).await;
        }
        for at in others {
            all += self.asset(browser, at).await;
        }
        all += script;
        let mut faults = Vec::new();
        if script > SCRIPTS {
            faults.push(format!("{path}: {script} bytes of scripts"));
        }
        if all > FIRST_PAGE {
            faults.push(format!("{path}: {all} bytes"));
        }
        faults
    }

    async fn asset(&mut self, browser: &Browser, at: &str) -> usize {
        if let Some(known) = self.assets.get(at) {
            return *known;
        }
        let weight = packed(browser, at).await.bytes.len();
        self.assets.insert(at.to_owned(), weight);
        weight
    }
}

/// Of every route that shows a page: `access_matrix/weight`.
#[tokio::test]
async fn a_first_page_is_light_for_a_stranger_and_for_a_compiler() {
    let app = TestApp::new().await;
    fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    app.seed.lead(&app.services, "compiler");
    let mut scale = Scale::default();
    for (browser, path) in [
        (app.stranger(), "/login"),
        (app.stranger(), "/verify"),
        (app.stranger(), "/api/docs"),
        (app.sign_in("compiler").await, "/"),
    ] {
        let page = packed(&browser, path).await;
        let faults = scale.faults(&browser, path, &page).await;
        assert!(faults.is_empty(), "{faults:?}");
    }
    // What the page of checking needs is its own: its script, its worker, and nothing of the other pages' script.
    let page = app.stranger().get("/verify").await.expect(200).text();
    let (scripts, _) = needs(&page);
    assert!(scripts.len() == 2 && scripts.iter().all(|at| at.starts_with("/assets/verify")), "{scripts:?}");
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
        let small = packed(&stranger, at).await;
        let text = unpacked(&small);
        assert!(text == plain.bytes && small.bytes.len() < text.len(), "{at}");
        let refused = stranger.client.get(stranger.url(at)).header(header::ACCEPT_ENCODING, "gzip;q=0");
        let refused = stranger.send(refused).await.expect(200);
        assert!(refused.bytes == plain.bytes, "{at}");
    }
}
