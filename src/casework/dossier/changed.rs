//! What differs between two versions of a dossier for one addressee, in words: codes by their names, moments in the
//! configured zone. Two versions are compared by what they say, whatever the words are. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use crate::platform::{
    db::Instant,
    file_size,
    i18n::{self, Lang},
    money::{self, Fen, Qualifier},
    time::{self, Tz},
};

/// For whom and where the changes are read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub lang: Lang,
    pub zone: Tz,
}

/// The words for codes: the part of `lead.json`, the member, the beginning of the message key.
const CODES: [(&str, &str, &str); 7] = [
    ("subjects", "kind", "subject-kind-"),
    ("sites", "role", "site-role-"),
    ("items", "kind", "evidence-kind-"),
    ("sender", "role", "transfer-sender-role-"),
    ("charges", "track", "lead-track-"),
    ("estimated_value", "qualifier", "money-qualifier-"),
    ("estimated_value", "basis", "money-basis-"),
];

impl Reading {
    /// A text of the member `name` somewhere in the part `part`.
    fn text(&self, part: &str, name: &str, text: &str) -> String {
        let code = CODES.iter().find(|(at, member, _)| *at == part && *member == name);
        let key = code.map(|(.., prefix)| format!("{prefix}{}", text.replace('_', "-")));
        if let Some(key) = key.filter(|key| i18n::has(self.lang, key)) {
            return i18n::t(self.lang, &key);
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return time::format_instant(Instant::from(at.to_utc()), self.zone, self.lang);
        }
        if let Ok(day) = text.parse::<NaiveDate>() {
            return time::format_date(day, self.lang);
        }
        short_hash(text)
    }

    /// Whatever one member says; nothing for what has no words of its own.
    fn value(&self, part: &str, name: &str, value: &Value) -> Option<String> {
        match value {
            Value::String(text) if text.is_empty() => None,
            // Where the rows are that the sums come from: nothing that a lead says.
            Value::String(_) if name == "rows_file" => None,
            Value::String(text) => Some(self.text(part, name, text)),
            Value::Number(n) if matches!(name, "fen" | "price_fen") => Some(
                n.as_i64()
                    .map_or_else(|| n.to_string(), |n| money::full(Fen(n), Qualifier::Exact, self.lang)),
            ),
            Value::Number(n) if name == "size" => {
                Some(n.as_u64().map_or_else(|| n.to_string(), |n| file_size::full(n, self.lang)))
            }
            Value::Number(n) if name == "sold" => {
                Some(i18n::t_with(self.lang, "listing-sold", &[("n", n.to_string())]))
            }
            Value::Number(n) => Some(n.to_string()),
            Value::Bool(yes) => Some(i18n::t(self.lang, if *yes { "yes" } else { "no" })),
            Value::Object(inner) => {
                let name = self.lang.pick("name_zh", "name_en");
                inner.get(name).and_then(|v| v.as_str()).map(str::to_owned)
            }
            Value::Array(rows) if name == "sealings" => {
                let said = rows.iter().map(|row| row_words(part, row, *self).1.shown);
                Some(said.collect::<Vec<_>>().join(" · "))
            }
            _ => None,
        }
    }
}

/// What differs between two versions for one addressee, as the reviewer reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A fact was added, at this place of `lead.json`.
    Added {
        place: String,
        now: String,
    },
    Removed {
        place: String,
        was: String,
    },
    Changed {
        place: String,
        was: String,
        now: String,
    },
}

/// Members that differ from version to version by their nature.
const OF_THE_VERSION: [&str; 5] = ["version", "folder", "prepared_at", "prepared_on", "prior"];

/// What stands at a place: as it is compared, and as it is shown.
struct Leaf {
    said: String,
    shown: String,
}

/// Compares two `lead.json`, leaf by leaf. Rows of lists are matched by what names them (evidence id, code, name, url,
/// address), so that one more row is one change.
pub fn changes(was: &Value, now: &Value, reading: Reading) -> Vec<Change> {
    let opened = names_of_opened(now);
    let (was, now) = (leaves(was, reading), leaves(now, reading));
    let mut found = Vec::new();
    for (place, before) in &was {
        let (place, before_shown) = (place.clone(), before.shown.clone());
        match now.get(&place) {
            None => {
                let was = with_name(&place, before_shown, &opened);
                found.push(Change::Removed { place, was });
            }
            Some(after) if after.said != before.said => {
                found.push(Change::Changed { place, was: before_shown, now: after.shown.clone() })
            }
            Some(_) => {}
        }
    }
    for (place, after) in now.iter().filter(|(place, _)| !was.contains_key(*place)) {
        found.push(Change::Added { place: place.clone(), now: after.shown.clone() });
    }
    found
}

