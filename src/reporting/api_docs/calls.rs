//! Which calls there are, and how each is tried on the demo: what it is asked for, and where the ids in its address come from.

use std::collections::{BTreeMap, BTreeSet};

/// A variable of the examples: an id that an earlier call answers.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    pub name: &'static str,
    /// The call that answers it.
    pub url: &'static str,
    /// Where it stands in the answer, as a JSON pointer.
    pub pointer: &'static str,
}

const DOSSIER: Variable =
    Variable { name: "DOSSIER", url: "/api/v1/dossiers?limit=1", pointer: "/items/0/id" };
/// The lead of a dossier: it has evidence, and can be read whatever its state.
const LEAD: Variable = Variable { name: "LEAD", url: "/api/v1/dossiers?limit=1", pointer: "/items/0/lead" };
const EVIDENCE: Variable =
    Variable { name: "EVIDENCE", url: "/api/v1/leads/$LEAD/evidence?limit=1", pointer: "/items/0/id" };
const TRANSFER: Variable =
    Variable { name: "TRANSFER", url: "/api/v1/transfers?limit=1", pointer: "/items/0/id" };
/// A dossier that was sent, and so is sealed.
const SENT: Variable =
    Variable { name: "DOSSIER", url: "/api/v1/transfers/$TRANSFER", pointer: "/deliveries/0/dossier" };
const CASE: Variable = Variable { name: "CASE", url: "/api/v1/cases?limit=1", pointer: "/items/0/id" };
const AGENCY: Variable = Variable { name: "AGENCY", url: "/api/v1/agencies?limit=1", pointer: "/items/0/id" };
const DRAFT: Variable =
    Variable { name: "LEAD", url: "/api/v1/leads?state=draft&limit=1", pointer: "/items/0/id" };

const UPLOAD: Variable = Variable { name: "UPLOAD", url: "/api/v1/uploads?limit=1", pointer: "/items/0/id" };

/// Begins the upload of a recording.
const BEGIN: &str = " -i -X POST \\
  -H 'Tus-Resumable: 1.0.0' -H \"Upload-Length: $(stat -c %s recording.mp4)\" \\
  -H \"Upload-Metadata: $(for pair in lead=$LEAD filename=recording.mp4 source=https://shop.example/item/1 \\
      collected_at=2016-05-04T09:30 collected_by=甲 method=网页录屏; do \\
      printf '%s %s,' \"${pair%%=*}\" \"$(printf %s \"${pair#*=}\" | base64 -w0)\"; done)\"";
/// Brings all of it.
const BRING: &str = " -i -X PATCH \\
  -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' \\
  -H 'Content-Type: application/offset+octet-stream' --data-binary @recording.mp4";

/// One call as it is tried.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// Method and path, as the document has them.
    pub call: &'static str,
    pub variables: &'static [Variable],
    /// The address with its query; ids are variables (`$LEAD`).
    pub url: &'static str,
    /// The body, for calls that have one: JSON, or the fields of a form a line each.
    pub body: &'static str,
    /// What else `curl` is told: the method, headers, a file.
    pub flags: &'static str,
}

const fn get(call: &'static str, variables: &'static [Variable], url: &'static str) -> Tried {
    Tried { call, variables, url, body: "", flags: "" }
}

/// A call of the protocol of resumable uploads.
const fn tus(
    call: &'static str,
    variables: &'static [Variable],
    url: &'static str,
    flags: &'static str,
) -> Tried {
    Tried { call, variables, url, body: "", flags }
}

