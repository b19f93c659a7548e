//! The pages that correct a site or an offer: filled from what is stored, and asked where somebody else was first.

use actix_web::{HttpResponse, web};

use super::{
    super::{
        input,
        model::{Lead, SiteRole},
        web::{today, work},
    },
    actions,
    merging::{listing_form, listing_groups, now_sited, part_changes, part_merged, site_form, site_groups},
    pages::{ListingsPage, SitesPage, Top},
    store::{self, Listing, SiteOf},
    web::{At, facts_date, typed},
    web_named::{LISTING, SITE, listings_view, sites_view},
};
use crate::platform::{
    db::{Connection, Id},
    error::{AppError, FieldError, Result},
    http::{
        form::Form,
        form_view::FormView,
        merge,
        reply::{html, invalid, question},
    },
    paths,
};

/// A site in one of its roles.
type Place = (Id, SiteRole);

fn place((site, role): (Id, &str)) -> Result<Place> {
    Ok((site, role.parse().map_err(|_| AppError::NotFound)?))
}

async fn site_view(at: &At, place: Place, form: Option<FormView>) -> Result<SitesPage> {
    let id = at.id;
    let read = move |conn: &mut _, _: &Lead| store::sites_of(conn, id);
    let (lead, sites) = work(&at.services, &at.me, id, "sites", read).await?;
    let site = sites.into_iter().find(|site| (site.id, site.role) == place).ok_or(AppError::NotFound)?;
    let form = form.unwrap_or_else(|| stored_site(at, &lead, &site));
    Ok(site_form_page(at, &lead, place, form))
}

/// What the form of a site is filled from, with the mark of it.
fn stored_site(at: &At, lead: &Lead, site: &SiteOf) -> FormView {
    let form = site_form(SITE, site, (lead.facts_date(), at.me.lang));
    merge::with_mark(&site_groups(), form, at.services.db.now())
}

fn site_form_page(at: &At, lead: &Lead, (site, role): Place, form: FormView) -> SitesPage {
    let mut page = SitesPage::new(at.chrome(lead, "sites"), lead, form);
    page.top.action = paths::lead_part(at.id, &format!("sites/{site}/{role}"));
    page.top.back = paths::lead_part(at.id, "sites");
    SitesPage { corrects: true, ..page }
}

/// What is shown to a second one, whose form of a site was filled before another's act: both versions; or, where the site is
/// named no longer, what was typed, to be added anew.
async fn site_clash(at: &At, place: Place, form: &Form) -> Result<HttpResponse> {
    let (id, reader) = (at.id, (at.me.lang, at.services.settings.time_zone));
    let was = form.raw(merge::WAS).to_owned();
    let read = move |conn: &mut Connection, _: &Lead| {
        let now = now_sited(conn, id, place)?;
        Ok((now, part_changes(conn, (place.0, "lead.site.edit"), &was, reader)?))
    };
    let (lead, (now, changes)) = work(&at.services, &at.me, id, "sites", read).await?;
    let typed = FormView::new(SITE).typed(form.pairs());
    let Some(now) = now else {
        let gone = FieldError::new("address", "error-site-gone");
        return question(&sites_view(at, typed.with_errors([gone])).await?);
    };
    let (theirs, roles) = (stored_site(at, &lead, &now), ("role", "site-role-"));
    let view = part_merged((SITE, &site_groups()), &theirs, typed, changes, (roles, at.me.lang));
    question(&site_form_page(at, &lead, (now.id, now.role), view))
}

/// `GET /leads/{id}/sites/{site}/{role}`
pub(super) async fn site_page(at: At, path: web::Path<(Id, Id, String)>) -> Result<HttpResponse> {
    let (_, site, role) = path.into_inner();
    html(&site_view(&at, place((site, &role))?, None).await?)
}

/// `POST /leads/{id}/sites/{site}/{role}`
pub(super) async fn edit_site(at: At, path: web::Path<(Id, Id, String)>, form: Form) -> Result<HttpResponse> {
    let (id, site, role) = path.into_inner();
    let place = place((site, &role))?;
    let mut form = merge::picked(&site_groups(), &form);
    let facts = facts_date(&at).await?;
    let site = input::read_site(&mut form, "", facts, today(&at.services));
    let was = form.raw(merge::WAS).to_owned();
    let done = at.save(&form, "sites", site, move |tx, me, site| {
        let named = store::sites_of(tx.conn(), id)?.into_iter().find(|site| (site.id, site.role) == place);
        let has_moved = |named: &SiteOf| {
            merge::has_moved(&site_groups(), &was, &site_form(SITE, named, (facts, me.lang)))
        };
        if !was.is_empty() && named.as_ref().is_none_or(has_moved) {
            return Err(AppError::Conflict(merge::CHANGED_SINCE));
        }
        actions::edit_site(tx, me, id, place, &site)
    });
    match done.await {
        Err(AppError::Conflict(merge::CHANGED_SINCE)) => site_clash(&at, place, &form).await,
        Err(e) => invalid(&site_view(&at, place, Some(typed(SITE, &form, e)?)).await?),
        done => done,
    }
}

