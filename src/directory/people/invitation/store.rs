//! Rows of invitations.

use diesel::prelude::*;

use crate::{
    directory::people::model::{self, Role},
    platform::{
        db::{Connection, Id, Instant, Tx, lower, schema::invitation},
        error::{AppError, Result},
        i18n::Lang,
        keyset::Edge,
    },
};

/// An invitation as stored, without its token's hash.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invitation)]
pub struct InvitationRow {
    pub id: Id,
    pub email: String,
    pub name: String,
    pub side: String,
    pub agency_id: Option<Id>,
    /// Separated by spaces; empty for a new password.
    pub roles: String,
    pub locale: String,
    pub invited_by: Option<Id>,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
    /// Set beforehand for a new password, afterwards for an invitation.
    pub person_id: Option<Id>,
}

impl InvitationRow {
    pub fn roles(&self) -> Vec<Role> {
        self.roles.split_whitespace().filter_map(|word| word.parse().ok()).collect()
    }

    pub fn lang(&self) -> Lang {
        Lang::parse(&self.locale).unwrap_or_default()
    }

    /// Whether it is for the password of an account that exists.
    pub fn is_reset(&self) -> bool {
        self.used_at.is_none() && self.person_id.is_some()
    }

    /// Whether it still lets somebody in.
    pub fn is_open(&self, now: Instant) -> bool {
        self.used_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}

pub fn insert(tx: &mut Tx<'_>, row: &InvitationRow, hash: &[u8]) -> Result<()> {
    diesel::insert_into(invitation::table)
        .values((
            invitation::id.eq(row.id),
            invitation::token_hash.eq(hash),
            invitation::email.eq(&row.email),
            invitation::name.eq(&row.name),
            invitation::side.eq(&row.side),
            invitation::agency_id.eq(row.agency_id),
            invitation::roles.eq(&row.roles),
            invitation::locale.eq(&row.locale),
            invitation::invited_by.eq(row.invited_by),
            invitation::created_at.eq(row.created_at),
            invitation::expires_at.eq(row.expires_at),
            invitation::person_id.eq(row.person_id),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<InvitationRow> {
    Ok(invitation::table.find(id).select(InvitationRow::as_select()).first(conn)?)
}

/// The open invitation of a token's hash.
///
/// # Errors
/// `NotFound` for one that is unknown, used, revoked or too old.
pub fn open_by_hash(conn: &mut Connection, hash: &[u8], now: Instant) -> Result<InvitationRow> {
    let row: InvitationRow = invitation::table
        .filter(invitation::token_hash.eq(hash))
        .select(InvitationRow::as_select())
        .first(conn)?;
    if row.is_open(now) { Ok(row) } else { Err(AppError::NotFound) }
}

/// Invitations to new accounts that were neither used nor revoked, newest first; those too old included, so that they
/// can be sent again. At most `limit` from the edge on, for `Before` against the order.
///
/// # Errors
/// Those of the database.
pub fn open_page(conn: &mut Connection, edge: Edge<Id>, limit: i64) -> Result<Vec<InvitationRow>> {
    let mut query = invitation::table
        .filter(invitation::used_at.is_null())
        .filter(invitation::revoked_at.is_null())
        .filter(invitation::person_id.is_null())
        .into_boxed();
    query = match edge {
        Edge::Start => query.order(invitation::id.desc()),
        Edge::After(id) => query.filter(invitation::id.lt(id)).order(invitation::id.desc()),
        Edge::Before(id) => query.filter(invitation::id.gt(id)).order(invitation::id.asc()),
    };
    Ok(query.limit(limit).select(InvitationRow::as_select()).load(conn)?)
}

pub fn set_used(tx: &mut Tx<'_>, id: Id, person: Id) -> Result<()> {
    let now = tx.now();
    diesel::update(invitation::table.find(id))
        .set((invitation::used_at.eq(now), invitation::person_id.eq(person)))
        .execute(tx.conn())?;
    Ok(())
}

pub fn set_revoked(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let now = tx.now();
    diesel::update(invitation::table.find(id)).set(invitation::revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Gives an invitation a new token and a new end: the link before is worth nothing.
pub fn renew(tx: &mut Tx<'_>, id: Id, hash: &[u8], expires_at: Instant) -> Result<()> {
    diesel::update(invitation::table.find(id))
        .set((invitation::token_hash.eq(hash), invitation::expires_at.eq(expires_at)))
        .execute(tx.conn())?;
    Ok(())
}

/// Revokes what is still open for an account (a password reset asked for before).
pub fn revoke_resets(tx: &mut Tx<'_>, person: Id) -> Result<()> {
    let now = tx.now();
    let open = invitation::table
        .filter(invitation::person_id.eq(person))
        .filter(invitation::used_at.is_null())
        .filter(invitation::revoked_at.is_null());
    diesel::update(open).set(invitation::revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Revokes what was printed for a first administrator before.
pub fn revoke_bootstrap(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    let open = invitation::table
        .filter(invitation::invited_by.is_null())
        .filter(invitation::used_at.is_null())
        .filter(invitation::revoked_at.is_null());
    diesel::update(open).set(invitation::revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Whether an invitation to this address is open: neither used, revoked nor run out.
///
/// # Errors
/// Those of the database.
pub fn is_open_for(conn: &mut Connection, email: &str, now: Instant) -> Result<bool> {
    let open: i64 = invitation::table
        .filter(lower(invitation::email).eq(lower(model::email(email))))
        .filter(invitation::person_id.is_null())
        .filter(invitation::used_at.is_null())
        .filter(invitation::revoked_at.is_null())
        .filter(invitation::expires_at.gt(now))
        .count()
        .get_result(conn)?;
    Ok(open > 0)
}
