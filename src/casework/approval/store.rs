//! Reviews and what came of them.

use diesel::{
    dsl::{exists, not},
    prelude::*,
};

use crate::holds;

use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{approval, approval_signature, composition, lead, lead_writer, review},
    },
    error::Result,
    http::{
        list_head::{COUNTED, Counts, LOOKED_AT},
        sorting::{self, Order},
    },
    keyset::Edge,
};

/// A review as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = review)]
pub struct Review {
    pub id: Id,
    pub composition_id: Id,
    pub lead_id: Id,
    pub submitted_by: Id,
    pub submitted_at: Instant,
    pub decided_at: Option<Instant>,
    /// `approved`, `returned`, `withdrawn` or `void`; `None` while it waits.
    pub decision: Option<String>,
}

/// A decision by another person. A submission that was withdrawn has none.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = approval)]
pub struct Approval {
    pub id: Id,
    pub review_id: Id,
    pub composition_id: Id,
    /// `approved` or `returned`.
    pub decision: String,
    pub actor_id: Id,
    /// JSON object: dossier id → manifest hash, as the form carried them.
    pub manifest_hashes: String,
    pub at: Instant,
    pub remark_id: Option<Id>,
    /// `totp`, `recovery`, `passkey`, or empty for a return.
    pub second_factor: String,
}

/// A review in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub review: Review,
    pub number: String,
    pub title: String,
    pub synthetic: bool,
    pub version: i32,
}

/// Which reviews to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// `waiting` (the default), `approved`, `returned`, `withdrawn`, or `all`.
    pub state: String,
    /// Part of the lead's number or title.
    pub q: String,
    /// Submitted by this person.
    pub by: Option<Id>,
    /// Of those that wait only what this person is to act on.
    pub acts: Option<Acts>,
    /// These alone; empty: all.
    pub only: Vec<Id>,
    pub sort: Sort,
    /// Beside which one the page begins.
    pub edge: Edge<Id>,
}

/// By what the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// When it was submitted, which its id tells.
    #[default]
    Submitted,
}

impl Order for By {
    const ALL: &'static [Self] = &[By::Submitted];

    fn key(self) -> &'static str {
        "submitted"
    }

    fn label(self) -> &'static str {
        "review-fact-submitted"
    }
}

pub type Sort = sorting::Sort<By>;

/// Unless told: those that wait the longest first, of all others the newest.
pub fn usual(state: &str) -> Sort {
    Sort { by: By::Submitted, descending: state != "waiting" }
}

/// Who looks for something to act on: an approver for what to decide, somebody else for what to withdraw as the lead's
/// compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acts {
    pub me: Id,
    pub decides: bool,
}

/// A review.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<Review> {
    Ok(review::table.find(id).select(Review::as_select()).first(conn)?)
}

/// The reviews of a lead, newest first.
///
/// # Errors
/// Those of the database.
pub fn of_lead(conn: &mut Connection, lead_id: Id) -> Result<Vec<Review>> {
    Ok(review::table
        .filter(review::lead_id.eq(lead_id))
        .order(review::id.desc())
        .select(Review::as_select())
        .load(conn)?)
}

/// The decision of a review.
///
/// # Errors
/// Those of the database.
pub fn decision_of(conn: &mut Connection, review_id: Id) -> Result<Option<Approval>> {
    Ok(approval::table
        .filter(approval::review_id.eq(review_id))
        .select(Approval::as_select())
        .first(conn)
        .optional()?)
}

/// The fingerprint of the passkey that signed an approval; `None`: it was approved by a code.
///
/// # Errors
/// Those of the database.
pub fn signed_by(conn: &mut Connection, approval_id: Id) -> Result<Option<String>> {
    let row = approval_signature::table.find(approval_id).select(approval_signature::fingerprint);
    Ok(row.first(conn).optional()?)
}

/// The reviews that the filter leaves, in no order: what is shown and what is counted.
macro_rules! narrowed {
    // Not a function: nobody can write down the type of what it gives.
    ($filter:expr) => {{
        let mut query = review::table.inner_join(lead::table).inner_join(composition::table).into_boxed();
        match $filter.state.as_str() {
            "waiting" => query = query.filter(review::decision.is_null()).filter(lead::state.eq("in_review")),
            "all" => {}
            decided => query = query.filter(review::decision.eq(decided.to_owned())),
        }
        if let Some(acts) = $filter.acts {
            query = query.filter(review::decision.is_null()).filter(lead::state.eq("in_review"));
            let written = lead_writer::table
                .filter(lead_writer::lead_id.eq(review::lead_id))
                .filter(lead_writer::person_id.eq(acts.me));
            let own = lead::owner_id.nullable().eq(Some(acts.me)).or(lead::assignee_id.eq(Some(acts.me)));
            query = if acts.decides { query.filter(not(exists(written))) } else { query.filter(own) };
        }
        if !$filter.only.is_empty() {
            query = query.filter(review::id.eq_any($filter.only.clone()));
        }
        if !$filter.q.is_empty() {
            query = query.filter(holds!(lead::number, &$filter.q).or(holds!(lead::title, &$filter.q)));
        }
        if let Some(by) = $filter.by {
            query = query.filter(review::submitted_by.eq(by));
        }
        query
    }};
}

