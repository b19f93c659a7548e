//! `data/evidence-list.csv`: the statutory list of electronic data (法发〔2016〕22号 art. 14: category, format and
//! integrity check value; arts. 8–9 original medium and source; art. 15 witness). UTF-8 with a byte order mark, so that
//! spreadsheet programs read the Chinese; RFC 4180 otherwise.

use std::collections::HashSet;

use chrono::SecondsFormat;
use chrono_tz::Tz;

use super::facts::{Item, LeadFacts, SCHEMA_1, Withheld};
use crate::platform::{
    db::Instant,
    error::{AppError, Result},
};

/// The columns. The platform is the provider; where no witness is named, the column stays empty for the investigators. The last
/// ones came with the second form of the facts: behind the others, so that programs which read those by their place find them.
pub const COLUMNS: [&str; 22] = [
    "序号 No.",
    "证据编号 Evidence id",
    "名称 Name",
    "包内文件 File",
    "类别 Category",
    "文件格式 Format",
    "大小（字节）Size",
    "完整性校验值 SHA-256",
    "完整性校验值 SM3",
    "来源 Source",
    "原始存储介质及存放地点 Original medium",
    "提取人 Collected by",
    "提取时间 Collected at",
    "提取方法 Method",
    "工具（版本）Tool",
    "提供人（持有人）Holder",
    "见证人 Witness",
    "说明 Description",
    "不予提供 Withheld",
    "承诺值 Commitment",
    "数量（记录数）Quantity",
    "备注 Remark",
];

/// So many columns has the list of facts of the first form ([`SCHEMA_1`]).
const COLUMNS_1: usize = 20;

/// The cells of a row, one for each of [`COLUMNS`].
type Row = [String; 22];

/// The bytes of the list: items and withheld items in the order of their numbers.
///
/// # Errors
/// Internal; writing to memory does not fail.
pub fn to_csv(facts: &LeadFacts) -> Result<Vec<u8>> {
    let zone: Tz = facts.time_zone.parse().unwrap_or(Tz::UTC);
    let mut rows: Vec<(u32, Row)> = facts.items.iter().map(|i| (i.number, item_row(i, zone))).collect();
    rows.extend(facts.withheld.iter().map(|w| (w.number, withheld_row(w))));
    rows.sort_by_key(|row| row.0);
    let columns = if facts.schema == SCHEMA_1 { COLUMNS_1 } else { COLUMNS.len() };
    written(columns, rows.into_iter().map(|(_, row)| row))
}

/// The same list of a lead's own items, outside any package; `marked`: the numbers of those that are marked
/// do-not-disclose.
///
/// # Errors
/// Internal; writing to memory does not fail.
pub fn of_lead(items: &[Item], marked: &HashSet<u32>, zone: Tz) -> Result<Vec<u8>> {
    let rows = items.iter().map(|item| {
        let mut row = item_row(item, zone);
        row[3].clear();
        if marked.contains(&item.number) {
            row[18] = "是".to_owned();
        }
        row
    });
    written(COLUMNS.len(), rows)
}

/// The rows with their first `columns` cells.
fn written(columns: usize, rows: impl IntoIterator<Item = Row>) -> Result<Vec<u8>> {
    let bytes = "\u{feff}".as_bytes().to_vec();
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bytes);
    csv.write_record(&COLUMNS[..columns]).map_err(AppError::internal)?;
    for row in rows {
        csv.write_record(row[..columns].iter().map(|cell| plain(cell))).map_err(AppError::internal)?;
    }
    csv.into_inner().map_err(|e| AppError::internal(e.to_string()))
}

fn item_row(item: &Item, zone: Tz) -> Row {
    let text = str::to_owned;
    [
        item.number.to_string(),
        item.evidence_id.to_string(),
        text(&item.name),
        text(&item.path),
        text(&item.category.name_zh),
        text(&item.media_type),
        item.size.to_string(),
        text(&item.sha256),
        text(&item.sm3),
        text(&item.source),
        medium(item, zone),
        text(&item.collected_by),
        item.collected_at.map(|at| local(at, zone)).unwrap_or_default(),
        text(&item.method),
        text(&item.tool),
        text(&item.holder),
        text(&item.witness),
        text(&item.description),
        String::new(),
        earlier(item),
        text(&item.quantity),
        text(&item.remark),
    ]
}

