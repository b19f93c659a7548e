//! Which entries wait for a person's decision, as a condition on `outcome`: undecided, asserted by the other side (for
//! an agency without accounts also by a colleague). What was proposed with a counter-entry is decided with it. Nothing
//! that a person typed is in the text.

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
