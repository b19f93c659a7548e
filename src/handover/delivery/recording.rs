//! A step of an agency as its form is posted: by its liaison, on the portal; or by the platform, from the paper of an
//! agency without accounts. The scan of that paper comes with the form or is on file already.

use actix_multipart::Multipart;
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};

use super::scan::{self, Arrived, Scan};
use crate::{
    audit,
    casework::evidence::{actions::keep_blob, store as evidence, upload},
    directory::people::{Actor, CaseReader},
    handover::transfer::{
        actions::{self as transfer, By},
        pages::looked_for,
        papers::{self, PaperRow},
        store as transfers,
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::Form,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/transfers/{id}/papers/{paper}", web::get().to(show));
}

/// See the top of the file.
#[derive(Debug)]
pub struct Recording {
    pub form: Form,
    scan: Option<Arrived>,
}

impl Recording {
    /// Reads what was posted. A liaison's form brings no file.
    ///
    /// # Errors
    /// As [`scan::receive_form`].
    pub async fn read(
        services: &Services,
        me: &Actor,
        request: &HttpRequest,
        payload: web::Payload,
    ) -> Result<Self> {
        let headers = request.headers();
        let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
        if me.agency.is_none() && kind.starts_with(b"multipart/form-data") {
            let (form, scan) = scan::receive_form(&services.vault, Multipart::new(headers, payload)).await?;
            return Ok(Self { form, scan });
        }
        let form = Form::from_request(request, &mut payload.into_inner()).await?;
        Ok(Self { form, scan: None })
    }

    /// The form, if a search was asked for and no step; a scan that came with it does not stay. The Enter key asks for a
    /// search where something else is looked for than what the choices shown were looked for by; else for the step.
    pub async fn search(&mut self, services: &Services) -> Option<&Form> {
        let wanted = looked_for(|name| self.form.raw(name));
        let is_entered = self.form.has("enter") && wanted != self.form.raw("sought");
        if !self.form.has("find") && !is_entered {
            return None;
        }
        if let Some(scan) = self.scan.take() {
            scan.discard(&services.vault).await;
        }
        Some(&self.form)
    }

    /// Takes the step on a transfer, once the form has no fault; `input` is what was read from it. The scan stays only
    /// if the step came about.
    ///
    /// # Errors
    /// `Invalid` with every fault of the form; those of the step.
    pub async fn act<I: Send + 'static, T: Send + 'static>(
        &mut self,
        services: &Services,
        me: &Actor,
        id: Id,
        input: Option<I>,
        step: impl FnOnce(&mut Tx<'_>, &Actor, I, By) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let by_platform = me.agency.is_none();
        let chosen = if by_platform { self.form.id("paper") } else { None };
        let has_paper = self.scan.is_some() || chosen.is_some();
        let asked =
            |form: &Form| form.errors().iter().any(|fault| matches!(fault.field.as_str(), "file" | "paper"));
        if by_platform && !has_paper && !self.form.errors().is_empty() && !asked(&self.form) {
            // Said together with the other faults; alone it is said by the step, after what forbids it altogether.
            self.form.fault("file", "error-paper-needed");
        }
        let scan = self.scan.take();
        let read = self.form.check().and_then(|()| {
            // A form without a fault was read.
            input.ok_or_else(|| AppError::field("form", "error-required"))
        });
        let input = match read {
            Ok(input) => input,
            Err(error) => {
                if let Some(scan) = scan {
                    scan.discard(&services.vault).await;
                }
                return Err(error);
            }
        };
        let scan = scan.map(Arrived::apart);
        let keys: Vec<_> = scan.iter().map(|scan| scan.stored.key).collect();
        let surplus = keys.clone();
        let (actor, zone) = (me.clone(), services.settings.time_zone);
        let act = move |tx: &mut Tx<'_>| {
            let (paper, is_surplus) = paper_of(tx, &actor, id, scan.as_ref(), chosen)?;
            let by = By::of(&actor, tx.now(), zone).resting_on(paper);
            let made = step(tx, &actor, input, by)?;
            Ok((if is_surplus { surplus } else { Vec::new() }, made))
        };
        upload::act_on(services, me.origin(), keys, act).await
    }
}

/// The paper that a step rests on: the new scan, which is kept with the transfer, or one that is on file. Also whether
/// the scan's bytes were stored before.
fn paper_of(
    tx: &mut Tx<'_>,
    me: &Actor,
    id: Id,
    scan: Option<&Scan>,
    chosen: Option<Id>,
) -> Result<(Option<Id>, bool)> {
    let row = transfers::visible(tx.conn(), me, id)?;
    if let Some(scan) = scan {
        let (blob_id, is_surplus) = keep_blob(tx, &scan.stored)?;
        let paper = PaperRow {
            id: Id::new(),
            transfer_id: row.id,
            blob_id,
            name: scan.name.clone(),
            uploaded_by: me.id,
            at: tx.now(),
        };
        papers::insert(tx.conn(), &paper)?;
        return Ok((Some(paper.id), is_surplus));
    }
    let Some(chosen) = chosen else { return Ok((None, false)) };
    let known = papers::of_transfer(tx.conn(), row.id)?.iter().any(|paper| paper.id == chosen);
    if known { Ok((Some(chosen), false)) } else { Err(AppError::field("paper", "error-unknown")) }
}

/// `GET /transfers/{id}/papers/{paper}`: the bytes of a scan, after the read is on record.
async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, paper) = path.into_inner();
    let actor = me.actor().clone();
    let find = move |tx: &mut Tx<'_>| {
        let row = transfers::visible(tx.conn(), &actor, id)?;
        let papers = papers::of_transfer(tx.conn(), row.id)?;
        let paper = papers.into_iter().find(|row| row.id == paper).ok_or(AppError::NotFound)?;
        let blob = evidence::blob(tx.conn(), paper.blob_id)?;
        let entry = transfer::entry("transfer.paper_view", &row).object("transfer_paper", paper.id);
        audit::record(tx, entry.fact("sha256", blob.sha256_hex()))?;
        Ok(blob)
    };
    scan::show(&services, me.origin(), "paper", find).await
}
