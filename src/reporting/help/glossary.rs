//! The words of the product, in both languages (`assets/reference/glossary.csv`), and which of them a text uses.

use std::sync::OnceLock;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::{
    directory::{
        people::{Actor, session},
        reference::table::embedded,
    },
    platform::{
        error::Result,
        http::{Form, html, layout::Chrome, view::Link},
        i18n::{self, Lang},
        paths,
        services::Services,
    },
};

/// Longest text that is looked for, in characters.
const LONGEST: usize = 60;

/// A word with what it means.
#[derive(Clone, Debug, Deserialize)]
pub struct Term {
    pub term_zh: String,
    pub pinyin: String,
    pub term_en: String,
    pub meaning_zh: String,
    pub meaning_en: String,
    /// What the meaning rests on.
    pub source: String,
}

impl Term {
    /// Its anchor on the page: the English term in small letters, with hyphens.
    pub fn id(&self) -> String {
        let letters = self
            .term_en
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        format!("term-{}", letters.collect::<String>())
    }

    /// The word in this language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.term_zh, &self.term_en)
    }

    pub fn meaning(&self, lang: Lang) -> &str {
        lang.pick(&self.meaning_zh, &self.meaning_en)
    }

    /// Whether the word or its meaning holds what is looked for, in either language or as it is pronounced.
    fn holds(&self, q: &str) -> bool {
        let q = q.to_lowercase();
        let plain = self.pinyin.replace([' ', '\''], "");
        [&self.term_zh, &self.term_en, &self.pinyin, &plain, &self.meaning_zh, &self.meaning_en]
            .iter()
            .any(|text| text.to_lowercase().contains(&q))
    }

    /// Whether a text uses the word: in English as a word of its own.
    fn is_in(&self, text: &str, lang: Lang) -> bool {
        let name = self.name(lang);
        match lang {
            Lang::Zh => text.contains(name),
            Lang::En => text.match_indices(name).any(|(at, _)| {
                let before = text.get(..at).and_then(|head| head.chars().next_back());
                let after = text.get(at + name.len()..).and_then(|tail| tail.chars().next());
                !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphabetic)
            }),
        }
    }
}

/// All words, in the order of the file.
pub fn terms() -> &'static [Term] {
    static TERMS: OnceLock<Vec<Term>> = OnceLock::new();
    TERMS.get_or_init(|| embedded("glossary.csv", include_str!("../../../assets/reference/glossary.csv")))
}

/// The words that a text uses, each with the way to what it means.
pub fn named_in(text: &str, lang: Lang) -> Vec<Link> {
    let small = text.to_lowercase();
    let used = terms().iter().filter(|term| term.is_in(&small, lang));
    used.map(|term| Link::new(term.name(lang), format!("{}#{}", paths::GLOSSARY, term.id()))).collect()
}

/// A word as it is shown.
struct Line {
    id: String,
    name: String,
    /// The same in the other language.
    other: String,
    pinyin: String,
    meaning: String,
    source: String,
}

#[derive(Template)]
#[template(path = "reporting/glossary.html")]
struct GlossaryPage {
    c: Chrome,
    q: String,
    lines: Vec<Line>,
}

/// `GET /help/glossary?q=`
pub async fn page(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "guide-glossary"));
    let typed = Form::query(&request).raw("q").trim().to_owned();
    let q: String = typed.chars().take(LONGEST).collect();
    let lang = me.lang;
    let other = c.other_lang();
    let line = |term: &Term| Line {
        id: term.id(),
        name: term.name(lang).to_owned(),
        other: term.name(other).to_owned(),
        pinyin: term.pinyin.clone(),
        meaning: term.meaning(lang).to_owned(),
        source: if term.source == "practice" { String::new() } else { term.source.clone() },
    };
    let lines = terms().iter().filter(|term| q.is_empty() || term.holds(&q)).map(line).collect();
    html(&GlossaryPage { c, q, lines })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_word_stands_once_and_says_what_it_means_in_both_languages() {
        let ids: BTreeSet<String> = terms().iter().map(Term::id).collect();
        assert!(terms().len() > 50 && ids.len() == terms().len());
        for term in terms() {
            for text in
                [&term.term_zh, &term.pinyin, &term.term_en, &term.meaning_zh, &term.meaning_en, &term.source]
            {
                assert!(!text.is_empty(), "{term:?}");
            }
        }
    }

    #[test]
    fn a_word_is_found_by_either_language_and_by_its_sound() {
        let found =
            |q: &str| terms().iter().filter(|t| t.holds(q)).map(|t| t.term_zh.as_str()).collect::<Vec<_>>();
        for q in ["立案", "filing of a case", "li'an", "lian"] {
            assert!(found(q).contains(&"立案"), "{q}");
        }
        let used = named_in("受理后在期限内决定是否立案。", Lang::Zh);
        let names: Vec<&str> = used.iter().map(|link| link.label.as_str()).collect();
        assert_eq!(names, ["受理", "立案", "期限"]);
        assert!(named_in("This leads to nothing.", Lang::En).is_empty());
    }
}
