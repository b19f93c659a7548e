//! Pages of evidence.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, Arrived, Registered},
    custody,
    model::{Details, Kind},
    pages::{self, ItemPage, ListPage, RowView},
    store,
    upload::{self, Upload},
};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::{Actor, CaseReader, Compiler, session, store as people},
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            link::Query,
            see_other,
            view::{Choice, Link},
        },
        i18n,
        keyset::{Edge, Page},
        paths,
        services::Services,
    },
};

/// Items on a page.
const PAGE: usize = 100;
const PREFIX: &str = "evidence-field-";
/// What the ids of the note's fields begin with: the form of files on the same page has fields of the same names.
const NOTE: &str = "note-";

pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let form = fresh(&me);
    let note = form.clone().with_ids(NOTE);
    html(&list_page(&me, &services, &request, *id, form, note).await?)
}

/// A form that nothing was typed into yet.
fn fresh(me: &Actor) -> FormView {
    FormView::new(PREFIX).set("collected_by", me.name.clone())
}

async fn list_page(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    lead_id: Id,
    form: FormView,
    note: FormView,
) -> Result<ListPage> {
    let actor = me.clone();
    // A form that is shown again has the address of its act; the list goes on from its own.
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let list = Query::new(&paths::lead_evidence(lead_id))
        .with("after", here.get("after"))
        .with("before", here.get("before"));
    let edge: Edge<i32> = Edge::read(&list, |text| text.parse().ok());
    let (lead, found) = services
        .db
        .read_snapshot(move |conn| {
            let lead = lead::store::find_visible(conn, &actor, lead_id)?;
            Ok((lead, store::page(conn, lead_id, &edge, PAGE + 1)?))
        })
        .await?;
    let page = Page::of(found, PAGE, &edge);
    let items = &page.rows;
    let shown = items.iter().map(|item| item.id);
    let entry = Entry::new("evidence.list").object("lead", lead_id).objects("evidence", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let zone = services.settings.time_zone;
    let title = format!("{} · {}", i18n::t(me.lang, "evidence-list-title"), lead.title);
    Ok(ListPage {
        c: session::chrome(request, services, me, &title).numbered(&lead.number),
        lead_id,
        lead_href: paths::lead(lead_id),
        can_change: lead::model::require_changeable(me, &lead).is_ok(),
        lead_number: lead.number,
        rows: items.iter().map(|item| RowView::new(item, me.lang, zone)).collect(),
        pager: page.pager(&list, |item| item.position.to_string()),
        form,
        note,
        categories: pages::category_choices(me.lang),
        kinds: ["note", "fact"]
            .map(|k| Choice::new(k, i18n::t(me.lang, &format!("evidence-kind-{k}"))))
            .into(),
    })
}

pub async fn upload(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    body: Multipart,
) -> Result<HttpResponse> {
    let lead_id = *id;
    // Before a byte is stored: is there such a lead, and may it be changed?
    let actor = me.clone();
    services
        .db
        .read(move |conn| {
            let lead = lead::store::find_visible(conn, &actor, lead_id)?;
            lead::model::require_changeable(&actor, &lead)
        })
        .await?;
    let received = upload::receive(&services.vault, body).await?;
    match register(&me, &services, lead_id, received, |_, done| Ok(done.again)).await {
        Ok(again) => {
            let flash = if again { "evidence-added-again" } else { "evidence-added" };
            Ok(see_other(&format!("{}?ok={flash}", paths::lead_evidence(lead_id))))
        }
        Err((AppError::Invalid(errors), pairs)) => {
            let form = FormView::new(PREFIX).typed(pairs).with_errors(errors);
            let note = fresh(&me).with_ids(NOTE);
            invalid(&list_page(&me, &services, &request, lead_id, form, note).await?)
        }
        Err((e, _)) => Err(e),
    }
}

type Typed = Vec<(String, String)>;

/// Checks the fields and registers the files, and does `then` in the same transaction; nothing stays in the vault when
/// it fails.
pub(super) async fn register<T: Send + 'static>(
    me: &Compiler,
    services: &Services,
    lead_id: Id,
    mut received: Upload,
    then: impl FnOnce(&mut Tx<'_>, &Registered) -> Result<T> + Send + 'static,
) -> Result<T, (AppError, Typed)> {
    let details = Details::read(&mut received.form, services.settings.time_zone, services.db.now());
    if !received.empty.is_empty() {
        let names = received.empty.join("、");
        received.form.push(FieldError::new("file", "error-files-empty").arg("names", names));
    } else if received.files.is_empty() {
        received.form.fault("file", "error-file-required");
    }
    let pairs = received.form.pairs();
    let keys: Vec<_> = received.files.iter().map(|f| f.stored.key).collect();
    if let Err(e) = received.form.check() {
        upload::discard(&services.vault, keys).await;
        return Err((e, pairs));
    }
    let (actor, files) = (me.clone(), received.files);
    let done = services
        .db
        .write(me.origin(), move |tx| {
            let done = actions::register(tx, &actor, lead_id, &files, &details)?;
            let then = then(tx, &done)?;
            Ok((done.surplus, then))
        })
        .await;
    match done {
        Ok((surplus, then)) => {
            upload::discard(&services.vault, surplus).await;
            Ok(then)
        }
        Err(e) => {
            upload::discard_unkept(services, keys).await;
            Err((e, pairs))
        }
    }
}

pub async fn note(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let lead_id = *id;
    let kind = match form.choice("kind", &["note", "fact"]) {
        Some("fact") => Kind::Fact,
        _ => Kind::Note,
    };
    let name = form.required("name", 120);
    let text = form.required("text", 50_000);
    let typed = FormView::new(PREFIX).with_ids(NOTE).typed(form.pairs());
    let done = if let Err(e) = form.check() {
        Err(e)
    } else {
        let stored = services.vault.store_bytes(text.into_bytes(), "note.txt").await?;
        let arrived = Arrived { name: format!("{name}.txt"), kind, stored };
        let upload = Upload { form: Form::from_pairs(form.pairs()), files: vec![arrived], empty: vec![] };
        register(&me, &services, lead_id, upload, |_, _| Ok(())).await.map_err(|(e, _)| e)
    };
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=evidence-added", paths::lead_evidence(lead_id)))),
        Err(AppError::Invalid(errors)) => {
            let note = typed.with_errors(errors);
            invalid(&list_page(&me, &services, &request, lead_id, fresh(&me), note).await?)
        }
        Err(e) => Err(e),
    }
}

