//! What the pages of reviews show.

use askama::Template;

use super::store::Listed;
use crate::{
    casework::{
        dossier::{changed::Change, current::Since, model::Dossier},
        lead::related::pages::RelatedView,
    },
    directory::people::passkey::ToSign,
    platform::{
        http::{
            form_view::FormView,
            layout::Chrome,
            list_head::{Column, ListHead, StateTab},
            selection::{self, Picking, QueueView},
            view::{ActiveFilter, Chip, Choice, Fact, Link, Pager, SortHead, Tone, groups_of_four},
        },
        i18n::{self, Lang},
        paths,
    },
};

/// So many changes of a dossier are shown; the rest are counted.
const SHOWN: usize = 200;
/// So many characters of a changed text are shown.
const LONGEST: usize = 600;

/// The columns beside the number.
pub const COLUMNS: [Column; 5] = [
    Column::usual("title", "title"),
    Column::usual("version", "dossier-fact-version"),
    Column::usual("submitted", "review-fact-submitted"),
    Column::usual("state", "state"),
    Column::more("decided", "review-col-decided"),
];

/// Reviews, waiting or decided.
#[derive(Template)]
#[template(path = "casework/approval/list.html")]
pub struct ListPage {
    pub c: Chrome,
    pub tabs: Vec<StateTab>,
    pub head: ListHead,
    pub filter: FormView,
    pub people: Vec<Choice>,
    pub state: String,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    /// Parameters that have no field of their own.
    pub kept: Vec<(String, String)>,
    pub csv: String,
    pub xlsx: String,
    /// Head of the column that sorts.
    pub submitted: SortHead,
    pub rows: Vec<RowView>,
    pub pager: Pager,
    pub picking: Picking,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
}

/// One review in a list.
pub struct RowView {
    /// By which the row is ticked.
    pub pick: String,
    pub href: String,
    pub number: String,
    pub title: String,
    pub version: i32,
    pub synthetic: bool,
    pub submitted: String,
    /// Empty while it waits.
    pub decided: String,
    pub datetime: String,
    pub by: String,
    pub state: Chip,
}

impl RowView {
    /// `by`: who submitted it; when it was submitted and decided, as it is read.
    pub fn new(one: &Listed, by: String, (submitted, decided): (String, String), lang: Lang) -> Self {
        Self {
            pick: selection::word(one.review.id),
            href: paths::approval(one.review.id),
            number: one.number.clone(),
            title: one.title.clone(),
            version: one.version,
            synthetic: one.synthetic,
            submitted,
            decided,
            datetime: one.review.submitted_at.to_string(),
            by,
            state: state_chip(one.review.decision.as_deref(), lang),
        }
    }
}

/// The state of a review.
pub fn state_chip(decision: Option<&str>, lang: Lang) -> Chip {
    let (word, tone) = match decision {
        None => ("waiting", Tone::Info),
        Some("approved") => ("approved", Tone::Good),
        Some("returned") => ("returned", Tone::Warn),
        Some("withdrawn") => ("withdrawn", Tone::Neutral),
        Some(_) => ("void", Tone::Muted),
    };
    Chip::new(i18n::t(lang, &format!("review-state-{word}")), tone)
}

/// One review, with what is decided about.
#[derive(Template)]
#[template(path = "casework/approval/show.html")]
pub struct ShowPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    /// Where it stands among those that are looked at one after another.
    pub queue: QueueView,
    pub state: Chip,
    pub synthetic: bool,
    pub facts: Vec<Fact>,
    /// The leads of which it was stated that this one is no duplicate.
    pub distinct: Vec<DistinctView>,
    /// What the approver said, if it is decided.
    pub remark: String,
    pub dossiers: Vec<DossierView>,
    /// Whether every dossier is frozen.
    pub ready: bool,
    /// This page's address.
    pub href: String,
    pub done: usize,
    /// Whether this person is asked for a decision.
    pub may_decide: bool,
    /// What they sign by their passkey; `None`: they approve by a code.
    pub to_sign: Option<ToSign>,
    /// Why this person may not decide; empty: may, or is not asked.
    pub refusal: String,
    pub may_withdraw: bool,
    pub form: FormView,
    pub back: FormView,
}

