//! Pages of evidence.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, Arrived},
    content::text_of,
    custody, export, marks,
    model::Kind,
    naming, one_by_one,
    pages::{self, ItemPage, ListPage, RowView, UnfinishedView},
    registering::{changeable, register},
    resumable::store as uploads,
    scrub::open_among,
    standing::{self, StandingView},
    store,
    upload::{self, Upload},
};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::{Actor, CaseReader, Compiler, session, store as people},
    platform::{
        db::{Id, Tx},
        error::{AppError, Result, refusal},
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            link::Query,
            see_other,
            shield::wants_json,
            view::{Choice, Link},
        },
        i18n,
        keyset::{Edge, Page},
        paths,
        services::Services,
        vault::inline_safe,
    },
};

/// Items on a page.
const PAGE: usize = 100;
/// The word for the list as pictures, in the address and in the log.
pub(super) const GALLERY: &str = "gallery";
const PREFIX: &str = "evidence-field-";
/// What the ids of the note's fields begin with: the form of files on the same page has fields of the same names.
const NOTE: &str = "note-";
/// As [`NOTE`], of the form that marks several items.
const MARKS: &str = "marks-";

pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&list_page(&me, &services, &request, *id, Forms::fresh(&me)).await?)
}

/// The forms of the page, as they are shown.
pub(super) struct Forms {
    pub upload: FormView,
    pub note: FormView,
    pub marks: FormView,
}

/// Where a note is posted to.
fn note_action(lead_id: Id) -> String {
    format!("{}/note", paths::lead_evidence(lead_id))
}

impl Forms {
    /// Into which nothing was typed yet.
    pub fn fresh(me: &Actor) -> Self {
        let upload = FormView::new(PREFIX).set("collected_by", me.name.clone());
        let marks = FormView::new(PREFIX).with_ids(MARKS);
        Self { note: upload.clone().with_ids(NOTE), upload, marks }
    }
}

