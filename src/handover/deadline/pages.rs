//! How a deadline is shown: a word and a colour, the law behind it, the due time in the zone.

use std::collections::{HashMap, HashSet};

use chrono_tz::Tz;

use super::{
    actions::{name, reckoning},
    clocks::{Event, Mode, Step, clocks},
    extend::source,
    model::{Due, Standing},
    store::{DeadlineRow, ExtensionRow},
};
use crate::{
    directory::{people::Side, reference::agency_types},
    platform::{
        db::{Id, Instant},
        http::{
            layout::Chrome,
            view::{Chip, Tone},
        },
        i18n, time,
    },
};

const DAY: i64 = 86_400;

/// An instant as tables show it: `2016-05-04 09:12`, or as the reader wants it.
pub fn shown(at: Instant, zone: Tz) -> String {
    time::table_instant(at, zone)
}

/// How much time is left, or how long it is overdue.
pub fn remaining(c: &Chrome, due: Instant, now: Instant) -> Chip {
    let left = due.seconds_since(now);
    let (key, tone) = match left {
        _ if left < 0 => ("deadline-time-late", Tone::Bad),
        _ if left < DAY => ("deadline-time-left", Tone::Warn),
        _ => ("deadline-time-left", Tone::Info),
    };
    Chip::new(c.tv(key, "n", time::format_length(left, c.language)), tone)
}

/// One deadline ready to be shown.
pub struct Line {
    pub name: String,
    /// Law and article, or that it was agreed.
    pub law: String,
    pub side_word: String,
    pub due: String,
    /// For machines.
    pub due_iso: String,
    pub chip: Chip,
    pub provisional: bool,
    pub running: bool,
    /// What it was extended by: the old end, the new one, the source.
    pub history: Vec<String>,
    /// Where the reader can record an extension.
    pub extend: Option<String>,
}

/// Makes the line of a deadline for a reader of that side.
pub fn line(c: &Chrome, row: &DeadlineRow, reader: Side, now: Instant, zone: Tz) -> Line {
    let on = time::day_of(row.started_at, zone);
    let clock = clocks().get(&row.clock_code, on);
    let due = due_of(row, zone);
    let standing = reckoning(zone).standing(row.started_at, &due, row.ended(), now);
    let chip = match standing {
        Standing::Overdue if !row.concerns(reader) => Chip::new(c.t("deadline-time-ended"), Tone::Neutral),
        Standing::Running | Standing::DueSoon | Standing::Overdue => {
            let left = remaining(c, row.due_at, now);
            // What is none of the reader's business bids and blames nobody who reads of it.
            if row.concerns(reader) { left } else { Chip::new(left.label, Tone::Neutral) }
        }
        Standing::Met | Standing::Moot => Chip::new(c.t(standing.key()), Tone::Muted),
        Standing::MetLate | Standing::MootLate => Chip::new(c.t(standing.key()), Tone::Warn),
    };
    let law = clock.map_or_else(String::new, |clock| {
        if clock.is_agreed() { c.t("deadline-agreed") } else { clock.citation(c.language) }
    });
    Line {
        name: name(&row.clock_code, on, c.language),
        law,
        side_word: c.t(format!("deadline-side-{}", row.side)),
        due: time::format_instant(row.due_at, zone, c.language),
        due_iso: row.due_at.to_string(),
        chip,
        provisional: row.provisional,
        running: row.stopped_at.is_none(),
        history: row.moot.then(|| c.t("deadline-moot-why")).into_iter().collect(),
        extend: None,
    }
}

/// What the law says of a step beside the limits that run, for information: nothing of it is reckoned or reminded of.
pub struct Told {
    pub text: String,
    pub law: String,
    /// Whether it says that no rule is on file for the day of the step.
    pub missing: bool,
}

/// What is known beside the running limits of the steps that a transfer took, each on its day; every rule once.
pub fn told(
    c: &Chrome,
    agency_type: &str,
    sender_role: &str,
    steps: &[(Event, Instant)],
    zone: Tz,
) -> Vec<Told> {
    let lang = c.language;
    let mut found: Vec<Told> = Vec::new();
    for (event, at) in steps {
        let step = Step {
            event: *event,
            on: time::day_of(*at, zone),
            agency_kind: agency_types().kind_of(agency_type),
            agency_type,
            sender_role,
            accepted: *event == Event::Filed,
        };
        // Extensions are offered beside the limit that they extend.
        let others = clocks().shown(&step).into_iter().filter(|clock| clock.mode != Mode::Extension);
        found.extend(others.map(|clock| Told {
            text: format!("{}{}{}", clock.name(lang), c.t("colon"), clock.limit_text(clock.limit, lang)),
            law: clock.citation(lang),
            missing: false,
        }));
        found.extend(clocks().starting(&step).none_on_file.into_iter().map(|clock| Told {
            text:
                c.ta("deadline-none-on-file", &[("name", clock.name(lang)), ("law", &clock.citation(lang))]),
            law: String::new(),
            missing: true,
        }));
    }
    let mut seen = HashSet::new();
    found.retain(|one| seen.insert((one.text.clone(), one.law.clone())));
    found
}

/// An extension in a sentence: from the old end to the new one, by which source, approved when. `texts` holds what was
/// written, by its remark.
pub fn moved(c: &Chrome, row: &ExtensionRow, texts: &HashMap<Id, String>, zone: Tz) -> String {
    c.ta(
        "deadline-extended",
        &[
            ("old", &time::format_instant(row.old_due_at, zone, c.language)),
            ("new", &time::format_instant(row.new_due_at, zone, c.language)),
            ("source", i18n::unstopped(&source(row, texts, c.language))),
            ("day", &time::format_date(row.approved_on, c.language)),
        ],
    )
}

/// The stored end as the model knows it.
pub fn due_of(row: &DeadlineRow, zone: Tz) -> Due {
    Due { at: row.due_at, day: time::day_of(row.due_at, zone), provisional: row.provisional, rolled: false }
}
