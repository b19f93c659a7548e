//! Rows of `upload` and `upload_piece`. What decides is a condition of the statement that writes, so that it holds
//! between several servers too.

use diesel::prelude::*;

use super::model::{LIFE, MOST_PIECES, OPEN, SMALL, State};
use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{upload, upload_piece},
    },
    error::{AppError, Result},
    vault::Section,
};

/// A file on its way.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = upload)]
pub struct Row {
    pub id: Id,
    pub person_id: Id,
    pub lead_id: Id,
    pub name: String,
    /// Bytes of the whole file.
    pub size: i64,
    /// So many of them are here, from the first on.
    pub received: i64,
    /// In so many pieces.
    pub pieces: i32,
    pub state: String,
    /// As the client has sent it.
    pub metadata: String,
    /// The words of the form that it was begun from (`once`, `draft` …), as in an address.
    pub form: String,
    pub by_token: bool,
    /// From where it was sent last.
    pub address: String,
    pub agent: String,
    /// The item that it has become.
    pub evidence_id: Option<Id>,
    /// Whether the lead had an item of the same content before.
    pub again: bool,
    /// Message key of what it was refused for; empty: it was not.
    pub refusal: String,
    pub expires_at: Instant,
}

impl Row {
    /// How far it is at `now`: one that nobody has gone on with is over, though nobody has put it away yet. One whose bytes
    /// are all here waits for us, however long.
    pub fn state(&self, now: Instant) -> State {
        let state: State = self.state.parse().unwrap_or(State::Ended);
        if state == State::Receiving && self.expires_at <= now { State::Ended } else { state }
    }

    /// Whether its sender waits while it is put together.
    pub fn is_small(&self) -> bool {
        self.size <= SMALL
    }
}

/// One piece of an upload, as an object of the vault.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = upload_piece)]
pub struct Piece {
    /// The object's name.
    pub id: Id,
    pub size: i64,
    pub wrapped_key: Vec<u8>,
    /// Whether it counts: one that waits for its checksum does not.
    pub kept: bool,
}

/// An upload of a person.
///
/// # Errors
/// `NotFound`, for another's too.
pub fn find(conn: &mut Connection, person: Id, id: Id) -> Result<Row> {
    let mine = upload::table.find(id).filter(upload::person_id.eq(person));
    Ok(mine.select(Row::as_select()).first(conn)?)
}

/// An upload, whoever's it is.
///
/// # Errors
/// Those of the database.
pub(super) fn any(conn: &mut Connection, id: Id) -> Result<Option<Row>> {
    Ok(upload::table.find(id).select(Row::as_select()).first(conn).optional()?)
}

/// At most `most` uploads of a person that can be gone on with or are being put together, of one lead or of all, behind
/// the one `after`, in the order in which they were begun.
///
/// # Errors
/// Those of the database.
pub fn unfinished(
    conn: &mut Connection,
    person: Id,
    lead: Option<Id>,
    after: Option<Id>,
    now: Instant,
    most: usize,
) -> Result<Vec<Row>> {
    let mut query = upload::table
        .filter(upload::person_id.eq(person))
        .filter(upload::state.eq_any(OPEN))
        .filter(upload::expires_at.gt(now).or(upload::state.eq(State::Assembling.as_str())))
        .into_boxed();
    if let Some(lead) = lead {
        query = query.filter(upload::lead_id.eq(lead));
    }
    if let Some(after) = after {
        query = query.filter(upload::id.gt(after));
    }
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Ok(query.order(upload::id).limit(most).select(Row::as_select()).load(conn)?)
}

/// How many uploads of a person are under way.
pub(super) fn open(conn: &mut Connection, person: Id) -> Result<i64> {
    let open = upload::table.filter(upload::person_id.eq(person)).filter(upload::state.eq_any(OPEN));
    Ok(open.count().get_result(conn)?)
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    diesel::insert_into(upload::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Who brings bytes: the request, and from where it comes.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub id: Id,
    pub address: String,
    pub agent: String,
}

/// Gives an upload that stands at `offset` to `holder` until `until`; false where it does not stand there, or another
/// request has it.
pub(super) fn take(tx: &mut Tx<'_>, id: Id, offset: i64, holder: &Holder, until: Instant) -> Result<bool> {
    let now = tx.now();
    let free = upload::table
        .find(id)
        .filter(upload::state.eq(State::Receiving.as_str()))
        .filter(upload::received.eq(offset))
        .filter(upload::expires_at.gt(now))
        .filter(upload::held_until.is_null().or(upload::held_until.le(now)));
    let taken = diesel::update(free).set((
        upload::holder.eq(holder.id),
        upload::held_until.eq(until),
        upload::address.eq(&holder.address),
        upload::agent.eq(&holder.agent),
    ));
    Ok(taken.execute(tx.conn())? > 0)
}

/// Says that `holder` still brings bytes; false where it is not the holder any more.
pub(super) fn renew(tx: &mut Tx<'_>, id: Id, holder: Id, until: Instant) -> Result<bool> {
    let held = upload::table
        .find(id)
        .filter(upload::holder.eq(holder))
        .filter(upload::state.eq(State::Receiving.as_str()));
    Ok(diesel::update(held).set(upload::held_until.eq(until)).execute(tx.conn())? > 0)
}

/// Lets go of an upload.
pub(super) fn free(tx: &mut Tx<'_>, id: Id, holder: Id) -> Result<()> {
    diesel::update(upload::table.find(id).filter(upload::holder.eq(holder)))
        .set((upload::holder.eq(None::<Id>), upload::held_until.eq(None::<Instant>)))
        .execute(tx.conn())?;
    Ok(())
}

/// From where to where the pieces of one request reach that wait for its checksum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub from: i64,
    pub to: i64,
}

