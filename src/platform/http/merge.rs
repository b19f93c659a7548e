//! Two people on one object: who saves second is told what has changed since their form was opened, and what only one of
//! both changed is put together; where both changed a field, its two versions stand beside each other to choose from.
//!
//! A form takes along a mark of what it was filled from (`was`), a few digits for each of its fields. So it is known
//! later which fields its writer changed and which the other one, without a history of the values. It is the writer's own
//! word: a forged one only merges their own form otherwise.

use sha2::{Digest, Sha256};

use super::{form::Form, form_view::FormView, read_back};
use crate::platform::{db::Instant, error::FieldError, i18n::Lang};

/// Why an act is refused whose form was filled before somebody else's act: its page shows both versions then.
pub const CHANGED_SINCE: &str = "conflict-changed-since";

/// The field that carries the mark.
pub const WAS: &str = "was";

/// What a form says in one field, or in a few that mean nothing without each other.
#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    /// The names of its inputs.
    pub inputs: Vec<String>,
    /// What a text means, where the same may be said by several: one person may read a form in two languages.
    pub meaning: Option<fn(&str) -> Option<String>>,
}

impl Group {
    /// One input.
    pub fn of(name: &str) -> Self {
        Self::with(name, &[name])
    }

    /// Several inputs under one name.
    pub fn with(name: &str, inputs: &[&str]) -> Self {
        let inputs = inputs.iter().map(|input| (*input).to_owned()).collect();
        Self { name: name.to_owned(), inputs, meaning: None }
    }

    /// Compared by what its texts mean, as far as they mean anything.
    #[must_use]
    pub fn meaning(self, meaning: fn(&str) -> Option<String>) -> Self {
        Self { meaning: Some(meaning), ..self }
    }
}

/// A change by somebody, since the form was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub time: String,
    pub who: String,
    /// Names of the fields, in words; empty: they are not on record.
    pub fields: String,
}

/// A field that only one of both has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub label: String,
    /// Whether it was the one who saves now.
    pub mine: bool,
    pub text: String,
}

/// A field that both have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub name: String,
    pub label: String,
    pub theirs: String,
    pub mine: String,
    /// Inputs that say what is stored, for the choice of it, and that it was asked.
    pub hidden: Vec<(String, String)>,
    /// The name of the choice.
    pub pick: String,
    /// Whether one's own version was chosen before, against what is stored now.
    pub is_mine: bool,
}

/// What the second one is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merging {
    pub changes: Vec<Change>,
    pub settled: Vec<Settled>,
    pub open: Vec<Open>,
}

/// Who has changed a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Nobody, or both to the same.
    Neither,
    Mine,
    Theirs,
    Both,
}

/// The mark that a form had before it was merged. Kept unsent it goes back to that: a choice that was not sent is none.
const BEFORE_WAS: &str = "before.was";
/// Begins the name of a choice between two versions.
const PICK: &str = "pick.";
/// Begins the name of the field that says between which version and one's own was asked to choose.
const ASK: &str = "ask.";
/// Beside a field that both have changed, and of which no version was chosen.
const UNCHOSEN: &str = "error-merge-unchosen";

/// What a group says, so that the same is said by the same text: without empty values, white space around them, the way
/// in which a browser ends its lines, and the order of what is ticked.
fn said(group: &Group, form: &FormView) -> String {
    let mut text = String::new();
    for input in &group.inputs {
        let values = form.values(input).iter().map(|value| value.replace("\r\n", "\n").replace('\r', "\n"));
        let meant = |text: &str| group.meaning.and_then(|meaning| meaning(text));
        let of_value = |value: String| meant(value.trim()).unwrap_or_else(|| value.trim().to_owned());
        let mut values: Vec<String> = values.map(of_value).collect();
        values.retain(|value| !value.is_empty());
        values.sort_unstable();
        text.push_str(&values.join("\u{1f}"));
        text.push('\u{1e}');
    }
    text
}

