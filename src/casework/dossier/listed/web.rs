//! The list of dossiers and its export.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    super::model::Dossier,
    model::Filter,
    pages::{COLUMNS, FIELDS, Heads, ListPage, Row, active, tabs},
    store,
};
use crate::{
    audit::{self, Entry},
    directory::{
        agencies::asked,
        people::{
            Actor, CaseReader, session,
            view::{List, saved},
        },
    },
    platform::{
        db::{Connection, Id},
        error::{FieldError, Result},
        export::{self, AT_ONCE, About, Export},
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            link::Query,
            list_head::{Columns, ListHead},
            selection::{MOST, PICK, Picked, Picking},
        },
        i18n::{self, Lang},
        keyset::{Edge, Page, none_if_lost},
        paths,
        services::Services,
        sheet::Cell,
        time::Tz,
    },
};

/// Dossiers of a page.
const PAGE: i64 = 50;

/// Rows with what their leads are called.
fn rows(conn: &mut Connection, found: &[Dossier], lang: Lang, zone: Tz) -> Result<Vec<Row>> {
    let called = store::called(conn, found.iter().map(|one| one.lead_id).collect())?;
    Ok(found.iter().map(|one| Row::new(one, &called, lang, zone)).collect())
}

/// An entry that says what was asked for; the words that were searched for may name somebody.
fn entry(filter: &Filter, verb: &'static str) -> Entry {
    let facts = [
        ("sort", Some(filter.sort.word())),
        ("state", filter.state.map(|state| state.as_str().to_owned())),
        ("agency", filter.agency.map(|id| id.to_string())),
        ("waits_for", filter.waits.map(|(waits, _)| waits.to_string())),
        ("from", filter.from.map(|day| day.to_string())),
        ("to", filter.to.map(|day| day.to_string())),
    ];
    let given = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let entry = given.fold(Entry::new(verb), |entry, (name, value)| entry.fact(name, value));
    if filter.q.is_empty() { entry } else { entry.private("q", filter.q.as_str()) }
}

fn here(request: &HttpRequest) -> Query {
    Query::new(request.uri().path_and_query().map_or(paths::DOSSIERS, |p| p.as_str())).without("ok")
}

/// What the list does not understand of an address.
///
/// # Errors
/// Those of the database.
pub async fn faults(services: &Services, me: &Actor, asked: &str) -> Result<Vec<FieldError>> {
    let mut form = Form::parse(asked.as_bytes());
    asked::agency(services, &mut form, me.lang).await?;
    Ok(Filter::read(&mut form, me.id).faults)
}

