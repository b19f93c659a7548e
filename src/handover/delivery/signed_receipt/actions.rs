//! Making a receipt, in the transaction of the acknowledgement.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::store::{self, ReceiptRow};
use crate::{
    audit,
    casework::{
        dossier::{
            facts::groups_of_four,
            receipt::{
                ByPasskey, KIND, Paper, Receipt, SCHEMA, Sent, Signed, SignedBy, Statement, Strength,
                challenge_of, moment, statement,
            },
            seal::{SealedFor, sign},
            store as dossiers,
        },
        evidence::store as evidence,
    },
    directory::people::{
        Actor, ForAgency,
        passkey::{self, About as Signing, Signed as Given, ToSign},
        proof::Proven,
    },
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
        db::{Connection, Instant, Tx},
        error::{AppError, Plain, Result},
        http::view::Fact,
        i18n, keyring,
        keys::SigningKey,
        paths,
        services::Services,
        time,
        webauthn::{Answer, Site},
    },
};

/// The act that a recipient without a passkey shows anew who they are for.
pub(in crate::handover::delivery) const VERB: &str = "transfer.acknowledge";

/// Who issues receipts, and by which key.
#[derive(Clone, Debug)]
pub struct Issuer {
    signer: Arc<SigningKey>,
    organisation: String,
    /// For which passkeys of it are made; `None`: browsers know none at its address.
    site: Option<Site>,
}

/// How whoever acknowledges shows that it is them.
#[derive(Clone, Debug)]
pub enum Showing {
    /// The platform records it from a paper, whose scan is on file.
    Paper,
    /// By password and a code of the last ten minutes: the weaker kind, which the server signs for them.
    Code(Proven),
    /// By a signature of their own passkey.
    Passkey(Box<Answer>),
}

impl Showing {
    /// The word for it in the log.
    pub(in crate::handover::delivery) fn method(&self, me: &Actor) -> &'static str {
        match self {
            Showing::Paper => "paper",
            Showing::Code(_) if me.has_second_factor => "password_and_code",
            Showing::Code(_) => "password",
            Showing::Passkey(_) => "passkey",
        }
    }
}

/// What was made, for the log.
#[derive(Clone, Debug)]
pub(in crate::handover::delivery) struct Made {
    /// Lower-case hex.
    pub sha256: String,
    /// What the recipient's passkey signed, where one did.
    pub passkey: Option<Given>,
}

impl Issuer {
    /// This server.
    pub fn of(services: &Services) -> Self {
        Self {
            signer: services.signer.clone(),
            organisation: services.settings.organisation.clone(),
            site: passkey::site(services).ok(),
        }
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

/// What a receipt binds to, the same for whoever signs it and however.
struct Bound {
    seal_sha256: String,
    manifest_sha256: String,
    agency: SealedFor,
    lead_number: String,
    version: u32,
}

type About<'a> = (&'a TransferRow, &'a DeliveryRow, &'a DossierRow);

impl Bound {
    /// `None` for a dossier that was loaded without its seal, to which nothing could be bound.
    fn of(conn: &mut Connection, (row, _, dossier): About<'_>) -> Result<Option<Self>> {
        let Some(seal) = dossiers::seal(conn, dossier.id)? else { return Ok(None) };
        let Some(manifest) = &dossier.manifest else { return Ok(None) };
        let agency = transfers::agency_row(conn, row.agency_id)?;
        Ok(Some(Self {
            seal_sha256: HEXLOWER.encode(&Sha256::digest(seal.seal_json.as_bytes())),
            manifest_sha256: HEXLOWER.encode(manifest),
            agency: SealedFor { code: agency.code, name_zh: agency.name_zh, name_en: agency.name_en },
            lead_number: transfers::lead_row(conn, row.lead_id)?.number,
            version: u32::try_from(dossier.version).map_err(AppError::internal)?,
        }))
    }

    fn statement(&self, strength: Strength, row: &TransferRow, issuer: &Issuer) -> Statement {
        let about = (row.number.as_str(), self.lead_number.as_str(), self.version);
        statement(strength, &self.agency, &issuer.organisation, about)
    }

