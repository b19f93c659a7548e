//! The list of accounts, and what the administrator's handlers share.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{
    pages::{COLUMNS, Heads, PeoplePage, PersonLine},
    store::{self, Filter, Sort},
};
use crate::{
    audit::{self, Entry},
    directory::{
        agencies::{asked, search::Found},
        people::{
            guard::Admin,
            model::{Actor, Role, Side},
            proof, session,
            store::{self as people, PersonRow},
            time::local,
            view::{List, saved},
        },
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        export::{self, AT_ONCE, About, Export},
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            link::Query,
            list_head::{Active, Columns, ListHead, state_tabs},
            selection::{self, MOST, PICK, Picked, Picking},
            view::{ActiveFilter, Chip, Choice, Link, Tone},
        },
        i18n::{self, Lang},
        keyset::{Edge, Page, none_if_lost},
        paths,
        services::Services,
        sheet::Cell,
    },
};

/// Rows on one page.
pub(super) const PAGE: usize = 50;
/// The fields of the filter.
const FIELDS: [&str; 4] = ["q", "role", "side", "agency"];
/// Open and closed accounts.
const STATES: [&str; 2] = ["active", "disabled"];

/// One more than a page, to see whether there is a next one.
pub(super) fn limit() -> Result<i64> {
    i64::try_from(PAGE + 1).map_err(AppError::internal)
}

/// Where a list that goes by ids begins.
pub(super) fn edge(query: &Query) -> Edge<Id> {
    Edge::read(query, |text| text.parse().ok())
}

/// The words of roles, joined.
pub(super) fn role_words(lang: Lang, roles: &[Role]) -> String {
    roles.iter().map(|r| i18n::t(lang, &format!("role-{r}"))).collect::<Vec<_>>().join(" · ")
}

/// Roles to choose from.
pub(super) fn role_choices(lang: Lang, roles: &[Role]) -> Vec<Choice> {
    let hint = |r: &Role| i18n::t(lang, &format!("role-{r}-hint"));
    roles.iter().map(|r| Choice::new(r, i18n::t(lang, &format!("role-{r}"))).hint(hint(r))).collect()
}

/// The state of an account.
pub(super) fn state_chip(lang: Lang, disabled: bool) -> Chip {
    if disabled {
        Chip::new(i18n::t(lang, "people-state-disabled"), Tone::Muted)
    } else {
        Chip::new(i18n::t(lang, "people-state-active"), Tone::Good)
    }
}

/// Which of two words is told of a mail that is on its way: that it is sent or, without a server, written to a file.
pub(super) fn mailed(services: &Services, sent: &'static str, written: &'static str) -> &'static str {
    if services.mailer.folder().is_some() { written } else { sent }
}

/// The two lists of the page.
pub(super) fn tabs(lang: Lang, current: &str) -> Vec<Link> {
    let tab = |key: &str, href: &str| Link::new(i18n::t(lang, key), href).current(href == current);
    vec![
        tab("people-tab-accounts", paths::ADMIN_PEOPLE),
        tab("people-tab-invitations", paths::ADMIN_INVITATIONS),
    ]
}

/// What the list is asked for. The faults are in the form.
fn read(query: &mut Form) -> Filter {
    Filter {
        q: query.text("q", 100),
        role: query.asked_word("role"),
        side: query.asked_word("side"),
        agency: query.asked_word("agency"),
        disabled: query.asked("state", |raw| match raw {
            "active" => Some(false),
            "disabled" => Some(true),
            _ => None,
        }),
        only: Vec::new(),
        sort: query.asked("sort", Sort::parse).unwrap_or_default(),
        edge: query.asked_edge(|text| Some(text.to_owned())),
    }
}

