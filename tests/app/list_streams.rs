//! A file of a long list leaves while it is read, page by page: every row stands in it once, in the list's order.

use std::collections::BTreeSet;

use calamine::{DataType, Reader, Xlsx, open_workbook_from_rs};
use diesel::prelude::*;
use lead_handoff::platform::{
    db::{Id, schema::lead},
    export::AT_ONCE,
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
        Ok(())
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
