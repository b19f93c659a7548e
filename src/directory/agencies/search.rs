//! Finding agencies while somebody types: by names, codes, or the sounds of the names.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::listed::Filter;
use crate::{
    directory::reference::asked::BETWEEN,
    platform::{
        db::{Connection, Id, schema::agency},
        error::Result,
        http::Form,
        i18n::Lang,
        pinyin::{self, Fit},
    },
};

/// So many that a text may mean are named.
pub const MEANT: usize = 8;

/// So many names are compared with what somebody types, by their sounds too: more than a country has agencies of these kinds.
pub const HEARD: i64 = 10_000;
/// So many of the others, whose names or codes hold the text as it is typed, come into question.
const MORE: i64 = 200;

/// That part of an agency's name or of its code is a text, or that a name sounds like it; `$sounds`: what [`by_sounds`]
/// finds for the text.
macro_rules! is_called {
    // Not a function: nobody can write down the type of what it gives.
    ($text:expr, $sounds:expr) => {{
        let text: &str = $text;
        $crate::holds!($crate::platform::db::schema::agency::name_zh, text)
            .or($crate::holds!($crate::platform::db::schema::agency::name_en, text))
            .or($crate::holds!($crate::platform::db::schema::agency::code, text))
            .or($crate::platform::db::schema::agency::id.eq_any($sounds))
    }};
}
pub(crate) use is_called;

/// An agency by its names.
#[derive(Clone, Debug, Queryable)]
pub struct Found {
    pub id: Id,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

impl Found {
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }

    /// As a field shows it: its name, and the code that tells it from others of that name.
    pub fn shown(&self, lang: Lang) -> String {
        format!("{}{BETWEEN}{}", self.name(lang), self.code)
    }
}

/// What a text may mean.
#[derive(Clone, Debug)]
pub struct Meant {
    /// Best first, no more than a few.
    pub found: Vec<Found>,
    /// Whether the text says which one it is. What only fits one may have been typed for another.
    pub is_sure: bool,
}

/// The agencies that a text may mean: those that it names, or where it names none what else of it fits one that is not over on
/// `today`. A list goes by one that is found; an act only by one that is sure.
///
/// # Errors
/// Those of the database.
pub fn meant(conn: &mut Connection, text: &str, today: NaiveDate) -> Result<Meant> {
    let found = called(conn, text)?;
    if found.is_empty() {
        return Ok(Meant { found: search(conn, text, today, MEANT)?, is_sure: false });
    }
    Ok(Meant { is_sure: found.len() == 1, found })
}

/// The agencies that a text names: by id, by code, behind a name or alone, or by the whole of a name.
fn called(conn: &mut Connection, text: &str) -> Result<Vec<Found>> {
    let columns = (agency::id, agency::code, agency::name_zh, agency::name_en);
    if let Ok(id) = text.parse::<Id>() {
        return Ok(agency::table.find(id).select(columns).load(conn)?);
    }
    let code = text.rsplit_once(BETWEEN).map_or(text, |(_, code)| code).trim().to_uppercase();
    let by_code: Vec<Found> = agency::table.filter(agency::code.eq(code)).select(columns).load(conn)?;
    if !by_code.is_empty() {
        return Ok(by_code);
    }
    let most = i64::try_from(MEANT).unwrap_or(i64::MAX);
    let is_called = agency::name_zh.eq(text).or(agency::name_en.eq(text));
    Ok(agency::table.filter(is_called).order(agency::code).limit(most).select(columns).load(conn)?)
}

fn named(conn: &mut Connection) -> Result<Vec<Found>> {
    let columns = (agency::id, agency::code, agency::name_zh, agency::name_en);
    Ok(agency::table.select(columns).order(agency::code).load(conn)?)
}

/// Those in being on `day` that come into question for a text: the first `heard` of the directory, and of the others what
/// holds the text itself.
fn living(conn: &mut Connection, text: &str, day: NaiveDate, heard: i64) -> Result<Vec<Found>> {
    let columns = (agency::id, agency::code, agency::name_zh, agency::name_en);
    let in_being = || agency::valid_to.is_null().or(agency::valid_to.assume_not_null().ge(day));
    let all = agency::table.filter(in_being()).order(agency::code).select(columns);
    let mut rows: Vec<Found> = all.limit(heard).load(conn)?;
    let last = rows.last().filter(|_| i64::try_from(rows.len()).is_ok_and(|n| n >= heard));
    if let Some(last) = last.map(|row| row.code.clone()) {
        let others = agency::table.filter(agency::code.gt(last)).filter(in_being());
        let holding = others.filter(is_called!(text, Vec::<Id>::new())).order(agency::code);
        rows.extend(holding.select(columns).limit(MORE).load::<Found>(conn)?);
    }
    Ok(rows)
}

