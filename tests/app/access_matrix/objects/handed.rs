//! What was handed over, for the paths of the matrix: transfers in their states, their papers, cases and outcomes.

use diesel::prelude::*;
use lead_handoff::{
    handover::{
        delivery::replacement::{self, ReplacementRow},
        transfer::passing::{self, PassingRow},
    },
    platform::db::{
        Id,
        schema::{case_paper, deadline, delivery, transfer, transfer_paper},
    },
};

use super::{Objects, multipart};
use crate::support::{
    Browser, TestApp, fixtures,
    ledger::Sent,
    seed::{GUANGZHOU, HANGZHOU},
};

/// A dossier that went on paper; its transfer and delivery.
async fn on_paper(app: &TestApp, compiler: &Browser, number: &str) -> (Id, Id) {
    let lead = fixtures::lead(app, number, "纸质移送").await;
    let dossier = fixtures::sealed(app, lead, GUANGZHOU).await.to_string();
    let today = crate::support::today();
    let fields = [
        ("dossier", dossier.as_str()),
        ("channel", "paper"),
        ("handed_on", today.as_str()),
        ("handed_by", "李某"),
        ("tracking_number", "SF0001"),
    ];
    let transfer = compiler.post("/transfers/new", &fields).await.expect(303).id();
    (transfer, delivery_of(app, transfer).await)
}

/// The delivery of a transfer that has one.
async fn delivery_of(app: &TestApp, transfer: Id) -> Id {
    let found = app.services.db.read(move |conn| {
        Ok(delivery::table.filter(delivery::transfer_id.eq(transfer)).select(delivery::id).first(conn)?)
    });
    found.await.expect("a delivery")
}

/// A sealed dossier of a lead of its own, sent through the portal.
async fn sent(app: &TestApp, compiler: &Browser, number: &str) -> Id {
    let lead = fixtures::lead(app, number, "移送中").await;
    let dossier = fixtures::sealed(app, lead, GUANGZHOU).await.to_string();
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    compiler.post("/transfers/new", &fields).await.expect(303).id()
}

/// Transfers that the police did not file, sent as accuser, with the steps of the remedy taken so far.
pub(super) async fn not_filed(app: &TestApp, all: &mut Objects) {
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let today = crate::support::today();
    let ways = [
        ("not-filed", "XS-2026-900021", 0),
        ("served", "XS-2026-900022", 1),
        ("reconsidered", "XS-2026-900023", 2),
        ("upheld", "XS-2026-900024", 3),
        ("reviewed", "XS-2026-900025", 4),
    ];
    for (name, number, so_far) in ways {
        let id = sent(app, &compiler, number).await;
        let joint = app.services.db.write_quiet(move |tx| {
            diesel::update(transfer::table.filter(transfer::id.eq(id)))
                .set(transfer::sender_role.eq("accuser_joint"))
                .execute(tx.conn())?;
            Ok(())
        });
        joint.await.expect("the role");
        let verbs: [(&str, &[(&str, &str)]); 3] =
            [("acknowledge", &[]), ("accept", &[]), ("not-file", &[("code", "NF-OTHER"), ("text", "x")])];
        for (verb, fields) in verbs {
            liaison.post(&format!("/transfers/{id}/{verb}"), fields).await.expect(303);
        }
        let step = [("on", today.as_str()), ("verdict", "upheld")];
        for page in
            ["remedy-served", "remedy-asked", "remedy-decided", "remedy-review-asked"].iter().take(so_far)
        {
            let who = if *page == "remedy-decided" { &liaison } else { &compiler };
            who.post(&format!("/transfers/{id}/{page}"), &step).await.expect(303);
        }
        all.insert(name, id.to_string());
    }
}

