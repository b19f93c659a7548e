//! What happens between the sides: a dossier is sent, acknowledged, decided on, supplemented, forwarded, filed; and
//! every wrong turn that somebody will take.

mod cases;
mod changed;
mod changed_by_role;
mod clocks;
mod deadlines;
mod deciding;
mod forwarding;
mod forwards_on_their_way;
mod forwards_that_wait;
mod forwards_to_holders;
mod home_lists;
mod kept_back;
mod long_forms;
mod many_messages;
mod mended_twice;
mod no_answer;
mod not_ours;
mod on_the_lead;
mod paper;
pub(crate) mod passkeys;
mod receipts;
mod remedy;
mod remedy_and_versions;
mod remedy_on_paper;
mod remedy_waived;
mod reopened;
mod seeing;
mod sending;
mod sent_again;
pub(crate) mod signed_receipts;
mod waiting;
mod waiting_for_paper;
mod waiting_for_remedy;

use diesel::prelude::*;
use lead_handoff::{
    handover::transfer,
    platform::{
        db::{Id, schema::transfer as transfers},
        i18n::Lang,
    },
};
use reqwest::{Method, header};

use crate::support::{Browser, Reply, TestApp, fixtures, seed::GUANGZHOU};

/// A lead whose dossier is with the police of Guangzhou.
struct Story {
    app: TestApp,
    compiler: Browser,
    liaison: Browser,
    lead: Id,
    transfer: Id,
}

impl Story {
    async fn sent() -> Self {
        let app = TestApp::new().await;
        let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
        let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
        let compiler = app.sign_in("compiler").await;
        let liaison = app.sign_in("liaison").await;
        let transfer = send(&compiler, dossier, "portal").await.expect(303).id();
        Self { app, compiler, liaison, lead, transfer }
    }

    async fn received() -> Self {
        let story = Self::sent().await;
        story.act("acknowledge", &[]).await.expect(303);
        story
    }

    async fn accepted() -> Self {
        let story = Self::received().await;
        story.act("accept", &[("officer", "王警官")]).await.expect(303);
        story
    }

    fn at(&self, verb: &str) -> String {
        format!("/transfers/{}/{verb}", self.transfer)
    }

    /// The liaison's verb.
    async fn act(&self, verb: &str, fields: &[(&str, &str)]) -> Reply {
        self.liaison.post(&self.at(verb), fields).await
    }

    async fn state(&self) -> (String, i32) {
        let id = self.transfer;
        let read = self.app.services.db.read(move |conn| {
            Ok(transfers::table
                .filter(transfers::id.eq(id))
                .select((transfers::state, transfers::stage))
                .first(conn)?)
        });
        read.await.expect("a transfer")
    }

    async fn check(&self) {
        let faults = self.app.services.db.read(|conn| transfer::check(conn, Lang::En)).await.expect("check");
        assert_eq!(faults, Vec::<String>::new());
    }
}

async fn send(who: &Browser, dossier: Id, channel: &str) -> Reply {
    let dossier = dossier.to_string();
    let mut fields = vec![("dossier", dossier.as_str()), ("channel", channel)];
    let today = crate::support::today();
    if channel != "portal" {
        fields.extend([("handed_on", today.as_str()), ("handed_by", "李某"), ("tracking_number", "SF0001")]);
    }
    who.post("/transfers/new", &fields).await
}

/// A whole scan.
pub(crate) const SCAN: &[u8] = b"%PDF-1.4\n%scan\n";

pub(crate) async fn scan(who: &Browser, path: &str, bytes: &[u8]) -> Reply {
    with_scan(who, path, &[], bytes).await
}

/// A form with fields and the scan of a paper; of no bytes and no name, as a browser sends an input left empty.
pub(crate) async fn with_scan(who: &Browser, path: &str, fields: &[(&str, &str)], bytes: &[u8]) -> Reply {
    let mut body = Vec::new();
    for (field, value) in fields {
        let part = format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let name = if bytes.is_empty() { "" } else { "scan.pdf" };
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = who
        .client
        .request(Method::POST, who.url(path))
        .header(header::ORIGIN, &who.base)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(body);
    who.send(request).await
}
