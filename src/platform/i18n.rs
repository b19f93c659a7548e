//! The two languages of the product. Texts live in `assets/locales/<language>/<slice>.ftl` (Fluent), embedded in
//! the binary; a test compares the keys of both.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{OnceLock, PoisonError, RwLock},
};

use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader};

static_loader! {
    static LOCALES = {
        locales: "./assets/locales",
        fallback_language: "zh-CN",
        // The marks that Fluent puts round arguments show up as boxes in PDFs and CSV files.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ZH: LanguageIdentifier = langid!("zh-CN");
static EN: LanguageIdentifier = langid!("en");

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// Reads a tag such as `zh`, `zh-CN`, `en-GB`; `None` for other languages.
    pub fn parse(tag: &str) -> Option<Lang> {
        let tag = tag.trim().to_ascii_lowercase();
        if tag.starts_with("zh") {
            Some(Lang::Zh)
        } else if tag.starts_with("en") {
            Some(Lang::En)
        } else {
            None
        }
    }

    /// The first language of an `Accept-Language` header that we have, else Chinese.
    pub fn negotiate(accept: Option<&str>) -> Lang {
        let Some(accept) = accept else { return Lang::Zh };
        accept.split(',').filter_map(|part| Lang::parse(part.split(';').next()?)).next().unwrap_or_default()
    }

    /// Picks between a Chinese and an English text.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => {
                if en.is_empty() {
                    zh
                } else {
                    en
                }
            }
        }
    }

    /// Between the things of a list.
    pub fn comma(self) -> String {
        t(self, "comma")
    }

    /// Between what has commas of its own.
    pub fn semicolon(self) -> String {
        t(self, "semicolon")
    }

    /// Between what is meant by a word and what else may be, names that may have commas of their own.
    pub fn between_choices(self) -> String {
        t(self, "between-choices")
    }

    /// Between the parts of a sentence.
    pub fn pause(self) -> String {
        t(self, "pause")
    }

    /// Between a label and what it says.
    pub fn colon(self) -> String {
        t(self, "colon")
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The message `key` in `lang`; the key itself where it is missing, so that a page never fails for a text.
pub fn t(lang: Lang, key: &str) -> String {
    plain(lang, key).unwrap_or_else(|| key.to_owned())
}

/// The message `key`, which takes no arguments; made once, then remembered. There are no more of them than the files hold:
/// what is not found is not kept.
fn plain(lang: Lang, key: &str) -> Option<String> {
    static KNOWN: OnceLock<[RwLock<HashMap<String, String>>; 2]> = OnceLock::new();
    let known = KNOWN.get_or_init(Default::default);
    let known = match lang {
        Lang::Zh => &known[0],
        Lang::En => &known[1],
    };
    if let Some(found) = known.read().unwrap_or_else(PoisonError::into_inner).get(key) {
        return Some(found.clone());
    }
    let new = LOCALES.try_lookup(lang.id(), key)?;
    known.write().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), new.clone());
    Some(new)
}

/// Whether there is a message `key` that takes no arguments.
pub fn has(lang: Lang, key: &str) -> bool {
    plain(lang, key).is_some()
}

/// An argument as Fluent takes it. Plural rules go by numbers, so a plain whole number goes as one; it is shown as it was
/// written: without a sign or a leading zero, and small enough for Fluent to keep every digit.
fn argument(text: &str) -> FluentValue<'static> {
    let is_plain = text.len() <= 15 && (text == "0" || !text.starts_with(['0', '+']));
    match text.parse::<u64>() {
        Ok(n) if is_plain => FluentValue::from(n),
        _ => FluentValue::from(text.to_owned()),
    }
}

/// The message `key` with named arguments (`{ $n }`). Arguments are texts, numbers formatted before; those that are plain
/// whole numbers also choose between singular and plural.
pub fn t_with(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    try_with(lang, key, args).unwrap_or_else(|| key.to_owned())
}

/// As [`t_with`]; `None` where there is no such message. [`has`] knows those alone that take no arguments.
pub fn try_with(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let args: HashMap<Cow<'static, str>, FluentValue> =
        args.iter().map(|(name, value)| (Cow::Owned((*name).to_owned()), argument(value))).collect();
    LOCALES.try_lookup_with_args(lang.id(), key, &args)
}

/// The message `key` with `{ $n }` as a number, so that English plural rules apply.
pub fn t_count(lang: Lang, key: &str, n: u64) -> String {
    let args: HashMap<Cow<'static, str>, FluentValue> =
        HashMap::from([(Cow::Borrowed("n"), FluentValue::from(n))]);
    LOCALES.try_lookup_with_args(lang.id(), key, &args).unwrap_or_else(|| key.to_owned())
}

