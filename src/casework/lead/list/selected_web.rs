//! Leads that are ticked in their list, or all that its filter finds: what stands there is what is acted on, so that
//! nobody acts on rows that they have not seen. Each lead is done or refused by itself (`people/bulk`).

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    super::{actions, model::Lead, pages::LABELS, store as leads},
    export,
    model::Asked,
    pages::{Beside, Row},
    selected_pages::SelectedPage,
    store,
    web::{asked_entry, asked_of},
};
use crate::{
    audit::{self, Entry},
    directory::people::{
        self, Actor, CaseReader, Recorder, Role,
        bulk::{self, Act, Place, ResultPage},
        session,
        view::List,
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, FieldError, Result},
        export::About,
        http::{
            Form,
            form_view::FormView,
            link::Query,
            reply::{html, invalid, see_other},
            selection::{self, ALL, MOST, MOST_AT_ONCE, PICK, Picked},
            view::{Choice, Link},
        },
        i18n, paths,
        services::Services,
        time,
    },
};

const SELECTED: &str = "/leads/selected";
/// In the place of a person: the leads go back to their owners.
const OWNER: &str = "owner";

/// The list that a request narrows, whichever of its addresses it asks for: every filter, no row and no page.
pub fn filters_of(request: &HttpRequest) -> Query {
    selection::filters(paths::LEADS, request.query_string())
}

/// Leads with their numbers, in the order of `ids`; no number for one that is not there.
///
/// # Errors
/// Those of the database.
pub async fn numbers(services: &Services, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    let wanted = ids.to_vec();
    let found = services.db.read(move |conn| leads::find_many(conn, &wanted)).await?;
    let mut numbers: HashMap<Id, String> = found.into_iter().map(|lead| (lead.id, lead.number)).collect();
    Ok(ids.iter().map(|id| (*id, numbers.remove(id).unwrap_or_default())).collect())
}

/// Which leads a page is about.
enum Chosen {
    These(Picked),
    All(Box<Asked>),
}

/// What was chosen, read at once.
struct Read {
    leads: Vec<Lead>,
    beside: Beside,
    compilers: Vec<(Id, String)>,
    /// Whether the filter finds more than are taken.
    is_cut: bool,
}

fn read(conn: &mut Connection, chosen: &Chosen, zone: time::Tz) -> Result<Read> {
    let (leads, is_cut) = match chosen {
        Chosen::These(picked) => (store::these(conn, picked.ids())?, false),
        Chosen::All(asked) => {
            let mut leads = store::next_rows(conn, asked, zone, None, MOST_AT_ONCE + 1)?;
            let is_cut = leads.len() > MOST_AT_ONCE;
            leads.truncate(MOST_AT_ONCE);
            (leads, is_cut)
        }
    };
    let workers = leads.iter().flat_map(|lead| [Some(lead.owner_id), lead.assignee_id]).flatten();
    let beside = Beside { names: people::store::names(conn, workers)?, ..Beside::default() };
    Ok(Read { leads, beside, compilers: people::store::with_role(conn, Role::Compiler)?, is_cut })
}

async fn selected(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    chosen: Chosen,
    form: FormView,
) -> Result<SelectedPage> {
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let (entry, picked) = match &chosen {
        Chosen::These(picked) => (Entry::new("lead.list"), Some(picked.clone())),
        Chosen::All(asked) => (asked_entry("lead.list", asked), None),
    };
    let found = services.db.read(move |conn| read(conn, &chosen, zone)).await?;
    let entry = entry.fact("page", "selected").objects("lead", found.leads.iter().map(|lead| lead.id));
    audit::record_read(&services.db, me.origin(), entry).await?;

    let filters = filters_of(request);
    let at = |query: &Query, part: &str| query.href().replacen(paths::LEADS, &format!("/leads{part}"), 1);
    // What the address of everything names is what the list's own file holds.
    let file = |format: &str| match &picked {
        Some(picked) => at(&picked.on(&filters), &format!("/selected/export.{format}")),
        None => at(&filters, &format!("/export.{format}")),
    };
    let back = picked.as_ref().map_or_else(|| filters.clone(), |picked| picked.on(&filters)).href();
    let c = session::chrome(request, services, me, "");
    let mut notes = picked.as_ref().map_or_else(Vec::new, |picked| picked.notes(lang, found.leads.len()));
    if found.is_cut {
        notes.push(c.tn("bulk-cut", MOST_AT_ONCE));
    }
    let mut people = Vec::new();
    if me.has_any(Recorder::ROLES) {
        people.extend(found.compilers.iter().map(|(id, name)| Choice::new(id, name)));
        people.push(Choice::new(OWNER, c.t("bulk-assign-owner")));
    }
    Ok(SelectedPage {
        trail: vec![Link::new(c.t("lead-list-title"), &back)],
        form,
        rows: found.leads.iter().map(|lead| Row::new(lead, &found.beside, lang, zone)).collect(),
        notes,
        people,
        may_submit: me.has(Role::Compiler),
        assign: at(&filters, "/selected/assign"),
        submit: at(&filters, "/selected/for-review"),
        csv: file("csv"),
        xlsx: file("xlsx"),
        back,
        c: c.titled(i18n::t_count(lang, "bulk-leads-title", found.leads.len() as u64)),
    })
}

