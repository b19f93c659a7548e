//! Reading the log back. Who may read it is decided by the rooms to the right.

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use serde_json::Value;
use tlog_tiles::record_hash;

use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{audit_entry, audit_object, audit_pending, audit_place, audit_private},
    },
    error::Result,
    i18n::Lang,
    keyset::Edge,
};

/// One entry as read.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: Id,
    pub at: Instant,
    pub actor_kind: String,
    pub actor_id: Option<Id>,
    pub actor_name: String,
    pub verb: String,
    pub outcome: String,
    /// The leaf's JSON: `facts`, `objects`, `private_sha256`.
    pub leaf: Value,
    /// RFC 6962 hash of the leaf's stored bytes.
    pub leaf_hash: [u8; 32],
    /// Place in the tree; `None` while waiting.
    pub place: Option<i64>,
}

impl Row {
    /// Facts as name and text.
    pub fn facts(&self) -> Vec<(String, String)> {
        let Some(facts) = self.leaf["facts"].as_object() else { return Vec::new() };
        facts
            .iter()
            .map(|(k, v)| (k.clone(), v.as_str().map_or_else(|| v.to_string(), str::to_owned)))
            .collect()
    }

    /// What happened, in words.
    pub fn title(&self, lang: Lang) -> String {
        super::title(lang, &self.verb, self.leaf["facts"]["route"].as_str())
    }

    /// How many objects the entry is about beyond those that its leaf names; they stand in `audit_object`.
    pub fn more_objects(&self) -> u64 {
        self.leaf["more_objects"]["count"].as_u64().unwrap_or_default()
    }

    /// Objects as kind and id, those that the leaf names.
    pub fn objects(&self) -> Vec<(String, String)> {
        self.named().map(|(kind, id)| (kind.to_owned(), id.to_owned())).collect()
    }

    /// As [`Row::objects`], as they lie in the leaf: a list may have named hundreds of which a page shows a few.
    pub fn named(&self) -> impl Iterator<Item = (&str, &str)> {
        let objects = self.leaf["objects"].as_array().into_iter().flatten();
        objects.filter_map(|o| Some((o[0].as_str()?, o[1].as_str()?)))
    }
}

/// Objects, and verbs: entries about any of these by one of those.
pub type Acts = (Vec<Id>, &'static [&'static str]);

/// What to look for; all parts that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// This entry alone.
    pub id: Option<Id>,
    /// These entries alone; empty: all.
    pub ids: Vec<Id>,
    pub verb_prefix: Option<String>,
    /// By one of these; empty: by whichever.
    pub verbs: &'static [&'static str],
    pub outcome: Option<String>,
    pub actor: Option<Id>,
    /// By one of these; empty: whoever acted.
    pub actors: Vec<Id>,
    pub object: Option<Id>,
    /// About one of these; empty: whatever it is about.
    pub any: Vec<Id>,
    /// About any of these, by one of these verbs.
    pub acts: Option<Acts>,
    pub from: Option<Instant>,
    pub to: Option<Instant>,
    /// Whether the oldest entries come first; else the newest do.
    pub oldest_first: bool,
    /// Where the page begins.
    pub edge: Edge<Id>,
}

type Raw = (Id, Instant, String, Option<Id>, String, String, String, Vec<u8>, Option<i64>);

fn row(raw: Raw) -> Row {
    let (id, at, actor_kind, actor_id, actor_name, verb, outcome, leaf, place) = raw;
    let leaf_hash = record_hash(&leaf).0;
    let leaf = serde_json::from_slice(&leaf).unwrap_or(Value::Null);
    Row { id, at, actor_kind, actor_id, actor_name, verb, outcome, leaf, leaf_hash, place }
}

/// At most `limit` entries from the filter's edge on, in its order; for `Before` against that order.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, filter: &Filter, limit: i64) -> Result<Vec<Row>> {
    if filter.actors.is_empty() {
        return some(conn, filter, limit);
    }
    // Each one's entries lie in order behind an index, those of several together do not.
    let mut rows = Vec::new();
    for actor in &filter.actors {
        let own = Filter { actor: Some(*actor), actors: Vec::new(), ..filter.clone() };
        rows.extend(some(conn, &own, limit)?);
    }
    let rises = filter.oldest_first == filter.edge.is_forward();
    rows.sort_by(|a, b| if rises { a.id.cmp(&b.id) } else { b.id.cmp(&a.id) });
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

