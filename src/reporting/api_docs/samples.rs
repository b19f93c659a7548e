//! Example values, made from the very shapes of the document: what an example has is what an answer has. The values are
//! of the kind that the demo has.

use serde_json::{Map, Value, json};

/// An id.
pub const ID: &str = "0190a3c4-6d10-7a52-9c3e-5b1f0e8d7a41";
const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const SM3: &str = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";

/// Values by the field's name, or by the shape's and the field's where the same name means something else.
const VALUES: &[(&str, &str)] = &[
    ("AgencyItem.code", "GD-GZ-ECD"),
    ("AgencyItem.type", "PS-ECD"),
    ("AgencyItem.level", "prefecture"),
    ("AgencyItem.name_en", "Guangzhou economic crime investigation"),
    ("AgencyItem.name_zh", "广州市公安局经侦支队"),
    ("AgencyKeyItem.fingerprint", "e669ae85e31856826947b65d66926681cd6c4d8a35e8addddbe6e733444a44ef"),
    ("AgencyKeyItem.recipient", "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa"),
    ("AgencyNamed.name", "广州市公安局经侦支队"),
    ("CaseItem.number", "穗公立字〔2016〕00042号"),
    ("ChargeItem.code", "CL214"),
    ("ChargeItem.name_en", "Selling goods bearing counterfeit registered trademarks"),
    ("ChargeItem.name_zh", "销售假冒注册商标的商品罪"),
    ("CaseStep.kind", "filed"),
    ("Custody.verb", "evidence.register"),
    ("Deadline.clock", "JJ-15"),
    ("EvidenceItem.kind", "file"),
    ("EvidenceItem.name", "页面.png"),
    ("EvidenceItem.number", "1"),
    ("EvidenceItem.quantity", "1204 条记录"),
    ("EvidenceItem.remark", "原始介质由平台保管"),
    ("EvidenceItem.source", "https://shop.example/item/1"),
    ("EvidenceItem.witness", "见证人甲"),
    ("LeadItem.title", "某店铺销售假冒名牌手表"),
    ("OutcomeQuantity.number", "1280"),
    ("RedactionLink.number", "2"),
    ("RegionItem.code", "440100"),
    ("RegionItem.name_en", "Guangzhou"),
    ("RegionItem.name_zh", "广州市"),
    ("RegionItem.level", "prefecture"),
    ("RemedyStep.kind", "asked"),
    ("TimeStamp.serial", "04a1"),
    ("TransferItem.state", "accepted"),
    ("agency_en", "Guangzhou economic crime investigation"),
    ("clock", "JJ-15-EXT1"),
    ("ended", "met"),
    ("merged_link", "/cases?filed_year=2016&merged=1"),
    ("period_en", "2016"),
    ("reason_en", "The platform's own count."),
    ("scope_en", "nationwide"),
    ("source", "https://example.com/report-2016"),
    ("source_en", "https://example.com/report-2016"),
    ("state", "approved"),
    ("verdict", "upheld"),
    ("ReportDefinition.en", "Leads whose first transfer was sent in the year."),
    ("ReportDefinition.zh", "当年首次移送的线索。"),
    ("ReportGroup.code", "440000"),
    ("ReportGroup.name", "广东省"),
    ("ReportGroup.name_en", "Guangdong Province"),
    ("ReportPublished.amount", "1184"),
    ("ReportPublished.qualifier", "exact"),
    ("ReportTopCase.agency", "广州市公安局经侦支队"),
    ("ReportTopCase.title", "某市假冒手表案"),
    ("ReportValue.link", "/cases?filed_year=2016"),
    ("ReportValue.value", "206"),
    ("Step.kind", "acknowledged"),
    ("TransferItem.number", "YS-2016-0001"),
    ("UploadItem.name", "录像.mp4"),
    ("UploadItem.size", "734003200"),
    ("UploadItem.offset", "33554432"),
    ("Uploaded.name", "录像.mp4"),
    ("Uploaded.media_type", "video/mp4"),
    ("Uploaded.size", "734003200"),
    ("Uploaded.url", "/evidence/0190a3c4-6d10-7a52-9c3e-5b1f0e8d7a41"),
    ("Uploaded.warning", "内容是文本，名称却以 .pdf 结尾"),
    ("actor", "system:cli"),
    ("address", "某路 1 号"),
    ("article", "刑法 214"),
    ("as_at_log_size", "184203"),
    ("asserted_side", "agency"),
    ("authority", "https://tsa.example/tsr"),
    ("basis", "list_price"),
    ("brands", "示例品牌"),
    ("category", "web_page"),
    ("channel", "portal"),
    ("charges", "CL214"),
    ("collected_by", "编制人甲"),
    ("content_sha256", SHA256),
    ("counted", "true"),
    ("description", "商品页面截图"),
    ("detail", "title: must be given"),
    ("estimated_value_text", "至少 128.4 万元"),
    ("family", "trademark"),
    ("fen", "128450000"),
    ("field", "title"),
    ("figure", "leads_sent"),
    ("folder", "XS-2016-000042-v1-GD-GZ-ECD"),
    ("happened_on", "2016-06-12"),
    ("identifier", ""),
    ("item_number", "5312"),
    ("legal", "TML-60"),
    ("link", "/leads?from=2016-01-01"),
    ("manifest_sha256", SHA256),
    ("mark", "1k9x0vd"),
    ("media_type", "image/png"),
    ("message", "must be given"),
    ("method", "网页截图"),
    ("name", "甲"),
    ("named", "1"),
    ("next", "1467590400000000.42"),
    ("not_published", "judgments"),
    ("note", "请核"),
    ("number", "XS-2016-000042"),
    ("officer", "李某"),
    ("outcome", "done"),
    ("paper_number", "穗公不立字〔2016〕7号"),
    ("parent", "440000"),
    ("part", "店铺经营者"),
    ("period", "2016"),
    ("price_fen", "19900"),
    ("problem", "该上传已结束：已被放弃，或长时间无人继续。请重新上传。"),
    ("public_source", ""),
    ("qualifier", "at_least"),
    ("reason", "RF-MATTER"),
    ("region", "440100"),
    ("region_name", "广东省广州市"),
    ("region_name_en", "Guangzhou, Guangdong Province"),
    ("revision", "3"),
    ("role", "storage"),
    ("roles", "compiler"),
    ("scope", "全国"),
    ("scopes", "read"),
    ("sender_role", "reporter"),
    ("sha256", SHA256),
    ("shop", "某店铺"),
    ("side", "agency"),
    ("size", "48213"),
    ("sm3", SM3),
    ("sold", "1024"),
    ("stage", "3"),
    ("status", "filed"),
    ("summary", "店铺以明显低于市场的价格销售标有知名商标的手表。"),
    ("synthetic", "true"),
    ("takes", "trademark"),
    ("time_zone", "Asia/Shanghai"),
    ("title", "某店铺销售假冒名牌手表案"),
    ("track", "criminal"),
    ("type", "about:blank"),
    ("unit", "piece"),
    ("units", "1280"),
    ("url", "/leads/0190a3c4-6d10-7a52-9c3e-5b1f0e8d7a41"),
    ("username", "compiler"),
    ("version", "1"),
    ("year", "2016"),
];

