//! Time limits: reminders, extensions, the hours for forwarding.

use diesel::prelude::*;
use lead_handoff::{
    directory::reference::working_calendar,
    handover::transfer,
    platform::{
        db::{
            Id, Instant,
            schema::{deadline, mail_message, remark},
        },
        time,
    },
};

use super::{SCAN, Story, remedy::not_filed, send, with_scan};
use crate::support::{
    Browser, TestApp, fixtures, in_words,
    seed::{GUANGZHOU, HANGZHOU},
};

#[tokio::test]
async fn a_deadline_is_spoken_of_once_before_and_once_after() {
    let s = Story::sent().await;
    let id = s.transfer;
    let zone = s.app.services.settings.time_zone;
    let shift = |seconds: i64| {
        let db = s.app.services.db.clone();
        async move {
            let moved = db.write_quiet(move |tx| {
                let due = tx.now().plus_seconds(seconds);
                let started = tx.now().plus_seconds(seconds - 5 * 24 * 3600);
                diesel::update(deadline::table.filter(deadline::transfer_id.eq(id)))
                    .set((deadline::due_at.eq(due), deadline::started_at.eq::<Instant>(started)))
                    .execute(tx.conn())?;
                Ok(())
            });
            moved.await.expect("moved");
        }
    };
    let remind = || {
        let db = s.app.services.db.clone();
        async move {
            tokio::task::spawn_blocking(move || transfer::remind(&db, zone))
                .await
                .expect("ran")
                .expect("reminded")
        }
    };
    shift(2 * 3600).await;
    assert_eq!(remind().await, 1);
    assert_eq!(remind().await, 0);
    shift(-15 * 24 * 3600).await;
    assert_eq!(remind().await, 1);
    assert_eq!(remind().await, 0);
    s.compiler.get("/transfers?overdue=yes").await.expect(200);
    s.act("acknowledge", &[]).await.expect(303);
}

/// The addresses on a page at which a deadline can be extended.
fn extend_links(page: &str) -> Vec<String> {
    let quoted = page.split('"').filter(|part| part.starts_with("/transfers/") && part.ends_with("/extend"));
    quoted.map(str::to_owned).collect()
}

async fn ends(s: &Story) -> Vec<(String, Instant, Option<Instant>)> {
    let id = s.transfer;
    let read = s.app.services.db.read(move |conn| {
        Ok(deadline::table
            .filter(deadline::transfer_id.eq(id))
            .filter(deadline::stopped_at.is_null())
            .select((deadline::clock_code, deadline::due_at, deadline::reminded_before_at))
            .load(conn)?)
    });
    read.await.expect("deadlines")
}

fn today(s: &Story) -> String {
    time::day_of(s.app.now(), s.app.services.settings.time_zone).to_string()
}

#[tokio::test]
async fn an_extension_moves_the_end_and_the_reminders_follow_it() {
    let s = Story::accepted().await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today(&s));
    let links = extend_links(&s.liaison.get(&page).await.expect(200).text());
    let [at] = links.as_slice() else { panic!("one time limit can be extended: {links:?}") };
    s.liaison.get(at).await.expect(200).has("重大疑难复杂线索").has("第15条").has_not("另行确定的日期");
    let fields = |ground, day, reason| [("ground", ground), ("approved_on", day), ("reason", reason)];
    s.liaison.post(at, &fields("JJ-15-EXT1", &today, "")).await.expect(422).has("href=\"#f-reason\"");
    s.liaison.post(at, &fields("JJ-15-EXT2", &today, "跨区域")).await.expect(422).has("跨区域");
    s.liaison.post(at, &fields("JJ-15-EXT1", "2999-01-01", "跨区域")).await.expect(422);
    s.liaison.post(at, &fields("JJ-15-EXT1", "2016-01-01", "跨区域")).await.expect(422).has("早于");
    // Almost at its end: reminded of, then extended.
    let id = s.transfer;
    let moved = s.app.services.db.write_quiet(move |tx| {
        let (due, started) = (tx.now().plus_seconds(3_600), tx.now().plus_seconds(-6 * 86_400));
        diesel::update(deadline::table.filter(deadline::transfer_id.eq(id)))
            .filter(deadline::stopped_at.is_null())
            .set((deadline::due_at.eq(due), deadline::started_at.eq(started)))
            .execute(tx.conn())?;
        Ok(())
    });
    moved.await.expect("moved");
    let (db, zone) = (s.app.services.db.clone(), s.app.services.settings.time_zone);
    let remind = move || {
        let db = db.clone();
        async move {
            let said = tokio::task::spawn_blocking(move || transfer::remind(&db, zone));
            said.await.expect("ended").expect("reminded")
        }
    };
    assert_eq!(remind().await, 1);
    let before = ends(&s).await;
    let entries = s.app.audit_count().await;
    s.liaison.post(at, &fields("JJ-15-EXT1", &today, "案情重大")).await.expect(303);
    assert_eq!(s.app.audit_count().await, entries + 1);
    assert_eq!(s.app.last_entry().await.verb, "transfer.extend_deadline");
    let after = ends(&s).await;
    assert_eq!((before.len(), after.len(), &after[0].0), (1, 1, &before[0].0));
    assert!(after[0].1 > before[0].1.plus_seconds(20 * 86_400) && after[0].2.is_none());
    assert_eq!(remind().await, 0);
    s.compiler.get(&page).await.expect(200).has("延长至").has("案情重大").has("第15条");
    // The law knows a second one, and no third.
    s.liaison.get(at).await.expect(200).has("特别重大或跨区域").has_not("重大疑难复杂线索");
    s.liaison.post(at, &fields("JJ-15-EXT2", &today, "跨省")).await.expect(303);
    assert!(ends(&s).await[0].1 > after[0].1.plus_seconds(29 * 86_400));
    s.liaison.get(at).await.expect(409);
    assert!(extend_links(&s.liaison.get(&page).await.text()).is_empty());
    s.act("file", &[("number", "1号"), ("filed_on", &today)]).await.expect(303);
    s.liaison.post(at, &fields("JJ-15-EXT2", &today, "跨省")).await.expect(409).has("已经结束");
    s.check().await;
}