/// The entries on a filter, by one actor at most, in no order and from no edge on: what is shown and what is counted.
macro_rules! narrowed {
    // Not a function: nobody can write down the type of what it gives.
    ($entries:expr, $filter:expr) => {{
        let mut query = $entries.into_boxed();
        if let Some(id) = $filter.id {
            query = query.filter(audit_entry::id.eq(id));
        }
        if !$filter.ids.is_empty() {
            query = query.filter(audit_entry::id.eq_any(&$filter.ids));
        }
        if let Some(prefix) = &$filter.verb_prefix {
            let escaped = prefix.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            query = query.filter(audit_entry::verb.like(format!("{escaped}%")).escape('\\'));
        }
        if !$filter.verbs.is_empty() {
            query = query.filter(audit_entry::verb.eq_any($filter.verbs));
        }
        if let Some(outcome) = &$filter.outcome {
            query = query.filter(audit_entry::outcome.eq(outcome.clone()));
        }
        if let Some(actor) = $filter.actor {
            query = query.filter(audit_entry::actor_id.eq(actor));
        }
        if let Some(object) = $filter.object {
            let entries =
                audit_object::table.filter(audit_object::object_id.eq(object)).select(audit_object::entry_id);
            query = query.filter(audit_entry::id.eq_any(entries));
        }
        if !$filter.any.is_empty() {
            let entries = audit_object::table
                .filter(audit_object::object_id.eq_any(&$filter.any))
                .select(audit_object::entry_id);
            query = query.filter(audit_entry::id.eq_any(entries));
        }
        if let Some((objects, verbs)) = &$filter.acts {
            let entries = audit_object::table
                .filter(audit_object::object_id.eq_any(objects))
                .select(audit_object::entry_id);
            query = query.filter(audit_entry::verb.eq_any(*verbs)).filter(audit_entry::id.eq_any(entries));
        }
        if let Some(from) = $filter.from {
            query = query.filter(audit_entry::at.ge(from));
        }
        if let Some(to) = $filter.to {
            query = query.filter(audit_entry::at.lt(to));
        }
        query
    }};
}
pub(super) use narrowed;

/// As [`page`], by one actor at most.
fn some(conn: &mut Connection, filter: &Filter, limit: i64) -> Result<Vec<Row>> {
    let mut query = narrowed!(audit_entry::table.left_join(audit_place::table), filter);
    let rises = filter.oldest_first == filter.edge.is_forward();
    if let Some(id) = filter.edge.key().copied() {
        query =
            if rises { query.filter(audit_entry::id.gt(id)) } else { query.filter(audit_entry::id.lt(id)) };
    }
    query = if rises { query.order(audit_entry::id.asc()) } else { query.order(audit_entry::id.desc()) };
    let rows: Vec<Raw> = query
        .limit(limit)
        .select((
            audit_entry::id,
            audit_entry::at,
            audit_entry::actor_kind,
            audit_entry::actor_id,
            audit_entry::actor_name,
            audit_entry::verb,
            audit_entry::outcome,
            audit_entry::leaf,
            audit_place::place.nullable(),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(row).collect())
}

/// How many entries by the filter's verbs there are in its period; its other parts do not count.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Connection, filter: &Filter) -> Result<i64> {
    let mut query = audit_entry::table.filter(audit_entry::verb.eq_any(filter.verbs)).into_boxed();
    if let Some(from) = filter.from {
        query = query.filter(audit_entry::at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_entry::at.lt(to));
    }
    Ok(query.count().get_result(conn)?)
}

/// Everything on record about one object, newest first, at most `limit`.
///
/// # Errors
/// Those of the database.
pub fn for_object(conn: &mut Connection, object: Id, limit: i64) -> Result<Vec<Row>> {
    page(conn, &Filter { object: Some(object), ..Filter::default() }, limit)
}

/// The first entries about one object, oldest first, at most `limit`.
///
/// # Errors
/// Those of the database.
pub fn first_about(conn: &mut Connection, object: Id, limit: i64) -> Result<Vec<Row>> {
    let edge = Edge::Before(Id::from_bytes([0; 16]));
    page(conn, &Filter { object: Some(object), edge, ..Filter::default() }, limit)
}

/// When an act of this verb was last done; `None`: never.
///
/// # Errors
/// Those of the database.
pub fn last_done(conn: &mut Connection, verb: &str) -> Result<Option<Instant>> {
    let done = audit_entry::table.filter(audit_entry::verb.eq(verb)).filter(audit_entry::outcome.eq("done"));
    Ok(done.order(audit_entry::at.desc()).select(audit_entry::at).first(conn).optional()?)
}

/// When the oldest entry was written that waits for its place; `None`: none waits.
///
/// # Errors
/// Those of the database.
pub fn oldest_waiting(conn: &mut Connection) -> Result<Option<Instant>> {
    let waiting = audit_pending::table.inner_join(audit_entry::table);
    Ok(waiting.order(audit_pending::entry_id).select(audit_entry::at).first(conn).optional()?)
}

/// How many entries there are about one object or by others' acts, each counted once.
///
/// # Errors
/// Those of the database.
pub fn count_about(conn: &mut Connection, object: Id, others: &[Acts; 2]) -> Result<i64> {
    let [(some, by), (more, by_others)] = others;
    let all: Vec<Id> = some.iter().chain(more).copied().chain([object]).collect();
    let acted = audit_object::object_id
        .eq_any(some)
        .and(audit_entry::verb.eq_any(*by))
        .or(audit_object::object_id.eq_any(more).and(audit_entry::verb.eq_any(*by_others)));
    Ok(audit_object::table
        .inner_join(audit_entry::table)
        .filter(audit_object::object_id.eq_any(all))
        .filter(audit_object::object_id.eq(object).or(acted))
        .select(sql::<BigInt>("COUNT(DISTINCT audit_object.entry_id)"))
        .first(conn)?)
}

