use proptest::prelude::*;

use super::*;
use crate::platform::i18n;

fn read(text: &str) -> (i64, Option<Qualifier>) {
    let reading = Reading::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    (reading.fen.0, reading.qualifier)
}

#[test]
fn reads_amounts_as_people_write_them() {
    assert_eq!(read("1.2 亿"), (12_000_000_000, None));
    assert_eq!(read("3,000 万"), (3_000_000_000, None));
    assert_eq!(read("over 30,000,000"), (3_000_000_000, Some(Qualifier::Over)));
    assert_eq!(read("超3亿"), (30_000_000_000, Some(Qualifier::Over)));
    assert_eq!(read("¥12.50"), (1_250, None));
    assert_eq!(read("￥１２．５０ 元"), (1_250, None));
    assert_eq!(read("1亿2000万元"), (12_000_000_000, None));
    assert_eq!(read("3亿余元"), (30_000_000_000, Some(Qualifier::Over)));
    assert_eq!(read("100多万元"), (100_000_000, Some(Qualifier::Over)));
    assert_eq!(read("半亿"), (5_000_000_000, None));
    assert_eq!(read("一万二千亿元"), (120_000_000_000_000, None));
    assert_eq!(read("1万2000亿5000万"), (120_005_000_000_000, None));
    assert_eq!(read("一万零五亿"), (100_050_000_000_000, None));
    assert_eq!(read("1.2万亿"), (120_000_000_000_000, None));
    assert_eq!(read("3000w"), (3_000_000_000, None));
    assert_eq!(read("约1.5W元"), (1_500_000, Some(Qualifier::About)));
    assert_eq!(read("近半个亿元"), (5_000_000_000, Some(Qualifier::About)));
    assert_eq!(read("约1.43亿元"), (14_300_000_000, Some(Qualifier::About)));
    assert_eq!(read("about CNY 1.43 billion"), (143_000_000_000, Some(Qualifier::About)));
    assert_eq!(read("RMB 85.95m"), (8_595_000_000, None));
    assert_eq!(read("estimated at 20 million yuan"), (2_000_000_000, Some(Qualifier::Estimated)));
}

#[test]
fn refuses_what_could_mean_two_things() {
    let error = |text| Reading::parse(text).unwrap_err();
    assert_eq!(error("  "), MoneyError::Empty);
    assert_eq!(error("12,50"), MoneyError::Comma);
    assert_eq!(error("0.001"), MoneyError::TooFine);
    assert_eq!(error("2000万1亿"), MoneyError::Unreadable);
    assert_eq!(error("many"), MoneyError::Unreadable);
    assert_eq!(error("1万20亿"), MoneyError::Unreadable);
    assert_eq!(error("1万2000亿3亿"), MoneyError::Unreadable);
    assert_eq!(error("99999999万2000亿"), MoneyError::TooLarge);
    assert_eq!(error("-5"), MoneyError::Unreadable);
    assert_eq!(error("1.2.3"), MoneyError::Unreadable);
    assert_eq!(error("超"), MoneyError::Unreadable);
    assert_eq!(error("10000000万亿"), MoneyError::TooLarge);
    for span in [
        "50~100万元",
        "50～100万元",
        "50-100万",
        "3+5万",
        "3 5万",
        "1 2",
        "12 50 000",
        "20多30万",
        "1万 至 2万",
    ] {
        assert_eq!(error(span), MoneyError::Unreadable, "{span}");
    }
    // To some these are 35,000 and 350, to others 30,005 and 305.
    for text in ["3万5", "12万5", "三万五", "一亿二"] {
        assert_eq!(error(text), MoneyError::Tail, "{text}");
    }
    for text in [
        "三百五",
        "一个半亿",
        "3亿半",
        "大半亿",
        "1亿 半万",
        "三五万",
        "三、五万",
        "三千~五百万",
        "几千万",
        "不超过3000万",
        "up to 3m",
    ] {
        assert_eq!(error(text), MoneyError::Unreadable, "{text}");
    }
    for text in ["近亿元", "亿", "million", "超千万"] {
        assert_eq!(error(text), MoneyError::NoFigure, "{text}");
    }
    assert_eq!(read("三万零五"), (3_000_500, None));
    assert_eq!(error("12元5角6"), MoneyError::Unreadable);
    assert_eq!(error("1.5元5角"), MoneyError::Unreadable);
    assert_eq!(read("30 000 000"), (3_000_000_000, None));
    assert_eq!(read("1亿 2000万"), (12_000_000_000, None));
    assert_eq!(read("50万~"), (50_000_000, Some(Qualifier::About)));
}

