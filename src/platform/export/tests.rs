use calamine::{Data, Reader, Xlsx};

use super::*;

#[test]
fn a_formula_stays_a_text() {
    let rows = [vec!["=1+1".into(), "＝1+1".into(), "假货".into(), Cell::Empty, Cell::Fen(-1_250)]];
    assert_eq!(String::from_utf8(lines(&rows).unwrap()).unwrap(), "'=1+1,'＝1+1,假货,,-12.50\r\n");
}

fn about() -> About {
    let active = [ActiveFilter { name: "状态".into(), value: "草稿".into(), remove_href: String::new() }];
    let by =
        Maker {
            lang: Lang::Zh, person: "=甲".into(), at: Instant::from_micros(0), zone: time::DEFAULT_ZONE
        };
    About::new("线索", &active, "", &by)
}

/// The cells of a column of a sheet of a workbook of `most` rows that is given three, two at a time.
fn column(most: u32, sheet: usize, column: usize) -> Vec<Data> {
    let mut left: Vec<Vec<Cell>> = (1..=3).map(|n| vec![Cell::Count(n)]).collect();
    let part = || -> Result<Vec<Vec<Cell>>> { Ok(left.drain(..left.len().min(2)).collect()) };
    let folder = tempfile::tempdir().expect("a folder");
    let (head, about) = (["数".to_owned()], about());
    let words = Words { head: &head, cut: "还有更多", about: &about };
    let file = workbook(folder.path(), words, most, part).expect("a workbook");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::BufReader::new(file)).expect("XLSX");
    let range = book.worksheet_range_at(sheet).expect("a sheet").expect("its cells");
    range.rows().filter_map(|row| row.get(column).cloned()).collect()
}

fn first_column(most: u32) -> Vec<Data> {
    column(most, 0, 0)
}

#[test]
fn a_workbook_says_on_a_sheet_of_its_own_what_it_is_and_how_many_rows_it_has() {
    let text = |text: &str| Data::String(text.to_owned());
    for (most, rows) in [(3, 3.0), (2, 2.0)] {
        let values = column(most, 1, 1);
        assert!(values.contains(&text("状态：草稿")) && values.contains(&Data::Float(rows)), "{values:?}");
        assert!(values.contains(&text("1970-01-01 08:00:00 +08:00 (Asia/Shanghai)")), "{values:?}");
    }
}

#[test]
fn a_workbook_has_the_name_of_its_list_on_its_sheet() {
    let folder = tempfile::tempdir().expect("a folder");
    let (head, about) = (["数".to_owned()], about());
    let words = Words { head: &head, cut: "", about: &about };
    let file = workbook(folder.path(), words, 3, || Ok(Vec::new())).expect("a workbook");
    let book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::BufReader::new(file)).expect("XLSX");
    assert_eq!(book.sheet_names(), ["线索".to_owned(), i18n::t(Lang::Zh, "export-about")]);
}

#[test]
fn what_a_table_leaves_out_stands_in_what_it_says_of_itself() {
    let about = about().and("检索结果".into(), "只含最新的 100,000 条".into());
    let said = String::from_utf8(lines(&about.cells(3)).unwrap()).unwrap();
    assert!(said.contains("检索结果,\"只含最新的 100,000 条\"\r\n") && said.ends_with(",3\r\n"), "{said}");
}

#[test]
fn what_a_table_says_of_itself_is_no_formula_either() {
    let said = String::from_utf8(lines(&about().cells(1_200)).unwrap()).unwrap();
    assert!(said.contains(",'=甲\r\n") && said.ends_with(",1200\r\n"), "{said}");
}

#[test]
fn a_workbook_that_takes_no_more_says_so_and_one_that_is_whole_does_not() {
    let text = |text: &str| Data::String(text.to_owned());
    let whole = [text("数"), Data::Float(1.0), Data::Float(2.0), Data::Float(3.0)];
    assert_eq!(first_column(3), whole);
    assert_eq!(first_column(2), [&whole[..3], &[text("还有更多")]].concat());
}

#[test]
fn a_workbook_is_built_in_its_own_folder_and_leaves_nothing_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let (head, about) = (["数".to_owned()], about());
    let words = Words { head: &head, cut: "", about: &about };
    assert!(workbook(&folder.path().join("missing"), words, 3, || Ok(Vec::new())).is_err());
    let file = workbook(folder.path(), words, 3, || Ok(Vec::new())).expect("a workbook");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a list").count(), 0);
    assert!(file.metadata().expect("of a file").len() > 0);
}

/// The most memory that this process ever had, in bytes; `None` where the system does not tell.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

#[test]
fn a_workbook_of_a_hundred_thousand_rows_holds_one_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let (head, about) = (["数".to_owned(), "文".to_owned()], about());
    let words = Words { head: &head, cut: "还有更多", about: &about };
    // Their texts alone are 25 MB.
    let (mut left, text) = (200_i64, "假冒品牌手表".repeat(14));
    let part = || -> Result<Vec<Vec<Cell>>> {
        left -= 1;
        let rows = if left < 0 { 0 } else { AT_ONCE };
        Ok((0..rows).map(|n| vec![Cell::Count(left * AT_ONCE + n), text.as_str().into()]).collect())
    };
    let before = peak();
    let file = workbook(folder.path(), words, MOST_ROWS, part).expect("a workbook");
    if let Some((before, after)) = before.zip(peak()) {
        let grown = after.saturating_sub(before);
        assert!(grown < 32 << 20, "grown by {grown} bytes");
    }
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::BufReader::new(file)).expect("XLSX");
    let said = book.worksheet_range_at(1).expect("a sheet").expect("its cells");
    assert!(said.rows().flatten().any(|cell| *cell == Data::Float(100_000.0)), "{said:?}");
}
