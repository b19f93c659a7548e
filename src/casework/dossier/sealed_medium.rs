//! A sealed original medium as a dossier states it (法发〔2016〕22号 art. 8).

use serde::{Deserialize, Serialize};

use super::pdf_words as words;
use crate::{
    casework::evidence::sealing::store::Record,
    platform::db::{Id, Instant},
};

/// 封存: that an item's original medium was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedMedium {
    /// 原始存储介质
    pub medium: String,
    /// Serial number or IMEI; may be empty.
    pub serial: String,
    /// 封存方法
    pub how: String,
    /// 封存人
    pub sealed_by: String,
    /// 见证人; may be empty.
    pub witness: String,
    /// 封存时间
    pub sealed_at: Instant,
    /// 封存地点
    pub place: String,
    /// Numbers of the items in the list that are photographs of it.
    pub photographs: Vec<u32>,
}

impl SealedMedium {
    /// What the records of an item come to: those whose place no other one took, and that were not erased. Photographs are
    /// named by `number_of`, and left out where the list has none of them.
    pub fn of(records: &[Record], number_of: &dyn Fn(Id) -> Option<u32>) -> Vec<Self> {
        let stands = records.iter().filter(|record| !record.is_corrected);
        let read = |record: &Record| {
            let words = record.words.clone()?;
            Some(Self {
                medium: words.medium,
                serial: words.serial,
                how: words.how,
                sealed_by: words.sealed_by,
                witness: words.witness,
                sealed_at: record.sealed_at,
                place: words.place,
                photographs: record.photos.iter().filter_map(|photo| number_of(photo.id)).collect(),
            })
        };
        stands.filter_map(read).collect()
    }

    /// Everything that it says, in one line; times in the zone of this name.
    pub fn line(&self, zone: &str) -> String {
        let photographs: Vec<String> = self.photographs.iter().map(ToString::to_string).collect();
        let parts = [
            ("", self.medium.clone()),
            ("编号", self.serial.clone()),
            ("封存方法", self.how.clone()),
            ("封存人", self.sealed_by.clone()),
            ("见证人", self.witness.clone()),
            ("封存时间", words::moment(self.sealed_at, zone)),
            ("封存地点", self.place.clone()),
            ("照片见序号", photographs.join("、")),
        ];
        let known = parts.iter().filter(|(_, value)| !value.trim().is_empty());
        let said = known.map(|(label, value)| match *label {
            "" => value.trim().to_owned(),
            label => format!("{label}：{}", value.trim()),
        });
        said.collect::<Vec<_>>().join("；")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_known_and_nothing_of_what_is_not() {
        let sealed = SealedMedium {
            medium: "手机一部".into(),
            serial: "860000000000001".into(),
            how: "装入封存袋，封口处贴封条".into(),
            sealed_by: "编制人甲".into(),
            witness: String::new(),
            sealed_at: Instant::from_micros(1_462_329_000_000_000),
            place: "示例市示例仓库".into(),
            photographs: vec![3, 4],
        };
        let line = sealed.line("Asia/Shanghai");
        assert!(line.starts_with("手机一部；编号：860000000000001；封存方法："), "{line}");
        assert!(line.contains("封存时间：2016-05-04 10:30:00（UTC+08:00）；封存地点："), "{line}");
        assert!(line.ends_with("照片见序号：3、4") && !line.contains("见证人"), "{line}");
    }
}
