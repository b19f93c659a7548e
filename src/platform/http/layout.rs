//! The frame round every page: title, navigation, who is signed in, language, and one message after an act.
//! Data only; who may see which entry is decided where the frame is made.

use std::{fmt::Display, sync::Arc};

use askama::Template;

use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        keeping::{self, Keeping, Unsent},
        link::Query,
        view::Link,
    },
    i18n::{self, Lang},
    paths,
};

/// What `templates/layout/base.html` shows round a page. Every page struct has it as its field `c`.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    pub language: Lang,
    /// The page's heading, also the first half of `<title>`.
    pub title: String,
    /// On paper: whose page it is, who printed it and when. Empty: nobody is signed in.
    pub printed: String,
    /// What stands small beside the heading: the number of what the page is about. Empty: none.
    pub number: String,
    /// Path and query of this page, e.g. `/leads?state=draft`.
    pub path: String,
    /// Where the switch of the language comes back to where it is not `path`: a form that is shown again stands at an
    /// address that may only be posted to. Empty: to `path`.
    pub form_page: String,
    /// The left-hand navigation, in the order of a lead's way. Empty: none is shown.
    pub nav_groups: Vec<NavGroup>,
    pub who: Option<Who>,
    /// How long the session of whoever is signed in goes on; the page warns before its end.
    pub session: Option<Left>,
    /// Whether the data are synthetic: a bar at the top says so.
    pub demo: bool,
    /// What the reader has to know on whatever page they are, with where it leads: a bar at the top says so.
    pub alarm: Option<Link>,
    pub flash: Option<Flash>,
    /// Where the search box in the head goes (`GET …?q=`); `None`: no box.
    pub search: Option<String>,
    /// What the signed-in person has typed into forms of this page and not sent, the newest first.
    pub unsent: Arc<Vec<Unsent>>,
    /// Whether keys pressed alone do something.
    pub single_keys: bool,
    /// Whether whoever is signed in may make a lead: a way there stands at the foot of every page, with its key.
    pub makes_leads: bool,
    /// Where the guide explains this page, e.g. `/help/compiler#evidence`. Empty: nowhere.
    pub help: String,
    /// URLs of the style sheet, the script and the icon, with their hashes.
    pub css: &'static str,
    pub js: &'static str,
    pub icon: &'static str,
}

/// Entries of the navigation under one heading.
#[derive(Clone, Debug, Default)]
pub struct NavGroup {
    pub label: String,
    pub items: Vec<NavItem>,
}

/// One entry of the navigation.
#[derive(Clone, Debug, Default)]
pub struct NavItem {
    pub href: String,
    pub label: String,
    /// Whether this page belongs under the entry.
    pub current: bool,
    /// How much waits there; `None` or 0: no number is shown.
    pub count: Option<u64>,
}

impl NavItem {
    /// The letter that leads there after `g`; empty: none.
    pub fn letter(&self) -> &'static str {
        // What it opens may be a filter of the list.
        match self.href.split('?').next().unwrap_or_default() {
            paths::HOME => "h",
            paths::LEADS => "l",
            paths::DOSSIERS => "z",
            paths::APPROVALS => "p",
            paths::TRANSFERS => "t",
            paths::CASES => "c",
            paths::OUTCOMES => "o",
            paths::OPERATIONS => "m",
            paths::REPORTS => "r",
            paths::AUDIT => "d",
            paths::AGENCIES => "a",
            paths::REFERENCE => "b",
            paths::ADMIN_PEOPLE => "u",
            paths::ADMIN_MAIL => "e",
            paths::ADMIN_JOBS => "j",
            paths::ADMIN_SYSTEM => "s",
            _ => "",
        }
    }
}

/// The signed-in person.
#[derive(Clone, Debug, Default)]
pub struct Who {
    /// The account: what a browser keeps of somebody's typing is kept under it.
    pub id: String,
    pub name: String,
    pub role_label: String,
    pub agency: Option<String>,
}

/// How long a session goes on, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Unless it is used.
    pub left: i64,
    /// However it is used.
    pub most: i64,
}

/// What came of the act before this page.
#[derive(Clone, Debug)]
pub struct Flash {
    /// `ok`, `warn` or `error`.
    pub kind: &'static str,
    pub text: String,
}

