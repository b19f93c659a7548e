//! Amounts as people write them.

use unicode_normalization::UnicodeNormalization;

use super::{Fen, Qualifier, numerals::to_digits};

/// Why an amount could not be read. [`MoneyError::key`] is a message key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    Empty,
    /// Not a number with a unit that we know.
    Unreadable,
    /// A comma that is neither a thousands separator nor anything else we can be sure of (`12,50`).
    Comma,
    /// A single figure behind a unit: `3万5` is thirty-five thousand to some and thirty thousand and five to others.
    Tail,
    /// A unit without a figure before it (近亿元).
    NoFigure,
    /// Less than a fen.
    TooFine,
    TooLarge,
}

impl MoneyError {
    pub fn key(self) -> &'static str {
        match self {
            Self::Empty => "error-money-empty",
            Self::Unreadable => "error-money-unreadable",
            Self::Comma => "error-money-comma",
            Self::Tail => "error-money-tail",
            Self::NoFigure => "error-money-no-figure",
            Self::TooFine => "error-money-too-fine",
            Self::TooLarge => "error-money-too-large",
        }
    }
}

/// What was read: the amount, and the qualifier if the words had one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub fen: Fen,
    pub qualifier: Option<Qualifier>,
}

const WORDS: &[(&str, Qualifier)] = &[
    ("不少于", Qualifier::AtLeast),
    ("不低于", Qualifier::AtLeast),
    ("不下于", Qualifier::AtLeast),
    ("no less than", Qualifier::AtLeast),
    ("not less than", Qualifier::AtLeast),
    ("upwards of", Qualifier::AtLeast),
    ("in excess of", Qualifier::Over),
    ("more than", Qualifier::Over),
    ("at least", Qualifier::AtLeast),
    ("超过", Qualifier::Over),
    ("至少", Qualifier::AtLeast),
    ("以上", Qualifier::AtLeast),
    ("over", Qualifier::Over),
    ("超", Qualifier::Over),
    ("逾", Qualifier::Over),
    ("余", Qualifier::Over),
    ("多", Qualifier::Over),
    ("≥", Qualifier::AtLeast),
    (">=", Qualifier::AtLeast),
    (">", Qualifier::Over),
    // `100万+` is said as 超百万 is.
    ("+", Qualifier::Over),
    ("approximately", Qualifier::About),
    ("approx.", Qualifier::About),
    ("about", Qualifier::About),
    ("nearly", Qualifier::About),
    ("around", Qualifier::About),
    ("roughly", Qualifier::About),
    ("circa", Qualifier::About),
    ("ca.", Qualifier::About),
    ("大约", Qualifier::About),
    ("大概", Qualifier::About),
    ("左右", Qualifier::About),
    ("将近", Qualifier::About),
    ("接近", Qualifier::About),
    ("约", Qualifier::About),
    ("近", Qualifier::About),
    ("~", Qualifier::About),
    ("estimated", Qualifier::Estimated),
    ("估计", Qualifier::Estimated),
    ("预计", Qualifier::Estimated),
    ("估算", Qualifier::Estimated),
    ("估", Qualifier::Estimated),
];

const CURRENCY: &[&str] =
    &["人民币", "renminbi", "rmb", "cny", "yuan", "¥", "块钱", "圆", "元整", "元正", "元", "at"];

/// Units in yuan, longest first, so that 万亿 is not read as 万.
const UNITS: &[(&str, i128)] = &[
    ("万亿", 1_000_000_000_000),
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("亿", 100_000_000),
    ("万", 10_000),
    ("千", 1_000),
    ("billion", 1_000_000_000),
    ("million", 1_000_000),
    ("thousand", 1_000),
    ("bn", 1_000_000_000),
    ("m", 1_000_000),
    ("k", 1_000),
    // 3000w, as 万 is typed in haste.
    ("w", 10_000),
];

