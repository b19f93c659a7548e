use super::*;
use crate::platform::i18n;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn agency(code: &str, type_code: &str, level: AgencyLevel, region: &str) -> Candidate {
    Candidate {
        id: Id::new(),
        code: code.into(),
        type_code: type_code.into(),
        level,
        region_code: region.into(),
        takes: Vec::new(),
        span: Span::default(),
    }
}

fn all() -> Vec<Candidate> {
    use AgencyLevel::{County, National, Prefecture, Province};
    vec![
        agency("GZ-ECD", "PS-ECD", Prefecture, "440100"),
        agency("GZ-FDE", "PS-FDE", Prefecture, "440100"),
        agency("BY-ECD", "PS-ECD", County, "440111"),
        agency("GD-ECD", "PS-ECD", Province, "440000"),
        agency("HZ-PS", "PS", Prefecture, "330100"),
        agency("HZ-ECD", "PS-ECD", Prefecture, "330100"),
        agency("HZ-SAMR", "SAMR", Prefecture, "330100"),
        agency("GZ-AIC", "AIC", Prefecture, "440100"),
        agency("SZ-ECD", "PS-ECD", Prefecture, "440300"),
        agency("MPS-ECD", "PS-ECD", National, "100000"),
        agency("ZJ-DCO", "DCO", Province, "330000"),
        agency("HZ-GACC", "GACC", Prefecture, "330100"),
    ]
}

fn ask(on: &str, charge: &[&str], places: &[(Place, &str)], group: bool) -> Vec<Suggestion> {
    let charges: Vec<String> = charge.iter().map(|code| (*code).to_owned()).collect();
    let places: Vec<(Place, String)> =
        places.iter().map(|(place, code)| (*place, (*code).to_owned())).collect();
    suggest(&Question { on: day(on), charges: &charges, places: &places, group }, &all())
}

fn codes(found: &[Suggestion]) -> Vec<&str> {
    found.iter().map(|suggestion| suggestion.code.as_str()).collect()
}

const FACTORY_BAIYUN: (Place, &str) = (Place::Factory, "440111");
const PLATFORM_HANGZHOU: (Place, &str) = (Place::Platform, "330106");

#[test]
fn the_factory_goes_before_the_platform_and_economic_crime_took_it_in_2016() {
    let found = ask("2016-06-01", &["CL213"], &[PLATFORM_HANGZHOU, FACTORY_BAIYUN], false);
    assert_eq!(
        codes(&found),
        ["BY-ECD", "GZ-ECD", "GD-ECD", "MPS-ECD", "HZ-ECD", "HZ-PS", "GZ-AIC", "HZ-SAMR", "SZ-ECD"]
    );
    assert!(found[0].reasons.contains(&Why::At { place: Place::Factory, region: "440111".into() }));
    assert!(found[0].reasons.contains(&Why::LevelByDefault));
}

#[test]
fn food_drug_and_environment_took_over_in_2019() {
    let found = ask("2019-06-01", &["CL213"], &[FACTORY_BAIYUN], false);
    assert_eq!(found[0].code, "GZ-FDE");
    assert!(!codes(&found).contains(&"GZ-ECD") && !codes(&found).contains(&"BY-ECD"));
}

#[test]
fn a_case_across_areas_goes_to_the_prefecture() {
    let places = [FACTORY_BAIYUN, (Place::Warehouse, "440305")];
    let found = ask("2016-06-01", &["CL214"], &places, false);
    assert_eq!(codes(&found)[..2], ["GZ-ECD", "GD-ECD"]);
    assert!(found[0].reasons.contains(&Why::LevelForCrossArea));
    assert_eq!(ask("2016-06-01", &["CL214"], &[FACTORY_BAIYUN], true)[0].code, "GZ-ECD");
}

#[test]
fn an_administrative_charge_goes_to_the_administrative_side_only() {
    let found = ask("2016-06-01", &["TM57"], &[FACTORY_BAIYUN, PLATFORM_HANGZHOU], false);
    assert_eq!(codes(&found), ["GZ-AIC", "HZ-SAMR"]);
    assert_eq!(found[0].track, Track::Administrative);
}

