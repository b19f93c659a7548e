//! Amounts of money in whole fen (分), how sure they are and what they were measured by; reading them as people write
//! them, and adding them up without claiming more than the parts say.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
mod numerals;
mod reading;

pub use reading::{MoneyError, Reading};

use super::i18n::{Lang, t, t_with};

/// The largest amount that is taken, in fen: what a program's numbers hold exactly (2⁵³ − 1).
pub const MOST_FEN: i64 = 9_007_199_254_740_991;

/// An amount in fen; 100 fen are one yuan. Never negative where it comes from [`Reading::parse`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }

    pub fn checked_sub(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).map(Fen)
    }
}

/// `1234567.05`, for machines.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

/// How sure a figure is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    #[default]
    Exact,
    /// So much, or more.
    AtLeast,
    /// More than that.
    Over,
    About,
    Estimated,
}

impl Qualifier {
    pub const ALL: [Qualifier; 5] = [Self::Exact, Self::AtLeast, Self::Over, Self::About, Self::Estimated];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::AtLeast => "at_least",
            Self::Over => "over",
            Self::About => "about",
            Self::Estimated => "estimated",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|qualifier| qualifier.as_str() == text)
    }

    /// Message key of its name, for choices.
    pub fn key(self) -> &'static str {
        match self {
            Self::Exact => "money-qualifier-exact",
            Self::AtLeast => "money-qualifier-at-least",
            Self::Over => "money-qualifier-over",
            Self::About => "money-qualifier-about",
            Self::Estimated => "money-qualifier-estimated",
        }
    }

    /// Message key of an amount so qualified, with the argument `amount`.
    fn amount_key(self) -> Option<&'static str> {
        match self {
            Self::Exact => None,
            Self::AtLeast => Some("money-at-least"),
            Self::Over => Some("money-over"),
            Self::About => Some("money-about"),
            Self::Estimated => Some("money-estimated"),
        }
    }

    /// The qualifier of a sum: "over" if any part is, else "at least" if any is, else the weaker of the two.
    #[must_use]
    pub fn and(self, other: Qualifier) -> Qualifier {
        let weakness = |qualifier| match qualifier {
            Self::Exact => 0,
            Self::About => 1,
            Self::Estimated => 2,
            Self::AtLeast => 3,
            Self::Over => 4,
        };
        if weakness(other) > weakness(self) { other } else { self }
    }
}

/// What an amount was measured by. The order is that of preference where a case has several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Found by a court.
    CourtDetermined,
    /// 非法经营数额: goods made, stored, moved and sold.
    IllegalTurnover,
    /// 销售金额.
    Sales,
    /// 价格认定 of the goods seized.
    Appraised,
    /// 案值 as an authority announced it.
    Announced,
    /// 标价 of the goods on offer.
    ListPrice,
    /// The platform's own estimate.
    PlatformEstimate,
}

impl Basis {
    pub const ALL: [Basis; 7] = [
        Self::CourtDetermined,
        Self::IllegalTurnover,
        Self::Sales,
        Self::Appraised,
        Self::Announced,
        Self::ListPrice,
        Self::PlatformEstimate,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::CourtDetermined => "court_determined",
            Self::IllegalTurnover => "illegal_turnover",
            Self::Sales => "sales",
            Self::Appraised => "appraised",
            Self::Announced => "announced",
            Self::ListPrice => "list_price",
            Self::PlatformEstimate => "platform_estimate",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == text)
    }

    /// Message key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::CourtDetermined => "money-basis-court-determined",
            Self::IllegalTurnover => "money-basis-illegal-turnover",
            Self::Sales => "money-basis-sales",
            Self::Appraised => "money-basis-appraised",
            Self::Announced => "money-basis-announced",
            Self::ListPrice => "money-basis-list-price",
            Self::PlatformEstimate => "money-basis-platform-estimate",
        }
    }
}

impl FromStr for Qualifier {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse(text).ok_or(MoneyError::Unreadable)
    }
}

impl FromStr for Basis {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse(text).ok_or(MoneyError::Unreadable)
    }
}

impl fmt::Display for Qualifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An amount with what is known about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    pub fen: Fen,
    pub qualifier: Qualifier,
    pub basis: Basis,
}

/// The value that counts where one case has several: that of the preferred basis, the first of these.
pub fn preferred(values: &[Amount]) -> Option<&Amount> {
    values.iter().min_by_key(|value| value.basis)
}

/// A sum, with its parts by basis so that a page can say what was added to what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    pub fen: Fen,
    pub qualifier: Qualifier,
    /// In order of preference; more than one entry means that bases are mixed, which the page must say.
    pub by_basis: Vec<(Basis, Fen)>,
}

impl Total {
    /// Adds up; `None` where the sum does not fit.
    pub fn of(parts: impl IntoIterator<Item = Amount>) -> Option<Total> {
        let mut total = Total::default();
        for part in parts {
            total.fen = total.fen.checked_add(part.fen)?;
            total.qualifier = total.qualifier.and(part.qualifier);
            match total.by_basis.iter_mut().find(|(basis, _)| *basis == part.basis) {
                Some((_, sum)) => *sum = sum.checked_add(part.fen)?,
                None => total.by_basis.push((part.basis, part.fen)),
            }
        }
        total.by_basis.sort_by_key(|(basis, _)| *basis);
        Some(total)
    }

    pub fn is_mixed(&self) -> bool {
        self.by_basis.len() > 1
    }
}

/// `超过 30 亿元`, `over CNY 3.0 billion`: rounded to two places, downwards where it says "over" or "at least".
pub fn short(fen: Fen, qualifier: Qualifier, lang: Lang) -> String {
    qualified(short_plain(fen, qualifier, lang), qualifier, lang)
}

