//! The two languages of the product. Texts live in `assets/locales/<language>/<slice>.ftl` (Fluent), embedded in
//! the binary; a test compares the keys of both.

use std::{borrow::Cow, collections::HashMap, fmt};

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
    LOCALES.try_lookup(lang.id(), key).unwrap_or_else(|| key.to_owned())
}

/// Whether a message `key` exists.
pub fn has(lang: Lang, key: &str) -> bool {
    LOCALES.try_lookup(lang.id(), key).is_some()
}

/// The message `key` with named arguments (`{ $n }`). Arguments are texts; format numbers before.
pub fn t_with(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    let args: HashMap<Cow<'static, str>, FluentValue> = args
        .iter()
        .map(|(name, value)| (Cow::Owned((*name).to_owned()), FluentValue::from(value.clone())))
        .collect();
    LOCALES.try_lookup_with_args(lang.id(), key, &args).unwrap_or_else(|| key.to_owned())
}

/// The message `key` with `{ $n }` as a number, so that English plural rules apply.
pub fn t_count(lang: Lang, key: &str, n: u64) -> String {
    let args: HashMap<Cow<'static, str>, FluentValue> =
        HashMap::from([(Cow::Borrowed("n"), FluentValue::from(n))]);
    LOCALES.try_lookup_with_args(lang.id(), key, &args).unwrap_or_else(|| key.to_owned())
}
