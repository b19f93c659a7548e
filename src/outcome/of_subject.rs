//! The page of a subject with what came of it: the page of the leads' side, answered from here, where the ledger is known
//! too. An arrested person may be named by an entry alone.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    detail_page::source_of,
    list::{self, Filter, ListRow},
    list_page::amount_of,
    sort::{By, Sort},
    store,
};
use crate::{
    audit::{self, Entry},
    casework::{
        lead::remark,
        subject::{
            pages::{EntryRow, SubjectPage},
            store as subjects,
        },
    },
    directory::people::{Actor, CaseReader, session},
    platform::{
        db::{Connection, Id},
        error::Result,
        http::{
            layout::Chrome,
            reply::html,
            view::{Chip, Link, MadeUp},
        },
        keyset::Edge,
        paths,
        services::Services,
        time,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/subjects/{id}", web::get().to(show));
}

/// Entries that name a subject.
#[derive(Default)]
struct Ledger {
    /// Those of the newest days first.
    entries: Vec<ListRow>,
    /// Whether more name it than are shown, or than are looked at.
    has_more: bool,
    /// The names of the papers that they rest on, and where these can be read.
    texts: HashMap<Id, String>,
}

impl Ledger {
    /// What names one of these rows, which are one subject; of that what `me` may see.
    fn read(conn: &mut Connection, me: &Actor, same: &[Id]) -> Result<Self> {
        let (only, is_cut) = store::naming(conn, same)?;
        if only.is_empty() {
            return Ok(Self::default());
        }
        let newest = Sort { by: By::Date, descending: true };
        let filter = Filter { only, sort: newest, ..Filter::default() };
        // The one behind those that are shown says that there are more.
        let mut entries = list::rows(conn, me, &filter, Edge::Start, subjects::MOST + 1)?;
        let most = usize::try_from(subjects::MOST).unwrap_or(usize::MAX);
        let has_more = is_cut || entries.len() > most;
        entries.truncate(most);
        let texts = entries.iter().flat_map(|one| [one.row.source_text_id, one.row.source_link_id]);
        let texts = remark::bodies(conn, texts.flatten().collect::<Vec<_>>())?;
        Ok(Self { entries, has_more, texts })
    }

    fn row(&self, c: &Chrome, found: &ListRow) -> EntryRow {
        let (o, lang) = (&found.row, c.language);
        let number = if found.case_number.is_empty() { &found.case_title } else { &found.case_number };
        let is_counter = o.corrects_id.is_some();
        // A counter-entry rests on its reason alone.
        let (source, at) = if is_counter { Default::default() } else { source_of(o, &self.texts) };
        EntryRow {
            href: paths::outcome(o.id),
            date: time::table_day(o.happened_on),
            date_iso: o.happened_on.to_string(),
            kind: c.t(o.kind().key()),
            is_counter,
            what: amount_of(o, lang),
            case: o.case_id.map(|case| Link::new(number, paths::case(case))),
            agency: lang.pick(&found.agency_zh, &found.agency_en).to_owned(),
            source: Link::new(source, at.unwrap_or_default()),
            state: Chip::new(c.t(found.state().key()), found.tone()),
            made_up: MadeUp::of(o.synthetic, ""),
        }
    }
}

/// `GET /subjects/{id}`
async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let (id, actor) = (path.into_inner(), me.actor().clone());
    let (subject, (leads, has_more), related, ledger) = services
        .db
        .read_snapshot(move |conn| {
            let subject = subjects::find(conn, id)?;
            let same = subjects::same(conn, &subject)?;
            let (leads, has_more) = subjects::leads_of(conn, &same)?;
            let ids: Vec<Id> = leads.iter().map(|(lead, _)| lead.id).collect();
            let related = subjects::related(conn, &same, &ids)?;
            let ledger = Ledger::read(conn, &actor, &same)?;
            Ok((subject, (leads, has_more), related, ledger))
        })
        .await?;
    let entry = Entry::new("subject.view")
        .object("subject", id)
        .objects("lead", leads.iter().map(|(lead, _)| lead.id))
        .objects("subject", related.iter().map(|other| other.id))
        .objects("outcome", ledger.entries.iter().map(|one| one.row.id));
    audit::record_read(&services.db, me.origin(), entry).await?;
    let name = leads.first().map_or(&subject.name, |(_, said)| &said.name);
    let c = session::chrome(&request, &services, &me, name);
    let entries = ledger.entries.iter().map(|one| ledger.row(&c, one)).collect();
    let entries = (entries, ledger.has_more);
    let zone = services.settings.time_zone;
    html(&SubjectPage::new(c, &subject, (&leads, has_more), entries, &related, zone))
}
