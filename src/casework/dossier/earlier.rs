//! What was kept back before and is disclosed now: the earlier commitment and its salt go with the item, so that the
//! addressee can see that it is the file that was committed to.

use std::collections::{HashMap, HashSet};

use data_encoding::HEXLOWER;
use diesel::prelude::*;

use super::{facts::EarlierCommitment, model::Dossier};
use crate::platform::{
    db::{
        Connection, Id,
        schema::{access, dossier_withheld},
    },
    error::{AppError, Result},
};

/// The commitments that addressees hold from versions before.
#[derive(Debug)]
pub struct Held {
    /// The dossiers that each agency has: its own that were delivered, and those of another one that were opened to it.
    by_agency: HashMap<Id, HashSet<Id>>,
    /// By evidence: the dossier that made the commitment, in the order of versions.
    by_item: HashMap<Id, Vec<(Id, EarlierCommitment)>>,
}

/// A commitment as stored: dossier, evidence, commitment, salt.
type Row = (Id, Id, Vec<u8>, Vec<u8>);

impl Held {
    /// What these agencies hold from the sealed dossiers `before`; what of them is `unsent` was never handed over and
    /// tells its own addressee nothing.
    ///
    /// # Errors
    /// Those of the database.
    pub fn read(
        conn: &mut Connection,
        agencies: &[Id],
        before: &[Dossier],
        unsent: &HashSet<Id>,
    ) -> Result<Self> {
        let ids: Vec<Id> = before.iter().map(|old| old.id).collect();
        let own = before.iter().filter(|old| !unsent.contains(&old.id)).map(|old| (old.agency_id, old.id));
        let mut pairs: Vec<(Id, Id)> = own.filter(|(agency, _)| agencies.contains(agency)).collect();
        for part in ids.chunks(500) {
            let opened = access::table
                .filter(access::kind.eq("dossier"))
                .filter(access::agency_id.eq_any(agencies))
                .filter(access::object_id.eq_any(part))
                .select((access::agency_id, access::object_id));
            pairs.extend(opened.load::<(Id, Id)>(conn)?);
        }
        let mut by_agency: HashMap<Id, HashSet<Id>> = HashMap::new();
        for (agency, dossier) in &pairs {
            by_agency.entry(*agency).or_default().insert(*dossier);
        }
        let known: HashSet<Id> = pairs.into_iter().map(|(_, dossier)| dossier).collect();
        let known: Vec<Id> = known.into_iter().collect();
        let mut rows: Vec<Row> = Vec::new();
        for part in known.chunks(500) {
            let some = dossier_withheld::table.filter(dossier_withheld::dossier_id.eq_any(part)).select((
                dossier_withheld::dossier_id,
                dossier_withheld::evidence_id,
                dossier_withheld::commitment,
                dossier_withheld::salt,
            ));
            rows.extend(some.load::<Row>(conn)?);
        }
        Ok(Self { by_agency, by_item: in_order(rows, before)? })
    }

    /// What an agency holds of an item, in the order of versions, then of the commitments' bytes.
    pub fn of(&self, agency: Id, item: Id) -> Vec<EarlierCommitment> {
        let (Some(dossiers), Some(rows)) = (self.by_agency.get(&agency), self.by_item.get(&item)) else {
            return Vec::new();
        };
        rows.iter().filter(|(dossier, _)| dossiers.contains(dossier)).map(|(_, held)| held.clone()).collect()
    }
}

fn in_order(mut rows: Vec<Row>, before: &[Dossier]) -> Result<HashMap<Id, Vec<(Id, EarlierCommitment)>>> {
    let versions: HashMap<Id, i32> = before.iter().map(|old| (old.id, old.version)).collect();
    let version = |dossier: Id| versions.get(&dossier).copied().unwrap_or_default();
    rows.sort_by(|(one, _, a, _), (other, _, b, _)| (version(*one), a).cmp(&(version(*other), b)));
    let mut found: HashMap<Id, Vec<(Id, EarlierCommitment)>> = HashMap::new();
    for (dossier, item, commitment, salt) in rows {
        let held = EarlierCommitment {
            version: u32::try_from(version(dossier)).map_err(AppError::internal)?,
            commitment: HEXLOWER.encode(&commitment),
            salt: HEXLOWER.encode(&salt),
        };
        found.entry(item).or_default().push((dossier, held));
    }
    Ok(found)
}