impl Chrome {
    /// The language tag of `<html lang>`.
    pub fn lang(&self) -> &'static str {
        self.language.tag()
    }

    /// The tag of the language that a text is in which is not ours: a name, a title, a law. Chinese where most of it is,
    /// English where it is a phrase without any Chinese; else that of the page, as numbers and brands are in either.
    pub fn lang_of(&self, text: impl AsRef<str>) -> &'static str {
        let text = text.as_ref();
        let (mut han, mut latin) = (0, 0);
        for ch in text.chars() {
            han += usize::from(matches!(ch, '\u{3400}'..='\u{9FFF}'));
            latin += usize::from(ch.is_ascii_alphabetic());
        }
        // A Chinese character says as much as two or three letters do.
        if han * 2 > latin {
            Lang::Zh.tag()
        } else if han == 0 && is_phrase(text) {
            Lang::En.tag()
        } else {
            self.lang()
        }
    }

    /// Whether a text is in another language than the page, and has to say so where it stands.
    pub fn is_other(&self, text: impl AsRef<str>) -> bool {
        self.lang_of(text) != self.lang()
    }

    /// The message `key`.
    pub fn t(&self, key: impl AsRef<str>) -> String {
        i18n::t(self.language, key.as_ref())
    }

    /// The message `key` with the number `{ $n }`; takes integers and references to them.
    pub fn tn(&self, key: &str, n: impl ToString) -> String {
        let text = n.to_string();
        match text.parse() {
            Ok(n) => i18n::t_count(self.language, key, n),
            Err(_) => i18n::t_with(self.language, key, &[("n", text)]),
        }
    }

    /// The message `key` with one named argument.
    pub fn tv(&self, key: &str, name: &str, value: impl Display) -> String {
        i18n::t_with(self.language, key, &[(name, value.to_string())])
    }

    /// The message `key` with several: `c.ta("k", [("a", x.as_str()), ("b", y.as_str())])`.
    pub fn ta(&self, key: &str, args: &[(&str, &str)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        i18n::t_with(self.language, key, &args)
    }

    /// The part of a form's address by which a form that is sent twice acts once: `once=…`, another one each time.
    pub fn once(&self) -> String {
        format!("once={}", Id::new())
    }

    /// Where a form is posted to: `action` with the word by which it acts once.
    pub fn posts(&self, action: impl Display) -> String {
        let action = action.to_string();
        let joint = if action.contains('?') { '&' } else { '?' };
        format!("{action}{joint}{}", self.once())
    }

    /// The form that is posted to `action`, with its typing kept while it is not sent: filled from what is kept already,
    /// unless it is shown again, where it goes on being kept as before.
    pub fn kept(&self, form: &FormView, action: impl Display) -> FormView {
        let action = action.to_string();
        let form = form.clone();
        if form.keeping().is_some() {
            return form;
        }
        let here = Query::new(&self.path);
        let is_shown_again = !self.form_page.is_empty();
        if is_shown_again {
            let is_this = here.path() == Query::new(&action).path();
            let posted = |name: &str| here.get(name).parse::<Id>().ok().filter(|_| is_this);
            let mut keeping = Keeping::new(posted("draft").unwrap_or_else(Id::new), action);
            keeping.before = posted("once");
            return form.with_keeping(keeping);
        }
        let (chosen, more) = keeping::choose(&self.unsent, &action, &self.path);
        let mut keeping = Keeping::new(chosen.map_or_else(Id::new, |one| one.id), action);
        keeping.more = more;
        keeping.blank = here.with("unsent", "none").without("ok").href();
        let Some(one) = chosen else { return form.with_keeping(keeping) };
        keeping.base = Some(one.saved);
        keeping.at.clone_from(&one.at);
        form.refilled(&one.fields).with_keeping(keeping)
    }

    /// The language that the switch leads to.
    pub fn other_lang(&self) -> Lang {
        match self.language {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }

    /// Where the form is posted to that switches the language and comes back to this page.
    pub fn other_lang_action(&self) -> String {
        let page = if self.form_page.is_empty() { &self.path } else { &self.form_page };
        let back = if page.is_empty() { "/" } else { page };
        Query::new("/language").with("to", self.other_lang().tag()).with("back", back).href()
    }

    /// The heading with the number of what it names beside it.
    #[must_use]
    pub fn numbered(mut self, number: impl Into<String>) -> Self {
        self.number = number.into();
        self
    }

    /// The same frame under another heading.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}

/// Whether a text without Chinese is more than a name or a code: three words of letters.
fn is_phrase(text: &str) -> bool {
    let is_word = |word: &str| {
        let word = word.trim_matches(|ch: char| ch.is_ascii_punctuation());
        word.len() > 1 && word.chars().all(|ch| ch.is_ascii_alphabetic() || matches!(ch, '\'' | '-' | '’'))
    };
    text.split_whitespace().filter(|word| is_word(word)).count() >= 3
}

/// A page that says what went wrong and shows a way back.
#[derive(Template)]
#[template(path = "error/error.html")]
pub struct ErrorPage {
    pub c: Chrome,
    pub status: u16,
    pub heading: String,
    pub text: String,
    /// Whether what was typed into the form that was refused is kept: one of the ways leads to it.
    pub is_kept: bool,
    /// Number under which the cause is found in the log.
    pub reference: Option<String>,
    /// Ways on, the best first: where one came from, the list that the page belongs to, the first page.
    pub back: Vec<Link>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_in_its_own_language() {
        let page = Chrome { language: Lang::En, ..Chrome::default() };
        assert_eq!(page.lang_of("疑似销售假冒 Omega 手表"), "zh-CN");
        assert_eq!(page.lang_of("Annual report 2016"), "en");
        assert_eq!(page.lang_of("Acknowledged by 李"), "en");
        assert_eq!(page.lang_of("2016"), "en");
        assert!(
            page.is_other("销售假冒注册商标的商品罪") && !page.is_other("Guangzhou Public Security Bureau")
        );
        let page = Chrome::default();
        assert_eq!(page.lang_of("Omega"), "zh-CN");
        assert_eq!(page.lang_of("广州市公安局经济犯罪侦查支队"), "zh-CN");
        assert_eq!(page.lang_of("Guangzhou Public Security Bureau"), "en");
        for either in
            ["Pierre Cardin", "XS-2016-001184 v2", "https://shop.example/item/1", "编制人 Li of Team One", ""]
        {
            assert!(!page.is_other(either), "{either}");
        }
    }

    #[test]
    fn switching_the_language_comes_back_to_the_same_list() {
        let c = Chrome { path: "/leads?state=draft&q=伪".into(), ..Chrome::default() };
        assert_eq!(c.other_lang_action(), "/language?to=en&back=%2Fleads%3Fstate%3Ddraft%26q%3D%E4%BC%AA");
    }
}
