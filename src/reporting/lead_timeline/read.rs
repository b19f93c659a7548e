//! Everything about one lead, a query a table.

use std::collections::HashMap;

use super::{
    handed::{CaseOf, OutcomeOf, TransferOf, cases_of, outcomes_of, transfers_of},
    log::{self, About, EntryOf},
    model::Kind,
};
use crate::{
    casework::{
        approval::asked::{self, Asked},
        dossier::{
            current::{self, Obstacle},
            many,
        },
        evidence::sales::store::{self as sales, Records},
        lead::{
            actions, comment,
            model::is_changeable,
            related,
            store::{self as leads, Brand, Lead, Listing, SiteOf, StepOf, SubjectOf},
        },
    },
    directory::people::{Actor, store as people},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{
                agency, approval, blob, composition, delivery, dossier, dossier_freeze, dossier_package,
                dossier_seal, evidence, lead, remark, review,
            },
        },
        error::{FieldError, Result},
        keyset::Edge,
        services::Services,
    },
};
use diesel::{
    dsl::{count_star, sql},
    prelude::*,
    sql_types::BigInt,
};

/// Comments on the page; all of them have a page of their own.
pub const COMMENTS: usize = 5;

/// An agency's Chinese and English name.
pub type Names = (String, String);

/// One dossier of the lead.
#[derive(Clone, Debug, Queryable)]
pub struct DossierOf {
    pub id: Id,
    pub composition_id: Id,
    pub version: i32,
    pub agency_id: Id,
    pub agency: Names,
    pub frozen_at: Option<Instant>,
    pub sealed_at: Option<Instant>,
    pub packed_at: Option<Instant>,
}

/// What is known of the evidence as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub struct EvidenceSum {
    pub items: i64,
    pub bytes: i64,
    pub withheld: i64,
}

/// The lead with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Story {
    pub lead: Lead,
    /// Fen, qualifier and basis as stored.
    pub value: (Option<i64>, Option<String>, Option<String>),
    pub charges: Vec<String>,
    pub brands: Vec<Brand>,
    pub subjects: Vec<SubjectOf>,
    pub sites: Vec<SiteOf>,
    pub listings: Vec<Listing>,
    /// What the tables among its evidence come to that are marked as sales records.
    pub sales: Records,
    /// Number and name of those tables.
    pub sold: HashMap<Id, (i32, String)>,
    pub steps: Vec<StepOf>,
    pub writers: Vec<Id>,
    pub evidence: EvidenceSum,
    pub dossiers: Vec<DossierOf>,
    /// What was decided about each composition that was submitted, as `review.decision` has it.
    pub decisions: HashMap<Id, String>,
    /// Dossiers that were handed over.
    pub delivered: Vec<Id>,
    /// Why a draft's newest composition can't be submitted; `None`: it can.
    pub obstacle: Option<Obstacle>,
    /// What a draft still lacks before it can be submitted.
    pub missing: Vec<FieldError>,
    /// The review that waits.
    pub waiting: Option<Id>,
    pub transfers: Vec<TransferOf>,
    /// What agencies that have a version of it wait for.
    pub asked: Vec<Asked>,
    pub cases: Vec<CaseOf>,
    pub outcomes: Vec<OutcomeOf>,
    pub entries: Vec<EntryOf>,
    /// Whether older entries follow.
    pub has_older: bool,
    /// How many entries there are by verb; empty where they are too many to be counted.
    pub counts: Vec<(String, i64)>,
    /// The newest comments, and one more where there are more.
    pub comments: comment::store::Read,
    /// The texts of the comments that the entries are about.
    pub said: HashMap<Id, String>,
    /// Leads that have something in common with it.
    pub related: Vec<related::model::Related>,
    /// Remarks by the instant and author of their act.
    pub remarks: HashMap<(Instant, Option<Id>), String>,
    pub names: HashMap<Id, String>,
    /// The agencies that the entries of forwards name.
    pub agencies: HashMap<Id, Names>,
    /// Number and name of the evidence that the entries are about.
    pub items: HashMap<Id, (i32, String)>,
}

