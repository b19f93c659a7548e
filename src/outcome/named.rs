//! What entries name: persons and sites by identity, with the words that their own rows have for them; and whom an
//! entry of a case could name.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::{
    dsl::{min, sql},
    prelude::*,
    sql_types::Bool,
};

use super::model::{IdentityKind, Kind};
use crate::{
    casework::dossier::{
        facts::SubjectKind,
        stated::{self, Stated},
    },
    platform::{
        db::{
            Connection, Id, not_by_index,
            schema::{
                case_transfer, delivery, lead_site, lead_subject, outcome, outcome_identity, site, subject,
                transfer, transfer_face,
            },
        },
        error::Result,
    },
};

/// What an entry names: identity, and the words that its own row has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: Id,
    pub kind: IdentityKind,
    pub label: String,
    /// What tells it from another one of that name, as the papers have it: its part, its identifier.
    pub more: String,
    /// The identifier of a person or company; empty: none is known, or it is not asked for here.
    pub identifier: String,
}

/// Writes what an entry names.
///
/// # Errors
/// Those of the database.
pub fn insert_identity(conn: &mut Connection, outcome_id: Id, kind: IdentityKind, id: Id) -> Result<()> {
    diesel::insert_into(outcome_identity::table)
        .values((
            outcome_identity::outcome_id.eq(outcome_id),
            outcome_identity::kind.eq(kind.as_str()),
            outcome_identity::identity_id.eq(id),
        ))
        .execute(conn)?;
    Ok(())
}

/// What an entry names, with the words of the rows that hold them (those may be erased by law, the entry not).
///
/// # Errors
/// Those of the database.
pub fn named(conn: &mut Connection, outcome_id: Id) -> Result<Vec<Named>> {
    let case: Option<Id> = outcome::table.find(outcome_id).select(outcome::case_id).first(conn)?;
    let rows: Vec<(String, Id)> = outcome_identity::table
        .filter(outcome_identity::outcome_id.eq(outcome_id))
        .order((outcome_identity::kind, outcome_identity::identity_id))
        .select((outcome_identity::kind, outcome_identity::identity_id))
        .load(conn)?;
    let ids: Vec<Id> = rows.iter().map(|(_, id)| *id).collect();
    let labels = labels(conn, &ids, case.as_slice())?;
    Ok(rows
        .into_iter()
        .map(|(kind, id)| Named {
            id,
            kind: kind.parse().unwrap_or(IdentityKind::Subject),
            label: labels.get(&id).cloned().unwrap_or_default(),
            more: String::new(),
            identifier: String::new(),
        })
        .collect())
}

/// The words for subjects and sites. A subject is shared by leads that may call it otherwise, and a lead may be a draft
/// again: for these cases the words count that the papers had which were sent on them. Who stands in no paper was named
/// by an entry first, and is called as that did.
///
/// # Errors
/// Those of the database.
pub fn labels(conn: &mut Connection, ids: &[Id], cases: &[Id]) -> Result<HashMap<Id, String>> {
    let mut found = HashMap::new();
    for part in ids.chunks(500) {
        let subjects: Vec<(Id, String)> = subject::table
            .filter(subject::id.eq_any(part))
            .select((subject::id, subject::name))
            .load(conn)?;
        let sites: Vec<(Id, String)> =
            site::table.filter(site::id.eq_any(part)).select((site::id, site::address)).load(conn)?;
        found.extend(subjects);
        found.extend(sites);
    }
    if !cases.is_empty() && !ids.is_empty() {
        found.extend(words_sent(conn, ids, cases)?);
    }
    Ok(found)
}

