//! The form of a redaction, and making one.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    PAGE,
    actions::{self, Made},
    file::{self, Came, Done},
    model::{MOST_NAME, Material, Order, Separator, Which, Words},
    original::{Found, find, name_of},
    pages::{self, LABELS, RedactionPage, Window},
    region::PAGE_FAULT,
    request::{self, Asked, RequestView},
    store,
};
use crate::{
    audit::{self, Entry},
    casework::evidence::upload,
    directory::people::{Compiler, session},
    platform::{
        db::{Id, Tx},
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

async fn found(me: &Compiler, services: &Services, id: Id) -> Result<Found> {
    let actor = me.clone();
    services.db.read(move |conn| find(conn, &actor, id)).await
}

/// What is typed into the form, and whether it asks for more lines.
struct Typed {
    form: FormView,
    more: bool,
    which: Which,
    /// Which pages of a long paper are shown, from 1.
    window: usize,
    /// What must be mended.
    faults: Vec<FieldError>,
}

impl Typed {
    /// The form. How many pages there are is known when it is shown: faults of pages say it.
    fn shown(self, pages: usize) -> FormView {
        let told = |fault: FieldError| {
            let asks =
                fault.code.starts_with(PAGE_FAULT) && !fault.args.iter().any(|(name, _)| *name == "max");
            if asks { fault.arg("max", pages) } else { fault }
        };
        self.form.with_errors(self.faults.into_iter().map(told))
    }
}

/// Which pages of a long paper a form asks for: others by a button, those with a page by its number, or the same as before.
fn window_of(form: &Form) -> usize {
    let number = |name: &str| form.raw(name).parse::<usize>().ok();
    let turned = match form.raw("turn") {
        "" => None,
        "go" => number("goto").map(Window::with),
        _ => number("turn"),
    };
    turned.or_else(|| number("shown")).unwrap_or(1)
}

/// What a form says, without what says of itself which part of the file it shows.
fn typed_in(form: &Form, is_split_anew: bool) -> Vec<(String, String)> {
    let is_kept = |name: &str| {
        let is_button = ["more", "again", "turn", "goto", "shown", "split"].contains(&name);
        !is_button && (!is_split_anew || name != "columns")
    };
    form.pairs().into_iter().filter(|(name, _)| is_kept(name)).collect()
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
    let from_address = || Which {
        sheet: asked.get("sheet").parse().unwrap_or(1),
        separator: asked.get("separator").parse().ok(),
    };
    let which = typed.as_ref().map_or_else(from_address, |typed| typed.which);
    let window = typed.as_ref().map_or_else(|| asked.get("page").parse().unwrap_or(1), |typed| typed.window);
    let sheet = which.sheet;
    let look = file::look(services, &item, material, which).await?;
    let window = Window::of(look.pages, window);
    let more = typed.as_ref().is_some_and(|typed| typed.more);
    let id = item.id;
    let read = services.db.read(move |conn| {
        let newest = store::made_of(conn, id)?.iter().map(|made| made.other.id).max();
        Ok((request::standing(conn, id)?, newest))
    });
    let (standing, newest) = read.await?;
    // The name stands there to be looked at: that of the original may say what is removed.
    let name = name_of("", &item.name, &file::ending(&item, material, look.separator));
    let name = if name.chars().count() > MOST_NAME { String::new() } else { name };
    let fresh = || FormView::new(LABELS).set("withhold", "yes".to_owned()).set("name", name);
    let action = action(item.id);
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "redaction-title"));
    // What was typed and not sent is filled in here already: as many lines are shown as it needs.
    let form = c.kept(&typed.map_or_else(fresh, |typed| typed.shown(look.pages)), &action);
    let separator = look.separator.map_or("", Separator::as_str);
    let form = if form.holds("separator") { form } else { form.set("separator", separator.to_owned()) };
    let (lines, elsewhere) = pages::parted(&form, more, window);
    let zone = services.settings.time_zone;
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
        request: standing.and_then(|standing| RequestView::new(&c, &standing, newest, zone)),
        lines: if is_paged { lines } else { Vec::new() },
        elsewhere: if is_paged { elsewhere } else { Vec::new() },
        window_text: window.map_or_else(String::new, |window| {
            let numbers = [window.first, window.last, look.pages].map(|number| number.to_string());
            let names = ["first", "last", "pages"].into_iter().zip(numbers.iter().map(String::as_str));
            c.ta("redaction-window", &names.collect::<Vec<_>>())
        }),
        pages: pages::page_views(item.id, look.pages, window),
        window,
        sheets: look.sheets.iter().zip(1..).map(|(name, n)| one_of(name, n)).collect(),
        sheet,
        columns: pages::column_choices(&look),
        separators: look.separator.map_or_else(Vec::new, |_| pages::separators(&c)),
        read_as: look.separator.map_or_else(String::new, |one| {
            let named = c.t(format!("redaction-separator-{one}"));
            let encoding = look.encoding.to_uppercase();
            c.ta("redaction-read-as", &[("encoding", encoding.as_str()), ("separator", named.as_str())])
        }),
        separator: separator.to_owned(),
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
    let which = Which {
        sheet: form.raw("sheet").parse().unwrap_or(1),
        separator: form.raw("separator").parse().ok(),
    };
    // Columns are told apart anew: those that were chosen are others now.
    let is_split_anew = form.has("split") && form.raw("separator") != form.raw("split");
    let (pairs, window) = (typed_in(&form, is_split_anew), window_of(&form));
    let typed =
        |more| Typed { form: FormView::new(LABELS).typed(pairs), more, which, window, faults: Vec::new() };
    if is_split_anew || ["more", "again", "turn"].iter().any(|name| form.has(name)) {
        let more = form.has("more");
        return html(&page(&me, &services, &request, asked, Some(typed(more))).await?);
    }
    let order = Order::read(&mut form, asked.material);
    let words = Words::read(&mut form);
    let done = match form.check() {
        Ok(()) => done(&me, &services, &asked, order, words).await,
        Err(e) => Err(e),
    };
    match done {
        Ok(Some(new)) => Ok(see_other(&format!("{}?ok=redaction-made", paths::evidence(new)))),
        Ok(None) => Ok(see_other(&format!("{}?ok=redaction-requested", paths::evidence(*id)))),
        Err(AppError::Invalid(errors)) => {
            let mut typed = typed(false);
            typed.faults = errors;
            invalid(&page(&me, &services, &request, asked, Some(typed)).await?)
        }
        Err(e) => Err(e),
    }
}