    /// The text whose hash a passkey signs, as it is shown at `at`: with that instant, and with the hash.
    fn stated(
        &self,
        (row, delivery): (&TransferRow, &DeliveryRow),
        (issuer, zone): (&Issuer, chrono_tz::Tz),
        at: Instant,
    ) -> Result<(Stated, [u8; 32])> {
        let signed = Signed {
            seal_sha256: &self.seal_sha256,
            transfer_number: &row.number,
            delivery: delivery.id,
            statement: &self.statement(Strength::Passkey, row, issuer),
            issued_at: &moment(at, zone),
        };
        let text = signed.to_text()?;
        let challenge = challenge_of(&text);
        Ok((Stated { at, text }, challenge))
    }
}

/// What a passkey signs, as it was shown.
struct Stated {
    at: Instant,
    text: String,
}

/// Who signs which delivery: not before it was sent.
fn signing(me: &Actor, delivery: &DeliveryRow) -> Signing {
    Signing { person: me.id, thing: delivery.id, since: delivery.sent_at }
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

/// Shows `me` what they sign of a delivery with a passkey, before they do, and remembers it; `None` where they have none,
/// browsers know none at the server's address, or there is no seal.
pub(in crate::handover::delivery) fn show(
    tx: &mut Tx<'_>,
    me: &Actor,
    about: About<'_>,
    (issuer, zone): (&Issuer, chrono_tz::Tz),
) -> Result<Option<ToSign>> {
    let (row, delivery, _) = about;
    if issuer.site.is_none() || passkey::store::credentials(tx.conn(), me.id)?.is_empty() {
        return Ok(None);
    }
    let Some(bound) = Bound::of(tx.conn(), about)? else { return Ok(None) };
    let stated = |at| bound.stated((row, delivery), (issuer, zone), at);
    let Stated { at, text } = passkey::show(tx, signing(me, delivery), stated)?;
    let t = |key: &str| i18n::t(me.lang, key);
    let statement = bound.statement(Strength::Passkey, row, issuer);
    let facts = vec![
        Fact::new(t("passkey-states"), me.lang.pick(&statement.zh, &statement.en)),
        Fact::new(t("passkey-seal"), groups_of_four(&bound.seal_sha256)),
        Fact::new(t("object-transfer"), row.number.clone()),
        Fact::new(t("passkey-stated-at"), time::format_exact(at, zone)),
    ];
    let ask = format!("{}/acknowledge/passkey", paths::transfer(row.id));
    Ok(Some(ToSign::new(&ask, facts, text)))
}

/// Asks `me` to sign what they were shown of a delivery with a passkey: the site, what is signed, and by which of their
/// credentials. `page`: the hash of the text that the page shows.
///
/// # Errors
/// `Conflict` where there is no passkey or no seal, browsers know no passkeys at the server's address, or the page shows
/// something else than was shown last.
pub(in crate::handover::delivery) fn ask(
    tx: &mut Tx<'_>,
    me: &Actor,
    about: About<'_>,
    (issuer, zone): (&Issuer, chrono_tz::Tz),
    page: &str,
) -> Result<(Site, [u8; 32], Vec<Vec<u8>>)> {
    let (row, delivery, _) = about;
    let site = issuer.site.clone().ok_or(AppError::Conflict("conflict-passkey-address"))?;
    let credentials = passkey::store::credentials(tx.conn(), me.id)?;
    if credentials.is_empty() {
        return Err(AppError::Conflict("conflict-passkey-none"));
    }
    let bound = Bound::of(tx.conn(), about)?.ok_or(AppError::Conflict("conflict-passkey-seal"))?;
    let stated = |at| bound.stated((row, delivery), (issuer, zone), at);
    let challenge = passkey::ask(tx, signing(me, delivery), page, stated)?;
    Ok((site, challenge, credentials))
}

/// What the passkey of `me` signed of a delivery, once it holds.
fn given(
    tx: &mut Tx<'_>,
    me: &Actor,
    (bound, row, delivery): (&Bound, &TransferRow, &DeliveryRow),
    answer: &Answer,
    (issuer, by): (&Issuer, &By),
) -> Result<(ByPasskey, Given)> {
    let site = issuer.site.clone().ok_or(AppError::Conflict("conflict-passkey-address"))?;
    let stated = |at| bound.stated((row, delivery), (issuer, by.zone), at);
    let (given, shown) = passkey::sign(tx, signing(me, delivery), answer, &site, stated)?;
    let (issued_at, assertion) = (moment(shown.at, by.zone), given.assertion.clone());
    Ok((ByPasskey { delivery: delivery.id, issued_at, site, assertion }, given))
}

/// Makes and keeps the receipt of a delivery that `me` acknowledges; `None` for a dossier that was loaded without its seal, to
/// which nothing could be bound.
///
/// # Errors
/// `Conflict` for a passkey's signature that does not hold; those of the database and of the key; `Internal` for a way of
/// showing who one is that is not that of this act.
pub(in crate::handover::delivery) fn make(
    tx: &mut Tx<'_>,
    me: &Actor,
    about: About<'_>,
    (by, showing): (&By, &Showing),
    issuer: &Issuer,
) -> Result<Option<Made>> {
    let (row, delivery, dossier) = about;
    let shown = match (showing, by.paper) {
        (Showing::Paper, true) | (Showing::Passkey(_), false) => None,
        (Showing::Code(proven), false) if proven.of(VERB)? == me.id => Some(proven.at()),
        _ => return Err(AppError::internal(Plain("a receipt by another way than its signer's".into()))),
    };
    let bound = match (Bound::of(tx.conn(), about)?, showing) {
        (Some(bound), _) => bound,
        // There is nothing that it could have signed.
        (None, Showing::Passkey(_)) => return Err(AppError::Conflict("conflict-passkey-seal")),
        (None, _) => return Ok(None),
    };
    let paper = paper(tx.conn(), delivery, by)?;
    let passkey = match showing {
        Showing::Passkey(answer) => Some(given(tx, me, (&bound, row, delivery), answer, (issuer, by))?),
        Showing::Paper | Showing::Code(_) => None,
    };
    let strength = match showing {
        Showing::Paper => Strength::Paper,
        Showing::Code(_) => Strength::PasswordAndCode,
        Showing::Passkey(_) => Strength::Passkey,
    };
    let signer = signed_by(me, by, issuer)?;
    let sent = sent(tx.conn(), delivery, by)?;
    let key = issuer.signer.public();
    let (passkey, given) = passkey.unzip();
    let receipt = Receipt {
        schema: SCHEMA.into(),
        kind: KIND.into(),
        synthetic: dossier.synthetic,
        issuer: issuer.organisation.clone(),
        statement: bound.statement(strength, row, issuer),
        transfer_number: row.number.clone(),
        lead_number: bound.lead_number,
        version: bound.version,
        seal_sha256: bound.seal_sha256,
        manifest_sha256: bound.manifest_sha256,
        agency: bound.agency,
        sent,
        signer,
        at: moment(by.at, by.zone),
        zone: by.zone.name().into(),
        strength: strength.to_string(),
        second_factor_at: shown.filter(|_| me.has_second_factor).map(|at| moment(at, by.zone)),
        paper,
        passkey,
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
    Ok(Some(Made { sha256: HEXLOWER.encode(&sha256), passkey: given }))
}
