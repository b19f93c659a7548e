//! A lead's evidence and the operations are given out as files: what they hold, who gets them, and what the log says.

use crate::support::{TestApp, story, table};

#[tokio::test]
async fn the_evidence_of_a_lead_is_given_out_as_a_file_without_its_bytes() {
    let app = TestApp::new().await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let list = format!("/leads/{lead}/evidence");
    let file = format!("{list}/export?format=csv");
    manager.get(&list).await.expect(200).has_not("/evidence/export");
    let kept = story::note(&compiler, lead, "商品页面", "标价 199 元。").await;
    let gone = story::note(&compiler, lead, "=误收", "无关。").await;
    compiler.post(&format!("/evidence/{gone}/remove"), &[]).await.expect(303);
    compiler.post(&format!("/evidence/{kept}/withhold"), &[("withheld_reason", "待核实")]).await.expect(303);
    manager.get(&list).await.expect(200).has(&file);
    let before = app.audit_count().await;

    let text = manager.get(&file).await.expect(200).text();
    let rows = table(&text);
    assert!(text.starts_with('\u{FEFF}') && rows.len() == 2, "{text}");
    for said in ["商品页面.txt", "待核实", "编制人甲", "text/plain", "2016-05-04 09:30:00 +08:00"]
    {
        assert!(rows[1].contains(said), "{said}: {text}");
    }
    let hash = |cell: &&str| cell.len() == 64 && cell.bytes().all(|b| b.is_ascii_hexdigit());
    assert_eq!(rows[1].split(',').filter(hash).count(), 2, "{text}");
    // What was removed is not in it, nor what an item says.
    assert!(!text.contains("误收") && !text.contains("199 元"), "{text}");
    for end in ["证据 · XS-", "按序号升序", "无（全部）", "管理者甲 (manager)"] {
        assert!(text.contains(end), "{end}: {text}");
    }
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "evidence.export"));
    assert_eq!(entry.leaf["facts"]["rows"], 1);
    assert!(entry.leaf.to_string().contains(&kept.to_string()), "{}", entry.leaf);
    let book = manager.get(&format!("{list}/export?format=xlsx")).await.expect(200).bytes;
    assert!(book.starts_with(b"PK"));
    // Its custody says that it went out in a list.
    manager.get(&format!("/evidence/{kept}")).await.expect(200).has("列入导出的清单");

    manager.get(&format!("{list}/export?format=doc")).await.expect(404);
    for who in ["liaison", "admin"] {
        app.sign_in(who).await.get(&file).await.expect(404);
        let entry = app.last_entry().await;
        assert_eq!((entry.outcome.as_str(), entry.verb.as_str()), ("refused", "page.view"), "{who}");
    }
    app.stranger().get(&file).await.expect(303);
}

#[tokio::test]
async fn the_operations_are_given_out_as_a_file_newest_first() {
    let app = TestApp::new().await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    for (name, english, from) in [("云剑行动", "=1+1", "2016-05-01"), ("春雷行动", "", "2016-09-01")]
    {
        let fields = [("name_zh", name), ("name_en", english), ("from_on", from)];
        compiler.post("/operations/new", &fields).await.expect(303);
    }
    manager.get("/operations").await.expect(200).has("/operations/export?format=csv");
    let before = app.audit_count().await;
    let text = manager.get("/operations/export?format=csv").await.expect(200).text();
    let rows = table(&text);
    assert!(text.starts_with('\u{FEFF}') && rows.len() == 3, "{text}");
    assert!(rows[1].starts_with("春雷行动,") && rows[2].starts_with("云剑行动,'=1+1,2016-05-01,"), "{text}");
    assert!(text.contains("按开始日期降序") && text.contains("管理者甲 (manager)"), "{text}");
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "operation.export"));
    assert_eq!(entry.leaf["facts"]["rows"], 2);
    assert_eq!(entry.leaf["facts"]["format"], "csv");
    let book = manager.get("/operations/export?format=xlsx").await.expect(200).bytes;
    assert!(book.starts_with(b"PK"));
    manager.get("/operations/export").await.expect(404);
    app.sign_in("liaison").await.get("/operations/export?format=csv").await.expect(404);
    assert_eq!(app.last_entry().await.outcome, "refused");
}
