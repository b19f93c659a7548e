//! HEAD of every route that is read: answered as GET is, without a body, and as much on record.

use lead_handoff::audit;

use super::{Caller, Class, People, ROWS, Row, callers, class, objects, path_of};
use crate::support::TestApp;

/// One caller for each thing that the policy says of somebody.
fn one_of_each<'a>(row: &Row, people: &'a People) -> Vec<(Caller<'a>, Class)> {
    let mut seen = Vec::new();
    let is_first = |(_, expected): &(Caller<'_>, Class)| {
        let is_new = !seen.contains(expected);
        seen.push(*expected);
        is_new
    };
    callers(row, people).into_iter().filter(is_first).collect()
}

/// What the newest entries say was done.
async fn newest(app: &TestApp, entries: i64) -> Vec<String> {
    let read = app.services.db.read(move |conn| audit::page(conn, &audit::Filter::default(), entries));
    let rows = read.await.expect("entries").into_iter();
    let mut verbs: Vec<String> = rows.map(|row| row.verb).collect();
    verbs.sort_unstable();
    verbs
}

#[actix_web::test]
async fn head_is_answered_as_get_is_and_is_a_look_as_much() {
    let app = TestApp::new().await;
    let objects = objects::plant(&app).await;
    let people = People::of(&app).await;
    let has_own = |row: &Row| ROWS.iter().any(|own| own.method == "HEAD" && own.pattern == row.pattern);
    let mut faults = Vec::new();
    for row in ROWS.iter().filter(|row| row.method == "GET" && !has_own(row)) {
        let path = path_of(row, &objects);
        let head = Row { method: "HEAD", ..*row };
        for (caller, expected) in one_of_each(row, &people) {
            let at = format!("{} as {}", row.pattern, caller.name);
            let before = app.audit_count().await;
            let whole = caller.ask(row, &path, String::new()).await;
            let between = app.audit_count().await;
            let by_get = newest(&app, between - before).await;
            let bare = caller.ask(&head, &path, String::new()).await;
            let by_head = newest(&app, app.audit_count().await - between).await;
            let kind = |name: &str| (whole.headers.get(name).cloned(), bare.headers.get(name).cloned());
            let (told, found) = kind("content-type");
            if bare.status != whole.status || class(&bare) != class(&whole) || told != found {
                faults.push(format!("{at}: {} {found:?}, GET says {} {told:?}", bare.status, whole.status));
            }
            if !bare.bytes.is_empty() {
                faults.push(format!("{at}: a body of {} bytes", bare.bytes.len()));
            }
            // What strangers try is on record in groups.
            let is_counted = matches!(expected, Class::In | Class::Hidden | Class::Barred);
            if is_counted && by_head != by_get {
                faults.push(format!("{at}: {by_head:?}, GET leaves {by_get:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// The message of what was done is still told to whoever reads the page.
#[actix_web::test]
async fn head_takes_no_message_away() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let compiler = app.sign_in("compiler").await;
    let charges = format!("/leads/{lead}/charges");
    let done = compiler.post(&charges, &[("charges", "CL213")]).await.expect(303);
    let looked = compiler.client.head(compiler.url(&done.location));
    let looked = compiler.send(looked).await.expect(200);
    assert!(looked.bytes.is_empty());
    compiler.get(&done.location).await.expect(200).has("notice-ok");
    compiler.get(&done.location).await.expect(200).has_not("notice-ok");
}
