//! The frame round every page: title, navigation, who is signed in, language, and one message after an act.
//! Data only; who may see which entry is decided where the frame is made.

use std::fmt::Display;

use askama::Template;

use crate::platform::{
    db::Id,
    http::{link::Query, view::Link},
    i18n::{self, Lang},
};

/// What `templates/layout/base.html` shows round a page. Every page struct has it as its field `c`.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    pub language: Lang,
    /// The page's heading, also the first half of `<title>`.
    pub title: String,
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
    /// Whether the data are synthetic: a bar at the top says so.
    pub demo: bool,
    pub flash: Option<Flash>,
    /// Where the search box in the head goes (`GET …?q=`); `None`: no box.
    pub search: Option<String>,
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

/// The signed-in person.
#[derive(Clone, Debug, Default)]
pub struct Who {
    pub name: String,
    pub role_label: String,
    pub agency: Option<String>,
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

    /// The language that the switch leads to.
    pub fn other_lang(&self) -> Lang {
        match self.language {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }

    /// Switches the language and comes back to this page.
    pub fn other_lang_href(&self) -> String {
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

/// A page that says what went wrong and shows a way back.
#[derive(Template)]
#[template(path = "error/error.html")]
pub struct ErrorPage {
    pub c: Chrome,
    pub status: u16,
    pub heading: String,
    pub text: String,
    /// Number under which the cause is found in the log.
    pub reference: Option<String>,
    /// Ways on, the best first: where one came from, the list that the page belongs to, the first page.
    pub back: Vec<Link>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switching_the_language_comes_back_to_the_same_list() {
        let c = Chrome { path: "/leads?state=draft&q=伪".into(), ..Chrome::default() };
        assert_eq!(c.other_lang_href(), "/language?to=en&back=%2Fleads%3Fstate%3Ddraft%26q%3D%E4%BC%AA");
    }
}
