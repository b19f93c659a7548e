//! The pages that correct a subject, a site or an offer: filled from what is stored, and asked where somebody else was
//! first. What they have in common stands in the functions over a [`Part`].

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::{
    super::{
        input::{self, ListingInput, SiteInput, SubjectInput},
        model::{Lead, SiteRole},
        web::{today, work},
    },
    actions,
    merging::{
        listing_form, listing_groups, now_named, now_sited, part_changes, part_merged, site_form,
        site_groups, subject_form, subject_groups,
    },
    pages::{ListingsPage, SitesPage, SubjectsPage, Top},
    store::{self, Listing, SiteOf, SubjectOf},
    web::{At, facts_date, typed},
    web_named::{LISTING, SITE, SUBJECT, listings_view, sites_view, subjects_view},
};
use crate::{
    directory::people::Compiler,
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, FieldError, Result},
        http::{
            form::Form,
            form_view::FormView,
            merge::{self, Group},
            reply::{html, invalid, question},
        },
        i18n::Lang,
        paths,
    },
};

/// What a lead names and a page of its own corrects.
trait Part: Send + Sized + 'static {
    /// By what the lead knows one.
    type Key: Copy + PartialEq + Send + 'static;
    type Page: Template;
    /// The word of their page in its address.
    const PART: &'static str;
    /// Labels of the form's fields.
    const LABELS: &'static str;
    /// The verb of correcting one.
    const VERB: &'static str;
    /// That the lead names it no longer: beside which field that is said, and the message key.
    const GONE: (&'static str, &'static str);
    /// As [`part_merged`] has them.
    const WORDS: (&'static str, &'static str);

    fn key(&self) -> Self::Key;

    /// What the log calls it by.
    fn object(key: Self::Key) -> Id;

    fn groups() -> Vec<Group>;

    /// What its form is filled from. `facts`: the day by which regions are named.
    fn form(&self, facts: NaiveDate, lang: Lang) -> FormView;

    /// All that the lead names.
    fn all(conn: &mut Connection, lead_id: Id) -> Result<Vec<Self>>;

    fn find(conn: &mut Connection, lead_id: Id, key: Self::Key) -> Result<Option<Self>> {
        Ok(Self::all(conn, lead_id)?.into_iter().find(|one| one.key() == key))
    }

    /// As [`Part::find`], also where a correction has made it another one.
    fn now(conn: &mut Connection, lead_id: Id, key: Self::Key) -> Result<Option<Self>> {
        Self::find(conn, lead_id, key)
    }

    /// The page that corrects one.
    fn page(at: &At, lead: &Lead, key: Self::Key, form: FormView) -> Self::Page;

    /// The page of all of them, with a form for one more.
    async fn list(at: &At, form: FormView) -> Result<Self::Page>;
}

/// What the form is filled from, with the mark of it.
fn stored<P: Part>(at: &At, lead: &Lead, part: &P) -> FormView {
    let form = part.form(lead.facts_date(), at.me.lang);
    merge::with_mark(&P::groups(), form, at.services.db.now())
}

async fn view<P: Part>(at: &At, key: P::Key, form: Option<FormView>) -> Result<P::Page> {
    let id = at.id;
    let read = move |conn: &mut Connection, _: &Lead| P::all(conn, id);
    let (lead, all) = work(&at.services, &at.me, id, P::PART, read).await?;
    let place = all.iter().position(|one| one.key() == key).ok_or(AppError::NotFound)?;
    let form = form.unwrap_or_else(|| stored(at, &lead, &all[place]));
    Ok(P::page(at, &lead, key, form.about(P::PART, place + 1)))
}

/// What is shown to a second one, whose form was filled before another's act: both versions; or, where the part is named no
/// longer, what was typed, to be added anew.
async fn clash<P: Part>(at: &At, key: P::Key, form: &Form) -> Result<HttpResponse> {
    let (id, reader) = (at.id, (at.me.lang, at.services.settings.time_zone));
    let was = merge::opened_at(form, merge::WAS).to_owned();
    let read = move |conn: &mut Connection, _: &Lead| {
        let now = P::now(conn, id, key)?;
        Ok((now, part_changes(conn, (P::object(key), P::VERB), &was, reader)?))
    };
    let (lead, (now, changes)) = work(&at.services, &at.me, id, P::PART, read).await?;
    let typed = FormView::new(P::LABELS).typed(form.pairs());
    let Some(now) = now else {
        let (field, code) = P::GONE;
        let gone = FieldError::new(field, code);
        return question(&P::list(at, typed.with_errors([gone])).await?);
    };
    let theirs = stored(at, &lead, &now);
    let view = part_merged((P::LABELS, &P::groups()), &theirs, typed, changes, (P::WORDS, at.me.lang));
    question(&P::page(at, &lead, now.key(), view))
}

