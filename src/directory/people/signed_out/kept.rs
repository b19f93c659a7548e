//! How what was typed is given back: texts to be seen, everything else hidden, secrets and files to be given anew.

use std::collections::{HashMap, HashSet};

use super::body::Typed;
use crate::platform::http::{form_view::FormView, keeping::holds_secret_key, layout::Chrome, merge::is_mark};

/// A text, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub name: String,
    pub label: String,
    pub value: String,
}

/// What has to be given anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Anew {
    pub name: String,
    pub label: String,
    /// `password`, `text` (a code) or `file`.
    pub kind: &'static str,
    /// The names of the files that were chosen.
    pub files: String,
    pub many: bool,
}

/// The form, given back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// What of it was filled in or chosen, by the words of the fields, each once.
    pub named: Vec<String>,
    /// Those of them that are not shown: what was chosen is sent again as it was.
    pub unseen: Vec<String>,
    pub texts: Vec<Text>,
    pub hidden: Vec<(String, String)>,
    pub anew: Vec<Anew>,
    pub in_parts: bool,
}

/// The labels of fields, by a part of the address of their form.
const LABELS: [(&str, &str); 15] = [
    ("tokens", "people-token-"),
    ("account", "people-field-"),
    ("admin", "people-field-"),
    ("agencies", "agency-field-"),
    ("operations", "operation-field-"),
    ("outcomes", "outcome-field-"),
    ("receipt", "delivery-field-"),
    ("transfers", "transfer-field-"),
    ("cases", "transfer-field-"),
    ("approvals", "review-field-"),
    ("dossiers", "dossier-field-"),
    ("evidence", "evidence-field-"),
    ("comments", "comment-field-"),
    ("subjects", "lead-field-"),
    ("leads", "lead-field-"),
];

/// Where `code` is the code of a reason or of an agency. Elsewhere it is a secret.
const PLAIN_CODES: [&str; 4] = ["/transfers/", "/cases/", "/outcomes/", "/agencies"];

/// The kind of input that a secret is typed into; `None` for what is no secret.
pub(in crate::directory::people) fn secret(path: &str, name: &str) -> Option<&'static str> {
    match name {
        "password" | "repeat" | "old" | "proof" => Some("password"),
        "code" if !PLAIN_CODES.iter().any(|plain| path.starts_with(plain)) => Some("text"),
        _ => None,
    }
}

/// A field's label, by the forms that have such an address: the narrower part of it first, then by any form.
pub fn label(c: &Chrome, path: &str, name: &str) -> String {
    known_label(c, path, name).unwrap_or_else(|| c.t("people-signed-out-field"))
}

/// As [`label`]; nothing for a field that no form has words for.
fn known_label(c: &Chrome, path: &str, name: &str) -> Option<String> {
    let near = path.rsplit('/').filter_map(|part| LABELS.iter().find(|(word, _)| *word == part));
    let mut all = near.chain(&LABELS).map(|(_, prefix)| FormView::new(prefix).label(c, name, ""));
    all.find(|label| !label.is_empty())
}

/// Whether somebody wrote it: no id, hash, code or number of a choice.
pub fn is_text(value: &str) -> bool {
    value.chars().any(|ch| ch.is_whitespace() || !ch.is_ascii())
}

/// `new_person_0` and `sites[0].region` as `new_person_` and `sites[].region`.
fn unnumbered(name: &str) -> String {
    name.chars().filter(|ch| !ch.is_ascii_digit()).collect()
}

/// So many fields are given back; no form of ours has as many.
const MOST_FIELDS: usize = 12_000;
/// So many texts are shown; what follows goes along unseen.
const MOST_TEXTS: usize = 200;

