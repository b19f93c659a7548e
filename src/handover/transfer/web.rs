//! What the forms of every verb share.

use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    actions::{self, Why},
    by,
    model::{self, StepKind},
    pages::{Field, VerbPage},
    papers::{self, PaperRow},
    store::{self, AgencyRow, TransferRow},
};
use crate::{
    audit,
    directory::{
        people::{Actor, session},
        reference::{ReasonKind, agency_types, reasons},
    },
    platform::{
        db::{Connection, Id, Instant, Tx},
        error::{AppError, Result, refusal},
        http::{form::Form, layout::Chrome, reply, view::Choice},
        i18n::{self, Lang},
        services::Services,
        time,
    },
};

/// How the page of a form comes to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// The verb, as in the page's address; it stands in the entry of the view.
    page: &'static str,
    /// The step that must be possible for the form to be offered.
    check: Option<StepKind>,
    /// The step is the platform's own, and of its people only theirs who may send.
    sender: bool,
    /// It only reaches an agency where somebody can sign in.
    said: bool,
    /// A first look: nothing was typed that a page without its form would lose.
    first: bool,
    /// Shown with a refusal, whose own entry says who was here.
    refused: bool,
}

impl Opening {
    /// For a first look.
    pub fn new(page: &'static str, check: Option<StepKind>) -> Self {
        Self { page, check, sender: false, said: false, first: true, refused: false }
    }

    /// Again, after an act that did not come about.
    pub fn again(page: &'static str, error: &AppError) -> Self {
        let refused = !matches!(error, AppError::Invalid(_));
        Self { page, check: None, sender: false, said: false, first: false, refused }
    }

    /// For what somebody of the platform says or does in its own name, not from a paper of the agency.
    #[must_use]
    pub fn by_sender(mut self) -> Self {
        self.sender = true;
        self
    }

    /// For what is only said to the agency, and read by somebody who signs in there.
    #[must_use]
    pub fn said(mut self) -> Self {
        self.said = true;
        self
    }

    /// Why the step would be refused to this reader, however the form is filled in.
    fn hindrance(self, conn: &mut Connection, row: &TransferRow, me: &Actor) -> Result<Option<&'static str>> {
        if !self.first {
            return Ok(None);
        }
        if !self.sender {
            return by::hindrance(conn, row, me);
        }
        if me.agency.is_some() {
            return Ok(None);
        }
        let refused = refusal(actions::require_sender(conn, row, me))?;
        if refused.is_some() || !self.said {
            return Ok(refused);
        }
        refusal(actions::require_reader(conn, row))
    }
}

/// A transfer that a verb is about to act on.
#[derive(Clone, Debug)]
pub struct Opened<T> {
    pub row: TransferRow,
    pub agency: AgencyRow,
    /// Scanned papers of the agency, for the platform's eyes.
    pub papers: Vec<PaperRow>,
    /// Why the reader records no step of the agency from its paper, or, of the platform's own, does not take it; none for
    /// the agency itself.
    pub hindrance: Option<&'static str>,
    pub more: T,
}

/// A transfer that a verb is about to act on, if the state allows the step. A form shows what its transfer is about, so
/// the view is on record before it leaves.
///
/// # Errors
/// `NotFound`; `Conflict` when the state does not allow the step.
pub async fn open(services: &Services, me: &Actor, id: Id, opening: Opening) -> Result<Opened<()>> {
    open_with(services, me, id, opening, |_, _, entry| Ok(((), entry))).await
}

/// As [`open`], with `more` that the page shows; it names in the entry what it adds.
///
/// # Errors
/// As [`open`], and those of `more`.
pub async fn open_with<T: Send + 'static>(
    services: &Services,
    me: &Actor,
    id: Id,
    opening: Opening,
    more: impl FnOnce(&mut Connection, &TransferRow, audit::Entry) -> Result<(T, audit::Entry)> + Send + 'static,
) -> Result<Opened<T>> {
    let actor = me.clone();
    let read = move |conn: &mut Connection| {
        let row = store::visible(conn, &actor, id)?;
        if let Some(kind) = opening.check {
            let steps = store::as_steps(&store::step_rows(conn, id)?)?;
            let standing = model::derive(&steps).map_err(AppError::Conflict)?;
            model::allows(&standing, kind).map_err(AppError::Conflict)?;
        }
        let agency = store::agency_row(conn, row.agency_id)?;
        let entry = actions::entry("transfer.view", &row).fact("page", opening.page);
        let papers = if actor.agency.is_none() { papers::of_transfer(conn, id)? } else { Vec::new() };
        let hindrance = opening.hindrance(conn, &row, &actor)?;
        let (more, entry) = more(conn, &row, entry)?;
        Ok((Opened { row, agency, papers, hindrance, more }, entry))
    };
    if opening.refused {
        return services.db.read(read).await.map(|(found, _)| found);
    }
    services
        .db
        .write(me.origin(), move |tx| {
            let (found, entry) = read(tx.conn())?;
            audit::record(tx, entry)?;
            Ok(found)
        })
        .await
}

/// Makes the page of a verb's form that shows a transfer and nothing else.
pub type Page = fn(Chrome, &Actor, &Opened<()>) -> VerbPage;

