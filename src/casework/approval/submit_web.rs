//! Submitting a lead; one that looks like others asks first what it has to do with them.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, Told},
    pages::{AlikeView, DuplicatesPage},
    web::PREFIX,
};
use crate::{
    audit::{self, Entry},
    casework::{
        dossier,
        lead::{self, related::pages::RelatedView},
    },
    directory::people::{Compiler, session},
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::{Form, form_view::FormView, html, invalid, see_other},
        i18n, paths,
        services::Services,
    },
};

/// `GET /leads/{id}/submit`: what a lead looks like, for whoever goes on with the statement about it.
pub async fn ask(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&duplicates(&me, &services, &request, *id, FormView::new(PREFIX)).await?)
}

/// Longest statement, in characters.
const LONGEST: usize = 2_000;

/// `POST /leads/{id}/submit`. The page that shows likely duplicates posts here again, with `alike` and `not_duplicate`.
pub async fn submit(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let (lead_id, actor, parts) = (*id, me.clone(), services.get_ref().clone());
    let was_shown = form.has("alike");
    let told = Told { reason: form.text("not_duplicate", LONGEST), alike: form.ids("alike") };
    let done = match form.check() {
        Ok(()) => {
            let act = move |tx: &mut Tx<'_>| actions::submit_told(tx, &parts, &actor, lead_id, &told);
            services.db.write(me.origin(), act).await
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(review) => Ok(see_other(&format!("{}?ok=review-submitted", paths::approval(review.id)))),
        Err(AppError::Invalid(faults)) if faults.iter().all(|one| is_of_duplicates(&one.field)) => {
            // Who sees them for the first time has made no mistake yet.
            let faults = if was_shown { faults } else { Vec::new() };
            let view = FormView::new(PREFIX).typed(form.pairs()).with_errors(faults);
            invalid(&duplicates(&me, &services, &request, lead_id, view).await?)
        }
        Err(AppError::Invalid(faults)) => {
            invalid(&dossier::web::list_page(&me, &services, &request, lead_id, faults).await?)
        }
        Err(e) => Err(e),
    }
}

fn is_of_duplicates(field: &str) -> bool {
    matches!(field, "alike" | "not_duplicate")
}

async fn duplicates(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    lead_id: Id,
    form: FormView,
) -> Result<DuplicatesPage> {
    let who = me.clone();
    let (found, alike) = services
        .db
        .read_snapshot(move |conn| {
            let found = lead::store::find_visible(conn, &who, lead_id)?;
            lead::model::require_changeable(&who, &found)?;
            let alike = lead::related::store::undecided(conn, &found)?;
            Ok((found, alike))
        })
        .await?;
    let shown = alike.iter().map(|one| one.id);
    let entry = Entry::new("lead.view").object("lead", lead_id).objects("lead", shown);
    audit::record_read(&services.db, me.origin(), entry.fact("page", "duplicates")).await?;
    let title = i18n::t(me.lang, "review-duplicates-title");
    let c = session::chrome(request, services, me, &title).numbered(&found.number);
    let view = |one: &lead::related::model::Related| AlikeView {
        id: one.id.to_string(),
        view: RelatedView::new(&c, one, true),
    };
    Ok(DuplicatesPage {
        trail: lead::pages::trail(&c, &found),
        alike: alike.iter().map(view).collect(),
        form,
        action: paths::lead_part(lead_id, "submit"),
        cancel: paths::lead(lead_id),
        withdraw: paths::lead_part(lead_id, "withdraw"),
        c,
    })
}
