//! What one did oneself, as the log has it, for everybody: with words and filters, and without what is not theirs.

use crate::support::{
    TestApp, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

const PAGE: &str = "/account/activity";

#[tokio::test]
async fn a_compiler_reads_what_they_did_filters_it_and_pages_through_it() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    compiler.get(&format!("/leads/{lead}")).await.expect(200);
    compiler.get("/admin/people").await.expect(404);
    let count = app.audit_count().await;
    let page = compiler.get(PAGE).await.expect(200);
    page.has("XS-2026-000007").has("被拒绝").has("服务器本机");
    // Whoever looks at what they did leaves nothing there.
    assert_eq!(app.audit_count().await, count);
    other.get(PAGE).await.expect(200).has_not("XS-2026-000007");

    let refused = compiler.get(&format!("{PAGE}?outcome=refused")).await.expect(200);
    refused.has("查看页面").has_not("XS-2026-000007");
    compiler.get(&format!("{PAGE}?verb=lead.")).await.expect(200).has("XS-2026-000007").has_not("查看页面");
    compiler.get(&format!("{PAGE}?to=2016-01-01")).await.expect(200).has_not("XS-2026-000007");
    compiler.get(&format!("{PAGE}?verb=nonsense.")).await.expect(422).has("id=\"errors\"");
    // The address can't turn it into somebody else's.
    let others = app.seed.people["compiler2"];
    compiler.get(&format!("{PAGE}?actor={others}")).await.expect(200).has("XS-2026-000007");

    for _ in 0..60 {
        compiler.get(&format!("/leads/{lead}")).await.expect(200);
    }
    let first = compiler.get(PAGE).await.expect(200).has("rel=\"next\"").text();
    let next = first.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    compiler.get(&next.expect("a link").replace("&amp;", "&")).await.expect(200).has("rel=\"prev\"");
}

#[tokio::test]
async fn a_liaison_reads_their_own_acts_and_nothing_of_the_platforms() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await.to_string();
    let compiler = app.sign_in("compiler").await;
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let transfer = compiler.post("/transfers/new", &fields).await.expect(303).id();
    let (liaison, elsewhere) = (app.sign_in("liaison").await, app.sign_in("liaison2").await);
    liaison.post(&format!("/transfers/{transfer}/acknowledge"), &[]).await.expect(303);
    let target = app.seed.agencies[HANGZHOU].to_string();
    let day = today();
    let forward =
        [("code", "FW-AREA"), ("text", "属地"), ("on_day", day.as_str()), ("target", target.as_str())];
    liaison.post(&format!("/transfers/{transfer}/forward"), &forward).await.expect(303);
    let page = liaison.get(PAGE).await.expect(200);
    page.has(&format!("href=\"/transfers/{transfer}\""))
        .has_not("XS-2026")
        .has_not("<dt>")
        .has_not(&lead.to_string());
    // Whether it arrived or waits for the platform is none of theirs: a forward is about the own transfer and nothing else.
    let forwards = liaison.get(&format!("{PAGE}?verb=transfer.forward")).await.expect(200);
    forwards.has(&format!("href=\"/transfers/{transfer}\"")).has("</a></p></div></td>");
    // A try at what is another agency's says nothing of what it was aimed at.
    elsewhere.get(&format!("/transfers/{transfer}")).await.expect(404);
    let page = elsewhere.get(PAGE).await.expect(200);
    page.has("被拒绝").has_not(&transfer.to_string()).has_not("YS-");
}
