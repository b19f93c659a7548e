//! The forms that open a case: accept a transfer, file it.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, Details, Filing},
    store::{self, CaseRow},
    web::{LINE, details},
};
use crate::{
    directory::people::{Actor, ForAgency},
    handover::delivery::recording::Recording,
    handover::transfer::{
        actions::By,
        model::StepKind,
        pages::{Field, VerbPage},
        web::{
            Opened, Opening, frame, open_with, paper_day, paper_part, paper_scan, past_day, read_day, today,
        },
    },
    platform::{
        db::{Id, Tx},
        error::Result,
        http::{
            form::Form,
            form_view::FormView,
            reply::{html, see_other},
            view::Choice,
        },
        i18n::{self, Lang},
        paths,
        services::Services,
        time::{self, Tz},
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/accept")
            .route(web::get().to(accept_form))
            .route(web::post().to(accept)),
    );
    cfg.service(
        web::resource("/transfers/{id}/file").route(web::get().to(file_form)).route(web::post().to(file)),
    );
}

/// What an agency's cases are to a transfer.
struct Cases {
    /// The one that it is in.
    own: Option<CaseRow>,
    /// Other open ones, to join.
    others: Vec<CaseRow>,
    /// Whether there are more of them.
    more: bool,
}

/// What is said of the case itself.
const CASE: Field = Field::Part { id: "part-case", label: "transfer-section-case" };

/// What the search before the choice of a case is called.
const SEARCH_CASE: &str = "transfer-search-case";

/// So many cases are offered at once.
const SHOWN: usize = 50;

/// What was asked for and chosen in the form so far.
#[derive(Clone, Debug, Default)]
struct Sought {
    q: String,
    join: Option<Id>,
}

impl Sought {
    fn read(form: &Form) -> Self {
        Self { q: form.raw("q").chars().take(100).collect(), join: form.raw("join").parse().ok() }
    }
}

/// The transfer with its agency's cases, which are named in the entry.
async fn opened(
    services: &Services,
    me: &Actor,
    id: Id,
    opening: Opening,
    sought: Sought,
) -> Result<Opened<Cases>> {
    open_with(services, me, id, opening, move |conn, row, entry| {
        let own = store::of_transfer(conn, row.id)?;
        // One more than is shown tells that there are more; the own one may be among them.
        let mut others = store::open_of(conn, row.agency_id, &sought.q, SHOWN + 2)?;
        others.retain(|case| own.as_ref().is_none_or(|own| own.id != case.id));
        let more = others.len() > SHOWN;
        others.truncate(SHOWN);
        if let Some(chosen) = sought.join.filter(|id| others.iter().all(|case| case.id != *id)) {
            let chosen = store::find(conn, chosen).ok();
            others.extend(chosen.filter(|case| case.agency_id == row.agency_id));
        }
        let shown = entry.objects("case", own.iter().chain(&others).map(|case| case.id));
        Ok((Cases { own, others, more }, shown))
    })
    .await
}

/// The choice of a case to join, with a search where there are more than are shown, or fewer because of one.
fn joining(cases: &Cases, is_search: bool, lang: Lang, zone: Tz) -> Vec<Field> {
    let choice = |row: &CaseRow| {
        let number = if row.number.is_empty() { i18n::t(lang, "case-no-number") } else { row.number.clone() };
        let state = i18n::t(lang, &row.status().key());
        let opened = time::format_date(time::day_of(row.opened_at, zone), lang);
        let label = [("number", number), ("title", row.title.clone()), ("state", state), ("day", opened)];
        Choice::new(row.id, i18n::t_with(lang, "case-choice", &label))
    };
    let choices: Vec<Choice> = cases.others.iter().map(choice).collect();
    let mut fields = Vec::new();
    if cases.more || is_search || !choices.is_empty() {
        fields.push(Field::Part { id: "part-join", label: "transfer-section-join" });
    }
    if cases.more || is_search {
        fields.push(Field::Search { name: "q", more: cases.more });
    }
    if !choices.is_empty() || is_search {
        fields.push(Field::Pick { name: "join", hint: "transfer-field-join-hint", choices, need: false });
    }
    fields
}

