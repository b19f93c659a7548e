//! The public cases of 2016 by their published facts, each with its source. No person and no shop is named; a date
//! that the papers give by month only stands on the month's last day, and the text says so. What was not published
//! (place, date, units, value) is not made up.

use chrono::NaiveDate;

use super::{cases::Fact, ledger::Writer};
use crate::{
    casework::lead::{
        input::{Input, SiteInput, SubjectInput},
        model::{SenderRole, SiteRole, SourceKind, SubjectKind},
    },
    platform::{
        db::Id,
        error::{AppError, Plain, Result},
        money::{Amount, Basis, Fen, Qualifier},
    },
};

/// One result as published.
pub(super) struct Outcome {
    kind: &'static str,
    region: &'static str,
    on: NaiveDate,
    /// How many persons or sites, by role or place.
    names: Vec<(&'static str, String, &'static str)>,
    yuan: Option<(i64, Qualifier)>,
    quantity: Option<(i64, &'static str)>,
    source: &'static str,
}

/// One published case.
pub(super) struct Named {
    title: &'static str,
    summary: &'static str,
    source: &'static str,
    region: &'static str,
    charge: Option<&'static str>,
    brand: &'static str,
    made_on: NaiveDate,
    /// Agency, day sent and day filed, where they are known.
    sent: Option<(&'static str, NaiveDate, NaiveDate)>,
    results: Vec<Outcome>,
}

fn day(y: i32, m: u32, d: u32) -> Result<NaiveDate> {
    NaiveDate::from_ymd_opt(y, m, d).ok_or_else(|| AppError::internal(Plain("no such day".into())))
}

fn persons(n: usize, label: &str) -> Vec<(&'static str, String, &'static str)> {
    (1..=n).map(|i| ("person", format!("{label}{i}"), "")).collect()
}

#[allow(clippy::too_many_lines)] // a list of facts, not logic
pub(super) fn cases() -> Result<Vec<Named>> {
    let title_only = "公开报道仅有题名，未公布地点、时间、数量和金额，此处不作推测。";
    let plain = |title, brand, source| -> Result<Named> {
        Ok(Named {
            title,
            summary: title_only,
            source,
            region: "",
            charge: None,
            brand,
            made_on: day(2016, 12, 30)?,
            sent: None,
            results: vec![],
        })
    };
    let lubricants = Named {
        title: "跨境假冒润滑油案",
        summary: "2015 年 4 月，行业组织向平台提供线索，平台移送广州市公安局经侦支队。2015 年 8 月至 9 月，广州等地破获 10 起案件。\
                  2016 年 6 月，浙江、广东警方在公安部经侦局指挥下收网，抓获 11 人（含 1 名外籍人员），查处番禺、天河、义乌三处仓库。\
                  关于数量，中文报道的 5 万余桶为 2015 年数据，英文报道记为 2016 年，两说并存，未计入台账。报道只给出月份的，日期记为当月末日。",
        source: "ityears 2015-12-30；ipraction.gov.cn 2017-05；cnnb.com.cn 2017-03-20",
        region: "440100",
        charge: Some("CL213"),
        brand: "公开报道：润滑油品牌",
        made_on: day(2015, 4, 20)?,
        sent: Some(("PS-ECD-440100", day(2015, 4, 28)?, day(2015, 8, 31)?)),
        results: vec![
            Outcome {
                kind: "arrest",
                region: "440100",
                on: day(2015, 9, 30)?,
                names: persons(22, "2015 年刑事拘留人员"),
                yuan: None,
                quantity: None,
                source: "ityears 2015-12-30：刑事拘留 22 人",
            },
            Outcome {
                kind: "site_raided",
                region: "440100",
                on: day(2015, 9, 30)?,
                names: (1..=16)
                    .map(|i| ("site", format!("2015 年查处窝点 {i}（地址未公布）"), "440100"))
                    .collect(),
                yuan: None,
                quantity: None,
                source: "ityears 2015-12-30：捣毁窝点 16 处",
            },
            Outcome {
                kind: "case_value",
                region: "440100",
                on: day(2015, 9, 30)?,
                names: vec![],
                yuan: Some((120_000_000, Qualifier::About)),
                quantity: None,
                source: "ityears 2015-12-30：涉案 1.2 亿元",
            },
            Outcome {
                kind: "arrest",
                region: "440100",
                on: day(2016, 6, 30)?,
                names: persons(11, "2016 年 6 月抓获人员"),
                yuan: None,
                quantity: None,
                source: "ipraction.gov.cn 2017-05：抓获 11 人，含 1 名外籍人员",
            },
            Outcome {
                kind: "site_raided",
                region: "440113",
                on: day(2016, 6, 30)?,
                names: vec![
                    ("site", "番禺仓库（地址未公布）".into(), "440113"),
                    ("site", "天河仓库（地址未公布）".into(), "440106"),
                ],
                yuan: None,
                quantity: Some((10_000, "件（近）")),
                source: "公开报道：番禺、天河仓库",
            },
            Outcome {
                kind: "site_raided",
                region: "330782",
                on: day(2016, 6, 30)?,
                names: vec![("site", "义乌仓库（地址未公布）".into(), "330782")],
                yuan: None,
                quantity: None,
                source: "公开报道：金华义乌仓库",
            },
            Outcome {
                kind: "case_value",
                region: "440100",
                on: day(2016, 6, 30)?,
                names: vec![],
                yuan: Some((100_000_000, Qualifier::AtLeast)),
                quantity: None,
                source: "公开报道：估值超过 1 亿元",
            },
        ],
    };
    let belts = Named {
        title: "假冒皮带案（红桃A）",
        summary: "2016 年 10 月 11 日，广州市公安局经侦支队在白云区嘉禾街道查获假冒皮带 177 条、销售记录 5,312 条，涉案 200 万元，\
                  犯罪嫌疑人 1 名，经检察机关批准逮捕。移送日期未公布，此处移送步骤的日期为合成。",
        source: "51haodu.com（天下网商 2017-03-20）",
        region: "440111",
        charge: Some("CL214"),
        brand: "公开报道：奢侈品皮带品牌",
        made_on: day(2016, 9, 20)?,
        sent: Some(("PS-ECD-440100", day(2016, 9, 26)?, day(2016, 10, 11)?)),
        results: vec![
            Outcome {
                kind: "arrest",
                region: "440111",
                on: day(2016, 10, 11)?,
                names: persons(1, "红桃A案犯罪嫌疑人"),
                yuan: None,
                quantity: None,
                source: "51haodu.com：批准逮捕 1 人",
            },
            Outcome {
                kind: "goods_seized",
                region: "440111",
                on: day(2016, 10, 11)?,
                names: vec![],
                yuan: None,
                quantity: Some((177, "条")),
                source: "51haodu.com：皮带 177 条",
            },
            Outcome {
                kind: "case_value",
                region: "440111",
                on: day(2016, 10, 11)?,
                names: vec![],
                yuan: Some((2_000_000, Qualifier::About)),
                quantity: None,
                source: "51haodu.com：涉案 200 万元",
            },
        ],
    };
    let cosmetics = Named {
        title: "高档化妆品案（南京）",
        summary: "2016 年 10 月平台向南京警方提供线索，涉及两家店铺；2017 年初收网。中文报道：主要嫌疑人 10 名，逮捕 4 名、取保候审 6 名；\
                  英文报道：抓获 4 名、另有 6 名在逃，两说并存。查获 4,000 余件，库存约 600 万元，销售逾 2,000 万元。\
                  收网在 2017 年，其战果不计入 2016 年。报道只给出月份的，日期记为当月末日。",
        source: "alizila.com；公开报道（中文转载）",
        region: "320100",
        charge: Some("CL214"),
        brand: "公开报道：高档化妆品品牌",
        made_on: day(2016, 10, 20)?,
        sent: Some(("PS-ECD-320100", day(2016, 10, 31)?, day(2016, 12, 30)?)),
        results: vec![],
    };
    Ok(vec![
        lubricants,
        belts,
        cosmetics,
        plain("假冒直销品牌产品案", "公开报道：直销品牌", "2016 年度十大案件（仅题名）")?,
        plain("假冒手机配件案（红桃K）", "公开报道：手机品牌", "en.shxuanming.net 2017-01-16；51haodu.com")?,
        plain("微信朋友圈售假案", "公开报道", "en.shxuanming.net 2017-01-16（仅题名）")?,
        plain("跨国假冒箱包案（方块A）", "公开报道：箱包品牌", "cnnb.com.cn 2017-03-20；ityears 2015-12-30")?,
    ])
}

impl Writer<'_, '_> {
    /// Writes the published cases.
    pub fn named(&mut self, cases: &[Named]) -> Result<()> {
        for named in cases {
            let lead = self.lead(&input_of(named), named.made_on)?;
            if let Some((code, sent_on, filed_on)) = named.sent {
                let agency = self.agency(code)?;
                let transfer = self.transfer(&lead, &agency, sent_on, Some(filed_on), false)?;
                let number = format!("公开报道案件（案号未公布）{}", &lead.number[3..]);
                let case = self.case_row(
                    &agency,
                    &number,
                    named.title,
                    filed_on,
                    "investigating",
                    false,
                    named.source,
                )?;
                let at = self.noon(filed_on);
                self.join(case.id, transfer, at)?;
                for result in &named.results {
                    let names = self.names(&lead.id, result)?;
                    self.outcome(&case, &fact_of(result, &names))?;
                }
            }
            self.record()?;
        }
        Ok(())
    }

