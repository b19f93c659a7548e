//! Lists: everything stands in the address, counts are what a click shows, filters are saved and shared within a side.

use lead_handoff::audit;

use crate::support::{
    Browser, TestApp,
    ledger::Sent,
    seed::{GUANGZHOU, HANGZHOU},
    table,
};

/// An address as it stands in a page.
fn unescaped(href: &str) -> String {
    href.replace("&#38;", "&").replace("&amp;", "&")
}

/// What stands in a page between two texts.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split(from).nth(1).unwrap_or_else(|| panic!("no «{from}» in {page}"));
    rest.split(to).next().unwrap_or_default()
}

/// How many rows the table of a page has.
fn rows(page: &str) -> usize {
    page.split("<tbody>")
        .nth(1)
        .map_or(0, |rest| rest.split("</tbody>").next().unwrap_or_default().matches("<tr>").count())
}

/// The links by state, with the number beside each; empty: none is told.
fn tabs(page: &str) -> Vec<(String, String)> {
    let list = between(page, "aria-label=\"按状态查看\"><ul>", "</ul>");
    let tab = |item: &str| {
        let href = unescaped(between(item, "href=\"", "\""));
        let count = item.split("<span class=\"count\">").nth(1).and_then(|rest| rest.split('<').next());
        (href, count.unwrap_or_default().to_owned())
    };
    list.split("<li>").skip(1).map(tab).collect()
}

/// Follows every link by state of a list: each shows as many rows as it says.
async fn click_through(browser: &Browser, address: &str) -> Vec<String> {
    let page = browser.get(address).await.expect(200).text();
    let mut told = Vec::new();
    for (href, count) in tabs(&page) {
        let shown = browser.get(&href).await.expect(200).text();
        assert_eq!(rows(&shown).to_string(), count, "{href} from {address}");
        told.push(count);
    }
    told
}

#[tokio::test]
async fn a_colleague_who_opens_the_address_sees_the_same() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        app.seed.lead(&app.services, "compiler");
    }
    let (one, other) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let address = "/leads?state=draft&charge=CL214&sort=number&col=title&col=source";
    let (mine, theirs) =
        (one.get(address).await.expect(200).text(), other.get(address).await.expect(200).text());
    let shown = |page: &str| between(page, "<tbody>", "</tbody>").to_owned();
    assert_eq!(shown(&mine), shown(&theirs));
    // And again, as the reload button does.
    assert_eq!(shown(&one.get(address).await.expect(200).text()), shown(&mine));
    // What the filter has no fields for goes on with its form.
    for kept in
        ["name=\"state\" value=\"draft\"", "name=\"sort\" value=\"number\"", "name=\"col\" value=\"source\""]
    {
        assert!(mine.contains(kept), "no {kept} in {mine}");
    }
    // Each chip takes its own filter away and no other; names stand there, not codes.
    let chips = between(&mine, "class=\"filter-chips\">", "</ul>");
    assert!(
        chips.contains("草稿") && chips.contains("假冒注册商标") && !chips.contains("CL214</"),
        "{chips}"
    );
    let hrefs: Vec<String> = chips
        .split("href=\"")
        .skip(1)
        .map(|part| unescaped(part.split('"').next().unwrap_or_default()))
        .collect();
    assert!(hrefs.contains(&"/leads?charge=CL214&sort=number&col=title&col=source".to_owned()), "{hrefs:?}");
    assert!(hrefs.contains(&"/leads?state=draft&sort=number&col=title&col=source".to_owned()), "{hrefs:?}");
    assert_eq!(hrefs.last().map(String::as_str), Some("/leads?sort=number&col=title&col=source"));
}

