//! The rows behind the sums, read anew from the stored file a page at a time; each look is on record.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    file,
    model::{Cell, Column, Mapping},
    pages::{self, LineView, LinesPage},
    reading::{self, State},
    store,
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{
            actions::ALARM,
            scrub::open_among,
            store::{self as items, Blob},
        },
        lead,
    },
    directory::people::{CaseReader, session},
    platform::{
        db::{Id, blocking},
        error::{AppError, Result},
        http::{
            html,
            link::Query,
            view::{Link, Pager},
        },
        i18n::{self, Lang},
        money, paths,
        services::Services,
        vault::Vault,
    },
};

/// Rows on a page.
const PAGE: usize = 100;
/// What becomes of rows, as the address has it.
const STATES: [(State, &str, &str); 3] = [
    (State::Counted, "counted", "good"),
    (State::Excluded, "excluded", "muted"),
    (State::Unreadable, "unreadable", "bad"),
];

/// What is asked for.
struct Asked {
    /// Empty: all.
    shop: String,
    product: String,
    state: Option<State>,
    after: u64,
}

impl Asked {
    fn new(list: &Query) -> Self {
        let word = list.get("state");
        Self {
            shop: reading::name(list.get("shop")),
            product: reading::name(list.get("product")),
            state: STATES.iter().find(|(_, known, _)| *known == word).map(|(state, ..)| *state),
            after: list.get("after").parse().unwrap_or(0),
        }
    }

    fn wants(&self, line: &reading::Line) -> bool {
        (self.shop.is_empty() || self.shop == line.shop)
            && (self.product.is_empty() || self.product == line.product)
            && self.state.is_none_or(|state| state == line.state)
    }
}

fn shown_columns(mapping: &Mapping) -> Vec<Column> {
    Column::ALL.iter().copied().filter(|column| mapping.place(*column).is_some()).collect()
}

fn view(mapping: &Mapping, row: u64, cells: &[Cell], state: State, lang: Lang) -> LineView {
    let text = |column: Column| {
        let cell = mapping.place(column).and_then(|place| cells.get(place));
        cell.map_or_else(String::new, |cell| cell.text.trim().to_owned())
    };
    let (word, tone) =
        STATES.iter().find(|(one, ..)| *one == state).map_or(("", ""), |(_, word, tone)| (*word, *tone));
    LineView {
        number: row,
        cells: shown_columns(mapping).into_iter().map(text).collect(),
        state: i18n::t(lang, &format!("sales-state-{word}")),
        tone,
    }
}

/// The rows of a page, and one more where there are more. Blocks.
fn read(vault: &Vault, blob: &Blob, mapping: &Mapping, asked: &Asked, lang: Lang) -> Result<Vec<LineView>> {
    let mut found = Vec::new();
    file::walk(vault, blob, mapping.sheet, &mut |row, cells| {
        if row > mapping.header.max(asked.after)
            && let Some(line) = reading::look(mapping, cells)
            && asked.wants(&line)
        {
            found.push(view(mapping, row, cells, line.state, lang));
        }
        Ok(found.len() <= PAGE)
    })?;
    Ok(found)
}

/// `GET /evidence/{id}/sales/rows`, narrowed by `shop`, `product` and `state`.
pub async fn rows(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (id, actor, lang) = (*id, me.clone(), me.lang);
    let (item, lead, total, is_ill) = services
        .db
        .read_snapshot(move |conn| {
            let item = items::find(conn, id)?;
            let lead = lead::store::find_visible(conn, &actor, item.lead_id)?;
            let total = store::of_item(conn, lead.id, id)?;
            let is_ill = !open_among(conn, &[item.blob_id])?.is_empty();
            Ok((item, lead, total, is_ill))
        })
        .await?;
    let entry = Entry::new("evidence.preview").object("evidence", id).object("lead", lead.id);
    audit::record_read(&services.db, me.origin(), entry.fact("page", "sales-rows")).await?;
    if is_ill {
        return Err(AppError::Conflict(ALARM));
    }
    let list = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str())).without("ok");
    let asked = Asked::new(&list);
    let (mut lines, mut headings, mut merged) = (Vec::new(), Vec::new(), 0);
    if let Some(total) = total.filter(|_| item.blob.erased_at.is_none()) {
        merged = total.merged;
        let label = |column: Column| i18n::t(lang, &format!("{}{column}", pages::LABELS));
        headings = shown_columns(&total.mapping).into_iter().map(label).collect();
        let (vault, blob, mapping, asked) =
            (services.vault.clone(), item.blob.clone(), total.mapping, Asked::new(&list));
        lines = blocking(move || read(&vault, &blob, &mapping, &asked, lang)).await?;
    }
    let has_more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let next =
        lines.last().filter(|_| has_more).map(|last| list.with("after", &last.number.to_string()).href());
    let c = session::chrome(&request, &services, &me, &i18n::t(lang, "sales-rows"));
    let first = list.without("after");
    let narrowed = |column: Column, value: &str| {
        let label = format!("{}{}{value}", c.t(format!("{}{column}", pages::LABELS)), c.t("colon"));
        (!value.is_empty()).then(|| Link::new(label, first.without(column.as_str()).href()))
    };
    let state = |word: &str, is_current: bool| {
        let key = if word.is_empty() { "all".to_owned() } else { format!("sales-state-{word}") };
        Link::new(c.t(key), first.with("state", word).href()).current(is_current)
    };
    let mut states = vec![state("", asked.state.is_none())];
    states.extend(STATES.iter().map(|(one, word, _)| state(word, asked.state == Some(*one))));
    let page = LinesPage {
        trail: vec![
            Link::new(c.t("nav-leads"), paths::LEADS),
            Link::new(&lead.number, paths::lead(lead.id)),
            Link::new(&item.name, paths::evidence(id)),
            Link::new(c.t("sales-title"), pages::path(id)),
        ],
        narrowed: [(Column::Shop, &asked.shop), (Column::Product, &asked.product)]
            .into_iter()
            .filter_map(|(column, value)| narrowed(column, value))
            .collect(),
        states,
        headings,
        merged: if merged > 0 { money::grouped(merged.unsigned_abs()) } else { String::new() },
        pager: Pager {
            previous: None,
            next,
            first: (asked.after > 0).then(|| first.href()),
            shown: lines.len(),
        },
        lines,
        c,
    };
    html(&page)
}
