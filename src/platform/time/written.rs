//! Moments that a file bears, as people read them.

use super::{format_exact, zone};
use crate::platform::db::Instant;

/// `2016-05-12 09:30:00 +08:00` for an RFC 3339 time of a file, in the zone that the file names; as it is where one of the two
/// can't be read.
pub fn in_zone(at: &str, named: &str) -> String {
    match (Instant::try_from(at.to_owned()), zone(named)) {
        (Ok(at), Some(zone)) => format_exact(at, zone),
        _ => at.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_of_a_file_is_read_in_its_zone() {
        let at = "2016-05-12T09:30:00.123456+08:00";
        assert_eq!(in_zone(at, "Asia/Shanghai"), "2016-05-12 09:30:00 +08:00");
        assert_eq!(in_zone("2016-05-12T01:30:00Z", "Asia/Shanghai"), "2016-05-12 09:30:00 +08:00");
        assert_eq!(in_zone(at, "UTC"), "2016-05-12 01:30:00 +00:00");
        assert_eq!((in_zone("yesterday", "UTC"), in_zone(at, "Nowhere")), ("yesterday".into(), at.into()));
    }
}
