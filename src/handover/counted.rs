//! Which transfers and cases count in a year, as SQL: the one place where the lists and the annual report take it from.
//! A lead counts once at each stage, by the first of its transfers that came there. Numbers are written into the text;
//! nothing that a person typed is. A size of the audit log narrows to what was on record below it.

use chrono::{Datelike, NaiveDate};

use crate::{
    directory::reference::{agency_types, charges, region, regions},
    platform::{
        http::Form,
        i18n::Lang,
        time::{self, Tz},
    },
};

/// A year in the configured zone: first instants of its months, and of the next year.
#[derive(Clone, Debug)]
pub struct Span {
    pub year: i32,
    months: Vec<i64>,
    zone: Tz,
}

impl Span {
    pub fn new(year: i32, zone: Tz) -> Self {
        let first = |month: u32| NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default();
        let mut months: Vec<i64> = (1..=12).map(|m| time::start_of_day(first(m), zone).micros()).collect();
        months.push(time::year_bounds(year, zone).1.micros());
        Self { year, months, zone }
    }

    fn from(&self) -> i64 {
        self.months[0]
    }

    fn to(&self) -> i64 {
        self.months[12]
    }

    /// The month that the instant in `column` falls in, as two digits.
    pub fn month_of(&self, column: &str) -> String {
        let whens: String =
            (1..12).map(|m| format!(" WHEN {column} < {} THEN '{m:02}'", self.months[m])).collect();
        format!("(CASE{whens} ELSE '12' END)")
    }

    /// The day that the instant in `column`, which falls in the year, falls on, as `2016-05-04`. The starts of the days are
    /// written out, as neither database can be asked for a day in the configured zone in words that the other knows.
    pub fn day_of(&self, column: &str) -> String {
        let mut months = String::new();
        for month in 1..=12 {
            let mut days = String::new();
            let mut day = NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or_default();
            while let Some(next) = day.succ_opt().filter(|next| next.month() == month) {
                let end = time::start_of_day(next, self.zone).micros();
                days.push_str(&format!(" WHEN {column} < {end} THEN '{day}'"));
                day = next;
            }
            let of_month = format!("(CASE{days} ELSE '{day}' END)");
            match self.months.get(month as usize).filter(|_| month < 12) {
                Some(end) => months.push_str(&format!(" WHEN {column} < {end} THEN {of_month}")),
                None => months.push_str(&format!(" ELSE {of_month}")),
            }
        }
        format!("(CASE{months} END)")
    }

    /// The year before.
    pub fn prior(&self, zone: Tz) -> Self {
        Self::new(self.year - 1, zone)
    }
}

/// A stage that a transfer comes to: the figure, its column, and the acts that take it there.
pub struct Stage {
    pub figure: &'static str,
    pub column: &'static str,
    /// Verbs of the log, as SQL texts.
    pub verbs: &'static str,
}

impl Stage {
    /// The word in an address: `sent`, `received`, `accepted`.
    pub fn word(&self) -> &'static str {
        self.column.trim_end_matches("_at")
    }
}

/// The stages that are counted by lead.
pub const STAGES: [Stage; 3] = [
    Stage {
        figure: "leads_sent",
        column: "sent_at",
        verbs: "'transfer.send', 'transfer.forward', 'demo.row', 'generate.row'",
    },
    Stage {
        figure: "leads_acknowledged",
        column: "received_at",
        verbs: "'transfer.acknowledge', 'demo.row', 'generate.row'",
    },
    Stage {
        figure: "leads_accepted",
        column: "accepted_at",
        verbs: "'transfer.accept', 'demo.row', 'generate.row'",
    },
];

/// The acts by which a case is filed.
pub const FILED: &str = "'transfer.file', 'demo.row', 'generate.row'";

/// `AND` an act of these verbs on the object stood in the log below the size.
pub fn by_act(kind: &str, id: &str, verbs: &str, as_at: Option<i64>) -> String {
    as_at.map_or_else(String::new, |size| {
        format!(
            " AND EXISTS (SELECT 1 FROM audit_object ao JOIN audit_entry ae ON ae.id = ao.entry_id \
             JOIN audit_place ap ON ap.entry_id = ao.entry_id WHERE ao.kind = '{kind}' AND ao.object_id = {id} \
             AND ae.verb IN ({verbs}) AND ap.place < {size})"
        )
    })
}

