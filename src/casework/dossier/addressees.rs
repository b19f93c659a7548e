//! Which agencies a lead could go to: those that the routing suggests, with its reasons, before the others.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::store::Agency;
use crate::{
    casework::lead::{self, model::Lead},
    directory::{
        agencies::routing::{self, Place, Question, Why},
        reference::{AgencyLevel, Span},
    },
    holds,
    platform::{
        db::{
            Connection, Id,
            schema::{agency, agency_takes},
        },
        error::Result,
        i18n::Lang,
    },
};

/// So many agencies are shown beside those that are suggested or chosen.
const SHOWN: i64 = 40;
/// So many are suggested.
const SUGGESTED: usize = 8;

/// An agency with the reasons for suggesting it.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub agency: Agency,
    /// Empty: not suggested.
    pub why: Vec<Why>,
}

impl Candidate {
    /// The reasons in words.
    pub fn text(&self, on: NaiveDate, lang: Lang) -> String {
        let reasons: Vec<String> = self.why.iter().map(|why| why.text(on, lang)).collect();
        reasons.join(lang.pick("；", "; "))
    }
}

/// Agencies for a lead on `day`: suggested ones first, then `chosen`, then those whose name or code holds `q`; and
/// whether there are more of the last than are given.
///
/// # Errors
/// Those of the database.
pub fn candidates(
    conn: &mut Connection,
    lead: &Lead,
    day: NaiveDate,
    q: &str,
    chosen: &[Id],
) -> Result<(Vec<Candidate>, bool)> {
    let mut found = suggested(conn, lead, day)?;
    let mut known: BTreeSet<Id> = found.iter().map(|one| one.agency.id).collect();
    let kept = agency::table.filter(agency::id.eq_any(chosen)).order(agency::code);
    let mut more: Vec<Agency> = kept.select(Agency::as_select()).load(conn)?;
    let named = holds!(agency::name_zh, q).or(holds!(agency::name_en, q)).or(holds!(agency::code, q));
    let others = agency::table.filter(named).filter(open_on(day)).order(agency::code).limit(SHOWN + 1);
    let mut others: Vec<Agency> = others.select(Agency::as_select()).load(conn)?;
    let has_more = others.len() > SHOWN as usize;
    others.truncate(SHOWN as usize);
    more.extend(others);
    let more = more.into_iter().filter(|one| known.insert(one.id));
    found.extend(more.map(|agency| Candidate { agency, why: Vec::new() }));
    Ok((found, has_more))
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
