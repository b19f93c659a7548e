//! Which entries wait for a person's decision, or came back to it rejected, as a condition on `outcome`: undecided,
//! asserted by the other side (for an agency without accounts also by a colleague). What was proposed with a
//! counter-entry is decided with it. Nothing that a person typed is in the text.

use diesel::{
    dsl::{AsExprOf, sql},
    expression::{SqlLiteral, UncheckedBind},
    sql_types::{Binary, Bool},
};

use crate::{directory::people::Actor, platform::db::Id};

/// A condition with one id in it.
pub type Waiting = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, AsExprOf<Id, Binary>>>;

/// `outcome_open` is kept by the database beside `outcome` and `outcome_confirmation`.
const UNDECIDED: &str = "outcome.correction_id IS NULL AND outcome.seq IN (SELECT w.seq FROM outcome_open w)";
const NO_ACCOUNTS: &str =
    "NOT EXISTS (SELECT 1 FROM person p WHERE p.agency_id = outcome.agency_id AND p.disabled_at IS NULL)";

/// Rejected, and nobody of the side that asserted it took note. What was proposed with a counter-entry is rejected with
/// it and said once.
const REJECTED: &str = "outcome.correction_id IS NULL AND outcome.id IN (SELECT d.outcome_id \
    FROM outcome_confirmation d WHERE d.decision = 'rejected') \
    AND NOT EXISTS (SELECT 1 FROM outcome_seen n WHERE n.outcome_id = outcome.id)";

/// The rejected entries that a person has to know of: who asserted one, for an agency anybody there.
pub fn rejected(me: &Actor) -> Waiting {
    let own = if me.agency.is_some() { "outcome.asserted_side = 'agency' OR " } else { "" };
    let text = format!("({REJECTED} AND ({own}outcome.asserted_by = ");
    sql::<Bool>(&text).bind::<Binary, _>(me.id).sql("))")
}

/// Whether a rejected entry is this person's to take note of.
pub fn is_own(me: &Actor, asserted_side: &str, asserted_by: Option<Id>) -> bool {
    asserted_by == Some(me.id) || (me.agency.is_some() && asserted_side == me.side.as_str())
}

/// That the entry's case is about a lead that this person owns or is assigned.
pub fn of_own_leads(me: &Actor) -> Waiting {
    let of_mine = "EXISTS (SELECT 1 FROM case_transfer ct JOIN transfer t ON t.id = ct.transfer_id \
        JOIN lead l ON l.id = t.lead_id WHERE ct.case_id = outcome.case_id AND ";
    // So written it is asked of what waits: a busy compiler has more leads than there are things that wait.
    sql::<Bool>(of_mine).bind::<Binary, _>(me.id).sql(" IN (l.owner_id, l.assignee_id))")
}

/// See the top of the file.
pub fn for_actor(me: &Actor) -> Waiting {
    let other = if me.agency.is_some() {
        "outcome.asserted_side = 'platform'".to_owned()
    } else {
        format!("(outcome.asserted_side = 'agency' OR {NO_ACCOUNTS})")
    };
    let text =
        format!("({UNDECIDED} AND {other} AND (outcome.asserted_by IS NULL OR outcome.asserted_by <> ");
    sql::<Bool>(&text).bind::<Binary, _>(me.id).sql("))")
}