#[tokio::test]
async fn columns_are_chosen_in_the_address() {
    let app = TestApp::new().await;
    app.seed.lead(&app.services, "compiler");
    let manager = app.sign_in("manager").await;
    let head = |page: &str| between(page, "<thead>", "</thead>").to_owned();
    let usual = manager.get("/leads").await.expect(200).text();
    assert!(head(&usual).contains("涉嫌罪名") && !head(&usual).contains("案源"));
    assert!(usual.contains("name=\"col\" value=\"charge\" checked") && !usual.contains("恢复默认列"));
    let chosen = manager.get("/leads?col=source&col=title").await.expect(200).text();
    assert!(!head(&chosen).contains("涉嫌罪名") && head(&chosen).contains("案源"));
    assert!(chosen.contains("恢复默认列"));
    // What is made up is said whatever is left out.
    app.handed(&Sent::to(GUANGZHOU, "2016-05-04"), None);
    manager.get("/leads?col=title").await.expect(200).has("合成</span>");
    // A column of another version of the program leaves out nothing.
    manager.get("/leads?col=nonsense").await.expect(200).has("涉嫌罪名");
    for (list, more) in
        [("/transfers", "accepted"), ("/cases", "officer"), ("/agencies", "phone"), ("/approvals", "decided")]
    {
        manager
            .get(&format!("{list}?col={more}"))
            .await
            .expect(200)
            .has(&format!("value=\"{more}\" checked"));
    }
    // An agency's list of cases knows no agencies.
    let liaison = app.sign_in("liaison").await;
    liaison.get("/cases").await.expect(200).has_not("name=\"col\" value=\"agency\"");
}

#[tokio::test]
async fn a_count_is_what_a_click_shows() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    for n in 0..5 {
        let lead = app.seed.lead(&app.services, if n == 4 { "compiler2" } else { "compiler" });
        if n == 0 {
            compiler.post(&format!("/leads/{lead}/trash"), &[]).await.expect(303);
        }
    }
    for n in 0..4 {
        let sent = Sent::to(if n == 0 { HANGZHOU } else { GUANGZHOU }, "2016-05-04");
        app.handed(&if n < 2 { sent.filed("2016-06-01") } else { sent }, None);
    }
    let all = click_through(&compiler, "/leads").await;
    // All but what is in the trash; drafts, in review, approved, withdrawn, trashed.
    assert_eq!(all, ["8", "4", "0", "4", "0", "1"]);
    assert_eq!(click_through(&compiler, "/leads?owner=me").await[0], "7");
    assert_eq!(click_through(&compiler, "/leads?region=440100&charge=CL214").await[1], "4");
    assert_eq!(click_through(&compiler, "/leads?q=%E6%89%8B%E8%A1%A8").await[..2], ["4", "4"]);
    assert_eq!(click_through(&compiler, "/transfers").await[0], "4");
    let guangzhou = app.seed.agencies[GUANGZHOU];
    assert_eq!(click_through(&compiler, &format!("/transfers?agency={guangzhou}")).await[0], "3");
    assert_eq!(click_through(&compiler, "/transfers?from=2016-05-05").await[0], "0");
    assert_eq!(click_through(&compiler, "/cases").await[0], "2");
    assert_eq!(click_through(&compiler, &format!("/cases?agency={guangzhou}")).await[0], "1");
    assert_eq!(click_through(&compiler, "/outcomes").await[0], "0");
    click_through(&compiler, "/agencies").await;
    click_through(&compiler, "/agencies?q=%E5%B9%BF%E5%B7%9E").await;
    click_through(&compiler, "/dossiers").await;
    click_through(&app.sign_in("admin").await, "/admin/people?side=platform").await;
    // An agency's numbers are its own.
    let liaison = app.sign_in("liaison").await;
    let inbox = liaison.get("/transfers").await.expect(200).text();
    assert_eq!(tabs(&inbox)[0].1, "3");
    assert_eq!(click_through(&liaison, "/cases").await[0], "1");
}

/// Saves a filter.
async fn save(browser: &Browser, list: &str, asked: &str, name: &str, more: &[(&str, &str)]) -> String {
    let fields = [&[("list", list), ("asked", asked), ("name", name)][..], more].concat();
    browser.post("/views/new", &fields).await.expect(303).location
}

