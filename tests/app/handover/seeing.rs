//! Who sees what: pages, mails, lists, exports, the API.

use diesel::prelude::*;
use lead_handoff::platform::db::{Id, schema::mail_message};

use super::{
    Story, send,
    waiting::{listed, waits},
};
use crate::support::{
    Browser, TestApp, fixtures,
    ledger::{Sent, noon},
    seed::{GUANGZHOU, HANGZHOU},
};

/// A number is its agency's own. Wherever the platform reads one of two that are the same, it reads whose it is, whatever
/// columns it chose.
#[tokio::test]
async fn of_two_transfers_with_one_number_each_says_whose_it_is() {
    let s = Story::sent().await;
    let other = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let other = send(&s.compiler, other, "portal").await.expect(303).id();
    let list = s.compiler.get("/transfers?col=state").await.expect(200);
    let list = list.has("</a> <span class=\"muted small\">广州市公安局经侦支队</span>");
    list.has("</a> <span class=\"muted small\">杭州市市场监督管理局</span>");
    for (id, name) in [(s.transfer, "广州市公安局经侦支队"), (other, "杭州市市场监督管理局")]
    {
        let named = format!("-0001 · {name}");
        for page in ["", "/message", "/withdraw"] {
            s.compiler.get(&format!("/transfers/{id}{page}")).await.expect(200).has(&named);
        }
        // So is its tick.
        s.compiler.get("/transfers").await.expect(200).has(&named);
    }
}

#[tokio::test]
async fn another_agency_sees_nothing_of_it() {
    let s = Story::accepted().await;
    let other = s.app.sign_in("liaison2").await;
    let page = format!("/transfers/{}", s.transfer);
    other.get(&page).await.expect(404);
    other.get("/transfers").await.expect(200).has_not("YS-").has_not("假冒品牌手表");
    for verb in ["accept", "file", "refuse", "return", "not-file", "supplement", "forward", "message"] {
        other.get(&s.at(verb)).await.expect(404);
        other
            .post(
                &s.at(verb),
                &[("code", "RF-OTHER"), ("text", "x"), ("body", "x"), ("filed_on", "2026-01-01")],
            )
            .await;
    }
    assert_eq!(s.state().await.0, "accepted");
    let list = s.liaison.get("/cases").await.expect(200).text();
    let case =
        list.split("href=\"/cases/").find_map(|rest| rest.get(..36)?.parse::<Id>().ok()).expect("a link");
    let path = format!("/cases/{case}");
    s.liaison.get(&path).await.expect(200);
    other.get(&path).await.expect(404);
    let admin = s.app.sign_in("admin").await;
    admin.get(&page).await.expect(404);
    admin.get("/transfers").await.expect(404);
}

#[tokio::test]
async fn the_liaison_learns_no_lead_number_and_no_name_of_the_platform() {
    let s = Story::accepted().await;
    let page = s.liaison.get(&format!("/transfers/{}", s.transfer)).await.expect(200);
    page.has("YS-").has("假冒品牌手表").has_not("XS-2026-000007").has_not("编制人甲");
    s.liaison.get("/transfers").await.expect(200).has("YS-").has_not("XS-2026-000007");
    let csv = s.liaison.get("/transfers/export?format=csv").await.expect(200);
    csv.has("假冒品牌手表").has_not("XS-2026-000007");
}

/// What was said stays to be read; what nobody would read is not written.
#[tokio::test]
async fn no_message_is_taken_for_an_agency_where_nobody_can_sign_in() {
    let s = Story::received().await;
    s.compiler.post(&s.at("message"), &[("body", "附件随后送到")]).await.expect(303);
    s.act("message", &[("body", "尚未收到")]).await.expect(303);
    assert_eq!((waits(&s.compiler, "messages").await, listed(&s.compiler, "messages").await), (1, 1));
    s.app.disable("liaison").await;
    // What can't be answered any more waits for nobody.
    assert_eq!((waits(&s.compiler, "messages").await, listed(&s.compiler, "messages").await), (0, 0));
    let (page, why) = (format!("/transfers/{}", s.transfer), "消息无人能看到");
    let shown = s.compiler.get(&page).await.expect(200).has("附件随后送到").has(why);
    shown.has_not("name=\"body\"");
    s.compiler.get(&s.at("message")).await.expect(200).has(why).has_not("name=\"body\"");
    let refused = s.compiler.post(&s.at("message"), &[("body", "请尽快回复")]).await;
    refused.expect(409).has(why);
    s.compiler.get(&page).await.expect(200).has("附件随后送到").has_not("请尽快回复");
}

