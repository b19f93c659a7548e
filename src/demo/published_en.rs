//! The words about published figures in English. Names of sites and papers in Latin letters stay as they are.

/// Chinese and English, as they stand in the published figures.
const WORDS: &[(&str, &str)] = &[
    ("全年", "whole year"),
    ("4 月至 12 月", "April to December"),
    ("截至 2017-02-27", "up to 2017-02-27"),
    ("2015-09 至 2016-08", "2015-09 to 2016-08"),
    ("全国", "whole country"),
    ("浙江（云剑行动）", "Zhejiang (Operation Cloud Sword)"),
    ("天下网商 2017-03-20；ecns.cn 2017-04-01", "Tianxia Wangshang 2017-03-20; ecns.cn 2017-04-01"),
    ("ecns.cn 2017-04-01（另作“1,400余个”）", "ecns.cn 2017-04-01 (elsewhere “more than 1,400”)"),
    ("ecns.cn；51haodu.com（天下网商）", "ecns.cn; 51haodu.com (Tianxia Wangshang)"),
    ("每日经济新闻 2017-03-01（hnr.cn 转载）", "National Business Daily 2017-03-01 (reprinted by hnr.cn)"),
    ("hnr.cn；ctisd.com", "hnr.cn; ctisd.com"),
    ("hnr.cn；163.com；moodaa.com", "hnr.cn; 163.com; moodaa.com"),
    ("alizila.com（平台口径）", "alizila.com (as the platform counts)"),
    ("浙江日报 2016-12-09 第3版", "Zhejiang Daily 2016-12-09, page 3"),
    ("ityears；china.com.cn 2015-12-30", "ityears; china.com.cn 2015-12-30"),
    ("由 2016 年“同比翻一番”推算（ecns.cn）", "derived from “doubled year on year” said of 2016 (ecns.cn)"),
    ("lxroad.com；ipraction 201802", "lxroad.com; ipraction 201802"),
    ("lxroad.com；newbmwseries", "lxroad.com; newbmwseries"),
    ("sdchina 2019-01-11；worldipreview 18008", "sdchina 2019-01-11; worldipreview 18008"),
    ("lexology；worldipreview 19233", "lexology; worldipreview 19233"),
    ("排查数，不是移送数", "leads found, not leads handed over"),
    (
        "公安机关依法可以刑事打击的线索数，口径不同",
        "leads on which the police could act under criminal law: counted in another way",
    ),
    ("公开可查的刑事判决数，期间不同", "criminal judgments that can be looked up: another period"),
    ("上述判决涉及人数，其中 37 人缓刑", "persons in those judgments, 37 of them with a suspended sentence"),
    (
        "期间跨年，不能与全年数相加减",
        "the period crosses the year: not to be added to or taken from figures of a whole year",
    ),
    ("与平台移送的线索对应", "belongs to the leads that the platform handed over"),
    (
        "公安机关全部知识产权案件口径，范围大于平台移送的线索",
        "all intellectual-property cases of the police: more than the leads that the platform handed over",
    ),
    ("本系统未载入该年台账", "the ledger of that year is not loaded here"),
];

/// The English words; what has none, a Latin name, as it is.
pub(super) fn of(zh: &'static str) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == zh).map_or(zh, |(_, en)| *en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_chinese_is_left() {
        let chinese = |text: &str| text.chars().any(|ch| ('\u{3000}'..='\u{9fff}').contains(&ch));
        for text in super::super::figures::texts() {
            assert!(!chinese(of(text)), "{text} has no English");
        }
    }
}
