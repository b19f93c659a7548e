//! The search box in the head of every page: a number leads straight there, words lead to what is called so, and nobody
//! finds what is not theirs to see.

use lead_handoff::platform::db::Id;

use crate::support::{
    Browser, TestApp, fixtures,
    ledger::Sent,
    seed::{GUANGZHOU, HANGZHOU},
    story, today,
};

/// What the search box answers.
async fn search(who: &Browser, typed: &str) -> crate::support::Reply {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
    who.get(&format!("/search?{query}")).await
}

async fn sent(compiler: &Browser, dossier: Id) -> Id {
    let dossier = dossier.to_string();
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    compiler.post("/transfers/new", &fields).await.expect(303).id()
}

#[tokio::test]
async fn a_number_leads_straight_to_what_bears_it_however_it_is_written() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2016-001184", "假冒品牌手表").await;
    fixtures::lead(&app, "XS-2016-000002", "假冒品牌化妆品，涉及 1184 件").await;
    let compiler = app.sign_in("compiler").await;
    compiler.get("/leads").await.expect(200).has("action=\"/search\"");
    for typed in ["XS-2016-001184", " xs-2016-1184", "2016-1184", "1184", "２０１６／１１８４", "2016001184"]
    {
        let before = app.audit_count().await;
        let reply = search(&compiler, typed).await.expect(303);
        assert_eq!(reply.location, format!("/leads/{lead}"), "{typed}");
        let entry = app.last_entry().await;
        assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "search.list"));
        assert!(entry.leaf["objects"].to_string().contains(&lead.to_string()), "{}", entry.leaf);
    }
    // A part that several bear leads to both; so does a word, which stands in no leaf of the log.
    search(&compiler, "XS-2016-00").await.expect(200).has("XS-2016-001184").has("XS-2016-000002");
    let page = search(&compiler, "假冒品牌").await.expect(200);
    page.has("假冒品牌手表").has("假冒品牌化妆品").has("/leads?q=").has(&format!("href=\"/leads/{lead}\""));
    assert!(!app.last_entry().await.leaf.to_string().contains("假冒"));
    assert_eq!(search(&compiler, "化妆品").await.expect(303).id(), fixtures_id(&compiler, "化妆品").await);
    search(&compiler, "没有这样的词").await.expect(200).has("没有找到");
    search(&compiler, "").await.expect(200).has("可输入线索编号");
    search(&compiler, &"长".repeat(500)).await.expect(200);
}

/// The lead that the list finds by a word.
async fn fixtures_id(who: &Browser, word: &str) -> Id {
    let page = who.get(&format!("/leads?q={word}")).await.expect(200).text();
    let rest = page.split("href=\"/leads/0").nth(1).expect("a lead");
    format!("0{}", rest.get(..35).expect("an id")).parse().expect("an id")
}

#[tokio::test]
async fn transfers_dossiers_cases_and_agencies_are_found_by_their_numbers() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let transfer = sent(&compiler, dossier).await;
    let to = |id: Id| format!("/transfers/{id}");
    let page = liaison.get(&to(transfer)).await.expect(200).text();
    let number = page.split("YS-").nth(1).and_then(|rest| rest.get(..9)).expect("a number").to_owned();
    for typed in [format!("YS-{number}"), format!("ys-{number}"), "YS-0".to_owned(), "1".to_owned()] {
        for who in [&compiler, &liaison] {
            let reply = search(who, &typed).await;
            let whole = typed != "YS-0";
            assert_eq!(reply.status == 303 && reply.location == to(transfer), whole, "{typed}");
        }
    }
    let folder = format!("folder-{GUANGZHOU}");
    assert_eq!(search(&compiler, &folder).await.expect(303).location, format!("/dossiers/{dossier}"));
    let manager = app.sign_in("manager").await;
    let agency = app.seed.agencies[GUANGZHOU];
    assert_eq!(search(&manager, "gz-ecd").await.expect(303).location, format!("/agencies/{agency}"));
    search(&manager, "广州市公安局").await.expect(303);

    for (verb, fields) in [
        ("acknowledge", vec![]),
        ("accept", vec![("officer", "王警官")]),
        ("file", vec![("number", "穗公经立字〔2026〕12号"), ("filed_on", today().as_str())]),
    ] {
        liaison.post(&format!("{}/{verb}", to(transfer)), &fields).await.expect(303);
    }
    for (who, typed) in
        [(&compiler, "穗公经立字〔2026〕12号"), (&compiler, "穗公经立字"), (&liaison, "〔2026〕12号")]
    {
        let reply = search(who, typed).await.expect(303);
        assert!(reply.location.starts_with("/cases/"), "{typed}: {}", reply.location);
    }
    // Of one lead everything that belongs to it.
    let page = search(&compiler, "手表").await.expect(200);
    page.has("id=\"lead\"").has("id=\"transfer\"").has("id=\"case\"");
}

