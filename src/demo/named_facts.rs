//! What was published about each named case.

use chrono::NaiveDate;

use super::named::{Named, Outcome, Sent};
use crate::{casework::lead::model::SiteRole, platform::money::Qualifier};

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
}

fn persons(n: usize, label: &str) -> Vec<(&'static str, String, &'static str)> {
    (1..=n).map(|i| ("person", format!("{label}{i}"), "")).collect()
}

/// All of them; those with results first.
pub(super) fn cases() -> Vec<Named> {
    vec![
        lubricants(),
        belts(),
        cosmetics(),
        accessories(),
        bags(),
        watches(),
        shoes(),
        juicers(),
        title_only("假冒直销品牌产品案", "公开报道：直销品牌", "2016 年度十大案件之二（仅题名）"),
        title_only(
            "微信朋友圈售假案",
            "公开报道",
            "2016 年度十大案件（仅题名）：en.shxuanming.net 2017-01-16",
        ),
        title_only(
            "假冒咖啡品牌杯具案",
            "公开报道：咖啡品牌",
            "“通缉扑克牌”九案之一（仅题名）：cnnb.com.cn 2017-03-20",
        ),
    ]
}

/// A case of which the papers give no more than its title.
fn title_only(title: &'static str, brand: &'static str, source: &'static str) -> Named {
    Named {
        title,
        summary: "公开报道仅有题名，未公布地点、时间、数量和金额，此处不作推测。",
        source,
        brand,
        made_on: day(2016, 12, 30),
        ..Named::default()
    }
}

fn lubricants() -> Named {
    let (then, now) = (day(2015, 9, 30), day(2016, 6, 30));
    let about_then =
        |kind, source| Outcome { kind, region: "440100", on: then, source, ..Outcome::default() };
    let about_now = |kind, region, source| Outcome { kind, region, on: now, source, ..Outcome::default() };
    let site = |at: &str, region| ("site", format!("{at}仓库（地址未公布）"), region);
    Named {
        title: "跨境假冒润滑油案（黑桃A）",
        summary: "2016 年度十大案件之首。\n\
            2015 年 4 月，英中贸易协会向平台提供假冒润滑油线索，平台移送广州市公安局经侦支队。\n\
            2015 年 8 月至 9 月，广州越秀、增城、白云及杭州、潍坊、郑州、南京、钦州等地破获 10 起案件，打掉团伙 10 个，刑事拘留 22 人，\
            捣毁窝点 16 处，查获 5 万余桶，涉案 1.2 亿元。\n\
            2015 年 11 月，宁波海关查获走私的假冒润滑油：在马来西亚灌装，班轮运输，经义乌、广东销售。\n\
            2016 年 5 月起，海关总署、公安部联合督办，杭州、宁波、广州、黄埔、天津海关开展行动 20 次，移交公安机关案件 6 起，查获 80 余吨、\
            950 万元；其中黄埔海关 3 批 31.7 吨，天津海关 3 批 38.1 吨。\n\
            2016 年 6 月，浙江、广东警方在公安部经侦局指挥下收网，抓获 11 人（含 1 名马来西亚籍人员），查处番禺、天河、金华义乌三处仓库，\
            查获近 1 万件，估值超过 1 亿元。\n\
            2016 年 10 月，天津、深圳、广州海关再次查获，其中一家天津公司登记在马来西亚籍人员名下。其后公安部国际合作部门和国际刑警组织联系马来西亚警方。\n\
            5 万余桶：中文报道为 2015 年数据，英文报道记在 2016 年，两说并存，未计入台账；海关数字由海关自行统计，列在年报的公开数字中。",
        source: "ityears 2015-12-30；海关总署（sinotf.com 232645）；cri.cn 2017-04-21；ipraction.gov.cn 2017-05；cnnb.com.cn 2017-03-20",
        region: "440100",
        charge: Some("CL213"),
        brand: "公开报道：润滑油品牌",
        made_on: day(2015, 4, 20),
        occurred: (None, Some(now)),
        sent: Some(Sent {
            agency: "PS-ECD-440100",
            on: day(2015, 4, 28),
            filed_on: day(2015, 8, 31),
            known: ["公开报道只说平台在 2015 年 4 月得到线索后移送，未给出移送日期，此处为合成。", ""],
        }),
        results: vec![
            Outcome {
                names: persons(22, "2015 年刑事拘留人员"),
                ..about_then(
                    "arrest",
                    "ityears 2015-12-30：刑事拘留 22 人（多地，仅公布“8 月至 9 月”，记为 9 月末、主办地广州）",
                )
            },
            Outcome {
                names: (1..=16)
                    .map(|i| ("site", format!("2015 年查处窝点 {i}（地址未公布）"), "440100"))
                    .collect(),
                ..about_then(
                    "site_raided",
                    "ityears 2015-12-30：捣毁窝点 16 处（多地，仅公布“8 月至 9 月”，记为 9 月末、主办地广州）",
                )
            },
            Outcome {
                yuan: Some((120_000_000, Qualifier::About)),
                ..about_then(
                    "case_value",
                    "ityears 2015-12-30：涉案 1.2 亿元（仅公布“8 月至 9 月”，记为 9 月末）",
                )
            },
            Outcome {
                names: persons(11, "2016 年 6 月抓获人员"),
                ..about_now(
                    "arrest",
                    "440100",
                    "ipraction.gov.cn 2017-05：抓获 11 人，含 1 名马来西亚籍人员（仅公布月份，记为月末）",
                )
            },
            Outcome {
                names: vec![site("番禺", "440113"), site("天河", "440106")],
                ..about_now("site_raided", "440113", "公开报道：番禺、天河仓库（仅公布月份，记为月末）")
            },
            Outcome {
                names: vec![site("义乌", "330782")],
                ..about_now("site_raided", "330782", "公开报道：金华义乌仓库（仅公布月份，记为月末）")
            },
            Outcome {
                quantity: Some((10_000, "piece")),
                ..about_now("goods_seized", "440100", "公开报道：近 1 万件（仅公布月份，记为月末）")
            },
            Outcome {
                yuan: Some((100_000_000, Qualifier::Over)),
                ..about_now("case_value", "440100", "公开报道：估值超过 1 亿元（仅公布月份，记为月末）")
            },
        ],
        ..Named::default()
    }
}