fn ranked(rows: Vec<Found>, text: &str) -> Vec<(Fit, Found)> {
    let code = text.trim().to_uppercase();
    let rank = |row: &Found| {
        let by_code = (!code.is_empty() && row.code.starts_with(&code)).then_some(Fit::Whole);
        by_code.or_else(|| pinyin::fit_words(&[&row.name_zh, &row.name_en], text))
    };
    let mut found: Vec<(Fit, Found)> = rows.into_iter().filter_map(|row| Some((rank(&row)?, row))).collect();
    found.sort_by_key(|(fit, row)| (*fit, row.name_zh.chars().count()));
    found
}

/// The agencies that are not over on `today` and that a text fits, best first.
///
/// # Errors
/// Those of the database.
pub fn search(conn: &mut Connection, text: &str, today: NaiveDate, limit: usize) -> Result<Vec<Found>> {
    search_by(conn, text, today, limit, HEARD)
}

/// As [`search`], where so many names are compared.
///
/// # Errors
/// Those of the database.
pub fn search_by(
    conn: &mut Connection,
    text: &str,
    today: NaiveDate,
    limit: usize,
    heard: i64,
) -> Result<Vec<Found>> {
    let found = ranked(living(conn, text, today, heard)?, text);
    Ok(found.into_iter().take(limit).map(|(_, row)| row).collect())
}

/// The agencies whose names sound like a text in Latin letters, for lists that find the other names by themselves.
///
/// # Errors
/// Those of the database.
pub fn by_sounds(conn: &mut Connection, text: &str) -> Result<Vec<Id>> {
    if !text.chars().any(|ch| ch.is_ascii_alphabetic()) {
        return Ok(Vec::new());
    }
    let found = ranked(named(conn)?, text).into_iter();
    // Two letters are the initials of something within most names.
    let found = found.filter(|(fit, _)| *fit < Fit::WithinByInitials);
    // All of them: a list that left some out would have to say so.
    Ok(found.map(|(_, row)| row.id).collect())
}

/// As [`by_sounds`], and those of whose names a text has words alone, in characters or sounds (广州经侦 of
/// 广州市公安局经侦支队): where somebody looks for one agency, and not for all of a list.
///
/// # Errors
/// Those of the database.
pub fn by_words(conn: &mut Connection, text: &str) -> Result<Vec<Id>> {
    let found = ranked(named(conn)?, text).into_iter();
    Ok(found.filter(|(fit, _)| *fit != Fit::WithinByInitials).map(|(_, row)| row.id).collect())
}

impl Filter {
    /// Looks up what sounds like `q`, for several questions by one filter: all names are compared for it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn hear(&mut self, conn: &mut Connection) -> Result<()> {
        if self.sounds.is_none() {
            self.sounds = Some(by_sounds(conn, &self.q)?);
        }
        Ok(())
    }
}

/// The form's field among `fields` whose matches are asked for, with its text.
pub fn sought(form: &Form, fields: &[&'static str]) -> Option<(&'static str, String)> {
    let field = fields.iter().copied().find(|field| form.seeks(field))?;
    Some((field, form.raw(field).chars().take(100).collect()))
}

/// Found agencies as a fault offers them to choose from (`picks`): each by its code.
pub fn picks(found: &[Found]) -> String {
    let line = |one: &Found| format!("{}\t{}\t{}", one.code, one.shown(Lang::Zh), one.shown(Lang::En));
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Offers what was found for a field that takes an agency's code.
pub fn offer(form: &mut Form, field: &str, found: &[Found]) {
    let line = |row: &Found| {
        let [zh, en] = Lang::ALL.map(|lang| format!("{} {}", row.code, row.name(lang)));
        (row.code.clone(), format!("{zh}\t{en}"))
    };
    form.offer(field, &found.iter().map(line).collect::<Vec<_>>(), "error-pick-none");
}
