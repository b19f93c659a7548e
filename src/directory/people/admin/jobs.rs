//! Background jobs: what runs, how far it is, what failed. Payloads (ids) are not shown.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use super::{
    pages::{JobsPage, WorkLine},
    web::{active, filter_form, limit, pager},
};
use crate::{
    audit::{self, Entry},
    directory::people::{guard::Admin, session, time::local},
    platform::{
        db::Id,
        error::Result,
        http::{
            html,
            link::Query,
            see_other,
            view::{Chip, Choice, Tone},
        },
        i18n::{self, Lang},
        jobs::{self, JobRow},
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

fn line(row: &JobRow, services: &Services, lang: Lang) -> WorkLine {
    let zone = services.settings.time_zone;
    let key = format!("job-{}", row.kind.replace('.', "-"));
    let total = row.progress_total;
    WorkLine {
        id: row.id,
        name: if i18n::has(lang, &key) { i18n::t(lang, &key) } else { row.kind.clone() },
        to: String::new(),
        created: local(row.created_at, zone),
        finished: row.finished_at.map_or_else(String::new, |at| local(at, zone)),
        state: state_chip(lang, row),
        progress: if total > 0 { format!("{} / {total}", row.progress_done) } else { String::new() },
        attempts: format!("{} / {}", row.attempts, row.max_attempts),
        // What the mail server said may hold an address; the page of mail shows it masked.
        error: row
            .last_error
            .clone()
            .filter(|_| row.state != "done" && row.kind != notice::JOB)
            .unwrap_or_default(),
        can_retry: row.kind != notice::JOB
            && (row.state == "failed" || (row.state == "queued" && row.last_error.is_some())),
    }
}

pub(super) async fn page(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let query = Query::new(&request.uri().to_string());
    let text = |name: &str| Some(query.get(name).to_owned()).filter(|v| !v.is_empty());
    let (state, kind, before) = (text("state"), text("kind"), query.get("after").parse::<Id>().ok());
    let limit = limit()?;
    let mut rows = services
        .db
        .read(move |conn| jobs::page(conn, state.as_deref(), kind.as_deref(), before, limit))
        .await?;
    let pager = pager(&query, &mut rows, |row| row.id.to_string());
    let lang = me.lang;
    let t = |key: &str| i18n::t(lang, key);
    let states: Vec<Choice> = STATES.map(|s| Choice::new(s, t(&format!("people-job-{s}")))).into();
    let named: [(&str, String, &[Choice]); 2] =
        [("state", t("state"), &states), ("kind", t("people-field-kind"), &[])];
    html(&JobsPage {
        active: active(&query, &named),
        c: session::chrome(&request, &services, &me, &t("nav-jobs")),
        filter: filter_form(&query, &["state", "kind"]),
        lines: rows.iter().map(|row| line(row, &services, lang)).collect(),
        states,
        pager,
    })
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
