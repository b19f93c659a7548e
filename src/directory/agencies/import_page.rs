//! What importing agencies shows: the form, what the file would do, or what is wrong with it.

use askama::Template;
use chrono::NaiveDate;

use super::{
    import::{Fault, Listed, Plan, Planned, permitted, shown, words},
    model::Input,
    pages::trail,
};
use crate::platform::{
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Chip, Fact, Link, Tone},
    },
    i18n::{self, Lang},
};

/// A planned line, as it is shown before it is confirmed.
pub struct PlannedLine {
    pub number: u64,
    pub code: String,
    pub name: String,
    pub what: Chip,
    pub changes: Vec<ChangeLine>,
}

/// One field that a line changes.
pub struct ChangeLine {
    pub label: String,
    pub from: String,
    pub to: String,
}

/// A fault of the file.
pub struct FaultLine {
    pub number: u64,
    /// As the file has it; empty: the file as a whole.
    pub column: String,
    pub field: String,
    pub text: String,
}

/// Importing: the form, what it would do, or what is wrong with it.
#[derive(Template)]
#[template(path = "directory/agencies/import.html")]
pub struct ImportPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub columns: String,
    /// Columns that hold one of a list, each with its words and what they mean.
    pub permitted: Vec<Fact>,
    pub faults: Vec<FaultLine>,
    pub more_faults: usize,
    pub summary: String,
    pub planned: Vec<PlannedLine>,
    pub more_planned: usize,
    /// The file's text and the plan that is confirmed; empty: nothing to confirm.
    pub csv: String,
    pub digest: String,
}

/// So many lines of a plan, and so many faults, are shown.
const SHOWN: usize = 200;

/// The label of a field of the form.
fn label(lang: Lang, field: &str) -> String {
    let parts: Vec<&str> = field
        .split(|ch: char| !ch.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty() && !part.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    let key = format!("agency-field-{}", parts.join("-"));
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { field.to_owned() }
}

impl ImportPage {
    /// The empty form.
    pub fn new(c: Chrome, form: FormView) -> Self {
        let trail = trail(c.language, None);
        let list = |(column, words): Listed| {
            let each: Vec<String> = words.into_iter().map(|(word, name)| format!("{word} {name}")).collect();
            Fact::new(column, each.join(&c.language.semicolon()))
        };
        let permitted = permitted(c.language).into_iter().map(list).collect();
        Self {
            c,
            trail,
            form,
            permitted,
            columns: super::table::COLUMNS.join(", "),
            faults: Vec::new(),
            more_faults: 0,
            summary: String::new(),
            planned: Vec::new(),
            more_planned: 0,
            csv: String::new(),
            digest: String::new(),
        }
    }

    /// With what is wrong with the file.
    #[must_use]
    pub fn with_faults(mut self, faults: &[Fault]) -> Self {
        let lang = self.c.language;
        let line = |fault: &Fault| FaultLine {
            number: fault.line,
            column: fault.column(),
            field: label(lang, &fault.error.field),
            text: words(&fault.error, lang),
        };
        self.faults = faults.iter().take(SHOWN).map(line).collect();
        self.more_faults = faults.len().saturating_sub(SHOWN);
        self
    }

    /// With what the file would do; `on`: the day whose names of regions are shown.
    #[must_use]
    pub fn with_plan(mut self, plan: &Plan, csv: String, on: NaiveDate) -> Self {
        let lang = self.c.language;
        let counts = [("new", plan.created()), ("changed", plan.changed()), ("same", plan.same())];
        self.summary =
            i18n::t_with(lang, "agency-import-summary", &counts.map(|(name, n)| (name, n.to_string())));
        let doing: Vec<_> = plan.rows.iter().filter(|row| !row.changes.is_empty()).collect();
        let permitted = permitted(lang);
        self.planned = doing.iter().take(SHOWN).map(|row| planned(row, on, lang, &permitted)).collect();
        self.more_planned = doing.len().saturating_sub(SHOWN);
        if !doing.is_empty() {
            self.digest = plan.digest();
            self.csv = csv;
        }
        self
    }
}

fn planned(row: &Planned, on: NaiveDate, lang: Lang, permitted: &[Listed]) -> PlannedLine {
    let what = match row.id {
        None => Chip::new(i18n::t(lang, "agency-import-new"), Tone::Good),
        Some(_) => Chip::new(i18n::t(lang, "agency-import-changed"), Tone::Warn),
    };
    let input: &Input = &row.input;
    PlannedLine {
        number: row.line,
        code: input.code.clone(),
        name: lang.pick(&input.name_zh, &input.name_en).to_owned(),
        what,
        changes: row
            .changes
            .iter()
            .filter(|change| change.field != "code")
            .map(|change| ChangeLine {
                label: label(lang, &change.field),
                from: shown(&change.field, &change.from, on, lang, permitted),
                to: shown(&change.field, &change.to, on, lang, permitted),
            })
            .collect(),
    }
}