/// A lead that looked like the one that is decided about, and why it is not the same.
pub struct DistinctView {
    pub lead: Link,
    pub reason: String,
    /// By whom and when.
    pub stated: String,
}

/// One dossier as the approver sees it.
pub struct DossierView {
    pub id: String,
    pub href: String,
    pub agency: String,
    pub folder: String,
    /// Empty while it is being frozen.
    pub manifest: String,
    pub letter: String,
    pub report: String,
    pub list: String,
    pub withheld: usize,
    pub files: usize,
    /// The version compared with, in words; empty: there is none.
    pub since: String,
    pub changes: Vec<ChangeView>,
    /// How many changes are not shown.
    pub more: usize,
}

impl DossierView {
    pub fn new(one: &Dossier, since: Option<&Since>, counts: (usize, usize), lang: Lang) -> Self {
        let href = paths::dossier(one.id);
        let changes = since.map_or(&[][..], |since| &since.changes);
        Self {
            id: one.id.to_string(),
            agency: lang.pick(&one.agency_name_zh, &one.agency_name_en).to_owned(),
            folder: one.folder.clone(),
            manifest: one.manifest_sha256.clone().unwrap_or_default(),
            letter: format!("{href}/letter.pdf"),
            report: format!("{href}/dossier.pdf"),
            list: format!("{href}/evidence-list.csv"),
            files: counts.0,
            withheld: counts.1,
            since: since
                .map(|since| i18n::t_with(lang, "review-since", &[("n", since.version.to_string())]))
                .unwrap_or_default(),
            changes: changes.iter().take(SHOWN).map(|change| ChangeView::new(change, lang)).collect(),
            more: changes.len().saturating_sub(SHOWN),
            href,
        }
    }

    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.manifest)
    }

    /// The value of the hidden field that binds the decision to what is shown.
    pub fn seen(&self) -> String {
        format!("{}={}", self.id, self.manifest)
    }

    pub fn has_manifest(&self) -> bool {
        !self.manifest.is_empty()
    }
}

/// One difference.
pub struct ChangeView {
    pub label: String,
    pub tone: Tone,
    pub place: String,
    pub was: String,
    pub now: String,
}

impl ChangeView {
    fn new(change: &Change, lang: Lang) -> Self {
        let (kind, tone, place, was, now) = match change {
            Change::Added { place, now } => ("added", Tone::Good, place, "", now.as_str()),
            Change::Removed { place, was } => ("removed", Tone::Bad, place, was.as_str(), ""),
            Change::Changed { place, was, now } => ("changed", Tone::Warn, place, was.as_str(), now.as_str()),
        };
        Self {
            label: i18n::t(lang, &format!("review-{kind}")),
            tone,
            place: place_name(place, lang),
            was: shortened(was),
            now: shortened(now),
        }
    }
}

/// A place of `lead.json` in words: its first part; what follows where that has none.
fn place_name(place: &str, lang: Lang) -> String {
    let first = place.split(['.', '[']).next().unwrap_or(place);
    let key = format!("review-place-{}", first.replace('_', "-"));
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { place.to_owned() }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

/// Before a lead is submitted that looks like others.
#[derive(Template)]
#[template(path = "casework/approval/duplicates.html")]
pub struct DuplicatesPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub alike: Vec<AlikeView>,
    pub action: String,
    pub cancel: String,
    /// Where the lead is withdrawn instead.
    pub withdraw: String,
}

/// One lead that it looks like.
pub struct AlikeView {
    /// Its id, as the form sends it.
    pub id: String,
    pub view: RelatedView,
}