proptest! {
    /// Two runs of digits are never joined into one number by what stands between them.
    #[test]
    fn what_stands_between_two_numbers_joins_nothing(
        a in 1..9_999u32, b in 1..9_999u32, between in "[~+>约多超 ]{2,4}|[~+>约多超至到-]",
    ) {
        let joined: i64 = format!("{a}{b}").parse().unwrap();
        let read = Reading::parse(&format!("{a}{between}{b}"));
        prop_assert!(read.map_or(true, |read| read.fen.0 != joined * 100));
    }
}

#[test]
fn writes_amounts_in_both_languages() {
    let over = |fen| short(Fen(fen), Qualifier::Over, Lang::Zh);
    assert_eq!(over(300_000_000_000), "超过 30 亿元");
    assert_eq!(short(Fen(14_300_000_000), Qualifier::About, Lang::Zh), "约 1.43 亿元");
    assert_eq!(short(Fen(300_000_000_000), Qualifier::Over, Lang::En), "over CNY 3.0 billion");
    assert_eq!(short(Fen(143_000_000_000), Qualifier::About, Lang::En), "about CNY 1.43 billion");
    assert_eq!(short(Fen(8_595_000_000), Qualifier::Exact, Lang::Zh), "8,595 万元");
    assert_eq!(short(Fen(1_250), Qualifier::Exact, Lang::Zh), "12.50 元");
    assert_eq!(short(Fen(1_200), Qualifier::Exact, Lang::En), "CNY 12");
    assert_eq!(short(Fen(0), Qualifier::Exact, Lang::Zh), "0 元");
    assert_eq!(full(Fen(300_000_000_050), Qualifier::Over, Lang::Zh), "超过 3,000,000,000.50 元");
    assert_eq!(Fen(-105).to_string(), "-1.05");
}

#[test]
fn what_was_said_of_an_amount_is_what_is_shown_of_it() {
    for (typed, qualifier, zh, en) in [
        ("3000 万", Qualifier::Exact, "3,000 万元", "CNY 30.0 million"),
        ("超过 3000 万", Qualifier::Over, "超过 3,000 万元", "over CNY 30.0 million"),
        ("不低于 3000 万", Qualifier::AtLeast, "不低于 3,000 万元", "at least CNY 30.0 million"),
        ("约 3000 万", Qualifier::About, "约 3,000 万元", "about CNY 30.0 million"),
        ("估计 3000 万", Qualifier::Estimated, "估计 3,000 万元", "estimated CNY 30.0 million"),
    ] {
        let read = Reading::parse(typed).unwrap();
        assert_eq!(read.qualifier.unwrap_or_default(), qualifier, "{typed}");
        assert_eq!(short(read.fen, qualifier, Lang::Zh), zh);
        assert_eq!(short(read.fen, qualifier, Lang::En), en);
    }
}

#[test]
fn rounding_never_claims_more_than_at_least() {
    // 2.9999 亿 is not "over 3 亿", nor "at least 3 亿".
    assert_eq!(short(Fen(29_999_000_000), Qualifier::Over, Lang::Zh), "超过 2.99 亿元");
    assert_eq!(short(Fen(29_999_000_000), Qualifier::AtLeast, Lang::Zh), "不低于 2.99 亿元");
    assert_eq!(short(Fen(29_999_000_000), Qualifier::Exact, Lang::Zh), "3 亿元");
    assert_eq!(short(Fen(9_999_999_999), Qualifier::Exact, Lang::Zh), "1 亿元");
    assert_eq!(short(Fen(9_999_999_999), Qualifier::AtLeast, Lang::Zh), "不低于 9,999.99 万元");
}

#[test]
fn a_total_is_as_weak_as_its_parts() {
    let part = |fen, qualifier, basis| Amount { fen: Fen(fen), qualifier, basis };
    let total = Total::of([
        part(1, Qualifier::Exact, Basis::ListPrice),
        part(2, Qualifier::Estimated, Basis::Sales),
        part(3, Qualifier::About, Basis::Sales),
    ])
    .unwrap();
    assert_eq!((total.fen, total.qualifier), (Fen(6), Qualifier::Estimated));
    assert_eq!(total.by_basis, [(Basis::Sales, Fen(5)), (Basis::ListPrice, Fen(1))]);
    assert!(total.is_mixed());
    let over =
        Total::of([part(1, Qualifier::AtLeast, Basis::Sales), part(2, Qualifier::Estimated, Basis::Sales)]);
    assert_eq!(over.unwrap().qualifier, Qualifier::AtLeast);
    assert_eq!(Qualifier::AtLeast.and(Qualifier::Over), Qualifier::Over);
    assert_eq!(Total::of([]).unwrap(), Total::default());
    assert!(
        Total::of([part(i64::MAX, Qualifier::Exact, Basis::Sales), part(1, Qualifier::Exact, Basis::Sales)])
            .is_none()
    );
}