/// Notes one more piece of `holder`'s, which begins at `start`. Where it `counts`, the upload stands behind it then. False
/// where `holder` is not the holder any more, or there are too many pieces.
pub(super) fn add(
    tx: &mut Tx<'_>,
    (id, holder): (Id, Id),
    stored: &Section,
    start: i64,
    counts: bool,
) -> Result<bool> {
    let size = i64::try_from(stored.size).map_err(AppError::internal)?;
    let expires = tx.now().plus_seconds(LIFE);
    let held = upload::table
        .find(id)
        .filter(upload::holder.eq(holder))
        .filter(upload::state.eq(State::Receiving.as_str()))
        .filter(upload::pieces.lt(MOST_PIECES));
    let changed = if counts {
        diesel::update(held.filter(upload::received.eq(start)))
            .set((
                upload::received.eq(start + size),
                upload::pieces.eq(upload::pieces + 1),
                upload::expires_at.eq(expires),
            ))
            .execute(tx.conn())?
    } else {
        diesel::update(held).set(upload::pieces.eq(upload::pieces + 1)).execute(tx.conn())?
    };
    if changed == 0 {
        return Ok(false);
    }
    diesel::insert_into(upload_piece::table)
        .values((
            upload_piece::id.eq(Id::from(stored.key)),
            upload_piece::upload_id.eq(id),
            upload_piece::start.eq(start),
            upload_piece::size.eq(size),
            upload_piece::wrapped_key.eq(&stored.wrapped_key),
            upload_piece::kept.eq(counts),
        ))
        .execute(tx.conn())?;
    Ok(true)
}

/// Counts the pieces of `holder`'s that waited for their checksum; false where it is not the holder any more.
pub(super) fn count(tx: &mut Tx<'_>, (id, holder): (Id, Id), stretch: Stretch) -> Result<bool> {
    let expires = tx.now().plus_seconds(LIFE);
    let held = upload::table
        .find(id)
        .filter(upload::holder.eq(holder))
        .filter(upload::state.eq(State::Receiving.as_str()))
        .filter(upload::received.eq(stretch.from));
    let changed = diesel::update(held)
        .set((upload::received.eq(stretch.to), upload::expires_at.eq(expires)))
        .execute(tx.conn())?;
    // Whoever takes an upload puts away what others have left waiting, so these are all its own.
    let own = upload_piece::table
        .filter(upload_piece::upload_id.eq(id))
        .filter(upload_piece::kept.eq(false))
        .filter(upload_piece::start.ge(stretch.from));
    if changed > 0 {
        diesel::update(own).set(upload_piece::kept.eq(true)).execute(tx.conn())?;
    }
    Ok(changed > 0)
}

/// Changes the state of an upload from one of `from`; false where it has none of these.
pub(super) fn turn(tx: &mut Tx<'_>, id: Id, from: &[State], to: State) -> Result<bool> {
    let from: Vec<&str> = from.iter().map(|state| state.as_str()).collect();
    let changed = diesel::update(upload::table.find(id).filter(upload::state.eq_any(from)))
        .set((
            upload::state.eq(to.as_str()),
            upload::holder.eq(None::<Id>),
            upload::held_until.eq(None::<Instant>),
        ))
        .execute(tx.conn())?;
    Ok(changed > 0)
}

/// Says what an upload has become.
pub(super) fn note_item(tx: &mut Tx<'_>, id: Id, item: Id, again: bool) -> Result<()> {
    diesel::update(upload::table.find(id))
        .set((upload::evidence_id.eq(item), upload::again.eq(again)))
        .execute(tx.conn())?;
    Ok(())
}

/// Says why an upload was refused.
pub(super) fn note_refusal(tx: &mut Tx<'_>, id: Id, key: &str) -> Result<()> {
    diesel::update(upload::table.find(id)).set(upload::refusal.eq(key)).execute(tx.conn())?;
    Ok(())
}

/// The piece of an upload that begins at `start`.
pub(super) fn piece_at(conn: &mut Connection, id: Id, start: i64) -> Result<Option<Piece>> {
    let at = upload_piece::table
        .filter(upload_piece::upload_id.eq(id))
        .filter(upload_piece::start.eq(start))
        .filter(upload_piece::kept.eq(true));
    Ok(at.select(Piece::as_select()).first(conn).optional()?)
}

