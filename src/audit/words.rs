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

/// Who did it, where the name on record is no person's: each part of the program by its own word, as `system:cli`, which
/// a human at the machine ran, by `audit-actor-cli`; whatever has none as it is on record.
pub fn actor_name(lang: Lang, on_record: &str) -> String {
    let key = format!("audit-actor-{}", on_record.strip_prefix("system:").unwrap_or(on_record));
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { on_record.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_the_program_are_told_apart() {
        assert_eq!(actor_name(Lang::Zh, "system:cli"), "命令行");
        assert_eq!(actor_name(Lang::En, "system:worker"), "Background work");
        assert_eq!(actor_name(Lang::Zh, "system:other"), "system:other");
    }

    #[test]
    fn a_verb_is_named_in_both_languages_and_an_unknown_one_by_itself() {
        assert_eq!(verb_title(Lang::Zh, "lead.submit"), "提交审核");
        assert_eq!(verb_title(Lang::En, "outcome.take_back"), "Counter-entry proposed");
        assert_eq!(verb_title(Lang::Zh, "no.such"), "no.such");
    }
}
