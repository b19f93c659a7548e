//! Instants as the pages of accounts show them.

use chrono_tz::Tz;

use crate::platform::{db::Instant, i18n::Lang, time};

/// In a table: `2016-05-04 09:12` in the configured zone, or as the reader wants it.
pub fn local(at: Instant, zone: Tz) -> String {
    time::table_instant(at, zone)
}

/// In a sentence or a fact: `2016年5月4日 09:12`, `4 May 2016, 09:12`, or as the reader wants it.
pub fn said(at: Instant, zone: Tz, lang: Lang) -> String {
    time::format_instant(at, zone, lang)
}
