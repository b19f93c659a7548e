//! Keys pressed alone are listed for everybody, with the ways that they have, and are switched off by whoever wants to.

use crate::support::{TestApp, seed::GUANGZHOU, story};

const ON: &str = "data-keys=\"/help/keys\"";

#[tokio::test]
async fn everybody_reads_their_own_keys_in_both_languages() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.get("/help/keys").await.expect(200).has(ON).has("键盘快捷键").has("单键快捷键已启用");
    page.has("<kbd>g</kbd> <kbd>l</kbd></dt><dd>线索</dd>").has("<kbd>?</kbd>").has_not("<dd>审计日志</dd>");
    compiler.get("/").await.expect(200).has("href=\"/leads\" data-key=\"g l\"").has("href=\"/help/keys\"");
    compiler.get("/leads").await.expect(200).has("href=\"/leads/new\" data-key=\"n\"");
    // Nobody is told of lists that are not theirs.
    let liaison = app.sign_in("liaison").await;
    liaison.get("/help/keys").await.expect(200).has("<kbd>t</kbd>").has_not("<kbd>l</kbd>");
    compiler.post("/language?to=en", &[]).await.expect(303);
    let page = compiler.get("/help/keys").await.expect(200).has("Keyboard shortcuts");
    page.has("<html lang=\"en\"").has("<kbd>g</kbd> <kbd>l</kbd></dt><dd>Leads</dd>");
    // Who is not signed in has no keys, and pages of a form nothing but their own.
    app.stranger().get("/login").await.expect(200).has_not("data-keys");
    app.stranger().get("/help/keys").await.expect(303);
}

#[tokio::test]
async fn single_keys_are_switched_off_for_the_account_and_it_is_on_record() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    compiler.get("/account").await.expect(200).has(ON).has("name=\"single_keys\" value=\"off\"");
    let before = app.audit_count().await;
    let done = compiler.post("/account/keys", &[("single_keys", "off")]).await.expect(303);
    assert_eq!(
        (app.audit_count().await, app.last_entry().await.verb.as_str()),
        (before + 1, "person.change")
    );
    // Told at the head of the page, which gets the focus.
    let page = compiler.get(&done.location).await.expect(200).has("按键设置已保存");
    page.has("tabindex=\"-1\" data-focus").has("name=\"single_keys\" value=\"on\"").has_not(ON);
    // On every machine, and for nobody else.
    app.sign_in("compiler").await.get("/leads").await.expect(200).has_not("data-keys=");
    app.sign_in("compiler2").await.get("/leads").await.expect(200).has(ON);
    compiler.get("/help/keys").await.expect(200).has("单键快捷键已停用");
    for odd in [&[][..], &[("single_keys", "maybe")][..]] {
        compiler.post("/account/keys", odd).await.expect(422).has("单键快捷键：");
    }
    compiler.post("/account/keys", &[("single_keys", "on")]).await.expect(303);
    compiler.get("/leads").await.expect(200).has(ON);
    let auditor = app.sign_in("auditor").await;
    auditor.get("/audit?verb=person.change").await.expect(200).has("单键快捷键");
}

#[tokio::test]
async fn the_key_of_the_next_step_leads_to_what_the_page_calls_so() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    compiler.get("/").await.expect(200).has("href=\"/leads/new\" data-key=\"n\"");
    let manager = app.sign_in("manager").await;
    manager.get("/").await.expect(200).has_not("href=\"/leads/new\" data-key");
    let lead = app.seed.lead(&app.services, "compiler");
    let page = format!("/leads/{lead}");
    // A new one is begun from wherever one is, by whoever may; what a page has of its own comes first.
    let anew = "<a href=\"/leads/new\" data-key=\"n\">";
    for path in [page.as_str(), "/cases", "/account", "/help/keys"] {
        compiler.get(path).await.expect(200).has(anew);
    }
    manager.get(&page).await.expect(200).has_not("/leads/new");
    let own = compiler.get(&format!("{page}/evidence")).await.expect(200).text();
    assert!(own.find("data-key=n") < own.find(anew) && own.contains("data-key=n"), "{own}");
    compiler
        .get(&page)
        .await
        .expect(200)
        .has("data-key=\"v\" data-step>")
        .has(&format!("<a class=\"button-primary\" href=\"{page}/evidence#upload\""))
        .has(&format!("<a class=\"button\" href=\"{page}/dossiers/new\""))
        .has_not("data-key=\"d\" data-step");
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    compiler
        .get(&page)
        .await
        .expect(200)
        .has("data-key=\"d\" data-step>")
        .has(&format!("<a class=\"button-primary\" href=\"{page}/dossiers/new\""))
        .has(&format!("<a class=\"button\" href=\"{page}/evidence#upload\""))
        .has_not("data-key=\"v\" data-step");
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    compiler.get(&page).await.expect(200).has("data-key=\"s\">").has_not("data-step");
    // Approved, it is sent; nothing waits for it to be opened again.
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let send = format!("/transfers/new?dossier={}\" data-key=\"s\">", dossiers[0]);
    let page = compiler.get(&format!("/leads/{lead}")).await.expect(200).has(&send).text();
    let reopen = page.split_once("/reopen\"").expect("may be opened again").1;
    assert!(!reopen.split("</a>").next().unwrap_or_default().contains("data-key"), "{reopen}");
}
