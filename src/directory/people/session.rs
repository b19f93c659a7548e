//! From a request's cookie or token to its actor.

use std::sync::Arc;

use actix_web::{
    HttpMessage, HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
    http::{Method, header},
    web,
};
use rand::{RngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

use super::{
    alarm::{self, Alarm},
    guide,
    model::{Actor, Role},
    nav,
    store::{self, SessionRow},
    unsent,
};
use crate::platform::{
    db::{Connection, Instant, Once},
    error::{AppError, Result},
    export::Maker,
    http::{
        assets,
        keeping::Unsent,
        layout::{Chrome, Flash, Left, Who},
        link::Query,
        peer, posted, shield, told,
    },
    i18n::{self, Lang},
    paths,
    services::Services,
    time::{self, Manner},
};

/// A session that was not used for so long is over, in seconds (12 hours).
pub const IDLE: i64 = 12 * 3600;
/// A session is over after so long whatever happens, in seconds (7 days).
pub const LONGEST: i64 = 7 * 24 * 3600;
/// How often the last use is written down, in seconds: not with every request.
const TOUCH: i64 = 60;

/// A secret for a link, a session or a token: 32 random bytes in text form.
pub fn new_secret() -> String {
    let mut bytes = [0u8; 32];
    OsRng.fill_bytes(&mut bytes);
    data_encoding::BASE64URL_NOPAD.encode(&bytes)
}

/// What is stored of a secret. The secrets are random, so a plain hash can't be guessed back.
pub fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Name of the cookie; the prefix makes browsers insist on TLS and on this very host.
pub fn cookie_name(base_url: &str) -> &'static str {
    if base_url.starts_with("https://") { "__Host-session" } else { "session" }
}

/// The cookie of a new session.
pub fn cookie(base_url: &str, secret: String) -> Cookie<'static> {
    Cookie::build(cookie_name(base_url), secret)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(base_url.starts_with("https://"))
        .max_age(Duration::seconds(LONGEST))
        .finish()
}

/// The cookie by which pages know the language where nobody is signed in; kept for a year.
pub fn language_cookie(base_url: &str, lang: Lang) -> Cookie<'static> {
    Cookie::build("lang", lang.tag())
        .path("/")
        .same_site(SameSite::Lax)
        .secure(base_url.starts_with("https://"))
        .max_age(Duration::days(365))
        .finish()
}

/// The cookie that ends a session in the browser.
pub fn ending_cookie(base_url: &str) -> Cookie<'static> {
    let mut cookie = cookie(base_url, String::new());
    cookie.make_removal();
    cookie.set_path("/");
    cookie
}

/// Where a request comes from, for the log: past the proxies that the settings trust.
pub fn address_of(request: &HttpRequest) -> String {
    let Some(peer) = request.peer_addr() else { return String::new() };
    let proxies = services_of(request).map(|services| services.settings.trusted_proxies.as_slice());
    let lines: Vec<&str> =
        request.headers().get_all("x-forwarded-for").filter_map(|line| line.to_str().ok()).collect();
    peer::address(peer.ip(), lines.into_iter(), proxies.unwrap_or_default()).to_string()
}

/// The program that a request comes from, shortened.
pub fn agent_of(request: &HttpRequest) -> String {
    let agent = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    agent.chars().take(300).collect()
}

fn is_live(row: &SessionRow, now: Instant) -> bool {
    row.ended_at.is_none()
        && now.seconds_since(row.last_seen_at) < IDLE
        && now.seconds_since(row.created_at) < LONGEST
}

/// How long a session goes on from `now` that was last used at `seen`.
fn left(row: &SessionRow, seen: Instant, now: Instant) -> Left {
    let most = row.created_at.plus_seconds(LONGEST).seconds_since(now).max(0);
    Left { left: seen.plus_seconds(IDLE).seconds_since(now).clamp(0, most), most }
}

