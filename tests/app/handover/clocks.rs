//! When time limits begin and end, and how they are spoken of.

use chrono::NaiveDate;
use diesel::prelude::*;
use lead_handoff::{
    handover::transfer::{
        self,
        store::{self, StepRow},
    },
    platform::{
        db::{
            Id, Instant,
            schema::{deadline, mail_message, transfer as transfer_table},
        },
        i18n::Lang,
        time::{self, DEFAULT_ZONE},
    },
};

use super::{Story, send};
use crate::support::{
    TestApp, fixtures,
    ledger::{Sent, noon},
    seed::{GUANGZHOU, HANGZHOU},
};

/// A running time limit of a transfer.
async fn running(app: &TestApp, transfer: Id, code: &'static str, start: Instant, due: Instant) -> Id {
    let id = Id::new();
    let written = app.services.db.write_quiet(move |tx| {
        diesel::insert_into(deadline::table)
            .values((
                deadline::id.eq(id),
                deadline::transfer_id.eq(transfer),
                deadline::clock_code.eq(code),
                deadline::side.eq("agency"),
                deadline::started_at.eq(start),
                deadline::due_at.eq(due),
                deadline::provisional.eq(false),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("a time limit");
    id
}

/// How the time limits of a transfer ended, by clock: `None` of one that runs.
async fn endings(app: &TestApp, transfer: Id) -> Vec<(String, Option<&'static str>)> {
    let read = app.services.db.read(move |conn| {
        Ok(deadline::table
            .filter(deadline::transfer_id.eq(transfer))
            .order((deadline::started_at, deadline::clock_code))
            .select((deadline::clock_code, deadline::stopped_at, deadline::moot))
            .load::<(String, Option<Instant>, bool)>(conn)?)
    });
    let how = |moot| if moot { "moot" } else { "met" };
    let rows = read.await.expect("time limits").into_iter();
    rows.map(|(code, stopped, moot)| (code, stopped.map(|_| how(moot)))).collect()
}

async fn stopped(app: &TestApp, id: Id) -> Option<Instant> {
    let read = app.services.db.read(move |conn| {
        Ok(deadline::table.find(id).select(deadline::stopped_at).first::<Option<Instant>>(conn)?)
    });
    read.await.expect("a time limit")
}

fn end_of(day: &str) -> Instant {
    time::end_of_day(day.parse::<NaiveDate>().expect("a day"), DEFAULT_ZONE)
}

/// Sent, acknowledged and accepted in May 2016.
async fn steps(app: &TestApp, transfer: Id) {
    let taken = [("sent", "2016-05-04"), ("received", "2016-05-05"), ("accepted", "2016-05-10")];
    taken_at(app, transfer, taken.map(|(kind, day)| (kind, noon(day))).to_vec()).await;
}

/// Steps of a transfer, each with its time.
pub(super) async fn taken_at(app: &TestApp, transfer: Id, taken: Vec<(&'static str, Instant)>) {
    let written = app.services.db.write_quiet(move |tx| {
        for (kind, at) in taken {
            let row = StepRow {
                id: Id::new(),
                kind: kind.into(),
                actor_id: None,
                side: "agency".into(),
                at,
                on_day: None,
                reason_code: None,
                target_agency_id: None,
                delivery_id: None,
                remark_id: None,
                by_paper: false,
                paper_id: None,
            };
            store::insert_step(tx.conn(), transfer, &row)?;
        }
        Ok(())
    });
    written.await.expect("steps");
}

#[tokio::test]
async fn of_two_runs_at_once_each_time_limit_is_spoken_of_by_one() {
    let app = TestApp::new().await;
    let (started, due) = (app.now().plus_seconds(-20 * 86_400), app.now().plus_seconds(-15 * 86_400));
    for _ in 0..40 {
        let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04"), None);
        running(&app, made.transfer, "AGREED-ACK", started, due).await;
    }
    // The first has lost its lease and goes on beside the second.
    let zone = app.services.settings.time_zone;
    let run = || {
        let db = app.services.db.clone();
        tokio::task::spawn_blocking(move || transfer::remind(&db, zone).expect("reminded"))
    };
    let (one, other) = (run(), run());
    assert_eq!(one.await.expect("ran") + other.await.expect("ran"), 40);
    let told = app.services.db.read(|conn| {
        let passed = mail_message::table.filter(mail_message::template.eq("deadline-passed"));
        Ok(passed.count().get_result::<i64>(conn)?)
    });
    assert_eq!(told.await.expect("mails"), 40);
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_turn_the_steps_round() {
    let app = TestApp::new().await;
    let how = Sent { received: Some("2016-05-05"), ..Sent::to(GUANGZHOU, "2016-05-04") };
    let made = app.handed(&how, None);
    // It was received by a clock that was a day ahead and has been set right since.
    let ahead = app.now().plus_seconds(86_400);
    let (sent, received) = (ahead, ahead.plus_seconds(60));
    taken_at(&app, made.transfer, vec![("sent", sent), ("received", received)]).await;
    let stored = app.services.db.write_quiet(move |tx| {
        diesel::update(transfer_table::table.find(made.transfer))
            .set((transfer_table::sent_at.eq(sent), transfer_table::received_at.eq(Some(received))))
            .execute(tx.conn())?;
        Ok(())
    });
    stored.await.expect("stored");
    let liaison = app.sign_in("liaison").await;
    let at = format!("/transfers/{}", made.transfer);
    const ASKED: &[(&str, &str)] = &[("code", "RQ-TRADE")];
    let verbs = [("accept", &ASKED[..0], "accepted"), ("supplement", ASKED, "supplement_requested")];
    for (verb, fields, state) in verbs {
        let before = app.audit_count().await;
        liaison.post(&format!("{at}/{verb}"), fields).await.expect(303);
        assert_eq!(app.audit_count().await, before + 1);
        liaison.get(&at).await.expect(200);
        let read = app.services.db.read(move |conn| {
            let row = transfer_table::table.find(made.transfer).select(transfer_table::state);
            Ok((row.first::<String>(conn)?, transfer::check(conn, Lang::En)?))
        });
        assert_eq!(read.await.expect("a transfer"), (state.to_owned(), Vec::<String>::new()));
    }
}

#[tokio::test]
async fn a_time_limit_is_met_by_the_day_of_the_act_and_not_by_that_of_its_recording() {
    let app = TestApp::new().await;
    let how = Sent {
        received: Some("2016-05-05"),
        accepted: Some("2016-05-10"),
        ..Sent::to(GUANGZHOU, "2016-05-04")
    };
    let made = app.handed(&how, None);
    let review = running(&app, made.transfer, "MPS2015-7", noon("2016-05-10"), end_of("2016-05-17")).await;
    steps(&app, made.transfer).await;
    let liaison = app.sign_in("liaison").await;
    let filing = [("number", "1号"), ("filed_on", "2016-05-12"), ("title", "假货案")];
    liaison.post(&format!("/transfers/{}/file", made.transfer), &filing).await.expect(303);
    assert_eq!(stopped(&app, review).await, Some(end_of("2016-05-12")));

    let filed = app.handed(&Sent::to(HANGZHOU, "2022-05-04").filed("2022-06-01"), None);
    let decide = running(&app, filed.transfer, "APL-DECIDE", noon("2022-06-01"), end_of("2022-08-30")).await;
    let case = filed.case.expect("a case");
    let step = [("kind", "penalised"), ("on", "2022-07-15")];
    app.sign_in("liaison2").await.post(&format!("/cases/{case}/steps"), &step).await.expect(303);
    assert_eq!(stopped(&app, decide).await, Some(end_of("2022-07-15")));
}

#[tokio::test]
async fn a_limit_that_another_step_ended_is_not_said_to_be_met() {
    let met = |code: &str| (code.to_owned(), Some("met"));
    let moot = |code: &str| (code.to_owned(), Some("moot"));
    // Taken back before it was acknowledged: nothing was acknowledged.
    let s = Story::sent().await;
    s.compiler.post(&s.at("withdraw"), &[("text", "重复移送")]).await.expect(303);
    assert_eq!(endings(&s.app, s.transfer).await, [moot("AGREED-ACK")]);
    let page = format!("/transfers/{}", s.transfer);
    for reader in [&s.liaison, &s.compiler] {
        reader.get(&page).await.expect(200).has("不再计算").has_not("按期完成");
    }
    s.compiler.get("/transfers?overdue=yes").await.expect(200).has_not(&page);
    assert_eq!(remind(&s.app).await, Ok(0));
    // Forwarded before it was decided on.
    let s = Story::received().await;
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    s.act("forward", &[("target", &target), ("code", "FW-AREA")]).await.expect(303);
    assert_eq!(endings(&s.app, s.transfer).await, [met("AGREED-ACK"), moot("AGREED-ACCEPT")]);
    s.liaison.get(&format!("/transfers/{}", s.transfer)).await.expect(200).has("不再计算").has("按期完成");
    // A supplement was asked for, and answered: the time for deciding begins anew.
    let s = Story::received().await;
    s.act("supplement", &[("code", "RQ-TRADE"), ("text", "请补充")]).await.expect(303);
    let asked = [met("AGREED-ACK"), moot("AGREED-ACCEPT"), ("AGREED-SUPPLEMENT".to_owned(), None)];
    assert_eq!(endings(&s.app, s.transfer).await, asked);
    // The agency accepts and files without waiting for it: the platform need not answer any more.
    s.act("accept", &[]).await.expect(303);
    s.act("file", &[("number", "1号"), ("filed_on", &crate::support::today())]).await.expect(303);
    assert!(endings(&s.app, s.transfer).await.contains(&moot("AGREED-SUPPLEMENT")));
    // A decision not to file meets the time for deciding on it, and a return does not.
    let s = Story::accepted().await;
    s.act("not-file", &[("code", "NF-KNOWLEDGE")]).await.expect(303);
    assert_eq!(endings(&s.app, s.transfer).await.last(), Some(&met("JJ-15")));
    let s = Story::accepted().await;
    s.act("return", &[("code", "RT-IDENTITY")]).await.expect(303);
    assert_eq!(endings(&s.app, s.transfer).await.last(), Some(&moot("JJ-15")));
    // What had run out before it lost its object did run out.
    let id = s.transfer;
    let late = s.app.services.db.write_quiet(move |tx| {
        let before = tx.now().plus_seconds(-86_400);
        diesel::update(deadline::table.filter(deadline::transfer_id.eq(id)))
            .filter(deadline::clock_code.eq("JJ-15"))
            .set((deadline::due_at.eq(before), deadline::started_at.eq(before.plus_seconds(-7 * 86_400))))
            .execute(tx.conn())?;
        Ok(())
    });
    late.await.expect("moved");
    s.liaison.get(&format!("/transfers/{id}")).await.expect(200).has("逾期后不再计算");
}

#[tokio::test]
async fn taking_it_on_does_not_acknowledge_the_version_that_came_since() {
    let s = Story::received().await;
    let second = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    send(&s.compiler, second, "portal").await.expect(303);
    s.act("accept", &[]).await.expect(303);
    let running = |rows: Vec<(String, Option<&'static str>)>| {
        rows.into_iter().any(|(code, how)| code == "AGREED-ACK" && how.is_none())
    };
    assert!(running(endings(&s.app, s.transfer).await));
    s.act("acknowledge", &[]).await.expect(303);
    assert!(!running(endings(&s.app, s.transfer).await));
}

#[tokio::test]
async fn the_time_for_accepting_runs_again_in_a_second_round() {
    let s = Story::accepted().await;
    s.act("return", &[("code", "RT-IDENTITY")]).await.expect(303);
    let second = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    send(&s.compiler, second, "portal").await.expect(303);
    s.act("acknowledge", &[]).await.expect(303);
    let id = s.transfer;
    let read = s.app.services.db.read(move |conn| {
        Ok(deadline::table
            .filter(deadline::transfer_id.eq(id))
            .filter(deadline::stopped_at.is_null())
            .select(deadline::clock_code)
            .load::<String>(conn)?)
    });
    assert_eq!(read.await.expect("time limits"), ["AGREED-ACCEPT"]);
    s.app.sign_in("manager").await.get("/transfers?sort=due").await.expect(200).has("YS-");
}

async fn remind(app: &TestApp) -> Result<usize, String> {
    let db = app.services.db.clone();
    let said = tokio::task::spawn_blocking(move || transfer::remind(&db, DEFAULT_ZONE));
    said.await.expect("ended").map_err(|e| e.to_string())
}

#[tokio::test]
async fn time_limits_that_nobody_was_told_of_do_not_keep_the_next_ones_from_it() {
    let s = Story::sent().await;
    let now = s.app.now();
    let id = s.transfer;
    let cleared = s.app.services.db.write_quiet(move |tx| {
        diesel::update(deadline::table).set(deadline::stopped_at.eq(Some(now))).execute(tx.conn())?;
        // Long over, spoken of afterwards, never before.
        for n in 0..600 {
            diesel::insert_into(deadline::table)
                .values((
                    deadline::id.eq(Id::new()),
                    deadline::transfer_id.eq(id),
                    deadline::clock_code.eq("AGREED-ACCEPT"),
                    deadline::side.eq("agency"),
                    deadline::started_at.eq(now.plus_seconds(-40 * 86_400)),
                    deadline::due_at.eq(now.plus_seconds(-20 * 86_400 - n)),
                    deadline::provisional.eq(false),
                    deadline::reminded_after_at.eq(Some(now)),
                ))
                .execute(tx.conn())?;
        }
        Ok(())
    });
    cleared.await.expect("written");
    let (start, due) = (now.plus_seconds(-5 * 86_400), now.plus_seconds(3_600));
    running(&s.app, s.transfer, "AGREED-ACCEPT", start, due).await;
    assert_eq!(remind(&s.app).await, Ok(1));
    assert_eq!(remind(&s.app).await, Ok(0));
}

#[tokio::test]
async fn one_that_cannot_be_spoken_of_keeps_no_other_from_it() {
    let s = Story::sent().await;
    let (now, id) = (s.app.now(), s.transfer);
    let (start, due) = (now.plus_seconds(-5 * 86_400), now.plus_seconds(3_600));
    let broken = s.app.services.db.write_quiet(move |tx| {
        diesel::update(deadline::table)
            .set((deadline::stopped_at.eq(Some(now)), deadline::started_at.eq(start)))
            .execute(tx.conn())?;
        Ok(())
    });
    broken.await.expect("written");
    running(&s.app, id, "AGREED-ACCEPT", start, due).await;
    // One that comes first can't be noted as spoken of.
    running(&s.app, id, "STUCK", start, now.plus_seconds(1_800)).await;
    let stuck: &[&str] = if s.app.services_database_url().is_some() {
        &[
            "CREATE FUNCTION stuck() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'stuck'; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER stuck BEFORE UPDATE ON deadline FOR EACH ROW \
             WHEN (OLD.clock_code = 'STUCK') EXECUTE FUNCTION stuck()",
        ]
    } else {
        &["CREATE TRIGGER stuck BEFORE UPDATE ON deadline WHEN OLD.clock_code = 'STUCK' \
           BEGIN SELECT RAISE(ABORT, 'stuck'); END"]
    };
    let made = s.app.services.db.write_quiet(move |tx| {
        for statement in stuck {
            diesel::sql_query(*statement).execute(tx.conn())?;
        }
        Ok(())
    });
    made.await.expect("a trigger");
    assert!(remind(&s.app).await.is_err());
    let told = s.app.services.db.read(|conn| {
        let soon = mail_message::table.filter(mail_message::template.eq("deadline-soon"));
        Ok(soon.select(mail_message::to_address).load::<String>(conn)?)
    });
    assert_eq!(told.await.expect("mails"), ["liaison@example.com"]);
    // The fault stays to be seen, and nobody is told twice.
    assert!(remind(&s.app).await.is_err());
}

#[tokio::test]
async fn a_transfer_says_what_else_the_rules_say_and_where_none_is_on_file() {
    let s = Story::accepted().await;
    let page = format!("/transfers/{}", s.transfer);
    let compiler = s.app.sign_in("compiler").await;
    // The three days of the general rule stand beside the limit that runs, for information.
    for reader in [&s.liaison, &compiler] {
        reader
            .get(&page)
            .await
            .expect(200)
            .has("其他期限规定")
            .has("仅供参考")
            .has_not("没有已收录的期限规则");
    }
    // One that was accepted before any rule that is on file.
    let how = Sent {
        received: Some("2015-05-21"),
        accepted: Some("2015-06-01"),
        ..Sent::to(GUANGZHOU, "2015-05-20")
    };
    let earlier = s.app.handed(&how, None).transfer;
    let taken = [("sent", "2015-05-20"), ("received", "2015-05-21"), ("accepted", "2015-06-01")];
    taken_at(&s.app, earlier, taken.map(|(kind, day)| (kind, noon(day))).to_vec()).await;
    let page = format!("/transfers/{earlier}");
    compiler.get(&page).await.expect(200).has("该日期没有已收录的期限规则");
    compiler.post("/language?to=en&back=/", &[]).await.expect(303);
    compiler.get(&page).await.expect(200).has("No rule is on file for this date");
}

#[tokio::test]
async fn what_an_agency_owes_an_accuser_runs_once_it_decides_not_to_file() {
    let s = Story::accepted().await;
    let (page, id) = (format!("/transfers/{}", s.transfer), s.transfer);
    // As if the platform had sent it together with the rights holder.
    let joint = s.app.services.db.write_quiet(move |tx| {
        diesel::update(transfer_table::table.find(id))
            .set(transfer_table::sender_role.eq("accuser_joint"))
            .execute(tx.conn())?;
        Ok(())
    });
    joint.await.expect("the role");
    s.compiler.get(&page).await.expect(200).has_not("不予立案通知书送达");
    s.act("not-file", &[("code", "NF-NOFACT"), ("text", "没有犯罪事实")]).await.expect(303);
    for reader in [&s.compiler, &s.liaison] {
        reader.get(&page).await.expect(200).has("不予立案通知书送达").has("第178条第2款");
    }
    // The decision met the time for deciding; what runs is the time for serving its notice.
    let running: Vec<_> = endings(&s.app, id).await.into_iter().filter(|(_, how)| how.is_none()).collect();
    assert_eq!(running, [("PSB-NOFILE-SERVE".to_owned(), None)]);
}
