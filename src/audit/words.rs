//! How the log's verbs and the kinds of its objects are called on pages. Pure.

use crate::platform::i18n::{self, Lang};

/// What happened, in words: `lead.submit` by the message `verb-lead-submit`; the verb itself where it has none.
pub fn verb_title(lang: Lang, verb: &str) -> String {
    let key = format!("verb-{}", verb.replace(['.', '_'], "-"));
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { verb.to_owned() }
}

/// What happened, in words; where the log has no act of its own for it, but only that somebody was refused at an address
/// (`page.view`, `page.act`), what that is. `route`: its pattern as the router has it.
pub fn title(lang: Lang, verb: &str, route: Option<&str>) -> String {
    let key = match (verb, route) {
        ("page.view", Some(_)) => "tried-view",
        ("page.act", Some(_)) => "tried-act",
        _ => return verb_title(lang, verb),
    };
    match route.and_then(|route| place(lang, route)) {
        Some(place) => i18n::t_with(lang, key, &[("place", place)]),
        None => i18n::t(lang, &format!("{key}-elsewhere")),
    }
}

/// An address in words, from the whole to the part; `None` where a part of it has none.
fn place(lang: Lang, route: &str) -> Option<String> {
    let word = |part: &str| {
        let key = format!("route-{part}");
        i18n::has(lang, &key).then(|| i18n::t(lang, &key))
    };
    let mut words = Vec::new();
    for part in route.split('/').filter(|part| !matches!(*part, "" | "v1")) {
        match part.strip_prefix('{') {
            None => words.push(word(part.split(['.', '{']).next().unwrap_or_default())?),
            // Which one of a few words stands there is not told by the pattern; whatever else stands there is an id.
            Some(parameter) => {
                let choice = parameter.split_once(':').map_or("", |(_, choice)| choice.trim_end_matches('}'));
                if choice.starts_with(|c: char| c.is_ascii_lowercase()) {
                    let words_of = choice.split('|').map(word).collect::<Option<Vec<_>>>()?;
                    words.push(words_of.join(&lang.comma()));
                }
            }
        }
    }
    if words.is_empty() { word("home") } else { Some(words.join(" › ")) }
}

/// What kind of thing an object is, in words.
pub fn object_name(lang: Lang, kind: &str) -> String {
    let key = format!("object-{}", kind.replace('_', "-"));
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { kind.to_owned() }
}

/// Who did it, where the name on record is no person's: each part of the program by its own word, as `system:cli`, which
/// a human at the machine ran, by `audit-actor-cli`; whatever has none as it is on record.
pub fn actor_name(lang: Lang, on_record: &str) -> String {
    let key = format!("audit-actor-{}", on_record.strip_prefix("system:").unwrap_or(on_record));
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { on_record.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_the_program_are_told_apart() {
        assert_eq!(actor_name(Lang::Zh, "system:cli"), "命令行");
        assert_eq!(actor_name(Lang::En, "system:worker"), "Background work");
        assert_eq!(actor_name(Lang::Zh, "system:other"), "system:other");
    }

    #[test]
    fn a_verb_is_named_in_both_languages_and_an_unknown_one_by_itself() {
        assert_eq!(verb_title(Lang::Zh, "lead.submit"), "提交审核");
        assert_eq!(verb_title(Lang::En, "outcome.take_back"), "Counter-entry proposed");
        assert_eq!(verb_title(Lang::Zh, "no.such"), "no.such");
    }

    #[test]
    fn what_was_tried_is_told_by_the_parts_of_its_route() {
        let zh = |verb: &str, route: &str| title(Lang::Zh, verb, Some(route));
        assert_eq!(zh("page.view", "/leads/{id}"), "查看页面“线索”");
        assert_eq!(zh("page.act", "/leads/{id}/comments/{comment}/take-back"), "操作“线索 › 评论 › 收回”");
        assert_eq!(zh("page.view", "/evidence/{id}/custody.{format}"), "查看页面“证据 › 保管记录”");
        let answers = "/transfers/{id}/{verb:refuse|return|not-file|supplement}";
        assert_eq!(zh("page.act", answers), "操作“移送 › 不予受理、退回、不予立案、要求补充材料”");
        assert_eq!(zh("page.view", "/api/v1/audit/tile/{path:.*}"), "查看页面“接口 › 审计日志 › 日志数据块”");
        assert_eq!(zh("page.view", "/"), "查看页面“待办”");
        assert_eq!(zh("page.view", "none"), "查看系统中的其他页面");
        assert_eq!(zh("lead.submit", "/leads/{id}/submit"), "提交审核");
        assert_eq!(title(Lang::Zh, "page.view", None), "查看页面");
        let en = title(Lang::En, "page.act", Some("/leads/{id}/edit"));
        assert_eq!(en, "Attempted an act: Leads › Edit");
    }
}
