use super::*;

fn brief() -> Brief {
    Brief {
        title: "按地区统计的立案数 <2016>".into(),
        description: "浙江最多".into(),
        now: "2016年".into(),
        prior: Some("2015年".into()),
        unpublished: "未公布".into(),
        tick: plain,
    }
}

fn datum(label: &str, value: i64, prior: Option<i64>) -> Datum {
    Datum {
        label: label.into(),
        value: Some(value),
        shown: plain(value),
        prior,
        prior_shown: prior.map(plain).unwrap_or_default(),
    }
}

#[test]
fn svg_holds_no_style_and_no_script() {
    let data = [datum("线索\"&<b>", 1184, Some(717)), datum("抓获", 880, None)];
    for picture in
        [columns(&brief(), &data), rows(&brief(), &data), funnel(&brief(), &data), months(&brief(), &data)]
    {
        let svg = picture.svg("c1");
        assert!(svg.contains(r#"role="img""#) && svg.contains("<title id=\"c1-t\">"), "{svg}");
        assert!(!svg.contains("style") && !svg.contains("fill=") && !svg.contains("<b>"), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

#[test]
fn what_was_not_published_is_no_zero() {
    let svg = columns(&brief(), &[datum("窝点", 1419, None)]).svg("c");
    assert!(svg.contains("未公布"));
}

#[test]
fn all_regions_have_a_tile_of_their_own() {
    let mut seen: Vec<(u8, u8)> = places().iter().map(|p| (p.row, p.column)).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((places().len(), seen.len()), (34, 34));
    let tile = Tile { code: "330000".into(), label: None, value: 402, shown: "402".into() };
    let svg = tiles(&brief(), &[tile]).svg("c");
    assert!(svg.contains("浙江: 402") && svg.contains("chart-tile-5"));
}

#[test]
fn empty_charts_are_drawn() {
    for picture in [
        columns(&brief(), &[]),
        rows(&brief(), &[]),
        funnel(&brief(), &[]),
        months(&brief(), &[]),
        tiles(&brief(), &[]),
    ] {
        assert!(picture.height > 0.0 && !picture.svg("c").contains("NaN"));
    }
}

#[test]
fn axes_end_on_round_numbers() {
    assert_eq!(scale::round_up(1419), (1500, 500));
    assert_eq!(scale::round_up(0), (1, 1));
    assert_eq!(scale::round_up(7), (8, 2));
}

proptest::proptest! {
    #[test]
    fn shapes_stay_within_the_picture(values in proptest::collection::vec(0i64..400_000_000_000, 1..14)) {
        let data: Vec<Datum> = values.iter().map(|v| datum("广东省广州市", *v, Some(v / 2))).collect();
        for picture in [columns(&brief(), &data), rows(&brief(), &data), funnel(&brief(), &data), months(&brief(), &data)] {
            for shape in &picture.shapes {
                if let Shape::Rect { at, width, height, .. } = shape {
                    proptest::prop_assert!(at.0 >= -0.1 && at.0 + width <= WIDTH + 0.1, "{shape:?}");
                    proptest::prop_assert!(at.1 >= -0.1 && at.1 + height <= picture.height + 0.1, "{shape:?}");
                }
            }
        }
    }
}
