//! What is beside stored evidence, for the paths of the matrix.

use diesel::prelude::*;
use lead_handoff::platform::{
    db::{
        Id, Tx,
        schema::{blob, evidence, evidence_alarm, passkey, time_stamp},
    },
    error::Result,
};

/// The form that records a sealed medium.
pub const SEALING: [(&str, &str); 5] = [
    ("medium", "手机一部"),
    ("how", "装入封存袋，封口处贴封条"),
    ("sealed_by", "编制人甲"),
    ("sealed_at", "2016-05-04 10:00"),
    ("place", "某路 1 号"),
];

/// A passkey of somebody.
pub fn passkey(tx: &mut Tx<'_>, person: Id) -> Result<Id> {
    let (id, now) = (Id::new(), tx.now());
    diesel::insert_into(passkey::table)
        .values((
            passkey::id.eq(id),
            passkey::person_id.eq(person),
            passkey::credential_id.eq(vec![7_u8; 16]),
            passkey::algorithm.eq("ES256"),
            passkey::public_key.eq(vec![7_u8; 91]),
            passkey::sign_count.eq(0_i64),
            passkey::added_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// An alarm about a stored file of nobody's.
pub fn alarm(tx: &mut Tx<'_>) -> Result<Id> {
    let (file, id, now) = (Id::new(), Id::new(), tx.now());
    diesel::insert_into(blob::table)
        .values((
            blob::id.eq(file),
            blob::sha256.eq(vec![7_u8; 32]),
            blob::sm3.eq(vec![7_u8; 32]),
            blob::size.eq(1_i64),
            blob::media_type.eq("text/plain"),
            blob::wrapped_key.eq(vec![7_u8; 32]),
            blob::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(evidence_alarm::table)
        .values((
            evidence_alarm::id.eq(id),
            evidence_alarm::blob_id.eq(file),
            evidence_alarm::fault.eq("missing"),
            evidence_alarm::raised_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Time stamps over the bytes of an item and over the seal of a dossier, by an authority that there is none of.
pub fn stamps(tx: &mut Tx<'_>, item: Id, dossier: Id) -> Result<[Id; 2]> {
    let now = tx.now();
    let blob: Id = evidence::table.find(item).select(evidence::blob_id).first(tx.conn())?;
    let ids = [Id::new(), Id::new()];
    for (id, blob, dossier) in [(ids[0], Some(blob), None), (ids[1], None, Some(dossier))] {
        diesel::insert_into(time_stamp::table)
            .values((
                time_stamp::id.eq(id),
                time_stamp::blob_id.eq(blob),
                time_stamp::dossier_id.eq(dossier),
                time_stamp::imprint.eq(vec![7_u8; 32]),
                time_stamp::authority.eq("http://tsa.example/"),
                time_stamp::asked_at.eq(now),
                time_stamp::received_at.eq(Some(now)),
                time_stamp::stamped_at.eq(Some(now)),
                time_stamp::serial.eq(Some("07")),
                time_stamp::signer.eq(Some("时间戳服务机构")),
                time_stamp::token.eq(Some(vec![0x30_u8, 0])),
            ))
            .execute(tx.conn())?;
    }
    Ok(ids)
}
