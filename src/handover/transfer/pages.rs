//! The page of one verb: a heading, a sentence on what it does, its few fields. Each verb has one, small enough for a
//! phone and working without a script; what was typed stays when it can't be done.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::store::{AgencyRow, TransferRow};
use crate::directory::people::{Actor, nav, passkey::ToSign};
use crate::platform::{
    error::{AppError, FieldError, Result},
    http::{
        form::Form,
        form_view::FormView,
        layout::Chrome,
        reply,
        sections::Section,
        view::{Choice, Link},
    },
    i18n::{self, Lang},
    paths, time,
};

/// How a liaison acknowledges: by a passkey, which the page's script asks, or by password and code.
#[derive(Clone, Debug)]
pub struct ByPasskey {
    /// What is signed; `None`: the liaison has no passkey, or there is nothing that it could sign.
    pub sign: Option<ToSign>,
}

impl ByPasskey {
    /// Message key of the button.
    pub fn save(&self) -> &'static str {
        if self.sign.is_none() { "transfer-do-received" } else { "transfer-do-received-passkey" }
    }
}

/// One field of a verb's form. Labels are the messages `transfer-field-<name>`.
pub enum Field {
    Line {
        name: &'static str,
        hint: &'static str,
        need: bool,
    },
    Text {
        name: &'static str,
        hint: &'static str,
        need: bool,
    },
    Day {
        name: &'static str,
        hint: &'static str,
        need: bool,
    },
    Moment {
        name: &'static str,
        hint: &'static str,
    },
    Pick {
        name: &'static str,
        hint: &'static str,
        choices: Vec<Choice>,
        need: bool,
    },
    Radio {
        name: &'static str,
        hint: &'static str,
        choices: Vec<Choice>,
        need: bool,
    },
    /// Narrows the field behind it by a search that is posted with the whole form, so that nothing typed is lost;
    /// `more` says that there are choices which that field does not show.
    Search {
        name: &'static str,
        more: bool,
    },
    /// A scanned paper.
    File {
        name: &'static str,
        hint: &'static str,
        need: bool,
    },
    /// Begins a part, which is shown as one where the form is long: its `id` and the message key of its heading.
    Part {
        id: &'static str,
        label: &'static str,
    },
}

impl Field {
    /// Its name, and whether it has to be filled in; `None`: it begins a part.
    fn asks(&self) -> Option<(&'static str, bool)> {
        match self {
            Self::Line { name, need, .. }
            | Self::Text { name, need, .. }
            | Self::Day { name, need, .. }
            | Self::Pick { name, need, .. }
            | Self::Radio { name, need, .. }
            | Self::File { name, need, .. } => Some((*name, *need)),
            Self::Moment { name, .. } | Self::Search { name, .. } => Some((*name, false)),
            Self::Part { .. } => None,
        }
    }
}

/// A form of so many fields is long.
const LONG: usize = 5;

/// The fields of a search: they narrow what another field offers.
const NARROWING: [&str; 3] = ["q", "find_region", "find_type"];

/// What is looked for in a form, by the values of its fields: in one word, to be compared.
pub fn looked_for<'a>(value: impl Fn(&str) -> &'a str) -> String {
    NARROWING.map(|name| value(name).trim()).join("|")
}

/// The way to a transfer's page.
pub fn trail(lang: Lang, row: &TransferRow) -> Vec<Link> {
    vec![
        Link::new(i18n::t(lang, "nav-transfers"), paths::TRANSFERS),
        Link::new(row.number.clone(), paths::transfer(row.id)),
    ]
}

/// The same for the reader of `c`: an agency's people call the list their inbox, as the navigation does.
pub fn trail_for(c: &Chrome, row: &TransferRow) -> Vec<Link> {
    let mut links = trail(c.language, row);
    links[0].label = c.t(nav::transfers(c.who.as_ref().is_some_and(|who| who.agency.is_some())));
    links
}

/// See the top of the file.
#[derive(Template)]
#[template(path = "handover/verb.html")]
pub struct VerbPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub action: String,
    pub cancel: String,
    /// What the verb does, in a sentence.
    pub explain: String,
    /// Why it can't be done now; empty: it can.
    pub conflict: String,
    /// Set where this person can't do it however the form is filled in: it is not offered then, but what to do instead.
    pub closed: Option<Vec<Link>>,
    pub form: FormView,
    /// What is wrong with what was looked for.
    pub search_faults: Vec<FieldError>,
    pub fields: Vec<Field>,
    /// A field that is needed unless another one is filled in: their names, parted by a bar; empty: there is none.
    pub either: &'static str,
    /// Message key of the button.
    pub save: &'static str,
    pub tone: &'static str,
    /// How a liaison acknowledges; `None`: it is another act, or not theirs.
    pub passkey: Option<ByPasskey>,
}

impl VerbPage {
    /// A page for the verb `name` (as in its address) of a transfer; texts are the messages `transfer-<name>-…`.
    pub fn new(c: Chrome, row: &TransferRow, name: &str, save: &'static str) -> Self {
        let explain = c.t(format!("transfer-{name}-explain"));
        let trail = trail_for(&c, row);
        Self::at(c, trail, &format!("{}/{name}", paths::transfer(row.id)), explain, save)
    }

