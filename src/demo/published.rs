//! The published yearly figures: what the sample's rows must add up to, and what stands beside them as context with
//! its source. Where papers differ, both are kept, one is counted, and it is said which and why.

use diesel::prelude::*;

use super::{
    figures::{FIGURES, Figure},
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
