//! What is read across all stages: the page of a lead, the worklists, the audit log and its proofs.

use data_encoding::HEXLOWER;
use diesel::prelude::*;
use lead_handoff::{audit, platform::db::schema::agency_case};
use tlog_tiles::{Checkpoint, Hash, Tile, record_hash, tree_hash};

use crate::support::{
    Browser, Reply, TestApp, fixtures,
    ledger::Sent,
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

/// The number before a panel's heading ends: `<section … id="drafts"><h2>… <span class="count">3</span>`.
fn count_of(page: &str, id: &str) -> usize {
    let panel = page.split(&format!("id=\"{id}\"")).nth(1).unwrap_or_default();
    let panel = panel.split("</h2>").next().unwrap_or_default();
    let count = panel.split("class=\"count\">").nth(1).and_then(|rest| rest.split('<').next());
    count.and_then(|n| n.parse().ok()).unwrap_or(0)
}

#[tokio::test]
async fn the_page_of_a_lead_has_its_facts_its_timeline_and_only_what_the_reader_may_do() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}");
    let compiler = app.sign_in("compiler").await;
    let before = app.audit_count().await;

    let page = compiler.get(&path).await.expect(200);
    let page = page
        .has("疑似销售假冒注册商标的手表")
        .has("示例品牌")
        .has("广东省广州市")
        .has("建立线索")
        .has("编制人甲");
    page.has(&format!("{path}/edit"))
        .has(&format!("href=\"{path}/charges\""))
        .has(&format!("{path}/dossiers/new"))
        .has(&format!("{path}/trash"));
    assert_eq!(app.audit_count().await, before + 1, "looking is on record");
    assert_eq!(app.last_entry().await.verb, "lead.view");
    // The trash is behind a page that says what will happen.
    let asked = compiler.get(&format!("{path}/trash")).await.expect(200);
    asked.has("可随时从回收站恢复").has(&format!("action=\"{path}/trash?once="));
    compiler.get(&path).await.expect(200).has("草稿");

    let other = app.sign_in("compiler2").await.get(&path).await.expect(200);
    other.has_not(&format!("{path}/edit")).has_not(&format!("{path}/trash"));
    app.sign_in("manager")
        .await
        .get(&path)
        .await
        .expect(200)
        .has(&format!("{path}/assign"))
        .has_not("/trash");
    for username in ["admin", "liaison", "liaison2"] {
        app.sign_in(username).await.get(&path).await.expect(404);
    }
    app.stranger().get(&path).await.expect(303);
}

#[tokio::test]
async fn the_timeline_is_filtered_by_its_address_and_goes_back_page_by_page() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let compiler = app.sign_in("compiler").await;
    for _ in 0..60 {
        compiler.get(&format!("/leads/{lead}")).await.expect(200);
    }
    let acts = compiler.get(&format!("/leads/{lead}")).await.expect(200).has("建立线索");
    acts.has_not("event-title\">查看线索");
    let reads = compiler.get(&format!("/leads/{lead}?kind=read")).await.expect(200).has("查看线索");
    assert_eq!(reads.text().matches("event-title\">查看线索").count(), 50);
    let page = reads.text();
    let older = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let older = older.expect("older entries").replace("&amp;", "&").replace("&#38;", "&");
    let rest = compiler.get(older.split('#').next().expect("address")).await.expect(200);
    assert_eq!(rest.text().matches("event-title\">查看线索").count(), 11);
    // Who was refused at an address stands there with what that is, in words.
    app.sign_in("compiler2").await.get(&format!("/leads/{lead}/edit")).await.expect(409);
    let looks = compiler.get(&format!("/leads/{lead}?kind=read")).await.expect(200);
    looks.has("event-title\">查看页面“线索 › 修改” · 被拒绝");
}

/// What is not there yet is added where it would stand; what is there is changed.
#[tokio::test]
async fn an_empty_part_of_a_lead_has_the_way_to_add_to_it_and_no_other() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let compiler = app.sign_in("compiler").await;
    let ways = async |part: &str| {
        let page = compiler.get(&format!("/leads/{lead}")).await.expect(200).text();
        let panel =
            page.split(&format!("id=\"{part}\"")).nth(1).and_then(|rest| rest.split("</section>").next());
        let panel = panel.expect("a panel");
        (panel.contains(">添加<span"), panel.contains(">修改<span"), panel.contains(">上传证据<span"))
    };
    assert_eq!(ways("charges").await, (false, true, false));
    assert_eq!(ways("listings").await, (true, false, false));
    assert_eq!(ways("evidence").await, (false, false, true));
    let offer = [
        ("url", "https://shop.example/item?id=42"),
        ("title", "手表"),
        ("item_number", "42"),
        ("shop", "好运鞋店"),
        ("price", "199"),
        ("sold", "12"),
        ("seen_on", "2026-01-05"),
    ];
    compiler.post(&format!("/leads/{lead}/listings"), &offer).await.expect(303);
    assert_eq!(ways("listings").await, (false, true, false));
}

