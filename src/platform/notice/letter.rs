//! From a stored message to subject, text and HTML.

use std::collections::BTreeMap;

use askama::Template;

use super::{Event, PARAMS};
use crate::platform::{
    error::{AppError, Plain, Result},
    i18n::{self, Lang},
    paths,
};

/// What the templates see.
pub struct Letter {
    pub lang: Lang,
    /// The whole address that the message leads to.
    pub url: String,
    pub organisation: String,
    pub params: BTreeMap<String, String>,
}

/// One line of a collected mail.
pub struct Counted {
    pub text: String,
    pub url: String,
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

    /// The greeting: by name where the letter has one.
    pub fn hello(&self) -> String {
        let is_named = self.params.get("name").is_some_and(|name| !name.trim().is_empty());
        self.t(if is_named { "mail-hello-name" } else { "mail-hello" })
    }

    /// What a collected mail counts, each kind with the list that holds it.
    pub fn counted(&self) -> Vec<Counted> {
        let counts = self.params.get("counts").map(String::as_str).unwrap_or_default();
        let base = self.url.trim_end_matches('/');
        let line = |part: &str| {
            let (event, n) = part.split_once('=')?;
            let event: Event = event.parse().ok()?;
            let text = i18n::t_with(self.lang, &format!("mail-digest-{event}"), &[("n", n.to_owned())]);
            Some(Counted { text, url: format!("{base}{}", event.list()) })
        };
        counts.split(' ').filter_map(line).collect()
    }

    /// Where one chooses which notices come.
    pub fn choosing(&self) -> String {
        format!("{}{}", self.url.trim_end_matches('/'), paths::NOTICES)
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
    "mail-test": "mail/mail-test/subject.txt" "mail/mail-test/body.txt" "mail/mail-test/body.html";
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
    "digest": "mail/digest/subject.txt" "mail/digest/body.txt" "mail/digest/body.html";
    "comment-mention": "mail/comment-mention/subject.txt" "mail/comment-mention/body.txt" "mail/comment-mention/body.html";
    "evidence-alarm": "mail/evidence-alarm/subject.txt" "mail/evidence-alarm/body.txt" "mail/evidence-alarm/body.html";
    "redaction-ended": "mail/redaction-ended/subject.txt" "mail/redaction-ended/body.txt" "mail/redaction-ended/body.html";
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

    #[test]
    fn who_is_invited_is_greeted_by_name_and_told_the_role() {
        let letter = |lang, name: &str| Letter {
            lang,
            url: "https://us.example/invitation".to_owned(),
            organisation: "平台治理部".to_owned(),
            params: [("name", name), ("role", "审核人"), ("days", "7")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        let done = render("invitation", &letter(Lang::Zh, "沈青")).expect("renders");
        assert!(done.text.starts_with("沈青，您好：\n"), "{}", done.text);
        assert!(
            done.text.contains("平台治理部为您开通了线索移送系统的账号，您的角色是审核人。"),
            "{}",
            done.text
        );
        assert!(done.html.contains("<p>沈青，您好：</p>"), "{}", done.html);
        let done = render("invitation", &letter(Lang::En, "Shen Qing")).expect("renders");
        assert!(done.text.starts_with("Dear Shen Qing,\n"), "{}", done.text);
        // Whoever has no name there is greeted all the same.
        let done = render("invitation", &letter(Lang::Zh, "")).expect("renders");
        assert!(done.text.starts_with("您好：\n"), "{}", done.text);
    }

    /// A forward may wait because the other agency has the lead already: then no dossier is to be sent.
    #[test]
    fn the_notice_of_a_forward_that_waits_bids_nobody_send_a_dossier() {
        for (lang, bids, not) in [
            (Lang::Zh, "须由您处理", "卷宗"),
            (Lang::En, "you need to decide what happens with it", "dossier"),
        ] {
            let (url, organisation) = ("https://us.example/somewhere".to_owned(), "平台治理部".to_owned());
            let letter = Letter { lang, url, organisation, params: BTreeMap::new() };
            let done = render("forward-waiting", &letter).expect("renders");
            for part in [&done.text, &done.html] {
                assert!(part.contains(bids) && !part.contains(not), "{lang}: {part}");
            }
        }
    }
}
