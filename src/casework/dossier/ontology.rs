//! `data/case.jsonld`: the dossier in the CASE/UCO ontology (cyber-investigation analysis standard expression), for
//! tools of investigators. Checked with `case_validate` of the CASE project. Derived from [`LeadFacts`] alone.

use serde_json::{Value, json};
use uuid::Uuid;

use super::facts::{Item, LeadFacts, Listing, Site, Subject, SubjectKind, Withheld};
use crate::platform::error::Result;

/// The bytes of the file: canonical JSON.
///
/// # Errors
/// Internal; writing to memory does not fail.
pub fn to_jsonld(facts: &LeadFacts) -> Result<Vec<u8>> {
    let graph = Graph { facts };
    let document = json!({ "@context": context(), "@graph": graph.nodes() });
    Ok(serde_json_canonicalizer::to_vec(&document)?)
}

fn context() -> Value {
    let uco = |part: &str| format!("https://ontology.unifiedcyberontology.org/uco/{part}/");
    json!({
        "case-investigation": "https://ontology.caseontology.org/case/investigation/",
        "uco-action": uco("action"),
        "uco-core": uco("core"),
        "uco-identity": uco("identity"),
        "uco-location": uco("location"),
        "uco-observable": uco("observable"),
        "uco-tool": uco("tool"),
        "uco-types": uco("types"),
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    })
}

struct Graph<'a> {
    facts: &'a LeadFacts,
}

