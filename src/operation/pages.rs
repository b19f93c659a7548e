//! What the pages of operations show.

use askama::Template;

use super::{
    listed::Filter,
    published::{count_text, figure_name, is_money},
    store::{self, CaseOf, FigureRow, OperationRow},
};
use crate::platform::{
    db::{Connection, Id},
    error::Result,
    http::{
        form_view::FormView,
        layout::Chrome,
        link::Query,
        list_head::Active,
        view::{ActiveFilter, Choice, Fact, Link, Pager},
    },
    i18n::Lang,
    keyset::Page,
    money::{self, Fen, Qualifier},
    paths, time,
};

/// The list.
#[derive(Template)]
#[template(path = "outcome/operations.html")]
pub struct OperationsPage {
    pub c: Chrome,
    /// Name and span of each.
    pub rows: Vec<Fact>,
    pub filter: FormView,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    pub pager: Pager,
    pub csv: String,
    pub xlsx: String,
    pub may_create: bool,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
}

/// The filters in force, each with the address without it.
pub fn active(c: &Chrome, list: &Query, filter: &Filter) -> Vec<ActiveFilter> {
    let mut active = Active::of(list);
    if !filter.q.is_empty() {
        active.add("q", c.t("action-search"), filter.q.clone());
    }
    active.done()
}

fn name(row: &OperationRow, lang: Lang) -> String {
    lang.pick(&row.name_zh, &row.name_en).to_owned()
}

fn span(row: &OperationRow, lang: Lang) -> String {
    time::span((row.from_on, row.to_on), lang, |day| time::format_date(day, lang))
}

impl OperationsPage {
    pub fn new(c: Chrome, filter: &Filter, page: Page<OperationRow>, may_create: bool) -> Self {
        let list = Query::new(&c.path).without("ok");
        let line = |row: &OperationRow| {
            Fact::new(name(row, c.language), span(row, c.language)).link(paths::operation(row.id))
        };
        let file = |format: &str| {
            let all = list.first_page().with("format", format).href();
            all.replacen(paths::OPERATIONS, "/operations/export", 1)
        };
        Self {
            rows: page.rows.iter().map(line).collect(),
            filter: FormView::filter("operation-filter-", list.pairs(), &filter.faults),
            active: active(&c, &list, filter),
            clear: list.bare().href(),
            pager: page.pager(&list, |row| row.id.to_string()),
            csv: file("csv"),
            xlsx: file("xlsx"),
            may_create,
            is_understood: filter.faults.is_empty(),
            c,
        }
    }
}

/// The form of a new one.
#[derive(Template)]
#[template(path = "outcome/operation_new.html")]
pub struct NewPage {
    pub c: Chrome,
    pub form: FormView,
}

/// One published figure among those of an operation.
pub struct Line {
    pub amount: String,
    pub period: String,
    pub source: String,
    pub counted: bool,
    pub reason: String,
}

/// All that was published of one figure.
pub struct FigureOf {
    pub name: String,
    pub lines: Vec<Line>,
    /// Whether they disagree.
    pub conflict: bool,
}

/// Everything that the page of one operation needs.
pub struct Found {
    pub row: OperationRow,
    pub leads: Vec<(Id, String, String)>,
    pub cases: Vec<CaseOf>,
    /// How many leads and cases it has in all.
    pub members: (i64, i64),
    pub figures: Vec<FigureRow>,
    pub addable: Vec<FigureRow>,
}

/// Reads an operation with its members.
///
/// # Errors
/// `NotFound`.
pub fn read(conn: &mut Connection, id: Id) -> Result<Found> {
    Ok(Found {
        row: store::find(conn, id)?,
        leads: store::leads(conn, id)?,
        cases: store::cases(conn, id)?,
        members: (store::count(conn, id, "lead")?, store::count(conn, id, "case")?),
        figures: store::figures(conn, id)?,
        addable: store::all_figures(conn)?,
    })
}

