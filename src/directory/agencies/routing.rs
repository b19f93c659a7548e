//! To whom a lead should go first: a suggestion with its reasons, never a decision. Pure.
//!
//! What counts, in this order: whether a place lies in its area at all, the side (criminal before administrative),
//! the place (factory before warehouse before seller before the lead's own region before platform before rights holder
//! before buyer), how many of the charge families the agency takes, how directly its type takes them on that day, and
//! its level: county by default, prefecture for crimes across areas or by groups (公安机关办理刑事案件程序规定 24).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::{
    directory::reference::{AgencyLevel, Span, Track, agency_types, charges, regions},
    platform::{
        db::Id,
        i18n::{Lang, t, t_with},
    },
};

/// What a region has to do with the lead, best anchor for competence first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Factory,
    Warehouse,
    Seller,
    /// The region that the lead names, with nothing said of what is there.
    Lead,
    Platform,
    RightsHolder,
    Buyer,
}

impl Place {
    pub const ALL: [Place; 7] = [
        Self::Factory,
        Self::Warehouse,
        Self::Seller,
        Self::Lead,
        Self::Platform,
        Self::RightsHolder,
        Self::Buyer,
    ];

    /// The place of a site's role (`production`, `storage`, `sale`).
    pub fn of_site(role: &str) -> Place {
        match role {
            "production" => Self::Factory,
            "storage" => Self::Warehouse,
            "sale" => Self::Seller,
            _ => Self::Lead,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Factory => "routing-place-factory",
            Self::Warehouse => "routing-place-warehouse",
            Self::Seller => "routing-place-seller",
            Self::Lead => "routing-place-lead",
            Self::Platform => "routing-place-platform",
            Self::RightsHolder => "routing-place-rights-holder",
            Self::Buyer => "routing-place-buyer",
        }
    }
}

/// An agency that could be chosen.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: Id,
    pub code: String,
    pub type_code: String,
    pub level: AgencyLevel,
    pub region_code: String,
    /// Families that it takes; empty: those of its type.
    pub takes: Vec<String>,
    pub span: Span,
}

/// What a lead says that matters for routing.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The day of sending: the types and agencies of that day.
    pub on: NaiveDate,
    /// Codes of charges.
    pub charges: &'a [String],
    /// Places with their region codes; empty codes are passed over.
    pub places: &'a [(Place, String)],
    /// A gang or several linked shops, as the lead says.
    pub group: bool,
}

/// Why an agency is suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its type is the addressee of these families on that day.
    Takes { families: Vec<String>, track: Track },
    /// Its own list says that it takes them, though its type would not be the first addressee.
    TakesByOwnList { families: Vec<String> },
    /// The branch that takes them belongs to it.
    TakesByBranch { families: Vec<String>, branch: String },
    /// The place lies in its area.
    At { place: Place, region: String },
    /// No place lies in its area, but one in its province.
    SameProvince { region: String },
    /// The lead crosses areas or names a group: prefecture level and above.
    LevelForCrossArea,
    /// County level handles cases by default.
    LevelByDefault,
    /// Families that it does not take: a second addressee is needed.
    LeavesOut { families: Vec<String> },
}

impl Why {
    /// The reason in words, with names as of `on`.
    pub fn text(&self, on: NaiveDate, lang: Lang) -> String {
        let families = |codes: &[String]| {
            let name = |code: &String| {
                charges().family(code).map_or(code.as_str(), |family| family.name(lang)).to_owned()
            };
            codes.iter().map(name).collect::<Vec<_>>().join(&lang.comma())
        };
        let region = |code: &str| regions().path(code, on, lang);
        match self {
            Self::Takes { families: codes, track } => {
                let key = match track {
                    Track::Criminal => "routing-takes-criminal",
                    Track::Administrative => "routing-takes-administrative",
                };
                t_with(lang, key, &[("families", families(codes))])
            }
            Self::TakesByOwnList { families: codes } => {
                t_with(lang, "routing-takes-own-list", &[("families", families(codes))])
            }
            Self::TakesByBranch { families: codes, branch } => {
                let branch =
                    agency_types().get(branch).map_or(branch.as_str(), |kind| kind.name(lang)).to_owned();
                t_with(lang, "routing-takes-branch", &[("families", families(codes)), ("branch", branch)])
            }
            Self::At { place, region: code } => {
                t_with(lang, "routing-at", &[("place", t(lang, place.key())), ("region", region(code))])
            }
            Self::SameProvince { region: code } => {
                t_with(lang, "routing-same-province", &[("region", region(code))])
            }
            Self::LevelForCrossArea => t(lang, "routing-level-cross-area"),
            Self::LevelByDefault => t(lang, "routing-level-default"),
            Self::LeavesOut { families: codes } => {
                t_with(lang, "routing-leaves-out", &[("families", families(codes))])
            }
        }
    }
}

