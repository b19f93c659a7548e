//! What of the handover waits for a side, as conditions on `transfer`: the one place where the first page and the lists
//! that it leads to take them from. Nothing that a person typed is in the text.

pub mod case_papers;
pub mod receipts;

use crate::{
    casework::approval::NOT_TO_FORWARD,
    directory::people::{Actor, Recorder, Role, Side},
    handover::deadline::clocks::{FORWARD, remedy as limits},
    platform::{
        db::{Connection, Id},
        error::Result,
        words::words,
    },
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
        /// To forward what it found not to be within its competence.
        Forward = "forward",
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
        /// For the platform: to send anew where the decision not to file was revoked.
        Revoked = "revoked",
        /// For the platform: a supplement that an agency asked for about a lead that the reader owns or is assigned.
        Supplements = "supplements",
        /// As that, for a manager about whosever lead.
        Asked = "asked",
        /// For the platform: a receipt on file that somebody else than the sender is to record.
        Receipts = "receipts",
        /// For the platform: a forward that it is to complete or to end.
        Forwards = "forwards",
    }
);

/// A further version waits as long as its time for being acknowledged runs.
const UNACKNOWLEDGED: &str = "EXISTS (SELECT 1 FROM deadline w WHERE w.transfer_id = transfer.id \
    AND w.stopped_at IS NULL AND w.clock_code = 'AGREED-ACK')";
/// Not what an earlier decision not to file still asks for, nor the time for forwarding, which are duties of their own.
fn runs_otherwise() -> String {
    format!(
        "EXISTS (SELECT 1 FROM deadline w WHERE w.transfer_id = transfer.id AND w.stopped_at IS NULL \
         AND w.side = 'agency' AND w.clock_code NOT IN ('AGREED-ACK', '{FORWARD}', {}))",
        quoted(&limits::ANSWER)
    )
}

/// A supplement was asked for and not sent yet. Nobody waits for that of what is about to be forwarded.
fn asked() -> String {
    format!(
        "transfer.state = 'supplement_requested' AND EXISTS (SELECT 1 FROM supplement_request q \
         WHERE q.transfer_id = transfer.id AND q.answered_at IS NULL) AND {NOT_TO_FORWARD}"
    )
}

/// A forward that nobody answered, of a lead that was not taken out of the way.
fn forwards() -> String {
    format!(
        "transfer.id IN (SELECT f.transfer_id FROM forward_request f WHERE f.answered_at IS NULL) \
         AND {LEAD_IS_LIVE}"
    )
}

/// Codes as a list in SQL.
fn quoted(codes: &[&str]) -> String {
    codes.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(", ")
}

/// That one of these time limits runs: few transfers of all, found by what runs. A part for each, as SQLite goes by the index
/// of a code that runs for one code alone.
fn runs(codes: &[&str]) -> String {
    let part = |code: &&str| {
        format!("SELECT w.transfer_id FROM deadline w WHERE w.stopped_at IS NULL AND w.clock_code = '{code}'")
    };
    let parts: Vec<String> = codes.iter().map(part).collect();
    format!("transfer.id IN ({})", parts.join(" UNION ALL "))
}

/// A message of the other side since the own side last wrote, and since it said of one that it needs no answer:
/// `message_open` is kept by the database beside `message` and `message_note`.
const UNANSWERED_BY_AGENCY: &str =
    "EXISTS (SELECT 1 FROM message_open w WHERE w.transfer_id = transfer.id AND w.side = 'platform')";
/// Where nobody can sign in to read it, no answer is taken: so joined, SQLite goes from those who can, by their agencies.
const UNANSWERED_BY_PLATFORM: &str = "transfer.id IN (SELECT w.transfer_id FROM person p CROSS JOIN message_open w \
    WHERE p.disabled_at IS NULL AND w.agency_id = p.agency_id AND w.side = 'agency')";

/// A decision not to file that was revoked, on a transfer that has to be sent anew: it was not, or that came to nothing.
pub const REVOKED: &str = "(transfer.state IN ('not_filed', 'returned', 'not_accepted', 'withdrawn') \
    AND EXISTS (SELECT 1 FROM remedy_step v WHERE v.transfer_id = transfer.id AND v.verdict = 'revoked' \
    AND NOT EXISTS (SELECT 1 FROM transfer_step q WHERE q.transfer_id = v.transfer_id \
    AND q.kind = 'not_filed' AND q.at > v.at)))";

