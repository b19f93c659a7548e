//! 线索移送函: the letter that goes with a dossier. Margins, sizes and order follow GB/T 9704-2012 as good manners; a
//! platform is no 党政机关, so there is no red header. It names no approver and no approval: the bytes are frozen before.

use super::{
    facts::{LeadFacts, SenderRole},
    letter_basis::{grounds, is_police},
    pdf_words as words,
};
use crate::platform::{
    error::Result,
    pdf::{Align, Flow, Ink, MM, Margins, PAGE_WIDTH, Signature, Style, width},
};

/// Size 3 (16 points) on 22 lines a page, a shade smaller so that 28 characters fill the 156 mm of the text block.
const BODY: Style = Style { size: 15.75, leading: 28.5, after: 0.0, ..Style::BODY };

/// The key in force when the letter is drawn, for the addressee to compare.
#[derive(Clone, Debug)]
pub struct NamedKey {
    /// Name of the key, which is that of the audit log.
    pub name: String,
    /// As [`PublicKey::fingerprint`](crate::platform::keys::PublicKey::fingerprint): SHA-256 in sixteen groups of four.
    pub fingerprint: String,
    /// Address of the page where the keys are published.
    pub page: String,
}

/// Draws the letter.
///
/// # Errors
/// Internal, when the facts cannot be written as JSON or the file cannot be put together.
pub fn letter_pdf(facts: &LeadFacts, key: &NamedKey) -> Result<Vec<u8>> {
    let hash = facts.content_sha256()?;
    let mut flow = Flow::new(words::setup(facts, "线索移送函", Margins::LETTER));
    letterhead(&mut flow, facts);
    body(&mut flow, facts, key);
    attachments(&mut flow, facts);
    signature(&mut flow, facts);
    provider(&mut flow, facts);
    words::drawn(flow.finish(&|_, _| words::foot(&hash)))
}

fn letterhead(flow: &mut Flow, facts: &LeadFacts) {
    let name = Style { align: Align::Centre, indent: 0.0, after: 4.0, ..BODY }.bold().sized(22.0);
    flow.paragraph(&facts.sender.organisation, name);
    flow.rule(Ink::BLACK, 1.2);
    flow.space(2.5);
    flow.rule(Ink::BLACK, 0.4);
    flow.space(8.0);
    let number = format!("编号：{}　第{}版", facts.number, facts.version);
    flow.paragraph(&number, BODY.flush().aligned(Align::Right).sized(14.0));
    flow.space(14.0);
    let title = Style { align: Align::Centre, indent: 0.0, after: 18.0, leading: 34.0, ..BODY }.bold();
    let title = Style { size: 20.0, ..title };
    let name = words::quoted(&facts.title);
    let whole = format!("关于移送{name}线索的函");
    // Words of a title are not parted where that can be helped.
    let fits = width(title.face, &whole) * title.size <= flow.width();
    let text = if fits { whole.clone() } else { format!("关于移送{name}\n线索的函") };
    flow.bookmark(1, &whole);
    flow.paragraph(&text, title);
    flow.paragraph(&format!("{}：", facts.addressee.salutation), BODY.flush());
}

fn body(flow: &mut Flow, facts: &LeadFacts, key: &NamedKey) {
    flow.paragraph(&opening(facts), BODY);
    flow.paragraph(&gist(facts), BODY);
    flow.paragraph(&evidence(facts), BODY);
    signing_key(flow, key);
    flow.paragraph(&request(facts), BODY);
    flow.paragraph("以上材料系线索，我单位对所提供电子数据的来源和完整性负责，不对有关单位和个人的行为性质作出认定。需要补充材料或者调取数据的，请与联系人联系。", BODY);
    flow.paragraph("特此函告。", BODY);
    flow.space(14.0);
}

