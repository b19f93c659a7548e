//! The rows behind the sums of sales records go out with the dossier, to whom the tables are given and to nobody else.

use std::{
    collections::BTreeSet,
    io::{Cursor, Read},
};

use lead_handoff::{
    casework::dossier::{facts::Sales, stated, verify},
    platform::db::Id,
};

use super::sales::{CSV_FORM, XLSX_FORM, mark, tables, upload};
use crate::support::{
    Browser, TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    story,
};

const ROWS: &str = "data/sales-rows.csv";

async fn package(browser: &Browser, dossier: Id) -> Vec<u8> {
    browser.get(&format!("/dossiers/{dossier}/package.zip")).await.expect(200).bytes
}

/// A file of a package, by its path in it.
fn file(package: &[u8], path: &str) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("a package");
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).expect("a file");
        let name = file.name().expect("a name").into_owned();
        if name.split_once('/').is_some_and(|(_, rest)| rest == path) {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("read");
            return Some(bytes);
        }
    }
    None
}

/// Its rows without the head.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(text);
    let records = reader.records().map(|row| row.expect("a row"));
    records.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

/// How many rows are counted, and to how many pieces and fen they come, as anybody would add them up.
fn counted(rows: &[Vec<String>]) -> (i64, i64, i64) {
    let of_row = |row: &Vec<String>| {
        let fen = row[5].replace('.', "").parse::<i64>().expect("an amount");
        (row[4].parse::<i64>().expect("pieces"), fen)
    };
    let counted = rows.iter().filter(|row| row[6].ends_with("counted")).map(of_row);
    counted.fold((0, 0, 0), |(rows, units, fen), one| (rows + 1, units + one.0, fen + one.1))
}

/// Of which agency a dossier is, and the sales records that it states.
async fn sales_of(app: &TestApp, dossier: Id) -> (String, Option<Sales>) {
    let found = app.services.db.read(move |conn| stated::of(conn, dossier)).await.expect("read");
    let facts = found.expect("facts").facts;
    (facts.addressee.code, facts.sales)
}

fn verdict(app: &TestApp, package: Vec<u8>) -> (verify::Verdict, Vec<String>) {
    let key = app.services.signer.public().to_string().parse().expect("a key");
    let report = verify::verify(Cursor::new(package), &[key], &mut |_, _| {}).expect("readable");
    (report.verdict, report.faults.into_iter().map(|fault| fault.file).collect())
}

