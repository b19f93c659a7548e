//! Forwarding: the other agency gets what the platform has released to it, and nothing else.

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id, Instant,
    schema::{access, agency, dossier, evidence, lead, mail_message, transfer},
};

use super::{SCAN, Story, scan, send};
use crate::support::{
    Browser, TestApp, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    story, today,
};

/// Two versions of one lead, sealed; of `kept` notes the second is kept from Hangzhou.
pub(super) async fn composed(app: &TestApp, more: bool) -> (Id, Vec<Id>) {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let open = story::note(&compiler, lead, "商品页面.txt", "标价 199 元").await;
    let secret = story::note(&compiler, lead, "举报材料.txt", "举报人自述").await;
    let (gz, hz) = (app.seed.agencies[GUANGZHOU], app.seed.agencies[HANGZHOU]);
    let hold = format!("withhold-{hz}");
    let fields: &[(&str, &str)] = if more { &[(hold.as_str(), "2")] } else { &[] };
    story::compose(&compiler, lead, 1, &[gz, hz], &[open, secret], fields).await.expect(303);
    seal(app, &compiler, lead).await;
    (lead, story::dossiers(app, lead).await.into_iter().map(|one| one.id).collect())
}

pub(super) async fn seal(app: &TestApp, compiler: &Browser, lead: Id) {
    app.settle().await;
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let approver = app.sign_in("approver").await;
    let fields = story::decision(app, &approver, review).await;
    story::approve(&approver, review, &fields).await.expect(303);
    app.settle().await;
}

/// The transfer of the lead to an agency.
pub(super) async fn to(app: &TestApp, lead: Id, code: &str) -> Option<(Id, String)> {
    let agency = app.seed.agencies[code];
    let read = app.services.db.read(move |conn| {
        Ok(transfer::table
            .filter(transfer::lead_id.eq(lead))
            .filter(transfer::agency_id.eq(agency))
            .select((transfer::id, transfer::state))
            .first(conn)
            .optional()?)
    });
    read.await.expect("read")
}

/// Which of these dossiers an agency may read.
pub(super) async fn seen(app: &TestApp, dossiers: &[Id], code: &str) -> Vec<Id> {
    let (agency, ids) = (app.seed.agencies[code], dossiers.to_vec());
    let read = app.services.db.read(move |conn| {
        Ok(access::table
            .filter(access::agency_id.eq(agency))
            .filter(access::object_id.eq_any(ids))
            .select(access::object_id)
            .load(conn)?)
    });
    read.await.expect("read")
}

/// Which of these dossiers is an agency's.
async fn of_agency(app: &TestApp, dossiers: &[Id], code: &str) -> Id {
    let (agency, ids) = (app.seed.agencies[code], dossiers.to_vec());
    let read = app.services.db.read(move |conn| {
        let own = dossier::table.filter(dossier::id.eq_any(ids)).filter(dossier::agency_id.eq(agency));
        Ok(own.select(dossier::id).first(conn)?)
    });
    read.await.expect("a dossier")
}

pub(super) async fn forward(app: &TestApp, who: &str, transfer: Id, target: &str) -> crate::support::Reply {
    let target = app.seed.agencies[target].to_string();
    let fields = [("target", target.as_str()), ("code", "FW-AREA")];
    app.sign_in(who).await.post(&format!("/transfers/{transfer}/forward"), &fields).await
}

pub(super) async fn received(app: &TestApp, dossier: Id, liaison: &str) -> Id {
    let compiler = app.sign_in("compiler").await;
    let id = send(&compiler, dossier, "portal").await.expect(303).id();
    app.sign_in(liaison).await.post(&format!("/transfers/{id}/acknowledge"), &[]).await.expect(303);
    id
}

#[tokio::test]
async fn what_was_kept_from_an_agency_does_not_reach_it_by_another() {
    let app = TestApp::new().await;
    let (lead, dossiers) = composed(&app, true).await;
    let of_gz = of_agency(&app, &dossiers, GUANGZHOU).await;
    let id = received(&app, of_gz, "liaison").await;
    forward(&app, "liaison", id, HANGZHOU).await.expect(303);
    let own: Vec<Id> = dossiers.iter().copied().filter(|one| *one != of_gz).collect();
    assert_eq!(seen(&app, &dossiers, HANGZHOU).await, own);
    let (arrived, state) = to(&app, lead, HANGZHOU).await.expect("a transfer");
    assert_eq!(state, "sent");
    let other = app.sign_in("liaison2").await;
    other.get(&format!("/transfers/{arrived}")).await.expect(200).has_not("举报材料");
}

