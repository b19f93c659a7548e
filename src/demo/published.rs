//! The published yearly figures: what the sample's rows must add up to, and what stands beside them as context with
//! its source. Where papers differ, both are kept, one is counted, and it is said which and why.

use diesel::prelude::*;

use super::{
    plan::{Group, Quota},
    published_en,
};
use crate::{
    audit::{self, Entry},
    operation::store::{self, OperationRow},
    platform::{
        db::{Id, Tx, schema::published_figure},
        error::Result,
    },
};

const ZHEJIANG: &[(&str, u32)] =
    &[("330100", 30), ("330200", 18), ("330300", 20), ("330700", 22), ("331000", 10)];
const ELSEWHERE: &[(&str, u32)] = &[
    ("440100", 20),
    ("440300", 10),
    ("440500", 6),
    ("441900", 6),
    ("350200", 4),
    ("350300", 12),
    ("350500", 6),
    ("320100", 6),
    ("320500", 5),
    ("310000", 8),
    ("340100", 4),
    ("360100", 3),
    ("370700", 3),
    ("410100", 4),
    ("450700", 1),
    ("110000", 4),
    ("130100", 3),
];

/// 2016: 1,184 leads, 880 suspects, 1,419 sites, over 3 billion yuan; less what the named cases carry (two leads, 12
/// suspects, three sites, 102 million). Zhejiang within the figures of its own operation. 2015 (April to December):
/// 717 leads, 715 suspects, over 600 sites, about 1.5 billion yuan (derived), less the lubricant case's part.
pub(super) const GROUPS: &[Group] = &[
    Group {
        year: 2015,
        from_month: 4,
        places: ZHEJIANG,
        quota: Quota { leads: 260, persons: 240, sites: 220, yuan: 480_000_000, prosecuted: 20 },
        qualifier: "about",
    },
    Group {
        year: 2015,
        from_month: 4,
        places: ELSEWHERE,
        quota: Quota { leads: 456, persons: 453, sites: 364, yuan: 900_000_000, prosecuted: 31 },
        qualifier: "about",
    },
    Group {
        year: 2016,
        from_month: 1,
        places: ZHEJIANG,
        quota: Quota { leads: 402, persons: 332, sites: 416, yuan: 1_430_000_000, prosecuted: 44 },
        qualifier: "at_least",
    },
    Group {
        year: 2016,
        from_month: 1,
        places: ELSEWHERE,
        quota: Quota { leads: 780, persons: 536, sites: 1_000, yuan: 1_490_000_000, prosecuted: 71 },
        qualifier: "at_least",
    },
];

struct Figure(
    i32,
    &'static str,
    i64,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
    &'static str,
);

const FY: &str = "全年";

