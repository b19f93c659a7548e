//! Two people on one draft: what is stored, what is typed, and who has changed what since the form was opened.

use chrono::NaiveDate;

use super::{
    model::Lead,
    pages::{LABELS, Offers},
    region,
};
use crate::{
    directory::people::changed,
    platform::{
        db::{Connection, Id},
        error::Result,
        http::{
            form_view::FormView,
            merge::{self, Change, Group},
            read_back,
            view::Choice,
        },
        i18n::{self, Lang},
        money::{self, Qualifier},
        time::Tz,
    },
};

/// The fields of the form, as the log calls them too.
pub(super) fn groups() -> Vec<Group> {
    vec![
        Group::of("title"),
        Group::of("summary"),
        Group::of("region").meaning(region::meant),
        Group::of("occurred_from"),
        Group::of("occurred_to"),
        Group::with(
            "estimated_value",
            &["estimated_value.amount", "estimated_value.qualifier", "estimated_value.basis"],
        )
        .meaning(money::meant),
        Group::with("source", &["source.kind", "source.note"]),
        Group::of("sender_role"),
    ]
}

/// The form as it is filled from what is stored, with the mark of it.
pub(super) fn stored(lead: &Lead, lang: Lang) -> FormView {
    let day = |day: Option<NaiveDate>| day.map(|d| d.to_string());
    let form = FormView::new(LABELS)
        .set("title", lead.title.clone())
        .set("summary", lead.summary.clone())
        .set("region", region::written(&lead.region_code, lead.facts_date(), lang))
        .set("occurred_from", day(lead.occurred_from))
        .set("occurred_to", day(lead.occurred_to))
        .set("estimated_value.amount", lead.value.map(|v| money::typed(v.fen)))
        .set("estimated_value.qualifier", lead.value.map(|v| v.qualifier.as_str().to_owned()))
        .set("estimated_value.basis", lead.value.map(|v| v.basis.as_str().to_owned()))
        .set("source.kind", lead.source_kind.to_string())
        .set("source.note", lead.source_note.clone())
        .set("sender_role", lead.sender_role.to_string())
        .set("revision", lead.revision.to_string());
    let mark = merge::mark(&groups(), &form);
    form.set(merge::WAS, mark)
}

/// What was typed, put together with what is stored now; to be saved against that.
pub(super) fn merged(lead: &Lead, typed: FormView, changes: Vec<Change>, lang: Lang) -> FormView {
    let offers = Offers::new(lang, lead.facts_date());
    let text = move |group: &Group, form: &FormView| match group.name.as_str() {
        "occurred_from" | "occurred_to" => merge::in_words(lang, "date", form.value(&group.name)),
        "estimated_value" => value_in_words(&offers, form, lang),
        _ => joined(group.inputs.iter().map(|input| word(&offers, input, form.value(input)))),
    };
    let label = move |group: &Group| field_label(lang, &group.name);
    let before = typed.value("revision").to_owned();
    let form = merge::merged(&groups(), &stored(lead, lang), typed, changes, (text, label));
    form.set("revision", lead.revision.to_string()).set("before.revision", before)
}

/// What there is of these.
fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The estimated value as it is said back below its field, with how it was determined.
fn value_in_words(offers: &Offers, form: &FormView, lang: Lang) -> String {
    const QUALIFIER: &str = "estimated_value.qualifier";
    const BASIS: &str = "estimated_value.basis";
    let amount = form.value("estimated_value.amount");
    let chosen = form.value(QUALIFIER);
    // Of what nothing more is said it is an estimate, as it will be read.
    let qualifier = if chosen.is_empty() { Qualifier::Estimated.as_str() } else { chosen };
    let basis = word(offers, BASIS, form.value(BASIS));
    match read_back::told(lang, "amount", amount, qualifier) {
        Some(said) => joined([said, basis]),
        None => joined([amount.trim().to_owned(), word(offers, QUALIFIER, chosen), basis]),
    }
}

/// A value as its field shows it.
fn word(offers: &Offers, input: &str, value: &str) -> String {
    let choices: &[Choice] = match input {
        "estimated_value.qualifier" => &offers.qualifiers,
        "estimated_value.basis" => &offers.bases,
        "source.kind" => &offers.sources,
        "sender_role" => &offers.roles,
        _ => &[],
    };
    let chosen = choices.iter().find(|choice| choice.value == value);
    chosen.map_or_else(|| value.trim().to_owned(), |choice| choice.label.clone())
}

/// Who has changed the lead since its `revision`, when, and which fields.
pub(super) fn changes(
    conn: &mut Connection,
    id: Id,
    revision: i32,
    (lang, zone): (Lang, Tz),
) -> Result<Vec<Change>> {
    let mut rows = changed::done(conn, id, "lead.update", None)?;
    rows.retain(|row| row.leaf["facts"]["revision"].as_i64().is_some_and(|n| n > i64::from(revision)));
    changed::told(conn, &rows, "changed", (lang, zone), |name| field_label(lang, name))
}

fn field_label(lang: Lang, name: &str) -> String {
    i18n::t(lang, &format!("{LABELS}{}", name.replace(['_', '.'], "-")))
}
