//! Composing a version, by form and by programme.

use diesel::prelude::*;
use lead_handoff::{
    directory::people::token,
    platform::db::{
        Id, Origin,
        schema::{agency, lead_charge},
    },
};
use serde_json::json;

use crate::support::{
    TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    story::{self, compose, note},
    today,
};

#[tokio::test]
async fn what_is_missing_or_unreadable_is_said_beside_its_field() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    let gz = app.seed.agencies[GUANGZHOU];
    compose(&compiler, lead, 1, &[], &[item], &[]).await.expect(422).has("f-agencies");
    compose(&compiler, lead, 1, &[gz], &[], &[]).await.expect(422).has("f-evidence");
    let hold = format!("withhold-{gz}");
    let again = compose(&compiler, lead, 1, &[gz], &[item], &[(&hold, "1-x"), ("note", "留着")]).await;
    again.expect(422).has("1-x").has("留着").has("checked");
    compose(&compiler, lead, 1, &[gz], &[item], &[(&hold, "7")]).await.expect(422);
    let other = app.sign_in("compiler2").await;
    compose(&other, lead, 1, &[gz], &[item], &[]).await.expect(409);
    app.sign_in("liaison").await.get(&format!("/leads/{lead}/dossiers")).await.expect(404);
    assert!(story::newest(&app, lead).await.is_empty());
}

#[tokio::test]
async fn the_next_version_begins_with_what_the_last_one_kept_back() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let first = note(&compiler, lead, "一.txt", "第一份").await;
    let second = note(&compiler, lead, "二.txt", "第二份").await;
    let gz = app.seed.agencies[GUANGZHOU];
    let hold = format!("withhold-{gz}");
    // A number that is not chosen at all is named with the agency, and where to look.
    let odd = compose(&compiler, lead, 1, &[gz], &[first], &[(&hold, "1-2")]).await.expect(422);
    odd.has("不向广州市公安局经侦支队提供的证据中，序号 2 没有选入卷宗").has("下方的证据清单");
    compose(&compiler, lead, 1, &[gz], &[first, second], &[(&hold, "2")]).await.expect(303);
    app.settle().await;
    let form = compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(200);
    let form = form.has("卷宗编制完成后内容即固定").has_not("字节一经").text();
    let field = form.split(&format!("name=\"{hold}\"")).nth(1).expect("the field");
    assert!(field[..80.min(field.len())].contains("value=\"2\""), "{}", &field[..80]);
    let agency = form.split(&format!("value=\"{gz}\"")).nth(1).expect("the addressee");
    assert!(agency[..20].contains("checked"), "{}", &agency[..20]);

    // A version for another agency alone lies between: what the first one does not get is still there.
    let hz = app.seed.agencies[HANGZHOU];
    compose(&compiler, lead, 2, &[hz], &[first, second], &[]).await.expect(303);
    app.settle().await;
    // The first one waits for nobody any more.
    for page in [format!("/leads/{lead}"), format!("/leads/{lead}/dossiers")] {
        compiler.get(&page).await.expect(200).has("已被第 2 版取代");
    }
    let list = compiler.get(&format!("/leads/{lead}/dossiers")).await.expect(200).text();
    let links = list.split("href=\"/dossiers/").skip(1);
    let own: Vec<&str> = links.filter_map(|rest| rest.split('"').next()).collect();
    let oldest = own.last().expect("the first version's dossier");
    compiler.get(&format!("/dossiers/{oldest}")).await.expect(200).has("已被第 2 版取代");
    let form = compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(200).text();
    let field = form.split(&format!("name=\"{hold}\"")).nth(1).expect("the field");
    assert!(field[..80.min(field.len())].contains("value=\"2\""), "{}", &field[..80]);
}

