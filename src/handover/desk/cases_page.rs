//! What the list and the page of cases show.

use askama::Template;
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::Bool,
};

use super::list_page::Reading;
use crate::{
    casework::lead::remark,
    directory::people::{Actor, ForAgency, policy::CASE_READERS, store as people},
    handover::{
        agency_case::{
            model::Status,
            store::{self, CaseRow, StepRow},
        },
        counted,
        transfer::store as transfers,
    },
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{access, agency, agency_case, person},
        },
        error::{AppError, Result},
        http::{
            form::Form,
            form_view::FormView,
            layout::Chrome,
            link::Query,
            view::{ActiveFilter, Chip, Choice, Event, Fact, Link, Pager},
        },
        paths, time,
    },
};

/// What the list of cases is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub status: Option<Status>,
    pub agency: Option<Id>,
    pub q: String,
    /// Filed in this year, as the annual report counts; as the log was at a size.
    pub filed_year: Option<(i32, Option<i64>)>,
    /// Opened before this moment, or at it with a smaller id: where the page before ended.
    pub after: Option<(Instant, Id)>,
}

impl Filter {
    /// Reads the address; what can't be read narrows nothing.
    pub fn read(query: &mut Form, me: &Actor) -> Self {
        Self {
            status: query.raw("status").parse().ok(),
            agency: if me.agency.is_some() { None } else { query.raw("agency").parse().ok() },
            q: query.text("q", 100),
            filed_year: query
                .raw("filed_year")
                .parse()
                .ok()
                .map(|year| (year, query.raw("log_size").parse().ok())),
            after: cursor(query.raw("after")),
        }
    }
}

/// Reads `<opened>.<id>`.
pub fn cursor(text: &str) -> Option<(Instant, Id)> {
    let (opened, id) = text.split_once('.')?;
    Some((Instant::from_micros(opened.parse().ok()?), id.parse().ok()?))
}

/// The cursor after `row`.
pub fn cursor_after(row: &CaseRow) -> String {
    format!("{}.{}", row.opened_at.micros(), row.id)
}

/// A case with its agency's names.
pub type Found = (CaseRow, (String, String));

/// The cases that `me` may see, newest first.
///
/// # Errors
/// `NotFound` for somebody who reads no cases.
pub fn rows(conn: &mut Connection, me: &Actor, filter: &Filter, limit: i64) -> Result<Vec<Found>> {
    let mut query = agency_case::table.inner_join(agency::table).into_boxed();
    match me.agency_id() {
        Some(own) => {
            let seen = access::table
                .filter(access::agency_id.eq(own))
                .filter(access::kind.eq("case"))
                .select(access::object_id);
            query = query.filter(agency_case::agency_id.eq(own)).filter(agency_case::id.eq_any(seen));
        }
        None if me.has_any(CASE_READERS) => {}
        None => return Err(AppError::NotFound),
    }
    if let Some(status) = filter.status {
        query = query.filter(agency_case::status.eq(status.as_str()));
    }
    if let Some(id) = filter.agency {
        query = query.filter(agency_case::agency_id.eq(id));
    }
    if let Some((year, log_size)) = filter.filed_year {
        let filed = counted::filed_in(&counted::Span::new(year, time::DEFAULT_ZONE), log_size);
        query = query.filter(sql::<Bool>(&format!(
            "agency_case.id IN (SELECT c.id FROM agency_case c WHERE {filed})"
        )));
    }
    if !filter.q.is_empty() {
        let word = super::list::like(&filter.q);
        query = query.filter(
            agency_case::number
                .like(word.clone())
                .escape('\\')
                .or(agency_case::title.like(word).escape('\\')),
        );
    }
    if let Some((opened, id)) = filter.after {
        query = query.filter(
            agency_case::opened_at
                .lt(opened)
                .or(agency_case::opened_at.eq(opened).and(agency_case::id.lt(id))),
        );
    }
    Ok(query
        .order((agency_case::opened_at.desc(), agency_case::id.desc()))
        .select((CaseRow::as_select(), (agency::name_zh, agency::name_en)))
        .limit(limit)
        .load(conn)?)
}

/// The agencies that have cases, for the filter.
///
/// # Errors
/// Those of the database.
pub fn agencies(conn: &mut Connection) -> Result<Vec<(Id, String, String)>> {
    Ok(agency::table
        .filter(exists(agency_case::table.filter(agency_case::agency_id.eq(agency::id))))
        .order((agency::region_code, agency::name_zh))
        .select((agency::id, agency::name_zh, agency::name_en))
        .load(conn)?)
}

