//! What anybody can do again and again without being let in is spoken of at once, and then once in a while with how
//! often it was: on record, but nobody fills the disk with it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::db::Instant;

/// What comes within so many seconds of the first is held back and told together.
pub const WINDOW: u64 = 300;
/// Most groups at one time; what is beyond them shares the group of its sort, which is nobody's.
const MOST: usize = 64;

/// The groups of one process. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Groups(Arc<Mutex<HashMap<String, Group>>>);

#[derive(Debug)]
struct Group {
    ends: Instant,
    held_back: u64,
}

/// What is to be done about one occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Tell it.
    Now,
    /// Come back after so many seconds and tell what [`Groups::take`] gives for this group.
    Later {
        group: String,
        seconds: u64,
        /// Whether it is a shared one: what was held back in it is of many, and may be told of none of them.
        shared: bool,
    },
    /// Somebody comes back for it already.
    Counted,
}

impl Groups {
    /// One more of the kind `key`, of a `sort` that there are few of, at `now`.
    pub fn turn(&self, key: &str, sort: &str, now: Instant) -> Turn {
        // A panic elsewhere leaves counts, which are never half-written.
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        groups.retain(|_, group| group.held_back > 0 || group.ends > now);
        let shared = groups.len() >= MOST && !groups.contains_key(key);
        let others = format!("others {sort}");
        let key = if shared { others.as_str() } else { key };
        let window = i64::try_from(WINDOW).unwrap_or(i64::MAX);
        let Some(group) = groups.get_mut(key) else {
            groups.insert(key.to_owned(), Group { ends: now.plus_seconds(window), held_back: 0 });
            return Turn::Now;
        };
        group.held_back += 1;
        if group.held_back > 1 {
            return Turn::Counted;
        }
        let left = u64::try_from(group.ends.seconds_since(now)).unwrap_or_default();
        Turn::Later { group: key.to_owned(), seconds: left.max(1), shared }
    }

    /// Ends a group; gives how many were held back.
    pub fn take(&self, key: &str) -> u64 {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        groups.remove(key).map_or(0, |group| group.held_back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(group: &str, seconds: u64, shared: bool) -> Turn {
        Turn::Later { group: group.into(), seconds, shared }
    }

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn the_first_is_told_at_once_and_the_others_together() {
        let groups = Groups::default();
        assert_eq!(groups.turn("a", "s", at(0)), Turn::Now);
        assert_eq!(groups.turn("a", "s", at(10)), later("a", WINDOW - 10, false));
        assert_eq!(groups.turn("a", "s", at(20)), Turn::Counted);
        assert_eq!(groups.turn("b", "s", at(20)), Turn::Now);
        assert_eq!(groups.take("a"), 2);
        assert_eq!(groups.turn("a", "s", at(301)), Turn::Now);
    }

    #[test]
    fn a_group_that_held_nothing_back_is_forgotten() {
        let groups = Groups::default();
        assert_eq!(groups.turn("a", "s", at(0)), Turn::Now);
        assert_eq!(groups.turn("a", "s", at(300)), Turn::Now);
    }

    #[test]
    fn many_names_make_no_more_than_so_many_groups_and_what_is_beyond_is_nobodys() {
        let groups = Groups::default();
        let turns: Vec<Turn> = (0..10_000).map(|n| groups.turn(&n.to_string(), "s", at(0))).collect();
        assert_eq!(turns.iter().filter(|turn| **turn == Turn::Now).count(), MOST + 1);
        assert!(turns.contains(&later("others s", WINDOW, true)), "told of none of them");
        // Who was there before the groups were full keeps a group.
        assert_eq!(groups.turn("0", "s", at(1)), later("0", WINDOW - 1, false));
        assert_eq!(groups.take("others s"), 10_000 - (MOST as u64 + 1));
        assert_eq!(groups.turn("late", "t", at(2)), Turn::Now);
        assert_eq!(groups.turn("later", "t", at(2)), later("others t", WINDOW, true));
    }
}
