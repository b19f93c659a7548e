//! The queue of mail: what was sent, what failed and why. Addresses are shown with their middle hidden, links (which
//! may be secrets) not at all.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use super::{
    jobs::AT_ONCE,
    pages::{MailPage, WorkLine},
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
        keyset::Page,
        notice::{self, MessageRow},
        services::Services,
    },
};

const STATES: [&str; 3] = ["queued", "sent", "failed"];

/// `lin.ke@example.com` as `l…e@example.com`.
pub(super) fn masked(address: &str) -> String {
    let Some((name, host)) = address.rsplit_once('@') else { return "…".into() };
    let mut letters = name.chars();
    match (letters.next(), letters.next_back()) {
        (Some(first), Some(last)) => format!("{first}…{last}@{host}"),
        _ => format!("…@{host}"),
    }
}

/// `state`: as [`MessageRow::standing`] has it.
fn state_chip(lang: Lang, state: &str) -> Chip {
    let tone = match state {
        "sent" => Tone::Good,
        "written" => Tone::Neutral,
        "failed" => Tone::Bad,
        _ => Tone::Info,
    };
    Chip::new(i18n::t(lang, &format!("people-mail-{state}")), tone)
}

fn line(row: &MessageRow, job: Option<&JobRow>, services: &Services, lang: Lang) -> WorkLine {
    let zone = services.settings.time_zone;
    let error = job.and_then(|job| job.last_error.clone()).unwrap_or_default();
    let said = if row.state == "sent" { &row.answer } else { &error };
    let waits = job.filter(|job| row.state == "queued" && job.state == "queued");
    WorkLine {
        id: row.id,
        name: i18n::t(lang, &format!("notice-{}", row.template)),
        to: masked(&row.to_address),
        created: local(row.created_at, zone),
        finished: row.sent_at.map_or_else(String::new, |at| local(at, zone)),
        state: state_chip(lang, row.standing()),
        progress: None,
        covered: String::new(),
        attempts: job.map_or_else(String::new, |job| format!("{} / {}", job.attempts, job.max_attempts)),
        next: waits.map_or_else(String::new, |job| local(job.run_at, zone)),
        answer: said.replace(&row.to_address, &masked(&row.to_address)),
        is_written: row.is_written(),
        can_retry: row.state != "sent" && row.job_id.is_some(),
    }
}

/// What the list is asked for. The faults are in the form.
fn read(asked: &mut Form) -> notice::Filter {
    let known = |words: &'static [&'static str]| move |raw: &str| words.iter().find(|word| **word == raw);
    notice::Filter {
        state: asked.asked("state", known(&STATES)).map(|word| (*word).to_owned()),
        template: asked.asked("template", known(&notice::TEMPLATES)).map(|word| (*word).to_owned()),
        edge: asked.asked_edge(|raw| raw.parse().ok()),
    }
}

pub(super) async fn page(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let query = Query::new(&request.uri().to_string());
    let mut asked = Form::query(&request);
    let filter = read(&mut asked);
    let is_understood = asked.errors().is_empty();
    let limit = limit()?;
    let (page, found, failed) = services
        .db
        .read(move |conn| {
            let rows = if is_understood { notice::page(conn, &filter, limit)? } else { Vec::new() };
            let page = Page::of(rows, PAGE, &filter.edge);
            let ids: Vec<Id> = page.rows.iter().filter_map(|row| row.job_id).collect();
            let found: HashMap<Id, JobRow> =
                jobs::find_many(conn, &ids)?.into_iter().map(|job| (job.id, job)).collect();
            let failed = notice::unsent(conn)?.into_iter().find(|(state, _)| state == "failed");
            Ok((page, found, failed.map_or(0, |(_, n)| n)))
        })
        .await?;
    let lang = me.lang;
    let t = |key: &str| i18n::t(lang, key);
    let folder = services.mailer.folder().map_or_else(String::new, |f| f.display().to_string());
    // Without a server nothing is sent.
    let word = |state: &str| match state {
        "sent" if !folder.is_empty() => t("people-mail-written"),
        state => t(&format!("people-mail-{state}")),
    };
    let states: Vec<Choice> = STATES.map(|s| Choice::new(s, word(s))).into();
    let templates: Vec<Choice> = notice::TEMPLATES.map(|n| Choice::new(n, t(&format!("notice-{n}")))).into();
    let named: [(&str, String, &[Choice]); 2] =
        [("state", t("state"), &states), ("template", t("people-mail-template"), &templates)];
    let job_of = |row: &MessageRow| row.job_id.and_then(|id| found.get(&id));
    let page = MailPage {
        failed,
        active: Active::chosen(&query, &named),
        c: session::chrome(&request, &services, &me, &t("nav-mail")),
        sent_at: t(if folder.is_empty() { "people-mail-sent-at" } else { "people-mail-written-at" }),
        folder,
        filter: FormView::filter("people-field-", query.pairs(), asked.errors()),
        is_understood,
        lines: page.rows.iter().map(|row| line(row, job_of(row), &services, lang)).collect(),
        states,
        templates,
        pager: page.pager(&query, |row| row.id.to_string()),
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

pub(super) async fn retry(me: Admin, services: Data<Services>, id: Path<Id>) -> Result<HttpResponse> {
    let id = id.into_inner();
    services
        .db
        .write(me.origin(), move |tx| {
            notice::retry(tx, id)?;
            audit::record(tx, Entry::new("mail.retry").object("mail", id)).map(|_| ())
        })
        .await?;
    Ok(see_other("/admin/mail?ok=mail-retried"))
}

/// Every message that could not be sent.
pub(super) async fn retry_failed(me: Admin, services: Data<Services>) -> Result<HttpResponse> {
    services
        .db
        .write(me.origin(), move |tx| {
            let tried = notice::retry_failed(tx, AT_ONCE)?;
            if tried.is_empty() {
                return Err(AppError::Conflict("conflict-nothing-failed"));
            }
            audit::record(tx, Entry::new("mail.retry").objects("mail", tried)).map(|_| ())
        })
        .await?;
    Ok(see_other("/admin/mail?ok=mails-retried"))
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_is_shown_without_its_middle() {
        assert_eq!(masked("lin.ke@example.com"), "l…e@example.com");
        assert_eq!(masked("l@example.com"), "…@example.com");
        assert_eq!(masked("nonsense"), "…");
    }
}
