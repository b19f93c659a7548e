//! What is typed into a form and not sent yet. It is kept at the server, for whoever typed it alone; a page fills its
//! form from it, and the form says where its typing is kept.

use crate::platform::{
    db::Id,
    http::{link::Query, merge::Change},
    paths,
};

/// Whether a text holds a secret key, of age, as PEM or of PGP, whatever field it was pasted into: it is never kept, nor given back.
pub fn holds_secret_key(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    text.contains("AGE-SECRET-KEY-")
        || text.contains("PRIVATE KEY-----")
        || text.contains("PRIVATE KEY BLOCK-----")
}

/// What was typed into a form and not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    pub id: Id,
    /// Where the form is posted to.
    pub form: String,
    /// When it was kept, in microseconds: tells this state from a later one.
    pub saved: i64,
    /// The same moment, as it is shown.
    pub at: String,
    /// Names and values, in the form's order.
    pub fields: Vec<(String, String)>,
}

/// Marks a request that was refused, and whose form was kept: the page that says so leads to it.
#[derive(Clone, Copy, Debug)]
pub struct KeptTyped;

/// How a form's typing is kept while it is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// Under which it is kept.
    pub id: Id,
    /// Where the form is posted to.
    pub form: String,
    /// The word by which the form acts once; tells one showing of the form from another.
    pub word: Id,
    /// The word that the form had before it was shown again.
    pub before: Option<Id>,
    /// The state that it was filled from, as [`Unsent::saved`]; `None`: from none.
    pub base: Option<i64>,
    /// When that was kept, as it is shown; empty: it was filled from none.
    pub at: String,
    /// How many more are kept for this form.
    pub more: usize,
    /// The page of the form without anything that was kept.
    pub blank: String,
    /// What others have saved since the form that was kept was opened.
    pub overtaken: Vec<Change>,
}

impl Keeping {
    /// For a form that is posted to `form`.
    pub fn new(id: Id, form: String) -> Self {
        let (word, at, blank) = (Id::new(), String::new(), String::new());
        Self { id, form, word, before: None, base: None, at, more: 0, blank, overtaken: Vec::new() }
    }

    /// Where the form is posted to for being kept and not sent.
    pub fn href(&self) -> String {
        let here = Query::new(paths::UNSENT).with("form", &self.form).with("word", &self.word.to_string());
        format!("{}&{}", here.href(), self.state())
    }

    /// What is kept already and is the form's own, as parameters of an address.
    pub fn state(&self) -> String {
        let before = self.before.map_or_else(String::new, |word| format!("&before={word}"));
        let base = self.base.map_or_else(String::new, |saved| format!("&base={saved}"));
        format!("draft={}{before}{base}", self.id)
    }

    /// As [`Keeping::state`], for the address that the form is sent to: with where it is kept, if that has parameters.
    pub fn sent_with(&self) -> String {
        let place = Query::new("").with("form", &self.form).href().replacen('?', "&", 1);
        format!("{}{}", self.state(), if self.form.contains('?') { place.as_str() } else { "" })
    }

    /// Where the post goes that takes it away.
    pub fn discard_href(&self) -> String {
        format!("{}/{}/discard", paths::UNSENT, self.id)
    }
}

/// Chooses what a form is filled from: what the address asks for (`?unsent=<id>`, or `none`), else the newest. `kept` is
/// what is kept for the page's forms, the newest first; `page` its path and query.
pub(super) fn choose<'a>(kept: &'a [Unsent], form: &str, page: &str) -> (Option<&'a Unsent>, usize) {
    let query = Query::new(page);
    let mut own = kept.iter().filter(|one| one.form == form);
    let all = own.clone().count();
    let chosen = match query.get("unsent") {
        "none" => None,
        // An id that is of another form of the page, or of nothing, asks for no other one here.
        wanted => own.clone().find(|one| one.id.to_string() == wanted).or_else(|| own.next()),
    };
    (chosen, all - usize::from(chosen.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsent(form: &str, saved: i64) -> Unsent {
        Unsent { id: Id::new(), form: form.into(), saved, at: "14:03".into(), fields: Vec::new() }
    }

    #[test]
    fn a_form_is_filled_from_its_newest_typing_unless_another_is_asked_for() {
        let kept = [unsent("/leads/new", 3), unsent("/other", 2), unsent("/leads/new", 1)];
        let saved = |page: &str| {
            let (chosen, more) = choose(&kept, "/leads/new", page);
            (chosen.map(|one| one.saved), more)
        };
        assert_eq!(saved("/leads/new"), (Some(3), 1));
        assert_eq!(saved(&format!("/leads/new?unsent={}", kept[2].id)), (Some(1), 1));
        assert_eq!(saved(&format!("/leads/new?unsent={}", kept[1].id)), (Some(3), 1));
        assert_eq!(saved("/leads/new?unsent=none"), (None, 2));
        assert_eq!(choose(&kept, "/leads/1/edit", "/leads/1/edit"), (None, 0));
    }

    #[test]
    fn the_address_that_keeps_names_form_and_state() {
        let mut keeping = Keeping::new(Id::new(), "/cases/1/outcomes/new?kind=arrest".into());
        keeping.base = Some(7);
        let query = Query::new(&keeping.href());
        assert_eq!(query.get("form"), "/cases/1/outcomes/new?kind=arrest");
        assert_eq!((query.get("base"), query.get("before")), ("7", ""));
        assert_eq!(query.get("draft"), keeping.id.to_string());
        let sent = Query::new(&format!("/cases/1/outcomes/new?{}", keeping.sent_with()));
        assert_eq!((sent.get("form"), sent.get("base")), (keeping.form.as_str(), "7"));
        let plain = Keeping::new(Id::new(), "/leads/new".into());
        assert_eq!(plain.sent_with(), plain.state());
    }

    #[test]
    fn a_secret_key_is_known_wherever_it_stands() {
        for text in [
            "AGE-SECRET-KEY-1GQ9778VQXMM",
            "# created\nage-secret-key-1gq9778vqxmm",
            "-----BEGIN OPENSSH PRIVATE KEY-----",
        ] {
            assert!(holds_secret_key(text), "{text}");
        }
        assert!(!holds_secret_key("age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa"));
        assert!(!holds_secret_key("-----BEGIN PUBLIC KEY-----"));
    }
}
