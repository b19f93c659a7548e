//! Pickers without a script: a text field with a button that asks what fits (`seek`), and below it what was found, each a
//! choice (`<field>.pick`) that takes the text's place.

use super::Form;
use crate::platform::{
    error::{AppError, FieldError, Result},
    http::view::Choice,
    i18n::Lang,
};

/// What follows a field's name in that of the choices below it.
const PICK: &str = ".pick";
/// The name of the button that asks what fits its field.
const SEEK: &str = "seek";

impl Form {
    /// Puts what was picked into its field, which is noted, and keeps apart which field's matches are asked for. Only what a
    /// page of ours sends is read so.
    #[must_use]
    pub fn picked(mut self) -> Self {
        let (own, rest): (Vec<_>, Vec<_>) =
            self.pairs.into_iter().partition(|(name, _)| name == SEEK || name.ends_with(PICK));
        self.pairs = rest;
        for (name, value) in own.into_iter().filter(|(_, value)| !value.is_empty()) {
            match name.strip_suffix(PICK) {
                Some(field) => {
                    self.put(field, value);
                    self.picked.push(field.to_owned());
                }
                None => self.seek = value,
            }
        }
        self
    }

    /// Whether a field's text was picked from what was offered for it: it was chosen, and is not what somebody looks for.
    pub fn was_picked(&self, name: &str) -> bool {
        self.picked.iter().any(|field| field == name)
    }

    /// Sets a field's value; what else was asked for stays.
    pub fn put(&mut self, name: &str, value: String) {
        match self.pairs.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.pairs.push((name.to_owned(), value)),
        }
    }

    /// Adds a value to a field that may stand several times, as a ticked box does.
    pub fn add(&mut self, name: &str, value: String) {
        self.pairs.push((name.to_owned(), value));
    }

    /// Whether it is asked what fits this field, and nothing is to be done.
    pub fn seeks(&self, name: &str) -> bool {
        self.seek == name
    }

    /// Asks what fits a field.
    pub fn seek(&mut self, name: &str) {
        self.seek = name.to_owned();
    }

    /// Whether it is asked what fits some field.
    pub fn is_seeking(&self) -> bool {
        !self.seek.is_empty()
    }

    /// The same question with other fields.
    #[must_use]
    pub fn with_pairs(&self, pairs: Vec<(String, String)>) -> Self {
        Self { seek: self.seek.clone(), picked: self.picked.clone(), ..Self::from_pairs(pairs) }
    }

    /// Notes what fits the field, as value and label: to choose from, or that nothing does (`none`). A label that is another
    /// one in English has that behind a tab; without a value the label is the value.
    pub fn offer(&mut self, name: &str, found: &[(String, String)], none: &'static str) {
        let fault = if !self.has(name) {
            FieldError::new(name, "pick-empty")
        } else if found.is_empty() {
            FieldError::new(name, none)
        } else {
            let lines: Vec<String> = found.iter().map(|(value, label)| format!("{value}\t{label}")).collect();
            FieldError::new(name, "pick-choose").arg("picks", lines.join("\n"))
        };
        self.push(fault);
    }

    /// What is to be mended where only the matches of one field are asked for: nothing that stands elsewhere.
    pub(super) fn sought(&self) -> Option<Result<()>> {
        if self.seek.is_empty() {
            return None;
        }
        let own = self.errors.iter().filter(|fault| fault.field == self.seek);
        Some(Err(AppError::Invalid(own.cloned().collect())))
    }
}

/// What a fault offers to choose from, called as the reader calls it. What has no value of its own goes into the field by the
/// name that it is called by.
pub fn offered(lang: Lang, fault: &FieldError) -> Vec<Choice> {
    let arg = |name: &str| {
        let found = fault.args.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| text.as_str()).filter(|text| !text.is_empty())
    };
    let line = |line: &str| {
        let (value, labels) = line.split_once('\t')?;
        let (zh, en) = labels.split_once('\t').unwrap_or((labels, ""));
        let label = lang.pick(zh, en);
        Some(Choice::new(if value.is_empty() { label } else { value }, label))
    };
    let mut choices: Vec<Choice> = arg("picks").into_iter().flat_map(str::lines).filter_map(line).collect();
    let mut english = arg("choices_en").into_iter().flat_map(|text| text.split("; "));
    for zh in arg("choices").into_iter().flat_map(|text| text.split('、')) {
        let label = lang.pick(zh, english.next().unwrap_or_default());
        choices.push(Choice::new(label, label));
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_picked_takes_the_place_of_what_was_typed() {
        let form = Form::parse("region=gz&title=x&region.pick=440100&sites[0].region.pick=330100".as_bytes());
        assert_eq!(form.raw("region"), "440100");
        assert_eq!(form.raw("sites[0].region"), "330100");
        assert!(!form.has("region.pick") && form.check().is_ok());
        let again = form.with_pairs(form.pairs());
        assert!(
            again.was_picked("region") && again.was_picked("sites[0].region") && !again.was_picked("title")
        );
        let left = Form::parse(b"region=gz&region.pick=");
        assert!(left.raw("region") == "gz" && !left.was_picked("region"));
    }

    #[test]
    fn who_asks_what_fits_is_shown_that_and_no_other_fault() {
        let mut form = Form::parse(b"region=gz&title=&seek=region");
        form.required("title", 10);
        form.offer("region", &[("440100".into(), "广州".into())], "error-region-unknown");
        let Err(AppError::Invalid(faults)) = form.check() else { panic!("nothing was asked") };
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].field.as_str(), faults[0].code), ("region", "pick-choose"));
        let api = Form::from_pairs(vec![("seek".into(), "region".into())]);
        assert!(api.check().is_ok() && api.has("seek"));
    }

    #[test]
    fn what_may_be_meant_is_called_as_the_reader_calls_it() {
        let both = |zh: &str, en: &str| [zh.to_owned(), en.to_owned()];
        let names = [both("北京市朝阳区", "Chaoyang, Beijing Municipality"), both("某区", "")];
        let meant = FieldError::new("region", "error-region-ambiguous").choices(&names);
        let offer = "440100\t广东省广州市\tGuangzhou, Guangdong Province\n2016-03-05\t2016-03-05";
        let found = FieldError::new("region", "pick-choose").arg("picks", offer);
        let shown = |lang: Lang, fault: &FieldError| -> Vec<(String, String)> {
            offered(lang, fault).into_iter().map(|one| (one.value, one.label)).collect()
        };
        let pair = |value: &str, label: &str| (value.to_owned(), label.to_owned());
        let day = pair("2016-03-05", "2016-03-05");
        assert_eq!(shown(Lang::Zh, &meant), [pair("北京市朝阳区", "北京市朝阳区"), pair("某区", "某区")]);
        let name = "Chaoyang, Beijing Municipality";
        assert_eq!(shown(Lang::En, &meant), [pair(name, name), pair("某区", "某区")]);
        let unvalued =
            FieldError::new("region", "pick-choose").arg("picks", format!("\t北京市朝阳区\t{name}"));
        assert_eq!(shown(Lang::Zh, &unvalued), [pair("北京市朝阳区", "北京市朝阳区")]);
        assert_eq!(shown(Lang::En, &unvalued), [pair(name, name)]);
        assert_eq!(shown(Lang::Zh, &found), [pair("440100", "广东省广州市"), day.clone()]);
        assert_eq!(shown(Lang::En, &found), [pair("440100", "Guangzhou, Guangdong Province"), day]);
    }
}
