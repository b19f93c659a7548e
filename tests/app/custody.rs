//! Who had to do with an item, and what somebody had to do with any item, printed: a line an entry of the log.

use std::process::Command;

use diesel::prelude::*;
use lead_handoff::{
    audit,
    platform::db::{Id, schema::person},
};

use crate::{
    evidence_moving::said,
    scrub::{all_are_due, scrubbed},
    support::{Browser, TestApp, seed::GUANGZHOU, story},
};

/// A paper as somebody reads it.
pub(super) fn text_of(pdf: &[u8]) -> String {
    assert!(pdf.starts_with(b"%PDF-"), "{}", String::from_utf8_lossy(pdf));
    let paper = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(paper.path(), pdf).expect("written");
    let read = Command::new("pdftotext").arg("-layout").arg(paper.path()).arg("-").output();
    String::from_utf8(read.expect("pdftotext").stdout).expect("text")
}

/// The entry of an item's registration.
async fn registration(app: &TestApp, item: Id) -> audit::Row {
    let filter = audit::Filter {
        object: Some(item),
        verb_prefix: Some("evidence.register".into()),
        ..audit::Filter::default()
    };
    app.services.db.read(move |conn| audit::page(conn, &filter, 1)).await.expect("entries").remove(0)
}

/// A lead's number, as its page of evidence has it.
async fn number_of(compiler: &Browser, lead: Id) -> String {
    let page = compiler.get(&format!("/leads/{lead}/evidence")).await.expect(200).text();
    let rest = page.split("XS-").nth(1).expect("a number");
    let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect();
    format!("XS-{digits}")
}

#[tokio::test]
async fn the_sheet_of_an_item_says_who_did_what_and_where_the_log_says_so() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (auditor, manager) = (app.sign_in("auditor").await, app.sign_in("manager").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "商品页面", "标价 199 元").await;
    let number = number_of(&compiler, lead).await;
    manager.get(&format!("/evidence/{item}/content")).await.expect(200);
    app.settle().await;
    let sheet = format!("/evidence/{item}/custody");
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has(&format!("{sheet}.pdf"));

    let before = app.audit_count().await;
    let pdf = auditor.get(&format!("{sheet}.pdf")).await.expect(200);
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!(
        (entry.verb.as_str(), entry.leaf["facts"]["format"].as_str()),
        ("evidence.custody", Some("pdf"))
    );
    let text = text_of(&pdf.bytes);
    for said in [
        "证据保管记录单",
        "商品页面.txt",
        "编制人甲",
        "管理者甲",
        "下载",
        "网页截图",
        "SM3",
        "审计日志检查点",
    ] {
        assert!(text.contains(said), "no «{said}» in {text}");
    }
    assert!(text.contains(&number) && text.contains("+08:00") && text.contains("第1页"), "{text}");

    // Each line names its entry: whoever has the log can look it up there.
    let csv = auditor.get(&format!("{sheet}.csv")).await.expect(200).text();
    let row = registration(&app, item).await;
    let hash = data_encoding::HEXLOWER.encode(&row.leaf_hash);
    let line = csv.lines().find(|line| line.contains(&hash)).expect("the registration");
    assert!(line.contains(&format!(",{},{hash}", row.place.expect("a place"))), "{line}");
    assert!(line.contains("编制人甲") && line.contains("登记"), "{line}");
    // From where somebody acted is for auditors alone.
    assert!(csv.contains("服务器本机"), "{csv}");
    let csv = manager.get(&format!("{sheet}.csv")).await.expect(200).text();
    assert!(csv.contains(&hash) && !csv.contains("服务器本机"), "{csv}");

    // In the language of whoever prints it.
    let english = [("name", "管理者甲"), ("email", "manager@example.com"), ("language", "en")];
    manager.post("/account", &english).await.expect(303);
    let text = text_of(&manager.get(&format!("{sheet}.pdf")).await.expect(200).bytes);
    assert!(text.contains("Custody sheet") && text.contains("Page 1 of"), "{text}");

    // A period, and what is none.
    let of = |query: &str| format!("{sheet}.pdf?{query}");
    let nothing = text_of(&auditor.get(&of("from=2099-01-01")).await.expect(200).bytes);
    assert!(nothing.contains("此期间没有记录"), "{nothing}");
    for odd in ["from=2016-02-30", "from=2016-05-02&to=2016-05-01"] {
        auditor.get(&of(odd)).await.expect(422);
    }
    auditor.get(&format!("{sheet}.exe")).await.expect(404);
    for username in ["liaison", "admin"] {
        app.sign_in(username).await.get(&format!("{sheet}.pdf")).await.expect(404);
    }
}

