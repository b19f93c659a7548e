//! The list of operations as a file.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;

use super::{
    listed::{self, Filter},
    pages,
    store::{self, OperationRow},
};
use crate::{
    audit,
    directory::people::{CaseReader, session},
    platform::{
        error::Result,
        export::{self, About, Export},
        http::{Form, link::Query},
        i18n::{self, Lang},
        services::Services,
        sheet::Cell,
        time::{self, Tz},
    },
};

/// Message keys of the columns.
const COLUMNS: [&str; 8] = [
    "operation-field-name-zh",
    "operation-field-name-en",
    "operation-field-from-on",
    "operation-field-to-on",
    "operation-field-note",
    "operation-field-public-source",
    "created",
    "synthetic",
];

/// `GET /operations/export`
pub(super) async fn export(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut form = Form::query(&request);
    let (format, filter) = (form.raw("format").to_owned(), Filter::read(&mut form));
    export::known(&format)?;
    // A file must not hold more than was asked for.
    form.check()?;
    let wanted = filter.clone();
    let ids = services.db.read_snapshot(move |conn| listed::ids(conn, &wanted)).await?;
    let entry = filter.entry("operation.export").fact("format", format.as_str()).fact("rows", ids.len());
    let entry = entry.objects("operation", ids.iter().copied());
    audit::record_read(&services.db, me.origin(), entry).await?;
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let c = session::chrome(&request, &services, &me, "");
    let order = c.tv("list-falling", "by", c.t("operation-field-from-on"));
    let active = pages::active(&c, &Query::new(&c.path), &filter);
    let about = About::new(&c.t("nav-operations"), &active, &order, &session::maker(&services, &me));
    let next = export::by_ids(ids, move |conn, ids| {
        Ok(store::these(conn, ids)?.iter().map(|row| cells(row, lang, zone)).collect())
    });
    let head = COLUMNS.into_iter().map(|key| i18n::t(lang, key));
    Export::new(&services, "operations", head, about, next).reply(&format).await
}

/// A row of the file.
fn cells(row: &OperationRow, lang: Lang, zone: Tz) -> Vec<Cell> {
    let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    vec![
        row.name_zh.as_str().into(),
        row.name_en.as_str().into(),
        day(row.from_on).into(),
        day(row.to_on).into(),
        row.note.as_str().into(),
        row.public_source.as_str().into(),
        time::day_of(row.created_at, zone).to_string().into(),
        i18n::t(lang, if row.synthetic { "yes" } else { "no" }).into(),
    ]
}
