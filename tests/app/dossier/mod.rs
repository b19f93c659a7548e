//! From composing to the sealed package, with the wrong turns on the way.

mod by_hand;
mod composing;
mod keys;
mod leaving;
mod listing;
mod picking;
mod reviewing;
mod sealing;
mod standards;
mod stating;
mod whole;

use std::io::Cursor;

use lead_handoff::{
    casework::dossier::{self, model::State, verify},
    platform::{db::Id, i18n::Lang},
};

use crate::support::{
    TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    story::{approve, compose, decision, dossiers, note},
};

/// Checks package bytes offline, by the server's own public key.
fn check(app: &TestApp, bytes: Vec<u8>) -> verify::Report {
    let key = app.services.signer.public().to_string().parse().expect("a key");
    verify::verify(Cursor::new(bytes), &[key], &mut |_, _| {}).expect("readable")
}

#[tokio::test]
async fn a_lead_is_composed_frozen_approved_sealed_and_packed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let open = note(&compiler, lead, "商品页面.txt", "标价 199 元，已售 1,024 件。").await;
    let kept = note(&compiler, lead, "买家反馈.txt", "买家称收到假货。").await;
    let secret = note(&compiler, lead, "举报人情况.txt", "举报人要求保密。").await;
    compiler
        .post(&format!("/evidence/{secret}/withhold"), &[("withheld_reason", "保护举报人")])
        .await
        .expect(303);
    let (gz, hz) = (app.seed.agencies[GUANGZHOU], app.seed.agencies[HANGZHOU]);

    let page = compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(200);
    page.has("商品页面.txt").has("不予披露").has("广州市公安局经侦支队").has("杭州市市场监督管理局");
    let before = app.audit_count().await;
    let hold = format!("withhold-{hz}");
    compose(
        &compiler,
        lead,
        1,
        &[gz, hz],
        &[open, kept, secret],
        &[(&hold, "2"), ("note", "请重点核对金额")],
    )
    .await
    .expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    let made = dossiers(&app, lead).await;
    assert!(made.iter().all(|one| one.state() == State::Freezing));
    compiler.get(&format!("/dossiers/{}", made[0].id)).await.expect(200).has("data-refresh");
    compiler.get(&format!("/dossiers/{}/package.zip", made[0].id)).await.expect(404);

    app.settle().await;
    let made = dossiers(&app, lead).await;
    assert_eq!(
        made.iter().map(|one| one.folder.rsplit("v1-").next().unwrap()).collect::<Vec<_>>(),
        ["GZ-ECD", "HZ-SAMR"]
    );
    assert!(made.iter().all(|one| one.state() == State::Frozen));
    assert_ne!(made[0].manifest_sha256, made[1].manifest_sha256);
    let withheld: Vec<usize> = {
        let ids: Vec<Id> = made.iter().map(|one| one.id).collect();
        app.services
            .db
            .read(move |conn| ids.iter().map(|id| Ok(dossier::store::withheld(conn, *id)?.len())).collect())
            .await
            .expect("withheld")
    };
    assert_eq!(withheld, [1, 2]);
    let letter = compiler.get(&format!("/dossiers/{}/letter.pdf", made[0].id)).await.expect(200);
    assert!(letter.bytes.starts_with(b"%PDF-"));
    assert_eq!(app.last_entry().await.verb, "dossier.read");

    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(409);
    let approver = app.sign_in("approver").await;
    // What waits is the same list for all who read it. Narrowed to what is to be done by the reader, the approver has
    // it to decide and its compiler to take back; another one can do nothing with it.
    let (other, own) = (app.sign_in("compiler2").await, "/approvals?acts=me");
    let row = format!("href=\"/approvals/{review}\"");
    for who in [&approver, &compiler, &other] {
        who.get("/approvals").await.expect(200).has(&row).has_not("filter-chips");
        who.get("/approvals?state=all").await.expect(200).has(&row);
    }
    approver.get("/").await.expect(200).has(&format!("href=\"{own}\""));
    approver.get(own).await.expect(200).has(&row);
    compiler.get(own).await.expect(200).has(&row);
    other.get(own).await.expect(200).has_not(&row).has("filter-chips").has("仅看由我处理的");
    approver.get("/approvals?acts=me&state=approved").await.expect(200).has_not(&row);
    let fields = decision(&app, &approver, review).await;
    assert_eq!(fields.len(), 3, "two hashes and a code");
    approve(&approver, review, &fields).await.expect(303);
    app.settle().await;

    let made = dossiers(&app, lead).await;
    assert!(made.iter().all(|one| one.state() == State::Sealed), "{made:?}");
    for one in &made {
        let got = compiler.get(&format!("/dossiers/{}/package.zip", one.id)).await.expect(200);
        assert_eq!(got.headers["content-type"], "application/zip");
        let report = check(&app, got.bytes);
        assert_eq!(report.verdict, verify::Verdict::Authentic, "{:?}", report.faults);
        assert_eq!(report.package.as_ref().map(|p| &p.manifest_sha256), one.manifest_sha256.as_ref());
    }
    approver.get(&format!("/approvals/{review}")).await.expect(200).has("已批准");
    compiler
        .get(&format!("/dossiers/{}", made[1].id))
        .await
        .expect(200)
        .has("不向该单位提供")
        .has("seal.json");
    let faults = app.services.db.read(|conn| dossier::check(conn, Lang::En)).await.expect("checked");
    assert_eq!(faults, Vec::<String>::new());
}