#[tokio::test]
async fn the_search_for_agencies_keeps_what_was_typed_and_stands_in_no_address() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "一.txt", "第一份").await.to_string();
    let (gz, hz) = (app.seed.agencies[GUANGZHOU].to_string(), app.seed.agencies[HANGZHOU].to_string());
    let (form, action) = (format!("/leads/{lead}/dossiers/new"), format!("/leads/{lead}/dossiers"));
    let page =
        compiler.get(&form).await.expect(200).has("name=\"find\"").has_not("formmethod=\"get\"").text();
    assert!(page.contains(&gz) && page.contains(&hz));
    let before = app.audit_count().await;
    let typed = [
        ("version", "1"),
        ("agencies", gz.as_str()),
        ("evidence", item.as_str()),
        ("note", "先给广州"),
        ("q", "HANGZHOU"),
        ("find", "yes"),
    ];
    let page = compiler.post(&action, &typed).await.expect(200).has("先给广州").text();
    assert_eq!(app.audit_count().await, before + 1);
    let ticked = |id: &str| {
        let field = page.split(&format!("value=\"{id}\"")).nth(1).unwrap_or_default();
        field.split('>').next().is_some_and(|rest| rest.contains("checked"))
    };
    assert!(ticked(&gz) && ticked(&item), "{page}");
    assert_eq!(story::newest(&app, lead).await.len(), 0, "a search composes nothing");
    // What was typed in the address counts for nothing.
    compiler.get(&format!("{form}?version=1&note=x&q=zz")).await.expect(200).has(&hz);
    app.sign_in("compiler2").await.post(&action, &typed).await.expect(409);
}

/// The Enter key presses the first button of a form, which is the form's own; in what is looked for it searches.
#[tokio::test]
async fn the_enter_key_searches_in_the_search_and_composes_elsewhere() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "一.txt", "第一份").await;
    let gz = app.seed.agencies[GUANGZHOU];
    let page = compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(200).text();
    let (own, search) = (page.find("name=\"enter\""), page.find("name=\"find\""));
    assert!(own.is_some() && own < search, "{page}");
    assert!(page.contains("name=\"sought\" value=\"\""), "{page}");
    let hz = app.seed.agencies[HANGZHOU];
    let entered = async |q: &str, sought: &str| {
        let keys = [("q", q), ("sought", sought), ("enter", "yes")];
        compose(&compiler, lead, 1, &[gz, hz], &[item], &keys).await
    };
    entered("HANGZHOU", "").await.expect(200).has("name=\"sought\" value=\"HANGZHOU\"");
    entered("", "HANGZHOU").await.expect(200).has("name=\"sought\" value=\"\"");
    assert!(story::newest(&app, lead).await.is_empty(), "a search composes nothing");
    // In any other field, after a search, it presses the form's own button.
    entered("HANGZHOU", "HANGZHOU").await.expect(303);
    assert_eq!(story::newest(&app, lead).await.len(), 1);
}

#[tokio::test]
async fn an_agency_from_which_all_is_kept_back_gets_no_dossier() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let first = note(&compiler, lead, "一.txt", "第一份").await;
    let second = note(&compiler, lead, "二.txt", "第二份").await;
    let (gz, hz) = (app.seed.agencies[GUANGZHOU], app.seed.agencies[HANGZHOU]);
    let hold = format!("withhold-{gz}");
    let all = compose(&compiler, lead, 1, &[gz, hz], &[first, second], &[(&hold, "1-2")]).await.expect(422);
    all.has("向广州市公安局经侦支队提供的卷宗中没有证据").has_not("向杭州市市场监督管理局提供的卷宗");
    assert!(story::newest(&app, lead).await.is_empty());
    // What is marked counts with what is kept back from the one agency.
    let mark = [("withheld_reason", "保护举报人")];
    compiler.post(&format!("/evidence/{second}/withhold"), &mark).await.expect(303);
    compose(&compiler, lead, 1, &[gz, hz], &[first, second], &[(&hold, "1")]).await.expect(422);
    let before = app.audit_count().await;
    compose(&compiler, lead, 1, &[gz, hz], &[first, second], &[]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "dossier.compose");
}

