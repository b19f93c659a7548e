//! Pages of the API's lists: `?limit=` (1 to 200, 50 unless told) and `?after=`, and `{"items", "next"}` as the answer.

use serde::Serialize;
use utoipa::ToSchema;

use super::Form;
use crate::platform::error::{AppError, Result};

/// How many rows a page has unless told.
const USUAL: usize = 50;
/// The most that a page has.
const MOST: usize = 200;

/// A page of a list: its rows, and where the next page begins.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `after` for the next page; `null` on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The first `limit` of rows that were read one too many, and the cursor behind the last where there are more.
    pub fn cut<R>(
        mut rows: Vec<R>,
        limit: usize,
        cursor: impl FnOnce(&R) -> String,
        item: impl FnMut(R) -> T,
    ) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(cursor);
        Self { items: rows.into_iter().map(item).collect(), next }
    }

    /// The page of a list that is at hand as a whole, behind the row whose cursor is `after`.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is no row's.
    pub fn of<R>(
        rows: Vec<R>,
        (limit, after): (usize, &str),
        cursor: impl Fn(&R) -> String,
        item: impl FnMut(R) -> T,
    ) -> Result<Self> {
        let skipped = match after {
            "" => 0,
            after => match rows.iter().position(|row| cursor(row) == after) {
                Some(place) => place + 1,
                None => return Err(AppError::field("after", "error-not-understood")),
            },
        };
        let rest = rows.into_iter().skip(skipped).take(limit + 1).collect();
        Ok(Self::cut(rest, limit, cursor, item))
    }
}

/// Reads `limit`.
///
/// # Errors
/// `Invalid` for anything but 1 to 200.
pub fn limit(query: &Form) -> Result<usize> {
    match query.raw("limit") {
        "" => Ok(USUAL),
        text => match text.parse() {
            Ok(n @ 1..=MOST) => Ok(n),
            _ => Err(AppError::field("limit", "error-limit")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(limit: usize, after: &str) -> Result<Page<i32>> {
        Page::of(vec![1, 2, 3], (limit, after), ToString::to_string, |n| n * 10)
    }

    #[test]
    fn pages_follow_one_another_and_the_last_says_so() {
        let first = page(2, "").expect("a page");
        assert_eq!((first.items, first.next.as_deref()), (vec![10, 20], Some("2")));
        let last = page(2, "2").expect("a page");
        assert_eq!((last.items, last.next), (vec![30], None));
        assert_eq!(page(3, "").expect("a page").next, None);
        assert!(page(2, "9").is_err());
    }

    #[test]
    fn a_limit_is_from_1_to_200() {
        let of = |text: &str| limit(&Form::parse(format!("limit={text}").as_bytes()));
        assert_eq!(of("").expect("a limit"), 50);
        assert_eq!(of("200").expect("a limit"), 200);
        for wrong in ["0", "201", "-1", "x"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
