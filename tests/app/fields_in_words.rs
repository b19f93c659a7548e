//! Whatever is wrong with a field can be read in both languages: every name that a form or an address is read by has words
//! for where no form stands round it.

use std::{collections::BTreeSet, fs, path::Path};

use lead_handoff::platform::{
    http::field_name::field_name,
    i18n::{self, Lang},
};

/// What reads a field or finds fault with one, and takes its name first.
const CALLS: [&str; 18] = [
    ".asked(",
    ".asked_word(",
    ".asked_yes_no(",
    ".asked_flag(",
    ".asked_code(",
    ".asked_digits(",
    ".text(",
    ".required(",
    ".value(",
    ".required_value(",
    ".date(",
    ".required_date(",
    ".choice(",
    ".id(",
    ".ids(",
    ".fault(",
    "AppError::field(",
    "FieldError::new(",
];

/// The names that the source writes as a text of its own.
fn names(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            names(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for rest in CALLS.iter().flat_map(|call| code.split(call).skip(1)) {
                let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
                found.insert(rest.split('"').next().unwrap_or_default().to_owned());
            }
        }
    }
}

#[test]
fn every_field_has_words_in_both_languages() {
    let mut found = BTreeSet::new();
    names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    // A header of the API, which programs send.
    found.remove("Idempotency-Key");
    assert!(found.len() > 100, "the names were not found: {found:?}");
    let without: Vec<String> = found
        .iter()
        .flat_map(|name| [(Lang::Zh, name), (Lang::En, name)])
        .filter(|(lang, name)| field_name(*lang, name) == i18n::t(*lang, "field-other"))
        .map(|(lang, name)| format!("{lang:?} {name}"))
        .collect();
    assert!(without.is_empty(), "no words for {without:?}");
}

/// A reader of English is given no Chinese to go by: only the other language is called by its own name.
#[test]
fn english_words_hold_no_chinese() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales/en");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a file of messages");
        let lines = text.lines().filter(|line| line.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)));
        found.extend(lines.map(str::to_owned));
    }
    found.retain(|line| !line.starts_with("layout-other-language ="));
    assert!(found.is_empty(), "{found:#?}");
}

/// Where 机关 is the word of a law or of a paper; whoever stands in the directory is a 单位 everywhere else.
const OFFICES: [&str; 8] =
    ["公安机关", "检察机关", "行政执法机关", "县级机关", "适用机关", "主送机关", "机关协查", "机关通报"];

#[test]
fn an_agency_is_called_by_one_word_in_chinese() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales/zh-CN");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a file of messages");
        let rest = OFFICES.iter().fold(text, |text, office| text.replace(office, ""));
        found.extend(rest.lines().filter(|line| line.contains("机关")).map(str::to_owned));
    }
    assert!(found.is_empty(), "{found:#?}");
}