/// What the papers sent on these cases call those of `ids` that they name, the newest last; for a lead that was loaded
/// without papers, what it calls them itself.
fn words_sent(conn: &mut Connection, ids: &[Id], cases: &[Id]) -> Result<HashMap<Id, String>> {
    let sent: Vec<(Id, Option<Id>)> = transfer::table
        .inner_join(case_transfer::table)
        .left_join(delivery::table)
        .filter(case_transfer::case_id.eq_any(cases))
        .order((transfer::seq, delivery::dossier_id))
        .select((transfer::lead_id, delivery::dossier_id.nullable()))
        .load(conn)?;
    let dossiers: Vec<Id> = sent.iter().filter_map(|(_, dossier)| *dossier).collect();
    let without: Vec<Id> =
        sent.iter().filter(|(_, dossier)| dossier.is_none()).map(|(lead, _)| *lead).collect();
    let mut words = HashMap::new();
    for part in without.chunks(500) {
        let named = lead_subject::table
            .filter(lead_subject::lead_id.eq_any(part))
            .filter(lead_subject::subject_id.eq_any(ids));
        let called: Vec<(Id, String)> =
            named.select((lead_subject::subject_id, lead_subject::name)).load(conn)?;
        words.extend(called);
    }
    let stated = stated::of_many(conn, &dossiers)?;
    for papers in dossiers.iter().filter_map(|dossier| stated.get(dossier)) {
        let subjects = papers.refs.subjects.iter().zip(&papers.facts.subjects);
        words.extend(subjects.filter(|(id, _)| ids.contains(id)).map(|(id, one)| (*id, one.name.clone())));
        let sites = papers.refs.sites.iter().zip(&papers.facts.sites);
        words.extend(sites.filter(|(id, _)| ids.contains(id)).map(|(id, one)| (*id, one.address.clone())));
    }
    Ok(words)
}

/// Whom an entry of a case may name: what the papers named that were sent on the case's transfers, and what entries of
/// the case named before. A lead that was reopened may name others by now: nobody was told of them.
#[derive(Clone, Debug, Default)]
pub struct Nameable {
    /// Persons and companies, and sites, of the newest delivery of each transfer: offered to be picked.
    pub offered: Vec<Named>,
    /// What an earlier delivery named may still be named.
    pub earlier: HashSet<Id>,
    /// Of those that entries named by hand: the kind and the day of the first entry that did.
    pub entered: HashMap<Id, (Kind, NaiveDate)>,
    /// Rows of one person or site that was entered by hand again: each with the row that is offered for it.
    pub same: HashMap<Id, Id>,
}

impl Nameable {
    /// Whether an entry may name it.
    pub fn takes(&self, id: Id) -> bool {
        self.earlier.contains(&id)
            || self.same.contains_key(&id)
            || self.offered.iter().any(|named| named.id == id)
    }
}

/// What an entry of this kind may name.
///
/// # Errors
/// Those of the database.
pub fn nameable(conn: &mut Connection, case_id: Id, kind: Kind) -> Result<Nameable> {
    let faces: Vec<(Id, Id, Option<Id>)> = transfer::table
        .inner_join(case_transfer::table)
        .inner_join(transfer_face::table)
        .filter(case_transfer::case_id.eq(case_id))
        .order(transfer::seq)
        .select((transfer::id, transfer::lead_id, transfer_face::dossier_id))
        .load(conn)?;
    let transfers: Vec<Id> = faces.iter().map(|(transfer_id, ..)| *transfer_id).collect();
    let mut dossiers: Vec<Id> = Vec::new();
    for part in transfers.chunks(500) {
        let sent = delivery::table.filter(delivery::transfer_id.eq_any(part));
        dossiers.extend(sent.select(delivery::dossier_id).load::<Id>(conn)?);
    }
    let stated = stated::of_many(conn, &dossiers)?;
    let mut found = Nameable::default();
    let mut without_papers = Vec::new();
    for (_, lead_id, newest) in &faces {
        match newest.and_then(|newest| stated.get(&newest)) {
            Some(newest) => found.offered.extend(of_dossier(newest, kind)),
            None => without_papers.push(*lead_id),
        }
    }
    found.earlier = stated.values().flat_map(|one| of_dossier(one, kind)).map(|named| named.id).collect();
    found.offered.extend(match kind.names() {
        IdentityKind::Subject => subjects_of_leads(conn, &without_papers, kind)?,
        IdentityKind::Site => sites_of_leads(conn, &without_papers)?,
    });
    add_entered(conn, &mut found, case_id, kind)?;
    found.offered = each_once(found.offered);
    Ok(found)
}

