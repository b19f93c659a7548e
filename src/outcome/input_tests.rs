use super::*;
use crate::{
    outcome::form_page::amount_text,
    platform::{i18n::Lang, money::Fen},
};

fn day() -> NaiveDate {
    "2016-06-01".parse().unwrap()
}

fn codes(query: &str) -> Vec<(String, &'static str)> {
    let mut form = Form::parse(query.as_bytes());
    match read(&mut form, "2016-12-31".parse().unwrap()) {
        Err(crate::platform::error::AppError::Invalid(errors)) => {
            errors.into_iter().map(|e| (e.field, e.code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_region_is_read_as_people_write_it() {
    let region = |text: &str| {
        let mut form = Form::from_pairs(vec![("region".into(), text.into())]);
        (read_region(&mut form, day()), form.errors().first().map(|fault| fault.code))
    };
    for (text, code) in [
        ("440111", "440111"),
        ("浙江省杭州市下城区", "330103"),
        ("广州市", "440100"),
        ("guang zhou", "440100"),
        ("浙江省", "330000"),
    ] {
        assert_eq!(region(text), (Some(code.to_owned()), None), "{text}");
    }
    for text in ["999999", "nowhere"] {
        assert_eq!(region(text), (None, Some("error-region-unknown")), "{text}");
    }
    assert_eq!(region(""), (None, Some("error-required")));
    assert_eq!(region("gz"), (None, Some("error-region-ambiguous")));
}

#[test]
fn every_fault_is_named_at_once() {
    let found = codes(
        "kind=case_value&happened_on=2017-01-05&region=nowhere&amount=-5&basis=sales&source_kind=paper",
    );
    assert_eq!(
        found,
        [
            ("happened_on".into(), "error-date-future"),
            ("region".into(), "error-region-unknown"),
            ("amount".into(), "error-not-negative"),
            ("source_title".into(), "error-required"),
        ]
    );
}

#[test]
fn an_arrest_names_somebody() {
    let found = codes("kind=arrest&happened_on=2016-01-05&region=440111&source_kind=paper&source_title=x");
    assert_eq!(found, [("subject".into(), "error-choose-many")]);
}

#[test]
fn a_penalty_says_by_which_law_of_the_day() {
    let query = |day: &str, law: &str| {
        format!("kind=penalty&happened_on={day}&region=440111&source_kind=paper&source_title=x{law}")
    };
    let fault = |code| vec![("legal".to_owned(), code)];
    assert_eq!(codes(&query("2016-06-01", "")), fault("error-choose"));
    assert_eq!(codes(&query("2016-06-01", "&legal=CL213")), fault("error-unknown"));
    assert_eq!(codes(&query("2016-06-01", "&legal=TM72-2027")), fault("error-legal-not-in-force"));
    // Who hands a case to the police, and what a platform owes, is no ground for a penalty.
    for law in ["DA113", "EC84"] {
        assert_eq!(codes(&query("2016-06-01", &format!("&legal={law}"))), fault("error-unknown"), "{law}");
    }
    let written = codes(&query("2016-06-01", "&legal=other"));
    assert_eq!(written, [("legal_text".to_owned(), "error-required")]);
    let legal = |law: &str| {
        let mut form = Form::parse(query("2016-06-01", law).as_bytes());
        read(&mut form, "2016-12-31".parse().unwrap()).unwrap().legal
    };
    assert_eq!(legal("&legal=TM60"), Some(Legal::Code("TM60".into())));
    assert_eq!(legal("&legal=other&legal_text=x"), Some(Legal::Other("x".into())));
}

#[test]
fn a_unit_is_one_of_the_list() {
    let query = |unit: &str| {
        format!(
            "kind=goods_seized&happened_on=2016-06-01&region=440111&source_kind=paper&source_title=x&quantity=3&unit={unit}"
        )
    };
    assert_eq!(codes(&query("%E7%8E%8B%E6%9F%90")), [("unit".to_owned(), "error-outcome-unit")]);
    let mut form = Form::parse(query("Bottles").as_bytes());
    let quantity = read(&mut form, "2016-12-31".parse().unwrap()).unwrap().quantity;
    assert_eq!(quantity, Some((3, "bottle".into())));
}

#[test]
fn a_quantity_is_a_whole_number_above_zero() {
    let fault = |quantity: &str| {
        codes(&format!(
            "kind=goods_seized&happened_on=2016-06-01&region=440111&source_kind=paper&source_title=x&quantity={quantity}&unit=bottle"
        ))
    };
    for (text, code) in [
        ("", "error-required"),
        ("0", "error-not-zero"),
        ("1.5", "error-outcome-quantity-part"),
        ("many", "error-not-whole"),
        ("-5", "error-not-negative"),
        ("99999999999999999999", "error-too-large"),
    ] {
        assert_eq!(fault(text), [("quantity".to_owned(), code)], "{text}");
    }
}

#[test]
fn the_words_of_measure_are_kept() {
    let query = "kind=case_value&happened_on=2016-06-05&region=440111&source_kind=paper&source_title=x&amount=%E8%B6%851%E4%BA%BF&basis=announced";
    let mut form = Form::parse(query.as_bytes());
    let amount = read(&mut form, "2016-12-31".parse().unwrap()).unwrap().amount.unwrap();
    assert_eq!((amount.fen.0, amount.qualifier), (10_000_000_000, Qualifier::Over));
    assert_eq!(
        codes(&format!("{query}&qualifier=exact")),
        [("qualifier".to_owned(), "error-qualifier-contradicts")]
    );
    let mut agreed = Form::parse(format!("{query}&qualifier=over").as_bytes());
    assert!(read(&mut agreed, "2016-12-31".parse().unwrap()).is_ok());
}

#[test]
fn an_amount_that_a_form_begins_with_is_read_back_with_its_qualifier() {
    for kind in [Kind::GoodsSeized, Kind::Judgment, Kind::Penalty] {
        for (lang, qualifier) in Lang::ALL.into_iter().flat_map(|lang| Qualifier::ALL.map(|q| (lang, q))) {
            let amount = Amount { fen: Fen(120_000_000), qualifier, basis: default_basis(kind) };
            let text = amount_text(amount, kind, lang);
            let mut form = Form::from_pairs(vec![("amount".into(), text.clone())]);
            assert_eq!(read_amount(&mut form, Some(kind)), Some(amount), "{text}");
        }
    }
}
