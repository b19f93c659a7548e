//! The order of a list as its address says it (`sort`): what it goes by, with a minus before it where it goes downwards.

use super::{link::Query, view::SortHead};
use crate::platform::i18n::{self, Lang};

/// What a list can be sorted by.
pub trait Order: Copy + PartialEq + 'static {
    /// All that it can be sorted by.
    const ALL: &'static [Self];

    /// Its word in the address.
    fn key(self) -> &'static str;

    /// Message key of what it is called, as the head of its column.
    fn label(self) -> &'static str;

    /// Whether words are compared: these go upwards first, days and figures downwards.
    fn is_words(self) -> bool {
        false
    }
}

/// The order of a list; ties are broken by something that no two rows have alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort<B> {
    pub by: B,
    pub descending: bool,
}

impl<B: Order> Sort<B> {
    /// Reads the parameter; `None` for an order that there is none of.
    pub fn parse(text: &str) -> Option<Self> {
        let (descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        let by = B::ALL.iter().copied().find(|by| by.key() == word)?;
        Some(Self { by, descending })
    }

    /// The parameter.
    pub fn word(self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.by.key())
    }

    /// In words, as a file says it.
    pub fn told(self, lang: Lang) -> String {
        let key = if self.descending { "list-falling" } else { "list-rising" };
        i18n::t_with(lang, key, &[("by", i18n::t(lang, self.by.label()))])
    }

    /// The head of the column `by` of a list in this order, be it that of an address that names none.
    pub fn head(self, list: &Query, by: B, lang: Lang) -> SortHead {
        let (list, label) = (list.with("sort", &self.word()), i18n::t(lang, by.label()));
        if by.is_words() {
            SortHead::of_words(label, by.key(), &list)
        } else {
            SortHead::new(label, by.key(), &list)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    enum By {
        #[default]
        Code,
        Day,
    }

    impl Order for By {
        const ALL: &'static [Self] = &[By::Code, By::Day];

        fn key(self) -> &'static str {
            if self == By::Code { "code" } else { "day" }
        }

        fn label(self) -> &'static str {
            if self == By::Code { "number" } else { "created" }
        }

        fn is_words(self) -> bool {
            self == By::Code
        }
    }

    #[test]
    fn an_order_is_read_as_it_is_written() {
        for by in By::ALL.iter().copied() {
            for descending in [true, false] {
                let sort = Sort { by, descending };
                assert_eq!(Sort::parse(&sort.word()), Some(sort));
            }
        }
        assert_eq!(Sort::<By>::parse("up"), None);
        let told = Sort { by: By::Day, descending: true }.told(Lang::Zh);
        assert!(told.contains(&i18n::t(Lang::Zh, "created")), "{told}");
    }

    #[test]
    fn words_go_upwards_first_and_days_downwards() {
        let (list, sort) = (Query::new("/things?q=a&after=7"), Sort::<By>::default());
        let (code, day) = (sort.head(&list, By::Code, Lang::Zh), sort.head(&list, By::Day, Lang::Zh));
        assert_eq!((code.order, code.href.as_str()), ("ascending", "/things?q=a&sort=-code"));
        assert_eq!((day.order, day.href.as_str()), ("none", "/things?q=a&sort=-day"));
        let sort = Sort { by: By::Day, descending: false };
        assert_eq!(sort.head(&list, By::Code, Lang::Zh).href, "/things?q=a&sort=code");
    }
}
