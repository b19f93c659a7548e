//! The settings: what each is, its value without secrets, where that comes from, and how it is set.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::pages::{SettingLine, SettingsPage};
use crate::{
    directory::people::{guard::Admin, session},
    platform::{
        error::Result,
        http::{
            html,
            view::{Chip, Tone},
        },
        i18n::{self, Lang},
        services::Services,
        settings::{
            FILE, Whence,
            shown::{self, Shown},
        },
    },
};

fn chip(lang: Lang, whence: Whence) -> Chip {
    let (key, tone) = match whence {
        Whence::Flag => ("people-whence-flag", Tone::Warn),
        Whence::Environment => ("people-whence-environment", Tone::Info),
        Whence::File => ("people-whence-file", Tone::Good),
        Whence::Default => ("people-whence-default", Tone::Muted),
    };
    Chip::new(i18n::t(lang, key), tone)
}

/// The flag, the variable or the line of the file that a value comes from; empty for the default.
fn place(name: &'static str, whence: Whence, file: &str) -> String {
    match whence {
        Whence::Flag => shown::flag(name).unwrap_or_default().to_owned(),
        Whence::Environment => shown::variable(name).unwrap_or_default().to_owned(),
        Whence::File => format!("{file}: {}", shown::key(name).unwrap_or_default()),
        Whence::Default => String::new(),
    }
}

/// Every way to set it, in the order in which they go before each other.
fn ways(name: &'static str) -> Vec<String> {
    let flag = shown::flag(name).map(str::to_owned);
    let variable = shown::variable(name).map(str::to_owned);
    let key = shown::key(name).map(|key| format!("{FILE}: {key}"));
    flag.into_iter().chain(variable).chain(key).collect()
}

fn line(one: &Shown, file: &str, lang: Lang) -> SettingLine {
    let (name, value, whence) = (one.0, one.1.clone(), one.2);
    SettingLine {
        name,
        text: i18n::t(lang, &shown::words(name)),
        value,
        whence: chip(lang, whence),
        place: place(name, whence, file),
        ways: ways(name),
    }
}

pub(super) async fn page(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let path = services.settings.file();
    let file = path.display().to_string();
    let settings = services.settings.shown.iter().map(|one| line(one, &file, me.lang)).collect();
    html(&SettingsPage {
        c: session::chrome(&request, &services, &me, &i18n::t(me.lang, "nav-settings")),
        has_file: path.is_file(),
        file,
        settings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_says_from_where_it_comes_by_name() {
        let of = |name, whence| place(name, whence, "/data/lead-handoff.toml");
        assert_eq!(of("LEAD_HANDOFF_LISTEN", Whence::Flag), "--listen");
        assert_eq!(of("DATABASE_URL", Whence::Environment), "DATABASE_URL");
        assert_eq!(of("LEAD_HANDOFF_BASE_URL", Whence::File), "/data/lead-handoff.toml: base_url");
        assert_eq!(of("RUST_LOG", Whence::Default), "");
        assert_eq!(
            ways("LEAD_HANDOFF_BASE_URL"),
            ["--base-url", "LEAD_HANDOFF_BASE_URL", "lead-handoff.toml: base_url"]
        );
        assert_eq!(ways("LEAD_HANDOFF_METRICS"), ["LEAD_HANDOFF_METRICS", "lead-handoff.toml: metrics"]);
        assert_eq!(ways("trusted_keys"), ["lead-handoff.toml: trusted_keys"]);
    }
}
