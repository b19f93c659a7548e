//! Sending a dossier.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::{
    actions::{self, Sending},
    pages::{Encrypted, SendPage},
    store,
};
use crate::{
    audit,
    casework::dossier::encrypted as package,
    directory::{
        agencies::keys::{self, Key},
        people::{Actor, Recorder, session},
    },
    handover::transfer::{
        actions::By,
        face,
        model::{self, Channel},
        store::{self as transfers, AgencyRow, TransferRow},
        web::{act, past_day, today},
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, Result, refusal},
        http::{
            form::Form,
            form_view::FormView,
            layout::Chrome,
            reply::{self, html, see_other},
            view::{Choice, Fact, Link},
        },
        i18n, paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/transfers/new").route(web::get().to(send_form)).route(web::post().to(send)));
}

/// What the page for sending is made of.
struct Before {
    dossier: store::DossierRow,
    /// As the dossier bears it.
    title: String,
    lead: transfers::LeadRow,
    agency: AgencyRow,
    has_accounts: bool,
    contacts: Vec<(String, String, String, String, bool)>,
    existing: Option<TransferRow>,
    /// Of the agency: those that its package is encrypted to.
    keys: Vec<Key>,
    /// Why this reader can't send it in whatever way; asked at the first look only, when nothing was typed yet.
    refusal: Option<&'static str>,
}

/// How the page comes to be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    First,
    /// Again, with what is to be mended.
    Faulty,
    /// Again, with a refusal, which has an entry of its own.
    Refused,
}

fn before(conn: &mut Connection, dossier: Id) -> Result<Before> {
    let dossier = store::dossier_row(conn, dossier)?;
    if let Some(sent) = store::delivered_on(conn, &dossier)? {
        return Err(AppError::Elsewhere(paths::transfer(sent)));
    }
    let lead = transfers::lead_row(conn, dossier.lead_id)?;
    Ok(Before {
        title: face::title_of(conn, dossier.id, &lead)?,
        lead,
        agency: transfers::agency_row(conn, dossier.agency_id)?,
        has_accounts: transfers::has_accounts(conn, dossier.agency_id)?,
        contacts: transfers::contacts(conn, dossier.agency_id)?,
        existing: transfers::of(conn, dossier.lead_id, dossier.agency_id)?,
        keys: keys::in_force(conn, dossier.agency_id)?,
        refusal: None,
        dossier,
    })
}

/// Reads it; the view is on record, but for one that was refused.
async fn opened(services: &Services, me: &Actor, dossier: Id, look: Look) -> Result<Before> {
    if look == Look::Refused {
        return services.db.read(move |conn| before(conn, dossier)).await;
    }
    let (actor, today) = (me.clone(), today(services));
    services
        .db
        .write(me.origin(), move |tx| {
            let mut found = before(tx.conn(), dossier)?;
            if look == Look::First {
                found.refusal = refusal(actions::sendable(tx.conn(), &actor, &found.dossier, today))?;
            }
            let entry = audit::Entry::new("dossier.view")
                .object("dossier", dossier)
                .object("lead", found.lead.id)
                .fact("page", "send");
            audit::record(tx, entry)?;
            Ok(found)
        })
        .await
}

/// The ways; where nobody at the agency can sign in the portal is none.
fn channels(c: &Chrome, has_accounts: bool) -> Vec<Choice> {
    Channel::ALL
        .iter()
        .map(|channel| {
            Choice::new(channel, c.t(format!("transfer-channel-{channel}")))
                .hint(c.t(format!("transfer-channel-{channel}-hint")))
                .closed(!has_accounts && *channel == Channel::Portal)
        })
        .collect()
}

fn effect(c: &Chrome, existing: Option<&TransferRow>) -> String {
    match existing {
        None => c.t("delivery-effect-new"),
        Some(row) if row.state() == model::State::SupplementRequested => {
            c.tv("delivery-effect-supplement", "number", &row.number)
        }
        Some(row) if row.state().is_over() => c.tv("delivery-effect-again", "number", &row.number),
        Some(row) => c.tv("delivery-effect-more", "number", &row.number),
    }
}

/// The package, where it can be encrypted to keys of the agency.
fn encrypted(before: &Before) -> Option<Encrypted> {
    let ids: Vec<String> = before.keys.iter().map(|key| key.id.to_string()).collect();
    let at = paths::dossier(before.dossier.id);
    (!ids.is_empty()).then(|| Encrypted {
        href: format!("{at}/{}", package::NAME),
        plain: format!("{at}/package.zip"),
        keys: keys::pages::shorts(&before.keys),
        ids: ids.join(","),
    })
}

