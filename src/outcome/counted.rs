//! Which entries count, as SQL over the alias `o` of `outcome`: the one place where lists and the annual report take it
//! from. Numbers are written into the text; nothing that a person typed is.

use crate::{
    handover::counted::case_in_which_it_went_on,
    platform::money::{Basis, Qualifier},
};

/// A moment of the audit log: facts whose entry stands below this size are there. `None`: all of them.
pub type AsAt = Option<i64>;

/// `AND` the row of `kind` whose id is `id` was in the log below the size. The first entry that names a row is the
/// one that made it.
pub fn on_record(kind: &str, id: &str, as_at: AsAt) -> String {
    as_at.map_or_else(String::new, |size| {
        format!(
            " AND EXISTS (SELECT 1 FROM audit_object ao JOIN audit_place ap ON ap.entry_id = ao.entry_id \
             WHERE ao.kind = '{kind}' AND ao.object_id = {id} AND ap.place < {size})"
        )
    })
}

/// The condition that the entry `o` counts.
pub fn condition(as_at: AsAt) -> String {
    counts("o", as_at)
}

fn counts(o: &str, as_at: AsAt) -> String {
    let confirmed = on_record("outcome_confirmation", "oc.id", as_at);
    let countered = on_record("outcome_confirmation", "kc.id", as_at);
    format!(
        "{o}.corrects_id IS NULL AND EXISTS (SELECT 1 FROM outcome_confirmation oc WHERE oc.outcome_id = {o}.id \
         AND oc.decision = 'confirmed'{confirmed}) AND NOT EXISTS (SELECT 1 FROM outcome k \
         JOIN outcome_confirmation kc ON kc.outcome_id = k.id WHERE k.corrects_id = {o}.id \
         AND kc.decision = 'confirmed'{countered})"
    )
}

/// The sum of the amounts `x.fen`.
pub const SUM: &str = "CAST(COALESCE(SUM(x.fen), 0) AS BIGINT)";

/// How sure a sum of amounts is, by `x.qualifier` and as [`qualifier`] reads it: "over" if any part is, else "at least" if
/// any is, else the weakest (`platform::money`).
pub const WEAKEST: &str = "CAST(COALESCE(MAX(CASE x.qualifier WHEN 'over' THEN 4 WHEN 'at_least' THEN 3 \
    WHEN 'estimated' THEN 2 WHEN 'about' THEN 1 ELSE 0 END), 0) AS BIGINT)";

/// The qualifier of a sum, from what [`WEAKEST`] gives.
pub fn qualifier(weakest: i64) -> Qualifier {
    match weakest {
        4 => Qualifier::Over,
        3 => Qualifier::AtLeast,
        2 => Qualifier::Estimated,
        1 => Qualifier::About,
        _ => Qualifier::Exact,
    }
}

/// The place of an amount's basis in the order of preference (`platform::money`), 0 the best.
pub fn basis_rank(alias: &str) -> String {
    let whens: String = Basis::ALL
        .iter()
        .enumerate()
        .map(|(n, basis)| format!(" WHEN '{}' THEN {n}", basis.as_str()))
        .collect();
    format!("(CASE {alias}.basis{whens} ELSE {} END)", Basis::ALL.len())
}

/// The condition that of a case's values in a year the entry `o` is the one that counts: the preferred basis, then
/// the newest. The values of a matter that went on in another case (并案) are values of that case.
pub fn value_condition(as_at: AsAt) -> String {
    let (mine, theirs, other) = (basis_rank("o"), basis_rank("v"), counts("v", as_at));
    let (own, case) = (case_in_which_it_went_on("o.case_id", as_at), case_in_which_it_went_on("m.id", as_at));
    format!(
        "NOT EXISTS (SELECT 1 FROM agency_case m CROSS JOIN outcome v WHERE (m.id = {own} OR m.merged_into = {own}) \
         AND {case} = {own} AND v.case_id = m.id AND v.kind = 'case_value' AND v.year = o.year AND v.id <> o.id AND {other} AND ({theirs} < {mine} OR ({theirs} = {mine} \
         AND (v.happened_on > o.happened_on OR (v.happened_on = o.happened_on AND v.seq > o.seq)))))"
    )
}

/// The identity that the row `i` of `outcome_identity` names: of rows that are the same person or site by their key,
/// the first that became known. Later rows never change which earlier ones are the same.
pub fn identity() -> &'static str {
    "COALESCE(CASE WHEN i.kind = 'site' THEN \
     (SELECT s2.id FROM site s1 JOIN site s2 ON s2.match_key = s1.match_key \
     WHERE s1.id = i.identity_id AND s1.match_key <> '' ORDER BY s2.id LIMIT 1) ELSE \
     (SELECT s2.id FROM subject s1 JOIN subject s2 ON s2.kind = s1.kind AND s2.match_key = s1.match_key \
     WHERE s1.id = i.identity_id AND s1.match_key <> '' ORDER BY s2.id LIMIT 1) END, i.identity_id)"
}

/// What makes two namings of one identity in a year two things: a site counts once per raid, a person once.
pub fn raid_day() -> &'static str {
    "CASE WHEN o.kind = 'site_raided' THEN CAST(o.happened_on AS TEXT) ELSE '' END"
}
