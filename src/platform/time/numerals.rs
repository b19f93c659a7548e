//! Dates in Chinese numerals (二〇一六年五月三日, 二零一六年十二月三十一日), which letters and papers of authorities bear.

/// The circles and letters that stand for 〇 where somebody has no such key.
const ROUND: [char; 4] = ['○', '◯', 'o', 'O'];

fn digit(ch: char) -> Option<char> {
    Some(match ch {
        '〇' | '零' => '0',
        '一' | '壹' => '1',
        '二' | '贰' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' => '7',
        '八' | '捌' => '8',
        '九' | '玖' => '9',
        _ => return None,
    })
}

fn is_ten(ch: char) -> bool {
    matches!(ch, '十' | '拾')
}

fn is_numeral(ch: char) -> bool {
    digit(ch).is_some() || is_ten(ch)
}

/// The text with its Chinese numerals in figures, each run of them by itself: one that holds 十 is a number up to 99
/// (二十三), any other one goes digit by digit (二〇一六). What is no such number stays as it is, and is refused as a date
/// later. Figures and letters of other kinds are left alone.
pub(super) fn in_figures(text: &str) -> String {
    // 元月 is what papers call the first month.
    let chars: Vec<char> = text.replace("元月", "1月").chars().collect();
    let at = |n: usize| chars.get(n).copied();
    // A circle is a nought only behind a numeral: an o may begin a word.
    let belongs = |n: usize, is_begun: bool| {
        at(n).is_some_and(|ch| is_numeral(ch) || (is_begun && ROUND.contains(&ch)))
    };
    let mut out = String::with_capacity(text.len());
    let mut n = 0;
    while n < chars.len() {
        let start = n;
        while belongs(n, n > start) {
            n += 1;
        }
        if n == start {
            out.push(chars[n]);
            n += 1;
        } else {
            let run = &chars[start..n];
            match number(run) {
                Some(figures) => out.push_str(&figures),
                None => out.extend(run),
            }
        }
    }
    out
}

/// One run of numerals in figures.
fn number(run: &[char]) -> Option<String> {
    let figure = |ch: &char| if ROUND.contains(ch) { Some('0') } else { digit(*ch) };
    let Some(place) = run.iter().position(|ch| is_ten(*ch)) else { return run.iter().map(figure).collect() };
    let tens = match &run[..place] {
        [] => '1',
        [ch] => figure(ch).filter(|tens| *tens != '0')?,
        _ => return None,
    };
    let ones = match &run[place + 1..] {
        [] => '0',
        [ch] => figure(ch).filter(|ones| *ones != '0')?,
        _ => return None,
    };
    Some(format!("{tens}{ones}"))
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};

    use super::{
        super::{DEFAULT_ZONE, DateError, parse_date, parse_instant},
        in_figures,
    };

    const ONES: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

    /// A number from 1 to 99 as it is written in a date.
    fn spelt(n: u32) -> String {
        let ones = ONES[(n % 10) as usize];
        match n / 10 {
            0 => ones.to_owned(),
            1 => format!("十{ones}"),
            tens => format!("{}十{ones}", ONES[tens as usize]),
        }
    }

    /// A day in Chinese numerals, its noughts written as `nought`.
    fn written(day: NaiveDate, nought: &str) -> String {
        let year: String = day
            .year()
            .to_string()
            .bytes()
            .map(|digit| if digit == b'0' { nought } else { ONES[usize::from(digit - b'0')] })
            .collect();
        format!("{year}年{}月{}日", spelt(day.month()), spelt(day.day()))
    }

    fn full_width(text: &str) -> String {
        text.chars()
            .map(|ch| char::from_u32(u32::from(ch) + 0xfee0).filter(|_| ch.is_ascii_digit()).unwrap_or(ch))
            .collect()
    }

    #[test]
    fn every_day_of_some_years_is_read_back() {
        let first = NaiveDate::from_ymd_opt(2016, 1, 1).unwrap();
        for day in first.iter_days().take_while(|day| day.year() < 2021) {
            for nought in ["〇", "零", "○", "◯", "O", "Ｏ", "o"] {
                let text = written(day, nought);
                assert_eq!(parse_date(&text), Ok(day), "{text}");
            }
            let text = full_width(&format!("{}年{}月{}日", day.year(), day.month(), day.day()));
            assert_eq!(parse_date(&text), Ok(day), "{text}");
        }
    }

    #[test]
    fn dates_stand_as_papers_have_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let all = [
            ("二〇一六年五月三日", "2016-05-03"),
            ("二零一六年十二月三十一日", "2016-12-31"),
            ("二〇二〇年二月二十九日", "2020-02-29"),
            (" 二○一六年十月十日 ", "2016-10-10"),
            ("二〇一六年元月三日", "2016-01-03"),
            ("贰零壹陆年零伍月零叁日", "2016-05-03"),
            ("二〇一六年五月三号", "2016-05-03"),
            ("一九九九年一月一日", "1999-01-01"),
            ("2016年五月三日", "2016-05-03"),
            ("二〇一六 五 三", "2016-05-03"),
        ];
        for (text, found) in all {
            assert_eq!(parse_date(text), Ok(day(found)), "{text}");
        }
        for text in ["二〇一六年二月三十日", "二〇一六年十三月一日"] {
            assert_eq!(parse_date(text), Err(DateError::NoSuchDay), "{text}");
        }
        for text in ["二〇一六年五月二三十日", "二〇一六年五月十零日", "二〇一六年五月", "十", "〇"]
        {
            assert_eq!(parse_date(text), Err(DateError::Unreadable), "{text}");
        }
        assert_eq!(parse_date("一六六六年五月三日"), Err(DateError::OutOfRange));
    }

    #[test]
    fn a_time_of_day_stands_behind() {
        for text in
            ["二〇一六年五月三日十四时五分", "二〇一六年五月三日 下午二点零五分", "二〇一六年五月三日 14:05"]
        {
            let at = parse_instant(text, DEFAULT_ZONE).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(at.to_string(), "2016-05-03T06:05:00Z", "{text}");
        }
    }

    #[test]
    fn other_words_are_left_alone() {
        for text in ["4 October 2016", "soon", "星期", "2016-05-03", "o"] {
            assert_eq!(in_figures(text), text);
        }
    }
}
