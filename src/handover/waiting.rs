//! What of the handover waits for a side, as conditions on `transfer`: the one place where the first page and the lists
//! that it leads to take them from. Nothing that a person typed is in the text.

use crate::{
    directory::people::{Actor, Role, Side},
    platform::words::words,
};

words!(
    /// What waits: the word in an address, and the duty's on the first page.
    Waits {
        /// For the agency: a transfer to be acknowledged.
        Acknowledge = "new",
        /// A further version of a dossier that it has, to be acknowledged.
        Version = "versions",
        /// To decide on acceptance.
        Decide = "decide",
        /// To decide on filing.
        Filing = "filing",
        /// A filed one with a time limit that runs.
        Handling = "handling",
        /// For either side: a message to be answered.
        Answer = "messages",
        /// For the platform: what an agency sent back or on, until somebody dealt with it.
        Back = "back",
        /// For the platform: the next step of an agency where nobody can sign in, to be recorded from its paper.
        ByPaper = "paper",
        /// For the agency: to serve the notice of a decision not to file, or to decide on what was asked for against it.
        NotFiled = "not-filed",
        /// For the platform: to see that the notice is served, and to ask for reconsideration or review while the
        /// accuser's time for it runs.
        Remedy = "remedy",
    }
);

/// A further version waits as long as its time for being acknowledged runs.
const UNACKNOWLEDGED: &str = "EXISTS (SELECT 1 FROM deadline w WHERE w.transfer_id = transfer.id \
    AND w.stopped_at IS NULL AND w.clock_code = 'AGREED-ACK')";
/// Not what an earlier decision not to file still asks for, which is a duty of its own.
const RUNS_OTHERWISE: &str = "EXISTS (SELECT 1 FROM deadline w WHERE w.transfer_id = transfer.id \
    AND w.stopped_at IS NULL AND w.side = 'agency' AND w.clock_code NOT IN \
    ('AGREED-ACK', 'PSB-NOFILE-SERVE', 'PSB-RECON-DECIDE', 'PSB-REVIEW2-DECIDE'))";

/// A message of the other side since the own side last wrote.
const UNANSWERED_BY_AGENCY: &str = "EXISTS (SELECT 1 FROM message m WHERE m.transfer_id = transfer.id \
    AND m.side = 'platform' AND NOT EXISTS (SELECT 1 FROM message n WHERE n.transfer_id = m.transfer_id \
    AND n.side = 'agency' AND n.id > m.id))";
const UNANSWERED_BY_PLATFORM: &str = "EXISTS (SELECT 1 FROM message m WHERE m.transfer_id = transfer.id \
    AND m.side = 'agency' AND NOT EXISTS (SELECT 1 FROM message n WHERE n.transfer_id = m.transfer_id \
    AND n.side = 'platform' AND n.id > m.id))";

/// A decision not to file that was revoked, on a transfer that was not sent anew since.
pub const REVOKED: &str = "(transfer.state = 'not_filed' AND EXISTS (SELECT 1 FROM remedy_step v \
    WHERE v.transfer_id = transfer.id AND v.verdict = 'revoked' AND NOT EXISTS (SELECT 1 FROM transfer_step q \
    WHERE q.transfer_id = v.transfer_id AND q.kind = 'not_filed' AND q.at > v.at)))";

/// Dealt with: the lead was reopened, sent anew, or somebody took note of the step, which ends nothing once the decision
/// was revoked. A forward that waits for a version of the platform is a duty of its own, as is what an accuser may do
/// and what is recorded from papers.
fn back() -> String {
    let (nobody, remedy) = (without_accounts("transfer"), remedy());
    format!(
        "transfer.state IN ('returned', 'not_accepted', 'not_filed', 'forwarded') \
         AND NOT EXISTS (SELECT 1 FROM forward_request f WHERE f.transfer_id = transfer.id \
         AND f.answered_at IS NULL) \
         AND EXISTS (SELECT 1 FROM lead b WHERE b.id = transfer.lead_id \
         AND b.state NOT IN ('withdrawn', 'trashed')) \
         AND EXISTS (SELECT 1 FROM transfer_step s WHERE s.transfer_id = transfer.id AND s.kind = transfer.state \
         AND (NOT EXISTS (SELECT 1 FROM transfer_seen n WHERE n.step_id = s.id) OR {REVOKED}) \
         AND NOT EXISTS (SELECT 1 FROM transfer_step t WHERE t.transfer_id = s.transfer_id AND t.kind = s.kind \
         AND (t.at > s.at OR (t.at = s.at AND t.id > s.id))) \
         AND NOT EXISTS (SELECT 1 FROM lead_step r WHERE r.lead_id = transfer.lead_id AND r.kind = 'reopened' \
         AND r.at > s.at) \
         AND NOT EXISTS (SELECT 1 FROM transfer o WHERE o.lead_id = transfer.lead_id AND o.sent_at > s.at)) \
         AND NOT {remedy} AND NOT ({nobody} AND {TO_ANSWER})"
    )
}

