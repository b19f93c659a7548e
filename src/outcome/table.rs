//! The list of entries as rows of a file. Pure.

use chrono::NaiveDate;

use super::{list::ListRow, list_page::region_name, model::unit_name};
use crate::{
    directory::reference::charges,
    platform::{
        i18n::{self, Lang},
        sheet::Cell,
    },
};

/// The legal basis as it is cited; of one that is not on file only that there is one: it is written in its entry.
fn legal(code: Option<&str>, day: NaiveDate, lang: Lang) -> String {
    let Some(code) = code else { return String::new() };
    let law = charges().get(code, day);
    law.map_or_else(|| i18n::t(lang, "outcome-legal-written"), |law| law.cited(lang).to_owned())
}

/// The names of the columns.
const COLUMNS: [&str; 19] = [
    "date",
    "kind",
    "state",
    "case",
    "case-title",
    "agency",
    "region",
    "region-code",
    "persons",
    "quantity",
    "unit",
    "amount",
    "qualifier",
    "basis",
    "legal",
    "side",
    "counter",
    "synthetic",
    "id",
];

/// The head of the file.
pub fn head(lang: Lang) -> Vec<String> {
    COLUMNS.iter().map(|column| i18n::t(lang, &format!("outcome-col-{column}"))).collect()
}

/// A row of the file.
pub fn cells(found: &ListRow, lang: Lang) -> Vec<Cell> {
    let t = |key: &str| i18n::t(lang, key);
    let o = &found.row;
    let amount = o.amount();
    vec![
        o.happened_on.to_string().into(),
        t(&o.kind().key()).into(),
        t(&found.state().key()).into(),
        found.case_number.clone().into(),
        found.case_title.clone().into(),
        lang.pick(&found.agency_zh, &found.agency_en).into(),
        region_name(&o.region_code, o.happened_on, lang).into(),
        o.region_code.clone().into(),
        Cell::Count(o.persons.into()),
        o.quantity.map_or(Cell::Empty, Cell::Count),
        o.unit.as_deref().map_or("", |unit| unit_name(unit, lang)).into(),
        amount.map_or(Cell::Empty, |a| Cell::Fen(a.fen.0)),
        amount.map_or_else(String::new, |a| t(a.qualifier.key())).into(),
        amount.map_or_else(String::new, |a| t(a.basis.key())).into(),
        legal(o.legal_code.as_deref(), o.happened_on, lang).into(),
        t(&format!("outcome-side-{}", o.asserted_side)).into(),
        t(if o.corrects_id.is_some() { "yes" } else { "no" }).into(),
        t(if o.synthetic { "yes" } else { "no" }).into(),
        o.id.to_string().into(),
    ]
}
