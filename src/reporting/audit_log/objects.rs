//! What the objects of entries are called: their numbers and codes, as the people who read the log know them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    audit,
    outcome::model::Kind,
    platform::{
        db::{
            Connection, Id,
            schema::{agency, agency_case, dossier, evidence, lead, outcome, person, review, transfer},
        },
        error::Result,
        i18n::{self, Lang},
        time,
    },
};

/// What an object is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its number, or what tells it from others of its kind.
    pub own: String,
    /// The agency that it is one of; empty: none, or it goes without saying.
    pub agency: String,
}

impl Name {
    fn of(own: String) -> Self {
        Self { own, agency: String::new() }
    }

    /// All of it: a number that an agency has given says which one only together with the agency.
    pub fn whole(&self) -> String {
        if self.agency.is_empty() { self.own.clone() } else { format!("{} · {}", self.own, self.agency) }
    }
}

/// Names by id.
pub type Called = HashMap<Id, Name>;

/// The names of the first `most` objects of each entry, in one query a kind; what has no number of its own is left out.
///
/// # Errors
/// Those of the database.
pub fn called(conn: &mut Connection, rows: &[audit::Row], most: usize, lang: Lang) -> Result<Called> {
    let mut wanted: HashMap<&str, HashSet<Id>> = HashMap::new();
    for (kind, id) in rows.iter().flat_map(|row| row.named().take(most)) {
        if let Ok(id) = id.parse() {
            wanted.entry(kind).or_default().insert(id);
        }
    }
    let mut found = Called::new();
    for (kind, ids) in wanted {
        let ids: Vec<Id> = ids.into_iter().collect();
        for part in ids.chunks(500) {
            found.extend(of_kind(conn, kind, part, lang)?);
        }
    }
    Ok(found)
}

/// A row of something that an agency has: its number, and the agency's names.
type Numbered = (Id, String, String, String);

fn numbered((id, number, name_zh, name_en): Numbered, lang: Lang) -> (Id, Name) {
    (id, Name { own: number, agency: lang.pick(&name_zh, &name_en).to_owned() })
}

fn of_kind(conn: &mut Connection, kind: &str, ids: &[Id], lang: Lang) -> Result<Vec<(Id, Name)>> {
    let of_agencies: Vec<Numbered> = match kind {
        "transfer" => transfer::table
            .inner_join(agency::table)
            .filter(transfer::id.eq_any(ids))
            .select((transfer::id, transfer::number, agency::name_zh, agency::name_en))
            .load(conn)?,
        "case" => agency_case::table
            .inner_join(agency::table)
            .filter(agency_case::id.eq_any(ids))
            .filter(agency_case::number.ne(""))
            .select((agency_case::id, agency_case::number, agency::name_zh, agency::name_en))
            .load(conn)?,
        "outcome" => return outcomes(conn, ids, lang),
        _ => {
            return Ok(of_the_house(conn, kind, ids, lang)?
                .into_iter()
                .map(|(id, own)| (id, Name::of(own)))
                .collect());
        }
    };
    Ok(of_agencies.into_iter().map(|row| numbered(row, lang)).collect())
}

/// Results: none has a number of its own, and a case may have many, so each is told by its kind and day.
fn outcomes(conn: &mut Connection, ids: &[Id], lang: Lang) -> Result<Vec<(Id, Name)>> {
    type Raw = (Id, String, NaiveDate, Option<String>, String, String);
    let rows: Vec<Raw> = outcome::table
        .inner_join(agency::table)
        .left_join(agency_case::table)
        .filter(outcome::id.eq_any(ids))
        .select((
            outcome::id,
            outcome::kind,
            outcome::happened_on,
            agency_case::number.nullable(),
            agency::name_zh,
            agency::name_en,
        ))
        .load(conn)?;
    let name = |(id, kind, day, number, name_zh, name_en): Raw| {
        let kind = kind.parse::<Kind>().map_or(kind, |kind| i18n::t(lang, &kind.key()));
        let parts = [kind, time::format_date(day, lang), number.unwrap_or_default()];
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        numbered((id, said.join(" · "), name_zh, name_en), lang)
    };
    Ok(rows.into_iter().map(name).collect())
}

/// What is no agency's own.
fn of_the_house(conn: &mut Connection, kind: &str, ids: &[Id], lang: Lang) -> Result<Vec<(Id, String)>> {
    Ok(match kind {
        "lead" => lead::table.filter(lead::id.eq_any(ids)).select((lead::id, lead::number)).load(conn)?,
        "dossier" => dossier::table
            .filter(dossier::id.eq_any(ids))
            .select((dossier::id, dossier::folder))
            .load(conn)?,
        "agency" => {
            let rows: Vec<Numbered> = agency::table
                .filter(agency::id.eq_any(ids))
                .select((agency::id, agency::code, agency::name_zh, agency::name_en))
                .load(conn)?;
            let name = |(id, code, zh, en): Numbered| (id, format!("{} · {code}", lang.pick(&zh, &en)));
            rows.into_iter().map(name).collect()
        }
        "person" => {
            person::table.filter(person::id.eq_any(ids)).select((person::id, person::username)).load(conn)?
        }
        "evidence" => {
            let rows: Vec<(Id, String, i32)> = evidence::table
                .inner_join(lead::table)
                .filter(evidence::id.eq_any(ids))
                .select((evidence::id, lead::number, evidence::position))
                .load(conn)?;
            rows.into_iter().map(|(id, number, position)| (id, format!("{number} #{position}"))).collect()
        }
        // A review is of a lead, and has no number of its own that its readers know.
        "review" => review::table
            .inner_join(lead::table)
            .filter(review::id.eq_any(ids))
            .select((review::id, lead::number))
            .load(conn)?,
        _ => Vec::new(),
    })
}
