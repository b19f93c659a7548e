//! 线索调查报告: the report of a dossier: cover, contents, facts, list of electronic data, pictures and notes, the
//! blocks to sign, the receipt. In Chinese, for the authority; frozen before approval, so it names no approver.
//!
//! Fields of the list follow 法发〔2016〕22号 art. 14 (category, format, check value) with arts. 8, 9 and 15; the platform
//! signs as provider (提供人), the blocks of investigators and witness stay empty for the police.

use super::{
    dossier_tables as tables,
    facts::{Item, ItemKind, LeadFacts},
    pdf_words as words, sales_pdf,
};
use crate::platform::{
    error::Result,
    pdf::{Align, Flow, Frame, Ink, Margins, Signature, Style, grouped},
};

/// Pictures shown at most; the rest are named. Keeps a dossier of thousands of files readable.
const MOST_PICTURES: usize = 200;
/// Characters of a note shown at most.
const MOST_TEXT: usize = 20_000;
/// Larger images are not opened (bytes).
const LARGEST_PICTURE: u64 = 64 << 20;

/// Gives the bytes of an item when its turn comes, so that only one is held at a time; none where they cannot be had.
pub type Content<'a> = dyn FnMut(&Item) -> Result<Option<Vec<u8>>> + 'a;

/// Draws the report. `content` is asked for images, notes and recorded facts, in the order of the list.
///
/// # Errors
/// Whatever `content` answers with; internal when the file cannot be put together.
pub fn dossier_pdf(facts: &LeadFacts, content: &mut Content<'_>) -> Result<Vec<u8>> {
    let hash = facts.content_sha256()?;
    let mut flow = Flow::new(words::setup(facts, "线索调查报告", Margins::REPORT));
    cover(&mut flow, facts, &hash);
    flow.contents_here();
    let mut numbers = Numbers(0);
    lead(&mut flow, facts, &mut numbers);
    flow.heading(1, &numbers.next("涉嫌罪名（案由）与法律依据"));
    tables::charges(&mut flow, facts);
    flow.heading(1, &numbers.next("涉案主体"));
    tables::subjects(&mut flow, facts);
    flow.heading(1, &numbers.next("涉案场所"));
    tables::sites(&mut flow, facts);
    flow.heading(1, &numbers.next("涉案商品链接"));
    tables::listings(&mut flow, facts);
    flow.heading(1, &numbers.next("估计涉案金额"));
    value(&mut flow, facts);
    if let Some(sales) = &facts.sales {
        flow.heading(1, &numbers.next("销售记录汇总"));
        sales_pdf::sales(&mut flow, sales);
    }
    flow.heading(1, &numbers.next("电子数据清单"));
    tables::evidence(&mut flow, facts);
    list_signatures(&mut flow, &facts.items, "序号中断处为不予披露的材料。");
    flow.heading(1, &numbers.next("不予披露的材料"));
    tables::withheld(&mut flow, facts);
    pictures(&mut flow, facts, content, &mut numbers)?;
    notes(&mut flow, facts, content, &mut numbers)?;
    flow.ensure(270.0);
    flow.heading(1, &numbers.next("提供人说明与签章"));
    statement(&mut flow, facts);
    flow.new_page();
    flow.heading(1, &numbers.next("送达回证"));
    receipt(&mut flow, facts, &hash);
    let head = format!("{}　第{}版", facts.number, facts.version);
    words::drawn(flow.finish(&|n, _| match n {
        1 => words::foot(&hash),
        _ => Frame { head_left: head.clone(), head_right: "线索调查报告".into(), ..words::foot(&hash) },
    }))
}

/// Chinese numbers of the parts, given as they come.
struct Numbers(usize);

impl Numbers {
    fn next(&mut self, title: &str) -> String {
        const DIGITS: [&str; 20] = [
            "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
            "十五", "十六", "十七", "十八", "十九", "二十",
        ];
        let digit = DIGITS.get(self.0).copied().unwrap_or("附");
        self.0 += 1;
        format!("{digit}、{title}")
    }
}

fn cover(flow: &mut Flow, facts: &LeadFacts, hash: &str) {
    let centred = Style::BODY.flush().aligned(Align::Centre);
    flow.down_to(150.0);
    flow.paragraph(&facts.sender.organisation, Style { after: 26.0, ..centred.sized(15.0) });
    flow.paragraph("线索调查报告", Style { after: 14.0, ..centred.bold().sized(30.0) });
    flow.rule(Ink::ACCENT, 1.2);
    flow.space(18.0);
    flow.paragraph(&facts.title, Style { after: 40.0, ..centred.bold().sized(15.0) });
    let mut rows = vec![
        ("线索编号", facts.number.clone()),
        ("卷宗版本", format!("第{}版", facts.version)),
        ("主送单位", facts.addressee.name_zh.clone()),
        ("移送单位", format!("{}（{}）", facts.sender.organisation, words::role(facts.sender.role))),
    ];
    if !facts.sender.accusers.is_empty() {
        rows.push(("控告人", facts.sender.accusers.join("、")));
    }
    rows.push(("编制时间", words::moment(facts.prepared_at, &facts.time_zone)));
    let withheld = match facts.withheld.len() {
        0 => String::new(),
        n => format!("，不予披露{n}项"),
    };
    rows.push(("材料数量", format!("移送{}项{withheld}", facts.items.len())));
    rows.push(("内容校验值", words::hash_lines(hash, 8)));
    if let Some(prior) = &facts.prior {
        rows.push((
            "取代版本",
            format!("第{}版，内容校验值\n{}", prior.version, words::hash_lines(&prior.content_sha256, 8)),
        ));
    }
    flow.facts(&rows);
    let note = "本报告为线索材料，所述事实尚待主管机关依法查证，不代表对任何单位或个人是否违法犯罪的认定。内容校验值为 data/lead.json 的 SHA-256 值，逐页印于页脚；持卷宗包可用 lead-handoff verify 离线核验。";
    flow.paragraph(note, Style::NOTE);
    flow.new_page();
}

