//! The agencies of the demo: police and market regulation of the places in the sample. Names are those of public
//! bodies; contacts and addresses are made up and marked synthetic.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::platform::{
    db::{
        Id, Tx,
        schema::{agency, agency_contact, agency_takes},
    },
    error::Result,
};

/// One agency as the ledger needs it.
#[derive(Clone, Debug)]
pub struct AgencyOf {
    pub id: Id,
    pub code: String,
    pub region: &'static str,
    pub place: &'static str,
}

/// All of them, by code.
#[derive(Clone, Debug, Default)]
pub struct Agencies(HashMap<String, AgencyOf>);

impl Agencies {
    pub fn id(&self, code: &str) -> Option<Id> {
        self.0.get(code).map(|a| a.id)
    }

    pub fn get(&self, code: &str) -> Option<&AgencyOf> {
        self.0.get(code)
    }
}

/// Prefecture (or municipality), Chinese and English name.
pub(super) const PLACES: &[(&str, &str, &str)] = &[
    ("330100", "杭州市", "Hangzhou"),
    ("330200", "宁波市", "Ningbo"),
    ("330300", "温州市", "Wenzhou"),
    ("330700", "金华市", "Jinhua"),
    ("331000", "台州市", "Taizhou"),
    ("440100", "广州市", "Guangzhou"),
    ("440300", "深圳市", "Shenzhen"),
    ("440500", "汕头市", "Shantou"),
    ("441900", "东莞市", "Dongguan"),
    ("350200", "厦门市", "Xiamen"),
    ("350300", "莆田市", "Putian"),
    ("350500", "泉州市", "Quanzhou"),
    ("320100", "南京市", "Nanjing"),
    ("320500", "苏州市", "Suzhou"),
    ("310000", "上海市", "Shanghai"),
    ("340100", "合肥市", "Hefei"),
    ("360100", "南昌市", "Nanchang"),
    ("370700", "潍坊市", "Weifang"),
    ("410100", "郑州市", "Zhengzhou"),
    ("450700", "钦州市", "Qinzhou"),
    ("110000", "北京市", "Beijing"),
    ("130100", "石家庄市", "Shijiazhuang"),
];

struct Kind {
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    takes: &'static [&'static str],
}

const KINDS: [Kind; 2] = [
    Kind {
        code: "PS-ECD",
        zh: "公安局经侦支队",
        en: "Public Security Bureau, economic crime investigation",
        takes: &["trademark", "copyright", "patent", "trade_secret", "shoddy", "food", "drug"],
    },
    Kind {
        code: "SAMR",
        zh: "市场监督管理局",
        en: "Market Regulation Bureau",
        takes: &["trademark", "shoddy", "food", "unfair_competition", "advertising"],
    },
];

/// Of one place only: the one that had a published case.
const FOOD_AND_DRUGS: Kind = Kind {
    code: "PS-FDE",
    zh: "公安局食品药品环境犯罪侦查支队",
    en: "Public Security Bureau, food, drug and environment crime investigation",
    takes: &["food", "drug"],
};

pub(super) fn plant(tx: &mut Tx<'_>) -> Result<Agencies> {
    let mut agencies = Agencies::default();
    for (region, place_zh, place_en) in PLACES {
        let more = (*region == "320100").then_some(&FOOD_AND_DRUGS);
        for kind in KINDS.iter().chain(more) {
            let id = insert(tx, kind, region, place_zh, place_en)?;
            let code = format!("{}-{region}", kind.code);
            agencies.0.insert(code.clone(), AgencyOf { id, code, region, place: place_zh });
        }
    }
    Ok(agencies)
}

fn insert(tx: &mut Tx<'_>, kind: &Kind, region: &str, place_zh: &str, place_en: &str) -> Result<Id> {
    let id = Id::new();
    let now = tx.now();
    let level = if region.ends_with("0000") { "province" } else { "prefecture" };
    // 2018-03: market regulation came out of 工商, 质检 and 食药监.
    let since = if kind.code == "SAMR" { NaiveDate::from_ymd_opt(2018, 3, 21) } else { None };
    let name = format!("{place_zh}{}", kind.zh);
    diesel::insert_into(agency::table)
        .values((
            agency::id.eq(id),
            agency::code.eq(format!("{}-{region}", kind.code)),
            agency::name_zh.eq(&name),
            agency::name_en.eq(format!("{place_en} {}", kind.en)),
            agency::type_code.eq(kind.code),
            agency::level.eq(level),
            agency::region_code.eq(region),
            agency::valid_from.eq(since),
            agency::channel.eq("portal"),
            agency::addressee.eq(&name),
            agency::email.eq(format!("{}-{region}@agency.example", kind.code.to_lowercase())),
            agency::synthetic.eq(true),
            agency::source.eq("演示数据：机构名称为公共机构，联系方式为合成"),
            agency::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    for family in kind.takes {
        diesel::insert_into(agency_takes::table)
            .values((agency_takes::agency_id.eq(id), agency_takes::family.eq(family)))
            .execute(tx.conn())?;
    }
    diesel::insert_into(agency_contact::table)
        .values((
            agency_contact::id.eq(Id::new()),
            agency_contact::agency_id.eq(id),
            agency_contact::name.eq("联络窗口（合成）"),
            agency_contact::title.eq("线索受理"),
            agency_contact::phone.eq(""),
            agency_contact::email.eq(format!("{}-{region}@agency.example", kind.code.to_lowercase())),
            agency_contact::is_default.eq(true),
        ))
        .execute(tx.conn())?;
    Ok(id)
}
