//! Composing: one selection of evidence for one or more agencies, a dossier for each.

use std::collections::{BTreeSet, HashMap};

use chrono_tz::Tz;
use diesel::prelude::*;
use rand::{RngCore, rngs::OsRng};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    freezing, held_up,
    model::{Addressed, Plan, Withholding},
    names, package, store,
};
use crate::{
    audit::{self, Entry},
    casework::{evidence, lead},
    directory::people::Actor,
    platform::{
        db::{
            Id, Rows, Tx,
            schema::{composition, dossier, dossier_withheld},
        },
        error::{AppError, FieldError, Result},
        i18n::Lang,
        jobs::{self, Job},
        time,
    },
};

/// The most addressees of one composition.
pub const MOST_ADDRESSEES: usize = 50;

/// What composing came to.
#[derive(Clone, Debug)]
pub struct Composed {
    pub composition_id: Id,
    pub version: i32,
    /// In the order of the agencies' codes.
    pub dossiers: Vec<Id>,
}

/// Makes the next version for a lead and queues the freezing of its dossiers. An agency is in being by the day in
/// `zone`.
///
/// # Errors
/// `NotFound`, `Conflict` as for any change of a lead; `Conflict` when the version of the plan is there already;
/// `Invalid` beside `agencies` or `evidence`.
pub fn compose(tx: &mut Tx<'_>, me: &Actor, lead_id: Id, plan: &Plan, zone: Tz) -> Result<Composed> {
    let lead = lead::actions::changeable(tx, me, lead_id)?;
    let version = store::compositions(tx.conn(), lead_id)?.first().map_or(0, |last| last.version) + 1;
    if plan.version.is_some_and(|expected| expected != version) {
        return Err(AppError::Conflict("conflict-dossier-version"));
    }
    let chosen = chosen_items(tx, lead_id, plan)?;
    let agencies = addressees(tx, plan, zone)?;
    everybody_gets_some(&agencies, &chosen)?;
    let made = insert_composition(tx, me, &lead, version, plan, &chosen)?;
    let dossiers = insert_dossiers(tx, &lead, made, version, &agencies)?;
    withhold(tx, &dossiers, &agencies, &chosen)?;
    for id in &dossiers {
        jobs::enqueue(tx, Job::new(freezing::JOB, json!({ "dossier": id })).once(freezing::key(*id)))?;
    }
    lead::actions::note_writer(tx, me, lead_id)?;
    let mut entry = Entry::new("dossier.compose")
        .object("lead", lead_id)
        .object("composition", made)
        .objects("dossier", dossiers.iter().copied())
        .objects("agency", agencies.iter().map(|(agency, _)| agency.id))
        .fact("version", version)
        .fact("items", chosen.len());
    if !plan.note.is_empty() {
        entry = entry.private("note", plan.note.as_str());
    }
    audit::record(tx, entry)?;
    Ok(Composed { composition_id: made, version, dossiers })
}

/// Refuses more items than a package has room for, before one of them is read.
///
/// # Errors
/// `Invalid` beside `evidence`.
pub fn few_enough(items: usize) -> Result<()> {
    if items <= package::MOST_ITEMS {
        return Ok(());
    }
    let fault = FieldError::new("evidence", "error-too-many").arg("max", package::MOST_ITEMS);
    Err(AppError::Invalid(vec![fault]))
}

/// The chosen items in the order of the lead's list, with their numbers from 1.
fn chosen_items(tx: &mut Tx<'_>, lead_id: Id, plan: &Plan) -> Result<Vec<(i32, evidence::store::Item)>> {
    let wanted: BTreeSet<Id> = plan.evidence.iter().copied().collect();
    if wanted.is_empty() {
        return Err(AppError::field("evidence", "error-dossier-no-evidence"));
    }
    few_enough(wanted.len())?;
    let wanted: Vec<Id> = wanted.into_iter().collect();
    let items = evidence::store::among(tx.conn(), lead_id, &wanted)?;
    if items.len() != wanted.len() {
        return Err(AppError::field("evidence", "error-unknown"));
    }
    let ill = held_up::ill_items(tx.conn(), &items)?;
    if !ill.is_empty() {
        let fault = FieldError::new("evidence", "error-evidence-alarm").arg("names", held_up::in_words(&ill));
        return Err(AppError::Invalid(vec![fault]));
    }
    Ok((1..).zip(items).collect())
}

fn addressees<'p>(tx: &mut Tx<'_>, plan: &'p Plan, zone: Tz) -> Result<Vec<(store::Agency, &'p Addressed)>> {
    let ids: BTreeSet<Id> = plan.addressees.iter().map(|a| a.agency_id).collect();
    if ids.is_empty() {
        return Err(AppError::field("agencies", "error-choose-many"));
    }
    if ids.len() > MOST_ADDRESSEES {
        let fault = FieldError::new("agencies", "error-too-many").arg("max", MOST_ADDRESSEES);
        return Err(AppError::Invalid(vec![fault]));
    }
    let ids: Vec<Id> = ids.into_iter().collect();
    let found = store::agencies(tx.conn(), &ids)?;
    if found.len() != ids.len() {
        return Err(AppError::field("agencies", "error-unknown"));
    }
    let today = time::day_of(tx.now(), zone);
    if found.iter().any(|agency| agency.valid_to.is_some_and(|end| end < today) && !agency.synthetic) {
        return Err(AppError::field("agencies", "error-dossier-agency-closed"));
    }
    let of = |agency: &store::Agency| plan.addressees.iter().find(|a| a.agency_id == agency.id);
    Ok(found.into_iter().filter_map(|agency| of(&agency).map(|addressed| (agency, addressed))).collect())
}

