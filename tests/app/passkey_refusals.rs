//! What a passkey signed and no act takes: by what may be a copy, too late, by one that was removed meanwhile, and of another act.
//! Of receipts and of approvals alike.

use diesel::prelude::*;
use lead_handoff::platform::db::{Id, schema::passkey_challenge};
use serde_json::Value;

use crate::{
    approving,
    handover::passkeys::{self, asked, counts, enrol, named, shown},
    support::{Browser, TestApp, passkey::Soft, seed::GUANGZHOU},
};

const OLD: (&str, &str) = ("已过期", "conflict-passkey-old");

/// What is signed.
enum Act {
    /// The receipt of the transfer on this page.
    Receipt(String),
    /// The approval of this review.
    Approval(Id),
}

impl Act {
    /// The page that shows what is signed.
    fn page(&self) -> String {
        match self {
            Act::Receipt(transfer) => format!("{transfer}/acknowledge"),
            Act::Approval(review) => format!("/approvals/{review}"),
        }
    }

    async fn is_refused(&self, app: &TestApp, who: &Browser, answer: &Value, why: (&str, &str)) {
        match self {
            Act::Receipt(transfer) => passkeys::refused(app, who, transfer, answer, why).await,
            Act::Approval(review) => approving::refused(app, who, *review, answer, why).await,
        }
    }

    async fn is_done(&self, app: &TestApp, who: &Browser, answer: &Value) {
        match self {
            Act::Receipt(_) => {
                let answer = answer.to_string();
                who.post(&self.page(), &[("credential", answer.as_str())]).await.expect(303);
                assert_eq!(app.last_entry().await.verb, "transfer.acknowledge");
            }
            Act::Approval(review) => {
                approving::sign(app, who, *review, answer).await.expect(303);
                assert_eq!(app.last_entry().await.verb, "lead.approve");
            }
        }
    }
}

/// A receipt and an approval that wait, each with who is to sign it and a passkey of theirs, which has signed ten times.
async fn both(app: &TestApp) -> [(Act, Browser, Soft); 2] {
    let (_, transfer) = passkeys::sent(app).await;
    let (_, review) = approving::waiting(app, &[GUANGZHOU]).await;
    let mut all = [
        (Act::Receipt(transfer), app.sign_in("liaison").await, Soft::new()),
        (Act::Approval(review), app.sign_in("approver").await, Soft::ed25519()),
    ];
    for (_, who, soft) in &mut all {
        soft.count = 9;
        enrol(app, who, soft).await;
    }
    all
}

/// So many seconds pass since everybody was asked last.
async fn passed(app: &TestApp, seconds: i64) {
    let passed = app.services.db.write_quiet(move |tx| {
        let before = tx.now().plus_seconds(-seconds);
        diesel::update(passkey_challenge::table)
            .set(passkey_challenge::issued_at.eq(before))
            .execute(tx.conn())?;
        Ok(())
    });
    passed.await.expect("passed");
}

#[tokio::test]
async fn a_passkey_whose_counter_does_not_go_on_may_be_a_copy_and_signs_nothing() {
    let app = named().await;
    let copied = ("计数与上次不符", "conflict-passkey-copied");
    for (act, who, mut soft) in both(&app).await {
        let asked = asked(&app, &who, &act.page()).await;
        // It goes back, and it stands still.
        for shown in [4, 10] {
            soft.count = shown - 1;
            act.is_refused(&app, &who, &soft.signed(&asked), copied).await;
        }
        soft.count = 10;
        act.is_done(&app, &who, &soft.signed(&asked)).await;
        assert!(counts(&app).await.contains(&11));
    }
    assert_eq!(counts(&app).await, [11, 11]);
}

#[tokio::test]
async fn a_question_is_answered_within_a_quarter_of_an_hour_or_asked_again() {
    let app = named().await;
    for (act, who, mut soft) in both(&app).await {
        let first = asked(&app, &who, &act.page()).await;
        passed(&app, 15 * 60).await;
        act.is_refused(&app, &who, &soft.signed(&first), OLD).await;
        // The same page asks anew: the statement bears the instant at which it was shown first.
        let again = asked(&app, &who, &act.page()).await;
        assert_eq!(again.challenge, first.challenge);
        passed(&app, 15 * 60 - 60).await;
        act.is_done(&app, &who, &soft.signed(&again)).await;
    }
}

#[tokio::test]
async fn what_the_server_does_not_remember_having_shown_is_not_asked_for() {
    let app = named().await;
    for (act, who, _) in both(&app).await {
        let (ask, ..) = shown(&who, &act.page()).await;
        who.get(&ask).await.expect(200);
        // As what is older than a day.
        let forgotten = app.services.db.write_quiet(|tx| {
            diesel::delete(passkey_challenge::table).execute(tx.conn())?;
            Ok(())
        });
        forgotten.await.expect("forgotten");
        who.get(&ask).await.expect(409).has(OLD.0);
        // Shown again it is another statement, of another instant.
        let (anew, ..) = shown(&who, &act.page()).await;
        assert_ne!(anew, ask);
        who.get(&ask).await.expect(409).has(OLD.0);
        who.get(&anew).await.expect(200);
    }
}

#[tokio::test]
async fn a_passkey_that_is_removed_meanwhile_signs_nothing() {
    let app = named().await;
    for (act, who, mut soft) in both(&app).await {
        let (ask, ..) = shown(&who, &act.page()).await;
        let asked = asked(&app, &who, &act.page()).await;
        let page = who.get("/account/passkeys").await.expect(200).text();
        let remove = page.split('"').find(|part| part.contains("/remove?")).expect("a form");
        who.post(remove.split('?').next().unwrap_or_default(), &[]).await.expect(303);
        assert_eq!(app.last_entry().await.verb, "passkey.remove");
        let unknown = ("不在您登记的通行密钥之中", "conflict-passkey-unknown");
        act.is_refused(&app, &who, &soft.signed(&asked), unknown).await;
        who.get(&ask).await.expect(409).has("您没有登记通行密钥");
    }
}

#[tokio::test]
async fn what_is_signed_of_a_receipt_is_no_approval_and_the_other_way_round() {
    let app = named().await;
    let [(receipt, liaison, mut soft), (approval, approver, mut other)] = both(&app).await;
    let of_receipt = asked(&app, &liaison, &receipt.page()).await;
    let of_approval = asked(&app, &approver, &approval.page()).await;
    // By the one who signed it, and by whoever is to sign the other.
    for answer in [soft.signed(&of_receipt), other.signed(&of_receipt)] {
        approval.is_refused(&app, &approver, &answer, OLD).await;
    }
    for answer in [other.signed(&of_approval), soft.signed(&of_approval)] {
        receipt.is_refused(&app, &liaison, &answer, OLD).await;
    }
    receipt.is_done(&app, &liaison, &soft.signed(&of_receipt)).await;
    approval.is_done(&app, &approver, &other.signed(&of_approval)).await;
}
