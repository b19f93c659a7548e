use std::process::Command;

use chrono::DateTime;

use super::*;
use crate::platform::chart::{self, Brief, Datum};

fn setup(synthetic: bool) -> Setup {
    Setup {
        meta: Meta {
            title: "线索调查报告 <A&B>".into(),
            author: "示例平台".into(),
            subject: "XS-2016-000001".into(),
            keywords: vec!["线索".into()],
            language: "zh-CN",
            made_at: DateTime::from_timestamp(1_466_000_000, 0).unwrap(),
        },
        margins: Margins::REPORT,
        words: Words::zh(),
        synthetic,
    }
}

fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_fn(320, 200, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn document() -> Vec<u8> {
    let mut flow = Flow::new(setup(true));
    flow.paragraph("线索调查报告", Style::BODY.flush().bold().sized(22.0).aligned(Align::Centre));
    flow.contents_here();
    for part in 1..=3 {
        flow.heading(1, &format!("第{part}部分　涉嫌销售假冒注册商标的商品"));
        flow.heading(2, "基本情况");
        let text = "2016年6月，平台发现多家店铺以Shell Helix商标销售机油，售价明显低于正品，涉案金额估计在1,000万元以上。发货地集中于广州市番禺区、天河区和金华市义乌市；账号与收款人之间存在关联（详见下表）。";
        for _ in 0..5 {
            flow.paragraph(text, Style::BODY);
        }
        flow.facts(&[
            ("案由", "销售假冒注册商标的商品罪".into()),
            ("姓名", "𠮷某".into()),
            ("地址", "广州市番禺区\n义乌市".into()),
        ]);
        let mut table = Table::new(vec![
            Column::new("序号", 8.0).aligned(Align::Centre),
            Column::new("名称", 30.0),
            Column::new("校验值", 62.0),
        ]);
        for n in 1..=30 {
            table.row(vec![
                format!("{n}").into(),
                format!("交易记录{n:03}.csv").into(),
                grouped(&"0123456789abcdef".repeat(4)).into(),
            ]);
        }
        flow.table(&table);
        flow.photo(&png(), "图1　商品页面截图");
        flow.photo(b"broken", "图2　损坏的图像");
    }
    let data: Vec<Datum> = (1..=12)
        .map(|m| Datum {
            label: format!("{m}月"),
            value: Some(m * 17),
            shown: format!("{}", m * 17),
            prior: Some(m * 9),
            prior_shown: String::new(),
        })
        .collect();
    let brief = Brief {
        title: "按月".into(),
        description: String::new(),
        now: "2016年".into(),
        prior: Some("2015年".into()),
        unpublished: "未公布".into(),
        tick: chart::plain,
        width: chart::WIDTH,
    };
    flow.picture(&chart::months(&brief, &data));
    flow.check_boxes(&[("受理", true), ("不予受理", false)]);
    flow.quote("店铺客服称：“量大从优”。");
    flow.signatures(&[Signature {
        role: "提供人（单位盖章）".into(),
        lines: vec!["经办人：".into(), "日期：　　年　　月　　日".into()],
    }]);
    flow.finish(&|_, _| Frame {
        head_left: "XS-2016-000001".into(),
        head_right: "线索调查报告".into(),
        foot: vec![format!("内容哈希 SHA-256  {}", grouped(&"ab".repeat(32)))],
        numbered: true,
    })
    .unwrap()
}

/// Writes the bytes to a file of its own and runs a tool over it.
fn tool(name: &str, before: &[&str], after: &[&str], pdf: &[u8]) -> (bool, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let out = Command::new(name).args(before).arg(file.path()).args(after).output().unwrap();
    (
        out.status.success(),
        String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr),
    )
}

#[test]
fn the_same_values_give_the_same_bytes() {
    assert!(document() == document());
}

#[test]
fn the_file_is_sound_and_says_what_it_is() {
    let pdf = document();
    if let Some(path) = std::env::var_os("PDF_SAMPLE") {
        std::fs::write(path, &pdf).unwrap();
    }
    let (clean, report) = tool("qpdf", &["--check"], &[], &pdf);
    assert!(clean, "{report}");
    let (_, info) = tool("pdfinfo", &[], &[], &pdf);
    assert!(info.contains("线索调查报告 <A&B>") && info.contains("2016"), "{info}");
    assert!(!info.contains("PDF/X") && !info.contains("1970"), "{info}");
    let (_, json) = tool("qpdf", &["--json"], &[], &pdf);
    assert!(json.contains("\"/Lang\": \"u:zh-CN\"") && json.contains("\"/PageMode\": \"/UseOutlines\""));
}

#[test]
fn text_can_be_searched() {
    let (_, text) = tool("pdftotext", &["-layout"], &["-"], &document());
    for words in [
        "涉嫌销售假冒注册商标的商品",
        "Shell Helix商标销售机油",
        "[U+20BB7]某",
        "[U+20BB7] × 3",
        "第1页",
        "合成数据",
        "0123 4567 89ab cdef",
        "图像无法读取",
    ] {
        assert!(text.contains(words), "{words} is missing in\n{text}");
    }
    assert!(text.split_whitespace().collect::<String>().contains("目录"));
    assert!(!text.contains('\u{fffd}'));
}

#[test]
fn table_heads_stand_on_every_page() {
    let (_, text) = tool("pdftotext", &["-layout"], &["-"], &document());
    let pages: Vec<&str> = text.split('\u{c}').filter(|p| p.contains("交易记录")).collect();
    assert!(pages.len() > 3 && pages.iter().all(|p| p.contains("校验值")));
}