fn belts() -> Named {
    let on = day(2016, 10, 11);
    let about = |kind, source| Outcome { kind, region: "440111", on, source, ..Outcome::default() };
    Named {
        title: "假冒皮带案（红桃A）",
        summary: "2016 年 10 月 11 日，广州市公安局经侦支队在白云区嘉禾街道查获假冒皮带 177 条、销售记录 5,312 条，涉案 200 万元，\
            犯罪嫌疑人 1 名，经广州市人民检察院批准逮捕。",
        source: "51haodu.com（天下网商 2017-03-20）",
        region: "440111",
        charge: Some("CL214"),
        brand: "公开报道：奢侈品皮带品牌",
        made_on: day(2016, 9, 20),
        occurred: (None, Some(on)),
        places: vec![("白云区嘉禾街道（详细地址未公布）", "440111", SiteRole::Storage)],
        sent: Some(Sent {
            agency: "PS-ECD-440100",
            on: day(2016, 9, 26),
            filed_on: on,
            known: ["", "公开报道未给出立案日期，此处记为查获当日。"],
        }),
        results: vec![
            Outcome {
                names: persons(1, "红桃A案犯罪嫌疑人"),
                ..about("arrest", "51haodu.com：犯罪嫌疑人 1 名，批准逮捕（批捕日期未公布，记为查获当日）")
            },
            Outcome {
                quantity: Some((177, "strip")), ..about("goods_seized", "51haodu.com：皮带 177 条")
            },
            Outcome {
                yuan: Some((2_000_000, Qualifier::About)),
                ..about("case_value", "51haodu.com：涉案 200 万元")
            },
        ],
        ..Named::default()
    }
}

fn cosmetics() -> Named {
    Named {
        title: "高档化妆品案（南京）",
        summary: "2016 年 10 月，平台向南京市公安局食品药品环境犯罪侦查支队提供线索，涉及两家店铺；2017 年初收网。\n\
            中文报道：主要嫌疑人 10 名，逮捕 4 名、取保候审 6 名；英文报道：抓获 4 名、另有 6 名在逃，两说并存。\n\
            查获 4,000 余件，库存约 600 万元，销售逾 2,000 万元。收网日期未公布，战果不作台账记录，列在 2017 年报的公开数字中。",
        source: "alizila.com；公开报道（中文转载）",
        region: "320100",
        charge: Some("CL214"),
        brand: "公开报道：高档化妆品品牌",
        made_on: day(2016, 10, 20),
        sent: Some(Sent {
            agency: "PS-FDE-320100",
            on: day(2016, 10, 31),
            filed_on: day(2016, 12, 30),
            known: ["公开报道只给出月份（2016 年 10 月），记为月末。", ""],
        }),
        ..Named::default()
    }
}

