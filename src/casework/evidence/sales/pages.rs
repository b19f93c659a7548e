//! How sales records are shown.

use askama::Template;

use super::{
    count::{PREVIEW, Preview},
    model::{Column, Head, Mapping, heading, letter},
    reasons::Reason,
    store::{Part, Records, Total},
    tally::{NAMED, Sum},
};
use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        link::Query,
        view::{Choice, Fact, Link, Pager},
    },
    i18n::{self, Lang},
    jobs::JobRow,
    money::{self, Fen, Qualifier},
    paths, time,
};

/// The beginning of the keys of the fields' names.
pub const LABELS: &str = "sales-field-";
/// Rows of a table of sums; of more the rest is summed up.
const MOST_SUMS: usize = 50;
/// Columns of the first rows that are shown, and characters of a cell.
const MOST_COLUMNS: usize = 20;
const LONGEST_CELL: usize = 40;

/// Where the page of an item's sales records is.
pub fn path(item: Id) -> String {
    format!("{}/sales", paths::evidence(item))
}

fn grouped(n: i128) -> String {
    money::grouped(u64::try_from(n).unwrap_or_default())
}

/// An amount to the fen.
pub fn amount(fen: i128, lang: Lang) -> String {
    money::full(Fen(i64::try_from(fen).unwrap_or(i64::MAX)), Qualifier::Exact, lang)
}

/// `销售记录合计 5 件，1,234.00 元（2 张表，7 行）`.
pub fn headline(sum: &Sum, tables: usize, lang: Lang) -> String {
    let args = [
        ("units", grouped(sum.units)),
        ("amount", amount(sum.fen, lang)),
        ("tables", tables.to_string()),
        ("rows", grouped(sum.counted.into())),
    ];
    i18n::t_with(lang, "sales-whole", &args)
}

/// One shop or product.
#[derive(Clone, Debug)]
pub struct SumView {
    pub name: String,
    /// The rows behind it; empty: they are not told apart.
    pub href: String,
    pub rows: String,
    pub units: String,
    pub amount: String,
    pub days: String,
    /// Rows of it that can't be read; empty: none.
    pub faults: String,
}

fn days(sum: &Sum, lang: Lang) -> String {
    time::span((sum.first, sum.last), lang, |day| time::format_date(day, lang))
}

impl SumView {
    fn new(name: String, sum: &Sum, href: String, lang: Lang) -> Self {
        Self {
            name,
            href,
            rows: grouped(sum.counted.into()),
            units: grouped(sum.units),
            amount: amount(sum.fen, lang),
            days: days(sum, lang),
            faults: if sum.faults > 0 { grouped(sum.faults.into()) } else { String::new() },
        }
    }
}

/// The sums by shop or by product, with what is left of them in one row. `rows`: the page of the rows, where there is one.
pub fn sums(
    records: &Records,
    column: Column,
    name: fn(&Part) -> &str,
    rows: &str,
    lang: Lang,
) -> Vec<SumView> {
    let found = records.by(name);
    let unnamed = i18n::t(lang, "sales-unnamed");
    let (shown, rest) = found.split_at(found.len().min(MOST_SUMS));
    let view = |(name, sum): &(String, Sum)| {
        let is_linked = !rows.is_empty() && !name.is_empty();
        let href =
            if is_linked { Query::new(rows).with(column.as_str(), name).href() } else { String::new() };
        let name = if name.is_empty() { unnamed.clone() } else { name.clone() };
        SumView::new(name, sum, href, lang)
    };
    let mut views: Vec<SumView> = shown.iter().map(view).collect();
    if !rest.is_empty() {
        let sum = rest.iter().fold(Sum::default(), |all, (_, one)| all.with(one));
        let name = i18n::t_with(lang, "sales-rest", &[("n", rest.len().to_string())]);
        views.push(SumView::new(name, &sum, String::new(), lang));
    }
    views
}

/// What one table comes to.
#[derive(Clone, Debug)]
pub struct RecordView {
    pub text: String,
    pub facts: Vec<Fact>,
    /// What the columns mean.
    pub columns: Vec<Fact>,
    pub shops: Vec<SumView>,
    pub products: Vec<SumView>,
    /// All rows.
    pub rows: Link,
    /// Those that can't be read, with why; `None`: there are none.
    pub unread: Option<Link>,
}

