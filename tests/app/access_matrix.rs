//! Every route of the router × everybody: who gets in, who finds nothing, who is sent to sign in; and that each
//! refusal is on record. The routes come from the router itself, so a new one without a row here fails.

mod caller;
mod forms;
mod head;
mod objects;
mod posted;
mod row;
mod sets;
mod strange;
mod table;
mod table_admin;
mod table_bulk;
mod table_cases;
mod table_evidence;
mod table_uploads;
mod weight;

use std::collections::{BTreeSet, HashMap};

use lead_handoff::{app, handover::remedy::model as remedy, platform::http::assets};

use self::{
    caller::Caller,
    objects::Objects,
    row::{Row, Who},
    table::ROWS,
};
use crate::support::{Browser, Reply, TestApp, fixtures, routes};

/// Where files come in parts.
const UPLOADS: &str = "/api/v1/uploads";

/// What an answer says about access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Let in: shown, done, or told what to mend.
    In,
    /// Let in, but the state or a rule of the object forbids it.
    Barred,
    /// Not there for this one.
    Hidden,
    /// To sign in.
    Login,
    /// No token, or one that holds no more.
    NoToken,
    /// The token's scopes do not cover it.
    Scope,
    Other(u16),
}

fn is_page(reply: &Reply) -> bool {
    reply.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn class(reply: &Reply) -> Class {
    match reply.status.as_u16() {
        303 if reply.location == "/login" || reply.location.starts_with("/login?next") => Class::Login,
        // What one has given up oneself is gone, and not hidden.
        200 | 201 | 202 | 204 | 206 | 303 | 410 | 422 => Class::In,
        // Whoever asks a witness is told so by its protocol that what they said is no request.
        400 => Class::In,
        409 => Class::Barred,
        404 => Class::Hidden,
        // A form that was posted without being signed in is given back on a page; an API call gets a problem.
        401 if is_page(reply) => Class::Login,
        401 => Class::NoToken,
        403 => Class::Scope,
        other => Class::Other(other),
    }
}

/// The address of a row: its pattern with the objects in.
fn path_of(row: &Row, objects: &Objects) -> String {
    let value = |name: &str| objects.get(name).cloned().unwrap_or_else(|| name.to_owned());
    let (on, query) = row.on.split_once('?').unwrap_or((row.on, ""));
    let mut names = on.split_whitespace();
    let mut path = String::new();
    let mut rest = row.pattern;
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        path.push_str(&value(names.next().unwrap_or_else(|| panic!("no object for {}", row.pattern))));
        rest = after.split_once('}').expect("a closed part").1;
    }
    path.push_str(rest);
    assert_eq!(names.next(), None, "too many objects for {}", row.pattern);
    match query.split_once('=') {
        Some((name, word)) => format!("{path}?{name}={}", value(word)),
        None => path,
    }
}

/// A form with the objects in.
fn filled(form: &str, objects: &Objects) -> String {
    objects.iter().fold(form.to_owned(), |form, (name, id)| form.replace(&format!("{{{name}}}"), id))
}

/// Everybody's browser and token.
struct People {
    stranger: Browser,
    browsers: HashMap<&'static str, Browser>,
    tokens: HashMap<&'static str, String>,
}

impl People {
    async fn of(app: &TestApp) -> Self {
        let mut all = Self { stranger: app.stranger(), browsers: HashMap::new(), tokens: HashMap::new() };
        for who in Who::ALL {
            let name = who.username();
            all.browsers.insert(name, app.sign_in(name).await);
            if who.role() != "liaison" {
                all.tokens.insert(name, fixtures::token_for(app, name, &["read", "write"]).await);
            }
        }
        for scope in ["read", "write"] {
            all.tokens.insert(scope, fixtures::token_for(app, "compiler", &[scope]).await);
        }
        all
    }

    fn by_token(&self, name: &str, token: &str) -> Caller<'_> {
        Caller { name: name.to_owned(), browser: &self.stranger, token: Some(&self.tokens[token]) }
    }

    fn by_session(&self, name: &str) -> Caller<'_> {
        let browser = self.browsers.get(name).unwrap_or(&self.stranger);
        Caller { name: name.to_owned(), browser, token: None }
    }
}

