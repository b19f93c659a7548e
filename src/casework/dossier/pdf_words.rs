//! Words and figures as they stand in the Chinese documents of a dossier.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::facts::{Charge, EstimatedValue, ItemKind, LeadFacts, Region, SenderRole, SiteRole, SubjectKind};
use crate::platform::{
    chart::plain,
    db::Instant,
    error::{AppError, Result},
    i18n::{self, Lang},
    money::{self, Qualifier},
    pdf::{Frame, Margins, Meta, PdfError, Setup, Words, grouped},
};

/// What an empty field says.
pub const NONE: &str = "——";

/// The text, or a dash where there is none.
pub fn or_none(text: &str) -> String {
    if text.trim().is_empty() { NONE.into() } else { text.trim().into() }
}

/// `2016年5月10日`.
pub fn date(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

/// A span of dates with either end open.
pub fn span(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => date(from),
        (Some(from), Some(to)) => format!("{}至{}", date(from), date(to)),
        (Some(from), None) => format!("{}起", date(from)),
        (None, Some(to)) => format!("至{}止", date(to)),
        (None, None) => NONE.into(),
    }
}

fn utc(at: Instant) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.micros()).unwrap_or_default()
}

/// `2016-05-04 10:30:00（UTC+08:00）` in the named zone, else in UTC.
pub fn moment(at: Instant, zone: &str) -> String {
    match zone.parse::<Tz>() {
        Ok(zone) => utc(at).with_timezone(&zone).format("%Y-%m-%d %H:%M:%S（UTC%:z）").to_string(),
        Err(_) => utc(at).format("%Y-%m-%d %H:%M:%S（UTC）").to_string(),
    }
}

/// Fen as yuan: `1,234.50元`.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    let whole = plain(i64::try_from(fen / 100).unwrap_or(i64::MAX));
    format!("{sign}{whole}.{:02}元", fen % 100)
}

/// The amount with its qualifier, in the words of the pages and without their blanks: `不低于人民币123,456.00元`.
pub fn amount(value: &EstimatedValue) -> String {
    let qualifier = Qualifier::parse(&value.qualifier).unwrap_or_default();
    money::qualified(format!("人民币{}", yuan(value.fen)), qualifier, Lang::Zh).replace(' ', "")
}

/// How sure an amount is, in the words of the pages.
pub fn qualifier(code: &str) -> String {
    Qualifier::parse(code).map_or_else(|| code.to_owned(), |qualifier| i18n::t(Lang::Zh, qualifier.key()))
}

/// What the amount is the amount of.
pub fn basis(code: &str) -> &str {
    match code {
        "list_price" => "在售商品标价合计",
        "appraised" => "查扣商品的鉴定（认定）价值",
        "illegal_turnover" => "非法经营数额",
        "sales" => "销售金额",
        "court_determined" => "法院认定金额",
        "announced" => "办案机关公布的案值",
        "platform_estimate" => "平台估算",
        other => other,
    }
}

pub fn role(role: SenderRole) -> &'static str {
    match role {
        SenderRole::Reporter => "举报人",
        SenderRole::AccuserJoint => "控告人，会同权利人",
        SenderRole::Assisting => "协助单位",
    }
}

pub fn subject_kind(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Person => "自然人",
        SubjectKind::Company => "单位",
        SubjectKind::Shop => "店铺",
        SubjectKind::Account => "账号",
        SubjectKind::Phone => "电话",
        SubjectKind::Vehicle => "车辆",
    }
}

pub fn site_role(role: SiteRole) -> &'static str {
    match role {
        SiteRole::Production => "生产",
        SiteRole::Storage => "仓储",
        SiteRole::Sale => "销售",
    }
}

pub fn item_kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::File => "文件",
        ItemKind::Note => "情况说明",
        ItemKind::Fact => "事实记录",
    }
}

pub fn region(region: &Region) -> String {
    let name = if region.full_zh.is_empty() { &region.name_zh } else { &region.full_zh };
    if region.code.is_empty() { or_none(name) } else { format!("{name}（{}）", region.code) }
}

/// `刑事`, `行政`.
pub fn track(code: &str) -> &str {
    match code {
        "criminal" => "刑事",
        "administrative" => "行政",
        other => other,
    }
}

/// `《刑法》第213条` from `刑法 213`; what has another shape stays as it is.
pub fn article(charge: &Charge) -> String {
    match charge.article.split_once(' ') {
        Some((law, number)) if number.starts_with(|c: char| c.is_ascii_digit()) => {
            let digits = number.trim_end_matches(|c: char| !c.is_ascii_digit());
            let rest = &number[digits.len()..];
            if digits.chars().all(|c| c.is_ascii_digit()) {
                format!("{}第{digits}条{}", titled(law), rest.trim_start_matches('条'))
            } else {
                charge.article.clone()
            }
        }
        _ => charge.article.clone(),
    }
}

/// Names of all charges in a sentence.
pub fn charges(facts: &LeadFacts) -> String {
    facts.charges.iter().map(|c| c.name_zh.as_str()).collect::<Vec<_>>().join("、")
}

/// A text in quotation marks. Within “ ” stand ‘ ’, within these “ ” again (GB/T 15834-2011).
pub fn quoted(text: &str) -> String {
    nested(text, [('“', '”'), ('‘', '’')])
}