impl Reading {
    /// Reads `1.2 亿`, `3,000 万`, `1亿2000万`, `三千万元`, `over 30,000,000`, `超3亿`, `¥12.50`, `12元5角`, `CNY 1.43 billion`.
    pub fn parse(text: &str) -> Result<Reading, MoneyError> {
        let text: String = text.nfkc().collect::<String>().trim().to_lowercase();
        if text.is_empty() {
            return Err(MoneyError::Empty);
        }
        let rest =
            to_digits(&text).ok_or(MoneyError::Unreadable)?.replace("个亿", "亿").replace("个万", "万");
        let (mut rest, small) = apart_from_small(&half_of_a_unit(&rest))?;
        if is_span(&rest) {
            return Err(MoneyError::Unreadable);
        }
        let mut qualifier = None;
        for (word, meaning) in WORDS {
            if rest.contains(word) {
                rest = rest.replace(word, " ");
                qualifier = Some(qualifier.map_or(*meaning, |before: Qualifier| before.and(*meaning)));
            }
        }
        for mark in CURRENCY {
            rest = rest.replace(mark, " ");
        }
        let rest: String = rest.split_whitespace().collect();
        let Fen(whole) = sum_of_terms(&rest)?;
        // What is less than a yuan stands behind whole yuan.
        if small > 0 && (whole % 100 != 0 || rest.contains('.')) {
            return Err(MoneyError::Unreadable);
        }
        let fen = whole.checked_add(small).ok_or(MoneyError::TooLarge)?;
        Ok(Reading { fen: Fen(fen), qualifier })
    }
}

/// 半亿 as 0.5亿. Behind a figure, another unit or a word that makes something else of it (大半亿) it stays as it is, and is not
/// read.
fn half_of_a_unit(text: &str) -> String {
    let Some((before, after)) = text.split_once('半') else { return text.to_owned() };
    let is_begun = before.is_empty() || before.ends_with(char::is_whitespace);
    let is_led = before.ends_with(['约', '近', '超', '过', '逾', '于', '少', '计', '算', '估', '币', '¥']);
    let is_alone = !before.contains(|ch: char| ch.is_ascii_digit());
    if is_alone && (is_begun || is_led) && after.starts_with(['亿', '万']) {
        return format!("{before}0.5{after}");
    }
    text.to_owned()
}

/// `12元5角6分` as what stands before the first yuan's end, and 56 fen.
fn apart_from_small(text: &str) -> Result<(String, i64), MoneyError> {
    let Some((whole, small)) = text.rsplit_once('元').filter(|(_, small)| small.ends_with(['角', '分']))
    else {
        return Ok((text.to_owned(), 0));
    };
    let (tens, ones) = match small.split_once('角') {
        Some((tens, "")) => (tens, "0"),
        Some((tens, ones)) => (tens, ones.trim_end_matches('分')),
        None => ("0", small.trim_end_matches('分')),
    };
    let digit = |text: &str| match text.trim().trim_start_matches('0') {
        "" if text.contains('0') => Ok(0),
        one if one.len() == 1 => one.parse::<i64>().map_err(|_| MoneyError::Unreadable),
        _ => Err(MoneyError::Unreadable),
    };
    Ok((format!("{whole}元"), digit(tens)? * 10 + digit(ones)?))
}

/// Whether something stands between two digits that is neither part of a number nor a unit: `50~100万` is two amounts,
/// not 50100万. A blank may stand between groups of three digits (`30 000 000`).
fn is_span(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |c: char| c.is_ascii_digit();
    let mut start = 0;
    while let Some(from) = chars[start..].iter().position(|c| is_digit(*c)).map(|i| start + i) {
        let end =
            chars[from..].iter().position(|c| !(is_digit(*c) || matches!(c, '.' | ','))).map(|i| from + i);
        let Some(end) = end else { return false };
        let Some(next) = chars[end..].iter().position(|c| is_digit(*c)).map(|i| end + i) else {
            return false;
        };
        let between: String = chars[end..next].iter().collect();
        let group = chars[next..].iter().take_while(|c| is_digit(**c)).count();
        let is_blank = between.trim().is_empty();
        if is_blank && (group != 3 || between.chars().count() != 1) {
            return true;
        }
        let is_unit = |word: &str| UNITS.iter().any(|(unit, _)| *unit == word);
        if !is_blank && !is_unit(between.trim()) {
            return true;
        }
        start = next;
    }
    false
}