fn digits(said: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(said.as_bytes())[..8])
}

/// The mark of what a form is filled from.
pub fn mark(groups: &[Group], form: &FormView) -> String {
    let parts: Vec<String> =
        groups.iter().map(|group| format!("{}:{}", group.name, digits(&said(group, form)))).collect();
    parts.join(" ")
}

/// As [`mark`], where the object has no number that goes up with each change: with the moment of the filling, by which it
/// is told what has been done since.
#[must_use]
pub fn with_mark(groups: &[Group], form: FormView, at: Instant) -> FormView {
    let mark = format!("{AT}{} {}", at.micros(), mark(groups, &form));
    form.set(WAS, mark)
}

/// Before the moment in a mark.
const AT: &str = "at=";

/// The moment that a mark names, else the beginning of time.
pub fn since(was: &str) -> Instant {
    let at = was.split(' ').find_map(|part| part.strip_prefix(AT)).and_then(|at| at.parse().ok());
    Instant::from_micros(at.unwrap_or_default())
}

/// What a mark says of one group; nothing where it does not know it.
fn marked<'a>(was: &'a str, group: &Group) -> Option<&'a str> {
    was.split(' ')
        .filter_map(|part| part.rsplit_once(':'))
        .find_map(|(name, of)| (name == group.name).then_some(of))
}

/// Whether what is stored `now` is no longer what the form with the mark `was` was filled from. A form without a mark
/// was filled by a program, which says what it wants.
pub fn has_moved(groups: &[Group], was: &str, now: &FormView) -> bool {
    groups.iter().any(|group| marked(was, group).is_some_and(|of| of != digits(&said(group, now))))
}

/// Who has changed a field: `was` as the mark has it, if it does; `theirs` and `mine` as they are now.
fn side(was: Option<&str>, theirs: &str, mine: &str) -> Side {
    if theirs == mine {
        return Side::Neither;
    }
    match was {
        Some(was) if was == digits(mine) => Side::Theirs,
        Some(was) if was == digits(theirs) => Side::Mine,
        _ => Side::Both,
    }
}

/// The form to be saved after another one: what was typed (`mine`), with what only the others changed (`theirs`), and
/// the mark of what is stored now. `text` says what a group holds, `label` how it is called.
pub fn merged(
    groups: &[Group],
    theirs: &FormView,
    mine: FormView,
    changes: Vec<Change>,
    words: (impl Fn(&Group, &FormView) -> String, impl Fn(&Group) -> String),
) -> FormView {
    let (text, label) = words;
    let was = mine.value(WAS).to_owned();
    let mut merging = Merging { changes, ..Merging::default() };
    let mut unchosen = Vec::new();
    let mut form = mine.clone();
    for group in groups {
        let label = label(group);
        match side(marked(&was, group), &said(group, theirs), &said(group, &mine)) {
            // Said in other words, it stands there in those that the reader knows.
            Side::Neither if group.meaning.is_some() => {
                for input in &group.inputs {
                    form = form.set_many(input, theirs.values(input).to_vec());
                }
            }
            Side::Neither => {}
            Side::Mine => {
                merging.settled.push(Settled { label, mine: true, text: text(group, &mine) });
            }
            Side::Theirs => {
                for input in &group.inputs {
                    form = form.set_many(input, theirs.values(input).to_vec());
                }
                merging.settled.push(Settled { label, mine: false, text: text(group, theirs) });
            }
            Side::Both => {
                let stored = |input: &String| {
                    let name = format!("theirs.{input}");
                    theirs.values(input).iter().map(move |value| (name.clone(), value.clone()))
                };
                let (ask, pick) = (of_choice(ASK, group), of_choice(PICK, group));
                let now = digits(&said(group, theirs));
                // A choice holds against the version that it was made between.
                let is_mine = mine.value(&pick) == "mine" && mine.value(&ask) == now;
                if mine.holds(&ask) && !is_mine {
                    unchosen.push(FieldError::new(pick.as_str(), UNCHOSEN).arg("field", &label));
                }
                let mut hidden: Vec<(String, String)> = group.inputs.iter().flat_map(stored).collect();
                hidden.push((ask, now));
                merging.open.push(Open {
                    name: group.name.clone(),
                    label,
                    theirs: text(group, theirs),
                    mine: text(group, &mine),
                    hidden,
                    pick,
                    is_mine,
                });
            }
        }
    }
    let now = if theirs.holds(WAS) { theirs.value(WAS).to_owned() } else { mark(groups, theirs) };
    form.set(WAS, now).set(BEFORE_WAS, was).with_merging(merging).with_errors(unchosen)
}

