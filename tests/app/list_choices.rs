//! What each list says of its rows is chosen in its address, on lines and cards as in tables; and entries of the log are
//! ticked to be given out, over all pages, by themselves.

use lead_handoff::{
    audit,
    platform::{db::Id, http::selection::word},
};

use crate::{
    bulk::pressed,
    outcomes::listing::enter,
    support::{TestApp, fixtures, ledger::Sent, seed::GUANGZHOU, table},
};

/// What stands in a page between two texts.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split(from).nth(1).unwrap_or_else(|| panic!("no «{from}» in {page}"));
    rest.split(to).next().unwrap_or_default()
}

/// What the lines of the log say while they are folded.
fn lines(page: &str) -> Vec<String> {
    let list = between(page, "<ol class=\"lines\">", "</ol>");
    let said = list.split("<summary>").skip(1).filter_map(|rest| rest.split("</summary>").next());
    said.map(str::to_owned).collect()
}

/// The entries of leads that were begun, the newest first.
async fn begun(app: &TestApp) -> Vec<Id> {
    let filter = audit::Filter { verb_prefix: Some("lead.create".into()), ..audit::Filter::default() };
    let rows = app.services.db.read(move |conn| audit::page(conn, &filter, 1_000)).await;
    rows.expect("entries").into_iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn a_manager_chooses_what_the_lines_of_the_log_say_and_a_colleague_sees_the_same() {
    let app = TestApp::new().await;
    app.seed.lead(&app.services, "compiler");
    app.settle().await;
    let (manager, auditor) = (app.sign_in("manager").await, app.sign_in("auditor").await);
    let usual = manager.get("/audit?verb=lead.create").await.expect(200).text();
    let line = lines(&usual).remove(0);
    assert!(
        line.contains("建立线索") && line.contains("编制人甲") && !line.contains("lead.create"),
        "{line}"
    );
    assert!(usual.contains("name=\"col\" value=\"actor\" checked") && !usual.contains("恢复默认列"));

    let address = "/audit?verb=lead.create&col=verb&col=leaf-hash&col=outcome";
    let before = app.audit_count().await;
    let chosen = manager.get(address).await.expect(200).text();
    assert_eq!(app.audit_count().await, before + 1, "one entry a list");
    let line = lines(&chosen).remove(0);
    assert!(line.contains("lead.create") && line.contains("class=\"hash") && line.contains("完成"), "{line}");
    assert!(!line.contains("建立线索") && !line.contains("编制人甲"), "{line}");
    assert!(chosen.contains("恢复默认列") && chosen.contains("name=\"col\" value=\"verb\" checked"));
    // Whatever the line leaves out stands below it.
    let below = between(between(&chosen, "<ol class=\"lines\">", "</ol>"), "</summary>", "</details>");
    assert!(below.contains("<dt>操作代码</dt>") && below.contains("/leads/"), "{below}");
    // The reload, and a colleague; the filter and the other order keep the choice.
    assert_eq!(lines(&manager.get(address).await.expect(200).text()), lines(&chosen));
    assert_eq!(lines(&auditor.get(address).await.expect(200).text()), lines(&chosen));
    let filter = between(&chosen, "<form class=\"filters\"", "</form>");
    assert!(filter.contains("name=\"col\" value=\"leaf-hash\""), "{filter}");
    let english = [("name", "管理者甲"), ("email", "manager@example.com"), ("language", "en")];
    manager.post("/account", &english).await.expect(303);
    manager.get(address).await.expect(200).has("Leaf hash").has("Usual columns").has("Selected as CSV");

    // It is saved with the filter, for the whole side.
    let asked = "verb=lead.create&col=verb";
    let save = [("list", "audit"), ("asked", asked), ("name", "新线索"), ("shared", "yes")];
    let saved = manager.post("/views/new", &save).await.expect(303).location;
    assert!(saved.starts_with("/audit?verb=lead.create&col=verb"), "{saved}");

    // As on every list, a column of another version of the program leaves out nothing, and a filter that can't be read is
    // told at its field.
    let odd = auditor.get("/audit?verb=lead.create&col=nonsense").await.expect(200).text();
    assert!(lines(&odd)[0].contains("建立线索"), "{odd}");
    auditor.get("/audit?verb=nonsense&col=verb").await.expect(422).has("href=\"#f-verb\"");
    auditor.get("/audit?sort=nonsense&col=verb").await.expect(422).has("id=\"errors\"");
}

#[tokio::test]
async fn ticked_entries_of_the_log_are_given_out_whatever_page_they_stand_on() {
    let app = TestApp::new().await;
    for _ in 0..52 {
        app.seed.lead(&app.services, "compiler");
    }
    app.settle().await;
    let all = begun(&app).await;
    assert_eq!(all.len(), 52);
    let (newest, oldest) = (all[0], all[51]);
    let auditor = app.sign_in("auditor").await;
    let first = format!("/audit?verb=lead.create&col=title&pick={}", word(oldest));
    let page = auditor.get(&first).await.expect(200).has("已选 1 条").has("其中 1 条在其他页").text();
    // The ticks go along with the filter, the columns, the order and to the next page.
    let kept = format!("name=\"pick\" value=\"{}\"", word(oldest));
    for form in ["<form class=\"filters\"", "<details class=\"columns\">", "<form class=\"picking\""] {
        assert!(between(&page, form, "</form>").contains(&kept), "{form}: {page}");
    }
    let steps = between(&page, "<p class=\"picking-steps late\">", "</p>");
    assert!(steps.contains("name=\"after\""), "{steps}");

    let address = pressed(&page, "/audit/selected/export.csv", &[newest], None);
    let before = app.audit_count().await;
    let file = auditor.get(&address).await.expect(200).text();
    assert_eq!(table(&file).len(), 3, "{file}");
    let has = |id: Id| file.contains(&id.to_string());
    assert!(has(newest) && has(oldest) && !has(all[1]), "{file}");
    // It does not pass for all that the log has.
    assert!(file.contains("所选记录：2") && file.contains("降序"), "{file}");
    assert_eq!(app.audit_count().await, before + 1, "one entry a file");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.objects().len()), ("audit.export", 2));
    assert_eq!(entry.leaf["facts"]["page"], "selected");
    assert_eq!(entry.leaf["facts"]["format"], "csv");
    assert!(entry.objects().iter().any(|(kind, id)| kind == "audit" && *id == oldest.to_string()));

    let book = pressed(&page, "/audit/selected/export.xlsx", &[newest], None);
    assert!(auditor.get(&book).await.expect(200).bytes.starts_with(b"PK"));
    assert_eq!(app.last_entry().await.leaf["facts"]["format"], "xlsx");
    // The whole of a question goes into a workbook, too.
    assert!(auditor.get("/audit/export.xlsx?verb=lead.create").await.expect(200).bytes.starts_with(b"PK"));
    // What narrows the list does not narrow what is ticked, and the order is that of the list.
    let narrow = format!("/audit/selected/export.csv?verb=person.&sort=at&pick={}", word(newest));
    let narrowed = auditor.get(&narrow).await.expect(200).text();
    assert!(table(&narrowed).len() == 2 && narrowed.contains("升序"), "{narrowed}");
}

