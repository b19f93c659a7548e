//! Two people on one object: who saves second is told what has changed since their form was opened, and what only one of
//! both changed is put together; where both changed a field, its two versions stand beside each other to choose from.
//!
//! A form takes along a mark of what it was filled from (`was`), a few digits for each of its fields. So it is known
//! later which fields its writer changed and which the other one, without a history of the values. It is the writer's own
//! word: a forged one only merges their own form otherwise.

use sha2::{Digest, Sha256};

use self::choice::{ASK, BOTH, CAME, PICK, of_choice, together};
pub use self::choice::{is_mark, opened_at, picked, undecided};
use super::{form_view::FormView, read_back};
use crate::platform::{db::Instant, error::FieldError, i18n::Lang};

mod choice;

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
    /// Whether it is a list of codes in one input, of which two may be put together.
    pub is_list: bool,
}

impl Group {
    /// One input.
    pub fn of(name: &str) -> Self {
        Self::with(name, &[name])
    }

    /// Several inputs under one name.
    pub fn with(name: &str, inputs: &[&str]) -> Self {
        let inputs = inputs.iter().map(|input| (*input).to_owned()).collect();
        Self { name: name.to_owned(), inputs, meaning: None, is_list: false }
    }

    /// Compared by what its texts mean, as far as they mean anything.
    #[must_use]
    pub fn meaning(self, meaning: fn(&str) -> Option<String>) -> Self {
        Self { meaning: Some(meaning), ..self }
    }

    /// A list of codes: where both only added to it, both may be taken.
    #[must_use]
    pub fn list(self) -> Self {
        Self { is_list: true, ..self }
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
    /// Both put together; empty: that is no choice here.
    pub both: String,
    /// The names of the inputs that it is written in, with blanks between.
    pub inputs: String,
    /// Inputs that say what is stored, for the choice of it, and that it was asked.
    pub hidden: Vec<(String, String)>,
    /// The name of the choice.
    pub pick: String,
    /// Whether one's own version was chosen before, against what is stored now.
    pub is_mine: bool,
    /// Whether the stored one was chosen, while the field was written in.
    pub is_torn: bool,
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
/// Beside a field that both have changed, and of which no version was chosen.
const UNCHOSEN: &str = "error-merge-unchosen";
/// Beside a field of which the stored version was chosen and another one was written.
const TYPED: &str = "error-merge-typed";

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
            Side::Neither => {
                if group.meaning.is_some() {
                    for input in &group.inputs {
                        form = form.set_many(input, theirs.values(input).to_vec());
                    }
                }
                // The same as theirs, taken over from an earlier question: changed since all the same, and told as that.
                if marked(&was, group).is_some_and(|of| of != digits(&said(group, theirs))) {
                    merging.settled.push(Settled { label, mine: false, text: text(group, theirs) });
                }
            }
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
                let holds = mine.value(&ask) == now;
                let is_mine = holds && ["mine", BOTH].contains(&mine.value(&pick));
                // What was chosen so stands in the form already, unless somebody wrote in it.
                let is_torn = holds && mine.value(&pick) == "theirs";
                if mine.holds(&ask) && !is_mine {
                    let code = if is_torn { TYPED } else { UNCHOSEN };
                    unchosen.push(FieldError::new(pick.as_str(), code).arg("field", &label));
                }
                let mut hidden: Vec<(String, String)> = group.inputs.iter().flat_map(stored).collect();
                hidden.push((ask, now));
                hidden.push((of_choice(CAME, group), digits(&said(group, &mine))));
                let both = both(group, marked(&was, group), theirs, &mine);
                merging.open.push(Open {
                    name: group.name.clone(),
                    label,
                    theirs: text(group, theirs),
                    mine: text(group, &mine),
                    both: both.map_or_else(String::new, |both| text(group, &both)),
                    inputs: group.inputs.join(" "),
                    hidden,
                    pick,
                    is_mine,
                    is_torn,
                });
            }
        }
    }
    let now = if theirs.holds(WAS) { theirs.value(WAS).to_owned() } else { mark(groups, theirs) };
    form.set(WAS, now).set(BEFORE_WAS, was).with_merging(merging).with_errors(unchosen)
}

/// Both versions of a list put together, where both only added to what there `was`; nothing where one took off, or where that
/// can't be told.
fn both(group: &Group, was: Option<&str>, theirs: &FormView, mine: &FormView) -> Option<FormView> {
    let input = group.inputs.first().filter(|_| group.is_list)?;
    let (others, own) = (theirs.values(input), mine.values(input));
    let common = own.iter().filter(|code| others.contains(code)).cloned();
    let common = FormView::new("").set_many(input, common);
    let is_added = was == Some(digits(&said(group, &common)).as_str());
    is_added.then(|| FormView::new("").set_many(input, together(own.to_vec(), others)))
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

#[cfg(test)]
mod tests;
