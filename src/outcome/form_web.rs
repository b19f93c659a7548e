//! The forms: propose an entry for a case; take one back, with or without another in its place.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, REASON},
    detail_page::source_of,
    form_page::{self, FormPage, Picks},
    input,
    list_page::{amount_of, region_name},
    model::{self, IdentityKind, Kind},
    named::{self, Nameable, Named},
    source,
    store::{self, CaseRow, OutcomeRow},
};
use crate::{
    audit::{self, Entry},
    casework::{evidence::upload, lead::remark},
    directory::people::{Actor, ForAgency, session},
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, FieldError, Result},
        http::{
            Form,
            reply::{html, invalid, see_other},
            view::Fact,
        },
        i18n, paths,
        services::Services,
        time,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/cases/{id}/outcomes/new")
            .route(web::get().to(new_form))
            .route(web::post().to(propose)),
    )
    .service(
        web::resource("/outcomes/{id}/correct")
            .route(web::get().to(correct_form))
            .route(web::post().to(correct)),
    );
}

fn picks(conn: &mut Connection, me: &Actor, case_id: Id, kind: Option<Kind>) -> Result<(CaseRow, Picks)> {
    let case = store::visible_case(conn, me, case_id)?;
    let found = match kind {
        Some(kind) => named::nameable(conn, case_id, kind)?,
        None => Nameable::default(),
    };
    let (subjects, sites) = found.offered.into_iter().partition(|one| one.kind == IdentityKind::Subject);
    let agency_has_accounts = store::has_accounts(conn, case.agency_id)?;
    let picks = Picks { subjects, sites, entered: found.entered, same: found.same, agency_has_accounts };
    Ok((case, picks))
}

/// The form of an entry of this kind, the choice of one without it; it names who and what the case is about, so the
/// view is on record before it leaves.
async fn page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    case_id: Id,
    kind: Option<Kind>,
) -> Result<FormPage> {
    let actor = me.clone();
    let read = move |conn: &mut Connection| {
        let (case, picks) = picks(conn, &actor, case_id, kind)?;
        actions::takes_outcomes(&case)?;
        Ok((case, picks))
    };
    let (case, picks) = services.db.read_snapshot(read).await?;
    let entry = Entry::new("case.view").object("case", case_id).fact("page", "outcome");
    audit::record_read(&services.db, me.origin(), entry).await?;
    Ok(form_page(services, request, me, &case, &picks))
}

fn form_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    case: &CaseRow,
    picks: &Picks,
) -> FormPage {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "outcome-new-title"));
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    FormPage::new(c, case, picks, (me.agency.is_some(), today))
}

async fn new_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let kind = Form::query(&request).raw("kind").parse::<Kind>().ok();
    let mut page = page(&services, &request, &me, path.into_inner(), kind).await?;
    if let Some(kind) = kind {
        page.form = page.form.set("kind", kind.to_string());
    }
    html(&page.named())
}

async fn propose(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    body: web::Payload,
) -> Result<HttpResponse> {
    let case_id = path.into_inner();
    let (mut form, files, empty) = source::receive(&services.vault, &request, body).await?.apart();
    let keys: Vec<_> = files.iter().map(|f| f.stored.key).collect();
    let chosen = files.first().map(|f| f.name.clone());
    let zone = services.settings.time_zone;
    let today = time::day_of(services.db.now(), zone);
    source::look(&mut form, &files, &empty);
    let done = match input::read(&mut form, today) {
        Err(e) => {
            upload::discard(&services.vault, keys).await;
            Err(e)
        }
        Ok(new) => {
            let actor = me.actor().clone();
            let act = move |tx: &mut Tx<'_>| {
                let (blob, surplus) = source::keep(tx, files.first())?;
                Ok((actions::propose(tx, &actor, case_id, &new, blob, zone)?, surplus))
            };
            source::act_on(&services, me.origin(), keys, act).await
        }
    };
    match done {
        Ok(id) => Ok(see_other(&format!("{}?ok=outcome-proposed", paths::outcome(id)))),
        Err(AppError::Invalid(errors)) => {
            let kind = form.raw("kind").parse().ok();
            again(page(&services, &request, &me, case_id, kind).await?, &form, errors, chosen)
        }
        Err(e) => Err(e),
    }
}

/// The form as it was typed, with its faults. The file that was `chosen` can't be put back into it, so that is one.
fn again(
    mut page: FormPage,
    form: &Form,
    errors: Vec<FieldError>,
    chosen: Option<String>,
) -> Result<HttpResponse> {
    let is_told = errors.iter().any(|error| error.field == "file");
    let lost = chosen.filter(|_| !is_told);
    let lost = lost.map(|name| FieldError::new("file", "error-file-again").arg("name", name));
    let mut mended: Vec<FieldError> = Vec::new();
    for error in errors.into_iter().chain(lost).map(|error| at_a_field(&page, error)) {
        // Two faults of the form may come to one at the line.
        if !mended.contains(&error) {
            mended.push(error);
        }
    }
    let mut typed = form_page::fields().typed(form.pairs()).with_errors(mended);
    if !form.has("kind") {
        typed = typed.set("kind", page.form.value("kind").to_owned());
    }
    page.form = typed;
    invalid(&page.named())
}

