//! One real object of every kind, for the paths of the matrix.

mod handed;
mod stored;

use std::collections::HashMap;

use diesel::prelude::*;
use lead_handoff::{
    directory::people::{
        Role,
        actions::{NewPerson, create_person, open_session},
        token,
    },
    platform::{
        db::{
            Id, Origin,
            schema::{
                api_token, evidence_sealing, invitation, job, lead_brand, lead_site, listing, mail_message,
                review, saved_view,
            },
        },
        http::assets,
        i18n::Lang,
    },
};
use reqwest::header;

use crate::support::{
    Browser, Reply, TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    story, tus,
};

/// A picture of one point.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// With something attached.
const LETTER: &[u8] = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\
    Content-Disposition: attachment; filename=a.txt\r\n\r\none\r\n--y--\r\n";

/// What the words in a row stand for.
pub type Objects = HashMap<&'static str, String>;

async fn multipart(
    browser: &Browser,
    path: &str,
    fields: &[(&str, &str)],
    name: &str,
    bytes: &[u8],
) -> Reply {
    let mut body = Vec::new();
    for (field, value) in fields {
        let part = format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = browser
        .client
        .post(browser.url(path))
        .header(header::ORIGIN, &browser.base)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(body);
    browser.send(request).await
}

/// Leads, evidence, dossiers, reviews.
async fn casework(app: &TestApp, all: &mut Objects) {
    let compiler = app.sign_in("compiler").await;
    let (lead, dossiers) = story::sealed(app, &[GUANGZHOU]).await;
    all.insert("lead", lead.to_string());
    all.insert("dossier", dossiers[0].to_string());
    let (item, dossier) = (story::items(&compiler, lead).await[0], dossiers[0]);
    all.insert("item", item.to_string());
    let stamps = app.services.db.write_quiet(move |tx| stored::stamps(tx, item, dossier));
    let [of_item, of_seal] = stamps.await.expect("stamps");
    all.insert("stamp", of_item.to_string());
    all.insert("seal-stamp", of_seal.to_string());
    compiler.post(&format!("/leads/{lead}/comments"), &[("body", "请核对。")]).await.expect(303);
    let reviewed = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, reviewed, "网页.txt", "标价 99 元。").await;
    let agency = app.seed.agencies[GUANGZHOU];
    story::compose(&compiler, reviewed, 1, &[agency], &[item], &[]).await.expect(303);
    app.settle().await;
    compiler.post(&format!("/leads/{reviewed}/submit"), &[]).await.expect(303);
    let draft = app.seed.lead(&app.services, "compiler");
    all.insert("draft", draft.to_string());
    all.insert("draft-item", story::note(&compiler, draft, "稿.txt", "草稿").await.to_string());
    let at = |part: &str| format!("/leads/{draft}/{part}");
    compiler.post(&format!("/evidence/{}/sealing", all["draft-item"]), &stored::SEALING).await.expect(303);
    let known = story::items(&compiler, draft).await;
    let mut fields = vec![("kind", "file"), ("name", "图.png")];
    fields.extend(story::DETAILS);
    // It is nobody else's already; what became of it has a page of its own.
    let ticked = [("pick", draft.to_string()), ("assignee", "owner".to_owned())];
    let ticked: Vec<(&str, &str)> = ticked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let result = compiler.post("/leads/selected/assign", &ticked).await.expect(303).id();
    all.insert("result", result.to_string());
    multipart(&compiler, &at("evidence"), &fields, "图.png", PICTURE).await.expect(303);
    let mut items = story::items(&compiler, draft).await;
    items.retain(|id| !known.contains(id));
    all.insert("picture", items.remove(0).to_string());
    let known = story::items(&compiler, draft).await;
    multipart(&compiler, &at("evidence"), &fields, "信.eml", LETTER).await.expect(303);
    let mut items = story::items(&compiler, draft).await;
    items.retain(|id| !known.contains(id));
    all.insert("letter", items.remove(0).to_string());
    let script = tus::Client::of_page(app.sign_in("compiler").await);
    let upload = script.begin(draft, "录像.mp4", 5).await;
    all.insert("upload", upload.rsplit('/').next().unwrap_or_default().to_owned());
    let subject = [("kind", "person"), ("name", "甲"), ("part", "主犯")];
    compiler.post(&at("subjects"), &subject).await.expect(303);
    let site = [("address", "某路 1 号"), ("region", "440100"), ("role", "storage")];
    compiler.post(&at("sites"), &site).await.expect(303);
    compiler.post(&at("listings"), &[("url", "https://shop.example/1")]).await.expect(303);
    let found = app.services.db.read(move |conn| {
        use lead_handoff::platform::db::schema::{lead_comment, lead_subject};
        let comment = lead_comment::table.filter(lead_comment::lead_id.eq(lead)).select(lead_comment::id);
        let open = review::table.filter(review::lead_id.eq(reviewed)).select(review::id).first::<Id>(conn)?;
        let subject = lead_subject::table.filter(lead_subject::lead_id.eq(draft));
        let site = lead_site::table.filter(lead_site::lead_id.eq(draft)).select(lead_site::site_id);
        let brand = lead_brand::table.filter(lead_brand::lead_id.eq(draft)).select(lead_brand::brand_id);
        Ok([
            ("review", open),
            ("comment", comment.first(conn)?),
            ("subject", subject.select(lead_subject::subject_id).first(conn)?),
            ("site", site.first(conn)?),
            ("sealing", evidence_sealing::table.select(evidence_sealing::id).first(conn)?),
            ("brand", brand.first(conn)?),
            ("listing", listing::table.filter(listing::lead_id.eq(draft)).select(listing::id).first(conn)?),
        ])
    });
    all.extend(found.await.expect("rows").map(|(name, id)| (name, id.to_string())));
}

