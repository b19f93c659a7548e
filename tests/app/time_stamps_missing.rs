//! Stamps over what was there before its authority was: asked for when an administrator says so, by page or by command, and
//! once.

use diesel::prelude::*;
use lead_handoff::{audit, platform::db::schema::time_stamp};

use super::time_stamps::{noted, token};
use crate::support::{
    Browser, TestApp,
    seed::GUANGZHOU,
    story,
    tsa::{Authority, Manner},
};

/// Waits until a page says something.
async fn comes_to_say(browser: &Browser, page: &str, wanted: &str) {
    for _ in 0..120 {
        if browser.get(page).await.expect(200).text().contains(wanted) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    panic!("{page} does not say {wanted}");
}

/// How many stamps were asked for.
async fn asked(app: &TestApp) -> i64 {
    let count = app.services.db.read(|conn| Ok(time_stamp::table.count().get_result::<i64>(conn)?));
    count.await.expect("a number")
}

#[tokio::test]
async fn what_was_there_before_its_authority_is_stamped_when_an_administrator_asks() {
    const ALARMS: &str = "/admin/evidence";
    const ASK: &str = "/admin/evidence/timestamps";
    const SYSTEM: &str = "/admin/system";
    let app = TestApp::new().await;
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let (compiler, admin) = (app.sign_in("compiler").await, app.sign_in("admin").await);
    let gone = story::note(&compiler, app.seed.lead(&app.services, "compiler"), "多余", "多余的说明").await;
    compiler.post(&format!("/evidence/{gone}/remove"), &[]).await.expect(303);
    let item = story::items(&compiler, lead).await.remove(0);
    // Without an authority there is nothing to be asked.
    admin.get(ALARMS).await.expect(200).has("未设置时间戳服务机构").has_not("补申请时间戳");
    admin
        .get(SYSTEM)
        .await
        .expect(200)
        .has("未设置时间戳服务机构")
        .has("href=\"/admin/evidence#timestamps\"");
    // It stands among what an administrator can go to.
    admin.get("/").await.expect(200).has("href=\"/admin/evidence\"").has("证据告警与时间戳");
    compiler.get("/").await.expect(200).has_not("href=\"/admin/evidence\"");
    admin.post(ASK, &[]).await.expect(409);
    let none = app.run(&[], &["evidence", "stamp"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&none.stderr).contains("LEAD_HANDOFF_TIMESTAMP_URL"));
    let none = app.run(&[("LC_ALL", "zh_CN.UTF-8")], &["evidence", "stamp"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&none.stderr).contains("未设置时间戳服务机构（LEAD_HANDOFF_TIMESTAMP_URL）")
    );
    assert_eq!(asked(&app).await, 0);

    let authority = Authority::new(Manner::Good);
    let settings = authority.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut server = app.process(&settings);
    let (compiler, admin) = (server.browser(&compiler), server.browser(&admin));
    // What was taken out is not asked for.
    admin.get(ALARMS).await.expect(200).has("有 1 个存储文件和 1 份封存文件").has("补申请时间戳");
    admin.get(SYSTEM).await.expect(200).has("未申请的时间戳").has("有未申请的");
    compiler.post(ASK, &[]).await.expect(404);
    assert_eq!(asked(&app).await, 0);
    admin.post(ASK, &[]).await.expect(303);
    for page in [format!("/evidence/{item}"), format!("/dossiers/{}", dossiers[0])] {
        comes_to_say(&compiler, &page, "Test-TSA").await;
    }
    assert_eq!(asked(&app).await, 2);
    admin.get(ALARMS).await.expect(200).has("累计申请").has_not("个存储文件和");
    comes_to_say(&admin, ALARMS, "没有缺少的时间戳").await;
    admin.get(SYSTEM).await.expect(200).has_not("有未申请的");
    // One entry for the asking, and nothing is asked for twice.
    let entries = app.services.db.read(|conn| {
        let verb = Some("timestamp.ask_missing".into());
        let filter = audit::Filter { verb_prefix: verb, ..audit::Filter::default() };
        audit::page(conn, &filter, 10)
    });
    let entries = entries.await.expect("entries");
    let done: Vec<&audit::Row> = entries.iter().filter(|entry| entry.outcome == "done").collect();
    assert_eq!(done.len(), 1);
    let facts = &done[0].leaf["facts"];
    assert_eq!(facts["files"], 1);
    assert_eq!(facts["seals"], 1);
    assert_eq!(facts["authority"], authority.url);
    admin.post(ASK, &[]).await.expect(409);
    assert_eq!(asked(&app).await, 2);
    assert!(server.stop().success());
    // The stamp is over the very bytes.
    let (compiler, page) = (app.sign_in("compiler").await, format!("/evidence/{item}"));
    let bytes = compiler.get(&format!("{page}/content")).await.expect(200).bytes;
    assert!(authority.agrees(&token(&compiler, &page).await, &bytes));
}

#[tokio::test]
async fn the_command_asks_for_what_is_missing_and_says_how_far_it_is() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let items = [noted(&app, &compiler, "标价 199 元").await, noted(&app, &compiler, "标价 299 元").await];
    let authority = Authority::new(Manner::Good);
    let settings = authority.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let stamp_in = |locale: &str| {
        let settings = [&settings[..], &[("LC_ALL", locale)]].concat();
        let done = app.run(&settings, &["evidence", "stamp"]);
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert_eq!(done.status.code(), Some(0), "{said} {}", String::from_utf8_lossy(&done.stderr));
        said
    };
    let stamp = || stamp_in("C");
    let before = app.audit_count().await;
    let said = stamp();
    assert!(said.contains("2 stamps asked for.") && said.contains("Waited for: 2."), "{said}");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.actor_name.as_str()), ("timestamp.ask_missing", "system:cli"));
    assert_eq!(app.audit_count().await, before + 1);
    // Again: nothing is missing, nothing is told, and what is waited for stays so.
    let said = stamp();
    assert!(said.contains("No stamp is missing") && said.contains("Waited for: 2."), "{said}");
    assert_eq!((asked(&app).await, app.audit_count().await), (2, before + 1));
    // The jobs go on wherever a server runs.
    let mut server = app.process(&settings);
    let compiler = server.browser(&compiler);
    for item in items {
        comes_to_say(&compiler, &format!("/evidence/{item}"), "Test-TSA").await;
    }
    assert!(server.stop().success());
    let said = stamp();
    assert!(said.contains("Asked for so far: 2. Waited for: 0. Given up: 0."), "{said}");
    // In a Chinese terminal it speaks Chinese, what it asks for as well as what it has nothing to ask for.
    let said = stamp_in("zh_CN.UTF-8");
    for told in ["没有缺少的时间戳", "累计申请：2。等待答复：0。已停止重试：0。"] {
        assert!(said.contains(told), "no «{told}» in {said}");
    }
    let compiler = app.sign_in("compiler").await;
    noted(&app, &compiler, "标价 399 元").await;
    let said = stamp_in("zh_CN.UTF-8");
    for told in ["已补申请时间戳 1 个。", "累计申请：3。等待答复：1。"] {
        assert!(said.contains(told), "no «{told}» in {said}");
    }
}
