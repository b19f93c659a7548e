//! What happened to an entry, for its page: proposed and decided on, taken back, and that decided on in its turn.

use super::{
    detail::Found,
    detail_page::{is_ours, who},
    model::Decision,
    store::{ConfirmationRow, OutcomeRow},
};
use crate::{
    directory::people::Actor,
    platform::{
        db::{Id, Instant},
        http::{
            layout::Chrome,
            view::{Event, Link, Tone},
        },
        paths,
        time::{self, Tz},
    },
};

/// What is read, by whom.
struct Sight<'a> {
    c: &'a Chrome,
    me: &'a Actor,
    found: &'a Found,
    zone: Tz,
}

impl Sight<'_> {
    fn event(
        &self,
        at: Instant,
        (by, side): (Option<Id>, &str),
        key: &str,
        body: String,
        tone: Tone,
    ) -> Event {
        Event {
            time: time::format_instant(at, self.zone, self.c.language),
            datetime: at.to_string(),
            actor: who(self.c, self.me, self.found, by, side),
            title: self.c.t(key),
            body,
            tone,
            link: None,
        }
    }

    fn text(&self, id: Option<Id>) -> String {
        id.and_then(|id| self.found.remarks.get(&id)).cloned().unwrap_or_default()
    }

    /// That the entry, or the counter-entry, was proposed.
    fn proposed(&self, row: &OutcomeRow, key: &str, body: String, tone: Tone) -> Event {
        self.event(row.asserted_at, (row.asserted_by, &row.asserted_side), key, body, tone)
    }

    /// The decision, by the one who made it.
    fn decided(&self, done: &ConfirmationRow, key: &str, tone: Tone) -> Event {
        let body = self.text(done.remark_id);
        self.event(done.at, (done.actor_id, &done.side), key, body, tone)
    }
}

/// What happened, newest first.
pub(super) fn events(c: &Chrome, me: &Actor, found: &Found, zone: Tz) -> Vec<Event> {
    let (s, row) = (Sight { c, me, found, zone }, &found.row);
    let title = if row.corrects_id.is_some() { "outcome-event-countered" } else { "outcome-event-proposed" };
    let mut all = vec![s.proposed(row, title, String::new(), Tone::Info)];
    if let Some(done) = &found.confirmation {
        let (key, tone) = match done.decision() {
            Decision::Confirmed => ("outcome-event-confirmed", Tone::Good),
            Decision::Rejected => ("outcome-event-rejected", Tone::Bad),
        };
        all.push(s.decided(done, key, tone));
    }
    for (counter, decision) in &found.counters {
        let key = match decision {
            None if is_ours(me, found, counter) => "outcome-event-counter-waits-for-us",
            None if !found.agency_has_accounts => "outcome-event-counter-waits-second",
            None => "outcome-event-counter-waits",
            Some(_) => "outcome-event-countered",
        };
        let link = || Some(Link::new(c.t("outcome-counter-entry"), paths::outcome(counter.id)));
        let reason = s.text(counter.source_text_id);
        all.push(Event { link: link(), ..s.proposed(counter, key, reason, Tone::Warn) });
        let Some(done) = decision else { continue };
        let (key, tone) = match done.decision() {
            Decision::Confirmed => ("outcome-event-counter-confirmed", Tone::Warn),
            Decision::Rejected => ("outcome-event-counter-rejected", Tone::Info),
        };
        all.push(Event { link: link(), ..s.decided(done, key, tone) });
    }
    all.reverse();
    all
}
