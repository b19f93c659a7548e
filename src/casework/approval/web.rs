//! Pages of reviews.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, LONGEST_REMARK, Seen},
    earlier::{self, Earlier},
    pages::{DossierView, ListPage, RowView, ShowPage, state_chip},
    store::{self, Acts, Approval, Filter, Review},
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
        lead::{self, model::Lead, remark},
    },
    directory::people::{
        self, Actor, Approver, CaseReader, Compiler, Role, second_factor, session, sign_in::model::wait_words,
    },
    platform::{
        db::{Connection, Id, Tx, blocking},
        error::{AppError, FieldError, Result},
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            link::Query,
            reply::too_many,
            see_other,
            view::{ActiveFilter, Choice, Fact, Link, Pager},
        },
        i18n, paths,
        services::Services,
        time,
    },
};

const PREFIX: &str = "review-field-";
/// Reviews on a page.
const PAGE: usize = 50;
const STATES: [&str; 4] = ["waiting", "approved", "returned", "withdrawn"];

pub async fn submit(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (lead_id, actor, parts) = (*id, me.clone(), services.get_ref().clone());
    let done = services.db.write(me.origin(), move |tx| actions::submit(tx, &parts, &actor, lead_id)).await;
    match done {
        Ok(review) => Ok(see_other(&format!("{}?ok=review-submitted", paths::approval(review.id)))),
        Err(AppError::Invalid(faults)) => {
            invalid(&dossier::web::list_page(&me, &services, &request, lead_id, faults).await?)
        }
        Err(e) => Err(e),
    }
}

pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let state = query.asked("state", |raw| STATES.into_iter().chain(["all"]).find(|word| *word == raw));
    let asks_own = query.asked_flag("acts", "me");
    let filter = Filter {
        state: state.unwrap_or("waiting").to_owned(),
        q: query.text("q", 100),
        by: query.asked_word("by"),
        acts: asks_own.then(|| Acts { me: me.id, decides: me.has(Role::Approver) }),
        after: query.asked_word("after"),
    };
    let is_understood = query.errors().is_empty();
    let wanted = filter.clone();
    let (rows, names, compilers) = services
        .db
        .read(move |conn| {
            let limit = i64::try_from(PAGE + 1).map_err(AppError::internal)?;
            let rows = if is_understood { store::page(conn, &wanted, limit)? } else { Vec::new() };
            let names = people::store::names(conn, rows.iter().map(|row| row.review.submitted_by))?;
            let compilers = people::store::with_role(conn, Role::Compiler)?;
            Ok((rows, names, compilers))
        })
        .await?;
    let shown = rows.iter().take(PAGE).map(|row| row.review.id);
    audit::record_read(&services.db, me.origin(), Entry::new("review.list").objects("review", shown)).await?;
    let lang = me.lang;
    let zone = services.settings.time_zone;
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str())).without("ok");
    let next = (rows.len() > PAGE).then(|| rows[PAGE - 1].review.id.to_string());
    let page = ListPage {
        c: session::chrome(&request, &services, &me, &i18n::t(lang, "review-list-title")),
        is_understood,
        // Of a list that is not shown, no tab is the one.
        tabs: tabs(&here, if is_understood { &filter.state } else { "" }, lang),
        active: active(&here, &filter, &compilers, lang),
        clear: Query::new(paths::APPROVALS).with("state", &filter.state).href(),
        filter: FormView::filter(PREFIX, here.pairs(), query.errors()),
        people: compilers.iter().map(|(id, name)| Choice::new(id, name.clone())).collect(),
        rows: rows
            .iter()
            .take(PAGE)
            .map(|row| {
                let by = names.get(&row.review.submitted_by).cloned().unwrap_or_default();
                RowView::new(row, by, time::format_instant(row.review.submitted_at, zone, lang), lang)
            })
            .collect(),
        pager: Pager {
            previous: filter.after.map(|_| here.first_page().href()),
            next: next.map(|after| here.with("after", &after).href()),
            shown: rows.len().min(PAGE),
        },
        state: filter.state,
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

fn tabs(here: &Query, state: &str, lang: i18n::Lang) -> Vec<Link> {
    let tab = |word: &str| {
        let base = here.first_page().with("state", word);
        // Only what waits is to be acted on.
        let href = if word == "waiting" { base.href() } else { base.without("acts").href() };
        Link::new(i18n::t(lang, &format!("review-state-{word}")), href).current(word == state)
    };
    STATES.into_iter().chain(["all"]).map(tab).collect()
}

fn active(here: &Query, filter: &Filter, people: &[(Id, String)], lang: i18n::Lang) -> Vec<ActiveFilter> {
    let mut found = Vec::new();
    let mut add = |name: &str, value: String| {
        found.push(ActiveFilter {
            name: i18n::t(lang, &format!("{PREFIX}{name}")),
            value,
            remove_href: here.first_page().without(name).href(),
        });
    };
    if !filter.q.is_empty() {
        add("q", filter.q.clone());
    }
    if filter.acts.is_some() {
        add("acts", i18n::t(lang, "yes"));
    }
    if let Some((_, name)) = people.iter().find(|(id, _)| Some(*id) == filter.by) {
        add("by", name.clone());
    }
    found
}

/// A review with everything that its page shows.
struct Found {
    review: Review,
    lead: Lead,
    decision: Option<Approval>,
    remark: String,
    /// With how many files go and stay.
    dossiers: Vec<(Dossier, (usize, usize))>,
    /// With the versions that went before them.
    pairs: Vec<Pair>,
    names: std::collections::HashMap<Id, String>,
    writers: Vec<Id>,
    refusal: Option<&'static str>,
    earlier: Earlier,
}

fn find(conn: &mut Connection, me: &Actor, id: Id) -> Result<Found> {
    let review = store::find(conn, id)?;
    let lead = lead::store::find_visible(conn, me, review.lead_id)?;
    let decision = store::decision_of(conn, id)?;
    let remark = decision.as_ref().and_then(|decision| decision.remark_id);
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
    let people = writers.iter().copied().chain([review.submitted_by]);
    let people: Vec<Id> = people.chain(decision.as_ref().map(|decision| decision.actor_id)).collect();
    Ok(Found {
        remark: remark::bodies(conn, remark)?.into_values().next().unwrap_or_default(),
        names: people::store::names(conn, people)?,
        refusal: actions::refusal(conn, me, lead.id)?,
        earlier: earlier::read(conn, &review)?,
        review,
        lead,
        decision,
        dossiers,
        pairs,
        writers,
    })
}

pub async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (form, back) = (FormView::new(PREFIX), FormView::new(PREFIX));
    html(&show_page(&me, &services, &request, *id, form, back).await?)
}

