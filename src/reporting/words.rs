//! Where an object of the log is found, and what kind of act a verb is. Pure; what they are called is in `audit`.

use crate::platform::{db::Id, http::view::Tone, paths};

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
    fn reading_is_told_from_acting() {
        assert!(is_read("lead.view") && is_read("transfer.receipt_view") && !is_read("lead.submit"));
    }
}