pub(super) async fn list_page(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    lead_id: Id,
    forms: Forms,
) -> Result<ListPage> {
    let actor = me.clone();
    // A form that is shown again has the address of its act; the list goes on from its own.
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let is_gallery = here.get("view") == GALLERY;
    let whole = Query::new(&paths::lead_evidence(lead_id));
    let list = whole
        .with("view", if is_gallery { GALLERY } else { "" })
        .with("after", here.get("after"))
        .with("before", here.get("before"));
    let edge: Edge<i32> = Edge::read(&list, |text| text.parse().ok());
    let now = services.db.now();
    let (lead, found, ill, unfinished) = services
        .db
        .read_snapshot(move |conn| {
            let lead = lead::store::find_visible(conn, &actor, lead_id)?;
            let found = store::page(conn, lead_id, &edge, PAGE + 1)?;
            let blobs: Vec<Id> = found.iter().map(|item| item.blob_id).collect();
            let ill = open_among(conn, &blobs)?;
            Ok((lead, found, ill, uploads::unfinished(conn, actor.id, Some(lead_id), None, now, PAGE)?))
        })
        .await?;
    let page = Page::of(found, PAGE, &edge);
    let items = &page.rows;
    let shown = items.iter().map(|item| item.id);
    let mut entry = Entry::new("evidence.list").object("lead", lead_id).objects("evidence", shown);
    if is_gallery {
        entry = entry.fact("view", GALLERY);
    }
    audit::record_read(&services.db, me.origin(), entry).await?;
    let zone = services.settings.time_zone;
    let title = format!("{} · {}", i18n::t(me.lang, "evidence-list-title"), lead.title);
    let c = session::chrome(request, services, me, &title).numbered(&lead.number);
    let upload = c.kept(&forms.upload, paths::lead_evidence(lead_id));
    let note = c.kept(&forms.note, note_action(lead_id));
    Ok(ListPage {
        c,
        lead_href: paths::lead(lead_id),
        compose: format!("{}/new", paths::lead_dossiers(lead_id)),
        can_change: lead::model::require_changeable(me, &lead).is_ok(),
        lead_number: lead.number,
        rows: items.iter().map(|item| RowView::new(item, &ill, me.lang, zone)).collect(),
        is_gallery,
        views: [("list", ""), (GALLERY, GALLERY)]
            .map(|(name, word)| {
                let label = i18n::t(me.lang, &format!("evidence-view-{name}"));
                Link::new(label, whole.with("view", word).href()).current(is_gallery == (name == GALLERY))
            })
            .into(),
        lists: ["pdf", "csv"]
            .map(|format| {
                let href = format!("{}/list.{format}", paths::lead_evidence(lead_id));
                Link::new(i18n::t(me.lang, &format!("evidence-list-{format}")), href)
            })
            .into(),
        pager: page.pager(&list, |item| item.position.to_string()),
        marks_action: marks::action(lead_id, &here).href(),
        csv: export::href(lead_id, "csv"),
        xlsx: export::href(lead_id, "xlsx"),
        form: upload,
        note,
        marks: forms.marks,
        unfinished: unfinished.iter().map(|row| UnfinishedView::new(row, me.lang, zone)).collect(),
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
    changeable(&me, &services, lead_id).await?;
    let received = upload::receive(&services.vault, body).await?;
    if wants_json(request.headers()) {
        return one_by_one::answer(&me, &services, lead_id, received).await;
    }
    match register(&me, &services, lead_id, received, |_, done| Ok(done.again)).await {
        Ok(again) => {
            let flash = if again { "evidence-added-again" } else { "evidence-added" };
            Ok(see_other(&format!("{}?ok={flash}", paths::lead_evidence(lead_id))))
        }
        Err((AppError::Invalid(errors), pairs)) => {
            let upload = FormView::new(PREFIX).typed(pairs).with_errors(errors);
            let forms = Forms { upload, ..Forms::fresh(&me) };
            invalid(&list_page(&me, &services, &request, lead_id, forms).await?)
        }
        Err((e, _)) => Err(e),
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
        let upload = Upload::of(Form::from_pairs(form.pairs()), Some(arrived));
        register(&me, &services, lead_id, upload, |_, _| Ok(())).await.map_err(|(e, _)| e)
    };
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=evidence-added", paths::lead_evidence(lead_id)))),
        Err(AppError::Invalid(errors)) => {
            let forms = Forms { note: typed.with_errors(errors), ..Forms::fresh(&me) };
            invalid(&list_page(&me, &services, &request, lead_id, forms).await?)
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
    let lead_id = services
        .db
        .read(move |conn| {
            let item = store::find(conn, id)?;
            Ok(lead::store::find_visible(conn, &actor, item.lead_id)?.id)
        })
        .await?;
    // The custody that the page tells has this look too: it is on record first, and read without holding up acts.
    let entry = Entry::new("evidence.view").object("evidence", id).object("lead", lead_id);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let actor = me.clone();
    let (item, lead, stays, log, names, standing) = services
        .db
        .read_snapshot(move |conn| {
            let item = store::find(conn, id)?;
            let lead = lead::store::find_visible(conn, &actor, item.lead_id)?;
            let stays = refusal(actions::removable(conn, id))?;
            let log = custody::of(conn, id)?;
            let people_in = log.rows.iter().filter_map(|row| row.actor_id).chain(item.registered_by);
            let names = people::names(conn, people_in)?;
            let standing = standing::of(conn, &item)?;
            Ok((item, lead, stays, log, names, standing))
        })
        .await?;
    let zone = services.settings.time_zone;
    let registrar =
        item.registered_by.and_then(|by| names.get(&by).cloned()).unwrap_or_else(|| "system".into());
    let is_ill = standing.is_ill();
    let text = if item.kind != "file" && !is_ill { text_of(services, &item).await? } else { String::new() };
    let media = item.blob.media_type.as_str();
    let c = session::chrome(request, services, me, &item.name);
    // What is not as it was stored is not shown: the alarm about it stands in its place.
    let part = |is: bool, part: &str| {
        if is && !is_ill { format!("{}/{part}", paths::evidence(id)) } else { String::new() }
    };
    Ok(ItemPage {
        lead: Link::new(&lead.number, paths::lead(lead.id)),
        list: Link::new(i18n::t(me.lang, "evidence-list-title"), paths::lead_evidence(lead.id)),
        facts: pages::facts(&item, me.lang, zone, &registrar),
        differs: naming::differs(&item, me.lang).unwrap_or_default(),
        sha256: item.blob.sha256_hex(),
        sm3: item.blob.sm3_hex(),
        withheld: item.withheld,
        synthetic: item.synthetic,
        can_change: item.removed_at.is_none() && lead::model::require_changeable(me, &lead).is_ok(),
        stays: stays.map(|key| i18n::t(me.lang, key)).unwrap_or_default(),
        href: paths::evidence(id),
        withhold: format!("{}/withhold", paths::evidence(id)),
        picture: part(pages::is_picture(media), "picture"),
        is_unshown: pages::is_unshown_picture(media),
        original: part(inline_safe(media), "preview"),
        drawn: part(media == "application/pdf", "pages/1"),
        text,
        form,
        custody: pages::custody(&log.rows, &names, me.lang, zone),
        custody_gap: pages::custody_gap(log.left_out, me.lang),
        standing: StandingView::new(&c, &item, &standing, zone),
        c,
        description: item.description,
        withheld_reason: item.withheld_reason,
    })
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
