//! Acknowledging (签收): by a liaison with a passkey, or with password and a code of the last ten minutes; by the platform from a paper.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions,
    signed_receipt::actions::{self as receipts, Issuer, Showing, VERB},
    store,
};
use crate::{
    directory::people::{
        Actor, ForAgency, Liaison,
        passkey::{FIELD, SHOWN, ToSign, asked_to_sign},
        proof::{self, Answer as Asked},
    },
    handover::transfer::{
        actions::By,
        model::StepKind,
        pages::{ByPasskey, VerbPage},
        senders::{first_senders, sender},
        store::{self as transfers, TransferRow},
        web::{Opened, Opening, act, frame, open, paper_day, read_day},
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        http::{
            form::Form,
            layout::Chrome,
            reply::{html, see_other, unkept_json},
            view::Link,
        },
        paths,
        services::Services,
        webauthn::Answer,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/acknowledge")
            .route(web::get().to(acknowledge_form))
            .route(web::post().to(acknowledge)),
    )
    .route("/transfers/{id}/acknowledge/passkey", web::get().to(asked));
}

/// Why this person of the platform can't acknowledge the newest delivery: its agency does so itself, a colleague has to,
/// or the receipt is not on file, which can be uploaded at the address.
async fn hindrance(
    services: &Services,
    me: &Actor,
    row: &TransferRow,
) -> Result<Option<(&'static str, Option<String>)>> {
    if me.agency.is_some() {
        return Ok(None);
    }
    let (id, lead, agency, reader) = (row.id, row.lead_id, row.agency_id, me.id);
    let read = move |conn: &mut Connection| {
        let Some(newest) = store::of_transfer(conn, id)?.into_iter().next() else { return Ok(None) };
        if !newest.is_by_hand() && transfers::has_accounts(conn, agency)? {
            return Ok(Some(("conflict-transfer-agency-acts-itself", None)));
        }
        let steps = transfers::step_rows(conn, id)?;
        if sender(&steps) == Some(reader) || first_senders(conn, &[(lead, agency)])?.contains(&reader) {
            return Ok(Some(("conflict-transfer-same-person", None)));
        }
        if newest.receipt_blob_id.is_some() {
            return Ok(None);
        }
        let upload = format!("{}/receipt/{}/new", paths::transfer(id), newest.id);
        Ok(Some(("conflict-transfer-no-scan", Some(upload))))
    };
    services.db.read(read).await
}

/// The page without its form where that would be refused, with the way to what is missing.
async fn unless_hindered(
    services: &Services,
    me: &Actor,
    row: &TransferRow,
    mut page: VerbPage,
) -> Result<VerbPage> {
    if let Some((key, upload)) = hindrance(services, me, row).await? {
        page.conflict = page.c.t(key);
        let label = page.c.t("transfer-do-receipt");
        page.closed = Some(upload.into_iter().map(|href| Link::new(label.clone(), href)).collect());
    }
    Ok(page)
}

/// What the browser of a liaison is asked to sign, for the page's script.
async fn asked(
    me: Liaison,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let (id, actor, query) = (path.into_inner(), me.clone(), Form::query(&request));
    let (zone, issuer) = (services.settings.time_zone, Issuer::of(&services));
    let asked = services.db.write_quiet(move |tx| {
        let row = transfers::visible(tx.conn(), &actor, id)?;
        let newest = store::of_transfer(tx.conn(), row.id)?.into_iter().next();
        let delivery = newest.ok_or(AppError::Conflict("conflict-transfer-received"))?;
        let dossier = store::dossier_row(tx.conn(), delivery.dossier_id)?;
        receipts::ask(tx, &actor, (&row, &delivery, &dossier), (&issuer, zone), query.raw(SHOWN))
    });
    let (site, challenge, credentials) = asked.await?;
    Ok(unkept_json(&asked_to_sign(&site, &challenge, &credentials)))
}

/// What the liaison signs by a passkey, where they have one.
async fn to_sign(services: &Services, me: &Actor, row: &TransferRow) -> Result<Option<ToSign>> {
    let (actor, row) = (me.clone(), row.clone());
    let (zone, issuer) = (services.settings.time_zone, Issuer::of(services));
    let show = move |tx: &mut Tx<'_>| {
        let newest = store::of_transfer(tx.conn(), row.id)?.into_iter().next();
        let Some(delivery) = newest else { return Ok(None) };
        let dossier = store::dossier_row(tx.conn(), delivery.dossier_id)?;
        receipts::show(tx, &actor, (&row, &delivery, &dossier), (&issuer, zone))
    };
    services.db.write_quiet(show).await
}

async fn acknowledge_page(
    c: Chrome,
    services: &Services,
    me: &Actor,
    opened: &Opened<()>,
) -> Result<VerbPage> {
    let mut page = VerbPage::new(c, &opened.row, "acknowledge", "transfer-do-received")
        .beside(me, &opened.agency)
        .fields(paper_day(me));
    if me.agency.is_some() {
        page.passkey = Some(ByPasskey { sign: to_sign(services, me, &opened.row).await? });
    }
    unless_hindered(services, me, &opened.row, page).await
}

async fn acknowledge_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let opening = Opening::new("acknowledge", Some(StepKind::Received));
    let opened = open(&services, &me, path.into_inner(), opening).await?;
    html(&acknowledge_page(frame(&request, &services, &me, "acknowledge"), &services, &me, &opened).await?)
}

/// How whoever sends the form shows that it is them: a signature of their passkey, or password and code, which are asked for
/// now unless they were shown a moment ago. The page that asks where it has to be shown first.
async fn showing(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    form: &Form,
) -> Result<Result<Showing, HttpResponse>> {
    if me.agency.is_none() {
        return Ok(Ok(Showing::Paper));
    }
    if form.has(FIELD) {
        let answer = Answer::parse(form.raw(FIELD)).ok_or(AppError::Conflict("conflict-passkey-refused"))?;
        return Ok(Ok(Showing::Passkey(Box::new(answer))));
    }
    // That form has another button for the weaker kind, which nobody is to give by mistake.
    if form.has(SHOWN) && !form.has("by") {
        return Err(AppError::Conflict("conflict-passkey-unsigned"));
    }
    Ok(match proof::ask(request, services, me, VERB, form).await? {
        Asked::Proven(proven) => Ok(Showing::Code(proven)),
        Asked::Page(page) => Err(page),
    })
}

async fn acknowledge(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let (zone, issuer) = (services.settings.time_zone, Issuer::of(&services));
    let showing = match showing(&request, &services, &me, &form).await? {
        Ok(showing) => showing,
        Err(page) => return Ok(page),
    };
    let day = read_day(&mut form, &me, &services);
    let done = act(&services, &me, &form, Some(day), move |tx, me, day| {
        let by = By::of(me, tx.now(), zone).on(day);
        actions::acknowledge(tx, me, id, (&by, &showing), &issuer)
    })
    .await;
    let Err(error) = done else {
        return Ok(see_other(&format!("{}?ok=transfer-acknowledge", paths::transfer(id))));
    };
    let opened = open(&services, &me, id, Opening::again("acknowledge", &error)).await?;
    let c = frame(&request, &services, &me, "acknowledge");
    acknowledge_page(c, &services, &me, &opened).await?.again(&form, error)
}
