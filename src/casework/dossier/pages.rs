//! What the pages of dossiers show.

use askama::Template;
use chrono_tz::Tz;

use super::{
    bag,
    download::Paper,
    model::{Dossier, Freeze, State},
    store::Withheld,
};
use crate::{
    casework::{evidence::time_stamp::StampView, lead::pages::Unlisted},
    directory::reference::categories,
    platform::{
        file_size,
        http::{
            form_view::FormView,
            layout::Chrome,
            view::{Chip, Fact, Link, Step, StepState, Tone, groups_of_four},
        },
        i18n::{self, Lang},
        paths, time,
    },
};

/// The versions of a lead.
#[derive(Template)]
#[template(path = "casework/dossier/list.html")]
pub struct ListPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub versions: Vec<VersionView>,
    /// Where the next version is made; empty: not now, or not by this person.
    pub new_href: String,
    /// Where the newest version is handed to the approvers; empty: not by this person.
    pub submit_action: String,
    /// What its papers do not mention, as it has nothing of it.
    pub unlisted: Unlisted,
    /// Photographs of sealed media that the newest version leaves out; empty: none, or it was handed over.
    pub photographs: String,
    /// Why it can't be handed over as it is; empty: it can.
    pub obstacle: String,
    pub form: FormView,
}

/// One version with its dossiers.
pub struct VersionView {
    pub title: String,
    pub made: String,
    pub note: String,
    /// That it was submitted, or what was decided about it; empty: it was not submitted.
    pub submitted: String,
    pub rows: Vec<RowView>,
}

/// One dossier in a list.
pub struct RowView {
    pub href: String,
    pub agency: String,
    pub folder: String,
    pub state: Chip,
    pub manifest: String,
}

impl RowView {
    /// `newest`: the lead's newest version.
    pub fn new(one: &Dossier, decision: Option<&str>, newest: i32, lang: Lang) -> Self {
        Self {
            href: paths::dossier(one.id),
            agency: agency_name(one, lang),
            folder: one.folder.clone(),
            state: standing_chip(one, decision, newest, lang),
            manifest: one.manifest_sha256.clone().unwrap_or_default(),
        }
    }

    /// The manifest hash as it is read.
    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.manifest)
    }
}

/// One dossier.
#[derive(Template)]
#[template(path = "casework/dossier/show.html")]
pub struct ShowPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub state: Chip,
    pub synthetic: bool,
    pub steps: Vec<Step>,
    /// The work that goes on.
    pub work: Option<WorkView>,
    /// This page's address.
    pub href: String,
    pub facts: Vec<Fact>,
    pub manifest: String,
    pub content: String,
    pub papers: Vec<Link>,
    pub package: Option<PackageView>,
    pub files: Vec<FileView>,
    pub withheld: Vec<WithheldView>,
    /// Time stamps over the seal.
    pub stamps: Vec<StampView>,
    pub seal_json: String,
    pub seal_signature: String,
    /// Where it can be sent from; empty: not yet, or not by this person.
    pub send_href: String,
}

impl ShowPage {
    pub fn manifest_groups(&self) -> Vec<&str> {
        groups_of_four(&self.manifest)
    }

    pub fn content_groups(&self) -> Vec<&str> {
        groups_of_four(&self.content)
    }

    pub fn file_count(&self) -> String {
        self.files.len().to_string()
    }

    pub fn withheld_count(&self) -> String {
        self.withheld.len().to_string()
    }
}

/// Work on a dossier that is not done.
pub struct WorkView {
    pub label: String,
    pub done: i64,
    pub total: i64,
    /// Its last failure, or what it waits for, in words; empty: none.
    pub failed: String,
    /// Where it is begun again; empty: it goes on by itself, or not by this person.
    pub retry_action: String,
}

/// The package, to be fetched.
pub struct PackageView {
    pub href: String,
    pub name: String,
    pub size: String,
    pub sha256: String,
    /// Where it is fetched encrypted; empty: there is no key that it could be encrypted to.
    pub encrypted: String,
    /// The fingerprints of the keys.
    pub keys: Vec<String>,
}

impl PackageView {
    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.sha256)
    }
}

/// A frozen file.
pub struct FileView {
    pub path: String,
    pub size: String,
    pub sha256: String,
}

impl FileView {
    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.sha256)
    }
}