/// Transfers in their states, cases, outcomes.
pub(super) async fn handover(app: &TestApp, all: &mut Objects) {
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let fields = [("dossier", all["dossier"].as_str()), ("channel", "portal")];
    let transfer = compiler.post("/transfers/new", &fields).await.expect(303).id();
    all.insert("transfer", transfer.to_string());
    let ways: [(&str, &str, &[&str]); 3] = [
        ("sent", "XS-2026-900011", &[]),
        ("received", "XS-2026-900012", &["acknowledge"]),
        ("accepted", "XS-2026-900013", &["acknowledge", "accept"]),
    ];
    for (name, number, verbs) in ways {
        let id = sent(app, &compiler, number).await;
        for verb in verbs {
            liaison.post(&format!("/transfers/{id}/{verb}"), &[]).await.expect(303);
        }
        all.insert(name, id.to_string());
    }
    let received: Id = all["received"].parse().expect("an id");
    all.insert("signed", delivery_of(app, received).await.to_string());
    let waiting = sent(app, &compiler, "XS-2026-900014").await;
    liaison.post(&format!("/transfers/{waiting}/acknowledge"), &[]).await.expect(303);
    let target = app.seed.agencies[HANGZHOU].to_string();
    let forward = [("target", target.as_str()), ("code", "FW-AREA")];
    liaison.post(&format!("/transfers/{waiting}/forward"), &forward).await.expect(303);
    app.services
        .db
        .write_quiet(move |tx| {
            let from = transfer::table.filter(transfer::id.eq(waiting));
            let row = PassingRow {
                id: Id::new(),
                transfer_id: waiting,
                lead_id: from.select(transfer::lead_id).first(tx.conn())?,
                target_agency_id: target.parse().expect("an id"),
                asked_at: tx.now(),
                answered_delivery_id: None,
                answered_at: None,
            };
            passing::insert(tx.conn(), &row)
        })
        .await
        .expect("a forward that waits");
    all.insert("waiting", waiting.to_string());
    let written = format!("/transfers/{}/message", all["received"]);
    liaison.post(&written, &[("body", "已收到。")]).await.expect(303);
    // Nothing came back of it: it is refused, and that has a page.
    let ticked = [("pick", all["received"].as_str())];
    let noted = compiler.post("/transfers/selected/take-note", &ticked).await.expect(303).id();
    all.insert("noted", noted.to_string());
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let case = made.case.expect("a case");
    all.insert("case", case.to_string());
    let person = made.person.to_string();
    let arrest = [
        ("kind", "arrest"),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("subject", person.as_str()),
        ("source_kind", "paper"),
        ("source_title", "拘留证"),
    ];
    for name in ["outcome", "refutable"] {
        let path = format!("/cases/{case}/outcomes/new");
        let made = multipart(&liaison, &path, &arrest, "拘留证.pdf", b"%PDF-1.4\n%scan\n").await;
        all.insert(name, made.expect(303).id().to_string());
    }
    let lead = fixtures::lead(app, "XS-2026-900002", "待移送").await;
    all.insert("ready", fixtures::sealed(app, lead, GUANGZHOU).await.to_string());
    let (paper, bare) = on_paper(app, &compiler, "XS-2026-900003").await;
    all.insert("paper", paper.to_string());
    all.insert("bare", bare.to_string());
    let (scanned, scan) = on_paper(app, &compiler, "XS-2026-900004").await;
    let path = format!("/transfers/{scanned}/receipt/{scan}/new");
    multipart(&compiler, &path, &[], "scan.pdf", b"%PDF-1.4\n%scan\n").await.expect(303);
    all.insert("scanned", scanned.to_string());
    all.insert("scan", scan.to_string());
    let (case, uploader) = (all["case"].parse::<Id>().expect("an id"), app.seed.people["approver"]);
    let accepted: Id = all["accepted"].parse().expect("an id");
    let found = app.services.db.write_quiet(move |tx| {
        let (paper, now) = (Id::new(), tx.now());
        let blob: Option<Id> =
            delivery::table.find(scan).select(delivery::receipt_blob_id).first(tx.conn())?;
        diesel::insert_into(case_paper::table)
            .values((
                case_paper::id.eq(paper),
                case_paper::case_id.eq(case),
                case_paper::blob_id.eq(blob.expect("a scan")),
                case_paper::name.eq("scan.pdf"),
                case_paper::uploaded_by.eq(uploader),
                case_paper::at.eq(now),
            ))
            .execute(tx.conn())?;
        let letter = Id::new();
        diesel::insert_into(transfer_paper::table)
            .values((
                transfer_paper::id.eq(letter),
                transfer_paper::transfer_id.eq(scanned),
                transfer_paper::blob_id.eq(blob.expect("a scan")),
                transfer_paper::name.eq("letter.pdf"),
                transfer_paper::uploaded_by.eq(uploader),
                transfer_paper::at.eq(now),
            ))
            .execute(tx.conn())?;
        let filing: Id = deadline::table
            .filter(deadline::transfer_id.eq(accepted))
            .filter(deadline::clock_code.eq("JJ-15"))
            .select(deadline::id)
            .first(tx.conn())?;
        let (replaced, case_replaced) = (Id::new(), Id::new());
        let news = [(replaced, "transfer_paper", letter), (case_replaced, "case_paper", paper)];
        for (id, of_kind, of_id) in news {
            let row = ReplacementRow {
                id,
                of_kind: of_kind.into(),
                of_id,
                blob_id: blob.expect("a scan"),
                name: "new.pdf".into(),
                uploaded_by: uploader,
                at: now,
                remark_id: None,
            };
            replacement::store::insert(tx.conn(), &row)?;
        }
        Ok([
            ("case-paper", paper),
            ("transfer-paper", letter),
            ("filing", filing),
            ("replaced", replaced),
            ("case-replaced", case_replaced),
        ])
    });
    all.extend(found.await.expect("rows").map(|(name, id)| (name, id.to_string())));
    let made = compiler.post("/operations/new", &[("name_zh", "云剑行动")]).await.expect(303);
    all.insert("operation", made.id().to_string());
}