    /// A page for any form that is posted to `action`; the last link of `trail` leads back.
    pub fn at(c: Chrome, trail: Vec<Link>, action: &str, explain: String, save: &'static str) -> Self {
        Self {
            cancel: trail.last().map_or_else(|| paths::HOME.to_owned(), |link| link.href.clone()),
            trail,
            action: action.to_owned(),
            explain,
            conflict: String::new(),
            closed: None,
            form: FormView::new("transfer-field-"),
            search_faults: Vec::new(),
            fields: Vec::new(),
            either: "",
            save,
            tone: "primary",
            passkey: None,
            c,
        }
    }

    /// Adds fields in their order.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Whether a file goes with the form.
    pub fn has_file(&self) -> bool {
        self.fields.iter().any(|field| matches!(field, Field::File { .. }))
    }

    /// Whether it is told how far its parts are: it begins with one, has several, and many fields.
    pub fn is_long(&self) -> bool {
        let parts = self.fields.iter().filter(|field| field.asks().is_none()).count();
        let begins = matches!(self.fields.first(), Some(Field::Part { .. }));
        begins && parts > 1 && self.fields.len() - parts >= LONG
    }

    /// How far each part is, by what stands in `form`.
    pub fn progress(&self, form: &FormView) -> Vec<Section> {
        let unread = self.fields.iter().filter_map(|field| match field {
            Field::Day { name, .. } => {
                let typed = form.value(name).trim();
                time::parse_date(typed).err().filter(|_| !typed.is_empty()).map(|error| error.fault(*name))
            }
            Field::Moment { name, .. } => {
                let typed = form.value(name).trim();
                let read = time::parse_instant(typed, time::Tz::UTC);
                read.err().filter(|_| !typed.is_empty()).map(|error| error.time_fault(*name))
            }
            _ => None,
        });
        let form = &form.clone().with_unread(unread.collect::<Vec<_>>());
        let mut sections = Vec::new();
        let mut rest = self.fields.as_slice();
        while let [Field::Part { id, label }, after @ ..] = rest {
            let end = after.iter().position(|field| field.asks().is_none()).unwrap_or(after.len());
            let (own, next) = after.split_at(end);
            let names = |needed: bool| -> Vec<&str> {
                let asked = own.iter().filter_map(Field::asks).map(|(name, need)| {
                    if self.is_first_of_either(name) { (self.either, true) } else { (name, need) }
                });
                asked.filter(|(_, need)| *need == needed).map(|(name, _)| name).collect()
            };
            sections.push(form.section_of(&self.c, (*id, *label), &names(true), &names(false)));
            rest = next;
        }
        sections
    }

    fn is_first_of_either(&self, name: &str) -> bool {
        self.either.split_once('|').is_some_and(|(first, _)| first == name)
    }

    /// Whether another field is narrowed by a search, which has a button of its own.
    pub fn has_search(&self) -> bool {
        self.fields.iter().any(|field| matches!(field, Field::Search { .. }))
    }

    /// What the choices that are shown were looked for by.
    pub fn sought(&self) -> String {
        looked_for(|name| self.form.value(name))
    }

    /// Names the agency beside the transfer's number, which is its own only, for a reader who knows several.
    #[must_use]
    pub fn beside(mut self, me: &Actor, agency: &AgencyRow) -> Self {
        if let Some(link) = self.trail.last_mut().filter(|_| me.agency.is_none()) {
            link.label = format!("{} · {}", link.label, agency.name(me.lang));
        }
        self
    }

    /// Without its form where the step would be refused to this reader, and why.
    #[must_use]
    pub fn unless(mut self, hindrance: Option<&'static str>) -> Self {
        if let Some(key) = hindrance {
            self.conflict = self.c.t(key);
            self.closed = Some(Vec::new());
        }
        self
    }

    /// Marks a verb that can't be taken back.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.tone = "danger";
        self
    }

    /// The page again after a search, with what was typed.
    ///
    /// # Errors
    /// The page can't be made.
    pub fn found(mut self, form: &Form) -> Result<HttpResponse> {
        let faults = std::mem::take(&mut self.search_faults);
        let is_understood = faults.is_empty();
        self.form = std::mem::take(&mut self.form).refilled(&[]).typed(form.pairs()).with_errors(faults);
        if is_understood { reply::html(&self) } else { reply::invalid(&self) }
    }

    /// The page again with what was typed and what is wrong: 422 for faults, 409 for a state that does not allow it.
    ///
    /// # Errors
    /// Every other error as it is.
    pub fn again(mut self, form: &Form, error: AppError) -> Result<HttpResponse> {
        // What was signed holds once.
        let typed = std::mem::take(&mut self.form).typed(form.pairs()).set("credential", None::<String>);
        match error {
            AppError::Invalid(errors) => {
                self.form = typed.with_errors(errors);
                reply::invalid(&self)
            }
            AppError::Conflict(key) => {
                self.form = typed;
                self.conflict = self.c.t(key);
                let mut page = reply::html_with(StatusCode::CONFLICT, &self)?;
                page.extensions_mut().insert(reply::Why(key));
                Ok(page)
            }
            other => Err(other),
        }
    }
}