/// Somebody's own words, to stand in a sentence of ours that goes on after them or ends there: without the stop that they
/// end with. What asks, exclaims or trails off keeps its mark.
pub fn unstopped(text: &str) -> &str {
    let text = text.trim_end();
    if text.ends_with("..") {
        return text;
    }
    text.trim_end_matches(|c: char| "。．.；;，,、".contains(c) || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    #[test]
    fn each_language_has_its_own_marks_between_things() {
        let marks = |lang: Lang| {
            [lang.comma(), lang.semicolon(), lang.between_choices(), lang.pause(), lang.colon()].join("|")
        };
        assert_eq!(marks(Lang::Zh), "、|；|、|，|：");
        assert_eq!(marks(Lang::En), ", |; |; |, |: ");
    }

    #[test]
    fn a_sentence_of_ours_ends_once() {
        assert_eq!(unstopped("请补充成交记录。\n"), "请补充成交记录");
        assert_eq!(unstopped("The invoices are missing."), "The invoices are missing");
        assert_eq!(unstopped("先补充。 再提交；"), "先补充。 再提交");
        for kept in ["有何依据？", "等等……", "and so on...", "（见附件）", ""] {
            assert_eq!(unstopped(kept), kept);
        }
    }

    fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(files(&path, ending));
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
        found
    }

    /// The keys of a language; two messages of one name would stop the program at its first text.
    fn keys(lang: Lang) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales").join(lang.tag());
        let mut keys = BTreeSet::new();
        for path in files(&folder, "ftl") {
            for line in fs::read_to_string(&path).unwrap().lines() {
                let Some((key, _)) = line.split_once('=') else { continue };
                let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic());
                assert!(
                    !is_key || keys.insert(key.trim().to_owned()),
                    "{}: {key} stands twice",
                    path.display()
                );
            }
        }
        keys
    }

    #[test]
    fn both_languages_have_the_same_messages_each_once() {
        let (zh, en) = (keys(Lang::Zh), keys(Lang::En));
        let differing: Vec<_> = zh.symmetric_difference(&en).collect();
        assert!(differing.is_empty(), "only in one language: {differing:?}");
    }

    #[test]
    fn one_of_a_thing_is_said_as_one() {
        let days = |n: &str| t_with(Lang::En, "agency-days", &[("n", n.to_owned())]);
        assert_eq!(
            (days("1").as_str(), days("2").as_str(), days("0").as_str()),
            ("1 day", "2 days", "0 days")
        );
        let wait = |m: &str, s: &str| {
            t_with(Lang::En, "people-wait-both", &[("m", m.to_owned()), ("s", s.to_owned())])
        };
        assert_eq!(
            (wait("1", "30").as_str(), wait("14", "1").as_str()),
            ("1 minute 30 seconds", "14 minutes 1 second")
        );
        // What only looks like a number is shown as it was written.
        for text in ["007", "+1", "1,184", "12345678901234567890", "1.50", ""] {
            assert_eq!(days(text), format!("{text} days"));
        }
        assert_eq!(days("123456789012345"), "123456789012345 days");
    }

    /// Nouns that stand after a number somewhere.
    const COUNTED: [&str; 15] = [
        "bytes",
        "cases",
        "changes",
        "characters",
        "codes",
        "days",
        "entries",
        "faults",
        "files",
        "hours",
        "items",
        "leads",
        "lines",
        "minutes",
        "seconds",
    ];

    #[test]
    fn a_noun_after_a_number_has_a_singular_too() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales/en");
        for path in files(&folder, "ftl") {
            let text = fs::read_to_string(&path).unwrap();
            let plain = text.lines().filter(|line| !line.trim_start().starts_with(['[', '*']));
            for line in plain {
                let mut after = line.split("{ $").skip(1).filter_map(|part| part.split_once(" } "));
                let is_counted = |words: &str| {
                    let mut near =
                        words.split(' ').take(3).map(|word| word.trim_matches(['.', ',', ';', ':']));
                    near.any(|word| COUNTED.contains(&word))
                };
                assert!(after.all(|(_, words)| !is_counted(words)), "{}: {line}", path.display());
            }
        }
    }

    /// Keys that a template names literally, comments left out.
    fn named_keys(template: &str) -> Vec<&str> {
        let code = template.split("{#").map(|part| part.split_once("#}").map_or(part, |(_, code)| code));
        let starts = ["c.t(\"", "c.tn(\"", "c.tv(\"", "c.ta(\"", "label_key=\"", "hint_key=\""];
        code.flat_map(|part| starts.iter().flat_map(move |start| part.split(start).skip(1)))
            .filter_map(|rest| rest.split_once('"').map(|(key, _)| key))
            .filter(|key| !key.is_empty())
            .collect()
    }

    #[test]
    fn every_message_that_a_template_names_is_there() {
        let keys = keys(Lang::Zh);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for path in files(&folder, "html") {
            let template = fs::read_to_string(&path).unwrap();
            let missing: Vec<_> =
                named_keys(&template).into_iter().filter(|key| !keys.contains(*key)).collect();
            assert!(missing.is_empty(), "{}: {missing:?}", path.display());
        }
    }
}
