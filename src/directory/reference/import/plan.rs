//! What a file of regions or of working days would change, or every fault in it; pure.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::{
    directory::reference::{
        Region, Regions, Span, WorkingCalendar,
        calendar::Notice,
        files::{self, Fault, fault_at},
        table::Dated,
    },
    platform::error::FieldError,
};

/// What becomes of a row or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// The code, or the day, was not on file.
    Added,
    /// A row of a known code begins; the one before it ends.
    Begun,
    /// A row of a known code is given its last day.
    Ended,
    /// A row is given another last day, a day another kind or name.
    Changed,
    /// A day is an ordinary one again.
    Removed,
    Same,
}

impl Doing {
    pub const ALL: [Doing; 6] =
        [Doing::Added, Doing::Begun, Doing::Ended, Doing::Changed, Doing::Removed, Doing::Same];

    /// Its word: the end of its message's key.
    pub fn as_str(self) -> &'static str {
        match self {
            Doing::Added => "added",
            Doing::Begun => "begun",
            Doing::Ended => "ended",
            Doing::Changed => "changed",
            Doing::Removed => "removed",
            Doing::Same => "same",
        }
    }
}

/// One field, before and after; empty: nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    pub field: &'static str,
    pub from: String,
    pub to: String,
}

/// What becomes of one row or day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file's line; `None` for a day that the file does not name.
    pub line: Option<u64>,
    /// A region's code, or a day.
    pub code: String,
    /// In Chinese and English, as far as there are names.
    pub name: (String, String),
    pub what: Doing,
    pub diffs: Vec<Diff>,
}

/// What a file would do, with what it is made of.
#[derive(Clone, Debug)]
pub struct Plan<T> {
    pub changes: Vec<Change>,
    /// The rows that are written, or the notice.
    pub written: T,
}

impl<T> Plan<T> {
    /// How many rows or days have this become of them.
    pub fn count(&self, what: Doing) -> usize {
        self.changes.iter().filter(|change| change.what == what).count()
    }

    /// Whether the file says only what is on file.
    pub fn is_empty(&self) -> bool {
        self.changes.iter().all(|change| change.what == Doing::Same)
    }

    /// Stands for exactly these bytes and what they would change: what was confirmed is what is written.
    pub fn digest(&self, text: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(text);
        hash.update(format!("\n{:?}", self.changes));
        data_encoding::HEXLOWER.encode(&hash.finalize())
    }
}

fn day_text(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// The fields in which two rows of a code differ.
fn diffs(old: Option<&Region>, new: &Region) -> Vec<Diff> {
    let fields = |row: &Region| {
        [
            ("name_zh", row.name_zh.clone()),
            ("name_en", row.name_en.clone()),
            ("parent", row.parent.clone().unwrap_or_default()),
            ("level", row.level.as_str().to_owned()),
            ("valid_from", day_text(row.valid_from)),
            ("valid_to", day_text(row.valid_to)),
        ]
    };
    let before = old.map(fields);
    let of = |place: usize| before.as_ref().map_or_else(String::new, |all| all[place].1.clone());
    let all = fields(new).into_iter().enumerate();
    let all = all.map(|(place, (field, to))| Diff { field, from: of(place), to });
    all.filter(|diff| diff.from != diff.to).collect()
}

/// What becomes of a code's rows where `new` comes to them, and the row that it is compared with.
fn place<'a>(rows: &[&'a Region], new: &Region) -> Result<(Doing, Option<&'a Region>), FieldError> {
    let is_named_alike = |old: &Region| {
        (&old.name_zh, &old.name_en, &old.parent, old.level)
            == (&new.name_zh, &new.name_en, &new.parent, new.level)
    };
    if rows.is_empty() {
        return Ok((Doing::Added, None));
    }
    if let Some(old) = rows.iter().find(|old| old.valid_from == new.valid_from) {
        if !is_named_alike(old) {
            return Err(overwrites(old));
        }
        return Ok(match (old.valid_to == new.valid_to, new.valid_to) {
            (true, _) => (Doing::Same, Some(*old)),
            (false, Some(_)) if old.valid_to.is_none() => (Doing::Ended, Some(*old)),
            (false, _) => (Doing::Changed, Some(*old)),
        });
    }
    // What began later would lose its beginning.
    let later = |old: &&&Region| old.valid_from > new.valid_from && old.span().overlaps(new.span());
    if let Some(old) = rows.iter().find(later) {
        return Err(overwrites(old));
    }
    let before = rows.iter().filter(|old| old.valid_from < new.valid_from).max_by_key(|old| old.valid_from);
    Ok(match before {
        Some(old) => (Doing::Begun, Some(*old)),
        None => (Doing::Added, None),
    })
}

