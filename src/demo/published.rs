//! What was published of a year as a whole: the totals that the sample's rows must add up to, and the operation.

use diesel::prelude::*;

use super::plan::{Group, Quota};
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
        qualifier: "over",
    },
    Group {
        year: 2016,
        from_month: 1,
        places: ELSEWHERE,
        quota: Quota { leads: 780, persons: 536, sites: 1_000, yuan: 1_490_000_000, prosecuted: 71 },
        qualifier: "over",
    },
];

/// The operation whose figures the papers disagree on.
const CLOUD_SWORD: &str = "浙江（云剑行动）";

/// 云剑行动 with what was published about it; the figures are there by then.
///
/// # Errors
/// Those of the database.
pub(super) fn operation(tx: &mut Tx<'_>) -> Result<()> {
    let day = |text: &str| text.parse().ok();
    let row = OperationRow {
        id: Id::new(),
        name_zh: "云剑行动（2016，浙江）".into(),
        name_en: "Operation Cloud Sword (2016, Zhejiang)".into(),
        from_on: day("2016-01-01"),
        to_on: day("2016-12-09"),
        note: "浙江省双打办、公安机关组织的专项行动。公开数字列于本页，两家口径不同之处并列保留。".into(),
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