#[tokio::test]
async fn a_filter_is_saved_and_shared_with_ones_own_side_and_no_other() {
    let app = TestApp::new().await;
    app.handed(&Sent::to(GUANGZHOU, "2016-05-04"), None);
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let page = compiler.get("/leads?state=draft&after=7").await.expect(200).text();
    let form = unescaped(
        page.split("\">保存当前筛选").next().and_then(|p| p.rsplit("href=\"").next()).expect("a link"),
    );
    compiler.get(&form).await.expect(200).has("name=\"asked\" value=\"state=draft\"");
    compiler.get("/leads").await.expect(200).has_not("保存当前筛选");
    compiler.post("/views/new", &[("list", "leads"), ("asked", "state=draft")]).await.expect(422);
    compiler.post("/views/new", &[("list", "leads"), ("name", "无条件")]).await.expect(422).has("没有可保存");
    compiler.post("/views/new", &[("list", "people"), ("asked", "q=a"), ("name", "x")]).await.expect(422);
    let to = save(&compiler, "leads", "state=draft", "张三的草稿", &[]).await;
    assert_eq!(to, "/leads?state=draft&ok=view-saved");
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "view.save");
    assert!(!entry.leaf.to_string().contains("张三"), "{}", entry.leaf);
    let private = app.services.db.read(move |conn| audit::private_of(conn, entry.id)).await.expect("read");
    assert_eq!(private.expect("a personal part")["name"], "张三的草稿");
    let again = [("list", "leads"), ("asked", "q=a"), ("name", "张三的草稿")];
    compiler.post("/views/new", &again).await.expect(422).has("同名");

    // The one that is open is marked, in whatever order its parts stand.
    save(&compiler, "leads", "state=approved&synthetic=yes", "已批准", &[("shared", "yes")]).await;
    let open = compiler.get("/leads?synthetic=yes&state=approved").await.expect(200).text();
    assert!(open.contains("aria-current=\"true\">已批准") && !open.contains("保存当前筛选"), "{open}");
    compiler.get("/leads").await.expect(200).has("张三的草稿").has("已批准");
    let theirs = other.get("/leads").await.expect(200).has("已批准（共享）").has_not("张三的草稿").text();
    let shared = unescaped(
        theirs.split("\">已批准（").next().and_then(|p| p.rsplit("href=\"").next()).expect("a link"),
    );
    other.get(&shared).await.expect(200).has("假冒润滑油");

    // Neither side sees the other's, nor one agency another's; auditors are a side of their own.
    let (liaison, elsewhere) = (app.sign_in("liaison").await, app.sign_in("liaison2").await);
    save(&liaison, "transfers", "overdue=yes", "本支队逾期", &[("shared", "yes")]).await;
    save(&compiler, "transfers", "overdue=yes", "平台逾期", &[("shared", "yes")]).await;
    liaison.get("/transfers").await.expect(200).has("本支队逾期").has_not("平台逾期");
    elsewhere.get("/transfers?q=a").await.expect(200).has_not("本支队逾期").has_not("平台逾期");
    other.get("/transfers").await.expect(200).has("平台逾期").has_not("本支队逾期");
    app.sign_in("auditor").await.get("/transfers").await.expect(200).has_not("逾期（共享）");
    elsewhere.get("/views").await.expect(200).has_not("逾期");
}

#[tokio::test]
async fn a_saved_filter_is_renamed_and_removed_by_its_owner_and_may_be_what_the_navigation_opens() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    save(&compiler, "leads", "state=draft", "草稿箱", &[("shared", "yes"), ("usual", "yes")]).await;
    let views = compiler.get("/views").await.expect(200).has("草稿箱").has("默认").text();
    let id = between(&views, "action=\"/views/", "/usual").to_owned();
    let page = format!("/views/{id}");
    // The navigation opens it, by its key too; the list's own address stays the whole list, for everybody.
    compiler.get("/").await.expect(200).has("href=\"/leads?state=draft\" data-key=\"g l\"");
    compiler.get("/leads").await.expect(200).has("aria-current=\"page\">全部");
    other.get("/").await.expect(200).has("href=\"/leads\"").has_not("href=\"/leads?state=draft\"");

    // A colleague may use it and may not change it.
    other.get(&page).await.expect(404);
    other.post(&page, &[("name", "我的")]).await.expect(404);
    other.post(&format!("{page}/remove"), &[]).await.expect(404);
    other.post(&format!("{page}/usual"), &[("usual", "yes")]).await.expect(303);
    other.get("/").await.expect(200).has("href=\"/leads?state=draft\"");
    app.sign_in("liaison").await.post(&format!("{page}/usual"), &[("usual", "yes")]).await.expect(404);

    compiler.get(&page).await.expect(200).has("value=\"草稿箱\"");
    compiler.post(&page, &[("name", "")]).await.expect(422);
    // No longer shared, it is nobody else's usual one any more.
    compiler.post(&page, &[("name", "我的草稿")]).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "view.change");
    compiler.get("/leads").await.expect(200).has("我的草稿").has_not("草稿箱");
    other.get("/").await.expect(200).has_not("href=\"/leads?state=draft\"");
    other.get("/leads").await.expect(200).has_not("我的草稿");
    compiler.post(&format!("{page}/usual"), &[("usual", "no")]).await.expect(303);
    compiler.get("/").await.expect(200).has_not("href=\"/leads?state=draft\"");
    compiler.post(&format!("{page}/remove"), &[]).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "view.remove");
    compiler.get("/views").await.expect(200).has_not("我的草稿");
    compiler.get(&page).await.expect(404);
}

