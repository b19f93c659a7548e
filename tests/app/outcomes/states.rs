//! What stands beside the states of the list.

use lead_handoff::platform::http::list_head::LOOKED_AT;

use super::{filed, listing::enter, post};
use crate::support::{
    Browser, TestApp,
    seed::{GUANGZHOU, HANGZHOU},
};

/// What stands beside the links by state, "all" first.
async fn counts(browser: &Browser, address: &str) -> Vec<String> {
    let page = browser.get(address).await.expect(200).text();
    let tabs = page.split("aria-label=\"按状态查看\"").nth(1).and_then(|rest| rest.split("</nav>").next());
    let counts = tabs.expect("tabs").split("<span class=\"count\">").skip(1);
    counts.map(|rest| rest.split('<').next().unwrap_or_default().to_owned()).collect()
}

/// Of a ledger that is too long to be looked through: what was decided, rejected and taken back is told all the same.
#[tokio::test]
async fn a_long_ledger_tells_its_states_as_a_short_one_does() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let manager = app.sign_in("manager").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let liaison = app.sign_in("liaison").await;
    let mut entries = Vec::new();
    for day in ["2016-06-12", "2016-06-18", "2016-06-20", "2016-06-28"] {
        let fields: [(&str, String); 7] = [
            ("kind", "penalty".into()),
            ("amount", "2 万".into()),
            ("legal", "TM60".into()),
            ("happened_on", day.into()),
            ("region", "440111".into()),
            ("source_kind", "paper".into()),
            ("source_title", "处罚决定书".into()),
        ];
        entries.push(post(&liaison, &path, &fields).await.expect(303).id());
    }
    for n in [0, 2, 3] {
        manager.post(&format!("/outcomes/{}/confirm", entries[n]), &[]).await.expect(303);
    }
    let mut counters = Vec::new();
    for n in [2, 3] {
        let correct = format!("/outcomes/{}/correct", entries[n]);
        counters.push(manager.post(&correct, &[("reason", "登记重复")]).await.expect(303).id());
    }
    liaison.post(&format!("/outcomes/{}/confirm", counters[1]), &[]).await.expect(303);
    manager.post(&format!("/outcomes/{}/reject", entries[1]), &[("reason", "与案卷不符")]).await.expect(303);
    let short = counts(&manager, "/outcomes").await;
    // All; one waits, two are confirmed, and of each of the others there is one.
    assert_eq!(short, ["6", "1", "2", "1", "1", "1"]);
    enter(&app, GUANGZHOU, made, 1_001).await;
    let long = counts(&manager, "/outcomes").await;
    // All and those that wait are more now; of the other states there are as many as before.
    assert_eq!((&long[0], &long[1]), (&"999+".to_owned(), &"999+".to_owned()));
    assert_eq!(long[2..], short[2..]);
}

/// A part of it that no index knows is looked for among the newest entries alone.
#[tokio::test]
async fn of_a_part_of_a_very_long_ledger_it_says_at_least() {
    let app = TestApp::new().await;
    let earlier = filed(&app, HANGZHOU);
    enter(&app, HANGZHOU, earlier, 3).await;
    let later = filed(&app, GUANGZHOU);
    enter(&app, GUANGZHOU, later, LOOKED_AT).await;
    let manager = app.sign_in("manager").await;
    let many = ["999+", "999+", "0+", "0+", "0+", "0+"];
    assert_eq!(counts(&manager, "/outcomes?region=440000").await, many);
    assert_eq!(counts(&manager, "/outcomes?year=2016").await, many);
    assert_eq!(counts(&manager, "/outcomes?region=330000").await, ["0+"; 6]);
    // An agency's entries lie in an index of their own.
    let agency = app.seed.agencies[HANGZHOU];
    let few = ["3", "3", "0", "0", "0", "0"];
    assert_eq!(counts(&manager, &format!("/outcomes?agency={agency}&region=330000")).await, few);
}