/// The condition that the transfer `t` is the one by which its lead counts at the stage in the year: the first of the
/// lead's transfers that came there.
pub fn first_at_stage(stage: &Stage, span: &Span, as_at: Option<i64>) -> String {
    let column = stage.column;
    let earlier = by_act("transfer", "e.id", stage.verbs, as_at);
    format!(
        "{} AND NOT EXISTS (SELECT 1 FROM transfer e WHERE e.lead_id = t.lead_id AND e.{column} IS NOT NULL \
         AND (e.{column} < t.{column} OR (e.{column} = t.{column} AND e.seq < t.seq)){earlier})",
        at_stage(stage, span, as_at)
    )
}

/// The condition that the transfer `t` came to the stage in the year and does not count, because its lead had come
/// there before.
pub fn merged_at_stage(stage: &Stage, span: &Span, as_at: Option<i64>) -> String {
    let (all, first) = (at_stage(stage, span, as_at), first_at_stage(stage, span, as_at));
    format!("{all} AND NOT ({first})")
}

/// The condition that the transfer `t` came to the stage in the year.
pub fn at_stage(stage: &Stage, span: &Span, as_at: Option<i64>) -> String {
    let act = by_act("transfer", "t.id", stage.verbs, as_at);
    format!("t.{0} >= {1} AND t.{0} < {2}{act}", stage.column, span.from(), span.to())
}

/// The condition that the case `c` was filed in the year.
pub fn filed_in(span: &Span, as_at: Option<i64>) -> String {
    let act = by_act("case", "c.id", FILED, as_at);
    format!("c.filed_on >= '{0}-01-01' AND c.filed_on <= '{0}-12-31'{act}", span.year)
}

/// The case with which a matter counts, as SQL: the one in which it went on (并案), once that was on record below the
/// size; else itself. `id`: an SQL expression.
pub fn case_in_which_it_went_on(id: &str, as_at: Option<i64>) -> String {
    let known = as_at.map_or_else(String::new, |size| {
        format!(
            " AND EXISTS (SELECT 1 FROM audit_object mo JOIN audit_place mp ON mp.entry_id = mo.entry_id \
             WHERE mo.kind = 'merged_case' AND mo.object_id = mc.id AND mp.place < {size})"
        )
    });
    format!("COALESCE((SELECT mc.merged_into FROM agency_case mc WHERE mc.id = {id}{known}), {id})")
}

/// What the leads of a case were about when they were sent, as the end of a `FROM` with its `WHERE`: a row
/// `tc.charge_code` for each lead and charge, found along keys in this order. A lead counts from the act by which its
/// transfer was joined to the case. `case`: an SQL expression.
pub fn charges_of_cases(case: &str, as_at: Option<i64>) -> String {
    let joined = as_at.map_or_else(String::new, |size| {
        format!(
            " AND EXISTS (SELECT 1 FROM audit_object jt JOIN audit_entry je ON je.id = jt.entry_id \
             JOIN audit_place jp ON jp.entry_id = jt.entry_id WHERE jt.kind = 'transfer' \
             AND jt.object_id = cj.transfer_id AND jp.place < {size} AND (je.verb IN ('demo.row', 'generate.row') \
             OR EXISTS (SELECT 1 FROM audit_object jc WHERE jc.entry_id = jt.entry_id AND jc.kind = 'case' \
             AND jc.object_id = cj.case_id)))"
        )
    });
    format!(
        "case_joined cj CROSS JOIN transfer_charge tc WHERE cj.case_id = {case} \
         AND tc.transfer_id = cj.transfer_id{joined}"
    )
}

/// One part of a breakdown of a figure, as the annual report makes it. Codes hold letters, digits, hyphens and
/// underscores only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Digits with which a region's code begins: of the lead, or of the case.
    Region(String),
    AgencyType(String),
    Charge(String),
    Month(u32),
}

