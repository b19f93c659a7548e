//! How far a long form is: which of its parts are complete, which lack something, which are to be mended. It is made from
//! what stands in the form, so it is told before and after a post alike.

use super::{form_view::FormView, layout::Chrome};

/// A part of a form: where it is on the page, what it is called, which of its fields it needs and which it takes.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The `id` of its element.
    pub id: &'static str,
    /// Message key of its heading.
    pub label: &'static str,
    /// The fields without which it is not complete. One that stands several times is named by what all begin with; of
    /// several that are parted by `|`, one is enough; `name=value` is there where that was chosen.
    pub need: &'static [&'static str],
    pub more: &'static [&'static str],
}

/// How far a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub id: &'static str,
    pub label: String,
    /// `mend`, `lacks`, `complete` or `open` (nothing is needed and nothing is there).
    pub state: &'static str,
    /// The state in words, with the fields that are missing.
    pub text: String,
    /// For the script: each field that it needs and its label, a line each, parted by a tab.
    pub need: String,
    /// For the script: the other fields, parted by spaces.
    pub more: String,
}

impl FormView {
    /// How far each part is.
    pub fn sections(&self, c: &Chrome, parts: &[Part]) -> Vec<Section> {
        parts.iter().map(|part| self.section(c, part)).collect()
    }

    fn section(&self, c: &Chrome, part: &Part) -> Section {
        self.section_of(c, (part.id, part.label), part.need, part.more)
    }

    /// How far a part is, by its `id` and the message key of its heading, that needs some fields and takes others.
    pub fn section_of(
        &self,
        c: &Chrome,
        (id, heading): (&'static str, &'static str),
        need: &[&str],
        more: &[&str],
    ) -> Section {
        let fields = || need.iter().flat_map(|one| one.split('|')).chain(more.iter().copied());
        let lacks = |one: &&str| !one.split('|').any(|name| self.is_there(name));
        let missing: Vec<&str> = need.iter().copied().filter(lacks).collect();
        // What has no label of its own bears its part's.
        let label = |one: &str| {
            let names = one.split('|').filter(|name| !name.contains('='));
            let own = names.map(|name| self.label(c, name, "")).filter(|own| !own.is_empty());
            let own = own.collect::<Vec<_>>().join(&c.t("form-part-or"));
            if own.is_empty() { c.t(heading) } else { own }
        };
        let wrong: Vec<String> = fields().flat_map(|name| self.unread_below(c, name)).collect();
        let (state, text) = if fields().any(|name| self.has_fault_below(name)) {
            ("mend", c.t("form-part-mend"))
        } else if !wrong.is_empty() {
            ("mend", c.tv("form-part-wrong", "faults", wrong.join(&c.language.comma())))
        } else if !missing.is_empty() {
            let labels: Vec<String> = missing.iter().map(|name| label(name)).collect();
            ("lacks", c.tv("form-part-lacks", "fields", labels.join(&c.language.comma())))
        } else if fields().any(|name| self.is_filled(name)) {
            ("complete", c.t("form-part-complete"))
        } else {
            ("open", c.t("form-part-open"))
        };
        let lines: Vec<String> = need.iter().map(|name| format!("{name}\t{}", label(name))).collect();
        Section { id, label: c.t(heading), state, text, need: lines.join("\n"), more: more.join(" ") }
    }

    /// Whether anything stands in the field; of `name=value`, whether that is chosen.
    fn is_there(&self, name: &str) -> bool {
        match name.split_once('=') {
            Some((name, value)) => self.has(name, value),
            None => self.is_filled(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::error::FieldError;

    const WHAT: Part = Part { id: "what", label: "title", need: &["title", "summary"], more: &[] };
    const WHO: Part = Part { id: "who", label: "title", need: &[], more: &["person"] };

    #[test]
    fn of_several_fields_that_will_do_one_is_enough() {
        const ANY: Part = Part { id: "any", label: "title", need: &["title|person"], more: &[] };
        let c = Chrome::default();
        let states = |form: &FormView| form.sections(&c, &[ANY])[0].state;
        assert_eq!(states(&FormView::new("lead-field-")), "lacks");
        let form = FormView::new("lead-field-").set("person_1", String::from("主犯"));
        assert_eq!(states(&form), "complete");
        assert_eq!(states(&FormView::new("lead-field-").set("title", String::from("假表"))), "complete");
        let form = form.with_errors([FieldError::new("title", "error-too-long")]);
        assert_eq!(states(&form), "mend");
    }

    #[test]
    fn what_one_choice_alone_asks_for_is_missing_with_that_choice() {
        const SOURCE: Part = Part { id: "source", label: "title", need: &["title|person=paper"], more: &[] };
        let c = Chrome::default();
        let state = |chosen: &str| {
            let form = FormView::new("lead-field-").set("person", chosen.to_owned());
            form.sections(&c, &[SOURCE])[0].state
        };
        assert_eq!((state("file"), state("paper")), ("lacks", "open"));
    }

    #[test]
    fn a_part_says_what_it_lacks_and_what_is_to_be_mended() {
        let c = Chrome::default();
        let states = |form: &FormView| {
            form.sections(&c, &[WHAT, WHO]).into_iter().map(|part| part.state).collect::<Vec<_>>()
        };
        let form = FormView::new("lead-field-").set("title", String::from("假表"));
        assert_eq!(states(&form), ["lacks", "open"]);
        assert!(form.sections(&c, &[WHAT])[0].text.contains("线索摘要"));
        let form = form.set("summary", String::from("网店")).set("person_0", String::from("主犯"));
        assert_eq!(states(&form), ["complete", "complete"]);
        let form = form.with_errors([FieldError::new("person_0", "error-too-long")]);
        assert_eq!(states(&form), ["complete", "mend"]);
        let form = FormView::new("lead-field-").set("person", String::from("主犯"));
        let form = form.with_unread([FieldError::new("person", "error-not-a-date")]);
        assert_eq!(states(&form), ["lacks", "mend"]);
        assert_ne!(form.sections(&c, &[WHO])[0].text, c.t("form-part-mend"), "it says what is wrong");
    }
}
