//! A region as people write it: its code, its full name (浙江省杭州市下城区), or a name that only one region has.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::OnceLock,
};

use chrono::NaiveDate;

use crate::{
    directory::reference::{Region, RegionLevel, regions},
    platform::i18n::Lang,
};

/// Which region a written name means; `None`: several.
type Names = HashMap<String, Option<&'static str>>;

/// Every full path and every region's own name, in both languages.
fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = Names::new();
        let all = || regions().all().iter().filter(|r| r.level != RegionLevel::Zone);
        // Full paths first: a path always means its own region, even where a shorter name is shared.
        for region in all() {
            let at = region.valid_to.or(region.valid_from).unwrap_or_default();
            for lang in Lang::ALL {
                names.insert(key(&regions().path(&region.code, at, lang)), Some(region.code.as_str()));
            }
        }
        for region in all() {
            for own in [&region.name_zh, &region.name_en] {
                match names.entry(key(own)) {
                    Entry::Vacant(free) => {
                        free.insert(Some(region.code.as_str()));
                    }
                    Entry::Occupied(mut taken) if is_level(*taken.get(), region.level) => {
                        if *taken.get() != Some(region.code.as_str()) {
                            taken.insert(None);
                        }
                    }
                    Entry::Occupied(_) => {}
                }
            }
        }
        names
    })
}

/// Whether the name is so far that of a region of `level` or below: a province's name is never made doubtful by a
/// county of the same name.
fn is_level(code: Option<&str>, level: RegionLevel) -> bool {
    match code {
        None => true,
        Some(code) if code.ends_with("0000") => level == RegionLevel::Province,
        Some(code) if code.ends_with("00") => level <= RegionLevel::Prefecture,
        Some(_) => true,
    }
}

fn key(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，' | '/' | '-'))
        .collect::<String>()
        .to_lowercase()
}

/// Why a text is no region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Unknown,
    /// Several bear the name: some of them, by their full names.
    Ambiguous(Vec<String>),
    /// There was none of that name at the time.
    Date,
}

/// The code of the region that `text` means on `at` (or today, for one that is younger than the facts).
///
/// # Errors
/// What is wrong with it.
pub fn resolve(text: &str, at: NaiveDate, today: NaiveDate, lang: Lang) -> Result<String, Fault> {
    let text = text.trim();
    let is_code = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
    let code = if is_code {
        regions().get(text, at).map(|region| region.code.as_str()).ok_or(Fault::Unknown)?
    } else {
        match names().get(&key(text)) {
            Some(Some(code)) => code,
            Some(None) => return Err(Fault::Ambiguous(candidates(text, at, lang))),
            None => by_words(text, at, lang)?,
        }
    };
    let existed = [at, today].iter().any(|day| regions().at(code, *day).is_some());
    if existed { Ok(code.to_owned()) } else { Err(Fault::Date) }
}

/// Words of the path (杭州 下城), if they fit one region best.
fn by_words(text: &str, at: NaiveDate, lang: Lang) -> Result<&'static str, Fault> {
    if !text.contains(char::is_whitespace) {
        return Err(Fault::Unknown);
    }
    let found = regions().search(text, at, 20);
    if let [one] = found[..] {
        return Ok(one.code.as_str());
    }
    // Of several that begin alike, the one whose own name is exactly the last word is meant.
    let last = text.split_whitespace().last().unwrap_or_default();
    let is_exact = |region: &Region| {
        let bare = region.name_zh.trim_end_matches(['省', '市', '区', '县']);
        region.name_zh == last || bare == last || region.name_en.eq_ignore_ascii_case(last)
    };
    let exact: Vec<_> = found.iter().filter(|region| is_exact(region)).collect();
    match (found.is_empty(), &exact[..]) {
        (true, _) => Err(Fault::Unknown),
        (false, [one]) => Ok(one.code.as_str()),
        (false, _) => Err(Fault::Ambiguous(candidates(text, at, lang))),
    }
}

fn candidates(text: &str, at: NaiveDate, lang: Lang) -> Vec<String> {
    regions().search(text, at, 4).iter().map(|region| path(&region.code, at, lang)).collect()
}

/// The region's full name at that time; empty for an empty code.
pub fn path(code: &str, at: NaiveDate, lang: Lang) -> String {
    if code.is_empty() { String::new() } else { regions().path(code, at, lang) }
}

/// The codes from the region down to everything in it, as a half-open range of six-digit codes: a province's range
/// includes its counties.
pub fn range(code: &str) -> (String, String) {
    let significant = match code {
        c if c.ends_with("0000") => 2,
        c if c.ends_with("00") => 4,
        c => c.len(),
    };
    let prefix = code.get(..significant).unwrap_or(code);
    (prefix.to_owned(), format!("{prefix}~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_region_is_known_by_code_path_and_unique_name() {
        let (then, now) = (day("2016-05-01"), day("2026-05-01"));
        let read = |text: &str| resolve(text, then, now, Lang::Zh);
        for text in [
            "330103",
            "浙江省杭州市下城区",
            "浙江省 杭州市 下城区",
            "下城区",
            "Xiacheng, Hangzhou, Zhejiang Province",
            "杭州 下城",
        ] {
            assert_eq!(read(text).as_deref(), Ok("330103"), "{text}");
        }
        assert_eq!(read("浙江省").as_deref(), Ok("330000"));
        assert_eq!(read("杭州市").as_deref(), Ok("330100"));
        match read("朝阳区") {
            Err(Fault::Ambiguous(choices)) => {
                assert!(choices.contains(&"北京市朝阳区".to_owned()), "{choices:?}")
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(read("北京市朝阳区").as_deref(), Ok("110105"));
        assert_eq!(read("999999"), Err(Fault::Unknown));
        assert_eq!(read("某地"), Err(Fault::Unknown));
        assert_eq!(resolve("330103", now, now, Lang::Zh), Err(Fault::Date));
    }

    #[test]
    fn a_province_reaches_over_its_counties_and_no_further() {
        let within = |area: &str, code: &str| {
            let (from, to) = range(area);
            from.as_str() <= code && code < to.as_str()
        };
        assert!(within("330000", "330103") && within("330000", "330000") && within("330100", "330103"));
        assert!(!within("330000", "340000") && !within("330100", "330203") && !within("330103", "330104"));
        assert!(within("330103", "330103"));
    }
}