fn accessories() -> Named {
    Named {
        title: "假冒手机配件案（红桃K）",
        summary: "2016 年度十大案件之一。2015 年 8 月至 2016 年 1 月，杭州市下城区一家店铺销售假冒手机配件，货源为深圳华强北；犯罪嫌疑人 1 名。\
            查处日期、数量和金额未见公布，因此不作台账记录；移送情况未公布，不作移送记录。",
        source: "51haodu.com（天下网商 2017-03-20）；en.shxuanming.net 2017-01-16",
        region: "330103",
        charge: Some("CL214"),
        brand: "公开报道：手机品牌",
        made_on: day(2016, 12, 30),
        occurred: (Some(day(2015, 8, 1)), Some(day(2016, 1, 31))),
        persons: vec![("红桃K案犯罪嫌疑人", "嫌疑人")],
        places: vec![
            ("下城区一家店铺（地址未公布）", "330103", SiteRole::Sale),
            ("华强北，货源地（地址未公布）", "440304", SiteRole::Storage),
        ],
        ..Named::default()
    }
}

fn bags() -> Named {
    Named {
        title: "跨国假冒箱包案（方块A）",
        summary: "广州一镇生产假冒箱包 6 万余个，销往迪拜。此前有报道称“广州白云跨国假冒箱包案”于 2015 年初立案侦办。\
            抓获人数、窝点数和金额未见公布，数量为生产数而非查获数，因此不作台账记录；移送情况未公布，不作移送记录。",
        source: "cnnb.com.cn 2017-03-20；ityears 2015-12-30（案例二）",
        region: "440100",
        charge: Some("CL213"),
        brand: "公开报道：箱包品牌",
        made_on: day(2016, 12, 30),
        places: vec![("广州一镇（地名未公布）", "440100", SiteRole::Production)],
        ..Named::default()
    }
}

fn watches() -> Named {
    Named {
        title: "假冒手表案（深圳罗湖）",
        summary: "2016 年 8 月，深圳罗湖查获假冒手表 125 块、假印章 2 枚；平台对两名卖家提起民事诉讼，索赔 140 万元。\
            查获日期未公布，因此不作台账记录，列在年报的公开数字中；另有报道称金额“2 亿元”，明显有误，不予采用。",
        source: "worldipreview 2017-01-04",
        region: "440303",
        charge: Some("CL214"),
        brand: "公开报道：手表品牌",
        made_on: day(2016, 12, 30),
        occurred: (None, Some(day(2016, 8, 31))),
        persons: vec![
            ("罗湖手表案被诉卖家 1", "卖家（民事被告）"),
            ("罗湖手表案被诉卖家 2", "卖家（民事被告）"),
        ],
        places: vec![("罗湖区（地址未公布）", "440303", SiteRole::Storage)],
        ..Named::default()
    }
}

const NO_YEAR: &str = "kaitao.cn/2751（2014 年至 2015 年间，年份不明）";

fn shoes() -> Named {
    Named {
        title: "假冒鞋类系列案",
        summary: "立案 5 起、破案 5 起，刑事拘留 8 人，打掉团伙 1 个，捣毁窝点 7 处，涉案 2,150 万元。年份不明，不计入任何年度。",
        source: NO_YEAR,
        brand: "公开报道：鞋类品牌",
        made_on: day(2016, 12, 30),
        ..Named::default()
    }
}

fn juicers() -> Named {
    Named {
        title: "假冒榨汁机案（上海嘉定）",
        summary: "上海市公安局嘉定分局经侦支队查处：窝点 10 处，抓获 5 人，查获 510 台。年份不明，不计入任何年度。",
        source: NO_YEAR,
        region: "310114",
        brand: "公开报道：小家电品牌",
        made_on: day(2016, 12, 30),
        ..Named::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::model;

    #[test]
    fn quantities_are_in_units_of_the_list() {
        for (_, unit) in cases().iter().flat_map(|case| &case.results).filter_map(|result| result.quantity) {
            assert_eq!(model::unit(unit), Some(unit));
        }
    }
}