/// The names of items that were kept back before and are there now, by the commitments that stood for them.
fn names_of_opened(now: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let items = now.get("items").and_then(|items| items.as_array());
    for item in items.into_iter().flatten() {
        let name = item.get("name").and_then(|name| name.as_str()).unwrap_or_default();
        let earlier = item.get("earlier_commitments").and_then(|earlier| earlier.as_array());
        for one in earlier.into_iter().flatten() {
            if let Some(commitment) = one.get("commitment").and_then(|text| text.as_str()) {
                found.insert(commitment.to_owned(), name.to_owned());
            }
        }
    }
    found
}

/// What is said of a row, with the name of the item where the row kept back one that is there now.
fn with_name(place: &str, shown: String, opened: &BTreeMap<String, String>) -> String {
    let commitment = place.strip_prefix("withheld[").and_then(|rest| rest.strip_suffix(']'));
    match commitment.and_then(|commitment| opened.get(commitment)) {
        Some(name) => format!("{shown} · {name}"),
        None => shown,
    }
}

fn leaves(value: &Value, reading: Reading) -> BTreeMap<String, Leaf> {
    let mut found = BTreeMap::new();
    if let Some(members) = value.as_object() {
        for (name, member) in members.iter().filter(|(name, _)| !OF_THE_VERSION.contains(&name.as_str())) {
            collect((name, name), name, member, reading, &mut found);
        }
    }
    found
}

/// Leaves below `place`, which is the member `name` in the part `part`.
fn collect(
    (part, name): (&str, &str),
    place: &str,
    value: &Value,
    reading: Reading,
    found: &mut BTreeMap<String, Leaf>,
) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (name, member) in members {
                collect((part, name), &format!("{place}.{name}"), member, reading, found);
            }
        }
        Value::Array(rows) => {
            for row in rows {
                let (key, leaf) = row_words(part, row, reading);
                found.insert(format!("{place}[{key}]"), leaf);
            }
        }
        leaf => {
            if let Some(shown) = reading.value(part, name, leaf) {
                found.insert(place.to_owned(), Leaf { said: leaf.to_string(), shown });
            }
        }
    }
}

/// What names a row of a list, and all that it says in one line. The row's number is left out: it moves.
fn row_words(part: &str, row: &Value, reading: Reading) -> (String, Leaf) {
    let Some(members) = row.as_object() else {
        let text = row.as_str().map_or_else(|| row.to_string(), str::to_owned);
        return (text.clone(), Leaf { said: text.clone(), shown: text });
    };
    let word = |name: &str| members.get(name).and_then(|v| v.as_str()).filter(|text| !text.is_empty());
    let names: Vec<&str> =
        ["evidence_id", "code", "url", "commitment", "kind", "role", "identifier", "name", "address"]
            .into_iter()
            .filter_map(word)
            .collect();
    let names = if word("evidence_id").is_some() { &names[..1] } else { &names[..] };
    let told = |(name, _): &(&String, &Value)| {
        !matches!(name.as_str(), "number" | "path" | "evidence_id" | "sm3" | "name")
    };
    let told: Vec<_> = members.get_key_value("name").into_iter().chain(members.iter().filter(told)).collect();
    let said: Vec<String> = told.iter().map(|(name, value)| format!("{name}={value}")).collect();
    // Of what is kept back people know the number; the commitment only tells rows apart.
    let is_kept_back = part == "withheld";
    let mut shown: Vec<String> = Vec::new();
    if is_kept_back && let Some(number) = members.get("number") {
        shown.push(i18n::t_with(reading.lang, "dossier-item-numbered", &[("n", number.to_string())]));
    }
    for (name, value) in told {
        if is_kept_back && name == "commitment" {
            continue;
        }
        shown.extend(reading.value(part, name, value).filter(|text| !text.is_empty()));
    }
    (names.join(" "), Leaf { said: said.join("\n"), shown: shown.join(" · ") })
}

