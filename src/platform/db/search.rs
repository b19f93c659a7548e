//! Searching in texts, alike on both databases: SQLite's `LIKE` takes A for a and PostgreSQL's does not, so both sides
//! are lowered by the database itself.

diesel::define_sql_function! {
    /// The text in small letters.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text
}

/// `%text%` with LIKE's own signs taken literally, escaped by a backslash.
pub fn pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('%');
    for ch in text.chars() {
        if matches!(ch, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(ch);
    }
    out.push('%');
    out
}

/// That a column holds a text, whatever the case of its letters: `holds!(lead::title, &q)`.
#[macro_export]
macro_rules! holds {
    ($column:expr, $text:expr) => {
        $crate::platform::db::lower($column)
            .like($crate::platform::db::lower($crate::platform::db::pattern($text)))
            .escape('\\')
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_pattern_are_taken_literally() {
        assert_eq!(pattern("50%_a\\"), "%50\\%\\_a\\\\%");
    }
}