#[test]
fn the_line_round_the_place_of_a_seal_runs_through_no_text() {
    let mut flow = Flow::new(setup(false));
    let [left, top, right, bottom] = [230.0, 180.0, 420.0, 220.0];
    flow.seal_place((300.0, 200.0), "（单位印章）", &[[left, top, right, bottom]]);
    let arcs: Vec<Vec<(f32, f32)>> = flow.pages[0]
        .marks
        .iter()
        .filter_map(|mark| match mark {
            ink::Mark::Path { points, .. } => Some(points.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(arcs.len(), 2, "above and below the text");
    let is_in = |(x, y): &(f32, f32)| *x >= left && *x <= right && *y >= top && *y <= bottom;
    assert!(arcs.iter().all(|arc| arc.len() > 50 && !arc.iter().any(is_in)), "{arcs:?}");
}

#[test]
fn a_table_that_is_kept_together_leaves_no_row_alone() {
    for (rows, from) in [(5, 560), (12, 420), (30, 300)] {
        for y in (from..740).step_by(20) {
            let mut flow = Flow::new(setup(false));
            flow.down_to(y as f32);
            let mut table = Table::new(vec![Column::new("序号", 1.0), Column::new("名称", 1.0)]).kept();
            for n in 1..=rows {
                table.row(vec![format!("{n}").into(), format!("row{n:03}").into()]);
            }
            flow.table(&table);
            let pdf = flow.finish(&|_, _| Frame::default()).unwrap();
            let (_, text) = tool("pdftotext", &["-layout"], &["-"], &pdf);
            let pages: Vec<usize> =
                text.split('\u{c}').map(|page| page.matches("row").count()).filter(|n| *n > 0).collect();
            assert_eq!(pages.iter().sum::<usize>(), rows, "{rows} rows at {y}");
            assert!(pages.last().is_some_and(|n| *n > 1), "{rows} rows at {y}: {pages:?}");
            assert!(rows > 12 || pages.len() == 1, "{rows} rows at {y}: {pages:?}");
        }
    }
}

#[test]
fn rows_longer_than_a_page_go_on() {
    let mut flow = Flow::new(setup(false));
    let mut table = Table::new(vec![Column::new("甲", 1.0), Column::new("乙", 1.0)]);
    table.row(vec!["短".into(), "很长的说明，".repeat(900).into()]);
    flow.table(&table);
    let pages = flow.page_index() + 1;
    let pdf = flow.finish(&|_, _| Frame::default()).unwrap();
    assert!(pages > 2);
    let (_, text) = tool("pdftotext", &[], &["-"], &pdf);
    let found = text.chars().filter(|c| *c == '长').count();
    assert_eq!(found, 900);
}

#[test]
fn a_long_foot_leaves_the_number_its_room() {
    let mut flow = Flow::new(setup(false));
    flow.paragraph("第一页。", Style::BODY);
    let foot = vec!["数据截至2016年12月31日，主要数字只计其中登记的事项。".repeat(6)];
    let framed = |_: usize, _: usize| Frame { foot: foot.clone(), numbered: true, ..Frame::default() };
    let pdf = flow.finish(&framed).unwrap();
    let (_, text) = tool("pdftotext", &["-layout"], &["-"], &pdf);
    let line = text.lines().find(|line| line.contains("数据截至")).unwrap();
    let (foot, number) = line.rsplit_once('…').expect(line);
    assert!(foot.trim().starts_with("数据截至") && number.trim().starts_with("第"), "{line}");
}

#[test]
fn a_document_without_headings_is_found_in_the_outline_by_its_title() {
    let mut flow = Flow::new(setup(false));
    flow.paragraph("一段。", Style::BODY);
    let pdf = flow.finish(&|_, _| Frame::default()).unwrap();
    let (sound, report) = tool("qpdf", &["--check"], &[], &pdf);
    assert!(sound, "{report}");
    let (_, json) = tool("qpdf", &["--json"], &[], &pdf);
    assert!(json.contains("\"/Outlines\"") && json.contains("\"/DisplayDocTitle\": true"), "{json}");
    let outlined = json
        .split("\"outlines\": [")
        .skip(1)
        .any(|part| part.split(']').take(2).any(|entry| entry.contains("\"title\": \"线索调查报告 <A&B>\"")));
    assert!(outlined, "{json}");
    assert!(!json.contains("/UseOutlines"));
}

#[test]
fn every_page_has_its_own_text_and_links_lead_where_they_say() {
    let mut flow = Flow::new(setup(false));
    flow.contents_here();
    for part in 1..=30 {
        flow.new_page();
        flow.heading(1, &format!("第{part}部分"));
        flow.paragraph(&format!("内容{part}。"), Style::BODY);
    }
    let pdf = flow.finish(&|_, _| Frame { numbered: true, ..Frame::default() }).unwrap();
    let doc = lopdf::Document::load_mem(&pdf).unwrap();
    let pages = doc.get_pages();
    let (_, text) = tool("pdftotext", &["-layout"], &["-"], &pdf);
    let texts: Vec<&str> = text.split('\u{c}').collect();
    let mut links = 0;
    for page in pages.values() {
        let Ok(annotations) = doc.get_dictionary(*page).unwrap().get(b"Annots") else { continue };
        for link in annotations.as_array().unwrap() {
            let action = link.as_dict().unwrap().get(b"A").unwrap().as_dict().unwrap();
            let target = action.get(b"D").unwrap().as_array().unwrap()[0].as_reference().unwrap();
            let (n, _) = pages.iter().find(|(_, id)| **id == target).unwrap();
            links += 1;
            let words = format!("内容{links}。");
            assert!(texts[usize::try_from(*n - 1).unwrap()].contains(&words), "{words} on page {n}");
        }
    }
    assert_eq!(links, 30);
}