impl Part {
    /// Reads the parameters of an address; `region_name` is the name of the one for regions.
    pub fn read(query: &mut Form, region_name: &str) -> Vec<Self> {
        let digits = query.asked_digits(region_name);
        let codes = (query.asked_code("agency_type"), query.asked_code("charge"));
        let month = query.asked("month", |raw| raw.parse().ok().filter(|month| (1..=12).contains(month)));
        let stem = region::stem(&digits);
        [
            (!stem.is_empty()).then(|| Self::Region(stem.to_owned())),
            Some(codes.0).filter(|code| !code.is_empty()).map(Self::AgencyType),
            Some(codes.1).filter(|code| !code.is_empty()).map(Self::Charge),
            month.map(Self::Month),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The parameter's name in the list of transfers or of cases.
    pub fn parameter(&self, region: &'static str) -> &'static str {
        match self {
            Self::Region(_) => region,
            Self::AgencyType(_) => "agency_type",
            Self::Charge(_) => "charge",
            Self::Month(_) => "month",
        }
    }

    /// What it is narrowed to, in words: names are those of the year that is counted.
    pub fn shown(&self, year: i32, lang: Lang) -> String {
        let day = NaiveDate::from_ymd_opt(year, 6, 30).unwrap_or_default();
        match self {
            Self::Region(stem) => Some(regions().path(&format!("{stem:0<6}"), day, lang))
                .filter(|path| !path.is_empty())
                .unwrap_or_else(|| stem.clone()),
            Self::AgencyType(code) => {
                agency_types().get(code).map_or(code.as_str(), |kind| kind.name(lang)).to_owned()
            }
            Self::Charge(code) => charges().name(code, day, lang).to_owned(),
            Self::Month(month) => month.to_string(),
        }
    }

    /// `AND` the transfer `t` lies in the part at a stage.
    pub fn of_transfer(&self, stage: &Stage, span: &Span) -> String {
        match self {
            Self::Region(stem) => format!(" AND t.lead_region LIKE '{stem}%'"),
            Self::AgencyType(code) => format!(
                " AND EXISTS (SELECT 1 FROM agency a WHERE a.id = t.agency_id AND a.type_code = '{code}')"
            ),
            Self::Charge(code) => format!(
                " AND EXISTS (SELECT 1 FROM transfer_charge tc WHERE tc.transfer_id = t.id AND tc.charge_code = '{code}')"
            ),
            Self::Month(month) => {
                format!(" AND {} = '{month:02}'", span.month_of(&format!("t.{}", stage.column)))
            }
        }
    }

    /// `AND` the case `c` lies in the part, as at a size of the log.
    pub fn of_case(&self, as_at: Option<i64>) -> String {
        match self {
            Self::Region(stem) => format!(" AND c.region_code LIKE '{stem}%'"),
            Self::AgencyType(code) => format!(
                " AND EXISTS (SELECT 1 FROM agency a WHERE a.id = c.agency_id AND a.type_code = '{code}')"
            ),
            Self::Charge(code) => format!(
                " AND EXISTS (SELECT 1 FROM {} AND tc.charge_code = '{code}')",
                charges_of_cases("c.id", as_at)
            ),
            Self::Month(month) => format!(" AND SUBSTR(CAST(c.filed_on AS TEXT), 6, 2) = '{month:02}'"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_and_what_is_no_code_is_a_fault() {
        let read = |query: &str| {
            let mut form = Form::parse(query.as_bytes());
            let parts = Part::read(&mut form, "region");
            (parts, form.errors().iter().map(|e| e.field.clone()).collect::<Vec<_>>())
        };
        let (parts, faults) = read("region=440000&agency_type=PS-ECD'+OR+1%3D1&month=13");
        assert_eq!(parts, [Part::Region("44".into())]);
        assert_eq!(faults, ["agency_type", "month"]);
        let (parts, faults) = read("charge=CL214&month=6");
        assert_eq!(parts, [Part::Charge("CL214".into()), Part::Month(6)]);
        assert!(faults.is_empty());
    }
}
