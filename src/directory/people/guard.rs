//! Guards: the role that a handler needs is the type of its parameter. A handler that asks for none has no actor to
//! act as; an action that takes `&Compiler` can't be called by anyone else.

use std::{future::Future, ops::Deref, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{
    model::{Actor, Role},
    session,
};
use crate::platform::{
    error::{AppError, Result},
    paths,
};

/// Who has to go to another page first comes back to a page that was asked for; a form that was posted is given back
/// as it was typed (`signed_out`), because going there would lose it.
fn first(request: &HttpRequest, error: AppError) -> AppError {
    match error {
        AppError::Elsewhere(page) if !request.method().is_safe() => AppError::SignedOut(page),
        other => other,
    }
}

/// The signed-in actor with everything that signing in takes: second factor, new password.
///
/// # Errors
/// `Elsewhere` for a page and `SignedOut` for a form, where something is missing; those of the database.
pub(super) async fn complete(request: &HttpRequest) -> Result<Actor> {
    complete_or_elsewhere(request).await.map_err(|error| first(request, error))
}

async fn complete_or_elsewhere(request: &HttpRequest) -> Result<Actor> {
    let Some(actor) = session::actor_of(request).await? else {
        let back = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let back = if request.method().is_safe() { back } else { "/" };
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", back).finish();
        return Err(AppError::Elsewhere(format!("{}?{query}", paths::LOGIN)));
    };
    shown_second_factor(request, &actor)?;
    if actor.must_set_up_second_factor() {
        return Err(AppError::Elsewhere(paths::SET_UP_SECOND_FACTOR.into()));
    }
    if actor.must_change_password {
        return Err(AppError::Elsewhere(format!("{}/password", paths::ACCOUNT)));
    }
    Ok(actor)
}

/// Sends those who have a second factor to show it, and back to the page they wanted.
fn shown_second_factor(request: &HttpRequest, actor: &Actor) -> Result<()> {
    if !actor.has_second_factor || actor.second_factor_at.is_some() {
        return Ok(());
    }
    let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str());
    if !request.method().is_safe() || wanted == paths::HOME {
        return Err(AppError::Elsewhere(paths::SECOND_FACTOR.into()));
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", wanted).finish();
    Err(AppError::Elsewhere(format!("{}?{query}", paths::SECOND_FACTOR)))
}

impl FromRequest for Actor {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { complete(&request).await })
    }
}

/// Signed in with the password, but perhaps not further: only for the pages that complete it.
#[derive(Clone, Debug)]
pub struct Entering(pub Actor);

impl FromRequest for Entering {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let actor = session::actor_of(&request).await?;
            actor.map(Entering).ok_or_else(|| AppError::Elsewhere(paths::LOGIN.into()))
        })
    }
}

/// Signed in, with the second factor where there is one; perhaps still obliged to set one up or to choose a password.
/// Only for the pages on which that is done.
#[derive(Clone, Debug)]
pub struct Identified(pub Actor);

impl FromRequest for Identified {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let entering = Entering::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let Entering(actor) = entering.await?;
            shown_second_factor(&request, &actor)?;
            Ok(Identified(actor))
        })
    }
}

macro_rules! guard {
    ($(#[$doc:meta])* $name:ident: $($role:ident)|+) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Actor);

        impl $name {
            /// Roles that pass.
            pub const ROLES: &[Role] = &[$(Role::$role),+];

            /// The guard for an actor that came another way than by a request's session (token, command line, test).
            ///
            /// # Errors
            /// `NotFound` when the actor has none of the roles.
            pub fn admit(actor: Actor) -> Result<Self> {
                if actor.has_any(Self::ROLES) { Ok(Self(actor)) } else { Err(AppError::NotFound) }
            }

            pub fn actor(&self) -> &Actor {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = Actor;

            fn deref(&self) -> &Actor {
                &self.0
            }
        }

        impl FromRequest for $name {
            type Error = AppError;
            type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let request = request.clone();
                Box::pin(async move { Self::admit(complete(&request).await?) })
            }
        }
    };
}

guard!(
    /// 编制人
    Compiler: Compiler
);
guard!(
    /// 审核人
    Approver: Approver
);
guard!(
    /// 管理者
    Manager: Manager
);
guard!(
    /// 管理员
    Admin: Admin
);
guard!(
    /// 审计员
    Auditor: Auditor
);
guard!(
    /// 联络员
    Liaison: Liaison
);
guard!(
    /// Whoever reads the platform's case material.
    CaseReader: Compiler | Approver | Manager | Auditor
);
guard!(
    /// The platform's own who work on leads, and talk about them.
    Commenter: Compiler | Approver | Manager
);
guard!(
    /// The platform's own who send, record papers and propose or confirm outcomes.
    Recorder: Compiler | Manager
);
guard!(
    /// The platform's own who answer for another one's act: that a key is the agency's.
    KeyKeeper: Approver | Manager | Admin
);
guard!(
    /// Whoever reads transfers and cases, each side its own.
    BothSides: Compiler | Approver | Manager | Auditor | Liaison
);
guard!(
    /// Whoever takes an agency's steps: its liaison, or the platform from the paper of an agency without accounts.
    ForAgency: Liaison | Compiler | Manager
);
guard!(
    /// Whoever reads the audit log.
    LogReader: Auditor | Manager
);
guard!(
    /// The platform's own and auditors: whoever reads the directory of agencies.
    DirectoryReader: Compiler | Approver | Manager | Admin | Auditor
);
