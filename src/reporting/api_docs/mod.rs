//! The API's own description: `/api/openapi.json` for machines, `/api/docs` with its parts for people. Each room describes
//! its calls beside their handlers; here they are put together. Public: it says what can be asked, and nothing of what is
//! kept.

mod calls;
mod document;
mod examples;
mod pages;
mod places;
mod read;
mod refine;
mod samples;

pub use document::document;

use std::sync::OnceLock;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde_json::Value;

use crate::{
    directory::people::{session, token::model::may_have},
    platform::{
        error::{AppError, Result},
        http::{contract::Contract, html},
        services::Services,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.app_data(&CONTRACT);
    cfg.route("/api/openapi.json", web::get().to(json)).route("/api/docs", web::get().to(docs));
    cfg.route("/api/docs/{part}", web::get().to(part));
    for (path, methods) in calls::methods() {
        let allow = methods.into_iter().collect::<Vec<_>>().join(", ");
        // What the handlers before it did not take is another method than theirs.
        let pattern = path.replace("{path}", "{path:.*}");
        let other = move || {
            let allow = allow.clone();
            async move { HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, allow)).finish() }
        };
        cfg.route(&pattern, web::route().to(other));
    }
}

/// The document as it is served, made once: when it is first asked for, or a call is held to it.
fn served() -> &'static Value {
    static SERVED: OnceLock<Value> = OnceLock::new();
    SERVED.get_or_init(document)
}

/// What the document says of requests, for those who read them.
static CONTRACT: Contract = Contract::new(served);

async fn json() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-cache")).json(served())
}

async fn docs(services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let c = session::for_all(&request, "api-title").await?;
    let page = pages::IndexPage::new(c, served(), &services.settings.base_url);
    // Who is not signed in may be anybody; the page of tokens asks them to sign in first.
    let offers_tokens = session::actor_of(&request).await?.is_none_or(|me| may_have(&me));
    html(&pages::IndexPage { offers_tokens, ..page })
}

/// `GET /api/docs/{part}`
async fn part(request: HttpRequest, part: web::Path<String>) -> Result<HttpResponse> {
    let c = session::for_all(&request, "api-title").await?;
    html(&pages::PartPage::new(c, served(), &part).ok_or(AppError::NotFound)?)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use regex_lite::Regex;

    use super::*;

    /// Other methods than these are refused by name, so the list is that of the document.
    #[test]
    fn the_methods_of_each_path_are_those_of_the_document() {
        let described: BTreeMap<&str, BTreeSet<String>> = served()["paths"]
            .as_object()
            .expect("paths")
            .iter()
            .map(|(path, item)| {
                let methods = item.as_object().expect("methods").keys();
                (path.as_str(), methods.map(|method| method.to_uppercase()).collect())
            })
            .collect();
        assert!(described.len() > 20, "{described:?}");
        assert_eq!(calls::methods(), described);
    }

    /// The patterns of a document, each with its place.
    fn patterns(part: &Value, place: &str, found: &mut Vec<(String, String)>) {
        match part {
            Value::Object(members) => {
                for (name, member) in members {
                    match member.as_str().filter(|_| name == "pattern") {
                        Some(pattern) => found.push((place.to_owned(), pattern.to_owned())),
                        None => patterns(member, &format!("{place}/{name}"), found),
                    }
                }
            }
            Value::Array(members) => {
                members.iter().enumerate().for_each(|(n, one)| patterns(one, &format!("{place}/{n}"), found));
            }
            _ => {}
        }
    }

    /// One that can't be read would hold nothing to it.
    #[test]
    fn every_pattern_can_be_read_here_and_elsewhere() {
        let mut found = Vec::new();
        patterns(served(), "", &mut found);
        assert!(found.len() > 40, "{found:?}");
        for (place, pattern) in found {
            assert!(Regex::new(&pattern).is_ok(), "{place}: {pattern}");
            assert!(pattern.starts_with('^') && pattern.ends_with('$'), "{place}: {pattern}");
            // What one language calls white space another does not.
            let classes = ["\\s", "\\S", "\\d", "\\w", "\\p", "(?<", "(?!", "(?=", "\\u{"];
            assert!(!classes.iter().any(|class| pattern.contains(class)), "{place}: {pattern}");
        }
    }
}