/// One agency, with the reasons for its rank.
#[derive(Clone, Debug)]
pub struct Suggestion {
    pub agency: Id,
    pub code: String,
    pub track: Track,
    pub reasons: Vec<Why>,
    rank: Rank,
}

impl Suggestion {
    /// Whether it has a place in its area and takes one of these families on the administrative side.
    fn is_administrative_at_hand(&self, wanted: &[String]) -> bool {
        let taken = match self.reasons.first() {
            Some(
                Why::Takes { families, .. }
                | Why::TakesByOwnList { families }
                | Why::TakesByBranch { families, .. },
            ) => families,
            _ => return false,
        };
        let is_far = self.rank.0;
        !is_far && self.track == Track::Administrative && taken.iter().any(|family| wanted.contains(family))
    }
}

/// Only in the same province, side, place, families left out, directness of the type, level; the lower goes first.
type Rank = (bool, Track, u8, usize, u8, u8);

/// Ranks the candidates; those that take none of the families, are not in being on the day, or have nothing to do with
/// any place are left out. An agency stands once, on its better side.
pub fn suggest(question: &Question, candidates: &[Candidate]) -> Vec<Suggestion> {
    let tracks = [Track::Criminal, Track::Administrative];
    let mut found: Vec<Suggestion> = candidates
        .iter()
        .filter(|candidate| candidate.span.covers(question.on))
        .filter_map(|candidate| {
            tracks
                .iter()
                .filter_map(|track| weigh(question, candidate, *track))
                .min_by_key(|found| found.rank)
        })
        .collect();
    found.sort_by(|a, b| (a.rank, &a.code).cmp(&(b.rank, &b.code)));
    found
}

/// The first `most` suggestions. Beside an administrative charge up to half of them are kept for agencies at hand that
/// take it, so that many agencies on the criminal side can't crowd them all out.
pub fn shortlist(question: &Question, found: Vec<Suggestion>, most: usize) -> Vec<Suggestion> {
    let wanted = administrative_families(question);
    let mut kept: BTreeSet<usize> = BTreeSet::new();
    for (at, one) in found.iter().enumerate() {
        if kept.len() < most / 2 && one.is_administrative_at_hand(&wanted) {
            kept.insert(at);
        }
    }
    for at in 0..found.len() {
        if kept.len() < most {
            kept.insert(at);
        }
    }
    found.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, one)| one).collect()
}

/// The families of the charges that are administrative themselves.
fn administrative_families(question: &Question) -> Vec<String> {
    let is_administrative = |code: &&String| {
        charges().get(code, question.on).is_some_and(|charge| charge.track == Track::Administrative)
    };
    let codes = question.charges.iter().filter(is_administrative).map(String::as_str);
    charges().families_of(codes, question.on).into_iter().map(|family| family.code.clone()).collect()
}

fn weigh(question: &Question, candidate: &Candidate, track: Track) -> Option<Suggestion> {
    let families = families_on(question, track);
    let (directness, takes, taken) = takes(question, candidate, track, &families)?;
    let (place, at) = place_of(question, candidate)?;
    let (level, level_why) = level_of(question, candidate, track);
    let left_out: Vec<String> = families.into_iter().filter(|family| !taken.contains(family)).collect();
    let rank = (place == SAME_PROVINCE, track, place, left_out.len(), directness, level);
    let mut reasons = vec![takes, at];
    reasons.extend(level_why);
    if !left_out.is_empty() {
        reasons.push(Why::LeavesOut { families: left_out });
    }
    Some(Suggestion { agency: candidate.id, code: candidate.code.clone(), track, reasons, rank })
}

/// The families that a side could take: of criminal charges on the criminal side; of all charges on the other.
fn families_on(question: &Question, track: Track) -> Vec<String> {
    let on_side = |code: &&String| {
        track == Track::Administrative
            || charges().get(code, question.on).is_some_and(|charge| charge.track == Track::Criminal)
    };
    let codes = question.charges.iter().filter(on_side).map(String::as_str);
    charges().families_of(codes, question.on).into_iter().map(|family| family.code.clone()).collect()
}

