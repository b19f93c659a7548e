//! Whatever is written into the audit log can be read in both languages: every verb has its words.

use std::{collections::BTreeSet, fs, path::Path};

use lead_handoff::{
    app,
    platform::i18n::{self, Lang},
};

/// The verbs that the source writes as a text of its own: `Entry::new("…")`, `entry("…")`.
fn written(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            written(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            for call in ["Entry::new(", "entry("] {
                for rest in text.split(call).skip(1) {
                    let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
                    let verb = rest.split('"').next().unwrap_or_default();
                    let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '_' | '-');
                    if verb.contains('.') && verb.chars().all(plain) {
                        found.insert(verb.to_owned());
                    }
                }
            }
        }
    }
}

/// What the program does by itself or from the machine's own command line; the policy gives it to nobody.
const ITS_OWN: &[&str] = &[
    "audit.erase",
    "backup.create",
    "backup.restore",
    "calendar.import",
    "deadline.reckon",
    "demo.load",
    "demo.row",
    "dossier.freeze",
    "dossier.package",
    "generate.begin",
    "generate.people",
    "key.rotate",
    "region.import",
];

#[test]
fn every_verb_of_the_log_is_declared_or_the_programs_own() {
    let declared: BTreeSet<&str> = app::verbs().iter().map(|verb| verb.name).collect();
    let mut verbs = BTreeSet::new();
    written(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut verbs);
    let idle: Vec<&&str> = ITS_OWN.iter().filter(|verb| declared.contains(**verb)).collect();
    assert!(idle.is_empty(), "given to people after all: {idle:?}");
    verbs.retain(|verb| {
        !declared.contains(verb.as_str()) && !ITS_OWN.contains(&verb.as_str()) && !verb.starts_with("test.")
    });
    assert!(verbs.is_empty(), "nobody may do {verbs:?}");
}

#[test]
fn every_verb_of_the_log_has_words_in_both_languages() {
    let mut verbs: BTreeSet<String> = app::verbs().iter().map(|verb| verb.name.to_owned()).collect();
    written(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut verbs);
    // What a unit test of the log itself writes there.
    verbs.retain(|verb| !verb.starts_with("test."));
    assert!(verbs.len() > 100, "the verbs were not found: {verbs:?}");
    let without: Vec<String> = verbs
        .iter()
        .flat_map(|verb| [(Lang::Zh, verb), (Lang::En, verb)])
        .filter(|(lang, verb)| !i18n::has(*lang, &format!("verb-{}", verb.replace(['.', '_'], "-"))))
        .map(|(lang, verb)| format!("{lang:?} {verb}"))
        .collect();
    assert!(without.is_empty(), "no words for {without:?}");
}