/// The shapes of a document, for making examples.
pub struct Samples<'a> {
    shapes: &'a Value,
}

impl<'a> Samples<'a> {
    /// `document`: the whole one.
    pub fn new(document: &'a Value) -> Self {
        Self { shapes: &document["components"]["schemas"] }
    }

    /// An example of a schema.
    pub fn of(&self, schema: &Value) -> Value {
        self.value(schema, "", "", &mut Vec::new())
    }

    /// `owner`: the shape that it stands in; `within`: the shapes round it, so that one which holds itself ends.
    fn value(&self, schema: &Value, owner: &str, field: &str, within: &mut Vec<String>) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap_or_default();
            if within.iter().any(|one| one == name) {
                return Value::Null;
            }
            within.push(name.to_owned());
            let found = self.value(&self.shapes[name], name, field, within);
            within.pop();
            return found;
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                if let Value::Object(members) = self.value(part, owner, field, within) {
                    whole.extend(members);
                }
            }
            return Value::Object(whole);
        }
        let mut choices = ["oneOf", "anyOf"].into_iter().filter_map(|name| schema[name].as_array()).flatten();
        if let Some(choice) = choices.find(|choice| choice["type"] != "null") {
            return self.value(choice, owner, field, within);
        }
        match kind(schema) {
            "array" => json!([self.value(&schema["items"], owner, field, within)]),
            "object" => self.object(schema, owner, within),
            kind => plain(schema, kind, owner, field),
        }
    }

    fn object(&self, schema: &Value, owner: &str, within: &mut Vec<String>) -> Value {
        let members = schema["properties"].as_object().into_iter().flatten();
        let members = members.map(|(name, field)| (name.clone(), self.value(field, owner, name, within)));
        Value::Object(members.collect())
    }
}

