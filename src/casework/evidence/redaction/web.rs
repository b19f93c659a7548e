//! The form of a redaction, and making one.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    PAGE,
    actions::{self, Made},
    file::{self, Done},
    model::{MOST_NAME, Material, Order, Words},
    pages::{self, LABELS, RedactionPage},
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{
            actions::ALARM,
            scrub::open_among,
            store::{self as items, Item},
            upload,
        },
        lead::{self, model::Lead},
    },
    directory::people::{Compiler, session},
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
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

/// What the form is about.
pub(super) struct Found {
    pub item: Item,
    pub lead: Lead,
    pub material: Material,
}

/// The item, if `me` may make another one of it.
///
/// # Errors
/// `NotFound`; `Conflict` where the lead is not the actor's or no draft, the bytes are not as they were stored, or there is no
/// redacting such a file.
pub(super) fn find(conn: &mut Connection, me: &Compiler, id: Id) -> Result<Found> {
    let item = items::find(conn, id)?;
    let lead = lead::store::find_visible(conn, me, item.lead_id)?;
    lead::model::require_changeable(me, &lead)?;
    if item.removed_at.is_some() || item.blob.erased_at.is_some() {
        return Err(AppError::NotFound);
    }
    if !open_among(conn, &[item.blob_id])?.is_empty() {
        return Err(AppError::Conflict(ALARM));
    }
    let material =
        Material::of(&item.blob.media_type).ok_or(AppError::Conflict("conflict-redaction-material"))?;
    Ok(Found { item, lead, material })
}

async fn found(me: &Compiler, services: &Services, id: Id) -> Result<Found> {
    let actor = me.clone();
    services.db.read(move |conn| find(conn, &actor, id)).await
}

/// What is typed into the form, and whether it asks for more lines.
struct Typed {
    form: FormView,
    more: bool,
    sheet: usize,
}

async fn page(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    Found { item, lead, material }: Found,
    typed: Option<Typed>,
) -> Result<RedactionPage> {
    let entry = Entry::new("evidence.view").object("evidence", item.id).object("lead", lead.id);
    // It covers the pictures of the pages too.
    let entry = entry.fact("page", PAGE).fact("sha256", item.blob.sha256_hex());
    audit::record_read(&services.db, me.origin(), entry).await?;
    let asked = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let sheet = typed.as_ref().map(|typed| typed.sheet).or_else(|| asked.get("sheet").parse().ok());
    let sheet = sheet.unwrap_or(1);
    let look = file::look(services, &item, material, sheet).await?;
    let more = typed.as_ref().is_some_and(|typed| typed.more);
    // The name stands there to be looked at: that of the original may say what is removed.
    let name = name_of("", &item.name, &file::ending(&item, material));
    let name = if name.chars().count() > MOST_NAME { String::new() } else { name };
    let fresh = || FormView::new(LABELS).set("withhold", "yes".to_owned()).set("name", name);
    let action = action(item.id);
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "redaction-title"));
    // What was typed and not sent is filled in here already: as many lines are shown as it needs.
    let form = c.kept(&typed.map_or_else(fresh, |typed| typed.form), &action);
    let is_paged = matches!(material, Material::Image | Material::Pdf);
    let one_of = |name: &String, n: usize| Link::new(name, format!("{action}?sheet={n}")).current(n == sheet);
    Ok(RedactionPage {
        trail: vec![
            Link::new(c.t("nav-leads"), paths::LEADS),
            Link::new(&lead.number, paths::lead(lead.id)),
            Link::new(&item.name, paths::evidence(item.id)),
        ],
        back: paths::evidence(item.id),
        about: c.t(pages::about(material)),
        is_picture: is_paged,
        is_paper: material == Material::Pdf,
        is_table: material == Material::Table,
        lines: if is_paged { pages::region_lines(pages::lines(&form, more)) } else { Vec::new() },
        pages: pages::page_views(item.id, look.pages),
        sheets: look.sheets.iter().zip(1..).map(|(name, n)| one_of(name, n)).collect(),
        sheet,
        columns: pages::column_choices(&look),
        text: pages::numbered(&look),
        is_cut: look.is_cut,
        withhold: ["yes", "no"]
            .map(|word| Choice::new(word, c.t(format!("redaction-withhold-{word}"))))
            .into(),
        is_withheld: item.withheld,
        form,
        action,
        c,
    })
}

fn action(item: Id) -> String {
    format!("{}/redact", paths::evidence(item))
}

/// `GET /evidence/{id}/redact`
pub async fn form(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let found = found(&me, &services, *id).await?;
    html(&page(&me, &services, &request, found, None).await?)
}

/// `POST /evidence/{id}/redact`
pub async fn make(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    // Whoever may not is told so before anything is said of what they typed.
    let asked = found(&me, &services, *id).await?;
    let pairs = form.pairs();
    let sheet = form.raw("sheet").parse().unwrap_or(1);
    let typed = |more| Typed { form: FormView::new(LABELS).typed(pairs), more, sheet };
    if form.has("more") {
        return html(&page(&me, &services, &request, asked, Some(typed(true))).await?);
    }
    let order = Order::read(&mut form, asked.material);
    let words = Words::read(&mut form);
    let done = match form.check() {
        Ok(()) => done(&me, &services, &asked, order, words).await,
        Err(e) => Err(e),
    };
    match done {
        Ok(new) => Ok(see_other(&format!("{}?ok=redaction-made", paths::evidence(new)))),
        Err(AppError::Invalid(errors)) => {
            let mut typed = typed(false);
            typed.form = typed.form.with_errors(errors);
            invalid(&page(&me, &services, &request, asked, Some(typed)).await?)
        }
        Err(e) => Err(e),
    }
}

/// Makes the new file and registers it; nothing stays in the vault where that fails.
async fn done(me: &Compiler, services: &Services, asked: &Found, order: Order, words: Words) -> Result<Id> {
    let (original, material) = (asked.item.id, asked.material);
    let Done { bytes, ending, plan, removed } = file::made(services, &asked.item, order, material).await?;
    let name = name_of(&words.name, &asked.item.name, &ending);
    let stored = services.vault.store_bytes(bytes, &name).await?;
    let key = stored.key;
    let made = Made { stored, name, material, plan, removed };
    let actor = me.clone();
    let write = services
        .db
        .write(me.origin(), move |tx| actions::register(tx, &actor, original, &words, &made))
        .await;
    match write {
        Ok((new, is_surplus)) => {
            if is_surplus {
                upload::discard(&services.vault, [key]).await;
            }
            Ok(new)
        }
        Err(e) => {
            upload::discard_unkept(services, vec![key]).await;
            Err(e)
        }
    }
}

/// What the new item is called: as it is asked to be, else after the original; with the ending of what it is.
fn name_of(asked: &str, original: &str, ending: &str) -> String {
    let dotted = format!(".{ending}");
    match asked {
        "" => format!("{}-遮蔽{dotted}", file::stem(original)),
        name if name.to_ascii_lowercase().ends_with(&dotted) => name.to_owned(),
        name => format!("{name}{dotted}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_item_is_called_after_its_original_and_by_what_it_is() {
        assert_eq!(name_of("", "截图.jpg", "png"), "截图-遮蔽.png");
        assert_eq!(name_of("", "记录", "txt"), "记录-遮蔽.txt");
        assert_eq!(name_of("给经侦的截图", "截图.jpg", "png"), "给经侦的截图.png");
        assert_eq!(name_of("甲.PNG", "截图.jpg", "png"), "甲.PNG");
    }
}
