//! What a program asks for when it composes a version, read field by field: each fault stands beside its own.

use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    compose::MOST_ADDRESSEES,
    model::{Addressed, Plan},
    package::MOST_ITEMS,
};
use crate::platform::{
    db::Id,
    error::{AppError, FieldError, Result},
    http::{
        Form,
        contract::shapes::{id, list, maybe, named, object, said, text},
    },
};

/// A version of a lead to be composed: one dossier for each agency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossiersNew)]
pub struct Wanted {
    /// Items of the lead, in the order in which they are to stand.
    #[serde(default)]
    evidence: Vec<Id>,
    /// The addressees.
    #[serde(default)]
    agencies: Vec<Id>,
    /// For the reviewer.
    #[serde(default)]
    note: String,
    /// Items kept back from single agencies, beside those that are marked do-not-disclose.
    #[serde(default)]
    withheld: Vec<KeptBack>,
}

/// Items that one addressee does not get.
#[derive(Debug, Deserialize, ToSchema)]
pub struct KeptBack {
    agency: Id,
    evidence: Vec<Id>,
}

/// What a program may ask for, as the document of the API says it; a request is held to this.
pub fn taken() -> Vec<(&'static str, Value)> {
    let some = |most: usize, words: &str| {
        let mut shape = list(id(), most);
        shape["minItems"] = 1.into();
        said(shape, words)
    };
    let kept_back = object(
        &["agency"],
        [("agency", said(id(), "One of the addressees.")), ("evidence", maybe(list(id(), MOST_ITEMS)))],
    );
    let wanted = object(
        &["evidence", "agencies"],
        [
            ("evidence", some(MOST_ITEMS, "Items of the lead, in the order in which they are to stand.")),
            ("agencies", some(MOST_ADDRESSEES, "The addressees.")),
            ("note", said(maybe(text(super::LONGEST_NOTE)), "For the reviewer.")),
            (
                "withheld",
                said(
                    maybe(list(named("KeptBack"), MOST_ADDRESSEES)),
                    "Items kept back from single agencies, beside those that are marked do-not-disclose.",
                ),
            ),
        ],
    );
    vec![
        ("DossiersNew", said(wanted, "A version of a lead to be composed: one dossier for each agency.")),
        ("KeptBack", said(kept_back, "Items that one addressee does not get.")),
    ]
}

/// The members of an object, taken out one by one; what is of another type is a fault beside its path.
struct Reader {
    members: Map<String, Value>,
    /// Begins the path of every member.
    within: String,
    faults: Vec<FieldError>,
}

impl Reader {
    fn fault(&mut self, name: &str, code: &'static str) {
        self.faults.push(FieldError::new(format!("{}{name}", self.within), code));
    }

    /// The member, where it is there and not null.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    fn list(&mut self, name: &str) -> Vec<Value> {
        match self.take(name) {
            None => Vec::new(),
            Some(Value::Array(values)) => values,
            Some(_) => {
                self.fault(name, "error-dossier-not-a-list");
                Vec::new()
            }
        }
    }

    fn ids(&mut self, name: &str) -> Vec<Id> {
        let mut ids = Vec::new();
        for (index, value) in self.list(name).into_iter().enumerate() {
            match value.as_str().and_then(|text| text.parse().ok()) {
                Some(id) => ids.push(id),
                None => self.fault(&format!("{name}[{index}]"), "error-dossier-not-an-id"),
            }
        }
        ids
    }

    fn id(&mut self, name: &str) -> Option<Id> {
        let id = self.take(name).and_then(|value| value.as_str().and_then(|text| text.parse().ok()));
        if id.is_none() {
            self.fault(name, "error-dossier-not-an-id");
        }
        id
    }

    fn text(&mut self, name: &str) -> String {
        match self.take(name) {
            None => String::new(),
            Some(Value::String(text)) => text,
            Some(_) => {
                self.fault(name, "error-dossier-not-text");
                String::new()
            }
        }
    }

    /// Whatever is left is no field of ours.
    fn end(mut self) -> Vec<FieldError> {
        for name in std::mem::take(&mut self.members).into_iter().map(|(name, _)| name) {
            self.fault(&name.chars().take(100).collect::<String>(), "error-unknown-field");
        }
        self.faults
    }
}

