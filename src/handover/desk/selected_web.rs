//! Transfers that are ticked in the platform's list, or all that its filter finds: taking note of what came back. Whatever
//! else is done about a transfer is decided about it alone, on its own page.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{
    filter::Filter,
    list::{self, ListRow},
    transfers::{agency_of, reading},
};
use crate::{
    audit::{self, Entry},
    directory::people::{
        self, Actor, BothSides, CaseReader, Recorder,
        bulk::{self, Act, Place, ResultPage},
        nav, session,
        view::List,
    },
    handover::transfer::seen,
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, FieldError, Result},
        http::{
            Form,
            form_view::FormView,
            layout::Chrome,
            link::Query,
            reply::{html, invalid, see_other},
            selection::{self, ALL, MOST, MOST_AT_ONCE, PICK, Picked},
            view::{Chip, Link},
        },
        i18n::{self, Lang},
        keyset::Edge,
        paths,
        services::Services,
        time,
    },
};

const SELECTED: &str = "/transfers/selected";

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(SELECTED, web::get().to(page));
    cfg.route("/transfers/selected/take-note", web::post().to(take_note));
    cfg.route("/transfers/results/{id}", web::get().to(result));
}

/// A transfer of the page.
struct Row {
    pick: String,
    href: String,
    number: String,
    /// By which it is told from those of other agencies that bear the number too.
    called: String,
    title: String,
    agency: String,
    state: Chip,
    synthetic: bool,
}

/// `/transfers/selected`
#[derive(Template)]
#[template(path = "handover/selected.html")]
struct SelectedPage {
    c: Chrome,
    trail: Vec<Link>,
    form: FormView,
    rows: Vec<Row>,
    notes: Vec<String>,
    may_note: bool,
    /// Where the act is posted to.
    note: String,
    csv: String,
    xlsx: String,
    back: String,
}

/// The list as a request narrows it.
fn filters_of(request: &HttpRequest) -> Query {
    selection::filters(paths::TRANSFERS, request.query_string())
}

/// Rows that the reader may see, at most `most`; of ticked ones in their order.
async fn rows(
    me: &Actor,
    services: &Services,
    filter: Filter,
    picked: Option<&Picked>,
) -> Result<Vec<ListRow>> {
    let (actor, at) = (me.clone(), reading(services));
    let most = MOST_AT_ONCE as i64 + 1;
    let read =
        move |conn: &mut Connection| list::rows(conn, &actor, &filter, (Edge::Start, most), at.now, at.zone);
    let found = services.db.read(read).await?;
    Ok(match picked {
        Some(picked) => picked.in_order(found, |row| row.transfer.id),
        None => found,
    })
}

/// The filter for ticked rows alone; none of them is another one than no filter.
fn these(picked: &Picked) -> Filter {
    Filter { picked: picked.ids().to_vec(), ..Filter::default() }
}

