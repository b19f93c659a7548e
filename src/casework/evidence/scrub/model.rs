//! What a stored file was found to be. Pure.

use crate::platform::{vault::Digests, words::words};

words!(
    /// What is wrong with a stored file.
    Fault {
        /// The store has no such object.
        Missing = "missing",
        /// The object was changed or cut short.
        Damaged = "damaged",
        /// It can be read, and is another file.
        Differs = "differs",
        /// Its key can't be opened.
        Key = "key",
        /// The store answers and does not give it out, however often it is asked.
        Unreadable = "unreadable",
    }
);

/// The word for a file that is as it was stored.
pub const WHOLE: &str = "whole";

/// What a look came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    Whole,
    Faulty(Fault),
    /// The store answers, and did not give it out this time.
    Unreached,
}

impl Finding {
    /// The word in the log and in the bookkeeping.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => WHOLE,
            Self::Faulty(fault) => fault.as_str(),
            Self::Unreached => Fault::Unreadable.as_str(),
        }
    }
}

/// A file that the store did not give out so often is not to be read.
pub const MOST_TRIES: i32 = 3;

/// Seconds until a file that was not given out is asked for again.
pub fn pause(tries: i32) -> i64 {
    600 * i64::from(tries.clamp(1, 6))
}

const DAY: i64 = 86_400;
/// Nothing is read back for so many seconds at most, however long a batch has taken.
const LONGEST_REST: i64 = 6 * 3_600;

/// Seconds after which a file is read back again, where that is to be at least once in so many days: a tenth of them is left
/// for those that are before it.
pub fn due_after(days: u32) -> i64 {
    i64::from(days) * DAY / 10 * 9
}

/// Seconds of a rest at most: of what is left until a file is late not more than half.
pub fn longest_rest(days: u32) -> i64 {
    (i64::from(days) * DAY / 20).min(LONGEST_REST)
}

/// How many files are due in all, where a batch of at most `most` found `found` of them and the one before it left `left`;
/// `None`: they have to be counted. Once for all batches of a round is enough, as there may be millions.
pub fn due_in_all(found: i64, most: i64, left: Option<i64>) -> Option<i64> {
    // Where a batch is not filled there are no others.
    if found < most { Some(found) } else { left.filter(|left| *left >= found) }
}

/// Of so many alarms one mail each leaves within an hour; of a store that is lost as a whole the first ones tell enough.
pub const MOST_MAILS: i64 = 5;

/// Whether a file has the hashes and the size with which it was stored.
pub fn compare(found: &Digests, sha256: &[u8], sm3: &[u8], size: i64) -> Finding {
    let same = found.sha256[..] == *sha256
        && found.sm3[..] == *sm3
        && i64::try_from(found.size).is_ok_and(|found| found == size);
    if same { Finding::Whole } else { Finding::Faulty(Fault::Differs) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::{self, Lang};

    #[test]
    fn a_file_is_the_same_only_by_both_hashes_and_its_size() {
        let found = Digests { sha256: [1; 32], sm3: [2; 32], size: 3 };
        assert_eq!(compare(&found, &[1; 32], &[2; 32], 3), Finding::Whole);
        let differs = Finding::Faulty(Fault::Differs);
        assert_eq!(compare(&found, &[9; 32], &[2; 32], 3), differs);
        assert_eq!(compare(&found, &[1; 32], &[9; 32], 3), differs);
        assert_eq!(compare(&found, &[1; 32], &[2; 32], 4), differs);
    }

    #[test]
    fn whatever_is_found_can_be_said_in_both_languages() {
        for word in Fault::WORDS.iter().chain([&WHOLE]) {
            for lang in Lang::ALL {
                assert!(i18n::has(lang, &format!("evidence-fault-{word}")), "{lang}: {word}");
            }
        }
    }

    #[test]
    fn a_file_is_due_and_a_rest_is_over_before_it_is_late() {
        assert_eq!((due_after(30), longest_rest(30)), (27 * DAY, 6 * 3_600));
        for days in [1, 2, 30, 366] {
            assert!(due_after(days) + 2 * longest_rest(days) <= i64::from(days) * DAY, "{days}");
        }
    }

    #[test]
    fn what_is_due_is_counted_once_a_round() {
        assert_eq!(due_in_all(0, 500, None), Some(0));
        assert_eq!(due_in_all(499, 500, Some(3)), Some(499));
        assert_eq!(due_in_all(500, 500, Some(120_000)), Some(120_000));
        // A new round, and one that others have come to.
        for left in [None, Some(0), Some(499)] {
            assert_eq!(due_in_all(500, 500, left), None, "{left:?}");
        }
    }

    #[test]
    fn what_is_not_given_out_is_asked_for_less_and_less() {
        assert_eq!([0, 1, 2, 3, 100].map(pause), [600, 600, 1_200, 1_800, 3_600]);
    }
}
