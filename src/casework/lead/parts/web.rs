//! The pages of charges and brands, and what the pages of all parts share. Every act is a post of its own.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    super::{
        input,
        model::Lead,
        pages::charge_groups,
        store as leads,
        web::{LABELS, faults, today, work},
    },
    actions,
    pages::{BrandsPage, ChargesPage, Top, brand_row, heading},
};
use crate::{
    directory::people::{Compiler, session},
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::{
            form::Form,
            form_view::FormView,
            layout::Chrome,
            reply::{html, invalid, see_other},
        },
        paths,
        services::Services,
    },
};

/// What every handler here is given.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub me: &'a Compiler,
    pub services: &'a Services,
    pub request: &'a HttpRequest,
    pub id: Id,
}

impl At<'_> {
    pub fn chrome(self, lead: &Lead, part: &str) -> Chrome {
        session::chrome(self.request, self.services, self.me, &heading(self.me.lang, lead, part))
    }

    /// Does what a form asks for, unless the form has faults; `input` is what was read from it.
    pub async fn write<I: Send + 'static, T: Send + 'static>(
        self,
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
    pub fn back(self, part: &str, flash: &str) -> HttpResponse {
        see_other(&format!("{}?ok={flash}", paths::lead_part(self.id, part)))
    }

    /// As [`At::write`], and back to the part's page, where it is saved.
    pub async fn save<I: Send + 'static, T: Send + 'static>(
        self,
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
        self,
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

async fn charges_view(at: At<'_>, form: Option<FormView>) -> Result<ChargesPage> {
    let id = at.id;
    let (lead, chosen) =
        work(at.services, at.me, id, "charges", move |conn, _| leads::charges_of(conn, id)).await?;
    let form = form.unwrap_or_else(|| FormView::new(LABELS).set_many("charges", chosen));
    let c = at.chrome(&lead, "charges");
    Ok(ChargesPage {
        top: Top::new(&c, &lead, "charges"),
        charges: charge_groups(c.language, lead.facts_date(), &form),
        form,
        c,
    })
}

/// `GET /leads/{id}/charges`
pub async fn charges_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    html(&charges_view(at, None).await?)
}

/// `POST /leads/{id}/charges`
pub async fn set_charges(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    let (id, now) = (at.id, today(&services));
    let facts = facts_date(at).await?;
    let codes = input::read_charges(&mut form, facts, now);
    let done =
        at.save(&form, "charges", Some(codes), move |tx, me, codes| actions::set_charges(tx, me, id, &codes));
    match done.await {
        Err(e) => invalid(&charges_view(at, Some(typed(LABELS, &form, e)?)).await?),
        done => done,
    }
}

/// The day by which the lead's rules and names are taken.
pub(super) async fn facts_date(at: At<'_>) -> Result<chrono::NaiveDate> {
    let (me, id) = (at.me.clone(), at.id);
    at.services.db.read(move |conn| Ok(leads::find_visible(conn, &me, id)?.facts_date())).await
}

async fn brands_view(at: At<'_>, form: FormView) -> Result<BrandsPage> {
    let id = at.id;
    let read = move |conn: &mut _, _: &Lead| Ok((leads::brands_of(conn, id)?, leads::brands(conn, 500)?));
    let (lead, (brands, known)) = work(at.services, at.me, id, "brands", read).await?;
    let c = at.chrome(&lead, "brands");
    let brands = brands.iter().map(|brand| brand_row(&c, &lead, brand)).collect();
    Ok(BrandsPage { top: Top::new(&c, &lead, "brands"), brands, known, form, c })
}

/// `GET /leads/{id}/brands`
pub async fn brands_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    html(&brands_view(at, FormView::new(LABELS)).await?)
}

/// `POST /leads/{id}/brands`
pub async fn add_brand(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    let id = at.id;
    let (name, owner) = (form.required("brand", 100), form.text("rights_holder", 200));
    if input::brand_names(&name).count() > 1 {
        form.fault("brand", "error-one-brand");
    }
    let done = at.save(&form, "brands", Some((name, owner)), move |tx, me, (name, owner)| {
        actions::add_brand(tx, me, id, &name, &owner)
    });
    match done.await {
        Err(e) => invalid(&brands_view(at, typed(LABELS, &form, e)?).await?),
        done => done,
    }
}

/// `POST /leads/{id}/brands/{brand}/remove`
pub async fn remove_brand(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, brand_id) = path.into_inner();
    let at = At { me: &me, services: &services, request: &request, id };
    at.remove("brands", move |tx, me| actions::remove_brand(tx, me, id, brand_id)).await
}
