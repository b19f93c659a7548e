//! The common beginning of the stories: a lead with evidence, composed, frozen, reviewed, sealed; through public
//! routes.

use diesel::prelude::*;
use lead_handoff::{
    casework::dossier::store,
    directory::people::second_factor::model::totp,
    platform::db::{Id, schema::second_factor},
};
use reqwest::multipart::{Form, Part};

use super::{Browser, Reply, TestApp};

/// What the forms of evidence ask for.
pub const DETAILS: [(&str, &str); 4] = [
    ("source", "https://example.com/item/1"),
    ("collected_by", "编制人甲"),
    ("collected_at", "2016-05-04T09:30"),
    ("method", "网页截图"),
];

/// Registers a note as evidence of a lead; gives its id.
pub async fn note(browser: &Browser, lead: Id, name: &str, text: &str) -> Id {
    let path = format!("/leads/{lead}/evidence");
    let known = items(browser, lead).await;
    let mut fields = vec![("kind", "note"), ("name", name), ("text", text)];
    fields.extend(DETAILS);
    browser.post(&format!("{path}/note"), &fields).await.expect(303);
    let mut now = items(browser, lead).await;
    now.retain(|id| !known.contains(id));
    now.remove(0)
}

/// Registers a file as evidence of a lead; gives its id.
pub async fn upload(browser: &Browser, lead: Id, name: &str, bytes: &[u8]) -> Id {
    let known = items(browser, lead).await;
    let mut form = Form::new();
    for (name, value) in DETAILS {
        form = form.text(name, value);
    }
    form = form.part("file", Part::bytes(bytes.to_vec()).file_name(name.to_owned()));
    let path = browser.url(&format!("/leads/{lead}/evidence"));
    let request = browser.client.post(path).header("origin", &browser.base).multipart(form);
    browser.send(request).await.expect(303);
    let mut now = items(browser, lead).await;
    now.retain(|id| !known.contains(id));
    now.remove(0)
}

/// The evidence of a lead, as its page links to it.
pub async fn items(browser: &Browser, lead: Id) -> Vec<Id> {
    let page = browser.get(&format!("/leads/{lead}/evidence")).await.expect(200).text();
    let mut found: Vec<Id> = page
        .split("href=\"/evidence/")
        .skip(1)
        .filter_map(|rest| rest.get(..36).and_then(|id| id.parse().ok()))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Posts the form that composes the version `n`.
pub async fn compose(
    browser: &Browser,
    lead: Id,
    n: i32,
    agencies: &[Id],
    evidence: &[Id],
    more: &[(&str, &str)],
) -> Reply {
    let mut fields = vec![("version".to_owned(), n.to_string())];
    fields.extend(agencies.iter().map(|id| ("agencies".to_owned(), id.to_string())));
    fields.extend(evidence.iter().map(|id| ("evidence".to_owned(), id.to_string())));
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(&format!("/leads/{lead}/dossiers"), &fields).await
}

/// The dossiers of the newest version of a lead, by agency code.
pub async fn newest(app: &TestApp, lead: Id) -> Vec<store::Composition> {
    app.services.db.read(move |conn| store::compositions(conn, lead)).await.expect("compositions")
}

/// The dossiers of the newest version.
pub async fn dossiers(app: &TestApp, lead: Id) -> Vec<lead_handoff::casework::dossier::model::Dossier> {
    let newest = newest(app, lead).await.remove(0).id;
    app.services.db.read(move |conn| store::of_composition(conn, newest)).await.expect("dossiers")
}

/// The code that the app of every account shows now, usable once more.
pub async fn code(app: &TestApp) -> String {
    app.services
        .db
        .write_quiet(|tx| {
            diesel::update(second_factor::table).set(second_factor::last_step.eq(0)).execute(tx.conn())?;
            Ok(())
        })
        .await
        .expect("steps");
    let totp = totp(b"0123456789abcdefghij", "anyone").expect("totp");
    totp.generate(u64::try_from(app.now().micros() / 1_000_000).expect("time")).to_string()
}

/// The hidden fields of a review's form, with a code that holds.
pub async fn decision(app: &TestApp, browser: &Browser, review: Id) -> Vec<(String, String)> {
    let page = browser.get(&format!("/approvals/{review}")).await.expect(200).text();
    let seen = page.split("name=\"seen\" value=\"").skip(1);
    let mut fields: Vec<(String, String)> = seen
        .filter_map(|rest| rest.split('"').next())
        .map(|value| ("seen".to_owned(), value.to_owned()))
        .collect();
    fields.push(("code".to_owned(), code(app).await));
    fields
}

/// Posts a decision.
pub async fn approve(browser: &Browser, review: Id, fields: &[(String, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(&format!("/approvals/{review}/approve"), &fields).await
}

/// Submits a lead; where it looks like others, with the statement that it is no duplicate of them. Gives the review.
pub async fn submit(browser: &Browser, lead: Id) -> Id {
    let path = format!("/leads/{lead}/submit");
    let reply = browser.post(&path, &[]).await;
    let page = reply.text();
    let alike = page.split("name=\"alike\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut fields: Vec<(&str, &str)> = alike.map(|id| ("alike", id)).collect();
    if fields.is_empty() {
        return reply.expect(303).id();
    }
    fields.push(("not_duplicate", "系另一事项。"));
    browser.post(&path, &fields).await.expect(303).id()
}

/// A lead of `compiler` with one note, sealed for these agencies (by code); gives the lead and its dossiers.
pub async fn sealed(app: &TestApp, agencies: &[&str]) -> (Id, Vec<Id>) {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "商品页面.txt", "标价 199 元，页面显示已售 1,024 件。").await;
    (lead, seal_version(app, lead, 1, agencies, &[item], &[]).await)
}

/// The version `n` of a lead of `compiler`, composed, submitted, approved and sealed; gives its dossiers.
pub async fn seal_version(
    app: &TestApp,
    lead: Id,
    n: i32,
    agencies: &[&str],
    evidence: &[Id],
    more: &[(&str, &str)],
) -> Vec<Id> {
    let compiler = app.sign_in("compiler").await;
    let agencies: Vec<Id> = agencies.iter().map(|code| app.seed.agencies[code]).collect();
    compose(&compiler, lead, n, &agencies, evidence, more).await.expect(303);
    app.settle().await;
    let review = submit(&compiler, lead).await;
    let approver = app.sign_in("approver").await;
    let fields = decision(app, &approver, review).await;
    approve(&approver, review, &fields).await.expect(303);
    app.settle().await;
    dossiers(app, lead).await.into_iter().map(|one| one.id).collect()
}

/// Gives a draft of `compiler` another title.
pub async fn rename(compiler: &Browser, lead: Id, title: &str) {
    let path = format!("/leads/{lead}/edit");
    let page = compiler.get(&path).await.expect(200).text();
    let revision = page.split("name=\"revision\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let fields = [
        ("revision", revision.expect("a revision")),
        ("title", title),
        ("summary", "店铺以明显低于市场的价格销售标有知名商标的手表。"),
        ("region", "440100"),
        ("source.kind", "risk_model"),
        ("sender_role", "reporter"),
    ];
    compiler.post(&path, &fields).await.expect(303);
}
