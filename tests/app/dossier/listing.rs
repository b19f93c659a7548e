//! The list of all dossiers: it goes on and back, each stands in it once, and those of a rare state are found.

use std::collections::BTreeSet;

use diesel::prelude::*;
use lead_handoff::{
    casework::evidence::store,
    platform::db::{Id, schema::dossier},
};

use crate::support::{TestApp, fixtures, seed::GUANGZHOU, story};

/// The dossiers that a page links to.
fn shown(page: &str) -> BTreeSet<Id> {
    let links = page.split("href=\"/dossiers/").skip(1);
    links.filter_map(|rest| rest.get(..36)?.parse().ok()).collect()
}

/// The address of a link of the pager.
fn pager(page: &str, rel: &str) -> String {
    let link = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1).and_then(|rest| rest.split('"').next());
    link.expect("a link").replace("&#38;", "&").replace("&amp;", "&")
}

#[tokio::test]
async fn the_list_goes_on_and_back_also_where_all_were_composed_at_once() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    for _ in 0..53 {
        fixtures::unsealed(&app, lead, GUANGZHOU).await;
    }
    let now = app.now();
    let at_once = app.services.db.write_quiet(move |tx| {
        diesel::update(dossier::table).set(dossier::created_at.eq(now)).execute(tx.conn())?;
        Ok(())
    });
    at_once.await.expect("one time");
    let manager = app.sign_in("manager").await;
    for address in ["/dossiers", "/dossiers?sort=made", "/dossiers?state=frozen"] {
        let first = manager.get(address).await.expect(200).text();
        let second = manager.get(&pager(&first, "next")).await.expect(200).text();
        assert_eq!((shown(&first).len(), shown(&second).len()), (50, 3), "{address}");
        assert!(shown(&first).is_disjoint(&shown(&second)), "{address}");
        let back = manager.get(&pager(&second, "prev")).await.expect(200).text();
        assert_eq!(shown(&back), shown(&first), "{address}");
    }
    manager.get("/dossiers?state=freezing").await.expect(200).has("没有符合条件的记录");
    manager.get("/dossiers?after=x").await.expect(422);
}

/// A dossier goes through every state, and is found by each while it is in it and not after.
#[tokio::test]
async fn a_dossier_is_found_by_the_state_that_it_is_in_also_while_it_is_sealed() {
    let app = TestApp::new().await;
    let (compiler, approver) = (app.sign_in("compiler").await, app.sign_in("approver").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "商品页面.txt", "标价 199 元。").await;
    let is_in = async |state: &str| {
        for word in ["freezing", "frozen", "sealing", "sealed"] {
            let page = compiler.get(&format!("/dossiers?state={word}")).await.expect(200).text();
            assert_eq!(shown(&page).len(), usize::from(word == state), "{word} while it is {state}");
        }
    };
    is_in("none").await;
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    is_in("freezing").await;
    app.settle().await;
    is_in("frozen").await;
    let review = story::submit(&compiler, lead).await;
    let fields = story::decision(&app, &approver, review).await;
    story::approve(&approver, review, &fields).await.expect(303);
    is_in("sealing").await;
    app.settle().await;
    is_in("sealed").await;
}

/// The form that composes a version offers as many items as a dossier holds, and knows that there are others.
#[tokio::test]
async fn no_more_items_are_offered_than_a_dossier_holds() {
    let app = TestApp::new().await;
    let (lead, compiler) = (app.seed.lead(&app.services, "compiler"), app.sign_in("compiler").await);
    for n in 1..=3 {
        story::note(&compiler, lead, &format!("记录 {n}"), &format!("第 {n} 份")).await;
    }
    for (most, names, has_more) in [(2, 2, true), (3, 3, false), (10_000, 3, false)] {
        let read = app.services.db.read(move |conn| store::first_of_lead(conn, lead, most)).await;
        let (items, more) = read.expect("items");
        let found: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!((found, more), (["记录 1.txt", "记录 2.txt", "记录 3.txt"][..names].to_vec(), has_more));
    }
    let page = compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(200);
    page.has("记录 3.txt").has_not("超过一份卷宗的容量");
}