impl RecordView {
    /// `records`: of this table alone.
    pub fn new(total: &Total, records: &Records, by: &str, lang: Lang, zone: chrono_tz::Tz) -> Self {
        let rows = format!("{}/rows", path(total.evidence_id));
        let at = time::format_instant(total.at, zone, lang);
        let mut facts = facts(&records.whole(), (total.excluded, total.merged), &total.fault_rows, lang);
        facts.push(Fact::new(i18n::t(lang, "sales-recorded"), format!("{by} · {at}")));
        Self {
            text: headline(&records.whole(), 1, lang),
            facts,
            columns: mapping_facts(&total.mapping, lang),
            shops: sums(records, Column::Shop, |part| &part.shop, &rows, lang),
            products: sums(records, Column::Product, |part| &part.product, &rows, lang),
            unread: (records.whole().faults > 0)
                .then(|| Link::new(i18n::t(lang, "sales-rows-unread"), format!("{rows}?state=unreadable"))),
            rows: Link::new(i18n::t(lang, "sales-rows"), rows),
        }
    }
}

fn facts(sum: &Sum, (excluded, merged): (i64, i64), fault_rows: &[u64], lang: Lang) -> Vec<Fact> {
    let t = |key: &str| i18n::t(lang, key);
    let mut facts = vec![
        Fact::new(t("sales-units"), grouped(sum.units)),
        Fact::new(t("sales-amount"), amount(sum.fen, lang)),
        Fact::new(t("sales-counted"), grouped(sum.counted.into())),
        Fact::new(t("sales-excluded"), grouped(excluded.into())),
        Fact::new(t("sales-merged"), grouped(merged.into())),
        Fact::new(t("sales-faults"), grouped(sum.faults.into())),
    ];
    if !fault_rows.is_empty() {
        let named: Vec<String> = fault_rows.iter().map(ToString::to_string).collect();
        let more = if sum.faults > NAMED as i64 { "…" } else { "" };
        facts.push(Fact::new(t("sales-fault-rows"), format!("{}{more}", named.join(", "))));
    }
    if sum.first.is_some() {
        facts.push(Fact::new(t("sales-days"), days(sum, lang)));
    }
    facts
}

/// What the columns mean, in words.
pub fn mapping_facts(mapping: &Mapping, lang: Lang) -> Vec<Fact> {
    let t = |key: &str| i18n::t(lang, key);
    let mut facts: Vec<Fact> = Vec::new();
    if !mapping.sheet_name.is_empty() {
        facts.push(Fact::new(t("sales-field-sheet"), &mapping.sheet_name));
    }
    facts.push(Fact::new(t("sales-field-header"), mapping.header.to_string()));
    for column in Column::ALL {
        if let Some(heading) = heading(mapping, *column) {
            facts.push(Fact::new(t(&format!("{LABELS}{column}")), heading));
        }
    }
    if mapping.place(Column::Units).is_none() {
        facts.push(Fact::new(t("sales-field-units"), t("sales-one-each")));
    }
    if mapping.place(Column::Status).is_some() && !mapping.excluded.is_empty() {
        facts.push(Fact::new(t("sales-field-excluded"), mapping.excluded_text()));
    }
    facts.push(Fact::new(t("sales-currency"), t("sales-currency-cny")));
    facts
}

/// The form filled from a mapping.
pub fn filled(mapping: &Mapping) -> FormView {
    let form = FormView::new(LABELS)
        .set("sheet", mapping.sheet.to_string())
        .set("header", mapping.header.to_string())
        .set("excluded", mapping.excluded_text());
    Column::ALL.iter().fold(form, |form, column| {
        form.set(column.as_str(), mapping.place(*column).map(|place| place.to_string()))
    })
}

/// A row of the file as it stands there.
#[derive(Clone, Debug)]
pub struct FirstRow {
    pub number: u64,
    pub cells: Vec<String>,
    pub is_header: bool,
}

/// The first rows of a file, and what can be chosen of it.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    pub sheets: Vec<Choice>,
    pub headers: Vec<Choice>,
    pub columns: Vec<Choice>,
    /// The columns that are shown, by their letters.
    pub letters: Vec<String>,
    pub first: Vec<FirstRow>,
}

impl Offers {
    pub fn new(head: &Head, mapping: &Mapping, lang: Lang) -> Self {
        let headings = head.row(mapping.header);
        let column = |place: usize| {
            let text = headings.get(place).map_or("", |cell| cell.text.trim());
            let text: String = text.chars().take(LONGEST_CELL).collect();
            Choice::new(
                place,
                if text.is_empty() { letter(place) } else { format!("{} · {text}", letter(place)) },
            )
        };
        let width = head.width().min(MOST_COLUMNS);
        let row = |(number, cells): &(u64, Vec<super::model::Cell>)| {
            let text = |place: usize| {
                let text = cells.get(place).map_or("", |cell| cell.text.as_str());
                text.chars().take(LONGEST_CELL).collect::<String>()
            };
            let is_header = *number == mapping.header;
            FirstRow { number: *number, cells: (0..width).map(text).collect(), is_header }
        };
        let header = |(number, _): &(u64, Vec<super::model::Cell>)| {
            Choice::new(number, i18n::t_with(lang, "sales-row", &[("n", number.to_string())]))
        };
        Self {
            sheets: head.sheets.iter().enumerate().map(|(place, name)| Choice::new(place, name)).collect(),
            headers: head.rows.iter().map(header).collect(),
            columns: (0..head.width()).map(column).collect(),
            letters: (0..width).map(letter).collect(),
            first: head.rows.iter().map(row).collect(),
        }
    }
}

