//! The list: its order, its pages, its filters.

use std::collections::BTreeSet;

use diesel::prelude::*;
use lead_handoff::{
    outcome::store::{self, OutcomeRow},
    platform::db::{Id, schema::outcome},
};

use super::{arrest, filed, post};
use crate::support::{
    TestApp, fixtures,
    ledger::{Made, noon},
    seed::{GUANGZHOU, HANGZHOU},
};

/// So many penalties of the case, on few days and of few amounts; every third without one.
pub async fn enter(app: &TestApp, agency: &str, made: Made, n: i64) {
    let agency_id = app.seed.agencies[agency];
    let region = if agency == HANGZHOU { "330106" } else { "440111" };
    let written = app.services.db.write_quiet(move |tx| {
        for n in 0..n {
            let happened_on =
                ["2016-06-12", "2016-06-20", "2016-06-28"][n as usize % 3].parse().expect("a day");
            let amount_fen = (n % 3 > 0).then_some(n % 7 * 100);
            let row = OutcomeRow {
                seq: 0,
                id: Id::new(),
                kind: "penalty".into(),
                case_id: made.case,
                agency_id,
                region_code: region.into(),
                happened_on,
                year: 2016,
                persons: 0,
                amount_fen,
                qualifier: amount_fen.map(|_| "exact".into()),
                basis: None,
                quantity: None,
                unit: None,
                source_kind: "paper".into(),
                source_text_id: None,
                source_url: String::new(),
                source_link_id: None,
                legal_code: None,
                legal_text_id: None,
                source_blob_id: None,
                source_name: String::new(),
                asserted_by: None,
                asserted_side: "agency".into(),
                asserted_at: noon("2016-07-01"),
                corrects_id: None,
                correction_id: None,
                synthetic: true,
            };
            store::insert(tx.conn(), &row)?;
        }
        Ok(())
    });
    written.await.expect("entries");
}