/// A hash by its first half, any other text as it is.
fn short_hash(text: &str) -> String {
    let is_hash = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hash { format!("{}…", &text[..32]) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::time::DEFAULT_ZONE;

    const ZH: Reading = Reading { lang: Lang::Zh, zone: DEFAULT_ZONE };

    #[test]
    fn a_new_row_is_one_change_and_the_version_is_none() {
        let was = json!({"version": 1, "title": "甲", "items": [
            {"number": 1, "evidence_id": "a", "name": "一.jpg", "size": 3}]});
        let now = json!({"version": 2, "title": "乙", "items": [
            {"number": 1, "evidence_id": "b", "name": "二.jpg", "size": 4},
            {"number": 2, "evidence_id": "a", "name": "一.jpg", "size": 3}]});
        assert_eq!(
            changes(&was, &now, ZH),
            [
                Change::Changed { place: "title".into(), was: "甲".into(), now: "乙".into() },
                Change::Added { place: "items[b]".into(), now: "二.jpg · 4 B".into() },
            ]
        );
        assert_eq!(changes(&now, &now, ZH), []);
    }

    #[test]
    fn what_was_kept_back_is_known_by_its_number_and_once_disclosed_by_its_name() {
        let (one, other) = ("ab".repeat(32), "cd".repeat(32));
        let category = json!({"code": "picture", "name_zh": "图片", "name_en": "Picture"});
        let was = json!({"items": [], "withheld": [
            {"number": 2, "category": category, "commitment": one},
            {"number": 3, "category": category, "commitment": other}]});
        let now = json!({"items": [{"number": 2, "evidence_id": "a", "name": "一.jpg", "size": 1536,
            "earlier_commitments": [{"version": 1, "commitment": one, "salt": "00"}]}], "withheld": []});
        assert_eq!(
            changes(&was, &now, ZH),
            [
                Change::Removed {
                    place: format!("withheld[{one}]"), was: "序号 2 · 图片 · 一.jpg".into()
                },
                Change::Removed { place: format!("withheld[{other}]"), was: "序号 3 · 图片".into() },
                Change::Added { place: "items[a]".into(), now: "一.jpg · 1.5 KB".into() },
            ]
        );
        let listed = json!({"listings": [{"number": 1, "url": "u", "price_fen": 2_239_500, "sold": 3}]});
        let found = changes(&json!({}), &listed, ZH);
        let [Change::Added { now, .. }] = found.as_slice() else { panic!("{found:?}") };
        assert!(now.contains("22,395.00 元") && now.contains("已售 3 件"), "{now}");
    }

    #[test]
    fn codes_are_read_as_words_and_moments_in_the_zone() {
        let was = json!({"occurred_from": "2016-05-04", "estimated_value": {"fen": 100, "basis": "sales"}});
        let now = json!({
            "occurred_from": "2016-05-05",
            "estimated_value": {"fen": 123_456, "basis": "list_price"},
            "subjects": [{"kind": "person", "name": "某甲"}],
            "sites": [{"role": "storage", "address": "某路 1 号"}],
            "items": [{"evidence_id": "a", "kind": "file", "name": "一.jpg", "collected_at": "2016-05-04T01:30:00Z"}],
        });
        let shown: Vec<String> = changes(&was, &now, ZH)
            .into_iter()
            .map(|change| match change {
                Change::Added { now, .. } | Change::Changed { now, .. } => now,
                Change::Removed { was, .. } => was,
            })
            .collect();
        let all = shown.join("\n");
        for word in ["2016年5月5日", "商品标价", "1,234.56", "自然人", "仓储", "文件", "2016年5月4日 09:30"]
        {
            assert!(all.contains(word), "no {word} in {all}");
        }
        for raw in ["person", "storage", "list_price", "01:30", "T0"] {
            assert!(!all.contains(raw), "{raw} in {all}");
        }
    }

    #[test]
    fn what_differs_by_a_second_differs() {
        let at = |seconds: u32| json!({"items": [{"evidence_id": "a", "collected_at": format!("2016-05-04T01:30:{seconds:02}Z")}]});
        assert_eq!(changes(&at(1), &at(2), ZH).len(), 1);
    }
}