/// Agencies of a county in Zhejiang, numbered so.
pub(super) async fn more_agencies(app: &TestApp, numbers: std::ops::Range<usize>) {
    let now = app.now();
    let written = app.services.db.write_quiet(move |tx| {
        for n in numbers {
            let name = format!("浙江省某县市场监督管理局第{n}所");
            diesel::insert_into(agency::table)
                .values((
                    agency::id.eq(Id::new()),
                    agency::code.eq(format!("ZJ-SAMR-{n:03}")),
                    agency::name_zh.eq(&name),
                    agency::name_en.eq(""),
                    agency::type_code.eq("SAMR"),
                    agency::level.eq("county"),
                    agency::region_code.eq("330122"),
                    agency::channel.eq("portal"),
                    agency::addressee.eq(&name),
                    agency::created_at.eq(now),
                ))
                .execute(tx.conn())?;
        }
        Ok(())
    });
    written.await.expect("agencies");
}

/// What is suggested and what is chosen stands open; the others are looked for, or unfolded by region. What an agency does not
/// get is folded beside it, with how much that is.
#[tokio::test]
async fn the_agencies_that_are_not_chosen_do_not_make_the_form_long() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "一.txt", "第一份").await;
    let (gz, hz) = (app.seed.agencies[GUANGZHOU], app.seed.agencies[HANGZHOU]);
    let (form, action) = (format!("/leads/{lead}/dossiers/new"), format!("/leads/{lead}/dossiers"));
    let (hold, box_of) = (format!("withhold-{hz}"), |id: Id| format!("name=\"agencies\" value=\"{id}\""));
    more_agencies(&app, 0..3).await;
    let page = compiler.get(&form).await.expect(200).text();
    let (open, folded) = page.split_once("<details class=\"areas\">").expect("the others");
    assert!(open.contains(&box_of(gz)) && !open.contains(&box_of(hz)), "{open}");
    assert!(
        folded.contains(&box_of(hz)) && folded.contains("浙江省 <span class=\"count\">4</span>"),
        "{folded}"
    );
    // What is looked for stands open, what was chosen before too, and all of it once.
    let before = app.audit_count().await;
    let (item_id, hz_id) = (item.to_string(), hz.to_string());
    let typed = [
        ("version", "1"),
        ("agencies", hz_id.as_str()),
        ("evidence", item_id.as_str()),
        (hold.as_str(), "1-2, 4"),
        ("q", "ZJ-SAMR-001"),
        ("find", "yes"),
    ];
    let page = compiler.post(&action, &typed).await.expect(200).text();
    assert_eq!(app.audit_count().await, before + 1);
    let (open, folded) = page.split_once("<details class=\"areas\">").expect("the others");
    let chosen = open.split("data-ticked=\"agencies\">").nth(1).and_then(|rest| rest.split("</ul>").next());
    let chosen = chosen.expect("what is chosen");
    assert!(chosen.contains(&format!("{} checked", box_of(hz))), "{chosen}");
    assert!(chosen.contains(">3 项</output>") && chosen.contains("value=\"1-2, 4\""), "{chosen}");
    assert!(chosen.contains("<details class=\"withhold\">"), "folded: {chosen}");
    assert!(open.contains("第1所") && folded.contains("第2所") && !folded.contains("第1所"), "{page}");
    assert_eq!(page.matches(&box_of(hz)).count(), 1, "{page}");
    let none = [("version", "1"), ("q", "无此单位"), ("find", "yes")];
    compiler.post(&action, &none).await.expect(200).has("没有其他符合条件的单位").has(&box_of(hz));
    // What must be mended is unfolded.
    let odd = compose(&compiler, lead, 1, &[hz], &[item], &[(&hold, "1-x")]).await.expect(422);
    odd.has("<details class=\"withhold\" open>").has("value=\"1-x\"");
    // A directory of a whole country is no list to scroll through.
    more_agencies(&app, 3..203).await;
    let other = app.seed.lead(&app.services, "compiler");
    let large = compiler
        .get(&format!("/leads/{other}/dossiers/new"))
        .await
        .expect(200)
        .has("还有其他单位未列出")
        .has_not("class=\"areas\"");
    large.has(&box_of(gz)).has_not(&box_of(hz));
    let found = [("version", "1"), ("q", "hangzhoushishichang"), ("find", "yes")];
    compiler.post(&format!("/leads/{other}/dossiers"), &found).await.expect(200).has(&box_of(hz));
}