/// What the page gives back of a form that was posted to `path`.
pub(super) fn of(c: &Chrome, path: &str, typed: &Typed) -> Kept {
    let mut kept = Kept { in_parts: typed.in_parts, ..Kept::default() };
    let form = url::form_urlencoded::parse(&typed.body).into_owned();
    let mut seen = HashSet::new();
    for (name, value) in form.chain(typed.pairs.iter().cloned()).take(MOST_FIELDS) {
        if holds_secret_key(&value) {
            continue;
        }
        let is_told = !value.trim().is_empty() && !is_mark(&name) && secret(path, &name).is_none();
        // A form asks for the same of several by one name and numbers: their words are one.
        if is_told && seen.len() < MOST_TEXTS && seen.insert(unnumbered(&name)) {
            let label = known_label(c, path, &name).filter(|label| !kept.named.contains(label));
            let is_shown = kept.texts.len() < MOST_TEXTS && is_text(&value);
            kept.unseen.extend(label.clone().filter(|_| !is_shown));
            kept.named.extend(label);
        }
        match secret(path, &name) {
            Some(kind) if kept.anew.iter().all(|one| one.name != name) => kept.anew.push(Anew {
                label: label(c, path, &name),
                kind,
                name,
                files: String::new(),
                many: false,
            }),
            Some(_) => {}
            None if kept.texts.len() < MOST_TEXTS && is_text(&value) && !is_mark(&name) => {
                kept.texts.push(Text { label: label(c, path, &name), name, value });
            }
            None => kept.hidden.push((name, value)),
        }
    }
    let secrets = kept.anew.len();
    let mut fields: HashMap<&str, usize> = HashMap::new();
    for (name, file) in &typed.files {
        match fields.get(name.as_str()) {
            Some(&at) => {
                let one = &mut kept.anew[at];
                one.files.push_str(&c.language.comma());
                one.files.push_str(file);
                one.many = true;
            }
            None if kept.anew.len() < secrets + MOST_TEXTS => {
                fields.insert(name, kept.anew.len());
                kept.anew.push(Anew {
                    label: label(c, path, name),
                    name: name.clone(),
                    kind: "file",
                    files: file.clone(),
                    many: false,
                });
            }
            None => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        let pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Typed { pairs, ..Typed::default() }
    }

    #[test]
    fn a_secret_is_never_given_back_and_the_code_of_a_reason_is_none() {
        let c = Chrome::default();
        let form = typed(&[("code", "123 456"), ("remark", "两处 已核"), ("seen", "a=b")]);
        let kept = of(&c, "/approvals/1/approve", &form);
        assert_eq!(kept.texts.iter().map(|t| t.value.as_str()).collect::<Vec<_>>(), ["两处 已核"]);
        assert_eq!(kept.hidden, [("seen".to_owned(), "a=b".to_owned())]);
        assert_eq!((kept.anew[0].name.as_str(), kept.anew[0].kind), ("code", "text"));
        let kept = of(&c, "/transfers/1/refuse", &typed(&[("code", "RF-OTHER")]));
        assert_eq!(kept.hidden, [("code".to_owned(), "RF-OTHER".to_owned())]);
        let kept =
            of(&c, "/account/password", &typed(&[("old", "a b"), ("password", "c d"), ("repeat", "c d")]));
        assert!(kept.texts.is_empty() && kept.hidden.is_empty());
        assert_eq!(kept.anew.len(), 3);
    }

    #[test]
    fn whatever_was_filled_in_is_named_once_and_nothing_else() {
        let form = typed(&[
            ("title", "Rolex"),
            ("summary", ""),
            ("charges", "CL213"),
            ("charges", "CL214"),
            ("estimated_value.amount", "1200000"),
            ("was", "title:0"),
            ("enter", "yes"),
        ]);
        let kept = of(&Chrome::default(), "/leads/new", &form);
        assert_eq!(kept.named, ["标题", "涉嫌罪名与违法行为", "估计金额"]);
        assert_eq!(kept.unseen, kept.named, "nothing of it is a text that is shown");
        assert_eq!(kept.texts.len() + kept.hidden.len(), 7, "all of it is given back");
    }

    #[test]
    fn a_form_of_endless_fields_is_not_given_back_whole() {
        let fields = "a=+&".repeat(MOST_FIELDS * 3);
        let form = Typed { body: fields.into(), ..Typed::default() };
        let kept = of(&Chrome::default(), "/leads/1/edit", &form);
        assert_eq!((kept.texts.len(), kept.texts.len() + kept.hidden.len()), (MOST_TEXTS, MOST_FIELDS));
    }

    #[test]
    fn files_of_one_field_are_named_together() {
        let files = [("file", "a.jpg"), ("file", "b.jpg")].map(|(n, f)| (n.to_owned(), f.to_owned()));
        let form = Typed { files: files.to_vec(), in_parts: true, ..Typed::default() };
        let kept = of(&Chrome::default(), "/leads/1/evidence", &form);
        assert_eq!((kept.anew[0].files.as_str(), kept.anew[0].many), ("a.jpg、b.jpg", true));
    }
}