fn insert_composition(
    tx: &mut Tx<'_>,
    me: &Actor,
    lead: &lead::model::Lead,
    version: i32,
    plan: &Plan,
    chosen: &[(i32, evidence::store::Item)],
) -> Result<Id> {
    let (id, now) = (Id::new(), tx.now());
    diesel::insert_into(composition::table)
        .values((
            composition::id.eq(id),
            composition::lead_id.eq(lead.id),
            composition::version.eq(version),
            composition::note.eq(&plan.note),
            composition::created_by.eq(me.id),
            composition::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    let mut rows = Rows::new("composition_item", &["composition_id", "evidence_id", "number"]);
    chosen.iter().for_each(|(number, item)| rows.push([id.into(), item.id.into(), (*number).into()]));
    rows.insert(tx.conn())?;
    Ok(id)
}

/// A dossier for each agency, in their order.
fn insert_dossiers(
    tx: &mut Tx<'_>,
    lead: &lead::model::Lead,
    composition_id: Id,
    version: i32,
    agencies: &[(store::Agency, &Addressed)],
) -> Result<Vec<Id>> {
    let now = tx.now();
    let counted = u32::try_from(version).map_err(AppError::internal)?;
    let mut rows = Rows::new(
        "dossier",
        &["id", "composition_id", "lead_id", "agency_id", "folder", "created_at", "synthetic"],
    );
    let mut ids = Vec::new();
    for (agency, _) in agencies {
        let id = Id::new();
        rows.push([
            id.into(),
            composition_id.into(),
            lead.id.into(),
            agency.id.into(),
            names::folder(&lead.number, counted, &agency.code).into(),
            now.into(),
            lead.synthetic.into(),
        ]);
        ids.push(id);
    }
    rows.insert(tx.conn())?;
    Ok(ids)
}

/// Salts by agency and item.
type Salts = HashMap<(Id, Id), Vec<u8>>;

/// The salts that items had for agencies in earlier versions: an agency sees by them that it is the same item. No two
/// agencies have the same.
fn known_salts(tx: &mut Tx<'_>, agencies: &[Id], items: &[Id]) -> Result<Salts> {
    let mut found = Salts::new();
    for part in items.chunks(500) {
        let rows: Vec<(Id, Id, Vec<u8>)> = dossier_withheld::table
            .inner_join(dossier::table)
            .filter(dossier::agency_id.eq_any(agencies))
            .filter(dossier_withheld::evidence_id.eq_any(part))
            .select((dossier::agency_id, dossier_withheld::evidence_id, dossier_withheld::salt))
            .load(tx.conn())?;
        found.extend(rows.into_iter().map(|(agency, item, salt)| ((agency, item), salt)));
    }
    Ok(found)
}

/// Why an item is kept back from an addressee; `None`: it is not.
fn reason(item: &evidence::store::Item, addressed: &Addressed) -> Option<Withholding> {
    if item.withheld {
        Some(Withholding::Marked)
    } else {
        addressed.withheld.contains(&item.id).then_some(Withholding::FromAddressee)
    }
}

/// A dossier with no evidence in it is a mistake: its letter would speak of items of which not one is there.
fn everybody_gets_some(
    agencies: &[(store::Agency, &Addressed)],
    chosen: &[(i32, evidence::store::Item)],
) -> Result<()> {
    let mut faults = Vec::new();
    for (agency, addressed) in agencies {
        if chosen.iter().all(|(_, item)| reason(item, addressed).is_some()) {
            let fault = FieldError::new("evidence", "error-dossier-all-withheld")
                .arg("zh", &agency.name_zh)
                .arg("en", Lang::En.pick(&agency.name_zh, &agency.name_en));
            faults.push(fault);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// Writes what is kept back from each addressee; `dossiers` are in the order of `agencies`.
fn withhold(
    tx: &mut Tx<'_>,
    dossiers: &[Id],
    agencies: &[(store::Agency, &Addressed)],
    chosen: &[(i32, evidence::store::Item)],
) -> Result<()> {
    let mut kept_back = Vec::new();
    for (dossier_id, (agency, addressed)) in dossiers.iter().zip(agencies) {
        let found = chosen.iter().filter_map(|(number, item)| {
            reason(item, addressed).map(|reason| (*dossier_id, agency.id, *number, item, reason))
        });
        let before = kept_back.len();
        kept_back.extend(found);
        if kept_back.len() - before > package::MOST_WITHHELD {
            let fault =
                FieldError::new("evidence", "error-dossier-withheld").arg("max", package::MOST_WITHHELD);
            return Err(AppError::Invalid(vec![fault]));
        }
    }
    let items: BTreeSet<Id> = kept_back.iter().map(|(_, _, _, item, _)| item.id).collect();
    let ids: Vec<Id> = agencies.iter().map(|(agency, _)| agency.id).collect();
    let mut salts = known_salts(tx, &ids, &items.into_iter().collect::<Vec<_>>())?;
    let mut rows = Rows::new(
        "dossier_withheld",
        &["dossier_id", "evidence_id", "number", "category", "salt", "commitment", "reason_code"],
    );
    for (dossier_id, agency_id, number, item, reason) in kept_back {
        let salt = salts.remove(&(agency_id, item.id)).unwrap_or_else(|| {
            let mut salt = vec![0u8; 32];
            OsRng.fill_bytes(&mut salt);
            salt
        });
        let commitment = Sha256::new().chain_update(&salt).chain_update(&item.blob.sha256).finalize();
        rows.push([
            dossier_id.into(),
            item.id.into(),
            number.into(),
            item.category.as_str().into(),
            salt.into(),
            commitment.to_vec().into(),
            reason.as_str().into(),
        ]);
    }
    rows.insert(tx.conn())
}
