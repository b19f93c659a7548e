//! How long a dossier's report takes, fonts read beforehand; beside it, a document of the same length without tables,
//! and one of a single line, to see what the fonts cost. First one of about a thousand pages, once, with the most memory that
//! the process held for it, fonts included.

use std::time::Instant;

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

/// Text, and an evidence list of so many items: with 130 about twenty pages.
fn dossier(items: usize) -> (usize, Vec<u8>) {
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
    for n in 1..=items {
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

/// A size that the system tells of this process, in MB.
fn memory(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("status");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a size");
    line.trim().trim_end_matches(" kB").trim().parse::<f64>().expect("a number") / 1024.0
}

/// Once, before anything else has made the process larger.
fn long() {
    let (resting, begun) = (memory("VmRSS:"), Instant::now());
    let (pages, bytes) = dossier(8_200);
    let (taken, peak) = (begun.elapsed(), memory("VmHWM:"));
    let size = bytes.len() as f64 / 1024.0 / 1024.0;
    println!(
        "a dossier of {pages} pages: {taken:.2?}, {size:.1} MB; peak {peak:.0} MB, {resting:.0} MB before"
    );
}

fn documents(c: &mut Criterion) {
    warm();
    long();
    let (pages, bytes) = dossier(130);
    println!("the dossier has {pages} pages and {} bytes", bytes.len());
    let mut group = c.benchmark_group("pdf");
    group.sample_size(20);
    group.bench_function("dossier of 20 pages", |b| b.iter(|| dossier(130)));
    group.bench_function("text alone, 240 paragraphs", |b| b.iter(|| plain(240)));
    group.bench_function("one line", |b| b.iter(|| plain(1)));
    group.finish();
}

criterion_group!(benches, documents);
criterion_main!(benches);
