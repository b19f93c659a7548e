//! Inviting somebody for an agency: it is looked for by its name, its sounds or its code; a form that is sent twice invites
//! once.

use diesel::prelude::*;
use lead_handoff::platform::db::{Id, schema::invitation};

use super::people::link;
use crate::support::{
    Browser, Reply, TestApp,
    seed::{GUANGZHOU, HANGZHOU},
};

const INVITE: &str = "/admin/people/invite";

/// A liaison of what is typed into the field for the agency, and what else is sent with it.
async fn invite(admin: &Browser, email: &str, agency: &str, more: &[(&str, &str)]) -> Reply {
    let fields =
        [("name", "周北"), ("email", email), ("roles", "liaison"), ("agency", agency), ("language", "zh-CN")];
    admin.post(INVITE, &[&fields[..], more].concat()).await
}

/// The agencies of all invitations, oldest first.
async fn invited(app: &TestApp) -> Vec<Option<Id>> {
    let read = app.services.db.read(|conn| {
        let rows = invitation::table.order(invitation::id).select(invitation::agency_id);
        Ok(rows.load::<Option<Id>>(conn)?)
    });
    read.await.expect("invitations")
}

#[tokio::test]
async fn the_agency_of_an_invitation_is_typed_and_not_scrolled_to() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let page = admin.get(INVITE).await.expect(200).has("data-pick=\"agencies\"");
    page.has("name=\"seek\" value=\"agency\"").has_not("广州市公安局经侦支队");

    // Without a script its button says what fits; nothing else is found fault with, and nobody is invited.
    let found = invite(&admin, "", "guangzhou", &[("seek", "agency")]).await.expect(422);
    found.has("name=\"agency.pick\" value=\"GZ-ECD\"").has("value=\"周北\"").has_not("f-email-error");
    // What only fits is offered, and not taken.
    let offered = invite(&admin, "zhou@example.com", "经侦", &[]).await.expect(422);
    offered.has("name=\"agency.pick\" value=\"GZ-ECD\"").has("没有选中单位").has("href=\"#f-agency\"");
    invite(&admin, "zhou@example.com", "没有这样的单位", &[]).await.expect(422).has("没有这个代码的单位");
    assert!(invited(&app).await.is_empty());

    // A choice, a code, a whole name and, from before there was a picker, an id.
    let [here, there] = [GUANGZHOU, HANGZHOU].map(|code| app.seed.agencies[code]);
    invite(&admin, "a@example.com", "guangzhou", &[("agency.pick", GUANGZHOU)]).await.expect(303);
    app.stranger().get(&link(&app).await).await.expect(200).has("联络员").has("广州市公安局经侦支队");
    invite(&admin, "b@example.com", "hz-samr", &[]).await.expect(303);
    invite(&admin, "c@example.com", "杭州市市场监督管理局", &[]).await.expect(303);
    invite(&admin, "d@example.com", &here.to_string(), &[]).await.expect(303);
    assert_eq!(invited(&app).await, [Some(here), Some(there), Some(there), Some(here)]);

    // An agency that has ended gets no new people.
    let ended = [("valid_to", "2016-12-31")];
    admin.post(&format!("/agencies/{there}/close"), &ended).await.expect(303);
    let over = invite(&admin, "e@example.com", HANGZHOU, &[]).await.expect(422);
    over.has("id=\"f-agency-error\"").has("已经撤销");
    assert_eq!(invited(&app).await.len(), 4);
}

#[tokio::test]
async fn an_invitation_that_is_sent_twice_is_one() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let page = admin.get(INVITE).await.expect(200).text();
    let begin = format!("{INVITE}?once=");
    let action = page.split("action=\"").find(|part| part.starts_with(&begin)).expect("a form");
    let action = action.split('"').next().unwrap_or_default().replace("&#38;", "&");
    let fields = [
        ("name", "周北"),
        ("email", "zhou@example.com"),
        ("roles", "liaison"),
        ("agency", GUANGZHOU),
        ("language", "zh-CN"),
    ];
    let first = admin.post(&action, &fields).await.expect(303);
    let (entries, letter) = (app.audit_count().await, link(&app).await);
    let second = admin.post(&action, &fields).await.expect(303);
    let page = |reply: &Reply| reply.location.split('?').next().unwrap_or_default().to_owned();
    assert_eq!(page(&first), page(&second), "{} and {}", first.location, second.location);
    admin.get(&second.location).await.expect(200).has("未重复办理").has("zhou@example.com");
    assert_eq!(invited(&app).await.len(), 1);
    assert_eq!((app.audit_count().await, link(&app).await), (entries, letter), "nothing more is done");

    // Both presses at once.
    let page = admin.get(INVITE).await.expect(200).text();
    let action = page.split("action=\"").find(|part| part.starts_with(&begin)).expect("a form");
    let action = action.split('"').next().unwrap_or_default().replace("&#38;", "&");
    let other = [&fields[..1], &[("email", "shen@example.com")], &fields[2..]].concat();
    let (one, two) = tokio::join!(admin.post(&action, &other), admin.post(&action, &other));
    let told = [one.expect(303), two.expect(303)];
    assert_eq!(told.iter().filter(|reply| reply.location.ends_with("?ok=done-before")).count(), 1);
    assert_eq!(invited(&app).await.len(), 2);
}