#[tokio::test]
async fn no_choice_is_no_file_of_everything_and_the_log_is_for_its_readers() {
    let app = TestApp::new().await;
    app.seed.lead(&app.services, "compiler");
    let one = begun(&app).await.remove(0);
    let auditor = app.sign_in("auditor").await;
    let before = app.audit_count().await;
    for none in ["", "?verb=lead.create", "?pick=nonsense"] {
        auditor.get(&format!("/audit/selected/export.csv{none}")).await.expect(422).has("请至少勾选一条");
    }
    assert_eq!(app.audit_count().await, before, "nothing left");
    auditor.get(&format!("/audit/selected/export.jsonl?pick={}", word(one))).await.expect(404);
    // What there is none of is not put on record.
    let strange = format!("/audit/selected/export.csv?pick={}", word(Id::new()));
    assert_eq!(table(&auditor.get(&strange).await.expect(200).text()).len(), 1);
    assert!(app.last_entry().await.objects().is_empty());
    let address = format!("/audit/selected/export.csv?pick={}", word(one));
    app.sign_in("manager").await.get(&address).await.expect(200).has(&one.to_string());
    for username in ["compiler", "approver", "admin", "liaison"] {
        app.sign_in(username).await.get(&address).await.expect(404);
    }
}

#[tokio::test]
async fn a_liaison_chooses_what_the_cards_of_the_inbox_say() {
    let app = TestApp::new().await;
    app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let liaison = app.sign_in("liaison").await;
    let cards = |page: &str| between(page, "<ul class=\"inbox\">", "</ul>").to_owned();
    let usual = liaison.get("/transfers").await.expect(200).text();
    assert!(cards(&usual).contains("移送时间") && !cards(&usual).contains("立案时间"), "{usual}");
    assert!(cards(&usual).contains("已立案"), "{usual}");
    // What the platform's table has beside, no agency can choose.
    for foreign in ["lead", "agency", "region"] {
        assert!(!usual.contains(&format!("name=\"col\" value=\"{foreign}\"")), "{foreign}: {usual}");
    }
    let address = "/transfers?sort=-sent&col=title&col=filed";
    let chosen = liaison.get(address).await.expect(200).text();
    assert!(cards(&chosen).contains("立案时间") && cards(&chosen).contains("inbox-title"), "{chosen}");
    assert!(!cards(&chosen).contains("移送时间") && !cards(&chosen).contains("已立案"), "{chosen}");
    assert!(chosen.contains("name=\"col\" value=\"filed\" checked") && chosen.contains("恢复默认列"));
    assert_eq!(cards(&liaison.get(address).await.expect(200).text()), cards(&chosen));
    // The order, the ticks and a saved filter keep it.
    let form = between(&chosen, "<form class=\"picking\"", "</form>");
    assert!(form.contains("name=\"col\" value=\"filed\"") && form.contains("name=\"sort\" value=\"-sent\""));
    let save = [("list", "transfers"), ("asked", "state=filed&col=filed"), ("name", "已立案")];
    let saved = liaison.post("/views/new", &save).await.expect(303).location;
    assert!(cards(&liaison.get(&saved).await.expect(200).text()).contains("立案时间"), "{saved}");
    assert!(cards(&liaison.get("/transfers?col=nonsense").await.expect(200).text()).contains("移送时间"));
    liaison.get("/transfers?state=nonsense&col=filed").await.expect(422).has("id=\"errors\"");
}

