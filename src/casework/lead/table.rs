//! Leads as rows of a table: the head's names are the fields' names, or the words that people use for them.

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

/// One row as the fields of a form; empty cells are not given.
pub fn pairs(fields: &[String], cells: impl IntoIterator<Item = String>) -> Vec<(String, String)> {
    let cells = fields.iter().cloned().zip(cells);
    cells.filter(|(name, cell)| !name.is_empty() && !cell.trim().is_empty()).collect()
}
