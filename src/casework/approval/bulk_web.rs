//! Submitting several leads at once: each by the act of its own page, with all that this one asks. What looks like another
//! lead is refused here with that reason, as only its compiler can say, lead by lead, why it is none.

use actix_web::{HttpRequest, HttpResponse, web};

use super::actions::{self, Told};
use crate::{
    casework::lead,
    directory::people::{
        Compiler,
        bulk::{self, Act},
        view::List,
    },
    platform::{
        db::{Id, Tx},
        error::{FieldError, Result},
        http::{
            Form, see_other,
            selection::{MOST_AT_ONCE, PICK, Picked},
        },
        paths,
        services::Services,
    },
};

/// `POST /leads/selected/for-review`
pub async fn submit(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let picked = Picked::of(&form, MOST_AT_ONCE);
    if picked.is_empty() {
        let faults = vec![FieldError::new(PICK, "bulk-none")];
        return lead::list::invalid_selection(&me, &services, &request, &form, faults).await;
    }
    let rows = lead::list::numbers(&services, picked.ids()).await?;
    let back = lead::list::filters_of(&request).href();
    let asked = Act { list: List::Leads, verb: "lead.submit", object: "lead", back };
    let (who, parts) = (me.clone(), services.get_ref().clone());
    let act = move |tx: &mut Tx<'_>, id: Id| {
        actions::submit_told(tx, &parts, &who, id, &Told::default()).map(|_| true)
    };
    let id = bulk::run(&services, &me, asked, rows, act).await?;
    Ok(see_other(&format!("{}/results/{id}", paths::LEADS)))
}