fn lines(
    conn: &mut Connection,
    rows: &[PersonRow],
    lang: Lang,
    zone: chrono_tz::Tz,
) -> Result<Vec<PersonLine>> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let roles = people::roles_of(conn, &ids)?;
    let agencies = store::agency_names(conn, rows.iter().filter_map(|row| row.agency_id))?;
    let agency = |id: Option<Id>| {
        let found = id.and_then(|id| agencies.get(&id));
        found.map_or_else(String::new, |(zh, en)| lang.pick(zh, en).to_owned())
    };
    let line = |row: &PersonRow| PersonLine {
        id: row.id,
        pick: selection::word(row.id),
        username: row.username.clone(),
        name: row.name.clone(),
        roles: role_words(lang, roles.get(&row.id).map_or(&[], Vec::as_slice)),
        agency: agency(row.agency_id),
        last_login: row.last_login_at.map_or_else(|| i18n::t(lang, "people-never"), |at| local(at, zone)),
        side: i18n::t(lang, &format!("people-side-{}", row.side)),
        email: row.email.clone(),
        created: local(row.created_at, zone),
        state: state_chip(lang, row.disabled_at.is_some()),
    };
    Ok(rows.iter().map(line).collect())
}

/// What the filter is chosen from, but for agencies, which are looked for.
struct Choices {
    roles: Vec<Choice>,
    sides: Vec<Choice>,
    states: Vec<Choice>,
}

impl Choices {
    fn new(lang: Lang) -> Self {
        let t = |key: &str| i18n::t(lang, key);
        Self {
            roles: Role::ALL.iter().map(|r| Choice::new(r, t(&format!("role-{r}")))).collect(),
            sides: Side::ALL.iter().map(|s| Choice::new(s, t(&format!("people-side-{s}")))).collect(),
            states: STATES.map(|s| Choice::new(s, t(&format!("people-state-{s}")))).into(),
        }
    }

    /// The filters in force, in words; `agency`: the one that is asked for.
    fn active(&self, query: &Query, agency: Option<&Found>, lang: Lang) -> Vec<ActiveFilter> {
        let t = |key: &str| i18n::t(lang, key);
        // However it is written in the address.
        let agencies: Vec<Choice> =
            agency.map(|one| Choice::new(query.get("agency"), one.name(lang))).into_iter().collect();
        let named: [(&str, String, &[Choice]); 5] = [
            ("q", t("people-field-q"), &[]),
            ("role", t("role"), &self.roles),
            ("side", t("people-side"), &self.sides),
            ("agency", t("agency"), &agencies),
            ("state", t("state"), &self.states),
        ];
        Active::chosen(query, &named)
    }
}

/// What the list does not understand of an address.
///
/// # Errors
/// Those of the database.
pub async fn faults(services: &Services, me: &Actor, asked: &str) -> Result<Vec<FieldError>> {
    let mut form = Form::parse(asked.as_bytes());
    asked::agency(services, &mut form, me.lang).await?;
    read(&mut form);
    Ok(form.errors().to_vec())
}

