//! How long a dossier's report takes, fonts read beforehand; beside it, a document of the same length without tables,
//! and one of a single line, to see what the fonts cost.

use criterion::{Criterion, criterion_group, criterion_main};
use lead_handoff::platform::pdf::{
    Align, Cell, Column, Flow, Frame, Margins, Meta, Setup, Style, Table, Words, grouped, warm,
};

fn flow() -> Flow {
    Flow::new(Setup {
        meta: Meta {
            title: "线索调查报告".into(),
            author: "示例平台".into(),
            subject: String::new(),
            keywords: vec![],
            language: "zh-CN",
            made_at: chrono::DateTime::UNIX_EPOCH,
        },
        margins: Margins::REPORT,
        words: Words::zh(),
        synthetic: true,
    })
}

fn finish(flow: Flow) -> Vec<u8> {
    let frame = |_, _| Frame { foot: vec![grouped(&"ab".repeat(32))], numbered: true, ..Frame::default() };
    flow.finish(&frame).expect("a document")
}

const TEXT: &str = "2016年6月，平台发现多家店铺以示例牌商标销售机油，售价明显低于正品，交易记录显示发货地集中于广州市番禺区、天河区和金华市义乌市；上述店铺的账号、收款人和发货地址存在关联。";

/// About twenty pages: text, and an evidence list of 130 items.
fn dossier() -> (usize, Vec<u8>) {
    let mut flow = flow();
    flow.contents_here();
    for part in 1..=6 {
        flow.heading(1, &format!("第{part}部分　基本情况"));
        (0..6).for_each(|_| flow.paragraph(TEXT, Style::BODY));
    }
    let mut table = Table::new(vec![
        Column::new("序号", 8.0).aligned(Align::Centre),
        Column::new("名称", 30.0),
        Column::new("来源与提取情况", 38.0),
        Column::new("完整性校验值", 24.0),
    ])
    .sized(8.2);
    for n in 1..=130 {
        table.row(vec![
            n.to_string().into(),
            Cell::titled(format!("交易记录{n:04}.csv\n类别：交易记录\n文件格式：csv（text/csv）")),
            TEXT.into(),
            grouped(&"8f3a90bc12de4567".repeat(4)).into(),
        ]);
    }
    flow.table(&table);
    (flow.page_index() + 2, finish(flow))
}

fn plain(paragraphs: usize) -> Vec<u8> {
    let mut flow = flow();
    (0..paragraphs).for_each(|_| flow.paragraph(TEXT, Style::BODY));
    finish(flow)
}

fn documents(c: &mut Criterion) {
    warm();
    let (pages, bytes) = dossier();
    println!("the dossier has {pages} pages and {} bytes", bytes.len());
    let mut group = c.benchmark_group("pdf");
    group.sample_size(20);
    group.bench_function("dossier of 20 pages", |b| b.iter(dossier));
    group.bench_function("text alone, 240 paragraphs", |b| b.iter(|| plain(240)));
    group.bench_function("one line", |b| b.iter(|| plain(1)));
    group.finish();
}

criterion_group!(benches, documents);
criterion_main!(benches);
