//! The job that sends one message.

use std::collections::BTreeMap;

use super::{
    letter::{self, Letter},
    store::{self, MessageRow},
};
use crate::platform::{
    db::Tx,
    error::{AppError, Plain, Result},
    i18n::Lang,
    jobs::{GiveUp, JobRow, Progress},
    mail::Message,
    services::Services,
};

fn message(services: &Services, row: &MessageRow) -> Result<Message> {
    let params: BTreeMap<String, String> = serde_json::from_str(&row.params)?;
    let letter = Letter {
        lang: Lang::parse(&row.locale).unwrap_or_default(),
        url: format!("{}{}", services.settings.base_url, row.link),
        organisation: services.settings.organisation.clone(),
        params,
    };
    let done = letter::render(&row.template, &letter)?;
    Ok(Message {
        to: row.to_address.clone(),
        subject: done.subject,
        text: done.text,
        html: done.html,
        id: row.id.to_string(),
        reply_to: None,
        date: row.created_at.utc(),
    })
}

fn deliver(services: &Services, job: &JobRow) -> Result<()> {
    let id =
        job.id_of("message").ok_or_else(|| AppError::internal(Plain("the job names no message".into())))?;
    let row = services.db.read_now(|conn| store::find(conn, id))?;
    if row.state == "sent" {
        return Ok(());
    }
    match services.mailer.send(&message(services, &row)?) {
        Ok(answer) => services.db.write_quiet_now(|tx| store::set_sent(tx, &row, &answer)),
        Err(e) if e.is_permanent() => Err(AppError::internal(GiveUp(e.to_string()))),
        Err(e) => Err(AppError::Unavailable(e.to_string())),
    }
}

/// What follows when a job of kind [`super::JOB`] is given up, however it came to that: its message stands among those
/// that failed, where it can be tried again.
///
/// # Errors
/// Those of the database.
pub fn given_up(tx: &mut Tx<'_>, job: &JobRow) -> Result<()> {
    match job.id_of("message") {
        Some(id) => store::set_failed(tx, id),
        None => {
            tracing::error!(job = %job.id, "the job that was given up names no message");
            Ok(())
        }
    }
}

/// The handler of jobs of kind [`super::JOB`].
pub fn handler(services: &Services) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, _| deliver(&services, job)
}