/// `1亿2000万` as 1 × 亿 + 2000 × 万; the units must fall. How many 亿 there are may be such a sum itself: `1万2000亿`.
fn sum_of_terms(text: &str) -> Result<Fen, MoneyError> {
    let Some((how_many, rest)) = text.split_once('亿').filter(|(how_many, _)| is_of_two_terms(how_many))
    else {
        return sum_of_falling(text);
    };
    let is_tail = rest.len() == 1;
    let Fen(rest) = if rest.is_empty() { Fen(0) } else { sum_of_falling(rest)? };
    if is_tail {
        return Err(MoneyError::Tail);
    }
    if rest >= ONE_YI_IN_FEN {
        return Err(MoneyError::Unreadable);
    }
    // As many yuan as there are 亿, in fen.
    let Fen(how_many) = sum_of_falling(how_many)?;
    let fen = how_many.checked_mul(100_000_000).and_then(|fen| fen.checked_add(rest));
    fen.map(Fen).ok_or(MoneyError::TooLarge)
}

/// 一亿元.
const ONE_YI_IN_FEN: i64 = 10_000_000_000;

/// Whether a number of 亿 is one of 万 and of what is left (`1万2000`): four figures, or a nought before fewer, so that nothing
/// else is meant.
fn is_of_two_terms(text: &str) -> bool {
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('万').is_some_and(|(high, low)| {
        are_digits(high)
            && are_digits(low)
            && (low.len() == 4 || (low.starts_with('0') && (2..=4).contains(&low.len())))
    })
}

fn sum_of_falling(text: &str) -> Result<Fen, MoneyError> {
    let mut rest = text;
    let mut fen: i128 = 0;
    let mut last_unit = i128::MAX;
    let mut has_tail = false;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let (unit, after) = leading_unit(after)?;
        if number.is_empty() && after.is_empty() && last_unit == i128::MAX {
            return Err(MoneyError::NoFigure);
        }
        if unit >= last_unit {
            return Err(MoneyError::Unreadable);
        }
        let term = times(number, unit)?;
        has_tail = unit == 1 && last_unit < i128::MAX && number.len() == 1;
        fen = fen.checked_add(term).ok_or(MoneyError::TooLarge)?;
        last_unit = unit;
        rest = after;
    }
    if last_unit == i128::MAX {
        return Err(MoneyError::Unreadable);
    }
    if has_tail {
        return Err(MoneyError::Tail);
    }
    i64::try_from(fen).map(Fen).map_err(|_| MoneyError::TooLarge)
}

fn leading_unit(text: &str) -> Result<(i128, &str), MoneyError> {
    if text.is_empty() {
        return Ok((1, text));
    }
    UNITS
        .iter()
        .find_map(|(name, unit)| text.strip_prefix(name).map(|after| (*unit, after)))
        .ok_or(MoneyError::Unreadable)
}

/// `number` of `unit` yuan, in fen, exactly.
fn times(number: &str, unit: i128) -> Result<i128, MoneyError> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let groups: Vec<&str> = whole.split(',').collect();
    let well_grouped =
        groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3));
    if !well_grouped || groups[0].is_empty() || fraction.contains(',') {
        return Err(if number.contains(',') { MoneyError::Comma } else { MoneyError::Unreadable });
    }
    let digits = format!("{}{fraction}", groups.concat());
    if fraction.contains('.') || digits.len() > 24 {
        return Err(if digits.len() > 24 { MoneyError::TooLarge } else { MoneyError::Unreadable });
    }
    let value: i128 = digits.parse().map_err(|_| MoneyError::Unreadable)?;
    let scale =
        10_i128.checked_pow(u32::try_from(fraction.len()).unwrap_or(99)).ok_or(MoneyError::TooFine)?;
    let scaled = value.checked_mul(unit * 100).ok_or(MoneyError::TooLarge)?;
    if scaled % scale != 0 {
        return Err(MoneyError::TooFine);
    }
    Ok(scaled / scale)
}
