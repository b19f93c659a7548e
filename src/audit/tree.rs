//! The stored hashes of the tree, read through the database.

use std::{cell::RefCell, collections::HashMap};

use diesel::prelude::*;
use tlog_tiles::{Error, Hash, HashReader};

use crate::platform::db::{Connection, schema::audit_node};

/// Reads stored hashes by their index; keeps those that the caller has just made.
pub struct Nodes<'a> {
    conn: RefCell<&'a mut Connection>,
    fresh: RefCell<HashMap<u64, Hash>>,
}

impl<'a> Nodes<'a> {
    pub fn new(conn: &'a mut Connection) -> Self {
        Self { conn: RefCell::new(conn), fresh: RefCell::default() }
    }

    /// Remembers a hash that is not in the database yet.
    pub fn remember(&self, index: u64, hash: Hash) {
        self.fresh.borrow_mut().insert(index, hash);
    }
}

impl HashReader for Nodes<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let mut fresh = self.fresh.borrow_mut();
        let missing: Vec<i64> =
            indexes.iter().filter(|i| !fresh.contains_key(i)).map(|i| i.cast_signed()).collect();
        // A statement has a limit of parameters; a tile asks for 256 at most.
        for part in missing.chunks(500) {
            let rows: Vec<(i64, Vec<u8>)> = audit_node::table
                .filter(audit_node::stored_index.eq_any(part))
                .select((audit_node::stored_index, audit_node::hash))
                .load(&mut **self.conn.borrow_mut())
                .map_err(|e| Error::InvalidInput(e.to_string()))?;
            for (index, hash) in rows {
                let hash: [u8; 32] = hash
                    .try_into()
                    .map_err(|_| Error::InvalidInput("a stored hash of wrong length".into()))?;
                fresh.insert(index.cast_unsigned(), Hash(hash));
            }
        }
        indexes
            .iter()
            .map(|i| {
                fresh
                    .get(i)
                    .copied()
                    .ok_or_else(|| Error::InvalidInput(format!("stored hash {i} is missing")))
            })
            .collect()
    }
}