/// The states that a list can be narrowed to.
pub const STATES: [&str; 4] = ["waiting", "approved", "returned", "withdrawn"];

/// How many reviews of each state the filter leaves, whichever it asks for. Without a search each count goes along an
/// index and stops; a search is asked of the newest reviews alone ([`LOOKED_AT`]).
///
/// # Errors
/// Those of the database.
pub fn counts(conn: &mut Connection, filter: &Filter) -> Result<Counts> {
    let is_plain = filter.q.is_empty() && filter.by.is_none();
    let behind: Option<Id> = if is_plain {
        None
    } else {
        let newest = review::table.select(review::id).order(review::id.desc());
        newest.offset(LOOKED_AT).first(conn).optional()?
    };
    let mut of = Vec::new();
    for state in STATES {
        // Only what waits is to be acted on.
        let acts = filter.acts.filter(|_| state == "waiting");
        let these = &Filter { state: state.to_owned(), acts, ..filter.clone() };
        let mut query = narrowed!(these);
        if let Some(id) = behind {
            query = query.filter(review::id.gt(id));
        }
        let ids: Vec<Id> = query.select(review::id).limit(COUNTED + 1).load(conn)?;
        of.push((state.to_owned(), ids.len() as u64));
    }
    Ok(Counts::new(of, COUNTED.unsigned_abs()).and_older(behind.is_some()))
}

/// One page of at most `limit` reviews from the edge on, in the filter's order; for `Before` against that order.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, filter: &Filter, limit: i64) -> Result<Vec<Listed>> {
    let mut query = narrowed!(filter);
    // Whether rows come by a rising id: the list's order, or against it.
    let rises = filter.sort.descending != filter.edge.is_forward();
    if let Some(edge) = filter.edge.key().copied() {
        query = if rises { query.filter(review::id.gt(edge)) } else { query.filter(review::id.lt(edge)) };
    }
    query = if rises { query.order(review::id.asc()) } else { query.order(review::id.desc()) };
    let rows: Vec<(Review, (String, String, bool), i32)> = query
        .limit(limit)
        .select((Review::as_select(), (lead::number, lead::title, lead::synthetic), composition::version))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(review, (number, title, synthetic), version)| Listed {
            review,
            number,
            title,
            synthetic,
            version,
        })
        .collect())
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &Review) -> Result<()> {
    diesel::insert_into(review::table)
        .values((
            review::id.eq(new.id),
            review::composition_id.eq(new.composition_id),
            review::lead_id.eq(new.lead_id),
            review::submitted_by.eq(new.submitted_by),
            review::submitted_at.eq(new.submitted_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends a review; false when it was decided already.
pub(super) fn decide(tx: &mut Tx<'_>, id: Id, decision: &str) -> Result<bool> {
    let now = tx.now();
    let open = review::table.find(id).filter(review::decision.is_null());
    let decided = diesel::update(open)
        .set((review::decision.eq(Some(decision)), review::decided_at.eq(Some(now))))
        .execute(tx.conn())?;
    Ok(decided == 1)
}

/// Ends every review of a lead that still waits: its lead was taken out of review another way.
pub(super) fn void_waiting(tx: &mut Tx<'_>, lead_id: Id) -> Result<()> {
    let now = tx.now();
    let open = review::table.filter(review::lead_id.eq(lead_id)).filter(review::decision.is_null());
    diesel::update(open)
        .set((review::decision.eq(Some("void")), review::decided_at.eq(Some(now))))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn insert_decision(tx: &mut Tx<'_>, new: &Approval) -> Result<()> {
    diesel::insert_into(approval::table)
        .values((
            approval::id.eq(new.id),
            approval::review_id.eq(new.review_id),
            approval::composition_id.eq(new.composition_id),
            approval::decision.eq(&new.decision),
            approval::actor_id.eq(new.actor_id),
            approval::manifest_hashes.eq(&new.manifest_hashes),
            approval::at.eq(new.at),
            approval::remark_id.eq(new.remark_id),
            approval::second_factor.eq(&new.second_factor),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps what a passkey signed of an approval: which passkey with its fingerprint, and the text of `approval.json`.
pub(super) fn insert_signature(
    tx: &mut Tx<'_>,
    approval_id: Id,
    (passkey_id, fingerprint): (Id, &str),
    approval_json: &str,
) -> Result<()> {
    diesel::insert_into(approval_signature::table)
        .values((
            approval_signature::approval_id.eq(approval_id),
            approval_signature::passkey_id.eq(passkey_id),
            approval_signature::fingerprint.eq(fingerprint),
            approval_signature::approval_json.eq(approval_json),
        ))
        .execute(tx.conn())?;
    Ok(())
}