#[tokio::test]
async fn nobody_finds_what_is_not_theirs_to_see() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let compiler = app.sign_in("compiler").await;
    let transfer = sent(&compiler, dossier).await;
    let own = app.sign_in("liaison").await;
    assert_eq!(search(&own, "手表").await.expect(303).location, format!("/transfers/{transfer}"));
    let (elsewhere, admin) = (app.sign_in("liaison2").await, app.sign_in("admin").await);
    let folder = format!("folder-{GUANGZHOU}");
    for typed in ["手表", "假冒", "XS-2026-000007", "7", "1", GUANGZHOU, folder.as_str()] {
        let page = search(&elsewhere, typed).await.expect(200).has("没有找到");
        page.has_not(&lead.to_string()).has_not(&transfer.to_string()).has_not("假冒品牌手表");
        assert_eq!(app.last_entry().await.leaf["objects"].to_string(), "[]", "{typed}");
    }
    // The lead and its number are the platform's; the directory of agencies too.
    for typed in ["XS-2026-000007", HANGZHOU, "杭州"] {
        search(&own, typed).await.expect(200).has("没有找到").has_not(&lead.to_string());
    }
    search(&admin, "手表").await.expect(200).has("没有找到").has_not(&lead.to_string());
    search(&admin, GUANGZHOU).await.expect(303);
    let stranger = search(&app.stranger(), "手表").await.expect(303);
    assert!(stranger.location.starts_with("/login?next="), "{}", stranger.location);
}

/// Newest first, and on record is what was shown: not the one more that only tells that there are more.
#[tokio::test]
async fn what_is_on_record_of_a_search_is_what_it_showed() {
    let app = TestApp::new().await;
    let mut leads = Vec::new();
    for n in 1..=7 {
        leads.push(fixtures::lead(&app, &format!("XS-2016-00000{n}"), "假冒品牌手表").await);
    }
    let manager = app.sign_in("manager").await;
    let page = search(&manager, "假冒品牌").await.expect(200).text();
    let entry = app.last_entry().await;
    let told = entry.leaf["objects"].to_string();
    for (n, lead) in leads.iter().enumerate() {
        let is_shown = page.contains(&format!("href=\"/leads/{lead}\""));
        assert_eq!(is_shown, n >= 2, "{n}: the five newest are shown");
        assert_eq!(told.contains(&lead.to_string()), is_shown, "{n}: {told}");
    }
    assert!(entry.facts().iter().any(|(name, n)| name == "rows" && n == "5"), "{:?}", entry.facts());
}