/// How directly the agency takes the families: by the preference of its type, as the whole that a branch belongs to,
/// or by its own list. `None` if it takes none.
fn takes(
    question: &Question,
    candidate: &Candidate,
    track: Track,
    families: &[String],
) -> Option<(u8, Why, BTreeSet<String>)> {
    let own = |family: &String| candidate.takes.is_empty() || candidate.takes.contains(family);
    let mut direct = BTreeSet::new();
    let mut by_branch = BTreeSet::new();
    let mut preference = u8::MAX;
    let mut branch = None;
    for family in families.iter().filter(|family| own(family)) {
        for route in charges().routes(family, track, question.on) {
            let parent = agency_types().get(&route.agency_type).and_then(|kind| kind.parent.as_deref());
            if route.agency_type == candidate.type_code {
                direct.insert(family.clone());
                preference = preference.min(route.preference);
            } else if parent == Some(candidate.type_code.as_str()) {
                by_branch.insert(family.clone());
                branch.get_or_insert_with(|| route.agency_type.clone());
            }
        }
    }
    let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
    if !direct.is_empty() {
        return Some((preference, Why::Takes { families: list(&direct), track }, direct));
    }
    if let Some(branch) = branch {
        return Some((20, Why::TakesByBranch { families: list(&by_branch), branch }, by_branch));
    }
    let listed: BTreeSet<String> =
        families.iter().filter(|family| candidate.takes.contains(family)).cloned().collect();
    let right_side = is_criminal(&candidate.type_code) == (track == Track::Criminal);
    (right_side && !listed.is_empty()).then(|| (30, Why::TakesByOwnList { families: list(&listed) }, listed))
}

fn is_criminal(type_code: &str) -> bool {
    matches!(agency_types().kind_of(type_code), "police" | "anti_smuggling")
}

/// The rank of an agency with no place in its area, after those of all places.
const SAME_PROVINCE: u8 = 50;

/// The best place in the agency's area.
fn place_of(question: &Question, candidate: &Candidate) -> Option<(u8, Why)> {
    let on = question.on;
    let known = question.places.iter().filter(|(_, region)| regions().get(region, on).is_some());
    let mut known: Vec<&(Place, String)> = known.collect();
    known.sort();
    let within = |region: &str| {
        candidate.level == AgencyLevel::National || regions().is_within(region, &candidate.region_code, on)
    };
    if let Some((place, region)) = known.iter().find(|(_, region)| within(region)) {
        let order = Place::ALL.iter().position(|other| other == place).unwrap_or_default();
        return Some((
            u8::try_from(order).unwrap_or(u8::MAX),
            Why::At { place: *place, region: region.clone() },
        ));
    }
    let province = |code: &str| regions().province_of(code, on).map(|region| region.code.as_str());
    let home = province(&candidate.region_code)?;
    let near = known.iter().find(|(_, region)| province(region) == Some(home))?;
    Some((SAME_PROVINCE, Why::SameProvince { region: near.1.clone() }))
}

/// The level that fits: county by default; prefecture, then province, for crimes across areas or by groups.
fn level_of(question: &Question, candidate: &Candidate, track: Track) -> (u8, Option<Why>) {
    let wide = track == Track::Criminal && (question.group || crosses_areas(question));
    match (wide, candidate.level) {
        (true, AgencyLevel::Prefecture) => (0, Some(Why::LevelForCrossArea)),
        (true, AgencyLevel::Province) => (1, Some(Why::LevelForCrossArea)),
        (false, AgencyLevel::County) => (0, Some(Why::LevelByDefault)),
        (false, AgencyLevel::Prefecture) => (1, None),
        (true, AgencyLevel::County) | (false, AgencyLevel::Province) => (2, None),
        (_, AgencyLevel::National) => (3, None),
    }
}

/// Whether the places of the acts (making, storing, selling) lie in more than one prefecture.
pub fn crosses_areas(question: &Question) -> bool {
    let acts = question.places.iter().filter(|(place, _)| *place <= Place::Seller);
    let cities = acts.filter_map(|(_, region)| regions().city_of(region, question.on));
    cities.map(|city| city.code.as_str()).collect::<BTreeSet<_>>().len() > 1
}

#[cfg(test)]
mod tests;
