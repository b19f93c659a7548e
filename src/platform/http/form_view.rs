//! A form as it is shown: what stands in its fields, and what must be mended, beside the field it concerns.

use std::{collections::BTreeMap, fmt::Display};

use crate::platform::{
    db::Id,
    error::FieldError,
    http::{
        field_name::{field_name, number_in},
        form,
        keeping::Keeping,
        layout::Chrome,
        merge::Merging,
        read_back,
        view::Choice,
    },
    i18n,
    money::Reading,
    time,
};

/// Values and faults of one form. Fed from the object (edit), from what was typed (after a fault), or empty (new).
///
/// `label_prefix` names the labels: with `lead-field-`, the field `sites[0].region` is called by the message
/// `lead-field-sites-region`. The macros take the label from there unless they are given another key.
#[derive(Clone, Debug, Default)]
pub struct FormView {
    label_prefix: &'static str,
    id_prefix: &'static str,
    /// Whether a fault at what has no field in the form is named all the same.
    names_parameters: bool,
    /// Keys of labels that are not those of the prefix, by field.
    labels: BTreeMap<&'static str, String>,
    values: BTreeMap<String, Vec<String>>,
    errors: Vec<FieldError>,
    /// What stands in it and can't be read, before it was sent: told of its parts only.
    unread: Vec<FieldError>,
    /// How its typing is kept while it is not sent; none: it is not.
    keeping: Option<Keeping>,
    /// Set where somebody else has saved the object since the form was opened.
    merging: Option<Merging>,
    /// Which of several it is about, where its fields do not say so: the last part of the message `numbered-…`, and the number.
    about: Option<(&'static str, usize)>,
}

/// One line of the summary above a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorLine {
    /// The `id` of the field's input, for the link.
    pub id: String,
    /// The field's label, or nothing where it has none.
    pub label: String,
    pub text: String,
}

impl FormView {
    /// An empty form.
    pub fn new(label_prefix: &'static str) -> Self {
        Self { label_prefix, ..Self::default() }
    }

    /// The filter of a list as it stands in the address, with what of it was not understood. Links narrow by more than
    /// the form has fields for; a fault of such a parameter bears the words that all lists share.
    pub fn filter(label_prefix: &'static str, typed: &[(String, String)], faults: &[FieldError]) -> Self {
        let pairs = typed.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let form = Self { names_parameters: true, ..Self::new(label_prefix) };
        form.typed(pairs).with_errors(faults.iter().cloned())
    }

    /// Sets the ids of its fields apart from those of another form on the page that has the same fields.
    #[must_use]
    pub fn with_ids(mut self, id_prefix: &'static str) -> Self {
        self.id_prefix = id_prefix;
        self
    }

    /// Calls a field by the message `key`, beside it and in the summary of what must be mended.
    #[must_use]
    pub fn called(mut self, name: &'static str, key: impl Into<String>) -> Self {
        self.labels.insert(name, key.into());
        self
    }

    /// Says in the summary of what must be mended that the form is about the `n`th (from 1) of a lead's `subjects` and the
    /// like.
    #[must_use]
    pub fn about(mut self, what: &'static str, n: usize) -> Self {
        self.about = Some((what, n));
        self
    }

    /// What was typed, in the order of the request's body.
    #[must_use]
    pub fn typed<N: Into<String>, V: Into<String>>(
        mut self,
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        for (name, value) in pairs {
            self.values.entry(name.into()).or_default().push(value.into());
        }
        self
    }

