//! Which law a letter cites: by the role of the sender, the kind of addressee, and the day of the letter, because the
//! articles moved (the Criminal Procedure Law was renumbered on 2018-10-26) and some laws are younger than the lead.

use chrono::NaiveDate;

use super::facts::{Addressee, SenderRole};

/// One ground: from when (and until when, exclusive) it is cited, for whom, and its words.
struct Ground {
    role: SenderRole,
    police: bool,
    from: (i32, u32, u32),
    until: (i32, u32, u32),
    words: &'static str,
}

const OPEN: (i32, u32, u32) = (9999, 1, 1);

const GROUNDS: &[Ground] = &[
    Ground {
        role: SenderRole::Reporter,
        police: true,
        from: (2013, 1, 1),
        until: (2018, 10, 26),
        words: "《中华人民共和国刑事诉讼法》（2012年修正）第一百零八条第一款",
    },
    Ground {
        role: SenderRole::Reporter,
        police: true,
        from: (2018, 10, 26),
        until: OPEN,
        words: "《中华人民共和国刑事诉讼法》第一百一十条第一款",
    },
    Ground {
        role: SenderRole::AccuserJoint,
        police: true,
        from: (2013, 1, 1),
        until: (2018, 10, 26),
        words: "《中华人民共和国刑事诉讼法》（2012年修正）第一百零八条第一款、第二款",
    },
    Ground {
        role: SenderRole::AccuserJoint,
        police: true,
        from: (2018, 10, 26),
        until: OPEN,
        words: "《中华人民共和国刑事诉讼法》第一百一十条第一款、第二款",
    },
    Ground {
        role: SenderRole::Assisting,
        police: true,
        from: (2013, 1, 1),
        until: (2018, 10, 26),
        words: "《中华人民共和国刑事诉讼法》（2012年修正）第五十二条第一款",
    },
    Ground {
        role: SenderRole::Assisting,
        police: true,
        from: (2018, 10, 26),
        until: OPEN,
        words: "《中华人民共和国刑事诉讼法》第五十四条第一款",
    },
    Ground {
        role: SenderRole::Assisting,
        police: true,
        from: (2016, 10, 1),
        until: OPEN,
        words: "《关于办理刑事案件收集提取和审查判断电子数据若干问题的规定》（法发〔2016〕22号）第三条",
    },
    Ground {
        role: SenderRole::Assisting,
        police: false,
        from: (2019, 1, 1),
        until: OPEN,
        words: "《中华人民共和国电子商务法》第二十五条",
    },
];

/// The grounds to cite, in order; none where no rule of that day is on file, and the letter then cites none.
pub fn grounds(role: SenderRole, addressee: &Addressee, day: NaiveDate) -> Vec<&'static str> {
    let date = |(y, m, d)| NaiveDate::from_ymd_opt(y, m, d);
    let police = is_police(&addressee.agency_type.code);
    GROUNDS
        .iter()
        .filter(|g| g.role == role && g.police == police)
        .filter(|g| date(g.from).is_some_and(|from| from <= day) && date(g.until).is_none_or(|end| day < end))
        .map(|g| g.words)
        .collect()
}

/// Whether an agency of this type investigates crime (公安机关; 海关缉私部门).
pub fn is_police(type_code: &str) -> bool {
    type_code == "PS" || type_code.starts_with("PS-") || type_code == "GACC-ASB"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::casework::dossier::facts::{Named, Region};

    fn agency(code: &str) -> Addressee {
        Addressee {
            code: "A".into(),
            name_zh: String::new(),
            name_en: String::new(),
            agency_type: Named { code: code.into(), name_zh: String::new(), name_en: String::new() },
            region: Region {
                code: String::new(),
                name_zh: String::new(),
                name_en: String::new(),
                full_zh: String::new(),
                full_en: String::new(),
            },
            salutation: String::new(),
        }
    }

    fn cited(role: SenderRole, code: &str, y: i32, m: u32, d: u32) -> String {
        grounds(role, &agency(code), NaiveDate::from_ymd_opt(y, m, d).unwrap()).join("、")
    }

    #[test]
    fn the_article_is_that_of_the_day() {
        assert!(cited(SenderRole::Reporter, "PS-ECD", 2018, 10, 25).contains("第一百零八条"));
        assert!(cited(SenderRole::Reporter, "PS-ECD", 2018, 10, 26).contains("第一百一十条"));
        assert!(!cited(SenderRole::Assisting, "PS", 2016, 9, 30).contains("22号"));
        assert!(cited(SenderRole::Assisting, "PS", 2016, 10, 1).contains("22号"));
        assert!(cited(SenderRole::Assisting, "SAMR", 2016, 10, 1).is_empty());
    }
}