impl Story {
    /// The newest version that was approved. What was loaded without a review was, where it is sealed.
    pub fn approved_version(&self) -> Option<i32> {
        let is_approved = |d: &&DossierOf| {
            d.sealed_at.is_some()
                || self.decisions.get(&d.composition_id).is_some_and(|word| word == "approved")
        };
        self.dossiers.iter().filter(is_approved).map(|d| d.version).max()
    }
}

/// Reads it all for `me`.
///
/// # Errors
/// `NotFound` for a lead that is not there or not to be seen.
pub fn story(
    conn: &mut Connection,
    services: &Services,
    me: &Actor,
    id: Id,
    (kind, before): (Kind, Option<Id>),
) -> Result<Story> {
    let found = leads::find_visible(conn, me, id)?;
    let may_change = is_changeable(me, &found);
    let obstacle = if may_change { current::submittable(conn, services, &found)?.err() } else { None };
    let missing = if may_change { actions::missing(conn, &found)? } else { Vec::new() };
    let (dossiers, delivered) = dossiers_of(conn, id)?;
    let transfers = transfers_of(conn, id)?;
    let cases = cases_of(conn, id)?;
    let outcomes = outcomes_of(conn, &cases)?;
    let later = cases.iter().map(|c| c.id).chain(outcomes.iter().map(|o| o.id)).collect();
    let told = About { lead: id, later };
    let (entries, has_older) = log::entries_of(conn, &told, (kind, before), &services.verbs)?;
    let (waiting, reviews) = reviews_of(conn, id)?;
    let mut about = vec![id];
    about.extend(transfers.iter().map(|t| t.id));
    about.extend(told.later.iter().copied());
    about.extend(reviews);
    let people = entries.iter().filter_map(|e| e.actor_id);
    let given = entries.iter().filter_map(EntryOf::assignee);
    let people = people.chain([found.owner_id]).chain(found.assignee_id).chain(given);
    let said: Vec<Id> = entries.iter().flat_map(EntryOf::comments).collect();
    let sales = sales::records(conn, id, None)?;
    let tables: Vec<Id> = sales.totals.iter().map(|total| total.evidence_id).collect();
    Ok(Story {
        counts: log::counts_of(conn, &told, &services.verbs)?,
        comments: comment::store::read(conn, me, id, &Edge::Start, COMMENTS)?,
        said: comment::store::bodies(conn, &said)?,
        related: related::store::of(conn, id)?,
        decisions: many::decisions(conn, id)?,
        value: lead::table
            .filter(lead::id.eq(id))
            .select((lead::value_fen, lead::value_qualifier, lead::value_basis))
            .first(conn)?,
        charges: leads::charges_of(conn, id)?,
        brands: leads::brands_of(conn, id)?,
        subjects: leads::subjects_of(conn, id)?,
        sites: leads::sites_of(conn, id)?,
        listings: leads::listings_of(conn, id)?,
        steps: leads::steps_of(conn, id)?,
        writers: leads::writers_of(conn, id)?,
        evidence: evidence_of(conn, id)?,
        asked: asked::open(conn, id)?,
        remarks: remarks_of(conn, &about)?,
        names: people::names(conn, people)?,
        agencies: targets_of(conn, &entries)?,
        items: items_of(conn, &entries)?,
        sold: named(conn, &tables)?,
        sales,
        lead: found,
        dossiers,
        delivered,
        obstacle,
        missing,
        waiting,
        transfers,
        cases,
        outcomes,
        entries,
        has_older,
    })
}