#[tokio::test]
async fn what_waits_is_counted_as_the_list_counts_it() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        app.seed.lead(&app.services, "compiler");
    }
    app.seed.lead(&app.services, "compiler2");
    let compiler = app.sign_in("compiler").await;
    let home = compiler.get("/").await.expect(200).has("/leads?state=draft&#38;owner=me").text();
    assert_eq!(count_of(&home, "drafts"), 3);
    let list = compiler.get("/leads?state=draft&owner=me").await.expect(200).text();
    assert_eq!(list.matches("\">XS-").count(), 3, "the list behind the count has as many rows");

    for (username, next) in [
        ("approver", "/approvals"),
        ("liaison", "/transfers"),
        ("admin", "/admin/people"),
        ("compiler2", "/leads?state=draft"),
    ] {
        app.sign_in(username).await.get("/").await.expect(200).has(next);
    }
    let manager = app.sign_in("manager").await.get("/").await.expect(200);
    manager.has("class=\"stat-value\"");
    let liaison = app.sign_in("liaison").await.get("/").await.expect(200);
    liaison.has_not("XS-").has_not("手表");
}

/// The figures above the first page: what each says, and where it leads.
fn tiles(page: &str) -> Vec<(String, String)> {
    let values = page.split("class=\"stat-value\"><a href=\"").skip(1);
    let tile = |rest: &str| {
        let (href, rest) = rest.split_once("\">")?;
        let href = href.replace("&amp;", "&").replace("&#38;", "&");
        Some((rest.split('<').next()?.replace(',', ""), href))
    };
    values.filter_map(tile).collect()
}

/// A lead that three agencies have counts once at each stage, as the annual report counts it; its cases are three.
#[tokio::test]
async fn the_years_figures_count_what_the_lists_behind_them_show() {
    let mut app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let third = [
        ("code", "SZ-ECD"),
        ("name_zh", "深圳市公安局经侦支队"),
        ("type", "PS-ECD"),
        ("level", "province"),
        ("region", "广东省"),
        ("channel", "portal"),
        ("takes", "trademark"),
    ];
    let id = admin.post("/agencies", &third).await.expect(303).id();
    app.seed.agencies.insert("SZ-ECD", id);
    let manager = app.sign_in("manager").await;
    let before = tiles(&manager.get("/").await.expect(200).text());
    assert_eq!(before.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), ["0"; 5]);

    let today: &'static str = today().leak();
    let first = app.handed(&Sent::to(GUANGZHOU, today).filed(today), None);
    for agency in [HANGZHOU, "SZ-ECD"] {
        app.handed(&Sent::to(agency, today).filed(today), Some(first.lead));
    }
    // Sent and filed years ago, and only sent again now: the lead had been sent, the second case is of this year.
    let old = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    app.handed(&Sent::to(HANGZHOU, today).filed(today), Some(old.lead));
    let found = tiles(&manager.get("/").await.expect(200).text());
    // Leads sent, transfers, leads acknowledged, leads accepted, cases filed.
    assert_eq!(found.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), ["1", "4", "1", "1", "4"]);
    for (shown, href) in found {
        let listed = crate::report::rows(&manager, &href).await;
        assert_eq!(listed.to_string(), shown, "{href}");
    }
}

