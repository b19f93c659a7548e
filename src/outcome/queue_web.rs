//! Entries to look at one after another. Each is confirmed or rejected by a person who has read it, on its own page.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    list::{self, Filter, ListRow},
    web::{agency_of, listed},
};
use crate::{
    audit,
    directory::people::BothSides,
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
        http::{
            Form,
            reply::see_other,
            selection::{ALL, MOST, PICK, Picked, Queue},
        },
        keyset::Edge,
        paths,
        services::Services,
    },
};

/// Those that are ticked, whatever the list is narrowed to.
pub(super) fn these(picked: &Picked) -> Filter {
    Filter { only: picked.ids().to_vec(), ..Filter::default() }
}

/// `GET /outcomes/queue`: leads to the first of the entries that are ticked, or of all that the filter finds.
pub(super) async fn queue(
    me: BothSides,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let picked = Picked::of(&query, MOST);
    let is_all = query.raw(ALL) == "yes";
    let filter = if is_all {
        agency_of(&me, &services, &mut query).await?;
        let filter = Filter { edge: Edge::Start, ..Filter::of_entries(&mut query, &me) };
        query.check()?;
        filter
    } else if picked.is_empty() {
        return Err(AppError::field(PICK, "bulk-none"));
    } else {
        these(&picked)
    };
    let (actor, wanted) = (me.actor().clone(), filter.clone());
    let read = move |conn: &mut Connection| list::rows(conn, &actor, &wanted, Edge::Start, MOST as i64);
    let found = services.db.read(read).await?;
    let found: Vec<ListRow> = if is_all { found } else { picked.in_order(found, |one| one.row.id) };
    let ids: Vec<Id> = found.iter().map(|one| one.row.id).collect();
    let queue = Queue::through(&ids).and_then(|queue| Some((queue.current()?, queue)));
    let Some((first, queue)) = queue else { return Err(AppError::NotFound) };
    let entry = listed(&filter, &found, MOST).fact("page", "queue");
    audit::record_read(&services.db, me.origin(), entry).await?;
    Ok(see_other(&queue.page(&paths::outcome(first))))
}