/// Who sends as what, on what ground.
fn opening(facts: &LeadFacts) -> String {
    let cited = grounds(facts.sender.role, &facts.addressee, facts.prepared_on);
    let ground =
        if cited.is_empty() { String::new() } else { format!("，依据{}的规定", cited.join("和")) };
    let charges = words::charges(facts);
    let suspected = if charges.is_empty() { String::new() } else { format!("，涉嫌{charges}") };
    let title = words::quoted(&facts.title);
    match facts.sender.role {
        SenderRole::Reporter => format!(
            "我单位在平台治理工作中掌握{title}线索{suspected}。现以举报人身份{ground}，将有关线索和材料移送贵单位，请依法审查处理。"
        ),
        SenderRole::AccuserJoint => {
            let accusers = facts.sender.accusers.join("、");
            format!(
                "我单位在平台治理工作中掌握{title}线索{suspected}，权利人{accusers}认为其合法权益受到侵害。现由权利人作为控告人、我单位会同提出{ground}，将有关线索和材料移送贵单位，请依法审查处理。"
            )
        }
        SenderRole::Assisting => format!(
            "为配合贵单位依法履行职责，我单位作为协助单位{ground}，就{title}线索{suspected}，提供有关材料，供贵单位依法审查使用。"
        ),
    }
}

fn gist(facts: &LeadFacts) -> String {
    let mut text = format!("线索涉及地区为{}", words::region(&facts.region));
    if facts.occurred_from.is_some() || facts.occurred_to.is_some() {
        text += &format!("，时间为{}", words::span(facts.occurred_from, facts.occurred_to));
    }
    let brands: Vec<&str> = facts.brands.iter().map(|b| b.name.as_str()).collect();
    if !brands.is_empty() {
        text += &format!("，涉及品牌为{}", brands.join("、"));
    }
    if let Some(value) = &facts.estimated_value {
        // That it is estimated is said once.
        let amount = words::amount(value);
        let amount = amount.strip_prefix("估计").unwrap_or(&amount);
        text += &format!("，估计涉案金额{amount}（口径：{}）", words::basis(&value.basis));
    }
    let scale = words::scale(facts);
    let counts = if scale.is_empty() { String::new() } else { format!("共列{}，", scale.join("、")) };
    text + &format!("。{counts}详见《线索调查报告》。")
}

fn evidence(facts: &LeadFacts) -> String {
    let withheld = match facts.withheld.len() {
        0 => String::new(),
        n => format!("另有{n}项材料不向贵单位披露，清单中仅列编号、类别及其承诺值，确有需要的可依法调取。"),
    };
    let opened = match facts.items.iter().filter(|item| !item.earlier_commitments.is_empty()).count() {
        0 => String::new(),
        n => format!(
            "其中{n}项此前版本未向贵单位披露，现予披露，清单中一并给出当时的承诺值和盐值，可核对为同一文件。"
        ),
    };
    format!(
        "随函移送电子数据等材料{}项，《电子数据清单》逐项载明类别、文件格式、来源、提取情况和完整性校验值（SHA-256、SM3）。{opened}本卷宗内容校验值印于每页页脚，可据以核对。{withheld}",
        facts.items.len()
    )
}

/// The key by its name and whole fingerprint, and what it is compared with. The dossier is sealed after this is drawn.
fn signing_key(flow: &mut Flow, key: &NamedKey) {
    let text = format!(
        "卷宗包经审核后以数字签名封存。本函制作时使用的签名公钥名称为{}，其指纹（SHA-256）为：",
        key.name
    );
    // In small print, so that it does not make the letter much longer.
    let print = Style { size: 10.5, leading: 17.0, indent: 21.0, ..BODY };
    flow.paragraph(&text, print);
    let groups: Vec<&str> = key.fingerprint.split(' ').collect();
    let lines: Vec<String> = groups.chunks(8).map(|line| line.join(" ")).collect();
    flow.paragraph(&lines.join("\n"), Style { align: Align::Centre, indent: 0.0, size: 12.0, ..print });
    let text = format!(
        "贵单位可将其与我单位核验页面（{}）公布的公钥指纹比对。封存前后更换公钥的，包内keys.json载有原公钥对新公钥的签名，可据以逐次核验。",
        key.page
    );
    flow.paragraph(&text, print);
}

/// What is asked for differs by role: only an accuser is owed the notice of refusal.
fn request(facts: &LeadFacts) -> String {
    let receipt = "请贵单位收到后在《送达回证》上签收并退回我单位。";
    let police = is_police(&facts.addressee.agency_type.code);
    let result = match (facts.sender.role, police) {
        (SenderRole::AccuserJoint, true) => "决定不予立案的，请依法将不予立案通知书送达控告人。",
        (SenderRole::AccuserJoint, false) => "是否立案以及处理结果，请依法告知权利人和我单位。",
        (SenderRole::Reporter, true) => "受案、立案情况和处理结果，请依法告知我单位。",
        (SenderRole::Reporter, false) => "是否立案以及处理结果，请依法告知我单位。",
        (SenderRole::Assisting, _) => "材料使用中需要说明或者补充的，我单位将予配合。",
    };
    format!("{receipt}{result}")
}

