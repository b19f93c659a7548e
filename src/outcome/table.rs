//! The list of entries as a table for a file. Pure.

use super::{list::ListRow, list_page::region_name};
use crate::platform::{
    i18n::{self, Lang},
    sheet::{Cell, Sheet},
};

/// The list as a table for a file.
pub fn sheet(lang: Lang, rows: &[ListRow]) -> Sheet {
    let t = |key: &str| i18n::t(lang, key);
    let heads = [
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
        "side",
        "counter",
        "synthetic",
        "id",
    ];
    let line = |found: &ListRow| {
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
            o.unit.clone().unwrap_or_default().into(),
            amount.map_or(Cell::Empty, |a| Cell::Fen(a.fen.0)),
            amount.map_or_else(String::new, |a| t(a.qualifier.key())).into(),
            amount.map_or_else(String::new, |a| t(a.basis.key())).into(),
            t(&format!("outcome-side-{}", o.asserted_side)).into(),
            t(if o.corrects_id.is_some() { "yes" } else { "no" }).into(),
            t(if o.synthetic { "yes" } else { "no" }).into(),
            o.id.to_string().into(),
        ]
    };
    Sheet {
        name: t("outcome-list-title"),
        head: heads.iter().map(|head| t(&format!("outcome-col-{head}"))).collect(),
        rows: rows.iter().map(line).collect(),
    }
}