/// One row of the list.
pub struct Row {
    pub href: String,
    pub number: String,
    pub title: String,
    pub agency: String,
    pub status: Chip,
    pub opened: String,
    pub filed: String,
    pub officer: String,
}

#[derive(Template)]
#[template(path = "handover/cases.html")]
pub struct CasesPage {
    pub c: Chrome,
    pub rows: Vec<Row>,
    pub form: FormView,
    pub statuses: Vec<Choice>,
    pub agencies: Vec<Choice>,
    pub is_agency: bool,
    pub active: Vec<ActiveFilter>,
    pub pager: Pager,
    pub csv: String,
    pub xlsx: String,
}

/// A row ready to be shown.
pub fn row(c: &Chrome, (case, (zh, en)): &Found, at: Reading) -> Row {
    let status = case.status();
    Row {
        href: paths::case(case.id),
        number: if case.number.is_empty() { c.t("case-no-number") } else { case.number.clone() },
        title: case.title.clone(),
        agency: c.language.pick(zh, en).to_owned(),
        status: Chip::new(c.t(status.key()), status.tone()),
        opened: time::day_of(case.opened_at, at.zone).to_string(),
        filed: case.filed_on.map(|d| d.to_string()).unwrap_or_default(),
        officer: case.officer.clone(),
    }
}

impl CasesPage {
    /// Makes the list; `found` may hold one row more than `limit`.
    pub fn new(
        c: Chrome,
        me: &Actor,
        filter: &Filter,
        mut found: Vec<Found>,
        limit: usize,
        agencies: &[(Id, String, String)],
        at: Reading,
    ) -> Self {
        let query = Query::new(&c.path);
        let more = found.len() > limit;
        found.truncate(limit);
        let next =
            found.last().filter(|_| more).map(|(last, _)| query.with("after", &cursor_after(last)).href());
        let export = |format: &str| {
            let all = query.first_page().with("format", format).href();
            all.replacen(paths::CASES, "/cases/export", 1)
        };
        let agencies: Vec<Choice> =
            agencies.iter().map(|(id, zh, en)| Choice::new(id, c.language.pick(zh, en))).collect();
        let mut active = Vec::new();
        let mut add = |name: &str, label: String, value: String| {
            active.push(ActiveFilter {
                name: label,
                value,
                remove_href: query.first_page().without(name).href(),
            });
        };
        if let Some(status) = filter.status {
            add("status", c.t("state"), c.t(status.key()));
        }
        if let Some(id) = filter.agency {
            let name = agencies.iter().find(|a| a.value == id.to_string()).map(|a| a.label.clone());
            add("agency", c.t("agency"), name.unwrap_or_default());
        }
        if let Some((year, _)) = filter.filed_year {
            add("filed_year", c.t("case-filed"), year.to_string());
        }
        if !filter.q.is_empty() {
            add("q", c.t("action-search"), filter.q.clone());
        }
        Self {
            form: FormView::new("transfer-filter-").typed(query.pairs().to_vec()),
            statuses: Status::ALL.iter().map(|s| Choice::new(s, c.t(s.key()))).collect(),
            is_agency: me.agency.is_some(),
            pager: Pager { previous: None, next, shown: found.len() },
            csv: export("csv"),
            xlsx: export("xlsx"),
            rows: found.iter().map(|f| row(&c, f, at)).collect(),
            agencies,
            active,
            c,
        }
    }
}

/// Id and number of a transfer; id, number and title of its lead for the platform's side only.
pub type JoinedTransfer = (Id, String, Option<(Id, String, String)>);

/// One case with all that belongs to it.
pub struct CaseDetail {
    pub row: CaseRow,
    pub agency: transfers::AgencyRow,
    pub steps: Vec<StepRow>,
    pub transfers: Vec<JoinedTransfer>,
    pub merged_into: Option<CaseRow>,
    pub has_accounts: bool,
    pub names: std::collections::HashMap<Id, String>,
    /// Those who acted from the platform's side.
    pub by_platform: Vec<Id>,
    pub texts: std::collections::HashMap<Id, String>,
}

