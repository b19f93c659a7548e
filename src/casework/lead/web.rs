//! The form of a lead: new, changed, and changed by two people at once.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;

use super::{
    actions,
    input::{self, Input},
    model::Lead,
    pages::{self, Clash, Difference, EditPage, NewPage, Offers, OtherChange, charge_groups},
    region, store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{self, Actor, Compiler, session},
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        http::{
            form::Form,
            form_view::FormView,
            reply::{html, html_with, invalid, see_other},
        },
        i18n::{self, Lang},
        money, paths,
        services::Services,
        time,
    },
};

/// Labels of the form's fields.
pub const LABELS: &str = "lead-field-";

/// The day in the configured zone.
pub fn today(services: &Services) -> NaiveDate {
    time::day_of(services.db.now(), services.settings.time_zone)
}

/// Reads a page about a lead that is being worked at; the view is on record before anything leaves.
pub async fn work<T: Send + 'static>(
    services: &Services,
    me: &Compiler,
    id: Id,
    page: &'static str,
    read: impl FnOnce(&mut Connection, &Lead) -> Result<T> + Send + 'static,
) -> Result<(Lead, T)> {
    let who = me.clone();
    services
        .db
        .write(me.origin(), move |tx| {
            let lead = actions::changeable(tx, &who, id)?;
            let more = read(tx.conn(), &lead)?;
            audit::record(tx, Entry::new("lead.view").object("lead", id).fact("page", page))?;
            Ok((lead, more))
        })
        .await
}

async fn new_form(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    form: FormView,
) -> Result<NewPage> {
    let today = today(services);
    let at = time::parse_date(form.value("occurred_from")).unwrap_or(today);
    let brands = services.db.read(|conn| store::brands(conn, 500)).await?;
    Ok(NewPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "lead-new-title")),
        offers: Offers::new(me.lang, today),
        charges: charge_groups(me.lang, at, &form),
        form,
        brands,
    })
}

/// `GET /leads/new`
pub async fn new_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let form = FormView::new(LABELS)
        .set("source.kind", Some("risk_model".to_owned()))
        .set("sender_role", Some("reporter".to_owned()));
    html(&new_form(&me, &services, &request, form).await?)
}

/// `POST /leads/new`
pub async fn create(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let input = input::read(&mut form, today(&services));
    if let Err(AppError::Invalid(errors)) = form.check() {
        let view = FormView::new(LABELS).typed(form.pairs()).with_errors(errors);
        return invalid(&new_form(&me, &services, &request, view).await?);
    }
    let (who, zone) = (me.clone(), services.settings.time_zone);
    let lead = services.db.write(me.origin(), move |tx| actions::create(tx, &who, zone, &input)).await?;
    Ok(see_other(&format!("{}?ok=lead-created", paths::lead(lead.id))))
}

/// The fields as they are stored.
fn stored(lead: &Lead, lang: Lang) -> FormView {
    let day = |day: Option<NaiveDate>| day.map(|d| d.to_string());
    FormView::new(LABELS)
        .set("title", lead.title.clone())
        .set("summary", lead.summary.clone())
        .set("region", region::path(&lead.region_code, lead.facts_date(), lang))
        .set("occurred_from", day(lead.occurred_from))
        .set("occurred_to", day(lead.occurred_to))
        .set("estimated_value.amount", lead.value.map(|v| v.fen.to_string()))
        .set("estimated_value.qualifier", lead.value.map(|v| v.qualifier.as_str().to_owned()))
        .set("estimated_value.basis", lead.value.map(|v| v.basis.as_str().to_owned()))
        .set("source.kind", lead.source_kind.to_string())
        .set("source.note", lead.source_note.clone())
        .set("sender_role", lead.sender_role.to_string())
}

fn edit_form(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    lead: &Lead,
    form: FormView,
    clash: Option<Clash>,
) -> EditPage {
    let c = session::chrome(request, services, me, &lead.title).numbered(&lead.number);
    EditPage {
        trail: pages::trail(&c, lead),
        tabs: pages::tabs(&c, lead, "edit"),
        state: pages::state_chip(me.lang, lead.state),
        number: lead.number.clone(),
        offers: Offers::new(me.lang, today(services)),
        action: paths::lead_part(lead.id, "edit"),
        cancel: paths::lead(lead.id),
        trash: paths::lead_part(lead.id, "trash"),
        revision: lead.revision,
        c,
        form,
        clash,
    }
}

