//! What became of the rows of an act over many. Pure.

use serde::{Deserialize, Serialize};

use crate::{
    directory::people::view::List,
    platform::{
        db::{Id, Instant},
        error::{AppError, Result},
        http::field_name::field_name,
        i18n::{self, Lang},
    },
};

/// The message of a row that is not there, or not for the actor to see.
pub const NOT_FOUND: &str = "bulk-not-found";

/// Why a row was refused: what its own page would have said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What of the row it concerns; empty: the row.
    field: String,
    /// Message key.
    code: String,
    args: Vec<(String, String)>,
}

impl Fault {
    fn of_row(code: &str) -> Self {
        Self { field: String::new(), code: code.to_owned(), args: Vec::new() }
    }

    pub fn code(&self) -> &str {
        &self.code
    }

    fn words(&self, lang: Lang) -> String {
        let args: Vec<(&str, String)> =
            self.args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let text = i18n::t_with(lang, &self.code, &args);
        if self.field.is_empty() {
            return text;
        }
        format!("{}{}{text}", field_name(lang, &self.field), i18n::t(lang, "colon"))
    }
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowResult {
    pub id: Id,
    /// Its number; empty for a row that was not there.
    pub name: String,
    /// Empty: it was done.
    faults: Vec<Fault>,
    /// Whether it was as the act would make it already. Results of before do not say so.
    #[serde(default)]
    is_same: bool,
}

impl RowResult {
    pub fn new(id: Id, name: String, faults: Vec<Fault>) -> Self {
        Self { id, name, faults, is_same: false }
    }

    /// Of a row that was already as the act would make it.
    pub fn unchanged(id: Id, name: String) -> Self {
        Self { id, name, faults: Vec::new(), is_same: true }
    }

    pub fn is_done(&self) -> bool {
        self.faults.is_empty() && !self.is_same
    }

    /// Whether it was as the act would make it, and was left so.
    pub fn is_unchanged(&self) -> bool {
        self.is_same
    }

    /// Why it was not done, in words; empty: it was.
    pub fn reason(&self, lang: Lang) -> String {
        self.faults.iter().map(|fault| fault.words(lang)).collect::<Vec<_>>().join(&lang.semicolon())
    }
}

/// An act over many, as it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub id: Id,
    pub person_id: Id,
    pub list: List,
    /// The verb that was done to each row.
    pub verb: String,
    /// The list as it was, with its filters.
    pub back: String,
    pub rows: Vec<RowResult>,
    pub at: Instant,
}

/// Why a row was refused.
///
/// # Errors
/// What is no refusal but a failure of the program or of what it stands on, as it is.
pub fn faults_of(error: AppError) -> Result<Vec<Fault>> {
    match error {
        AppError::NotFound => Ok(vec![Fault::of_row(NOT_FOUND)]),
        AppError::Conflict(key) => Ok(vec![Fault::of_row(key)]),
        AppError::Invalid(fields) if !fields.is_empty() => Ok(fields
            .into_iter()
            .map(|one| Fault {
                field: one.field,
                code: one.code.to_owned(),
                args: one.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            })
            .collect()),
        other => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::error::FieldError;

    fn row(error: AppError) -> RowResult {
        RowResult::new(Id::new(), "XS-2016-000123".into(), faults_of(error).expect("a refusal"))
    }

    #[test]
    fn a_refusal_is_told_as_the_rows_own_page_tells_it() {
        let conflict = row(AppError::Conflict("conflict-lead-trashed"));
        assert_eq!(conflict.reason(Lang::En), i18n::t(Lang::En, "conflict-lead-trashed"));
        let lacking = row(AppError::Invalid(vec![FieldError::new("region", "error-required")]));
        assert!(lacking.reason(Lang::Zh).starts_with("地区："), "{}", lacking.reason(Lang::Zh));
        assert!(!lacking.is_done() && RowResult::new(Id::new(), String::new(), Vec::new()).is_done());
        let text = serde_json::to_string(&lacking).expect("JSON");
        assert_eq!(serde_json::from_str::<RowResult>(&text).expect("read"), lacking);
        // One that was kept before rows could be left as they are.
        let old = text.replace(",\"is_same\":false", "");
        assert!(old.len() < text.len());
        assert_eq!(serde_json::from_str::<RowResult>(&old).expect("read"), lacking);
        let same = RowResult::unchanged(Id::new(), String::new());
        assert!(same.is_unchanged() && !same.is_done() && same.reason(Lang::Zh).is_empty());
    }

    #[test]
    fn a_failure_is_no_refusal() {
        for error in [AppError::Unavailable("x".into()), AppError::Full("x".into()), AppError::Forbidden] {
            assert!(faults_of(error).is_err());
        }
    }
}
