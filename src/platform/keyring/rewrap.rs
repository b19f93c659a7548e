//! Changing the master key: every secret that it wraps is found by its mark and wrapped anew, a few at a time, while the
//! servers run. No stored file is touched: what opens it is such a secret. A step that is stopped loses nothing, as what is
//! still to be done is seen from the rows themselves.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary},
};

use crate::platform::{
    db::{Connection, Db, Id},
    error::Result,
    keys::{KeyError, MasterKey, UNMARKED},
};

/// A column of secrets that the master key wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub table: &'static str,
    /// The column that tells the rows apart.
    id: &'static str,
    /// The column with what is wrapped.
    pub column: &'static str,
}

/// All of them. Whatever is wrapped by the master key has to stand here, or it is lost with the key.
pub const PLACES: [Place; 5] = [
    Place { table: "wrapped_key", id: "id", column: "wrapped" },
    Place { table: "second_factor", id: "person_id", column: "wrapped_secret" },
    Place { table: "unsent", id: "id", column: "fields" },
    Place { table: "blob", id: "id", column: "wrapped_key" },
    Place { table: "upload_piece", id: "id", column: "wrapped_key" },
];

/// So many secrets of a column are tried before anything is written.
const TRIED: usize = 20;

/// What is not wrapped by the key in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many secrets still need another key, or do not say which.
    pub waiting: u64,
    /// How many of them no known key opens, by table.
    pub lost: Vec<(&'static str, u64)>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Binary)]
    id: Id,
    #[diesel(sql_type = Binary)]
    wrapped: Vec<u8>,
}

/// Before the first row of any table.
fn start() -> Id {
    Id::from_bytes([0; 16])
}

impl Place {
    fn count(self, conn: &mut Connection, condition: &str, mark: &[u8]) -> Result<u64> {
        let sql = format!("SELECT COUNT(*) AS value FROM {} WHERE {condition}", self.table);
        let found: Count = sql_query(sql).bind::<Binary, _>(mark.to_vec()).get_result(conn)?;
        Ok(found.value.unsigned_abs())
    }

    /// How many rows the key in force did not wrap. In two halves, as an index of marks knows what is smaller and what is
    /// larger. An erased secret is empty and needs no key.
    fn count_waiting(self, conn: &mut Connection, master: &MasterKey) -> Result<u64> {
        let Place { column, .. } = self;
        let mark = format!("substr({column}, 1, 8)");
        let other = format!("({mark} < $1 OR {mark} > $1) AND length({column}) > 0");
        self.count(conn, &other, &master.mark())
    }

    /// Up to `most` of them behind `after`, in the order of the table, so that each step goes on where the last one ended.
    fn waiting(self, conn: &mut Connection, master: &MasterKey, after: Id, most: usize) -> Result<Vec<Row>> {
        let Place { table, id, column } = self;
        let sql = format!(
            "SELECT {id} AS id, {column} AS wrapped FROM {table} WHERE substr({column}, 1, 8) <> $1 \
             AND length({column}) > 0 AND {id} > $2 ORDER BY {id} LIMIT {most}"
        );
        let query = sql_query(sql).bind::<Binary, _>(master.mark().to_vec()).bind::<Binary, _>(after);
        Ok(query.load(conn)?)
    }

    /// Puts `anew` in the place of what was read, unless the row has changed since; says how many rows that were.
    fn replace(self, conn: &mut Connection, row: &Row, anew: &[u8]) -> Result<usize> {
        let Place { table, id, column } = self;
        let sql = format!("UPDATE {table} SET {column} = $1 WHERE {id} = $2 AND {column} = $3");
        Ok(sql_query(sql)
            .bind::<Binary, _>(anew.to_vec())
            .bind::<Binary, _>(row.id)
            .bind::<Binary, _>(row.wrapped.clone())
            .execute(conn)?)
    }
}

/// What still needs another key than `master`'s own, over all tables.
///
/// # Errors
/// Those of the database.
pub fn standing(conn: &mut Connection, master: &MasterKey) -> Result<Standing> {
    let mut found = Standing::default();
    for place in PLACES {
        let waiting = place.count_waiting(conn, master)?;
        if waiting == 0 {
            continue;
        }
        let has_mark = format!("substr({}, 1, 8) = $1", place.column);
        let mut known = place.count(conn, &has_mark, &UNMARKED)?;
        for mark in master.previous() {
            known += place.count(conn, &has_mark, &mark)?;
        }
        found.waiting += waiting;
        if waiting > known {
            found.lost.push((place.table, waiting - known));
        }
    }
    Ok(found)
}

/// The table of whose waiting secrets `master` and the keys that it knows open none of those that were tried; `None`: they
/// open some of each.
///
/// # Errors
/// Those of the database.
pub fn opens_nothing_of(conn: &mut Connection, master: &MasterKey) -> Result<Option<&'static str>> {
    for place in PLACES {
        let rows = place.waiting(conn, master, start(), TRIED)?;
        if !rows.is_empty() && rows.iter().all(|row| master.unwrap(&row.wrapped).is_err()) {
            return Ok(Some(place.table));
        }
    }
    Ok(None)
}

/// The way over all secrets, from the first table to the last.
#[derive(Debug)]
pub struct Walk {
    place: usize,
    after: Id,
    /// How many secrets were wrapped anew.
    pub done: u64,
    /// Those that no known key opens; a sentence each.
    pub faults: Vec<String>,
}

impl Default for Walk {
    fn default() -> Self {
        Self { place: 0, after: start(), done: 0, faults: Vec::new() }
    }
}

impl Walk {
    /// Wraps up to `most` secrets by the key of `master` itself; false: there are no more. They are opened and wrapped
    /// before the transaction, which so is short; what somebody has changed meanwhile stays as they left it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn step(&mut self, db: &Db, master: &MasterKey, most: usize) -> Result<bool> {
        let Some(place) = PLACES.get(self.place).copied() else { return Ok(false) };
        let after = self.after;
        let rows = db.read_now(|conn| place.waiting(conn, master, after, most))?;
        let Some(last) = rows.last() else {
            (self.place, self.after) = (self.place + 1, start());
            return Ok(true);
        };
        self.after = last.id;
        let mut anew = Vec::with_capacity(rows.len());
        for row in rows {
            match wrapped_anew(master, &row.wrapped) {
                Ok(wrapped) => anew.push((row, wrapped)),
                Err(error) => self.faults.push(format!("{} {}: {error}", place.table, row.id)),
            }
        }
        self.done += db.write_quiet_now(|tx| {
            let mut changed = 0;
            for (row, wrapped) in &anew {
                changed += place.replace(tx.conn(), row, wrapped)? as u64;
            }
            Ok(changed)
        })?;
        Ok(true)
    }
}

/// Wrapped by the key in force, and looked at once more before the old bytes go.
fn wrapped_anew(master: &MasterKey, wrapped: &[u8]) -> Result<Vec<u8>, KeyError> {
    let secret = master.unwrap(wrapped)?;
    let anew = master.wrap(&secret)?;
    if *master.unwrap(&anew)? == *secret { Ok(anew) } else { Err(KeyError::Damaged) }
}
