//! Making, changing and ending an agency: for administrators.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    actions,
    model::{self, Input},
    pages::{self, ClosePage, FormPage},
    pick,
    store::{self, Agency},
    table,
};
use crate::{
    directory::people::{
        Admin,
        changed::{Asked, changes},
        proof::{self, Answer},
        session,
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::{
            Form,
            form_view::FormView,
            merge::{self, Group},
            reply::{html_with, question},
            see_other,
            view::Choice,
        },
        i18n, paths,
        services::Services,
    },
};

/// The fields that take an agency's code.
const AGENCIES: &[&str] = &["parent", "successor"];

fn status(form: &FormView) -> StatusCode {
    match form.merging() {
        Some(_) => StatusCode::CONFLICT,
        None if form.is_faulty() => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    }
}

/// The form of a new agency (`None`) or of one on record.
fn show(
    request: &HttpRequest,
    services: &Services,
    me: &Admin,
    row: Option<&Agency>,
    form: FormView,
) -> Result<HttpResponse> {
    let lang = me.lang;
    let title = if row.is_some() { "agency-edit-title" } else { "agency-new-title" };
    let back = row.map_or_else(|| paths::AGENCIES.to_owned(), |row| paths::agency(row.id));
    let c = session::chrome(request, services, me, &i18n::t(lang, title));
    let form = c.kept(&form, &back).with_unread_of(&["valid_from", "valid_to"], &[]);
    let page = FormPage {
        c,
        trail: pages::trail(lang, row),
        action: back.clone(),
        back,
        is_new: row.is_none(),
        code: row.map_or_else(String::new, |row| row.code.clone()),
        types: pages::type_choices(lang),
        levels: pages::level_choices(lang),
        channels: pages::channel_choices(lang),
        families: pages::family_choices(lang),
        contacts: pages::contact_fields(&form),
        form,
    };
    match page.form.merging() {
        Some(_) => question(&page),
        None => html_with(status(&page.form), &page),
    }
}

fn read(form: &mut Form) -> Result<Input> {
    let input = model::read(form);
    form.check()?;
    Ok(input)
}

fn empty() -> FormView {
    FormView::new("agency-field-")
}

pub(super) async fn new(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    show(&request, &services, &me, None, empty().set("channel", "portal".to_owned()))
}

pub(super) async fn create(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    pick::offer(&services, &mut form, AGENCIES).await?;
    let made = match read(&mut form) {
        Ok(input) => services.db.write(me.origin(), move |tx| actions::create(tx, &input)).await,
        Err(e) => Err(e),
    };
    match made {
        Ok(id) => Ok(see_other(&format!("{}?ok=agency-created", paths::agency(id)))),
        Err(AppError::Invalid(errors)) => {
            show(&request, &services, &me, None, empty().typed(form.pairs()).with_errors(errors))
        }
        Err(e) => Err(e),
    }
}

/// The fields of an agency's form: those that an agency has, and those of its contacts together.
fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = table::changeable().map(Group::of).collect();
    let parts = |n: usize| ["name", "title", "phone", "email"].map(|part| format!("contacts[{n}].{part}"));
    let inputs = (0..model::MOST_CONTACTS).flat_map(parts).collect();
    groups.push(Group { inputs, ..Group::of("contacts") });
    groups
}

/// What the form is filled from, with the mark of it.
fn stored(services: &Services, input: &Input) -> FormView {
    merge::with_mark(&groups(), empty().typed(input.pairs()), services.db.now())
}