async fn accept_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    opening: Opening,
    sought: Sought,
) -> Result<VerbPage> {
    let is_search = !sought.q.is_empty();
    let Opened { row, agency, papers, hindrance, more } = opened(services, me, id, opening, sought).await?;
    let zone = services.settings.time_zone;
    let mut page =
        VerbPage::new(frame(request, services, me, "accept"), &row, "accept", "transfer-do-accept")
            .beside(me, &agency)
            .fields([CASE])
            .fields(paper_day(me))
            .fields([LINE("number", "transfer-field-number-hint-later", false), LINE("officer", "", false)])
            .fields(joining(&more, is_search, me.lang, zone))
            .fields(paper_part(me))
            .fields(paper_scan(me, &papers, zone))
            .unless(hindrance);
    page.form = page.form.called("q", SEARCH_CASE);
    Ok(page)
}

async fn accept_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let opening = Opening::new("accept", Some(StepKind::Accepted));
    html(&accept_page(&services, &request, &me, path.into_inner(), opening, Sought::default()).await?)
}

async fn accept(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    body: web::Payload,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let mut posted = Recording::read(&services, &me, &request, body).await?;
    let sought = Sought::read(&posted.form);
    if let Some(form) = posted.search(&services).await {
        let opening = Opening::new("accept", Some(StepKind::Accepted));
        return accept_page(&services, &request, &me, id, opening, sought).await?.found(form);
    }
    let form = &mut posted.form;
    let details = details(form);
    let join = form.id("join");
    let day = read_day(form, &me, &services);
    let step = move |tx: &mut Tx<'_>, me: &Actor, details: Details, by: By| {
        actions::accept(tx, me, id, join, &details, &by.on(day))
    };
    let done = posted.act(&services, &me, id, Some(details), step).await;
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=transfer-accept", paths::transfer(id)))),
        Err(error) => {
            let opening = Opening::again("accept", &error);
            accept_page(&services, &request, &me, id, opening, sought).await?.again(&posted.form, error)
        }
    }
}

async fn file_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    opening: Opening,
    sought: Sought,
) -> Result<VerbPage> {
    let is_search = !sought.q.is_empty();
    let Opened { row, agency, papers, hindrance, more } = opened(services, me, id, opening, sought).await?;
    let zone = services.settings.time_zone;
    let joined = joining(&more, is_search, me.lang, zone);
    // Whoever joins another case has its number.
    let (number, either) = if joined.is_empty() {
        (LINE("number", "transfer-field-number-hint", true), "")
    } else {
        (LINE("number", "transfer-field-number-hint-or-join", false), "number|join")
    };
    let mut page = VerbPage::new(frame(request, services, me, "file"), &row, "file", "transfer-do-file")
        .beside(me, &agency)
        .fields([
            CASE,
            number,
            Field::Day { name: "filed_on", hint: "hint-date", need: true },
            LINE("title", "", false),
            LINE("officer", "", false),
        ]);
    let mut form = FormView::new("transfer-field-")
        .called("q", SEARCH_CASE)
        .set("filed_on", today(services).to_string());
    if let Some(own) = &more.own {
        form = form
            .set("number", own.number.clone())
            .set("title", own.title.clone())
            .set("officer", own.officer.clone());
    }
    page.form = form;
    page.either = either;
    Ok(page.fields(joined).fields(paper_part(me)).fields(paper_scan(me, &papers, zone)).unless(hindrance))
}

async fn file_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let opening = Opening::new("file", Some(StepKind::Filed));
    html(&file_page(&services, &request, &me, path.into_inner(), opening, Sought::default()).await?)
}

async fn file(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    body: web::Payload,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let mut posted = Recording::read(&services, &me, &request, body).await?;
    let sought = Sought::read(&posted.form);
    if let Some(form) = posted.search(&services).await {
        let opening = Opening::new("file", Some(StepKind::Filed));
        return file_page(&services, &request, &me, id, opening, sought).await?.found(form);
    }
    let form = &mut posted.form;
    let details = details(form);
    let join = form.id("join");
    let on = past_day(form, "filed_on", &services);
    let paper = me.agency.is_none();
    let filing = on.map(|on| Filing { on, details, join });
    let step = move |tx: &mut Tx<'_>, me: &Actor, filing: Filing, by: By| {
        let by = by.on(paper.then_some(filing.on));
        actions::file(tx, me, id, &filing, &by)
    };
    let done = posted.act(&services, &me, id, filing, step).await;
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=transfer-file", paths::transfer(id)))),
        Err(error) => {
            let mut page =
                file_page(&services, &request, &me, id, Opening::again("file", &error), sought).await?;
            page.form = page.form.refilled(&[]);
            page.again(&posted.form, error)
        }
    }
}
