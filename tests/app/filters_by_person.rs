//! Lists narrowed to somebody's work: whose it is now, by which name they are called, and what the record says of the file.

use crate::support::TestApp;

#[tokio::test]
async fn a_file_is_on_record_with_whose_leads_were_asked_for() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    let somebody = "0190a3c4-6d10-7a52-9c3e-5b1f0e8d7a41";
    for (asked, name, value) in
        [("owner=me", "mine", "yes"), ("owner", "owner", somebody), ("synthetic=no", "synthetic", "no")]
    {
        let asked = if asked.contains('=') { asked.to_owned() } else { format!("{asked}={value}") };
        manager.get(&format!("/leads/export.csv?{asked}")).await.expect(200);
        let entry = app.last_entry().await;
        let said = entry.leaf["facts"][name].as_str();
        assert_eq!((entry.verb.as_str(), said), ("lead.export", Some(value)), "{asked}");
    }
}

#[tokio::test]
async fn the_leads_of_a_person_are_those_they_work_on() {
    let app = TestApp::new().await;
    let [given, kept] = [(); 2].map(|()| app.seed.lead(&app.services, "compiler"));
    let manager = app.sign_in("manager").await;
    let heir = app.seed.people["compiler2"].to_string();
    manager.post(&format!("/leads/{given}/assign"), &[("assignee", heir.as_str())]).await.expect(303);
    for (person, theirs) in [("compiler", kept), ("compiler2", given)] {
        let address = format!("/leads?owner={}", app.seed.people[person]);
        let list = manager.get(&address).await.expect(200).text();
        let shown = [given, kept].map(|lead| list.contains(&format!("href=\"/leads/{lead}\"")));
        assert_eq!(shown, [given == theirs, kept == theirs], "{person}: {list}");
    }
}

#[tokio::test]
async fn the_work_of_a_closed_account_is_asked_for_by_its_name() {
    let app = TestApp::new().await;
    app.seed.lead(&app.services, "compiler");
    let manager = app.sign_in("manager").await;
    let (id, name) = (app.seed.people["compiler"], "编制人甲（已停用）");
    app.disable("compiler").await;
    for list in [format!("/leads?owner={id}"), format!("/approvals?state=all&by={id}")] {
        // Among the filters in force, and chosen in the field, so that the next search keeps it.
        let page = manager.get(&list).await.expect(200).text();
        assert!(page.matches(name).count() >= 2, "{list}: {page}");
        assert!(page.contains(&format!("value=\"{id}\" selected")), "{list}: {page}");
    }
    manager.get("/leads").await.expect(200).has_not("（已停用）");
    let file = manager.get(&format!("/leads/export.csv?owner={id}")).await.expect(200);
    file.has(name);
    let file = manager.get(&format!("/approvals/export?state=all&by={id}&format=csv")).await.expect(200);
    file.has(name);
}

/// Who has an account at an agency is that agency's: a list narrowed to its id tells no name.
#[tokio::test]
async fn a_filter_by_person_names_nobody_of_an_agency() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    let id = app.seed.people["liaison"];
    let lists = [format!("/leads?owner={id}"), format!("/approvals?state=all&by={id}")];
    let files =
        [format!("/leads/export.csv?owner={id}"), format!("/approvals/export?state=all&by={id}&format=csv")];
    for address in lists.iter().chain(&files) {
        manager.get(address).await.expect(200).has_not("联络员甲").has(&id.to_string());
    }
}