/// Cases that came of leads that bear a word: the newest of them, whichever of the leads is the newest.
#[tokio::test]
async fn the_newest_cases_of_what_bears_a_word_are_found() {
    let app = TestApp::new().await;
    let days =
        ["2016-06-07", "2016-06-01", "2016-06-06", "2016-06-02", "2016-06-05", "2016-06-03", "2016-06-04"];
    let mut cases = Vec::new();
    for (n, day) in days.into_iter().enumerate() {
        let lead = fixtures::lead(&app, &format!("XS-2016-00000{n}"), "假冒品牌手表").await;
        let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed(day), Some(lead));
        cases.push((day, made.case.expect("a case")));
    }
    cases.sort_unstable();
    cases.reverse();
    let manager = app.sign_in("manager").await;
    let page = search(&manager, "假冒品牌").await.expect(200).has("广州市公安局经侦支队").text();
    let found: Vec<Option<usize>> =
        cases.iter().map(|(_, case)| page.find(&format!("href=\"/cases/{case}\""))).collect();
    assert!(found[..5].iter().all(Option::is_some) && found[..5].is_sorted(), "{found:?}");
    assert_eq!(found[5..], [None, None]);
    let told = app.last_entry().await.leaf["objects"].to_string();
    for (n, (_, case)) in cases.iter().enumerate() {
        assert_eq!(told.contains(&case.to_string()), n < 5, "{n}: {told}");
    }
}

/// Each agency counts its transfers from one: of two that bear one number, each line says whose it is.
#[tokio::test]
async fn a_number_that_two_agencies_use_stands_with_its_agency_on_every_list() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    for (number, agency) in [("XS-2026-000007", GUANGZHOU), ("XS-2026-000008", HANGZHOU)] {
        let lead = fixtures::lead(&app, number, "假冒品牌手表").await;
        sent(&compiler, fixtures::sealed(&app, lead, agency).await).await;
    }
    let list = compiler.get("/transfers").await.expect(200).text();
    let number = list.split("YS-").nth(1).and_then(|rest| rest.get(..9)).expect("a number");
    let number = format!("YS-{number}");
    let found = search(&compiler, &number).await.expect(200).text();
    let file = compiler.get("/transfers/export?format=csv").await.expect(200).text();
    for (text, from) in [(&list, "<tr>"), (&found, "<li>"), (&file, "\n")] {
        let lines: Vec<&str> = text.split(from).filter(|line| line.contains(&number)).collect();
        for agency in ["广州市公安局经侦支队", "杭州市市场监督管理局"] {
            let of = lines.iter().filter(|line| line.contains(agency)).count();
            assert_eq!(of, 1, "{agency} among {} lines by «{from}»: {lines:?}", lines.len());
        }
    }
}

/// What one lead sends to several is the first transfer of each: one number and one title. Whoever types the number is led to none
/// of them, and each line says whose it is; each agency is led to its own.
#[tokio::test]
async fn a_number_that_several_addressees_of_one_lead_have_leads_to_all_of_them() {
    let app = TestApp::new().await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU, HANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    for dossier in dossiers {
        sent(&compiler, dossier).await;
    }
    let list = compiler.get("/transfers").await.expect(200).text();
    let number = list.split("YS-").nth(1).and_then(|rest| rest.get(..9)).expect("a number");
    let (whole, short) = (format!("YS-{number}"), format!("ys{}", &number[4..]));
    let sides = [("liaison", "广州市公安局经侦支队"), ("liaison2", "杭州市市场监督管理局")];
    for typed in [whole.as_str(), short.as_str()] {
        let found = search(&compiler, typed).await.expect(200).text();
        let told = app.last_entry().await.leaf["objects"].to_string();
        for (name, agency) in sides {
            let own = search(&app.sign_in(name).await, typed).await.expect(303);
            assert!(own.location.starts_with("/transfers/"), "{name}: {}", own.location);
            let link = format!("href=\"{}\"", own.location);
            let lines: Vec<&str> = found.split("<li>").filter(|line| line.contains(&link)).collect();
            assert!(lines.len() == 1 && lines[0].contains(agency), "{typed}, {agency}: {lines:?}");
            assert!(told.contains(&own.id().to_string()), "{typed}, {agency}: {told}");
        }
    }
}
