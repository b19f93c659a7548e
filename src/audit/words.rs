//! How the log's verbs and the kinds of its objects are called on pages. Pure.

use crate::platform::i18n::{self, Lang};

/// What happened, in words: `lead.submit` by the message `verb-lead-submit`; the verb itself where it has none.
pub fn verb_title(lang: Lang, verb: &str) -> String {
    let key = format!("verb-{}", verb.replace(['.', '_'], "-"));
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { verb.to_owned() }
}

/// What kind of thing an object is, in words.
pub fn object_name(lang: Lang, kind: &str) -> String {
    let key = format!("object-{}", kind.replace('_', "-"));
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { kind.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_named_in_both_languages_and_an_unknown_one_by_itself() {
        assert_eq!(verb_title(Lang::Zh, "lead.submit"), "提交审核");
        assert_eq!(verb_title(Lang::En, "outcome.take_back"), "Asked to take a result back");
        assert_eq!(verb_title(Lang::Zh, "no.such"), "no.such");
    }
}
