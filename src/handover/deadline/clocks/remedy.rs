//! The time limits of the accuser's remedy against a decision not to file, by their codes on file.

/// To serve the notice of the decision on the accuser.
pub const SERVE: &str = "PSB-NOFILE-SERVE";
/// To ask for reconsideration (复议).
pub const RECON_ASK: &str = "PSB-RECON-ASK";
/// To decide on it.
pub const RECON_DECIDE: &str = "PSB-RECON-DECIDE";
/// To ask for review (复核).
pub const REVIEW_ASK: &str = "PSB-REVIEW2-ASK";
/// To decide on it.
pub const REVIEW_DECIDE: &str = "PSB-REVIEW2-DECIDE";

/// The accuser's own.
pub const ASK: [&str; 2] = [RECON_ASK, REVIEW_ASK];
/// Those for a decision.
pub const DECIDE: [&str; 2] = [RECON_DECIDE, REVIEW_DECIDE];
/// Those for what the agency records: the notice and the decisions.
pub const ANSWER: [&str; 3] = [SERVE, RECON_DECIDE, REVIEW_DECIDE];
/// Every one, in the order of the steps.
pub const ALL: [&str; 5] = [SERVE, RECON_ASK, RECON_DECIDE, REVIEW_ASK, REVIEW_DECIDE];