#[tokio::test]
async fn the_log_is_searched_by_its_address_and_personal_parts_are_for_auditors() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    app.settle().await;
    let auditor = app.sign_in("auditor").await;
    let found = auditor.get(&format!("/audit?verb=lead.&object={lead}")).await.expect(200);
    let found = found.has("建立线索").has(&format!("/leads/{lead}")).has(">XS-");
    // Whoever knows its number finds it as well.
    let number = found.text().split(">XS-").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_owned);
    let number = number.expect("a number");
    let by_number = auditor.get(&format!("/audit?verb=lead.&object=xs-{number}")).await.expect(200);
    by_number.has("建立线索").has(&format!("/leads/{lead}"));
    auditor.get("/audit?object=XS-1999-000001").await.expect(422).has("没有这个对象");
    auditor.get("/audit?actor=compiler&verb=lead.create").await.expect(200).has("建立线索");
    auditor.get("/audit?actor=manager&verb=lead.create").await.expect(200).has_not("建立线索</strong>");
    auditor
        .get("/audit?actor=nobody&from=31/31/2016")
        .await
        .expect(422)
        .has("f-actor-error")
        .has("f-from-error");
    auditor.get("/audit?to=2001-01-01").await.expect(200).has("没有符合条件的记录");

    let entry = entry_about(&app, lead).await;
    auditor.get(&format!("/audit/{entry}")).await.expect(200).has("收录证明").has_not("个人信息仅审计员可见");
    let manager = app.sign_in("manager").await;
    manager.get(&format!("/audit/{entry}")).await.expect(200).has("个人信息仅审计员可见");
    for username in ["compiler", "approver", "admin", "liaison"] {
        let browser = app.sign_in(username).await;
        browser.get("/audit").await.expect(404);
        browser.get(&format!("/audit/{entry}")).await.expect(404);
        browser.get("/audit/export.csv").await.expect(404);
    }

    // So do those who know an agency's code, or what agencies call their cases: several may call theirs the same.
    auditor.get("/audit?object=gz-ecd").await.expect(200).has_not("没有这个对象");
    let cases = [GUANGZHOU, HANGZHOU].map(|agency| {
        let made = app.handed(&Sent::to(agency, "2016-05-04").filed("2016-06-01"), None);
        made.case.expect("a case")
    });
    let renamed = app.services.db.write_quiet(move |tx| {
        diesel::update(agency_case::table.filter(agency_case::id.eq_any(cases)))
            .set(agency_case::number.eq("A-1"))
            .execute(tx.conn())?;
        Ok(())
    });
    renamed.await.expect("renamed");
    app.settle().await;
    let found = auditor.get("/audit?verb=transfer.file&object=A-1").await.expect(200).text();
    assert!(cases.iter().all(|id| found.contains(&format!("href=\"/cases/{id}\""))), "{found}");

    // What was typed stands only where it can be erased.
    auditor.get("/audit?object=Zhang-San&verb=Zhang-San&from=Zhang-San&actor=compiler").await.expect(422);
    let asked = app.last_entry().await;
    assert!(!asked.leaf.to_string().contains("Zhang-San"), "{}", asked.leaf);
    assert_eq!(asked.leaf["facts"]["actor"], app.seed.people["compiler"].to_string());
    let private = app.services.db.read(move |conn| audit::private_of(conn, asked.id)).await.expect("read");
    assert_eq!(private.expect("a personal part")["object"], "Zhang-San");

    let csv = auditor.get("/audit/export.csv?verb=lead.").await.expect(200).text();
    assert!(csv.starts_with('\u{FEFF}') && csv.contains("lead.create"), "{csv}");
    assert_eq!(csv.matches("\r\n").count(), csv.lines().count(), "{csv:?}");
    assert_eq!(app.last_entry().await.verb, "audit.export");
    let lines = auditor.get("/audit/export.jsonl?verb=lead.create").await.expect(200).text();
    let line: serde_json::Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
    assert_eq!(line["leaf"]["verb"], "lead.create");
    auditor.get("/audit/export.exe").await.expect(404);
}

#[tokio::test]
async fn the_log_tells_the_address_of_a_site_from_that_of_whoever_wrote_it_down() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let (compiler, auditor) = (app.sign_in("compiler").await, app.sign_in("auditor").await);
    let before = app.audit_count().await;
    let site = [("address", "某路 7 号"), ("region", "440111"), ("role", "storage")];
    compiler.post(&format!("/leads/{lead}/sites"), &site).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "lead.site.add");
    let page = auditor.get(&format!("/audit/{}", entry.id)).await.expect(200);
    page.has("地点地址").has("某路 7 号").has("网络地址").has("127.0.0.1");
    // A page that is not for somebody is named by its route.
    app.sign_in("liaison").await.get(&format!("/leads/{lead}")).await.expect(404);
    let refused = app.last_entry().await;
    assert_eq!((refused.verb.as_str(), refused.outcome.as_str()), ("page.view", "refused"));
    let page = auditor.get(&format!("/audit/{}", refused.id)).await.expect(200);
    page.has("页面路径").has("/leads/{id}").has("网络地址");
}

#[tokio::test]
async fn who_searches_the_log_leaves_word_of_the_entries_that_were_shown() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let created = entry_about(&app, lead).await;
    let auditor = app.sign_in("auditor").await;
    let before = app.audit_count().await;
    auditor.get("/audit?verb=lead.create").await.expect(200).has("建立线索");
    assert_eq!(app.audit_count().await, before + 1, "one entry a list");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.objects()), ("audit.list", vec![("audit".to_owned(), created)]));
    // A question that was not understood showed none.
    auditor.get("/audit?outcome=odd").await.expect(422);
    assert!(app.last_entry().await.objects().is_empty());
}