/// Where nobody can be picked, the form has lines for new ones alone, and what is missing is missing there.
fn at_a_field(page: &FormPage, error: FieldError) -> FieldError {
    let line = match error.field.as_str() {
        "subject" if page.subjects.is_empty() => "new_person_0",
        "site" if page.sites.is_empty() => "new_site_0",
        _ => return error,
    };
    let code = if error.code == "error-choose-many" { "error-required" } else { error.code };
    FieldError::new(line, code)
}

/// What the form for taking an entry back shows.
struct Old {
    row: OutcomeRow,
    named: Vec<Named>,
    /// Texts of its remarks by id.
    written: HashMap<Id, String>,
    /// Whether another entry can rest on what it rests on.
    can_be_kept: bool,
    case: CaseRow,
    picks: Picks,
}

async fn old_entry(services: &Services, me: &Actor, id: Id) -> Result<Old> {
    let actor = me.clone();
    let old = services
        .db
        .read_snapshot(move |conn| {
            let row = store::visible(conn, &actor, id)?;
            let state = store::state_of(conn, id)?;
            model::may_correct(row.corrects_id.is_some(), state).map_err(AppError::Conflict)?;
            let case_id = row.case_id.ok_or(AppError::Conflict("conflict-outcome-case-over"))?;
            let named = named::named(conn, id)?;
            let (case, picks) = picks(conn, &actor, case_id, Some(row.kind()))?;
            let remarks = [row.legal_text_id, row.source_text_id, row.source_link_id];
            let written = remark::bodies(conn, remarks.into_iter().flatten())?;
            let can_be_kept = source::can_be_kept(conn, &row)?;
            Ok(Old { row, named, written, can_be_kept, case, picks })
        })
        .await?;
    let entry = Entry::new("outcome.view").object("outcome", id).object("case", old.case.id);
    audit::record_read(&services.db, me.origin(), entry.fact("page", "correct")).await?;
    Ok(old)
}

async fn correct_page(services: &Services, request: &HttpRequest, me: &Actor, id: Id) -> Result<FormPage> {
    let Old { row: old, named, written, can_be_kept, case, picks } = old_entry(services, me, id).await?;
    let page = form_page(services, request, me, &case, &picks);
    let (c, lang) = (&page.c, me.lang);
    let mut facts = vec![
        Fact::new(c.t("outcome-field-kind"), c.t(old.kind().key())).link(paths::outcome(old.id)),
        Fact::new(c.t("outcome-field-happened-on"), time::format_date(old.happened_on, lang)),
        Fact::new(c.t("outcome-field-region"), region_name(&old.region_code, old.happened_on, lang)),
        Fact::new(c.t("outcome-content"), amount_of(&old, lang)),
    ];
    let labels: Vec<&str> = named.iter().map(|n| n.label.as_str()).filter(|l| !l.is_empty()).collect();
    if !labels.is_empty() {
        facts.push(Fact::new(c.t("outcome-named"), labels.join(&lang.comma())));
    }
    let (source, at) = source_of(&old, &written);
    if !source.is_empty() {
        let source = Fact::new(c.t("outcome-field-source-title"), source);
        facts.push(match at {
            Some(at) => source.link(at),
            None => source,
        });
    }
    let mut page = page.correcting(&old, facts, &written);
    if can_be_kept {
        page = page.resting_on_the_same(&old);
    }
    let field = if old.kind().names() == model::IdentityKind::Site { "site" } else { "subject" };
    let offered = |n: &Named| picks.same.get(&n.id).unwrap_or(&n.id).to_string();
    page.form = page.form.set_many(field, named.iter().map(offered));
    page.c.title = i18n::t(lang, "outcome-correct-title");
    Ok(page)
}

async fn correct_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&correct_page(&services, &request, &me, path.into_inner()).await?.named())
}

async fn correct(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    body: web::Payload,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let (mut form, files, empty) = source::receive(&services.vault, &request, body).await?.apart();
    let keys: Vec<_> = files.iter().map(|f| f.stored.key).collect();
    let zone = services.settings.time_zone;
    let today = time::day_of(services.db.now(), zone);
    let reason = form.required("reason", REASON);
    let instead = form.raw("instead") == "yes";
    // Only what takes the entry's place needs the file that was chosen.
    let chosen = files.first().filter(|_| instead).map(|f| f.name.clone());
    let read = if instead {
        source::look(&mut form, &files, &empty);
        input::read_instead(&mut form, today).map(Some)
    } else {
        form.check().map(|()| None)
    };
    let done = match read {
        Err(e) => {
            upload::discard(&services.vault, keys).await;
            Err(e)
        }
        Ok(new) => {
            let actor = me.actor().clone();
            let act = move |tx: &mut Tx<'_>| {
                let (blob, surplus) = source::keep(tx, files.first().filter(|_| new.is_some()))?;
                // What only takes an entry back keeps no file.
                let unused = files.first().filter(|_| new.is_none()).map(|file| file.stored.key);
                let instead = new.as_ref().map(|new| (new, blob));
                let counter = actions::correct(tx, &actor, id, &reason, instead, zone)?;
                Ok((counter, surplus.or(unused)))
            };
            source::act_on(&services, me.origin(), keys, act).await
        }
    };
    match done {
        Ok(counter) => Ok(see_other(&format!("{}?ok=outcome-countered", paths::outcome(counter)))),
        Err(AppError::Invalid(errors)) => {
            again(correct_page(&services, &request, &me, id).await?, &form, errors, chosen)
        }
        Err(e) => Err(e),
    }
}