/// Filters with chips, counts by state, saved filters, columns, an order, ticks with what goes on with them: each list has
/// all of it, with a column more than usual, and whoever opens its address has the same.
#[tokio::test]
async fn none_of_the_lists_lacks_what_the_others_have() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    enter(&app, GUANGZHOU, made, 2).await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    fixtures::unsealed(&app, lead, GUANGZHOU).await;
    let lists = [
        ("manager", "/leads", "region=440111", ["title", "source"]),
        ("manager", "/dossiers", "from=2001-01-01", ["state", "size"]),
        ("manager", "/transfers", "from=2001-01-01", ["state", "accepted"]),
        ("liaison", "/transfers", "from=2001-01-01", ["state", "accepted"]),
        ("manager", "/cases", "from=2001-01-01", ["opened", "officer"]),
        ("liaison", "/cases", "from=2001-01-01", ["opened", "officer"]),
        ("manager", "/outcomes", "year=2016", ["state", "kind"]),
        ("manager", "/agencies", "q=GZ", ["code", "phone"]),
        ("admin", "/admin/people", "q=compiler", ["state", "email"]),
        ("auditor", "/audit", "from=2001-01-01", ["title", "place"]),
    ];
    for (reader, list, filter, [one, column]) in lists {
        let address = format!("{list}?{filter}&col={one}&col={column}");
        let browser = app.sign_in(reader).await;
        let page = browser.get(&address).await.expect(200).text();
        let parts = [
            "class=\"filter-chips\"",
            "class=\"tabs states\"",
            "保存当前筛选",
            "<form class=\"picking\" method=\"get\"",
            "name=\"pick\" value=\"",
            "sort=",
            "所选导出 CSV",
            "所选导出 Excel",
        ];
        for part in parts {
            assert!(page.contains(part), "{reader} {list}: no «{part}» in {page}");
        }
        assert!(
            page.contains(&format!("name=\"col\" value=\"{column}\" checked")),
            "{reader} {list}: {page}"
        );
        let form = between(&page, "<form class=\"picking\"", "</form>");
        assert!(form.contains(&format!("name=\"col\" value=\"{column}\"")), "{reader} {list}: {form}");
        // A reload shows the choice again; without it stands the usual one.
        let again = browser.get(&address).await.expect(200).text();
        assert!(again.contains(&format!("value=\"{column}\" checked")), "{reader} {list}");
        browser.get(list).await.expect(200).has_not("恢复默认列");
    }
}

/// A phone hides the heads of a table, and a column that sorts may be left out: the orders stand above the rows as well.
#[tokio::test]
async fn a_table_is_sorted_also_where_its_heads_are_not_in_sight() {
    let app = TestApp::new().await;
    app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let manager = app.sign_in("manager").await;
    let page = manager.get("/cases?col=officer&sort=filed").await.expect(200).text();
    assert!(!page.contains("aria-sort="), "{page}");
    let orders = between(&page, "<details class=\"columns orders\">", "</details>");
    assert!(orders.contains("sort=-filed\" aria-current=\"true\"") && orders.contains('↑'), "{orders}");
    assert!(orders.contains("col=officer") && orders.contains("sort=-opened"), "{orders}");
    for list in ["/leads", "/dossiers", "/outcomes", "/agencies"] {
        let page = manager.get(list).await.expect(200).text();
        assert!(
            between(&page, "<details class=\"columns orders\">", "</details>").contains("sort="),
            "{list}"
        );
    }
    app.sign_in("admin")
        .await
        .get("/admin/people")
        .await
        .expect(200)
        .has("<details class=\"columns orders\">");
    manager.get("/cases?sort=nonsense&col=officer").await.expect(422).has("id=\"errors\"");
}
