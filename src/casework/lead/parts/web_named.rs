//! The pages of subjects, sites and listings: a list of those the lead names, and a form for one more.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    super::{
        input,
        model::{Lead, SiteRole},
        region,
        web::{today, work},
    },
    actions,
    pages::{ListingsPage, SitesPage, SubjectsPage, Top, listing_row, site_row, subject_row},
    store,
    web::{At, facts_date, typed},
};
use crate::{
    directory::people::Compiler,
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{
            form::Form,
            form_view::FormView,
            reply::{html, invalid},
        },
        paths,
        services::Services,
    },
};

/// Labels of the fields of subjects, sites and listings.
const SUBJECT: &str = "lead-field-subjects-";
const SITE: &str = "lead-field-sites-";
const LISTING: &str = "lead-field-listings-";

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
    let done = at.write(&form, subject, move |tx, me, subject| actions::add_subject(tx, me, id, &subject));
    match done.await {
        Ok((_, was_known)) => Ok(at.back("subjects", if was_known { "subject-found" } else { "lead-saved" })),
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
    let done = at.save(&form, "subjects", subject, move |tx, me, subject| {
        actions::edit_subject(tx, me, id, subject_id, &subject)
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
    at.remove("subjects", move |tx, me| actions::remove_subject(tx, me, id, subject_id)).await
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
    let done = at.save(&form, "sites", site, move |tx, me, site| actions::add_site(tx, me, id, &site));
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
    at.remove("sites", move |tx, me| actions::remove_site(tx, me, id, site_id, role)).await
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
    let done = at
        .save(&form, "listings", listing, move |tx, me, listing| actions::add_listing(tx, me, id, &listing));
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
    at.remove("listings", move |tx, me| actions::remove_listing(tx, me, id, listing_id)).await
}
