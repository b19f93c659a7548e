//! What the page of every route weighs, as it is served to somebody who is let in.

use super::{Class, People, ROWS, callers, is_page, objects, path_of};
use crate::{
    support::TestApp,
    weight::{Scale, asked},
};

/// Routes that show a page, at the least.
const PAGES: usize = 80;

#[actix_web::test]
async fn the_page_of_every_route_is_light() {
    let app = TestApp::new().await;
    let objects = objects::plant(&app).await;
    let people = People::of(&app).await;
    let mut scale = Scale::default();
    let (mut pages, mut faults) = (0, Vec::new());
    for row in ROWS.iter().filter(|row| row.method == "GET") {
        let path = path_of(row, &objects);
        let callers = callers(row, &people);
        let browsers: Vec<_> = callers
            .iter()
            .filter(|(caller, expected)| *expected == Class::In && caller.token.is_none())
            .map(|(caller, _)| caller.browser)
            .collect();
        // The two sides of a handover have pages of their own: the first and the last whom the row lets in.
        let mut is_shown = false;
        for browser in browsers.first().into_iter().chain(browsers.get(1..).and_then(<[_]>::last)) {
            let reply = asked(browser, &path).await;
            if reply.status == 200 && is_page(&reply) {
                is_shown = true;
                faults.extend(scale.faults(browser, row.pattern, &reply).await);
            }
        }
        pages += usize::from(is_shown);
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(pages > PAGES, "{pages} routes showed a page");
}