/// `GET /leads/selected`
pub async fn page(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let form = Form::query(&request);
    let chosen = if form.raw(ALL) == "yes" {
        let (_, asked, _) = asked_of(&request, &me, &services).await?;
        // More than was asked for must not be acted on.
        if !asked.faults.is_empty() {
            return Err(AppError::Invalid(asked.faults));
        }
        Chosen::All(Box::new(asked))
    } else {
        Chosen::These(Picked::of(&form, MOST))
    };
    html(&selected(&me, &services, &request, chosen, FormView::new(LABELS)).await?)
}

/// The ticked leads again with what is wrong with a form that was posted from there.
///
/// # Errors
/// Those of the database.
pub async fn invalid_selection(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    form: &Form,
    faults: Vec<FieldError>,
) -> Result<HttpResponse> {
    let chosen = Chosen::These(Picked::of(form, MOST_AT_ONCE));
    let view = FormView::new(LABELS).set("assignee", form.raw("assignee").to_owned()).with_errors(faults);
    invalid(&selected(me, services, request, chosen, view).await?)
}

/// `POST /leads/selected/assign`
pub async fn assign(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let picked = Picked::of(&form, MOST_AT_ONCE);
    if picked.is_empty() {
        form.fault(PICK, "bulk-none");
    }
    let is_owner = form.raw("assignee") == OWNER;
    let to = if is_owner { None } else { form.required_value::<Id>("assignee", "error-unknown") };
    match form.check() {
        Ok(()) => {}
        Err(AppError::Invalid(faults)) => {
            return invalid_selection(&me, &services, &request, &form, faults).await;
        }
        Err(e) => return Err(e),
    }
    let rows = numbers(&services, picked.ids()).await?;
    let (who, back) = (me.clone(), filters_of(&request).href());
    let asked = Act { list: List::Leads, verb: "lead.assign", object: "lead", back };
    let act = move |tx: &mut Tx<'_>, id: Id| actions::assign(tx, &who, id, to);
    let id = bulk::run(&services, &me, asked, rows, act).await?;
    Ok(see_other(&result_page(id)))
}

/// The page of what became of leads.
fn result_page(id: Id) -> String {
    format!("{}/results/{id}", paths::LEADS)
}

/// `GET /leads/results/{id}`
pub async fn result(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let done = bulk::find(&services, List::Leads, path.into_inner()).await?;
    let ids: Vec<Id> = done.rows.iter().map(|row| row.id).collect();
    let person = done.person_id;
    let (found, names) = services
        .db
        .read(move |conn| Ok((leads::find_many(conn, &ids)?, people::store::names(conn, [person])?)))
        .await?;
    let shown = found.iter().map(|lead| lead.id);
    let entry = Entry::new("lead.list").fact("page", "result").objects("lead", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let at = time::format_instant(done.at, services.settings.time_zone, me.lang);
    let by = format!("{} · {at}", names.get(&person).cloned().unwrap_or_default());
    let titles = found.into_iter().map(|lead| (lead.id, lead.title)).collect();
    let place = Place { selected: SELECTED, row: paths::lead, titles };
    html(&ResultPage::new(session::chrome(&request, &services, &me, ""), &done, &place, by))
}

/// `GET /leads/selected/export.csv`, `GET /leads/selected/export.xlsx`
pub async fn export(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    format: &'static str,
) -> Result<HttpResponse> {
    let picked = Picked::of(&Form::query(&request), MOST);
    if picked.is_empty() {
        return Err(AppError::field(PICK, "bulk-none"));
    }
    let entry = Entry::new("lead.export").fact("format", format).fact("page", "selected");
    let entry = entry.objects("lead", picked.ids().iter().copied());
    audit::record_read(&services.db, me.origin(), entry).await?;
    let lang = me.lang;
    let by = session::maker(&services, &me);
    let about = About::new(&i18n::t(lang, "lead-list-title"), &[picked.about(lang)], "", &by);
    export::selected(&services, picked.ids().to_vec(), about, lang).reply(format).await
}
