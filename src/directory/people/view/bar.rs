//! The saved filters as they stand above a list.

use super::{
    model::{List, asked, is_same},
    store::{self, ViewRow},
};
use crate::{
    directory::people::model::Actor,
    platform::{
        error::Result,
        http::{link::Query, list_head::Saved, view::Link},
        i18n, paths,
        services::Services,
    },
};

/// What a filter is called: those of others with the word that they are shared.
pub(super) fn called(me: &Actor, row: &ViewRow) -> String {
    if row.owner_id == me.id {
        return row.name.clone();
    }
    i18n::t_with(me.lang, "view-shared-name", &[("name", row.name.clone())])
}

/// The filters of a list that `me` sees, and where what `here` asks for is saved.
///
/// # Errors
/// Those of the database.
pub async fn saved(services: &Services, me: &Actor, list: List, here: &Query) -> Result<Saved> {
    let actor = me.clone();
    let rows = services.db.read(move |conn| store::visible(conn, &actor, Some(list))).await?;
    let here = asked(here);
    let views: Vec<Link> = rows
        .iter()
        .map(|row| Link::new(called(me, row), list.href(&row.asked)).current(is_same(&row.asked, &here)))
        .collect();
    let is_new = !here.is_empty() && !views.iter().any(|view| view.current);
    let save = Query::new("/views/new").with("list", list.as_str()).with("asked", &here);
    Ok(Saved {
        views,
        save: if is_new { save.href() } else { String::new() },
        manage: paths::VIEWS.to_owned(),
    })
}
