//! Handlers of saved filters.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use super::{
    actions::{self, New},
    bar::called,
    model::{LONGEST, LONGEST_NAME, List, read_asked},
    pages::{Group, ViewLine, ViewPage, ViewsPage},
    store::{self, ViewRow},
    understood::Lists,
};
use crate::{
    directory::people::{
        model::{Actor, Side},
        session, store as people,
    },
    platform::{
        db::Id,
        error::{AppError, FieldError, Result},
        http::{
            Form,
            form_view::FormView,
            html, invalid,
            link::Query,
            see_other,
            view::{Choice, Link},
        },
        i18n, paths,
        services::Services,
    },
};

const PREFIX: &str = "view-field-";

pub(super) async fn index(me: Actor, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let actor = me.clone();
    let (rows, usual, names) = services
        .db
        .read(move |conn| {
            let rows = store::visible(conn, &actor, None)?;
            let usual: Vec<Id> = store::usual(conn, &actor)?.into_iter().map(|(_, row)| row.id).collect();
            let names = people::names(conn, rows.iter().map(|row| row.owner_id))?;
            Ok((rows, usual, names))
        })
        .await?;
    let line = |list: List, row: &ViewRow| ViewLine {
        id: row.id,
        name: row.name.clone(),
        href: list.href(&row.asked),
        owner: names.get(&row.owner_id).filter(|_| row.owner_id != me.id).cloned().unwrap_or_default(),
        is_own: row.owner_id == me.id,
        is_shared: row.is_shared,
        is_usual: usual.contains(&row.id),
    };
    let group = |list: &List| Group {
        title: i18n::t(me.lang, &list.key()),
        lines: rows.iter().filter(|row| row.list() == Some(*list)).map(|row| line(*list, row)).collect(),
    };
    let read = List::ALL.iter().filter(|list| list.is_read_by(&me));
    html(&ViewsPage {
        groups: read.map(group).filter(|group| !group.lines.is_empty()).collect(),
        c: session::chrome(&request, &services, &me, &i18n::t(me.lang, "view-saved")),
    })
}

fn shared_with(me: &Actor) -> String {
    let key = match (me.side, &me.agency) {
        (_, Some(_)) => "view-shared-agency",
        (Side::Auditor, None) => "view-shared-auditors",
        (_, None) => "view-shared-platform",
    };
    i18n::t(me.lang, key)
}

fn trail(me: &Actor) -> Vec<Link> {
    vec![Link::new(i18n::t(me.lang, "view-saved"), paths::VIEWS)]
}

/// The page on which a filter is saved.
fn form_page(request: &HttpRequest, services: &Services, me: &Actor, form: FormView) -> ViewPage {
    let list = form.value("list").parse::<List>().ok().filter(|list| list.is_read_by(me));
    let asked = form.value("asked").to_owned();
    let lists = List::ALL.iter().filter(|list| list.is_read_by(me));
    // What is kept of one filter is not to be saved as another one: the address says which is meant.
    let action = Query::new("/views/new").with("list", form.value("list")).with("asked", &asked).href();
    ViewPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "view-new-title")),
        trail: trail(me),
        action,
        lists: lists.map(|list| Choice::new(list, i18n::t(me.lang, &list.key()))).collect(),
        open: list.filter(|_| !asked.is_empty()).map_or_else(String::new, |list| list.href(&asked)),
        remove: String::new(),
        shared_with: shared_with(me),
        form,
    }
}

pub(super) async fn new_page(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let query = Form::query(&request);
    let form = FormView::new(PREFIX)
        .set("list", query.raw("list").to_owned())
        .set("asked", read_asked(query.raw("asked")));
    html(&form_page(&request, &services, &me, form))
}