/// What a dossier names, by the words that stand in it.
fn of_dossier(stated: &Stated, kind: Kind) -> Vec<Named> {
    let facts = &stated.facts;
    let named = |id: &Id, label: &str, more: [&str; 2]| Named {
        id: *id,
        kind: kind.names(),
        label: label.to_owned(),
        more: more.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        identifier: more[1].to_owned(),
    };
    match kind.names() {
        IdentityKind::Subject => {
            let rows = stated.refs.subjects.iter().zip(&facts.subjects);
            let acting = rows.filter(|(_, s)| match s.kind {
                SubjectKind::Person => true,
                SubjectKind::Company => !kind.names_people_alone(),
                _ => false,
            });
            acting.map(|(id, s)| named(id, &s.name, [&s.part, &s.identifier])).collect()
        }
        IdentityKind::Site => {
            let rows = stated.refs.sites.iter().zip(&facts.sites);
            rows.map(|(id, site)| named(id, &site.address, ["", ""])).collect()
        }
    }
}

/// The kinds of subjects that an entry may name: words of the column, as SQL.
fn kinds_of_subjects(kind: Kind) -> &'static str {
    if kind.names_people_alone() { "'person'" } else { "'person', 'company'" }
}

/// The persons and companies that these leads name, for leads that were loaded without papers.
fn subjects_of_leads(conn: &mut Connection, leads: &[Id], kind: Kind) -> Result<Vec<Named>> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    // By the leads: of a kind there are far more than they name.
    let of_kind = format!("{}subject.kind IN ({})", not_by_index(conn), kinds_of_subjects(kind));
    let rows: Vec<(Id, String, String)> = subject::table
        .inner_join(lead_subject::table)
        .filter(sql::<Bool>(&of_kind))
        .filter(lead_subject::lead_id.eq_any(leads))
        .order((lead_subject::name, subject::id))
        .select((subject::id, lead_subject::name, lead_subject::identifier))
        .limit(300)
        .load(conn)?;
    let named = |(id, label, identifier): (Id, String, String)| Named {
        id,
        kind: IdentityKind::Subject,
        label,
        more: identifier.clone(),
        identifier,
    };
    Ok(rows.into_iter().map(named).collect())
}

/// The sites that these leads name, for leads that were loaded without papers.
fn sites_of_leads(conn: &mut Connection, leads: &[Id]) -> Result<Vec<Named>> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Id, String)> = site::table
        .filter(
            site::id
                .eq_any(lead_site::table.filter(lead_site::lead_id.eq_any(leads)).select(lead_site::site_id)),
        )
        .order((site::region_code, site::address, site::id))
        .select((site::id, site::address))
        .limit(300)
        .load(conn)?;
    let named = |(id, label)| {
        let (more, identifier) = (String::new(), String::new());
        Named { id, kind: IdentityKind::Site, label, more, identifier }
    };
    Ok(rows.into_iter().map(named).collect())
}

/// So many whom no paper names may have been entered in one case by hand.
const ENTERED: i64 = 1_000;

/// That what an entry names is a person.
const IS_PERSON: &str =
    "EXISTS (SELECT 1 FROM subject p WHERE p.id = outcome_identity.identity_id AND p.kind = 'person')";

/// Those that entries of the case named and `offered` has not, in the order of their first entries; each with the kind and
/// the day of that one. Each once, and of no others: entries that name one person again take nobody's place.
fn entered(
    conn: &mut Connection,
    offered: &[Named],
    case_id: Id,
    kind: Kind,
) -> Result<Vec<(Id, String, NaiveDate)>> {
    let known: HashSet<Id> = offered.iter().map(|named| named.id).collect();
    let may_be_named = if kind.names_people_alone() { IS_PERSON } else { "1 = 1" };
    // By the case: a kind has the identities of all entries.
    let of_kind = format!("{}outcome_identity.kind = '{}'", not_by_index(conn), kind.names().as_str());
    let found: Vec<(Id, Option<i64>)> = outcome_identity::table
        .inner_join(outcome::table.on(outcome::id.eq(outcome_identity::outcome_id)))
        .filter(outcome::case_id.eq(case_id))
        .filter(sql::<Bool>(&of_kind))
        .filter(outcome_identity::identity_id.ne_all(known))
        .filter(sql::<Bool>(may_be_named))
        .group_by(outcome_identity::identity_id)
        .order((min(outcome::seq), outcome_identity::identity_id))
        .select((outcome_identity::identity_id, min(outcome::seq)))
        .limit(ENTERED)
        .load(conn)?;
    let firsts: Vec<i64> = found.iter().filter_map(|(_, seq)| *seq).collect();
    let entries: Vec<(i64, String, NaiveDate)> = outcome::table
        .filter(outcome::seq.eq_any(firsts))
        .select((outcome::seq, outcome::kind, outcome::happened_on))
        .load(conn)?;
    let entries: HashMap<i64, (String, NaiveDate)> =
        entries.into_iter().map(|(seq, word, day)| (seq, (word, day))).collect();
    let with = |(id, seq): (Id, Option<i64>)| {
        let (word, day) = entries.get(&seq?)?.clone();
        Some((id, word, day))
    };
    Ok(found.into_iter().filter_map(with).collect())
}