/// The day on which the only running time limit ends.
async fn day_of_due(s: &Story) -> chrono::NaiveDate {
    time::day_of(ends(s).await[0].1, s.app.services.settings.time_zone)
}

#[tokio::test]
async fn an_agreed_time_is_extended_once_to_a_stated_day_with_its_source_by_its_own_length() {
    let s = Story::sent().await;
    let page = format!("/transfers/{}", s.transfer);
    assert!(extend_links(&s.compiler.get(&page).await.text()).is_empty());
    let at = extend_links(&s.liaison.get(&page).await.text()).remove(0);
    let today = today(&s);
    let due = day_of_due(&s).await;
    let until = (due + chrono::Days::new(1)).to_string();
    let too_late = (due + chrono::Days::new(30)).to_string();
    let mut fields = vec![("ground", "stated"), ("approved_on", today.as_str()), ("reason", "人员出差")];
    let refused = s.liaison.post(&at, &fields).await.expect(422);
    refused.has("href=\"#f-until\"").has("href=\"#f-law\"").has("人员出差");
    fields.extend([("law", "双方电话约定"), ("until", today.as_str())]);
    s.liaison.post(&at, &fields).await.expect(422).has("须晚于原期限");
    fields.pop();
    // Three working days were agreed: no more than as many again.
    let latest = working_calendar().add_working_days(due, 3).date.to_string();
    s.liaison.get(&at).await.expect(200).has(&in_words(&latest)).has("只能延长一次");
    fields.push(("until", too_late.as_str()));
    s.liaison
        .post(&at, &fields)
        .await
        .expect(422)
        .has("href=\"#f-until\"")
        .has(&format!("最迟可延长至 {latest}"));
    fields.pop();
    fields.push(("until", until.as_str()));
    s.compiler.post(&at, &fields).await.expect(409).has("自行办理");
    s.app.sign_in("liaison2").await.post(&at, &fields).await.expect(404);
    s.app.sign_in("approver").await.post(&at, &fields).await.expect(404);
    s.liaison.post(&at, &fields).await.expect(303);
    s.compiler.get(&page).await.expect(200).has("双方电话约定").has(&format!("{} 23:59", in_words(&until)));
    s.compiler.get("/transfers").await.expect(200).has(&format!("{until} 23:59"));
    // Once.
    assert!(extend_links(&s.liaison.get(&page).await.text()).is_empty());
    s.liaison.get(&at).await.expect(409).has("已经延长过");
    fields.pop();
    fields.push(("until", latest.as_str()));
    s.liaison.post(&at, &fields).await.expect(409).has("只能延长一次");
    // The source may name somebody: it stands where it can be erased.
    let erased = s.app.services.db.write_quiet(|tx| {
        diesel::delete(remark::table.filter(remark::about_kind.eq("deadline_extension")))
            .execute(tx.conn())?;
        Ok(())
    });
    erased.await.expect("erased");
    s.compiler
        .get(&page)
        .await
        .expect(200)
        .has(&format!("{} 23:59", in_words(&until)))
        .has_not("双方电话约定");
}