/// A file is read part by part: no entry is missing, none is there twice, and it is on record before it leaves.
#[tokio::test]
async fn a_file_holds_every_entry_however_many_there_are() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    enter(&app, GUANGZHOU, made, 1_003).await;
    let manager = app.sign_in("manager").await;
    for sort in ["", "date", "-date", "amount", "-amount"] {
        let before = app.audit_count().await;
        let address = format!("/outcomes/export?format=csv&year=2016&sort={sort}");
        let file = manager.get(&address).await.expect(200).text();
        let lines = crate::support::table(&file);
        let rows: BTreeSet<&str> = lines.iter().copied().collect();
        assert_eq!((lines.len(), rows.len()), (1_004, 1_004), "{sort}");
        assert_eq!(app.audit_count().await, before + 1);
        let entry = app.last_entry().await;
        let facts = format!("{:?}", entry.facts());
        assert!(entry.verb == "outcome.export" && facts.contains("year=2016"), "{facts}");
    }
    // Amounts are numbers in a workbook, which can be added up there.
    let book = manager.get("/outcomes/export?format=xlsx").await.expect(200).bytes;
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(book)).expect("a workbook");
    let range = calamine::Reader::worksheet_range_at(&mut book, 0).expect("a sheet").expect("its cells");
    assert_eq!(range.height(), 1_004);
    assert!(range.rows().skip(1).any(|row| matches!(row[11], calamine::Data::Float(fine) if fine > 0.0)));
    // How many there are of each state is told of all of them, where a state alone is asked for, and of a part.
    let counts = async |address: &str| {
        let page = manager.get(address).await.expect(200).text();
        let tabs =
            page.split("aria-label=\"按状态查看\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        let counts = tabs.expect("tabs").split("<span class=\"count\">").skip(1);
        counts.map(|rest| rest.split('<').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let told = counts("/outcomes").await;
    assert_eq!(told, ["999+", "999+", "0", "0", "0", "0"]);
    assert_eq!(counts("/outcomes?state=proposed").await, told);
    let part = ["1,003", "1,003", "0", "0", "0", "0"];
    for asked in ["year=2016", "year=2016&month=6", "kind=penalty", "region=440000&state=proposed"] {
        assert_eq!(counts(&format!("/outcomes?{asked}")).await, part, "{asked}");
    }
    assert_eq!(counts("/outcomes?year=2015").await, ["0"; 6]);
}

#[tokio::test]
async fn the_list_is_sorted_by_day_and_amount_and_leaves_nothing_out() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    for (day, amount) in [("2016-06-20", "300 万"), ("2016-06-12", "200 万"), ("2016-06-28", "100 万")] {
        let fields: [(&str, String); 8] = [
            ("kind", "case_value".into()),
            ("happened_on", day.into()),
            ("region", "440111".into()),
            ("amount", amount.into()),
            ("qualifier", "exact".into()),
            ("basis", "announced".into()),
            ("source_kind", "paper".into()),
            ("source_title", "通报".into()),
        ];
        post(&liaison, &path, &fields).await.expect(303);
    }
    let days = |page: String| -> Vec<String> {
        page.split("<time datetime=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next().map(str::to_owned))
            .collect()
    };
    let manager = app.sign_in("manager").await;
    for (sort, order) in [
        ("", ["2016-06-28", "2016-06-12", "2016-06-20"]),
        ("date", ["2016-06-12", "2016-06-20", "2016-06-28"]),
        ("-date", ["2016-06-28", "2016-06-20", "2016-06-12"]),
        ("amount", ["2016-06-28", "2016-06-12", "2016-06-20"]),
        ("-amount", ["2016-06-20", "2016-06-12", "2016-06-28"]),
    ] {
        let page = manager.get(&format!("/outcomes?sort={sort}")).await.expect(200).has("不限");
        assert_eq!(days(page.text()), order, "{sort}");
    }
    // The list says by what it is sorted, be it told to or not, and turns that round.
    for (sort, column, order) in [
        ("", "登记日期", "descending"),
        ("?sort=entry", "登记日期", "ascending"),
        ("?sort=-date", "日期", "descending"),
    ] {
        let page = manager.get(&format!("/outcomes{sort}")).await.expect(200).text();
        let heads: Vec<&str> = page.split("<th scope=\"col\" aria-sort=\"").skip(1).collect();
        let head = heads.iter().find(|head| head.contains(&format!("\">{column}</a>"))).expect("its head");
        assert!(head.starts_with(order), "{sort}: {head}");
        let sorted = heads.iter().filter(|head| !head.starts_with("none"));
        assert_eq!(sorted.count(), 1, "{sort}");
    }
    // What has no amount comes last by amount, up and down, on the page and in the file; pages go on across the border.
    for name in ["甲", "乙"] {
        let mut unnamed = arrest(&made.person.to_string());
        unnamed[3] = ("new_person_0", name.into());
        post(&liaison, &path, &unnamed).await.expect(303);
    }
    let rising = ["2016-06-28", "2016-06-12", "2016-06-20"];
    let falling = ["2016-06-20", "2016-06-12", "2016-06-28"];
    for (sort, valued) in [("amount", rising), ("-amount", falling)] {
        let all = [&valued[..], &["2016-06-12"; 2]].concat();
        assert_eq!(days(manager.get(&format!("/outcomes?sort={sort}")).await.expect(200).text()), all);
        let file = manager.get(&format!("/outcomes/export?format=csv&sort={sort}")).await.expect(200).text();
        let of_file: Vec<_> = crate::support::table(&file)
            .into_iter()
            .skip(1)
            .filter_map(|line| line.trim_start_matches('"').get(..10))
            .collect();
        assert_eq!(of_file, all, "{file}");
        // The list from each of its rows on, and up to it.
        let cursors = cursors(&app, sort == "amount").await;
        for (n, cursor) in cursors.iter().enumerate() {
            let at = |name: &str| format!("/outcomes?sort={sort}&{name}={cursor}");
            assert_eq!(days(manager.get(&at("after")).await.expect(200).text()), all[n + 1..], "after {n}");
            assert_eq!(days(manager.get(&at("before")).await.expect(200).text()), all[..n], "before {n}");
        }
    }
}

/// The cursors of all entries in the order of their amounts, those without one last.
async fn cursors(app: &TestApp, rises: bool) -> Vec<String> {
    let read = app.services.db.read(|conn| {
        let all = outcome::table.select((outcome::amount_fen, outcome::seq, outcome::id));
        Ok(all.load::<(Option<i64>, i64, Id)>(conn)?)
    });
    let mut all = read.await.expect("entries");
    all.sort();
    if !rises {
        all.reverse();
    }
    all.sort_by_key(|(fen, ..)| fen.is_none());
    all.into_iter().map(|(_, _, id)| id.to_string()).collect()
}

/// Where a page ends is said by the entry that it shows last: the entry's place in the ledger of all would tell an agency
/// how many the others had between two visits.
#[tokio::test]
async fn a_page_goes_on_from_an_entry_that_the_reader_may_see() {
    let app = TestApp::new().await;
    for agency in [GUANGZHOU, HANGZHOU] {
        let made = filed(&app, agency);
        enter(&app, agency, made, 53).await;
    }
    let own = app.seed.agencies[GUANGZHOU];
    let read = app.services.db.read(move |conn| {
        let all = outcome::table.order(outcome::seq).select((outcome::agency_id, outcome::id));
        Ok(all.load::<(Id, Id)>(conn)?)
    });
    let (mine, others): (Vec<_>, Vec<_>) =
        read.await.expect("entries").into_iter().partition(|(agency, _)| *agency == own);
    let liaison = app.sign_in("liaison").await;
    for sort in ["", "date", "-amount"] {
        let page = liaison.get(&format!("/outcomes?sort={sort}")).await.expect(200).text();
        let next = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let next = next.expect("a second page").replace("&amp;", "&").replace("&#38;", "&");
        let cursor = next.split("after=").nth(1).and_then(|rest| rest.split('&').next()).expect("a cursor");
        let cursor: Id = cursor.parse().expect("the id of an entry, and nothing else");
        assert!(mine.iter().any(|(_, id)| *id == cursor), "{next}");
        let rest = liaison.get(&next).await.expect(200).text();
        assert_eq!(rest.matches("<time datetime=\"").count(), 3, "{next}");
        // Whether there is such an entry at another agency is not told.
        for foreign in [others[0].1, Id::new()] {
            for edge in ["after", "before"] {
                let page = liaison.get(&format!("/outcomes?sort={sort}&{edge}={foreign}")).await.expect(422);
                page.has(&format!("href=\"#f-{edge}\"")).has_not("没有符合条件的记录");
            }
        }
    }
    let token = fixtures::token(&app, "manager").await;
    let nobody = app.stranger();
    let get = |path: &str| nobody.send(nobody.client.get(nobody.url(path)).bearer_auth(&token));
    let list = get("/api/v1/outcomes?limit=1").await.expect(200).json();
    assert_eq!(list["next"], list["items"][0]["id"]);
    let problem = get(&format!("/api/v1/outcomes?after={}", Id::new())).await.expect(409).json();
    assert_eq!(problem["errors"][0]["field"], "after");
}

/// A region goes by its name, and a code is shown by it; a name that is none or several ones' is no answer.
#[tokio::test]
async fn a_list_is_narrowed_by_a_regions_name_and_says_which_it_does_not_know() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    post(&liaison, &path, &arrest(&made.person.to_string())).await.expect(303);
    let manager = app.sign_in("manager").await;
    for region in ["广东省", "44", "4401", "广州市"] {
        let page = manager.get(&format!("/outcomes?region={region}")).await.expect(200);
        page.has("value=\"广东省").has("2016-06-12");
    }
    manager.get("/outcomes?region=浙江省").await.expect(200).has("没有符合条件的记录").has_not("2016-06-12");
    let page = manager.get("/outcomes?region=西湖区").await.expect(422);
    page.has("浙江省杭州市西湖区").has("江西省南昌市西湖区").has_not("东西湖区");
    for (region, said) in
        [("某地", "f-region-error"), ("朝阳区", "北京市朝阳区"), ("4401000", "f-region-error")]
    {
        let before = app.audit_count().await;
        let page = manager.get(&format!("/outcomes?region={region}")).await.expect(422);
        page.has("f-region-error")
            .has(said)
            .has_not("2016-06-12")
            .has_not("没有符合条件的记录")
            .has(&format!("value=\"{region}\""));
        manager
            .get(&format!("/outcomes?by=identity&counted=1&kind=arrest&region={region}"))
            .await
            .expect(422)
            .has("f-region-error");
        assert_eq!(app.audit_count().await, before + 2);
        manager.get(&format!("/outcomes/export?format=csv&region={region}")).await.expect(422);
    }
}

