//! How far a transfer ever came; stored as a number, so that it can be compared.

pub const SENT: i32 = 1;
pub const RECEIVED: i32 = 2;
pub const ACCEPTED: i32 = 3;
pub const FILED: i32 = 4;

/// Message key of a stage's name.
pub fn key(stage: i32) -> &'static str {
    match stage {
        FILED => "transfer-state-filed",
        ACCEPTED => "transfer-state-accepted",
        RECEIVED => "transfer-state-received",
        _ => "transfer-state-sent",
    }
}
