//! A made-up statement on samples, as a paper among the evidence of the demo's open leads.

use crate::platform::{
    db::Instant,
    error::{AppError, Result},
    i18n::Lang,
    pdf::{Cell, Column, Flow, Frame, Ink, Margins, Meta, Setup, Style, Table, Words},
};

const TITLE: &str = "样品比对说明（合成）";

/// Draws the statement about samples of some goods, as a PDF that says on each page that it is made up.
///
/// # Errors
/// `Internal` when the file can't be put together.
pub(super) fn pdf(goods: &str, at: Instant) -> Result<Vec<u8>> {
    let mut flow = Flow::new(Setup {
        meta: Meta {
            title: TITLE.into(),
            author: "示例品牌（合成）".into(),
            subject: format!("示例{goods}"),
            keywords: vec![],
            language: Lang::Zh.tag(),
            made_at: at.utc(),
        },
        margins: Margins::REPORT,
        words: Words::zh(),
        synthetic: true,
    });
    let left = Style::BODY.flush();
    flow.paragraph(TITLE, Style { after: 10.0, ..left.bold().sized(20.0) });
    flow.rule(Ink::ACCENT, 1.5);
    flow.space(10.0);
    flow.paragraph(
        "本说明由演示程序编制，供演示案卷使用；所列品牌、编号、检验结果均为虚构，与任何真实单位、商品无关。",
        Style { after: 12.0, ..left.bold() },
    );
    flow.paragraph(
        &format!(
            "受理样品：示例{goods} 2 件（测试购买样品，封存编号 SYN-SAMPLE-01、SYN-SAMPLE-02）。比对对象：示例品牌方提供的同款正品 1 件。"
        ),
        left,
    );
    flow.heading(1, "比对结果");
    let mut table = Table::new(vec![
        Column::new("项目", 2.0),
        Column::new("正品", 3.0),
        Column::new("样品", 3.0),
        Column::new("结论", 1.5),
    ]);
    for (what, genuine, sample, verdict) in RESULTS {
        table.row([what, genuine, sample, verdict].map(Cell::from).into());
    }
    flow.table(&table);
    flow.heading(1, "意见");
    flow.paragraph(
        &format!(
            "送检的示例{goods} 2 件，包装、标识、防伪和做工均与正品不符，不是示例品牌生产或者授权生产的商品。"
        ),
        left,
    );
    flow.paragraph("出具人：示例品牌鉴别人员甲（合成）", left);
    let framed = |n: usize, _: usize| match n {
        1 => Frame { numbered: true, ..Frame::default() },
        _ => Frame { head_right: TITLE.into(), numbered: true, ..Frame::default() },
    };
    flow.finish(&framed).map_err(AppError::internal)
}

const RESULTS: [(&str, &str, &str, &str); 5] = [
    ("外包装", "双层纸盒，印刷清晰，有批次号", "单层纸盒，字迹模糊，无批次号", "不符"),
    ("商标标识", "烫印，边缘平整，色差在标准内", "贴纸，边缘起翘，明显偏色", "不符"),
    ("防伪标签", "可查询，一物一码", "无法查询，两件样品编码相同", "不符"),
    ("做工", "接缝均匀，无溢胶", "接缝不齐，多处溢胶", "不符"),
    ("随附单证", "合格证、说明书、保修卡齐全", "仅有无抬头的简易说明", "不符"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paper_is_a_pdf_of_a_page() {
        let bytes = pdf("手表", Instant::from_micros(1_800_000_000_000_000)).expect("a paper");
        let read = lopdf::Document::load_mem(&bytes).expect("a PDF");
        assert_eq!(read.get_pages().len(), 1);
        assert!(read.extract_text(&[1]).is_ok());
    }
}
