//! The page of one's tokens: what each may do, when it ends, when and from where it was last used.

use diesel::prelude::*;
use lead_handoff::platform::db::schema::api_token;

use crate::support::{Browser, TestApp, fixtures};

/// Lets the token of the test's one account end in so many seconds.
async fn ends_in(app: &TestApp, seconds: i64) {
    let set = app.services.db.write_quiet(move |tx| {
        let end = tx.now().plus_seconds(seconds);
        diesel::update(api_token::table).set(api_token::expires_at.eq(end)).execute(tx.conn())?;
        Ok(())
    });
    set.await.expect("an end");
}

/// The row of the one token.
async fn row(browser: &Browser) -> String {
    let page = browser.get("/account/tokens").await.expect(200).text();
    page.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).expect("a table").to_owned()
}

#[tokio::test]
async fn a_token_says_when_and_from_where_it_was_used_and_warns_before_it_ends() {
    let app = TestApp::with(&[("LEAD_HANDOFF_TRUSTED_PROXIES", "127.0.0.1".into())]).await;
    let compiler = app.sign_in("compiler").await;
    let token = fixtures::token(&app, "compiler").await;
    let unused = row(&compiler).await;
    assert!(unused.contains("从未") && unused.contains("chip-good") && !unused.contains("来自"), "{unused}");

    let program = app.stranger();
    let call = || program.client.get(program.url("/api/v1/me")).bearer_auth(&token);
    program.send(call().header("x-forwarded-for", "203.0.113.9")).await.expect(200);
    let used = row(&compiler).await;
    assert!(used.contains("203.0.113.9") && !used.contains("从未"), "{used}");

    for (seconds, said) in [
        (40 * 86_400, "chip-good"),
        (9 * 86_400 + 60, "9 天后到期"),
        (3_600, "一天内到期"),
        (-1, "chip-muted"),
    ] {
        ends_in(&app, seconds).await;
        let shown = row(&compiler).await;
        assert!(shown.contains(said), "{seconds}: {shown}");
    }
    program.send(call()).await.expect(401);
    compiler.get("/account/tokens").await.expect(200).has("/api/docs").has("/api/v1/me");
}
