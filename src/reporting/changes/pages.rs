//! What changed, in words.

use askama::Template;
use chrono_tz::Tz;

use super::store::{Change, Changes, Person};
use crate::{
    audit,
    directory::people::{Actor, Role},
    platform::{
        db::Id,
        http::{layout::Chrome, steps_back::Ways, view::Tone},
        paths, time,
    },
    reporting::words,
};

/// One thing that changed.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub time: String,
    /// For machines.
    pub datetime: String,
    pub actor: String,
    pub title: String,
    /// What it is about, and where that is.
    pub label: String,
    pub href: String,
    pub tone: Tone,
    /// The same for the log: kind and id.
    pub object: Option<(&'static str, Id)>,
}

/// What an entry is about: what it is called, where it is, and the same for the log.
type About = (String, String, Option<(&'static str, Id)>);

/// How what changed is read.
pub struct Sight<'a> {
    pub c: &'a Chrome,
    pub me: &'a Actor,
    /// The platform's organisation, as an agency knows it.
    pub organisation: &'a str,
    pub zone: Tz,
}

/// The page.
#[derive(Template)]
#[template(path = "reporting/changes.html")]
pub struct ChangesPage {
    pub c: Chrome,
    /// Since when, in words.
    pub since: String,
    pub lines: Vec<Line>,
    /// Microseconds of the newest of them, for the button; 0: none.
    pub until: i64,
    /// To what is not on this page.
    pub ways: Ways,
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

impl Sight<'_> {
    /// Who did it: an agency knows its own people by name, of the platform that it did, and of others nothing.
    fn who(&self, change: &Change, people: &std::collections::HashMap<Id, Person>) -> String {
        let known = change.actor_id.and_then(|id| people.get(&id));
        match (self.me.agency_id(), known) {
            (None, Some((name, _))) => name.clone(),
            (None, None) => words::actor_name(self.c.language, &change.actor_name),
            (Some(own), Some((name, Some(agency)))) if *agency == own => name.clone(),
            (Some(_), Some((_, Some(_)))) => self.c.t("changes-other-agency"),
            (Some(_), _) => self.organisation.to_owned(),
        }
    }

    /// What it is about: the case, else the transfer, else the lead; none where the reader may see none of them.
    fn about(&self, change: &Change, found: &Changes) -> Option<About> {
        let called = &found.called;
        let of = |kind: &'static str| {
            change.objects.iter().filter(move |(known, _)| known == kind).map(|(_, id)| *id)
        };
        let agency_of = |names: &(String, String)| {
            if self.me.agency.is_some() {
                String::new()
            } else {
                self.c.language.pick(&names.0, &names.1).to_owned()
            }
        };
        if let Some((id, (number, title, names))) =
            of("case").find_map(|id| Some((id, called.cases.get(&id)?)))
        {
            let none = self.c.t("case-no-number");
            let number = if number.is_empty() { &none } else { number };
            let href = format!("{}#timeline", paths::case(id));
            return Some((joined(&[number, &agency_of(names), title]), href, Some(("case", id))));
        }
        if let Some((id, (number, title, names))) =
            of("transfer").find_map(|id| Some((id, called.transfers.get(&id)?)))
        {
            let part = if change.verb == "transfer.message" { "messages" } else { "timeline" };
            let href = format!("{}#{part}", paths::transfer(id));
            return Some((joined(&[number, &agency_of(names), title]), href, Some(("transfer", id))));
        }
        if let Some((id, (number, title))) = of("lead").find_map(|id| Some((id, called.leads.get(&id)?))) {
            // What waits for an approver is decided on the page of the review.
            let is_to_review = change.verb == "lead.submit" && self.me.has(Role::Approver);
            let href = match of("review").next().filter(|_| is_to_review) {
                Some(review) => paths::approval(review),
                None => format!("{}#timeline", paths::lead(id)),
            };
            return Some((joined(&[number, title]), href, Some(("lead", id))));
        }
        self.about_house(change, found)
    }

    /// What it is about of what administrators look after.
    fn about_house(&self, change: &Change, found: &Changes) -> Option<About> {
        let called = &found.called;
        let of = |kind: &'static str| {
            change.objects.iter().filter(move |(known, _)| known == kind).map(|(_, id)| *id)
        };
        let whole =
            |kind: &str, href: &str| (audit::object_name(self.c.language, kind), href.to_owned(), None);
        match change.verb.as_str() {
            "region.import" => return Some(whole("region", paths::REFERENCE)),
            "calendar.import" => return Some(whole("calendar", paths::REFERENCE)),
            "agency.import" => return Some(whole("agency", paths::AGENCIES)),
            _ => {}
        }
        if let Some((id, name)) = of("person").find_map(|id| Some((id, called.accounts.get(&id)?))) {
            let href = format!("{}/{id}", paths::ADMIN_PEOPLE);
            return Some((name.clone(), href, Some(("person", id))));
        }
        if let Some((id, name)) = of("invitation").find_map(|id| Some((id, called.invitations.get(&id)?))) {
            return Some((name.clone(), paths::ADMIN_PEOPLE.to_owned(), Some(("invitation", id))));
        }
        if let Some((id, template)) = of("mail").find_map(|id| Some((id, called.mail.get(&id)?))) {
            let href = format!("{}?state=failed", paths::ADMIN_MAIL);
            return Some((self.c.t(format!("notice-{template}")), href, Some(("mail", id))));
        }
        let (id, names) = of("agency").find_map(|id| Some((id, called.agencies.get(&id)?)))?;
        let name = self.c.language.pick(&names.0, &names.1).to_owned();
        Some((name, paths::agency(id), Some(("agency", id))))
    }

    /// What happened. To the agency that it was forwarded to it came from elsewhere: the log names the forwarding one's
    /// transfer first.
    fn title(&self, change: &Change, shown: Option<Id>) -> String {
        let first = change.objects.iter().find(|(kind, _)| kind == "transfer").map(|(_, id)| *id);
        if change.verb == "transfer.forward" && self.me.agency.is_some() && first != shown {
            return self.c.t("changes-arrived");
        }
        audit::verb_title(self.c.language, &change.verb)
    }

    /// The changes in words.
    pub fn lines(&self, found: &Changes) -> Vec<Line> {
        let line = |change: &Change| {
            let (label, href, object) = self.about(change, found)?;
            Some(Line {
                time: time::format_instant(change.at, self.zone, self.c.language),
                datetime: change.at.to_string(),
                actor: self.who(change, &found.people),
                title: self.title(change, object.map(|(_, id)| id)),
                label,
                href,
                tone: words::tone(&change.verb, false),
                object,
            })
        };
        found.rows.iter().filter_map(line).collect()
    }
}

/// Microseconds of the newest change; 0: there is none.
pub fn until(found: &Changes) -> i64 {
    found.rows.first().map_or(0, |change| change.at.micros())
}