fn overwrites(old: &Region) -> FieldError {
    let Span { from, to } = old.span();
    let span = format!("{} – {}", day_text(from), day_text(to));
    FieldError::new("valid_from", "error-table-overwrites").arg("name", &old.name_zh).arg("span", span.trim())
}

/// What a file of regions would change in those on file.
///
/// # Errors
/// Every fault: those of the file, and rows that would overwrite one that is on file.
pub fn regions(text: &str, on_file: &Regions) -> Result<Plan<Vec<Region>>, Vec<Fault>> {
    let rows = files::read_regions(text)?;
    let mut known: HashMap<&str, Vec<&Region>> = HashMap::new();
    for row in on_file.all() {
        known.entry(row.code.as_str()).or_default().push(row);
    }
    let (mut changes, mut written, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (line, new) in rows {
        let of_code = known.get(new.code.as_str()).map_or(&[][..], Vec::as_slice);
        match place(of_code, &new) {
            Err(error) => faults.push(fault_at(line, error)),
            Ok((what, old)) => {
                changes.push(Change {
                    line: Some(line),
                    code: new.code.clone(),
                    name: (new.name_zh.clone(), new.name_en.clone()),
                    what,
                    diffs: if what == Doing::Same { Vec::new() } else { diffs(old, &new) },
                });
                if what != Doing::Same {
                    written.push(new);
                }
            }
        }
    }
    if faults.is_empty() { Ok(Plan { changes, written }) } else { Err(faults) }
}

/// What makes a day an exception: its kind (a word), and the holiday that it belongs to.
type Exceptional = (&'static str, String);

/// The exceptions of a notice's year and of those beside it.
fn exceptions(calendar: &WorkingCalendar, year: i32) -> BTreeMap<NaiveDate, Exceptional> {
    let mut found = BTreeMap::new();
    for year in [year.saturating_sub(1), year, year.saturating_add(1)] {
        for (day, is_worked, name) in calendar.exceptions_in(year) {
            let kind = if is_worked { "workday" } else { "holiday" };
            found.insert(day, (kind, name.to_owned()));
        }
    }
    found
}

/// What becomes of a day.
fn day(date: NaiveDate, before: Option<&Exceptional>, after: Option<&Exceptional>) -> Change {
    let what = match (before, after) {
        (None, _) => Doing::Added,
        (_, None) => Doing::Removed,
        (Some(old), Some(new)) if old == new => Doing::Same,
        _ => Doing::Changed,
    };
    let kind = |side: Option<&Exceptional>| side.map_or_else(String::new, |(kind, _)| (*kind).to_owned());
    let name = |side: Option<&Exceptional>| side.map_or_else(String::new, |(_, name)| name.clone());
    let diffs = [
        Diff { field: "kind", from: kind(before), to: kind(after) },
        Diff { field: "name", from: name(before), to: name(after) },
    ];
    Change {
        line: None,
        code: date.to_string(),
        name: (name(after.or(before)), String::new()),
        what,
        diffs: diffs.into_iter().filter(|diff| diff.from != diff.to).collect(),
    }
}

/// What a notice would change in the working days: its own year, and days of those beside it.
///
/// # Errors
/// The faults of the file.
pub fn days(
    text: &str,
    year: Option<i32>,
    on_file: &WorkingCalendar,
) -> Result<Plan<(Notice, WorkingCalendar)>, Vec<Fault>> {
    let notice = files::read_days(text, year)?;
    let mut calendar = on_file.clone();
    calendar.merge(notice.clone());
    let (before, after) = (exceptions(on_file, notice.year), exceptions(&calendar, notice.year));
    let mut all: Vec<NaiveDate> = before.keys().chain(after.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    let is_named = |date: NaiveDate| notice.days.iter().any(|day| day.date == date);
    let changes = all.into_iter().map(|date| day(date, before.get(&date), after.get(&date)));
    // Days of other notices that stay as they are have nothing to do with this one.
    let concerns = |change: &Change| change.what != Doing::Same || change.code.parse().is_ok_and(is_named);
    let changes = changes.filter(concerns).collect();
    Ok(Plan { changes, written: (notice, calendar) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::reference;

    const HEAD: &str = "code,name_zh,name_en,parent,level,valid_from,valid_to\n";

    fn plan(lines: &str) -> Result<Plan<Vec<Region>>, Vec<Fault>> {
        regions(&format!("{HEAD}{lines}"), reference::regions())
    }

    fn doing(lines: &str) -> Vec<Doing> {
        plan(lines).expect("a plan").changes.iter().map(|change| change.what).collect()
    }

    /// The line of a region that is on file.
    fn line(code: &str) -> String {
        let today = "2026-06-01".parse().expect("a day");
        let row = reference::regions().get(code, today).expect("a region").clone();
        let parent = row.parent.unwrap_or_default();
        let (from, to) = (day_text(row.valid_from), day_text(row.valid_to));
        format!("{code},{},{},{parent},{},{from},{to}\n", row.name_zh, row.name_en, row.level.as_str())
    }

    #[test]
    fn a_row_is_added_begun_ended_or_as_it_is() {
        let known = line("330106");
        let ended = format!("{}2027-06-30\n", known.trim_end());
        assert_eq!(doing(&known), [Doing::Same]);
        assert_eq!(doing(&ended), [Doing::Ended], "{ended}");
        assert_eq!(doing("330199,新区,New,330100,county,2027-01-01,\n"), [Doing::Added]);
        let begun = plan("330106,新西湖区,New Xihu,330100,county,2027-01-01,\n").expect("a plan");
        assert_eq!((begun.count(Doing::Begun), begun.written.len(), begun.is_empty()), (1, 1, false));
        let fields: Vec<&str> = begun.changes[0].diffs.iter().map(|diff| diff.field).collect();
        assert_eq!(fields, ["name_zh", "name_en", "valid_from"]);
        assert_eq!(begun.changes[0].diffs[0].from, "西湖区");
        assert!(plan(&known).expect("a plan").is_empty());
    }

    #[test]
    fn what_is_on_file_is_never_overwritten() {
        // Another name from the same first day on, and one that takes the beginning of a later row.
        let mut faults = Vec::new();
        for lines in ["330106,别名,Other,330100,county,,\n", "130502,旧名,Old,130500,county,1990-01-01,\n"]
        {
            faults.extend(plan(lines).expect_err("a fault"));
        }
        let places: Vec<&str> = faults.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["2, valid_from", "2, valid_from"]);
        assert!(faults.iter().all(|(_, error)| error.code == "error-table-overwrites"));
    }

    #[test]
    fn a_plan_is_known_by_its_bytes_and_by_what_they_change() {
        let text = format!("{HEAD}330199,新区,New,330100,county,2027-01-01,\n");
        let one = regions(&text, reference::regions()).expect("a plan");
        let known = reference::regions().with(one.written.clone());
        let two = regions(&text, &known).expect("a plan");
        assert_ne!(one.digest(&text), two.digest(&text), "it is on file by now");
        assert_ne!(one.digest(&text), one.digest(&format!("{text} ")));
        assert_eq!(one.digest(&text), one.clone().digest(&text));
    }

    #[test]
    fn a_notice_says_each_day_that_it_changes() {
        let calendar = reference::working_calendar();
        let text =
            "date,kind,name\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n2027-02-06,workday,春节\n";
        let plan = days(text, Some(2027), calendar).expect("a plan");
        assert_eq!((plan.count(Doing::Added), plan.changes.len()), (3, 3));
        let (notice, after) = &plan.written;
        assert_eq!((notice.year, after.covers("2027-05-01".parse().expect("a day"))), (2027, true));
        // The same once more changes nothing; less of it takes days away.
        assert!(days(text, Some(2027), after).expect("a plan").is_empty());
        let less = "date,kind,name\n2027-01-01,holiday,元旦节\n";
        let less = days(less, Some(2027), after).expect("a plan");
        assert_eq!((less.count(Doing::Changed), less.count(Doing::Removed)), (1, 1));
    }
}
