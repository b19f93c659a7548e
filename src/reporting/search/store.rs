//! The queries, a few a kind, each along an index and no further than the page has room for.

use diesel::{
    QueryableByName,
    dsl::not,
    prelude::*,
    sql_query,
    sql_types::{Binary, Text},
};

use super::model::{Kind, Sought};
use crate::{
    casework::lead::model::{SubjectKind, subject_key},
    directory::people::{Actor, BothSides, CaseReader, DirectoryReader},
    holds,
    platform::{
        db::{
            Connection, Id, along, begins, fulltext,
            schema::{
                access, agency, agency_case, case_joined, dossier, dossier_facts, lead, operation, subject,
                transfer, transfer_face,
            },
        },
        error::Result,
    },
};

/// So many of a kind are shown; one more is read, to know that there are more.
pub const SHOWN: usize = 5;
const MOST: i64 = SHOWN as i64 + 1;
/// So many leads are looked at for a word: some lie in the trash.
const LOOKED_AT: i64 = 40;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub kind: Kind,
    pub id: Id,
    /// Its number or code; empty: it has none.
    pub number: String,
    pub title: String,
    /// Chinese and English name of its agency, or its own; empty: none.
    pub names: (String, String),
    pub synthetic: bool,
    /// Whether the whole number or name was typed.
    pub is_exact: bool,
}

/// What most kinds are read as: id, number, title, names, whether synthetic.
type Row = (Id, String, String, (String, String), bool);

fn hits(kind: Kind, is_exact: bool, rows: Vec<Row>) -> Vec<Hit> {
    let hit = |(id, number, title, names, synthetic): Row| Hit {
        kind,
        id,
        number,
        title,
        names,
        synthetic,
        is_exact,
    };
    rows.into_iter().map(hit).collect()
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Binary)]
    id: Id,
}

