//! Puts the rooms' descriptions together and adds what all calls share: the token, and the errors.

use serde::Serialize;
use serde_json::Value;
use utoipa::{
    OpenApi, ToSchema,
    openapi::{
        self, Content, Ref, RefOr, Response, ResponseBuilder,
        path::{Operation, PathItem},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{examples, refine};
use crate::{
    casework::{dossier, evidence, lead},
    directory::{agencies, people::token},
    handover::desk,
    outcome,
    reporting::{annual_report, audit_log},
};

/// RFC 9457, `application/problem+json`.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "it says what the shield writes")]
struct Problem {
    /// `about:blank`: the status says what kind it is.
    r#type: String,
    title: String,
    status: u16,
    /// In the language of `Accept-Language` (`zh-CN`, `en`).
    detail: String,
    /// Number of the request, by which the failure is found in the server's log.
    reference: Option<String>,
    errors: Vec<ProblemField>,
}

/// One field that must be mended.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "it says what the shield writes")]
struct ProblemField {
    /// Its place in the JSON, e.g. `sites[0].region`; the parameter's or header's name.
    field: String,
    /// Stays the same in every language, e.g. `error-required`.
    code: String,
    message: String,
}

/// The frame.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lead Handoff · 线索移送",
        version = "1",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        description = "Give `Authorization: Bearer TOKEN`; a token is made on the page of one's account, acts as that \
            person, and is narrowed by its scopes `read` and `write`. What the person may not see answers 404. Lists \
            answer `{\"items\": […], \"next\": \"cursor or null\"}`: give `next` as `after` for the next page. Every \
            POST takes an `Idempotency-Key`: sent again within 48 hours with the same body it acts once and gets the \
            same answer, with the header `Idempotency-Replayed: true`; with another body it answers 409. A request that \
            is not as described here answers 422; one that is, but names what is not on file or contradicts itself, 409; \
            both name the fields in `errors`. Approving, sending, acknowledging, accepting, \
            refusing and confirming are decisions of a person: they are pages, not calls."
    ),
    components(schemas(Problem, ProblemField)),
    tags(
        (name = "leads"), (name = "evidence"), (name = "dossiers"), (name = "transfers"), (name = "cases"),
        (name = "outcomes"), (name = "reports"), (name = "reference"), (name = "audit"), (name = "account")
    )
)]
struct Frame;

/// The whole document: the rooms' descriptions with what they take, what of parameters can be said more exactly than by
/// their types, and examples.
pub fn document() -> Value {
    // A document of plain maps and texts is always JSON; should it not be, the page is empty and its test fails.
    let mut all = serde_json::to_value(assembled()).unwrap_or_default();
    let taken = [lead::api::taken(), evidence::taken(), evidence::resumable::taken(), dossier::api::taken()];
    for (name, shape) in taken.into_iter().flatten() {
        all["components"]["schemas"][name] = shape;
    }
    evidence::resumable::describe(&mut all);
    refine::refine(&mut all);
    examples::add(&mut all);
    all
}

fn assembled() -> openapi::OpenApi {
    let rooms = [
        lead::api::Document::openapi(),
        evidence::api::Document::openapi(),
        evidence::resumable::api::Document::openapi(),
        dossier::api::Document::openapi(),
        desk::api::Document::openapi(),
        outcome::api::Document::openapi(),
        annual_report::Document::openapi(),
        agencies::api::Document::openapi(),
        audit_log::Document::openapi(),
        token::api::Document::openapi(),
    ];
    let mut all = rooms.into_iter().fold(Frame::openapi(), openapi::OpenApi::merge_from);
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    all.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(token));
    for (path, item) in &mut all.paths.paths {
        let has_object = path.contains('{');
        for (changes, operation) in operations(item) {
            add_errors(operation, has_object, changes);
        }
    }
    all
}

/// The operations of a path that are asked for with a token, and whether each changes something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let looks = item.get.iter_mut().chain(item.head.iter_mut()).map(|look| (false, look));
    let acts = item.post.iter_mut().chain(item.patch.iter_mut()).chain(item.delete.iter_mut());
    looks.chain(acts.map(|act| (true, act)))
}

fn problem(description: &str) -> RefOr<Response> {
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build()
        .into()
}

/// The errors that any call of its kind can answer.
fn add_errors(operation: &mut Operation, has_object: bool, changes: bool) {
    // A call may be public for some of what it gives, and take a token for the rest.
    let is_public =
        operation.security.as_ref().is_some_and(|all| all.iter().all(|one| *one == Default::default()));
    let takes_bytes = operation.request_body.is_some();
    let mut add = |status: &str, text: &str| {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| problem(text));
    };
    if !is_public {
        add("401", "no token, or one that holds no more");
        add("403", "the token's scopes do not cover it");
    }
    add("404", if has_object { "not there, or not to be seen" } else { "not for this account" });
    let state = if changes { "; or the state does not allow it" } else { "" };
    add("409", &format!("as described, but `errors` names what is not on file or contradicts itself{state}"));
    add("422", "not as described here: `errors` says what must be mended");
    if takes_bytes {
        add("413", "too large");
        add("415", "another media type than the one that is read");
    }
    add("500", "the server failed; `reference` finds the reason in its log");
    add("503", "a store is out of reach; try again");
    add("507", "no room is left; nothing was kept");
}
