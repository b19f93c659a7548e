//! Puts the rooms' descriptions together and adds what all calls share: the token, and the errors.

use serde::Serialize;
use utoipa::{
    OpenApi, ToSchema,
    openapi::{
        self, Content, Ref, RefOr, Response, ResponseBuilder,
        path::{Operation, PathItem},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

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
    /// Under which a fault of ours is found in the log.
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
            same answer, with the header `Idempotency-Replayed: true`. Approving, sending, acknowledging, accepting, \
            refusing and confirming are decisions of a person: they are pages, not calls."
    ),
    components(schemas(Problem, ProblemField)),
    tags(
        (name = "leads"), (name = "evidence"), (name = "dossiers"), (name = "transfers"), (name = "cases"),
        (name = "outcomes"), (name = "reports"), (name = "reference"), (name = "audit"), (name = "account")
    )
)]
struct Frame;

/// The whole document.
pub fn document() -> openapi::OpenApi {
    let rooms = [
        lead::api::Document::openapi(),
        evidence::api::Document::openapi(),
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

/// The operations of a path, and whether each changes something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    item.get.iter_mut().map(|get| (false, get)).chain(item.post.iter_mut().map(|post| (true, post)))
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
    let is_public = operation.security.as_ref().is_some_and(|all| all.contains(&Default::default()));
    let mut add = |status: &str, text: &str| {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| problem(text));
    };
    if !is_public {
        add("401", "no token, or one that holds no more");
        add("403", "the token's scopes do not cover it");
    }
    add("404", if has_object { "not there, or not to be seen" } else { "not for this account" });
    if changes {
        add("409", "the state does not allow it");
        add("413", "too large");
    }
    add("422", "`errors` says what must be mended");
    add("503", "a store is out of reach; try again");
}
