//! One error for all rooms, by what the user can do about it. Causes go to the log, never onto a page.

use std::{error::Error as StdError, fmt};

use super::i18n::Lang;

/// What can go wrong, in terms of the one who asked.
#[derive(Debug)]
pub enum AppError {
    /// Fields that must be mended: 422 with the form as it was typed.
    Invalid(Vec<FieldError>),
    /// Not there, or not for this actor to see: 404.
    NotFound,
    /// The object's state does not allow it; the text is a message key (`conflict-…`): 409.
    Conflict(&'static str),
    /// More than is taken in, with the field that it stands in: 413.
    TooLarge(FieldError),
    /// A body of another media type than the one that is read here: 415.
    MediaType(&'static str),
    /// Too many attempts; seconds to wait: 429.
    TooMany(u64),
    /// The actor has to go to another page first (sign in, second factor): 303.
    Elsewhere(String),
    /// A form was posted by somebody who has to go to another page first; what was typed is given back: 401.
    SignedOut(String),
    /// An API call without a valid token: 401.
    Unauthorized,
    /// An API token whose scopes do not cover the call: 403.
    Forbidden,
    /// A store or mail server is out of reach: 503.
    Unavailable(String),
    /// No room is left on the database's or the evidence store's disk; nothing was kept: 507.
    Full(String),
    /// Ours to mend: 500 with a reference number.
    Internal(Box<dyn StdError + Send + Sync>),
}

/// `Result` with [`AppError`].
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// One field that must be mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form or JSON, e.g. `title` or `sites[0].region`.
    pub field: String,
    /// A message key (`error-required`, `error-too-long` …).
    pub code: &'static str,
    /// Arguments of the message.
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code, args: Vec::new() }
    }

    /// Adds an argument of the message.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds what may be meant, by its names in Chinese and in English: each reader is told those of their own language.
    #[must_use]
    pub fn choices(self, names: &[[String; 2]]) -> Self {
        let joined = |lang: usize, between: &str| {
            names.iter().map(|both| both[lang].as_str()).collect::<Vec<_>>().join(between)
        };
        let (zh, en) = (joined(0, &Lang::Zh.between_choices()), joined(1, &Lang::En.between_choices()));
        self.arg("choices", zh).arg("choices_en", en)
    }
}

impl AppError {
    /// One field is wrong.
    pub fn field(field: impl Into<String>, code: &'static str) -> Self {
        AppError::Invalid(vec![FieldError::new(field, code)])
    }

    /// Wraps a cause that is ours to mend.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        AppError::Internal(cause.into())
    }
}

/// Why what was asked for is refused, for a page that says so: the message key of a `Conflict`, `None` where it is not
/// refused.
///
/// # Errors
/// Every other error as it is.
pub fn refusal(asked: Result<()>) -> Result<Option<&'static str>> {
    match asked {
        Ok(()) => Ok(None),
        Err(AppError::Conflict(key)) => Ok(Some(key)),
        Err(other) => Err(other),
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppError::Invalid(fields) => {
                f.write_str("invalid:")?;
                fields.iter().try_for_each(|e| write!(f, " {} ({})", e.field, e.code))
            }
            AppError::NotFound => f.write_str("not found"),
            AppError::Conflict(key) => write!(f, "conflict: {key}"),
            AppError::TooLarge(fault) => write!(f, "too large: {} ({})", fault.field, fault.code),
            AppError::MediaType(taken) => write!(f, "another media type than {taken}"),
            AppError::TooMany(seconds) => write!(f, "too many attempts, wait {seconds} s"),
            AppError::Elsewhere(path) => write!(f, "go to {path} first"),
            AppError::SignedOut(path) => write!(f, "posted before going to {path}"),
            AppError::Unauthorized => f.write_str("no valid token"),
            AppError::Forbidden => f.write_str("the token's scopes do not cover this"),
            AppError::Unavailable(what) => write!(f, "unavailable: {what}"),
            AppError::Full(what) => write!(f, "no room is left: {what}"),
            AppError::Internal(cause) => write!(f, "internal error: {cause}"),
        }
    }
}

impl StdError for AppError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            AppError::Internal(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }
}

impl From<diesel::result::Error> for AppError {
    fn from(e: diesel::result::Error) -> Self {
        match e {
            diesel::result::Error::NotFound => AppError::NotFound,
            other if is_full(&other) => AppError::Full(other.to_string()),
            other if is_busy(&other) => AppError::Unavailable(format!("database: {other}")),
            other => AppError::Internal(Box::new(other)),
        }
    }
}

/// Diesel has no kind for a full disk; SQLite (`SQLITE_FULL`) and PostgreSQL (53100) say it in these words. PostgreSQL does so
/// only where its `lc_messages` is English, and the second part comes from its system: else a full disk is an error of ours.
fn is_full(error: &diesel::result::Error) -> bool {
    let diesel::result::Error::DatabaseError(_, told) = error else { return false };
    ["database or disk is full", "No space left on device"].iter().any(|words| told.message().contains(words))
}

/// That another act held the database for longer than an act waits, in the words of SQLite (`SQLITE_BUSY`) and, for locks of
/// rows, of an English PostgreSQL (55P03); what waits for its turn there does not go by words.
fn is_busy(error: &diesel::result::Error) -> bool {
    let diesel::result::Error::DatabaseError(_, told) = error else { return false };
    ["database is locked", "due to lock timeout"].iter().any(|words| told.message().contains(words))
}

impl From<diesel::r2d2::PoolError> for AppError {
    fn from(e: diesel::r2d2::PoolError) -> Self {
        AppError::Unavailable(format!("database: {e}"))
    }
}

impl From<std::io::Error> for AppError {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                AppError::Full(e.to_string())
            }
            _ => AppError::Internal(Box::new(e)),
        }
    }
}

impl From<serde_json::Error> for AppError {
    fn from(e: serde_json::Error) -> Self {
        AppError::Internal(Box::new(e))
    }
}

/// A command-line or start-up failure: said in one line, without a trace.
#[derive(Debug)]
pub struct Plain(pub String);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Plain {}
