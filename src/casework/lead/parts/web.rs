//! The pages of a lead's parts: a list of what it names, and a form for one more. Every act is a post of its own.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    super::{
        input,
        model::{Lead, SiteRole},
        pages::charge_groups,
        region, store as leads,
        web::{LABELS, faults, today, work},
    },
    actions,
    pages::{
        BrandsPage, ChargesPage, ListingsPage, SitesPage, SubjectsPage, Top, brand_row, heading, listing_row,
        site_row, subject_row,
    },
    store,
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

/// Labels of the fields of subjects, sites and listings.
const SUBJECT: &str = "lead-field-subjects-";
const SITE: &str = "lead-field-sites-";
const LISTING: &str = "lead-field-listings-";

/// What every handler here is given.
#[derive(Clone, Copy)]
struct At<'a> {
    me: &'a Compiler,
    services: &'a Services,
    request: &'a HttpRequest,
    id: Id,
}

impl At<'_> {
    fn chrome(self, lead: &Lead, part: &str) -> Chrome {
        session::chrome(self.request, self.services, self.me, &heading(self.me.lang, lead, part))
    }

    /// Runs an act unless the form already has faults; back to the part's page with a message.
    async fn act<T: Send + 'static>(
        self,
        form: &Form,
        part: &str,
        flash: &str,
        act: impl FnOnce(&mut Tx<'_>, &Compiler) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse> {
        form.check()?;
        let me = self.me.clone();
        self.services.db.write(self.me.origin(), move |tx| act(tx, &me)).await?;
        Ok(see_other(&format!("{}?ok={flash}", paths::lead_part(self.id, part))))
    }
}

fn typed(labels: &'static str, form: &Form, e: AppError) -> Result<FormView> {
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
    let done = at.act(&form, "charges", "lead-saved", move |tx, me| actions::set_charges(tx, me, id, &codes));
    match done.await {
        Err(e) => invalid(&charges_view(at, Some(typed(LABELS, &form, e)?)).await?),
        done => done,
    }
}

/// The date by which the lead's rules and names are taken.
async fn facts_date(at: At<'_>) -> Result<chrono::NaiveDate> {
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
    let add = move |tx: &mut Tx<'_>, me: &Compiler| actions::add_brand(tx, me, id, &name, &owner);
    let done = at.act(&form, "brands", "lead-saved", add);
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
    at.act(&Form::default(), "brands", "lead-removed", move |tx, me| {
        actions::remove_brand(tx, me, id, brand_id)
    })
    .await
}

async fn subjects_view(at: At<'_>, form: FormView) -> Result<SubjectsPage> {
    let id = at.id;
    let (lead, subjects) =
        work(at.services, at.me, id, "subjects", move |conn, _| store::subjects_of(conn, id)).await?;
    let page = SubjectsPage::new(at.chrome(&lead, "subjects"), &lead, form);
    let rows = subjects.iter().map(|subject| subject_row(&page.c, &lead, subject)).collect();
    Ok(SubjectsPage { rows, ..page })
}

/// `GET /leads/{id}/subjects`
pub async fn subjects_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    html(&subjects_view(at, FormView::new(SUBJECT)).await?)
}

/// `POST /leads/{id}/subjects`
pub async fn add_subject(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    let id = at.id;
    let facts = facts_date(at).await?;
    let subject = input::read_subject(&mut form, "", facts, today(&services));
    let done = match (form.check(), subject) {
        (Ok(()), Some(subject)) => {
            let who = me.clone();
            services.db.write(me.origin(), move |tx| actions::add_subject(tx, &who, id, &subject)).await
        }
        (checked, _) => Err(checked.err().unwrap_or(AppError::NotFound)),
    };
    match done {
        Ok((_, was_known)) => {
            let flash = if was_known { "subject-found" } else { "lead-saved" };
            Ok(see_other(&format!("{}?ok={flash}", paths::lead_part(id, "subjects"))))
        }
        Err(e) => invalid(&subjects_view(at, typed(SUBJECT, &form, e)?).await?),
    }
}

async fn subject_view(at: At<'_>, subject_id: Id, form: Option<FormView>) -> Result<SubjectsPage> {
    let id = at.id;
    let read = move |conn: &mut _, _: &Lead| store::subjects_of(conn, id);
    let (lead, subjects) = work(at.services, at.me, id, "subjects", read).await?;
    let subject = subjects.into_iter().find(|s| s.id == subject_id).ok_or(AppError::NotFound)?;
    let form = form.unwrap_or_else(|| {
        let code = subject.region_code.as_deref().unwrap_or_default();
        FormView::new(SUBJECT)
            .set("kind", subject.kind.to_string())
            .set("name", subject.name.clone())
            .set("identifier", subject.identifier.clone())
            .set("region", region::path(code, lead.facts_date(), at.me.lang))
            .set("part", subject.part.clone())
            .set("note", subject.note.clone())
    });
    let mut page = SubjectsPage::new(at.chrome(&lead, "subjects"), &lead, form);
    page.top.action = paths::lead_part(id, &format!("subjects/{subject_id}"));
    page.top.back = paths::lead_part(id, "subjects");
    Ok(SubjectsPage { corrects: true, ..page })
}