/// Each of the two lists goes on from a cursor of its own: the other one's is a mistake, and not the first page again.
#[tokio::test]
async fn the_list_by_identity_goes_on_from_its_own_cursor_alone() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let entry = post(&liaison, &path, &arrest(&made.person.to_string())).await.expect(303).id();
    manager.post(&format!("/outcomes/{entry}/confirm"), &[]).await.expect(303);
    let list = "/outcomes?by=identity&counted=1&kind=arrest";
    manager.get(list).await.expect(200).has("主犯");
    for edge in ["after", "before"] {
        let page = manager.get(&format!("{list}&{edge}={entry}")).await.expect(422);
        page.has(&format!("href=\"#f-{edge}\"")).has_not("主犯");
        manager.get(&format!("{list}&{edge}=0.{}", made.person)).await.expect(200);
        manager.get(&format!("/outcomes?{edge}=0.{}", made.person)).await.expect(422);
    }
    // A program that asks with a figure's address gets entries, and goes on from one.
    let token = fixtures::token(&app, "manager").await;
    let nobody = app.stranger();
    let path = format!("/api/v1/outcomes?by=identity&counted=1&kind=arrest&after={entry}");
    let rest = nobody.send(nobody.client.get(nobody.url(&path)).bearer_auth(&token)).await.expect(200).json();
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(0));
}