/// `超过 3,000,000,000.00 元`, to the fen.
pub fn full(fen: Fen, qualifier: Qualifier, lang: Lang) -> String {
    let number = format!("{}.{:02}", grouped(fen.0.unsigned_abs() / 100), fen.0.unsigned_abs() % 100);
    let sign = if fen.0 < 0 { "-" } else { "" };
    qualified(with_unit(&format!("{sign}{number}"), "money-unit-yuan", lang), qualifier, lang)
}

/// `120,000,000`, `12.50`: as people type an amount, and as it is read again; to the fen where it has any.
pub fn typed(fen: Fen) -> String {
    let (yuan, part) = (grouped(fen.0.unsigned_abs() / 100), fen.0.unsigned_abs() % 100);
    let sign = if fen.0 < 0 { "-" } else { "" };
    if part == 0 { format!("{sign}{yuan}") } else { format!("{sign}{yuan}.{part:02}") }
}

/// `约 1,200,000 元`: as [`typed`], with the word for how sure it is, so that it is read again.
pub fn typed_with(fen: Fen, qualifier: Qualifier, lang: Lang) -> String {
    match qualifier {
        Qualifier::Exact => typed(fen),
        _ => qualified(with_unit(&typed(fen), "money-unit-yuan", lang), qualifier, lang),
    }
}

/// What an exact amount means, however it is typed: `1.2 亿` and `120,000,000` are the same. `None` for what is none.
pub fn meant(text: &str) -> Option<String> {
    Reading::parse(text).ok().filter(|read| read.qualifier.is_none()).map(|read| read.fen.to_string())
}

/// `超过 30.22 亿元（3,022,000,000.00 元）`: as it is read, with what it is to the fen; a small one to the fen alone.
pub fn both(fen: Fen, qualifier: Qualifier, lang: Lang) -> String {
    let least = match lang {
        Lang::Zh => 1_000_000,
        Lang::En => 100_000_000,
    };
    if fen.0.unsigned_abs() < least {
        return full(fen, qualifier, lang);
    }
    let exactly = full(fen, Qualifier::Exact, lang);
    format!("{}{}{exactly}{}", short(fen, qualifier, lang), lang.pick("（", " ("), lang.pick("）", ")"))
}

/// `约 30,000,000.00 元（三千万元）`, `about CNY 30,000,000.00 (CNY 30.0 million)`: to the fen and in words, to see at a
/// glance that what was typed was meant. In English a rounded amount is not given.
pub fn in_words(fen: Fen, qualifier: Qualifier, lang: Lang) -> String {
    let amount = full(fen, qualifier, lang);
    match lang {
        Lang::Zh => {
            numerals::words(fen).map_or_else(|| amount.clone(), |words| format!("{amount}（{words}）"))
        }
        Lang::En => {
            let brief = short(fen, Qualifier::Exact, lang);
            let is_exact = Reading::parse(&brief).is_ok_and(|read| read.fen == fen);
            if is_exact && fen.0 >= 100_000_000 { format!("{amount} ({brief})") } else { amount }
        }
    }
}

/// An amount or a count, as it is written, with the word for how sure it is: the only place where that is put into words,
/// for pages, files and papers.
pub fn qualified(amount: String, qualifier: Qualifier, lang: Lang) -> String {
    match qualifier.amount_key() {
        Some(key) => t_with(lang, key, &[("amount", amount)]),
        None => amount,
    }
}

fn with_unit(number: &str, key: &str, lang: Lang) -> String {
    t_with(lang, key, &[("number", number.to_owned())])
}

fn short_plain(fen: Fen, qualifier: Qualifier, lang: Lang) -> String {
    let units: [(i128, &str); 3] = match lang {
        Lang::Zh => {
            [(10_000_000_000, "money-unit-yi"), (1_000_000, "money-unit-wan"), (100, "money-unit-yuan")]
        }
        Lang::En => [
            (100_000_000_000, "money-unit-billion"),
            (100_000_000, "money-unit-million"),
            (100, "money-unit-yuan"),
        ],
    };
    let value = i128::from(fen.0);
    for (place, (unit, key)) in units.into_iter().enumerate() {
        let hundredths = rounded_hundredths(value, unit, qualifier);
        // A sum that rounds up to the unit above is written in that one, so `unit` is reached after rounding.
        if hundredths.abs() >= 100 || place == 2 {
            let least_places = usize::from(lang == Lang::En && place < 2);
            let keep_both = place == 2 && hundredths % 100 != 0;
            return with_unit(&decimal(hundredths, if keep_both { 2 } else { least_places }), key, lang);
        }
    }
    t(lang, "money-unit-yuan")
}

/// `value / unit` in hundredths: downwards for "at least" and "over" (never to claim more), else to the nearest.
fn rounded_hundredths(value: i128, unit: i128, qualifier: Qualifier) -> i128 {
    let scaled = value * 100;
    match qualifier {
        Qualifier::AtLeast | Qualifier::Over => scaled.div_euclid(unit),
        _ => (scaled + unit / 2).div_euclid(unit),
    }
}

/// Hundredths as `1,234.5`, with at least so many places.
fn decimal(hundredths: i128, least_places: usize) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let whole = u64::try_from(hundredths.abs() / 100).unwrap_or(u64::MAX);
    let fraction = format!("{:02}", hundredths.abs() % 100);
    let mut kept = fraction.trim_end_matches('0').to_owned();
    while kept.len() < least_places {
        kept.push('0');
    }
    let point = if kept.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{kept}", grouped(whole))
}

/// Thousands apart by commas.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