fn targets_of(conn: &mut Connection, entries: &[EntryOf]) -> Result<HashMap<Id, Names>> {
    let forwards = entries.iter().filter(|entry| entry.verb == "transfer.forward");
    let ids: Vec<Id> =
        forwards.flat_map(EntryOf::objects).filter(|(kind, _)| kind == "agency").map(|(_, id)| id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Id, Names)> = agency::table
        .filter(agency::id.eq_any(ids))
        .select((agency::id, (agency::name_zh, agency::name_en)))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

fn items_of(conn: &mut Connection, entries: &[EntryOf]) -> Result<HashMap<Id, (i32, String)>> {
    let objects = entries.iter().flat_map(EntryOf::objects);
    let ids: Vec<Id> = objects.filter(|(kind, _)| kind == "evidence").map(|(_, id)| id).collect();
    named(conn, &ids)
}

/// Number and name of items of evidence.
fn named(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, (i32, String)>> {
    let mut found = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(Id, (i32, String))> = evidence::table
            .filter(evidence::id.eq_any(part))
            .select((evidence::id, (evidence::position, evidence::name)))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

fn evidence_of(conn: &mut Connection, id: Id) -> Result<EvidenceSum> {
    let (items, bytes, withheld) = evidence::table
        .inner_join(blob::table)
        .filter(evidence::lead_id.eq(id))
        .filter(evidence::removed_at.is_null())
        .select((
            count_star(),
            sql::<BigInt>("CAST(COALESCE(SUM(blob.size), 0) AS BIGINT)"),
            sql::<BigInt>("CAST(COALESCE(SUM(CASE WHEN evidence.withheld THEN 1 ELSE 0 END), 0) AS BIGINT)"),
        ))
        .first(conn)?;
    Ok(EvidenceSum { items, bytes, withheld })
}

fn dossiers_of(conn: &mut Connection, id: Id) -> Result<(Vec<DossierOf>, Vec<Id>)> {
    let dossiers: Vec<DossierOf> = dossier::table
        .inner_join(composition::table)
        .inner_join(agency::table)
        .left_join(dossier_freeze::table)
        .left_join(dossier_seal::table)
        .left_join(dossier_package::table)
        .filter(dossier::lead_id.eq(id))
        .order((composition::version.desc(), dossier::id))
        .select((
            dossier::id,
            composition::id,
            composition::version,
            dossier::agency_id,
            (agency::name_zh, agency::name_en),
            dossier_freeze::frozen_at.nullable(),
            dossier_seal::sealed_at.nullable(),
            dossier_package::written_at.nullable(),
        ))
        .load(conn)?;
    let own = dossier::table.filter(dossier::lead_id.eq(id)).select(dossier::id);
    let delivered =
        delivery::table.filter(delivery::dossier_id.eq_any(own)).select(delivery::dossier_id).load(conn)?;
    Ok((dossiers, delivered))
}

type Reviews = (Option<Id>, Vec<Id>);

fn reviews_of(conn: &mut Connection, id: Id) -> Result<Reviews> {
    let rows: Vec<(Id, Option<String>)> = review::table
        .filter(review::lead_id.eq(id))
        .order(review::id.desc())
        .select((review::id, review::decision))
        .load(conn)?;
    let waiting = rows.iter().find(|(_, decision)| decision.is_none()).map(|(id, _)| *id);
    let mut about: Vec<Id> = rows.iter().map(|(id, _)| *id).collect();
    let decided: Vec<Id> =
        approval::table.filter(approval::review_id.eq_any(&about)).select(approval::id).load(conn)?;
    about.extend(decided);
    Ok((waiting, about))
}

fn remarks_of(conn: &mut Connection, about: &[Id]) -> Result<HashMap<(Instant, Option<Id>), String>> {
    let mut found = HashMap::new();
    for part in about.chunks(500) {
        let rows: Vec<(Instant, Option<Id>, String)> = remark::table
            .filter(remark::about_id.eq_any(part))
            .select((remark::at, remark::author_id, remark::body))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(at, author, body)| ((at, author), body)));
    }
    Ok(found)
}