fn read(form: &mut Form, me: &Actor) -> Result<New> {
    let name = form.required("name", LONGEST_NAME);
    let list = form.required_value::<List>("list", "error-unknown");
    if list.is_some_and(|list| !list.is_read_by(me)) {
        form.fault("list", "error-unknown");
    }
    let asked = read_asked(form.raw("asked"));
    if asked.is_empty() {
        form.fault("asked", "error-view-nothing");
    } else if asked.chars().count() > LONGEST {
        form.push(FieldError::new("asked", "error-too-long").arg("max", LONGEST));
    }
    let (is_shared, is_usual) = (form.has("shared"), form.has("usual"));
    form.check()?;
    let list = list.ok_or_else(|| AppError::field("list", "error-required"))?;
    Ok(New { list, name, asked, is_shared, is_usual })
}

pub(super) async fn save(
    me: Actor,
    services: Data<Services>,
    lists: Data<Lists>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let read = match read(&mut form, &me) {
        Ok(new) => lists.check(&services, &me, new.list, &new.asked).await.map(|()| new),
        Err(e) => Err(e),
    };
    let done = match read {
        Err(e) => Err(e),
        Ok(new) => {
            let (actor, there) = (me.clone(), new.list.href(&new.asked));
            let saved = services.db.write(me.origin(), move |tx| actions::save(tx, &actor, new)).await;
            saved.map(|_| there)
        }
    };
    match done {
        Ok(there) => Ok(see_other(&format!("{there}&ok=view-saved"))),
        Err(AppError::Invalid(errors)) => {
            let form = FormView::new(PREFIX)
                .typed(form.pairs())
                .set("asked", read_asked(form.raw("asked")))
                .with_errors(errors);
            invalid(&form_page(&request, &services, &me, form))
        }
        Err(e) => Err(e),
    }
}

/// The page of one of one's own.
async fn own_page(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    id: Id,
    form: Option<FormView>,
) -> Result<ViewPage> {
    let actor = me.clone();
    let row = services.db.read(move |conn| store::find_own(conn, &actor, id)).await?;
    let stored = || {
        let form = FormView::new(PREFIX).set("name", row.name.clone());
        if row.is_shared { form.set("shared", "yes".to_owned()) } else { form }
    };
    Ok(ViewPage {
        c: session::chrome(request, services, me, &called(me, &row)),
        trail: trail(me),
        form: form.unwrap_or_else(stored),
        action: format!("{}/{id}", paths::VIEWS),
        lists: Vec::new(),
        open: row.list().map_or_else(String::new, |list| list.href(&row.asked)),
        remove: format!("{}/{id}/remove", paths::VIEWS),
        shared_with: shared_with(me),
    })
}

pub(super) async fn change_page(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
) -> Result<HttpResponse> {
    html(&own_page(&request, &services, &me, id.into_inner(), None).await?)
}

pub(super) async fn change(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let (id, actor) = (id.into_inner(), me.clone());
    let (name, is_shared) = (form.required("name", LONGEST_NAME), form.has("shared"));
    let done = match form.check() {
        Err(e) => Err(e),
        Ok(()) => {
            let act = services
                .db
                .write(me.origin(), move |tx| actions::change(tx, &actor, id, &name, is_shared).map(|_| ()));
            act.await
        }
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=view-changed", paths::VIEWS))),
        Err(AppError::Invalid(errors)) => {
            let again = FormView::new(PREFIX).typed(form.pairs()).with_errors(errors);
            invalid(&own_page(&request, &services, &me, id, Some(again)).await?)
        }
        Err(e) => Err(e),
    }
}

pub(super) async fn remove(me: Actor, services: Data<Services>, id: Path<Id>) -> Result<HttpResponse> {
    let (id, actor) = (id.into_inner(), me.clone());
    services.db.write(me.origin(), move |tx| actions::remove(tx, &actor, id)).await?;
    Ok(see_other(&format!("{}?ok=view-removed", paths::VIEWS)))
}

pub(super) async fn make_usual(
    me: Actor,
    services: Data<Services>,
    id: Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let (id, actor, is_usual) = (id.into_inner(), me.clone(), form.raw("usual") != "no");
    services.db.write(me.origin(), move |tx| actions::make_usual(tx, &actor, id, is_usual)).await?;
    Ok(see_other(&format!("{}?ok=view-{}", paths::VIEWS, if is_usual { "usual" } else { "not-usual" })))
}
