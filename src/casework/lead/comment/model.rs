//! Whom a comment calls by name, and for how long its author may take it back. Pure.

use crate::platform::{
    db::{Id, Instant},
    error::{AppError, Result},
};

/// The longest comment, in characters.
pub const LONGEST: usize = 4_000;

/// For so long its author may take a comment back, in seconds: a day.
pub const MAY_TAKE_BACK: i64 = 24 * 3600;

/// Somebody who can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub id: Id,
    pub name: String,
    pub username: String,
}

/// Whom a text calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// Each once.
    pub people: Vec<Id>,
    /// Names that several bear and of whom none was ticked.
    pub unclear: Vec<String>,
}

/// The colleagues that `text` calls by `@name` or `@username`, and those that were ticked. Of several names that stand
/// there the longest counts; a word that is nobody's name calls nobody.
pub fn called(text: &str, colleagues: &[Colleague], ticked: &[Id]) -> Called {
    let mut found = Called::default();
    let mut add = |id: Id| {
        if !found.people.contains(&id) {
            found.people.push(id);
        }
    };
    ticked.iter().copied().for_each(&mut add);
    let mut unclear: Vec<String> = Vec::new();
    for (at, sign) in text.match_indices(['@', '＠']) {
        // The middle of a mail address.
        if text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let rest = &text[at + sign.len()..];
        let names = colleagues.iter().flat_map(|one| [one.name.as_str(), one.username.as_str()]);
        let Some(name) = names.filter(|name| stands_at(rest, name)).max_by_key(|name| name.len()) else {
            continue;
        };
        let meant: Vec<Id> = colleagues
            .iter()
            .filter(|one| one.name == name || one.username == name)
            .map(|one| one.id)
            .collect();
        match meant[..] {
            [one] => add(one),
            _ if meant.iter().any(|id| ticked.contains(id)) => {}
            _ => unclear.push(name.to_owned()),
        }
    }
    found.unclear = unclear;
    found
}

/// So many characters of a word that calls nobody are told.
const LONGEST_NAME: usize = 12;

/// The words behind an `@` that are no colleague's name, each once: nobody is called by them.
pub fn unknown(text: &str, colleagues: &[Colleague]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, sign) in text.match_indices(['@', '＠']) {
        let rest = &text[at + sign.len()..];
        let is_address = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let mut names = colleagues.iter().flat_map(|one| [one.name.as_str(), one.username.as_str()]);
        if is_address || names.any(|name| stands_at(rest, name)) {
            continue;
        }
        let is_word = |c: &char| c.is_alphanumeric() || matches!(*c, '_' | '.' | '-');
        let word: String = rest.chars().take_while(is_word).take(LONGEST_NAME).collect();
        if !word.is_empty() && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// Whether a name stands at the beginning of `rest`, and not a longer word that begins alike. Chinese names are written
/// without anything behind them.
fn stands_at(rest: &str, name: &str) -> bool {
    let Some(after) = rest.strip_prefix(name).filter(|_| !name.is_empty()) else { return false };
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !(name.ends_with(is_word) && after.starts_with(is_word))
}

/// Only its author takes a comment back, once, and within a day: what was read and answered stays.
///
/// # Errors
/// `Conflict` that says which of these it is.
pub fn require_takeable(author_id: Id, at: Instant, is_back: bool, me: Id, now: Instant) -> Result<()> {
    if author_id != me {
        Err(AppError::Conflict("conflict-comment-not-yours"))
    } else if is_back {
        Err(AppError::Conflict("conflict-comment-back"))
    } else if now.seconds_since(at) > MAY_TAKE_BACK {
        Err(AppError::Conflict("conflict-comment-late"))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<Colleague> {
        [("李某", "li"), ("李某某", "limoumou"), ("王某", "wang"), ("王某", "wang2")]
            .map(|(name, username)| Colleague { id: Id::new(), name: name.into(), username: username.into() })
            .into()
    }

    #[test]
    fn the_longest_name_is_meant_and_each_is_called_once() {
        let all = people();
        assert_eq!(called("请@李某某看一下，＠李某某！", &all, &[]).people, [all[1].id]);
        assert_eq!(called("@李某 和 @limoumou", &all, &[]).people, [all[0].id, all[1].id]);
        assert_eq!(called("@李某", &all, &[all[0].id]).people, [all[0].id]);
    }

    #[test]
    fn who_is_nobody_and_what_is_an_address_call_nobody() {
        let all = people();
        let text = "@张三 a@wang.example @lime";
        assert_eq!(called(text, &all, &[]), Called::default());
        assert_eq!(unknown(text, &all), ["张三", "lime"]);
        assert!(unknown("@李某 和 @wang，每件 @ 5 元", &all).is_empty());
    }

    #[test]
    fn a_name_of_two_is_asked_for_unless_one_of_them_is_ticked() {
        let all = people();
        assert_eq!(called("@王某 请核对", &all, &[]).unclear, ["王某"]);
        let ticked = called("@王某 请核对", &all, &[all[3].id]);
        assert_eq!((ticked.people, ticked.unclear.len()), (vec![all[3].id], 0));
        assert_eq!(called("@wang2 请核对", &all, &[]).people, [all[3].id]);
    }

    #[test]
    fn a_comment_is_taken_back_by_its_author_within_a_day_and_once() {
        let (me, other, at) = (Id::new(), Id::new(), Instant::from_micros(0));
        let (soon, late) = (at.plus_seconds(MAY_TAKE_BACK), at.plus_seconds(MAY_TAKE_BACK + 1));
        assert!(require_takeable(me, at, false, me, soon).is_ok());
        assert!(require_takeable(me, at, false, me, late).is_err());
        assert!(require_takeable(me, at, true, me, soon).is_err());
        assert!(require_takeable(me, at, false, other, soon).is_err());
    }
}
