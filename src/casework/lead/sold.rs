//! What the sales records of a lead come to, beside its estimated value. They are kept by the evidence that they are read
//! from; here they are only looked at.
//!
//! Read: `sales_table`, `sales_total`.

use diesel::prelude::*;

use crate::platform::{
    db::{
        Connection, Id,
        schema::{sales_table, sales_total},
    },
    error::Result,
};

/// The sums of all marked tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sold {
    pub units: i64,
    pub fen: i64,
    pub tables: i64,
    /// Rows that can't be read: with some, it is so much or more.
    pub faults: i64,
}

/// The sums that hold; `None` where no table is marked.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, lead_id: Id) -> Result<Option<Sold>> {
    // An act restates the sums of its whole lead: those of the newest hold.
    let act: Option<Id> = sales_table::table
        .filter(sales_table::lead_id.eq(lead_id))
        .order(sales_table::id.desc())
        .select(sales_table::id)
        .first(conn)
        .optional()?;
    let Some(act) = act else { return Ok(None) };
    let rows: Vec<(i64, i64, i64)> = sales_total::table
        .filter(sales_total::act_id.eq(act))
        .select((sales_total::units, sales_total::fen, sales_total::faults))
        .load(conn)?;
    let add = |sold: Option<Sold>, (units, fen, faults): &(i64, i64, i64)| {
        let sold = sold.unwrap_or(Sold { units: 0, fen: 0, tables: 0, faults: 0 });
        Some(Sold {
            units: sold.units + units,
            fen: sold.fen + fen,
            tables: sold.tables + 1,
            faults: sold.faults + faults,
        })
    };
    Ok(rows.iter().fold(None, add))
}
