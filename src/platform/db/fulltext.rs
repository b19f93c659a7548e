//! Finding rows by words. Chinese has no blanks, so texts are cut into pairs of characters; a run of pairs found side
//! by side is the run of characters. The index holds these pieces alone, by the row's integer key, in time order.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};

use super::Connection;
use crate::platform::error::Result;

/// Which texts.
#[derive(Clone, Copy, Debug)]
pub enum Index {
    /// Number and title of leads, by `lead.seq`.
    Leads,
}

impl Index {
    fn table(self) -> &'static str {
        match self {
            Index::Leads => "lead_text",
        }
    }
}

/// A run of Chinese characters, or a word of other letters and digits.
#[derive(Debug, PartialEq, Eq)]
enum Run {
    Han(Vec<char>),
    Word(String),
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Runs that touch each other are one group.
fn groups(text: &str) -> Vec<Vec<Run>> {
    use unicode_normalization::UnicodeNormalization;
    let mut groups: Vec<Vec<Run>> = Vec::new();
    let mut touches = false;
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if !c.is_alphanumeric() {
            touches = false;
            continue;
        }
        if !touches {
            groups.push(Vec::new());
            touches = true;
        }
        let Some(group) = groups.last_mut() else { continue };
        match (group.last_mut(), is_han(c)) {
            (Some(Run::Han(run)), true) => run.push(c),
            (Some(Run::Word(word)), false) => word.push(c),
            (_, true) => group.push(Run::Han(vec![c])),
            (_, false) => group.push(Run::Word(c.to_string())),
        }
    }
    groups
}

/// The pieces of a run: each pair of characters, and the last character so that it can be found by itself.
fn pieces_of(run: &Run) -> Vec<String> {
    match run {
        Run::Han(run) => {
            let pairs = run.windows(2).map(String::from_iter);
            pairs.chain(run.last().map(char::to_string)).collect()
        }
        Run::Word(word) => vec![word.clone()],
    }
}

/// The pieces of a text in their order; behind them numbers without their zeros.
fn pieces(text: &str) -> Vec<String> {
    let groups = groups(text);
    let runs = || groups.iter().flatten();
    let bare = runs().filter_map(|run| match run {
        Run::Word(word) if word.starts_with('0') && word.bytes().all(|b| b.is_ascii_digit()) => {
            Some(word.trim_start_matches('0').to_owned()).filter(|bare| !bare.is_empty())
        }
        _ => None,
    });
    runs().flat_map(pieces_of).chain(bare).collect()
}

/// Puts a row's text into the index, in the place of what was there.
///
/// # Errors
/// Those of the database.
pub fn put(conn: &mut Connection, index: Index, key: i64, text: &str) -> Result<()> {
    let table = index.table();
    let pieces = pieces(text);
    match conn {
        Connection::Sqlite(c) => {
            sql_query(format!("DELETE FROM {table} WHERE rowid = $1")).bind::<BigInt, _>(key).execute(c)?;
            sql_query(format!("INSERT INTO {table} (rowid, body) VALUES ($1, $2)"))
                .bind::<BigInt, _>(key)
                .bind::<Text, _>(pieces.join(" "))
                .execute(c)?;
        }
        Connection::Postgres(c) => {
            let words: Vec<String> =
                pieces.iter().enumerate().map(|(n, piece)| format!("'{piece}':{}", n + 1)).collect();
            sql_query(format!(
                "INSERT INTO {table} (seq, body) VALUES ($1, $2::tsvector) \
                 ON CONFLICT (seq) DO UPDATE SET body = excluded.body"
            ))
            .bind::<BigInt, _>(key)
            .bind::<Text, _>(words.join(" "))
            .execute(c)?;
        }
    }
    Ok(())
}

/// The pieces that must stand side by side for a group, and whether the last may be the beginning of a longer one.
fn phrase(group: &[Run]) -> (Vec<String>, bool) {
    let mut pieces: Vec<String> = group.iter().flat_map(pieces_of).collect();
    match group.last() {
        // A pair says all about its second character: what comes after it is not asked.
        Some(Run::Han(run)) if run.len() > 1 => {
            pieces.pop();
            (pieces, false)
        }
        _ => (pieces, true),
    }
}

/// The question in the database's own words; `None` where nothing is asked. Pieces are letters and digits alone, so
/// that no sign of the query language can get in.
fn question(text: &str, is_sqlite: bool) -> Option<String> {
    let groups = groups(text);
    let asked: Vec<String> = groups
        .iter()
        .map(|group| {
            let (pieces, grows) = phrase(group);
            if is_sqlite {
                return format!("\"{}\"{}", pieces.join(" "), if grows { " *" } else { "" });
            }
            let quoted: Vec<String> = pieces.iter().map(|piece| format!("'{piece}'")).collect();
            format!("({}{})", quoted.join(" <-> "), if grows { ":*" } else { "" })
        })
        .collect();
    if asked.is_empty() { None } else { Some(asked.join(if is_sqlite { " AND " } else { " & " })) }
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = BigInt)]
    key: i64,
}

/// Keys of the rows that hold all the words of `text`, strictly between `above` and `below`, newest first or oldest
/// first, at most `limit`. `None`: `text` holds no word.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut Connection,
    index: Index,
    text: &str,
    (above, below): (i64, i64),
    newest_first: bool,
    limit: i64,
) -> Result<Option<Vec<i64>>> {
    let table = index.table();
    let is_sqlite = matches!(conn, Connection::Sqlite(_));
    let Some(question) = question(text, is_sqlite) else { return Ok(None) };
    let (key, matches) = if is_sqlite {
        ("rowid", format!("{table} MATCH $1"))
    } else {
        ("seq", "body @@ $1::tsquery".into())
    };
    let order = if newest_first { "DESC" } else { "ASC" };
    let rows: Vec<Key> = sql_query(format!(
        "SELECT {key} AS key FROM {table} WHERE {matches} AND {key} > $2 AND {key} < $3 \
         ORDER BY {key} {order} LIMIT $4"
    ))
    .bind::<Text, _>(question)
    .bind::<BigInt, _>(above)
    .bind::<BigInt, _>(below)
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    Ok(Some(rows.into_iter().map(|row| row.key).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_cut_in_pairs_and_numbers_are_found_without_their_zeros() {
        assert_eq!(pieces("假冒表 XS-2016-001184"), ["假冒", "冒表", "表", "xs", "2016", "001184", "1184"]);
        assert_eq!(question("冒表 ABC", true).as_deref(), Some("\"冒表\" AND \"abc\" *"));
        assert_eq!(question("假冒表", false).as_deref(), Some("('假冒' <-> '冒表')"));
        assert_eq!(question("第17号", true).as_deref(), Some("\"第 17 号\" *"));
        assert_eq!(question("第17", false).as_deref(), Some("('第' <-> '17':*)"));
        assert_eq!(question("表", true).as_deref(), Some("\"表\" *"));
        assert_eq!(question("'\"*-", true), None);
    }
}
