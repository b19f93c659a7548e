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
            | "read"
            | "pdf"
            | "receipt_view"
            | "paper_view"
            | "tile"
    )
}

/// Who did it, where the name on record is no person's: the program itself, whichever part of it.
pub fn actor_name(lang: Lang, on_record: &str) -> String {
    if on_record.starts_with("system") { i18n::t(lang, "story-system") } else { on_record.to_owned() }
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
    fn the_program_is_called_by_one_word() {
        assert_eq!(actor_name(Lang::Zh, "system:worker"), "系统");
        assert_eq!(actor_name(Lang::En, "system:serve"), "System");
        assert_eq!(actor_name(Lang::En, "compiler"), "compiler");
    }

    #[test]
    fn reading_is_told_from_acting() {
        assert!(is_read("lead.view") && is_read("transfer.receipt_view") && !is_read("lead.submit"));
    }
}
