//! The page of an item's sales records: its first rows, what its columns mean, what they come to; marking it, and taking
//! the mark off.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    count::{self, Preview},
    file::{self, Files},
    model::{Column, Head, Mapping},
    pages::{self, JobView, LABELS, Offers, RecordView, SalesPage, UnreadView},
    store::{self, Records, Total},
    work,
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{
            actions::ALARM,
            scrub::open_among,
            store::{self as items, Blob, Item},
        },
        lead::{self, model::Lead},
    },
    directory::people::{Actor, CaseReader, Compiler, session, store as people},
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        http::{Form, form_view::FormView, html, invalid, see_other, view::Link},
        i18n,
        jobs::JobRow,
        paths,
        services::Services,
    },
};

/// Fields of the form, as they may stand in the address too.
const FIELDS: [&str; 3] = ["sheet", "header", "excluded"];

/// What is read of an item.
struct Found {
    item: Item,
    lead: Lead,
    total: Option<Total>,
    /// Of this item alone.
    records: Records,
    job: Option<JobRow>,
    /// Who marked it.
    by: String,
    is_ill: bool,
}

fn find(conn: &mut Connection, me: &Actor, id: Id) -> Result<Found> {
    let item = items::find(conn, id)?;
    let lead = lead::store::find_visible(conn, me, item.lead_id)?;
    let records = store::records(conn, lead.id, Some(id))?;
    let total = records.totals.first().cloned();
    // A try that failed before the mark that holds is no news.
    let is_news = |job: &JobRow| total.as_ref().is_none_or(|total| job.id > total.table_id);
    let job = work::job_of(conn, id)?.filter(is_news);
    let names = people::names(conn, total.iter().map(|total| total.recorded_by))?;
    let is_ill = !open_among(conn, &[item.blob_id])?.is_empty();
    let by = names.into_values().next().unwrap_or_default();
    Ok(Found { item, lead, total, records, job, by, is_ill })
}

/// What the form says, and what is wrong with it.
#[derive(Default)]
struct Asked {
    pairs: Vec<(String, String)>,
    faults: Vec<FieldError>,
}

impl Asked {
    fn new(form: &Form) -> Self {
        let is_field = |name: &str| FIELDS.contains(&name) || Column::WORDS.contains(&name);
        let pairs = form.pairs().into_iter().filter(|(name, _)| is_field(name)).collect();
        Self { pairs, faults: Vec::new() }
    }

    fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

/// What was read of a file.
struct Look {
    head: Head,
    mapping: Mapping,
    faults: Vec<FieldError>,
    preview: Option<Preview>,
}

/// Reads the first rows of a file, and what its columns mean: as it was asked for, as it is marked, or as it is guessed.
/// Blocks.
fn look(
    files: &Files<'_>,
    blob: &Blob,
    pairs: &[(String, String)],
    stored: Option<Mapping>,
    with_preview: bool,
) -> Result<Look> {
    let mut form = Form::from_pairs(pairs.to_vec());
    let is_asked = !pairs.is_empty();
    let known = stored.as_ref().map_or(0, |mapping| mapping.sheet);
    let sheet = if is_asked { form.value("sheet", "error-unknown").unwrap_or(0) } else { known };
    let head = file::head(files, blob, sheet)?;
    let mapping = if is_asked {
        Mapping::read(&mut form, &head, sheet)
    } else {
        stored.unwrap_or_else(|| Mapping::guessed(&head, sheet))
    };
    let mut faults = form.errors().to_vec();
    let mut found = None;
    if with_preview && faults.is_empty() && mapping.has_amount() {
        match count::preview(files, blob, &mapping) {
            Ok(preview) => found = Some(preview),
            Err(AppError::Invalid(errors)) => faults.extend(errors),
            Err(error) => return Err(error),
        }
    }
    Ok(Look { head, mapping, faults, preview: found })
}

async fn page(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    asked: Asked,
) -> Result<SalesPage> {
    let actor = me.clone();
    let found = services.db.read_snapshot(move |conn| find(conn, &actor, id)).await?;
    let entry = Entry::new("evidence.view").object("evidence", id).object("lead", found.lead.id);
    audit::record_read(&services.db, me.origin(), entry.fact("page", "sales")).await?;
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let c = session::chrome(request, services, me, &i18n::t(lang, "sales-title"));
    let Found { item, lead, total, records, job, by, is_ill } = found;
    let can_change = item.removed_at.is_none() && lead::model::require_changeable(me, &lead).is_ok();
    let mut page = SalesPage {
        trail: vec![
            Link::new(c.t("nav-leads"), paths::LEADS),
            Link::new(&lead.number, paths::lead(lead.id)),
            Link::new(&item.name, paths::evidence(id)),
        ],
        action: pages::path(id),
        back: paths::evidence(id),
        can_change,
        trouble: String::new(),
        job: job.as_ref().map(JobView::new),
        record: total.as_ref().map(|total| RecordView::new(total, &records, &by, lang, zone)),
        form: FormView::new(LABELS).typed(asked.pairs.clone()).with_errors(asked.faults.clone()),
        offers: Offers::default(),
        preview: Vec::new(),
        unread: None,
        c,
    };
    if !can_change || item.blob.erased_at.is_some() {
        return Ok(page);
    }
    if is_ill {
        page.trouble = i18n::t(lang, ALARM);
        return Ok(page);
    }
    let (blob, pairs) = (item.blob, asked.pairs.clone());
    let stored = total.map(|total| total.mapping);
    let looked = file::in_turn(&services.vault, move |files| look(files, &blob, &pairs, stored, true)).await;
    match looked {
        Ok(look) => {
            page.offers = Offers::new(&look.head, &look.mapping, lang);
            if let Some(found) = &look.preview {
                page.preview = pages::preview(found, lang);
                page.unread = UnreadView::new(found, lang);
            }
            if asked.is_empty() && asked.faults.is_empty() {
                page.form = pages::filled(&look.mapping);
            } else if asked.faults.is_empty() {
                page.form = page.form.with_errors(look.faults);
            }
        }
        Err(AppError::Invalid(faults)) => {
            let told = faults.first().map(|fault| i18n::t_with(lang, fault.code, &fault.args));
            page.trouble = told.unwrap_or_default();
        }
        Err(error) => return Err(error),
    }
    Ok(page)
}

/// `GET /evidence/{id}/sales`; the fields of the form may stand in the address, to be looked at before anything is marked.
pub async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let asked = Asked::new(&Form::query(&request));
    html(&page(&me, &services, &request, *id, asked).await?)
}

/// Reads the form and marks the item by it.
async fn marked(me: &Compiler, services: &Services, id: Id, asked: &Asked) -> Result<work::Done> {
    // Whoever may not is told so before anything is said of what they chose.
    let actor = me.clone();
    let (item, _) = services.db.read(move |conn| count::changeable(conn, &actor, id)).await?;
    let blob_id = item.blob_id;
    if services.db.read(move |conn| Ok(!open_among(conn, &[blob_id])?.is_empty())).await? {
        return Err(AppError::Conflict(ALARM));
    }
    let (blob, mut pairs) = (item.blob, asked.pairs.clone());
    if pairs.is_empty() {
        // A form that says nothing is not taken for what is guessed.
        pairs.push(("sheet".to_owned(), String::new()));
    }
    let looked = file::in_turn(&services.vault, move |files| look(files, &blob, &pairs, None, false)).await?;
    if !looked.faults.is_empty() {
        return Err(AppError::Invalid(looked.faults));
    }
    work::act(services, me, id, Some(looked.mapping)).await
}

/// `POST /evidence/{id}/sales`
pub async fn mark(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let id = *id;
    let mut asked = Asked::new(&form);
    match marked(&me, &services, id, &asked).await {
        Ok(done) => Ok(see_other(&format!("{}?ok={}", pages::path(id), done.flash()))),
        Err(AppError::Invalid(faults)) => {
            asked.faults = faults;
            invalid(&page(&me, &services, &request, id, asked).await?)
        }
        Err(error) => Err(error),
    }
}

/// `POST /evidence/{id}/sales/unmark`
pub async fn unmark(me: Compiler, services: web::Data<Services>, id: web::Path<Id>) -> Result<HttpResponse> {
    let done = work::act(&services, &me, *id, None).await?;
    Ok(see_other(&format!("{}?ok={}", pages::path(*id), done.flash())))
}
