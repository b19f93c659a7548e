//! The house as the code has it: imports go leftwards, each kind of file keeps to its job, no file outgrows its room.

mod handover;
mod tables;
mod words;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// From left to right; a file may name its own room and those before it.
const ROOMS: &[&str] = &[
    "platform",
    "audit",
    "directory",
    "access",
    "casework/lead",
    "casework/subject",
    "casework/evidence",
    "casework/dossier",
    "casework/approval",
    "handover",
    "outcome",
    "operation",
    "reporting",
    "demo",
    "app",
    "cli",
];

/// Kinds of file and the crates that they never use.
const NEVER: &[(&str, &[&str])] = &[
    ("model.rs", &["diesel", "actix_web", "askama", "lettre"]),
    ("store.rs", &["actix_web", "askama", "lettre"]),
    ("actions.rs", &["actix_web", "askama", "lettre"]),
    ("pages.rs", &["diesel", "lettre"]),
    ("web.rs", &["diesel", "lettre"]),
    ("api.rs", &["diesel", "lettre", "askama"]),
];

/// Longest source file, in lines.
const LONGEST: usize = 400;

fn sources() -> Vec<(String, String)> {
    let found = files("src", "rs");
    assert!(found.len() > 100, "the sources were not found");
    found
}

fn templates() -> Vec<(String, String)> {
    files("templates", "html")
}

/// The files with an ending below a folder of the project: their names below it, and their text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, ending: &str, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, ending, out);
            } else if path.extension().is_some_and(|e| e == ending) {
                out.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Vec::new();
    walk(&root, ending, &mut files);
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

/// Where a file or a `crate::` path belongs: its place among the rooms.
fn room_of(path: &str) -> Option<usize> {
    ROOMS.iter().position(|room| {
        path == *room || path.starts_with(&format!("{room}/")) || path == format!("{room}.rs")
    })
}

/// The rooms that a source names by `crate::a::b` paths, grouped `use`s included. Test modules may look anywhere.
fn named_rooms(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code: String =
        code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut named = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            named.extend(members(group));
        } else {
            let path: String =
                rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
            let path = path.trim_end_matches(':').replace("::", "/");
            if let Some(group) = rest.strip_prefix("casework::{") {
                named.extend(members(group).into_iter().map(|m| format!("casework/{m}")));
            } else {
                named.push(path);
            }
        }
    }
    named
}

/// The members of a `{…}` group at its first level, with the second level for `casework`.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut word, mut out) = (0i32, String::new(), Vec::new());
    for ch in group.chars() {
        match ch {
            '{' => {
                if depth == 0 && word.trim() == "casework::" {
                    let start = group.find("casework::{").unwrap_or(0) + "casework::{".len();
                    out.extend(members(&group[start..]).into_iter().map(|m| format!("casework/{m}")));
                }
                depth += 1;
            }
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(std::mem::take(&mut word));
                continue;
            }
            _ => {}
        }
        if depth == 0 && ch != '}' {
            word.push(ch);
        }
    }
    out.push(word);
    out.into_iter()
        .map(|w| w.trim().trim_end_matches(':').replace("::", "/"))
        .filter(|w| !w.is_empty() && w != "casework")
        .collect()
}

#[test]
fn imports_go_leftwards() {
    let mut faults = Vec::new();
    let mut seen = BTreeMap::new();
    for (name, text) in sources() {
        let Some(own) = room_of(&name) else {
            let is_root = matches!(
                name.as_str(),
                "lib.rs"
                    | "main.rs"
                    | "casework/mod.rs"
                    | "handover/mod.rs"
                    | "reporting/mod.rs"
                    | "directory/mod.rs"
            );
            assert!(is_root, "src/{name} stands in no known room");
            continue;
        };
        *seen.entry(ROOMS[own]).or_insert(0) += 1;
        for path in named_rooms(&text) {
            if let Some(other) = room_of(&path)
                && other > own
            {
                faults.push(format!("src/{name} names crate::{}", path.replace('/', "::")));
            }
        }
    }
    for room in ROOMS {
        assert!(seen.contains_key(room), "no file stands in {room}: the rule is out of date");
    }
    assert!(faults.is_empty(), "imports against the way:\n{}", faults.join("\n"));
}

