//! The tables of the report. What a dossier does not have is said, not left out.

use super::{
    facts::{Item, LeadFacts},
    pdf_words as words,
};
use crate::platform::{
    file_size,
    i18n::Lang,
    pdf::{Align, Cell, Column, Flow, Style, Table, grouped},
};

fn number(n: u32) -> Cell {
    n.to_string().into()
}

fn seq() -> Column {
    Column::new("序号", 8.0).aligned(Align::Centre)
}

pub fn charges(flow: &mut Flow, facts: &LeadFacts) {
    if facts.charges.is_empty() {
        flow.paragraph("本线索未列罪名或者案由。", Style::BODY);
        return;
    }
    let mut table = Table::new(vec![
        seq(),
        Column::new("罪名（案由）", 36.0),
        Column::new("条文", 24.0),
        Column::new("性质", 10.0).aligned(Align::Centre),
        Column::new("名称施行期间", 30.0),
    ]);
    for (n, charge) in (1..).zip(&facts.charges) {
        table.row(vec![
            number(n),
            charge.name_zh.clone().into(),
            words::article(charge).into(),
            words::track(&charge.track).into(),
            words::span(charge.valid_from, charge.valid_to).into(),
        ]);
    }
    flow.table(&table);
    flow.paragraph("罪名（案由）、条文按行为开始日期当日施行的列出；未填写该日期的，按行为结束日期或者线索建立日期；当日没有该罪名的，按编制日期。", Style::NOTE);
}

pub fn subjects(flow: &mut Flow, facts: &LeadFacts) {
    if facts.subjects.is_empty() {
        flow.paragraph("本卷宗未列涉案主体。", Style::BODY);
        return;
    }
    let mut table = Table::new(vec![
        seq(),
        Column::new("类别", 10.0).aligned(Align::Centre),
        Column::new("名称（姓名）", 22.0),
        Column::new("证照、账号或者号码", 24.0),
        Column::new("在案中作用", 14.0),
        Column::new("地区与说明", 30.0),
    ]);
    for subject in &facts.subjects {
        let place = subject.region.as_ref().map(words::region).unwrap_or_default();
        let note = [place.as_str(), subject.note.as_str()];
        let note: Vec<&str> = note.into_iter().filter(|t| !t.is_empty()).collect();
        table.row(vec![
            number(subject.number),
            words::subject_kind(subject.kind).into(),
            subject.name.clone().into(),
            words::or_none(&subject.identifier).into(),
            words::or_none(&subject.part).into(),
            words::or_none(&note.join("\n")).into(),
        ]);
    }
    flow.table(&table);
}

pub fn sites(flow: &mut Flow, facts: &LeadFacts) {
    if facts.sites.is_empty() {
        flow.paragraph("本卷宗未列涉案场所。", Style::BODY);
        return;
    }
    let mut table = Table::new(vec![
        seq(),
        Column::new("类别", 13.0),
        Column::new("地址", 36.0),
        Column::new("地区", 25.0),
        Column::new("说明", 26.0),
    ]);
    for site in &facts.sites {
        table.row(vec![
            number(site.number),
            words::site_role(site.role).into(),
            site.address.clone().into(),
            words::region(&site.region).into(),
            words::or_none(&site.note).into(),
        ]);
    }
    flow.table(&table);
}

pub fn listings(flow: &mut Flow, facts: &LeadFacts) {
    if facts.listings.is_empty() {
        flow.paragraph("本卷宗未列商品链接。", Style::BODY);
        return;
    }
    let mut table = Table::new(vec![
        seq(),
        Column::new("商品与链接", 46.0),
        Column::new("店铺", 18.0),
        Column::new("标价", 15.0).aligned(Align::Right),
        Column::new("销量", 10.0).aligned(Align::Right),
        Column::new("见到日期", 16.0),
    ])
    .sized(8.5);
    for listing in &facts.listings {
        let mut title = listing.title.clone();
        if !listing.item_number.is_empty() {
            title += &format!("\n商品编号：{}", listing.item_number);
        }
        if !listing.url.is_empty() {
            title += &format!("\n{}", listing.url);
        }
        table.row(vec![
            number(listing.number),
            words::or_none(&title).into(),
            words::or_none(&listing.shop).into(),
            listing.price_fen.map_or(words::NONE.into(), words::yuan).into(),
            listing.sold.map_or(words::NONE.into(), crate::platform::chart::plain).into(),
            listing.seen_on.map_or(words::NONE.into(), |d| d.to_string()).into(),
        ]);
    }
    flow.table(&table);
}