/// What is shown to a second one, who opened the form before another one changed the agency.
async fn clash(
    request: &HttpRequest,
    services: &Services,
    me: &Admin,
    id: Id,
    form: &Form,
) -> Result<HttpResponse> {
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let label = move |name: &str| match name.split_once('[') {
        Some(_) => i18n::t(lang, "agency-contacts"),
        None if name == "contacts" => i18n::t(lang, "agency-contacts"),
        None => i18n::t(lang, &format!("agency-field-{}", name.replace('_', "-"))),
    };
    let asked = Asked {
        object: id,
        verb: "agency.change",
        fact: "fields",
        since: merge::since(merge::opened_at(form, merge::WAS)),
    };
    let changes = services.db.read(move |conn| changes(conn, asked, (lang, zone), label)).await?;
    let (row, input) = on_record(services, id).await?;
    let called = move |group: &Group| label(&group.name);
    let typed = empty().typed(form.pairs());
    let choices: Vec<Choice> = [
        pages::type_choices(lang),
        pages::level_choices(lang),
        pages::channel_choices(lang),
        pages::family_choices(lang),
    ]
    .concat();
    let text = move |group: &Group, form: &FormView| {
        if matches!(group.name.as_str(), "valid_from" | "valid_to") {
            return merge::in_words(lang, "date", form.value(&group.name));
        }
        let is_chosen = matches!(group.name.as_str(), "type" | "level" | "channel" | "takes");
        let word = |value: &String| match choices.iter().find(|choice| is_chosen && choice.value == *value) {
            Some(choice) => choice.label.clone(),
            None => value.trim().to_owned(),
        };
        let words: Vec<String> = group.inputs.iter().flat_map(|input| form.values(input)).map(word).collect();
        words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
    };
    let view = merge::merged(&groups(), &stored(services, &input), typed, changes, (text, called));
    show(request, services, me, Some(&row), view)
}

async fn on_record(services: &Services, id: Id) -> Result<(Agency, Input)> {
    services
        .db
        .read(move |conn| {
            let row = store::find(conn, id)?;
            let input = store::inputs(conn, std::slice::from_ref(&row))?.remove(0);
            Ok((row, input))
        })
        .await
}

pub(super) async fn edit(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
) -> Result<HttpResponse> {
    let (row, input) = on_record(&services, path.into_inner()).await?;
    show(&request, &services, &me, Some(&row), stored(&services, &input))
}

pub(super) async fn change(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let (row, _) = on_record(&services, id).await?;
    let mut form = merge::picked(&groups(), &form);
    let was = form.raw(merge::WAS).to_owned();
    // The form does not send the code: it stays.
    form.put("code", row.code.clone());
    pick::offer(&services, &mut form, AGENCIES).await?;
    let done = match read(&mut form) {
        Ok(input) => {
            let change = move |tx: &mut Tx<'_>| {
                let row = store::find(tx.conn(), id)?;
                let now = store::inputs(tx.conn(), std::slice::from_ref(&row))?.remove(0);
                if merge::has_moved(&groups(), &was, &empty().typed(now.pairs())) {
                    return Err(AppError::Conflict(merge::CHANGED_SINCE));
                }
                actions::change(tx, id, &input)
            };
            services.db.write(me.origin(), change).await
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=agency-changed", paths::agency(id)))),
        Err(AppError::Conflict(merge::CHANGED_SINCE)) => clash(&request, &services, &me, id, &form).await,
        Err(AppError::Invalid(errors)) => {
            show(&request, &services, &me, Some(&row), empty().typed(form.pairs()).with_errors(errors))
        }
        Err(e) => Err(e),
    }
}

fn show_close(
    request: &HttpRequest,
    services: &Services,
    me: &Admin,
    row: &Agency,
    form: FormView,
) -> Result<HttpResponse> {
    let page = ClosePage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "agency-close-title")),
        id: row.id,
        trail: pages::trail(me.lang, Some(row)),
        form,
    };
    html_with(status(&page.form), &page)
}

pub(super) async fn close_form(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
) -> Result<HttpResponse> {
    let (row, _) = on_record(&services, path.into_inner()).await?;
    actions::closable(&row)?;
    show_close(&request, &services, &me, &row, empty())
}

pub(super) async fn close(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    path: Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let (row, _) = on_record(&services, id).await?;
    pick::offer(&services, &mut form, &["successor"]).await?;
    let last = form.required_date("valid_to");
    let successor = form.text("successor", 100);
    let done = match (form.check(), last) {
        (Ok(()), Some(last)) => {
            let proven = match proof::ask(&request, &services, &me, "agency.close", &form).await? {
                Answer::Proven(proven) => proven,
                Answer::Page(page) => return Ok(page),
            };
            services.db.write(me.origin(), move |tx| actions::close(tx, &proven, id, last, &successor)).await
        }
        (Err(e), _) => Err(e),
        (Ok(()), None) => Err(AppError::field("valid_to", "error-required")),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=agency-closed", paths::agency(id)))),
        Err(AppError::Invalid(errors)) => {
            let typed = empty().typed(form.pairs()).with_errors(errors);
            show_close(&request, &services, &me, &row, typed)
        }
        Err(e) => Err(e),
    }
}