fn lead(flow: &mut Flow, facts: &LeadFacts, numbers: &mut Numbers) {
    flow.heading(1, &numbers.next("线索概况"));
    let brands: Vec<String> = facts
        .brands
        .iter()
        .map(|b| {
            if b.owner.is_empty() {
                b.name.clone()
            } else {
                format!("{}（权利人：{}）", b.name, b.owner)
            }
        })
        .collect();
    let mut source = facts.origin.kind.name_zh.clone();
    if !facts.origin.note.is_empty() {
        source += &format!("\n{}", facts.origin.note);
    }
    if !facts.origin.public_source.is_empty() {
        source += &format!("\n公开来源：{}", facts.origin.public_source);
    }
    let mut rows = vec![
        ("线索名称", facts.title.clone()),
        ("线索编号", facts.number.clone()),
        ("线索来源", words::or_none(&source)),
        ("涉嫌罪名（案由）", words::or_none(&words::charges(facts))),
        ("涉案地区", words::region(&facts.region)),
        ("涉及品牌", words::or_none(&brands.join("\n"))),
        ("发生时间", words::span(facts.occurred_from, facts.occurred_to)),
        ("估计涉案金额", facts.estimated_value.as_ref().map_or(words::NONE.into(), words::amount)),
        ("规模", words::or_none(&words::scale(facts).join("，"))),
    ];
    if facts.synthetic {
        rows.push(("数据性质", "合成数据，与真实单位和个人无关".into()));
    }
    flow.facts(&rows);
    flow.heading(2, "线索摘要");
    flow.paragraph(&words::or_none(&facts.summary), Style::BODY);
}

fn value(flow: &mut Flow, facts: &LeadFacts) {
    let Some(value) = &facts.estimated_value else {
        flow.paragraph("本线索未估计涉案金额。", Style::BODY);
        return;
    };
    flow.facts(&[
        ("金额", words::amount(value)),
        ("限定", words::qualifier(&value.qualifier)),
        ("口径", words::basis(&value.basis).into()),
    ]);
    let note = "金额按所列口径填报，供判断线索规模之用；案值以主管机关依法认定的为准。";
    flow.paragraph(note, Style::NOTE);
}

/// The most characters of names that stand in a box to be signed.
const BOXED_NAMES: usize = 16;