#[test]
fn an_administrative_charge_beside_a_criminal_one_is_not_crowded_out() {
    let mut agencies = all();
    let near = (0..9).map(|n| agency(&format!("BY-ECD-{n}"), "PS-ECD", AgencyLevel::County, "440111"));
    agencies.extend(near);
    let far = (0..9).map(|n| agency(&format!("FS-ECD-{n}"), "PS-ECD", AgencyLevel::Prefecture, "440600"));
    agencies.extend(far);
    let charges = ["CL214".to_owned(), "TM57-3".to_owned()];
    let places = [(Place::Seller, "440111".to_owned()), (Place::Warehouse, "330106".to_owned())];
    let question = Question { on: day("2016-06-01"), charges: &charges, places: &places, group: false };
    let found = suggest(&question, &agencies);
    let at = |code: &str| found.iter().position(|one| one.code == code).unwrap();
    assert!(at("HZ-SAMR") < at("SZ-ECD") && at("GZ-AIC") < at("FS-ECD-0"), "{:?}", codes(&found));
    let short = shortlist(&question, found.clone(), 8);
    assert_eq!(short.len(), 8);
    assert!(codes(&short).contains(&"HZ-SAMR") && codes(&short).contains(&"GZ-AIC"), "{:?}", codes(&short));
    assert_eq!(short[0].track, Track::Criminal);
    // Without one the first eight are just that.
    let charges = ["CL214".to_owned()];
    let question = Question { on: day("2016-06-01"), charges: &charges, places: &places, group: false };
    let found = suggest(&question, &agencies);
    assert_eq!(codes(&shortlist(&question, found.clone(), 8)), codes(&found)[..8]);
}

#[test]
fn an_agency_that_ended_or_has_its_own_list_is_passed_over() {
    let mut agencies = all();
    agencies[0].span.to = Some(day("2015-12-31"));
    agencies[2].takes = vec!["food".into()];
    let charges = ["CL213".to_owned()];
    let places = [(Place::Factory, "440111".to_owned())];
    let question = Question { on: day("2016-06-01"), charges: &charges, places: &places, group: false };
    let found = suggest(&question, &agencies);
    assert_eq!(codes(&found)[0], "GD-ECD");
    assert!(!codes(&found).contains(&"GZ-ECD") && !codes(&found).contains(&"BY-ECD"));
}

#[test]
fn an_own_list_can_say_more_than_the_type() {
    let mut agencies = all();
    agencies[1].takes = vec!["fraud".into()];
    let charges = ["CL266".to_owned()];
    let places = [(Place::Seller, "440111".to_owned())];
    let question = Question { on: day("2020-06-01"), charges: &charges, places: &places, group: false };
    let found = suggest(&question, &agencies);
    assert_eq!(codes(&found), ["GZ-FDE"]);
    assert!(matches!(found[0].reasons[0], Why::TakesByOwnList { .. }));
}

#[test]
fn what_an_agency_does_not_take_is_said() {
    let found = ask("2016-06-01", &["CL213", "CL266"], &[FACTORY_BAIYUN], false);
    assert!(found[0].reasons.contains(&Why::LeavesOut { families: vec!["fraud".into()] }));
}

#[test]
fn nothing_to_go_by_gives_no_suggestion() {
    assert!(ask("2016-06-01", &[], &[FACTORY_BAIYUN], false).is_empty());
    assert!(ask("2016-06-01", &["CL213"], &[], false).is_empty());
    assert!(ask("2016-06-01", &["none"], &[(Place::Lead, "")], false).is_empty());
}

#[test]
fn reasons_read_well_in_both_languages() {
    let found = ask("2016-06-01", &["CL213"], &[FACTORY_BAIYUN], false);
    let zh: Vec<String> = found[0].reasons.iter().map(|why| why.text(day("2016-06-01"), Lang::Zh)).collect();
    assert_eq!(zh[0], "办理商标类刑事线索");
    assert_eq!(zh[1], "生产地在其辖区：广东省广州市白云区");
    for lang in Lang::ALL {
        assert!(Place::ALL.iter().all(|place| i18n::has(lang, place.key())));
        for suggestion in ask("2016-06-01", &["CL213", "CL266"], &[FACTORY_BAIYUN, PLATFORM_HANGZHOU], true) {
            for why in &suggestion.reasons {
                let text = why.text(day("2016-06-01"), lang);
                assert!(!text.starts_with("routing-") && !text.contains('{'), "{text}");
            }
        }
    }
    assert_eq!(Place::of_site("storage"), Place::Warehouse);
}