#[tokio::test]
async fn market_regulation_where_a_site_is_stands_among_the_suggestions() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    // More police where the lead is than are suggested.
    let now = app.now();
    let written = app.services.db.write_quiet(move |tx| {
        for n in 1..=8 {
            let name = format!("广州市公安局某分局食药环大队{n}");
            diesel::insert_into(agency::table)
                .values((
                    agency::id.eq(Id::new()),
                    agency::code.eq(format!("GZ-FDE-{n}")),
                    agency::name_zh.eq(&name),
                    agency::name_en.eq(""),
                    agency::type_code.eq("PS-FDE"),
                    agency::level.eq("prefecture"),
                    agency::region_code.eq("440100"),
                    agency::channel.eq("portal"),
                    agency::addressee.eq(&name),
                    agency::created_at.eq(now),
                ))
                .execute(tx.conn())?;
        }
        Ok(())
    });
    written.await.expect("agencies");
    let site = [("region", "330106"), ("address", "某路 1 号"), ("role", "storage")];
    compiler.post(&format!("/leads/{lead}/sites"), &site).await.expect(303);
    let form = format!("/leads/{lead}/dossiers/new");
    let suggested = async || {
        let page = compiler.get(&form).await.expect(200).text();
        let list = page.split("建议移送</h3>").nth(1).and_then(|rest| rest.split("其他单位</h3>").next());
        list.expect("suggestions").to_owned()
    };
    let before = suggested().await;
    assert!(before.contains("GZ-FDE-1") && !before.contains("HZ-SAMR"), "{before}");
    // The article of the Trademark Law that is in force.
    let article = if today().as_str() < "2027" { "TM57-3" } else { "TM72-2027" };
    let charges = [("charges", "CL214"), ("charges", article)];
    let entries = app.audit_count().await;
    compiler.post(&format!("/leads/{lead}/charges"), &charges).await.expect(303);
    assert_eq!(app.audit_count().await, entries + 1);
    let after = suggested().await;
    assert!(after.contains("HZ-SAMR") && after.contains("仓储地在其辖区"), "{after}");
}

