//! Instants as the pages of accounts show them.

use chrono_tz::Tz;

use crate::platform::db::Instant;

/// `2016-05-04 09:12` in the configured zone.
pub fn local(at: Instant, zone: Tz) -> String {
    at.utc().with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}
