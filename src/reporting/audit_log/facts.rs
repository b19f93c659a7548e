//! The facts of an entry in words: what each is called, and what its codes mean. What is a machine's own word (a hash,
//! an id, a route, a query) stays as it is and is marked as such. Pure.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use crate::{
    directory::reference::{charges, reasons, regions},
    handover::deadline::clocks::clocks,
    platform::{
        db::Instant,
        i18n::{self, Lang},
        money::{self, Fen, Qualifier},
        time,
    },
};

/// A fact as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactView {
    /// What it is called.
    pub name: String,
    pub value: String,
    /// Whether the value is in words; a machine's own is set apart.
    pub in_words: bool,
}

/// Where and for whom entries are read.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    pub lang: Lang,
    pub zone: Tz,
    /// The day of the entry: names are those of then.
    pub on: NaiveDate,
}

impl Reader {
    /// A fact of an entry with this verb. `value` is text, or JSON where it was a number, a list or a truth value.
    pub fn fact(&self, verb: &str, name: &str, value: &str) -> FactView {
        let words = self.value(verb, name, value);
        FactView {
            name: self.name(name),
            in_words: words.is_some() || value.parse::<f64>().is_ok(),
            value: words.unwrap_or_else(|| value.to_owned()),
        }
    }

    /// What a fact is called; its own name where no word is on file.
    pub fn name(&self, name: &str) -> String {
        self.word("audit-fact-", name).unwrap_or_else(|| name.to_owned())
    }

    fn word(&self, prefix: &str, code: &str) -> Option<String> {
        let key = format!("{prefix}{}", code.replace('_', "-"));
        let plain = || format!("{prefix}{code}");
        [key, plain()].iter().find(|key| i18n::has(self.lang, key)).map(|key| i18n::t(self.lang, key))
    }