async fn selected(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    (filter, picked): (Filter, Option<Picked>),
    form: FormView,
) -> Result<SelectedPage> {
    let lang = me.lang;
    let mut found = match &picked {
        Some(picked) if picked.is_empty() => Vec::new(),
        picked => rows(me, services, filter, picked.as_ref()).await?,
    };
    let is_cut = found.len() > MOST_AT_ONCE;
    found.truncate(MOST_AT_ONCE);
    let shown = found.iter().map(|row| row.transfer.id);
    let entry = Entry::new("transfer.list").fact("page", "selected").objects("transfer", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;

    let filters = filters_of(request);
    let at =
        |query: &Query, part: &str| query.href().replacen(paths::TRANSFERS, &format!("/transfers{part}"), 1);
    let list = picked.as_ref().map_or_else(|| filters.clone(), |picked| picked.on(&filters));
    let file = |format: &str| at(&list.with("format", format), "/export");
    let mut notes = picked.as_ref().map_or_else(Vec::new, |picked| picked.notes(lang, found.len()));
    let c = session::chrome(
        request,
        services,
        me,
        &i18n::t_count(lang, "bulk-transfers-title", found.len() as u64),
    );
    if is_cut {
        notes.push(c.tn("bulk-cut", MOST_AT_ONCE));
    }
    let row = |found: &ListRow| {
        let (one, state) = (&found.transfer, found.transfer.state());
        Row {
            pick: selection::word(one.id),
            href: paths::transfer(one.id),
            number: one.number.clone(),
            called: called(found, lang),
            title: found.title.clone(),
            agency: lang.pick(&found.agency_zh, &found.agency_en).to_owned(),
            state: Chip::new(c.t(state.key()), state.tone()),
            synthetic: one.synthetic,
        }
    };
    Ok(SelectedPage {
        trail: vec![Link::new(c.t(nav::transfers(me.agency.is_some())), list.href())],
        form,
        rows: found.iter().map(row).collect(),
        notes,
        may_note: me.has_any(Recorder::ROLES),
        note: at(&filters, "/selected/take-note"),
        csv: file("csv"),
        xlsx: file("xlsx"),
        back: list.href(),
        c,
    })
}

/// A transfer's number is its agency's own: several may bear the same.
fn called(row: &ListRow, lang: Lang) -> String {
    format!("{} · {}", row.transfer.number, lang.pick(&row.agency_zh, &row.agency_en))
}

/// `GET /transfers/selected`
async fn page(me: BothSides, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let mut form = Form::query(&request);
    let chosen = if form.raw(ALL) == "yes" {
        agency_of(&me, &services, &mut form).await?;
        let filter = Filter { edge: Edge::Start, ..Filter::read(&mut form, &me) };
        // More than was asked for must not be acted on.
        if !filter.faults.is_empty() {
            return Err(AppError::Invalid(filter.faults));
        }
        (filter, None)
    } else {
        let picked = Picked::of(&form, MOST);
        (these(&picked), Some(picked))
    };
    html(&selected(&me, &services, &request, chosen, FormView::new("transfer-field-")).await?)
}

/// `POST /transfers/selected/take-note`
async fn take_note(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let picked = Picked::of(&form, MOST_AT_ONCE);
    if picked.is_empty() {
        let view = FormView::new("transfer-field-").with_errors([FieldError::new(PICK, "bulk-none")]);
        let chosen = (Filter::default(), Some(picked));
        return invalid(&selected(&me, &services, &request, chosen, view).await?);
    }
    let found = rows(&me, &services, these(&picked), None).await?;
    let mut names: HashMap<Id, String> =
        found.iter().map(|row| (row.transfer.id, called(row, me.lang))).collect();
    let named = picked.ids().iter().map(|id| (*id, names.remove(id).unwrap_or_default())).collect();
    let (who, back) = (me.actor().clone(), filters_of(&request).href());
    let asked = Act { list: List::Transfers, verb: "transfer.take_note", object: "transfer", back };
    let act = move |tx: &mut Tx<'_>, id: Id| seen::take_note(tx, &who, id).map(|()| true);
    let id = bulk::run(&services, &me, asked, named, act).await?;
    Ok(see_other(&format!("{}/results/{id}", paths::TRANSFERS)))
}

/// `GET /transfers/results/{id}`
async fn result(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let done = bulk::find(&services, List::Transfers, path.into_inner()).await?;
    let picked = Picked::these(done.rows.iter().map(|row| row.id).collect());
    let found = rows(&me, &services, these(&picked), Some(&picked)).await?;
    let person = done.person_id;
    let names = services.db.read(move |conn| people::store::names(conn, [person])).await?;
    let shown = found.iter().map(|row| row.transfer.id);
    let entry = Entry::new("transfer.list").fact("page", "result").objects("transfer", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let at = time::format_instant(done.at, services.settings.time_zone, me.lang);
    let by = format!("{} · {at}", names.get(&person).cloned().unwrap_or_default());
    let titles = found.into_iter().map(|row| (row.transfer.id, row.title)).collect();
    let place = Place { selected: SELECTED, row: paths::transfer, titles };
    html(&ResultPage::new(session::chrome(&request, &services, &me, ""), &done, &place, by))
}
