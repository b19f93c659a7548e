//! The custody sheet of one item, given out.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    file::{CustodyFile, Format},
    lines::{self, Line},
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{
            custody, pages,
            scrub::{store as scrub, times},
            store::{self as items, Item},
            time_stamp,
        },
        lead,
    },
    directory::people::{CaseReader, store as people},
    platform::{
        db::{Id, Instant, blocking},
        error::Result,
        file_size,
        http::Form,
        i18n::{self, Lang},
        services::Services,
        sheet,
        time::{self, Tz},
    },
};

/// `GET /evidence/{id}/custody.pdf`, `GET /evidence/{id}/custody.csv`, of the whole time or of a period, `from` and `to`.
pub async fn sheet(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, String)>,
) -> Result<HttpResponse> {
    let (id, format) = path.into_inner();
    let format = Format::read(&format)?;
    let zone = services.settings.time_zone;
    let mut query = Form::query(&request);
    let span = lines::span(&mut query, zone);
    query.check()?;
    let actor = me.clone();
    let found = services.db.read_snapshot(move |conn| {
        let item = items::find(conn, id)?;
        let lead = lead::store::find_visible(conn, &actor, item.lead_id)?;
        let rows = custody::whole(conn, id, span)?;
        lines::bounded(&rows)?;
        let beside = lines::beside(conn, &rows, &actor, true)?;
        let reads = (scrub::last(conn, item.blob_id)?, times::unchanged(conn, item.blob_id)?);
        let stamps = time_stamp::store::of_file(conn, item.blob_id)?;
        let names = people::names(conn, item.registered_by)?;
        Ok((item, lead, rows, beside, (reads, stamps), names, audit::latest_head(conn)?))
    });
    let (item, lead, rows, beside, ((last, unchanged), stamps), names, head) = found.await?;
    let entry = Entry::new("evidence.custody").object("evidence", id).object("lead", lead.id);
    let entry = entry.fact("format", format.as_str()).fact("rows", rows.len());
    audit::record_read(&services.db, me.origin(), entry).await?;
    let lang = me.lang;
    let lines: Vec<Line> = rows.iter().map(|row| lines::line(row, &beside, String::new(), lang)).collect();
    let registrar = names.into_values().next().unwrap_or_else(|| i18n::t(lang, "custody-role-program"));
    let number = item.position;
    let name = format!("custody-{}-{number}.{}", lead.number, format.as_str());
    let file = CustodyFile {
        title: i18n::t(lang, "custody-sheet-title"),
        subject: format!("{} #{number}", lead.number),
        facts: time::for_nobody(|| {
            let mut facts =
                vec![(i18n::t(lang, "custody-lead"), format!("{} · {}", lead.number, lead.title))];
            facts.extend(facts_of(&item, &registrar, last.as_ref(), lang, zone));
            let days = services.settings.scrub_days;
            facts.push((i18n::t(lang, "custody-scheduled"), scheduled(unchanged, days, lang, zone)));
            facts.push((i18n::t(lang, "timestamp-title"), time_stamp::in_words(&stamps, lang, zone)));
            facts.push((i18n::t(lang, "custody-period"), lines::span_text(span, zone, lang)));
            facts
        }),
        lines,
        head,
        says_where: beside.sees_where,
        organisation: services.settings.organisation.clone(),
        by: me.signature(),
        at: services.db.now(),
        zone,
        lang,
        synthetic: services.is_demo || item.synthetic,
    };
    let bytes = blocking(move || file.bytes(format)).await?;
    Ok(sheet::download(bytes, format.media_type(), &name))
}

/// How often, and when last, the schedule found the item's bytes unchanged; empty: not since that is counted.
fn scheduled(unchanged: Option<(i64, Instant)>, days: u32, lang: Lang, zone: Tz) -> String {
    unchanged.map_or_else(String::new, |(times, at)| {
        let said =
            [("n", times.to_string()), ("time", time::format_exact(at, zone)), ("days", days.to_string())];
        i18n::t_with(lang, "custody-scheduled-text", &said)
    })
}

/// What the statutory list says of an item, and when its bytes were last read back.
fn facts_of(
    item: &Item,
    registrar: &str,
    last: Option<&(Instant, String)>,
    lang: Lang,
    zone: Tz,
) -> Vec<(String, String)> {
    let t = |key: &str| i18n::t(lang, key);
    let when = |at: Instant| time::format_exact(at, zone);
    let last = last.map_or_else(String::new, |(at, word)| {
        format!("{} · {}", when(*at), t(&format!("evidence-fault-{word}")))
    });
    let facts = [
        ("evidence-number", item.position.to_string()),
        ("custody-item-name", item.name.clone()),
        ("evidence-field-category", pages::category_name(&item.category, lang)),
        ("evidence-media-type", item.blob.media_type.clone()),
        ("evidence-size", file_size::full(item.blob.size.cast_unsigned(), lang)),
        ("evidence-field-source", item.source.clone()),
        ("evidence-field-collected-at", item.collected_at.map_or_else(String::new, when)),
        ("evidence-field-collected-by", item.collected_by.clone()),
        ("evidence-field-method", item.method.clone()),
        ("evidence-field-tool", item.tool.clone()),
        ("evidence-field-medium", item.medium.clone()),
        ("evidence-field-holder", item.holder.clone()),
        ("evidence-field-quantity", item.quantity.clone()),
        ("evidence-field-witness", item.witness.clone()),
        ("evidence-field-remark", item.remark.clone()),
        ("evidence-registered", format!("{} · {registrar}", when(item.created_at))),
        ("evidence-last-read", last),
    ];
    let mut rows: Vec<(String, String)> = facts.map(|(key, value)| (t(key), value)).into();
    rows.insert(5, ("SHA-256".into(), item.blob.sha256_hex()));
    rows.insert(6, ("SM3".into(), item.blob.sm3_hex()));
    rows
}
