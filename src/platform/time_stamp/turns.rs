//! Whose turn it is to ask an authority. One that hangs must not keep the workers from all other work: while it is away one
//! stamp tries it, and the others wait without asking; and of those that have not answered one is tried at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::platform::db::Instant;

/// After so many seconds any stamp may try an authority that was away, whatever became of the one that tried it last.
const REST: i64 = 300;

/// What this process knows of authorities. Cheap to clone; the clones know the same.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// By their names; of the others nothing is known yet.
    all: HashMap<String, State>,
    /// Whether one that has not answered last is being asked.
    is_probing: bool,
}

#[derive(Debug)]
enum State {
    Well,
    /// So many times one after the other.
    Away {
        times: u32,
        since: Instant,
    },
}

/// The right to ask, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    name: String,
    is_probe: bool,
}

impl Turns {
    /// The turn of a stamp to ask an authority; `None`: not yet. `is_again`: this stamp has tried before, and has waited
    /// longer each time.
    pub fn take(&self, name: &str, is_again: bool, now: Instant) -> Option<Turn> {
        let mut known = self.known();
        let is_probe = match known.all.get(name) {
            Some(State::Well) => false,
            Some(State::Away { since, .. }) if !is_again && now.seconds_since(*since) < REST => return None,
            Some(State::Away { .. }) | None => true,
        };
        if is_probe && known.is_probing {
            return None;
        }
        known.is_probing |= is_probe;
        Some(Turn { turns: self.clone(), name: name.to_owned(), is_probe })
    }

    /// How many times an authority was away, one after the other.
    pub fn times_away(&self, name: &str) -> u32 {
        match self.known().all.get(name) {
            Some(State::Away { times, .. }) => *times,
            Some(State::Well) | None => 0,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Says what came of it.
    pub fn end(self, has_answered: bool, now: Instant) {
        let times = self.turns.times_away(&self.name);
        let state = if has_answered {
            State::Well
        } else {
            State::Away { times: times.saturating_add(1), since: now }
        };
        self.turns.known().all.insert(self.name.clone(), state);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.is_probe {
            self.turns.known().is_probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_authorities_that_do_not_answer_one_is_tried_at_a_time() {
        let (turns, now) = (Turns::default(), Instant::from_micros(0));
        let first = turns.take("a", false, now).expect("nothing is known of it");
        assert!(turns.take("a", false, now).is_none() && turns.take("b", false, now).is_none());
        first.end(false, now);
        assert_eq!((turns.times_away("a"), turns.times_away("b")), (1, 0));
        // Of the other nothing is known still; a turn that came to no end is over with it.
        drop(turns.take("b", false, now).expect("its turn"));
        let other = turns.take("b", false, now).expect("its turn");
        other.end(true, now);
        let both = [turns.take("b", false, now), turns.take("b", false, now)];
        assert!(both.iter().all(Option::is_some), "one that answers is asked by whoever wants");
    }

    #[test]
    fn while_an_authority_is_away_those_wait_that_have_not_tried_it() {
        let (turns, now) = (Turns::default(), Instant::from_micros(0));
        turns.take("a", false, now).expect("a turn").end(false, now);
        assert!(turns.take("a", false, now.plus_seconds(REST - 1)).is_none());
        let again = turns.take("a", true, now.plus_seconds(10)).expect("one that has waited");
        again.end(false, now.plus_seconds(40));
        assert_eq!(turns.times_away("a"), 2);
        assert!(turns.take("a", false, now.plus_seconds(REST)).is_none());
        let late = turns.take("a", false, now.plus_seconds(40 + REST)).expect("nobody else has tried");
        late.end(true, now);
        assert_eq!(turns.times_away("a"), 0);
        assert!(turns.take("a", false, now).is_some());
    }
}