    /// Identities of a published result: by role and place, because nobody is named.
    fn names(&mut self, lead_id: &Id, result: &Outcome) -> Result<Vec<(&'static str, Id)>> {
        let mut made = Vec::new();
        for (kind, label, region) in &result.names {
            let id = if *kind == "person" {
                let subject = SubjectInput {
                    kind: SubjectKind::Person,
                    name: label.clone(),
                    identifier: format!("公开报道·{label}"),
                    region_code: None,
                    note: result.source.to_owned(),
                    part: "嫌疑人".into(),
                };
                crate::casework::lead::parts::actions::attach_subject(self.tx, *lead_id, &subject, false)?
            } else {
                let site = SiteInput {
                    address: label.clone(),
                    region_code: (*region).to_owned(),
                    role: SiteRole::Storage,
                    note: result.source.to_owned(),
                };
                crate::casework::lead::parts::actions::attach_site(self.tx, *lead_id, &site, false)?
            };
            made.push((*kind, id));
        }
        Ok(made)
    }
}

fn input_of(named: &Named) -> Input {
    Input {
        title: named.title.to_owned(),
        summary: named.summary.to_owned(),
        region_code: named.region.to_owned(),
        source_kind: SourceKind::Other,
        source_note: named.source.to_owned(),
        sender_role: SenderRole::Reporter,
        charges: named.charge.into_iter().map(str::to_owned).collect(),
        brands: vec![named.brand.to_owned()],
        public_source: named.source.to_owned(),
        ..Input::default()
    }
}

fn fact_of<'a>(result: &'a Outcome, names: &'a [(&'static str, Id)]) -> Fact<'a> {
    Fact {
        kind: result.kind,
        region: result.region,
        on: result.on,
        amount: result.yuan.map(|(yuan, qualifier)| Amount {
            fen: Fen(yuan * 100),
            qualifier,
            basis: Basis::Announced,
        }),
        quantity: result.quantity,
        names,
        source_kind: "published",
        source_name: result.source,
        source_url: "",
        synthetic: false,
    }
}