#[tokio::test]
async fn every_row_of_a_table_that_is_given_stands_in_the_package_and_none_of_one_that_is_not() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, csv, xlsx) = tables(&app, &compiler).await;
    mark(&compiler, csv, &CSV_FORM).await;
    mark(&compiler, xlsx, &XLSX_FORM).await;
    // Hangzhou gets the second table alone.
    let hold = format!("withhold-{}", app.seed.agencies[HANGZHOU]);
    let made =
        story::seal_version(&app, lead, 1, &[GUANGZHOU, HANGZHOU], &[csv, xlsx], &[(&hold, "1")]).await;
    let (mut all, mut part) = (None, None);
    for id in made {
        let (code, sales) = sales_of(&app, id).await;
        let sales = sales.expect("sales records");
        assert_eq!(sales.rows_file.as_deref(), Some(ROWS));
        let package = package(&compiler, id).await;
        let bytes = file(&package, ROWS).expect("the rows");
        let found = rows(&bytes);
        assert_eq!(counted(&found), (sales.rows, sales.units, sales.fen), "{code}");
        assert_eq!(verdict(&app, package.clone()), (verify::Verdict::Authentic, vec![]), "{code}");
        let manifest = file(&package, "manifest-sha256.txt").expect("a manifest");
        assert!(String::from_utf8(manifest).expect("text").contains(ROWS));
        *(if code == GUANGZHOU { &mut all } else { &mut part }) = Some((id, package, bytes, found));
    }
    let (id, package, bytes, all) = all.expect("Guangzhou's");
    let (_, _, part_bytes, part) = part.expect("Hangzhou's");

    let said: Vec<String> = all.iter().map(|row| row.join("|")).collect();
    let expected = [
        "1|2|甲店|手表A|2|398.00|计入 counted|",
        "1|3|甲店|手表B|1|1299.00|计入 counted|",
        "1|4|乙店|手表A|1|199.00|计入 counted|",
        "1|5|乙店|手表C|3|150.00|排除 excluded|按状态排除",
        "1|6|丙店|手表D|1||读不出 unreadable|金额读不出：“见附件”",
        "1|7|丙店|手表D|2|177.00|计入 counted|",
        "2|2|甲店|手表B|1|1299.00|合并 merged|另一张表已计同一行",
        "2|3|丙店|手表E|10|12000.00|计入 counted|",
        "2|4|乙店|手表C|3|150.00|排除 excluded|按状态排除",
        "2|5|乙店|手表C|4|200.50|计入 counted|",
        "2|6|甲店|手表A|1||读不出 unreadable|金额由公式得出，不是记录的数",
    ];
    assert_eq!(said, expected);
    // Read a second time they are the same; of the table that is kept back there is nothing.
    let of_second: Vec<_> = all.iter().filter(|row| row[0] == "2").cloned().collect();
    assert_eq!(part, of_second);
    assert!(!String::from_utf8(part_bytes).expect("text").contains("手表D"));

    let pdf = compiler.get(&format!("/dossiers/{id}/dossier.pdf")).await.expect(200);
    let text: String = super::custody::text_of(&pdf.bytes).split_whitespace().collect();
    assert!(text.contains(ROWS), "{text}");
    compiler.get(&format!("/dossiers/{id}")).await.expect(200).has(ROWS);

    // A byte of it that is another one is found, and the file is named.
    let at = package.windows(bytes.len()).position(|part| part == bytes).expect("stored as it is");
    let mut changed = package;
    changed[at + bytes.len() - 3] ^= 1;
    let (verdict, faults) = verdict(&app, changed);
    assert_eq!(verdict, verify::Verdict::Faulty);
    assert!(faults.iter().any(|file| file == ROWS), "{faults:?}");
}

#[tokio::test]
async fn of_many_shops_each_row_stands_there_and_without_sales_records_nothing_does() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut table = "店铺,金额\n".to_owned();
    for n in 1..=60 {
        table.push_str(&format!("=店{n},{n}.01\n"));
    }
    let item = upload(&compiler, lead, "店铺.csv", table.into_bytes()).await;
    mark(&compiler, item, &[("header", "1"), ("shop", "0"), ("amount", "1")]).await;
    let made = story::seal_version(&app, lead, 1, &[GUANGZHOU], &[item], &[]).await;
    let sales = sales_of(&app, made[0]).await.1.expect("sales records");
    assert_eq!((sales.shops.len(), sales.other_shops.map(|rest| rest.count)), (50, Some(10)));
    let found = rows(&file(&package(&compiler, made[0]).await, ROWS).expect("the rows"));
    let shops: BTreeSet<&str> = found.iter().map(|row| row[2].as_str()).collect();
    assert_eq!((found.len(), shops.len()), (60, 60));
    assert_eq!(counted(&found), (60, 60, 183_060));
    // No spreadsheet program takes a name for a formula.
    assert!(shops.iter().all(|shop| shop.starts_with("'=店")), "{shops:?}");

    let other = app.seed.lead(&app.services, "compiler");
    let note = story::note(&compiler, other, "a.txt", "标价 199 元").await;
    let made = story::seal_version(&app, other, 1, &[GUANGZHOU], &[note], &[]).await;
    assert_eq!(sales_of(&app, made[0]).await.1, None);
    let package = package(&compiler, made[0]).await;
    assert_eq!(file(&package, ROWS), None);
    assert_eq!(verdict(&app, package).0, verify::Verdict::Authentic);
}