/// The accuser's time for asking runs, or has run out without a word of it.
const TO_ASK_FOR: &str = "transfer.id IN (SELECT w.transfer_id FROM deadline w WHERE w.stopped_at IS NULL \
    AND w.clock_code IN ('PSB-RECON-ASK', 'PSB-REVIEW2-ASK'))";
/// The notice of the decision is still to be served on the accuser.
const TO_SERVE: &str = "transfer.id IN (SELECT w.transfer_id FROM deadline w WHERE w.stopped_at IS NULL \
    AND w.clock_code = 'PSB-NOFILE-SERVE')";
/// The agency's time for serving the notice or for deciding does.
const TO_ANSWER: &str = "transfer.id IN (SELECT w.transfer_id FROM deadline w WHERE w.stopped_at IS NULL \
    AND w.clock_code IN ('PSB-NOFILE-SERVE', 'PSB-RECON-DECIDE', 'PSB-REVIEW2-DECIDE'))";

/// That nobody can sign in at the agency of `table`, which has an `agency_id`.
pub fn without_accounts(table: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM person p WHERE p.agency_id = {table}.agency_id AND p.disabled_at IS NULL)"
    )
}

/// What the accuser may ask for, and the notice that its time runs from: nobody's having read of the decision ends that.
/// Where nobody at the agency can sign in, the notice waits with its papers.
fn remedy() -> String {
    let nobody = without_accounts("transfer");
    format!("({TO_ASK_FOR} OR ({TO_SERVE} AND NOT {nobody}))")
}

/// The receipt of what was delivered last is on file: to record it is a duty of its own.
const RECEIPT_LIES_THERE: &str = "EXISTS (SELECT 1 FROM delivery v WHERE v.transfer_id = transfer.id \
    AND v.receipt_blob_id IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM delivery n WHERE n.transfer_id = v.transfer_id AND n.id > v.id))";

/// A time limit of the agency runs: few transfers of all, found by what runs.
const AGENCY_IS_AWAITED: &str = "transfer.id IN (SELECT w.transfer_id FROM deadline w WHERE w.stopped_at IS NULL \
    AND w.side = 'agency')";

/// What would wait for the agency if anybody there could sign in. First the few that come into question at all.
fn by_paper() -> String {
    let nobody = without_accounts("transfer");
    format!(
        "((transfer.state IN ('sent', 'received', 'accepted') OR {AGENCY_IS_AWAITED}) \
         AND {nobody} AND ({TO_ANSWER} OR transfer.state IN ('received', 'accepted') \
         OR (transfer.state = 'filed' AND transfer.next_due_at IS NOT NULL AND {RUNS_OTHERWISE}) \
         OR ((transfer.state = 'sent' \
         OR (transfer.state IN ('filed', 'supplement_requested') AND {UNACKNOWLEDGED})) \
         AND NOT {RECEIPT_LIES_THERE})))"
    )
}

impl Waits {
    /// Message key of its name.
    pub fn key(self) -> String {
        format!("home-{}", self.as_str())
    }

    /// Whether it can wait for that side.
    pub fn is_for(self, side: Side) -> bool {
        match self {
            Self::Answer => true,
            Self::Back | Self::ByPaper | Self::Remedy => side != Side::Agency,
            _ => side == Side::Agency,
        }
    }

    /// Whether it waits for this reader of the platform about whosever lead; else about those that the reader owns or
    /// is assigned.
    pub fn is_of_all_leads(self, me: &Actor) -> bool {
        matches!(self, Self::ByPaper | Self::Remedy) && me.has(Role::Manager)
    }

    /// As SQL on `transfer`.
    pub fn condition(self, side: Side) -> String {
        match self {
            Self::Acknowledge => "transfer.state = 'sent'".into(),
            Self::Version => format!(
                "transfer.state IN ('received', 'accepted', 'filed', 'supplement_requested') AND {UNACKNOWLEDGED}"
            ),
            Self::Decide => "transfer.state = 'received'".into(),
            Self::Filing => format!(
                "(transfer.state = 'accepted' OR (transfer.state = 'supplement_requested' AND {RUNS_OTHERWISE}))"
            ),
            Self::Handling => format!("transfer.state = 'filed' AND {RUNS_OTHERWISE}"),
            Self::Answer if side == Side::Agency => UNANSWERED_BY_AGENCY.into(),
            Self::Answer => UNANSWERED_BY_PLATFORM.into(),
            Self::Back => back(),
            Self::ByPaper => by_paper(),
            Self::NotFiled => TO_ANSWER.into(),
            Self::Remedy => remedy(),
        }
    }
}
