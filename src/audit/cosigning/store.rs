//! The rows of witnesses and of what they have cosigned.

use diesel::{dsl::count_star, prelude::*};

use crate::platform::{
    db::{
        Connection, Instant, Tx,
        schema::{audit_cosignature, audit_witness},
    },
    error::Result,
    keys::{Cosignature, WitnessKey},
};

/// How a witness stands, as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_witness)]
pub struct Known {
    /// The newest size that it has cosigned; 0: none.
    pub size: i64,
    pub asked_at: Instant,
    pub failures: i64,
    pub fault: Option<String>,
    pub said_size: Option<i64>,
}

/// One witness; `None`: it was never asked.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Connection, witness: &str) -> Result<Option<Known>> {
    Ok(audit_witness::table.find(witness).select(Known::as_select()).first(conn).optional()?)
}

/// Writes down how a witness stands after it was asked; the newest cosigned size stays where `size` is `None`.
///
/// # Errors
/// Those of the database.
pub fn note(
    tx: &mut Tx<'_>,
    witness: &str,
    size: Option<i64>,
    failures: i64,
    fault: Option<(&str, Option<i64>)>,
) -> Result<()> {
    let now = tx.now();
    let known = find(tx.conn(), witness)?;
    let kept = known.as_ref().map_or(0, |known| known.size);
    let (code, said) = fault.map_or((None, None), |(code, said)| (Some(code), said));
    // Between two servers the later answer is not always about the larger head.
    let size = size.unwrap_or(0).max(kept);
    if known.is_some() {
        diesel::update(audit_witness::table.find(witness))
            .set((
                audit_witness::size.eq(size),
                audit_witness::asked_at.eq(now),
                audit_witness::failures.eq(failures),
                audit_witness::fault.eq(code),
                audit_witness::said_size.eq(said),
            ))
            .execute(tx.conn())?;
    } else {
        diesel::insert_into(audit_witness::table)
            .values((
                audit_witness::witness.eq(witness),
                audit_witness::size.eq(size),
                audit_witness::asked_at.eq(now),
                audit_witness::failures.eq(failures),
                audit_witness::fault.eq(code),
                audit_witness::said_size.eq(said),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Keeps a cosignature that was verified; the first of a head by a witness is enough.
///
/// # Errors
/// Those of the database.
pub fn keep(tx: &mut Tx<'_>, key: &WitnessKey, size: i64, cosignature: &Cosignature) -> Result<()> {
    let witness = key.to_string();
    let there = audit_cosignature::table.find((size, witness.as_str()));
    if there.count().get_result::<i64>(tx.conn())? > 0 {
        return Ok(());
    }
    let now = tx.now();
    diesel::insert_into(audit_cosignature::table)
        .values((
            audit_cosignature::size.eq(size),
            audit_cosignature::witness.eq(&witness),
            audit_cosignature::name.eq(key.name()),
            audit_cosignature::cosigned_at.eq(time_of(cosignature)),
            audit_cosignature::line.eq(cosignature.line()),
            audit_cosignature::received_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// When it was cosigned, by the witness's clock.
fn time_of(cosignature: &Cosignature) -> Instant {
    Instant::from_micros(0).plus_seconds(cosignature.time.cast_signed())
}

/// The newest size that a witness has cosigned, and when.
///
/// # Errors
/// Those of the database.
pub fn last_cosigned(conn: &mut Connection, witness: &str) -> Result<Option<(i64, Instant)>> {
    Ok(audit_cosignature::table
        .filter(audit_cosignature::witness.eq(witness))
        .order(audit_cosignature::size.desc())
        .select((audit_cosignature::size, audit_cosignature::cosigned_at))
        .first(conn)
        .optional()?)
}

/// The size of the head that most have cosigned of those that cover a place, the newest of several.
///
/// # Errors
/// Those of the database.
pub fn best_size(conn: &mut Connection, place: i64) -> Result<Option<i64>> {
    let found: Option<(i64, i64)> = audit_cosignature::table
        .filter(audit_cosignature::size.gt(place))
        .group_by(audit_cosignature::size)
        .select((audit_cosignature::size, count_star()))
        .order((count_star().desc(), audit_cosignature::size.desc()))
        .first(conn)
        .optional()?;
    Ok(found.map(|(size, _)| size))
}
