//! Each table has its room, and no room reads the tables of a later one but where ARCHITECTURE.md says so.

use std::collections::BTreeMap;

use super::{ROOMS, SHARED, handover::reads, room_of, sources};

/// Tables to which no statement of ours adds rows of its own: loaders write them in bulk, triggers keep them, or a statement
/// in SQL does both.
const WRITTEN_OTHERWISE: &[(&str, &[&str])] = &[
    ("platform", &["counter"]),
    ("audit", &["audit_object", "happening"]),
    ("directory", &["bulk_result", "person_mark", "session"]),
    (
        "casework/evidence",
        &[
            "blob",
            "blob_check",
            "evidence",
            "evidence_alarm_open",
            "evidence_sealing_photo",
            "sales_sum",
            "sales_total",
            "scrub_month",
        ],
    ),
    (
        "casework/dossier",
        &["composition_item", "dossier", "dossier_unpacked", "dossier_unsent", "dossier_withheld"],
    ),
    ("handover", &["case_joined", "message_open", "transfer_back", "transfer_face"]),
    ("outcome", &["outcome_open"]),
    ("operation", &["published_figure"]),
];

/// What looks at tables of a later room all the same, each with why in ARCHITECTURE.md.
const LOOKED_AT: &[(&str, &[&str])] = &[
    ("platform/db/once.rs", &["unsent"]),
    ("directory/agencies/store.rs", &["access"]),
    ("directory/people/alarm.rs", &["blob_check", "evidence", "evidence_alarm_open", "lead"]),
    ("directory/people/stamps.rs", &["blob", "dossier_seal", "evidence", "time_stamp"]),
    ("casework/lead/list/handed.rs", &["transfer"]),
    ("casework/lead/list/narrow.rs", &["transfer"]),
    ("casework/lead/list/store.rs", &["review", "transfer"]),
    ("casework/lead/sold.rs", &["sales_table", "sales_total"]),
    ("casework/lead/store.rs", &["dossier", "dossier_facts"]),
    ("casework/evidence/custody.rs", &["composition_item", "dossier", "dossier_withheld"]),
    ("casework/evidence/store.rs", &["composition_item"]),
    // The seals themselves by a condition of `people/stamps`.
    ("casework/evidence/time_stamp/store.rs", &["dossier"]),
    ("casework/dossier/approved.rs", &["approval", "approval_signature"]),
    ("casework/dossier/many.rs", &["review"]),
    ("casework/dossier/store.rs", &["approval"]),
    ("casework/dossier/waiting.rs", &["approval"]),
    ("casework/approval/asked.rs", &["supplement_request", "transfer"]),
    ("casework/approval/earlier.rs", &["deadline"]),
    ("outcome/list.rs", &["operation_member"]),
];

/// All tables, as diesel knows them.
fn tables() -> Vec<String> {
    let schema = sources().into_iter().find(|(name, _)| name == "platform/db/schema.rs").expect("tables").1;
    let named = |part: &str| {
        let head = part.lines().find(|line| line.ends_with(") {"))?;
        head.trim().split(' ').next().map(str::to_owned)
    };
    schema.split("diesel::table! {").skip(1).filter_map(named).collect()
}

/// The room of each table, as its place among the rooms: the one that adds rows to it.
fn rooms() -> BTreeMap<String, usize> {
    let mut rooms = BTreeMap::new();
    for (name, text) in sources() {
        // The loader writes past rows of every room.
        let Some(room) = room_of(&name).filter(|room| ROOMS[*room] != "demo") else { continue };
        for rest in text.split("insert_into(").skip(1) {
            let table: String =
                rest.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            rooms.insert(table, room);
        }
    }
    for (room, tables) in WRITTEN_OTHERWISE {
        let room = ROOMS.iter().position(|one| one == room).expect("a room");
        for table in *tables {
            assert!(rooms.insert((*table).to_owned(), room).is_none(), "{table} has its room by itself");
        }
    }
    rooms
}

#[test]
fn every_table_has_its_room() {
    let (tables, rooms) = (tables(), rooms());
    assert!(tables.len() > 80, "the tables were not found: {tables:?}");
    let homeless: Vec<&String> = tables.iter().filter(|table| !rooms.contains_key(*table)).collect();
    assert!(homeless.is_empty(), "nothing adds rows to these: {homeless:?}");
}

#[test]
fn no_room_reads_the_tables_of_a_later_one() {
    let rooms = rooms();
    let (mut faults, mut looked_at) = (Vec::new(), Vec::new());
    for (name, text) in sources() {
        let Some(own) = room_of(&name) else { continue };
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code = code.join("\n");
        let later = rooms.iter().filter(|(table, room)| **room > own && !SHARED.contains(&table.as_str()));
        for (table, room) in later.filter(|(table, _)| reads(&code, table)) {
            let may =
                LOOKED_AT.iter().any(|(file, tables)| *file == name && tables.contains(&table.as_str()));
            if may {
                looked_at.push((name.clone(), table.clone()));
            } else {
                faults.push(format!("src/{name} reads {table} of {}", ROOMS[*room]));
            }
        }
    }
    assert!(faults.is_empty(), "tables of a later room:\n{}", faults.join("\n"));
    for (file, tables) in LOOKED_AT {
        for table in *tables {
            let is_so = looked_at.iter().any(|(name, looked)| name == file && looked == table);
            assert!(is_so, "src/{file} does not look at {table} any more");
        }
    }
}
