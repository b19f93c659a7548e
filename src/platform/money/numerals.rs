//! Numbers in Chinese characters: read where an amount is typed with them (三千万), written where one is read back.

use super::Fen;

/// Units below ten thousand, the largest first.
const PLACES: [(char, u64); 3] = [('千', 1_000), ('百', 100), ('十', 10)];
const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

fn digit(ch: char) -> Option<u64> {
    Some(match ch {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn place(ch: char) -> Option<u64> {
    match ch {
        '千' | '仟' => Some(1_000),
        '百' | '佰' => Some(100),
        '十' | '拾' => Some(10),
        _ => None,
    }
}

/// The text with its Chinese numerals below ten thousand in figures (`三千五百万` → `3500万`), and 萬, 億 as they are written
/// today. `None` where one could be read in two ways (`三百五`) or is none (`三五万`, which are three to five).
pub(super) fn to_digits(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let is_begun = digit(chars[at]).is_some() || matches!(chars[at], '十' | '拾');
        // Behind a figure 十 is none of ours.
        if !is_begun || out.ends_with(|ch: char| ch.is_ascii_digit()) {
            out.push(match chars[at] {
                '萬' => '万',
                '億' => '亿',
                '佰' => '百',
                '仟' => '千',
                ch => ch,
            });
            at += 1;
            continue;
        }
        let length =
            chars[at..].iter().take_while(|ch| digit(**ch).is_some() || place(**ch).is_some()).count();
        // 零 says that what follows is meant as it stands: 一万零五 is no 一万五.
        if length > 1 && digit(chars[at]) == Some(0) {
            out.push('0');
        }
        out.push_str(&section(&chars[at..at + length])?.to_string());
        at += length;
        if chars.get(at) == Some(&'点') {
            let decimals: String =
                chars[at + 1..].iter().map_while(|ch| digit(*ch)).map(|digit| digit.to_string()).collect();
            if decimals.is_empty() {
                return None;
            }
            at += 1 + decimals.len();
            out.push('.');
            out.push_str(&decimals);
        }
    }
    Some(out)
}

/// 三千零五十: digits with their places, which fall; a place that is passed over is marked by 零.
fn section(chars: &[char]) -> Option<u64> {
    let (mut sum, mut last, mut held, mut is_marked) = (0_u64, 10_000_u64, None, false);
    for (n, ch) in chars.iter().enumerate() {
        match (digit(*ch), place(*ch)) {
            (Some(0), _) => {
                if held.is_some() || is_marked {
                    return None;
                }
                is_marked = true;
            }
            (Some(digit), _) if held.is_none() => held = Some(digit),
            (None, Some(place)) => {
                // 十二 begins without a digit.
                let digit = held.take().or((n == 0 && place == 10).then_some(1))?;
                if place >= last || (place * 10 < last && last < 10_000 && !is_marked) {
                    return None;
                }
                (sum, last, is_marked) = (sum + digit * place, place, false);
            }
            _ => return None,
        }
    }
    match held {
        Some(digit) if last == 10_000 || last == 10 || is_marked => Some(sum + digit),
        Some(_) => None,
        // 零 alone is a number, behind another one it wants more.
        None if is_marked => (chars.len() == 1).then_some(0),
        None => Some(sum),
    }
}

/// 三千万元, 十二元五角: the amount in words; `None` for one below nothing.
pub(super) fn words(fen: Fen) -> Option<String> {
    let fen = u64::try_from(fen.0).ok()?;
    let (yuan, tens, ones) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = format!("{}元", whole(yuan));
    if tens > 0 {
        text.push(DIGITS[tens as usize]);
        text.push('角');
    } else if ones > 0 {
        text.push('零');
    }
    if ones > 0 {
        text.push(DIGITS[ones as usize]);
        text.push('分');
    }
    Some(text)
}

/// A whole number in words, in groups of ten thousand. How many 亿 there are is a number of its own (一万二千亿); noughts at
/// the end of a group are not said, those of a whole group that is passed over are, once (一亿零五千).
fn whole(number: u64) -> String {
    if number == 0 {
        return "零".to_owned();
    }
    let units = [(100_000_000, "亿"), (10_000, "万"), (1, "")];
    let mut text = String::new();
    let mut rest = number;
    let mut is_passed_over = false;
    for (unit, name) in units {
        let group = rest / unit;
        rest %= unit;
        if group == 0 {
            is_passed_over = !text.is_empty();
            continue;
        }
        if !text.is_empty() && (is_passed_over || group < 1_000) {
            text.push('零');
        }
        if group >= 10_000 {
            text.push_str(&whole(group));
        } else {
            text.push_str(&below_ten_thousand(group));
        }
        text.push_str(name);
        is_passed_over = false;
    }
    // Only at the very beginning is 一十 said as 十.
    match text.strip_prefix("一十") {
        Some(behind) => format!("十{behind}"),
        None => text,
    }
}

fn below_ten_thousand(number: u64) -> String {
    let mut text = String::new();
    let (mut rest, mut is_passed_over) = (number, false);
    for (name, unit) in PLACES.into_iter().chain([(' ', 1)]) {
        let digit = rest / unit;
        rest %= unit;
        if digit == 0 {
            is_passed_over = !text.is_empty();
            continue;
        }
        if is_passed_over {
            text.push('零');
        }
        text.push(DIGITS[digit as usize]);
        if unit > 1 {
            text.push(name);
        }
        is_passed_over = false;
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_written_as_they_are_said() {
        for (yuan, said) in [
            (30_000_000, "三千万元"),
            (12, "十二元"),
            (10, "十元"),
            (0, "零元"),
            (3_050, "三千零五十元"),
            (120_000_000, "一亿二千万元"),
            (100_000_500, "一亿零五百元"),
            (100_050_000, "一亿零五万元"),
            (10_010_010, "一千零一万零一十元"),
            (350, "三百五十元"),
            (1_200_000_000_000, "一万二千亿元"),
            (1_000_000_000_000, "一万亿元"),
            (1_000_050_000_000, "一万亿五千万元"),
            (1_000_100_000_000, "一万零一亿元"),
            (10_000_000_000_000, "十万亿元"),
            (12_345_678_901_234, "十二万三千四百五十六亿七千八百九十万一千二百三十四元"),
            (90_071_900_000_005, "九十万零七百一十九亿零五元"),
            (1_000_000_005_000, "一万亿零五千元"),
            (100_500_000, "一亿零五十万元"),
            (120_005_000, "一亿二千万五千元"),
            (100_005_000, "一亿零五千元"),
            (1_010_000_000, "十亿一千万元"),
            (110_000, "十一万元"),
            (1_000_010, "一百万零一十元"),
        ] {
            assert_eq!(words(Fen(yuan * 100)).as_deref(), Some(said));
        }
        assert_eq!(words(Fen(1_256)).as_deref(), Some("十二元五角六分"));
        assert_eq!(words(Fen(1_206)).as_deref(), Some("十二元零六分"));
        assert_eq!(words(Fen(-1)), None);
    }

    /// The number digit by digit with the name of each place, and the noughts that are not said taken out: another way
    /// than that of `whole`.
    fn said_digit_by_digit(number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::new();
        for (at, ch) in digits.bytes().enumerate() {
            let (place, digit) = (digits.len() - 1 - at, usize::from(ch - b'0'));
            text.push(DIGITS[digit]);
            if digit > 0 {
                text.push_str(["", "十", "百", "千"][place % 4]);
            }
            if place > 0 && place.is_multiple_of(4) {
                text.push_str(["亿", "万"][place / 4 % 2]);
            }
        }
        for (from, to) in [("零零", "零"), ("零万", "万"), ("零亿", "亿"), ("亿万", "亿零"), ("零零", "零")]
        {
            while text.contains(from) {
                text = text.replace(from, to);
            }
        }
        let text = text.trim_end_matches('零');
        text.strip_prefix("一十").map_or_else(|| text.to_owned(), |behind| format!("十{behind}"))
    }

    proptest! {
        #[test]
        fn a_number_is_said_as_its_digits_are(
            number in 1_u64..90_071_992_547_410, places in 0_u32..14, noughts in 0_u32..13,
        ) {
            // Small ones, and such with many noughts, as well.
            let (small, unit) = (number / 10_u64.pow(places), 10_u64.pow(noughts));
            let round = number / unit * unit;
            for number in [number, small, round, round + small % 1_000] {
                if number > 0 {
                    prop_assert_eq!(whole(number), said_digit_by_digit(number), "{}", number);
                }
            }
        }
    }

    #[test]
    fn numerals_become_figures_and_what_is_none_or_two_is_refused() {
        let read = |text: &str| to_digits(text);
        for (text, figures) in [
            ("三千五百万", "3500万"),
            ("一亿二千万", "1亿2000万"),
            ("三千零五", "3005"),
            ("一万零五", "1万05"),
            ("十二万", "12万"),
            ("一点二亿", "1.2亿"),
            ("壹仟贰佰萬", "1200万"),
            ("3千万", "3千万"),
            ("两百三十五", "235"),
        ] {
            assert_eq!(read(text).as_deref(), Some(figures), "{text}");
        }
        for text in ["三百五", "三五万", "三千千", "三百千", "三千五十", "一点", "三零", "零零"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