/// `GET /dossiers`
pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut form = Form::query(&request);
    let agency = asked::agency(&services, &mut form, me.lang).await?;
    let picked = Picked::of(&form, MOST);
    let (query, mut filter) = (picked.on(&here(&request)), Filter::read(&mut form, me.id));
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let (filter, page, shown, counts) = services
        .db
        .read_snapshot(move |conn| {
            let mut faults = std::mem::take(&mut filter.faults);
            let found = if faults.is_empty() {
                none_if_lost(store::page(conn, &filter, zone, PAGE + 1), &mut faults)?
            } else {
                Vec::new()
            };
            filter.faults = faults;
            let page = Page::of(found, PAGE as usize, &filter.edge);
            let shown = rows(conn, &page.rows, lang, zone)?;
            let is_understood = filter.faults.is_empty();
            let counts = if is_understood { Some(store::counts(conn, &filter, zone)?) } else { None };
            Ok((filter, page, shown, counts))
        })
        .await?;
    let is_understood = filter.faults.is_empty();
    let ids: Vec<Id> = page.rows.iter().map(|one| one.id).collect();
    let listed = entry(&filter, "dossier.list").fact("rows", ids.len());
    audit::record_read(&services.db, me.origin(), listed.objects("dossier", ids.iter().copied())).await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(lang, "dossier-list-title"));
    let file = |format: &str| {
        let at = query.first_page().without(PICK).with("format", format).href();
        at.replacen(paths::DOSSIERS, "/dossiers/export", 1)
    };
    let head = ListHead {
        saved: saved(&services, &me, List::Dossiers, &query).await?.if_understood(is_understood),
        columns: Columns::read(&query, &COLUMNS),
    };
    let form = FormView::filter("dossier-filter-", query.pairs(), &filter.faults);
    let pager = page.pager(&query, |one| one.id.to_string());
    let page = ListPage {
        head,
        tabs: tabs(&c, &query, counts.as_ref()),
        filter: asked::in_words(form, agency.as_ref(), lang),
        active: active(&c, &query, &filter, &asked::word(agency.as_ref(), lang)),
        clear: picked.on(&query.bare()).href(),
        kept: query.kept(&FIELDS),
        heads: Heads::new(&query, filter.sort, lang),
        rows: shown,
        picking: Picking::new(&query, &picked, &ids, &pager),
        pager,
        csv: file("csv"),
        xlsx: file("xlsx"),
        is_understood,
        c,
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

/// `GET /dossiers/export`: of the list as it is narrowed, or of the dossiers that are ticked.
pub async fn export(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut form = Form::query(&request);
    let agency = asked::agency(&services, &mut form, me.lang).await?;
    let mut filter = Filter { edge: Edge::Start, ..Filter::read(&mut form, me.id) };
    let format = form.raw("format").to_owned();
    export::known(&format)?;
    // A file must not hold more than was asked for.
    form.check()?;
    let picked = Picked::of(&form, MOST);
    if !picked.is_empty() {
        filter = Filter { only: picked.ids().to_vec(), sort: filter.sort, ..Filter::default() };
    }
    let listed = entry(&filter, "dossier.export").fact("format", format.as_str());
    // An address may name what there is none of.
    let only = picked.ids().to_vec();
    let there = services.db.read(move |conn| store::there(conn, &only)).await?;
    audit::record_read(&services.db, me.origin(), listed.objects("dossier", there)).await?;
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let c = session::chrome(&request, &services, &me, "");
    let mut chips = active(&c, &here(&request), &filter, &asked::word(agency.as_ref(), lang));
    if !picked.is_empty() {
        chips = vec![picked.about(lang)];
    }
    let (order, by) = (filter.sort.told(lang), session::maker(&services, &me));
    let about = About::new(&c.t("dossier-list-title"), &chips, &order, &by);
    let next = export::by_pages(
        move |conn, last: Option<&Dossier>| store::behind(conn, &filter, zone, last, AT_ONCE),
        move |conn, found| {
            let lines = rows(conn, found, lang, zone)?;
            Ok(lines.iter().zip(found).map(|(row, one)| cells(row, one, lang)).collect())
        },
    );
    let heads = ["dossier-col-folder", "number", "title"].into_iter();
    let heads = heads.chain(COLUMNS.iter().skip(1).map(|column| column.label));
    let heads = heads.chain(["dossier-manifest", "synthetic"]);
    let heads = heads.map(|key| i18n::t(lang, key));
    Export::new(&services, "dossiers", heads, about, next).reply(&format).await
}

/// A row of the file.
fn cells(row: &Row, one: &Dossier, lang: Lang) -> Vec<Cell> {
    let synthetic = i18n::t(lang, if row.synthetic { "yes" } else { "no" });
    vec![
        row.folder.as_str().into(),
        row.number.as_str().into(),
        row.title.as_str().into(),
        row.agency.as_str().into(),
        Cell::Count(row.version.into()),
        row.state.label.as_str().into(),
        row.made.as_str().into(),
        row.frozen.as_str().into(),
        row.approved.as_str().into(),
        row.sealed.as_str().into(),
        one.packed.map_or(Cell::Empty, |(_, size)| Cell::Count(size)),
        one.manifest_sha256.clone().unwrap_or_default().into(),
        synthetic.into(),
    ]
}
