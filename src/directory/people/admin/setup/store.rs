//! What the guide goes by in the database.

use diesel::prelude::*;

use super::model::{AWAY, Known, Mark, Step, TEST, There};
use crate::{
    audit,
    directory::people::model::Actor,
    platform::{
        db::{
            Connection, Id, Instant, Tx,
            schema::{agency, invitation, person, setup_mark},
        },
        error::Result,
        jobs, notice,
    },
};

/// What administrators said.
fn marks(conn: &mut Connection) -> Result<Vec<Mark>> {
    let rows: Vec<(String, String, Id, Instant)> = setup_mark::table
        .order(setup_mark::step)
        .select((setup_mark::step, setup_mark::detail, setup_mark::person_id, setup_mark::marked_at))
        .load(conn)?;
    let ids: Vec<Id> = rows.iter().map(|(_, _, id, _)| *id).collect();
    let names: Vec<(Id, String)> =
        person::table.filter(person::id.eq_any(ids)).select((person::id, person::name)).load(conn)?;
    let name = |id: Id| {
        names.iter().find(|(known, _)| *known == id).map_or_else(String::new, |(_, name)| name.clone())
    };
    let mark =
        |(step, detail, id, at): (String, String, Id, Instant)| Mark { step, detail, by: name(id), at };
    Ok(rows.into_iter().map(mark).collect())
}

/// Notes what an administrator says, in place of what was said before.
pub fn set_mark(tx: &mut Tx<'_>, step: &str, detail: &str, person: Id) -> Result<()> {
    let now = tx.now();
    diesel::delete(setup_mark::table.find(step)).execute(tx.conn())?;
    diesel::insert_into(setup_mark::table)
        .values((
            setup_mark::step.eq(step),
            setup_mark::detail.eq(detail),
            setup_mark::person_id.eq(person),
            setup_mark::marked_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Everything that the guide of `me` goes by.
///
/// # Errors
/// Those of the database.
pub fn there(conn: &mut Connection, me: &Actor, now: Instant) -> Result<There> {
    let test = notice::newest(conn, TEST)?;
    let job = test.as_ref().and_then(|test| test.job_id);
    let test_error = match job {
        Some(id) => jobs::find(conn, id)?.last_error.unwrap_or_default(),
        None => String::new(),
    };
    let agency: Option<Id> =
        agency::table.filter(agency::valid_to.is_null()).select(agency::id).first(conn).optional()?;
    let others = person::table.filter(person::disabled_at.is_null()).filter(person::id.ne(me.id));
    let colleague: Option<Id> = others.select(person::id).first(conn).optional()?;
    let open = invitation::table
        .filter(invitation::used_at.is_null())
        .filter(invitation::revoked_at.is_null())
        .filter(invitation::person_id.is_null())
        .filter(invitation::expires_at.gt(now));
    let invited: Option<Id> = open.select(invitation::id).first(conn).optional()?;
    Ok(There {
        marks: marks(conn)?,
        test,
        test_error,
        agency: agency.is_some(),
        colleague: colleague.is_some(),
        invited: invited.is_some(),
        backup: audit::last_done(conn, "backup.create")?,
        factor: me.has_second_factor,
    })
}

/// How many steps of the guide are done, and of how many; `None` where it is put away or done.
///
/// # Errors
/// Those of the database.
pub fn progress(
    conn: &mut Connection,
    me: &Actor,
    known: &Known,
    now: Instant,
) -> Result<Option<(usize, usize)>> {
    let away: Option<String> =
        setup_mark::table.find(AWAY).select(setup_mark::step).first(conn).optional()?;
    if away.is_some() {
        return Ok(None);
    }
    let (done, all) = (there(conn, me, now)?.done(known), Step::ALL.len());
    Ok((done < all).then_some((done, all)))
}
