//! Sealed dossiers without composing, freezing and approving one: for stories that begin where a dossier is ready.

use diesel::prelude::*;
use lead_handoff::casework::lead::store;
use lead_handoff::directory::people::token::{NewToken, create_for};
use lead_handoff::platform::{
    db::{
        Id,
        schema::{composition, dossier, dossier_freeze, dossier_seal, lead},
    },
    services::Services,
};

use super::TestApp;

/// A lead of `compiler` with number and title; returns its id.
pub async fn lead(app: &TestApp, number: &str, title: &str) -> Id {
    let (number, title) = (number.to_owned(), title.to_owned());
    let owner = app.seed.people["compiler"];
    write(&app.services, move |tx| {
        let (id, now) = (Id::new(), tx.now());
        diesel::insert_into(lead::table)
            .values((
                lead::id.eq(id),
                lead::number.eq(number),
                lead::year.eq(2026),
                lead::title.eq(title),
                lead::summary.eq("概述"),
                lead::region_code.eq("440100"),
                lead::source_kind.eq("risk_model"),
                lead::source_note.eq(""),
                lead::sender_role.eq("reporter"),
                lead::state.eq("approved"),
                lead::owner_id.eq(owner),
                lead::created_at.eq(now),
                lead::updated_at.eq(now),
            ))
            .execute(tx.conn())?;
        let made = store::find(tx.conn(), id)?;
        store::index_text(tx.conn(), &made)?;
        Ok(id)
    })
    .await
}

/// The next version of a dossier for the agency `code`, sealed.
pub async fn sealed(app: &TestApp, lead_id: Id, code: &str) -> Id {
    dossier_of(app, lead_id, code, true).await
}

/// As [`sealed`], but not sealed yet.
pub async fn unsealed(app: &TestApp, lead_id: Id, code: &str) -> Id {
    dossier_of(app, lead_id, code, false).await
}

async fn dossier_of(app: &TestApp, lead_id: Id, code: &str, seal: bool) -> Id {
    let (agency, by) = (app.seed.agencies[code], app.seed.people["compiler"]);
    let folder = format!("folder-{code}");
    write(&app.services, move |tx| {
        let (id, version_id, now) = (Id::new(), Id::new(), tx.now());
        let before: i64 =
            composition::table.filter(composition::lead_id.eq(lead_id)).count().get_result(tx.conn())?;
        let version = i32::try_from(before).expect("few") + 1;
        diesel::insert_into(composition::table)
            .values((
                composition::id.eq(version_id),
                composition::lead_id.eq(lead_id),
                composition::version.eq(version),
                composition::note.eq(""),
                composition::created_by.eq(by),
                composition::created_at.eq(now),
            ))
            .execute(tx.conn())?;
        diesel::insert_into(dossier::table)
            .values((
                dossier::id.eq(id),
                dossier::composition_id.eq(version_id),
                dossier::lead_id.eq(lead_id),
                dossier::agency_id.eq(agency),
                dossier::folder.eq(folder),
                dossier::created_at.eq(now),
            ))
            .execute(tx.conn())?;
        let hash = id.as_bytes().repeat(2);
        diesel::insert_into(dossier_freeze::table)
            .values((
                dossier_freeze::dossier_id.eq(id),
                dossier_freeze::content_sha256.eq(&hash),
                dossier_freeze::manifest_sha256.eq(&hash),
                dossier_freeze::files.eq("[]"),
                dossier_freeze::frozen_at.eq(now),
            ))
            .execute(tx.conn())?;
        if seal {
            diesel::insert_into(dossier_seal::table)
                .values((
                    dossier_seal::dossier_id.eq(id),
                    dossier_seal::approval_id.eq(Id::new()),
                    dossier_seal::seal_json.eq("{}\n"),
                    dossier_seal::signature.eq(""),
                    dossier_seal::key_id.eq(Id::new()),
                    dossier_seal::sealed_at.eq(now),
                ))
                .execute(tx.conn())?;
        }
        Ok(id)
    })
    .await
}

async fn write<T: Send + 'static>(
    services: &Services,
    f: impl FnOnce(&mut lead_handoff::platform::db::Tx<'_>) -> lead_handoff::platform::error::Result<T>
    + Send
    + 'static,
) -> T {
    services.db.write_quiet(f).await.expect("fixture")
}

/// A token of `username` that may read.
pub async fn token(app: &TestApp, username: &str) -> String {
    token_for(app, username, &["read"]).await
}

/// A token of `username` with these scopes.
pub async fn token_for(app: &TestApp, username: &str, scopes: &[&'static str]) -> String {
    let (person, scopes) = (app.seed.people[username], scopes.to_vec());
    let origin = app.origin(person);
    let made = app.services.db.write(origin, move |tx| {
        let new = NewToken { name: "test".into(), scopes, days: None };
        create_for(tx, person, new)
    });
    made.await.expect("token")
}
