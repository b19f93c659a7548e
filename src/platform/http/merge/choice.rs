//! What was chosen between two versions of a field, and what of a form is there for choosing alone.

use super::{Group, WAS, digits, said};
use crate::platform::http::{form::Form, form_view::FormView};

/// Begins the name of a choice between two versions.
pub(super) const PICK: &str = "pick.";
/// Begins the name of the field that says between which version and one's own was asked to choose.
pub(super) const ASK: &str = "ask.";
/// The choice of both versions of a list.
pub(super) const BOTH: &str = "both";
/// Begins the name of the field that says what stood in the form when it was asked to choose.
pub(super) const CAME: &str = "came.";
/// Begins the name of what the form was filled from before it asked for the first time.
const EARLIER: &str = "earlier.";

/// The form with what was chosen between two versions. Where it is only asked what fits a field, nothing is chosen yet: the
/// choice is asked anew when the form is sent. So it is where a field was left without a choice: the form has the marks then
/// that it had before, and its act ends in the same question.
#[must_use]
pub fn picked(groups: &[Group], form: &Form) -> Form {
    let mut pairs = form.pairs();
    if form.is_seeking() {
        return form.with_pairs(undecided(pairs));
    }
    let view = FormView::new("").typed(form.pairs());
    // The stored version was chosen, and then the field was written in: which of both is wanted is asked.
    let is_torn = |group: &Group| {
        let (ask, came) = (form.raw(&of_choice(ASK, group)), form.raw(&of_choice(CAME, group)));
        let own = digits(&said(group, &view));
        form.raw(&of_choice(PICK, group)) == "theirs" && !came.is_empty() && own != came && own != ask
    };
    for group in groups {
        let stored = |input: &String| form.all(&format!("theirs.{input}"));
        match form.raw(&of_choice(PICK, group)) {
            "theirs" if !is_torn(group) => {
                pairs.retain(|(name, _)| !group.inputs.contains(name));
                for input in &group.inputs {
                    pairs.extend(stored(input).into_iter().map(|value| (input.clone(), value)));
                }
            }
            BOTH if group.is_list => {
                for input in &group.inputs {
                    let all = together(form.all(input), &stored(input));
                    pairs.retain(|(name, _)| name != input);
                    pairs.extend(all.into_iter().map(|value| (input.clone(), value)));
                }
            }
            _ => {}
        }
    }
    let is_left = |group: &Group| {
        let chosen = form.raw(&of_choice(PICK, group));
        let is_chosen = ["mine", "theirs"].contains(&chosen) || (group.is_list && chosen == BOTH);
        form.has(&of_choice(ASK, group)) && !is_chosen
    };
    let earlier = [WAS, "revision"].map(|name| (format!("{EARLIER}{name}"), earliest(form, name).to_owned()));
    let earlier = earlier.into_iter().filter(|(_, of)| !of.is_empty());
    if groups.iter().any(|group| is_left(group) || is_torn(group)) {
        let asked = |name: &str| name.starts_with(ASK) || name.starts_with(PICK);
        let asked: Vec<_> = pairs.iter().filter(|(name, _)| asked(name.as_str())).cloned().collect();
        pairs = undecided(pairs);
        pairs.extend(asked);
        pairs.extend(earlier);
        return form.with_pairs(pairs);
    }
    pairs.retain(|(name, _)| !is_of_choice(name));
    pairs.extend(earlier);
    form.with_pairs(pairs)
}

/// What the form was filled from (`name`: [`WAS`] or `revision`) before it asked to choose for the first time; of one that
/// never asked, nothing.
fn earliest<'a>(form: &'a Form, name: &str) -> &'a str {
    let first = form.raw(&format!("{EARLIER}{name}"));
    if first.is_empty() { form.raw(&format!("before.{name}")) } else { first }
}

/// Since what (`name`: [`WAS`] or `revision`) others' changes are told: since the form was first opened, however often it
/// asked.
pub fn opened_at<'a>(form: &'a Form, name: &str) -> &'a str {
    let first = earliest(form, name);
    if first.is_empty() { form.raw(name) } else { first }
}

/// The name of one of a group's fields for choosing.
pub(super) fn of_choice(begin: &str, group: &Group) -> String {
    format!("{begin}{}", group.name)
}

/// Whether a field is there for choosing between two versions alone.
fn is_of_choice(name: &str) -> bool {
    [PICK, ASK, CAME, EARLIER, "theirs.", "before."].iter().any(|begin| name.starts_with(begin))
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

/// A list with what it lacks of another.
pub(super) fn together(mut own: Vec<String>, others: &[String]) -> Vec<String> {
    let more: Vec<String> = others.iter().filter(|code| !own.contains(code)).cloned().collect();
    own.extend(more);
    own
}