/// 电子数据清单: one row an item.
pub fn evidence(flow: &mut Flow, facts: &LeadFacts) {
    if facts.items.is_empty() {
        flow.paragraph("本卷宗不含向贵单位移送的材料。", Style::BODY);
        return;
    }
    flow.facts(&[
        ("案由", words::or_none(&words::charges(facts))),
        ("提供人（持有人）", facts.sender.organisation.clone()),
        ("校验值算法", "SHA-256、SM3（GB/T 32905）".into()),
        ("数量", format!("{}项，文件位于卷宗包 data/ 目录", facts.items.len())),
    ]);
    items(flow, &facts.items, &facts.time_zone);
}

/// A row an item; times in the zone of this name.
pub fn items(flow: &mut Flow, items: &[Item], zone: &str) {
    let mut table = Table::new(vec![
        seq(),
        Column::new("名称、类别、格式、大小", 32.0),
        Column::new("来源与提取情况", 41.0),
        Column::new("完整性校验值", 24.0),
    ])
    .sized(8.2);
    for item in items {
        table.row(vec![
            number(item.number),
            Cell::titled(what(item)),
            whence(item, zone).into(),
            format!(
                "SHA-256\n{}\nSM3\n{}",
                words::hash_lines(&item.sha256, 4),
                words::hash_lines(&item.sm3, 4)
            )
            .into(),
        ]);
    }
    flow.table(&table);
}

/// The file's format: its ending, and the media type that was found in its bytes.
fn format_of(item: &Item) -> String {
    let name = item.path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, ending)) if !ending.is_empty() => {
            format!("{}（{}）", ending.to_lowercase(), item.media_type)
        }
        _ => item.media_type.clone(),
    }
}

fn lines(parts: &[(&str, String)]) -> String {
    let known = parts.iter().filter(|(_, value)| !value.trim().is_empty());
    known.map(|(label, value)| format!("{label}：{}", value.trim())).collect::<Vec<_>>().join("\n")
}

fn what(item: &Item) -> String {
    let rest = lines(&[
        ("类别", item.category.name_zh.clone()),
        ("文件格式", format_of(item)),
        ("大小", file_size::full(item.size, Lang::Zh)),
        ("数量（记录数）", item.quantity.clone()),
        // Outside a package it has no path of its own.
        ("文件", item.path.strip_prefix("data/").unwrap_or_default().into()),
        ("说明", item.description.clone()),
        ("备注", item.remark.clone()),
    ]);
    let mut text = format!("{}\n{rest}", item.name.replace('\n', " "));
    for earlier in &item.earlier_commitments {
        text += &format!(
            "\n第{}版未披露，当时所列承诺值：\n{}",
            earlier.version,
            words::hash_lines(&earlier.commitment, 4)
        );
        text += &format!("\n现予披露，盐值：\n{}", words::hash_lines(&earlier.salt, 4));
    }
    text
}

fn whence(item: &Item, zone: &str) -> String {
    let mut parts = vec![
        ("来源", item.source.clone()),
        ("原始存储介质及位置", item.original_medium.clone()),
        ("提取时间", item.collected_at.map(|at| words::moment(at, zone)).unwrap_or_default()),
        ("提取方法", item.method.clone()),
        ("工具", item.tool.clone()),
        ("提取人", item.collected_by.clone()),
        ("持有人（提供人）", item.holder.clone()),
        ("见证人", item.witness.clone()),
    ];
    parts.extend(item.sealings.iter().map(|sealed| ("封存的原始存储介质", sealed.line(zone))));
    words::or_none(&lines(&parts))
}

pub fn withheld(flow: &mut Flow, facts: &LeadFacts) {
    if facts.withheld.is_empty() {
        flow.paragraph("本卷宗没有不予披露的材料。", Style::BODY);
        return;
    }
    flow.paragraph(
        "下列材料不向主送单位披露，文件不在卷宗包内，仅列序号、类别及其承诺值。该承诺值为 SHA-256（32字节盐‖内容的SHA-256）；后续版本披露该项材料时一并给出盐值，以供核对。",
        Style::BODY,
    );
    let mut table = Table::new(vec![seq(), Column::new("类别", 20.0), Column::new("承诺值", 72.0)]);
    for item in &facts.withheld {
        table.row(vec![
            number(item.number),
            item.category.name_zh.clone().into(),
            grouped(&item.commitment).into(),
        ]);
    }
    flow.table(&table);
}