/// Does what a form asks for, unless another's act has changed what the form was filled from. `facts`: see [`Part::form`].
async fn edit<P: Part, I: Send + 'static, T: Send + 'static>(
    at: &At,
    key: P::Key,
    (form, facts): (&Form, NaiveDate),
    input: Option<I>,
    act: impl FnOnce(&mut Tx<'_>, &Compiler, &I) -> Result<T> + Send + 'static,
) -> Result<HttpResponse> {
    let (id, was) = (at.id, form.raw(merge::WAS).to_owned());
    let done = at.save(form, P::PART, input, move |tx, me, input| {
        let named = P::find(tx.conn(), id, key)?;
        let has_moved = |named: &P| merge::has_moved(&P::groups(), &was, &named.form(facts, me.lang));
        if !was.is_empty() && named.as_ref().is_none_or(has_moved) {
            return Err(AppError::Conflict(merge::CHANGED_SINCE));
        }
        act(tx, me, &input)
    });
    match done.await {
        Err(AppError::Conflict(merge::CHANGED_SINCE)) => clash::<P>(at, key, form).await,
        Err(e) => invalid(&view::<P>(at, key, Some(typed(P::LABELS, form, e)?)).await?),
        done => done,
    }
}

/// The head of the page that corrects the one at `own`, below the page of all.
fn head(at: &At, top: Top, part: &str, own: &str) -> Top {
    let all = paths::lead_part(at.id, part);
    Top { action: format!("{all}/{own}"), back: all, ..top }
}

impl Part for SubjectOf {
    type Key = Id;
    type Page = SubjectsPage;
    const PART: &'static str = "subjects";
    const LABELS: &'static str = SUBJECT;
    const VERB: &'static str = "lead.subject.edit";
    const GONE: (&'static str, &'static str) = ("name", "error-subject-gone");
    const WORDS: (&'static str, &'static str) = ("kind", "subject-kind-");

    fn key(&self) -> Id {
        self.id
    }

    fn object(key: Id) -> Id {
        key
    }

    fn groups() -> Vec<Group> {
        subject_groups()
    }

    fn form(&self, facts: NaiveDate, lang: Lang) -> FormView {
        subject_form(SUBJECT, self, (facts, lang))
    }

    fn all(conn: &mut Connection, lead_id: Id) -> Result<Vec<Self>> {
        store::subjects_of(conn, lead_id)
    }

    fn now(conn: &mut Connection, lead_id: Id, key: Id) -> Result<Option<Self>> {
        now_named(conn, lead_id, key)
    }

    fn page(at: &At, lead: &Lead, key: Id, form: FormView) -> SubjectsPage {
        let page = SubjectsPage::new(at.chrome(lead, Self::PART), lead, form);
        let top = head(at, page.top, Self::PART, &key.to_string());
        SubjectsPage { top, corrects: true, ..page }
    }

    async fn list(at: &At, form: FormView) -> Result<SubjectsPage> {
        subjects_view(at, form).await
    }
}

/// A site in one of its roles.
type Place = (Id, SiteRole);

fn place((site, role): (Id, &str)) -> Result<Place> {
    Ok((site, role.parse().map_err(|_| AppError::NotFound)?))
}

impl Part for SiteOf {
    type Key = Place;
    type Page = SitesPage;
    const PART: &'static str = "sites";
    const LABELS: &'static str = SITE;
    const VERB: &'static str = "lead.site.edit";
    const GONE: (&'static str, &'static str) = ("address", "error-site-gone");
    const WORDS: (&'static str, &'static str) = ("role", "site-role-");

    fn key(&self) -> Place {
        (self.id, self.role)
    }

    fn object((site, _): Place) -> Id {
        site
    }

    fn groups() -> Vec<Group> {
        site_groups()
    }

    fn form(&self, facts: NaiveDate, lang: Lang) -> FormView {
        site_form(SITE, self, (facts, lang))
    }

    fn all(conn: &mut Connection, lead_id: Id) -> Result<Vec<Self>> {
        store::sites_of(conn, lead_id)
    }

    fn now(conn: &mut Connection, lead_id: Id, key: Place) -> Result<Option<Self>> {
        now_sited(conn, lead_id, key)
    }

    fn page(at: &At, lead: &Lead, (site, role): Place, form: FormView) -> SitesPage {
        let page = SitesPage::new(at.chrome(lead, Self::PART), lead, form);
        let top = head(at, page.top, Self::PART, &format!("{site}/{role}"));
        SitesPage { top, corrects: true, ..page }
    }

    async fn list(at: &At, form: FormView) -> Result<SitesPage> {
        sites_view(at, form).await
    }
}

impl Part for Listing {
    type Key = Id;
    type Page = ListingsPage;
    const PART: &'static str = "listings";
    const LABELS: &'static str = LISTING;
    const VERB: &'static str = "lead.listing.edit";
    const GONE: (&'static str, &'static str) = ("url", "error-listing-gone");
    const WORDS: (&'static str, &'static str) = ("", "");

    fn key(&self) -> Id {
        self.id
    }

    fn object(key: Id) -> Id {
        key
    }

    fn groups() -> Vec<Group> {
        listing_groups()
    }

    fn form(&self, _: NaiveDate, _: Lang) -> FormView {
        listing_form(LISTING, self)
    }

    fn all(conn: &mut Connection, lead_id: Id) -> Result<Vec<Self>> {
        store::listings_of(conn, lead_id)
    }

    fn page(at: &At, lead: &Lead, key: Id, form: FormView) -> ListingsPage {
        let c = at.chrome(lead, Self::PART);
        let top = head(at, Top::new(&c, lead, Self::PART), Self::PART, &key.to_string());
        ListingsPage { top, rows: Vec::new(), corrects: true, form, c }
    }

    async fn list(at: &At, form: FormView) -> Result<ListingsPage> {
        listings_view(at, form).await
    }
}

/// `GET /leads/{id}/subjects/{subject}`
pub(super) async fn subject_page(at: At, path: web::Path<(Id, Id)>) -> Result<HttpResponse> {
    let (_, subject_id) = path.into_inner();
    html(&view::<SubjectOf>(&at, subject_id, None).await?)
}

/// `POST /leads/{id}/subjects/{subject}`
pub(super) async fn edit_subject(at: At, path: web::Path<(Id, Id)>, form: Form) -> Result<HttpResponse> {
    let (id, subject_id) = path.into_inner();
    let mut form = merge::picked(&subject_groups(), &form);
    let facts = facts_date(&at).await?;
    let subject = input::read_subject(&mut form, "", facts, today(&at.services));
    let act = move |tx: &mut Tx<'_>, me: &Compiler, subject: &SubjectInput| {
        actions::edit_subject(tx, me, id, subject_id, subject)
    };
    edit::<SubjectOf, _, _>(&at, subject_id, (&form, facts), subject, act).await
}