/// Year, figure, amount (yuan for values), qualifier, period, scope, source, counted, why not.
const FIGURES: &[Figure] = &[
    Figure(
        2016,
        "leads_sent",
        1184,
        "exact",
        FY,
        "全国",
        "天下网商 2017-03-20；ecns.cn 2017-04-01",
        true,
        "",
    ),
    Figure(2016, "suspects_arrested", 880, "exact", FY, "全国", "ecns.cn 2017-04-01", true, ""),
    Figure(
        2016,
        "sites_raided",
        1419,
        "exact",
        FY,
        "全国",
        "ecns.cn 2017-04-01（另作“1,400余个”）",
        true,
        "",
    ),
    Figure(
        2016,
        "case_value",
        3_000_000_000,
        "at_least",
        FY,
        "全国",
        "ecns.cn；51haodu.com（天下网商）",
        true,
        "",
    ),
    Figure(
        2016,
        "leads_identified",
        4495,
        "exact",
        FY,
        "全国",
        "每日经济新闻 2017-03-01（hnr.cn 转载）",
        false,
        "排查数，不是移送数",
    ),
    Figure(
        2016,
        "leads_prosecutable",
        469,
        "exact",
        FY,
        "全国",
        "hnr.cn；ctisd.com",
        false,
        "公安机关依法可以刑事打击的线索数，口径不同",
    ),
    Figure(
        2016,
        "judgments",
        33,
        "exact",
        "截至 2017-02-27",
        "全国",
        "hnr.cn；163.com；moodaa.com",
        false,
        "公开可查的刑事判决数，期间不同",
    ),
    Figure(
        2016,
        "persons_judged",
        47,
        "exact",
        "截至 2017-02-27",
        "全国",
        "hnr.cn；ctisd.com",
        false,
        "上述判决涉及人数，其中 37 人缓刑",
    ),
    Figure(
        2016,
        "sites_raided",
        675,
        "about",
        "2015-09 至 2016-08",
        "全国",
        "en.shxuanming.net 2017-01-16",
        false,
        "期间跨年，不能与全年数相加减",
    ),
    Figure(
        2016,
        "suspects_arrested",
        332,
        "exact",
        FY,
        "浙江（云剑行动）",
        "alizila.com（平台口径）",
        true,
        "与平台移送的线索对应",
    ),
    Figure(
        2016,
        "suspects_arrested",
        474,
        "exact",
        FY,
        "浙江（云剑行动）",
        "浙江日报 2016-12-09 第3版",
        false,
        "公安机关全部知识产权案件口径，范围大于平台移送的线索",
    ),
    Figure(2016, "sites_raided", 417, "exact", FY, "浙江（云剑行动）", "浙江日报 2016-12-09 第3版", true, ""),
    Figure(
        2016,
        "case_value",
        1_430_000_000,
        "exact",
        FY,
        "浙江（云剑行动）",
        "浙江日报 2016-12-09 第3版",
        true,
        "",
    ),
    Figure(
        2015,
        "leads_sent",
        717,
        "exact",
        "4 月至 12 月",
        "全国",
        "ityears；china.com.cn 2015-12-30",
        true,
        "",
    ),
    Figure(
        2015,
        "suspects_arrested",
        715,
        "exact",
        "4 月至 12 月",
        "全国",
        "ityears；china.com.cn 2015-12-30",
        true,
        "",
    ),
    Figure(
        2015,
        "sites_raided",
        600,
        "at_least",
        "4 月至 12 月",
        "全国",
        "ityears；china.com.cn 2015-12-30",
        true,
        "",
    ),
    Figure(
        2015,
        "case_value",
        1_500_000_000,
        "about",
        FY,
        "全国",
        "由 2016 年“同比翻一番”推算（ecns.cn）",
        true,
        "",
    ),
    Figure(
        2017,
        "leads_sent",
        1910,
        "exact",
        FY,
        "全国",
        "lxroad.com；ipraction 201802",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2017,
        "suspects_arrested",
        1606,
        "exact",
        FY,
        "全国",
        "lxroad.com；newbmwseries",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2017,
        "sites_raided",
        1328,
        "exact",
        FY,
        "全国",
        "lxroad.com；newbmwseries",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2017,
        "case_value",
        4_300_000_000,
        "about",
        FY,
        "全国",
        "lxroad.com；newbmwseries",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2018,
        "leads_sent",
        1634,
        "exact",
        FY,
        "全国",
        "sdchina 2019-01-11；worldipreview 18008",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2018,
        "suspects_arrested",
        1953,
        "exact",
        FY,
        "全国",
        "sdchina 2019-01-11；worldipreview 18008",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2018,
        "sites_raided",
        1542,
        "exact",
        FY,
        "全国",
        "sdchina 2019-01-11；worldipreview 18008",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2018,
        "case_value",
        7_900_000_000,
        "about",
        FY,
        "全国",
        "sdchina 2019-01-11；worldipreview 18008",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2019,
        "leads_sent",
        1045,
        "exact",
        FY,
        "全国",
        "lexology；worldipreview 19233",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2019,
        "suspects_arrested",
        4125,
        "exact",
        FY,
        "全国",
        "lexology；worldipreview 19233",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2019,
        "sites_raided",
        2029,
        "exact",
        FY,
        "全国",
        "lexology；worldipreview 19233",
        false,
        "本系统未载入该年台账",
    ),
    Figure(
        2019,
        "case_value",
        8_400_000_000,
        "about",
        FY,
        "全国",
        "lexology；worldipreview 19233",
        false,
        "本系统未载入该年台账",
    ),
];

/// The operation whose figures the papers disagree on.
const CLOUD_SWORD: &str = "浙江（云剑行动）";

/// 云剑行动 with what was published about it.
fn operation(tx: &mut Tx<'_>) -> Result<()> {
    let day = |text: &str| text.parse().ok();
    let row = OperationRow {
        id: Id::new(),
        name_zh: "云剑行动（2016，浙江）".into(),
        name_en: "Operation Cloud Sword (2016, Zhejiang)".into(),
        from_on: day("2016-01-01"),
        to_on: day("2016-12-09"),
        note: "浙江省双打办、公安机关组织的专项行动。公开数字见右，两家口径不同之处并列保留。".into(),
        public_source: "浙江日报 2016-12-09 第3版；alizila.com".into(),
        synthetic: false,
        created_at: tx.now(),
    };
    store::insert(tx, &row)?;
    let figures: Vec<Id> = published_figure::table
        .filter(published_figure::scope.eq(CLOUD_SWORD))
        .select(published_figure::id)
        .load(tx.conn())?;
    for figure in &figures {
        store::add_member(tx, row.id, "published", *figure)?;
    }
    let entry = Entry::new("demo.row").object("operation", row.id).objects("published", figures);
    audit::record(tx, entry).map(|_| ())
}

/// Writes the context figures. Amounts of value are stored in fen.
pub(super) fn plant(tx: &mut Tx<'_>) -> Result<()> {
    for Figure(year, figure, amount, qualifier, period, scope, source, counted, reason) in FIGURES {
        let amount = if *figure == "case_value" { amount * 100 } else { *amount };
        diesel::insert_into(published_figure::table)
            .values((
                published_figure::id.eq(Id::new()),
                published_figure::year.eq(year),
                published_figure::figure.eq(figure),
                published_figure::amount.eq(amount),
                published_figure::qualifier.eq(qualifier),
                published_figure::period.eq(period),
                published_figure::scope.eq(scope),
                published_figure::source.eq(source),
                published_figure::counted.eq(counted),
                published_figure::reason.eq(reason),
                published_figure::period_en.eq(published_en::of(period)),
                published_figure::scope_en.eq(published_en::of(scope)),
                published_figure::source_en.eq(published_en::of(source)),
                published_figure::reason_en.eq(published_en::of(reason)),
            ))
            .execute(tx.conn())?;
    }
    operation(tx)
}

/// Every text of the figures that is shown.
#[cfg(test)]
pub(super) fn texts() -> Vec<&'static str> {
    FIGURES
        .iter()
        .flat_map(|Figure(.., period, scope, source, _, reason)| [*period, *scope, *source, *reason])
        .collect()
}
