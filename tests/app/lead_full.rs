//! A lead names much and not without end: the one that is too many is refused at its field, and one that goes makes room.

use lead_handoff::{
    casework::lead::parts::full::MOST,
    platform::db::{Cell, Id, Rows, Tx},
};

use crate::support::TestApp;

/// As many subjects, sites and offers as a lead takes.
fn fill(tx: &mut Tx<'_>, lead: Id) -> lead_handoff::platform::error::Result<()> {
    let now = tx.now();
    let mut subjects = Rows::new("subject", &["id", "kind", "name", "identifier", "match_key", "created_at"]);
    let mut named = Rows::new("lead_subject", &["lead_id", "subject_id", "name", "part"]);
    let mut sites = Rows::new("site", &["id", "address", "region_code", "match_key", "created_at"]);
    let mut used = Rows::new("lead_site", &["lead_id", "site_id", "role", "note"]);
    let mut offers =
        Rows::new("listing", &["id", "lead_id", "url", "title", "item_number", "shop", "created_at"]);
    for n in 0..MOST {
        let (subject, site) = (Id::new(), Id::new());
        let name = format!("合成商行 {n} 号");
        let row: [Cell; 6] =
            [subject.into(), "shop".into(), name.clone().into(), "".into(), "".into(), now.into()];
        subjects.push(row);
        named.push([lead.into(), subject.into(), name.into(), "".into()]);
        let address = format!("合成路 {n} 号");
        sites.push([site.into(), address.into(), "440111".into(), "".into(), now.into()]);
        used.push([lead.into(), site.into(), "sale".into(), "".into()]);
        let url = format!("https://shop.example/{n}");
        offers.push([
            Id::new().into(),
            lead.into(),
            url.into(),
            "手表".into(),
            "".into(),
            "".into(),
            now.into(),
        ]);
    }
    for rows in [&mut subjects, &mut named, &mut sites, &mut used, &mut offers] {
        rows.insert(tx.conn())?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_one_too_many_for_a_lead_is_refused_at_its_field() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    app.services.db.write_quiet(move |tx| fill(tx, lead)).await.expect("a full lead");
    let compiler = app.sign_in("compiler").await;
    let subject = [("name", "又一家店"), ("kind", "shop")];
    let site = [("address", "又一条路 1 号"), ("region", "440111"), ("role", "storage")];
    let offer = [("url", "https://shop.example/another"), ("title", "手表")];
    for (part, fields, field) in
        [("subjects", &subject[..], "name"), ("sites", &site[..], "address"), ("listings", &offer[..], "url")]
    {
        let path = format!("/leads/{lead}/{part}");
        let before = app.audit_count().await;
        let refused = compiler.post(&path, fields).await.expect(422).has("每条线索此类内容最多");
        // What was typed is given back.
        let refused = refused.has(&format!("id=\"f-{field}-error\"")).has(fields[0].1);
        // The page with the fault is a look at the lead, and nothing else happened.
        let entry = app.last_entry().await;
        assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "lead.view"), "{part}");
        // One that goes makes room for it, and for no other.
        let begin = format!("class=\"button button-small\" href=\"{path}/");
        let page = refused.text();
        let first = page.split(begin.as_str()).nth(1).and_then(|rest| rest.split('"').next());
        let first = first.expect("one to take off");
        compiler.post(&format!("{path}/{first}/remove"), &[]).await.expect(303);
        compiler.post(&path, fields).await.expect(303);
        let added = format!("lead.{}.add", part.trim_end_matches('s'));
        let entry = app.last_entry().await;
        assert_eq!((app.audit_count().await, entry.verb), (before + 3, added));
        compiler.post(&path, fields).await.expect(422).has("每条线索此类内容最多");
    }
}