#[tokio::test]
async fn mail_tells_that_something_waits_and_not_what() {
    let s = Story::received().await;
    s.act("supplement", &[("code", "RQ-OTHER"), ("text", "机密流水")]).await.expect(303);
    s.act("message", &[("body", "机密消息")]).await.expect(303);
    s.compiler.post(&s.at("message"), &[("body", "机密答复")]).await.expect(303);
    let read = s.app.services.db.read(|conn| {
        Ok(mail_message::table
            .select((
                mail_message::to_address,
                mail_message::template,
                mail_message::params,
                mail_message::link,
            ))
            .load::<(String, String, String, String)>(conn)?)
    });
    let mails = read.await.expect("mails");
    let to =
        |template: &str| mails.iter().filter(|m| m.1 == template).map(|m| m.0.as_str()).collect::<Vec<_>>();
    assert_eq!(to("transfer-sent"), ["liaison@example.com"]);
    assert_eq!(to("supplement-asked"), ["compiler@example.com"]);
    assert_eq!(to("message-received"), ["compiler@example.com", "liaison@example.com"]);
    for (_, _, params, link) in &mails {
        for secret in ["机密", "假冒", "XS-2026", "手表"] {
            assert!(!params.contains(secret) && !link.contains(secret), "{params}");
        }
    }
    let page = s.liaison.get(&format!("/transfers/{}", s.transfer)).await.expect(200);
    page.has("机密消息").has("机密答复");
}

#[tokio::test]
async fn lists_filter_sort_and_export() {
    let s = Story::received().await;
    s.compiler.get("/transfers?state=received").await.expect(200).has("假冒品牌手表");
    s.compiler.get("/transfers?state=filed").await.expect(200).has_not("假冒品牌手表");
    s.compiler.get("/transfers?region=440000&sort=due").await.expect(200).has("假冒品牌手表");
    s.compiler.get("/transfers?region=330100").await.expect(200).has_not("假冒品牌手表");
    s.compiler.get("/transfers?q=xs-2026").await.expect(200).has("假冒品牌手表");
    s.compiler.get("/transfers?q=%25").await.expect(200).has_not("假冒品牌手表");
    s.liaison.get("/transfers?q=xs-2026").await.expect(200).has_not("假冒品牌手表");
    let file = s.compiler.get("/transfers/export?format=xlsx").await.expect(200);
    assert!(file.bytes.starts_with(b"PK"));
    s.compiler.get("/transfers/export?format=csv&state=received").await.expect(200).has("XS-2026-000007");
    let entry = s.app.last_entry().await;
    assert_eq!(entry.verb, "transfer.export");
}

#[tokio::test]
async fn the_list_says_why_something_was_not_taken_on() {
    let s = Story::received().await;
    let list = "/transfers";
    s.compiler.get(list).await.expect(200).has_not("不属于本机关职责范围");
    s.act("refuse", &[("code", "RF-MATTER"), ("text", "")]).await.expect(303);
    s.compiler.get(&format!("{list}?state=not_accepted")).await.expect(200).has("不属于本机关职责范围");
    let file = s.compiler.get("/transfers/export?format=csv").await.expect(200);
    file.has("理由").has("不属于本机关职责范围");
    s.compiler.post("/language?to=en&back=/", &[]).await.expect(303);
    s.compiler.get(list).await.expect(200).has("this organ").has_not("不属于本机关职责范围");
}

#[tokio::test]
async fn readers_of_the_platform_get_transfers_and_cases_as_json() {
    let s = Story::accepted().await;
    let token = fixtures::token(&s.app, "manager").await;
    let nobody = s.app.stranger();
    let get = |path: String| nobody.client.get(nobody.url(&path)).bearer_auth(token.clone());
    let list = nobody.send(get("/api/v1/transfers?state=accepted&limit=1".into())).await.expect(200).json();
    assert_eq!(list["items"][0]["state"], "accepted");
    assert!(list["next"].is_null());
    let one = nobody.send(get(format!("/api/v1/transfers/{}", s.transfer))).await.expect(200).json();
    assert_eq!(one["receipt"]["manifest_sha256"].as_str().map(str::len), Some(64));
    assert_eq!(one["deadlines"][0]["side"], "agency");
    let cases = nobody.send(get("/api/v1/cases".into())).await.expect(200).json();
    let case = cases["items"][0]["id"].as_str().expect("an id").to_owned();
    let one = nobody.send(get(format!("/api/v1/cases/{case}"))).await.expect(200).json();
    assert_eq!(one["transfers"].as_array().map(Vec::len), Some(1));
    // What is due: before a moment, or before a day begins in the configured zone.
    for (before, found) in
        [("2016-01-01", 0), ("2199-01-01", 1), ("2016-01-01T00:00:00Z", 0), ("2199-01-01T00:00:00Z", 1)]
    {
        let due = nobody.send(get(format!("/api/v1/transfers?due_before={before}"))).await.expect(200).json();
        assert_eq!(due["items"].as_array().map(Vec::len), Some(found), "{before}");
    }
    nobody.send(get("/api/v1/transfers?limit=500".into())).await.expect(422);
    nobody.send(get("/api/v1/transfers?state=no".into())).await.expect(422);
}

