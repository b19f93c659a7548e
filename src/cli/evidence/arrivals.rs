//! What came into the new store, on record: some files at a time, each time an entry that names them, so that the custody of
//! every item has it. Which objects are on their way is noted before one has its name there, and struck out with the entry: what
//! a run that was killed had brought is told by the next one into the same store, and what was written straight into that store
//! is told by none.
//!
//! In a bucket an object has its name before it is read back and proven. So the next run proves what was left, however long it
//! is.
//!
//! Table: `store_unproven`.

use std::{cell::RefCell, collections::HashSet};

use diesel::prelude::*;

use super::objects::Kind;
use crate::{
    audit::{self, Entry},
    casework::evidence::custody_of_store::MOVE,
    cli::user,
    platform::{
        db::{Db, Id, Tx, schema::store_unproven},
        error::Result,
    },
};

/// What is on its way into one store.
pub(super) struct Arrivals {
    db: Db,
    store: String,
    /// Of which kind the two stores are.
    kinds: (&'static str, &'static str),
    /// What an earlier run was at when it was stopped, or had brought and not told of yet.
    left: RefCell<HashSet<Id>>,
}

impl Arrivals {
    /// # Errors
    /// Those of the database.
    pub fn of(db: &Db, store: &str, kinds: (&'static str, &'static str)) -> Result<Self> {
        let left: Vec<Id> = db.read_now(|conn| {
            let left = store_unproven::table.filter(store_unproven::store.eq(store));
            Ok(left.select(store_unproven::object_id).load(conn)?)
        })?;
        let left = RefCell::new(left.into_iter().collect());
        Ok(Self { db: db.clone(), store: store.to_owned(), kinds, left })
    }

    /// Whether an earlier run may have left this object under its name without having proven it, or told of it.
    pub fn was_left(&self, object: Id) -> bool {
        self.left.borrow().contains(&object)
    }

    /// Notes that an object is about to be brought.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin(&self, object: Id) -> Result<()> {
        let store = self.store.clone();
        let written = self.db.write_quiet(move |tx| {
            diesel::delete(store_unproven::table.find((&store, object))).execute(tx.conn())?;
            let row = (store_unproven::store.eq(&store), store_unproven::object_id.eq(object));
            diesel::insert_into(store_unproven::table).values(row).execute(tx.conn())?;
            Ok(())
        });
        written.await
    }

    /// Tells of the files that came, and strikes out what is on its way no more. What has arrived of a file that still comes is
    /// nobody's evidence yet, and is told of by nobody.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn settle(&self, kind: Kind, came: Vec<Id>, nowhere: Vec<Id>) -> Result<()> {
        self.left.borrow_mut().retain(|id| !came.contains(id) && !nowhere.contains(id));
        let mut struck = nowhere;
        match kind {
            Kind::Piece => struck.extend(came),
            Kind::File if came.is_empty() => {}
            Kind::File => self.tell(came).await?,
        }
        if struck.is_empty() {
            return Ok(());
        }
        let store = self.store.clone();
        self.db.write_quiet(move |tx| strike_out(tx, &store, &struck)).await
    }

    /// One entry for all of them. One that is noted no more was told of by another run.
    async fn tell(&self, came: Vec<Id>) -> Result<()> {
        let (store, (from, to)) = (self.store.clone(), self.kinds);
        let noted = self.db.read(move |conn| {
            let noted = store_unproven::table
                .filter(store_unproven::store.eq(&store))
                .filter(store_unproven::object_id.eq_any(&came))
                .order(store_unproven::object_id);
            Ok(noted.select(store_unproven::object_id).load::<Id>(conn)?)
        });
        let noted = noted.await?;
        if noted.is_empty() {
            return Ok(());
        }
        let entry = Entry::new(MOVE).objects("blob", noted.iter().copied()).fact("files", noted.len());
        let entry = entry.fact("from_store", from).fact("to_store", to);
        let store = self.store.clone();
        let written = self.db.write(user::origin(), move |tx| {
            audit::record(tx, entry)?;
            strike_out(tx, &store, &noted)
        });
        written.await
    }
}

fn strike_out(tx: &mut Tx<'_>, store: &str, objects: &[Id]) -> Result<()> {
    let noted = store_unproven::table
        .filter(store_unproven::store.eq(store))
        .filter(store_unproven::object_id.eq_any(objects));
    diesel::delete(noted).execute(tx.conn())?;
    Ok(())
}