    fn value(&self, verb: &str, name: &str, value: &str) -> Option<String> {
        let lang = self.lang;
        if let Ok(list) = serde_json::from_str::<Vec<String>>(value) {
            let parts = list.iter().map(|one| self.value(verb, name, one).unwrap_or_else(|| one.clone()));
            return Some(parts.collect::<Vec<_>>().join(&lang.comma()));
        }
        match value {
            "true" | "yes" => return Some(i18n::t(lang, "yes")),
            "false" | "no" => return Some(i18n::t(lang, "no")),
            _ => {}
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(value) {
            return Some(time::format_exact(Instant::from(at.to_utc()), self.zone));
        }
        if let Ok(day) = value.parse::<NaiveDate>() {
            return Some(time::format_date(day, lang));
        }
        let charge = || charges().get(value, self.on).map(|charge| charge.name(lang).to_owned());
        match name {
            "roles" | "before" | "after" => self.word("role-", value).or_else(charge),
            "charges" | "charge" => charge(),
            "region" => Some(regions().path(value, self.on, lang)).filter(|path| !path.is_empty()),
            "reason" => reasons()
                .get(value, self.on)
                .map(|reason| reason.name(lang).to_owned())
                .or_else(|| self.word("audit-reason-", value))
                .or_else(|| self.refusal(value)),
            "clock" | "by" => clocks()
                .get(value, self.on)
                .map(|clock| clock.name(lang).to_owned())
                .or_else(|| self.word("audit-by-", value)),
            "channel" => self.word("transfer-channel-", value),
            "list" => self.word("nav-", value),
            "fault" | "result" if verb.starts_with("evidence.") => self.word("evidence-fault-", value),
            "step" => self.word("transfer-step-", value),
            "setup" => self.word("setup-mark-", value),
            "from_store" | "to_store" => self.word("audit-store-", value),
            "kind" => self.kind(verb, value),
            "role" => self.word("site-role-", value),
            "side" if verb.starts_with("person.") => self.word("people-side-", value),
            "state" if verb.starts_with("agency.") => self.word("agency-filter-", value),
            "level" => self.word("agency-level-", value),
            "state" if verb.starts_with("person.") => self.word("people-state-", value),
            "dated" => self.word("case-col-", value),
            "side" => self.word("outcome-side-", value),
            "verdict" => self.word("remedy-verdict-", value),
            "state" if verb.starts_with("transfer.") => self.word("transfer-state-", value),
            "state" if verb.starts_with("review.") => self.word("review-state-", value),
            "state" if verb.starts_with("dossier.") => self.word("dossier-state-", value),
            "from" | "state" => self.word("lead-state-", value),
            "status" => self.word("case-status-", value),
            "outcome" => self.word("audit-outcome-", value),
            "page" => self.word("lead-tab-", value).or_else(|| self.word("audit-page-", value)),
            "method" | "second_factor" => self.word("audit-method-", value),
            "language" => self.word("audit-language-", value),
            "scopes" => self.word("people-scope-", value),
            "qualifier" => self.word("money-qualifier-", value),
            "basis" => self.word("money-basis-", value),
            "fen" | "min" => value.parse().ok().map(|fen| money::full(Fen(fen), Qualifier::Exact, lang)),
            "changed" | "fields" if verb.starts_with("agency.") => self.word("agency-field-", value),
            "changed" => self.word("lead-field-", value),
            "format" => Some(value.to_uppercase()),
            // A number of the kind that people give, or a month.
            "number" | "month" => Some(value.to_owned()),
            _ => None,
        }
    }

    /// What a page would have said where one of many rows was refused.
    fn refusal(&self, value: &str) -> Option<String> {
        let is_ours = ["conflict-", "error-", "bulk-"].iter().any(|begin| value.starts_with(begin));
        if is_ours { self.word("", value) } else { None }
    }

    fn kind(&self, verb: &str, value: &str) -> Option<String> {
        match verb.split('.').next().unwrap_or_default() {
            "evidence" => self.word("evidence-kind-", value),
            "lead" | "subject" => self.word("subject-kind-", value),
            "case" => self.word("case-status-", value),
            "outcome" => self.word("outcome-kind-", value),
            "operation" => self.word("operation-kind-", value),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::{handover::remedy::model::Step, platform::time::DEFAULT_ZONE};

    fn reader(lang: Lang) -> Reader {
        Reader { lang, zone: DEFAULT_ZONE, on: "2016-06-01".parse().unwrap() }
    }

    fn said(lang: Lang, verb: &str, name: &str, value: &str) -> String {
        reader(lang).fact(verb, name, value).value
    }

    #[test]
    fn codes_are_read_as_words() {
        assert_eq!(said(Lang::Zh, "transfer.refuse", "reason", "RF-MATTER"), "不属于本机关职责范围");
        assert_eq!(
            said(Lang::Zh, "person.set-roles", "roles", r#"["compiler","approver"]"#),
            "编制人、审核人"
        );
        assert_eq!(said(Lang::Zh, "transfer.accept", "by_paper", "false"), "否");
        assert_eq!(said(Lang::Zh, "outcome.propose", "kind", "site_raided"), "捣毁窝点");
        assert_eq!(said(Lang::Zh, "lead.withdraw", "from", "in_review"), "审核中");
        assert_eq!(said(Lang::Zh, "lead.approve", "reason", "used-code"), "验证码刚刚使用过");
        assert_eq!(said(Lang::En, "outcome.propose", "on", "2016-05-04"), "4 May 2016");
        assert!(!reader(Lang::Zh).fact("evidence.register", "sha256", "0ab1").in_words);
        assert!(reader(Lang::Zh).fact("evidence.register", "size", "12").in_words);
    }

    fn walk(folder: &Path, out: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                out.push(text.split("#[cfg(test)]").next().unwrap_or_default().to_owned());
            }
        }
    }

    /// Every fact that some room writes has a name in both languages.
    #[test]
    fn every_fact_has_a_name() {
        let mut sources = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
        let mut missing = Vec::new();
        for text in &sources {
            for start in [".fact(\"", ".private(\""] {
                for name in text.split(start).skip(1).filter_map(|rest| rest.split('"').next()) {
                    for lang in Lang::ALL {
                        if reader(lang).word("audit-fact-", name).is_none() {
                            missing.push(format!("{lang}: {name}"));
                        }
                    }
                }
            }
        }
        missing.sort();
        missing.dedup();
        assert!(sources.len() > 100 && missing.is_empty(), "no words for {missing:?}");
    }

    /// Every kind of thing that an entry names is called by words in both languages.
    #[test]
    fn every_object_has_a_name() {
        let mut sources = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
        let (mut known, mut missing) = (0, Vec::new());
        for text in &sources {
            let starts =
                [".object(\"", ".objects(\"", ".names(\"", "objects.push((\"", "objects.extend([(\""];
            for kind in starts.iter().flat_map(|start| text.split(start).skip(1)) {
                let kind = kind.split('"').next().unwrap_or_default();
                known += 1;
                for lang in Lang::ALL {
                    if reader(lang).word("object-", kind).is_none() {
                        missing.push(format!("{lang}: {kind}"));
                    }
                }
            }
        }
        missing.sort();
        missing.dedup();
        assert!(known > 100 && missing.is_empty(), "no words for {missing:?} of {known}");
    }

    /// What the name of a page follows in the sources: that of an entry, of a form of a transfer, of a case, and those of
    /// the verbs that give a reason, which stand in one list.
    const STARTS: [&str; 4] =
        [".fact(\"page\",", "Opening::new(", "(path.into_inner(),", "Reasoned {\n        name:"];

    /// Every page of a form whose view goes on record is called by its name in both languages.
    #[test]
    fn every_page_has_a_name() {
        let mut sources = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
        let mut pages: Vec<String> = Step::ALL.iter().map(|step| step.page().to_owned()).collect();
        for text in &sources {
            for rest in STARTS.iter().flat_map(|start| text.split(start).skip(1)) {
                let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
                pages.push(rest.split('"').next().unwrap_or_default().to_owned());
            }
        }
        pages.sort();
        pages.dedup();
        assert!(pages.len() > 25, "the pages were not found: {pages:?}");
        let mut missing = Vec::new();
        for page in &pages {
            for lang in Lang::ALL {
                if reader(lang).value("transfer.view", "page", page).is_none() {
                    missing.push(format!("{lang}: {page}"));
                }
            }
        }
        assert!(missing.is_empty(), "no words for {missing:?}");
    }
}