/// Who witnessed that items were collected, each once, as the box for their signatures names them; empty for nobody.
fn witnesses(items: &[Item]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in items.iter().map(|item| item.witness.trim()).filter(|name| !name.is_empty()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let names = names.join("、");
    if names.chars().count() > BOXED_NAMES { "见清单".to_owned() } else { names }
}

/// The list is signed where it stands (法发〔2016〕22号 art. 14); a witness who is named signs below the name, and where none
/// is, the line is blank. `gaps`: what numbers are left out in it.
pub(super) fn list_signatures(flow: &mut Flow, items: &[Item], gaps: &str) {
    let note = format!(
        "清单参照法发〔2016〕22号第十四条制作：载明类别、文件格式和完整性校验值，并附来源、提取情况。{gaps}"
    );
    let named = witnesses(items);
    flow.ensure(if named.is_empty() { 230.0 } else { 252.0 });
    flow.bookmark(3, "清单签名");
    flow.paragraph(&note, Style::NOTE);
    let day = "日期：　　　　年　　月　　日";
    let block =
        |role: &str, first: &str| Signature { role: role.into(), lines: vec![first.into(), day.into()] };
    let mut witness = block("见证人", "签名：");
    if !named.is_empty() {
        witness.lines.insert(0, format!("姓名：{named}"));
    }
    flow.signatures(&[
        block("提供人（持有人）", "签名或者盖章："),
        witness,
        block("侦查人员（执法人员）", "签名："),
        block("侦查人员（执法人员）", "签名："),
    ]);
}

fn caption(item: &Item) -> String {
    let mut text = format!("证据{}　{}", item.number, item.name);
    if !item.description.is_empty() {
        text += &format!("　{}", item.description);
    }
    format!("{text}（SHA-256 {}…）", item.sha256.get(..16).map(grouped).unwrap_or_default())
}

fn pictures(
    flow: &mut Flow,
    facts: &LeadFacts,
    content: &mut Content<'_>,
    numbers: &mut Numbers,
) -> Result<()> {
    let images: Vec<&Item> = facts.items.iter().filter(|i| i.media_type.starts_with("image/")).collect();
    if images.is_empty() {
        return Ok(());
    }
    // The first picture stays with the heading.
    flow.ensure(420.0);
    flow.heading(1, &numbers.next("图像证据"));
    flow.paragraph("图像经缩小后印制，以证据目录中的原文件为准。", Style::NOTE);
    for item in images.iter().take(MOST_PICTURES) {
        let caption = caption(item);
        if item.size > LARGEST_PICTURE {
            flow.placeholder("［图像文件过大，未在此显示；原文件见证据目录］", &caption);
            continue;
        }
        match content(item)? {
            Some(bytes) => flow.photo(&bytes, &caption),
            None => flow.placeholder("［图像未能取得，未在此显示；原文件见证据目录］", &caption),
        }
    }
    if images.len() > MOST_PICTURES {
        let rest = images.len() - MOST_PICTURES;
        flow.paragraph(&format!("另有{rest}幅图像未在此印制，见电子数据清单和证据目录。"), Style::BODY);
    }
    Ok(())
}

fn notes(flow: &mut Flow, facts: &LeadFacts, content: &mut Content<'_>, numbers: &mut Numbers) -> Result<()> {
    let items: Vec<&Item> = facts.items.iter().filter(|i| i.kind != ItemKind::File).collect();
    if items.is_empty() {
        return Ok(());
    }
    flow.heading(1, &numbers.next("情况说明与事实记录"));
    for item in items {
        flow.heading(3, &format!("证据{}　{}（{}）", item.number, item.name, words::item_kind(item.kind)));
        let Some(bytes) = content(item)? else {
            flow.paragraph("［内容未能取得，见证据目录］", Style::BODY);
            continue;
        };
        let text = String::from_utf8_lossy(&bytes);
        let shown: String = text.trim_start_matches('\u{feff}').trim_end().chars().take(MOST_TEXT).collect();
        flow.quote(&shown);
        if text.chars().count() > MOST_TEXT {
            flow.paragraph(&format!("（以上为前{MOST_TEXT}字，全文见 {}）", item.path), Style::NOTE);
        }
    }
    Ok(())
}

fn statement(flow: &mut Flow, facts: &LeadFacts) {
    let text = format!(
        "本报告所列电子数据由{}提供，各项的来源、提取时间、方法、工具和人员以电子数据清单所载为准。完整性校验值（SHA-256、SM3）在文件登记入库时逐项计算，入库后内容未作增加、删除、修改；卷宗封存前按SHA-256逐项复核，不符的不予封存。清单所载的原始存储介质可依法调取、核对。",
        facts.sender.organisation
    );
    flow.paragraph(&text, Style::BODY);
    let day = "日期：　　　　年　　月　　日";
    let mut blocks = vec![Signature {
        role: format!("提供人（{}）", words::role(facts.sender.role)),
        lines: vec![
            facts.sender.organisation.clone(),
            "经办人签名：".into(),
            "单位盖章：".into(),
            day.into(),
        ],
    }];
    blocks.extend(facts.sender.accusers.iter().map(|accuser| Signature {
        role: "控告人".into(),
        lines: vec![accuser.clone(), "经办人签名：".into(), "单位盖章：".into(), day.into()],
    }));
    flow.signatures(&blocks);
}

fn receipt(flow: &mut Flow, facts: &LeadFacts, hash: &str) {
    flow.paragraph(
        "请收件单位填写后退回移送单位。签收仅表示收到材料，不代表受理或者立案。",
        Style::BODY.flush(),
    );
    flow.facts(&[
        ("送达文书", format!("线索移送函及线索卷宗（{}　第{}版）", facts.number, facts.version)),
        ("送达单位", facts.sender.organisation.clone()),
        ("受送达单位", facts.addressee.name_zh.clone()),
        ("材料数量", format!("证据材料{}项；不予披露{}项", facts.items.len(), facts.withheld.len())),
        ("内容校验值", words::hash_lines(hash, 8)),
        ("送达地点", String::new()),
    ]);
    flow.paragraph("送达方式", Style::BODY.flush().bold());
    flow.check_boxes(&[
        ("系统在线签收", false),
        ("加密电子邮件", false),
        ("专人送达", false),
        ("邮寄", false),
        ("光盘等存储介质", false),
    ]);
    flow.paragraph("核对情况", Style::BODY.flush().bold());
    flow.check_boxes(&[
        ("校验值一致", false),
        ("材料齐全", false),
        ("封存完好", false),
        ("缺少或者不符：＿＿＿＿＿＿＿＿＿＿", false),
    ]);
    let day = "日期：　　　　年　　月　　日　　时";
    flow.signatures(&[
        Signature {
            role: "收件人".into(),
            lines: vec!["签名：".into(), "职务及警号（证件号）：".into(), "单位盖章：".into(), day.into()],
        },
        Signature {
            role: "送达人".into(),
            lines: vec!["签名：".into(), "签名：".into(), "备注：".into(), day.into()],
        },
    ]);
}
