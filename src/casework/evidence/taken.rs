//! What a program may hand in as evidence, as the document of the API says it; a request is held to this.

use serde_json::{Value, json};

use super::model::{LONGEST_QUANTITY, LONGEST_REMARK, LONGEST_SOURCE, LONGEST_WITNESS};
use crate::platform::http::contract::shapes::{moment, object, one_of, pattern, said, seen, text};

/// The parts of a form, by the name of their shape.
pub fn taken() -> Vec<(&'static str, Value)> {
    vec![("EvidenceNew", form())]
}

/// The parts of a form. One that was left empty says nothing.
pub(super) fn form() -> Value {
    let category = || pattern("^[A-Za-z0-9_-]{0,30}$");
    let mut form = object(
        &["file", "source", "collected_at", "collected_by", "method"],
        [
            (
                "file",
                said(
                    json!({ "type": "string", "format": "binary" }),
                    "Not empty; each of several becomes an item.",
                ),
            ),
            (
                "kind",
                said(
                    category(),
                    "The statutory category, by its code: those that can be chosen are listed at \
                     `/reference/categories`, and a word that is none is refused. Left out, or `file`: by the file's \
                     type. It is not the `kind` of the answer, which tells files from notes and facts and is `file` for \
                     every upload; the answer has the category as `category`.",
                ),
            ),
            (
                "category",
                said(category(), "The same under the name that it has in the answer; one of both is enough."),
            ),
            ("description", text(4_000)),
            ("source", said(seen(LONGEST_SOURCE), "Where it comes from.")),
            (
                "collected_at",
                said(moment(), "Day and time, in the configured zone unless it has an offset. Not to come."),
            ),
            ("collected_by", seen(200)),
            ("method", said(seen(1_000), "How it was collected.")),
            ("tool", said(text(200), "With which tool.")),
            ("medium", said(text(500), "Original medium and where it is kept.")),
            ("holder", said(text(200), "Holder or provider.")),
            ("quantity", said(text(LONGEST_QUANTITY), "How many pieces or records, with their unit.")),
            (
                "remark",
                said(
                    text(LONGEST_REMARK),
                    "Why the original medium is not handed over, what was added or changed, and the like.",
                ),
            ),
            ("witness", said(text(LONGEST_WITNESS), "Who witnessed that it was collected.")),
            (
                "withheld",
                said(one_of(["yes", "no", "true", "false", ""]), "Whether it is marked do-not-disclose."),
            ),
            ("withheld_reason", said(text(500), "Needed with the mark, refused without it.")),
        ],
    );
    form["description"] =
        "The parts of the form. A part `file` may stand several times: each file becomes an item.".into();
    form
}
