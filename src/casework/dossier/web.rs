//! Pages of dossiers.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::Tz;

use super::{
    current, encrypted, freezing, held_up, many,
    model::{Dossier, Freeze, State},
    packing,
    pages::{
        self, ListPage, PackageView, RowView, ShowPage, VersionView, WithheldView, WorkView, agency_name,
    },
    photographs::Photographs,
    sealing,
    store::{self, Composition, SealRow, Withheld},
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{
            store as blobs,
            time_stamp::{self, StampView, Told},
        },
        lead::{self, model::Lead, pages::Unlisted},
    },
    directory::{
        agencies::keys,
        people::{self, Actor, CaseReader, Compiler, Recorder, nav, session},
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        file_size,
        http::{
            form_view::FormView,
            html, see_other,
            view::{Fact, Link},
        },
        i18n::{self, Lang},
        jobs::{self, JobRow},
        paths,
        services::Services,
        time,
    },
};

/// Labels of what a lead lacks are those of the lead's own form.
const LEAD_PREFIX: &str = "lead-field-";

pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&list_page(&me, &services, &request, *id, Vec::new()).await?)
}

/// The versions of a lead; `faults`: what was missing when it was to be submitted.
///
/// # Errors
/// `NotFound`.
pub async fn list_page(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    lead_id: Id,
    faults: Vec<FieldError>,
) -> Result<ListPage> {
    let (actor, parts) = (me.clone(), services.clone());
    let (lead, made, dossiers, decisions, obstacle, names, unlisted, photographs) = services
        .db
        .read_snapshot(move |conn| {
            let lead = lead::store::find_visible(conn, &actor, lead_id)?;
            let made = store::compositions(conn, lead_id)?;
            let dossiers = store::of_lead(conn, lead_id)?;
            let decisions = many::decisions(conn, lead_id)?;
            let can_change = lead::model::is_changeable(&actor, &lead);
            let obstacle =
                if can_change { Some(current::submittable(conn, &parts, &lead)?.err()) } else { None };
            let names = people::store::names(conn, made.iter().map(|one| one.created_by))?;
            let unlisted = if can_change { lead::actions::unlisted(conn, lead_id)? } else { Vec::new() };
            let open = made.first().filter(|one| can_change && one.submitted_at.is_none());
            let photographs = open.map(|one| left_out(conn, one.id, actor.lang)).transpose()?;
            Ok((lead, made, dossiers, decisions, obstacle, names, unlisted, photographs.unwrap_or_default()))
        })
        .await?;
    let shown = dossiers.iter().map(|one| one.id);
    let entry = Entry::new("dossier.list").object("lead", lead_id).objects("dossier", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let lang = me.lang;
    let newest = made.first().map_or(0, |one| one.version);
    let version = |one: &Composition| {
        let at = time::format_instant(one.created_at, services.settings.time_zone, lang);
        let by = names.get(&one.created_by).cloned().unwrap_or_default();
        let mine = dossiers.iter().filter(|dossier| dossier.composition_id == one.id);
        let decision = decisions.get(&one.id).map(String::as_str);
        VersionView {
            title: i18n::t_with(lang, "dossier-version", &[("n", one.version.to_string())]),
            made: format!("{by} · {at}"),
            note: one.note.clone(),
            submitted: match (decision, one.submitted_at) {
                (Some(decision), _) => i18n::t(lang, &format!("review-state-{decision}")),
                (None, Some(_)) => i18n::t(lang, "dossier-was-submitted"),
                (None, None) => String::new(),
            },
            rows: mine.map(|dossier| RowView::new(dossier, decision, newest, lang)).collect(),
        }
    };
    let here = paths::lead_dossiers(lead_id);
    let c = session::chrome(request, services, me, &i18n::t(lang, "dossier-list-title"));
    Ok(ListPage {
        unlisted: Unlisted::new(&c, lead_id, &unlisted),
        photographs,
        c,
        trail: trail(me, &lead, None),
        versions: made.iter().map(version).collect(),
        new_href: if obstacle.is_some() { format!("{here}/new") } else { String::new() },
        submit_action: match obstacle {
            Some(_) if !made.is_empty() => format!("{}/submit", paths::lead(lead_id)),
            _ => String::new(),
        },
        obstacle: obstacle.flatten().map(|key| i18n::t(lang, key)).unwrap_or_default(),
        form: FormView::new(LEAD_PREFIX).with_errors(faults),
    })
}

/// That a version leaves out photographs of sealed media.
fn left_out(conn: &mut Connection, composition: Id, lang: Lang) -> Result<String> {
    let chosen: Vec<Id> = store::items(conn, composition)?.into_iter().map(|(id, _)| id).collect();
    let photographs = Photographs::of(conn, &chosen)?;
    Ok(photographs.warning(&chosen.into_iter().collect(), lang))
}

fn trail(me: &Actor, lead: &Lead, one: Option<&Dossier>) -> Vec<Link> {
    if me.agency.is_some() {
        return vec![Link::new(i18n::t(me.lang, nav::transfers(true)), paths::TRANSFERS)];
    }
    let mut links = vec![
        Link::new(i18n::t(me.lang, "nav-leads"), paths::LEADS),
        Link::new(&lead.number, paths::lead(lead.id)),
    ];
    if one.is_some() {
        links.push(Link::new(i18n::t(me.lang, "dossier-list-title"), paths::lead_dossiers(lead.id)));
    }
    links
}

/// Everything that the page of a dossier is made of.
struct Found {
    one: Dossier,
    lead: Lead,
    made: Composition,
    freeze: Option<Freeze>,
    withheld: Vec<Withheld>,
    seal: Option<SealRow>,
    /// Time stamps over the seal.
    stamps: Vec<Told>,
    package: Option<blobs::Blob>,
    /// The keys that the package is encrypted to for the reader.
    keys: Vec<keys::Key>,
    job: Option<JobRow>,
    /// Files whose alarms hold the work up.
    ill: Vec<String>,
    compiler: String,
    approver: String,
    /// What was decided about its composition, if it is decided.
    decision: Option<String>,
    /// The lead's newest version.
    newest: i32,
    is_unsent: bool,
}

fn find(conn: &mut Connection, me: &Actor, id: Id) -> Result<Found> {
    let one = store::find_visible(conn, me, id)?;
    let made = store::composition(conn, one.composition_id)?;
    let names = people::store::names(conn, [Some(made.created_by), one.approved_by].into_iter().flatten())?;
    let name = |id: Option<Id>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    let package = match store::package(conn, id)? {
        Some(row) => Some(blobs::blob(conn, row.blob_id)?),
        None => None,
    };
    Ok(Found {
        lead: lead::store::find(conn, one.lead_id)?,
        freeze: store::frozen(conn, id)?,
        withheld: store::withheld(conn, id)?,
        seal: store::seal(conn, id)?,
        stamps: time_stamp::of_seal(conn, id)?,
        job: job_of(conn, &one)?,
        ill: if is_under_way(&one) { held_up::names(conn, &one)? } else { Vec::new() },
        decision: many::decisions(conn, one.lead_id)?.remove(&one.composition_id),
        newest: store::compositions(conn, one.lead_id)?.first().map_or(0, |made| made.version),
        is_unsent: many::is_unsent(conn, id)?,
        keys: encrypted::keys_for(conn, me, &one)?,
        compiler: name(Some(made.created_by)),
        approver: name(one.approved_by),
        package,
        made,
        one,
    })
}

/// Whether the program has still to do something to a dossier.
fn is_under_way(one: &Dossier) -> bool {
    matches!(one.state(), State::Freezing | State::Sealing)
}

/// The job that a dossier waits for.
fn job_of(conn: &mut Connection, one: &Dossier) -> Result<Option<JobRow>> {
    let key = match (one.state(), one.sealed_at) {
        (State::Freezing, _) => freezing::key(one.id),
        (State::Sealing, None) => sealing::key(one.id),
        (State::Sealing, Some(_)) => packing::key(one.id),
        _ => return Ok(None),
    };
    jobs::by_key(conn, &key)
}

pub async fn show(
    me: Actor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (actor, id) = (me.clone(), *id);
    let found = services
        .db
        .write(me.origin(), move |tx| {
            let found = find(tx.conn(), &actor, id)?;
            let entry = Entry::new("dossier.view").object("dossier", id).object("lead", found.one.lead_id);
            audit::record(tx, entry)?;
            Ok(found)
        })
        .await?;
    html(&show_page(&me, &services, &request, &found))
}

fn show_page(me: &Actor, services: &Services, request: &HttpRequest, found: &Found) -> ShowPage {
    let (one, lang) = (&found.one, me.lang);
    let zone = services.settings.time_zone;
    let may_send = one.state() == State::Sealed && found.is_unsent && me.has_any(Recorder::ROLES);
    let decision = found.decision.as_deref().filter(|_| me.agency.is_none());
    ShowPage {
        c: session::chrome(request, services, me, &one.folder),
        trail: trail(me, &found.lead, Some(one)),
        state: pages::standing_chip(one, decision, found.newest, lang),
        synthetic: one.synthetic,
        steps: pages::steps(
            one,
            found.made.submitted_at.is_some() && decision.is_none_or(|d| d == "approved"),
            decision.is_some_and(|d| d != "approved") || pages::is_superseded(one, decision, found.newest),
            lang,
            zone,
        ),
        work: work(me, found),
        href: paths::dossier(one.id),
        facts: facts(me, services, found),
        manifest: one.manifest_sha256.clone().unwrap_or_default(),
        content: one.content_sha256.clone().unwrap_or_default(),
        papers: pages::papers(one, lang),
        package: found.package.as_ref().map(|blob| PackageView {
            href: format!("{}/package.zip", paths::dossier(one.id)),
            encrypted: if found.keys.is_empty() {
                String::new()
            } else {
                format!("{}/{}", paths::dossier(one.id), encrypted::NAME)
            },
            keys: keys::pages::shorts(&found.keys),
            name: format!("{}.zip", one.folder),
            size: file_size::short(blob.size.cast_unsigned()),
            sha256: blob.sha256_hex(),
        }),
        files: pages::files(found.freeze.as_ref()),
        withheld: found.withheld.iter().map(|row| WithheldView::new(row, lang)).collect(),
        stamps: stamps(found, lang, zone),
        seal_json: found.seal.as_ref().map(|row| row.seal_json.clone()).unwrap_or_default(),
        seal_signature: found.seal.as_ref().map(|row| row.signature.clone()).unwrap_or_default(),
        send_href: if may_send { format!("/transfers/new?dossier={}", one.id) } else { String::new() },
    }
}

/// The time stamps over the seal, on the dossier's page.
fn stamps(found: &Found, lang: Lang, zone: Tz) -> Vec<StampView> {
    let page = paths::dossier(found.one.id);
    found.stamps.iter().map(|told| StampView::new(told, &page, lang, zone)).collect()
}

fn work(me: &Actor, found: &Found) -> Option<WorkView> {
    if !is_under_way(&found.one) {
        return None;
    }
    let state = found.one.state();
    let job = found.job.as_ref();
    let failed = job.is_some_and(|job| job.state == "failed");
    let stalled = job.and_then(|job| job.last_error.as_ref()).is_some();
    let said = match (failed, stalled) {
        _ if !found.ill.is_empty() => {
            let names = held_up::in_words(&found.ill);
            i18n::t_with(me.lang, "dossier-work-alarm", &[("names", names)])
        }
        (true, _) => i18n::t(me.lang, "dossier-work-failed"),
        (_, true) => i18n::t(me.lang, "dossier-work-again"),
        _ => String::new(),
    };
    let may_retry = failed && lead::model::is_compiler_of(me, &found.lead);
    Some(WorkView {
        label: i18n::t(me.lang, &format!("dossier-work-{}", state.as_str())),
        done: job.map_or(0, |job| job.progress_done),
        total: job.map_or(1, |job| job.progress_total.max(1)),
        failed: said,
        retry_action: if may_retry {
            format!("{}/retry", paths::dossier(found.one.id))
        } else {
            String::new()
        },
    })
}

fn facts(me: &Actor, services: &Services, found: &Found) -> Vec<Fact> {
    let (one, lang) = (&found.one, me.lang);
    let t = |key: &str| i18n::t(lang, key);
    let zone = services.settings.time_zone;
    let is_agency = me.agency.is_some();
    let mut facts = Vec::new();
    if !is_agency {
        facts.push(Fact::new(t("dossier-fact-lead"), &found.lead.number).link(paths::lead(found.lead.id)));
    }
    facts.push(Fact::new(
        t("dossier-fact-version"),
        i18n::t_with(lang, "dossier-version", &[("n", one.version.to_string())]),
    ));
    let agency = Fact::new(t("dossier-fact-addressee"), agency_name(one, lang));
    facts.push(if is_agency { agency } else { agency.link(paths::agency(one.agency_id)) });
    if !is_agency {
        let at = time::format_instant(found.made.created_at, zone, lang);
        facts.push(Fact::new(t("dossier-fact-composed"), format!("{} · {at}", found.compiler)));
        if !found.made.note.is_empty() {
            facts.push(Fact::new(t("dossier-fact-note"), &found.made.note));
        }
        if let Some(at) = one.approved_at {
            let at = time::format_instant(at, zone, lang);
            facts.push(Fact::new(t("dossier-fact-approved"), format!("{} · {at}", found.approver)));
        }
    }
    if let Some(at) = one.sealed_at {
        facts.push(Fact::new(t("dossier-fact-sealed"), time::format_exact(at, zone)));
        facts.push(Fact::new(t("dossier-fact-signer"), services.signer.name().to_owned()));
    }
    facts
}

/// Begins failed work on a dossier again.
pub async fn retry(me: Compiler, services: web::Data<Services>, id: web::Path<Id>) -> Result<HttpResponse> {
    let (actor, id) = (me.clone(), *id);
    services
        .db
        .write(me.origin(), move |tx| {
            let one = store::find_visible(tx.conn(), &actor, id)?;
            let lead = lead::store::find_visible(tx.conn(), &actor, one.lead_id)?;
            lead::model::require_compiler_of(&actor, &lead)?;
            let job = job_of(tx.conn(), &one)?.ok_or(AppError::Conflict("conflict-dossier-no-work"))?;
            jobs::retry_now(tx, job.id)?;
            audit::record(tx, Entry::new("dossier.retry").object("dossier", id).object("lead", lead.id))?;
            Ok(())
        })
        .await?;
    Ok(see_other(&format!("{}?ok=dossier-retried", paths::dossier(id))))
}