/// The transfers that a page of the list shows, in their order, and its links to the pages on both sides.
async fn page_of(who: &Browser, at: &str) -> (Vec<Id>, Option<String>, Option<String>) {
    let page = who.get(at).await.expect(200).text();
    let body = page.split("<tbody>").nth(1).unwrap_or_default().split("</tbody>").next().unwrap_or_default();
    let ids = body.split("href=\"/transfers/").filter_map(|rest| rest.get(..36)?.parse().ok()).collect();
    let link = |rel: &str| {
        let rest = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
        Some(rest.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
    };
    (ids, link("prev"), link("next"))
}

#[tokio::test]
async fn a_list_is_paged_forth_and_back_and_the_address_says_where() {
    let app = TestApp::new().await;
    for n in 0..103 {
        let sent = ["2016-05-04", "2016-05-05", "2016-06-01"][n % 3];
        app.handed(&Sent::to(GUANGZHOU, sent), None);
    }
    let manager = app.sign_in("manager").await;
    for start in ["/transfers?q=YS-2016", "/transfers?q=YS-2016&sort=due"] {
        let (first, before, mut next) = page_of(&manager, start).await;
        assert!(before.is_none() && first.len() == 50, "{start}");
        let (mut pages, mut previous) = (vec![first], None);
        while let Some(at) = next {
            assert!(at.contains("q=YS-2016") && at.contains("after="), "{at}");
            let (page, back, on) = page_of(&manager, &at).await;
            pages.push(page);
            (previous, next) = (back, on);
        }
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 3]);
        let all: std::collections::BTreeSet<&Id> = pages.iter().flatten().collect();
        assert_eq!(all.len(), 103);
        for expected in pages.iter().rev().skip(1) {
            let at = previous.expect("a link back");
            assert!(at.contains("q=YS-2016") && at.contains("before="), "{at}");
            let (page, back, on) = page_of(&manager, &at).await;
            assert_eq!(&page, expected, "{at}");
            assert!(on.is_some());
            previous = back;
        }
        assert!(previous.is_none());
    }
    for list in ["/cases", "/outcomes", "/outcomes?counted=1&kind=arrest&by=identity", "/agencies", "/audit"]
    {
        let joint = if list.contains('?') { '&' } else { '?' };
        // A row that no list has is refused, as any filter that can't be understood; agencies go by any code.
        let status = if list == "/agencies" { 200 } else { 422 };
        for edge in ["after=zzz", "before=zzz"] {
            manager.get(&format!("{list}{joint}{edge}")).await.expect(status);
        }
    }
    let auditor = app.sign_in("auditor").await;
    let (_, none, next) = page_of(&auditor, "/audit").await;
    let (_, back, _) = page_of(&auditor, &next.expect("many entries")).await;
    let back = back.expect("a link back");
    assert!(none.is_none() && back.contains("before="), "{back}");
    auditor.get(&back).await.expect(200).has("transfer.");
}