/// What a group holds where its inputs say it in words.
pub fn plain(group: &Group, form: &FormView) -> String {
    let values = group.inputs.iter().flat_map(|input| form.values(input));
    let values: Vec<&str> = values.map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
    values.join(" · ")
}

/// What a field for a day or an amount (`kind`, as `read_back` has them) holds, as the program understands it; what can't be
/// read as it was typed.
pub fn in_words(lang: Lang, kind: &str, text: &str) -> String {
    read_back::told(lang, kind, text, "").unwrap_or_else(|| text.trim().to_owned())
}

/// The form with what was chosen between two versions. Where it is only asked what fits a field, nothing is chosen yet: the
/// choice is asked anew when the form is sent. So it is where a field was left without a choice: the form has the marks then
/// that it had before, and its act ends in the same question.
#[must_use]
pub fn picked(groups: &[Group], form: &Form) -> Form {
    let mut pairs = form.pairs();
    if form.is_seeking() {
        return form.with_pairs(undecided(pairs));
    }
    for group in groups.iter().filter(|group| form.raw(&of_choice(PICK, group)) == "theirs") {
        pairs.retain(|(name, _)| !group.inputs.contains(name));
        for input in &group.inputs {
            pairs
                .extend(form.all(&format!("theirs.{input}")).into_iter().map(|value| (input.clone(), value)));
        }
    }
    let is_left = |group: &Group| {
        let chosen = form.raw(&of_choice(PICK, group));
        form.has(&of_choice(ASK, group)) && !["mine", "theirs"].contains(&chosen)
    };
    if groups.iter().any(is_left) {
        let asked = |name: &str| name.starts_with(ASK) || name.starts_with(PICK);
        let asked: Vec<_> = pairs.iter().filter(|(name, _)| asked(name.as_str())).cloned().collect();
        pairs = undecided(pairs);
        pairs.extend(asked);
        return form.with_pairs(pairs);
    }
    pairs.retain(|(name, _)| !is_of_choice(name));
    form.with_pairs(pairs)
}

/// The name of one of a group's fields for choosing.
fn of_choice(begin: &str, group: &Group) -> String {
    format!("{begin}{}", group.name)
}

/// Whether a field is there for choosing between two versions alone.
fn is_of_choice(name: &str) -> bool {
    [PICK, ASK, "theirs.", "before."].iter().any(|begin| name.starts_with(begin))
}

/// Whether a field is the form's own bookkeeping, which nobody has typed.
pub fn is_mark(name: &str) -> bool {
    is_of_choice(name) || [WAS, "revision", "seen", "digest", "version"].contains(&name)
}

/// What a form holds that is not sent: of one that asks to choose, with the mark that it had before. Opened again and
/// sent it asks anew, and nothing that others have saved is written over unseen.
#[must_use]
pub fn undecided(mut fields: Vec<(String, String)>) -> Vec<(String, String)> {
    let before: Vec<(String, String)> = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("before.")?.to_owned(), value.clone())))
        .collect();
    fields.retain(|(name, _)| !is_of_choice(name) && before.iter().all(|(known, _)| known != name));
    fields.extend(before);
    fields
}

#[cfg(test)]
mod tests;
