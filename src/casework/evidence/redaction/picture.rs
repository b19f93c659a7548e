//! The pages that rectangles are chosen on, as pictures. The form that shows them is on record as a look at the item; a picture that
//! nobody was shown a form for lately is a look of its own.

use actix_web::{HttpResponse, http::header, web};

use super::{
    PAGE,
    file::{UNREADABLE, with_bytes},
    model::Material,
    original::find,
};
use crate::{
    audit::{self, Entry},
    casework::evidence::{drawn, store::Item},
    directory::people::Compiler,
    platform::{
        db::Id,
        error::{AppError, Result},
        http::bytes::SANDBOX,
        pdf::Photo,
        services::Services,
    },
};

/// Longest side of a picture, in pixels.
const LONGEST: u32 = 1_400;
/// How long a form that is on record shows its pictures without an entry for each, in seconds.
const SHOWN: i64 = 3_600;

/// `GET /evidence/{id}/redact/pages/{page}`
pub async fn page(
    me: Compiler,
    services: web::Data<Services>,
    path: web::Path<(Id, usize)>,
) -> Result<HttpResponse> {
    let (id, number) = path.into_inner();
    let (item, material) = seen(&me, &services, id).await?;
    let at = number.checked_sub(1).ok_or(AppError::NotFound)?;
    let jpeg = match material {
        Material::Image if at == 0 => {
            let work = |bytes: Vec<u8>| Ok(Photo::within(&bytes, LONGEST).ok().map(|photo| photo.jpeg));
            with_bytes(&services, &item, material, work).await?
        }
        Material::Pdf => Some(drawn::page(&services, &item, drawn::DOTS, at).await?),
        _ => return Err(AppError::NotFound),
    };
    // A picture that can't be read is told where it is to be redacted.
    let jpeg = jpeg.ok_or(AppError::Conflict(UNREADABLE))?;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, SANDBOX))
        .body(jpeg))
}

/// The item, once the look at it is on record.
async fn seen(me: &Compiler, services: &Services, id: Id) -> Result<(Item, Material)> {
    let (actor, since) = (me.clone(), services.db.now().plus_seconds(-SHOWN));
    let (found, lately) = services
        .db
        .read(move |conn| {
            let found = find(conn, &actor, id)?;
            Ok((found, audit::lately(conn, actor.id, "evidence.view", ("evidence", id), since)?))
        })
        .await?;
    if !lately.iter().any(|leaf| leaf["facts"]["page"] == PAGE) {
        let entry = Entry::new("evidence.preview").object("evidence", id).object("lead", found.lead.id);
        let entry = entry.fact("sha256", found.item.blob.sha256_hex());
        audit::record_read(&services.db, me.origin(), entry).await?;
    }
    Ok((found.item, found.material))
}