/// What the first rows of a file come to by themselves.
pub fn preview(preview: &Preview, lang: Lang) -> Vec<Fact> {
    let tally = &preview.tally;
    let mut found = facts(&tally.whole, (tally.excluded, tally.merged), &tally.fault_rows, lang);
    if tally.vague > 0 {
        found.push(Fact::new(i18n::t(lang, "sales-vague"), grouped(tally.vague.into())));
    }
    if preview.is_more {
        let n = grouped(i128::from(PREVIEW));
        found.push(Fact::new(
            i18n::t(lang, "sales-preview-part"),
            i18n::t_with(lang, "sales-preview-rows", &[("n", n)]),
        ));
    }
    found
}

/// The first rows that can't be read, before anything is marked.
#[derive(Clone, Debug)]
pub struct UnreadView {
    /// How many there are, and how many of them stand here.
    pub text: String,
    /// Number of the row, and why, in words.
    pub rows: Vec<(u64, Vec<String>)>,
}

impl UnreadView {
    /// `None`: every row that was looked at can be read.
    pub fn new(preview: &Preview, lang: Lang) -> Option<Self> {
        let (all, shown) = (preview.tally.whole.faults, preview.unread.len());
        let is_whole = usize::try_from(all).is_ok_and(|all| all == shown);
        let key = if is_whole { "sales-unread-all" } else { "sales-unread-first" };
        let args = [("n", grouped(all.into())), ("shown", shown.to_string())];
        let words = |(row, reasons): &(u64, Vec<Reason>)| {
            (*row, reasons.iter().map(|reason| reason.words(lang)).collect())
        };
        (shown > 0).then(|| Self {
            text: i18n::t_with(lang, key, &args),
            rows: preview.unread.iter().map(words).collect(),
        })
    }
}

/// How far the job is that counts an item.
#[derive(Clone, Debug)]
pub struct JobView {
    pub is_failed: bool,
    pub done: i64,
    pub total: i64,
}

impl JobView {
    pub fn new(job: &JobRow) -> Self {
        let total = job.progress_total.max(1);
        Self { is_failed: job.state == "failed", done: job.progress_done, total }
    }
}

/// The page of an item's sales records.
#[derive(Template)]
#[template(path = "casework/evidence/sales.html")]
pub struct SalesPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    /// Where it is posted to.
    pub action: String,
    /// The item's page.
    pub back: String,
    pub can_change: bool,
    /// Why nothing can be read of the file; empty: it can.
    pub trouble: String,
    pub job: Option<JobView>,
    pub record: Option<RecordView>,
    pub form: FormView,
    pub offers: Offers,
    pub preview: Vec<Fact>,
    pub unread: Option<UnreadView>,
}

/// A row behind the sums.
#[derive(Clone, Debug)]
pub struct LineView {
    pub number: u64,
    pub cells: Vec<String>,
    /// What becomes of it, in words.
    pub state: String,
    pub tone: &'static str,
    /// Why that is so, in words; empty: the state says it.
    pub why: Vec<String>,
}

/// The rows behind the sums.
#[derive(Template)]
#[template(path = "casework/evidence/sales_rows.html")]
pub struct LinesPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    /// What they are narrowed to, each with the way out of it.
    pub narrowed: Vec<Link>,
    pub states: Vec<Link>,
    pub headings: Vec<String>,
    pub lines: Vec<LineView>,
    /// How many rows that another table has are shown as counted; empty: none.
    pub merged: String,
    pub pager: Pager,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_says_units_amount_tables_and_rows() {
        let sum = Sum { counted: 1_200, units: 3_400, fen: 123_450, ..Sum::default() };
        assert_eq!(headline(&sum, 2, Lang::Zh), "销售记录合计 3,400 件，1,234.50 元（2 张表，1,200 行）");
        let one = Sum { counted: 1, units: 1, fen: 100, ..Sum::default() };
        assert_eq!(headline(&one, 1, Lang::En), "Sales records: 1 piece, CNY 1.00 (1 table, 1 row)");
    }
}