/// Every call of the document.
pub const TRIED: &[Tried] = &[
    Tried {
        call: "post /api/v1/leads",
        variables: &[],
        url: "/api/v1/leads",
        body: r#"{
  "title": "某店铺销售假冒名牌手表",
  "summary": "店铺以明显低于市场的价格销售标有知名商标的手表。",
  "charges": ["CL214"],
  "region": "440100",
  "brands": ["示例品牌"],
  "occurred_from": "2016-03-01",
  "occurred_to": "2016-04-30",
  "estimated_value": {"fen": 128450000, "qualifier": "at_least", "basis": "list_price"},
  "subjects": [{"kind": "person", "name": "甲", "part": "店铺经营者"}],
  "sites": [{"address": "某路 1 号", "region": "440111", "role": "storage"}],
  "listings": ["https://shop.example/item/1"],
  "source": "risk_model"
}"#,
        flags: "",
    },
    get("get /api/v1/leads", &[], "/api/v1/leads?state=approved&limit=2"),
    get("get /api/v1/leads/{id}", &[LEAD], "/api/v1/leads/$LEAD"),
    Tried {
        call: "post /api/v1/leads/{id}/evidence",
        variables: &[DRAFT],
        url: "/api/v1/leads/$LEAD/evidence",
        body: "file=@screenshot.png\nkind=web_page\nsource=https://shop.example/item/1\n\
               collected_at=2016-05-04T09:30\ncollected_by=甲\nmethod=网页截图",
        flags: "",
    },
    tus("options /api/v1/uploads", &[], "/api/v1/uploads", " -i -X OPTIONS"),
    get("get /api/v1/uploads", &[], "/api/v1/uploads?limit=2"),
    tus("post /api/v1/uploads", &[DRAFT], "/api/v1/uploads", BEGIN),
    get("get /api/v1/uploads/{id}", &[UPLOAD], "/api/v1/uploads/$UPLOAD"),
    tus(
        "head /api/v1/uploads/{id}",
        &[UPLOAD],
        "/api/v1/uploads/$UPLOAD",
        " -I \\\n  -H 'Tus-Resumable: 1.0.0'",
    ),
    tus("patch /api/v1/uploads/{id}", &[UPLOAD], "/api/v1/uploads/$UPLOAD", BRING),
    tus(
        "delete /api/v1/uploads/{id}",
        &[UPLOAD],
        "/api/v1/uploads/$UPLOAD",
        " -i -X DELETE \\\n  -H 'Tus-Resumable: 1.0.0'",
    ),
    get("get /api/v1/leads/{id}/evidence", &[LEAD], "/api/v1/leads/$LEAD/evidence?limit=2"),
    get("get /api/v1/evidence/{id}", &[LEAD, EVIDENCE], "/api/v1/evidence/$EVIDENCE"),
    get("get /api/v1/evidence/{id}/content", &[LEAD, EVIDENCE], "/api/v1/evidence/$EVIDENCE/content"),
    Tried {
        call: "post /api/v1/leads/{id}/dossiers",
        variables: &[DRAFT, EVIDENCE, AGENCY],
        url: "/api/v1/leads/$LEAD/dossiers",
        body: r#"{"evidence": ["$EVIDENCE"], "agencies": ["$AGENCY"], "note": "请核"}"#,
        flags: "",
    },
    get("get /api/v1/dossiers", &[LEAD], "/api/v1/dossiers?lead=$LEAD&limit=2"),
    get("get /api/v1/dossiers/{id}", &[DOSSIER], "/api/v1/dossiers/$DOSSIER"),
    get("get /api/v1/dossiers/{id}/dossier.pdf", &[DOSSIER], "/api/v1/dossiers/$DOSSIER/dossier.pdf"),
    get("get /api/v1/dossiers/{id}/letter.pdf", &[DOSSIER], "/api/v1/dossiers/$DOSSIER/letter.pdf"),
    get("get /api/v1/dossiers/{id}/package.zip", &[TRANSFER, SENT], "/api/v1/dossiers/$DOSSIER/package.zip"),
    get("get /api/v1/transfers", &[], "/api/v1/transfers?state=accepted&limit=2"),
    get("get /api/v1/transfers/{id}", &[TRANSFER], "/api/v1/transfers/$TRANSFER"),
    get("get /api/v1/cases", &[], "/api/v1/cases?limit=2"),
    get("get /api/v1/cases/{id}", &[CASE], "/api/v1/cases/$CASE"),
    get("get /api/v1/outcomes", &[], "/api/v1/outcomes?year=2016&kind=arrest&limit=2"),
    get("get /api/v1/reports/{year}", &[], "/api/v1/reports/2016"),
    get("get /api/v1/agencies", &[], "/api/v1/agencies?region=440000&limit=2"),
    get("get /api/v1/charges", &[], "/api/v1/charges?at=2016-06-01&limit=2"),
    get("get /api/v1/regions", &[], "/api/v1/regions?parent=440000&at=2016-06-01&limit=2"),
    get("get /api/v1/audit/checkpoint", &[], "/api/v1/audit/checkpoint"),
    get("get /api/v1/audit/tile/{path}", &[], "/api/v1/audit/tile/0/000.p/1"),
    get("get /api/v1/me", &[], "/api/v1/me"),
];

/// How a call is tried; `None`: nobody says.
pub fn tried(method: &str, path: &str) -> Option<&'static Tried> {
    let call = format!("{method} {path}");
    TRIED.iter().find(|one| one.call == call)
}

/// Every path with its methods in capitals.
pub fn methods() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut methods: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (method, path) in TRIED.iter().filter_map(|one| one.call.split_once(' ')) {
        methods.entry(path).or_default().insert(method.to_uppercase());
    }
    methods
}

/// `.items[0].id` for a JSON pointer, as `jq` has it.
pub fn jq(pointer: &str) -> String {
    let parts = pointer.split('/').filter(|part| !part.is_empty());
    let one = |part: &str| {
        if part.bytes().all(|b| b.is_ascii_digit()) { format!("[{part}]") } else { format!(".{part}") }
    };
    parts.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_there_before_it_is_used() {
        for one in TRIED {
            let mut known: Vec<&str> = Vec::new();
            for variable in one.variables {
                let named = variable.url.split('$').nth(1).map(|rest| rest.split('/').next().unwrap_or(rest));
                assert!(named.is_none_or(|name| known.contains(&name)), "{}: {named:?}", one.call);
                known.push(variable.name);
            }
            for rest in one.url.split('$').skip(1) {
                let name: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
                assert!(known.contains(&name.as_str()), "{}: {name}", one.call);
            }
        }
        assert_eq!(jq("/items/0/id"), ".items[0].id");
    }
}
