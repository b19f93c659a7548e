//! Pages of reviews.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, LONGEST_REMARK, Seen},
    earlier::{self, Earlier},
    pages::{DistinctView, DossierView, ShowPage, state_chip},
    signing::{self, ByPasskey, Showing},
    signing_web,
    store::{self, Approval, Review},
};
use crate::{
    audit::{self, Entry},
    casework::{
        dossier::{
            self,
            changed::Reading,
            current::{self, Pair},
            model::Dossier,
        },
        lead::{self, model::Lead, related::store::Stated, remark},
    },
    directory::people::{
        self, Actor, Approver, CaseReader, Compiler, Role,
        passkey::{self, ToSign},
        second_factor, session,
        sign_in::model::wait_words,
    },
    platform::{
        db::{Connection, Id, Tx, blocking},
        error::{AppError, FieldError, Result},
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            reply::too_many,
            see_other,
            selection::{QUEUE, Queue},
            view::{Fact, Link},
        },
        i18n, paths,
        services::Services,
        time,
    },
};

pub(super) const PREFIX: &str = "review-field-";

/// A review with everything that its page shows.
struct Found {
    review: Review,
    lead: Lead,
    decision: Option<Approval>,
    /// The fingerprint of the passkey that signed the approval; `None`: none did.
    signed_by: Option<String>,
    /// Whether the reader has a passkey.
    has_passkey: bool,
    remark: String,
    /// With how many files go and stay.
    dossiers: Vec<(Dossier, (usize, usize))>,
    /// With the versions that went before them.
    pairs: Vec<Pair>,
    names: std::collections::HashMap<Id, String>,
    writers: Vec<Id>,
    refusal: Option<&'static str>,
    earlier: Earlier,
    /// The leads of which it was stated that this one is no duplicate.
    distinct: Vec<Stated>,
}

fn find(conn: &mut Connection, me: &Actor, id: Id) -> Result<Found> {
    let review = store::find(conn, id)?;
    let lead = lead::store::find_visible(conn, me, review.lead_id)?;
    let decision = store::decision_of(conn, id)?;
    let remark = decision.as_ref().and_then(|decision| decision.remark_id);
    let signed_by = decision.as_ref().map(|decision| store::signed_by(conn, decision.id)).transpose()?;
    let dossiers = dossier::store::of_composition(conn, review.composition_id)?;
    let pairs = current::pairs(conn, &dossiers)?;
    let ids: Vec<Id> = dossiers.iter().map(|one| one.id).collect();
    let withheld = dossier::many::withheld_counts(conn, &ids)?;
    let all = dossier::many::item_count(conn, review.composition_id)?;
    let counts = |one: &Dossier| {
        let kept_back = withheld.get(&one.id).copied().unwrap_or_default();
        (all.saturating_sub(kept_back), kept_back)
    };
    let dossiers = dossiers.into_iter().map(|one| (counts(&one), one)).map(|(n, one)| (one, n)).collect();
    let writers = lead::store::writers_of(conn, lead.id)?;
    let distinct = lead::related::store::stated_of(conn, lead.id)?;
    let people = writers.iter().copied().chain([review.submitted_by]);
    let people = people.chain(distinct.iter().map(|one| one.by));
    let people: Vec<Id> = people.chain(decision.as_ref().map(|decision| decision.actor_id)).collect();
    Ok(Found {
        remark: remark::bodies(conn, remark)?.into_values().next().unwrap_or_default(),
        names: people::store::names(conn, people)?,
        refusal: actions::refusal(conn, me, lead.id)?,
        signed_by: signed_by.flatten(),
        has_passkey: !passkey::store::credentials(conn, me.id)?.is_empty(),
        earlier: earlier::read(conn, &review)?,
        review,
        lead,
        decision,
        dossiers,
        pairs,
        writers,
        distinct,
    })
}

pub async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let queue = Queue::of(Form::query(&request).raw(QUEUE), *id);
    let forms = (FormView::new(PREFIX), FormView::new(PREFIX));
    html(&show_page(&me, &services, &request, (*id, queue.as_ref()), forms).await?)
}