pub async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&item_page(&me, &services, &request, *id, FormView::new(PREFIX)).await?)
}

async fn item_page(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    form: FormView,
) -> Result<ItemPage> {
    let actor = me.clone();
    let (item, lead, log, names) = services
        .db
        .write(me.origin(), move |tx| {
            let item = store::find(tx.conn(), id)?;
            let lead = lead::store::find_visible(tx.conn(), &actor, item.lead_id)?;
            audit::record(
                tx,
                Entry::new("evidence.view").object("evidence", id).object("lead", item.lead_id),
            )?;
            let log = custody::of(tx.conn(), id)?;
            let people_in = log.rows.iter().filter_map(|row| row.actor_id).chain(item.registered_by);
            let names = people::names(tx.conn(), people_in)?;
            Ok((item, lead, log, names))
        })
        .await?;
    let zone = services.settings.time_zone;
    let registrar =
        item.registered_by.and_then(|by| names.get(&by).cloned()).unwrap_or_else(|| "system".into());
    let text = if item.kind == "file" { String::new() } else { text_of(services, &item).await? };
    let view = format!("{}/preview", paths::evidence(id));
    let media = item.blob.media_type.as_str();
    Ok(ItemPage {
        lead: Link::new(&lead.number, paths::lead(lead.id)),
        list: Link::new(i18n::t(me.lang, "evidence-list-title"), paths::lead_evidence(lead.id)),
        facts: pages::facts(&item, me.lang, zone, &registrar),
        sha256: item.blob.sha256_hex(),
        sm3: item.blob.sm3_hex(),
        withheld: item.withheld,
        synthetic: item.synthetic,
        can_change: item.removed_at.is_none() && lead::model::require_changeable(me, &lead).is_ok(),
        href: paths::evidence(id),
        picture: if media.starts_with("image/") { view.clone() } else { String::new() },
        document: if media == "application/pdf" { view } else { String::new() },
        text,
        form,
        custody: pages::custody(&log.rows, &names, me.lang, zone),
        custody_gap: pages::custody_gap(log.left_out, me.lang),
        c: session::chrome(request, services, me, &item.name),
        description: item.description,
        withheld_reason: item.withheld_reason,
    })
}

/// Notes are short by their form's limit; they are read whole.
async fn text_of(services: &Services, item: &store::Item) -> Result<String> {
    use std::io::Read;
    let (vault, blob) = (services.vault.clone(), item.blob.clone());
    crate::platform::db::blocking(move || {
        let mut text = String::new();
        vault.open_object(blob.id.uuid(), &blob.wrapped_key)?.take(1 << 20).read_to_string(&mut text)?;
        Ok(text)
    })
    .await
}

async fn act(
    me: &Compiler,
    services: &Services,
    ok: &str,
    f: impl FnOnce(&mut Tx<'_>, &Compiler) -> Result<Id> + Send + 'static,
) -> Result<HttpResponse> {
    let actor = me.clone();
    let lead_id = services.db.write(me.origin(), move |tx| f(tx, &actor)).await?;
    Ok(see_other(&format!("{}?ok={ok}", paths::lead_evidence(lead_id))))
}

pub async fn withhold(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let reason = form.required("withheld_reason", 500);
    if !form.errors().is_empty() {
        let view = FormView::new(PREFIX).typed(form.pairs()).with_errors(form.errors().to_vec());
        return invalid(&item_page(&me, &services, &request, id, view).await?);
    }
    act(&me, &services, "evidence-withheld", move |tx, me| actions::set_withheld(tx, me, id, Some(&reason)))
        .await
}

pub async fn disclose(
    me: Compiler,
    services: web::Data<Services>,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    act(&me, &services, "evidence-disclosed", move |tx, me| actions::set_withheld(tx, me, id, None)).await
}

pub async fn remove(me: Compiler, services: web::Data<Services>, id: web::Path<Id>) -> Result<HttpResponse> {
    let id = id.into_inner();
    act(&me, &services, "evidence-removed", move |tx, me| actions::remove(tx, me, id)).await
}