/// An item that is kept back.
pub struct WithheldView {
    pub number: i32,
    pub category: String,
    pub reason: String,
    pub commitment: String,
}

impl WithheldView {
    pub fn new(row: &Withheld, lang: Lang) -> Self {
        Self {
            number: row.number,
            category: category_name(&row.category, lang),
            reason: i18n::t(lang, &format!("dossier-withheld-{}", row.reason_code)),
            commitment: data_encoding::HEXLOWER.encode(&row.commitment),
        }
    }

    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.commitment)
    }
}

pub fn agency_name(one: &Dossier, lang: Lang) -> String {
    lang.pick(&one.agency_name_zh, &one.agency_name_en).to_owned()
}

pub fn state_chip(state: State, lang: Lang) -> Chip {
    Chip::new(i18n::t(lang, &format!("dossier-state-{}", state.as_str())), state.tone())
}

/// The state of a dossier whose composition was decided about: a version that came back waits for nothing.
pub fn decided_chip(state: State, decision: Option<&str>, lang: Lang) -> Chip {
    match decision {
        Some(decision @ ("returned" | "withdrawn" | "void")) if state == State::Frozen => {
            Chip::new(i18n::t(lang, &format!("review-state-{decision}")), Tone::Muted)
        }
        _ => state_chip(state, lang),
    }
}

/// Whether a version that was never submitted waits for nothing, as the lead has a newer one.
pub fn is_superseded(one: &Dossier, decision: Option<&str>, newest: i32) -> bool {
    newest > one.version && decision.is_none() && matches!(one.state(), State::Freezing | State::Frozen)
}

/// The state of a dossier, beside the lead's newest version.
pub fn standing_chip(one: &Dossier, decision: Option<&str>, newest: i32, lang: Lang) -> Chip {
    if is_superseded(one, decision, newest) {
        let words = i18n::t_with(lang, "dossier-superseded", &[("n", newest.to_string())]);
        return Chip::new(words, Tone::Muted);
    }
    decided_chip(one.state(), decision, lang)
}

pub fn category_name(code: &str, lang: Lang) -> String {
    categories().get(code).map_or_else(|| code.to_owned(), |found| found.name(lang).to_owned())
}

/// The way of a dossier. `came_back`: its version was returned, taken back or replaced, and goes no further.
pub fn steps(one: &Dossier, submitted: bool, came_back: bool, lang: Lang, zone: Tz) -> Vec<Step> {
    let when = |at: Option<crate::platform::db::Instant>| {
        at.map_or_else(String::new, |at| time::table_instant(at, zone))
    };
    let reached = [
        ("composed", Some(one.created_at)),
        ("frozen", one.frozen_at),
        ("approved", one.approved_at),
        ("sealed", one.sealed_at),
        ("packed", one.packed.map(|(at, _)| at)),
    ];
    let next = reached.iter().position(|(_, at)| at.is_none()).unwrap_or(reached.len());
    reached
        .iter()
        .enumerate()
        .map(|(place, (name, at))| {
            let waits = *name == "approved" && !submitted;
            let state = match place {
                done if done < next => StepState::Done,
                now if now == next && came_back => StepState::Stopped,
                now if now == next && !waits => StepState::Current,
                _ => StepState::Todo,
            };
            Step::new(i18n::t(lang, &format!("dossier-step-{name}")), when(*at), state)
        })
        .collect()
}

/// The papers that can be read, once frozen.
pub fn papers(one: &Dossier, lang: Lang) -> Vec<Link> {
    if one.manifest_sha256.is_none() {
        return Vec::new();
    }
    [Paper::Letter, Paper::Report, Paper::List]
        .into_iter()
        .map(|paper| {
            let key = format!("dossier-paper-{}", paper.name().replace('.', "-"));
            Link::new(i18n::t(lang, &key), format!("{}/{}", paths::dossier(one.id), paper.name()))
        })
        .collect()
}

/// The frozen files, papers first.
pub fn files(freeze: Option<&Freeze>) -> Vec<FileView> {
    let files = freeze.map_or(&[][..], |freeze| &freeze.files);
    let mut views: Vec<FileView> = files
        .iter()
        .map(|file| FileView {
            path: file.path.clone(),
            size: file_size::short(file.size),
            sha256: file.sha256.clone(),
        })
        .collect();
    views.sort_by_key(|file| !bag::is_paper(&file.path));
    views
}
