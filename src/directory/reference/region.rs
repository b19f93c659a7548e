//! A region as people write it: its code, its full name (浙江省杭州市下城区), a name that only one region has, or
//! the sounds of one.

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::OnceLock,
};

use chrono::NaiveDate;

use crate::{
    directory::reference::{Region, RegionLevel, asked::BETWEEN, regions},
    platform::{
        error::FieldError,
        http::{form::Form, pick},
        i18n::Lang,
    },
};

/// Which region a written name means. A full name may be that of several after each other (a county that became a city
/// bears the same one in English); none: several share the name as their own.
type Names = HashMap<String, Vec<&'static str>>;

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
                let codes = names.entry(key(&regions().path(&region.code, at, lang))).or_default();
                if !codes.contains(&region.code.as_str()) {
                    codes.push(region.code.as_str());
                }
            }
        }
        for region in all() {
            for own in [&region.name_zh, &region.name_en] {
                match names.entry(key(own)) {
                    Entry::Vacant(free) => {
                        free.insert(vec![region.code.as_str()]);
                    }
                    Entry::Occupied(mut taken) if is_level(taken.get().first().copied(), region.level) => {
                        if taken.get().as_slice() != [region.code.as_str()] {
                            taken.insert(Vec::new());
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

/// The one region that ever bore a name.
fn bears_alone(text: &str) -> Option<&'static str> {
    match names().get(&key(text))?.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// The region whose English full name is a text, which is no other's.
pub fn called_in_full(text: &str) -> Option<&'static str> {
    // Neither an own name nor a Chinese one has a comma.
    if text.contains(',') { bears_alone(text) } else { None }
}

/// The code that a text means whatever the day and the language, as what a field is filled with does.
pub fn meant(text: &str) -> Option<String> {
    code_in(text).or_else(|| bears_alone(text)).map(str::to_owned)
}

/// The region that a name means: of several the one that was there on a day, those named first before the others, else the last.
///
/// # Errors
/// Those that were there on that day, where they were several; none: it is no name of one region.
fn of_its_days(codes: &[&'static str], days: &[NaiveDate]) -> Result<&'static str, Vec<&'static str>> {
    for day in days {
        let there: Vec<_> = codes.iter().copied().filter(|code| regions().at(code, *day).is_some()).collect();
        match there[..] {
            [] => {}
            [one] => return Ok(one),
            _ => return Err(there),
        }
    }
    codes.last().copied().ok_or_else(Vec::new)
}

/// Those that share a name, to choose from: by their codes, where they are known, else those that are called so.
fn namesakes(codes: &[&str], text: &str, at: NaiveDate) -> Fault {
    if codes.is_empty() {
        return Fault::Ambiguous(candidates(text, at));
    }
    Fault::Ambiguous(told_apart(codes, at))
}

/// The full names of these regions, each with its code where another one bears the same name: each is read again as what it
/// was.
pub fn told_apart(codes: &[&str], at: NaiveDate) -> Vec<[String; 2]> {
    let names: Vec<[String; 2]> = codes.iter().map(|code| both(code, at)).collect();
    let is_shared = |name: &[String; 2]| {
        let alike = |other: &&[String; 2]| other[0] == name[0] || other[1] == name[1];
        names.iter().filter(alike).count() > 1
    };
    let told = |(code, name): (&&str, &[String; 2])| {
        if is_shared(name) {
            name.clone().map(|name| with_code(&name, code))
        } else {
            Lang::ALL.map(|lang| written(code, at, lang))
        }
    };
    codes.iter().zip(&names).map(told).collect()
}

fn with_code(name: &str, code: &str) -> String {
    format!("{name}{BETWEEN}{code}")
}

/// The code behind a name, or alone.
pub fn code_in(text: &str) -> Option<&str> {
    let code = text.rsplit_once(BETWEEN).map_or(text, |(_, code)| code).trim();
    (code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
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
    /// Several bear the name: some of them, by their full names in Chinese and in English.
    Ambiguous(Vec<[String; 2]>),
    /// There was none of that name at the time.
    Date,
}

impl Fault {
    /// The fault of a field; where several may be meant it names them, to choose from.
    pub fn of(self, field: &str) -> FieldError {
        match self {
            Fault::Unknown => FieldError::new(field, "error-region-unknown"),
            Fault::Date => FieldError::new(field, "error-region-date"),
            Fault::Ambiguous(names) => FieldError::new(field, "error-region-ambiguous").choices(&names),
        }
    }
}

/// The code of the region that a field of a form names, or nothing. Where it is asked what fits the field, that is offered
/// instead.
pub fn read(form: &mut Form, name: &str, at: NaiveDate, today: NaiveDate) -> Option<String> {
    let text = form.text(name, 200);
    if form.errors().iter().any(|e| e.field == name) {
        return None;
    }
    if form.seeks(name) {
        form.offer(name, &found(&text, at, today), "error-region-unknown");
        return None;
    }
    if text.is_empty() {
        return None;
    }
    resolve(&text, at, today).map_err(|fault| form.push(fault.of(name))).ok()
}

/// What fits a text, by full names: of the time of the facts, or of today.
fn found(text: &str, at: NaiveDate, today: NaiveDate) -> Vec<(String, String)> {
    let mut names: Vec<[String; 2]> = Vec::new();
    for day in [at, today] {
        for region in regions().search(text, day, pick::MOST) {
            let name = Lang::ALL.map(|lang| written(&region.code, day, lang));
            if names.len() < pick::MOST && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    // Names are told in the reader's language, and what is picked goes by the name that it was picked by.
    let line = |[zh, en]: [String; 2]| (String::new(), format!("{zh}\t{en}"));
    names.into_iter().map(line).collect()
}

/// The code of the region that `text` means on `at` (or today, for one that is younger than the facts).
///
/// # Errors
/// What is wrong with it.
pub fn resolve(text: &str, at: NaiveDate, today: NaiveDate) -> Result<String, Fault> {
    let text = text.trim();
    let code = match code_in(text) {
        Some(code) => regions().get(code, at).map(|region| region.code.as_str()).ok_or(Fault::Unknown)?,
        None => match names().get(&key(text)) {
            Some(codes) => {
                of_its_days(codes, &[at, today]).map_err(|several| namesakes(&several, text, at))?
            }
            None => by_words(text, at)?,
        },
    };
    let existed = [at, today].iter().any(|day| regions().at(code, *day).is_some());
    if existed { Ok(code.to_owned()) } else { Err(Fault::Date) }
}

/// What is no name as it stands: words of the path (杭州 下城, 杭州下城), a part of a name, or its sounds (`guang zhou`), if
/// they fit one region best. Initials (`gz`) are never enough.
fn by_words(text: &str, at: NaiveDate) -> Result<&'static str, Fault> {
    let found = regions().search(text, at, 20);
    let has_characters = !text.is_ascii();
    if let [one] = found[..]
        && (has_characters || text.contains(char::is_whitespace))
    {
        return Ok(one.code.as_str());
    }
    // Of several that begin alike, the one whose own name is exactly the last word is meant.
    let exact: Vec<_> = found.iter().filter(|region| is_called(region, text)).collect();
    let called = regions().called(text, at);
    match (&exact[..], &called[..]) {
        _ if found.is_empty() => Err(Fault::Unknown),
        ([one], _) if text.contains(char::is_whitespace) => Ok(one.code.as_str()),
        (_, [one]) => Ok(one.code.as_str()),
        _ => Err(Fault::Ambiguous(candidates(text, at))),
    }
}

/// Whether the last word is the region's whole name, with or without what says of which kind it is.
fn is_called(region: &Region, text: &str) -> bool {
    let last = text.split_whitespace().last().unwrap_or_default();
    let bare = region.name_zh.trim_end_matches(['省', '市', '区', '县']);
    region.name_zh == last || bare == last || region.name_en.eq_ignore_ascii_case(last)
}

/// So many are named to choose from.
const MOST: usize = 8;

/// Some of those that may be meant. Where some are called so, a name that only holds the text (东西湖区 for 西湖区) is none.
fn candidates(text: &str, at: NaiveDate) -> Vec<[String; 2]> {
    let mut found = regions().search(text, at, MOST);
    if found.iter().any(|region| is_called(region, text)) {
        found.retain(|region| is_called(region, text));
    }
    let codes: Vec<&str> = found.iter().map(|region| region.code.as_str()).collect();
    told_apart(&codes, at)
}

/// The full name at that time, in Chinese and in English.
fn both(code: &str, at: NaiveDate) -> [String; 2] {
    Lang::ALL.map(|lang| path(code, at, lang))
}

/// The region's full name at that time; empty for an empty code.
pub fn path(code: &str, at: NaiveDate, lang: Lang) -> String {
    if code.is_empty() { String::new() } else { regions().path(code, at, lang) }
}

/// The region's full name at that time, as a field is filled with it: with its code, where another one ever bore that name, so
/// that it is read again as what it was.
pub fn written(code: &str, at: NaiveDate, lang: Lang) -> String {
    let name = path(code, at, lang);
    match names().get(&key(&name)) {
        Some(codes) if *codes != [code] => with_code(&name, code),
        _ => name,
    }
}

/// The digits with which the codes of a region and of everything in it begin: `44` of 440000, `4401` of 440100.
pub fn stem(code: &str) -> &str {
    let mut stem = code;
    while stem.len() > 2 && stem.len().is_multiple_of(2) {
        match stem.strip_suffix("00") {
            Some(shorter) => stem = shorter,
            None => break,
        }
    }
    stem
}

/// The codes from the region down to everything in it, as a half-open range of six-digit codes: a province's range
/// includes its counties.
pub fn range(code: &str) -> (String, String) {
    let prefix = stem(code);
    (prefix.to_owned(), format!("{prefix}~"))
}

/// A day on which holds what has no end: a list is asked for by names as they are now.
const NOW: NaiveDate = NaiveDate::MAX;

/// The code that a list is narrowed to: digits with which codes begin stand as they are, and a region that is gone is asked
/// for by its full name, or its own where no other bears it.
///
/// # Errors
/// What is wrong with the text.
pub fn asked(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    if let Some(code) = code_in(text) {
        return Ok(code.to_owned());
    }
    let code = match names().get(&key(text)) {
        Some(codes) => of_its_days(codes, &[NOW]).map_err(|several| namesakes(&several, text, NOW))?,
        None => by_words(text, NOW)?,
    };
    Ok(code.to_owned())
}
