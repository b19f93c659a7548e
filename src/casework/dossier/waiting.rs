//! Which dossiers wait for those who work on their leads, as conditions on `dossier` and its `composition`: the one place
//! where the first page and the list that it leads to take them from. Nothing that a person typed is in the text.

use crate::platform::words::words;

words!(
    /// What waits: the word in an address, and the duty's on the first page.
    Waits {
        /// Approved and not handed over.
        Unsent = "unsent",
        /// Still being made.
        Freezing = "freezing",
    }
);

/// Kept by the database beside `dossier` and `delivery`.
const UNSENT: &str = "dossier.id IN (SELECT u.dossier_id FROM dossier_unsent u)";
const NEWEST: &str = "NOT EXISTS (SELECT 1 FROM composition n WHERE n.lead_id = composition.lead_id AND n.version > composition.version)";
const FREEZING: &str = "NOT EXISTS (SELECT 1 FROM dossier_freeze f WHERE f.dossier_id = dossier.id)";
const APPROVED: &str =
    "EXISTS (SELECT 1 FROM approval a WHERE a.composition_id = composition.id AND a.decision = 'approved')";
/// Of a lead that was taken out of the way nothing waits.
const LEAD_IS_LIVE: &str = "EXISTS (SELECT 1 FROM lead b WHERE b.id = dossier.lead_id \
    AND b.state NOT IN ('withdrawn', 'trashed'))";

impl Waits {
    /// Message key of its name.
    pub fn key(self) -> String {
        format!("home-{self}")
    }

    /// As SQL on `dossier` joined with `composition`.
    pub fn condition(self) -> String {
        let how_far = match self {
            Self::Unsent => APPROVED,
            Self::Freezing => FREEZING,
        };
        format!("{UNSENT} AND {NEWEST} AND {how_far} AND {LEAD_IS_LIVE}")
    }
}