/// The page of a case tells what came of it, to both sides, and leads to the rest; it is on record which entries were
/// shown.
#[tokio::test]
async fn the_page_of_a_case_shows_its_newest_entries() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let page = format!("/cases/{}", made.case.expect("a case"));
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    manager.get(&page).await.expect(200).has("本案还没有登记战果");
    let id = super::proposed(&liaison, made).await;
    for who in [&manager, &liaison] {
        let before = app.audit_count().await;
        let shown = who.get(&page).await.expect(200).has(&format!("href=\"/outcomes/{id}\""));
        shown.has("抓获犯罪嫌疑人").has("待确认").has_not("本案还没有登记战果").has_not("查看本案全部战果");
        let entry = app.last_entry().await;
        assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "case.view"));
        assert!(entry.leaf["objects"].to_string().contains(&id.to_string()), "{}", entry.leaf);
    }
    enter(&app, GUANGZHOU, made, 12).await;
    let text = manager.get(&page).await.expect(200).has("查看本案全部战果").text();
    let list = text.split("class=\"timeline\"").next().unwrap_or_default();
    assert_eq!(list.matches("href=\"/outcomes/").count(), 10);
    // The list of them says by its number which case it is of, to those who see it.
    let case = made.case.expect("a case").to_string();
    let (list, chip) = (format!("/outcomes?case={case}"), format!("案件：A{}", &case[24..]));
    manager.get(&list).await.expect(200).has(&chip).has_not("指定案件");
    liaison.get(&list).await.expect(200).has(&chip);
    let other = app.sign_in("liaison2").await;
    other.get(&list).await.expect(200).has_not(&chip);
    other.get(&page).await.expect(404);
}

/// The filter in force is called by the agency's name, on the list and by identity, whether or not it has an entry.
#[tokio::test]
async fn the_filter_by_an_agency_says_which() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    let agency = app.seed.agencies[GUANGZHOU];
    for list in ["/outcomes?", "/outcomes?by=identity&counted=1&kind=arrest&"] {
        let page = manager.get(&format!("{list}agency={agency}")).await.expect(200).text();
        let chips =
            page.split("<ul class=\"filter-chips\">").nth(1).and_then(|rest| rest.split("</ul>").next());
        assert!(chips.is_some_and(|chips| chips.contains("广州市公安局经侦支队")), "{list}: {page}");
    }
}

/// By what the list is sorted its column says, or a line above it where that column is left out.
#[tokio::test]
async fn a_list_says_by_what_it_is_sorted_with_the_column_and_without_it() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    enter(&app, GUANGZHOU, made, 3).await;
    for name in ["manager", "liaison"] {
        let reader = app.sign_in(name).await;
        let page = reader.get("/outcomes").await.expect(200).has_not("按登记日期降序").text();
        let sorted =
            page.split("aria-sort=\"descending\"").nth(1).and_then(|rest| rest.split("</th>").next());
        assert!(sorted.is_some_and(|head| head.contains("登记日期")), "{page}");
        reader.get("/outcomes?col=kind").await.expect(200).has("按登记日期降序");
        reader.get("/outcomes?col=kind&sort=date").await.expect(200).has_not("降序").has_not("按日期升序");
        reader.get("/outcomes?col=kind&sort=-amount").await.expect(200).has("降序").has_not("按登记日期");
    }
}