/// The form of a verb, for a first look.
///
/// # Errors
/// As [`open`].
pub async fn ask(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    opening: Opening,
    page: Page,
) -> Result<HttpResponse> {
    let opened = open(services, me, id, opening).await?;
    reply::html(&page(frame(request, services, me, opening.page), me, &opened))
}

/// What comes of a verb's form: on to `there` once it is done, else the form again with what was typed and what is
/// wrong.
///
/// # Errors
/// As [`open`], and every error of the act that no form can mend.
pub async fn answer(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    (id, name): (Id, &'static str),
    (form, done): (&Form, Result<()>),
    there: &str,
    page: Page,
) -> Result<HttpResponse> {
    let Err(error) = done else { return Ok(reply::see_other(there)) };
    let opened = open(services, me, id, Opening::again(name, &error)).await?;
    page(frame(request, services, me, name), me, &opened).again(form, error)
}

/// The frame of a verb's page.
pub fn frame(request: &HttpRequest, services: &Services, me: &Actor, name: &str) -> Chrome {
    session::chrome(request, services, me, &i18n::t(me.lang, &format!("transfer-{name}-title")))
}

/// The field for the day of the paper, where the platform records for an agency.
pub fn paper_day(me: &Actor) -> Vec<Field> {
    if me.agency.is_some() {
        return Vec::new();
    }
    vec![Field::Day { name: "on_day", hint: "transfer-field-on-day-hint", need: true }]
}

/// Begins the part for the paper, where the platform records for an agency.
pub fn paper_part(me: &Actor) -> Option<Field> {
    let part = Field::Part { id: "part-paper", label: "transfer-section-paper" };
    me.agency.is_none().then_some(part)
}

/// The fields for the scan of the paper, where the platform records for an agency: one that is on file, or a new one.
pub fn paper_scan(me: &Actor, papers: &[PaperRow], zone: Tz) -> Vec<Field> {
    if me.agency.is_some() {
        return Vec::new();
    }
    let label =
        |paper: &PaperRow| format!("{} · {}", paper.name, time::format_instant(paper.at, zone, me.lang));
    let choices: Vec<Choice> = papers.iter().map(|paper| Choice::new(paper.id, label(paper))).collect();
    let mut fields = Vec::new();
    if !choices.is_empty() {
        fields.push(Field::Pick { name: "paper", hint: "transfer-field-paper-hint", choices, need: false });
    }
    fields.push(Field::File {
        name: "file",
        hint: "transfer-field-paper-file-hint",
        need: papers.is_empty(),
    });
    fields
}

/// Reads the day of the paper: needed from the platform, not asked of a liaison.
pub fn read_day(form: &mut Form, me: &Actor, services: &Services) -> Option<NaiveDate> {
    if me.agency.is_some() {
        return None;
    }
    past_day(form, "on_day", services)
}

/// Reads a day that must be there and must have come.
pub fn past_day(form: &mut Form, name: &str, services: &Services) -> Option<NaiveDate> {
    let day = form.required_date(name);
    if day.is_some_and(|day| day > today(services)) {
        form.fault(name, "error-date-future");
    }
    day
}

/// Reads an optional moment in the configured zone; one in the future is a fault.
pub fn read_moment(form: &mut Form, name: &'static str, services: &Services) -> Option<Instant> {
    let raw = form.raw(name).to_owned();
    if raw.is_empty() {
        return None;
    }
    // Hours run from it, so a day alone will not do.
    if time::parse_date(&raw).is_ok() {
        form.fault(name, "error-not-a-time");
        return None;
    }
    let parsed = time::parse_instant(&raw, services.settings.time_zone);
    match &parsed {
        Err(error) => form.push(error.time_fault(name)),
        Ok(at) if *at > services.db.now() => form.fault(name, "error-date-future"),
        Ok(_) => {}
    }
    parsed.ok()
}

/// Today in the configured zone.
pub fn today(services: &Services) -> NaiveDate {
    time::day_of(services.db.now(), services.settings.time_zone)
}

/// The reasons that an agency can choose today.
pub fn reason_choices(kind: ReasonKind, agency: &AgencyRow, today: NaiveDate, lang: Lang) -> Vec<Choice> {
    reasons()
        .offered(kind, agency_types().kind_of(&agency.type_code), today)
        .into_iter()
        .map(|reason| Choice::new(&reason.code, reason.name(lang)).hint(reason.cited_since(lang)))
        .collect()
}

/// Reads a reason with its words.
pub fn read_why(form: &mut Form) -> Why {
    Why { code: form.text("code", 40), text: form.text("text", 4000) }
}

/// Does what a verb's form asks for, once the form has no fault; `input` is what was read from it.
///
/// # Errors
/// `Invalid` with every fault of the form; those of the act.
pub async fn act<I: Send + 'static, T: Send + 'static>(
    services: &Services,
    me: &Actor,
    form: &Form,
    input: Option<I>,
    f: impl FnOnce(&mut Tx<'_>, &Actor, I) -> Result<T> + Send + 'static,
) -> Result<T> {
    form.check()?;
    // A form without a fault was read.
    let input = input.ok_or_else(|| AppError::field("form", "error-required"))?;
    let actor = me.clone();
    services.db.write(me.origin(), move |tx| f(tx, &actor, input)).await
}