async fn show_page(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    form: FormView,
    back: FormView,
) -> Result<ShowPage> {
    let actor = me.clone();
    let mut found = services.db.read_snapshot(move |conn| find(conn, &actor, id)).await?;
    let (vault, pairs) = (services.vault.clone(), std::mem::take(&mut found.pairs));
    let reading = Reading { lang: me.lang, zone: services.settings.time_zone };
    let changes = blocking(move || current::changes_of(&vault, &pairs, reading)).await?;
    let entry = Entry::new("review.view").object("review", id).object("lead", found.lead.id);
    let shown = found.dossiers.iter().map(|(one, _)| one.id);
    audit::record_read(&services.db, me.origin(), entry.objects("dossier", shown)).await?;
    let lang = me.lang;
    let waits = found.review.decision.is_none() && found.lead.state == lead::model::State::InReview;
    let is_approver = me.has(Role::Approver);
    let dossiers: Vec<DossierView> = found
        .dossiers
        .iter()
        .map(|(one, counts)| DossierView::new(one, changes.get(&one.id), *counts, lang))
        .collect();
    let title = i18n::t_with(lang, "review-title", &[("title", found.lead.title.clone())]);
    Ok(ShowPage {
        c: session::chrome(request, services, me, &title).numbered(&found.lead.number),
        trail: vec![
            Link::new(i18n::t(lang, "review-list-title"), paths::APPROVALS),
            Link::new(&found.lead.number, paths::lead(found.lead.id)),
        ],
        state: state_chip(found.review.decision.as_deref(), lang),
        synthetic: found.lead.synthetic,
        facts: facts(&found, services, lang),
        ready: dossiers.iter().all(DossierView::has_manifest),
        done: dossiers.iter().filter(|one| one.has_manifest()).count(),
        dossiers,
        href: paths::approval(id),
        may_decide: waits && is_approver && found.refusal.is_none(),
        refusal: match found.refusal {
            Some(key) if waits && is_approver => i18n::t(lang, key),
            _ => String::new(),
        },
        may_withdraw: waits && lead::model::is_compiler_of(me, &found.lead),
        remark: found.remark,
        form,
        back,
    })
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
        Fact::new(t("review-fact-writers"), writers.join(lang.pick("、", ", "))),
    ];
    if let Some(decision) = &found.decision {
        let text = format!("{} · {}", name(decision.actor_id), at(decision.at));
        facts.push(Fact::new(t(&format!("review-fact-{}", decision.decision)), text));
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
    let seen = seen(&mut form);
    let text = form.text("remark", LONGEST_REMARK);
    let code = form.required("code", 40);
    let done = match form.check() {
        Err(e) => Err(e),
        Ok(()) => approve_now(&me, &services, id, seen, text, code).await,
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=review-approved", paths::approval(id)))),
        Err(AppError::Invalid(faults)) => {
            let view = again(&form, faults);
            invalid(&show_page(&me, &services, &request, id, view, FormView::new(PREFIX)).await?)
        }
        Err(AppError::TooMany(seconds)) => {
            let fault = FieldError::new("code", "error-code-wait").arg("wait", wait_words(me.lang, seconds));
            let view = again(&form, vec![fault]);
            let page = show_page(&me, &services, &request, id, view, FormView::new(PREFIX)).await?;
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
        actions::approve(tx, &actor, id, &seen, &text, (attempt, &code)).map(|_| ())
    };
    second_factor::step_up(services, me, attempted, act).await
}

/// The form as it was typed; a code is never shown again.
fn again(form: &Form, faults: Vec<FieldError>) -> FormView {
    let typed = form.pairs().into_iter().filter(|(name, _)| name != "code");
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
    let reasons = form.required("reasons", LONGEST_REMARK);
    let done = match form.check() {
        Err(e) => Err(e),
        Ok(()) => {
            let actor = me.clone();
            services.db.write(me.origin(), move |tx| actions::send_back(tx, &actor, id, &reasons)).await
        }
    };
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=review-returned", paths::approval(id)))),
        Err(AppError::Invalid(faults)) => {
            let view = again(&form, faults);
            invalid(&show_page(&me, &services, &request, id, FormView::new(PREFIX), view).await?)
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
