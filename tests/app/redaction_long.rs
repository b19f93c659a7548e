//! A long PDF is redacted in the background: once, in the name of whoever asked, and only while they may.

use diesel::prelude::*;
use lead_handoff::{
    app, audit,
    platform::{
        db::{
            Id,
            schema::{job, lead, mail_message, person_role, redaction_request_end},
        },
        jobs,
        pdf::Scan,
    },
};
use lopdf::{Document, Object, Stream, dictionary};

use super::{
    custody::text_of,
    redaction::{content, redact, region, tells, upload},
};
use crate::support::{Browser, TestApp, story};

/// Nobody's number.
const SECRET: &str = "110101199001011234";
const PAGES: usize = 70;

/// A paper that says the secret on its page 68, and which page it is on each.
fn paper() -> Vec<u8> {
    let mut doc = Document::with_version("1.7");
    let parent = doc.new_object_id();
    let font =
        doc.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let mut kids: Vec<Object> = Vec::new();
    for n in 1..=PAGES {
        let secret = if n == 68 { SECRET } else { "" };
        let text = format!("BT /F 20 Tf 50 100 Td ({secret}) Tj ET BT /F 20 Tf 50 40 Td (PAGE {n}) Tj ET");
        let contents = doc.add_object(Stream::new(dictionary! {}, text.into_bytes()));
        let page = doc.add_object(dictionary! {
            "Type" => "Page", "Parent" => parent, "Contents" => contents,
            "MediaBox" => vec![0.into(), 0.into(), 300.into(), 200.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
        });
        kids.push(page.into());
    }
    let count = i64::try_from(PAGES).expect("few");
    doc.objects.insert(parent, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let root = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    doc.trailer.set("Root", root);
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).expect("a PDF");
    bytes
}

/// The secret's rectangle.
fn asked() -> Vec<(&'static str, &'static str)> {
    let mut fields = region(["10", "38", "80", "20"]);
    fields.extend([("regions[0].page", "68"), ("withhold", "yes")]);
    fields
}

/// A lead with the paper, of which a redacted copy is asked for.
async fn waiting(app: &TestApp) -> (Browser, Id, Id) {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = upload(&compiler, lead, "长卷.pdf", &paper()).await;
    let done = redact(&compiler, item, &asked()).await.expect(303);
    assert!(done.location.ends_with("ok=redaction-requested"), "{}", done.location);
    (compiler, lead, item)
}

/// What each mail about it says of its end.
async fn mails(app: &TestApp) -> Vec<(String, String)> {
    let read = app.services.db.read(|conn| {
        let told = mail_message::table.filter(mail_message::template.eq("redaction-ended"));
        Ok(told.select((mail_message::params, mail_message::link)).load(conn)?)
    });
    read.await.expect("mails")
}

/// Does the jobs of this kind once more, as if the server had been killed before it could say that they were done.
async fn once_more(app: &TestApp) {
    let due = app.services.db.write_quiet(|tx| {
        let now = tx.now();
        diesel::update(job::table.filter(job::kind.eq("evidence.redact")))
            .set((job::state.eq("queued"), job::run_at.eq(now)))
            .execute(tx.conn())?;
        Ok(())
    });
    due.await.expect("due");
    app.settle().await;
}

#[tokio::test]
async fn a_long_paper_is_made_in_the_background_and_once() {
    let app = TestApp::new().await;
    let (compiler, lead, item) = waiting(&app).await;
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "evidence.request_redaction");
    assert!(!entry.leaf.to_string().contains("身份证"), "the reason can be erased");
    let page = format!("/evidence/{item}");
    assert_eq!(kinds(&app).await, ["evidence.redact"]);
    compiler.get(&page).await.expect(200).has("正在后台制作遮蔽件").has("0 / 70");
    compiler.get(&format!("{page}/redact")).await.expect(200).has("正在后台制作遮蔽件");
    redact(&compiler, item, &asked()).await.expect(409).has("正在制作");
    assert_eq!(story::items(&compiler, lead).await.len(), 1);

    app.settle().await;
    let mut items = story::items(&compiler, lead).await;
    items.retain(|id| *id != item);
    let [new] = items[..] else { panic!("{items:?}") };
    let made = content(&compiler, new).await;
    assert!(!tells(&made, SECRET) && text_of(&made).trim().is_empty());
    let scan = Scan::open(made).expect("a PDF");
    assert_eq!(scan.pages(), PAGES);
    let is_dark = |page: usize| {
        let picture = scan.draw(page, 72.0).expect("a page").picture;
        let dark = |x, y| picture.get_pixel(x, y).0.iter().all(|part| *part < 150);
        let covered = (40..260).all(|x| (82..110).all(|y| dark(x, y)));
        (covered, (50..140).any(|x| (140..165).any(|y| dark(x, y))))
    };
    assert_eq!([0, 66, 67, 69].map(is_dark), [(false, true), (false, true), (true, true), (false, true)]);
    compiler
        .get(&page)
        .await
        .expect(200)
        .has_not("正在后台制作")
        .has("不予披露")
        .has(&format!("/evidence/{new}"));
    compiler.get(&format!("/evidence/{new}")).await.expect(200).has("长卷-遮蔽.pdf").has("1 处矩形区域");
    let filter = audit::Filter {
        object: Some(item),
        verb_prefix: Some("evidence.redact".into()),
        ..audit::Filter::default()
    };
    let entries = app.services.db.read(move |conn| audit::page(conn, &filter, 5)).await.expect("entries");
    assert_eq!((entries.len(), entries[0].actor_id), (1, Some(app.seed.people["compiler"])));
    let told = mails(&app).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].0.contains("made") && told[0].1 == format!("/evidence/{new}"), "{told:?}");

    let (stored, count) = (app.stored_objects().await, app.audit_count().await);
    once_more(&app).await;
    assert_eq!(story::items(&compiler, lead).await.len(), 2);
    assert_eq!((app.stored_objects().await, mails(&app).await.len()), (stored, 1));
    // The list of the items was looked at.
    assert!(app.audit_count().await <= count + 1);
    // Another one can be asked for now.
    redact(&compiler, item, &asked()).await.expect(303);
}

