//! What was kept back before and is disclosed now: the earlier commitment and its salt go with the item, so that the
//! addressee can see that it is the file that was committed to.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use diesel::prelude::*;

use super::{facts::EarlierCommitment, model::Dossier};
use crate::platform::{
    db::{
        Connection, Id,
        schema::{access, composition, dossier, dossier_seal, dossier_unsent, dossier_withheld},
    },
    error::{AppError, Result},
};

/// The commitments by evidence that the addressee of a dossier holds from versions before it: its own dossiers that
/// were delivered, and those of another agency that were opened to it.
///
/// # Errors
/// Those of the database.
pub fn commitments(conn: &mut Connection, one: &Dossier) -> Result<HashMap<Id, Vec<EarlierCommitment>>> {
    let opened = access::table
        .filter(access::agency_id.eq(one.agency_id))
        .filter(access::kind.eq("dossier"))
        .select(access::object_id);
    // What was never handed over tells it nothing.
    let delivered = dossier::id.ne_all(dossier_unsent::table.select(dossier_unsent::dossier_id));
    let rows: Vec<(Id, i32, Vec<u8>, Vec<u8>)> = dossier_withheld::table
        .inner_join(dossier::table.inner_join(composition::table).inner_join(dossier_seal::table))
        .filter(dossier::lead_id.eq(one.lead_id))
        .filter(composition::version.lt(one.version))
        .filter(dossier::agency_id.eq(one.agency_id).and(delivered).or(dossier::id.eq_any(opened)))
        .order((composition::version, dossier_withheld::commitment))
        .select((
            dossier_withheld::evidence_id,
            composition::version,
            dossier_withheld::commitment,
            dossier_withheld::salt,
        ))
        .load(conn)?;
    let mut found: HashMap<Id, Vec<EarlierCommitment>> = HashMap::new();
    for (evidence, version, commitment, salt) in rows {
        found.entry(evidence).or_default().push(EarlierCommitment {
            version: u32::try_from(version).map_err(AppError::internal)?,
            commitment: HEXLOWER.encode(&commitment),
            salt: HEXLOWER.encode(&salt),
        });
    }
    Ok(found)
}