#[tokio::test]
async fn a_mark_set_since_and_a_lead_taken_back_do_not_travel_on() {
    for withdrawn in [false, true] {
        let app = TestApp::new().await;
        let (lead, _) = composed(&app, false).await;
        let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
        let id = received(&app, dossier, "liaison").await;
        let ids = app.services.db.write_quiet(move |tx| {
            if withdrawn {
                diesel::update(lead::table.filter(lead::id.eq(lead)))
                    .set(lead::state.eq("withdrawn"))
                    .execute(tx.conn())?;
            } else {
                use lead_handoff::platform::db::schema::{composition_item, dossier as d};
                let item: Id = evidence::table
                    .filter(evidence::lead_id.eq(lead))
                    .select(evidence::id)
                    .first(tx.conn())?;
                let version: Id =
                    d::table.filter(d::id.eq(dossier)).select(d::composition_id).first(tx.conn())?;
                diesel::insert_into(composition_item::table)
                    .values((
                        composition_item::composition_id.eq(version),
                        composition_item::evidence_id.eq(item),
                        composition_item::number.eq(1),
                    ))
                    .execute(tx.conn())?;
                diesel::update(evidence::table.filter(evidence::id.eq(item)))
                    .set(evidence::withheld.eq(true))
                    .execute(tx.conn())?;
            }
            Ok(())
        });
        ids.await.expect("changed");
        forward(&app, "liaison", id, HANGZHOU).await.expect(303);
        assert_eq!(to(&app, lead, HANGZHOU).await, None, "withdrawn: {withdrawn}");
        assert!(seen(&app, &[dossier], HANGZHOU).await.is_empty());
    }
}

#[tokio::test]
async fn an_agency_whose_own_has_ended_has_it_again() {
    for ending in ["return", "refuse"] {
        let s = Story::received().await;
        let dossier = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
        let there = received(&s.app, dossier, "liaison2").await;
        let path = format!("/transfers/{there}/{ending}");
        let fields: &[(&str, &str)] = match ending {
            "return" => &[("code", "RT-IDENTITY")],
            _ => &[("code", "RF-OTHER"), ("text", "不归我们管")],
        };
        let other = s.app.sign_in("liaison2").await;
        other.post(&path, fields).await.expect(303);
        forward(&s.app, "liaison", s.transfer, HANGZHOU).await.expect(303);
        assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "sent".into())), "{ending}");
        assert_eq!(seen(&s.app, &[dossier], HANGZHOU).await, [dossier]);
        other.post(&format!("/transfers/{there}/acknowledge"), &[]).await.expect(303);
        s.check().await;
    }
}

/// What was returned is sent again by a forward: it is acknowledged again, by a receipt of its own, whatever way it goes
/// now and whatever is on file of the first time.
#[tokio::test]
async fn what_is_forwarded_back_to_its_agency_is_acknowledged_by_a_receipt_of_its_own() {
    for first in ["portal", "paper"] {
        let s = Story::received().await;
        let dossier = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
        let manager = s.app.sign_in("manager").await;
        let there = send(&s.compiler, dossier, first).await.expect(303).id();
        let page = format!("/transfers/{there}");
        let (acknowledge, day) = (format!("{page}/acknowledge"), today());
        let uploads = async || {
            let text = manager.get(&page).await.expect(200).text();
            let links = text.split('"').filter(|link| link.contains("/receipt/") && link.ends_with("/new"));
            links.map(str::to_owned).collect::<Vec<_>>()
        };
        let other = s.app.sign_in("liaison2").await;
        if first == "paper" {
            scan(&s.compiler, &uploads().await[0], SCAN).await.expect(303);
            manager.post(&acknowledge, &[("on_day", &day)]).await.expect(303);
        } else {
            other.post(&acknowledge, &[]).await.expect(303);
        }
        other.post(&format!("{page}/return"), &[("code", "RT-IDENTITY")]).await.expect(303);
        forward(&s.app, "liaison", s.transfer, HANGZHOU).await.expect(303);
        assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "sent".into())), "{first}");
        s.app.disable("liaison2").await;
        // The agency can't sign in any more: the receipt comes on paper, and the old one is none.
        manager.get(&acknowledge).await.expect(200).has("请先上传纸质回执的扫描件");
        manager.post(&acknowledge, &[("on_day", &day)]).await.expect(409).has("请先上传纸质回执的扫描件");
        let wanted = uploads().await;
        assert_eq!(wanted.len(), 1, "{first}: {wanted:?}");
        scan(&manager, &wanted[0], b"%PDF-1.4\n%second\n").await.expect(303);
        let before = s.app.audit_count().await;
        manager.post(&acknowledge, &[("on_day", &day)]).await.expect(303);
        let entry = s.app.last_entry().await;
        assert_eq!((s.app.audit_count().await, entry.verb.as_str()), (before + 1, "transfer.acknowledge"));
        assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "received".into())), "{first}");
        s.check().await;
    }
}

