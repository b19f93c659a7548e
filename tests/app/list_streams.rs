//! A file of a long list leaves while it is read, page by page: every row stands in it once, in the list's order.

use std::collections::BTreeSet;

use calamine::{DataType, Reader, Xlsx, open_workbook_from_rs};
use diesel::prelude::*;
use lead_handoff::{
    casework::lead::store::{find_many, index_text},
    platform::{
        db::{Cell, Id, Rows, schema::lead},
        export::AT_ONCE,
    },
};

use crate::support::{TestApp, table};

/// More than are read at once, several times, and some more.
const LEADS: usize = 5 * AT_ONCE as usize + 104;

fn number(n: usize) -> String {
    format!("XS-2026-{n:06}")
}

/// Leads that were all changed within the same few moments.
async fn generate(app: &TestApp) {
    let owner = app.seed.people["compiler"];
    let written = app.services.db.write_quiet(move |tx| {
        let now = tx.now();
        for n in 1..=LEADS {
            diesel::insert_into(lead::table)
                .values((
                    lead::id.eq(Id::new()),
                    lead::number.eq(number(n)),
                    lead::year.eq(2026),
                    lead::title.eq("假冒品牌手表"),
                    lead::summary.eq(""),
                    lead::region_code.eq(["440100", "330100"][n % 2]),
                    lead::source_kind.eq("risk_model"),
                    lead::source_note.eq(""),
                    lead::sender_role.eq("reporter"),
                    lead::state.eq("approved"),
                    lead::owner_id.eq(owner),
                    lead::created_at.eq(now),
                    lead::updated_at.eq(now),
                ))
                .execute(tx.conn())?;
        }
        // They are found by their words.
        let all: Vec<Id> = lead::table.select(lead::id).load(tx.conn())?;
        let all = find_many(tx.conn(), &all)?;
        all.iter().try_for_each(|lead| index_text(tx.conn(), lead))
    });
    written.await.expect("leads");
}

/// The numbers in a CSV file, in its order.
fn numbers(file: &str) -> Vec<String> {
    let cells = table(file).into_iter().skip(1).filter_map(|line| line.split(',').next());
    cells.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_file_of_thousands_of_leads_holds_each_of_them_once() {
    let app = TestApp::new().await;
    generate(&app).await;
    let manager = app.sign_in("manager").await;
    let all: Vec<String> = (1..=LEADS).map(number).collect();

    let file = manager.get("/leads/export.csv?sort=number").await.expect(200).text();
    assert_eq!(numbers(&file), all);
    assert!(file.contains("行数,2604"), "the file says how many it holds");
    let file = manager.get("/leads/export.csv").await.expect(200).text();
    assert_eq!(numbers(&file), all.iter().rev().cloned().collect::<Vec<_>>());
    // By what they have in common, no row is lost between two pages.
    let file = manager.get("/leads/export.csv?sort=-updated").await.expect(200).text();
    let (found, each) = (numbers(&file), numbers(&file).into_iter().collect::<BTreeSet<_>>());
    assert_eq!((found.len(), each), (LEADS, all.iter().cloned().collect()));
    let file = manager.get("/leads/export.csv?q=手表&sort=-updated").await.expect(200).text();
    let (found, each) = (numbers(&file), numbers(&file).into_iter().collect::<BTreeSet<_>>());
    assert_eq!((found.len(), each), (LEADS, all.iter().cloned().collect()));
    assert!(!file.contains("检索结果"), "all of them are there");
    // As the list is narrowed.
    let file = manager.get("/leads/export.csv?region=浙江省").await.expect(200).text();
    assert_eq!(numbers(&file).len(), LEADS / 2);

    let book = manager.get("/leads/export.xlsx?sort=number").await.expect(200).bytes;
    let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(book)).expect("a workbook");
    let list = book.worksheet_range_at(0).expect("a sheet").expect("its cells");
    let found: Vec<String> =
        list.rows().skip(1).filter_map(|row| row.first().map(ToString::to_string)).collect();
    assert_eq!(found, all);
    let about = book.worksheet_range("导出说明").expect("a sheet");
    assert!(about.rows().flatten().any(|cell| cell.as_i64() == Some(2_604)));
}

/// So many that their file is larger than all that lies between a server and whoever does not read on.
const MANY: usize = 100_000;

const COLUMNS: &[&str] = &[
    "id",
    "number",
    "year",
    "title",
    "summary",
    "region_code",
    "source_kind",
    "source_note",
    "sender_role",
    "state",
    "owner_id",
    "created_at",
    "updated_at",
];

/// As [`generate`], many at once, with long titles.
async fn generate_many(app: &TestApp) {
    let owner = app.seed.people["compiler"];
    let written = app.services.db.write_quiet(move |tx| {
        let (now, title) = (tx.now(), "假冒品牌手表".repeat(20));
        let mut rows = Rows::new("lead", COLUMNS);
        for n in 1..=MANY {
            let row: [Cell; 13] = [
                Id::new().into(),
                number(n).into(),
                2026_i32.into(),
                title.as_str().into(),
                "".into(),
                "440100".into(),
                "risk_model".into(),
                "".into(),
                "reporter".into(),
                "approved".into(),
                owner.into(),
                now.into(),
                now.into(),
            ];
            rows.push(row);
            if n.is_multiple_of(10_000) {
                rows.insert(tx.conn())?;
            }
        }
        rows.insert(tx.conn())
    });
    written.await.expect("leads");
}

/// The first rows are here before the last ones are read: what changes meanwhile at the list's end stands in the file.
#[tokio::test]
async fn a_file_of_a_hundred_thousand_leads_begins_before_they_are_read() {
    let app = TestApp::new().await;
    generate_many(&app).await;
    let manager = app.sign_in("manager").await;
    let before = app.audit_count().await;
    let asked = manager.client.get(manager.url("/leads/export.csv?sort=number"));
    let mut reply = asked.send().await.expect("a reply");
    assert_eq!(reply.status().as_u16(), 200);
    let mut file = Vec::new();
    while !String::from_utf8_lossy(&file).contains(&number(1)) {
        file.extend(reply.chunk().await.expect("a line that holds").expect("a file that has begun"));
    }
    assert!(file.len() < 10_000_000, "{} bytes came at once", file.len());

    let later = app.services.db.write_quiet(|tx| {
        let last = lead::table.filter(lead::number.eq(number(MANY)));
        Ok(diesel::update(last).set(lead::title.eq("后来改写的标题")).execute(tx.conn())?)
    });
    assert_eq!(later.await.expect("another title"), 1);
    while let Some(piece) = reply.chunk().await.expect("a line that holds") {
        file.extend(piece);
    }
    let file = String::from_utf8(file).expect("UTF-8");
    let found = numbers(&file);
    assert_eq!(found.len(), MANY);
    assert!(found.iter().enumerate().all(|(at, found)| *found == number(at + 1)), "each once, in order");
    assert!(table(&file).last().is_some_and(|line| line.contains("后来改写的标题")), "read last of all");
    assert!(file.contains("行数,100000"), "the file says how many it holds");
    assert_eq!(app.audit_count().await, before + 1, "one file, one entry");
}