#[test]
fn the_court_goes_before_the_list_price() {
    let value = |basis| Amount { fen: Fen(1), qualifier: Qualifier::Exact, basis };
    let values = [value(Basis::ListPrice), value(Basis::CourtDetermined), value(Basis::Sales)];
    assert_eq!(preferred(&values).unwrap().basis, Basis::CourtDetermined);
}

#[test]
fn every_name_and_fault_is_worded_in_both_languages() {
    use MoneyError::{Comma, Empty, NoFigure, TooFine, TooLarge, Unreadable};
    let keys = Qualifier::ALL.map(Qualifier::key).into_iter().chain(Basis::ALL.map(Basis::key));
    for key in keys.chain([Comma, Empty, NoFigure, TooFine, TooLarge, Unreadable].map(MoneyError::key)) {
        assert!(Lang::ALL.iter().all(|lang| i18n::has(*lang, key)), "{key}");
    }
    for qualifier in Qualifier::ALL {
        assert_eq!(Qualifier::parse(qualifier.as_str()), Some(qualifier));
    }
    assert!(
        Basis::ALL.is_sorted() && Basis::ALL.iter().all(|basis| Basis::parse(basis.as_str()) == Some(*basis))
    );
}

/// The ways of writing thirty million yuan.
const THIRTY_MILLION: &[&str] = &[
    "30000000",
    "30,000,000",
    "３０，０００，０００．００",
    "¥30,000,000.00",
    "￥3000万",
    "3000万元",
    "3,000 万",
    "3000万元整",
    "3千万",
    "三千万",
    "叁仟萬圆",
    "0.3亿",
    "0.3 亿元",
    "零点三亿",
    "人民币3000万元",
    "RMB 30 million",
    "30m",
    "CNY 0.03bn",
];

#[test]
fn every_way_of_writing_an_amount_is_the_same_amount() {
    let words: &[(&str, &str, Option<Qualifier>)] = &[
        ("", "", None),
        ("超过", "", Some(Qualifier::Over)),
        ("至少 ", "", Some(Qualifier::AtLeast)),
        ("不少于", "", Some(Qualifier::AtLeast)),
        ("at least ", "", Some(Qualifier::AtLeast)),
        ("over ", "", Some(Qualifier::Over)),
        (">= ", "", Some(Qualifier::AtLeast)),
        ("", "以上", Some(Qualifier::AtLeast)),
        ("", "+", Some(Qualifier::Over)),
        ("", "＋", Some(Qualifier::Over)),
        ("约 ", "", Some(Qualifier::About)),
        ("about ", "", Some(Qualifier::About)),
        ("", "左右", Some(Qualifier::About)),
        ("估计", "", Some(Qualifier::Estimated)),
    ];
    for amount in THIRTY_MILLION {
        for (before, behind, qualifier) in words {
            let text = format!("{before}{amount}{behind}");
            assert_eq!(read(&text), (3_000_000_000, *qualifier), "{text}");
        }
    }
    assert_eq!(read("12元5角6分"), (1_256, None));
    assert_eq!(in_words(Fen(3_000_000_000), Qualifier::About, Lang::Zh), "约 30,000,000.00 元（三千万元）");
}

#[test]
fn an_amount_stands_in_a_form_again_as_people_type_it() {
    for (fen, text) in [
        (12_000_000_000, "120,000,000"),
        (1_250, "12.50"),
        (1_205, "12.05"),
        (0, "0"),
        (99_900, "999"),
        (100_000_000_005, "1,000,000,000.05"),
    ] {
        assert_eq!(typed(Fen(fen)), text);
    }
    assert_eq!(typed_with(Fen(120_000_000), Qualifier::About, Lang::Zh), "约 1,200,000 元");
    assert_eq!(meant("1.2 亿"), meant("120,000,000"));
    assert_ne!(meant("1.2 亿"), meant("1.3 亿"));
    assert_eq!((meant("约 1.2 亿"), meant("sales"), meant("")), (None, None, None));
}