#[test]
fn each_kind_of_file_keeps_to_its_job() {
    let sources = sources();
    let mut faults = Vec::new();
    for (kind, crates) in NEVER {
        let files: Vec<_> = sources
            .iter()
            .filter(|(name, _)| name.ends_with(&format!("/{kind}")) && !name.starts_with("platform/"))
            .collect();
        assert!(!files.is_empty(), "no file is called {kind}: the rule is out of date");
        for (name, text) in files {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for forbidden in *crates {
                if code.contains(&format!("use {forbidden}")) || code.contains(&format!("{forbidden}::")) {
                    faults.push(format!("src/{name} uses {forbidden}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "wrong tools in hand:\n{}", faults.join("\n"));
}

#[test]
fn no_file_outgrows_its_room() {
    let long: Vec<String> = sources()
        .into_iter()
        // One list of tables, as diesel wants it.
        .filter(|(name, _)| name != "platform/db/schema.rs")
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(name, lines)| format!("src/{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "split by capability:\n{}", long.join("\n"));
}

#[test]
fn no_file_speaks_to_the_database_and_to_the_browser() {
    let names =
        |text: &str, tool: &str| text.contains(&format!("use {tool}")) || text.contains(&format!("{tool}::"));
    let faults: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            names(code, "diesel") && ["actix_web", "askama"].iter().any(|tool| names(code, tool))
        })
        .map(|(name, _)| name)
        .collect();
    assert!(faults.is_empty(), "queries beside pages or handlers: {faults:?}");
}

/// Acts, jobs, queries and rules take nothing from what answers a browser: what both need stands in a file of its own.
#[test]
fn what_answers_no_browser_takes_nothing_from_what_does() {
    let is_web = |name: &str| name == "web" || name.ends_with("_web") || name.starts_with("web_");
    let last_name = |text: &str| text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().map(is_web);
    let (mut silent, mut faults) = (0, Vec::new());
    for (name, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if code.contains("actix_web") {
            continue;
        }
        silent += 1;
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if line.match_indices("::").any(|(at, _)| last_name(&line[..at]) == Some(true)) {
                faults.push(format!("src/{name}: {}", line.trim()));
            }
        }
    }
    assert!(silent > 200, "the files were not found: {silent}");
    assert!(faults.is_empty(), "these take from handlers:\n{}", faults.join("\n"));
}

#[test]
fn the_backend_is_asked_for_in_one_place() {
    let faults: Vec<String> = sources()
        .into_iter()
        .filter(|(name, text)| {
            !name.starts_with("platform/db/")
                && (text.contains("Connection::Sqlite(") || text.contains("Connection::Postgres("))
        })
        .map(|(name, _)| name)
        .collect();
    assert!(faults.is_empty(), "these ask which database it is: {faults:?}");
}

/// Two rooms keep what a form and what a request of the API was answered in one table.
const SHARED: &[&str] = &["idempotency"];

#[test]
fn rows_are_added_by_the_room_whose_table_it_is() {
    let mut writers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, text) in sources() {
        // The loader writes past rows of every room.
        let Some(room) = room_of(&name).map(|n| ROOMS[n]).filter(|room| *room != "demo") else { continue };
        for rest in text.split("insert_into(").skip(1) {
            let table: String =
                rest.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let rooms = writers.entry(table).or_default();
            if !rooms.contains(&room) {
                rooms.push(room);
            }
        }
    }
    assert!(writers.len() > 40, "the tables were not found: {writers:?}");
    writers.retain(|table, rooms| rooms.len() > 1 && !SHARED.contains(&table.as_str()));
    assert!(writers.is_empty(), "tables with more than one room: {writers:?}");
}

/// Acts wait for each other, so whatever is searched inside of one keeps everybody waiting: a list or a file is read
/// first, and put on record in an act of its own.
#[test]
fn lists_and_files_are_read_beside_the_acts() {
    let mut faults = Vec::new();
    let mut acts = 0;
    for (name, text) in sources() {
        for act in text.split(".write(me.origin(), ").skip(1).filter_map(|rest| rest.split(".await").next()) {
            acts += 1;
            let is_list = act.contains(".list\"") || act.contains(".export\"");
            if act.contains("PAGE") || act.contains("tx.conn()") && is_list {
                faults.push(format!("src/{name}: {}", act.lines().take(4).collect::<String>()));
            }
        }
    }
    assert!(acts > 40, "the acts were not found: {acts}");
    assert!(faults.is_empty(), "read while everybody waits:\n{}", faults.join("\n"));
}

/// Who signs in, comes by a link or sets up a second factor has no account that a word could be kept for; signing out twice
/// is signing out, and a language that is chosen twice is chosen; the form that is given back has the word in its address.
const WITHOUT_A_WORD: &[&str] = &[
    "directory/people/invitation.html",
    "directory/people/login.html",
    "directory/people/login_second_factor.html",
    "directory/people/proof.html",
    "directory/people/second_factor_new.html",
    "directory/people/signed_out.html",
    "layout/base.html",
    "layout/macros.html",
    "layout/plain.html",
];

#[test]
fn every_form_that_does_something_acts_once() {
    let mut faults = Vec::new();
    let mut forms = 0;
    for (name, text) in templates() {
        for tag in text.split("<form ").skip(1).map(|rest| rest.split("\">").next().unwrap_or_default()) {
            if tag.contains("method=\"post\"") && !WITHOUT_A_WORD.contains(&name.as_str()) {
                forms += 1;
                if !tag.contains("c.once()") && !tag.contains(".posts(") {
                    faults.push(format!("{name}: {tag}"));
                }
            }
        }
    }
    assert!(forms > 40, "the forms were not found: {forms}");
    assert!(faults.is_empty(), "sent twice, these act twice:\n{}", faults.join("\n"));
}

/// A page with a heading of its own keeps the way to its part of the guide.
#[test]
fn every_heading_has_the_way_to_the_guide_beside_it() {
    let is_headed = |text: &str| text.contains("layout/base.html") && text.contains("block heading");
    let headed: Vec<_> = templates().into_iter().filter(|(_, text)| is_headed(text)).collect();
    let without =
        headed.iter().filter(|(_, text)| !text.contains("</h1>{% include \"layout/page_help.html\" %}"));
    let without: Vec<&String> = without.map(|(name, _)| name).collect();
    assert!(headed.len() > 5 && without.is_empty(), "no way to the guide: {without:?}");
}
