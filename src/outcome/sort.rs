//! By what the list of entries is sorted, and where a page of it begins. Pure.
//!
//! An address names the entry beside which a page begins by its id: its place in the ledger would tell an agency how many
//! entries all others had between two visits.

use chrono::{Datelike, NaiveDate};

use super::store::OutcomeRow;

/// By what; ties by the place of the entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The order of recording.
    #[default]
    Entry,
    /// The day of the event.
    Date,
    /// The amount; entries without one come last, whichever way it goes.
    Amount,
}

impl By {
    pub const ALL: [By; 3] = [Self::Entry, Self::Date, Self::Amount];

    /// Its word in the parameter `sort`; a minus before it turns the order round.
    pub fn key(self) -> &'static str {
        match self {
            By::Entry => "entry",
            By::Date => "date",
            By::Amount => "amount",
        }
    }
}

/// The order of a list: newest entry first unless told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub by: By,
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: By::Entry, descending: true }
    }
}

/// What the list goes by at a row (`None`: it has no amount), and the row's place.
pub type Key = (Option<i64>, i64);

impl Sort {
    /// Reads the parameter; `None` for an order that there is none of.
    pub fn parse(text: &str) -> Option<Self> {
        let (descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        let by = By::ALL.into_iter().find(|by| by.key() == word)?;
        Some(Self { by, descending })
    }

    pub fn word(self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.by.key())
    }

    /// What the list goes by at a row, a day counted from the common era, and the row's place.
    pub fn key(self, row: &OutcomeRow) -> Key {
        let by = match self.by {
            By::Entry => Some(row.seq),
            By::Date => Some(row.happened_on.num_days_from_ce().into()),
            By::Amount => row.amount_fen,
        };
        (by, row.seq)
    }
}

/// The day of a key.
pub fn day_of(key: i64) -> NaiveDate {
    i32::try_from(key).ok().and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_is_written() {
        for by in By::ALL {
            for descending in [true, false] {
                let sort = Sort { by, descending };
                assert_eq!(Sort::parse(&sort.word()), Some(sort));
            }
        }
        assert_eq!(Sort::parse("odd"), None);
        let day: NaiveDate = "2016-05-04".parse().unwrap();
        assert_eq!(day_of(day.num_days_from_ce().into()), day);
    }
}