/// The page of one operation.
#[derive(Template)]
#[template(path = "outcome/operation.html")]
pub struct OperationPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub facts: Vec<Fact>,
    pub note: String,
    pub leads: Vec<Link>,
    pub cases: Vec<Fact>,
    /// That there are more than are listed, and how many; empty: there are not.
    pub more_leads: String,
    pub more_cases: String,
    pub figures: Vec<FigureOf>,
    pub outcomes: String,
    pub may_add: bool,
    pub action: String,
    pub form: FormView,
    pub kinds: Vec<Choice>,
    pub addable: Vec<Choice>,
    /// Cases that bear the number that was typed, where there are several.
    pub same_number: Vec<Choice>,
}

fn amount(row: &FigureRow, lang: Lang) -> String {
    let qualifier = Qualifier::parse(&row.qualifier).unwrap_or_default();
    if is_money(&row.figure) {
        return money::short(Fen(row.amount), qualifier, lang);
    }
    count_text(row.amount, qualifier, lang)
}

fn figures(rows: &[FigureRow], lang: Lang) -> Vec<FigureOf> {
    rows.chunk_by(|a, b| (a.year, &a.figure) == (b.year, &b.figure))
        .map(|group| FigureOf {
            name: format!("{} {}", group[0].year, figure_name(&group[0].figure, lang)),
            conflict: group.iter().any(|one| one.amount != group[0].amount && one.period == group[0].period),
            lines: group
                .iter()
                .map(|one| Line {
                    amount: amount(one, lang),
                    period: one.period(lang).to_owned(),
                    source: one.source(lang).to_owned(),
                    counted: one.counted,
                    reason: one.reason(lang).to_owned(),
                })
                .collect(),
        })
        .collect()
}

/// How many members are not listed, in words.
fn more(c: &Chrome, all: i64, listed: usize) -> String {
    let rest = all - i64::try_from(listed).unwrap_or(all);
    if rest > 0 { c.tv("operation-more", "n", rest) } else { String::new() }
}

impl OperationPage {
    /// Offers the cases that bear one number.
    #[must_use]
    pub fn choosing(mut self, cases: &[CaseOf]) -> Self {
        let lang = self.c.language;
        let choice = |(id, number, title, zh, en): &CaseOf| {
            Choice::new(*id, format!("{} · {number} {title}", lang.pick(zh, en)).trim())
        };
        self.same_number = cases.iter().map(choice).collect();
        self
    }

    pub fn new(c: Chrome, found: &Found, may_add: bool) -> Self {
        let (row, lang) = (&found.row, c.language);
        let mut facts = Vec::new();
        if !span(row, lang).is_empty() {
            facts.push(Fact::new(c.t("operation-span"), span(row, lang)));
        }
        if !row.public_source.is_empty() {
            facts.push(Fact::new(c.t("operation-source"), row.public_source.clone()));
        }
        let case = |(id, number, title, zh, en): &CaseOf| {
            Fact::new(lang.pick(zh, en), format!("{number} {title}").trim()).link(paths::case(*id))
        };
        let addable = |one: &FigureRow| {
            let words = format!(
                "{} {} {} {}",
                one.year,
                figure_name(&one.figure, lang),
                amount(one, lang),
                one.source(lang)
            );
            Choice::new(one.id, words)
        };
        Self {
            same_number: Vec::new(),
            trail: vec![Link::new(c.t("nav-operations"), paths::OPERATIONS)],
            facts,
            note: row.note.clone(),
            leads: found
                .leads
                .iter()
                .map(|(id, number, title)| Link::new(format!("{number} {title}"), paths::lead(*id)))
                .collect(),
            cases: found.cases.iter().map(case).collect(),
            more_leads: more(&c, found.members.0, found.leads.len()),
            more_cases: more(&c, found.members.1, found.cases.len()),
            figures: figures(&found.figures, lang),
            outcomes: format!("{}?operation={}&counted=1", paths::OUTCOMES, row.id),
            may_add,
            action: format!("{}/members", paths::operation(row.id)),
            form: FormView::new("operation-field-"),
            kinds: ["case", "lead"]
                .iter()
                .map(|k| Choice::new(k, c.t(format!("operation-kind-{k}"))))
                .collect(),
            addable: found.addable.iter().map(addable).collect(),
            c,
        }
    }
}
