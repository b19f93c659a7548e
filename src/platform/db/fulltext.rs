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

fn runs(text: &str) -> Vec<Run> {
    use unicode_normalization::UnicodeNormalization;
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match (runs.last_mut(), is_han(c), c.is_alphanumeric()) {
            (Some(Run::Han(run)), true, _) if open => run.push(c),
            (_, true, _) => runs.push(Run::Han(vec![c])),
            (Some(Run::Word(word)), false, true) if open => word.push(c),
            (_, false, true) => runs.push(Run::Word(c.to_string())),
            (_, false, false) => {}
        }
        open = c.is_alphanumeric();
    }
    runs
}

/// The pieces of a text in their order.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for run in runs(text) {
        match run {
            Run::Han(run) => {
                pieces.extend(run.windows(2).map(String::from_iter));
                pieces.extend(run.last().map(char::to_string));
            }
            Run::Word(word) => {
                let bare = word.trim_start_matches('0');
                if word.bytes().all(|b| b.is_ascii_digit()) && bare.len() < word.len() && !bare.is_empty() {
                    pieces.push(bare.to_owned());
                }
                pieces.push(word);
            }
        }
    }
    pieces
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

/// The question in the database's own words; `None` where nothing is asked. Pieces are letters and digits alone, so
/// that no sign of the query language can get in.
fn question(text: &str, is_sqlite: bool) -> Option<String> {
    let runs = runs(text);
    if runs.is_empty() {
        return None;
    }
    let last = runs.len() - 1;
    let asked = runs.into_iter().enumerate().map(|(n, run)| match (run, is_sqlite) {
        (Run::Han(run), true) if run.len() == 1 => format!("\"{}\" *", run[0]),
        (Run::Han(run), false) if run.len() == 1 => format!("'{}':*", run[0]),
        (Run::Han(run), true) => {
            format!("\"{}\"", run.windows(2).map(String::from_iter).collect::<Vec<String>>().join(" "))
        }
        (Run::Han(run), false) => {
            let pairs = run.windows(2).map(|pair| format!("'{}'", String::from_iter(pair)));
            format!("({})", pairs.collect::<Vec<_>>().join(" <-> "))
        }
        // The last word may still be growing.
        (Run::Word(word), true) if n == last => format!("\"{word}\" *"),
        (Run::Word(word), false) if n == last => format!("'{word}':*"),
        (Run::Word(word), true) => format!("\"{word}\""),
        (Run::Word(word), false) => format!("'{word}'"),
    });
    Some(asked.collect::<Vec<_>>().join(if is_sqlite { " AND " } else { " & " }))
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
        assert_eq!(pieces("假冒表 XS-2016-001184"), ["假冒", "冒表", "表", "xs", "2016", "1184", "001184"]);
        assert_eq!(question("冒表 ABC", true).as_deref(), Some("\"冒表\" AND \"abc\" *"));
        assert_eq!(question("假冒表", false).as_deref(), Some("('假冒' <-> '冒表')"));
        assert_eq!(question("表", true).as_deref(), Some("\"表\" *"));
        assert_eq!(question("'\"*-", true), None);
    }
}
