//! A list is narrowed to an agency, a region or a charge by what it is called, and says so by its name; what may be several
//! is asked back. The log by a name is that of everybody who bears it.

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id,
    schema::{agency, agency_case, person},
};

use crate::{
    outcomes::listing::enter,
    support::{
        Browser, TestApp, fixtures,
        ledger::{Made, Sent, noon},
        seed::{GUANGZHOU, HANGZHOU},
        table,
    },
};

const CALLED: &str = "广州市公安局经侦支队";

/// How many rows the table of a page has.
fn rows(page: &str) -> usize {
    let body = page.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next());
    body.map_or(0, |body| body.matches("<tr>").count())
}

/// The filters in force, as the page names them.
fn chips(page: &str) -> &str {
    let list = page.split("class=\"filter-chips\">").nth(1).and_then(|rest| rest.split("</ul>").next());
    list.unwrap_or_default()
}

fn asked(list: &str, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{list}?{query}")
}

/// A page of a list that was understood.
async fn narrowed(browser: &Browser, list: &str, pairs: &[(&str, &str)]) -> String {
    let page = browser.get(&asked(list, pairs)).await.expect(200).text();
    assert!(!page.contains("id=\"errors\""), "{page}");
    page
}

/// One lead in Guangzhou and one in Hangzhou, of one charge each, with all that came of them.
async fn two(app: &TestApp) -> (Made, Made) {
    let here = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let there = Sent { region: "330106", charge: "CL213", ..Sent::to(HANGZHOU, "2016-05-04") };
    let there = app.handed(&there.filed("2016-06-01"), None);
    for (agency, made) in [(GUANGZHOU, here), (HANGZHOU, there)] {
        enter(app, agency, made, 1).await;
        fixtures::sealed(app, made.lead, agency).await;
    }
    (here, there)
}

#[tokio::test]
async fn a_brand_is_asked_for_by_its_name_a_part_of_it_and_its_sounds() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    for name in ["云岭一号", "云岭二号"] {
        compiler.post(&format!("/leads/{lead}/brands"), &[("brand", name)]).await.expect(303);
    }
    for way in ["云岭一号", "yunlingyihao", "一号"] {
        let page = narrowed(&compiler, "/leads", &[("brand", way)]).await;
        assert!(rows(&page) == 1 && chips(&page).contains("云岭一号"), "{way}: {page}");
        assert!(page.contains("name=\"brand\" value=\"云岭一号\""), "{way}: {page}");
    }
    for way in ["云岭", "yunling"] {
        let page = compiler.get(&asked("/leads", &[("brand", way)])).await.expect(422);
        let page = page.has("可能是这些品牌").has("云岭一号").has("云岭二号");
        page.has(&format!("value=\"{way}\"")).has_not("没有符合条件的记录");
    }
    let none = compiler.get(&asked("/leads", &[("brand", "没有的品牌")])).await.expect(422);
    none.has("没有找到这个品牌").has_not("没有符合条件的记录");
}

