//! stub
pub fn parse_date(s: &str) -> Option<chrono::NaiveDate> {
    s.parse().ok()
}
