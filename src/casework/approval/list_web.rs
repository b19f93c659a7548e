//! The list of reviews and its export.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    pages::{COLUMNS, ListPage, RowView},
    store::{self, Acts, By, Filter, Listed, STATES, Sort},
};
use crate::{
    audit::{self, Entry},
    directory::people::{
        self, Actor, CaseReader, Role, session,
        view::{List, saved},
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
            list_head::{Active, Columns, Counts, ListHead, StateTab},
            see_other,
            selection::{ALL, MOST, PICK, Picked, Picking, Queue},
            view::{ActiveFilter, Choice},
        },
        i18n::{self, Lang},
        keyset::{Edge, Page},
        paths,
        services::Services,
        sheet::Cell,
        time::{self, Tz},
    },
};

const PREFIX: &str = "review-field-";
/// Reviews on a page.
const PAGE: usize = 50;

/// What the list is asked for. The faults are in the form.
fn read(query: &mut Form, me: &Actor) -> Filter {
    let state = query.asked("state", |raw| STATES.into_iter().chain(["all"]).find(|word| *word == raw));
    let asks_own = query.asked_flag("acts", "me");
    let state = state.unwrap_or("waiting");
    Filter {
        sort: query.asked("sort", Sort::parse).unwrap_or_else(|| store::usual(state)),
        state: state.to_owned(),
        q: query.text("q", 100),
        by: query.asked_word("by"),
        acts: asks_own.then(|| Acts { me: me.id, decides: me.has(Role::Approver) }),
        only: Vec::new(),
        edge: query.asked_edge(|raw| raw.parse().ok()),
    }
}

/// An entry that says what was asked for; the words that were searched for may name somebody.
fn asked(filter: &Filter, verb: &'static str) -> Entry {
    let mut entry = Entry::new(verb).fact("state", filter.state.as_str()).fact("sort", filter.sort.word());
    if let Some(by) = filter.by {
        entry = entry.fact("submitted_by", by.to_string());
    }
    if filter.acts.is_some() {
        entry = entry.fact("acts", "yes");
    }
    if filter.q.is_empty() { entry } else { entry.private("q", filter.q.as_str()) }
}

/// Rows with who submitted them.
fn lines(conn: &mut Connection, rows: &[Listed], lang: Lang, zone: Tz) -> Result<Vec<RowView>> {
    let names = people::store::names(conn, rows.iter().map(|row| row.review.submitted_by))?;
    let line = |row: &Listed| {
        let by = names.get(&row.review.submitted_by).cloned().unwrap_or_default();
        let at = |when| time::table_instant(when, zone);
        let decided = row.review.decided_at.map_or_else(String::new, at);
        RowView::new(row, by, (at(row.review.submitted_at), decided), lang)
    };
    Ok(rows.iter().map(line).collect())
}

/// What the list does not understand of an address.
///
/// # Errors
/// None; as the other lists' have it.
pub async fn faults(_: &Services, me: &Actor, asked: &str) -> Result<Vec<FieldError>> {
    let mut query = Form::parse(asked.as_bytes());
    read(&mut query, me);
    Ok(query.errors().to_vec())
}

