//! What a package says of an item's quantity, remark and witness; and one of the first form, which has no place for them.

use std::io::Cursor;

use super::{
    tests::{codes, content, rezip, trusted, whole},
    *,
};
use crate::casework::dossier::{
    facts::{SCHEMA, SCHEMA_1},
    sample::{self, FILES},
};

const LIST: &str = "data/evidence-list.csv";

fn check(bytes: &[u8]) -> Report {
    verify(Cursor::new(bytes), &trusted(), &mut |_, _| {}).unwrap()
}

#[test]
fn a_package_of_the_first_form_stays_valid_with_its_own_list_alone() {
    let facts = LeadFacts { schema: SCHEMA_1.to_owned(), ..sample::facts() };
    let old = sample::package(&facts, &FILES);
    let (was, is) = (content(&old, LIST), content(&whole(), LIST));
    let head = |list: &[u8]| String::from_utf8_lossy(list).lines().next().unwrap_or_default().to_owned();
    assert!(head(&was).ends_with("承诺值 Commitment") && head(&is).ends_with("备注 Remark"));
    let report = check(&old);
    assert_eq!((report.verdict, report.faults.as_slice()), (Verdict::Authentic, &[][..]));

    let swap = |path: &str, bytes: Vec<u8>| if path.ends_with(LIST) { is.clone() } else { bytes };
    let report = check(&rezip(&old, swap));
    assert_eq!(report.verdict, Verdict::Faulty);
    assert!(codes(&report).contains(&Code::Derived), "{:?}", report.faults);
}

#[test]
fn what_is_said_of_an_item_stands_in_a_package_that_verifies() {
    let mut facts = sample::facts();
    facts.items[0].quantity = "3 张".to_owned();
    facts.items[0].remark = "原始介质由平台保管".to_owned();
    facts.items[0].witness = "见证人甲".to_owned();
    let said = sample::package(&facts, &FILES);
    let report = check(&said);
    assert_eq!((report.verdict, report.faults.as_slice()), (Verdict::Authentic, &[][..]));
    let case = String::from_utf8(content(&said, "data/case.jsonld")).unwrap();
    assert!(case.contains("quantity 3 张") && case.contains("witness 见证人甲"), "{case}");

    // Called the first form, it says what no list of that form shows.
    let lead = String::from_utf8(content(&said, "data/lead.json")).unwrap().replace(SCHEMA, SCHEMA_1);
    let swap = |path: &str, bytes: Vec<u8>| {
        if path.ends_with("data/lead.json") { lead.clone().into_bytes() } else { bytes }
    };
    let report = check(&rezip(&said, swap));
    assert_eq!(report.verdict, Verdict::Faulty);
    assert!(codes(&report).contains(&Code::Facts), "{:?}", report.faults);
}
