//! Whatever is written into the audit log can be read in both languages and searched for: every verb has its words, and a
//! kind of act among the choices of the log's page.

use std::{collections::BTreeSet, fs, path::Path};

use lead_handoff::{
    app, audit,
    platform::i18n::{self, Lang},
};

use crate::support::{TestApp, routes};

/// Whether a text of the source can be a verb.
fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '_' | '-');
    text.contains('.') && text.chars().all(plain)
}

fn has_words(lang: Lang, verb: &str) -> bool {
    i18n::has(lang, &format!("verb-{}", verb.replace(['.', '_'], "-")))
}

/// The verbs that the source writes as a text of its own: `Entry::new("…")`, `entry("…")`, and whatever else has the words of
/// a verb. The list of all verbs itself is left out.
fn written(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            written(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") && path.file_name() != Some("app.rs".as_ref()) {
            let text = fs::read_to_string(&path).expect("a source file");
            for call in ["Entry::new(", "Entry::refused(", "entry(", "VERB: &str ="] {
                for rest in text.split(call).skip(1) {
                    let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
                    let verb = rest.split('"').next().unwrap_or_default();
                    if is_plain(verb) {
                        found.insert(verb.to_owned());
                    }
                }
            }
            let others = text.split('"').filter(|text| is_plain(text) && has_words(Lang::Zh, text));
            found.extend(others.map(str::to_owned));
        }
    }
}

/// Every verb that the program can write.
fn all() -> BTreeSet<String> {
    let mut verbs: BTreeSet<String> = app::verbs().iter().map(|verb| verb.name.to_owned()).collect();
    written(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut verbs);
    // What a unit test of the log itself writes there.
    verbs.retain(|verb| !verb.starts_with("test."));
    assert!(verbs.len() > 100, "the verbs were not found: {verbs:?}");
    verbs
}

#[test]
fn every_verb_of_the_log_has_words_in_both_languages() {
    let verbs = all();
    let without: Vec<String> = verbs
        .iter()
        .flat_map(|verb| [(Lang::Zh, verb), (Lang::En, verb)])
        .filter(|(lang, verb)| !has_words(*lang, verb))
        .map(|(lang, verb)| format!("{lang:?} {verb}"))
        .collect();
    assert!(without.is_empty(), "no words for {without:?}");
}

#[test]
fn the_log_knows_every_verb_that_is_written_and_no_other() {
    let known: BTreeSet<String> = app::log_verbs().into_iter().map(str::to_owned).collect();
    let written = all();
    let unknown: Vec<_> = written.difference(&known).collect();
    assert!(unknown.is_empty(), "written, but not in `app::log_verbs`: {unknown:?}");
    let stale: Vec<_> = known.difference(&written).collect();
    assert!(stale.is_empty(), "written nowhere: {stale:?}");
    let declared: BTreeSet<&str> = app::verbs().iter().map(|verb| verb.name).collect();
    let told = app::log_verbs().len() - app::verbs().len() + declared.len();
    assert_eq!(told, known.len(), "the program's own are given to people too");
}

#[tokio::test]
async fn every_verb_can_be_searched_for_and_its_kind_can_be_chosen() {
    let app = TestApp::new().await;
    let auditor = app.sign_in("auditor").await;
    let page = auditor.get("/audit").await.expect(200).text();
    for verb in all() {
        let kind = verb.split('.').next().unwrap_or_default();
        let choice =
            page.split(&format!("<option value=\"{kind}.\">")).nth(1).and_then(|rest| rest.split('<').next());
        let choice = choice.unwrap_or_else(|| panic!("{verb}: no kind of act «{kind}.» can be chosen"));
        assert!(!choice.is_empty() && choice != kind, "{kind}. has no words");
        auditor.get(&format!("/audit?verb={verb}")).await.expect(200).has_not("id=\"errors\"");
        auditor.get(&format!("/audit?verb={kind}.")).await.expect(200).has_not("id=\"errors\"");
    }
    // What the log never holds is no filter.
    for odd in ["bogus.", "lead.bogus", "lead_create", "lead.create.", "page.viewed"] {
        auditor.get(&format!("/audit?verb={odd}")).await.expect(422).has("操作类别：");
        auditor.get(&format!("/audit/export.csv?verb={odd}")).await.expect(422).has("操作类别：");
    }
}

/// Who is refused at an address reads in words what was asked for, and so does whoever reads the log: each part of every
/// route has its word in both languages, and what has none is told in a plain sentence.
#[actix_web::test]
async fn what_was_tried_is_told_in_words_whatever_its_route_is() {
    let patterns = routes::patterns().await;
    assert!(patterns.len() > 150, "the routes were not found: {patterns:?}");
    for lang in Lang::ALL {
        for verb in ["page.view", "page.act"] {
            let other = audit::title(lang, verb, Some("/no-such-page/{id}"));
            assert!(!other.contains('/') && !other.contains("tried-"), "{lang}: {other}");
            for route in &patterns {
                let told = audit::title(lang, verb, Some(route));
                let is_plain = !told.contains(['/', '{', '}']) && !told.contains("route-");
                assert!(told != other && is_plain, "{lang} {route}: {told}");
            }
        }
    }
}

/// The list of mail can be narrowed to any notice, by its name.
#[test]
fn every_notice_has_a_name_in_both_languages() {
    for template in lead_handoff::platform::notice::TEMPLATES {
        for lang in Lang::ALL {
            assert!(i18n::has(lang, &format!("notice-{template}")), "{lang}: {template}");
        }
    }
}