/// Where the original is, and how it was sealed.
fn medium(item: &Item, zone: Tz) -> String {
    let sealed = item.sealings.iter().map(|sealed| format!("封存：{}", sealed.line(zone.name())));
    let parts = [item.original_medium.clone()].into_iter().filter(|text| !text.is_empty()).chain(sealed);
    parts.collect::<Vec<_>>().join("；")
}

/// What stood for the item while it was kept back; empty for one that never was.
fn earlier(item: &Item) -> String {
    let lines = item.earlier_commitments.iter();
    let lines = lines.map(|e| format!("第{}版 {}（盐值 {}）", e.version, e.commitment, e.salt));
    lines.collect::<Vec<_>>().join("；")
}

fn withheld_row(item: &Withheld) -> Row {
    let mut row: Row = Default::default();
    row[0] = item.number.to_string();
    row[4].clone_from(&item.category.name_zh);
    row[18] = "是".to_owned();
    row[19].clone_from(&item.commitment);
    row
}

/// RFC 3339 in the zone of the dossier.
fn local(at: Instant, zone: Tz) -> String {
    at.utc().with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A cell as it is safe to show: control characters are spaces, marks that turn the direction of writing are left out,
/// and what begins like a formula gets an apostrophe before it, so that no spreadsheet program runs it. `lead.json` has
/// the text as it was.
pub(super) fn plain(cell: &str) -> String {
    let shown = cell.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c });
    let shown: String = shown.collect();
    if shown.starts_with(['=', '+', '-', '@', ' ']) { format!("'{shown}") } else { shown }
}

fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::casework::dossier::sample;

    #[test]
    fn the_list_has_a_row_for_every_number() {
        let facts = sample::facts();
        let csv = to_csv(&facts).unwrap();
        let text = String::from_utf8(csv).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.iter().map(|row| &row[0]).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
        assert_eq!(&rows[0][7], &facts.items[0].sha256);
        assert_eq!(&rows[0][12], "2016-05-04T10:30:00+08:00");
        assert_eq!((&rows[2][2], &rows[2][18], &rows[2][19]), ("", "是", &*facts.withheld[0].commitment));
        assert!(text.contains("\r\n") && !text.contains('\u{202e}'));
    }

    #[test]
    fn the_second_form_has_columns_for_quantity_and_remark_and_the_first_has_none() {
        let read = |facts: &LeadFacts| -> Vec<Vec<String>> {
            let csv = to_csv(facts).unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&csv[3..]);
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
        };
        let mut facts = sample::facts();
        let blank = read(&facts);
        assert_eq!(blank[0], COLUMNS);
        assert_eq!([&blank[1][16], &blank[1][20], &blank[1][21]], ["", "", ""]);
        facts.items[0].quantity = "3 张".to_owned();
        facts.items[0].remark = "原始介质由平台保管".to_owned();
        facts.items[0].witness = "见证人甲".to_owned();
        let said = read(&facts);
        assert_eq!([&said[1][16], &said[1][20], &said[1][21]], ["见证人甲", "3 张", "原始介质由平台保管"]);
        assert_eq!(said[2..], blank[2..], "of the others nothing is said");

        let mut first = sample::facts();
        first.schema = SCHEMA_1.to_owned();
        let cut: Vec<Vec<String>> = blank.iter().map(|row| row[..COLUMNS_1].to_vec()).collect();
        assert_eq!(read(&first), cut);
    }

    #[test]
    fn formulas_are_only_text() {
        let mut facts = sample::facts();
        facts.items[0].source = "=HYPERLINK(\"http://x\")".to_owned();
        let text = String::from_utf8(to_csv(&facts).unwrap()).unwrap();
        assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
    }
}