/// Where a page ends is said by the transfer that it shows last: its place among all would tell an agency how many the
/// others had between two visits.
#[tokio::test]
async fn a_link_to_the_next_page_tells_nothing_of_what_the_others_have() {
    let app = TestApp::new().await;
    let made: Vec<Id> =
        (0..51).map(|_| app.handed(&Sent::to(GUANGZHOU, "2016-05-04"), None).transfer).collect();
    let foreign = app.handed(&Sent::to(HANGZHOU, "2016-05-04"), None).transfer;
    let liaison = app.sign_in("liaison").await;
    let sent = noon("2016-05-04").micros().to_string();
    for (sort, at) in [("due", "-"), ("-sent", sent.as_str())] {
        let (_, _, next) = page_of(&liaison, &format!("/transfers?sort={sort}")).await;
        let next = next.expect("a second page");
        let cursor = next.split("after=").nth(1).and_then(|rest| rest.split('&').next());
        assert_eq!(cursor, Some(format!("{at}.{}", made[1]).as_str()), "the last row that is shown");
        let row = |id: Id| format!("href=\"/transfers/{id}\"");
        liaison.get(&next).await.expect(200).has(&row(made[0])).has_not(&row(made[1]));
        // Whether there is such a transfer to another agency is not told.
        for strange in [foreign, Id::new()] {
            for edge in ["after", "before"] {
                let page =
                    liaison.get(&format!("/transfers?sort={sort}&{edge}={at}.{strange}")).await.expect(422);
                page.has(&format!("href=\"#f-{edge}\"")).has_not("YS-");
            }
        }
    }
    let token = fixtures::token(&app, "manager").await;
    let nobody = app.stranger();
    let get = |path: &str| nobody.send(nobody.client.get(nobody.url(path)).bearer_auth(&token));
    let list = get("/api/v1/transfers?limit=1").await.expect(200).json();
    assert_eq!(list["next"], format!("{sent}.{foreign}"));
    let problem = get(&format!("/api/v1/transfers?after={sent}.{}", Id::new())).await.expect(409).json();
    assert_eq!(problem["errors"][0]["field"], "after");
}

#[tokio::test]
async fn lists_go_by_the_time_of_sending_and_can_be_turned_round() {
    let app = TestApp::new().await;
    let days = ["2016-05-04", "2016-09-07", "2016-02-03", "2016-08-10"];
    let made: Vec<Id> = days.iter().map(|day| app.handed(&Sent::to(GUANGZHOU, day), None).transfer).collect();
    let manager = app.sign_in("manager").await;
    let newest = [made[1], made[3], made[0], made[2]];
    assert_eq!(page_of(&manager, "/transfers").await.0, newest);
    let page = manager.get("/transfers").await.expect(200).has("aria-sort=\"descending\"").text();
    assert!(page.contains("sort=sent\""), "the head turns the order round");
    let oldest: Vec<Id> = newest.into_iter().rev().collect();
    assert_eq!(page_of(&manager, "/transfers?sort=sent").await.0, oldest);
    // What narrows nothing is not called a choice that is still to be made.
    for list in ["/transfers", "/cases"] {
        manager.get(list).await.expect(200).has("name=\"region\"").has_not("请选择");
    }
}

#[tokio::test]
async fn letters_are_found_whatever_their_case_and_signs_as_they_are() {
    let s = Story::accepted().await;
    s.act("file", &[("number", "A1-Case_9"), ("filed_on", &crate::support::today())]).await.expect(303);
    for q in ["ys-20", "xs-2026-000007", "YS-20"] {
        s.compiler.get(&format!("/transfers?q={q}")).await.expect(200).has("假冒品牌手表");
    }
    for q in ["a1-case", "CASE_9", "case_9"] {
        s.compiler.get(&format!("/cases?q={q}")).await.expect(200).has("A1-Case_9");
    }
    s.compiler.get("/cases?q=case%259").await.expect(200).has_not("A1-Case_9</a>");
}

#[tokio::test]
async fn an_export_holds_every_row_and_the_log_says_what_was_asked_for() {
    let app = TestApp::new().await;
    for n in 0..1_003_u32 {
        let sent = ["2016-05-04", "2016-05-05", "2016-06-01"][n as usize % 3];
        app.handed(&Sent::to(GUANGZHOU, sent).filed("2016-07-01"), None);
    }
    let manager = app.sign_in("manager").await;
    for (list, sorts) in
        [("/transfers", ["", "&sort=due", "&sort=sent"]), ("/cases", ["", "&sort=opened", "&sort=filed"])]
    {
        for sort in sorts {
            let csv = manager.get(&format!("{list}/export?format=csv{sort}")).await.expect(200).text();
            let lines = crate::support::table(&csv);
            assert_eq!(lines.len(), 1_004, "{list} {sort}");
            let rows: std::collections::BTreeSet<&str> = lines.into_iter().collect();
            assert_eq!(rows.len(), 1_004);
            assert!(csv.contains("行数,1003"), "{list} {sort}");
        }
        manager.get(&format!("{list}/export?format=doc")).await.expect(404);
    }
    manager.get("/transfers/export?format=xlsx&state=filed&q=YS-2016").await.expect(200);
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "transfer.export");
    let leaf = entry.leaf.to_string();
    assert!(leaf.contains("\"state\":\"filed\"") && !leaf.contains("YS-2016"), "{leaf}");
    // A page says of 50 rows that they were shown, though one more was read.
    manager.get("/transfers").await.expect(200);
    let leaf = app.last_entry().await.leaf.to_string();
    assert!(leaf.contains("\"rows\":50"), "{leaf}");
}
