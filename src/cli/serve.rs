//! `lead-handoff serve`: the web app and its background work.

use std::net::TcpListener;

use super::Common;
use crate::{
    app,
    directory::people,
    platform::{
        error::{AppError, Plain, Result},
        keyring,
        services::Services,
    },
};

/// Example: lead-handoff serve --data ./data --listen 127.0.0.1:8080
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff serve --data ./data --listen 127.0.0.1:8080")]
pub struct Args {
    #[command(flatten)]
    common: Common,
    /// Address and port to listen on.
    #[arg(long)]
    listen: Option<String>,
}

/// # Errors
/// Settings, stores or the port can't be used.
pub fn run(args: &Args) -> Result<()> {
    let settings = args.common.settings(args.listen.clone(), "./data")?;
    let services = app::open(settings, app::system_clock())?;
    serve(&services)
}

/// Serves until the process is told to end.
///
/// # Errors
/// The port is taken; another server runs whose master keys do not go with these, or began while this one slept.
pub fn serve(services: &Services) -> Result<()> {
    let address = services.settings.listen;
    let listener = TcpListener::bind(address)
        .map_err(|e| AppError::internal(Plain(format!("can't listen on {address}: {e}"))))?;
    let server = keyring::enter(&services.db, &services.master)?;
    let first_administrator = people::bootstrap(&services.db)?;
    actix_web::rt::System::new().block_on(async {
        let served = app::server(services, listener)?;
        services.vault.sweep().await?;
        let (ends, ended) = std::sync::mpsc::channel();
        let handle = served.handle();
        let workers = app::Workers::start(services, server, move |why| {
            // Nobody listens any more where it ends anyway.
            let _ = ends.send(why);
            // What is under way must not wrap anything any more.
            drop(handle.stop(false));
        });
        tell!("Lead Handoff: {}", services.settings.base_url);
        if let Some(path) = first_administrator {
            tell!("First administrator, once, within 24 hours: {}{path}", services.settings.base_url);
        }
        served.await?;
        drop(workers);
        ended.try_recv().map_or(Ok(()), |why| Err(why.into()))
    })
}
