//! Where an object of the log is found, and what kind of act a verb is. Pure; what they are called is in `audit`.

use crate::platform::{
    db::Id,
    http::view::Tone,
    i18n::{self, Lang},
    paths,
};

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
            | "custody"
            | "data_list"
            | "read"
            | "pdf"
            | "receipt_view"
            | "receipt_read"
            | "paper_view"
            | "tile"
    )
}

/// Who did it in the story of a lead, where the name on record is no person's: the program itself, whichever part of it.
/// The log tells its parts apart.
pub fn actor_name(lang: Lang, on_record: &str) -> String {
    if on_record.starts_with("system") { i18n::t(lang, "story-system") } else { on_record.to_owned() }
}

/// Whether it is the platform's own talk about a lead, which leads to other leads and stands on no paper.
fn is_own_talk(verb: &str) -> bool {
    verb.starts_with("lead.comment.") || matches!(verb, "lead.not_duplicate" | "lead.clone")
}

/// The colour of an entry; what is muted is not printed.
pub fn tone(verb: &str, refused: bool) -> Tone {
    let last = verb.rsplit('.').next().unwrap_or(verb);
    match last {
        _ if is_own_talk(verb) => Tone::Muted,
        _ if refused => Tone::Bad,
        "approve" | "acknowledge" | "accept" | "file" | "confirm" | "seal" | "package" | "clear" => {
            Tone::Good
        }
        "return" | "request_supplement" | "withhold" => Tone::Warn,
        "refuse" | "not_file" | "reject" | "alarm" => Tone::Bad,
        "submit" | "send" | "forward" => Tone::Info,
        _ if is_read(verb) => Tone::Muted,
        _ => Tone::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_called_by_one_word() {
        assert_eq!(actor_name(Lang::Zh, "system:worker"), "系统");
        assert_eq!(actor_name(Lang::En, "system:serve"), "System");
        assert_eq!(actor_name(Lang::En, "compiler"), "compiler");
    }

    #[test]
    fn what_the_platform_says_among_itself_is_muted_also_where_it_was_refused() {
        for verb in ["lead.comment.add", "lead.not_duplicate", "lead.clone"] {
            assert_eq!(tone(verb, false), Tone::Muted);
            assert_eq!(tone(verb, true), Tone::Muted);
        }
        assert_eq!(tone("lead.submit", true), Tone::Bad);
    }

    #[test]
    fn reading_is_told_from_acting() {
        assert!(is_read("lead.view") && is_read("transfer.receipt_view") && !is_read("lead.submit"));
    }
}
