//! The page of a case with its newest entries, and with what became of them among its steps: the desk's page, answered
//! from here, where the ledger is known too.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    list::{self, Filter, ListRow},
    list_page::amount_of,
    model::Decision,
    sort::{By, Sort},
    store::{self, ConfirmationRow, OutcomeRow},
};
use crate::{
    audit::{self, Entry},
    casework::lead::remark,
    directory::people::{Actor, BothSides, Side, session},
    handover::desk::{CasePage, Happening, OutcomeLine, Reading, read_case},
    platform::{
        db::{Connection, Id, Instant},
        error::Result,
        http::{
            layout::Chrome,
            reply::html,
            view::{Chip, Event, Link, Tone},
        },
        i18n,
        keyset::Edge,
        paths,
        services::Services,
        time::{self, Tz},
    },
};

/// So many entries stand on the page; the list has all.
const SHOWN: i64 = 10;

/// The timeline tells of so many of the entries that were made last; the list has all.
const TOLD: usize = 100;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/cases/{id}", web::get().to(show));
}

fn line(c: &Chrome, found: &ListRow) -> OutcomeLine {
    let (row, state) = (&found.row, found.state());
    OutcomeLine {
        href: paths::outcome(row.id),
        date: time::format_date(row.happened_on, c.language),
        date_iso: row.happened_on.to_string(),
        kind: c.t(row.kind().key()),
        what: amount_of(row, c.language),
        is_counter: row.corrects_id.is_some(),
        state: Chip::new(c.t(state.key()), found.tone()),
    }
}

/// Entries as the timeline tells of them.
struct Ledger {
    /// Newest first.
    entries: Vec<(OutcomeRow, Option<ConfirmationRow>)>,
    has_more: bool,
    /// Reasons of counter-entries and of decisions.
    texts: HashMap<Id, String>,
    /// Names and sides of those who acted.
    people: HashMap<Id, (String, String)>,
}

impl Ledger {
    fn read(conn: &mut Connection, case: Id) -> Result<Self> {
        // The one behind those that are told of says that there are more.
        let mut entries = store::of_case(conn, case, TOLD as i64 + 1)?;
        let has_more = entries.len() > TOLD;
        entries.truncate(TOLD);
        let (mut texts, mut people) = (Vec::new(), Vec::new());
        for (row, decision) in &entries {
            texts.extend(row.source_text_id.filter(|_| row.corrects_id.is_some()));
            people.extend(row.asserted_by);
            if let Some(done) = decision {
                texts.extend(done.remark_id);
                people.extend(done.actor_id);
            }
        }
        let texts = remark::bodies(conn, texts)?;
        Ok(Self { texts, people: store::person_names(conn, &people)?, entries, has_more })
    }

    fn text(&self, id: Option<Id>) -> String {
        id.and_then(|id| self.texts.get(&id)).cloned().unwrap_or_default()
    }

    /// Each entry and the decision on it at the day on which it was made, oldest first; `agency` is the name of the
    /// case's.
    fn happenings(&self, c: &Chrome, me: &Actor, agency: &str, zone: Tz) -> Vec<Happening> {
        // Of the other side an agency learns the side alone.
        let who = |person: Option<Id>, side: &str| {
            let is_told = me.agency.is_none() || side == me.side.as_str();
            match person.filter(|_| is_told).and_then(|id| self.people.get(&id)) {
                Some((name, _)) => name.clone(),
                None if side == Side::Agency.as_str() => agency.to_owned(),
                None => c.t(format!("outcome-side-{side}")),
            }
        };
        let happening = |row: &OutcomeRow, at: Instant, event: Event| {
            let day = time::day_of(at, zone);
            let entry = format!("{} {}", c.t(row.kind().key()), amount_of(row, c.language));
            let link = Some(Link::new(entry.trim_end(), paths::outcome(row.id)));
            Happening {
                at,
                event: Event {
                    time: time::format_date(day, c.language),
                    datetime: day.to_string(),
                    link,
                    ..event
                },
            }
        };
        let mut all = Vec::new();
        for (row, decision) in self.entries.iter().rev() {
            let is_counter = row.corrects_id.is_some();
            let (title, body, tone) = if is_counter {
                ("outcome-event-countered", self.text(row.source_text_id), Tone::Warn)
            } else {
                let day = time::format_date(row.happened_on, c.language);
                ("verb-outcome-propose", c.tv("outcome-event-happened", "day", day), Tone::Info)
            };
            let actor = who(row.asserted_by, &row.asserted_side);
            let made = Event { actor, title: c.t(title), body, tone, ..Event::default() };
            all.push(happening(row, row.asserted_at, made));
            let Some(done) = decision else { continue };
            let (title, tone) = match (done.decision(), is_counter) {
                (Decision::Confirmed, false) => ("verb-outcome-confirm", Tone::Good),
                (Decision::Rejected, false) => ("verb-outcome-reject", Tone::Bad),
                (Decision::Confirmed, true) => ("outcome-event-counter-confirmed", Tone::Warn),
                (Decision::Rejected, true) => ("outcome-event-counter-rejected", Tone::Info),
            };
            let mark = if done.by_paper { c.t("outcome-by-paper") } else { String::new() };
            let body = [self.text(done.remark_id), mark];
            let body: Vec<String> = body.into_iter().filter(|part| !part.is_empty()).collect();
            let actor = who(done.actor_id, &done.side);
            let decided = Event { actor, title: c.t(title), body: body.join("\n"), tone, ..Event::default() };
            all.push(happening(row, done.at, decided));
        }
        all
    }
}

async fn show(
    me: BothSides,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let actor = me.actor().clone();
    let (found, entries, ledger) = services
        .db
        .write(me.origin(), move |tx| {
            let found = read_case(tx.conn(), &actor, id)?;
            let newest = Sort { by: By::Date, descending: true };
            let filter = Filter { case: Some(id), sort: newest, ..Filter::default() };
            // The one behind those that are shown tells that there are more.
            let entries = list::rows(tx.conn(), &actor, &filter, Edge::Start, SHOWN + 1)?;
            let ledger = Ledger::read(tx.conn(), id)?;
            let listed = entries.iter().take(SHOWN as usize).map(|entry| entry.row.id);
            let shown: Vec<Id> = listed.chain(ledger.entries.iter().map(|(row, _)| row.id)).collect();
            audit::record(tx, Entry::new("case.view").object("case", id).objects("outcome", shown))?;
            Ok((found, entries, ledger))
        })
        .await?;
    let name = if found.row.number.is_empty() {
        i18n::t(me.lang, "case-no-number")
    } else {
        found.row.number.clone()
    };
    let c = session::chrome(&request, &services, &me, &name);
    let lines = entries.iter().take(SHOWN as usize).map(|entry| line(&c, entry)).collect();
    let at = Reading { now: services.db.now(), zone: services.settings.time_zone };
    let besides = ledger.happenings(&c, &me, found.agency.name(c.language), at.zone);
    let mut page = CasePage::new(c, &me, &found, at, besides);
    page.entries = lines;
    page.has_more_entries = entries.len() > SHOWN as usize;
    page.has_more_events = ledger.has_more;
    html(&page)
}