/// A title in 《 》, within which 〈 〉 stand (GB/T 15834-2011).
pub fn titled(text: &str) -> String {
    nested(text, [('《', '》'), ('〈', '〉')])
}

/// A text between the first of two pairs of marks; those in it alternate by how deep they are.
fn nested(text: &str, marks: [(char, char); 2]) -> String {
    // As which pair each mark that is open was written.
    let mut open: Vec<usize> = Vec::new();
    let mut out = String::from(marks[0].0);
    for c in text.chars() {
        let opens = marks.iter().position(|(opening, _)| *opening == c);
        let closes = marks.iter().position(|(_, closing)| *closing == c);
        match (opens, closes) {
            (Some(pair), _) => {
                open.push(pair);
                out.push(marks[open.len() % 2].0);
            }
            (None, Some(pair)) if open.last() == Some(&pair) => {
                out.push(marks[open.len() % 2].1);
                open.pop();
            }
            // What nothing opened ends nothing: an apostrophe, or a slip.
            (None, Some(0)) => out.push(marks[1].1),
            _ => out.push(c),
        }
    }
    out.push(marks[0].1);
    out
}

/// How many subjects, sites and offers the lead names, a part each; what there is none of is left out.
pub fn scale(facts: &LeadFacts) -> Vec<String> {
    [
        ("涉案主体", facts.subjects.len(), "个"),
        ("涉案场所", facts.sites.len(), "处"),
        ("商品链接", facts.listings.len(), "条"),
    ]
    .into_iter()
    .filter(|(_, n, _)| *n > 0)
    .map(|(name, n, measure)| format!("{name}{n}{measure}"))
    .collect()
}

/// A hash in lines of `groups` groups of four digits, to be compared line by line.
pub fn hash_lines(hex: &str, groups: usize) -> String {
    let digits: Vec<char> = hex.chars().collect();
    let lines = digits.chunks(4 * groups.max(1)).map(|line| grouped(&line.iter().collect::<String>()));
    lines.collect::<Vec<_>>().join("\n")
}

/// The document's frame of reference: what it is called, from whom, when.
pub fn setup(facts: &LeadFacts, title: &str, margins: Margins) -> Setup {
    Setup {
        meta: Meta {
            title: format!("{title} {}-v{}", facts.number, facts.version),
            author: facts.sender.organisation.clone(),
            subject: facts.title.clone(),
            keywords: vec![facts.number.clone(), facts.addressee.name_zh.clone()],
            language: "zh-CN",
            made_at: utc(facts.prepared_at),
        },
        margins,
        words: Words::zh(),
        synthetic: facts.synthetic,
    }
}

/// The foot of every page: the content hash in groups of four, and the page's number.
pub fn foot(hash: &str) -> Frame {
    Frame {
        foot: vec!["内容校验值 SHA-256（data/lead.json）".into(), grouped(hash)],
        numbered: true,
        ..Frame::default()
    }
}

/// A document that cannot be drawn is a fault of ours.
pub fn drawn(bytes: Result<Vec<u8>, PdfError>) -> Result<Vec<u8>> {
    bytes.map_err(|e| AppError::Internal(Box::new(e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_qualifier() {
        for (code, words, name) in [
            ("exact", "人民币123,456.50元", "确数"),
            ("at_least", "不低于人民币123,456.50元", "不低于"),
            ("over", "超过人民币123,456.50元", "超过"),
            ("about", "约人民币123,456.50元", "约"),
            ("estimated", "估计人民币123,456.50元", "估计"),
        ] {
            let value = EstimatedValue { fen: 12_345_650, qualifier: code.into(), basis: "sales".into() };
            assert_eq!(amount(&value), words);
            assert_eq!(qualifier(code), name);
        }
        assert_eq!(yuan(-5), "-0.05元");
    }

    #[test]
    fn marks_within_marks_are_the_other_ones() {
        assert_eq!(quoted("假冒润滑油"), "“假冒润滑油”");
        assert_eq!(quoted("“示例牌”润滑油"), "“‘示例牌’润滑油”");
        assert_eq!(quoted("称“其‘正品’有授权”的店铺"), "“称‘其“正品”有授权’的店铺”");
        assert_eq!(quoted("‘示例牌’润滑油"), "“‘示例牌’润滑油”");
        assert_eq!(quoted("“Men’s”手表"), "“‘Men’s’手表”");
        assert_eq!(quoted("《示例》书籍"), "“《示例》书籍”");
        assert_eq!(titled("关于《示例办法》的批复"), "《关于〈示例办法〉的批复》");
        assert_eq!(titled("刑法"), "《刑法》");
    }

    #[test]
    fn moments_name_their_zone() {
        let at = Instant::from_micros(1_462_329_000_000_000);
        assert_eq!(moment(at, "Asia/Shanghai"), "2016-05-04 10:30:00（UTC+08:00）");
        assert_eq!(moment(at, "nowhere"), "2016-05-04 02:30:00（UTC）");
    }

    #[test]
    fn articles_are_written_out() {
        let charge = |article: &str| Charge {
            code: String::new(),
            track: String::new(),
            article: article.into(),
            name_zh: String::new(),
            name_en: String::new(),
            valid_from: None,
            valid_to: None,
        };
        assert_eq!(article(&charge("刑法 213")), "《刑法》第213条");
        assert_eq!(article(&charge("刑法 142之一")), "《刑法》第142条之一");
        assert_eq!(article(&charge("商标法 57(3)")), "商标法 57(3)");
    }
}