#[tokio::test]
async fn an_agency_is_asked_for_by_whatever_it_is_called_on_every_list() {
    let app = TestApp::new().await;
    two(&app).await;
    let id = app.seed.agencies[GUANGZHOU].to_string();
    let (manager, admin) = (app.sign_in("manager").await, app.sign_in("admin").await);
    let shown = format!("{CALLED} · {GUANGZHOU}");
    let ways = [id.as_str(), "gz-ecd", CALLED, &shown, "Guangzhou economic crime investigation", "guangzhou"];
    let lists = ["/leads", "/dossiers", "/transfers", "/cases", "/outcomes", "/admin/people"];
    for list in lists {
        let browser = if list == "/admin/people" { &admin } else { &manager };
        for way in ways {
            let page = narrowed(browser, list, &[("agency", way)]).await;
            assert_eq!(rows(&page), 1, "{list} of {way}");
            assert!(chips(&page).contains(CALLED) && !chips(&page).contains(&id), "{list}: {page}");
            // The field says which it is, offers others, and is read again as it stands.
            assert!(page.contains(&format!("name=\"agency\" value=\"{shown}\"")), "{list} of {way}: {page}");
            assert!(page.contains("data-pick=\"agencies\""), "{list}");
        }
        let page = browser.get(&asked(list, &[("agency", "没有的单位")])).await.expect(422);
        page.has("没有找到这个单位").has("value=\"没有的单位\"").has_not("没有符合条件的记录");
    }
    // What a list says it found is what its file holds.
    let file = manager.get("/transfers/export?format=csv&agency=guangzhou").await.expect(200).text();
    assert!(table(&file).len() == 2 && file.contains(&format!("单位：{CALLED}")), "{file}");
    manager.get("/cases/export?format=csv&agency=没有的单位").await.expect(422);

    // A liaison's lists are of one agency, whatever the address says.
    let liaison = app.sign_in("liaison").await;
    for list in ["/transfers", "/cases", "/outcomes"] {
        let other = app.seed.agencies[HANGZHOU].to_string();
        let page = liaison.get(&asked(list, &[("agency", &other)])).await.expect(200).text();
        assert!(
            !page.contains("data-pick=\"agencies\"") && !page.contains("杭州市市场监督管理局"),
            "{list}: {page}"
        );
    }
}