pub(super) async fn list(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut form = Form::query(&request);
    let agency = asked::agency(&services, &mut form, me.lang).await?;
    let picked = Picked::of(&form, MOST);
    let query = picked.on(&Query::new(&request.uri().to_string()).without("ok"));
    let (filter, limit) = (read(&mut form), limit()?);
    let (lang, zone, sort) = (me.lang, services.settings.time_zone, filter.sort);
    let is_read = form.errors().is_empty();
    let (page, people, counts, lost) = services
        .db
        .read(move |conn| {
            let mut lost = Vec::new();
            let found = if is_read {
                none_if_lost(store::page(conn, &filter, limit), &mut lost)?
            } else {
                Vec::new()
            };
            let page = Page::of(found, PAGE, &filter.edge);
            let counts = if is_read { Some(store::counts(conn, &filter)?) } else { None };
            let people = lines(conn, &page.rows, lang, zone)?;
            Ok((page, people, counts, lost))
        })
        .await?;
    lost.into_iter().for_each(|fault| form.push(fault));
    let is_understood = form.errors().is_empty();
    let pager = page.pager(&query, |row| row.username.clone());
    let shown: Vec<Id> = page.rows.iter().map(|row| row.id).collect();
    let t = |key: &str| i18n::t(lang, key);
    let choices = Choices::new(lang);
    let states = STATES.into_iter().map(|state| (state, t(&format!("people-state-{state}"))));
    let file = |format: &str| {
        let at = query.first_page().without(PICK).with("format", format).href();
        at.replacen(paths::ADMIN_PEOPLE, "/admin/people/export", 1)
    };
    let filter = FormView::filter("people-field-", query.pairs(), form.errors());
    let page = PeoplePage {
        active: choices.active(&query, agency.as_ref(), lang),
        clear: picked.on(&query.bare()).href(),
        kept: query.kept(&FIELDS),
        head: ListHead {
            saved: saved(&services, &me, List::People, &query).await?.if_understood(is_understood),
            columns: Columns::read(&query, &COLUMNS),
        },
        state_tabs: state_tabs(&query, "state", t("list-all"), states, (counts.as_ref(), "")),
        csv: file("csv"),
        xlsx: file("xlsx"),
        c: session::chrome(&request, &services, &me, &t("nav-people")),
        tabs: tabs(lang, paths::ADMIN_PEOPLE),
        filter: asked::in_words(filter, agency.as_ref(), lang),
        roles: choices.roles,
        sides: choices.sides,
        heads: Heads::new(&query, sort, lang),
        picking: Picking::new(&query, &picked, &shown, &pager),
        is_understood,
        people,
        pager,
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

/// What the log is told of a file: the words that were searched for may name somebody.
fn entry(filter: &Filter, format: &str) -> Entry {
    let facts = [
        ("roles", filter.role.map(|role| role.to_string())),
        ("side", filter.side.map(|side| side.to_string())),
        ("agency", filter.agency.map(|id| id.to_string())),
        ("state", filter.disabled.map(|is| STATES[usize::from(is)].to_owned())),
    ];
    let entry = Entry::new("person.export").fact("format", format).fact("sort", filter.sort.word());
    let given = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let entry = given.fold(entry, |entry, (name, value)| entry.fact(name, value));
    if filter.q.is_empty() { entry } else { entry.private("q", filter.q.as_str()) }
}

/// The list as a file, or what is ticked of it, whatever it is narrowed to.
pub(super) async fn export(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut form = Form::query(&request);
    let agency = asked::agency(&services, &mut form, me.lang).await?;
    let mut filter = Filter { edge: Edge::Start, ..read(&mut form) };
    let format = form.raw("format").to_owned();
    export::known(&format)?;
    // A file must not hold more than was asked for.
    form.check()?;
    let picked = Picked::of(&form, MOST);
    if !picked.is_empty() {
        filter = Filter { only: picked.ids().to_vec(), sort: filter.sort, ..Filter::default() };
    }
    proof::ask_first(&request, &services, &me, "person.export", paths::ADMIN_PEOPLE)?.of("person.export")?;
    // An address may name what there is none of.
    let only = picked.ids().to_vec();
    let there = services.db.read(move |conn| store::there(conn, &only)).await?;
    let listed = entry(&filter, &format).objects("person", there);
    audit::record_read(&services.db, me.origin(), listed).await?;
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let mut active =
        Choices::new(lang).active(&Query::new(&request.uri().to_string()), agency.as_ref(), lang);
    if !picked.is_empty() {
        active = vec![picked.about(lang)];
    }
    let (order, by) = (filter.sort.told(lang), session::maker(&services, &me));
    let about = About::new(&i18n::t(lang, "nav-people"), &active, &order, &by);
    let next = export::by_pages(
        move |conn, last: Option<&PersonRow>| store::behind(conn, &filter, last, AT_ONCE),
        move |conn, rows| Ok(lines(conn, rows, lang, zone)?.iter().map(cells).collect()),
    );
    let head = ["people-field-username"].into_iter().chain(COLUMNS.iter().map(|column| column.label));
    let head = head.map(|key| i18n::t(lang, key));
    Export::new(&services, "people", head, about, next).reply(&format).await
}

/// A row of the file: the user name and every column of the list.
fn cells(line: &PersonLine) -> Vec<Cell> {
    let texts = [
        &line.username,
        &line.name,
        &line.roles,
        &line.agency,
        &line.last_login,
        &line.state.label,
        &line.side,
        &line.email,
        &line.created,
    ];
    texts.into_iter().map(|text| Cell::from(text.as_str())).collect()
}
