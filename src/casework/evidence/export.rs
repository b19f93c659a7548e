//! The list of a lead's evidence as a file: what is recorded of each item, with its hashes. What the items themselves hold
//! is in none.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    pages::category_name,
    store::{self, Item},
};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::{CaseReader, session, store as people},
    platform::{
        db::{Id, Instant},
        error::Result,
        export::{self, About, Export},
        http::Form,
        i18n::{self, Lang},
        paths,
        services::Services,
        sheet::Cell,
        time::{self, Tz},
    },
};

/// Message keys of the columns; the hashes are called alike in every language.
const COLUMNS: [&str; 23] = [
    "evidence-number",
    "evidence-name",
    "evidence-kind",
    "evidence-field-category",
    "evidence-media-type",
    "evidence-size-bytes",
    "evidence-field-quantity",
    "SHA-256",
    "SM3",
    "evidence-field-source",
    "evidence-field-collected-at",
    "evidence-field-collected-by",
    "evidence-field-method",
    "evidence-field-tool",
    "evidence-field-medium",
    "evidence-field-holder",
    "evidence-field-witness",
    "evidence-field-description",
    "evidence-field-remark",
    "evidence-field-withheld",
    "evidence-field-withheld-reason",
    "evidence-registered",
    "synthetic",
];

/// The address of the file; `format` is `csv` or `xlsx`.
pub(super) fn href(lead_id: Id, format: &str) -> String {
    format!("{}/export?format={format}", paths::lead_evidence(lead_id))
}

/// `GET /leads/{id}/evidence/export`
pub async fn export(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (lead_id, actor) = (*id, me.actor().clone());
    let format = Form::query(&request).raw("format").to_owned();
    export::known(&format)?;
    let (lead, ids) = services
        .db
        .read_snapshot(move |conn| {
            let lead = lead::store::find_visible(conn, &actor, lead_id)?;
            Ok((lead, store::ids_of_lead(conn, lead_id)?))
        })
        .await?;
    let entry = Entry::new("evidence.export").fact("format", format.as_str()).fact("rows", ids.len());
    let entry = entry.object("lead", lead_id).objects("evidence", ids.iter().copied());
    audit::record_read(&services.db, me.origin(), entry).await?;
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let c = session::chrome(&request, &services, &me, "");
    let title = format!("{} · {} {}", c.t("evidence-list-title"), lead.number, lead.title);
    let order = c.tv("list-rising", "by", c.t("evidence-number"));
    let about = About::new(&title, &[], &order, &session::maker(&services, &me));
    let next = export::by_ids(ids, move |conn, ids| {
        let items = store::find_many(conn, ids)?;
        let names = people::names(conn, items.iter().filter_map(|item| item.registered_by))?;
        Ok(items.iter().map(|item| cells(item, &names, lang, zone)).collect())
    });
    let name = |key: &str| if i18n::has(lang, key) { i18n::t(lang, key) } else { key.to_owned() };
    let head = COLUMNS.into_iter().map(name);
    Export::new(&services, "evidence", head, about, next).reply(&format).await
}

/// A row of the file.
fn cells(item: &Item, names: &HashMap<Id, String>, lang: Lang, zone: Tz) -> Vec<Cell> {
    let at = |at: Instant| time::format_exact(at, zone);
    let yes_no = |is: bool| i18n::t(lang, if is { "yes" } else { "no" });
    let by = item.registered_by.and_then(|id| names.get(&id)).map_or("system", String::as_str);
    vec![
        Cell::Count(item.position.into()),
        item.name.as_str().into(),
        i18n::t(lang, &format!("evidence-kind-{}", item.kind)).into(),
        category_name(&item.category, lang).into(),
        item.blob.media_type.as_str().into(),
        Cell::Count(item.blob.size),
        item.quantity.as_str().into(),
        item.blob.sha256_hex().into(),
        item.blob.sm3_hex().into(),
        item.source.as_str().into(),
        item.collected_at.map_or_else(String::new, at).into(),
        item.collected_by.as_str().into(),
        item.method.as_str().into(),
        item.tool.as_str().into(),
        item.medium.as_str().into(),
        item.holder.as_str().into(),
        item.witness.as_str().into(),
        item.description.as_str().into(),
        item.remark.as_str().into(),
        yes_no(item.withheld).into(),
        item.withheld_reason.as_str().into(),
        format!("{} · {by}", at(item.created_at)).into(),
        yes_no(item.synthetic).into(),
    ]
}
