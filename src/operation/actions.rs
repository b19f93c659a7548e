//! Creating operations and adding what belongs to them.

use super::store::{self, OperationRow};
use crate::{
    audit::{self, Entry},
    directory::people::Recorder,
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
        http::Form,
    },
};

/// Said of a number that several cases bear.
pub const SEVERAL: &str = "error-operation-several";

/// An operation as it is handed in, checked.
#[derive(Clone, Debug)]
pub struct NewOperation {
    pub name_zh: String,
    pub name_en: String,
    pub from_on: Option<chrono::NaiveDate>,
    pub to_on: Option<chrono::NaiveDate>,
    pub note: String,
    pub public_source: String,
}

/// Reads the form.
///
/// # Errors
/// `Invalid` with every fault.
pub fn read(form: &mut Form) -> Result<NewOperation> {
    let new = NewOperation {
        name_zh: form.required("name_zh", 100),
        name_en: form.text("name_en", 100),
        from_on: form.date("from_on"),
        to_on: form.date("to_on"),
        note: form.text("note", 2_000),
        public_source: form.text("public_source", 300),
    };
    if let (Some(from), Some(to)) = (new.from_on, new.to_on)
        && to < from
    {
        form.push(FieldError::new("to_on", "error-date-order"));
    }
    form.check()?;
    Ok(new)
}

/// Creates an operation.
///
/// # Errors
/// Those of the database.
pub fn create(tx: &mut Tx<'_>, _: &Recorder, new: NewOperation) -> Result<Id> {
    let (id, created_at) = (Id::new(), tx.now());
    let row = OperationRow {
        id,
        name_zh: new.name_zh,
        name_en: new.name_en,
        from_on: new.from_on,
        to_on: new.to_on,
        note: new.note,
        public_source: new.public_source,
        synthetic: false,
        created_at,
    };
    store::insert(tx, &row)?;
    let entry = Entry::new("operation.create").object("operation", id).private("name", row.name_zh);
    audit::record(tx, entry)?;
    Ok(id)
}

/// Adds a lead or case by its number, or a published figure by its id.
///
/// # Errors
/// `NotFound` for the operation; `Invalid` for an unknown number, or one that several cases bear.
pub fn add_member(tx: &mut Tx<'_>, _: &Recorder, id: Id, kind: &'static str, number: &str) -> Result<()> {
    store::find(tx.conn(), id)?;
    let object = match store::by_number(tx.conn(), kind, number)?[..] {
        [one] => one,
        [] => return Err(AppError::field("number", "error-operation-unknown-number")),
        _ => return Err(AppError::field("number", SEVERAL)),
    };
    if !store::add_member(tx, id, kind, object)? {
        return Err(AppError::field("number", "error-operation-member"));
    }
    audit::record(tx, Entry::new("operation.add_member").object("operation", id).object(kind, object))
        .map(|_| ())
}