impl Graph<'_> {
    /// The same dossier gives the same identifiers.
    fn id(&self, what: &str) -> String {
        let name = format!("lead-handoff:{}/{what}", self.facts.folder);
        format!("urn:uuid:{}", Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
    }

    fn link(&self, what: &str) -> Value {
        json!({ "@id": self.id(what) })
    }

    fn nodes(&self) -> Vec<Value> {
        let facts = self.facts;
        let mut nodes = vec![
            json!({ "@id": self.id("sender"), "@type": "uco-identity:Organization",
                "uco-core:name": facts.sender.organisation }),
            json!({ "@id": self.id("addressee"), "@type": "uco-identity:Organization",
                "uco-core:name": facts.addressee.name_zh }),
        ];
        nodes.extend(facts.items.iter().flat_map(|item| self.item(item)));
        nodes.extend(facts.withheld.iter().map(|item| self.withheld(item)));
        nodes.extend(facts.subjects.iter().flat_map(|subject| self.subject(subject)));
        nodes.extend(facts.sites.iter().flat_map(|site| self.site(site)));
        nodes.extend(facts.listings.iter().map(|listing| self.listing(listing)));
        let members: Vec<Value> = nodes.iter().map(|node| json!({ "@id": node["@id"] })).collect();
        nodes.push(json!({
            "@id": self.id("investigation"),
            "@type": "case-investigation:Investigation",
            "uco-core:name": format!("{} v{}", facts.number, facts.version),
            "uco-core:description": [facts.title, facts.summary],
            "uco-core:object": members,
        }));
        nodes
    }

    fn item(&self, item: &Item) -> [Value; 5] {
        let what = |part: &str| format!("item/{}/{part}", item.number);
        let file_name = item.path.rsplit('/').next().unwrap_or_default();
        let file = json!({
            "@id": self.id(&what("file")), "@type": "uco-observable:File",
            "uco-core:name": item.name,
            "uco-core:hasFacet": [
                { "@id": self.id(&what("file-facet")), "@type": "uco-observable:FileFacet",
                  "uco-observable:fileName": file_name,
                  "uco-observable:filePath": item.path,
                  "uco-observable:sizeInBytes": typed("integer", item.size) },
                { "@id": self.id(&what("content-facet")), "@type": "uco-observable:ContentDataFacet",
                  "uco-observable:mimeType": item.media_type,
                  "uco-observable:sizeInBytes": typed("integer", item.size),
                  "uco-observable:hash": { "@id": self.id(&what("sha256")), "@type": "uco-types:Hash",
                      "uco-types:hashMethod": "SHA256",
                      "uco-types:hashValue": typed("hexBinary", &item.sha256) } },
            ],
        });
        // SM3 is not a word of the ontology's list of hashes, so it stands in the description.
        let mut said = vec![
            item.category.name_zh.clone(),
            item.description.clone(),
            format!("SM3 {}", item.sm3),
            format!("{} / {}", item.source, item.original_medium),
        ];
        let more = [("quantity", &item.quantity), ("remark", &item.remark), ("witness", &item.witness)];
        let more = more.into_iter().filter(|(_, text)| !text.is_empty());
        said.extend(more.map(|(what, text)| format!("{what} {text}")));
        let record = json!({
            "@id": self.id(&what("record")), "@type": "case-investigation:ProvenanceRecord",
            "case-investigation:exhibitNumber": item.number.to_string(),
            "uco-core:description": said,
            "uco-core:object": self.link(&what("file")),
        });
        let collector = json!({ "@id": self.id(&what("collector")), "@type": "uco-identity:Identity",
            "uco-core:name": item.collected_by });
        let tool =
            json!({ "@id": self.id(&what("tool")), "@type": "uco-tool:Tool", "uco-core:name": item.tool });
        let mut action = json!({
            "@id": self.id(&what("collection")), "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": item.method,
            "uco-action:performer": self.link(&what("collector")),
            "uco-action:instrument": self.link(&what("tool")),
            "uco-action:result": [self.link(&what("file")), self.link(&what("record"))],
        });
        if let Some(at) = item.collected_at {
            action["uco-action:endTime"] = typed("dateTime", at);
        }
        [file, record, collector, tool, action]
    }

    fn withheld(&self, item: &Withheld) -> Value {
        json!({
            "@id": self.id(&format!("item/{}/record", item.number)),
            "@type": "case-investigation:ProvenanceRecord",
            "case-investigation:exhibitNumber": item.number.to_string(),
            "uco-core:description": [item.category.name_zh, format!("withheld; commitment {}", item.commitment)],
        })
    }

    fn subject(&self, subject: &Subject) -> [Value; 2] {
        let what = format!("subject/{}", subject.number);
        let kind = match subject.kind {
            SubjectKind::Person => "uco-identity:Person",
            SubjectKind::Company => "uco-identity:Organization",
            _ => "uco-observable:ObservableObject",
        };
        let facet = match subject.kind {
            SubjectKind::Shop | SubjectKind::Account => {
                Some(("uco-observable:AccountFacet", "uco-observable:accountIdentifier"))
            }
            SubjectKind::Phone => Some(("uco-observable:PhoneAccountFacet", "uco-observable:phoneNumber")),
            _ => None,
        };
        let mut node = json!({
            "@id": self.id(&what), "@type": kind,
            "uco-core:name": subject.name,
            "uco-core:description": [subject.part, subject.identifier, subject.note],
        });
        if let Some((facet, property)) = facet {
            node["uco-core:hasFacet"] = json!({ "@id": self.id(&format!("{what}/facet")), "@type": facet, (property): subject.identifier });
        }
        [node, self.relation(&what, &subject.part)]
    }

    fn site(&self, site: &Site) -> [Value; 2] {
        let what = format!("site/{}", site.number);
        let node = json!({
            "@id": self.id(&what), "@type": "uco-location:Location",
            "uco-core:description": site.note,
            "uco-core:hasFacet": { "@id": self.id(&format!("{what}/facet")),
                "@type": "uco-location:SimpleAddressFacet",
                "uco-location:region": site.region.full_zh,
                "uco-location:street": site.address },
        });
        let role = serde_json::to_value(site.role).unwrap_or_default();
        [node, self.relation(&what, role.as_str().unwrap_or_default())]
    }

    fn listing(&self, listing: &Listing) -> Value {
        let what = format!("listing/{}", listing.number);
        json!({
            "@id": self.id(&what), "@type": "uco-observable:URL",
            "uco-core:name": listing.title,
            "uco-core:hasFacet": { "@id": self.id(&format!("{what}/facet")), "@type": "uco-observable:URLFacet",
                "uco-observable:fullValue": listing.url },
        })
    }

    fn relation(&self, what: &str, kind: &str) -> Value {
        json!({
            "@id": self.id(&format!("{what}/relation")), "@type": "uco-core:Relationship",
            "uco-core:source": self.link(what),
            "uco-core:target": self.link("investigation"),
            "uco-core:kindOfRelationship": kind,
            "uco-core:isDirectional": true,
        })
    }
}

fn typed(kind: &str, value: impl ToString) -> Value {
    json!({ "@type": format!("xsd:{kind}"), "@value": value.to_string() })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::casework::dossier::sample;

    #[test]
    fn the_same_dossier_gives_the_same_bytes_and_every_node_its_own_identifier() {
        let facts = sample::facts();
        let bytes = to_jsonld(&facts).unwrap();
        assert_eq!(bytes, to_jsonld(&facts).unwrap());
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        let ids: Vec<&str> =
            document["@graph"].as_array().unwrap().iter().map(|n| n["@id"].as_str().unwrap()).collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        assert!(String::from_utf8(bytes).unwrap().contains(&facts.items[0].sha256));
    }
}