/// Everybody who may try a row, refused ones first, with what the policy says of them.
fn callers<'a>(row: &Row, people: &'a People) -> Vec<(Caller<'a>, Class)> {
    let is_api = row.pattern.starts_with("/api/");
    // Files are sent by a page's script too; whoever asks how far they are is one who sends.
    let sends = row.pattern.starts_with(UPLOADS);
    let is_safe = row.method == "GET" && !sends;
    let of = |who: Who| match (row.who.contains(&who), row.barred.contains(&who)) {
        (_, true) => Class::Barred,
        (true, _) => Class::In,
        _ => Class::Hidden,
    };
    let outside = match (row.public, is_api) {
        (true, _) => Class::In,
        (_, true) => Class::NoToken,
        _ => Class::Login,
    };
    let mut all = vec![(people.by_session("anonymous"), outside)];
    // What a narrow token of the owner may not do, and on pages none opens anything.
    for scope in ["read", "write"] {
        let expected = match (row.public, is_api) {
            (true, _) => Class::In,
            (_, false) => Class::Login,
            _ if (scope == "read") != is_safe => Class::Scope,
            _ => of(Who::Owner),
        };
        all.push((people.by_token(&format!("token to {scope}"), scope), expected));
    }
    for who in Who::ALL {
        let name = who.username();
        let by_token = is_api && !row.public && who.role() != "liaison";
        let expected = if is_api && !row.public && !by_token && !sends { Class::NoToken } else { of(who) };
        let caller = if by_token { people.by_token(name, name) } else { people.by_session(name) };
        all.push((caller, if row.public { Class::In } else { expected }));
    }
    all.sort_by_key(|(_, expected)| *expected == Class::In);
    all
}

/// Tries a row with everybody; returns what differs from the policy.
async fn walk(app: &TestApp, row: &Row, objects: &Objects, people: &People) -> Vec<String> {
    let path = path_of(row, objects);
    let (mut faults, mut done) = (Vec::new(), false);
    for (caller, expected) in callers(row, people) {
        let before = app.audit_count().await;
        let whole = if expected == Class::In { "" } else { row.form };
        let reply = caller.ask(row, &path, filled(&format!("{}{whole}", row.typed), objects)).await;
        let found = class(&reply);
        let at = format!("{} {} as {}", row.method, row.pattern, caller.name);
        let is_late = row.once && done && found == Class::Barred;
        done |= found == Class::In;
        if row.method == "GET" && is_page(&reply) {
            let astray = forms::astray(&reply.text(), &path).into_iter();
            faults.extend(
                astray.map(|there| format!("{at}: a form posts to {there}, where nothing is posted to")),
            );
        }
        if found != expected && !is_late {
            faults.push(format!("{at}: {found:?}, the policy says {expected:?} ({path})"));
        }
        // Where nobody is let in, the address is none of an object.
        let is_closed = row.who.is_empty() && row.barred.is_empty();
        if !is_closed && matches!(found, Class::Hidden | Class::Barred | Class::Scope) {
            let after = app.audit_count().await;
            if after != before + 1 {
                faults.push(format!("{at}: {found:?} left {} entries", after - before));
            } else if app.last_entry().await.outcome != "refused" {
                faults.push(format!("{at}: the entry says «{}»", app.last_entry().await.outcome));
            }
        }
    }
    faults
}

