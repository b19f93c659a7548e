//! Leads as rows of a table: the head's names are the fields' names, or the words that people use for them.

use super::{
    input::without_indexes,
    model::{SenderRole, SiteRole, SourceKind, SubjectKind},
};
use crate::platform::money::{Basis, Qualifier};

/// Words for fields, as they stand in the heads of people's tables.
const HEADS: &[(&str, &str)] = &[
    ("标题", "title"),
    ("线索标题", "title"),
    ("摘要", "summary"),
    ("线索摘要", "summary"),
    ("地区", "region"),
    ("罪名", "charges"),
    ("涉嫌罪名", "charges"),
    ("品牌", "brands"),
    ("开始日期", "occurred_from"),
    ("结束日期", "occurred_to"),
    ("金额", "estimated_value.amount"),
    ("估计金额", "estimated_value.amount"),
    ("准确程度", "estimated_value.qualifier"),
    ("金额口径", "estimated_value.basis"),
    ("案源", "source"),
    ("案源说明", "source.note"),
    ("身份", "sender_role"),
    ("value", "estimated_value.amount"),
    ("estimated_value", "estimated_value.amount"),
    ("qualifier", "estimated_value.qualifier"),
    ("basis", "estimated_value.basis"),
];

/// The field that a column's head means; an unknown head is its own name, and a fault later on.
pub fn field_of(head: &str) -> String {
    let head = head.trim().trim_start_matches('\u{FEFF}');
    HEADS
        .iter()
        .find(|(word, _)| *word == head)
        .map_or_else(|| head.to_owned(), |(_, field)| (*field).to_owned())
}

/// What a field is called in a table whose heads are `heads`: by the head that stands for it there, else by the word that
/// a head would have.
pub fn column_of(heads: &[String], field: &str) -> String {
    let there = heads.iter().find(|head| field_of(head) == field).map(|head| head.trim().to_owned());
    let word = || HEADS.iter().find(|(word, of)| word.is_ascii() && *of == field).map(|(word, _)| *word);
    there.unwrap_or_else(|| word().unwrap_or(field).to_owned())
}

/// Fields that take one of a few words: the column, and the words.
pub fn permitted() -> [(&'static str, Vec<&'static str>); 6] {
    [
        ("qualifier", Qualifier::ALL.map(Qualifier::as_str).to_vec()),
        ("basis", Basis::ALL.map(Basis::as_str).to_vec()),
        ("source", SourceKind::WORDS.to_vec()),
        ("sender_role", SenderRole::WORDS.to_vec()),
        ("subjects[].kind", SubjectKind::WORDS.to_vec()),
        ("sites[].role", SiteRole::WORDS.to_vec()),
    ]
}

/// The words that may stand in a field; empty: any.
pub fn words_of(field: &str) -> Vec<&'static str> {
    let plain = without_indexes(field);
    let asked = match plain.as_str() {
        "source.kind" => "source".to_owned(),
        other => column_of(&[], other),
    };
    permitted().into_iter().find(|(column, _)| *column == asked).map(|(_, words)| words).unwrap_or_default()
}

/// One row as the fields of a form; empty cells are not given.
pub fn pairs(fields: &[String], cells: impl IntoIterator<Item = String>) -> Vec<(String, String)> {
    let cells = fields.iter().cloned().zip(cells);
    cells.filter(|(name, cell)| !name.is_empty() && !cell.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_called_as_the_file_calls_it() {
        let heads = ["标题", " basis ", "金额"].map(str::to_owned);
        let called = |field: &str| column_of(&heads, field);
        assert_eq!((called("title"), called("estimated_value.basis")), ("标题".into(), "basis".into()));
        assert_eq!(called("estimated_value.amount"), "金额");
        assert_eq!(called("estimated_value.qualifier"), "qualifier");
        assert_eq!((called("region"), called("sites[0].role")), ("region".into(), "sites[0].role".into()));
    }

    #[test]
    fn a_field_of_few_words_tells_them() {
        assert_eq!(words_of("sites[3].role"), ["production", "storage", "sale"]);
        assert!(words_of("estimated_value.basis").contains(&"list_price"));
        assert_eq!(words_of("source.kind"), words_of("source"));
        assert!(words_of("title").is_empty());
    }
}
