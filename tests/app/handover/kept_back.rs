//! What an agency reads of a dossier from which something was kept back.

use super::{Story, send};
use crate::support::{TestApp, seed::GUANGZHOU, story};

#[tokio::test]
async fn a_package_without_an_item_does_not_say_that_it_holds_all() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let first = story::note(&compiler, lead, "一.txt", "第一份").await;
    let second = story::note(&compiler, lead, "二.txt", "第二份").await;
    let hold = format!("withhold-{}", app.seed.agencies[GUANGZHOU]);
    let made = story::seal_version(&app, lead, 1, &[GUANGZHOU], &[first, second], &[(&hold, "2")]).await;
    let transfer = send(&compiler, made[0], "portal").await.expect(303).id();
    let page = format!("/transfers/{transfer}");
    let liaison = app.sign_in("liaison").await;
    for who in [&liaison, &compiler] {
        let seen = who.get(&page).await.expect(200);
        seen.has("证据清单（含 1 项证据，1 项未提供）").has_not("含全部证据").has_not("（2 项）");
    }
    liaison.get(&page).await.expect(200).has("卷宗包（含 1 项证据，1 项未提供）");
    liaison.post("/language?to=en&back=/", &[]).await.expect(303);
    liaison.get(&page).await.expect(200).has("(evidence: 1 provided, 1 withheld)");
}

/// An agency's people know the list by the name that the navigation gives it.
#[tokio::test]
async fn the_way_back_of_a_liaison_is_called_the_inbox() {
    let s = Story::received().await;
    let navigation = s.liaison.get("/").await.expect(200).text();
    let side = navigation.split("<nav class=\"side\"").nth(1).and_then(|rest| rest.split("</nav>").next());
    assert!(side.is_some_and(|side| side.contains(">收件") && !side.contains(">移送<")), "{navigation}");
    for path in [
        format!("/transfers/{}", s.transfer),
        format!("/transfers/{}/refuse", s.transfer),
        format!("/transfers/selected?pick={}", s.transfer),
    ] {
        let page = s.liaison.get(&path).await.expect(200).text();
        let trail = page.split("<nav class=\"trail\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        let trail = trail.expect("a trail");
        assert!(trail.contains(">收件</a>") && !trail.contains(">移送</a>"), "{trail}");
    }
}
