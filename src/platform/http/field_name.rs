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

/// To which of several a field belongs, counted from 1: `sites[0].region` → `sites`, 1; `new_person_1` → `new-person`, 2.
pub(super) fn number_in(name: &str) -> Option<(String, usize)> {
    let (what, n) = match name.split_once('[') {
        Some((what, rest)) => (what, rest.split_once(']')?.0),
        None => name.rsplit_once('_')?,
    };
    let n: usize = n.parse().ok()?;
    Some((label_slug(what), n.checked_add(1)?))
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

    #[test]
    fn a_field_of_one_of_several_says_of_which() {
        assert_eq!(number_in("sites[0].region"), Some(("sites".into(), 1)));
        assert_eq!(number_in("new_person_id_1"), Some(("new-person-id".into(), 2)));
        assert_eq!((number_in("valid_from"), number_in("kind")), (None, None));
    }
}