/// Of a lead that was taken out of the way nothing that came back waits, nor what an accuser may do.
const LEAD_IS_LIVE: &str = "EXISTS (SELECT 1 FROM lead b WHERE b.id = transfer.lead_id \
    AND b.state NOT IN ('withdrawn', 'trashed'))";

/// Until it is dealt with: the lead was reopened, sent anew, or somebody took note of the step. `transfer_back`, which the
/// database keeps beside those steps, has what was not. A forward that waits for a version of the platform is a duty of its
/// own, as is a decision that was revoked and what an accuser may do against one, and not while it is the police's turn; a
/// version that came back after it is another.
fn back() -> String {
    let (remedy, to_answer) = (remedy(), to_answer());
    format!(
        "transfer.id IN (SELECT e.transfer_id FROM transfer_back e) \
         AND EXISTS (SELECT 1 FROM transfer_back s WHERE s.transfer_id = transfer.id AND s.kind = transfer.state) \
         AND NOT EXISTS (SELECT 1 FROM forward_request f WHERE f.transfer_id = transfer.id \
         AND f.answered_at IS NULL) \
         AND {LEAD_IS_LIVE} \
         AND NOT {REVOKED} \
         AND NOT (transfer.state = 'not_filed' AND ({remedy} OR {to_answer}))"
    )
}

/// Revoked, and the lead was not reopened since, nor since what was sent after it came to nothing: few of all, found by
/// what was revoked, from which SQLite keeps a cross join going. What another agency gets of the lead, from the platform or
/// by a forward, makes up for nothing here.
fn revoked() -> String {
    format!(
        "transfer.id IN (SELECT d.transfer_id FROM remedy_step d CROSS JOIN transfer \
         WHERE transfer.id = d.transfer_id AND d.verdict = 'revoked' AND {REVOKED} AND {LEAD_IS_LIVE} \
         AND NOT EXISTS (SELECT 1 FROM lead_step r WHERE r.lead_id = transfer.lead_id AND r.kind = 'reopened' \
         AND r.at > d.at AND NOT EXISTS (SELECT 1 FROM transfer_step e WHERE e.transfer_id = d.transfer_id \
         AND e.kind = transfer.state AND e.at > r.at)))"
    )
}

/// The accuser's time for asking runs, or has run out without a word of it.
fn to_ask_for() -> String {
    runs(&limits::ASK)
}

/// The notice of the decision is still to be served on the accuser.
fn to_serve() -> String {
    runs(&[limits::SERVE])
}

/// The agency's time for serving the notice or for deciding runs.
fn to_answer() -> String {
    runs(&limits::ANSWER)
}

/// The agency found that it is not within its competence, and its time for forwarding runs.
fn to_forward() -> String {
    runs(&[FORWARD])
}

/// That nobody can sign in at the agency of `table`, which has an `agency_id`.
pub fn without_accounts(table: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM person p WHERE p.agency_id = {table}.agency_id AND p.disabled_at IS NULL)"
    )
}

/// What the accuser may ask for, and the notice that its time runs from: nobody's having read of the decision ends that.
/// Where nobody at the agency can sign in, the notice waits with its papers.
fn remedy() -> String {
    let (nobody, to_ask_for, to_serve) = (without_accounts("transfer"), to_ask_for(), to_serve());
    format!("(({to_ask_for} OR ({to_serve} AND NOT {nobody})) AND {LEAD_IS_LIVE})")
}

/// The receipt of what was delivered last is on file: to record it is a duty of its own.
const RECEIPT_LIES_THERE: &str = "EXISTS (SELECT 1 FROM delivery v WHERE v.transfer_id = transfer.id \
    AND v.receipt_blob_id IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM delivery n WHERE n.transfer_id = v.transfer_id AND n.id > v.id))";

/// A time limit of the agency runs, or of another authority whose decision it records: few transfers of all, found by what
/// runs.
const AGENCY_IS_AWAITED: &str = "transfer.id IN (SELECT w.transfer_id FROM deadline w WHERE w.stopped_at IS NULL \
    AND w.side IN ('agency', 'other'))";

/// The agencies where nobody can sign in.
const NOBODY_THERE: &str = "SELECT a.id FROM agency a \
    WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.agency_id = a.id AND p.disabled_at IS NULL)";