/// `GET /leads/{id}/edit`
pub async fn edit_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let (lead, ()) = work(&services, &me, path.into_inner(), "edit", |_, _| Ok(())).await?;
    let form = stored(&lead, me.lang);
    html(&edit_form(&me, &services, &request, &lead, form, None))
}

/// `POST /leads/{id}/edit`
pub async fn update(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let input = input::read_fields(&mut form, today(&services));
    let revision: Option<i32> = form.required_value("revision", "error-unknown");
    if let Err(AppError::Invalid(errors)) = form.check() {
        let (lead, ()) = work(&services, &me, id, "edit", |_, _| Ok(())).await?;
        let view = FormView::new(LABELS).typed(form.pairs()).with_errors(errors);
        // The form's own revision stays: a clash is found when the faults are mended.
        let page = EditPage {
            revision: revision.unwrap_or(lead.revision),
            ..edit_form(&me, &services, &request, &lead, view, None)
        };
        return invalid(&page);
    }
    let revision = revision.unwrap_or_default();
    let (who, typed) = (me.clone(), input.clone());
    let done =
        services.db.write(me.origin(), move |tx| actions::update(tx, &who, id, revision, &input)).await;
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=lead-saved", paths::lead(id)))),
        Err(AppError::Conflict("conflict-lead-changed")) => {
            clash_page(&me, &services, &request, id, (revision, typed), &form).await
        }
        Err(e) => Err(e),
    }
}

/// Shows who changed what since the form was opened, beside what was typed; saving again then is deliberate.
async fn clash_page(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    (revision, typed): (i32, Input),
    form: &Form,
) -> Result<HttpResponse> {
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let (lead, changes) = work(services, me, id, "edit", move |conn, _| {
        let rows: Vec<_> = audit::for_object(conn, id, 200)?
            .into_iter()
            .filter(|row| row.verb == "lead.update")
            .filter(|row| row.leaf["facts"]["revision"].as_i64().is_some_and(|n| n > i64::from(revision)))
            .collect();
        let names = people::store::names(conn, rows.iter().filter_map(|row| row.actor_id))?;
        Ok(rows.iter().map(|row| other_change(row, &names, lang, zone)).collect::<Vec<_>>())
    })
    .await?;
    let differences = differences(&lead, &typed, lang);
    let view = FormView::new(LABELS).typed(form.pairs());
    let clash = Clash { changes, differences };
    html_with(StatusCode::CONFLICT, &edit_form(me, services, request, &lead, view, Some(clash)))
}

fn other_change(
    row: &audit::Row,
    names: &std::collections::HashMap<Id, String>,
    lang: Lang,
    zone: time::Tz,
) -> OtherChange {
    let who = row.actor_id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
    let fields: Vec<String> = row.leaf["facts"]["changed"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str())
        .map(|name| field_label(lang, name))
        .collect();
    let fields = fields.join(lang.pick("、", ", "));
    OtherChange { time: time::format_instant(row.at, zone, lang), who, fields }
}

fn field_label(lang: Lang, name: &str) -> String {
    i18n::t(lang, &format!("{LABELS}{}", name.replace(['_', '.'], "-")))
}

/// Stored and typed values of the fields that differ.
fn differences(lead: &Lead, typed: &Input, lang: Lang) -> Vec<Difference> {
    let after = actions::with_fields(lead, typed);
    let text = |lead: &Lead, field: &str| match field {
        "title" => lead.title.clone(),
        "summary" => lead.summary.clone(),
        "region" => region::path(&lead.region_code, lead.facts_date(), lang),
        "occurred_from" => lead.occurred_from.map_or_else(String::new, |d| d.to_string()),
        "occurred_to" => lead.occurred_to.map_or_else(String::new, |d| d.to_string()),
        "estimated_value" => lead.value.map_or_else(String::new, |v| {
            format!("{} · {}", money::full(v.fen, v.qualifier, lang), i18n::t(lang, v.basis.key()))
        }),
        "source" => {
            format!("{} {}", i18n::t(lang, &format!("lead-source-{}", lead.source_kind)), lead.source_note)
        }
        _ => i18n::t(lang, &format!("lead-role-{}", lead.sender_role)),
    };
    actions::changed_fields(lead, &after)
        .into_iter()
        .map(|field| Difference {
            label: field_label(lang, field),
            stored: text(lead, field),
            typed: text(&after, field),
        })
        .collect()
}

/// A form's faults, or whatever else went wrong.
pub fn faults(e: AppError) -> Result<Vec<FieldError>> {
    match e {
        AppError::Invalid(errors) => Ok(errors),
        other => Err(other),
    }
}