#[tokio::test]
async fn a_file_says_what_it_is_and_holds_no_formula() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    for title in ["=1+1", "+甲", "-甲", "@甲", "＝1+1"] {
        compiler
            .post("/leads/new", &[("title", title), ("source.kind", "other"), ("sender_role", "reporter")])
            .await
            .expect(303);
    }
    let file = compiler.get("/leads/export.csv?state=draft&sort=number").await.expect(200).text();
    assert!(file.starts_with('\u{FEFF}'));
    for title in ["'=1+1", "'+甲", "'-甲", "'@甲", "'＝1+1"] {
        assert!(file.contains(&format!(",{title},")), "{file}");
    }
    let said = file.split("\r\n\r\n").nth(1).expect("what the file says of itself");
    for part in
        ["导出说明", "列表,线索", "状态：草稿", "编制人甲 (compiler)", "+08:00 (Asia/Shanghai)", "行数,5"]
    {
        assert!(said.contains(part), "no «{part}» in {said}");
    }
    let book = compiler.get("/leads/export.xlsx?state=draft").await.expect(200);
    let called = book.headers["content-disposition"].to_str().expect("a name");
    assert_eq!(called, "attachment; filename=\"leads.xlsx\"; filename*=UTF-8''%E7%BA%BF%E7%B4%A2.xlsx");
    let book = book.bytes;
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(book)).expect("a workbook");
    let about = calamine::Reader::worksheet_range(&mut book, "导出说明").expect("a sheet");
    let cells: Vec<String> = about.rows().flatten().map(ToString::to_string).collect();
    assert!(cells.contains(&"状态：草稿".to_owned()) && cells.contains(&"5".to_owned()), "{cells:?}");
    let list = calamine::Reader::worksheet_range_at(&mut book, 0).expect("a sheet").expect("its cells");
    assert!(list.rows().flatten().any(|cell| *cell == calamine::Data::String("=1+1".into())));
    assert_eq!(
        calamine::Reader::worksheet_formula(&mut book, "线索").expect("formulas").used_cells().count(),
        0
    );
}

#[tokio::test]
async fn a_page_left_open_changes_no_other_filter_and_what_a_closed_account_shared_goes() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    save(&compiler, "leads", "state=draft", "草稿箱", &[("usual", "yes")]).await;
    let views = compiler.get("/views").await.expect(200).text();
    let first = between(&views, "action=\"/views/", "/usual").to_owned();
    save(&compiler, "leads", "state=approved", "已批准箱", &[("shared", "yes"), ("usual", "yes")]).await;
    let count = app.audit_count().await;
    // The page of before still offers to take the first one back.
    compiler.post(&format!("/views/{first}/usual"), &[("usual", "no")]).await.expect(303);
    assert_eq!(app.audit_count().await, count, "nothing was done");
    compiler.get("/").await.expect(200).has("href=\"/leads?state=approved\" data-key=\"g l\"");
    other.get("/leads").await.expect(200).has("已批准箱");
    app.disable("compiler").await;
    other.get("/leads").await.expect(200).has_not("已批准箱");
}