/// Reads one case with all that belongs to it.
///
/// # Errors
/// `NotFound`.
pub fn read(conn: &mut Connection, me: &Actor, id: Id) -> Result<CaseDetail> {
    let row = store::visible(conn, me, id)?;
    let steps = store::steps(conn, id)?;
    let mut joined = Vec::new();
    for (transfer_id, number, lead_id) in store::transfers_of(conn, id)? {
        let lead = if me.agency.is_some() {
            None
        } else {
            let lead = transfers::lead_row(conn, lead_id)?;
            Some((lead.id, lead.number, lead.title))
        };
        joined.push((transfer_id, number, lead));
    }
    let actors: Vec<Id> = steps.iter().filter_map(|s| s.actor_id).collect();
    let by_platform = person::table
        .filter(person::id.eq_any(actors.clone()))
        .filter(person::side.ne("agency"))
        .select(person::id)
        .load(conn)?;
    Ok(CaseDetail {
        agency: transfers::agency_row(conn, row.agency_id)?,
        merged_into: row.merged_into.map(|id| store::find(conn, id)).transpose()?,
        has_accounts: transfers::has_accounts(conn, row.agency_id)?,
        names: people::names(conn, actors)?,
        texts: remark::bodies(conn, steps.iter().filter_map(|s| s.remark_id))?,
        transfers: joined,
        by_platform,
        steps,
        row,
    })
}

#[derive(Template)]
#[template(path = "handover/case.html")]
pub struct CasePage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub title: String,
    pub status: Chip,
    pub facts: Vec<Fact>,
    pub transfers: Vec<Fact>,
    pub may_act: bool,
    pub may_step: bool,
    pub back: String,
    /// Whether the actor may record an outcome, and where the case's outcomes are.
    pub may_record: bool,
    pub outcomes: String,
    pub events: Vec<Event>,
}

impl CasePage {
    /// Makes the page of `d` for `me`.
    pub fn new(c: Chrome, me: &Actor, d: &CaseDetail, at: Reading) -> Self {
        let status = d.row.status();
        let mut facts = Vec::new();
        if me.agency.is_none() {
            facts.push(Fact::new(c.t("agency"), d.agency.name(c.language)).link(paths::agency(d.agency.id)));
        }
        let mut add = |key: &str, value: String| {
            if !value.is_empty() {
                facts.push(Fact::new(c.t(key), value));
            }
        };
        add("case-number", d.row.number.clone());
        add("case-officer", d.row.officer.clone());
        add("case-opened", time::day_of(d.row.opened_at, at.zone).to_string());
        add("case-filed", d.row.filed_on.map(|d| d.to_string()).unwrap_or_default());
        if let Some(other) = &d.merged_into {
            facts.push(Fact::new(c.t("case-merged-into"), &other.number).link(paths::case(other.id)));
        }
        let transfers = d
            .transfers
            .iter()
            .map(|(id, number, lead)| {
                let words =
                    lead.as_ref().map(|(_, number, title)| format!("{number} {title}")).unwrap_or_default();
                Fact::new(words, number).link(paths::transfer(*id))
            })
            .collect();
        let may_act = me.agency.is_some() || (me.has_any(ForAgency::ROLES) && !d.has_accounts);
        Self {
            trail: vec![Link::new(c.t("nav-cases"), paths::CASES)],
            title: d.row.title.clone(),
            status: Chip::new(c.t(status.key()), status.tone()),
            facts,
            transfers,
            may_act,
            may_step: may_act && status.allows_progress().is_ok(),
            back: paths::case(d.row.id),
            may_record: me.has_any(ForAgency::ROLES),
            outcomes: format!("{}?case={}", paths::OUTCOMES, d.row.id),
            events: d.steps.iter().rev().map(|step| event(&c, me, d, step)).collect(),
            c,
        }
    }
}

fn event(c: &Chrome, me: &Actor, d: &CaseDetail, step: &StepRow) -> Event {
    let status: Option<Status> = step.kind.parse().ok();
    let by_platform = step.actor_id.is_some_and(|id| d.by_platform.contains(&id));
    let mut body = step.remark_id.and_then(|id| d.texts.get(&id)).cloned().unwrap_or_default();
    if by_platform {
        let mark = c.tv("transfer-event-paper", "day", step.on_day);
        body = [body, mark].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n");
    }
    let name = step.actor_id.and_then(|id| d.names.get(&id)).cloned().unwrap_or_default();
    Event {
        time: step.on_day.to_string(),
        datetime: step.on_day.to_string(),
        actor: if by_platform && me.agency.is_some() { String::new() } else { name },
        title: status.map_or_else(|| step.kind.clone(), |s| c.t(s.key())),
        body,
        tone: status.map(Status::tone).unwrap_or_default(),
        link: None,
    }
}
