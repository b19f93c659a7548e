//! Composing: one selection of evidence for one or more agencies, a dossier for each.

use std::collections::BTreeSet;

use diesel::prelude::*;
use rand::{RngCore, rngs::OsRng};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    freezing,
    model::{Addressed, Plan, Withholding},
    names, package, store,
};
use crate::{
    audit::{self, Entry},
    casework::{evidence, lead},
    directory::people::Actor,
    platform::{
        db::{
            Id, Tx,
            schema::{composition, composition_item, dossier, dossier_withheld},
        },
        error::{AppError, FieldError, Result},
        jobs::{self, Job},
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

/// Makes the next version for a lead and queues the freezing of its dossiers.
///
/// # Errors
/// `NotFound`, `Conflict` as for any change of a lead; `Conflict` when the version of the plan is there already;
/// `Invalid` beside `agencies` or `evidence`.
pub fn compose(tx: &mut Tx<'_>, me: &Actor, lead_id: Id, plan: &Plan) -> Result<Composed> {
    let lead = lead::actions::changeable(tx, me, lead_id)?;
    let version = store::compositions(tx.conn(), lead_id)?.first().map_or(0, |last| last.version) + 1;
    if plan.version.is_some_and(|expected| expected != version) {
        return Err(AppError::Conflict("conflict-dossier-version"));
    }
    let chosen = chosen_items(tx, lead_id, plan)?;
    let agencies = addressees(tx, plan)?;
    let made = insert_composition(tx, me, &lead, version, plan, &chosen)?;
    let mut dossiers = Vec::new();
    for (agency, addressed) in &agencies {
        let id = insert_dossier(tx, &lead, made, version, agency)?;
        withhold(tx, id, addressed, &chosen)?;
        jobs::enqueue(tx, Job::new(freezing::JOB, json!({ "dossier": id })).once(freezing::key(id)))?;
        dossiers.push(id);
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

/// The chosen items in the order of the lead's list, with their numbers from 1.
fn chosen_items(tx: &mut Tx<'_>, lead_id: Id, plan: &Plan) -> Result<Vec<(i32, evidence::store::Item)>> {
    let wanted: BTreeSet<Id> = plan.evidence.iter().copied().collect();
    let mut items = evidence::store::of_lead(tx.conn(), lead_id)?;
    items.retain(|item| wanted.contains(&item.id));
    if items.len() != wanted.len() {
        return Err(AppError::field("evidence", "error-unknown"));
    }
    if items.is_empty() {
        return Err(AppError::field("evidence", "error-dossier-no-evidence"));
    }
    if items.len() > package::MOST_ITEMS {
        let fault = FieldError::new("evidence", "error-too-many").arg("max", package::MOST_ITEMS);
        return Err(AppError::Invalid(vec![fault]));
    }
    Ok((1..).zip(items).collect())
}

fn addressees<'p>(tx: &mut Tx<'_>, plan: &'p Plan) -> Result<Vec<(store::Agency, &'p Addressed)>> {
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
    let today = tx.now().utc().date_naive();
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
    for (number, item) in chosen {
        diesel::insert_into(composition_item::table)
            .values((
                composition_item::composition_id.eq(id),
                composition_item::evidence_id.eq(item.id),
                composition_item::number.eq(number),
            ))
            .execute(tx.conn())?;
    }
    Ok(id)
}

fn insert_dossier(
    tx: &mut Tx<'_>,
    lead: &lead::model::Lead,
    composition_id: Id,
    version: i32,
    agency: &store::Agency,
) -> Result<Id> {
    let (id, now) = (Id::new(), tx.now());
    let counted = u32::try_from(version).map_err(AppError::internal)?;
    diesel::insert_into(dossier::table)
        .values((
            dossier::id.eq(id),
            dossier::composition_id.eq(composition_id),
            dossier::lead_id.eq(lead.id),
            dossier::agency_id.eq(agency.id),
            dossier::folder.eq(names::folder(&lead.number, counted, &agency.code)),
            dossier::created_at.eq(now),
            dossier::synthetic.eq(lead.synthetic),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// The salt of an item for an agency: the one of earlier versions, so that the agency sees that it is the same item;
/// else a new one. No two agencies have the same.
fn salt_of(tx: &mut Tx<'_>, agency_id: Id, evidence_id: Id) -> Result<Vec<u8>> {
    let known: Option<Vec<u8>> = dossier_withheld::table
        .inner_join(dossier::table)
        .filter(dossier::agency_id.eq(agency_id))
        .filter(dossier_withheld::evidence_id.eq(evidence_id))
        .select(dossier_withheld::salt)
        .first(tx.conn())
        .optional()?;
    let mut salt = vec![0u8; 32];
    OsRng.fill_bytes(&mut salt);
    Ok(known.unwrap_or(salt))
}

/// Writes what is kept back from one addressee.
fn withhold(
    tx: &mut Tx<'_>,
    dossier_id: Id,
    addressed: &Addressed,
    chosen: &[(i32, evidence::store::Item)],
) -> Result<()> {
    let agency_id = addressed.agency_id;
    let kept_back = chosen.iter().filter_map(|(number, item)| {
        let reason = if item.withheld {
            Withholding::Marked
        } else if addressed.withheld.contains(&item.id) {
            Withholding::FromAddressee
        } else {
            return None;
        };
        Some((*number, item, reason))
    });
    let kept_back: Vec<_> = kept_back.collect();
    if kept_back.len() > package::MOST_WITHHELD {
        let fault = FieldError::new("evidence", "error-dossier-withheld").arg("max", package::MOST_WITHHELD);
        return Err(AppError::Invalid(vec![fault]));
    }
    for (number, item, reason) in kept_back {
        let salt = salt_of(tx, agency_id, item.id)?;
        let commitment = Sha256::new().chain_update(&salt).chain_update(&item.blob.sha256).finalize();
        diesel::insert_into(dossier_withheld::table)
            .values((
                dossier_withheld::dossier_id.eq(dossier_id),
                dossier_withheld::evidence_id.eq(item.id),
                dossier_withheld::number.eq(number),
                dossier_withheld::category.eq(&item.category),
                dossier_withheld::salt.eq(&salt),
                dossier_withheld::commitment.eq(&commitment[..]),
                dossier_withheld::reason_code.eq(reason.as_str()),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