async fn show_page(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    (id, queue): (Id, Option<&Queue>),
    (form, back): (FormView, FormView),
) -> Result<ShowPage> {
    let actor = me.clone();
    let mut found = services.db.read_snapshot(move |conn| find(conn, &actor, id)).await?;
    let (vault, pairs) = (services.vault.clone(), std::mem::take(&mut found.pairs));
    let reading = Reading { lang: me.lang, zone: services.settings.time_zone };
    let changes = blocking(move || current::changes_of(&vault, &pairs, reading)).await?;
    let entry = Entry::new("review.view").object("review", id).object("lead", found.lead.id);
    let shown = found.dossiers.iter().map(|(one, _)| one.id);
    let entry = entry.objects("dossier", shown).objects("lead", found.distinct.iter().map(|one| one.id));
    audit::record_read(&services.db, me.origin(), entry).await?;
    let lang = me.lang;
    let waits = found.review.decision.is_none() && found.lead.state == lead::model::State::InReview;
    let is_approver = me.has(Role::Approver);
    let dossiers: Vec<DossierView> = found
        .dossiers
        .iter()
        .map(|(one, counts)| DossierView::new(one, changes.get(&one.id), *counts, lang))
        .collect();
    let title = i18n::t_with(lang, "review-title", &[("title", found.lead.title.clone())]);
    let may_decide = waits && is_approver && found.refusal.is_none();
    let to_sign = if may_decide { to_sign(&found, services, me).await? } else { None };
    let (c, href) =
        (session::chrome(request, services, me, &title).numbered(&found.lead.number), paths::approval(id));
    Ok(ShowPage {
        form: c.kept(&form, format!("{href}/approve")),
        back: c.kept(&back, format!("{href}/return")),
        c,
        queue: queue.map(|queue| queue.view(lang, paths::approval, paths::APPROVALS)).unwrap_or_default(),
        trail: vec![
            Link::new(i18n::t(lang, "review-list-title"), paths::APPROVALS),
            Link::new(&found.lead.number, paths::lead(found.lead.id)),
        ],
        state: state_chip(found.review.decision.as_deref(), lang),
        synthetic: found.lead.synthetic,
        facts: facts(&found, services, lang),
        distinct: found.distinct.iter().map(|one| distinct(&found, one, services, lang)).collect(),
        ready: dossiers.iter().all(DossierView::has_manifest),
        done: dossiers.iter().filter(|one| one.has_manifest()).count(),
        dossiers,
        href,
        may_decide,
        to_sign,
        refusal: match found.refusal {
            Some(key) if waits && is_approver => i18n::t(lang, key),
            _ => String::new(),
        },
        may_withdraw: waits && lead::model::is_compiler_of(me, &found.lead),
        remark: found.remark,
    })
}

/// What the reader signs by their passkey; `None`: they have none, browsers know none here, or not all is frozen.
async fn to_sign(found: &Found, services: &Services, me: &Actor) -> Result<Option<ToSign>> {
    let is_frozen = found.dossiers.iter().all(|(one, _)| one.approval_salt.is_some());
    if !found.has_passkey || !is_frozen || found.dossiers.is_empty() || passkey::site(services).is_err() {
        return Ok(None);
    }
    let dossiers: Vec<Dossier> = found.dossiers.iter().map(|(one, _)| one.clone()).collect();
    let (person, review, number) = (me.id, found.review.clone(), found.lead.number.clone());
    let show = move |tx: &mut Tx<'_>| {
        let statement = signing::show(tx, person, (&review, &number), &dossiers)?;
        Ok((statement, dossiers))
    };
    let (statement, dossiers) = services.db.write_quiet(show).await?;
    signing_web::shown(&statement, &found.lead, &dossiers, (me, services)).map(Some)
}

fn distinct(found: &Found, one: &Stated, services: &Services, lang: i18n::Lang) -> DistinctView {
    let by = found.names.get(&one.by).cloned().unwrap_or_default();
    DistinctView {
        lead: Link::new(format!("{} {}", one.number, one.title), paths::lead(one.id)),
        reason: one.reason.clone(),
        stated: format!("{by} · {}", time::format_instant(one.at, services.settings.time_zone, lang)),
    }
}

fn facts(found: &Found, services: &Services, lang: i18n::Lang) -> Vec<Fact> {
    let t = |key: &str| i18n::t(lang, key);
    let zone = services.settings.time_zone;
    let name = |id: Id| found.names.get(&id).cloned().unwrap_or_default();
    let at = |when| time::format_instant(when, zone, lang);
    let version = found.dossiers.first().map_or(0, |(one, _)| one.version);
    let writers: Vec<String> = found.writers.iter().map(|id| name(*id)).collect();
    let submitted = format!("{} · {}", name(found.review.submitted_by), at(found.review.submitted_at));
    let mut facts = vec![
        Fact::new(t("dossier-fact-lead"), format!("{} {}", found.lead.number, found.lead.title))
            .link(paths::lead(found.lead.id)),
        Fact::new(
            t("dossier-fact-version"),
            i18n::t_with(lang, "dossier-version", &[("n", version.to_string())]),
        ),
        Fact::new(t("review-fact-submitted"), submitted),
        Fact::new(t("review-fact-writers"), writers.join(&lang.comma())),
    ];
    if let Some(decision) = &found.decision {
        let text = format!("{} · {}", name(decision.actor_id), at(decision.at));
        facts.push(Fact::new(t(&format!("review-fact-{}", decision.decision)), text));
        let key = found.signed_by.as_deref().map(dossier::facts::groups_of_four);
        let how = match key {
            Some(key) => Some(i18n::t_with(lang, "review-signed-passkey", &[("fingerprint", key)])),
            None => (decision.decision == "approved").then(|| t("review-signed-code")),
        };
        facts.extend(how.map(|how| Fact::new(t("review-fact-signed"), how)));
    }
    facts.extend(earlier::facts(&found.earlier, zone, lang));
    facts
}

