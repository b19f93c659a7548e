//! The machine as it is set up: settings with where each comes from, database, log, mail.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::pages::{SettingLine, SystemPage};
use crate::{
    audit,
    directory::people::{guard::Admin, session},
    platform::{
        db,
        error::Result,
        http::{html, view::Fact},
        i18n::{self, Lang},
        services::Services,
        settings::Whence,
    },
};

fn whence(lang: Lang, whence: Whence) -> String {
    let key = match whence {
        Whence::Flag => "people-whence-flag",
        Whence::Environment => "people-whence-environment",
        Whence::File => "people-whence-file",
        Whence::Default => "people-whence-default",
    };
    i18n::t(lang, key)
}

pub(super) async fn page(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let (migrations, size) = services
        .db
        .read(|conn| Ok((db::migrations(conn)?, audit::latest_head(conn)?.map_or(0, |head| head.size))))
        .await?;
    let lang = me.lang;
    let t = |key: &str| i18n::t(lang, key);
    let mail = match services.mailer.folder() {
        Some(folder) => i18n::t_with(lang, "people-mail-folder", &[("folder", folder.display().to_string())]),
        None => t("people-mail-server"),
    };
    let database = if services.db.target().is_sqlite() { "SQLite" } else { "PostgreSQL" };
    let facts = vec![
        Fact::new(t("people-system-version"), env!("CARGO_PKG_VERSION")),
        Fact::new(t("people-system-database"), database),
        Fact::new(t("people-system-migrations"), migrations.len().to_string()),
        Fact::new(t("people-system-log"), size.to_string()),
        Fact::new(t("nav-mail"), mail),
        Fact::new(t("people-system-demo"), t(if services.is_demo { "yes" } else { "no" })),
    ];
    let line = |(name, value, from): &(&'static str, String, Whence)| SettingLine {
        name,
        value: value.clone(),
        whence: whence(lang, *from),
    };
    html(&SystemPage {
        c: session::chrome(&request, &services, &me, &t("nav-settings")),
        facts,
        settings: services.settings.shown.iter().map(line).collect(),
        migrations,
    })
}
