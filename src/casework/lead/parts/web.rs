//! The pages of charges and brands, and what the pages of all parts share. Every act is a post of its own.

use std::pin::Pin;

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, web};

use super::{
    super::{
        input,
        model::Lead,
        pages::{LABELS, charge_groups, seek_charges, take_charge},
        pick, store as leads,
        web::{faults, today, work},
    },
    actions, merging,
    pages::{BrandsPage, ChargesPage, Top, brand_row, heading},
};
use crate::{
    directory::people::{Compiler, session},
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        http::{
            form::Form,
            form_view::FormView,
            layout::Chrome,
            merge,
            reply::{html, invalid, question, see_other},
        },
        paths,
        services::Services,
    },
};

/// What every handler here is given: who works at which lead.
pub(super) struct At {
    pub me: Compiler,
    pub services: web::Data<Services>,
    pub request: HttpRequest,
    pub id: Id,
}

impl FromRequest for At {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let me = Compiler::extract(&request).await?;
            let id = request.match_info().query("id").parse().map_err(|_| AppError::NotFound)?;
            let services = session::services_of(&request)?.clone();
            Ok(Self { me, services, request, id })
        })
    }
}

impl At {
    pub fn chrome(&self, lead: &Lead, part: &str) -> Chrome {
        session::chrome(&self.request, &self.services, &self.me, &heading(self.me.lang, lead, part))
    }