/// What would wait for the agency if anybody there could sign in. First the few that come into question at all: of those
/// agencies by their states, or by what runs.
fn by_paper() -> String {
    let nobody = without_accounts("transfer");
    let (to_answer, to_forward, runs_otherwise) = (to_answer(), to_forward(), runs_otherwise());
    format!(
        "(((transfer.agency_id IN ({NOBODY_THERE}) AND transfer.state IN ('sent', 'received', 'accepted')) \
         OR ({AGENCY_IS_AWAITED} AND {nobody})) \
         AND (transfer.state IN ('received', 'accepted') OR {to_answer} OR {to_forward} \
         OR (transfer.state = 'filed' AND transfer.next_due_at IS NOT NULL AND {runs_otherwise}) \
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
            Self::Back
            | Self::ByPaper
            | Self::Remedy
            | Self::Revoked
            | Self::Supplements
            | Self::Asked
            | Self::Receipts
            | Self::Forwards => side != Side::Agency,
            _ => side == Side::Agency,
        }
    }

    /// Whether it waits for this reader of the platform about whosever lead; else about those that the reader owns or
    /// is assigned.
    pub fn is_of_all_leads(self, me: &Actor) -> bool {
        match self {
            // Whoever may record one, whosever lead it is about.
            Self::Receipts => true,
            Self::ByPaper | Self::Remedy | Self::Revoked | Self::Asked | Self::Forwards => {
                me.has(Role::Manager)
            }
            _ => false,
        }
    }

    /// The only transfers that come into question for `me`, where no condition tells them; `None`: whichever it holds for.
    ///
    /// # Errors
    /// Those of the database.
    pub fn only(self, conn: &mut Connection, me: &Actor) -> Result<Option<Vec<Id>>> {
        match self {
            Self::Receipts if me.has_any(Recorder::ROLES) => receipts::to_record(conn, me.id).map(Some),
            Self::Receipts => Ok(Some(Vec::new())),
            _ => Ok(None),
        }
    }

    /// Whether the condition finds the few transfers by their ids: a planner that does not know how few they are had better
    /// go by nothing else.
    pub fn is_by_row(self) -> bool {
        matches!(self, Self::Answer | Self::Forward | Self::NotFiled)
    }

    /// As SQL on `transfer`.
    pub fn condition(self, side: Side) -> String {
        match self {
            Self::Acknowledge => "transfer.state = 'sent'".into(),
            // What has a time limit of the agency that runs has its next end too, by which there is an index.
            Self::Version => format!(
                "transfer.agency_due_at IS NOT NULL AND transfer.state IN ('received', 'accepted', 'filed', \
                 'supplement_requested') AND {UNACKNOWLEDGED}"
            ),
            Self::Decide => format!("transfer.state = 'received' AND {NOT_TO_FORWARD}"),
            Self::Forward => to_forward(),
            Self::Filing => format!(
                "transfer.state IN ('accepted', 'supplement_requested') AND (transfer.state = 'accepted' OR {}) \
                 AND {NOT_TO_FORWARD}",
                runs_otherwise()
            ),
            Self::Handling => {
                format!(
                    "transfer.agency_due_at IS NOT NULL AND transfer.state = 'filed' AND {}",
                    runs_otherwise()
                )
            }
            Self::Answer if side == Side::Agency => UNANSWERED_BY_AGENCY.into(),
            Self::Answer => UNANSWERED_BY_PLATFORM.into(),
            Self::Back => back(),
            Self::ByPaper => by_paper(),
            Self::NotFiled => to_answer(),
            Self::Remedy => remedy(),
            Self::Revoked => revoked(),
            Self::Supplements | Self::Asked => asked(),
            Self::Receipts => receipts::on_file(),
            Self::Forwards => forwards(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_forwarded_is_told_by_the_time_limit_for_forwarding() {
        assert!(NOT_TO_FORWARD.contains(&format!("w.clock_code = '{FORWARD}'")));
    }

    #[test]
    fn what_waits_waits_for_one_side_but_for_messages() {
        for waits in Waits::ALL {
            let sides = [Side::Agency, Side::Platform].into_iter().filter(|side| waits.is_for(*side)).count();
            assert_eq!(sides, if *waits == Waits::Answer { 2 } else { 1 }, "{waits}");
        }
    }
}
