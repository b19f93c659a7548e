//! Which agencies a lead could go to: those that the routing suggests, with its reasons, before the others.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::store::Agency;
use crate::{
    casework::lead::{self, model::Lead},
    directory::{
        agencies::{
            routing::{self, Place, Question, Why},
            search,
        },
        reference::{AgencyLevel, Span},
    },
    platform::{
        db::{
            Connection, Id,
            schema::{agency, agency_takes},
        },
        error::Result,
        i18n::Lang,
    },
};

/// So many agencies are given for what is looked for.
const FOUND: usize = 40;
/// So many others are shown by their regions. Of more of them, one looks for some.
const SHOWN: usize = 200;
/// So many are suggested.
const SUGGESTED: usize = 8;

/// An agency with the reasons for suggesting it.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub agency: Agency,
    pub why: Vec<Why>,
}

impl Candidate {
    /// The reasons in words.
    pub fn text(&self, on: NaiveDate, lang: Lang) -> String {
        let reasons: Vec<String> = self.why.iter().map(|why| why.text(on, lang)).collect();
        reasons.join(&lang.semicolon())
    }
}

/// The agencies that a lead could go to, each once.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// By the routing, best first.
    pub suggested: Vec<Candidate>,
    /// Those that are chosen and not suggested.
    pub chosen: Vec<Agency>,
    /// What fits what is looked for; nothing is while nothing is looked for.
    pub found: Vec<Agency>,
    /// Whether more fit than are given.
    pub has_more: bool,
    /// The others by province, level and code; none where they are too many for a page.
    pub others: Vec<Agency>,
    /// Whether they are too many.
    pub is_large: bool,
}

impl Candidates {
    /// Every one of them.
    pub fn all(&self) -> impl Iterator<Item = &Agency> {
        let suggested = self.suggested.iter().map(|one| &one.agency);
        suggested.chain(&self.chosen).chain(&self.found).chain(&self.others)
    }
}

/// The agencies for a lead on `day`: what is suggested, what is in `chosen`, what has `q` in its name, its sounds or its code,
/// and the others.
///
/// # Errors
/// Those of the database.
pub fn candidates(
    conn: &mut Connection,
    lead: &Lead,
    day: NaiveDate,
    q: &str,
    chosen: &[Id],
) -> Result<Candidates> {
    let suggested = suggested(conn, lead, day)?;
    let mut known: BTreeSet<Id> = suggested.iter().map(|one| one.agency.id).collect();
    let kept = agency::table.filter(agency::id.eq_any(chosen)).order(agency::code);
    let mut chosen: Vec<Agency> = kept.select(Agency::as_select()).load(conn)?;
    chosen.retain(|one| known.insert(one.id));
    let mut found = if q.is_empty() { Vec::new() } else { named(conn, q, day, known.len())? };
    found.retain(|one| !known.contains(&one.id));
    let has_more = found.len() > FOUND;
    found.truncate(FOUND);
    known.extend(found.iter().map(|one| one.id));
    let all = agency::table.filter(open_on(day)).limit(most(SHOWN, known.len()));
    let mut others: Vec<Agency> = all.select(Agency::as_select()).load(conn)?;
    others.retain(|one| !known.contains(&one.id));
    let is_large = others.len() > SHOWN;
    if is_large {
        others.clear();
    }
    others.sort_by(|one, other| place(one).cmp(&place(other)));
    Ok(Candidates { suggested, chosen, found, has_more, others, is_large })
}

/// One more than `shown`, though `known` are among them.
fn most(shown: usize, known: usize) -> i64 {
    i64::try_from(shown + known + 1).unwrap_or(i64::MAX)
}

/// Those whose name, its sounds or code hold `q`, by code.
fn named(conn: &mut Connection, q: &str, day: NaiveDate, known: usize) -> Result<Vec<Agency>> {
    let sounds = search::by_words(conn, q)?;
    let named = agency::table.filter(search::is_called!(q, sounds));
    let found = named.filter(open_on(day)).order(agency::code).limit(most(FOUND, known));
    Ok(found.select(Agency::as_select()).load(conn)?)
}

