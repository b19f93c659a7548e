//! Finding leads that have something in common: one statement by indexes for all that they may share, and one for what was
//! stated of them.

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary, Bool, Date, Nullable, Text},
};

use super::{
    super::{model::Lead, remark, store::word},
    model::{Reason, Related},
};
use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{lead, lead_distinct, lead_origin},
    },
    error::Result,
};

/// So much that is in common is read at most; the newest leads come first.
const MOST: i64 = 200;

/// What a lead has in common with which others. `$1`: the lead; `$2`: how many rows at most.
const SHARED: &str = "\
SELECT l.id, l.number, l.title, l.state, l.synthetic, l.occurred_from, l.occurred_to, r.why, r.label, r.exact FROM ( \
  SELECT o.lead_id AS lead_id, 'subject' AS why, m.name AS label, (s.identifier <> '') AS exact \
    FROM lead_subject m \
    JOIN subject s ON s.id = m.subject_id \
    JOIN lead_subject o ON o.subject_id = m.subject_id \
    WHERE m.lead_id = $1 AND o.lead_id <> $1 \
  UNION SELECT o.lead_id, 'site', s.address, (1 = 1) \
    FROM lead_site m \
    JOIN site s ON s.id = m.site_id \
    JOIN site t ON t.match_key = s.match_key \
    JOIN lead_site o ON o.site_id = t.id \
    WHERE m.lead_id = $1 AND o.lead_id <> $1 AND s.match_key NOT LIKE '%:' \
  UNION SELECT o.lead_id, 'listing', CASE WHEN m.title <> '' THEN m.title ELSE m.url END, (1 = 1) \
    FROM listing m \
    JOIN listing o ON o.match_key = m.match_key \
    WHERE m.lead_id = $1 AND o.lead_id <> $1 AND m.match_key <> '' \
  UNION SELECT o.lead_id, 'shop', m.shop, (1 = 1) \
    FROM listing m \
    JOIN listing o ON o.shop_key = m.shop_key \
    WHERE m.lead_id = $1 AND o.lead_id <> $1 AND m.shop_key <> '' \
  UNION SELECT source_id, 'source', '', (1 = 1) FROM lead_origin WHERE lead_id = $1 \
  UNION SELECT lead_id, 'copy', '', (1 = 1) FROM lead_origin WHERE source_id = $1 \
  ORDER BY lead_id DESC LIMIT $2 \
) r JOIN lead l ON l.id = r.lead_id \
WHERE l.state <> 'trashed' ORDER BY l.id DESC, r.why, r.label";

/// The leads that this one is likely a duplicate of, as [`Related::is_likely`] has it, and of which nothing was stated yet.
/// All of it is judged before anything is cut off: what is in common by a name alone, or with what goes nowhere, must not
/// stand in the place of a duplicate. `$1`: the lead; `$2`: how many rows at most.
const UNDECIDED: &str = "\
SELECT l.id, l.number, l.title, l.state, l.synthetic, l.occurred_from, l.occurred_to, r.why, r.label, r.exact FROM ( \
  SELECT o.lead_id AS lead_id, 'subject' AS why, m.name AS label, (1 = 1) AS exact \
    FROM lead_subject m \
    JOIN subject s ON s.id = m.subject_id \
    JOIN lead_subject o ON o.subject_id = m.subject_id \
    WHERE m.lead_id = $1 AND o.lead_id <> $1 AND s.identifier <> '' \
  UNION SELECT o.lead_id, 'site', s.address, (1 = 1) \
    FROM lead_site m \
    JOIN lead n ON n.id = m.lead_id \
    JOIN site s ON s.id = m.site_id \
    JOIN site t ON t.match_key = s.match_key \
    JOIN lead_site o ON o.site_id = t.id \
    JOIN lead p ON p.id = o.lead_id \
    WHERE m.lead_id = $1 AND o.lead_id <> $1 AND s.match_key NOT LIKE '%:' \
    AND COALESCE(n.occurred_from, n.occurred_to) <= COALESCE(p.occurred_to, p.occurred_from) \
    AND COALESCE(p.occurred_from, p.occurred_to) <= COALESCE(n.occurred_to, n.occurred_from) \
  UNION SELECT o.lead_id, 'listing', CASE WHEN m.title <> '' THEN m.title ELSE m.url END, (1 = 1) \
    FROM listing m \
    JOIN listing o ON o.match_key = m.match_key \
    WHERE m.lead_id = $1 AND o.lead_id <> $1 AND m.match_key <> '' \
) r JOIN lead l ON l.id = r.lead_id \
WHERE l.state NOT IN ('withdrawn', 'trashed') \
AND NOT EXISTS (SELECT 1 FROM lead_distinct d WHERE d.lead_id = $1 AND d.other_id = l.id) \
AND NOT EXISTS (SELECT 1 FROM lead_distinct d WHERE d.lead_id = l.id AND d.other_id = $1) \
ORDER BY l.id DESC, r.why, r.label LIMIT $2";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Binary)]
    id: Id,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Bool)]
    synthetic: bool,
    #[diesel(sql_type = Nullable<Date>)]
    occurred_from: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    occurred_to: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    why: String,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = Bool)]
    exact: bool,
}

