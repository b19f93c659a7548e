//! What the page of a review shows of what the approver's passkey signs, and what its script asks for.

use actix_web::{HttpRequest, HttpResponse, web};

use super::signing::{self, ByPasskey};
use crate::{
    casework::{
        dossier::{facts::groups_of_four, model::Dossier, signed_approval::Statement},
        lead::model::Lead,
    },
    directory::people::{
        Actor, Approver,
        passkey::{self, FIELD, SHOWN, ToSign, asked_to_sign},
    },
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{Form, unkept_json, view::Fact},
        i18n, paths,
        services::Services,
        time,
        webauthn::Answer,
    },
};

/// `GET /approvals/{id}/approve/passkey`
pub async fn asked(
    me: Approver,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let site = passkey::site(&services)?;
    let (query, actor, id) = (Form::query(&request), me.clone(), *id);
    let asked = services.db.write_quiet(move |tx| signing::ask(tx, &actor, id, query.raw(SHOWN)));
    let (challenge, credentials) = asked.await?;
    Ok(unkept_json(&asked_to_sign(&site, &challenge, &credentials)))
}

/// What the form says of a passkey; `None`: the code of the second factor is shown.
pub(super) fn given(services: &Services, form: &Form) -> Result<Option<ByPasskey>> {
    if !form.has(FIELD) {
        return Ok(None);
    }
    let answer = Answer::parse(form.raw(FIELD)).ok_or(AppError::Conflict("conflict-passkey-refused"))?;
    Ok(Some(ByPasskey { answer, site: passkey::site(services)? }))
}

/// What the approver is shown before they sign: of each of the `dossiers` for whom it is, and its manifest hash.
pub(super) fn shown(
    statement: &Statement,
    lead: &Lead,
    dossiers: &[Dossier],
    (me, services): (&Actor, &Services),
) -> Result<ToSign> {
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let t = |key: &str| i18n::t(lang, key);
    let mut facts = vec![
        Fact::new(t("dossier-fact-lead"), format!("{} {}", statement.lead_number, lead.title)),
        Fact::new(
            t("dossier-fact-version"),
            i18n::t_with(lang, "dossier-version", &[("n", statement.version.to_string())]),
        ),
    ];
    facts.extend(dossiers.iter().map(|one| {
        let name = lang.pick(&one.agency_name_zh, &one.agency_name_en);
        let hash = one.manifest_sha256.as_deref().unwrap_or_default();
        Fact::new(format!("{name} {}", one.agency_code), groups_of_four(hash))
    }));
    facts.push(Fact::new(t("role-approver"), format!("{} · {}", me.name, statement.approver)));
    facts.push(Fact::new(t("passkey-stated-at"), time::format_exact(statement.stated_at, zone)));
    let ask = format!("{}/approve/passkey", paths::approval(statement.review));
    Ok(ToSign::new(&ask, facts, statement.to_text()?))
}