/// Adds those that entries of the case named before, though no lead does. Who was entered by hand in several of them,
/// under one name and with one identifier, has a row of each and is offered once.
fn add_entered(conn: &mut Connection, found: &mut Nameable, case_id: Id, kind: Kind) -> Result<()> {
    let names = kind.names();
    let rows = entered(conn, &found.offered, case_id, kind)?;
    let ids: Vec<Id> = rows.iter().map(|(id, ..)| *id).collect();
    let (labels, keys) = (labels(conn, &ids, &[case_id])?, keys(conn, &ids, names)?);
    let mut identifiers = identifiers(conn, &ids, names)?;
    let mut first: HashMap<(&str, &str), Id> = HashMap::new();
    for id in ids {
        let label = labels.get(&id).map_or("", String::as_str);
        // Another name is another line: none of the words that somebody chose is lost.
        let offered = keys.get(&id).map_or(id, |key| *first.entry((key.as_str(), label)).or_insert(id));
        if offered == id {
            let identifier = identifiers.remove(&id).unwrap_or_default();
            let label = label.to_owned();
            found.offered.push(Named { id, kind: names, label, more: String::new(), identifier });
        } else {
            found.same.insert(id, offered);
        }
    }
    let entered =
        rows.into_iter().filter_map(|(id, word, day)| Some((id, (word.parse::<Kind>().ok()?, day))));
    found.entered = entered.collect();
    Ok(())
}

/// The identifiers that entries gave to persons.
fn identifiers(conn: &mut Connection, ids: &[Id], names: IdentityKind) -> Result<HashMap<Id, String>> {
    let rows: Vec<(Id, String)> = match names {
        IdentityKind::Subject => subject::table
            .filter(subject::id.eq_any(ids))
            .select((subject::id, subject::identifier))
            .load(conn)?,
        IdentityKind::Site => Vec::new(),
    };
    Ok(rows.into_iter().collect())
}

/// What makes two rows one person or site, of those of `ids` that have it.
fn keys(conn: &mut Connection, ids: &[Id], names: IdentityKind) -> Result<HashMap<Id, String>> {
    let rows: Vec<(Id, String)> = match names {
        IdentityKind::Subject => {
            let rows: Vec<(Id, String, String)> = subject::table
                .filter(subject::id.eq_any(ids))
                .filter(subject::match_key.ne(""))
                .select((subject::id, subject::kind, subject::match_key))
                .load(conn)?;
            rows.into_iter().map(|(id, kind, key)| (id, format!("{kind}:{key}"))).collect()
        }
        IdentityKind::Site => site::table
            .filter(site::id.eq_any(ids))
            .filter(site::match_key.ne(""))
            .select((site::id, site::match_key))
            .load(conn)?,
    };
    Ok(rows.into_iter().collect())
}

/// Whether all of these subjects are people.
///
/// # Errors
/// Those of the database.
pub fn are_people(conn: &mut Connection, ids: &[Id]) -> Result<bool> {
    let others = subject::table.filter(subject::id.eq_any(ids)).filter(subject::kind.ne("person"));
    let others: i64 = others.count().get_result(conn)?;
    Ok(others == 0)
}

fn each_once(mut all: Vec<Named>) -> Vec<Named> {
    let mut seen = HashSet::new();
    all.retain(|named| seen.insert(named.id));
    all
}
