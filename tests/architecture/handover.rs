//! The slices of the handover: each keeps its tables, and reads none of a later one.

use super::{files, sources};

/// The slices of the handover with the tables of each, from left to right.
const HANDOVER: &[(&str, &[&str])] = &[
    ("deadline", &["deadline", "deadline_extension"]),
    (
        "transfer",
        &[
            "transfer",
            "transfer_charge",
            "transfer_face",
            "transfer_paper",
            "transfer_seen",
            "transfer_step",
            "supplement_request",
            "forward_request",
        ],
    ),
    (
        "delivery",
        &["delivery", "delivery_key", "handover_receipt", "handover_receipt_text", "scan_replacement"],
    ),
    ("message", &["message", "message_note"]),
    ("extension", &[]),
    ("remedy", &["remedy_step"]),
    ("agency_case", &["agency_case", "case_transfer", "case_joined", "case_paper", "case_step"]),
    ("desk", &[]),
    ("leaving", &[]),
];
/// Kept by triggers alone, and no slice's of the handover: the dossier's stage reads it.
const OF_NO_SLICE: &[&str] = &["dossier_unsent"];
/// The tables of later slices that a slice looks at all the same.
const LOOKED_AT: &[(&str, &str)] = &[("transfer", "delivery")];

/// The migrations that make tables of the handover.
const MADE_IN: [&str; 4] =
    ["_handover/up.sql", "_message_note/up.sql", "_receipt/up.sql", "_delivery_key/up.sql"];

/// The tables of the handover as the migrations of a database make them.
fn handover_tables(database: &str) -> Vec<String> {
    let word =
        |rest: &str| -> String { rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect() };
    let made = files(&format!("migrations/{database}"), "sql");
    made.iter()
        .filter(|(name, _)| MADE_IN.iter().any(|migration| name.ends_with(migration)))
        .flat_map(|(_, text)| text.split("CREATE TABLE ").skip(1).map(word))
        .collect()
}

#[test]
fn every_table_of_the_handover_has_its_slice() {
    let mut housed: Vec<&str> = HANDOVER.iter().flat_map(|(_, tables)| *tables).copied().collect();
    housed.extend(OF_NO_SLICE);
    housed.sort_unstable();
    for database in ["sqlite", "postgres"] {
        let mut made = handover_tables(database);
        made.sort();
        assert_eq!(made, housed, "{database}: made by the migrations, and known here");
    }
}

/// Whether a source reads a table: by diesel, or in SQL of its own after `FROM` or `JOIN`.
pub(super) fn reads(text: &str, table: &str) -> bool {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(table).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + table.len()..]);
        if before.ends_with(is_of_word) || after.starts_with(is_of_word) {
            return false;
        }
        // A text of several lines breaks them with a backslash.
        let spoken = before.trim_end_matches(|c: char| c.is_whitespace() || c == '\\');
        let is_sql = spoken.len() < before.len() && (spoken.ends_with("FROM") || spoken.ends_with("JOIN"));
        is_sql || after.starts_with("::table")
    })
}

#[test]
fn a_read_is_told_from_what_only_looks_like_one() {
    for text in [
        "remedy_step::table.filter(",
        "schema::remedy_step::table",
        "SELECT 1 FROM remedy_step v WHERE",
        "SELECT COUNT(*) FROM remedy_step\"",
        "(SELECT 1 FROM remedy_step)",
        "CROSS JOIN remedy_step ON",
        "SELECT 1 FROM \\\n        remedy_step",
    ] {
        assert!(reads(text, "remedy_step"), "{text}");
    }
    for text in [
        "old_remedy_step::table",
        "FROM remedy_steps",
        "FROM remedy_step_old",
        "remedy_step::verdict",
        "\"remedy_step\"",
        "INSERT INTO remedy_step",
    ] {
        assert!(!reads(text, "remedy_step"), "{text}");
    }
}

#[test]
fn no_slice_of_the_handover_reads_the_tables_of_a_later_one() {
    let (mut faults, mut own_reads) = (Vec::new(), 0);
    let mut looked_at = Vec::new();
    for (name, text) in sources() {
        let Some(own) =
            HANDOVER.iter().position(|(slice, _)| name.starts_with(&format!("handover/{slice}/")))
        else {
            continue;
        };
        own_reads += HANDOVER[own].1.iter().filter(|table| reads(&text, table)).count();
        for table in HANDOVER[own + 1..].iter().flat_map(|(_, tables)| *tables) {
            let pair = (HANDOVER[own].0, *table);
            if !reads(&text, table) {
                continue;
            }
            if LOOKED_AT.contains(&pair) {
                looked_at.push(pair);
            } else {
                faults.push(format!("src/{name} reads {table}"));
            }
        }
    }
    assert!(own_reads > 15, "the tables were not found: {own_reads}");
    assert!(faults.is_empty(), "tables of a later slice:\n{}", faults.join("\n"));
    for pair in LOOKED_AT {
        assert!(looked_at.contains(pair), "nothing looks at {pair:?} any more");
    }
}
