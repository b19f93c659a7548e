//! What a list is narrowed to by region and by charge: one way of reading it for all lists, whether a link names a code, a
//! picker puts one in, or somebody types a name. From then on the parameter holds the code.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Charge, Use, charges, region, regions};
use crate::platform::{
    error::FieldError,
    http::{Form, form_view::FormView},
    i18n::Lang,
};

/// A day on which holds what has no end: a list is asked for by names as they are now.
const NOW: NaiveDate = NaiveDate::MAX;
/// So many that may be meant are named.
const MOST: usize = 8;
/// Between a name and the code that tells which it is, as a field shows it.
pub const BETWEEN: &str = " · ";

/// The text of a parameter; nothing where it is not there or can be no text.
fn typed(query: &mut Form, name: &str) -> Option<String> {
    let text = query.text(name, 200);
    if query.errors().iter().any(|fault| fault.field == name) {
        query.put(name, String::new());
        return None;
    }
    (!text.is_empty()).then_some(text)
}

/// Notes what was wrong with a parameter, which names nothing from then on: it is told once.
fn not_understood(query: &mut Form, fault: FieldError) -> String {
    let name = fault.field.clone();
    query.push(fault);
    query.put(&name, String::new());
    String::new()
}

/// The digits with which the code of the region begins that the parameter `region` names; empty where it names none, or
/// where that can't be told, which is a fault.
pub fn region(query: &mut Form) -> String {
    let Some(text) = typed(query, "region") else { return String::new() };
    match region::asked(&text) {
        Ok(code) => {
            query.put("region", code.clone());
            code
        }
        Err(fault) => not_understood(query, fault.of("region")),
    }
}

/// What the digits of a region's code mean, by the names of a day; the digits where that is no region.
pub fn region_word(digits: &str, on: NaiveDate, lang: Lang) -> String {
    let code = format!("{digits:0<6}");
    match regions().get(&code, on) {
        Some(_) if !digits.is_empty() => region::written(&code, on, lang),
        _ => digits.to_owned(),
    }
}

/// The code of the charge that the parameter `charge` names, in the way of the region.
pub fn charge(query: &mut Form) -> String {
    let Some(text) = typed(query, "charge") else { return String::new() };
    let found = charges_meant(&text);
    match &found[..] {
        [one] => {
            query.put("charge", (*one).to_owned());
            (*one).to_owned()
        }
        [] => not_understood(query, FieldError::new("charge", "error-charge-unknown")),
        several => {
            let both = |code: &&str| Lang::ALL.map(|lang| charge_word(code, NOW, lang));
            let names: Vec<[String; 2]> = several.iter().take(MOST).map(both).collect();
            not_understood(query, FieldError::new("charge", "error-charge-ambiguous").choices(&names))
        }
    }
}

/// The charges that a text may mean: those that it names, or where it names none what else of it fits one.
pub fn charges_meant(text: &str) -> Vec<&'static str> {
    let found = charges_called(text);
    if found.is_empty() {
        return each_once(charges().search(text, NOW).into_iter().map(|one| one.code.as_str()));
    }
    found
}

/// The charges that a text names: by code, behind a name or alone, or by the whole of a name.
pub fn charges_called(text: &str) -> Vec<&'static str> {
    let all = || charges().all().iter();
    let code = text.rsplit_once(BETWEEN).map_or(text, |(_, code)| code).trim();
    if let Some(known) = all().find(|one| one.code.eq_ignore_ascii_case(code)) {
        return vec![known.code.as_str()];
    }
    let is_called = |one: &&Charge| {
        one.purpose == Use::Charge && (one.name_zh == text || one.name_en.eq_ignore_ascii_case(text))
    };
    each_once(all().filter(is_called).map(|one| one.code.as_str()))
}

/// A charge may have had several names and articles.
fn each_once(codes: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    codes.filter(|code| seen.insert(*code)).collect()
}

/// A charge as a field shows it: its name on a day, and its code.
pub fn charge_word(code: &str, on: NaiveDate, lang: Lang) -> String {
    format!("{}{BETWEEN}{code}", charges().name(code, on, lang))
}

/// The fields `region` and `charge` of a filter with the names of what was understood; what was not stays as it was typed.
#[must_use]
pub fn in_words(form: FormView, region: &str, charge: &str, on: NaiveDate, lang: Lang) -> FormView {
    let form = if region.is_empty() { form } else { form.set("region", region_word(region, on, lang)) };
    if charge.is_empty() { form } else { form.set("charge", charge_word(charge, on, lang)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> (String, String, Vec<&'static str>) {
        let mut form = Form::from_pairs(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect());
        let (region, charge) = (region(&mut form), charge(&mut form));
        assert!(region.is_empty() || form.raw("region") == region);
        (region, charge, form.errors().iter().map(|fault| fault.code).collect())
    }

    #[test]
    fn a_filter_is_read_by_code_and_by_name_and_shown_so_that_it_is_read_again() {
        let day = "2026-05-01".parse().unwrap();
        for query in [
            "region=440100&charge=CL214",
            "region=广州市&charge=cl214",
            "region=guangzhou&charge=销售假冒注册商标的商品罪",
            "region=广东省广州市&charge=销售假冒注册商标的商品罪 · CL214",
        ] {
            assert_eq!(read(query), ("440100".into(), "CL214".into(), vec![]), "{query}");
        }
        for lang in Lang::ALL {
            let form = in_words(FormView::default(), "440100", "CL214", day, lang);
            let (region, charge) = (form.value("region").to_owned(), form.value("charge").to_owned());
            assert!(charge.ends_with(" · CL214") && !region.contains("4401"), "{region} {charge}");
            let again = format!("region={region}&charge={charge}");
            assert_eq!(read(&again), ("440100".into(), "CL214".into(), vec![]), "{again}");
        }
    }

    #[test]
    fn what_is_not_understood_is_a_fault_and_narrows_nothing() {
        assert_eq!(read("region=某地&charge=odd").2, ["error-region-unknown", "error-charge-unknown"]);
        assert_eq!(read("region=朝阳区&charge=假冒").2, ["error-region-ambiguous", "error-charge-ambiguous"]);
        assert_eq!(read("region=\0&charge=").2, ["error-control-characters"]);
        assert_eq!(read(""), (String::new(), String::new(), vec![]));
        assert_eq!(
            (region_word("44", NOW, Lang::Zh), region_word("99", NOW, Lang::Zh)),
            ("广东省".into(), "99".into())
        );
    }
}