#[tokio::test]
async fn every_list_is_given_out_with_its_filter_in_words() {
    let app = TestApp::new().await;
    app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let (manager, admin) = (app.sign_in("manager").await, app.sign_in("admin").await);
    let guangzhou = app.seed.agencies[GUANGZHOU];
    for (path, said) in [
        (format!("/transfers/export?agency={guangzhou}"), "单位：广州市公安局经侦支队"),
        ("/transfers/export?region=440100".into(), "广州市"),
        (format!("/cases/export?agency={guangzhou}"), "单位：广州市公安局经侦支队"),
        (format!("/outcomes/export?agency={guangzhou}"), "单位：广州市公安局经侦支队"),
        (format!("/dossiers/export?agency={guangzhou}"), "单位：广州市公安局经侦支队"),
        ("/approvals/export?state=all".into(), "状态：全部"),
    ] {
        let file = manager.get(&format!("{path}&format=csv")).await.expect(200).text();
        assert!(file.contains(said) && file.contains("管理者甲 (manager)"), "{path}: {file}");
        let book = manager.get(&format!("{path}&format=xlsx")).await.expect(200).bytes;
        assert!(book.starts_with(b"PK"), "{path}");
    }
    let file = admin.get("/admin/people/export?format=csv&role=liaison").await.expect(200).text();
    assert_eq!(table(&file).len(), 3, "{file}");
    assert!(file.contains("角色：联络员") && file.contains("liaison2"), "{file}");
    assert_eq!(app.last_entry().await.verb, "person.export");
    admin.get("/admin/people/export?format=csv&role=king").await.expect(422);
    admin.get("/admin/people?role=king").await.expect(422).has("id=\"errors\"").has_not("liaison2");
    let book = manager.get("/agencies/export.xlsx?region=440100").await.expect(200).bytes;
    assert!(book.starts_with(b"PK"));
    let csv = app.sign_in("auditor").await.get("/audit/export.csv?verb=person.").await.expect(200).text();
    assert!(csv.contains("操作类别：账号") && csv.contains("审计员甲 (auditor)"), "{csv}");
}

#[tokio::test]
async fn the_log_says_what_was_asked_for_of_the_reviews() {
    let app = TestApp::new().await;
    let approver = app.sign_in("approver").await;
    let by = app.seed.people["compiler"].to_string();
    for path in ["/approvals?", "/approvals/export?format=csv&"] {
        approver.get(&format!("{path}by={by}&acts=me&q=手表")).await.expect(200);
        let entry = app.last_entry().await;
        let facts = &entry.leaf["facts"];
        assert!(facts["submitted_by"] == by.as_str() && facts["acts"] == "yes", "{}", entry.leaf);
        assert!(!entry.leaf.to_string().contains("手表"));
        let private = app.services.db.read(move |conn| audit::private_of(conn, entry.id)).await;
        assert_eq!(private.expect("read").expect("a part")["q"], "手表");
    }
}

#[tokio::test]
async fn all_dossiers_stand_in_one_list() {
    let app = TestApp::new().await;
    let (lead, dossiers) = crate::support::story::sealed(&app, &[GUANGZHOU, HANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.get("/dossiers").await.expect(200).text();
    assert_eq!(rows(&page), 2);
    assert!(dossiers.iter().all(|id| page.contains(&format!("href=\"/dossiers/{id}\""))), "{page}");
    assert!(page.contains(&format!("href=\"/leads/{lead}\"")), "{page}");
    assert_eq!(app.last_entry().await.verb, "dossier.list");
    click_through(&compiler, "/dossiers").await;
    let hangzhou = app.seed.agencies[HANGZHOU];
    let one = compiler.get(&format!("/dossiers?agency={hangzhou}&state=sealed")).await.expect(200).text();
    assert_eq!(rows(&one), 1);
    // By its folder, the whole or its beginning, as it stands on the papers.
    let folder = crate::support::story::dossiers(&app, lead).await.remove(0).folder;
    for q in [folder.clone(), folder.to_lowercase(), folder[..folder.len() - 2].to_owned()] {
        let found = compiler.get(&format!("/dossiers?q={q}")).await.expect(200).text();
        assert!(rows(&found) >= 1 && found.contains(&folder), "{q}: {found}");
    }
    let found = compiler.get(&format!("/dossiers?q={folder}")).await.expect(200).text();
    assert_eq!(rows(&found), 1, "{found}");
    compiler.get("/dossiers?q=no-such-lead").await.expect(200).has("没有符合条件的记录");
    compiler.get("/dossiers?state=odd").await.expect(422).has("href=\"#f-state\">状态：");
    app.sign_in("liaison").await.get("/dossiers").await.expect(404);
}
