//! Many rows of one table in few statements, for loaders. Values go in as parameters, never as text.

use chrono::NaiveDate;
use diesel::{
    RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary, Bool, Date, Nullable, Text},
};

use super::{Connection, Id, Instant};
use crate::platform::error::Result;

/// Parameters of one statement at most; both databases take more.
const PARAMETERS: usize = 9_000;

/// One value of a row.
#[derive(Clone, Debug)]
pub enum Cell {
    Id(Option<Id>),
    Text(Option<String>),
    Int(Option<i64>),
    Day(Option<NaiveDate>),
    Bool(bool),
    Bytes(Vec<u8>),
}

macro_rules! cells {
    ($($from:ty => |$value:ident| $cell:expr),+ $(,)?) => {
        $(impl From<$from> for Cell {
            fn from($value: $from) -> Self {
                $cell
            }
        })+
    };
}

cells!(
    Id => |id| Cell::Id(Some(id)),
    Option<Id> => |id| Cell::Id(id),
    String => |text| Cell::Text(Some(text)),
    &str => |text| Cell::Text(Some(text.to_owned())),
    Option<&str> => |text| Cell::Text(text.map(str::to_owned)),
    i32 => |n| Cell::Int(Some(n.into())),
    i64 => |n| Cell::Int(Some(n)),
    Option<i64> => |n| Cell::Int(n),
    Instant => |at| Cell::Int(Some(at.micros())),
    Option<Instant> => |at| Cell::Int(at.map(Instant::micros)),
    NaiveDate => |day| Cell::Day(Some(day)),
    Option<NaiveDate> => |day| Cell::Day(day),
    bool => |yes| Cell::Bool(yes),
    Vec<u8> => |bytes| Cell::Bytes(bytes),
);

/// Rows that wait to be inserted into one table.
#[derive(Clone, Debug)]
pub struct Rows {
    table: &'static str,
    columns: &'static [&'static str],
    cells: Vec<Cell>,
}

impl Rows {
    pub fn new(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { table, columns, cells: Vec::new() }
    }

    /// Adds a row, its values in the order of the columns.
    pub fn push<const N: usize>(&mut self, row: [Cell; N]) {
        debug_assert_eq!(N, self.columns.len(), "{}", self.table);
        self.cells.extend(row);
    }

    /// Inserts everything that waits, in the order in which it came.
    ///
    /// # Errors
    /// Those of the database.
    pub fn insert(&mut self, conn: &mut Connection) -> Result<()> {
        let at_once = (PARAMETERS / self.columns.len()).max(1) * self.columns.len();
        let mut cells = std::mem::take(&mut self.cells).into_iter().peekable();
        while cells.peek().is_some() {
            let part: Vec<Cell> = cells.by_ref().take(at_once).collect();
            self.insert_part(conn, part)?;
        }
        Ok(())
    }

    fn insert_part(&self, conn: &mut Connection, part: Vec<Cell>) -> Result<()> {
        let wide = self.columns.len();
        // To SQLite `$1` is a name, which it looks for among all others; `?` is a number.
        let numbered = matches!(conn, Connection::Postgres(_));
        let mut sql = format!("INSERT INTO {} (\"{}\") VALUES ", self.table, self.columns.join("\", \""));
        for n in 0..part.len() {
            sql.push_str(match (n % wide, n) {
                (0, 0) => "(",
                (0, _) => "), (",
                _ => ", ",
            });
            if numbered {
                sql.push_str(&format!("${}", n + 1));
            } else {
                sql.push('?');
            }
        }
        sql.push(')');
        let mut query = sql_query(sql).into_boxed::<<Connection as diesel::Connection>::Backend>();
        for cell in part {
            query = match cell {
                Cell::Id(id) => query.bind::<Nullable<Binary>, _>(id),
                Cell::Text(text) => query.bind::<Nullable<Text>, _>(text),
                Cell::Int(n) => query.bind::<Nullable<BigInt>, _>(n),
                Cell::Day(day) => query.bind::<Nullable<Date>, _>(day),
                Cell::Bool(yes) => query.bind::<Bool, _>(yes),
                Cell::Bytes(bytes) => query.bind::<Binary, _>(bytes),
            };
        }
        query.execute(conn)?;
        Ok(())
    }
}