/// What a text where agencies are looked for may mean, while that is not ticked: the one that it names, or of what it only fits
/// any; `None`: it is, and the text is done with.
///
/// # Errors
/// Those of the database.
pub fn unpicked(
    conn: &mut Connection,
    q: &str,
    day: NaiveDate,
    ticked: &[Id],
) -> Result<Option<search::Meant>> {
    let meant = search::meant(conn, q, day)?;
    if meant.found.iter().any(|one| ticked.contains(&one.id)) {
        return Ok(None);
    }
    if meant.is_sure {
        return Ok(Some(meant));
    }
    let sounds = search::by_words(conn, q)?;
    let called = agency::table.filter(search::is_called!(q, sounds));
    let own: i64 = called.filter(agency::id.eq_any(ticked)).count().get_result(conn)?;
    Ok((own == 0).then_some(meant))
}

/// Where an agency stands among the others: those of a province together, from the highest down.
fn place(one: &Agency) -> (&str, Option<AgencyLevel>, &str) {
    (one.region_code.get(..2).unwrap_or_default(), AgencyLevel::parse(&one.level), one.code.as_str())
}

/// In being on `day`.
#[diesel::dsl::auto_type]
fn open_on(day: NaiveDate) -> _ {
    let begun = agency::valid_from.is_null().or(agency::valid_from.assume_not_null().le(day));
    begun.and(agency::valid_to.is_null().or(agency::valid_to.assume_not_null().ge(day)))
}

fn suggested(conn: &mut Connection, lead: &Lead, day: NaiveDate) -> Result<Vec<Candidate>> {
    let charges = lead::store::charges_of(conn, lead.id)?;
    let places = places(conn, lead)?;
    if charges.is_empty() || places.is_empty() {
        return Ok(Vec::new());
    }
    let open: Vec<Agency> =
        agency::table.filter(open_on(day)).order(agency::code).select(Agency::as_select()).load(conn)?;
    let mut takes = takes(conn)?;
    let candidates: Vec<routing::Candidate> = open
        .iter()
        .filter_map(|one| {
            Some(routing::Candidate {
                id: one.id,
                code: one.code.clone(),
                type_code: one.type_code.clone(),
                level: AgencyLevel::parse(&one.level)?,
                region_code: one.region_code.clone(),
                takes: takes.remove(&one.id).unwrap_or_default(),
                span: Span { from: one.valid_from, to: one.valid_to },
            })
        })
        .collect();
    let question = Question { on: day, charges: &charges, places: &places, group: false };
    let mut open: HashMap<Id, Agency> = open.into_iter().map(|one| (one.id, one)).collect();
    let found = routing::suggest(&question, &candidates);
    Ok(routing::shortlist(&question, found, SUGGESTED)
        .into_iter()
        .filter_map(|found| open.remove(&found.agency).map(|agency| Candidate { agency, why: found.reasons }))
        .collect())
}

/// Where something of the lead is.
fn places(conn: &mut Connection, lead: &Lead) -> Result<Vec<(Place, String)>> {
    let sites = lead::store::sites_of(conn, lead.id)?;
    let mut places: Vec<(Place, String)> =
        sites.into_iter().map(|site| (Place::of_site(site.role.as_str()), site.region_code)).collect();
    let subjects = lead::store::subjects_of(conn, lead.id)?;
    places.extend(subjects.into_iter().filter_map(|one| one.region_code).map(|code| (Place::Seller, code)));
    places.push((Place::Lead, lead.region_code.clone()));
    places.retain(|(_, region)| !region.is_empty());
    Ok(places)
}

/// The families that agencies say they take.
fn takes(conn: &mut Connection) -> Result<HashMap<Id, Vec<String>>> {
    let rows: Vec<(Id, String)> = agency_takes::table
        .order(agency_takes::family)
        .select((agency_takes::agency_id, agency_takes::family))
        .load(conn)?;
    let mut found: HashMap<Id, Vec<String>> = HashMap::new();
    rows.into_iter().for_each(|(id, family)| found.entry(id).or_default().push(family));
    Ok(found)
}