/// `GET /approvals`
pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let filter = read(&mut query, &me);
    let is_understood = query.errors().is_empty();
    let (wanted, lang, zone) = (filter.clone(), me.lang, services.settings.time_zone);
    let (page, rows, counts, compilers) = services
        .db
        .read(move |conn| {
            let found = if is_understood { store::page(conn, &wanted, PAGE as i64 + 1)? } else { Vec::new() };
            let page = Page::of(found, PAGE, &wanted.edge);
            let rows = lines(conn, &page.rows, lang, zone)?;
            let counts = if is_understood { Some(store::counts(conn, &wanted)?) } else { None };
            let people = people::store::to_ask_for(conn, Role::Compiler, wanted.by, lang)?;
            Ok((page, rows, counts, people))
        })
        .await?;
    let shown: Vec<Id> = page.rows.iter().map(|row| row.review.id).collect();
    let entry = asked(&filter, "review.list").objects("review", shown.iter().copied());
    audit::record_read(&services.db, me.origin(), entry).await?;
    let picked = Picked::of(&query, MOST);
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str())).without("ok");
    let here = picked.on(&here);
    let pager = page.pager(&here, |row| row.review.id.to_string());
    let file = |format: &str| {
        let at = here.first_page().without(PICK).with("format", format).href();
        at.replacen(paths::APPROVALS, "/approvals/export", 1)
    };
    let page = ListPage {
        c: session::chrome(&request, &services, &me, &i18n::t(lang, "review-list-title")),
        is_understood,
        // Of a list that is not shown, no tab is the one.
        tabs: tabs(&here, if is_understood { &filter.state } else { "" }, counts.as_ref(), lang),
        head: ListHead {
            saved: saved(&services, &me, List::Approvals, &here).await?.if_understood(is_understood),
            columns: Columns::read(&here, &COLUMNS),
        },
        active: active(&here, &filter, &compilers, lang),
        clear: picked.on(&here.bare().with("state", here.get("state"))).href(),
        kept: here.kept(&["q", "by", "acts", "state"]),
        filter: FormView::filter(PREFIX, here.pairs(), query.errors()),
        submitted: filter.sort.head(&here, By::Submitted, lang),
        people: compilers.iter().map(|(id, name)| Choice::new(id, name.clone())).collect(),
        rows,
        picking: Picking::new(&here, &picked, &shown, &pager),
        pager,
        csv: file("csv"),
        xlsx: file("xlsx"),
        state: filter.state,
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

fn tabs(here: &Query, state: &str, counts: Option<&Counts>, lang: Lang) -> Vec<StateTab> {
    let tab = |word: &str| {
        let base = here.first_page().with("state", word);
        // Only what waits is to be acted on.
        let href = if word == "waiting" { base.href() } else { base.without("acts").href() };
        let count = match counts {
            Some(counts) if word != "all" => counts.text(word),
            _ => String::new(),
        };
        let label = i18n::t(lang, &format!("review-state-{word}"));
        StateTab { label, href, current: word == state, count }
    };
    STATES.into_iter().chain(["all"]).map(tab).collect()
}

/// The filters in force beside the state, which is a tab.
fn active(here: &Query, filter: &Filter, people: &[(Id, String)], lang: Lang) -> Vec<ActiveFilter> {
    let mut found = Active::of(here);
    let mut add =
        |name: &str, value: String| found.add(name, i18n::t(lang, &format!("{PREFIX}{name}")), value);
    if !filter.q.is_empty() {
        add("q", filter.q.clone());
    }
    if filter.acts.is_some() {
        add("acts", i18n::t(lang, "yes"));
    }
    if let Some((_, name)) = people.iter().find(|(id, _)| Some(*id) == filter.by) {
        add("by", name.clone());
    }
    found.done()
}

/// `GET /approvals/queue`: leads to the first of the reviews that are ticked, or of all that the filter finds, to look at
/// one after another. Nothing is approved here, and nothing may ever be: an approval is bound to the hashes of what its
/// approver has seen, and to a code of its own, so that many at once could only be approved unseen.
pub async fn queue(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let picked = Picked::of(&query, MOST);
    let filter = if query.raw(ALL) == "yes" {
        let filter = Filter { edge: Edge::Start, ..read(&mut query, &me) };
        query.check()?;
        filter
    } else if picked.is_empty() {
        return Err(AppError::field(PICK, "bulk-none"));
    } else {
        these(&picked, store::usual("all"))
    };
    let is_all = filter.only.is_empty();
    let found = services.db.read(move |conn| store::page(conn, &filter, MOST as i64)).await?;
    let found = if is_all { found } else { picked.in_order(found, |row| row.review.id) };
    let ids: Vec<Id> = found.iter().map(|row| row.review.id).collect();
    let queue = Queue::through(&ids).and_then(|queue| Some((queue.current()?, queue)));
    let Some((first, queue)) = queue else { return Err(AppError::NotFound) };
    let entry = Entry::new("review.list").fact("page", "queue").objects("review", ids);
    audit::record_read(&services.db, me.origin(), entry).await?;
    Ok(see_other(&queue.page(&paths::approval(first))))
}

/// Those that are ticked, whatever the list is narrowed to.
fn these(picked: &Picked, sort: Sort) -> Filter {
    Filter { state: "all".to_owned(), only: picked.ids().to_vec(), sort, ..Filter::default() }
}

/// `GET /approvals/export`: of the list as it is narrowed, or of the reviews that are ticked.
pub async fn export(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let mut filter = Filter { edge: Edge::Start, ..read(&mut query, &me) };
    let format = query.raw("format").to_owned();
    export::known(&format)?;
    // A file must not hold more than was asked for.
    query.check()?;
    let picked = Picked::of(&query, MOST);
    if !picked.is_empty() {
        filter = these(&picked, filter.sort);
    }
    let entry = asked(&filter, "review.export").fact("format", format.as_str());
    let entry = entry.objects("review", picked.ids().iter().copied());
    audit::record_read(&services.db, me.origin(), entry).await?;
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let by = filter.by;
    let compilers =
        services.db.read(move |conn| people::store::to_ask_for(conn, Role::Compiler, by, lang)).await?;
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let mut chips = vec![ActiveFilter {
        name: i18n::t(lang, "state"),
        value: i18n::t(lang, &format!("review-state-{}", filter.state)),
        remove_href: String::new(),
    }];
    chips.extend(active(&here, &filter, &compilers, lang));
    if !picked.is_empty() {
        chips = vec![picked.about(lang)];
    }
    let (order, by) = (filter.sort.told(lang), session::maker(&services, &me));
    let about = About::new(&i18n::t(lang, "review-list-title"), &chips, &order, &by);
    let next = export::by_pages(
        move |conn, last: Option<&Listed>| {
            if let Some(last) = last {
                filter.edge = Edge::After(last.review.id);
            }
            store::page(conn, &filter, AT_ONCE)
        },
        move |conn, rows| Ok(lines(conn, rows, lang, zone)?.iter().map(|row| cells(row, lang)).collect()),
    );
    let heads = ["number", "title", "dossier-fact-version", "review-col-by", "review-fact-submitted"];
    let heads = heads.into_iter().chain(["review-col-decided", "state", "synthetic"]);
    let heads = heads.map(|key| i18n::t(lang, key));
    Export::new(&services, "approvals", heads, about, next).reply(&format).await
}

/// A row of the file.
fn cells(row: &RowView, lang: Lang) -> Vec<Cell> {
    let synthetic = i18n::t(lang, if row.synthetic { "yes" } else { "no" });
    vec![
        row.number.as_str().into(),
        row.title.as_str().into(),
        Cell::Count(row.version.into()),
        row.by.as_str().into(),
        row.submitted.as_str().into(),
        row.decided.as_str().into(),
        row.state.label.as_str().into(),
        synthetic.into(),
    ]
}
