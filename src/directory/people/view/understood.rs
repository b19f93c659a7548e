//! Whether a list understands what is to be saved of it. The lists stand in rooms further on: the program hands over how each
//! reads an address (`app/lists`).

use std::{future::Future, pin::Pin};

use actix_web::web::Data;

use super::model::List;
use crate::{
    directory::people::model::Actor,
    platform::{
        error::{AppError, FieldError, Result},
        http::field_name::field_name,
        services::Services,
    },
};

/// What of an address a list does not understand; nothing: it understands it all.
pub type Faults = Pin<Box<dyn Future<Output = Result<Vec<FieldError>>>>>;

/// How a list reads what stands behind the question mark of its address, for whoever asks.
pub type Reads = fn(Data<Services>, Actor, String) -> Faults;

/// The reading of each list.
#[derive(Clone, Copy, Debug)]
pub struct Lists(pub &'static [(List, Reads)]);

impl Lists {
    /// Refuses what the list itself would refuse, by the names of its fields.
    ///
    /// # Errors
    /// `Invalid` for what is not understood; those of the database.
    pub(super) async fn check(
        self,
        services: &Data<Services>,
        me: &Actor,
        list: List,
        asked: &str,
    ) -> Result<()> {
        let Some((_, reads)) = self.0.iter().find(|(known, _)| *known == list) else {
            return Ok(());
        };
        let faults = reads(services.clone(), me.clone(), asked.to_owned()).await?;
        let mut names: Vec<String> = faults.iter().map(|fault| field_name(me.lang, &fault.field)).collect();
        names.dedup();
        if names.is_empty() {
            return Ok(());
        }
        let fields = names.join(&me.lang.comma());
        let fault = FieldError::new("asked", "error-view-not-understood").arg("fields", fields);
        Err(AppError::Invalid(vec![fault]))
    }
}