/// The hashes that the form carried: `<dossier>=<hash>`.
fn seen(form: &mut Form) -> Seen {
    let mut seen = Seen::new();
    for text in form.all("seen") {
        match text.split_once('=').and_then(|(id, hash)| Some((id.parse::<Id>().ok()?, hash.to_owned()))) {
            Some((id, hash)) => {
                seen.insert(id, hash);
            }
            None => form.fault("seen", "error-unknown"),
        }
    }
    seen
}

pub async fn approve(
    me: Approver,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = *id;
    let queue = Queue::of(form.raw(QUEUE), id);
    let seen = seen(&mut form);
    let text = form.text("remark", LONGEST_REMARK);
    let signed = signing_web::given(&services, &form)?;
    let code = if signed.is_some() { String::new() } else { form.required("code", 40) };
    let done = match (form.check(), signed) {
        (Err(e), _) => Err(e),
        (Ok(()), Some(by)) => sign_now(&me, &services, (id, seen), text, by).await,
        (Ok(()), None) => approve_now(&me, &services, id, seen, text, code).await,
    };
    match done {
        Ok(()) => Ok(see_other(&Queue::after(queue.as_ref(), id, paths::approval, "review-approved"))),
        Err(AppError::Invalid(faults)) => {
            let forms = (again(&form, faults), FormView::new(PREFIX));
            invalid(&show_page(&me, &services, &request, (id, queue.as_ref()), forms).await?)
        }
        Err(AppError::TooMany(seconds)) => {
            let fault = FieldError::new("code", "error-code-wait").arg("wait", wait_words(me.lang, seconds));
            let forms = (again(&form, vec![fault]), FormView::new(PREFIX));
            let page = show_page(&me, &services, &request, (id, queue.as_ref()), forms).await?;
            too_many(&page, seconds)
        }
        Err(e) => Err(e),
    }
}

async fn approve_now(
    me: &Approver,
    services: &Services,
    id: Id,
    seen: Seen,
    text: String,
    code: String,
) -> Result<()> {
    let actor = me.clone();
    let attempted = Entry::refused("lead.approve").object("review", id);
    let act = move |tx: &mut Tx<'_>, attempt: &second_factor::Attempt| {
        actions::approve(tx, &actor, id, &seen, &text, Showing::Code(attempt, &code)).map(|_| ())
    };
    second_factor::step_up(services, me, attempted, act).await
}

/// As [`approve_now`], by the approver's own passkey: nothing else is asked for.
async fn sign_now(
    me: &Approver,
    services: &Services,
    (id, seen): (Id, Seen),
    text: String,
    by: ByPasskey,
) -> Result<()> {
    let actor = me.clone();
    let act = move |tx: &mut Tx<'_>| {
        actions::approve(tx, &actor, id, &seen, &text, Showing::Passkey(&by)).map(|_| ())
    };
    services.db.write(me.origin(), act).await
}

/// The form as it was typed; a code is never shown again.
fn again(form: &Form, faults: Vec<FieldError>) -> FormView {
    let typed = form.pairs().into_iter().filter(|(name, _)| name != "code" && name != passkey::FIELD);
    FormView::new(PREFIX).typed(typed).with_errors(faults)
}

pub async fn send_back(
    me: Approver,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = *id;
    let queue = Queue::of(form.raw(QUEUE), id);
    let reasons = form.required("reasons", LONGEST_REMARK);
    let done = match form.check() {
        Err(e) => Err(e),
        Ok(()) => {
            let actor = me.clone();
            services.db.write(me.origin(), move |tx| actions::send_back(tx, &actor, id, &reasons)).await
        }
    };
    match done {
        Ok(_) => Ok(see_other(&Queue::after(queue.as_ref(), id, paths::approval, "review-returned"))),
        Err(AppError::Invalid(faults)) => {
            let forms = (FormView::new(PREFIX), again(&form, faults));
            invalid(&show_page(&me, &services, &request, (id, queue.as_ref()), forms).await?)
        }
        Err(e) => Err(e),
    }
}

pub async fn withdraw(
    me: Compiler,
    services: web::Data<Services>,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (actor, id) = (me.clone(), *id);
    let review = services.db.write(me.origin(), move |tx| actions::withdraw(tx, &actor, id)).await?;
    Ok(see_other(&format!("{}?ok=review-withdrawn", paths::lead_dossiers(review.lead_id))))
}
