//! Whether what is frozen was approved: asked of the approval and of the log when the seal is made, so that a seal
//! names no approval that somebody wrote into a queue.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{
    bag,
    model::{Dossier, Freeze},
    seal::ApprovedBy,
};
use crate::{
    audit,
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{approval, approval_signature},
        },
        error::{AppError, Result},
        jobs::GiveUp,
    },
};

/// The verb of the entry in the log that an approval leaves.
pub const VERB: &str = "lead.approve";

/// An approval as far as sealing asks for it.
struct Approved {
    id: Id,
    approver: Id,
    at: Instant,
    /// What was approved: dossier → manifest hash, lower-case hex.
    manifests: BTreeMap<Id, String>,
}

fn row(conn: &mut Connection, composition_id: Id) -> Result<Option<Approved>> {
    let row: Option<(Id, Id, Instant, String)> = approval::table
        .filter(approval::composition_id.eq(composition_id))
        .filter(approval::decision.eq("approved"))
        .select((approval::id, approval::actor_id, approval::at, approval::manifest_hashes))
        .first(conn)
        .optional()?;
    row.map(|(id, approver, at, hashes)| {
        Ok(Approved { id, approver, at, manifests: serde_json::from_str(&hashes)? })
    })
    .transpose()
}

/// The text of `approval.json` of an approval; `None`: no passkey signed it.
///
/// # Errors
/// Those of the database.
pub(super) fn signed_text(conn: &mut Connection, approval: Id) -> Result<Option<String>> {
    let row = approval_signature::table.find(approval).select(approval_signature::approval_json);
    Ok(row.first(conn).optional()?)
}

/// Why a dossier is not sealed, now or ever.
pub(super) fn never(why: &str) -> AppError {
    AppError::internal(GiveUp(why.to_owned()))
}

/// The approval of what is frozen of `one`: of its composition, over its manifest hash, and on record in the log with
/// the same hash by the same person. Returns its id with what the seal says of it.
///
/// # Errors
/// Those of the database; `Internal` with [`GiveUp`] when there is no such approval.
pub(super) fn of(conn: &mut Connection, one: &Dossier, freeze: &Freeze) -> Result<(Id, ApprovedBy)> {
    let lines = freeze.files.iter().map(|file| (file.path.as_str(), file.sha256.as_str()));
    if bag::sha256_hex(bag::manifest(lines).as_bytes()) != freeze.manifest_sha256 {
        return Err(never("the frozen files do not give the frozen manifest hash"));
    }
    let found = row(conn, one.composition_id)?;
    let approved = found.ok_or_else(|| never("the composition of this dossier was not approved"))?;
    if approved.manifests.get(&one.id) != Some(&freeze.manifest_sha256) {
        return Err(never("what is frozen is not what was approved"));
    }
    let filter = audit::Filter {
        object: Some(approved.id),
        actor: Some(approved.approver),
        verb_prefix: Some(VERB.to_owned()),
        outcome: Some(audit::Outcome::Done.as_str().to_owned()),
        ..audit::Filter::default()
    };
    let entry = audit::page(conn, &filter, 1)?.pop();
    let entry = entry.ok_or_else(|| never("the approval is not on record in the log"))?;
    if entry.leaf["facts"]["manifest_sha256"][one.id.to_string()] != freeze.manifest_sha256.as_str() {
        return Err(never("the log says that something else was approved"));
    }
    let signed = signed_text(conn, approved.id)?;
    let signed_sha256 = signed.map(|text| bag::sha256_hex(text.as_bytes()));
    if entry.leaf["facts"]["approval_sha256"].as_str() != signed_sha256.as_deref() {
        return Err(never("what the passkey signed is not what the log says that it did"));
    }
    let signed_salt = signed_sha256.as_ref().and_then(|_| freeze.approval_salt.clone());
    let by = ApprovedBy {
        approver: approved.approver,
        role: "approver".to_owned(),
        at: approved.at,
        audit_entry: entry.id,
        signed_sha256,
        signed_salt,
    };
    Ok((approved.id, by))
}
