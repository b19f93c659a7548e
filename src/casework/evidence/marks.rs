//! Marking several items at once. What is recorded of an item when it is registered never changes; whether it is disclosed
//! is decided until the lead is handed in.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions,
    registering::changeable,
    web::{Forms, list_page},
};
use crate::{
    directory::people::Compiler,
    platform::{
        db::Id,
        error::{AppError, FieldError, Result},
        http::{Form, invalid, link::Query, see_other},
        paths,
        services::Services,
    },
};

/// Most items of one form: several pages of the list.
const MOST: usize = 500;

/// Where the form is posted to; `here` is the page of the list that it stands on, to come back to.
pub(super) fn action(lead_id: Id, here: &Query) -> Query {
    on_page(&Query::new(&format!("{}/marks", paths::lead_evidence(lead_id))), here)
}

fn on_page(address: &Query, here: &Query) -> Query {
    ["view", "after", "before"].iter().fold(address.clone(), |at, name| at.with(name, here.get(name)))
}

/// What is to be done, and with which items; with one reason for all, none takes the mark off.
struct Wanted {
    ids: Vec<Id>,
    reason: Option<String>,
}

fn read(form: &mut Form) -> Result<Wanted> {
    let mark = form.choice("mark", &["withhold", "disclose"]);
    let mut ids = form.ids("item");
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() && !form.errors().iter().any(|fault| fault.field == "item") {
        form.fault("item", "error-choose-many");
    }
    if ids.len() > MOST {
        form.push(FieldError::new("item", "error-too-many").arg("max", MOST));
    }
    let reason = (mark != Some("disclose")).then(|| form.required("withheld_reason", 500));
    form.check()?;
    Ok(Wanted { ids, reason })
}

/// `POST /leads/{id}/evidence/marks`
pub(super) async fn mark(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let lead_id = *id;
    changeable(&me, &services, lead_id).await?;
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let list = on_page(&Query::new(&paths::lead_evidence(lead_id)), &here);
    let done = match read(&mut form) {
        Ok(Wanted { ids, reason }) => {
            let flash = if reason.is_some() { "evidence-marked" } else { "evidence-unmarked" };
            let actor = me.clone();
            let act = services.db.write(me.origin(), move |tx| {
                actions::set_withheld_many(tx, &actor, lead_id, &ids, reason.as_deref())
            });
            act.await.map(|()| flash)
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(flash) => Ok(see_other(&list.with("ok", flash).href())),
        Err(AppError::Invalid(errors)) => {
            let mut forms = Forms::fresh(&me);
            forms.marks = forms.marks.typed(form.pairs()).with_errors(errors);
            invalid(&list_page(&me, &services, &request, lead_id, forms).await?)
        }
        Err(e) => Err(e),
    }
}
