//! Asking, and the page that does so before something is fetched.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};

use super::{
    FIELD, PAGE,
    actions::{self, Proven},
    pages::ProofPage,
};
use crate::{
    audit,
    directory::people::{
        guard::Identified,
        model::Actor,
        password, session,
        sign_in::model::{Trouble, local_path},
    },
    platform::{
        error::{AppError, Result},
        http::{
            Form,
            form_view::FormView,
            link::Query,
            posted::{came_from, form_page},
            reply::html_or_wait,
            see_other,
        },
        i18n, paths,
        services::Services,
    },
};

/// What the question came to.
pub enum Answer {
    Proven(Proven),
    /// The page that asks.
    Page(HttpResponse),
}

/// What is asked for, and what goes on with it.
struct Question {
    act: String,
    action: String,
    kept: Vec<(String, String)>,
    cancel: String,
    status: StatusCode,
}

fn reply(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    question: Question,
    trouble: Trouble,
) -> Result<HttpResponse> {
    let wait = trouble.words(me.lang);
    let page = ProofPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "account-proof-title")),
        act: question.act,
        action: question.action,
        kept: question.kept,
        form: FormView::new("people-field-")
            .called(FIELD, if me.has_second_factor { "people-field-code" } else { "people-field-password" })
            .with_errors(trouble.errors),
        by_code: me.has_second_factor,
        cancel: question.cancel,
        wait,
    };
    html_or_wait(question.status, &page, trouble.wait)
}

/// Asks whoever sends a form for a dangerous act to show again who they are, unless they did a moment ago. What the form
/// said is kept on the page that asks, and so it is where the code was wrong.
///
/// # Errors
/// Those of the database; `Internal` for a verb that is not declared as dangerous.
pub async fn ask(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    verb: &'static str,
    form: &Form,
) -> Result<Answer> {
    if let Some(proven) = actions::recent(me, verb, services.db.now())? {
        return Ok(Answer::Proven(proven));
    }
    let trouble = if form.has(FIELD) {
        let done = match password::typed(form, FIELD) {
            Ok(typed) => actions::take(services, me, typed).await,
            Err(e) => Err(e),
        };
        match done {
            Ok(()) => {
                let me = Actor { proved_at: Some(services.db.now()), ..me.clone() };
                let proven = actions::recent(&me, verb, services.db.now())?.ok_or(AppError::NotFound)?;
                return Ok(Answer::Proven(proven));
            }
            Err(error) => Trouble::of(error)?,
        }
    } else {
        Trouble::default()
    };
    let mut kept = form.pairs();
    kept.retain(|(name, _)| name != FIELD);
    let question = Question {
        act: audit::verb_title(me.lang, verb),
        action: request.uri().path_and_query().map_or(paths::HOME, |path| path.as_str()).to_owned(),
        kept,
        cancel: form_page(request),
        status: StatusCode::UNPROCESSABLE_ENTITY,
    };
    reply(request, services, me, question, trouble).map(Answer::Page)
}

/// As [`ask`], before something is fetched: whoever has to be asked goes to a page of its own, and from there back to the
/// page that they came from, or to `back`.
///
/// # Errors
/// `Elsewhere` for those who have to be asked.
pub fn ask_first(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    verb: &'static str,
    back: &str,
) -> Result<Proven> {
    let next = came_from(request).unwrap_or_else(|| back.to_owned());
    ask_before(services, me, verb, &next)
}

/// As [`ask_first`], before the page `next`, to which whoever has to be asked goes on.
///
/// # Errors
/// `Elsewhere` for those who have to be asked.
pub fn ask_before(services: &Services, me: &Actor, verb: &'static str, next: &str) -> Result<Proven> {
    let proven = actions::recent(me, verb, services.db.now())?;
    proven.ok_or_else(|| AppError::Elsewhere(Query::new(PAGE).with("next", next).href()))
}

fn next_of(form: &Form) -> String {
    local_path(form.raw("next")).unwrap_or(paths::ACCOUNT).to_owned()
}

fn fetching(next: String, status: StatusCode) -> Question {
    Question {
        act: String::new(),
        action: PAGE.to_owned(),
        kept: vec![("next".to_owned(), next.clone())],
        cancel: next,
        status,
    }
}

pub(super) async fn page(
    // Who still has to set up a second factor is asked before it, too.
    Identified(me): Identified,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let next = next_of(&Form::query(&request));
    if !actions::is_due(&me, services.db.now()) {
        return Ok(see_other(&next));
    }
    reply(&request, &services, &me, fetching(next, StatusCode::OK), Trouble::default())
}

pub(super) async fn show(
    Identified(me): Identified,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let next = next_of(&form);
    let done = match password::typed(&form, FIELD) {
        Ok(typed) => actions::take(&services, &me, typed).await,
        Err(e) => Err(e),
    };
    match done {
        Ok(()) => Ok(see_other(&Query::new(&next).with("ok", "proof-shown").href())),
        Err(error) => {
            let question = fetching(next, StatusCode::UNPROCESSABLE_ENTITY);
            reply(&request, &services, &me, question, Trouble::of(error)?)
        }
    }
}