/// About which of these objects `actor` has done anything by one of these verbs.
///
/// # Errors
/// Those of the database.
pub fn done_about(conn: &mut Connection, actor: Id, verbs: &[&str], objects: &[Id]) -> Result<Vec<Id>> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    Ok(audit_object::table
        .inner_join(audit_entry::table)
        .filter(audit_object::object_id.eq_any(objects))
        .filter(audit_entry::actor_id.eq(actor))
        .filter(audit_entry::verb.eq_any(verbs))
        .filter(audit_entry::outcome.eq("done"))
        .select(audit_object::object_id)
        .distinct()
        .load(conn)?)
}

/// How many entries the log has, counting no further than `limit`.
///
/// # Errors
/// Those of the database.
pub fn count_up_to(conn: &mut Connection, limit: i64) -> Result<i64> {
    let ids: Vec<Id> = audit_entry::table.select(audit_entry::id).limit(limit).load(conn)?;
    Ok(i64::try_from(ids.len()).unwrap_or(limit))
}

/// How many entries ended so (`done`, `refused`), counting no further than `limit`.
///
/// # Errors
/// Those of the database.
pub fn count_outcome_up_to(conn: &mut Connection, outcome: &str, limit: i64) -> Result<i64> {
    let entries = audit_entry::table.filter(audit_entry::outcome.eq(outcome));
    let ids: Vec<Id> =
        entries.order(audit_entry::id.desc()).select(audit_entry::id).limit(limit).load(conn)?;
    Ok(i64::try_from(ids.len()).unwrap_or(limit))
}

/// The first id that an entry of that moment can have: ids begin with their milliseconds.
pub fn first_id_at(at: Instant) -> Id {
    let ms = u64::try_from(at.micros() / 1_000 - 1).unwrap_or_default();
    let mut bytes = [0u8; 16];
    bytes[..6].copy_from_slice(&ms.to_be_bytes()[2..]);
    Id::from_bytes(bytes)
}

/// The leaves of what `actor` did with one object of that kind by this verb since a moment, newest first, at most ten. What
/// is older is not gone through, however much there is of it.
///
/// # Errors
/// Those of the database.
pub fn lately(
    conn: &mut Connection,
    actor: Id,
    verb: &str,
    (kind, object): (&str, Id),
    since: Instant,
) -> Result<Vec<Value>> {
    let leaves: Vec<Vec<u8>> = audit_object::table
        .inner_join(audit_entry::table)
        .filter(audit_object::object_id.eq(object))
        .filter(audit_object::kind.eq(kind))
        .filter(audit_object::entry_id.ge(first_id_at(since)))
        .filter(audit_entry::actor_id.eq(actor))
        .filter(audit_entry::verb.eq(verb))
        .filter(audit_entry::at.ge(since))
        .order(audit_object::entry_id.desc())
        .limit(10)
        .select(audit_entry::leaf)
        .load(conn)?;
    Ok(leaves.iter().map(|leaf| serde_json::from_slice(leaf).unwrap_or(Value::Null)).collect())
}

/// The personal part of an entry; `None` once it was erased.
///
/// # Errors
/// Those of the database.
pub fn private_of(conn: &mut Connection, entry: Id) -> Result<Option<Value>> {
    let body: Option<String> =
        audit_private::table.find(entry).select(audit_private::body).first(conn).optional()?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

/// The personal parts of many entries; erased ones are left out.
///
/// # Errors
/// Those of the database.
pub fn privates_of(
    conn: &mut Connection,
    entries: impl IntoIterator<Item = Id>,
) -> Result<std::collections::HashMap<Id, String>> {
    let ids: Vec<Id> = entries.into_iter().collect();
    let mut found = std::collections::HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(Id, String)> = audit_private::table
            .filter(audit_private::entry_id.eq_any(part))
            .select((audit_private::entry_id, audit_private::body))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The newest entries on a filter, `most` of them at most, of those that came from this network address. One of which the
/// personal part was erased came from nowhere.
///
/// # Errors
/// Those of the database.
pub fn page_from(conn: &mut Connection, filter: &Filter, most: i64, address: &str) -> Result<Vec<Row>> {
    let rows = page(conn, filter, most)?;
    let privates = privates_of(conn, rows.iter().map(|row| row.id))?;
    let is_from = |row: &Row| {
        let body = privates.get(&row.id).and_then(|body| serde_json::from_str::<Value>(body).ok());
        body.is_some_and(|body| body["address"] == address)
    };
    Ok(rows.into_iter().filter(is_from).collect())
}
