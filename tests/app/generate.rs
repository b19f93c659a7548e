//! Synthetic leads for load tests: the same from the same seed, in order with everything that watches over the data.

use diesel::{prelude::*, sql_query, sql_types::BigInt};
use lead_handoff::{
    casework::lead::{list, model::Lead as ListedLead},
    cli::check,
    demo::synthetic::{self, Order},
    platform::{
        db::{
            Connection, Id,
            schema::{agency, counter, lead, lead_subject, outcome, person, transfer},
        },
        error::Result,
        http::Form,
        i18n::Lang,
        keyset::{Edge, Page},
        services::Services,
        time,
    },
};

use crate::support::TestApp;

async fn generate(app: &TestApp, order: Order) -> Result<synthetic::Made> {
    let services = app.services.clone();
    let work = move || synthetic::generate(&services, &order, &mut |_| {});
    tokio::task::spawn_blocking(work).await.expect("joined")
}

fn order(leads: u32, seed: u64) -> Order {
    Order { leads, seed, mix: true }
}

type Lead = (Id, String, String, String, Option<i64>, String);
type Transfer = (Id, Id, String, String, i64, Option<i64>);
type Outcome = (Id, String, Option<Id>, String, i32, Option<i64>);

/// What was generated, as far as it is of the seed alone.
#[derive(Debug, PartialEq)]
struct Data {
    leads: Vec<Lead>,
    subjects: Vec<(Id, Id)>,
    transfers: Vec<Transfer>,
    outcomes: Vec<Outcome>,
}

fn data(conn: &mut Connection) -> Result<Data> {
    Ok(Data {
        leads: lead::table
            .order(lead::seq)
            .select((lead::id, lead::number, lead::title, lead::region_code, lead::value_fen, lead::state))
            .load(conn)?,
        subjects: lead_subject::table
            .order((lead_subject::lead_id, lead_subject::subject_id))
            .select((lead_subject::lead_id, lead_subject::subject_id))
            .load(conn)?,
        transfers: transfer::table
            .inner_join(agency::table)
            .order(transfer::seq)
            .select((
                transfer::id,
                transfer::lead_id,
                transfer::number,
                agency::code,
                transfer::sent_at,
                transfer::next_due_at,
            ))
            .load(conn)?,
        outcomes: outcome::table
            .order(outcome::seq)
            .select((
                outcome::id,
                outcome::kind,
                outcome::case_id,
                outcome::region_code,
                outcome::persons,
                outcome::amount_fen,
            ))
            .load(conn)?,
    })
}

async fn faults(services: &Services) -> Vec<String> {
    let services = services.clone();
    let report =
        tokio::task::spawn_blocking(move || check::check(&services, Lang::En)).await.expect("joined");
    report.expect("checked").faults
}

