//! What the pages of an agency's keys show.

use std::collections::HashMap;

use askama::Template;
use chrono_tz::Tz;

use super::{model, store::Key};
use crate::{
    directory::people::{Actor, KeyKeeper},
    platform::{
        db::{Id, Instant},
        http::{
            form_view::FormView,
            layout::Chrome,
            view::{Chip, Link, Tone, groups_of_four},
        },
        i18n::{self, Lang},
        paths, time,
    },
};

/// A key on its agency's page.
pub struct KeyLine {
    pub state: Chip,
    /// The first 16 bytes of its fingerprint.
    pub short: String,
    /// The whole of it, and the key; empty while nobody has confirmed it, as the last digits are to come from the agency.
    pub whole: String,
    pub recipient: String,
    pub note: String,
    /// Who did what with it, and when, in the order of the acts.
    pub acts: Vec<String>,
    /// Where it is confirmed; empty: it is, or not by this reader.
    pub confirm: String,
    pub revoke: String,
}

impl KeyLine {
    /// The whole fingerprint, as it is compared by eye.
    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.whole)
    }
}

/// The fingerprints of keys as pages name them.
pub fn shorts<'a>(keys: impl IntoIterator<Item = &'a Key>) -> Vec<String> {
    keys.into_iter().map(|key| model::short(&key.fingerprint())).collect()
}

/// The keys of an agency for `me`. `names`: of the people who did something with them.
pub fn lines(me: &Actor, keys: &[Key], names: &HashMap<Id, String>, zone: Tz) -> Vec<KeyLine> {
    let lang = me.lang;
    let may_keep = me.has_any(KeyKeeper::ROLES);
    let line = |key: &Key| {
        let fingerprint = key.fingerprint();
        let place = format!("{}/public-keys/{}", paths::agency(key.agency_id), key.id);
        let act = |word: &str, (who, at): (Id, Instant)| {
            let name = names.get(&who).cloned().unwrap_or_default();
            let when = time::format_instant(at, zone, lang);
            i18n::t_with(lang, word, &[("who", name), ("time", when)])
        };
        let acts = [
            Some(act("agency-key-by-registered", (key.registered_by, key.at))),
            key.confirmed.map(|by| act("agency-key-by-confirmed", by)),
            key.revoked.map(|by| act("agency-key-by-revoked", by)),
        ];
        let is_open = key.confirmed.is_none() && key.revoked.is_none();
        KeyLine {
            state: state(key, lang),
            short: model::short(&fingerprint),
            recipient: if key.confirmed.is_some() { key.recipient.clone() } else { String::new() },
            whole: if key.confirmed.is_some() { fingerprint } else { String::new() },
            note: key.note.clone().unwrap_or_default(),
            acts: acts.into_iter().flatten().collect(),
            confirm: if is_open && may_keep && key.registered_by != me.id {
                format!("{place}/confirm")
            } else {
                String::new()
            },
            revoke: if may_keep && key.revoked.is_none() { format!("{place}/revoke") } else { String::new() },
        }
    };
    keys.iter().map(line).collect()
}

fn state(key: &Key, lang: Lang) -> Chip {
    let (word, tone) = match (key.revoked.is_some(), key.confirmed.is_some()) {
        (true, _) => ("agency-key-revoked", Tone::Muted),
        (_, true) => ("agency-key-in-force", Tone::Good),
        _ => ("agency-key-waits", Tone::Warn),
    };
    Chip::new(i18n::t(lang, word), tone)
}

/// Registering a key.
#[derive(Template)]
#[template(path = "directory/agencies/key_new.html")]
pub struct NewPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    /// Where the form goes.
    pub action: String,
    pub back: String,
    pub form: FormView,
}

/// Confirming a key, or revoking it.
#[derive(Template)]
#[template(path = "directory/agencies/key_act.html")]
pub struct ActPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub action: String,
    pub back: String,
    pub form: FormView,
    pub short: String,
    pub note: String,
    /// Whether it is confirmed; else revoked.
    pub confirms: bool,
}