#[tokio::test]
async fn what_is_being_replaced_does_not_go_on_in_the_version_that_is_left() {
    let app = TestApp::new().await;
    let (lead, dossiers) = composed(&app, false).await;
    let id = received(&app, of_agency(&app, &dossiers, GUANGZHOU).await, "liaison").await;
    let compiler = app.sign_in("compiler").await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let items = story::items(&compiler, lead).await;
    let agencies = [GUANGZHOU, HANGZHOU].map(|code| app.seed.agencies[code]);
    story::compose(&compiler, lead, 2, &agencies, &items, &[]).await.expect(303);
    app.settle().await;
    compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303);
    forward(&app, "liaison", id, HANGZHOU).await.expect(303);
    assert_eq!(to(&app, lead, HANGZHOU).await, None);
    assert!(seen(&app, &dossiers, HANGZHOU).await.is_empty());
}

#[tokio::test]
async fn nothing_is_forwarded_to_an_agency_that_is_not_in_being() {
    for ended in [true, false] {
        let s = Story::received().await;
        let hz = s.app.seed.agencies[HANGZHOU];
        let shift = s.app.services.db.write_quiet(move |tx| {
            let day = |days: i64| {
                let at: Instant = tx.now().plus_seconds(days * 86_400);
                at.utc().date_naive()
            };
            let row = diesel::update(agency::table.filter(agency::id.eq(hz)));
            if ended {
                row.set(agency::valid_to.eq(Some(day(-3)))).execute(tx.conn())?;
            } else {
                row.set(agency::valid_from.eq(Some(day(3)))).execute(tx.conn())?;
            }
            Ok(())
        });
        shift.await.expect("changed");
        forward(&s.app, "liaison", s.transfer, HANGZHOU).await.expect(422).has("href=\"#f-target\"");
        assert_eq!(s.state().await.0, "received");
    }
}

/// Whoever sent a dossier is the sender of what its agency made of it by a forward, too.
#[tokio::test]
async fn who_sent_what_was_forwarded_does_not_record_the_papers_of_its_new_agency() {
    let s = Story::received().await;
    forward(&s.app, "liaison", s.transfer, HANGZHOU).await.expect(303);
    let (there, state) = to(&s.app, s.lead, HANGZHOU).await.expect("a transfer");
    assert_eq!(state, "sent");
    // Its only account is closed before it acknowledges: from here on its papers are recorded.
    s.app.disable("liaison2").await;
    let (manager, page, day) = (s.app.sign_in("manager").await, format!("/transfers/{there}"), today());
    let acknowledge = format!("{page}/acknowledge");
    let text = s.compiler.get(&page).await.expect(200).has("由另一位同事依据扫描件登记").text();
    let upload = text.split('"').find(|link| link.contains("/receipt/")).expect("a link").to_owned();
    scan(&s.compiler, &upload, SCAN).await.expect(303);
    // It went by the portal, and waits on the first page of those who may record it now, and of nobody else.
    let task = "待您登记纸质回执";
    s.compiler.get("/").await.expect(200).has_not(task);
    manager.get("/").await.expect(200).has(task).has(&page);
    let before = s.app.audit_count().await;
    s.compiler.post(&acknowledge, &[("on_day", &day)]).await.expect(409).has("另一位同事");
    let entry = s.app.last_entry().await;
    assert_eq!((s.app.audit_count().await, entry.outcome.as_str()), (before + 1, "refused"));
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "sent".into())));
    s.compiler.get(&page).await.expect(200).has_not(&format!("{page}/accept"));
    manager.post(&acknowledge, &[("on_day", &day)]).await.expect(303);
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "received".into())));
    s.compiler.get(&page).await.expect(200).has_not(&format!("{page}/accept"));
    manager.get(&page).await.expect(200).has(&format!("{page}/accept"));
    s.check().await;
}

/// Who forwarded is named by its agency, to the other agency's people by nothing else.
#[tokio::test]
async fn what_came_by_a_forward_is_said_to_come_from_the_agency_that_forwarded_it() {
    let s = Story::received().await;
    forward(&s.app, "liaison", s.transfer, HANGZHOU).await.expect(303);
    let (there, _) = to(&s.app, s.lead, HANGZHOU).await.expect("a transfer");
    let (page, from) = (format!("/transfers/{there}"), "广州市公安局经侦支队");
    let by = format!("由{from}转送");
    let other = s.app.sign_in("liaison2").await;
    other.get(&page).await.expect(200).has(&by).has("转自").has_not("联络员甲").has_not("移送卷宗");
    // The platform knows who it was, and of which agency.
    let own = s.compiler.get(&page).await.expect(200).has(&by).has(&format!("联络员甲 · {from}"));
    own.has_not("联络员甲 · 杭州市市场监督管理局");
    let mails = s.app.services.db.read(|conn| {
        let told = mail_message::table.filter(mail_message::to_address.eq("liaison2@example.com"));
        Ok(told.select((mail_message::template, mail_message::params)).load::<(String, String)>(conn)?)
    });
    let mails = mails.await.expect("mails");
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "transfer-forwarded");
    assert!(mails[0].1.contains(from), "{}", mails[0].1);
}
