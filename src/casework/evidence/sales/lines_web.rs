//! The rows behind the sums, read anew from the stored file a page at a time; each look is on record.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    count::{self, Source},
    file::{self, Files},
    model::{Cell, Column, Mapping},
    pages::{self, LineView, LinesPage},
    reading::{self, State},
    reasons, store, work,
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{actions::ALARM, scrub::open_among, store as items},
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
const STATES: [(State, &str, &str); 5] = [
    (State::Counted, "counted", "good"),
    (State::Excluded, "excluded", "muted"),
    (State::Negative, "negative", "muted"),
    (State::Merged, "merged", "muted"),
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

    fn wants(&self, line: &reading::Line, state: State) -> bool {
        (self.shop.is_empty() || self.shop == line.shop)
            && (self.product.is_empty() || self.product == line.product)
            && self.state.is_none_or(|wanted| wanted == state)
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
        why: reasons::of(mapping, cells, state).iter().map(|reason| reason.words(lang)).collect(),
    }
}

/// What is read of the marked tables of a lead.
struct Tables {
    /// In the order in which they are counted.
    sources: Vec<Source>,
    /// The place of the one that is shown.
    place: usize,
    /// Whether they are read together, as what becomes of a row may stand in another one.
    are_together: bool,
}

impl Tables {
    /// Whether what becomes of a row may stand in another table, and that can be read for a page.
    fn look(mut self, vault: &Vault, is_ill: bool) -> Result<Self> {
        let with_orders = |source: &&Source| source.mapping.place(Column::Order).is_some();
        let own = &self.sources[self.place];
        let others = self.sources.iter().filter(with_orders).filter(|one| one.evidence_id != own.evidence_id);
        let is_gone = self.sources.iter().any(|source| source.blob.erased_at.is_some());
        let may = with_orders(&own) && others.count() > 0 && !is_ill && !is_gone;
        self.are_together = may && count::weight(vault, &self.sources)? <= work::LARGE;
        Ok(self)
    }

    /// The rows of a page, and one more where there are more. Blocks.
    fn read(&self, files: &Files<'_>, asked: &Asked, lang: Lang) -> Result<Vec<LineView>> {
        let source = &self.sources[self.place];
        let mapping = &source.mapping;
        let mut found = Vec::new();
        let mut show = |row: u64, cells: &[Cell], line: &reading::Line, state: State| -> bool {
            if row > asked.after && asked.wants(line, state) {
                found.push(view(mapping, row, cells, state, lang));
            }
            found.len() <= PAGE
        };
        if self.are_together {
            let mut visit =
                |place: usize,
                 row: u64,
                 cells: &[Cell],
                 line: &reading::Line,
                 state: State|
                 -> Result<bool> { Ok(place != self.place || show(row, cells, line, state)) };
            count::judge(files, &self.sources, self.place + 1, &mut || Ok(()), &mut visit)?;
        } else {
            file::walk(files, &source.blob, mapping.sheet, &mut |row, cells| {
                let line = if row > mapping.header { reading::look(mapping, cells) } else { None };
                Ok(line.is_none_or(|line| show(row, cells, &line, line.state)))
            })?;
        }
        Ok(found)
    }
}

/// `GET /evidence/{id}/sales/rows`, narrowed by `shop`, `product` and `state`.
pub async fn rows(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (id, actor, lang) = (*id, me.clone(), me.lang);
    let (item, lead, total, sources, is_ill, is_any_ill) = services
        .db
        .read_snapshot(move |conn| {
            let item = items::find(conn, id)?;
            let lead = lead::store::find_visible(conn, &actor, item.lead_id)?;
            let totals = store::totals(conn, lead.id)?;
            let sources = count::marked(conn, &totals)?;
            let blobs: Vec<Id> = sources.iter().map(|source| source.blob.id).chain([item.blob_id]).collect();
            let ill = open_among(conn, &blobs)?;
            let is_ill = !open_among(conn, &[item.blob_id])?.is_empty();
            let total = totals.into_iter().find(|total| total.evidence_id == id);
            Ok((item, lead, total, sources, is_ill, !ill.is_empty()))
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
    let place = sources.iter().position(|source| source.evidence_id == id);
    let shown = total.zip(place).filter(|_| item.blob.erased_at.is_none());
    if let Some((total, place)) = shown {
        let label = |column: Column| i18n::t(lang, &format!("{}{column}", pages::LABELS));
        headings = shown_columns(&total.mapping).into_iter().map(label).collect();
        let vault = services.vault.clone();
        let tables = Tables { sources, place, are_together: false };
        let tables = blocking(move || tables.look(&vault, is_any_ill)).await?;
        // Where the tables are too large to be read together for a page, so many of its rows are counted elsewhere.
        merged = if tables.are_together { 0 } else { total.merged };
        let asked = Asked::new(&list);
        lines = file::in_turn(&services.vault, move |files| tables.read(files, &asked, lang)).await?;
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