/// The leads that have something in common with this one, newest first, each once with all that it is; without those in
/// the trash.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, lead_id: Id) -> Result<Vec<Related>> {
    let rows: Vec<Row> = sql_query(SHARED).bind::<Binary, _>(lead_id).bind::<BigInt, _>(MOST).load(conn)?;
    let distinct = if rows.is_empty() { Vec::new() } else { distinct_from(conn, lead_id)? };
    gathered(rows, &distinct)
}

/// Each lead once, with all that it has in common.
fn gathered(rows: Vec<Row>, distinct: &[Id]) -> Result<Vec<Related>> {
    let mut found: Vec<Related> = Vec::new();
    for row in rows {
        let reason = Reason { why: word("why", &row.why)?, label: row.label, exact: row.exact };
        match found.last_mut().filter(|last| last.id == row.id) {
            Some(last) => last.reasons.push(reason),
            None => found.push(Related {
                id: row.id,
                number: row.number,
                title: row.title,
                state: word("lead.state", &row.state)?,
                synthetic: row.synthetic,
                period: (row.occurred_from, row.occurred_to),
                reasons: vec![reason],
                is_distinct: distinct.contains(&row.id),
            }),
        }
    }
    Ok(found)
}

/// The leads of which it was stated that this one is no duplicate, or that they are none of this one.
fn distinct_from(conn: &mut Connection, lead_id: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id, Id)> = lead_distinct::table
        .filter(lead_distinct::lead_id.eq(lead_id).or(lead_distinct::other_id.eq(lead_id)))
        .select((lead_distinct::lead_id, lead_distinct::other_id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(one, other)| if one == lead_id { other } else { one }).collect())
}

/// The leads that this one is likely a duplicate of, and of which nobody stated that it is none.
///
/// # Errors
/// Those of the database.
pub fn undecided(conn: &mut Connection, lead: &Lead) -> Result<Vec<Related>> {
    let rows: Vec<Row> =
        sql_query(UNDECIDED).bind::<Binary, _>(lead.id).bind::<BigInt, _>(MOST).load(conn)?;
    gathered(rows, &[])
}

/// A lead of which it was stated that another one is no duplicate of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    pub id: Id,
    pub number: String,
    pub title: String,
    pub by: Id,
    pub at: Instant,
    /// Why; empty: lawfully erased.
    pub reason: String,
}

/// Of which leads it was stated, and why, that this one is no duplicate; the newest statement first.
///
/// # Errors
/// Those of the database.
pub fn stated_of(conn: &mut Connection, lead_id: Id) -> Result<Vec<Stated>> {
    type Raw = (Id, Id, Instant, Option<Id>);
    let rows: Vec<Raw> = lead_distinct::table
        .filter(lead_distinct::lead_id.eq(lead_id))
        .order((lead_distinct::at.desc(), lead_distinct::other_id.desc()))
        .limit(MOST)
        .select((
            lead_distinct::other_id,
            lead_distinct::stated_by,
            lead_distinct::at,
            lead_distinct::remark_id,
        ))
        .load(conn)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let others: Vec<Id> = rows.iter().map(|row| row.0).collect();
    let called: Vec<(Id, String, String)> = lead::table
        .filter(lead::id.eq_any(others))
        .select((lead::id, lead::number, lead::title))
        .load(conn)?;
    let reasons = remark::bodies(conn, rows.iter().filter_map(|row| row.3))?;
    let stated = |(id, by, at, said): Raw| {
        let (_, number, title) = called.iter().find(|one| one.0 == id)?;
        let reason = said.and_then(|said| reasons.get(&said)).cloned().unwrap_or_default();
        Some(Stated { id, number: number.clone(), title: title.clone(), by, at, reason })
    };
    Ok(rows.into_iter().filter_map(stated).collect())
}

/// Notes that a lead is no duplicate of another one.
pub(super) fn insert_distinct(
    tx: &mut Tx<'_>,
    lead_id: Id,
    other_id: Id,
    by: Id,
    remark: Option<Id>,
) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(lead_distinct::table)
        .values((
            lead_distinct::lead_id.eq(lead_id),
            lead_distinct::other_id.eq(other_id),
            lead_distinct::stated_by.eq(by),
            lead_distinct::at.eq(now),
            lead_distinct::remark_id.eq(remark),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes from which lead a draft was cloned.
pub(in crate::casework::lead) fn insert_origin(tx: &mut Tx<'_>, lead_id: Id, source_id: Id) -> Result<()> {
    diesel::insert_into(lead_origin::table)
        .values((lead_origin::lead_id.eq(lead_id), lead_origin::source_id.eq(source_id)))
        .execute(tx.conn())?;
    Ok(())
}
