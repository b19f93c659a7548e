//! A form as it is shown: what stands in its fields, and what must be mended, beside the field it concerns.

use std::collections::BTreeMap;

use crate::platform::{
    error::FieldError,
    http::{field_name::field_name, layout::Chrome},
    i18n,
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

    /// The field's (first) value, or nothing.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// Whether the field was sent or set, be it empty.
    pub fn holds(&self, name: &str) -> bool {
        self.values.contains_key(name)
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

    /// All faults, for the summary above the form.
    pub fn lines(&self, c: &Chrome) -> Vec<ErrorLine> {
        let line = |e: &FieldError| ErrorLine {
            id: self.id(&e.field),
            label: Some(self.label(c, &e.field, ""))
                .filter(|label| !label.is_empty() || !self.names_parameters)
                .unwrap_or_else(|| field_name(c.language, &e.field)),
            text: text(c, e),
        };
        self.errors.iter().map(line).collect()
    }

    /// The field's label: the message `key`, else the one that the form's prefix gives, else nothing.
    pub fn label(&self, c: &Chrome, name: &str, key: &str) -> String {
        let key = if key.is_empty() { self.label_key(name) } else { key.to_owned() };
        if i18n::has(c.language, &key) { c.t(key) } else { String::new() }
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
        assert_eq!(
            form.described_by("sites[0].region", "hint-key"),
            "f-sites-0-region-hint f-sites-0-region-error"
        );
        assert_eq!(form.lines(&c)[0].label, "");
        let list = FormView::filter("no-such-", &[], &[FieldError::new("after", "error-unknown")]);
        assert_eq!(list.lines(&c)[0].label, "页码标记");
        assert_eq!(form.label_key("sites[0].region"), "no-such-sites-region");
    }
}