#[tokio::test]
async fn a_server_that_was_killed_in_the_middle_makes_one_item() {
    let app = TestApp::new().await;
    let (compiler, lead, item) = waiting(&app).await;
    // Taken by a worker that never came back: its lease has run out.
    let taken = app.services.db.write_quiet(|tx| {
        let past = tx.now().plus_seconds(-1);
        diesel::update(job::table.filter(job::kind.eq("evidence.redact")))
            .set((
                job::state.eq("running"),
                job::lease_owner.eq("gone"),
                job::lease_until.eq(Some(past)),
                job::attempts.eq(1),
                job::progress_done.eq(30_i64),
                job::progress_total.eq(70_i64),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    taken.await.expect("taken");
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has("30 / 70");
    app.settle().await;
    assert_eq!(story::items(&compiler, lead).await.len(), 2);
    once_more(&app).await;
    assert_eq!((story::items(&compiler, lead).await.len(), mails(&app).await.len()), (2, 1));
}

#[tokio::test]
async fn whoever_may_not_any_more_gets_nothing_and_is_told_why() {
    for way in ["given", "role", "closed"] {
        let app = TestApp::new().await;
        let (compiler, lead, item) = waiting(&app).await;
        let stored = app.stored_objects().await;
        let person = app.seed.people["compiler"];
        if way == "closed" {
            app.disable("compiler").await;
        } else if way == "role" {
            let taken = app.services.db.write_quiet(move |tx| {
                let of = person_role::table.filter(person_role::person_id.eq(person));
                diesel::update(of).set(person_role::role.eq("auditor")).execute(tx.conn())?;
                Ok(())
            });
            taken.await.expect("taken");
        } else {
            // The lead is somebody else's now.
            let other = app.seed.people["compiler2"];
            let given = app.services.db.write_quiet(move |tx| {
                let of = lead::table.find(lead);
                diesel::update(of)
                    .set((lead::owner_id.eq(other), lead::assignee_id.eq(Some(other))))
                    .execute(tx.conn())?;
                Ok(())
            });
            given.await.expect("given");
        }
        app.settle().await;
        assert_eq!(app.stored_objects().await, stored, "nothing stays of it");
        let fault = app.services.db.read(|conn| {
            let end = redaction_request_end::table.select(redaction_request_end::fault);
            Ok(end.load::<Option<String>>(conn)?)
        });
        assert!(matches!(&fault.await.expect("ends")[..], [Some(_)]));
        let reader = app.sign_in("manager").await;
        reader.get(&format!("/evidence/{item}")).await.expect(200).has("遮蔽件未能制作");
        let entry = app.services.db.read(move |conn| {
            let filter = audit::Filter {
                object: Some(item),
                verb_prefix: Some("evidence.redact".into()),
                ..audit::Filter::default()
            };
            audit::page(conn, &filter, 5)
        });
        let entries = entry.await.expect("entries");
        let told = mails(&app).await;
        if way == "closed" {
            assert!(entries.is_empty() && told.is_empty(), "{told:?}");
        } else {
            assert_eq!((entries.len(), entries[0].actor_id), (1, Some(person)));
            assert!(entries[0].leaf.to_string().contains("refused"), "{}", entries[0].leaf);
            assert!(told.len() == 1 && told[0].0.contains("failed"), "{told:?}");
            compiler.get(&format!("/evidence/{item}")).await.expect(200).has("遮蔽件未能制作");
        }
    }
}

#[tokio::test]
async fn what_was_given_up_is_told_and_can_be_asked_for_anew() {
    let app = TestApp::new().await;
    let (compiler, _, item) = waiting(&app).await;
    let lost = app.services.db.write_quiet(|tx| {
        let past = tx.now().plus_seconds(-1);
        diesel::update(job::table.filter(job::kind.eq("evidence.redact")))
            .set((
                job::state.eq("running"),
                job::lease_until.eq(Some(past)),
                job::attempts.eq(job::max_attempts),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    lost.await.expect("lost");
    let (services, handlers) = (app.services.clone(), app::handlers(&app.services));
    let run = tokio::task::spawn_blocking(move || jobs::run_due(&services.db, "worker", &handlers));
    run.await.expect("run").expect("jobs");
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has("制作多次中断");
    redact(&compiler, item, &asked()).await.expect(303);
    app.settle().await;
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has_not("制作多次中断");
}

#[tokio::test]
async fn pages_are_turned_and_what_was_chosen_on_others_stays() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = upload(&compiler, lead, "长卷.pdf", &paper()).await;
    let form = format!("/evidence/{item}/redact");
    compiler.get(&form).await.expect(200).has("data-page=\"6\"").has_not("data-page=\"7\"");
    let shown = compiler.get(&format!("{form}?page=12")).await.expect(200);
    shown.has("data-page=\"67\"").has("data-page=\"70\"").has("第 67 至 70 页，共 70 页");
    let turn = |more: &[(&'static str, &'static str)]| [&asked()[..], more].concat();
    let before = app.stored_objects().await;
    let on = redact(&compiler, item, &turn(&[("shown", "1"), ("turn", "2")])).await.expect(200);
    on.has("data-page=\"7\"").has("其他页上的区域：1 处").has("value=\"68\"").has("含身份证号码");
    let to =
        redact(&compiler, item, &turn(&[("shown", "2"), ("turn", "go"), ("goto", "68")])).await.expect(200);
    to.has("data-page=\"68\"").has_not("其他页上的区域").has("value=\"68\"");
    // A fault on a page that is not shown is shown all the same.
    let mut wrong = turn(&[("shown", "2")]);
    wrong[4] = ("reason", "");
    redact(&compiler, item, &wrong).await.expect(422).has("f-reason-error").has("data-page=\"7\"");
    let far: Vec<_> = asked().into_iter().map(|(n, v)| (n, if v == "68" { "71" } else { v })).collect();
    redact(&compiler, item, &far).await.expect(422).has("f-regions-0-page-error").has("共 70 页");
    assert_eq!(app.stored_objects().await, before);
    compiler.get(&format!("{form}/pages/70")).await.expect(200);
    compiler.get(&format!("{form}/pages/71")).await.expect(404);
}

/// The kinds of the jobs that are to make a redacted copy.
async fn kinds(app: &TestApp) -> Vec<String> {
    let read = app.services.db.read(|conn| {
        let waiting = job::table.filter(job::state.eq("queued")).select(job::kind).load::<String>(conn)?;
        Ok(waiting.into_iter().filter(|kind| kind.starts_with("evidence.redact")).collect())
    });
    read.await.expect("kinds")
}

/// A rectangle on pages that are written so.
fn on(pages: &str) -> Vec<(&str, &str)> {
    let mut fields = region(["10", "38", "80", "20"]);
    fields.push(("regions[0].page", pages));
    fields
}

#[tokio::test]
async fn one_line_of_the_form_covers_all_pages_of_a_long_paper() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = upload(&compiler, lead, "长卷.pdf", &paper()).await;
    let stored = app.stored_objects().await;
    for (pages, told) in [("1-71", "没有第 1-71 页"), ("1,x", "“x”不是页码"), ("８－５", "范围“8-5”前大后小")]
    {
        let refused = redact(&compiler, item, &on(pages)).await.expect(422);
        refused.has("f-regions-0-page-error").has(told).has("共 70 页");
    }
    compiler.post("/language?to=en", &[]).await.expect(303);
    for (pages, told) in [
        ("1-71", "There is no page 1-71; the file has 70 pages."),
        ("1,x", "“x” is no page"),
        ("８－５", "The range “8-5” ends before it begins"),
    ] {
        redact(&compiler, item, &on(pages)).await.expect(422).has(told).has("70 pages");
    }
    compiler.post("/language?to=zh-CN", &[]).await.expect(303);
    assert_eq!(app.stored_objects().await, stored);

    // The second line names pages by a list, in full width.
    let (mut names, mut fields) = (Vec::new(), on("1-70"));
    for (name, value) in
        [("left", "0"), ("top", "0"), ("width", "5"), ("height", "5"), ("page", "１，３、５－８")]
    {
        names.push((format!("regions[1].{name}"), value));
    }
    fields.extend(names.iter().map(|(name, value)| (name.as_str(), *value)));
    redact(&compiler, item, &fields).await.expect(303);
    assert_eq!(app.last_entry().await.leaf["facts"]["removed"], 76);
    assert_eq!(kinds(&app).await, ["evidence.redact-pages"], "no program of before draws it");
    app.settle().await;
    let mut items = story::items(&compiler, lead).await;
    items.retain(|id| *id != item);
    let [new] = items[..] else { panic!("{items:?}") };
    let scan = Scan::open(content(&compiler, new).await).expect("a PDF");
    let dark = |page: usize| {
        let picture = scan.draw(page, 72.0).expect("a page").picture;
        let is_dark = |x, y| picture.get_pixel(x, y).0.iter().all(|part| *part < 150);
        (is_dark(150, 95), is_dark(5, 4))
    };
    assert_eq!([0, 1, 2, 4, 7, 8, 69].map(|page| dark(page).0), [true; 7]);
    assert_eq!([0, 1, 2, 3, 4, 7, 8].map(|page| dark(page).1), [true, false, true, false, true, true, false]);
    assert_eq!(scan.pages(), PAGES);
}
