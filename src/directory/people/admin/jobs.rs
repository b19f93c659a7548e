//! Background jobs: what runs, how far it is, what failed. Payloads (ids) are not shown.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use super::{
    pages::{JobsPage, WorkLine},
    web::{PAGE, limit},
};
use crate::{
    audit::{self, Entry},
    directory::people::{guard::Admin, session, time::local},
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            link::Query,
            list_head::Active,
            see_other,
            view::{Chip, Choice, Tone},
        },
        i18n::{self, Lang},
        jobs::{self, JobRow},
        keyset::{Edge, Page},
        notice,
        services::Services,
    },
};

const STATES: [&str; 4] = ["queued", "running", "done", "failed"];

fn state_chip(lang: Lang, row: &JobRow) -> Chip {
    let tone = match row.state.as_str() {
        "done" => Tone::Good,
        "failed" => Tone::Bad,
        "running" => Tone::Info,
        _ if row.last_error.is_some() => Tone::Warn,
        _ => Tone::Neutral,
    };
    Chip::new(i18n::t(lang, &format!("people-job-{}", row.state)), tone)
}

/// What a job does, in words; its kind where no word is on file.
fn kind_word(services: &Services, lang: Lang, kind: &str) -> String {
    let key = match kind {
        notice::JOB if services.mailer.folder().is_some() => "job-mail-write".to_owned(),
        kind => format!("job-{}", kind.replace('.', "-")),
    };
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { kind.to_owned() }
}

/// How far a job is. One that is done has done all of it, but for those that take a part of what waits at a time: they say
/// in words how much it was.
fn how_far(row: &JobRow, lang: Lang) -> (Option<(i64, i64)>, String) {
    let (done, total) = (row.progress_done, row.progress_total);
    if total <= 0 {
        return (None, String::new());
    }
    if row.state != "done" {
        return (Some((done, total)), String::new());
    }
    let part = if done < total { "-part" } else { "" };
    let key = format!("job-covered-{}{part}", row.kind.replace('.', "-"));
    match i18n::try_with(lang, &key, &[("done", done.to_string()), ("all", total.to_string())]) {
        Some(covered) => (None, covered),
        None => (Some((total, total)), String::new()),
    }
}

fn line(row: &JobRow, services: &Services, lang: Lang) -> WorkLine {
    let zone = services.settings.time_zone;
    let (progress, covered) = how_far(row, lang);
    WorkLine {
        id: row.id,
        name: kind_word(services, lang, &row.kind),
        to: String::new(),
        created: local(row.created_at, zone),
        finished: row.finished_at.map_or_else(String::new, |at| local(at, zone)),
        state: state_chip(lang, row),
        progress,
        covered,
        attempts: format!("{} / {}", row.attempts, row.max_attempts),
        next: if row.state == "queued" { local(row.run_at, zone) } else { String::new() },
        // What the mail server said may hold an address; the page of mail shows it masked.
        answer: row
            .last_error
            .clone()
            .filter(|_| row.state != "done" && row.kind != notice::JOB)
            .unwrap_or_default(),
        is_written: false,
        can_retry: row.kind != notice::JOB
            && (row.state == "failed" || (row.state == "queued" && row.last_error.is_some())),
    }
}

/// Whether a kind of job is called something: one that may be asked for though none is on record.
fn has_word(lang: Lang, kind: &str) -> bool {
    i18n::has(lang, &format!("job-{}", kind.replace('.', "-")))
}

/// The state that the list is asked for. A fault is in the form.
fn read_state(asked: &mut Form) -> Option<&'static str> {
    asked.asked("state", |raw| STATES.into_iter().find(|state| *state == raw))
}

/// Where the list begins. A fault is in the form.
fn read_edge(asked: &mut Form) -> Edge<Id> {
    asked.asked_edge(|raw| raw.parse().ok())
}

pub(super) async fn page(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let query = Query::new(&request.uri().to_string());
    let mut asked = Form::query(&request);
    let (state, edge, limit) = (read_state(&mut asked), read_edge(&mut asked), limit()?);
    let lang = me.lang;
    let (asked, rows, kinds, failed) = services
        .db
        .read(move |conn| {
            let kinds = jobs::kinds(conn)?;
            // A kind that no job is of is asked for by links all the same, where it has a word.
            let is_kind = |raw: &str| kinds.iter().any(|kind| kind == raw) || has_word(lang, raw);
            let kind = asked.asked("kind", |raw| is_kind(raw).then(|| raw.to_owned()));
            let rows = if asked.errors().is_empty() {
                jobs::page(conn, state, kind.as_deref(), edge, limit)?
            } else {
                Vec::new()
            };
            Ok((asked, rows, kinds, jobs::failed(conn, notice::JOB)?))
        })
        .await?;
    let is_understood = asked.errors().is_empty();
    let page = Page::of(rows, PAGE, &edge);
    let t = |key: &str| i18n::t(lang, key);
    let states: Vec<Choice> = STATES.map(|s| Choice::new(s, t(&format!("people-job-{s}")))).into();
    let kinds: Vec<Choice> =
        kinds.iter().map(|kind| Choice::new(kind, kind_word(&services, lang, kind))).collect();
    let named: [(&str, String, &[Choice]); 2] =
        [("state", t("state"), &states), ("kind", t("people-field-kind"), &kinds)];
    let page = JobsPage {
        failed,
        active: Active::chosen(&query, &named),
        c: session::chrome(&request, &services, &me, &t("nav-jobs")),
        filter: FormView::filter("people-field-", query.pairs(), asked.errors()),
        is_understood,
        lines: page.rows.iter().map(|row| line(row, &services, lang)).collect(),
        states,
        kinds,
        pager: page.pager(&query, |row| row.id.to_string()),
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

pub(super) async fn retry(me: Admin, services: Data<Services>, id: Path<Id>) -> Result<HttpResponse> {
    let id = id.into_inner();
    services
        .db
        .write(me.origin(), move |tx| {
            jobs::retry_now(tx, id)?;
            audit::record(tx, Entry::new("job.retry").object("job", id)).map(|_| ())
        })
        .await?;
    Ok(see_other("/admin/jobs?ok=job-retried"))
}

/// So many are woken by one press of the button.
pub(super) const AT_ONCE: i64 = 200;

/// Every failed job but those that send mail, which has a page of its own.
pub(super) async fn retry_failed(me: Admin, services: Data<Services>) -> Result<HttpResponse> {
    services
        .db
        .write(me.origin(), move |tx| {
            let woken = jobs::retry_failed(tx, notice::JOB, AT_ONCE)?;
            if woken.is_empty() {
                return Err(AppError::Conflict("conflict-nothing-failed"));
            }
            audit::record(tx, Entry::new("job.retry").objects("job", woken)).map(|_| ())
        })
        .await?;
    Ok(see_other("/admin/jobs?ok=jobs-retried"))
}
