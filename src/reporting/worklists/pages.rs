//! What the first page shows.

use askama::Template;
use chrono_tz::Tz;

use crate::{
    platform::{
        db::{Id, Instant},
        http::{
            layout::Chrome,
            view::{Chip, MadeUp, Pager, Tile},
        },
        time,
    },
    reporting::changes::pages::Line,
};

/// One thing that waits.
#[derive(Clone, Debug, Default)]
pub struct Item {
    pub label: String,
    pub href: String,
    pub note: String,
    pub chip: Option<Chip>,
    /// By when it has to be done; `None`: no time limit runs.
    pub due: Option<Instant>,
    /// What it is about, for the log: kind and id.
    pub object: Option<(&'static str, Id)>,
    pub made_up: MadeUp,
}

/// Things that wait for the same act.
#[derive(Clone, Debug, Default)]
pub struct Duty {
    pub id: &'static str,
    pub title: String,
    pub count: String,
    /// The list of all of them; empty: they are all here.
    pub href: String,
    pub items: Vec<Item>,
    /// A remark below; empty: none.
    pub remark: String,
}

/// Duties by how soon the most urgent of each is due.
#[derive(Clone, Debug)]
pub struct Group {
    /// Empty where nothing is due at all: there is nothing to tell apart then.
    pub title: String,
    pub duties: Vec<Duty>,
}

/// How soon something is due, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Soon {
    Overdue,
    Today,
    Week,
    Later,
    Open,
}

impl Soon {
    const ALL: [Soon; 5] = [Soon::Overdue, Soon::Today, Soon::Week, Soon::Later, Soon::Open];

    fn of(due: Option<Instant>, now: Instant, zone: Tz) -> Self {
        let today = time::day_of(now, zone);
        match due {
            None => Soon::Open,
            Some(due) if due < now => Soon::Overdue,
            Some(due) if time::day_of(due, zone) == today => Soon::Today,
            Some(due) if (time::day_of(due, zone) - today).num_days() <= 7 => Soon::Week,
            Some(_) => Soon::Later,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Soon::Overdue => "overdue",
            Soon::Today => "today",
            Soon::Week => "week",
            Soon::Later => "later",
            Soon::Open => "open",
        }
    }
}

/// The duties by due date over all kinds; those of one date in the order in which they came.
pub fn grouped(c: &Chrome, duties: Vec<Duty>, now: Instant, zone: Tz) -> Vec<Group> {
    let first = |duty: &Duty| duty.items.iter().filter_map(|item| item.due).min();
    let mut all: Vec<(Soon, Option<Instant>, Duty)> =
        duties.into_iter().map(|duty| (Soon::of(first(&duty), now, zone), first(&duty), duty)).collect();
    all.sort_by_key(|(soon, due, _)| (*soon, *due));
    let is_any_due = all.iter().any(|(soon, _, _)| *soon != Soon::Open);
    let mut groups: Vec<Group> = Vec::new();
    for soon in Soon::ALL {
        let (these, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|(known, _, _)| *known == soon);
        all = rest;
        if !these.is_empty() {
            let title = if is_any_due { c.t(format!("home-group-{}", soon.word())) } else { String::new() };
            groups.push(Group { title, duties: these.into_iter().map(|(_, _, duty)| duty).collect() });
        }
    }
    groups
}

/// The first page.
#[derive(Template)]
#[template(path = "reporting/home.html")]
pub struct HomePage {
    pub c: Chrome,
    pub tiles: Vec<Tile>,
    pub tiles_title: String,
    /// What stands before everything else.
    pub first: Vec<Duty>,
    pub groups: Vec<Group>,
    /// What others did that is not marked as seen, the newest of it, and how much there is.
    pub changed: Vec<Line>,
    pub changed_count: String,
    /// Microseconds of the newest of it.
    pub until: i64,
    /// Where the guide of somebody who has done nothing yet begins; `None`: no hint.
    pub hint: Option<String>,
    /// Whether the reader may begin a lead.
    pub may_create: bool,
    /// What to do where nothing waits: text, address, button.
    pub empty: (String, String, String),
}

/// The comments that call the reader.
#[derive(Template)]
#[template(path = "reporting/mentions.html")]
pub struct MentionsPage {
    pub c: Chrome,
    /// Newest first.
    pub items: Vec<Item>,
    pub pager: Pager,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_first_stands_first_over_all_kinds() {
        let zone = chrono_tz::Asia::Shanghai;
        // Noon of a day in Shanghai.
        let now = Instant::from_micros(1_462_334_400_000_000);
        let duty = |id: &'static str, days: &[i64]| Duty {
            id,
            items: days
                .iter()
                .map(|days| Item { due: Some(now.plus_seconds(days * 86_400)), ..Item::default() })
                .collect(),
            ..Duty::default()
        };
        let hours = Duty {
            id: "today",
            items: vec![Item { due: Some(now.plus_seconds(3_600)), ..Item::default() }],
            ..Duty::default()
        };
        let given = vec![
            duty("open", &[]),
            duty("later", &[30]),
            duty("week", &[9, 3]),
            hours,
            duty("over", &[-1, 5]),
        ];
        let groups = grouped(&Chrome::default(), given, now, zone);
        let ids: Vec<&str> = groups.iter().flat_map(|g| g.duties.iter().map(|d| d.id)).collect();
        assert_eq!(ids, ["over", "today", "week", "later", "open"]);
        assert!(groups.iter().all(|group| !group.title.is_empty()) && groups.len() == 5);
        let alone = grouped(&Chrome::default(), vec![duty("a", &[]), duty("b", &[])], now, zone);
        assert_eq!((alone.len(), alone[0].title.as_str()), (1, ""));
    }
}
