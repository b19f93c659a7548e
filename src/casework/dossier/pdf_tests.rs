use std::process::Command;

use chrono::NaiveDate;

use super::{dossier_pdf::dossier_pdf, facts::*, letter_pdf::letter_pdf, sample::letter_key};
use crate::platform::db::{Id, Instant};

fn named(code: &str, name: &str) -> Named {
    Named { code: code.into(), name_zh: name.into(), name_en: code.into() }
}

fn region(code: &str, name: &str) -> Region {
    Region {
        code: code.into(),
        name_zh: name.into(),
        name_en: name.into(),
        full_zh: format!("广东省{name}"),
        full_en: name.into(),
    }
}

fn item(number: u32, name: &str, kind: ItemKind, media_type: &str) -> Item {
    Item {
        number,
        evidence_id: Id::from_bytes([number as u8; 16]),
        kind,
        category: if kind == ItemKind::File {
            named("web_page", "网页")
        } else {
            named("document", "文档")
        },
        name: name.into(),
        path: format!("data/evidence/{number:03}-{name}"),
        media_type: media_type.into(),
        size: 1_234_567,
        sha256: "8f3a90bc12de4567".repeat(4),
        sm3: "66c7f0f462eeedd9".repeat(4),
        source: "商品快照系统 https://snapshot.example.com/item/520001?version=20160504&shop=shop-0001"
            .into(),
        collected_by: "编制人甲".into(),
        collected_at: Some(Instant::from_micros(1_462_329_000_000_000)),
        method: "网页固定，逐屏截图并保存网页源码".into(),
        tool: "capture 1.0".into(),
        original_medium: "平台数据中心（杭州），快照库".into(),
        holder: "示例平台有限公司".into(),
        description: "销售页面，显示“正品保证”字样".into(),
        quantity: String::new(),
        remark: String::new(),
        witness: String::new(),
        earlier_commitments: vec![],
        sealings: vec![],
    }
}

pub fn facts(role: SenderRole, items: u32) -> LeadFacts {
    let mut list = vec![
        item(1, "商品页面.png", ItemKind::File, "image/png"),
        item(2, "损坏.jpg", ItemKind::File, "image/jpeg"),
        item(4, "研判说明.txt", ItemKind::Note, "text/plain"),
    ];
    list.extend((5..5 + items).map(|n| item(n, &format!("交易记录{n:04}.csv"), ItemKind::File, "text/csv")));
    LeadFacts {
        schema: SCHEMA.into(),
        synthetic: true,
        folder: "XS-2016-001184-v2-GA-440100".into(),
        number: "XS-2016-001184".into(),
        version: 2,
        prior: Some(Prior { version: 1, content_sha256: "0".repeat(64), manifest_sha256: "1".repeat(64) }),
        prepared_at: Instant::from_micros(1_462_867_200_000_000),
        prepared_on: NaiveDate::from_ymd_opt(2016, 5, 10).unwrap(),
        time_zone: "Asia/Shanghai".into(),
        sender: Sender {
            organisation: "示例平台有限公司".into(),
            role,
            accusers: if role == SenderRole::AccuserJoint { vec!["示例润滑油（中国）有限公司".into()] } else { vec![] },
            contact: Some(Contact {
                name: "对接人甲".into(),
                role: String::new(),
                phone: "0571-0000 0000".into(),
                email: "desk@example.com".into(),
                address: String::new(),
            }),
        },
        addressee: Addressee {
            code: "GA-440100".into(),
            name_zh: "广州市公安局经济犯罪侦查支队".into(),
            name_en: "Economic crime detachment".into(),
            agency_type: named("PS-ECD", "公安经侦"),
            region: region("440100", "广州市"),
            salutation: "广州市公安局经济犯罪侦查支队".into(),
        },
        title: "跨境制售假冒注册商标润滑油".into(),
        summary: "2016年6月，平台发现多家店铺以示例牌商标销售机油，售价明显低于正品，交易记录显示发货地集中于广州市番禺区、天河区和金华市义乌市。\n上述店铺的账号、收款人和发货地址存在关联；买家评价、鉴别意见和试买样品均指向假冒。收款人之一名为𠮷某，另一人名为陈镕某。".into(),
        origin: Origin { kind: named("risk_model", "风险模型"), note: "多店关联模型第3版".into(), public_source: String::new() },
        charges: vec![Charge {
            code: "CL214".into(),
            track: "criminal".into(),
            article: "刑法 214".into(),
            name_zh: "销售假冒注册商标的商品罪".into(),
            name_en: String::new(),
            valid_from: NaiveDate::from_ymd_opt(1997, 10, 1),
            valid_to: None,
        }],
        region: region("440100", "广州市"),
        brands: vec![Brand { name: "示例牌".into(), name_en: "Example".into(), owner: "示例润滑油（中国）有限公司".into() }],
        occurred_from: NaiveDate::from_ymd_opt(2016, 1, 1),
        occurred_to: NaiveDate::from_ymd_opt(2016, 5, 1),
        estimated_value: Some(EstimatedValue { fen: 10_000_000_000, qualifier: "at_least".into(), basis: "sales".into() }),
        subjects: (1..=4)
            .map(|number| Subject {
                number,
                kind: SubjectKind::Shop,
                name: format!("示例机油{number}店"),
                identifier: format!("shop-{number:04}"),
                part: "卖家".into(),
                region: Some(region("440113", "广州市番禺区")),
                note: "与其他店铺共用收款账号".into(),
            })
            .collect(),
        sites: vec![Site {
            number: 1,
            role: SiteRole::Storage,
            address: "示例镇示例路1号仓库（二层东侧）".into(),
            region: region("440113", "广州市番禺区"),
            note: String::new(),
        }],
        listings: (1..=6)
            .map(|number| Listing {
                number,
                url: format!("https://item.example.com/item.htm?id=52000{number}&spm=a230r.1.14.16.abcdef0123456789&ns=1"),
                title: "示例牌 全合成机油 5W-40 4L 特价包邮".into(),
                item_number: format!("52000{number}"),
                shop: "示例机油1店".into(),
                price_fen: Some(12_800),
                sold: Some(5312),
                seen_on: NaiveDate::from_ymd_opt(2016, 5, 4),
            })
            .collect(),
        items: list,
        withheld: vec![Withheld { number: 3, category: named("chat", "聊天记录"), commitment: "2a".repeat(32) }],
        sales: None,
    }
}

