//! Making a receipt, in the transaction of the acknowledgement.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::store::{self, ReceiptRow};
use crate::{
    audit,
    casework::{
        dossier::{
            receipt::{KIND, Paper, Receipt, SCHEMA, Sent, SignedBy, Strength, moment, statement},
            seal::{SealedFor, sign},
            store as dossiers,
        },
        evidence::store as evidence,
    },
    directory::people::{Actor, ForAgency},
    handover::{
        delivery::{
            replacement,
            store::{DeliveryRow, DossierRow},
        },
        transfer::{
            actions::By,
            store::{self as transfers, TransferRow},
        },
    },
    platform::{
        db::{Connection, Tx},
        error::{AppError, Result},
        keyring,
        keys::SigningKey,
        services::Services,
    },
};

/// Who issues receipts, and by which key.
#[derive(Clone, Debug)]
pub struct Issuer {
    signer: Arc<SigningKey>,
    organisation: String,
}

impl Issuer {
    /// This server.
    pub fn of(services: &Services) -> Self {
        Self { signer: services.signer.clone(), organisation: services.settings.organisation.clone() }
    }
}

/// The scan that a receipt on paper is recorded from: the newest one, where a wrong one was replaced.
fn paper(conn: &mut Connection, delivery: &DeliveryRow, by: &By) -> Result<Option<Paper>> {
    if !by.paper {
        return Ok(None);
    }
    let newest = replacement::store::of(conn, &[delivery.id])?.into_iter().next().map(|row| row.blob_id);
    let scan = newest.or(delivery.receipt_blob_id);
    let blob = evidence::blob(conn, scan.ok_or(AppError::Conflict("conflict-transfer-no-scan"))?)?;
    Ok(Some(Paper { scan_sha256: blob.sha256_hex(), on_day: by.on_day }))
}

/// Who signed, as the agency reads it: of what the platform recorded from a paper nobody of the platform is named.
fn signed_by(me: &Actor, by: &By, issuer: &Issuer) -> Result<SignedBy> {
    if by.paper {
        return Ok(SignedBy { account: None, role: None, name: issuer.organisation.clone() });
    }
    // Which of the roles let them in; the guard asked for one of these.
    let role = me.roles.iter().find(|role| ForAgency::ROLES.contains(role)).ok_or(AppError::NotFound)?;
    Ok(SignedBy { account: Some(me.id), role: Some(role.to_string()), name: me.name.clone() })
}

/// The sending as the log has it; `None` where an agency forwarded the dossier, of whose people nobody is to be found by this.
fn sent(conn: &mut Connection, delivery: &DeliveryRow, by: &By) -> Result<Option<Sent>> {
    let filter = audit::Filter {
        object: Some(delivery.dossier_id),
        actor: Some(delivery.sent_by),
        verb_prefix: Some("transfer.send".to_owned()),
        outcome: Some(audit::Outcome::Done.as_str().to_owned()),
        ..audit::Filter::default()
    };
    let entry = audit::page(conn, &filter, 1)?.pop();
    Ok(entry.map(|entry| Sent { at: moment(delivery.sent_at, by.zone), audit_entry: entry.id }))
}

/// Makes and keeps the receipt of a delivery that `me` acknowledges. Gives its SHA-256, lower-case hex; `None` for a dossier
/// that was loaded without its seal, to which nothing could be bound.
///
/// # Errors
/// Those of the database and of the key.
pub(in crate::handover::delivery) fn make(
    tx: &mut Tx<'_>,
    me: &Actor,
    (row, delivery, dossier): (&TransferRow, &DeliveryRow, &DossierRow),
    by: &By,
    issuer: &Issuer,
) -> Result<Option<String>> {
    let Some(seal) = dossiers::seal(tx.conn(), dossier.id)? else { return Ok(None) };
    let Some(manifest) = &dossier.manifest else { return Ok(None) };
    let agency = transfers::agency_row(tx.conn(), row.agency_id)?;
    let agency = SealedFor { code: agency.code, name_zh: agency.name_zh, name_en: agency.name_en };
    let lead = transfers::lead_row(tx.conn(), row.lead_id)?;
    let version = u32::try_from(dossier.version).map_err(AppError::internal)?;
    let paper = paper(tx.conn(), delivery, by)?;
    let strength = if paper.is_some() { Strength::Paper } else { Strength::PasswordAndCode };
    let signer = signed_by(me, by, issuer)?;
    let sent = sent(tx.conn(), delivery, by)?;
    let shown = me.second_factor_at.filter(|_| !by.paper);
    let key = issuer.signer.public();
    let about = (row.number.as_str(), lead.number.as_str(), version);
    let receipt = Receipt {
        schema: SCHEMA.into(),
        kind: KIND.into(),
        synthetic: dossier.synthetic,
        issuer: issuer.organisation.clone(),
        statement: statement(strength, &agency, &issuer.organisation, about),
        transfer_number: row.number.clone(),
        lead_number: lead.number.clone(),
        version,
        seal_sha256: HEXLOWER.encode(&Sha256::digest(seal.seal_json.as_bytes())),
        manifest_sha256: HEXLOWER.encode(manifest),
        agency,
        sent,
        signer,
        at: moment(by.at, by.zone),
        zone: by.zone.name().into(),
        strength: strength.to_string(),
        second_factor_at: shown.map(|at| moment(at, by.zone)),
        paper,
        key_fingerprint: key.fingerprint(),
    };
    let text = receipt.to_text()?;
    let sha256 = Sha256::digest(text.as_bytes());
    let kept = ReceiptRow {
        delivery_id: delivery.id,
        sha256: sha256.to_vec(),
        signature: sign(&text, &[&*issuer.signer])?,
        key_id: keyring::id_of(tx.conn(), &key)?,
        strength: receipt.strength,
        signed_by: me.id,
        signed_at: by.at,
    };
    store::insert(tx.conn(), &kept, &text)?;
    Ok(Some(HEXLOWER.encode(&sha256)))
}
