//! The page of what one has typed and not sent.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{
    about::{self, About},
    pages::{Entry, ListPage},
};
use crate::{
    directory::people::{
        Actor, session,
        unsent::{self, Row, forms},
    },
    platform::{
        error::Result,
        http::{
            html,
            layout::Chrome,
            merge,
            view::{Fact, Link},
        },
        i18n, paths,
        services::Services,
        time,
    },
};

/// Most characters of a text that the list shows.
const MOST_SHOWN: usize = 300;

/// `GET /unsent`
pub(super) async fn list(me: Actor, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let (master, reader) = (services.master.clone(), me.clone());
    let (rows, about) = services
        .db
        .read(move |conn| {
            let rows = unsent::of_person(conn, &master, reader.id)?;
            let about = about::of_forms(conn, &reader, rows.iter().map(|(row, _)| row.form.as_str()))?;
            Ok((rows, about))
        })
        .await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "unsent-title"));
    let of = |row: &Row| about.get(&row.form).cloned().unwrap_or_default();
    let entries = rows.iter().map(|(row, fields)| entry(&c, &services, row, fields, of(row))).collect();
    let trail = vec![Link::new(c.t("nav-account"), paths::ACCOUNT)];
    html(&ListPage { trail, entries, c })
}

/// Enough of a text to know it again.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What the form is about, by number, and what it is called.
fn called(c: &Chrome, form: &str, number: &str) -> String {
    let subject = c.t(forms::subject(form));
    let name = forms::name(form).filter(|key| i18n::has(c.language, key)).map(|key| c.t(key));
    let name = name.filter(|name| *name != subject).unwrap_or_default();
    let about = format!("{subject} {number}");
    let parts = [about.trim_end(), name.as_str()].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

fn entry(c: &Chrome, services: &Services, row: &Row, fields: &[(String, String)], about: About) -> Entry {
    let path = row.form.split('?').next().unwrap_or_default();
    let texts = fields.iter().filter(|(name, value)| unsent::is_text(value) && !merge::is_mark(name));
    let called = called(c, &row.form, &about.number);
    let (closed, go, href) = match about.closed {
        Some((why, lead)) => (c.t(why), "error-page-to-leads", lead),
        None => {
            let back = forms::way_back(&row.page, &row.form, &row.id.to_string());
            (String::new(), "unsent-open", back.href())
        }
    };
    let text = |(name, value): &(String, String)| Fact::new(unsent::label(c, path, name), beginning(value));
    Entry {
        form: Link::new(called, href),
        closed,
        go,
        at: time::format_instant(row.saved_at, services.settings.time_zone, c.language),
        texts: texts.map(text).collect(),
        discard: format!("{}/{}/discard", paths::UNSENT, row.id),
    }
}