fn attachments(flow: &mut Flow, facts: &LeadFacts) {
    let list = [
        "线索调查报告（含电子数据清单、送达回证）".to_string(),
        "电子数据清单（数据表）".to_string(),
        format!("证据材料{}项", facts.items.len()),
        "线索数据及证据描述（JSON格式）".to_string(),
    ];
    for (i, name) in list.iter().enumerate() {
        if i + 2 == list.len() {
            // No page bears the signature alone: the last two lines go with it.
            flow.ensure(2.0 * BODY.leading + 10.0 + closing_height(facts) + 1.0);
        }
        if i == 0 {
            // On the page on which the line will stand.
            flow.ensure(BODY.leading);
            flow.bookmark(1, "附件");
        }
        let lead = if i == 0 { "附件：" } else { "　　　" };
        let text = format!("{lead}{}. {name}", i + 1);
        flow.paragraph_in(&text, BODY.flush(), 31.5, 0.0);
    }
    flow.space(10.0);
}

/// What signature, contact and provider take together.
fn closing_height(facts: &LeadFacts) -> f32 {
    let lines = 1 + facts.sender.accusers.len();
    let signed = 12.0 * MM + (lines as f32 + 1.0) * BODY.leading;
    // A line has room for 28 characters, and seldom holds them all.
    let of_contact = |text: String| ((width(BODY.face, &text) + BODY.indent) / 27.0).ceil();
    signed.max(46.0 * MM) + contact(facts).map_or(0.0, of_contact) * BODY.leading + 92.0
}

/// Name and date at the right, four characters in, with the place for the seal round them, whose line runs through none.
fn signature(flow: &mut Flow, facts: &LeadFacts) {
    flow.ensure(closing_height(facts));
    flow.bookmark(1, "签章");
    let right = BODY.flush().aligned(Align::Right);
    let inset = 4.0 * BODY.size;
    let edge = PAGE_WIDTH - Margins::LETTER.right * MM - inset;
    let top = flow.place();
    let accusers = facts.sender.accusers.iter().map(|accuser| format!("控告人：{accuser}"));
    let lines: Vec<String> = std::iter::once(facts.sender.organisation.clone())
        .chain(accusers)
        .chain([words::date(facts.prepared_on)])
        .collect();
    // Below the seal's label, at the top of a page too.
    flow.down_to(top + 12.0 * MM);
    let mut boxes = Vec::with_capacity(lines.len());
    for line in &lines {
        let above = flow.place();
        flow.paragraph_in(line, right, 0.0, inset);
        let wide = (width(right.face, line) * right.size).min(flow.width() - inset);
        // A line is higher than its characters by more than this.
        boxes.push([edge - wide - 3.0, above + 4.0, edge + 3.0, flow.place() - 4.0]);
    }
    flow.seal_place((edge - 21.0 * MM, top + 24.0 * MM), "（单位印章）", &boxes);
    flow.down_to(top + 46.0 * MM);
    if let Some(text) = contact(facts) {
        flow.paragraph(&text, BODY);
    }
}

/// How the sender is reached, as far as it is known.
fn contact(facts: &LeadFacts) -> Option<String> {
    let contact = facts.sender.contact.as_ref()?;
    let name = match contact.role.as_str() {
        "" => contact.name.clone(),
        role => format!("{}（{role}）", contact.name),
    };
    let parts = [
        ("联系人", &name),
        ("电话", &contact.phone),
        ("电子邮箱", &contact.email),
        ("地址", &contact.address),
    ];
    let known: Vec<String> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| format!("{label}：{value}"))
        .collect();
    (!known.is_empty()).then(|| format!("（{}）", known.join("，")))
}

fn provider(flow: &mut Flow, facts: &LeadFacts) {
    flow.space(8.0);
    flow.signatures(&[Signature {
        role: format!("提供人（{}）", words::role(facts.sender.role)),
        lines: vec!["经办人签名：".into(), "日期：　　　　年　　月　　日".into()],
    }]);
}
