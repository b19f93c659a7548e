//! The numbers of one year as the database grouped them, and how they are asked for.

use std::collections::{BTreeSet, HashMap};

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};

use crate::{
    outcome::counted::qualifier,
    platform::{
        db::Connection,
        error::Result,
        money::{Fen, Qualifier},
    },
};

#[derive(QueryableByName)]
struct Cell {
    #[diesel(sql_type = Text)]
    figure: String,
    #[diesel(sql_type = Text)]
    dim: String,
    #[diesel(sql_type = Text)]
    k: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = BigInt)]
    named: i64,
    #[diesel(sql_type = BigInt)]
    q: i64,
}

/// A number with what stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Number {
    /// The count, or fen.
    pub n: i64,
    /// How often identities were named, how many cases have a value, or the fen beside a count.
    pub named: i64,
    q: i64,
}

impl Number {
    /// The qualifier of a sum.
    pub fn qualifier(self) -> Qualifier {
        qualifier(self.q)
    }

    /// The number as an amount.
    pub fn fen(self) -> Fen {
        Fen(self.n)
    }
}

/// One year.
#[derive(Clone, Debug, Default)]
pub struct Cube(HashMap<(String, String), HashMap<String, Number>>);

impl Cube {
    /// Runs a statement of [`super::sql`].
    ///
    /// # Errors
    /// Those of the database.
    pub fn load(conn: &mut Connection, statement: String) -> Result<Self> {
        let cells: Vec<Cell> = sql_query(statement).load(conn)?;
        let mut cube = Self::default();
        for cell in cells {
            let number = Number { n: cell.n, named: cell.named, q: cell.q };
            cube.0.entry((cell.figure, cell.dim)).or_default().insert(cell.k, number);
        }
        Ok(cube)
    }

    /// The number of a figure in one part of a breakdown; zero where there is none.
    pub fn at(&self, figure: &str, dim: &str, key: &str) -> Number {
        let found = self.0.get(&(figure.to_owned(), dim.to_owned())).and_then(|keys| keys.get(key));
        found.copied().unwrap_or_default()
    }

    /// The whole of a figure.
    pub fn total(&self, figure: &str) -> Number {
        self.at(figure, "total", "")
    }

    /// The keys of a breakdown that any figure has, in order.
    pub fn keys(&self, dim: &str) -> BTreeSet<String> {
        let parts = self.0.iter().filter(|((_, d), _)| d == dim);
        parts.flat_map(|(_, keys)| keys.keys().cloned()).collect()
    }

    /// The parts of one figure's breakdown, in the order of their keys.
    pub fn parts(&self, figure: &str, dim: &str) -> Vec<(String, Number)> {
        let keys = self.0.get(&(figure.to_owned(), dim.to_owned()));
        let mut parts: Vec<_> = keys.into_iter().flatten().map(|(k, n)| (k.clone(), *n)).collect();
        parts.sort_by(|a, b| a.0.cmp(&b.0));
        parts
    }
}