#[tokio::test]
async fn a_name_that_may_mean_several_agencies_is_asked_back() {
    let app = TestApp::new().await;
    let written = app.services.db.write_quiet(|tx| {
        let now = tx.now();
        diesel::insert_into(agency::table)
            .values((
                agency::id.eq(Id::new()),
                agency::code.eq("GZ-TH"),
                agency::name_zh.eq("广州市公安局天河分局"),
                agency::name_en.eq("Tianhe branch"),
                agency::type_code.eq("PS-ECD"),
                agency::level.eq("county"),
                agency::region_code.eq("440106"),
                agency::channel.eq("paper"),
                agency::addressee.eq(""),
                agency::created_at.eq(now),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("another agency");
    let manager = app.sign_in("manager").await;
    for list in ["/leads", "/dossiers", "/transfers", "/cases", "/outcomes"] {
        let page = manager.get(&asked(list, &[("agency", "广州市公安局")])).await.expect(422);
        page.has("可能是这些单位：")
            .has(&format!("{CALLED} · {GUANGZHOU}"))
            .has("广州市公安局天河分局 · GZ-TH")
            .has("value=\"广州市公安局\"");
        narrowed(&manager, list, &[("agency", "天河分局")]).await;
    }
}

#[tokio::test]
async fn a_region_and_a_charge_are_asked_for_by_name() {
    let app = TestApp::new().await;
    two(&app).await;
    let manager = app.sign_in("manager").await;
    for list in ["/leads", "/transfers", "/cases", "/outcomes", "/agencies"] {
        for way in ["440100", "广州市", "广东省广州市", "guangzhou", "广东省"] {
            let page = narrowed(&manager, list, &[("region", way)]).await;
            assert_eq!(rows(&page), 1, "{list} in {way}");
            assert!(chips(&page).contains("广东省") && !chips(&page).contains("4401"), "{list}: {page}");
            assert!(page.contains("name=\"region\" value=\"广东省"), "{list} in {way}: {page}");
            assert!(page.contains("data-pick=\"regions\""), "{list}");
        }
        let page = manager.get(&asked(list, &[("region", "没有的地方")])).await.expect(422);
        page.has("没有找到这个地区").has("value=\"没有的地方\"").has_not("没有符合条件的记录");
        let page = manager.get(&asked(list, &[("region", "朝阳区")])).await.expect(422);
        page.has("可能是这些地区：").has("北京市朝阳区");
    }
    let name = "销售假冒注册商标的商品罪";
    for list in ["/leads", "/outcomes"] {
        for way in ["CL214", "cl214", name] {
            let page = narrowed(&manager, list, &[("charge", way)]).await;
            assert_eq!(rows(&page), 1, "{list} of {way}");
            assert!(chips(&page).contains(name), "{list}: {page}");
            assert!(page.contains(&format!("name=\"charge\" value=\"{name} · CL214\"")), "{list}: {page}");
            assert!(page.contains("data-pick=\"charges\""), "{list}");
        }
        let page = manager.get(&asked(list, &[("charge", "假冒")])).await.expect(422);
        page.has("可能是这些罪名或违法行为：").has("value=\"假冒\"");
    }
    // A region that is on no list any more is found, as its leads are.
    narrowed(&manager, "/leads", &[("region", "浙江省杭州市下城区")]).await;
    manager.get("/leads").await.expect(200).has("data-pick=\"brands\"");
}

#[tokio::test]
async fn on_english_pages_regions_and_charges_bear_their_english_names() {
    let app = TestApp::new().await;
    two(&app).await;
    let manager = app.sign_in("manager").await;
    manager.post("/language?to=en", &[]).await.expect(303);
    let (place, name) =
        ("Guangzhou, Guangdong Province", "Selling goods bearing a counterfeit registered trademark");
    for list in ["/leads", "/transfers", "/cases", "/outcomes", "/agencies"] {
        for way in ["440100", "广州市", place] {
            let page = narrowed(&manager, list, &[("region", way)]).await;
            assert!(chips(&page).contains(place) && !chips(&page).contains("广州"), "{list}: {page}");
            assert!(page.contains(&format!("name=\"region\" value=\"{place}\"")), "{list} in {way}: {page}");
        }
        let page = manager.get(&asked(list, &[("region", "朝阳区")])).await.expect(422);
        page.has("Several regions may be meant: ")
            .has("Chaoyang, Beijing Municipality")
            .has_not("北京市朝阳区");
    }
    for list in ["/leads", "/outcomes"] {
        let page = narrowed(&manager, list, &[("charge", "CL214")]).await;
        assert!(chips(&page).contains(name), "{list}: {page}");
        assert!(page.contains(&format!("name=\"charge\" value=\"{name} · CL214\"")), "{list}: {page}");
        let page = manager.get(&asked(list, &[("charge", "假冒")])).await.expect(422);
        page.has("Several charges may be meant: ")
            .has("Counterfeiting a registered trademark · CL213")
            .has_not("假冒注册商标罪 · CL213");
    }
}

/// How many cases a reader finds.
async fn cases(browser: &Browser, pairs: &[(&str, &str)]) -> usize {
    rows(&narrowed(browser, "/cases", pairs).await)
}

#[tokio::test]
async fn cases_are_asked_for_by_their_days_their_region_and_their_officer() {
    let app = TestApp::new().await;
    let (here, _) = two(&app).await;
    let case = here.case.expect("a case");
    let written = app.services.db.write_quiet(move |tx| {
        diesel::update(agency_case::table.find(case))
            .set((agency_case::officer.eq("经办人甲"), agency_case::opened_at.eq(noon("2016-05-20"))))
            .execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("an officer");
    let (manager, liaison) = (app.sign_in("manager").await, app.sign_in("liaison").await);
    let day = |day: &'static str| [("from", day), ("to", day)];
    let filed = |on| [&[("dated", "filed")][..], &day(on)[..]].concat();
    for (browser, all) in [(&manager, 2), (&liaison, 1)] {
        assert_eq!(cases(browser, &[]).await, all);
        assert_eq!(cases(browser, &day("2016-05-20")).await, 1);
        assert_eq!(cases(browser, &day("2016-06-01")).await, all - 1);
        assert_eq!(cases(browser, &filed("2016-05-20")).await, 0);
        assert_eq!(cases(browser, &filed("2016-06-01")).await, all);
        assert_eq!(cases(browser, &[("officer", "经办人")]).await, 1);
        assert_eq!(cases(browser, &[("officer", "某人")]).await, 0);
        assert_eq!(cases(browser, &[("region", "广东省")]).await, 1);
    }
    let wrong = [("from", "2016-06-02"), ("to", "2016-06-01")];
    manager.get(&asked("/cases", &wrong)).await.expect(422).has("结束日期不能早于开始日期");
    manager.get("/cases?col=region").await.expect(200).has("广东省广州市白云区");

    let export = "/cases/export?format=csv&officer=经办人&dated=filed&from=2016-06-01&region=广州市";
    let file = manager.get(export).await.expect(200).text();
    assert!(
        table(&file).len() == 2 && file.contains("承办人：经办人") && file.contains("广东省广州市"),
        "{file}"
    );
    let entry = app.last_entry().await;
    let facts = &entry.leaf["facts"];
    assert!(facts["dated"] == "filed" && facts["from"] == "2016-06-01" && facts["region"] == "440100");
    assert!(!entry.leaf.to_string().contains("经办人"), "{}", entry.leaf);
    let auditor = app.sign_in("auditor").await;
    auditor.get(&format!("/audit/{}", entry.id)).await.expect(200).has("经办人").has("立案日期");
}

/// The entries on a page of the log, in its order.
fn entries(page: &str) -> Vec<String> {
    let links = page.split("<p class=\"unprinted\"><a href=\"/audit/").skip(1);
    links.filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}

#[tokio::test]
async fn the_log_by_a_name_is_that_of_everybody_who_bears_it() {
    let app = TestApp::new().await;
    let (one, other) = (app.seed.people["compiler"], app.seed.people["compiler2"]);
    let auditor = app.sign_in("auditor").await;
    for username in ["compiler", "compiler2"] {
        app.sign_in(username).await.get("/leads").await.expect(200);
    }
    let by = |name: &str| asked("/audit", &[("verb", "lead.list"), ("actor", name)]);
    // So far the name is one account's alone.
    let page = auditor.get(&by("编制人甲")).await.expect(200).has_not("个账号使用").text();
    assert_eq!(entries(&page).len(), 1);

    let written = app.services.db.write_quiet(move |tx| {
        diesel::update(person::table.find(other)).set(person::name.eq("编制人甲")).execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("a namesake");
    let page = auditor.get(&by("编制人甲")).await.expect(200).has("有 2 个账号使用“编制人甲”这一名称").text();
    let newest = entries(&page);
    assert_eq!(newest.len(), 2, "{page}");
    let looked = app.last_entry().await;
    assert!(!looked.leaf.to_string().contains("编制人"), "{}", looked.leaf);
    for (id, username) in [(one, "compiler"), (other, "compiler2")] {
        assert!(page.contains(&format!("actor={id}")) && page.contains(&format!("{username} · 编制人甲")));
        // Each alone.
        let own = auditor.get(&by(&id.to_string())).await.expect(200).has_not("个账号使用").text();
        assert_eq!(entries(&own).len(), 1, "{username}");
        let own = auditor.get(&by(username)).await.expect(200).has_not("个账号使用").text();
        assert_eq!(entries(&own).len(), 1, "{username}");
    }
    let oldest = auditor.get(&format!("{}&sort=at", by("编制人甲"))).await.expect(200).text();
    assert_eq!(entries(&oldest), newest.iter().rev().cloned().collect::<Vec<_>>());
    let file = auditor.get(&by("编制人甲").replace("/audit", "/audit/export.csv")).await.expect(200).text();
    assert_eq!(file.matches("lead.list").count(), 2, "{file}");
    // Both are named in what is on record of the look.
    let entry = app.last_entry().await;
    let told = entry.leaf["facts"]["actor"].as_str().unwrap_or_default();
    assert!(told.contains(&one.to_string()) && told.contains(&other.to_string()), "{}", entry.leaf);
    auditor.get(&by("没有的人")).await.expect(422);
}
