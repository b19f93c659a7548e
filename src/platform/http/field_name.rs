//! What a field is called where no form stands round it: above a list whose address was not understood, and on an error
//! page. Nobody should have to read there what forms and addresses call their fields among themselves.

use super::form_view::label_slug;
use crate::platform::i18n::{self, Lang};

/// The words for a field, by the message `field-<name>`: of `sites[0].region` by its last part, where the whole has none.
/// A field that has no words at all is some entry.
pub fn field_name(lang: Lang, name: &str) -> String {
    let whole = label_slug(name);
    let last = whole.rsplit('-').next().unwrap_or_default();
    let keys = [whole.as_str(), last].map(|part| format!("field-{part}"));
    let found = keys.iter().find(|key| i18n::has(lang, key));
    i18n::t(lang, found.map_or("field-other", String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_called_by_words_and_never_by_its_own_name() {
        assert_eq!(field_name(Lang::Zh, "after"), "页码标记");
        assert_eq!(field_name(Lang::En, "log_size"), "Size of the audit log");
        assert_eq!(field_name(Lang::Zh, "sites[0].region"), "地区");
        assert_eq!(field_name(Lang::Zh, "no_such_thing"), "所填内容");
        assert_eq!(field_name(Lang::Zh, "\u{fffd}"), "所填内容");
    }
}