/// At most `most` pieces of an upload: all, or those alone that are not kept.
pub(super) fn pieces(conn: &mut Connection, id: Id, unkept_only: bool, most: i64) -> Result<Vec<Id>> {
    let mut query = upload_piece::table.filter(upload_piece::upload_id.eq(id)).into_boxed();
    if unkept_only {
        query = query.filter(upload_piece::kept.eq(false));
    }
    Ok(query.order(upload_piece::id).limit(most).select(upload_piece::id).load(conn)?)
}

/// Forgets pieces whose objects are gone.
pub(super) fn drop_pieces(tx: &mut Tx<'_>, ids: &[Id]) -> Result<()> {
    diesel::delete(upload_piece::table.filter(upload_piece::id.eq_any(ids))).execute(tx.conn())?;
    Ok(())
}

/// At most `most` uploads whose bytes nobody has gone on sending until `now`, and that no request has.
pub(super) fn expired(conn: &mut Connection, now: Instant, most: i64) -> Result<Vec<Id>> {
    let over = upload::table
        .filter(upload::state.eq(State::Receiving.as_str()))
        .filter(upload::expires_at.le(now))
        .filter(upload::held_until.is_null().or(upload::held_until.le(now)));
    Ok(over.order(upload::expires_at).limit(most).select(upload::id).load(conn)?)
}

/// Ends an upload that [`expired`] has found; false where somebody goes on with it by now.
pub(super) fn end_expired(tx: &mut Tx<'_>, id: Id) -> Result<bool> {
    let now = tx.now();
    let over = upload::table
        .find(id)
        .filter(upload::state.eq(State::Receiving.as_str()))
        .filter(upload::expires_at.le(now))
        .filter(upload::held_until.is_null().or(upload::held_until.le(now)));
    let ended = diesel::update(over).set((
        upload::state.eq(State::Ended.as_str()),
        upload::holder.eq(None::<Id>),
        upload::held_until.eq(None::<Instant>),
    ));
    Ok(ended.execute(tx.conn())? > 0)
}

/// Forgets what became of at most `most` uploads that have been over for as long as one lives, at `now`, and of which
/// nothing lies in the store any more.
pub(super) fn forget(tx: &mut Tx<'_>, now: Instant, most: i64) -> Result<usize> {
    let over = upload::table
        .filter(upload::state.ne_all(OPEN))
        .filter(upload::expires_at.lt(now.plus_seconds(-LIFE)));
    let mut over: Vec<Id> = over.limit(most).select(upload::id).load(tx.conn())?;
    let pieces = upload_piece::table.filter(upload_piece::upload_id.eq_any(&over));
    let held: Vec<Id> = pieces.select(upload_piece::upload_id).distinct().load(tx.conn())?;
    over.retain(|id| !held.contains(id));
    Ok(diesel::delete(upload::table.filter(upload::id.eq_any(&over))).execute(tx.conn())?)
}

/// Forgets every upload: after a restore, as no backup holds their bytes.
///
/// # Errors
/// Those of the database.
pub fn forget_all(tx: &mut Tx<'_>) -> Result<()> {
    diesel::delete(upload_piece::table).execute(tx.conn())?;
    diesel::delete(upload::table).execute(tx.conn())?;
    Ok(())
}

/// How many pieces there are of uploads that are not over.
///
/// # Errors
/// Those of the database.
pub fn count_living(conn: &mut Connection) -> Result<i64> {
    let living = upload_piece::table.inner_join(upload::table).filter(upload::state.eq_any(OPEN));
    Ok(living.count().get_result(conn)?)
}

/// At most `most` pieces of uploads that are not over, behind the one `after`, in the order of their ids: also those that
/// do not count yet, as they may the next moment.
///
/// # Errors
/// Those of the database.
pub fn living_after(conn: &mut Connection, after: Option<Id>, most: i64) -> Result<Vec<Piece>> {
    let living = upload_piece::table.inner_join(upload::table).filter(upload::state.eq_any(OPEN));
    let mut query = living.into_boxed();
    if let Some(after) = after {
        query = query.filter(upload_piece::id.gt(after));
    }
    Ok(query.order(upload_piece::id).limit(most).select(Piece::as_select()).load(conn)?)
}

/// Of these pieces those of uploads that are not over.
///
/// # Errors
/// Those of the database.
pub fn living(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Id>> {
    let living = upload_piece::table.inner_join(upload::table).filter(upload::state.eq_any(OPEN));
    Ok(living.filter(upload_piece::id.eq_any(ids)).select(upload_piece::id).load(conn)?)
}

/// Of these objects those that are pieces of uploads.
///
/// # Errors
/// Those of the database.
pub fn known(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Id>> {
    let known = upload_piece::table.filter(upload_piece::id.eq_any(ids));
    Ok(known.select(upload_piece::id).load(conn)?)
}
