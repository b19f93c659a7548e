//! What is beside stored evidence, for the paths of the matrix.

use diesel::prelude::*;
use lead_handoff::platform::{
    db::{
        Id, Tx,
        schema::{blob, evidence_alarm},
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
