//! The pages of subjects, sites and listings: a list of those the lead names, and a form for one more.

use actix_web::{HttpResponse, web};

use super::{
    super::{
        input,
        model::SiteRole,
        web::{today, work},
    },
    actions,
    pages::{ListingsPage, SitesPage, SubjectsPage, Top, listing_row, site_row, subject_row},
    store,
    web::{At, facts_date, typed},
};
use crate::platform::{
    db::Id,
    error::{AppError, Result},
    http::{
        form::Form,
        form_view::FormView,
        reply::{html, invalid},
    },
};

/// Labels of the fields of subjects, sites and listings.
pub(super) const SUBJECT: &str = "lead-field-subjects-";
pub(super) const SITE: &str = "lead-field-sites-";
pub(super) const LISTING: &str = "lead-field-listings-";

pub(super) async fn subjects_view(at: &At, form: FormView) -> Result<SubjectsPage> {
    let id = at.id;
    let (lead, subjects) =
        work(&at.services, &at.me, id, "subjects", move |conn, _| store::subjects_of(conn, id)).await?;
    let form = form.about("subjects", subjects.len() + 1);
    let page = SubjectsPage::new(at.chrome(&lead, "subjects"), &lead, form);
    let rows = subjects.iter().map(|subject| subject_row(&page.c, &lead, subject)).collect();
    Ok(SubjectsPage { rows, ..page })
}

/// `GET /leads/{id}/subjects`
pub(super) async fn subjects_page(at: At) -> Result<HttpResponse> {
    html(&subjects_view(&at, FormView::new(SUBJECT)).await?)
}

/// `POST /leads/{id}/subjects`
pub(super) async fn add_subject(at: At, mut form: Form) -> Result<HttpResponse> {
    let id = at.id;
    let facts = facts_date(&at).await?;
    let subject = input::read_subject(&mut form, "", facts, today(&at.services));
    let done = at.write(&form, subject, move |tx, me, subject| actions::add_subject(tx, me, id, &subject));
    match done.await {
        Ok((_, was_known)) => Ok(at.back("subjects", if was_known { "subject-found" } else { "lead-saved" })),
        Err(e) => invalid(&subjects_view(&at, typed(SUBJECT, &form, e)?).await?),
    }
}

/// `POST /leads/{id}/subjects/{subject}/remove`
pub(super) async fn remove_subject(at: At, path: web::Path<(Id, Id)>) -> Result<HttpResponse> {
    let (id, subject_id) = path.into_inner();
    at.remove("subjects", move |tx, me| actions::remove_subject(tx, me, id, subject_id)).await
}

pub(super) async fn sites_view(at: &At, form: FormView) -> Result<SitesPage> {
    let id = at.id;
    let (lead, sites) =
        work(&at.services, &at.me, id, "sites", move |conn, _| store::sites_of(conn, id)).await?;
    let form = form.about("sites", sites.len() + 1);
    let page = SitesPage::new(at.chrome(&lead, "sites"), &lead, form);
    let rows = sites.iter().map(|site| site_row(&page.c, &lead, site)).collect();
    Ok(SitesPage { rows, ..page })
}

/// `GET /leads/{id}/sites`
pub(super) async fn sites_page(at: At) -> Result<HttpResponse> {
    html(&sites_view(&at, FormView::new(SITE)).await?)
}

/// `POST /leads/{id}/sites`
pub(super) async fn add_site(at: At, mut form: Form) -> Result<HttpResponse> {
    let id = at.id;
    let facts = facts_date(&at).await?;
    let site = input::read_site(&mut form, "", facts, today(&at.services));
    let done = at.save(&form, "sites", site, move |tx, me, site| actions::add_site(tx, me, id, &site));
    match done.await {
        Err(e) => invalid(&sites_view(&at, typed(SITE, &form, e)?).await?),
        done => done,
    }
}

/// `POST /leads/{id}/sites/{site}/{role}/remove`
pub(super) async fn remove_site(at: At, path: web::Path<(Id, Id, String)>) -> Result<HttpResponse> {
    let (id, site_id, role) = path.into_inner();
    let role: SiteRole = role.parse().map_err(|_| AppError::NotFound)?;
    at.remove("sites", move |tx, me| actions::remove_site(tx, me, id, site_id, role)).await
}

pub(super) async fn listings_view(at: &At, form: FormView) -> Result<ListingsPage> {
    let id = at.id;
    let (lead, listings) =
        work(&at.services, &at.me, id, "listings", move |conn, _| store::listings_of(conn, id)).await?;
    let c = at.chrome(&lead, "listings");
    let rows = listings.iter().map(|listing| listing_row(&c, &lead, listing)).collect();
    let form = form.about("listings", listings.len() + 1);
    Ok(ListingsPage { top: Top::new(&c, &lead, "listings"), rows, corrects: false, form, c })
}

/// `GET /leads/{id}/listings`
pub(super) async fn listings_page(at: At) -> Result<HttpResponse> {
    html(&listings_view(&at, FormView::new(LISTING)).await?)
}

/// `POST /leads/{id}/listings`
pub(super) async fn add_listing(at: At, mut form: Form) -> Result<HttpResponse> {
    let id = at.id;
    let listing = input::read_listing(&mut form, "", today(&at.services));
    let done = at
        .save(&form, "listings", listing, move |tx, me, listing| actions::add_listing(tx, me, id, &listing));
    match done.await {
        Err(e) => invalid(&listings_view(&at, typed(LISTING, &form, e)?).await?),
        done => done,
    }
}

/// `POST /leads/{id}/listings/{listing}/remove`
pub(super) async fn remove_listing(at: At, path: web::Path<(Id, Id)>) -> Result<HttpResponse> {
    let (id, listing_id) = path.into_inner();
    at.remove("listings", move |tx, me| actions::remove_listing(tx, me, id, listing_id)).await
}