/// The type of a schema that is not `null`.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(all) => {
            all.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or_default()
        }
        one => one.as_str().unwrap_or_default(),
    }
}

/// The value on file for a field: that of its shape, else that of its name.
fn on_file(owner: &str, field: &str) -> Option<&'static str> {
    let of = |wanted: &str| VALUES.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
    // A page of a list is called by what it lists: `Page_AgencyItem`.
    let listed = owner.rsplit('_').next().unwrap_or(owner);
    of(&format!("{listed}.{field}")).or_else(|| of(field))
}

fn plain(schema: &Value, kind: &str, owner: &str, field: &str) -> Value {
    let words: Vec<&str> =
        schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let found = on_file(owner, field);
    match kind {
        "integer" | "number" => json!(found.and_then(|text| text.parse::<i64>().ok()).unwrap_or(1)),
        "boolean" => json!(found.is_some_and(|text| text == "true")),
        _ if !words.is_empty() => json!(found.filter(|word| words.contains(word)).unwrap_or(words[0])),
        "string" => match schema["format"].as_str() {
            Some("uuid") => json!(ID),
            Some("date") => json!("2016-05-04"),
            Some("date-time") => json!("2016-05-04T01:12:00Z"),
            Some("binary") => json!("…"),
            _ => json!(found.or_else(|| dated(field)).unwrap_or(if field == "id" { ID } else { "…" })),
        },
        _ => Value::Null,
    }
}

/// Instants and days that are described as plain texts.
fn dated(field: &str) -> Option<&'static str> {
    match field {
        _ if field.ends_with("_at") => Some("2016-05-04T01:12:00Z"),
        _ if field.ends_with("_on") => Some("2016-05-04"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_has_what_its_shape_has() {
        let document = json!({ "components": { "schemas": {
            "Lead": { "type": "object", "properties": {
                "id": { "type": "string" },
                "title": { "type": "string" },
                "synthetic": { "type": "boolean" },
                "state": { "type": "string", "enum": ["draft", "approved"] },
                "due_at": { "type": ["string", "null"], "format": "date-time" },
                "prior": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Lead" }] },
            } },
            "Detail": { "allOf": [
                { "$ref": "#/components/schemas/Lead" },
                { "type": "object", "properties": { "charges": { "type": "array", "items": { "type": "string" } } } },
            ] },
        } } });
        let samples = Samples::new(&document);
        let one = samples.of(&json!({ "$ref": "#/components/schemas/Detail" }));
        assert_eq!(
            (&one["id"], &one["synthetic"], &one["state"]),
            (&json!(ID), &json!(true), &json!("approved"))
        );
        assert_eq!((&one["charges"], &one["prior"]), (&json!(["CL214"]), &Value::Null));
        assert_eq!(one["due_at"], "2016-05-04T01:12:00Z");
        let list = json!({ "type": "array", "items": { "type": "string" } });
        assert_eq!(samples.of(&list), json!(["…"]));
    }
}