#[actix_web::test]
async fn everybody_gets_what_the_policy_says_and_every_refusal_is_on_record() {
    let app = TestApp::new().await;
    let objects = objects::plant(&app).await;
    let people = People::of(&app).await;
    let mut faults = Vec::new();
    for row in ROWS.iter() {
        faults.extend(walk(&app, row, &objects, &people).await);
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// What has a verb or an object and shows no case material, and why.
const NO_CASE_MATERIAL: &[(&str, &str)] = &[
    ("/admin/people/{id}", "an account"),
    ("/admin/people/{id}/disable", "an account"),
    ("/admin/people/{id}/reset-second-factor", "an account"),
    ("/admin/people/{id}/remove-passkeys", "an account"),
    ("/agencies/{id}", "the directory of agencies"),
    ("/agencies/{id}/edit", "the directory of agencies"),
    ("/agencies/{id}/close", "the directory of agencies"),
    ("/agencies/{id}/public-keys/new", "the directory of agencies"),
    ("/agencies/{id}/public-keys/{key}/confirm", "the directory of agencies"),
    ("/agencies/{id}/public-keys/{key}/revoke", "the directory of agencies"),
    ("/reports", "the years that have a report"),
    ("/views/{id}", "a saved filter"),
    ("/help/{guide}", "the guide"),
    ("/api/v1/uploads/{id}", "one's own file on its way"),
];

#[actix_web::test]
async fn every_look_at_case_material_is_one_entry() {
    let app = TestApp::new().await;
    let objects = objects::plant(&app).await;
    let people = People::of(&app).await;
    let is_plain = |row: &&Row| NO_CASE_MATERIAL.iter().any(|(pattern, _)| *pattern == row.pattern);
    let shows = |row: &&Row| !row.public && (!row.verb.is_empty() || !row.on.is_empty());
    let mut faults = Vec::new();
    for row in ROWS.iter().filter(|row| row.method == "GET").filter(shows).filter(|row| !is_plain(row)) {
        let path = path_of(row, &objects);
        for (caller, _) in callers(row, &people).into_iter().filter(|(_, expected)| *expected == Class::In) {
            let before = app.audit_count().await;
            let reply = caller.ask(row, &path, String::new()).await;
            let written = app.audit_count().await - before;
            if written != 1 {
                faults.push(format!("{} as {}: {written} entries", row.pattern, caller.name));
            } else if (class(&reply) == Class::In) != (app.last_entry().await.outcome == "done") {
                faults.push(format!("{} as {}: the entry says otherwise", row.pattern, caller.name));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[actix_web::test]
async fn every_route_of_the_router_has_a_row_and_every_row_a_route() {
    // Any id will do where only the handler's being there is asked for; a stylesheet has to be the right one.
    let mut words =
        vec!["1", "storage", "csv", "2016", "refuse", "return", "not-file", "supplement", "entries/000.p/1"];
    words.extend(remedy::Step::ALL.iter().map(|step| step.page()));
    let names = ROWS.iter().flat_map(|row| row.on.split('?').next().unwrap_or_default().split_whitespace());
    let mut objects: Objects = names
        .filter(|name| !words.contains(name))
        .map(|name| (name, uuid::Uuid::now_v7().to_string()))
        .collect();
    objects.insert("stylesheet", assets::css_url().rsplit('/').next().unwrap_or_default().to_owned());
    let declared: BTreeSet<(String, String)> =
        ROWS.iter().map(|row| (row.method.to_owned(), row.pattern.to_owned())).collect();
    let mut there = BTreeSet::new();
    for pattern in routes::patterns().await {
        let row = ROWS.iter().find(|row| row.pattern == pattern);
        let row = row.unwrap_or_else(|| panic!("{pattern} is a route without a row in the access matrix"));
        let path = path_of(row, &objects);
        there.extend(routes::methods(&path).await.into_iter().map(|m| (m.to_owned(), pattern.clone())));
    }
    let missing: Vec<_> = there.difference(&declared).collect();
    let stale: Vec<_> = declared.difference(&there).collect();
    assert!(missing.is_empty() && stale.is_empty(), "without a row: {missing:?}; without a route: {stale:?}");
}

#[test]
fn the_rows_keep_to_the_declared_verbs() {
    let verbs = app::verbs();
    for row in ROWS.iter().filter(|row| !row.verb.is_empty()) {
        let verb = verbs.iter().find(|verb| verb.name == row.verb);
        let verb = verb.unwrap_or_else(|| panic!("{} is no verb of the program", row.verb));
        for who in row.who.iter().chain(row.barred) {
            let has = verb.roles.iter().any(|role| role.as_str() == who.role());
            assert!(has, "{} {} lets {who:?} in; {} does not", row.method, row.pattern, verb.name);
        }
        for role in verb.roles {
            let all: Vec<Who> = Who::ALL.into_iter().filter(|who| who.role() == role.as_str()).collect();
            let some_out = all.iter().any(|who| !row.who.contains(who) && !row.barred.contains(who));
            let by_token = row.pattern.starts_with("/api/") && role.as_str() == "liaison";
            let said = !verb.rule.is_empty() || by_token;
            assert!(!some_out || said, "{} {}: {role} is kept out by no rule", row.method, row.pattern);
        }
    }
    let mut seen = BTreeSet::new();
    for row in ROWS.iter() {
        assert!(
            seen.insert((row.method, row.pattern, row.verb)),
            "{} {} has two rows",
            row.method,
            row.pattern
        );
    }
    let named: BTreeSet<&str> = ROWS.iter().map(|row| row.verb).collect();
    let idle: Vec<&str> = verbs.iter().map(|verb| verb.name).filter(|name| !named.contains(name)).collect();
    assert_eq!(idle, ["session.open", "invitation.accept", "person.create"], "verbs without a route");
    let mut once = BTreeSet::new();
    assert!(verbs.iter().all(|verb| once.insert((verb.name, verb.object))), "a verb is declared twice");
}

/// Whether somebody of the role gets past the guard of a row: what the walk over all rows has seen.
fn passes(row: &Row, role: &str) -> bool {
    row.who.iter().chain(row.barred).any(|who| who.role() == role)
}

/// The rows are what the routes answer (`everybody_gets_what_the_policy_says…`), so this compares the guards of the
/// handlers with the declared verbs: nobody gets in whom the verb does not name, and whom it names is kept out by no
/// guard, whatever its condition on the object says.
#[test]
fn whom_a_verb_names_every_route_of_it_lets_past_its_guard() {
    // One's own session, token or saved filter: nobody else's is there, whatever the role. The others take the second factor or the
    // password of somebody else, which is the administrator's.
    let own = ["session.end", "token.revoke", "passkey.remove", "view.change", "view.use", "view.remove"];
    let by_administrator =
        ["/admin/people/{id}/reset-second-factor", "/admin/people/{id}/disable", "/admin/people/{id}/enable"];
    let mut faults = Vec::new();
    for verb in app::verbs() {
        let rows = || ROWS.iter().filter(|row| row.verb == verb.name && !row.public);
        for role in verb.roles.iter().map(|role| role.as_str()) {
            for row in rows() {
                // Liaisons have no tokens; where nobody gets in, it is the object that forbids it.
                let is_token = row.pattern.starts_with("/api/") && role == "liaison";
                let is_nobodys = row.who.is_empty() && row.barred.is_empty();
                let is_other = by_administrator.contains(&row.pattern) && role != "admin";
                let is_own = own.contains(&verb.name);
                if !passes(row, role) && !is_token && !is_nobodys && !is_other && !is_own {
                    faults
                        .push(format!("{} {}: no {role}, whom {} names", row.method, row.pattern, verb.name));
                }
            }
            let shut = |row: &Row| row.who.is_empty() && row.barred.is_empty();
            if rows().count() > 0
                && !own.contains(&verb.name)
                && !rows().any(|row| shut(row) || passes(row, role))
            {
                faults.push(format!("{} names {role}, and no route lets them past", verb.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The page of a form and the form that it posts have one guard.
#[test]
fn whoever_sees_a_form_may_post_it() {
    // Lists, and a page that shows an object, where a form to add or change stands too for those who may.
    let shows = ["/leads/{id}/evidence", "/agencies", "/agencies/{id}"];
    let is_form = |row: &&Row| row.method == "GET" && row.verb.is_empty() && !row.public;
    let mut faults = Vec::new();
    for page in ROWS.iter().filter(is_form).filter(|row| !shows.contains(&row.pattern)) {
        let posts = ROWS.iter().filter(|row| row.method == "POST" && row.pattern == page.pattern);
        for post in posts.filter(|row| !row.who.is_empty() || !row.barred.is_empty()) {
            for who in Who::ALL {
                let role = who.role();
                if passes(page, role) != passes(post, role) {
                    faults.push(format!(
                        "{}: {role} sees the form or posts it, not both ({})",
                        page.pattern, post.verb
                    ));
                }
            }
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
