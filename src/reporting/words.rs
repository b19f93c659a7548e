//! How the log's verbs and objects are called on pages, and where an object is found. Pure.

use crate::platform::{
    db::Id,
    http::view::Tone,
    i18n::{self, Lang},
    paths,
};

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

/// The page of an object; kinds without a page of their own have none.
pub fn object_href(kind: &str, id: Id) -> Option<String> {
    Some(match kind {
        "lead" => paths::lead(id),
        "evidence" => paths::evidence(id),
        "subject" => paths::subject(id),
        "dossier" => paths::dossier(id),
        "review" => paths::approval(id),
        "transfer" => paths::transfer(id),
        "case" => paths::case(id),
        "outcome" => paths::outcome(id),
        "operation" => paths::operation(id),
        "agency" => paths::agency(id),
        _ => return None,
    })
}

/// Whether a verb only reads.
pub fn is_read(verb: &str) -> bool {
    let last = verb.rsplit('.').next().unwrap_or(verb);
    matches!(
        last,
        "view"
            | "list"
            | "export"
            | "download"
            | "preview"
            | "read"
            | "pdf"
            | "receipt_view"
            | "paper_view"
            | "tile"
    )
}

/// The colour of an entry.
pub fn tone(verb: &str, refused: bool) -> Tone {
    let last = verb.rsplit('.').next().unwrap_or(verb);
    match last {
        _ if refused => Tone::Bad,
        "approve" | "acknowledge" | "accept" | "file" | "confirm" | "seal" | "package" => Tone::Good,
        "return" | "request_supplement" | "withhold" => Tone::Warn,
        "refuse" | "not_file" | "reject" => Tone::Bad,
        "submit" | "send" | "forward" => Tone::Info,
        _ if is_read(verb) => Tone::Muted,
        _ => Tone::Neutral,
    }
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

    #[test]
    fn reading_is_told_from_acting() {
        assert!(is_read("lead.view") && is_read("transfer.receipt_view") && !is_read("lead.submit"));
    }
}
