//! Rows of operations, their members, and the published figures among them.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{agency, agency_case, lead, operation, operation_member, published_figure},
    },
    error::Result,
    i18n::Lang,
};

/// An operation as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = operation)]
pub struct OperationRow {
    pub id: Id,
    pub name_zh: String,
    pub name_en: String,
    pub from_on: Option<NaiveDate>,
    pub to_on: Option<NaiveDate>,
    pub note: String,
    pub public_source: String,
    pub synthetic: bool,
    pub created_at: Instant,
}

/// What can belong to an operation.
pub const KINDS: [&str; 3] = ["lead", "case", "published"];

/// A published figure that belongs to an operation.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = published_figure)]
pub struct FigureRow {
    pub id: Id,
    pub year: i32,
    pub figure: String,
    /// A count, or fen.
    pub amount: i64,
    pub qualifier: String,
    pub period: String,
    pub scope: String,
    pub source: String,
    pub counted: bool,
    pub reason: String,
    /// The same in English; empty: as it stands above.
    pub period_en: String,
    pub source_en: String,
    pub reason_en: String,
}

impl FigureRow {
    pub fn period(&self, lang: Lang) -> &str {
        if self.period_en.is_empty() { &self.period } else { lang.pick(&self.period, &self.period_en) }
    }

    pub fn source(&self, lang: Lang) -> &str {
        if self.source_en.is_empty() { &self.source } else { lang.pick(&self.source, &self.source_en) }
    }

    pub fn reason(&self, lang: Lang) -> &str {
        if self.reason_en.is_empty() { &self.reason } else { lang.pick(&self.reason, &self.reason_en) }
    }
}

/// A case of an operation with its agency's names.
pub type CaseOf = (Id, String, String, String, String);

/// The operations with these ids, in their order.
///
/// # Errors
/// Those of the database.
pub fn these(conn: &mut Connection, ids: &[Id]) -> Result<Vec<OperationRow>> {
    let mut rows: Vec<OperationRow> =
        operation::table.filter(operation::id.eq_any(ids)).select(OperationRow::as_select()).load(conn)?;
    rows.sort_by_cached_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// The operation `id`.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<OperationRow> {
    Ok(operation::table.find(id).select(OperationRow::as_select()).first(conn)?)
}

/// Writes an operation.
///
/// # Errors
/// Those of the database.
pub fn insert(tx: &mut Tx<'_>, row: &OperationRow) -> Result<()> {
    diesel::insert_into(operation::table)
        .values((
            operation::id.eq(row.id),
            operation::name_zh.eq(&row.name_zh),
            operation::name_en.eq(&row.name_en),
            operation::from_on.eq(row.from_on),
            operation::to_on.eq(row.to_on),
            operation::note.eq(&row.note),
            operation::public_source.eq(&row.public_source),
            operation::synthetic.eq(row.synthetic),
            operation::created_at.eq(row.created_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Adds a member; `false` when it is one already.
///
/// # Errors
/// Those of the database.
pub fn add_member(tx: &mut Tx<'_>, operation_id: Id, kind: &str, object_id: Id) -> Result<bool> {
    let known: i64 = operation_member::table
        .filter(operation_member::operation_id.eq(operation_id))
        .filter(operation_member::kind.eq(kind))
        .filter(operation_member::object_id.eq(object_id))
        .count()
        .get_result(tx.conn())?;
    if known > 0 {
        return Ok(false);
    }
    diesel::insert_into(operation_member::table)
        .values((
            operation_member::operation_id.eq(operation_id),
            operation_member::kind.eq(kind),
            operation_member::object_id.eq(object_id),
        ))
        .execute(tx.conn())?;
    Ok(true)
}

/// The objects of a kind that bear a number: of cases there may be one at each agency. A case goes by its id too, a
/// published figure by its id alone.
///
/// # Errors
/// Those of the database.
pub fn by_number(conn: &mut Connection, kind: &str, number: &str) -> Result<Vec<Id>> {
    let id = number.parse::<Id>().ok();
    Ok(match (kind, id) {
        ("lead", _) => lead::table.filter(lead::number.eq(number)).select(lead::id).load(conn)?,
        ("case", Some(id)) => {
            agency_case::table.filter(agency_case::id.eq(id)).select(agency_case::id).load(conn)?
        }
        ("case", None) => {
            agency_case::table.filter(agency_case::number.eq(number)).select(agency_case::id).load(conn)?
        }
        (_, Some(id)) => published_figure::table.find(id).select(published_figure::id).load(conn)?,
        (_, None) => Vec::new(),
    })
}

/// The cases that bear a number, with their agencies.
///
/// # Errors
/// Those of the database.
pub fn cases_of_number(conn: &mut Connection, number: &str) -> Result<Vec<CaseOf>> {
    Ok(agency_case::table
        .inner_join(agency::table)
        .filter(agency_case::number.eq(number))
        .order((agency::region_code, agency::code))
        .limit(100)
        .select((agency_case::id, agency_case::number, agency_case::title, agency::name_zh, agency::name_en))
        .load(conn)?)
}

/// So many members of a kind are listed.
pub const LISTED: i64 = 200;

/// How many members of a kind an operation has.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Connection, id: Id, kind: &str) -> Result<i64> {
    Ok(operation_member::table
        .filter(operation_member::operation_id.eq(id))
        .filter(operation_member::kind.eq(kind))
        .count()
        .get_result(conn)?)
}

/// The newest leads of an operation: id, number, title.
///
/// # Errors
/// Those of the database.
pub fn leads(conn: &mut Connection, id: Id) -> Result<Vec<(Id, String, String)>> {
    let members = operation_member::table
        .filter(operation_member::operation_id.eq(id))
        .filter(operation_member::kind.eq("lead"))
        .select(operation_member::object_id);
    Ok(lead::table
        .filter(lead::id.eq_any(members))
        .order(lead::seq.desc())
        .limit(LISTED)
        .select((lead::id, lead::number, lead::title))
        .load(conn)?)
}

/// The cases of an operation, with their agencies.
///
/// # Errors
/// Those of the database.
pub fn cases(conn: &mut Connection, id: Id) -> Result<Vec<CaseOf>> {
    let members = operation_member::table
        .filter(operation_member::operation_id.eq(id))
        .filter(operation_member::kind.eq("case"))
        .select(operation_member::object_id);
    Ok(agency_case::table
        .inner_join(agency::table)
        .filter(agency_case::id.eq_any(members))
        .order((agency_case::filed_on.desc(), agency_case::id))
        .limit(LISTED)
        .select((agency_case::id, agency_case::number, agency_case::title, agency::name_zh, agency::name_en))
        .load(conn)?)
}

/// What was published about an operation; the counted one of each figure first.
///
/// # Errors
/// Those of the database.
pub fn figures(conn: &mut Connection, id: Id) -> Result<Vec<FigureRow>> {
    let members = operation_member::table
        .filter(operation_member::operation_id.eq(id))
        .filter(operation_member::kind.eq("published"))
        .select(operation_member::object_id);
    Ok(published_figure::table
        .filter(published_figure::id.eq_any(members))
        .order((published_figure::year, published_figure::figure, published_figure::counted.desc()))
        .select(FigureRow::as_select())
        .load(conn)?)
}

/// Published figures that can be added.
///
/// # Errors
/// Those of the database.
pub fn all_figures(conn: &mut Connection) -> Result<Vec<FigureRow>> {
    Ok(published_figure::table
        .order((published_figure::year.desc(), published_figure::figure, published_figure::counted.desc()))
        .limit(500)
        .select(FigureRow::as_select())
        .load(conn)?)
}
