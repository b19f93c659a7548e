//! Kinds of events that an account chooses about, and what it chose.

use std::collections::BTreeMap;

use diesel::{dsl::count_star, prelude::*};

use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{notice_choice, notice_pending},
    },
    error::Result,
    paths,
    words::words,
};

words!(
    /// What a notice tells of. What has none (an invitation, a link for a new password, an alarm about stored evidence,
    /// the end of what the account itself asked for) always leaves at once.
    Event {
        /// Something was sent or forwarded to an agency.
        NewTransfer = "new-transfer",
        /// A transfer moved on.
        Progress = "progress",
        /// Material was asked for or supplied.
        Supplement = "supplement",
        Message = "message",
        /// A time limit ends soon, or has ended.
        Deadline = "deadline",
        /// A lead waits for review, or came back from it.
        Review = "review",
        /// An outcome waits for a decision.
        Outcome = "outcome",
        /// A forward waits for the platform.
        Forward = "forward",
        /// A colleague called one in a comment.
        Mention = "mention",
    }
);

words!(
    /// How notices of an event come.
    Way {
        AtOnce = "at-once",
        /// Counted in one mail on the morning of a working day.
        Digest = "digest",
        Never = "none",
    }
);

impl Event {
    /// What a notice of this template tells of; `None`: nothing that anybody chooses about.
    pub fn of(template: &str) -> Option<Self> {
        Some(match template {
            "transfer-sent" | "transfer-forwarded" => Self::NewTransfer,
            "transfer-moved" => Self::Progress,
            "supplement-asked" | "supplement-answered" => Self::Supplement,
            "message-received" => Self::Message,
            "deadline-soon" | "deadline-passed" => Self::Deadline,
            "approval-waiting" | "dossier-returned" => Self::Review,
            "outcome-to-confirm" => Self::Outcome,
            "forward-waiting" => Self::Forward,
            "comment-mention" => Self::Mention,
            _ => return None,
        })
    }

    /// The list in which one finds it.
    pub fn list(self) -> &'static str {
        match self {
            Self::NewTransfer | Self::Progress | Self::Supplement | Self::Message | Self::Forward => {
                paths::TRANSFERS
            }
            Self::Deadline | Self::Mention => paths::HOME,
            Self::Review => paths::APPROVALS,
            Self::Outcome => paths::OUTCOMES,
        }
    }
}

/// What an account chose; an event that is not there comes at once.
///
/// # Errors
/// Those of the database.
pub fn choices(conn: &mut Connection, person: Id) -> Result<BTreeMap<Event, Way>> {
    let rows: Vec<(String, String)> = notice_choice::table
        .filter(notice_choice::person_id.eq(person))
        .select((notice_choice::event, notice_choice::way))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(event, way)| Some((event.parse().ok()?, way.parse().ok()?))).collect())
}

/// Keeps what an account chose, for the events that are named. What is not wanted any more does not come with the next
/// collected mail either. The caller writes the audit entry.
///
/// # Errors
/// Those of the database.
pub fn choose(tx: &mut Tx<'_>, person: Id, chosen: &BTreeMap<Event, Way>) -> Result<()> {
    for (event, way) in chosen {
        diesel::delete(notice_choice::table.find((person, event.as_str()))).execute(tx.conn())?;
        if *way != Way::AtOnce {
            diesel::insert_into(notice_choice::table)
                .values((
                    notice_choice::person_id.eq(person),
                    notice_choice::event.eq(event.as_str()),
                    notice_choice::way.eq(way.as_str()),
                ))
                .execute(tx.conn())?;
        }
        if *way == Way::Never {
            let waiting = notice_pending::table
                .filter(notice_pending::person_id.eq(person))
                .filter(notice_pending::event.eq(event.as_str()));
            diesel::delete(waiting).execute(tx.conn())?;
        }
    }
    Ok(())
}

/// How a notice of an event comes to an account.
pub(super) fn way_of(conn: &mut Connection, person: Id, event: Event) -> Result<Way> {
    let chosen: Option<String> = notice_choice::table
        .find((person, event.as_str()))
        .select(notice_choice::way)
        .first(conn)
        .optional()?;
    Ok(chosen.and_then(|way| way.parse().ok()).unwrap_or(Way::AtOnce))
}

/// Keeps for the next collected mail that something happened.
pub(super) fn collect(tx: &mut Tx<'_>, person: Id, event: Event) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(notice_pending::table)
        .values((
            notice_pending::id.eq(Id::new()),
            notice_pending::person_id.eq(person),
            notice_pending::event.eq(event.as_str()),
            notice_pending::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// At most `limit` accounts after `after` for which something was kept before `until`, in the order of their ids.
///
/// # Errors
/// Those of the database.
pub fn waiting_for(conn: &mut Connection, until: Instant, after: Option<Id>, limit: i64) -> Result<Vec<Id>> {
    let after = after.unwrap_or(Id::from_bytes([0; 16]));
    Ok(notice_pending::table
        .filter(notice_pending::created_at.lt(until))
        .filter(notice_pending::person_id.gt(after))
        .select(notice_pending::person_id)
        .distinct()
        .order(notice_pending::person_id)
        .limit(limit)
        .load(conn)?)
}

/// Takes what was kept for an account before `until`: how much of each kind. It is gone with the open transaction.
///
/// # Errors
/// Those of the database.
pub fn take_waiting(tx: &mut Tx<'_>, person: Id, until: Instant) -> Result<BTreeMap<Event, i64>> {
    let waiting = notice_pending::table
        .filter(notice_pending::person_id.eq(person))
        .filter(notice_pending::created_at.lt(until));
    let rows: Vec<(String, i64)> = waiting
        .group_by(notice_pending::event)
        .select((notice_pending::event, count_star()))
        .load(tx.conn())?;
    diesel::delete(
        notice_pending::table
            .filter(notice_pending::person_id.eq(person))
            .filter(notice_pending::created_at.lt(until)),
    )
    .execute(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(event, n)| Some((event.parse().ok()?, n))).collect())
}

#[cfg(test)]
mod tests {
    use super::Event;
    use crate::platform::notice::TEMPLATES;

    /// Who has to set a password, accepts an invitation or tries whether mail arrives is told so whatever they chose; so is an
    /// administrator whose evidence is not as it was stored, and who asked for a redacted copy that took long.
    #[test]
    fn every_notice_tells_of_an_event_but_those_that_always_come() {
        let always: Vec<&str> = TEMPLATES.into_iter().filter(|name| Event::of(name).is_none()).collect();
        assert_eq!(
            always,
            ["invitation", "password-reset", "mail-test", "digest", "evidence-alarm", "redaction-ended"]
        );
    }
}
