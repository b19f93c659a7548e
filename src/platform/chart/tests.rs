use super::*;

fn brief() -> Brief {
    Brief {
        title: "按地区统计的立案数 <2016>".into(),
        description: "浙江最多".into(),
        now: "2016年".into(),
        prior: Some("2015年".into()),
        unpublished: "未公布".into(),
        tick: plain,
        width: WIDTH,
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
    for picture in [
        columns(&brief(), &data),
        rows(&brief(), &data),
        funnel(&brief(), &data, str::to_owned),
        months(&brief(), &data),
    ] {
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
fn a_funnel_says_of_what_its_shares_are() {
    let steps = [datum("移送", 3, None), datum("受理", 1, None), datum("抓获", 2, None)];
    let svg = funnel(&brief(), &steps, |share| format!("占上一步 {share}")).svg("c");
    assert!(svg.contains("占上一步 33%") && !svg.contains("200%"), "{svg}");
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
        funnel(&brief(), &[], str::to_owned),
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
        let brief = brief();
        let drawn = [
            both(&brief, |b| columns(b, &data)),
            both(&brief, |b| rows(b, &data)),
            both(&brief, |b| funnel(b, &data, str::to_owned)),
            both(&brief, |b| months(b, &data)),
        ];
        for picture in drawn.into_iter().flat_map(|drawn| [drawn.wide, drawn.narrow]) {
            for shape in &picture.shapes {
                if let Shape::Rect { at, width, height, .. } = shape {
                    proptest::prop_assert!(at.0 >= -0.1 && at.0 + width <= picture.width + 0.1, "{shape:?}");
                    proptest::prop_assert!(at.1 >= -0.1 && at.1 + height <= picture.height + 0.1, "{shape:?}");
                }
            }
        }
    }
}

/// Draws all kinds on paper; kept to look at when `PDF_SAMPLES` names a folder, with the SVG beside.
#[test]
fn the_same_pictures_go_on_paper() {
    use crate::platform::pdf::{Flow, Frame, Margins, Meta, Setup, Words};
    let figures =
        [("推送线索", 1184, Some(717)), ("抓获犯罪嫌疑人", 880, Some(715)), ("捣毁涉假窝点", 1419, None)];
    let data: Vec<Datum> = figures.iter().map(|(l, v, p)| datum(l, *v, *p)).collect();
    let regions = [
        ("广东省广州市公安局食品药品和环境犯罪侦查支队", 214, Some(120)),
        ("浙江省", 402, Some(385)),
        ("江苏省", 96, None),
        ("新疆维吾尔自治区", 3, Some(1)),
    ];
    let regions: Vec<Datum> = regions.iter().map(|(l, v, p)| datum(l, *v, *p)).collect();
    let steps = [
        ("识别线索（均远超5万元起刑点）", 4495),
        ("移送线索", 1184),
        ("公安机关可依法进行刑事打击", 469),
        ("已有刑事判决", 33),
    ];
    let steps: Vec<Datum> = steps.iter().map(|(l, v)| datum(l, *v, None)).collect();
    let months_data: Vec<Datum> =
        (1..=12).map(|m| datum(&format!("{m}月"), 60 + (m * 37) % 80, Some(40 + (m * 23) % 50))).collect();
    let tiles_data: Vec<Tile> = places()
        .iter()
        .enumerate()
        .filter(|(i, _)| i % 5 != 4)
        .map(|(i, p)| Tile {
            code: p.code.into(),
            label: None,
            value: (i as i64 * 53) % 402 + 1,
            shown: ((i as i64 * 53) % 402 + 1).to_string(),
        })
        .collect();
    let alone = Brief { prior: None, ..brief() };
    let pictures = [
        columns(&brief(), &data),
        rows(&brief(), &regions),
        funnel(&alone, &steps, str::to_owned),
        months(&brief(), &months_data),
        tiles(&alone, &tiles_data),
    ];
    let mut flow = Flow::new(Setup {
        meta: Meta {
            title: "图".into(),
            author: String::new(),
            subject: String::new(),
            keywords: vec![],
            language: "zh-CN",
            made_at: chrono::DateTime::UNIX_EPOCH,
        },
        margins: Margins::REPORT,
        words: Words::zh(),
        synthetic: false,
    });
    pictures.iter().for_each(|p| flow.picture(p));
    let pdf = flow.finish(&|_, _| Frame::default()).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    if let Some(folder) = std::env::var_os("PDF_SAMPLES") {
        let folder = std::path::Path::new(&folder);
        std::fs::write(folder.join("charts.pdf"), &pdf).unwrap();
        let svg: String = pictures.iter().enumerate().map(|(i, p)| p.svg(&format!("c{i}"))).collect();
        std::fs::write(folder.join("charts.html"), svg).unwrap();
    }
}