/// How long a request's session goes on; asking is no use of it. `None` when nobody is signed in.
///
/// # Errors
/// Those of the database.
pub async fn left_of(request: &HttpRequest) -> Result<Option<Left>> {
    let services = services_of(request)?;
    let Some(secret) = request.cookie(cookie_name(&services.settings.base_url)) else { return Ok(None) };
    let (hash, now) = (hash_of(secret.value()), services.db.now());
    let found = services.db.read(move |conn| match store::session_by_hash(conn, &hash) {
        Ok(row) if is_live(&row, now) => Ok(Some(left(&row, row.last_seen_at, now))),
        Ok(_) | Err(AppError::NotFound) => Ok(None),
        Err(e) => Err(e),
    });
    found.await
}

fn load(conn: &mut Connection, secret: &str, now: Instant) -> Result<Option<(Actor, bool)>> {
    let row = match store::session_by_hash(conn, &hash_of(secret)) {
        Ok(row) if is_live(&row, now) => row,
        Ok(_) | Err(AppError::NotFound) => return Ok(None),
        Err(e) => return Err(e),
    };
    let mut actor = match store::actor(conn, row.person_id) {
        Ok(actor) => actor,
        Err(AppError::NotFound) => return Ok(None),
        Err(e) => return Err(e),
    };
    actor.session = Some(row.id);
    actor.second_factor_at = row.second_factor_at;
    actor.proved_at = row.proved_at;
    let stale = now.seconds_since(row.last_seen_at) >= TOUCH;
    actor.session_left = Some(left(&row, if stale { now } else { row.last_seen_at }, now));
    if let Some(lang) = row.locale.as_deref().and_then(Lang::parse) {
        actor.lang = lang;
    }
    Ok(Some((actor, stale)))
}

/// What the actor of a request has typed into forms of its page and not sent.
#[derive(Clone)]
struct Typed(Arc<Vec<Unsent>>);

/// The alarm that the actor of a request has to know of on every page.
#[derive(Clone)]
struct Alarmed(Alarm);

/// The actor of a request by its session cookie; `None` when nobody is signed in.
///
/// # Errors
/// Those of the database.
pub async fn actor_of(request: &HttpRequest) -> Result<Option<Actor>> {
    let services = services_of(request)?;
    let Some(secret) = request.cookie(cookie_name(&services.settings.base_url)) else { return Ok(None) };
    let secret = secret.value().to_owned();
    let now = services.db.now();
    let master = services.master.clone();
    let page = (request.method() == Method::GET).then(|| request.path().to_owned());
    let wanted = Query::new(&format!("?{}", request.query_string())).get("unsent").to_owned();
    let found = services.db.read(move |conn| {
        let Some((actor, stale)) = load(conn, &secret, now)? else { return Ok(None) };
        let typed = match &page {
            Some(path) => unsent::of_page(conn, &master, actor.id, path, &wanted)?,
            None => Vec::new(),
        };
        let alarm = alarm::of(conn, &actor)?;
        Ok(Some((actor, stale, typed, alarm)))
    });
    let Some((mut actor, stale, mut typed, alarm)) = found.await? else { return Ok(None) };
    actor.address = address_of(request);
    actor.agent = agent_of(request);
    if request.method() == Method::POST {
        actor.once = Once::of_query(request.query_string());
    }
    if stale && let Some(id) = actor.session {
        services.db.write_quiet(move |tx| store::touch_session(tx.conn(), id, now)).await?;
    }
    time::tell(Manner { lang: actor.lang, ..actor.manner });
    for one in &mut typed {
        let at = Instant::from_micros(one.saved);
        one.at = time::format_instant(at, services.settings.time_zone, actor.lang);
    }
    if !typed.is_empty() {
        request.extensions_mut().insert(Typed(Arc::new(typed)));
    }
    if let Some(alarm) = alarm {
        request.extensions_mut().insert(Alarmed(alarm));
    }
    let frame = chrome(request, services.get_ref(), &actor, "");
    request.extensions_mut().insert(frame);
    request.extensions_mut().insert(actor.clone());
    Ok(Some(actor))
}