/// `GET /leads/{id}/sites/{site}/{role}`
pub(super) async fn site_page(at: At, path: web::Path<(Id, Id, String)>) -> Result<HttpResponse> {
    let (_, site, role) = path.into_inner();
    html(&view::<SiteOf>(&at, place((site, &role))?, None).await?)
}

/// `POST /leads/{id}/sites/{site}/{role}`
pub(super) async fn edit_site(at: At, path: web::Path<(Id, Id, String)>, form: Form) -> Result<HttpResponse> {
    let (id, site, role) = path.into_inner();
    let place = place((site, &role))?;
    let mut form = merge::picked(&site_groups(), &form);
    let facts = facts_date(&at).await?;
    let site = input::read_site(&mut form, "", facts, today(&at.services));
    let act =
        move |tx: &mut Tx<'_>, me: &Compiler, site: &SiteInput| actions::edit_site(tx, me, id, place, site);
    edit::<SiteOf, _, _>(&at, place, (&form, facts), site, act).await
}

/// `GET /leads/{id}/listings/{listing}`
pub(super) async fn listing_page(at: At, path: web::Path<(Id, Id)>) -> Result<HttpResponse> {
    let (_, listing_id) = path.into_inner();
    html(&view::<Listing>(&at, listing_id, None).await?)
}

/// `POST /leads/{id}/listings/{listing}`
pub(super) async fn edit_listing(at: At, path: web::Path<(Id, Id)>, form: Form) -> Result<HttpResponse> {
    let (id, listing_id) = path.into_inner();
    let mut form = merge::picked(&listing_groups(), &form);
    // An offer is in no region, and any day will do for its form.
    let today = today(&at.services);
    let listing = input::read_listing(&mut form, "", today);
    let act = move |tx: &mut Tx<'_>, me: &Compiler, listing: &ListingInput| {
        actions::edit_listing(tx, me, id, listing_id, listing)
    };
    edit::<Listing, _, _>(&at, listing_id, (&form, today), listing, act).await
}