impl Wanted {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// `Invalid`, with every fault beside its field: `agencies[0]`, `withheld[1].agency`.
    pub fn read(body: Value) -> Result<Self> {
        let Value::Object(members) = body else {
            return Err(AppError::field("body", "error-dossier-json"));
        };
        let mut reader = Reader { members, within: String::new(), faults: Vec::new() };
        let mut wanted = Self {
            evidence: reader.ids("evidence"),
            agencies: reader.ids("agencies"),
            note: reader.text("note"),
            withheld: Vec::new(),
        };
        let mut inner_faults = Vec::new();
        for (index, value) in reader.list("withheld").into_iter().enumerate() {
            let Value::Object(members) = value else {
                reader.fault(&format!("withheld[{index}]"), "error-dossier-not-kept-back");
                continue;
            };
            let within = format!("withheld[{index}].");
            let mut inner = Reader { members, within, faults: Vec::new() };
            let (agency, evidence) = (inner.id("agency"), inner.ids("evidence"));
            wanted.withheld.extend(agency.map(|agency| KeptBack { agency, evidence }));
            inner_faults.extend(inner.end());
        }
        let mut faults = reader.end();
        faults.extend(inner_faults);
        if faults.is_empty() { Ok(wanted) } else { Err(AppError::Invalid(faults)) }
    }

    /// What is to be composed.
    ///
    /// # Errors
    /// `Invalid`: the note is too long, or something is kept back from nobody's addressee.
    pub fn plan(self) -> Result<Plan> {
        let mut form = Form::from_pairs(vec![("note".into(), self.note)]);
        let note = form.text("note", super::LONGEST_NOTE);
        form.check()?;
        if self.withheld.iter().any(|kept| !self.agencies.contains(&kept.agency)) {
            return Err(AppError::Invalid(vec![FieldError::new("withheld", "error-unknown")]));
        }
        let of = |agency_id: Id| {
            let kept = self.withheld.iter().filter(|kept| kept.agency == agency_id);
            Addressed { agency_id, withheld: kept.flat_map(|kept| kept.evidence.iter().copied()).collect() }
        };
        let addressees = self.agencies.iter().copied().map(of).collect();
        Ok(Plan { version: None, evidence: self.evidence, addressees, note })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(body: &str) -> Vec<String> {
        match Wanted::read(serde_json::from_str(body).expect("JSON")) {
            Err(AppError::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_fault_stands_beside_its_field() {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        for (body, fields) in [
            ("[]", vec!["body"]),
            ("null", vec!["body"]),
            (r#"{"evidence": "x"}"#, vec!["evidence"]),
            (
                r#"{"evidence": [1, "x"], "agencies": {}, "note": 5}"#,
                vec!["evidence[0]", "evidence[1]", "agencies", "note"],
            ),
            (r#"{"evidense": []}"#, vec!["evidense"]),
            (r#"{"withheld": [3, {"evidence": []}]}"#, vec!["withheld[0]", "withheld[1].agency"]),
        ] {
            assert_eq!(faults(body), fields, "{body}");
        }
        let odd = format!(r#"{{"withheld": [{{"agency": "{id}", "evidence": [null], "why": 1}}]}}"#);
        assert_eq!(faults(&odd), ["withheld[0].evidence[0]", "withheld[0].why"]);
        let good = format!(r#"{{"agencies": ["{id}"], "evidence": null, "note": "请核"}}"#);
        let wanted = Wanted::read(serde_json::from_str(&good).expect("JSON")).expect("in order");
        assert_eq!((wanted.agencies.len(), wanted.note.as_str()), (1, "请核"));
    }
}
