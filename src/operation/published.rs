//! How published figures are called and read: on the pages of operations and in the annual report. Pure.

use crate::platform::{
    i18n::{self, Lang},
    money::{self, Qualifier},
};

/// Name of a published figure: one of the report's, or a word of its own (`report-published-…`), else as it stands.
pub fn figure_name(figure: &str, lang: Lang) -> String {
    let slug = figure.replace('_', "-");
    ["report-figure-", "report-published-"]
        .iter()
        .map(|prefix| format!("{prefix}{slug}"))
        .find(|key| i18n::has(lang, key))
        .map_or_else(|| figure.to_owned(), |key| i18n::t(lang, &key))
}

/// Whether its amount is money (fen), else a count.
pub fn is_money(figure: &str) -> bool {
    figure.ends_with("value") || figure.ends_with("_fen")
}

/// A published count with its word of measure: `超过 1,000`.
pub fn count_text(n: i64, qualifier: Qualifier, lang: Lang) -> String {
    let plain = money::grouped(n.unsigned_abs());
    money::qualified(plain, qualifier, lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_goes_by_the_reports_word_or_its_own() {
        assert_eq!(figure_name("leads_sent", Lang::Zh), "移送线索");
        assert_eq!(figure_name("shops_closed", Lang::Zh), "关闭店铺");
        assert_eq!(count_text(1_000, Qualifier::Over, Lang::Zh), "超过 1,000");
    }
}