#[test]
fn nothing_is_said_in_words_and_read_back_too() {
    let said = numerals::words(Fen(0)).unwrap();
    assert_eq!(Reading::parse(&said).map(|read| read.fen), Ok(Fen(0)), "{said}");
}

proptest! {
    #[test]
    fn what_is_said_in_words_is_read_back(fen in 0_i64..9_007_199_254_740_991) {
        let said = numerals::words(Fen(fen)).unwrap();
        prop_assert_eq!(Reading::parse(&said).map(|read| read.fen), Ok(Fen(fen)), "{}", said);
        for lang in Lang::ALL {
            // The words in brackets are beside the amount, which alone is one.
            let told = in_words(Fen(fen), Qualifier::Exact, lang);
            prop_assert!(told.starts_with(&full(Fen(fen), Qualifier::Exact, lang)));
        }
    }

    /// Units, commas and wide figures change no amount, and nothing is rounded: what is finer than a fen is refused.
    #[test]
    fn units_commas_and_wide_figures_are_the_same_amount(fen in 0_i64..1_000_000_000_000_000, more in 1_u32..9) {
        let plain = Fen(fen).to_string();
        let yuan = fen / 100;
        let wide: String = plain.chars().map(|ch| match ch {
            '0'..='9' => char::from_u32(u32::from(ch) - 0x30 + 0xFF10).unwrap(),
            _ => '．',
        }).collect();
        let ways = [
            plain.clone(),
            wide,
            format!("{}.{:02}", grouped(yuan.unsigned_abs()), fen % 100),
            format!("{}.{:06}万", yuan / 10_000, fen % 1_000_000),
            format!("{}.{:010}亿元", yuan / 100_000_000, fen % 10_000_000_000),
            format!("CNY {}.{:08} million", yuan / 1_000_000, fen % 100_000_000),
        ];
        for way in ways {
            prop_assert_eq!(Reading::parse(&way).map(|read| read.fen), Ok(Fen(fen)), "{}", way);
        }
        prop_assert_eq!(Reading::parse(&format!("{plain}{more}")), Err(MoneyError::TooFine));
    }

    #[test]
    fn what_does_not_fit_is_refused(digits in "[1-9][0-9]{17,30}", unit in "[万亿]|百万|") {
        let refused = Reading::parse(&format!("{digits}{unit}"));
        prop_assert!(refused == Err(MoneyError::TooLarge) || refused.is_ok_and(|read| read.fen.0 > 0));
    }

    #[test]
    fn what_a_form_is_filled_with_is_read_back(fen in 0_i64..MOST_FEN, which in 0_usize..5) {
        let qualifier = Qualifier::ALL[which];
        prop_assert_eq!(Reading::parse(&typed(Fen(fen))).map(|read| read.fen), Ok(Fen(fen)));
        for lang in Lang::ALL {
            let back = Reading::parse(&typed_with(Fen(fen), qualifier, lang)).unwrap();
            prop_assert_eq!((back.fen, back.qualifier.unwrap_or_default()), (Fen(fen), qualifier));
        }
    }

    #[test]
    fn what_is_written_in_full_is_read_back(fen in 0_i64..i64::MAX / 2, which in 0_usize..5) {
        let qualifier = Qualifier::ALL[which];
        for lang in Lang::ALL {
            let back = Reading::parse(&full(Fen(fen), qualifier, lang)).unwrap();
            prop_assert_eq!(back.fen, Fen(fen));
            prop_assert_eq!(back.qualifier.unwrap_or_default(), qualifier);
        }
    }

    #[test]
    fn the_short_form_of_at_least_is_never_more(fen in 0_i64..1_000_000_000_000_000) {
        for (lang, qualifier) in
            Lang::ALL.into_iter().flat_map(|lang| [(lang, Qualifier::AtLeast), (lang, Qualifier::Over)])
        {
            let shown = Reading::parse(&short(Fen(fen), qualifier, lang)).unwrap();
            prop_assert!(shown.fen <= Fen(fen));
            prop_assert!(shown.fen.0 >= fen - fen / 100 - 1);
        }
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,24}") {
        let _ = Reading::parse(&text);
    }

    #[test]
    fn the_order_of_parts_does_not_matter(a in 0_usize..5, b in 0_usize..5, c in 0_usize..5) {
        let [a, b, c] = [a, b, c].map(|n| Qualifier::ALL[n]);
        prop_assert_eq!(a.and(b), b.and(a));
        prop_assert_eq!(a.and(b).and(c), a.and(b.and(c)));
    }
}
