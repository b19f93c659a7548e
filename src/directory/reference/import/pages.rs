//! What importing shows: the form, what the file would change, or what is wrong with it.

use askama::Template;
use chrono::NaiveDate;

use super::plan::{Change, Diff, Doing, Plan};
use crate::{
    directory::reference::{calendar::WorkingCalendar, files::Fault, regions},
    platform::{
        error::FieldError,
        http::{
            form_view::FormView,
            layout::Chrome,
            view::{Chip, Link, Tone},
        },
        i18n::{self, Lang},
        paths,
    },
};

/// So many rows of a plan, and so many faults, are shown.
const SHOWN: usize = 300;

/// One field that changes.
pub struct DiffLine {
    pub label: String,
    pub from: String,
    pub to: String,
}

/// One row or day of a plan.
pub struct ChangeLine {
    /// Empty for a day that the file does not name.
    pub line: String,
    pub code: String,
    pub name: String,
    pub what: Chip,
    pub diffs: Vec<DiffLine>,
}

/// A fault of the file.
pub struct FaultLine {
    pub line: String,
    pub column: String,
    pub text: String,
}

/// A part of the reference that is imported: its word in addresses and messages, its columns, and a line of each.
pub struct Part {
    pub word: &'static str,
    pub columns: &'static str,
    pub example: &'static str,
}

pub const REGIONS: Part = Part {
    word: "regions",
    columns: "code,name_zh,name_en,parent,level,valid_from,valid_to",
    example: "330199,示例区,Example,330100,county,2027-01-01,",
};
pub const CALENDAR: Part =
    Part { word: "calendar", columns: "date,kind,name", example: "2027-01-01,holiday,元旦" };

/// Importing a part of the reference.
#[derive(Template)]
#[template(path = "directory/reference/import.html")]
pub struct ImportPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    /// Where a file is looked at, and where it is confirmed.
    pub action: String,
    pub intro: String,
    pub form: FormView,
    pub columns: &'static str,
    pub example: &'static str,
    pub faults: Vec<FaultLine>,
    pub more_faults: usize,
    /// How many rows become what; empty: nothing was looked at.
    pub summary: Vec<(Chip, usize)>,
    /// What it means as a whole, such as how many days of a year are worked.
    pub remarks: Vec<String>,
    /// Whether it takes a mark of its own to be confirmed.
    pub doubtful: bool,
    pub planned: Vec<ChangeLine>,
    pub more_planned: usize,
    /// The file's text and the plan that is confirmed; empty: nothing to confirm.
    pub csv: String,
    pub digest: String,
}

fn chip(lang: Lang, what: Doing) -> Chip {
    let tone = match what {
        Doing::Added | Doing::Begun => Tone::Good,
        Doing::Ended | Doing::Changed => Tone::Warn,
        Doing::Removed => Tone::Bad,
        Doing::Same => Tone::Muted,
    };
    Chip::new(i18n::t(lang, &format!("reference-import-{}", what.as_str())), tone)
}

/// A value of a field as a reader reads it.
fn shown(field: &str, value: &str, on: NaiveDate, lang: Lang) -> String {
    let word = |key: &str| if i18n::has(lang, key) { i18n::t(lang, key) } else { value.to_owned() };
    match (field, value) {
        (_, "") => String::new(),
        ("parent", code) => regions().path(code, on, lang),
        ("level", level) => word(&format!("region-level-{level}")),
        ("kind", "workday") => word("reference-day-worked"),
        ("kind", _) => word("reference-day-off"),
        _ => value.to_owned(),
    }
}

fn diff_line(diff: &Diff, on: NaiveDate, lang: Lang) -> DiffLine {
    let key = format!("reference-column-{}", diff.field.replace('_', "-"));
    DiffLine {
        label: i18n::t(lang, &key),
        from: shown(diff.field, &diff.from, on, lang),
        to: shown(diff.field, &diff.to, on, lang),
    }
}

fn change_line(change: &Change, on: NaiveDate, lang: Lang) -> ChangeLine {
    ChangeLine {
        line: change.line.map_or_else(String::new, |line| line.to_string()),
        code: change.code.clone(),
        name: lang.pick(&change.name.0, &change.name.1).to_owned(),
        what: chip(lang, change.what),
        diffs: change.diffs.iter().map(|diff| diff_line(diff, on, lang)).collect(),
    }
}

fn fault_line((place, error): &Fault, lang: Lang) -> FaultLine {
    let (line, column) = place.split_once(", ").unwrap_or((place.as_str(), ""));
    FaultLine {
        line: line.to_owned(),
        column: column.to_owned(),
        text: i18n::t_with(lang, error.code, &error.args),
    }
}

impl ImportPage {
    /// The empty form of a part.
    pub fn new(c: Chrome, part: &Part) -> Self {
        let list = format!("{}/{}", paths::REFERENCE, part.word);
        let tab = c.t(format!("reference-tab-{}", part.word));
        Self {
            trail: vec![Link::new(c.t("nav-reference"), paths::REFERENCE), Link::new(tab, list.clone())],
            action: format!("{list}/import"),
            intro: c.t(format!("reference-import-{}-text", part.word)),
            form: FormView::new("reference-import-"),
            columns: part.columns,
            example: part.example,
            faults: Vec::new(),
            more_faults: 0,
            summary: Vec::new(),
            remarks: Vec::new(),
            doubtful: false,
            planned: Vec::new(),
            more_planned: 0,
            csv: String::new(),
            digest: String::new(),
            c,
        }
    }

    /// With what is wrong with the form.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.form = self.form.with_errors(errors);
        self
    }

    /// With what is wrong with the file.
    #[must_use]
    pub fn with_faults(mut self, faults: &[Fault]) -> Self {
        let lang = self.c.language;
        self.faults = faults.iter().take(SHOWN).map(|fault| fault_line(fault, lang)).collect();
        self.more_faults = faults.len().saturating_sub(SHOWN);
        self
    }

    /// With what the file would change; `on`: the day whose names of regions are shown.
    #[must_use]
    pub fn with_plan<T>(mut self, plan: &Plan<T>, text: String, on: NaiveDate) -> Self {
        let lang = self.c.language;
        let counted = Doing::ALL.map(|what| (chip(lang, what), plan.count(what)));
        self.summary = counted.into_iter().filter(|(_, n)| *n > 0).collect();
        let doing: Vec<&Change> = plan.changes.iter().filter(|change| change.what != Doing::Same).collect();
        self.planned = doing.iter().take(SHOWN).map(|change| change_line(change, on, lang)).collect();
        self.more_planned = doing.len().saturating_sub(SHOWN);
        if !plan.is_empty() {
            self.digest = plan.digest(&text);
            self.csv = text;
        }
        self
    }

    /// With what becomes of a year's working days; `doubtful`: their number is hard to believe.
    #[must_use]
    pub fn with_year(mut self, year: i32, calendars: [&WorkingCalendar; 2], doubtful: bool) -> Self {
        let [before, after] = calendars.map(|calendar| calendar.working_days_in(year).to_string());
        let year = year.to_string();
        let args = [("year", year.as_str()), ("before", before.as_str()), ("after", after.as_str())];
        self.remarks.push(self.c.ta("reference-import-days", &args));
        self.doubtful = doubtful;
        self
    }
}
