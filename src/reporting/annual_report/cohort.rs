//! The leads behind a step of the cohort.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary, Bool, Text},
};

use super::{moment::Moment, sql};
use crate::{
    handover::{counted::Span, figure},
    platform::{
        db::{Connection, Id, Instant},
        error::{AppError, Result},
        keyset::Edge,
        time::Tz,
    },
};

/// A lead by the transfer by which it was first sent.
#[derive(Clone, Debug, QueryableByName)]
pub struct CohortRow {
    #[diesel(sql_type = Binary)]
    pub transfer_id: Id,
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = BigInt)]
    pub sent_at: Instant,
    #[diesel(sql_type = Binary)]
    pub lead_id: Id,
    #[diesel(sql_type = Text)]
    pub lead_number: String,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Bool)]
    pub synthetic: bool,
    #[diesel(sql_type = Text)]
    pub name_zh: String,
    #[diesel(sql_type = Text)]
    pub name_en: String,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub year: i32,
    /// One of [`sql::STEPS`].
    pub step: String,
    /// As the log was at this size; `None`: now.
    pub log_size: Option<i64>,
    /// Instant in microseconds, and place of a transfer.
    pub edge: Edge<(i64, i64)>,
}

impl Asked {
    /// Reads a place in the list: `<instant>.<place>`.
    pub fn cursor(text: &str) -> Option<(i64, i64)> {
        let (at, seq) = text.split_once('.')?;
        Some((at.parse().ok()?, seq.parse().ok()?))
    }
}

/// The leads from the edge on, newest first, at most `limit`; and how many there are in all.
///
/// # Errors
/// `NotFound` for a step that there is none of; those of the database.
pub fn rows(conn: &mut Connection, asked: &Asked, limit: i64, zone: Tz) -> Result<(Vec<CohortRow>, i64)> {
    let bound = match asked.log_size {
        Some(size) => Moment::of_size(conn, size)?.bound(),
        None => None,
    };
    let span = Span::new(asked.year, zone);
    let page = sql::cohort_leads(&span, bound, &asked.step, asked.edge, limit).ok_or(AppError::NotFound)?;
    let all = sql::cohort_count(&span, bound, &asked.step).ok_or(AppError::NotFound)?;
    Ok((sql_query(page).load(conn)?, figure::count(conn, all)?))
}
