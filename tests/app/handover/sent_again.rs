//! The way of a transfer that was sent again, as its page shows it.

use diesel::prelude::*;
use lead_handoff::platform::db::schema::transfer;

use super::{clocks::taken_at, send};
use crate::support::{
    TestApp, fixtures,
    ledger::{Sent, noon},
    seed::GUANGZHOU,
    today,
};

/// What follows `begin` in `text`, up to `end`; nothing where it is not there.
fn after<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    text.split_once(begin).and_then(|(_, rest)| rest.split(end).next()).unwrap_or_default()
}

/// The steps of the way: how far each came, and the day below it.
fn way(page: &str) -> Vec<(String, String)> {
    let list = after(page, "<ol class=\"steps\"", "</ol>");
    let steps = list.split("<li ").skip(1);
    steps
        .map(|step| (after(step, "class=\"step-", "\"").into(), after(step, "step-note\">", "<").into()))
        .collect()
}

#[tokio::test]
async fn the_way_of_what_was_sent_again_has_the_days_of_its_own_run() {
    let app = TestApp::new().await;
    let how = Sent {
        received: Some("2016-05-05"),
        accepted: Some("2016-05-10"),
        ..Sent::to(GUANGZHOU, "2016-05-04")
    };
    let made = app.handed(&how, None);
    let first = [
        ("sent", "2016-05-04"),
        ("received", "2016-05-05"),
        ("accepted", "2016-05-10"),
        ("returned", "2016-05-20"),
    ];
    taken_at(&app, made.transfer, first.map(|(kind, day)| (kind, noon(day))).to_vec()).await;
    let returned = app.services.db.write_quiet(move |tx| {
        let row = diesel::update(transfer::table.find(made.transfer));
        row.set(transfer::state.eq("returned")).execute(tx.conn())?;
        Ok(())
    });
    returned.await.expect("returned");
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let today = today();
    let today = today.as_str();
    let page = format!("/transfers/{}", made.transfer);
    let stands = async |expected: &[(&str, &str)]| {
        let way = way(&compiler.get(&page).await.expect(200).text());
        let way: Vec<_> = way.iter().map(|(state, day)| (state.as_str(), day.as_str())).collect();
        assert_eq!(way, expected);
    };
    stands(&[("done", "2016-05-04"), ("done", "2016-05-05"), ("done", "2016-05-10"), ("stopped", "")]).await;
    let second = fixtures::sealed(&app, made.lead, GUANGZHOU).await;
    assert_eq!(send(&compiler, second, "portal").await.expect(303).id(), made.transfer);
    stands(&[("current", today), ("todo", ""), ("todo", ""), ("todo", "")]).await;
    liaison.post(&format!("{page}/acknowledge"), &[]).await.expect(303);
    stands(&[("done", today), ("current", today), ("todo", ""), ("todo", "")]).await;
    // It ends at once: that the first run was accepted is no part of this one's way.
    let fields = [("code", "RF-OTHER"), ("text", "不归我们管")];
    liaison.post(&format!("{page}/refuse"), &fields).await.expect(303);
    stands(&[("done", today), ("done", today), ("stopped", "")]).await;
}
