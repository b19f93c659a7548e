//! Recovery codes that were just shown, as a file to keep or to print. The program has only their hashes, so they come
//! back from the page that shows them; nothing else is written into the file.

use actix_web::{HttpResponse, http::header, web::Data};

use super::{model::RECOVERY_CODES, store};
use crate::{
    directory::people::{guard::Identified, time::local},
    platform::{
        error::{AppError, Result},
        http::Form,
        i18n,
        services::Services,
    },
};

/// Lines end as every editor knows them.
const END: &str = "\r\n";

pub(super) async fn codes_text(
    Identified(me): Identified,
    services: Data<Services>,
    form: Form,
) -> Result<HttpResponse> {
    let mut codes = form.all("codes");
    codes.truncate(RECOVERY_CODES);
    if codes.is_empty() {
        return Err(AppError::field("codes", "error-required"));
    }
    let (id, asked) = (me.id, codes.clone());
    let known = services.db.read(move |conn| store::count_unused(conn, id, &asked)).await?;
    if usize::try_from(known).ok() != Some(codes.len()) {
        return Err(AppError::field("codes", "error-unknown"));
    }
    let t = |key: &str| i18n::t(me.lang, key);
    let about =
        [("username", me.username.clone()), ("time", local(services.db.now(), services.settings.time_zone))];
    let mut lines = vec![
        format!("{} · {}", t("app-name"), t("people-codes-title")),
        i18n::t_with(me.lang, "account-codes-of", &about),
        t("account-codes-text"),
        String::new(),
    ];
    lines.append(&mut codes);
    lines.push(String::new());
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"lead-handoff-recovery-codes.txt\"",
        ))
        .body(lines.join(END)))
}