/// Accounts and what belongs to them, jobs, mails, the log.
async fn house(app: &TestApp, all: &mut Objects) {
    app.settle().await;
    let admin = app.sign_in("admin").await;
    let invited =
        [("name", "新人"), ("email", "new@example.com"), ("roles", "compiler"), ("language", "zh-CN")];
    admin.post("/admin/people/invite", &invited).await.expect(303);
    let owner = app.seed.people["compiler"];
    let view = [("list", "leads"), ("asked", "state=draft"), ("name", "草稿")];
    app.sign_in("compiler").await.post("/views/new", &view).await.expect(303);
    let made = app.services.db.write(Origin::system("system:cli"), move |tx| {
        let spare = NewPerson {
            username: "spare".into(),
            name: "备用".into(),
            email: "spare@example.com".into(),
            roles: vec![Role::Compiler],
            agency_id: None,
            locale: Lang::Zh,
            password_hash: "!".into(),
            must_change: false,
            synthetic: true,
        };
        let person = create_person(tx, spare)?;
        let failed: Id = job::table.order(job::id).select(job::id).first(tx.conn())?;
        diesel::update(job::table.find(failed)).set(job::state.eq("failed")).execute(tx.conn())?;
        let new = token::NewToken { name: "spare".into(), scopes: vec!["read"], days: None };
        token::create_for(tx, owner, new)?;
        let mail = mail_message::table.order(mail_message::id.desc());
        let link: String = mail_message::table
            .filter(mail_message::link.like("%/invitations/%"))
            .select(mail_message::link)
            .first(tx.conn())?;
        let secret = link.rsplit('/').next().unwrap_or_default().to_owned();
        let ids = [
            ("person", person),
            ("session", open_session(tx, owner, true)?.0),
            (
                "token",
                api_token::table
                    .filter(api_token::name.eq("spare"))
                    .select(api_token::id)
                    .first(tx.conn())?,
            ),
            ("passkey", stored::passkey(tx, owner)?),
            ("mail", mail.select(mail_message::id).first(tx.conn())?),
            ("job", failed),
            ("alarm", stored::alarm(tx)?),
            ("view", saved_view::table.select(saved_view::id).first(tx.conn())?),
            ("invitation", invitation::table.select(invitation::id).first(tx.conn())?),
        ];
        Ok((ids, secret))
    });
    let (ids, secret) = made.await.expect("rows");
    all.extend(ids.map(|(name, id)| (name, id.to_string())));
    all.insert("invited", secret);
    let compiler = app.sign_in("compiler").await;
    let kept = compiler.post("/unsent?form=/leads/new", &[("title", "未提交")]).await.expect(303).location;
    let id = kept.split("unsent=").nth(1).and_then(|rest| rest.get(..36)).expect("an id");
    all.insert("unsent", id.to_owned());
    app.settle().await;
    all.insert("entry", app.last_entry().await.id.to_string());
    all.insert("today", crate::support::today());
    all.insert("elsewhere", app.seed.agencies[HANGZHOU].to_string());
    all.insert("agency", app.seed.agencies[GUANGZHOU].to_string());
    let (admin, page) = (app.sign_in("admin").await, format!("/agencies/{}", app.seed.agencies[GUANGZHOU]));
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let key = [("recipient", recipient.as_str()), ("note", "张某送来")];
    admin.post(&format!("{page}/public-keys/new"), &key).await.expect(303);
    let shown = admin.get(&page).await.expect(200).text();
    let key =
        shown.split("/public-keys/").find_map(|rest| rest.get(..36)?.parse::<Id>().ok()).expect("a key");
    all.insert("agency-key", key.to_string());
    all.insert("stylesheet", assets::css_url().rsplit('/').next().unwrap_or_default().to_owned());
}

/// Plants them all.
pub async fn plant(app: &TestApp) -> Objects {
    let mut all = Objects::new();
    casework(app, &mut all).await;
    handed::handover(app, &mut all).await;
    handed::not_filed(app, &mut all).await;
    house(app, &mut all).await;
    all
}