/// Makes the new file and registers it; nothing stays in the vault where that fails. What is too long to be waited for is asked
/// for, and `None`.
async fn done(
    me: &Compiler,
    services: &Services,
    asked: &Found,
    order: Order,
    words: Words,
) -> Result<Option<Id>> {
    let (original, material) = (asked.item.id, asked.material);
    let regions = if let Order::Paper(regions) = &order { regions.clone() } else { Vec::new() };
    let Done { bytes, ending, plan, removed } = match file::made(services, &asked.item, order, material)
        .await?
    {
        Came::Done(done) => done,
        Came::Long(pages) => {
            let (actor, asked) = (me.clone(), Asked { pages, regions, words });
            let ask = services.db.write(me.origin(), move |tx| request::ask(tx, &actor, original, &asked));
            return ask.await.map(|()| None);
        }
    };
    let name = name_of(&words.name, &asked.item.name, &ending);
    let stored = services.vault.store_bytes(bytes, &name).await?;
    let key = stored.key;
    let made = Made { stored, name, material, plan, removed };
    let actor = me.clone();
    let act = move |tx: &mut Tx<'_>| {
        let (new, is_surplus) = actions::register(tx, &actor, original, &words, &made)?;
        Ok((if is_surplus { vec![key] } else { Vec::new() }, new))
    };
    upload::act_on(services, me.origin(), vec![key], act).await.map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_asks_for_other_pages_by_a_button_or_by_a_page() {
        let asked = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            window_of(&Form::from_pairs(pairs.collect()))
        };
        assert_eq!(
            (asked(&[]), asked(&[("shown", "4")]), asked(&[("shown", "4"), ("turn", "5")])),
            (1, 4, 5)
        );
        assert_eq!(asked(&[("shown", "4"), ("turn", "go"), ("goto", "70")]), 12);
        assert_eq!(asked(&[("shown", "4"), ("turn", "go"), ("goto", "")]), 4);
    }
}
