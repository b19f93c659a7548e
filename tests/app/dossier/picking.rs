//! Choosing the addressees of a version by what is typed, and its items.

use lead_handoff::platform::db::Id;

use super::composing::more_agencies;
use crate::support::{
    TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    story::{self, compose, note},
};

/// What was typed where agencies are looked for and never picked is an addressee where it says which, and a fault beside it
/// otherwise, though it fits no other; nobody is passed over, and nobody guessed.
#[tokio::test]
async fn an_agency_that_was_typed_and_not_picked_is_taken_or_asked_for() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let first = note(&compiler, lead, "一.txt", "第一份").await;
    let second = note(&compiler, lead, "二.txt", "第二份").await;
    more_agencies(&app, 1..3).await;
    let (gz, hz) = (app.seed.agencies[GUANGZHOU], app.seed.agencies[HANGZHOU]);
    let typed = async |version: i32, keys: &[(&str, &str)]| {
        compose(&compiler, lead, version, &[gz], &[first, second], keys).await
    };
    let refused = typed(1, &[("q", "没有这个单位")]).await.expect(422);
    refused.has("没有选中单位：没有与“没有这个单位”相符的单位").has("value=\"没有这个单位\"");
    let several = typed(1, &[("q", "市场监督")]).await.expect(422);
    several.has("id=\"f-q-error\"").has("没有选中单位：“市场监督”").has("name=\"q.pick\"");
    let part = typed(1, &[("q", "杭州")]).await.expect(422);
    part.has("没有选中单位：“杭州”").has(&format!("name=\"q.pick\" value=\"{HANGZHOU}\""));
    // What was looked for and left is asked for, and not taken.
    let code = HANGZHOU;
    let left = typed(1, &[("q", code), ("sought", code)]).await.expect(422);
    left.has(&format!("name=\"q.pick\" value=\"{code}\""));
    assert!(story::newest(&app, lead).await.is_empty());
    // Picked from what was offered it is ticked, where something else is looked for too, and is an addressee where the form is
    // sent, though it is the text that was looked for and left.
    let found = typed(1, &[("q", "杭州"), ("q.pick", code), ("find", "yes")]).await.expect(200);
    found.has(&format!("name=\"agencies\" value=\"{hz}\" checked")).has("name=\"sought\" value=\"\"");
    typed(1, &[("q", code), ("sought", code), ("q.pick", code)]).await.expect(303);
    assert_eq!(story::dossiers(&app, lead).await.len(), 2);
    // What its newest version kept back is kept back again.
    app.settle().await;
    let hold = format!("withhold-{hz}");
    compose(&compiler, lead, 2, &[gz, hz], &[first, second], &[(&hold, "2")]).await.expect(303);
    app.settle().await;
    typed(3, &[("q", code)]).await.expect(303);
    app.settle().await;
    let form = compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(200).text();
    let field = form.split(&format!("name=\"{hold}\"")).nth(1).expect("the field");
    assert!(field[..80.min(field.len())].contains("value=\"2\""), "{}", &field[..80]);
    // So it is with its whole name, and where the Enter key sends the form after it was picked.
    for (version, keys) in [
        (4, &[("q", "杭州市市场监督管理局")][..]),
        (5, &[("q", "杭州"), ("sought", ""), ("q.pick", code), ("enter", "yes")][..]),
    ] {
        typed(version, keys).await.expect(303);
        assert_eq!(story::dossiers(&app, lead).await.len(), 2);
        app.settle().await;
    }
    // What is ticked already is done with, however it is written.
    typed(6, &[("q", GUANGZHOU)]).await.expect(303);
    assert_eq!(story::dossiers(&app, lead).await.len(), 1);
}

/// Only items of the lead that are still there are chosen, and no more than a package has room for: that is counted before one
/// of them is looked up.
#[tokio::test]
async fn a_selection_is_counted_and_holds_the_items_of_its_lead_alone() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let elsewhere = app.seed.lead(&app.services, "compiler");
    let first = note(&compiler, lead, "一.txt", "第一份").await;
    let gone = note(&compiler, lead, "二.txt", "第二份").await;
    let third = note(&compiler, lead, "三.txt", "第三份").await;
    let foreign = note(&compiler, elsewhere, "一.txt", "别处").await;
    compiler.post(&format!("/evidence/{gone}/remove"), &[]).await.expect(303);
    let gz = app.seed.agencies[GUANGZHOU];
    let unknown = "没有此项，请从列表中选择";
    for wrong in [foreign, gone, Id::new()] {
        compose(&compiler, lead, 1, &[gz], &[first, wrong], &[]).await.expect(422).has(unknown);
    }
    let many: Vec<Id> = (0..10_001).map(|_| Id::new()).collect();
    let refused = compose(&compiler, lead, 1, &[gz], &many, &[]).await.expect(422);
    refused.has("数量过多，最多 10000 项").has_not(unknown);
    // Numbers that are kept back are those of the lead's list, as far as they are chosen.
    let hold = format!("withhold-{gz}");
    let odd = compose(&compiler, lead, 1, &[gz], &[first, third], &[(&hold, "1-3")]).await.expect(422);
    odd.has("序号 2 没有选入卷宗");
    assert!(story::newest(&app, lead).await.is_empty());
    compose(&compiler, lead, 1, &[gz], &[third, first], &[(&hold, "3")]).await.expect(303);
    let made = story::newest(&app, lead).await.remove(0).id;
    let items = app
        .services
        .db
        .read(move |conn| lead_handoff::casework::dossier::store::items(conn, made))
        .await
        .expect("items");
    assert_eq!(items, [(first, 1), (third, 2)]);
}
