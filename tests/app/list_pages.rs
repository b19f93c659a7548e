//! Every list goes on and back along whatever it is sorted by: each row stands in it once, and the way back is the way that
//! was gone.

use std::collections::BTreeSet;

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id,
    schema::{agency, agency_case, composition, lead, operation, person, review},
};

use crate::{
    outcomes::listing::enter,
    support::{Browser, TestApp, fixtures, ledger::Sent, seed::GUANGZHOU},
};

/// The address of a link of the pager.
fn pager(page: &str, rel: &str) -> Option<String> {
    let rest = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    Some(rest.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&"))
}

/// The rows of a page, by the pages that they lead to.
fn rows(page: &str, prefix: &str) -> Vec<Id> {
    let begin = format!("href=\"{prefix}");
    let links = page.split(&begin).skip(1);
    let ids = links.filter_map(|rest| rest.get(..36)?.parse::<Id>().ok());
    let mut seen = BTreeSet::new();
    ids.filter(|id| seen.insert(*id)).collect()
}

/// Goes from the first page to the last and back; gives the rows in the list's order.
async fn walk(browser: &Browser, address: &str, prefix: &str) -> Vec<Id> {
    let mut page = browser.get(address).await.expect(200).text();
    assert!(pager(&page, "prev").is_none() && !page.contains("第一页"), "{address}");
    let mut pages = vec![rows(&page, prefix)];
    while let Some(next) = pager(&page, "next") {
        page = browser.get(&next).await.expect(200).text();
        assert!(page.contains("第一页"), "{next}");
        pages.push(rows(&page, prefix));
    }
    let forth = pages.concat();
    let each: BTreeSet<&Id> = forth.iter().collect();
    assert_eq!(each.len(), forth.len(), "{address}: a row stands there twice");
    assert!(pages.len() > 1 && pages[0].len() == 50, "{address}: {} rows", forth.len());
    for before in pages.iter().rev().skip(1) {
        let previous = pager(&page, "prev").unwrap_or_else(|| panic!("no way back in {address}"));
        page = browser.get(&previous).await.expect(200).text();
        assert_eq!(&rows(&page, prefix), before, "{previous}");
    }
    assert!(pager(&page, "prev").is_none(), "{address}: it went back too far");
    forth
}

/// Walks a list in an order and the other way round: the same rows; gives both.
async fn both_ways(browser: &Browser, list: &str, by: &str, prefix: &str) -> (Vec<Id>, Vec<Id>) {
    let join = if list.contains('?') { '&' } else { '?' };
    let up = walk(browser, &format!("{list}{join}sort={by}"), prefix).await;
    let down = walk(browser, &format!("{list}{join}sort=-{by}"), prefix).await;
    let sets = [&up, &down].map(|rows| rows.iter().copied().collect::<BTreeSet<Id>>());
    assert_eq!(sets[0], sets[1], "{list} by {by}");
    (up, down)
}

fn reversed(rows: &[Id]) -> Vec<Id> {
    rows.iter().rev().copied().collect()
}

#[tokio::test]
async fn lists_of_what_is_sent_go_back_to_the_rows_they_came_from() {
    let app = TestApp::new().await;
    let mut made = Vec::new();
    for n in 0..56 {
        let on = ["2016-06-01", "2016-06-02", "2016-06-03"][n % 3];
        made.push(app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed(on), None));
    }
    // Some cases are not filed.
    let open: BTreeSet<Id> = made.iter().take(20).filter_map(|one| one.case).collect();
    let ids: Vec<Id> = open.iter().copied().collect();
    let written = app.services.db.write_quiet(move |tx| {
        let some = agency_case::table.filter(agency_case::id.eq_any(ids));
        diesel::update(some)
            .set((agency_case::filed_on.eq(None::<chrono::NaiveDate>), agency_case::status.eq("accepted")))
            .execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("open cases");
    enter(&app, GUANGZHOU, made[30], 60).await;
    let (manager, liaison) = (app.sign_in("manager").await, app.sign_in("liaison").await);

    assert_eq!(walk(&manager, "/leads", "/leads/").await.len(), 56);
    for by in ["number", "updated"] {
        both_ways(&manager, "/leads?col=title", by, "/leads/").await;
    }
    // Of many leads no value is known: they stand behind the others, whichever way it goes, and none is left out.
    let all: Vec<Id> = made.iter().map(|one| one.lead).collect();
    let valued: BTreeSet<Id> = all.iter().copied().take(30).collect();
    let written = app.services.db.write_quiet(move |tx| {
        for (n, id) in all.iter().enumerate() {
            let fen = (n < 30).then_some(i64::try_from(n % 7).expect("small") * 1_000_000);
            diesel::update(lead::table.find(id))
                .set((
                    lead::value_fen.eq(fen),
                    lead::value_qualifier.eq(fen.map(|_| "about")),
                    lead::value_basis.eq(fen.map(|_| "list_price")),
                ))
                .execute(tx.conn())?;
        }
        Ok(())
    });
    written.await.expect("values");
    let (up, down) = both_ways(&manager, "/leads?col=title", "value", "/leads/").await;
    for rows in [&up, &down] {
        assert_eq!(rows.iter().copied().collect::<BTreeSet<Id>>(), made.iter().map(|one| one.lead).collect());
        assert_eq!(rows[..30].iter().copied().collect::<BTreeSet<Id>>(), valued);
    }
    assert_eq!(up[..30], reversed(&down[..30]));
    let file = manager.get("/leads/export.csv?sort=-value").await.expect(200).text();
    let numbers = app.services.db.read(|conn| Ok(lead::table.select(lead::number).load::<String>(conn)?));
    let numbers = numbers.await.expect("numbers");
    assert_eq!(numbers.len(), made.len());
    for number in numbers {
        assert!(file.contains(&number), "the file leaves {number} out");
    }
    for reader in [&manager, &liaison] {
        let usual = walk(reader, "/transfers", "/transfers/").await;
        assert_eq!(usual.len(), 56);
        let (oldest, newest) = both_ways(reader, "/transfers", "sent", "/transfers/").await;
        assert_eq!(oldest, reversed(&newest));
        walk(reader, "/transfers?sort=due", "/transfers/").await;

        let newest = walk(reader, "/cases?col=filed", "/cases/").await;
        let (up, down) = both_ways(reader, "/cases", "opened", "/cases/").await;
        assert!(newest == down && up == reversed(&down));
        // What is not filed stands behind the others, whichever way it goes.
        let (up, down) = both_ways(reader, "/cases", "filed", "/cases/").await;
        for rows in [&up, &down] {
            let last: BTreeSet<Id> = rows[36..].iter().copied().collect();
            assert_eq!(last, open);
        }
        assert_eq!(up[..36], reversed(&down[..36]));
        walk(reader, "/outcomes", "/outcomes/").await;
        for by in ["date", "amount"] {
            both_ways(reader, "/outcomes", by, "/outcomes/").await;
        }
    }
    // Another agency's case is no place where a page of one's own begins.
    let elsewhere = app.sign_in("liaison2").await;
    for edge in ["after", "before"] {
        let page = elsewhere.get(&format!("/cases?{edge}={}", made[0].case.expect("a case"))).await;
        page.expect(422).has("页码标记：");
    }
    let auditor = app.sign_in("auditor").await;
    let (oldest, newest) = both_ways(&auditor, "/audit?verb=transfer.file", "at", "/audit/").await;
    assert_eq!((oldest.len(), oldest), (56, reversed(&newest)));
    assert_eq!(walk(&auditor, "/audit?verb=transfer.file", "/audit/").await, newest);
}

#[tokio::test]
async fn lists_of_the_house_go_back_to_the_rows_they_came_from() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let mut sealed = BTreeSet::new();
    for n in 0..56 {
        if n % 2 == 0 {
            sealed.insert(fixtures::sealed(&app, lead, GUANGZHOU).await);
        } else {
            fixtures::unsealed(&app, lead, GUANGZHOU).await;
        }
    }
    let by = app.seed.people["compiler"];
    let written = app.services.db.write_quiet(move |tx| {
        let now = tx.now();
        let compositions: Vec<Id> = composition::table.select(composition::id).load(tx.conn())?;
        for one in compositions {
            diesel::insert_into(review::table)
                .values((
                    review::id.eq(Id::new()),
                    review::composition_id.eq(one),
                    review::lead_id.eq(lead),
                    review::submitted_by.eq(by),
                    review::submitted_at.eq(now),
                    review::decided_at.eq(Some(now)),
                    review::decision.eq(Some("approved")),
                ))
                .execute(tx.conn())?;
        }
        for n in 0..56 {
            diesel::insert_into(agency::table)
                .values((
                    agency::id.eq(Id::new()),
                    agency::code.eq(format!("ZZ-{n:03}")),
                    agency::name_zh.eq(format!("测试单位{}", n % 5)),
                    agency::name_en.eq(format!("Agency {}", n % 5)),
                    agency::type_code.eq("PS-ECD"),
                    agency::level.eq("prefecture"),
                    agency::region_code.eq(["440100", "330100", "320100"][n % 3]),
                    agency::channel.eq("paper"),
                    agency::addressee.eq(""),
                    agency::created_at.eq(now),
                ))
                .execute(tx.conn())?;
            diesel::insert_into(person::table)
                .values((
                    person::id.eq(Id::new()),
                    person::username.eq(format!("zz-{n:03}")),
                    person::name.eq(format!("测试人{}", n % 4)),
                    person::email.eq(format!("zz{n}@example.com")),
                    person::side.eq("platform"),
                    person::locale.eq("zh-CN"),
                    person::password_hash.eq(""),
                    person::password_changed_at.eq(now),
                    person::created_at.eq(now),
                ))
                .execute(tx.conn())?;
            let day: Option<chrono::NaiveDate> = (n % 4 > 0).then(|| "2016-05-01".parse().expect("a day"));
            diesel::insert_into(operation::table)
                .values((
                    operation::id.eq(Id::new()),
                    operation::name_zh.eq(if n == 7 {
                        "云剑行动".to_owned()
                    } else {
                        format!("行动{n}")
                    }),
                    operation::name_en.eq(""),
                    operation::from_on.eq(day),
                    operation::note.eq(""),
                    operation::created_at.eq(now),
                ))
                .execute(tx.conn())?;
        }
        Ok(())
    });
    written.await.expect("rows");
    let (manager, admin) = (app.sign_in("manager").await, app.sign_in("admin").await);

    let newest = walk(&manager, "/dossiers", "/dossiers/").await;
    let (up, down) = both_ways(&manager, "/dossiers", "made", "/dossiers/").await;
    assert!(newest == down && up == reversed(&down));
    both_ways(&manager, "/dossiers?state=frozen", "folder", "/dossiers/").await;
    let (up, down) = both_ways(&manager, "/dossiers", "sealed", "/dossiers/").await;
    for rows in [&up, &down] {
        let first: BTreeSet<Id> = rows[..28].iter().copied().collect();
        assert_eq!(first, sealed, "what is not sealed stands behind the others");
    }
    assert_eq!(up[..28], reversed(&down[..28]));

    let newest = walk(&manager, "/approvals?state=all", "/approvals/").await;
    let (up, down) = both_ways(&manager, "/approvals?state=approved", "submitted", "/approvals/").await;
    assert!(newest == down && up == reversed(&down));

    let by_code = walk(&manager, "/agencies", "/agencies/").await;
    for by in ["code", "name", "region"] {
        let (up, down) = both_ways(&manager, "/agencies", by, "/agencies/").await;
        assert_eq!(up, reversed(&down), "{by}");
        assert!(by != "code" || up == by_code);
    }
    let by_name = walk(&admin, "/admin/people", "/admin/people/").await;
    for by in ["username", "name"] {
        let (up, down) = both_ways(&admin, "/admin/people", by, "/admin/people/").await;
        assert_eq!(up, reversed(&down), "{by}");
        assert!(by != "username" || up == by_name);
    }
    // Who was never here stands behind the others, whichever way it goes.
    let came: BTreeSet<Id> = [app.seed.people["manager"], app.seed.people["admin"]].into();
    let (up, down) = both_ways(&admin, "/admin/people", "login", "/admin/people/").await;
    for rows in [&up, &down] {
        assert_eq!(rows[..2].iter().copied().collect::<BTreeSet<Id>>(), came);
    }
    assert_eq!(up[0], down[1]);
    for (browser, list) in [(&manager, "/agencies?sort=name"), (&admin, "/admin/people?sort=login")] {
        browser.get(&format!("{list}&after=no-such-row")).await.expect(422).has("页码标记：");
    }

    // Operations are paged, found by name, and given out as they are narrowed.
    let all = walk(&manager, "/operations", "/operations/").await;
    assert_eq!(all.len(), 56);
    let page = manager.get("/operations?q=云剑").await.expect(200).has("云剑行动").text();
    assert_eq!(rows(&page, "/operations/").len(), 1);
    assert!(page.contains("filter-chips") && page.contains("/operations/export?q="), "{page}");
    let entry = app.last_entry().await;
    assert!(entry.verb == "operation.view" && !entry.leaf.to_string().contains("云剑"), "{}", entry.leaf);
    let file = manager.get("/operations/export?format=csv&q=云剑").await.expect(200).text();
    assert!(crate::support::table(&file).len() == 2 && file.contains("搜索：云剑"), "{file}");
    manager.get("/operations?q=不存在").await.expect(200).has("没有符合条件的记录");
    manager.get("/operations?after=x").await.expect(422).has("页码标记：").has_not("没有符合条件的记录");
}
