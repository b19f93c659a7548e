//! Handlers of the page on which one chooses which notices come.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};

use super::{
    actions, model,
    pages::{EventLine, NoticesPage},
};
use crate::{
    directory::people::{model::Actor, session},
    platform::{
        error::{AppError, Result},
        http::{
            Form,
            form_view::FormView,
            reply::html_with,
            see_other,
            view::{Choice, Link},
        },
        i18n,
        notice::{self, Event, Way},
        paths,
        services::Services,
    },
};

/// The beginning of the keys of the events' names.
const LABELS: &str = "account-event-";

fn line(me: &Actor, event: Event) -> EventLine {
    let way = |way: &Way| Choice::new(way, i18n::t(me.lang, &format!("account-way-{way}")));
    let locked = if model::is_duty(event, me.side) { "-duty" } else { "" };
    EventLine {
        name: event.as_str(),
        ways: model::ways(event, me.side).iter().map(way).collect(),
        hint: format!("account-event-{event}{locked}-hint"),
    }
}

fn show(request: &HttpRequest, services: &Services, me: &Actor, form: FormView) -> Result<HttpResponse> {
    let status = if form.is_faulty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = NoticesPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "account-notices-title")),
        trail: vec![Link::new(i18n::t(me.lang, "nav-account"), paths::ACCOUNT)],
        form,
        lines: model::events_of(me).into_iter().map(|event| line(me, event)).collect(),
        email: me.email.clone(),
    };
    html_with(status, &page)
}

pub(super) async fn page(me: Actor, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let id = me.id;
    let chosen = services.db.read(move |conn| notice::choices(conn, id)).await?;
    let form = model::events_of(&me).into_iter().fold(FormView::new(LABELS), |form, event| {
        let way = chosen.get(&event).copied().unwrap_or(Way::AtOnce);
        form.set(event.as_str(), way.as_str().to_owned())
    });
    show(&request, &services, &me, form)
}

fn read(form: &mut Form, me: &Actor) -> Result<BTreeMap<Event, Way>> {
    let mut chosen = BTreeMap::new();
    for event in model::events_of(me) {
        if let Some(way) = form.required_value::<Way>(event.as_str(), "error-unknown") {
            chosen.insert(event, way);
        }
    }
    form.check()?;
    Ok(chosen)
}

pub(super) async fn save(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let done = match read(&mut form, &me) {
        Ok(chosen) => {
            let actor = me.clone();
            services.db.write(me.origin(), move |tx| actions::choose(tx, &actor, &chosen)).await
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=notices-chosen", paths::NOTICES))),
        Err(AppError::Invalid(errors)) => {
            let view = FormView::new(LABELS).typed(form.pairs()).with_errors(errors);
            show(&request, &services, &me, view)
        }
        Err(e) => Err(e),
    }
}
