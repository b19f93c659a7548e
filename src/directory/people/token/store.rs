//! Rows of API tokens.

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, Instant, Tx, schema::api_token},
    error::Result,
};

/// A token as stored, without its hash.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = api_token)]
pub struct TokenRow {
    pub id: Id,
    pub person_id: Id,
    pub name: String,
    /// Separated by spaces.
    pub scopes: String,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    /// From where; empty until it is used.
    pub last_used_address: String,
    pub revoked_at: Option<Instant>,
}

impl TokenRow {
    pub fn scopes(&self) -> Vec<String> {
        self.scopes.split_whitespace().map(str::to_owned).collect()
    }

    /// Whole days until it ends; `None`: it has no end, or has ended.
    pub fn days_left(&self, now: Instant) -> Option<i64> {
        let left = self.expires_at.map(|end| end.seconds_since(now))?;
        (left > 0).then_some(left / 86_400)
    }

    /// Whether it can be used at `now`.
    pub fn is_live(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

pub fn insert(tx: &mut Tx<'_>, row: &TokenRow, hash: &[u8]) -> Result<()> {
    diesel::insert_into(api_token::table)
        .values((
            api_token::id.eq(row.id),
            api_token::person_id.eq(row.person_id),
            api_token::token_hash.eq(hash),
            api_token::name.eq(&row.name),
            api_token::scopes.eq(&row.scopes),
            api_token::created_at.eq(row.created_at),
            api_token::expires_at.eq(row.expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The token of a secret's hash.
pub fn by_hash(conn: &mut Connection, hash: &[u8]) -> Result<Option<TokenRow>> {
    let row = api_token::table.filter(api_token::token_hash.eq(hash)).select(TokenRow::as_select());
    Ok(row.first(conn).optional()?)
}

/// The tokens of an account that were not revoked, newest first.
pub fn of_person(conn: &mut Connection, person: Id) -> Result<Vec<TokenRow>> {
    Ok(api_token::table
        .filter(api_token::person_id.eq(person))
        .filter(api_token::revoked_at.is_null())
        .order(api_token::id.desc())
        .select(TokenRow::as_select())
        .load(conn)?)
}

/// Revokes one token of an account; false when there is none such.
pub fn revoke(tx: &mut Tx<'_>, person: Id, id: Id) -> Result<bool> {
    let now = tx.now();
    let mine = api_token::table
        .find(id)
        .filter(api_token::person_id.eq(person))
        .filter(api_token::revoked_at.is_null());
    Ok(diesel::update(mine).set(api_token::revoked_at.eq(now)).execute(tx.conn())? > 0)
}

/// Revokes every token of an account; returns which.
pub fn revoke_all(tx: &mut Tx<'_>, person: Id) -> Result<Vec<Id>> {
    let now = tx.now();
    let all =
        api_token::table.filter(api_token::person_id.eq(person)).filter(api_token::revoked_at.is_null());
    let ids: Vec<Id> = all.order(api_token::id).select(api_token::id).load(tx.conn())?;
    diesel::update(api_token::table.filter(api_token::id.eq_any(&ids)))
        .set(api_token::revoked_at.eq(now))
        .execute(tx.conn())?;
    Ok(ids)
}

/// Notes that a token is in use, and from where.
pub fn touch(tx: &mut Tx<'_>, id: Id, address: &str) -> Result<()> {
    let now = tx.now();
    diesel::update(api_token::table.find(id))
        .set((api_token::last_used_at.eq(now), api_token::last_used_address.eq(address)))
        .execute(tx.conn())?;
    Ok(())
}