    /// Sets a field; `None` leaves it empty.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<Option<String>>) -> Self {
        self.values.insert(name.to_owned(), value.into().into_iter().collect());
        self
    }

    /// Sets a field that takes several values (checkboxes, multiple select).
    #[must_use]
    pub fn set_many(mut self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        self.values.insert(name.to_owned(), values.into_iter().collect());
        self
    }

    /// Adds what must be mended.
    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.errors.extend(errors);
        self
    }

    /// Adds what stands in the form and can't be read, for the list of its parts.
    #[must_use]
    pub fn with_unread(mut self, faults: impl IntoIterator<Item = FieldError>) -> Self {
        self.unread.extend(faults);
        self
    }

    /// As [`FormView::with_unread`], for these fields of days and of amounts.
    #[must_use]
    pub fn with_unread_of(self, days: &[&str], amounts: &[&str]) -> Self {
        let filled = |names: &[&str]| -> Vec<(String, String)> {
            let pairs = names.iter().map(|name| ((*name).to_owned(), self.value(name).trim().to_owned()));
            pairs.filter(|(_, value)| !value.is_empty()).collect()
        };
        let day = |(name, value): (String, String)| Some(time::parse_date(&value).err()?.fault(name));
        let amount = |(name, value): (String, String)| {
            Some(FieldError::new(name, Reading::parse(&value).err()?.key()))
        };
        let mut faults: Vec<FieldError> = filled(days).into_iter().filter_map(day).collect();
        faults.extend(filled(amounts).into_iter().filter_map(amount));
        self.with_unread(faults)
    }

    /// Every name with each of its values.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let each = |(name, values): (&String, &Vec<String>)| {
            values.iter().map(|value| (name.clone(), value.clone())).collect::<Vec<_>>()
        };
        self.values.iter().flat_map(each).collect()
    }

    /// Keeps the form's typing while it is not sent.
    #[must_use]
    pub fn with_keeping(mut self, keeping: Keeping) -> Self {
        self.keeping = Some(keeping);
        self
    }

    /// Shows what others have saved meanwhile beside what was typed.
    #[must_use]
    pub fn with_merging(mut self, merging: Merging) -> Self {
        self.merging = Some(merging);
        self
    }

    /// Filled with these values and no others: a box that is not among them is not ticked.
    #[must_use]
    pub fn refilled(mut self, fields: &[(String, String)]) -> Self {
        self.values.clear();
        self.typed(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// How its typing is kept.
    pub fn keeping(&self) -> Option<&Keeping> {
        self.keeping.as_ref()
    }

    /// Whether it was filled from what was kept, and not given back by an answer.
    pub fn is_filled_from_kept(&self) -> bool {
        self.keeping.as_ref().is_some_and(|keeping| !keeping.at.is_empty())
    }

    /// What others have saved meanwhile.
    pub fn merging(&self) -> Option<&Merging> {
        self.merging.as_ref()
    }

    /// Where the form is posted to: `action` with the word by which it acts once, and what of it is kept until then.
    pub fn posts(&self, action: impl Display) -> String {
        let action = action.to_string();
        let joint = if action.contains('?') { '&' } else { '?' };
        match &self.keeping {
            Some(keeping) => format!("{action}{joint}once={}&{}", keeping.word, keeping.sent_with()),
            None => format!("{action}{joint}once={}", Id::new()),
        }
    }

    /// The address that the form is kept under, which it is posted to; empty for one that is not kept.
    pub fn address(&self) -> &str {
        self.keeping.as_ref().map_or("", |keeping| &keeping.form)
    }

    /// Every value of the field.
    pub fn values(&self, name: &str) -> &[String] {
        self.values.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The field's (first) value, or nothing.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// Whether the field was sent or set, be it empty.
    pub fn holds(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Whether anything stands in the field, or in one of those whose names begin with its own (`new_person_0`).
    pub(super) fn is_filled(&self, name: &str) -> bool {
        let own = self.values.iter().filter(|(known, _)| is_below(known, name));
        own.flat_map(|(_, values)| values).any(|value| !value.trim().is_empty())
    }

    /// Whether the field must be mended, or one of those whose names begin with its own.
    pub(super) fn has_fault_below(&self, name: &str) -> bool {
        self.errors.iter().any(|e| is_below(&e.field, name))
    }

    /// What in the field, or in one of those whose names begin with its own, can't be read, in words.
    pub(super) fn unread_below(&self, c: &Chrome, name: &str) -> Vec<String> {
        let own = self.unread.iter().filter(|e| is_below(&e.field, name));
        let told = |e: &FieldError| {
            let label = self.numbered(c, &e.field, self.label(c, &e.field, ""));
            if label.is_empty() { text(c, e) } else { format!("{label}{}{}", c.t("colon"), text(c, e)) }
        };
        own.map(told).collect()
    }

    /// Whether `value` is chosen in the field (select, radio, checkbox).
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|chosen| chosen.iter().any(|v| v == value))
    }

    /// Whether anything must be mended.
    pub fn is_faulty(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Whether this field must be mended.
    pub fn is_bad(&self, name: &str) -> bool {
        self.errors.iter().any(|e| e.field == name)
    }

    /// The message beside the field, or nothing.
    pub fn error(&self, c: &Chrome, name: &str) -> String {
        self.errors.iter().find(|e| e.field == name).map_or_else(String::new, |e| text(c, e))
    }

    /// An argument of the fault with this message.
    pub fn fault_arg(&self, code: &str, name: &str) -> Option<&str> {
        let fault = self.errors.iter().find(|e| e.code == code)?;
        fault.args.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// All faults, for the summary above the form.
    pub fn lines(&self, c: &Chrome) -> Vec<ErrorLine> {
        let line = |e: &FieldError| {
            let label = Some(self.label(c, &e.field, ""))
                .filter(|label| !label.is_empty() || !self.names_parameters)
                .unwrap_or_else(|| field_name(c.language, &e.field));
            ErrorLine { id: self.id(&e.field), label: self.numbered(c, &e.field, label), text: text(c, e) }
        };
        self.errors.iter().map(line).collect()
    }

    /// What fits the field, to choose from: what was found, or what its text may mean.
    pub fn picks(&self, c: &Chrome, name: &str) -> Vec<Choice> {
        // A list is narrowed by its address, which holds what was typed.
        if self.names_parameters {
            return Vec::new();
        }
        let faults = self.errors.iter().filter(|e| e.field == name);
        faults.flat_map(|fault| form::offered(c.language, fault)).collect()
    }

    /// What was typed into a field for dates, times or amounts, as the program understands it; empty: it does not, or
    /// nothing was. `with`: the field of an amount's qualifier.
    pub fn read_back(&self, c: &Chrome, name: &str, kind: &str, with: &str) -> String {
        read_back::told(c.language, kind, self.value(name), self.value(with)).unwrap_or_default()
    }

    /// The field's label: the message `key`, else the one that the form's prefix gives, else nothing.
    pub fn label(&self, c: &Chrome, name: &str, key: &str) -> String {
        let key = if key.is_empty() { self.label_key(name) } else { key.to_owned() };
        if i18n::has(c.language, &key) { c.t(key) } else { String::new() }
    }

    /// A field's label behind which of several it belongs to, where a form asks the same of several.
    fn numbered(&self, c: &Chrome, name: &str, label: String) -> String {
        let part = number_in(name).or_else(|| self.about.map(|(what, n)| (what.to_owned(), n)));
        let part = part.map(|(what, n)| (format!("numbered-{what}"), n));
        let named = part.and_then(|(key, n)| i18n::try_with(c.language, &key, &[("n", n.to_string())]));
        let named = named.unwrap_or_default();
        [named, label].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// The `id` of a field's input: `sites[0].region` → `f-sites-0-region`.
    pub fn id(&self, name: &str) -> String {
        format!("f-{}{}", self.id_prefix, slug(name, |_| true))
    }

    /// The value of `aria-describedby`: the hint and the error, as far as there are any.
    pub fn described_by(&self, name: &str, hint_key: &str) -> String {
        let id = self.id(name);
        let mut parts = Vec::new();
        if !hint_key.is_empty() {
            parts.push(format!("{id}-hint"));
        }
        if self.is_bad(name) {
            parts.push(format!("{id}-error"));
        }
        parts.join(" ")
    }

    fn label_key(&self, name: &str) -> String {
        let own = self.labels.get(name).cloned();
        own.unwrap_or_else(|| format!("{}{}", self.label_prefix, label_slug(name)))
    }
}

/// A field's name as the end of a message's key: `sites[0].region` → `sites-region`.
pub(super) fn label_slug(name: &str) -> String {
    slug(name, |part| !part.bytes().all(|b| b.is_ascii_digit()))
}

/// The parts of a field's name that `keep` wants, joined by hyphens; `_` becomes a hyphen.
fn slug(name: &str, keep: impl Fn(&str) -> bool) -> String {
    let parts: Vec<&str> = name
        .split(|ch: char| !ch.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty() && keep(part))
        .collect();
    parts.join("-")
}

/// Whether a field is called so, or so with a number behind.
fn is_below(field: &str, name: &str) -> bool {
    field.strip_prefix(name).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with('[') || rest.strip_prefix('_').is_some_and(is_number)
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn text(c: &Chrome, e: &FieldError) -> String {
    i18n::t_with(c.language, e.code, &e.args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stays_and_the_fault_stands_beside_its_field() {
        let c = Chrome::default();
        let form = FormView::new("no-such-")
            .typed([("title", "假表"), ("brand", "a"), ("brand", "b")])
            .with_errors([FieldError::new("sites[0].region", "error-required")]);
        assert_eq!(form.value("title"), "假表");
        assert!(form.has("brand", "b") && !form.has("brand", "c"));
        assert!(form.is_bad("sites[0].region") && form.error(&c, "title").is_empty());
        let described = form.described_by("sites[0].region", "hint-key");
        assert_eq!(described, "f-sites-0-region-hint f-sites-0-region-error");
        assert_eq!(form.lines(&c)[0].label, "第 1 处地点");
        let list = FormView::filter("no-such-", &[], &[FieldError::new("after", "error-unknown")]);
        assert_eq!(list.lines(&c)[0].label, "页码标记");
        assert_eq!(form.label_key("sites[0].region"), "no-such-sites-region");
    }

    #[test]
    fn a_fault_of_one_of_several_says_of_which() {
        let c = Chrome::default();
        let missing = |field: &str| [FieldError::new(field, "error-required")];
        let label = |form: FormView| form.lines(&c)[0].label.clone();
        let many = FormView::new("lead-field-");
        assert_eq!(
            label(many.clone().with_errors(missing("subjects[1].name"))),
            "第 2 个涉案主体 · 名称或姓名"
        );
        assert_eq!(label(many.with_errors(missing("title"))), "标题");
        let one = FormView::new("lead-field-subjects-").about("subjects", 3);
        assert_eq!(label(one.with_errors(missing("name"))), "第 3 个涉案主体 · 名称或姓名");
    }
}
