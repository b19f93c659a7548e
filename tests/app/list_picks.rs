//! Ticked rows of the lists of dossiers, agencies and accounts, and of an agency's inbox: over all pages, and given out as a
//! file that holds them and nothing else.

use lead_handoff::platform::{db::Id, http::selection::word};

use crate::{
    bulk::pressed,
    support::{
        TestApp, fixtures,
        ledger::Sent,
        seed::{GUANGZHOU, HANGZHOU},
        table,
    },
};

const CSV: Option<(&str, &str)> = Some(("format", "csv"));
const XLSX: Option<(&str, &str)> = Some(("format", "xlsx"));

#[tokio::test]
async fn ticked_dossiers_are_given_out_whatever_page_they_stand_on() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let mut all = Vec::new();
    for _ in 0..52 {
        all.push(fixtures::unsealed(&app, lead, GUANGZHOU).await);
    }
    let manager = app.sign_in("manager").await;
    // The oldest stands on the second page; the first one keeps its tick.
    let first = manager.get(&format!("/dossiers?pick={}", word(all[0]))).await.expect(200).text();
    assert!(first.contains("已选 1 条") && first.contains("其中 1 条在其他页"), "{first}");
    let address = pressed(&first, "/dossiers/export", &[all[51]], CSV);
    let file = manager.get(&address).await.expect(200).text();
    assert_eq!(table(&file).len(), 3, "{file}");
    assert!(file.contains("所选记录：2") && file.contains("降序"), "{file}");
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "dossier.export");
    let named = entry.objects();
    assert!(named.iter().any(|(_, id)| *id == all[0].to_string()) && named.len() == 2, "{}", entry.leaf);
    // What there is none of is not put on record.
    manager.get(&format!("/dossiers/export?format=csv&pick={}", word(Id::new()))).await.expect(200);
    assert!(app.last_entry().await.objects().is_empty());
    let book = manager.get(&pressed(&first, "/dossiers/export", &[], XLSX)).await.expect(200);
    assert!(book.bytes.starts_with(b"PK"));
    // What narrows the list does not narrow what is ticked.
    let narrow = format!("/dossiers/export?format=csv&state=sealed&pick={}", word(all[3]));
    assert_eq!(table(&manager.get(&narrow).await.expect(200).text()).len(), 2);
    app.sign_in("liaison").await.get(&address).await.expect(404);
}

#[tokio::test]
async fn ticked_agencies_are_given_out_as_a_table_and_as_a_workbook() {
    let app = TestApp::new().await;
    let hangzhou = app.seed.agencies[HANGZHOU];
    let manager = app.sign_in("manager").await;
    let list = manager.get("/agencies?q=广州").await.expect(200).has("勾选 广州市公安局经侦支队").text();
    let file =
        manager.get(&pressed(&list, "/agencies/export.csv", &[hangzhou], None)).await.expect(200).text();
    assert!(table(&file).len() == 2 && file.contains("HZ-SAMR") && !file.contains("GZ-ECD"), "{file}");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.objects().len()), ("agency.export", 1));
    let book = manager.get(&pressed(&list, "/agencies/export.xlsx", &[hangzhou], None)).await.expect(200);
    assert!(book.bytes.starts_with(b"PK"));
    let entry = app.last_entry().await;
    assert!(entry.objects().iter().any(|(_, id)| *id == hangzhou.to_string()), "{}", entry.leaf);
}

#[tokio::test]
async fn ticked_accounts_are_given_out_and_the_log_says_what_was_asked_for() {
    let app = TestApp::new().await;
    let ids: Vec<Id> = ["compiler", "auditor"].map(|name| app.seed.people[name]).into();
    let admin = app.sign_in("admin").await;
    let list = admin.get("/admin/people").await.expect(200).has("勾选 compiler2").text();
    let file = admin.get(&pressed(&list, "/admin/people/export", &ids, CSV)).await.expect(200).text();
    assert!(table(&file).len() == 3 && file.contains("auditor") && !file.contains("compiler2"), "{file}");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.objects().len()), ("person.export", 2));

    let asked = "/admin/people/export?format=csv&role=liaison&side=agency&agency=GZ-ECD&state=active&q=联络";
    let file = admin.get(asked).await.expect(200).text();
    assert!(table(&file).len() == 2 && file.contains("单位：广州市公安局经侦支队"), "{file}");
    let entry = app.last_entry().await;
    let facts = &entry.leaf["facts"];
    assert!(facts["roles"] == "liaison" && facts["side"] == "agency" && facts["state"] == "active");
    assert_eq!(facts["agency"], app.seed.agencies[GUANGZHOU].to_string());
    // What was searched for may name somebody.
    assert!(!entry.leaf.to_string().contains("联络"), "{}", entry.leaf);
    let auditor = app.sign_in("auditor").await;
    auditor.get(&format!("/audit/{}", entry.id)).await.expect(200).has("联络员").has("接收单位").has("正常");
    app.sign_in("manager").await.get(asked).await.expect(404);
}

#[tokio::test]
async fn a_liaison_ticks_the_inbox_and_gets_no_others_transfer() {
    let app = TestApp::new().await;
    let sent = |agency| app.handed(&Sent::to(agency, "2016-05-04"), None).transfer;
    let (own, also, other) = (sent(GUANGZHOU), sent(GUANGZHOU), sent(HANGZHOU));
    let liaison = app.sign_in("liaison").await;
    let inbox = liaison.get(&format!("/transfers?pick={}", word(own))).await.expect(200).text();
    assert!(inbox.contains("已选 1 条") && inbox.contains("class=\"inbox\""), "{inbox}");
    // The orders stand above the rows.
    for (sort, label) in [("-sent", "最新移送在前"), ("sent", "最早移送在前"), ("due", "按期限")]
    {
        assert!(inbox.contains(&format!("sort={sort}")) && inbox.contains(label), "{label}: {inbox}");
    }
    let newest = liaison.get("/transfers?sort=-sent").await.expect(200).text();
    assert!(newest.contains("aria-current=\"page\">最新移送在前"), "{newest}");
    let address = pressed(&inbox, "/transfers/export", &[other], CSV);
    let file = liaison.get(&address).await.expect(200).text();
    assert_eq!(table(&file).len(), 2, "the other agency's is not given out: {file}");
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "transfer.export");
    assert!(!entry.leaf.to_string().contains(&other.to_string()), "{}", entry.leaf);
    let both = pressed(&inbox, "/transfers/export", &[also], XLSX);
    assert!(liaison.get(&both).await.expect(200).bytes.starts_with(b"PK"));
    // Nothing is done to several at once there.
    liaison.get("/transfers").await.expect(200).has_not("办理所选").has_not("/transfers/selected");
}