/// A token of `username` with these scopes.
async fn token(app: &TestApp, username: &str, scopes: &[&'static str]) -> String {
    let id = app.seed.people[username];
    let new = token::NewToken { name: "t".into(), scopes: scopes.to_vec(), days: None };
    let made = app.services.db.write(Origin::system("system:cli"), move |tx| token::create_for(tx, id, new));
    made.await.expect("a token")
}

#[tokio::test]
async fn an_integrator_composes_once_and_fetches_what_was_approved() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    let gz = app.seed.agencies[GUANGZHOU];
    let writer = token(&app, "compiler", &["read", "write"]).await;
    let call = app.stranger();
    let post = |body: serde_json::Value| {
        let request = call.client.post(call.url(&format!("/api/v1/leads/{lead}/dossiers")));
        let request = request.header("content-type", "application/json").body(body.to_string());
        request.header("authorization", format!("Bearer {writer}")).header("idempotency-key", "k1")
    };
    let get = |path: String| call.client.get(call.url(&path)).bearer_auth(&writer);

    let wrong = call.send(post(json!({"evidence": [], "agencies": [gz]}))).await.expect(422).json();
    assert_eq!(wrong["errors"][0]["field"], "evidence");
    let asked = json!({"evidence": [item], "agencies": [gz], "note": "n"});
    let made = call.send(post(asked.clone())).await.expect(202).json();
    assert_eq!((&made["version"], &made["dossiers"][0]["state"]), (&json!(1), &json!("freezing")));
    assert_eq!(
        (&made["dossiers"][0]["agency"], &made["dossiers"][0]["manifest_sha256"]),
        (&json!(gz), &json!(null))
    );
    let again = call.send(post(asked)).await.expect(202);
    assert!(again.headers.contains_key("idempotency-replayed"));
    assert_eq!(again.json(), made);
    app.settle().await;

    let id = made["dossiers"][0]["id"].as_str().expect("an id").to_owned();
    let one = call.send(get(format!("/api/v1/dossiers/{id}"))).await.expect(200).json();
    assert_eq!((&one["lead"], &one["state"]), (&json!(lead), &json!("frozen")));
    assert_eq!(one["manifest_sha256"].as_str().map(str::len), Some(64));
    let list = call.send(get(format!("/api/v1/dossiers?lead={lead}"))).await.expect(200).json();
    assert_eq!((&list["items"][0], &list["next"]), (&one, &json!(null)));
    let all = call.send(get("/api/v1/dossiers".into())).await.expect(200).json();
    assert_eq!(all["items"], list["items"], "without a lead: those of all leads");
    let report = call.send(get(format!("/api/v1/dossiers/{id}/dossier.pdf"))).await.expect(200);
    assert!(report.bytes.starts_with(b"%PDF-"));
    call.send(get(format!("/api/v1/dossiers/{id}/package.zip"))).await.expect(404);
}

/// Whoever filled in everything is not asked to fill it in when no agency fits.
#[tokio::test]
async fn that_no_agency_fits_is_told_from_a_lead_that_lacks_something() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let form = format!("/leads/{lead}/dossiers/new");
    compiler.get(&form).await.expect(200).has("建议移送").has_not("尚无建议");
    let past = chrono::NaiveDate::from_ymd_opt(2001, 1, 1);
    let closed = app.services.db.write_quiet(move |tx| {
        diesel::update(agency::table).set(agency::valid_to.eq(past)).execute(tx.conn())?;
        Ok(())
    });
    closed.await.expect("closed");
    compiler.get(&form).await.expect(200).has("没有与本线索涉嫌罪名和地区相符的单位").has_not("尚无建议");
    let bare = app.services.db.write_quiet(move |tx| {
        diesel::delete(lead_charge::table).execute(tx.conn())?;
        Ok(())
    });
    bare.await.expect("no charges");
    compiler.get(&form).await.expect(200).has("尚无建议").has_not("没有与本线索");
}

/// What a lead has nothing of is not in its papers: whoever composes them is told before, and may go on.
#[tokio::test]
async fn what_the_papers_will_not_mention_is_told_before_and_refuses_nothing() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    let at = format!("/leads/{lead}");
    let all = "尚未登记：涉案主体、地点、商品链接";
    for page in [at.clone(), format!("{at}/dossiers/new")] {
        let links = format!("href=\"{at}/sites\"");
        compiler.get(&page).await.expect(200).has(all).has(&links);
    }
    let shop = [("kind", "shop"), ("name", "示例机油1店")];
    compiler.post(&format!("{at}/subjects"), &shop).await.expect(303);
    let rest = "尚未登记：地点、商品链接";
    compiler.get(&format!("{at}/dossiers/new")).await.expect(200).has(rest).has_not(all);
    compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    compiler.get(&format!("{at}/dossiers")).await.expect(200).has(rest);
    compiler.post(&format!("{at}/submit"), &[]).await.expect(303);
    compiler.get(&at).await.expect(200).has_not("尚未登记：");
}