/// `GET /leads/{id}/subjects/{subject}`
pub async fn subject_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, subject_id) = path.into_inner();
    let at = At { me: &me, services: &services, request: &request, id };
    html(&subject_view(at, subject_id, None).await?)
}

/// `POST /leads/{id}/subjects/{subject}`
pub async fn edit_subject(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
    mut form: Form,
) -> Result<HttpResponse> {
    let (id, subject_id) = path.into_inner();
    let at = At { me: &me, services: &services, request: &request, id };
    let facts = facts_date(at).await?;
    let subject = input::read_subject(&mut form, "", facts, today(&services));
    let done = at.act(&form, "subjects", "lead-saved", move |tx, me| match &subject {
        Some(subject) => actions::edit_subject(tx, me, id, subject_id, subject),
        None => Err(AppError::NotFound),
    });
    match done.await {
        Err(e) => invalid(&subject_view(at, subject_id, Some(typed(SUBJECT, &form, e)?)).await?),
        done => done,
    }
}

/// `POST /leads/{id}/subjects/{subject}/remove`
pub async fn remove_subject(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, subject_id) = path.into_inner();
    let at = At { me: &me, services: &services, request: &request, id };
    at.act(&Form::default(), "subjects", "lead-removed", move |tx, me| {
        actions::remove_subject(tx, me, id, subject_id)
    })
    .await
}

async fn sites_view(at: At<'_>, form: FormView) -> Result<SitesPage> {
    let id = at.id;
    let (lead, sites) =
        work(at.services, at.me, id, "sites", move |conn, _| store::sites_of(conn, id)).await?;
    let page = SitesPage::new(at.chrome(&lead, "sites"), &lead, form);
    let rows = sites.iter().map(|site| site_row(&page.c, &lead, site)).collect();
    Ok(SitesPage { rows, ..page })
}

/// `GET /leads/{id}/sites`
pub async fn sites_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    html(&sites_view(at, FormView::new(SITE)).await?)
}

/// `POST /leads/{id}/sites`
pub async fn add_site(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    let id = at.id;
    let facts = facts_date(at).await?;
    let site = input::read_site(&mut form, "", facts, today(&services));
    let done = at.act(&form, "sites", "lead-saved", move |tx, me| match &site {
        Some(site) => actions::add_site(tx, me, id, site),
        None => Err(AppError::NotFound),
    });
    match done.await {
        Err(e) => invalid(&sites_view(at, typed(SITE, &form, e)?).await?),
        done => done,
    }
}

/// `POST /leads/{id}/sites/{site}/{role}/remove`
pub async fn remove_site(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id, String)>,
) -> Result<HttpResponse> {
    let (id, site_id, role) = path.into_inner();
    let role: SiteRole = role.parse().map_err(|_| AppError::NotFound)?;
    let at = At { me: &me, services: &services, request: &request, id };
    at.act(&Form::default(), "sites", "lead-removed", move |tx, me| {
        actions::remove_site(tx, me, id, site_id, role)
    })
    .await
}

async fn listings_view(at: At<'_>, form: FormView) -> Result<ListingsPage> {
    let id = at.id;
    let (lead, listings) =
        work(at.services, at.me, id, "listings", move |conn, _| store::listings_of(conn, id)).await?;
    let c = at.chrome(&lead, "listings");
    let rows = listings.iter().map(|listing| listing_row(&c, &lead, listing)).collect();
    Ok(ListingsPage { top: Top::new(&c, &lead, "listings"), rows, form, c })
}

/// `GET /leads/{id}/listings`
pub async fn listings_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    html(&listings_view(at, FormView::new(LISTING)).await?)
}

/// `POST /leads/{id}/listings`
pub async fn add_listing(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let at = At { me: &me, services: &services, request: &request, id: path.into_inner() };
    let id = at.id;
    let listing = input::read_listing(&mut form, "", today(&services));
    let done = at.act(&form, "listings", "lead-saved", move |tx, me| match &listing {
        Some(listing) => actions::add_listing(tx, me, id, listing),
        None => Err(AppError::NotFound),
    });
    match done.await {
        Err(e) => invalid(&listings_view(at, typed(LISTING, &form, e)?).await?),
        done => done,
    }
}

/// `POST /leads/{id}/listings/{listing}/remove`
pub async fn remove_listing(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, listing_id) = path.into_inner();
    let at = At { me: &me, services: &services, request: &request, id };
    at.act(&Form::default(), "listings", "lead-removed", move |tx, me| {
        actions::remove_listing(tx, me, id, listing_id)
    })
    .await
}