/// The program's parts, as a request knows them.
///
/// # Errors
/// `Internal` when the server was put together without them.
pub fn services_of(request: &HttpRequest) -> Result<&web::Data<Services>> {
    request
        .app_data::<web::Data<Services>>()
        .ok_or_else(|| AppError::internal(crate::platform::error::Plain("no services".into())))
}

/// The frame of a page for `actor`. `title` is the finished heading.
pub fn chrome(request: &HttpRequest, services: &Services, actor: &Actor, title: &str) -> Chrome {
    let lang = actor.lang;
    let role_label =
        actor.roles.iter().map(|r| i18n::t(lang, &format!("role-{r}"))).collect::<Vec<_>>().join(" · ");
    let at = time::format_instant(services.db.now(), services.settings.time_zone, lang);
    let printed = [
        ("organisation", services.settings.organisation.clone()),
        ("name", actor.name.clone()),
        ("when", at),
    ];
    let alarm = request.extensions().get::<Alarmed>().map(|known| known.0.link(actor));
    Chrome {
        language: lang,
        title: title.to_owned(),
        printed: i18n::t_with(lang, "print-head", &printed),
        path: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
        form_page: posted::form_page(request),
        nav_groups: nav::groups(actor, request.path()),
        who: Some(Who {
            id: actor.id.to_string(),
            name: actor.name.clone(),
            role_label,
            agency: actor.agency.as_ref().map(|a| lang.pick(&a.name_zh, &a.name_en).to_owned()),
        }),
        session: actor.session_left,
        demo: services.is_demo,
        alarm,
        flash: flash(request, lang),
        single_keys: actor.single_keys,
        makes_leads: actor.has(Role::Compiler),
        search: Some(paths::SEARCH.to_owned()),
        help: guide::href(actor, request.match_pattern().as_deref().unwrap_or_default()),
        unsent: request.extensions().get::<Typed>().map(|typed| typed.0.clone()).unwrap_or_default(),
        css: assets::css_url(),
        js: assets::js_url(),
        icon: assets::icon_url(),
        ..Chrome::default()
    }
}

/// What a file says of whoever makes it, and when.
pub fn maker(services: &Services, actor: &Actor) -> Maker {
    Maker {
        lang: actor.lang,
        person: actor.signature(),
        at: services.db.now(),
        zone: services.settings.time_zone,
    }
}

/// The frame of a page for somebody who is not (wholly) signed in. `title_key` is a message key.
pub fn plain(request: &HttpRequest, services: &Services, title_key: &str) -> Chrome {
    let c = shield::plain_chrome(request, title_key);
    Chrome { demo: services.is_demo, flash: flash(request, c.language), ..c }
}

/// The frame of a page that is there for everybody: whoever is signed in reads it in the language of the pages that they
/// came from. `title_key` is a message key.
///
/// # Errors
/// Those of the database.
pub async fn for_all(request: &HttpRequest, title_key: &str) -> Result<Chrome> {
    let c = shield::plain_chrome(request, title_key);
    Ok(match actor_of(request).await? {
        Some(me) => Chrome { language: me.lang, title: i18n::t(me.lang, title_key), ..c },
        None => c,
    })
}

/// What came of the act before: `?ok=lead-submitted` shows the message `flash-lead-submitted`. Unknown words show
/// nothing, so that a link can't put words into our mouth; and each is told once, after the act itself.
fn flash(request: &HttpRequest, lang: Lang) -> Option<Flash> {
    let query = url::form_urlencoded::parse(request.query_string().as_bytes());
    let word = query.into_iter().find(|(name, _)| name == "ok").map(|(_, value)| value)?;
    let key = format!("flash-{word}");
    let safe = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (safe && told::is_due(request, &word) && i18n::has(lang, &key))
        .then(|| Flash { kind: "ok", text: i18n::t(lang, &key) })
}