#[tokio::test]
async fn the_sheet_of_a_person_holds_what_they_did_and_reasons_are_for_auditors() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (auditor, manager) = (app.sign_in("auditor").await, app.sign_in("manager").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "商品页面", "标价 199 元").await;
    let number = number_of(&compiler, lead).await;
    let reason = [("withheld_reason", "含客户隐私")];
    compiler.post(&format!("/evidence/{item}/withhold"), &reason).await.expect(303);
    app.settle().await;
    let log = auditor.get("/audit").await.expect(200).has("/audit/custody");
    // What is said of hashes leads to what the word means.
    log.has("日志校验值").has("/help/glossary#term-root-hash").has_not("哈希树").has_not("树根");
    auditor.get("/help/glossary").await.expect(200).has("id=\"term-root-hash\"");
    let form = auditor.get("/audit/custody").await.expect(200);
    form.has("name=\"person\"").has("formaction=\"/audit/custody.csv\"");

    let before = app.audit_count().await;
    let csv = auditor.get("/audit/custody.csv?person=compiler").await.expect(200).text();
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "audit.custody");
    let person = app.seed.people["compiler"].to_string();
    assert_eq!(entry.objects(), [("person".to_owned(), person)]);
    let line = csv.lines().find(|line| line.contains("标为不予披露")).expect("the mark");
    assert!(line.contains(&format!("{number} #1")) && line.contains("含客户隐私"), "{line}");
    let csv = manager.get("/audit/custody.csv?person=编制人甲").await.expect(200).text();
    assert!(csv.contains("标为不予披露") && !csv.contains("含客户隐私"), "{csv}");
    let others = auditor.get("/audit/custody.csv?person=compiler2").await.expect(200).text();
    assert!(others.contains("编制人乙") && !others.contains(&number), "{others}");
    let pdf = auditor.get("/audit/custody.pdf?person=compiler&from=2016-01-01").await.expect(200);
    let text = text_of(&pdf.bytes);
    assert!(text.contains("个人经手证据记录单") && text.contains("2016-01-01"), "{text}");

    // Who it is, is asked for beside its field.
    auditor.get("/audit/custody.pdf").await.expect(422).has("f-person-error").has("请填写此项");
    auditor.get("/audit/custody.pdf?person=nobody").await.expect(422).has("没有这个账号");
    let gone = Id::new();
    auditor.get(&format!("/audit/custody.pdf?person={gone}")).await.expect(422).has("没有这个账号");
    auditor.get("/audit/custody.pdf?person=compiler&to=2016-02-30").await.expect(422).has("f-to-error");
    auditor.get("/audit/custody.exe?person=compiler").await.expect(404);
    let namesake = app.seed.people["compiler2"];
    let written = app.services.db.write_quiet(move |tx| {
        diesel::update(person::table.find(namesake)).set(person::name.eq("编制人甲")).execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("a namesake");
    let several = auditor.get("/audit/custody.csv?person=编制人甲").await.expect(422);
    several.has("f-person-error").has("compiler、compiler2").has_not("没有这个账号");
    for username in ["compiler", "admin", "liaison"] {
        let browser = app.sign_in(username).await;
        browser.get("/audit/custody").await.expect(404);
        browser.get("/audit/custody.csv?person=compiler").await.expect(404);
    }
}

#[tokio::test]
async fn the_chain_ends_with_the_receipt_and_tells_of_moves_and_of_scheduled_readings() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let auditor = app.sign_in("auditor").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "商品页面", "标价 199 元").await;
    let kept = story::note(&compiler, lead, "内部分析", "含客户隐私").await;
    let reason = [("withheld_reason", "含客户隐私")];
    compiler.post(&format!("/evidence/{kept}/withhold"), &reason).await.expect(303);
    let dossiers = story::seal_version(&app, lead, 1, &[GUANGZHOU], &[item, kept], &[]).await;
    let sheet = |id: Id| format!("/evidence/{id}/custody.csv");
    let (receipt, moved_on) = ("接收单位签收", "文件移至另一存储位置");
    let csv = auditor.get(&sheet(item)).await.expect(200).text();
    for not_yet in [receipt, moved_on, "定期复核"] {
        assert!(!csv.contains(not_yet), "{csv}");
    }

    // Whoever has received it says so; what was kept back they have not received.
    let dossier = dossiers[0].to_string();
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let transfer = compiler.post("/transfers/new", &fields).await.expect(303).id();
    liaison.post(&format!("/transfers/{transfer}/acknowledge"), &[]).await.expect(303);
    let csv = auditor.get(&sheet(item)).await.expect(200).text();
    assert_eq!(csv.matches(receipt).count(), 1, "{csv}");
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has(receipt);
    let csv = auditor.get(&sheet(kept)).await.expect(200).text();
    assert!(!csv.contains(receipt), "{csv}");
    let csv = auditor.get("/audit/custody.csv?person=liaison").await.expect(200).text();
    assert_eq!(csv.matches(receipt).count(), 1, "{csv}");

    // What the schedule finds unchanged is no line of the log: the sheet says how often that was, and when last.
    app.settle().await;
    for times in 1..=2 {
        all_are_due(&app).await;
        scrubbed(&app).await;
        let csv = auditor.get(&sheet(item)).await.expect(200).text();
        let told = format!(
            "系统运行期间至少每 30 天复核一次，停机期间不复核；已有 {times} 次与入库时一致，最近一次为 "
        );
        assert!(csv.contains(&told), "no «{told}» in {csv}");
    }

    // All that is stored is moved: that is told of what came, and of nothing that was registered later.
    let elsewhere = app.data.path().join("elsewhere").display().to_string();
    let moved = app.migrate(&[], &[&app.folder(), &elsewhere]);
    assert_eq!(moved.status.code(), Some(0), "{}", said(&moved));
    let draft = app.seed.lead(&app.services, "compiler");
    let later = story::note(&compiler, draft, "商品页面二", "标价 299 元").await;
    let told = format!("{moved_on} · 文件夹 → 文件夹");
    for id in [item, kept] {
        let csv = auditor.get(&sheet(id)).await.expect(200).text();
        assert_eq!(csv.matches(&told).count(), 1, "{csv}");
    }
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has(moved_on).has("文件夹 → 文件夹");
    let csv = auditor.get(&sheet(later)).await.expect(200).text();
    assert!(csv.contains("商品页面二") && !csv.contains(moved_on), "{csv}");
}