    /// Does what a form asks for, unless the form has faults; `input` is what was read from it.
    pub async fn write<I: Send + 'static, T: Send + 'static>(
        &self,
        form: &Form,
        input: Option<I>,
        act: impl FnOnce(&mut Tx<'_>, &Compiler, I) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        form.check()?;
        // A form without a fault was read.
        let input = input.ok_or(AppError::NotFound)?;
        let me = self.me.clone();
        self.services.db.write(self.me.origin(), move |tx| act(tx, &me, input)).await
    }

    /// Back to the part's page with a message.
    pub fn back(&self, part: &str, flash: &str) -> HttpResponse {
        see_other(&format!("{}?ok={flash}", paths::lead_part(self.id, part)))
    }

    /// As [`At::write`], and back to the part's page, where it is saved.
    pub async fn save<I: Send + 'static, T: Send + 'static>(
        &self,
        form: &Form,
        part: &str,
        input: Option<I>,
        act: impl FnOnce(&mut Tx<'_>, &Compiler, I) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse> {
        self.write(form, input, act).await?;
        Ok(self.back(part, "lead-saved"))
    }

    /// Takes something off, and back to the part's page.
    pub async fn remove<T: Send + 'static>(
        &self,
        part: &str,
        act: impl FnOnce(&mut Tx<'_>, &Compiler) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse> {
        self.write(&Form::default(), Some(()), move |tx, me, ()| act(tx, me)).await?;
        Ok(self.back(part, "lead-removed"))
    }
}

/// The form again, with what was typed and what is wrong.
pub(super) fn typed(labels: &'static str, form: &Form, e: AppError) -> Result<FormView> {
    Ok(FormView::new(labels).typed(form.pairs()).with_errors(faults(e)?))
}

async fn charges_view(at: &At, form: Option<FormView>) -> Result<ChargesPage> {
    let id = at.id;
    let (lead, chosen) =
        work(&at.services, &at.me, id, "charges", move |conn, _| leads::charges_of(conn, id)).await?;
    let form = form.unwrap_or_else(|| stored_charges(at, chosen));
    Ok(charges_form_page(at, &lead, form))
}

fn charges_form_page(at: &At, lead: &Lead, form: FormView) -> ChargesPage {
    let c = at.chrome(lead, "charges");
    ChargesPage {
        top: Top::new(&c, lead, "charges"),
        charges: charge_groups(c.language, lead.facts_date(), &form),
        form,
        c,
    }
}

/// What the form of the charges is filled from, with the mark of it.
fn stored_charges(at: &At, chosen: Vec<String>) -> FormView {
    let form = FormView::new(LABELS).set_many("charges", chosen);
    merge::with_mark(&merging::charge_groups(), form, at.services.db.now())
}

/// What is shown to a second one, who opened the charges before another one set them.
async fn charges_clash(at: &At, form: &Form) -> Result<HttpResponse> {
    let (id, reader) = (at.id, (at.me.lang, at.services.settings.time_zone));
    let was = merge::opened_at(form, merge::WAS).to_owned();
    let read = move |conn: &mut Connection, _: &Lead| {
        Ok((leads::charges_of(conn, id)?, merging::charge_changes(conn, id, &was, reader)?))
    };
    let (lead, (chosen, changes)) = work(&at.services, &at.me, id, "charges", read).await?;
    let typed = FormView::new(LABELS).typed(form.pairs());
    let theirs = stored_charges(at, chosen);
    let view = merging::charges_merged(&theirs, typed, changes, (lead.facts_date(), at.me.lang));
    question(&charges_form_page(at, &lead, view))
}

/// `GET /leads/{id}/charges`
pub(super) async fn charges_page(at: At) -> Result<HttpResponse> {
    html(&charges_view(&at, None).await?)
}

/// `POST /leads/{id}/charges`
pub(super) async fn set_charges(at: At, mut form: Form) -> Result<HttpResponse> {
    let (id, now) = (at.id, today(&at.services));
    seek_charges(&mut form);
    let mut form = merge::picked(&merging::charge_groups(), &form);
    let facts = facts_date(&at).await?;
    take_charge(&mut form, facts);
    let codes = input::read_charges(&mut form, facts, now);
    let was = form.raw(merge::WAS).to_owned();
    let done = at.save(&form, "charges", Some(codes), move |tx, me, codes| {
        let stored = FormView::new(LABELS).set_many("charges", leads::charges_of(tx.conn(), id)?);
        if merge::has_moved(&merging::charge_groups(), &was, &stored) {
            return Err(AppError::Conflict(merge::CHANGED_SINCE));
        }
        actions::set_charges(tx, me, id, &codes)
    });
    match done.await {
        Err(AppError::Conflict(merge::CHANGED_SINCE)) => charges_clash(&at, &form).await,
        Err(e) => invalid(&charges_view(&at, Some(typed(LABELS, &form, e)?)).await?),
        done => done,
    }
}

/// The day by which the lead's rules and names are taken.
pub(super) async fn facts_date(at: &At) -> Result<chrono::NaiveDate> {
    let (me, id) = (at.me.clone(), at.id);
    at.services.db.read(move |conn| Ok(leads::find_visible(conn, &me, id)?.facts_date())).await
}

async fn brands_view(at: &At, form: FormView) -> Result<BrandsPage> {
    let id = at.id;
    let read = move |conn: &mut _, _: &Lead| Ok((leads::brands_of(conn, id)?, leads::brands(conn, 500)?));
    let (lead, (brands, known)) = work(&at.services, &at.me, id, "brands", read).await?;
    let c = at.chrome(&lead, "brands");
    let brands = brands.iter().map(|brand| brand_row(&c, &lead, brand)).collect();
    Ok(BrandsPage { top: Top::new(&c, &lead, "brands"), brands, known, form, c })
}

/// `GET /leads/{id}/brands`
pub(super) async fn brands_page(at: At) -> Result<HttpResponse> {
    html(&brands_view(&at, FormView::new(LABELS)).await?)
}

/// `POST /leads/{id}/brands`
pub(super) async fn add_brand(at: At, mut form: Form) -> Result<HttpResponse> {
    let id = at.id;
    let (name, owner) = (form.required("brand", 100), form.text("rights_holder", 200));
    if input::brand_names(&name).count() > 1 {
        form.fault("brand", "error-one-brand");
    }
    pick::offer(&at.services, &mut form, "brand").await?;
    let done = at.save(&form, "brands", Some((name, owner)), move |tx, me, (name, owner)| {
        actions::add_brand(tx, me, id, &name, &owner)
    });
    match done.await {
        Err(e) => invalid(&brands_view(&at, typed(LABELS, &form, e)?).await?),
        done => done,
    }
}

/// `POST /leads/{id}/brands/{brand}/remove`
pub(super) async fn remove_brand(at: At, path: web::Path<(Id, Id)>) -> Result<HttpResponse> {
    let (id, brand_id) = path.into_inner();
    at.remove("brands", move |tx, me| actions::remove_brand(tx, me, id, brand_id)).await
}