/// Ids of rows of `from` (a table with its short name) whose `column` begins with `text`; `with`: a further condition.
fn beginning(
    conn: &mut Connection,
    (short, from): (&str, &str),
    column: &str,
    with: &str,
    text: &str,
) -> Result<Vec<Id>> {
    let column = format!("{short}.{column}");
    let (condition, order) = (begins(conn, &column), along(conn, &column));
    let rows: Vec<Found> = sql_query(format!(
        "SELECT {short}.id AS id FROM {from} {short} WHERE {condition}{with} ORDER BY {order} LIMIT {MOST}"
    ))
    .bind::<Text, _>(text)
    .bind::<Text, _>(format!("{text}{}", char::MAX))
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Everything of that kind that `me` may see, what was typed whole first; at most one more than is shown.
///
/// # Errors
/// Those of the database.
pub fn of_kind(conn: &mut Connection, me: &Actor, kind: Kind, sought: &Sought) -> Result<Vec<Hit>> {
    let may = match kind {
        Kind::Lead | Kind::Subject | Kind::Operation => me.has_any(CaseReader::ROLES),
        Kind::Transfer | Kind::Case | Kind::Dossier => me.has_any(BothSides::ROLES),
        Kind::Agency => me.has_any(DirectoryReader::ROLES),
    };
    if !may || sought.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = match kind {
        Kind::Lead => leads(conn, sought)?,
        Kind::Transfer => transfers(conn, me, sought)?,
        Kind::Dossier => dossiers(conn, me, sought)?,
        Kind::Case => cases(conn, me, sought)?,
        Kind::Agency => agencies(conn, sought)?,
        Kind::Subject => subjects(conn, sought)?,
        Kind::Operation => operations(conn, sought)?,
    };
    // What was typed whole comes first and stands there once.
    let mut seen = std::collections::HashSet::new();
    found.retain(|hit| seen.insert(hit.id));
    found.truncate(SHOWN + 1);
    Ok(found)
}

/// Keys of the newest leads that hold the words, or a part of the number: asked once for all kinds.
///
/// # Errors
/// Those of the database.
pub fn keys(conn: &mut Connection, me: &Actor, sought: &Sought) -> Result<Vec<i64>> {
    // An agency is asked by its own transfers and cases.
    if me.agency.is_some() || sought.is_empty() {
        return Ok(Vec::new());
    }
    let everywhere = (i64::MIN, i64::MAX);
    let found = fulltext::find(conn, fulltext::Index::Leads, &sought.text, everywhere, true, LOOKED_AT)?;
    Ok(found.unwrap_or_default())
}

fn leads(conn: &mut Connection, sought: &Sought) -> Result<Vec<Hit>> {
    type Found = (Id, String, String, bool);
    let as_row =
        |(id, number, title, synthetic): Found| (id, number, title, <(String, String)>::default(), synthetic);
    let columns = (lead::id, lead::number, lead::title, lead::synthetic);
    let whole: Vec<Found> = lead::table
        .filter(lead::number.eq_any(&sought.leads))
        .filter(lead::state.ne("trashed"))
        .order(lead::seq.desc())
        .limit(MOST)
        .select(columns)
        .load(conn)?;
    let part: Vec<Found> = lead::table
        .filter(lead::seq.eq_any(&sought.keys))
        .filter(lead::state.ne("trashed"))
        .order(lead::seq.desc())
        .limit(MOST)
        .select(columns)
        .load(conn)?;
    let mut found = hits(Kind::Lead, true, whole.into_iter().map(as_row).collect());
    found.extend(hits(Kind::Lead, false, part.into_iter().map(as_row).collect()));
    Ok(found)
}

/// The transfers that `me` may see: of an agency its own.
macro_rules! own_transfers {
    ($me:expr) => {{
        let mut query = transfer::table
            .inner_join(agency::table)
            .inner_join(lead::table)
            .inner_join(transfer_face::table)
            .into_boxed();
        if let Some(own) = $me.agency_id() {
            let seen = access::table
                .filter(access::agency_id.eq(own))
                .filter(access::kind.eq("transfer"))
                .select(access::object_id);
            query = query.filter(transfer::agency_id.eq(own)).filter(transfer::id.eq_any(seen));
        }
        query.order(transfer::seq.desc()).limit(MOST).select((
            transfer::id,
            transfer::number,
            transfer_face::title,
            (agency::name_zh, agency::name_en),
            transfer::synthetic,
        ))
    }};
}

fn transfers(conn: &mut Connection, me: &Actor, sought: &Sought) -> Result<Vec<Hit>> {
    let whole: Vec<Row> = own_transfers!(me).filter(transfer::number.eq_any(&sought.transfers)).load(conn)?;
    let mut found = hits(Kind::Transfer, true, whole);
    let part: Vec<Row> = if me.agency.is_some() {
        // An agency knows the number and the title that it was told, and has few of all.
        let called = holds!(transfer::number, &sought.text).or(holds!(transfer_face::title, &sought.text));
        own_transfers!(me).filter(called).load(conn)?
    } else {
        let mut part: Vec<Row> = own_transfers!(me).filter(lead::seq.eq_any(&sought.keys)).load(conn)?;
        let begun = beginning(conn, ("t", "transfer"), "number", "", &sought.code)?;
        part.extend(own_transfers!(me).filter(transfer::id.eq_any(&begun)).load::<Row>(conn)?);
        part
    };
    found.extend(hits(Kind::Transfer, false, part));
    Ok(found)
}

/// Sealed packages and drafts of them by the name of their folder, which stands on their papers.
fn dossiers(conn: &mut Connection, me: &Actor, sought: &Sought) -> Result<Vec<Hit>> {
    let mut query = dossier::table
        .inner_join(agency::table)
        .left_join(dossier_facts::table)
        .filter(dossier::folder.eq_any([sought.folder(), sought.text.clone()]))
        .into_boxed();
    if let Some(own) = me.agency_id() {
        let seen = access::table
            .filter(access::agency_id.eq(own))
            .filter(access::kind.eq("dossier"))
            .select(access::object_id);
        query = query.filter(dossier::agency_id.eq(own)).filter(dossier::id.eq_any(seen));
    }
    type Found = (Id, String, Option<String>, (String, String), bool);
    let rows: Vec<Found> = query
        .order(dossier::id.desc())
        .limit(MOST)
        .select((
            dossier::id,
            dossier::folder,
            dossier_facts::title.nullable(),
            (agency::name_zh, agency::name_en),
            dossier::synthetic,
        ))
        .load(conn)?;
    let as_row = |(id, folder, title, names, synthetic): Found| {
        (id, folder, title.unwrap_or_default(), names, synthetic)
    };
    Ok(hits(Kind::Dossier, true, rows.into_iter().map(as_row).collect()))
}

/// The cases that `me` may see: of an agency its own.
macro_rules! own_cases {
    ($me:expr) => {{
        let mut query = agency_case::table.inner_join(agency::table).into_boxed();
        if let Some(own) = $me.agency_id() {
            let seen = access::table
                .filter(access::agency_id.eq(own))
                .filter(access::kind.eq("case"))
                .select(access::object_id);
            query = query.filter(agency_case::agency_id.eq(own)).filter(agency_case::id.eq_any(seen));
        }
        query.order((agency_case::opened_at.desc(), agency_case::id.desc())).limit(MOST).select((
            agency_case::id,
            agency_case::number,
            agency_case::title,
            (agency::name_zh, agency::name_en),
            agency_case::synthetic,
        ))
    }};
}

fn cases(conn: &mut Connection, me: &Actor, sought: &Sought) -> Result<Vec<Hit>> {
    // As it was typed, and with the marks of an input method made plain.
    let whole: Vec<Row> = own_cases!(me)
        .filter(agency_case::number.eq_any([sought.text.clone(), sought.code.clone()]))
        .load(conn)?;
    let mut found = hits(Kind::Case, true, whole);
    let part: Vec<Row> = if me.agency.is_some() {
        let called = holds!(agency_case::number, &sought.text).or(holds!(agency_case::title, &sought.text));
        own_cases!(me).filter(called).load(conn)?
    } else {
        let mut ids = beginning(conn, ("c", "agency_case"), "number", "", &sought.text)?;
        // All of them, which are as few as the leads: which of them are the newest is not known before they are read.
        let of_leads = case_joined::table
            .inner_join(transfer::table.on(transfer::id.eq(case_joined::transfer_id)))
            .inner_join(lead::table.on(lead::id.eq(transfer::lead_id)))
            .filter(lead::seq.eq_any(&sought.keys))
            .select(case_joined::case_id);
        ids.extend(of_leads.load::<Id>(conn)?);
        ids.sort_unstable();
        ids.dedup();
        own_cases!(me).filter(agency_case::id.eq_any(&ids)).load(conn)?
    };
    found.extend(hits(Kind::Case, false, part));
    Ok(found)
}

fn agencies(conn: &mut Connection, sought: &Sought) -> Result<Vec<Hit>> {
    type Found = (Id, String, (String, String), bool);
    let as_row = |(id, code, names, synthetic): Found| (id, code, String::new(), names, synthetic);
    let columns = (agency::id, agency::code, (agency::name_zh, agency::name_en), agency::synthetic);
    let is_it = || agency::code.eq(&sought.code).or(agency::name_zh.eq(&sought.text));
    let whole: Vec<Found> = agency::table.filter(is_it()).limit(MOST).select(columns).load(conn)?;
    let called = holds!(agency::code, &sought.text)
        .or(holds!(agency::name_zh, &sought.text))
        .or(holds!(agency::name_en, &sought.text));
    let part: Vec<Found> = agency::table
        .filter(called)
        .filter(not(is_it()))
        .order(agency::code)
        .limit(MOST)
        .select(columns)
        .load(conn)?;
    let mut found = hits(Kind::Agency, true, whole.into_iter().map(as_row).collect());
    found.extend(hits(Kind::Agency, false, part.into_iter().map(as_row).collect()));
    Ok(found)
}

/// Companies and shops by the beginning of their name, everybody else by that of their number.
fn subjects(conn: &mut Connection, sought: &Sought) -> Result<Vec<Hit>> {
    let key = subject_key(SubjectKind::Company, &sought.text, "");
    if key.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let kinds: Vec<String> = SubjectKind::ALL.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
    let with = format!(" AND s.kind IN ({})", kinds.join(", "));
    let ids = beginning(conn, ("s", "subject"), "match_key", &with, &key)?;
    type Found = (Id, String, String, String, bool);
    let rows: Vec<Found> = subject::table
        .filter(subject::id.eq_any(&ids))
        .order((subject::match_key, subject::id))
        .select((subject::id, subject::identifier, subject::name, subject::match_key, subject::synthetic))
        .load(conn)?;
    let hit = |(id, number, title, found, synthetic): Found| Hit {
        kind: Kind::Subject,
        id,
        number,
        title,
        names: <(String, String)>::default(),
        synthetic,
        is_exact: found == key,
    };
    Ok(rows.into_iter().map(hit).collect())
}

fn operations(conn: &mut Connection, sought: &Sought) -> Result<Vec<Hit>> {
    type Found = (Id, (String, String), bool);
    let rows: Vec<Found> = operation::table
        .filter(holds!(operation::name_zh, &sought.text).or(holds!(operation::name_en, &sought.text)))
        .order((operation::from_on.desc(), operation::id.desc()))
        .limit(MOST)
        .select((operation::id, (operation::name_zh, operation::name_en), operation::synthetic))
        .load(conn)?;
    let hit = |(id, names, synthetic): Found| Hit {
        kind: Kind::Operation,
        id,
        number: String::new(),
        title: String::new(),
        is_exact: names.0 == sought.text || names.1.eq_ignore_ascii_case(&sought.text),
        names,
        synthetic,
    };
    Ok(rows.into_iter().map(hit).collect())
}