async fn listing_view(at: &At, listing_id: Id, form: Option<FormView>) -> Result<ListingsPage> {
    let id = at.id;
    let read = move |conn: &mut _, _: &Lead| store::listings_of(conn, id);
    let (lead, listings) = work(&at.services, &at.me, id, "listings", read).await?;
    let listing = listings.into_iter().find(|l| l.id == listing_id).ok_or(AppError::NotFound)?;
    let form = form.unwrap_or_else(|| stored_listing(at, &listing));
    Ok(listing_form_page(at, &lead, listing_id, form))
}

/// What the form of an offer is filled from, with the mark of it.
fn stored_listing(at: &At, listing: &Listing) -> FormView {
    merge::with_mark(&listing_groups(), listing_form(LISTING, listing), at.services.db.now())
}

fn listing_form_page(at: &At, lead: &Lead, listing_id: Id, form: FormView) -> ListingsPage {
    let c = at.chrome(lead, "listings");
    let mut top = Top::new(&c, lead, "listings");
    top.action = paths::lead_part(at.id, &format!("listings/{listing_id}"));
    top.back = paths::lead_part(at.id, "listings");
    ListingsPage { top, rows: Vec::new(), corrects: true, form, c }
}

/// As [`site_clash`], for an offer.
async fn listing_clash(at: &At, listing_id: Id, form: &Form) -> Result<HttpResponse> {
    let (id, reader) = (at.id, (at.me.lang, at.services.settings.time_zone));
    let was = form.raw(merge::WAS).to_owned();
    let read = move |conn: &mut Connection, _: &Lead| {
        let now = store::listings_of(conn, id)?.into_iter().find(|l| l.id == listing_id);
        Ok((now, part_changes(conn, (listing_id, "lead.listing.edit"), &was, reader)?))
    };
    let (lead, (now, changes)) = work(&at.services, &at.me, id, "listings", read).await?;
    let typed = FormView::new(LISTING).typed(form.pairs());
    let Some(now) = now else {
        let gone = FieldError::new("url", "error-listing-gone");
        return question(&listings_view(at, typed.with_errors([gone])).await?);
    };
    let theirs = stored_listing(at, &now);
    let view = part_merged((LISTING, &listing_groups()), &theirs, typed, changes, (("", ""), at.me.lang));
    question(&listing_form_page(at, &lead, listing_id, view))
}

/// `GET /leads/{id}/listings/{listing}`
pub(super) async fn listing_page(at: At, path: web::Path<(Id, Id)>) -> Result<HttpResponse> {
    let (_, listing_id) = path.into_inner();
    html(&listing_view(&at, listing_id, None).await?)
}

/// `POST /leads/{id}/listings/{listing}`
pub(super) async fn edit_listing(at: At, path: web::Path<(Id, Id)>, form: Form) -> Result<HttpResponse> {
    let (id, listing_id) = path.into_inner();
    let mut form = merge::picked(&listing_groups(), &form);
    let listing = input::read_listing(&mut form, "", today(&at.services));
    let was = form.raw(merge::WAS).to_owned();
    let done = at.save(&form, "listings", listing, move |tx, me, listing| {
        let named = store::listings_of(tx.conn(), id)?.into_iter().find(|l| l.id == listing_id);
        let has_moved =
            |named: &Listing| merge::has_moved(&listing_groups(), &was, &listing_form(LISTING, named));
        if !was.is_empty() && named.as_ref().is_none_or(has_moved) {
            return Err(AppError::Conflict(merge::CHANGED_SINCE));
        }
        actions::edit_listing(tx, me, id, listing_id, &listing)
    });
    match done.await {
        Err(AppError::Conflict(merge::CHANGED_SINCE)) => listing_clash(&at, listing_id, &form).await,
        Err(e) => invalid(&listing_view(&at, listing_id, Some(typed(LISTING, &form, e)?)).await?),
        done => done,
    }
}
