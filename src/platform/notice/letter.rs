//! From a stored message to subject, text and HTML.

use std::collections::BTreeMap;

use askama::Template;

use super::PARAMS;
use crate::platform::{
    error::{AppError, Plain, Result},
    i18n::{self, Lang},
};

/// What the templates see.
pub struct Letter {
    pub lang: Lang,
    /// The whole address that the message leads to.
    pub url: String,
    pub organisation: String,
    pub params: BTreeMap<String, String>,
}

/// A message ready to be sent.
#[derive(Debug)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Letter {
    /// The message `key` with the letter's parameters; one that was not given is empty.
    pub fn t(&self, key: &str) -> String {
        let mut args: Vec<(&str, String)> =
            PARAMS.iter().map(|name| (*name, self.params.get(*name).cloned().unwrap_or_default())).collect();
        args.push(("organisation", self.organisation.clone()));
        i18n::t_with(self.lang, key, &args)
    }

    /// The tag of the language, for `<html lang>`.
    pub fn tag(&self) -> &'static str {
        self.lang.tag()
    }
}

fn print(template: &impl Template) -> Result<String> {
    template.render().map_err(AppError::internal)
}

macro_rules! letters {
    ($($name:literal: $subject:tt $text:tt $html:tt;)+) => {
        /// Renders the notice `template`.
        ///
        /// # Errors
        /// `Internal` when there is no such notice.
        pub fn render(template: &str, l: &Letter) -> Result<Rendered> {
            match template {
                $($name => {
                    #[derive(Template)]
                    #[template(path = $subject)]
                    struct Subject<'a> { l: &'a Letter }
                    #[derive(Template)]
                    #[template(path = $text)]
                    struct Text<'a> { l: &'a Letter }
                    #[derive(Template)]
                    #[template(path = $html)]
                    struct Html<'a> { l: &'a Letter }
                    Ok(Rendered {
                        subject: print(&Subject { l })?.trim().to_owned(),
                        text: print(&Text { l })?,
                        html: print(&Html { l })?,
                    })
                })+
                other => Err(AppError::internal(Plain(format!("no notice {other}")))),
            }
        }
    };
}

letters! {
    "invitation": "mail/invitation/subject.txt" "mail/invitation/body.txt" "mail/invitation/body.html";
    "password-reset": "mail/password-reset/subject.txt" "mail/password-reset/body.txt" "mail/password-reset/body.html";
    "transfer-moved": "mail/transfer-moved/subject.txt" "mail/transfer-moved/body.txt" "mail/transfer-moved/body.html";
    "transfer-sent": "mail/transfer-sent/subject.txt" "mail/transfer-sent/body.txt" "mail/transfer-sent/body.html";
    "transfer-forwarded": "mail/transfer-forwarded/subject.txt" "mail/transfer-forwarded/body.txt" "mail/transfer-forwarded/body.html";
    "supplement-asked": "mail/supplement-asked/subject.txt" "mail/supplement-asked/body.txt" "mail/supplement-asked/body.html";
    "supplement-answered": "mail/supplement-answered/subject.txt" "mail/supplement-answered/body.txt" "mail/supplement-answered/body.html";
    "deadline-soon": "mail/deadline-soon/subject.txt" "mail/deadline-soon/body.txt" "mail/deadline-soon/body.html";
    "deadline-passed": "mail/deadline-passed/subject.txt" "mail/deadline-passed/body.txt" "mail/deadline-passed/body.html";
    "message-received": "mail/message-received/subject.txt" "mail/message-received/body.txt" "mail/message-received/body.html";
    "dossier-returned": "mail/dossier-returned/subject.txt" "mail/dossier-returned/body.txt" "mail/dossier-returned/body.html";
    "approval-waiting": "mail/approval-waiting/subject.txt" "mail/approval-waiting/body.txt" "mail/approval-waiting/body.html";
    "outcome-to-confirm": "mail/outcome-to-confirm/subject.txt" "mail/outcome-to-confirm/body.txt" "mail/outcome-to-confirm/body.html";
    "forward-waiting": "mail/forward-waiting/subject.txt" "mail/forward-waiting/body.txt" "mail/forward-waiting/body.html";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::notice::TEMPLATES;

    #[test]
    fn every_notice_says_what_waits_and_where_in_both_languages() {
        for template in TEMPLATES {
            for lang in Lang::ALL {
                let params = PARAMS.iter().map(|p| ((*p).to_owned(), format!("<{p}>"))).collect();
                let url = "https://us.example/somewhere".to_owned();
                let letter = Letter { lang, url, organisation: "平台治理部".into(), params };
                let done = render(template, &letter).expect("renders");
                assert!(!done.subject.is_empty() && !done.subject.contains('\n'), "{template}");
                assert!(done.text.contains("https://us.example/somewhere"), "{template}");
                assert!(done.html.contains("href=\"https://us.example/somewhere\""), "{template}");
                for part in [&done.subject, &done.text, &done.html] {
                    assert!(!part.contains("mail-"), "{template} {lang}: a text is missing in {part}");
                }
                assert!(!done.html.contains("<number>") && !done.html.contains("<name>"), "escaped");
            }
        }
    }
}
