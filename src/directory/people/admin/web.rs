//! The list of accounts, and what the administrator's handlers share.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{
    pages::{PeoplePage, PersonLine},
    store::{self, Filter},
};
use crate::{
    directory::people::{
        guard::Admin,
        model::{Role, Side},
        session,
        store::{self as people, PersonRow},
        time::local,
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
        http::{
            form_view::FormView,
            html,
            link::Query,
            view::{ActiveFilter, Chip, Choice, Link, Tone},
        },
        i18n::{self, Lang},
        keyset::{Edge, Page},
        paths,
        services::Services,
    },
};

/// Rows on one page.
pub(super) const PAGE: usize = 50;
const NAMES: [&str; 5] = ["q", "role", "side", "agency", "state"];

/// One more than a page, to see whether there is a next one.
pub(super) fn limit() -> Result<i64> {
    i64::try_from(PAGE + 1).map_err(AppError::internal)
}

/// Where a list that goes by ids begins.
pub(super) fn edge(query: &Query) -> Edge<Id> {
    Edge::read(query, |text| text.parse().ok())
}

/// The filters in force, with words for their values.
pub(super) fn active(query: &Query, named: &[(&str, String, &[Choice])]) -> Vec<ActiveFilter> {
    let shown = named.iter().filter(|(name, ..)| !query.get(name).is_empty());
    shown
        .map(|(name, label, choices)| {
            let value = query.get(name);
            let word = choices.iter().find(|c| c.value == value).map_or(value, |c| c.label.as_str());
            ActiveFilter {
                name: label.clone(),
                value: word.to_owned(),
                remove_href: query.first_page().without(name).href(),
            }
        })
        .collect()
}

/// A form of the query's filters.
pub(super) fn filter_form(query: &Query, names: &[&str]) -> FormView {
    names.iter().fold(FormView::new("people-field-"), |f, name| f.set(name, query.get(name).to_owned()))
}

/// The words of roles, joined.
pub(super) fn role_words(lang: Lang, roles: &[Role]) -> String {
    roles.iter().map(|r| i18n::t(lang, &format!("role-{r}"))).collect::<Vec<_>>().join(" · ")
}

/// Roles to choose from.
pub(super) fn role_choices(lang: Lang, roles: &[Role]) -> Vec<Choice> {
    let hint = |r: &Role| i18n::t(lang, &format!("role-{r}-hint"));
    roles.iter().map(|r| Choice::new(r, i18n::t(lang, &format!("role-{r}"))).hint(hint(r))).collect()
}

/// Agencies to choose from.
pub(super) fn agency_choices(lang: Lang, agencies: &[(Id, String, String)]) -> Vec<Choice> {
    agencies.iter().map(|(id, zh, en)| Choice::new(id, lang.pick(zh, en))).collect()
}

/// The state of an account.
pub(super) fn state_chip(lang: Lang, disabled: bool) -> Chip {
    if disabled {
        Chip::new(i18n::t(lang, "people-state-disabled"), Tone::Muted)
    } else {
        Chip::new(i18n::t(lang, "people-state-active"), Tone::Good)
    }
}

/// The two lists of the page.
pub(super) fn tabs(lang: Lang, current: &str) -> Vec<Link> {
    let tab = |key: &str, href: &str| Link::new(i18n::t(lang, key), href).current(href == current);
    vec![
        tab("people-tab-accounts", paths::ADMIN_PEOPLE),
        tab("people-tab-invitations", "/admin/people/invitations"),
    ]
}

fn read(query: &Query) -> Filter {
    Filter {
        q: query.get("q").trim().to_owned(),
        role: query.get("role").parse().ok(),
        side: query.get("side").parse().ok(),
        agency: query.get("agency").parse().ok(),
        disabled: match query.get("state") {
            "active" => Some(false),
            "disabled" => Some(true),
            _ => None,
        },
        edge: Edge::read(query, |text| (!text.is_empty()).then(|| text.to_owned())),
    }
}

type Agencies = Vec<(Id, String, String)>;

fn lines(
    conn: &mut Connection,
    rows: &[PersonRow],
    agencies: &Agencies,
    lang: Lang,
    zone: chrono_tz::Tz,
) -> Result<Vec<PersonLine>> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let roles = people::roles_of(conn, &ids)?;
    let logins = store::last_logins(conn, &ids)?;
    let agency = |id: Option<Id>| {
        let found = agencies.iter().find(|(known, ..)| Some(*known) == id);
        found.map_or_else(String::new, |(_, zh, en)| lang.pick(zh, en).to_owned())
    };
    let line = |row: &PersonRow| PersonLine {
        id: row.id,
        username: row.username.clone(),
        name: row.name.clone(),
        roles: role_words(lang, roles.get(&row.id).map_or(&[], Vec::as_slice)),
        agency: agency(row.agency_id),
        last_login: logins.get(&row.id).map_or_else(|| i18n::t(lang, "people-never"), |at| local(*at, zone)),
        state: state_chip(lang, row.disabled_at.is_some()),
    };
    Ok(rows.iter().map(line).collect())
}

pub(super) async fn list(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let query = Query::new(&request.uri().to_string());
    let (filter, limit) = (read(&query), limit()?);
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let paged = query.clone();
    let (people, pager, agencies) = services
        .db
        .read(move |conn| {
            let page = Page::of(store::page(conn, &filter, limit)?, PAGE, &filter.edge);
            let pager = page.pager(&paged, |row| row.username.clone());
            let agencies = store::agencies(conn)?;
            Ok((lines(conn, &page.rows, &agencies, lang, zone)?, pager, agencies))
        })
        .await?;
    let t = |key: &str| i18n::t(lang, key);
    let roles: Vec<Choice> = Role::ALL.iter().map(|r| Choice::new(r, t(&format!("role-{r}")))).collect();
    let sides: Vec<Choice> =
        Side::ALL.iter().map(|s| Choice::new(s, t(&format!("people-side-{s}")))).collect();
    let states: Vec<Choice> =
        ["active", "disabled"].map(|s| Choice::new(s, t(&format!("people-state-{s}")))).into();
    let agencies = agency_choices(lang, &agencies);
    let named: [(&str, String, &[Choice]); 5] = [
        ("q", t("people-field-q"), &[]),
        ("role", t("role"), &roles),
        ("side", t("people-side"), &sides),
        ("agency", t("agency"), &agencies),
        ("state", t("state"), &states),
    ];
    html(&PeoplePage {
        active: active(&query, &named),
        c: session::chrome(&request, &services, &me, &t("nav-people")),
        tabs: tabs(lang, paths::ADMIN_PEOPLE),
        filter: filter_form(&query, &NAMES),
        roles,
        sides,
        agencies,
        states,
        people,
        pager,
    })
}