pub fn content(item: &Item) -> Option<Vec<u8>> {
    match item.number {
        1 => {
            let mut bytes = std::io::Cursor::new(Vec::new());
            let image = image::RgbImage::from_fn(640, 400, |x, y| {
                image::Rgb([(x * 255 / 640) as u8, (y * 255 / 400) as u8, if (x / 40 + y / 40) % 2 == 0 { 200 } else { 90 }])
            });
            image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
            Some(bytes.into_inner())
        }
        2 => Some(vec![0xff, 0xd8, 0xff, 0, 1]),
        4 => Some("一、账号关联：四家店铺共用同一收款账号。\n二、价格：标价为正品的三成。\n三、客服回复：“量大从优，发货地广州”。".into()),
        _ => None,
    }
}

fn dossier(role: SenderRole, items: u32) -> Vec<u8> {
    dossier_pdf(&facts(role, items), &mut |i| Ok(content(i))).unwrap()
}

fn tool(name: &str, before: &[&str], after: &[&str], pdf: &[u8]) -> (bool, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let out = Command::new(name).args(before).arg(file.path()).args(after).output().unwrap();
    (out.status.success(), String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Keeps a copy to look at when `PDF_SAMPLES` names a folder.
fn sample(name: &str, pdf: &[u8]) {
    if let Some(folder) = std::env::var_os("PDF_SAMPLES") {
        std::fs::write(std::path::Path::new(&folder).join(name), pdf).unwrap();
    }
}

#[test]
fn dossiers_are_reproducible_and_sound() {
    let pdf = dossier(SenderRole::Reporter, 12);
    sample("dossier.pdf", &pdf);
    assert!(pdf == dossier(SenderRole::Reporter, 12));
    assert!(tool("qpdf", &["--check"], &[], &pdf).0);
}

#[test]
fn the_report_says_what_the_facts_say() {
    let facts = facts(SenderRole::Reporter, 2);
    let pdf = dossier(SenderRole::Reporter, 2);
    let (_, text) = tool("pdftotext", &["-layout"], &["-"], &pdf);
    let pages: Vec<&str> = text.split('\u{c}').filter(|p| !p.trim().is_empty()).collect();
    let hash = facts.content_sha256().unwrap();
    let groups: String =
        hash.as_bytes().chunks(4).map(|c| format!("{} ", String::from_utf8_lossy(c))).collect();
    for page in &pages {
        assert!(page.contains(groups.trim()), "the content hash stands on each page:\n{page}");
        assert!(page.contains("合成数据"), "{page}");
    }
    for words in [
        "线索调查报告",
        "《刑法》第214条",
        "不低于人民币100,000,000.00元",
        "送达回证",
        "见证人",
        "侦查人员",
        "2a2a 2a2a",
        "图像无法读取",
        "账号关联：四家店铺",
        "[U+20BB7]",
        "陈镕某",
        "2016-05-04 10:30:00",
    ] {
        assert!(text.contains(words), "{words} is missing in\n{text}");
    }
    assert!(!text.contains("审核人") && !text.contains('\u{fffd}'));
}

#[test]
fn letters_speak_by_role() {
    for (role, words) in [
        (SenderRole::Reporter, "以举报人身份"),
        (SenderRole::AccuserJoint, "不予立案通知书送达控告人"),
        (SenderRole::Assisting, "作为协助单位"),
    ] {
        let pdf = letter_pdf(&facts(role, 2), &letter_key()).unwrap();
        sample(&format!("letter-{role:?}.pdf"), &pdf);
        assert!(tool("qpdf", &["--check"], &[], &pdf).0);
        let (_, text) = tool("pdftotext", &[], &["-"], &pdf);
        let joined: String = text.split_whitespace().collect();
        assert!(joined.contains(words), "{words} is missing in\n{text}");
        assert!(
            joined.contains("特此函告") && joined.contains("2016年5月10日") && joined.contains("提供人"),
            "{text}"
        );
    }
}

#[test]
fn no_page_of_a_letter_bears_the_signature_alone() {
    for count in (0..60).step_by(4) {
        let mut facts = facts(SenderRole::Reporter, 2);
        let brand = |n: i32| {
            let name = format!("示例品牌{n}号");
            Brand { name, name_en: String::new(), owner: String::new() }
        };
        facts.brands = (0..count).map(brand).collect();
        let (_, text) = tool("pdftotext", &["-layout"], &["-"], &letter_pdf(&facts, &letter_key()).unwrap());
        let page = text.split('\u{c}').find(|page| page.contains("经办人签名")).unwrap();
        assert!(page.contains("证据材料"), "{count} brands:\n{page}");
        // The place of the seal says so above the name.
        let (seal, name) = (page.find("单位印章").unwrap(), page.rfind("示例平台有限公司").unwrap());
        assert!(seal < name && name < page.find("2016年5月10日").unwrap(), "{count} brands:\n{page}");
    }
}

#[test]
fn a_letter_says_each_thing_once() {
    let mut facts = facts(SenderRole::Reporter, 2);
    let value =
        EstimatedValue { fen: 12_300, qualifier: "estimated".into(), basis: "platform_estimate".into() };
    facts.estimated_value = Some(value);
    let (_, text) = tool("pdftotext", &[], &["-"], &letter_pdf(&facts, &letter_key()).unwrap());
    let joined: String = text.split_whitespace().collect();
    assert!(joined.contains("估计涉案金额人民币123.00元（口径：平台估算）"), "{text}");
    assert!(joined.contains("涉及品牌为示例牌"), "{text}");
}

#[test]
fn a_letter_says_of_an_amount_what_was_said_of_it() {
    let mut facts = facts(SenderRole::Reporter, 2);
    for (code, words) in [
        ("exact", "估计涉案金额人民币30,000,000.00元"),
        ("at_least", "估计涉案金额不低于人民币30,000,000.00元"),
        ("over", "估计涉案金额超过人民币30,000,000.00元"),
        ("about", "估计涉案金额约人民币30,000,000.00元"),
        ("estimated", "估计涉案金额人民币30,000,000.00元"),
    ] {
        let (qualifier, basis) = (code.into(), "sales".into());
        facts.estimated_value = Some(EstimatedValue { fen: 3_000_000_000, qualifier, basis });
        let (_, text) = tool("pdftotext", &[], &["-"], &letter_pdf(&facts, &letter_key()).unwrap());
        let joined: String = text.split_whitespace().collect();
        assert!(joined.contains(words), "{words} is missing in\n{text}");
    }
}

#[test]
fn a_letter_lists_nothing_that_is_not_there() {
    let mut facts = facts(SenderRole::Reporter, 2);
    facts.title = "“示例牌”润滑油".into();
    facts.sites.clear();
    let text = |facts: &LeadFacts| -> String {
        let (_, text) = tool("pdftotext", &[], &["-"], &letter_pdf(facts, &letter_key()).unwrap());
        text.split_whitespace().collect()
    };
    let some = text(&facts);
    assert!(some.contains("。共列涉案主体4个、商品链接6条，详见《线索调查报告》。"), "{some}");
    assert!(some.contains("关于移送“‘示例牌’润滑油”线索的函"), "{some}");
    assert!(some.contains("掌握“‘示例牌’润滑油”线索"), "{some}");
    facts.subjects.clear();
    facts.listings.clear();
    let none = text(&facts);
    assert!(none.contains("。详见《线索调查报告》。") && !none.contains("共列"), "{none}");
}

#[test]
fn a_letter_names_the_key_with_its_whole_fingerprint() {
    let (facts, key) = (facts(SenderRole::Reporter, 2), letter_key());
    let (_, text) = tool("pdftotext", &["-layout"], &["-"], &letter_pdf(&facts, &key).unwrap());
    // Two lines of eight groups, to be read out.
    let halves = [&key.fingerprint[..39], &key.fingerprint[40..]];
    let plain = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = text.lines().map(plain).filter(|line| halves.contains(&line.as_str())).collect();
    assert_eq!(lines, halves, "{text}");
    let joined: String = text.split_whitespace().collect();
    assert!(joined.contains("签名公钥名称为log.example.com，其指纹（SHA-256）为："), "{text}");
    assert!(joined.contains("核验页面（https://example.com/verify）公布的公钥指纹比对"), "{text}");
}

#[test]
fn a_letter_says_how_the_sender_is_reached() {
    let mut facts = facts(SenderRole::Reporter, 2);
    let contact = facts.sender.contact.as_mut().unwrap();
    contact.role = "线索移送专员".into();
    contact.phone = "0571-8502 2088".into();
    contact.address = "杭州市余杭区示例路 1 号".into();
    let (_, text) = tool("pdftotext", &[], &["-"], &letter_pdf(&facts, &letter_key()).unwrap());
    let joined: String = text.split_whitespace().collect();
    for words in ["联系人：对接人甲（线索移送专员）", "电话：0571-85022088", "地址：杭州市余杭区示例路1号"]
    {
        assert!(joined.contains(words), "{words} is missing in\n{text}");
    }
}

/// Compares the text of a document with the one that is kept; `UPDATE_SNAPSHOTS=1` keeps the new one.
fn compare(name: &str, facts: &LeadFacts, pdf: &[u8]) {
    let (_, text) = tool("pdftotext", &["-layout"], &["-"], pdf);
    let hash = facts.content_sha256().unwrap();
    let groups: Vec<&str> = (0..16).map(|i| &hash[i * 4..i * 4 + 4]).collect();
    // The hash changes with every field that the facts gain; it has a test of its own.
    let text = text
        .replace(&groups.join(" "), "HASH")
        .replace(&groups[..8].join(" "), "HASH")
        .replace(&groups[8..].join(" "), "HASH");
    let lines = text.split(['\n', '\u{c}']).map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "));
    let text: String = lines.filter(|l| !l.is_empty()).map(|l| l + "\n").collect();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/documents").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap(), "{name}");
}

#[test]
fn the_texts_are_those_that_were_read_through() {
    let reporter = facts(SenderRole::Reporter, 1);
    compare("letter.txt", &reporter, &letter_pdf(&reporter, &letter_key()).unwrap());
    compare("report.txt", &reporter, &dossier(SenderRole::Reporter, 1));
}