#[tokio::test]
async fn what_is_not_theirs_is_to_be_forwarded_within_the_hours_of_the_law() {
    let s = Story::received().await;
    let page = format!("/transfers/{}", s.transfer);
    s.liaison.get(&page).await.expect(200).has("/not-ours");
    s.liaison.get(&s.at("not-ours")).await.expect(200).has("name=\"found_at\"");
    s.act("not-ours", &[("found_at", "2016-01-01T08:00")]).await.expect(422).has("早于签收时间");
    s.act("not-ours", &[("text", "收货地在外省")]).await.expect(303);
    assert_eq!(s.app.last_entry().await.verb, "transfer.not_ours");
    s.liaison.get(&s.at("not-ours")).await.expect(409).has("已在计时");
    s.act("not-ours", &[]).await.expect(409);
    let running = ends(&s).await;
    let (_, due, _) = running.iter().find(|row| row.0 == "PSB-FORWARD").expect("the clock runs");
    assert!(*due <= s.app.now().plus_seconds(86_400) && *due > s.app.now().plus_seconds(86_000));
    s.compiler.get(&page).await.expect(200).has("移送有管辖权机关");
    s.liaison.get(&s.at("forward")).await.expect(200).has_not("found_at");
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    s.act("forward", &[("target", &target), ("code", "FW-AREA")]).await.expect(303);
    assert!(ends(&s).await.is_empty());
    // Market regulation has no such rule on file.
    let other = s.app.sign_in("liaison2").await;
    let inbox = other.get("/transfers").await.text();
    let id: Id =
        inbox.split("href=\"/transfers/").find_map(|rest| rest.get(..36)?.parse().ok()).expect("a link");
    other.post(&format!("/transfers/{id}/acknowledge"), &[]).await.expect(303);
    other.get(&format!("/transfers/{id}")).await.expect(200).has_not("/not-ours");
    let form = format!("/transfers/{id}/not-ours");
    other.get(&form).await.expect(409).has("没有适用于本单位的转送期限规则");
    other.post(&form, &[]).await.expect(409);
}

#[tokio::test]
async fn of_a_paper_a_second_person_records_the_extension() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    app.disable("liaison").await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let transfer = send(&compiler, dossier, "paper").await.expect(303).id();
    let page = format!("/transfers/{transfer}");
    assert!(extend_links(&compiler.get(&page).await.text()).is_empty());
    let found = extend_links(&manager.get(&page).await.text());
    let day = time::day_of(app.now(), app.services.settings.time_zone);
    // An approval can't bear a day that is still to come.
    let fields = |approved: &str, until: &str| {
        let pairs = [
            ("ground", "stated"),
            ("approved_on", approved),
            ("until", until),
            ("law", "复函第 3 号"),
            ("reason", "等待鉴定"),
        ];
        pairs.map(|(name, value)| (name, value.to_owned()))
    };
    let post = async |who: &Browser, fields: [(&'static str, String); 5]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        with_scan(who, &found[0], &fields, SCAN).await
    };
    // Three working days were agreed, and nobody works seven days on end.
    let later = (working_calendar().add_working_days(day, 3).date + chrono::Days::new(1)).to_string();
    post(&compiler, fields(&crate::support::today(), &later)).await.expect(409).has("另一位同事");
    let tomorrow = (day + chrono::Days::new(1)).to_string();
    post(&manager, fields(&tomorrow, &later)).await.expect(422).has("href=\"#f-approved-on\"");
    post(&manager, fields(&crate::support::today(), &later)).await.expect(303);
    manager
        .get(&page)
        .await
        .expect(200)
        .has("复函第 3 号")
        .has(&format!("依据 {} 的纸质文书登记", in_words(&crate::support::today())));
}

/// Of an accuser, whose transfer has ended by the decision not to file, nothing is asked while the police take longer.
#[tokio::test]
async fn a_longer_time_for_the_decision_on_a_reconsideration_asks_nothing_of_the_accuser() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today(&s));
    let on = [("on", today.as_str())];
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(303);
    let links = extend_links(&s.liaison.get(&page).await.expect(200).text());
    let [at] = links.as_slice() else { panic!("one time limit can be extended: {links:?}") };
    let due = day_of_due(&s).await;
    let [latest, beyond] = [30, 31].map(|n| (due + chrono::Days::new(n)).to_string());
    let fields = |until| {
        [
            ("ground", "stated"),
            ("approved_on", today.as_str()),
            ("until", until),
            ("law", "第179条第3款，书面通知"),
            ("reason", "案情复杂"),
        ]
    };
    s.liaison.post(at, &fields(&beyond)).await.expect(422).has(&format!("最迟可延长至 {latest}"));
    s.liaison.post(at, &fields(&latest)).await.expect(303);
    assert_eq!(s.app.last_entry().await.verb, "transfer.extend_deadline");
    let running = ends(&s).await;
    assert_eq!((running.len(), running[0].0.as_str()), (1, "PSB-RECON-DECIDE"));
    assert_eq!(day_of_due(&s).await.to_string(), latest);
    let told = s.app.services.db.read(|conn| {
        let moved = mail_message::table.filter(mail_message::template.eq("transfer-moved"));
        Ok(moved.order(mail_message::id.desc()).select(mail_message::params).first::<String>(conn)?)
    });
    let told = told.await.expect("a mail");
    assert!(told.contains("作出复议决定的期限已延长") && !told.contains("另行移送"), "{told}");
}