#[tokio::test]
async fn the_same_seed_gives_the_same_data_and_another_seed_other_data() {
    let (one, two) = (TestApp::new().await, TestApp::new().await);
    generate(&one, order(300, 7)).await.expect("generated");
    generate(&two, order(300, 7)).await.expect("generated");
    let (first, second) = (one.services.db.read(data).await, two.services.db.read(data).await);
    let first = first.expect("data");
    assert_eq!(first, second.expect("data"));
    assert_eq!(first.leads.len(), 300);
    assert!(first.transfers.len() > 200 && first.outcomes.len() > 200 && first.subjects.len() > 300);

    let again = generate(&one, order(20, 7)).await.expect_err("a seed is used once");
    assert!(again.to_string().contains("--seed"), "{again}");
    generate(&one, order(20, 8)).await.expect("another seed");
    let after = one.services.db.read(data).await.expect("data");
    assert_eq!(after.leads.len(), 320);
    assert_eq!(after.leads[..300], first.leads[..]);
    assert_eq!(faults(&one.services).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_generated_is_in_order_counted_on_and_found() {
    let app = TestApp::new().await;
    let made = generate(&app, order(120, 1)).await.expect("generated");
    assert!(made.first.starts_with("XS-2019-000001") && made.last.starts_with("XS-2025-"), "{made:?}");
    app.settle().await;
    assert_eq!(faults(&app.services).await, Vec::<String>::new());

    let compiler = app.sign_in("compiler").await;
    compiler.get("/leads?q=XS-2019-1").await.expect(200).has("XS-2019-000001");
    let (id, title): (Id, String) = app
        .services
        .db
        .read(|conn| Ok(lead::table.order(lead::seq.desc()).select((lead::id, lead::title)).first(conn)?))
        .await
        .expect("the last lead");
    let words: String = title.chars().take(8).collect();
    compiler.get(&format!("/leads?q={words}")).await.expect(200).has(&title);
    compiler.get(&format!("/leads/{id}")).await.expect(200).has(&title).has("合成");
    compiler.get("/").await.expect(200);
    compiler.get("/transfers").await.expect(200).has("YS-20");
    compiler.get("/cases").await.expect(200);
    compiler.get("/outcomes").await.expect(200);
    let manager = app.sign_in("manager").await;
    let report = manager.get("/reports/2022").await.expect(200).has("合成").has("审计日志前 ");
    // What was generated has its place in the log, and the report counts from there.
    report.has_not("审计日志前 0 条");
    let liaison = app.sign_in("liaison").await;
    liaison.get("/transfers").await.expect(200).has("YS-20");

    let (highest, stand): (Option<String>, i64) = app
        .services
        .db
        .read(|conn| {
            let of_2019 = lead::table.filter(lead::year.eq(2019)).order(lead::seq.desc());
            let highest = of_2019.select(lead::number).first(conn).optional()?;
            let stand = counter::table.find("lead-2019").select(counter::value).first(conn)?;
            Ok((highest, stand))
        })
        .await
        .expect("counter");
    assert_eq!(highest, Some(format!("XS-2019-{stand:06}")));
}

/// What came back and was not dealt with, as it is kept for the first page, and as its rows tell.
const BACK: (&str, &str) = (
    "SELECT step_id FROM transfer_back",
    "SELECT s.id FROM transfer_step s JOIN transfer t ON t.id = s.transfer_id \
     WHERE s.kind IN ('returned', 'not_accepted', 'not_filed', 'forwarded') \
     AND NOT EXISTS (SELECT 1 FROM transfer_seen n WHERE n.step_id = s.id) \
     AND NOT EXISTS (SELECT 1 FROM transfer_step l WHERE l.transfer_id = s.transfer_id AND l.kind = s.kind \
     AND (l.at > s.at OR (l.at = s.at AND l.id > s.id))) \
     AND NOT EXISTS (SELECT 1 FROM lead_step r WHERE r.lead_id = t.lead_id AND r.kind = 'reopened' \
     AND r.at > s.at) \
     AND NOT EXISTS (SELECT 1 FROM transfer o WHERE o.lead_id = t.lead_id AND o.sent_at > s.at)",
);
/// As [`BACK`]: messages that wait for an answer.
const OPEN: (&str, &str) = (
    "SELECT message_id FROM message_open",
    "SELECT m.id FROM message m WHERE NOT EXISTS (SELECT 1 FROM message n \
     WHERE n.transfer_id = m.transfer_id AND n.side <> m.side AND n.id > m.id) \
     AND NOT EXISTS (SELECT 1 FROM message_note k WHERE k.transfer_id = m.transfer_id AND k.message_id >= m.id)",
);

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

async fn number(app: &TestApp, rows: String) -> i64 {
    let asked = sql_query(format!("SELECT COUNT(*) AS n FROM ({rows}) counted"));
    app.services.db.read(move |conn| Ok(asked.get_result::<Number>(conn)?.n)).await.expect("a number")
}

#[tokio::test]
async fn what_waits_is_kept_as_the_rows_tell_in_whatever_order_they_come() {
    let app = TestApp::new().await;
    generate(&app, order(400, 7)).await.expect("generated");
    for (kept, told) in [BACK, OPEN] {
        assert!(number(&app, kept.to_owned()).await > 0, "{kept}: nothing waits");
        assert_eq!(number(&app, format!("{kept} EXCEPT {told}")).await, 0, "{kept}: kept and not so");
        assert_eq!(number(&app, format!("{told} EXCEPT {kept}")).await, 0, "{kept}: so and not kept");
    }
}

/// What an address asks of the list.
fn asked_by(address: &str, me: Id) -> list::model::Asked {
    let question = address.split_once('?').map_or("", |(_, q)| q);
    list::model::read(&mut Form::parse(question.as_bytes()), me)
}

/// The list's numbers, page by page to the end and back to the beginning, `few` rows taken by their keys.
fn walked(conn: &mut Connection, address: &str, me: Id, few: i64) -> Result<(Vec<String>, Vec<String>)> {
    let numbers = |page: &Page<ListedLead>| -> Vec<String> {
        page.rows.iter().map(|lead| lead.number.clone()).collect()
    };
    let (mut there, mut back) = (Vec::new(), Vec::new());
    let mut asked = asked_by(address, me);
    loop {
        let page = list::store::page_by(conn, &asked, time::DEFAULT_ZONE, 7, few)?;
        there.extend(numbers(&page));
        let Some(last) = page.rows.last().filter(|_| page.has_next) else { break };
        asked.from = Edge::After(asked.sort.by.of(last));
    }
    loop {
        let page = list::store::page_by(conn, &asked, time::DEFAULT_ZONE, 7, few)?;
        back.splice(0..0, numbers(&page));
        let Some(first) = page.rows.first().filter(|_| page.has_previous) else { break };
        asked.from = Edge::Before(asked.sort.by.of(first));
    }
    Ok((there, back))
}

#[tokio::test]
async fn a_list_is_the_same_whichever_way_its_rows_are_found() {
    let app = TestApp::new().await;
    generate(&app, order(250, 5)).await.expect("generated");
    let me = app.seed.people["compiler"];
    let agency = app.seed.agencies[crate::support::seed::GUANGZHOU];
    let filters = [
        String::new(),
        "q=假冒".into(),
        "q=手表".into(),
        "charge=CL214".into(),
        "region=440000".into(),
        "brand=合成云岭一号".into(),
        "owner=me&state=draft".into(),
        "owner=me".into(),
        format!("agency={agency}"),
        "from=2021-01-01&to=2022-06-30".into(),
        "min=500万元".into(),
        "synthetic=yes&state=approved".into(),
        "synthetic=no".into(),
        "q=假冒&charge=CL214&region=440000&from=2020-01-01".into(),
    ];
    let done = app.services.db.read(move |conn| {
        // A page says where it sorts a part of the hits alone.
        for (address, most, is_cut) in [
            ("/leads?q=手表&sort=-value", 10, true),
            ("/leads?q=手表&sort=-value", 1_000, false),
            ("/leads?q=手表", 10, false),
            ("/leads?sort=-value", 10, false),
        ] {
            assert_eq!(list::store::is_cut(conn, &asked_by(address, me), most)?, is_cut, "{address}");
        }
        // So does a file, of many more.
        let asked = asked_by("/leads?q=手表&sort=-value", me);
        let file = list::hits::in_order(conn, &asked, time::DEFAULT_ZONE, 10)?.expect("a search");
        assert!(file.is_cut && file.ids.len() <= 10, "{file:?}");
        for filter in &filters {
            for sort in ["-number", "number", "-value", "value", "-updated", "updated"] {
                let address = format!("/leads?{filter}&sort={sort}");
                let by_keys = walked(conn, &address, me, 100_000)?;
                assert_eq!(by_keys, walked(conn, &address, me, 0)?, "{address}");
                assert_eq!(by_keys.0, by_keys.1, "{address}: there and back");
                let may_be_empty = ["synthetic=no", "owner=me&state=draft"].contains(&filter.as_str());
                assert!(may_be_empty || !by_keys.0.is_empty(), "{address}");
                // The hits of a file are looked for once, and are in the order of the pages.
                let file = list::hits::in_order(conn, &asked_by(&address, me), time::DEFAULT_ZONE, 100_000)?;
                assert_eq!(file.is_some(), filter.contains("q=") && !sort.ends_with("number"), "{address}");
                if let Some(file) = file {
                    let leads = list::store::these(conn, &file.ids)?;
                    let numbers: Vec<String> = leads.into_iter().map(|lead| lead.number).collect();
                    assert_eq!((numbers, file.is_cut), (by_keys.0, false), "{address}");
                }
            }
        }
        Ok(())
    });
    done.await.expect("lists");
}

#[tokio::test]
async fn beside_real_data_only_with_leave_and_an_empty_folder_is_settled() {
    let app = TestApp::new().await;
    let refused = generate(&app, Order { mix: false, ..order(5, 1) }).await.expect_err("not without leave");
    assert!(refused.to_string().contains("--yes-mix-with-real-data"), "{refused}");
    let services = app.services.clone();
    let settled = tokio::task::spawn_blocking(move || synthetic::settle_in(&services)).await.expect("joined");
    assert!(settled.expect("settled").is_none(), "there are people already");

    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().display().to_string();
    let done = tokio::task::spawn_blocking(move || -> Result<(usize, i64, bool)> {
        let settings =
            lead_handoff::platform::settings::Settings::load_with(Default::default(), &path, &|_| None)?;
        let services = lead_handoff::app::open(settings, lead_handoff::app::system_clock())?;
        let accounts = synthetic::settle_in(&services)?.unwrap_or_default();
        synthetic::generate(&services, &Order { mix: false, ..order(30, 3) }, &mut |_| {})?;
        let people = services.db.read_now(|conn| Ok(person::table.count().get_result(conn)?))?;
        let today = time::day_of(services.db.now(), services.settings.time_zone);
        let past: Vec<Option<chrono::NaiveDate>> =
            services.db.read_now(|conn| Ok(lead::table.select(lead::occurred_to).load(conn)?))?;
        let all_past = past.iter().flatten().all(|day| *day < today);
        assert_eq!(check::check(&services, Lang::En)?.faults, Vec::<String>::new());
        Ok((accounts.len(), people, all_past))
    });
    let (accounts, people, all_past) = done.await.expect("joined").expect("generated");
    assert_eq!((accounts, people), (8, 8));
    assert!(all_past);
}