async fn entry_about(app: &TestApp, object: lead_handoff::platform::db::Id) -> String {
    let rows = app.services.db.read(move |conn| audit::for_object(conn, object, 100)).await.expect("entries");
    rows.last().expect("an entry").id.to_string()
}

async fn fetch(browser: &Browser, path: &str) -> Reply {
    browser.get(&format!("/api/v1/audit/{path}")).await
}

#[tokio::test]
async fn anyone_can_check_the_log_from_its_head_and_tiles() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    app.settle().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    for _ in 0..300 {
        compiler.get(&format!("/leads/{lead}?kind=all")).await.expect(200);
    }
    app.settle().await;

    let note = fetch(&stranger, "checkpoint").await.expect(200);
    assert_eq!(note.headers["content-type"], "text/plain; charset=utf-8");
    let body = note.text();
    let text = body.split("\n\n").next().expect("text").to_owned() + "\n";
    let head = Checkpoint::from_bytes(text.as_bytes()).expect("a checkpoint");
    assert!(head.size() > 256);

    // The leaves' hashes: one full tile and one in part.
    let mut leaves = Vec::new();
    let full = fetch(&stranger, "tile/0/000").await.expect(200);
    assert!(full.headers["cache-control"].to_str().expect("text").contains("immutable"));
    leaves.extend(full.bytes.chunks(32).map(|h| Hash(h.try_into().expect("32 bytes"))));
    let width = head.size() - 256;
    let part = fetch(&stranger, &format!("tile/0/001.p/{width}")).await.expect(200);
    leaves.extend(part.bytes.chunks(32).map(|h| Hash(h.try_into().expect("32 bytes"))));
    assert_eq!(root(&leaves), head.hash().0, "the tiles hash to the signed root");
    let upper = fetch(&stranger, "tile/1/000.p/1").await.expect(200);
    assert_eq!(upper.bytes, Tile::subtree_hash(&full.bytes).0);

    fetch(&stranger, "tile/0/001").await.expect(404);
    fetch(&stranger, "tile/0/9").await.expect(404);
    // Entries are for auditors, by token as everything in the API.
    fetch(&stranger, "tile/entries/000").await.expect(401);
    fetch(&app.sign_in("auditor").await, "tile/entries/000").await.expect(401);
    let token = fixtures::token(&app, "auditor").await;
    let entries = stranger.client.get(stranger.url("/api/v1/audit/tile/entries/000")).bearer_auth(token);
    let entries = stranger.send(entries).await.expect(200).bytes;
    let length = usize::from(u16::from_be_bytes([entries[0], entries[1]]));
    assert_eq!(HEXLOWER.encode(&record_hash(&entries[2..2 + length]).0), HEXLOWER.encode(&leaves[0].0));
    assert_eq!(app.last_entry().await.verb, "audit.tile");
}

/// The root over leaves, as RFC 6962 defines it, without any stored tree.
fn root(leaves: &[Hash]) -> [u8; 32] {
    struct Stored(std::collections::HashMap<u64, Hash>);
    impl tlog_tiles::HashReader for Stored {
        fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
            Ok(indexes.iter().map(|i| self.0[i]).collect())
        }
    }
    let mut stored = Stored(std::collections::HashMap::new());
    for (n, leaf) in (0u64..).zip(leaves) {
        let hashes = tlog_tiles::stored_hashes_for_record_hash(n, *leaf, &stored).expect("hashes");
        stored.0.extend((tlog_tiles::stored_hash_index(0, n)..).zip(hashes));
    }
    tree_hash(leaves.len() as u64, &stored).expect("root").0
}

#[tokio::test]
async fn the_guide_begins_with_the_readers_own_role() {
    let app = TestApp::new().await;
    let page = app.sign_in("liaison").await.get("/help").await.expect(200).text();
    let place = |id: &str| page.find(&format!("id=\"{id}\"")).expect("a guide");
    assert!(place("liaison") < place("compiler"));
    app.settle().await; // the log has a head
    for role in ["compiler", "approver", "manager", "admin", "auditor", "liaison"] {
        let reader = app.sign_in(role).await;
        let page = reader.get("/help").await.expect(200).text();
        let guides = page.split("<ol>").skip(1).filter_map(|part| part.split("</ol>").next());
        let links: Vec<&str> = guides
            .flat_map(|part| part.split("href=\"").skip(1))
            .filter_map(|p| p.split('"').next())
            .collect();
        assert!(!links.is_empty());
        for link in links {
            let reply = reader.get(link).await;
            assert!(reply.status != 404, "{role} is sent to {link}, where nothing is for that role");
        }
    }
    app.sign_in("admin").await.get("/admin/components").await.expect(200);
    app.sign_in("compiler").await.get("/admin/components").await.expect(404);
}