fn send_page(c: Chrome, before: &Before) -> SendPage {
    let lang = c.language;
    let agency = &before.agency;
    let facts = vec![
        Fact::new(c.t("delivery-lead"), format!("{} {}", before.lead.number, before.title))
            .link(paths::lead(before.lead.id)),
        Fact::new(c.t("agency"), agency.name(lang)).link(paths::agency(agency.id)),
        Fact::new(c.t("delivery-version"), c.tv("dossier-version", "n", before.dossier.version))
            .link(paths::dossier(before.dossier.id)),
        Fact::new(c.t("delivery-addressee"), &agency.addressee),
    ];
    let contacts = before
        .contacts
        .iter()
        .map(|(name, title, phone, email, _)| {
            Fact::new(format!("{name} {title}"), format!("{phone} {email}"))
        })
        .collect();
    let warning = if before.has_accounts { String::new() } else { c.t("delivery-no-accounts") };
    let preset = if before.has_accounts { Channel::Portal } else { Channel::Paper };
    SendPage {
        trail: vec![
            Link::new(c.t("nav-leads"), paths::LEADS),
            Link::new(before.lead.number.clone(), paths::lead(before.lead.id)),
        ],
        dossier: before.dossier.id.to_string(),
        facts,
        hash: before
            .dossier
            .manifest
            .as_deref()
            .map(|m| data_encoding::HEXLOWER.encode(m))
            .unwrap_or_default(),
        effect: effect(&c, before.existing.as_ref()),
        warning,
        conflict: before.refusal.map(|key| c.t(key)).unwrap_or_default(),
        closed: before.refusal.is_some(),
        form: FormView::new("delivery-field-").set("channel", preset.to_string()),
        channels: channels(&c, before.has_accounts),
        contacts,
        cancel: paths::lead(before.lead.id),
        encrypted: encrypted(before),
        c,
    }
}

fn send_frame(request: &HttpRequest, services: &Services, me: &Actor) -> Chrome {
    session::chrome(request, services, me, &i18n::t(me.lang, "delivery-title"))
}

async fn send_form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let dossier = Form::query(&request).id("dossier").ok_or(AppError::NotFound)?;
    let before = opened(&services, &me, dossier, Look::First).await?;
    html(&send_page(send_frame(&request, &services, &me), &before))
}

fn read_sending(form: &mut Form, services: &Services) -> Option<Sending> {
    let dossier = form.required_value("dossier", "error-unknown");
    let channel: Option<Channel> = form.required_value("channel", "error-unknown");
    let by_hand = channel.is_some_and(|channel| channel != Channel::Portal);
    let handed_on = if by_hand { past_day(form, "handed_on", services) } else { None };
    let mut line = |name: &str, need: bool| match (by_hand, need) {
        (true, true) => form.required(name, 200),
        (true, false) => form.text(name, 200),
        (false, _) => String::new(),
    };
    let (handed_by, handed_to) = (line("handed_by", true), line("handed_to", false));
    let tracking_number = line("tracking_number", false);
    let encrypted_to = form
        .has("encrypted")
        .then(|| form.raw("keys").split(',').filter_map(|id| id.parse().ok()).collect::<Vec<Id>>());
    // By the portal an agency fetches it itself, and what is printed is read by everybody.
    if encrypted_to.is_some() && channel.is_some_and(|channel| channel != Channel::Disc) {
        form.fault("encrypted", "error-delivery-encrypted-channel");
    }
    Some(Sending {
        dossier: dossier?,
        channel: channel?,
        handed_on,
        handed_by,
        handed_to,
        tracking_number,
        encrypted_to,
    })
}

async fn send(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let zone = services.settings.time_zone;
    let sending = read_sending(&mut form, &services);
    // Nobody was told by what went by hand.
    let said = match sending.as_ref().map(|sending| sending.channel) {
        Some(Channel::Paper) => "transfer-sent-paper",
        Some(Channel::Disc) => "transfer-sent-disc",
        Some(Channel::Portal) | None => "transfer-sent",
    };
    let done = act(&services, &me, &form, sending, move |tx, me, sending| {
        actions::send(tx, me, &sending, &By::sender(me, tx.now(), zone).on(sending.handed_on))
    })
    .await;
    let error = match done {
        Ok(id) => return Ok(see_other(&format!("{}?ok={said}", paths::transfer(id)))),
        Err(error) => error,
    };
    let dossier = form.id("dossier").ok_or(AppError::NotFound)?;
    let look = if matches!(error, AppError::Conflict(_)) { Look::Refused } else { Look::Faulty };
    let before = opened(&services, &me, dossier, look).await?;
    let mut page = send_page(send_frame(&request, &services, &me), &before);
    page.form = FormView::new("delivery-field-").typed(form.pairs());
    match error {
        AppError::Invalid(errors) => {
            if errors.iter().any(|fault| fault.code == actions::KEYS_CHANGED) {
                // It is the package of the new keys that is to be handed over now.
                page.form = page.form.set("keys", None::<String>).set("encrypted", None::<String>);
            }
            page.form = page.form.with_errors(errors);
            reply::invalid(&page)
        }
        AppError::Conflict(key) => {
            page.conflict = page.c.t(key);
            reply::html_with(StatusCode::CONFLICT, &page)
        }
        other => Err(other),
    }
}
