//! Puts the program together: settings, stores, routes, background workers. The only file that knows every room.

mod head;
mod health;
mod lists;

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::{App, HttpServer, dev::Server, middleware, web};

use crate::{
    audit, casework,
    directory::{self, people, people::policy::Verb},
    handover, operation, outcome,
    platform::{
        db::{Db, Id, Instant, Now},
        error::{AppError, Result},
        grouping::Groups,
        http::{access_log, assets, reader, shield, told},
        jobs::{self, Handlers, Lane},
        keyring,
        keys::{KeyError, Source},
        mail::Mailer,
        metrics::{self, Metrics},
        notice,
        pdf::Drawer,
        services::{KeptNames, Services},
        settings::Settings,
        time_stamp::{Roots, Turns},
        vault::Vault,
    },
    reporting,
};

/// Everything that can be done, and by whom: the policy of the whole program.
pub fn verbs() -> Vec<Verb> {
    [
        people::VERBS,
        directory::agencies::VERBS,
        directory::reference::VERBS,
        casework::lead::VERBS,
        casework::lead::comment::VERBS,
        casework::subject::VERBS,
        casework::evidence::VERBS,
        casework::dossier::VERBS,
        casework::approval::VERBS,
        handover::transfer::VERBS,
        handover::delivery::VERBS,
        handover::message::VERBS,
        handover::extension::VERBS,
        handover::remedy::VERBS,
        handover::agency_case::VERBS,
        handover::desk::VERBS,
        outcome::VERBS,
        operation::VERBS,
        reporting::worklists::VERBS,
        reporting::search::VERBS,
        reporting::annual_report::VERBS,
        reporting::audit_log::VERBS,
    ]
    .concat()
}

/// What the audit log says beside the verbs that are declared: what the program does by itself or at its command line,
/// and refused tries that are told by the page that was tried. The policy gives them to nobody.
const UNASKED: &[&str] = &[
    "lead.import",
    "evidence.tidy",
    "evidence.migrate",
    "evidence.move",
    "evidence.migrated",
    "evidence.checked",
    "mail.fail",
    "evidence.alarm",
    "evidence.clear",
    "evidence.verified",
    "evidence.scrub",
    "timestamp.receive",
    "dossier.freeze",
    "dossier.seal",
    "dossier.package",
    "deadline.reckon",
    "key.rotate",
    "key.rewrap",
    "key.rewrapped",
    "backup.create",
    "backup.restore",
    "audit.erase",
    "page.view",
    "page.act",
    "demo.load",
    "demo.row",
    "generate.begin",
    "generate.people",
    "generate.row",
];

/// Every verb that the program may write into its audit log.
pub fn log_verbs() -> Vec<&'static str> {
    verbs().iter().map(|verb| verb.name).chain(UNASKED.iter().copied()).collect()
}

/// Every route of the program.
pub fn routes(cfg: &mut web::ServiceConfig) {
    assets::routes(cfg);
    cfg.app_data(web::Data::new(lists::lists())).route("/healthz", web::get().to(health::health));
    people::routes(cfg);
    directory::agencies::routes(cfg);
    directory::reference::routes(cfg);
    casework::lead::routes(cfg);
    casework::evidence::routes(cfg);
    casework::dossier::routes(cfg);
    casework::approval::routes(cfg);
    handover::transfer::routes(cfg);
    handover::delivery::routes(cfg);
    handover::message::routes(cfg);
    handover::extension::routes(cfg);
    handover::remedy::routes(cfg);
    handover::deadline::routes(cfg);
    handover::agency_case::routes(cfg);
    handover::desk::routes(cfg);
    handover::leaving::routes(cfg);
    outcome::routes(cfg);
    operation::routes(cfg);
    reporting::worklists::routes(cfg);
    reporting::search::routes(cfg);
    reporting::changes::routes(cfg);
    reporting::lead_timeline::routes(cfg);
    reporting::annual_report::routes(cfg);
    reporting::audit_log::routes(cfg);
    reporting::help::routes(cfg);
    reporting::unsent::routes(cfg);
    reporting::api_docs::routes(cfg);
    reporting::metrics::routes(cfg);
}

/// Every kind of background job.
pub fn handlers(services: &Services) -> Handlers {
    let mut handlers = Handlers::default();
    handlers.add(notice::JOB, notice::handler(services));
    handlers.when_given_up(notice::JOB, people::notices::given_up);
    let (db, zone) = (services.db.clone(), services.settings.time_zone);
    handlers.add(handover::transfer::REMIND, move |_, _| {
        people::unsent::tidy(&db)?;
        casework::evidence::resumable::expire(&db)?;
        jobs::let_go(&db, notice::without_jobs)?;
        handover::transfer::remind(&db, zone).map(|_| ())
    });
    let db = services.db.clone();
    handlers.add(people::notices::JOB, move |job, _| people::notices::send(&db, job).map(|_| ()));
    let db = services.db.clone();
    handlers.add(directory::reference::import::CALENDAR_CHANGED, move |_, _| {
        db.read_now(directory::reference::load)?;
        handover::transfer::reckon_all(&db, zone)
    });
    audit::handlers(services, &mut handlers);
    casework::evidence::scrub::handlers(services, &mut handlers);
    casework::evidence::sales::handlers(services, &mut handlers);
    casework::evidence::redaction::handlers(services, &mut handlers);
    casework::evidence::time_stamp::handlers(services, &mut handlers);
    casework::evidence::resumable::handlers(services, &mut handlers);
    casework::dossier::handlers(services, &mut handlers);
    handlers
}

/// Opens the stores; the first start makes the keys.
///
/// # Errors
/// The database, the key or the evidence store is out of reach; a restore did not come to its end.
pub fn open(settings: Settings, now: Now) -> Result<Services> {
    open_at(settings, now, false)
}

/// As [`open`], for `restore` alone: also where a restore is under way.
///
/// # Errors
/// As [`open`].
pub fn open_restoring(settings: Settings, now: Now) -> Result<Services> {
    open_at(settings, now, true)
}

fn open_at(settings: Settings, now: Now, restoring: bool) -> Result<Services> {
    // Whoever comes first in a process installs it; that it is there already is no fault.
    let _ = rustls::crypto::ring::default_provider().install_default();
    std::fs::create_dir_all(&settings.data)?;
    if let (Some(file), false) = (&settings.timestamp_ca, settings.timestamp_authorities.is_empty()) {
        Roots::read(file).map_err(AppError::internal)?;
    }
    let source = Source::parse(Some(&settings.master_key), &settings.data)?;
    let present = keyring::present_master(&source)?;
    let previous = keyring::previous_master(settings.master_key_previous.as_deref(), &settings.data)?;
    let db = if restoring {
        Db::open_restoring(&settings.database, now)?
    } else {
        Db::open(&settings.database, now)?
    };
    let authorities = settings.timestamp_authorities.iter().map(|one| one.name.clone());
    let db = db.behind(people::policy::gate(&verbs())).stamped_by(authorities);
    db.read_now(directory::reference::load)?;
    if !restoring {
        casework::lead::parts::shops::know(&db)?;
    }
    let host = url::Url::parse(&settings.base_url).ok().and_then(|u| u.host_str().map(str::to_owned));
    let host = host.as_deref().unwrap_or("localhost");
    let (master, instance, signer) = keyring::open(&db, &source, present, previous.as_ref(), host)?;
    let master = Arc::new(master);
    let vault = Vault::open(settings.evidence_url.as_deref(), &settings.data, master.clone())?
        .with_fallback(settings.evidence_fallback_url.as_deref())?;
    let mailer = Mailer::from_url(settings.smtp_url.as_deref(), &settings.mail_from, &settings.data)
        .map_err(AppError::internal)?;
    Ok(Services {
        db,
        settings: Arc::new(settings),
        master,
        vault,
        mailer,
        metrics: Metrics::new()?,
        refused: Groups::default(),
        brands: KeptNames::default(),
        verbs: log_verbs().into(),
        signer: Arc::new(signer),
        origin: instance.origin.into(),
        stamp_turns: Turns::default(),
        drawer: Drawer::new(&std::env::current_exe()?),
        is_demo: instance.is_demo,
    })
}

/// Does every due job and places every waiting audit entry, until nothing is left to do; for the command line.
///
/// # Errors
/// Those of the database.
pub fn settle(services: &Services) -> Result<()> {
    let handlers = handlers(services);
    let worker = format!("cli-{}", Id::new());
    loop {
        if jobs::run_due(&services.db, &worker, &handlers)? + audit::sequence(services)? == 0 {
            return Ok(());
        }
    }
}

/// The machine's clock.
pub fn system_clock() -> Now {
    Arc::new(Instant::system_now)
}

/// The HTTP server on an open listener. It runs when it is awaited.
///
/// # Errors
/// The listener can't be used.
pub fn server(services: &Services, listener: TcpListener) -> Result<Server> {
    let data = web::Data::new(services.clone());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .wrap(middleware::Compress::default())
            .wrap(middleware::from_fn(people::keep_typed))
            .wrap(middleware::from_fn(told::once))
            .wrap(middleware::from_fn(shield::shield))
            .wrap(middleware::from_fn(people::watch_refusals))
            .wrap(middleware::from_fn(access_log::access_log))
            .wrap(middleware::from_fn(reader::for_one_reader))
            .wrap(middleware::from_fn(metrics::count))
            .wrap(middleware::from_fn(head::as_get))
            .configure(routes)
    })
    .workers(2)
    // A compressed page goes out in more than one piece; without this the last one waits for the reader's word that the
    // first one came, some forty milliseconds.
    .tcp_nodelay(true)
    .shutdown_timeout(10)
    .listen(listener)?
    .run();
    Ok(server)
}

/// A round of a process that took so many seconds longer than a pause was one that slept.
const SLEPT: i64 = 10;

/// Background work of one process; it ends when this is dropped.
pub struct Workers {
    stop: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Workers {
    /// Starts the workers of the process that has entered as `server` ([`keyring::enter`]). Where it turns out that it may not
    /// go on, they end, and `misfit` is told why.
    pub fn start(services: &Services, server: Id, mut misfit: impl FnMut(KeyError) + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        for (n, lane) in (0..).zip(Lane::ALL) {
            let (services, stop) = (services.clone(), stop.clone());
            let worker = format!("{}-{n}", Id::new());
            threads.push(std::thread::spawn(move || {
                jobs::work_until(&services.db, &worker, &handlers(&services), lane, &stop);
            }));
        }
        let (own, flag) = (services.clone(), stop.clone());
        threads.push(std::thread::spawn(move || {
            while !flag.load(Ordering::Acquire) {
                if let Err(e) = audit::sequence(&own) {
                    tracing::error!(error = %e, "audit sequencer");
                    std::thread::sleep(Duration::from_secs(5));
                }
                std::thread::sleep(Duration::from_millis(250));
            }
        }));
        let (services, flag) = (services.clone(), stop.clone());
        threads.push(std::thread::spawn(move || {
            let (db, zone) = (&services.db, services.settings.time_zone);
            let (mut beat, mut reference) =
                (0u32, db.read_now(directory::reference::stamp).unwrap_or_default());
            let mut awake = db.now();
            while !flag.load(Ordering::Acquire) {
                // A process that was stopped, or whose machine slept, asks at once whether it may go on.
                let slept = db.now().seconds_since(awake) >= SLEPT;
                awake = db.now();
                if slept || beat.is_multiple_of(120) {
                    match keyring::beat(db, server, &services.master) {
                        Ok(None) => {}
                        Ok(Some(why)) => {
                            flag.store(true, Ordering::Release);
                            misfit(why);
                            break;
                        }
                        Err(e) => {
                            tracing::error!(error = %e, "nobody is told which master keys this server knows");
                        }
                    }
                }
                if beat.is_multiple_of(40)
                    && let Err(e) = reload_reference(db, &mut reference)
                {
                    tracing::error!(error = %e, "imported reference data is not reloaded");
                }
                if beat.is_multiple_of(2_400)
                    && let Err(e) = db.read_now(casework::lead::likely::learn)
                {
                    tracing::error!(error = %e, "the likely regions are not read");
                }
                if beat.is_multiple_of(2_400)
                    && let Err(e) = db.shorten_log()
                {
                    tracing::error!(error = %e, "the database's log of changes is not put away");
                }
                if beat.is_multiple_of(240)
                    && let Err(e) = handover::transfer::schedule(db)
                {
                    tracing::error!(error = %e, "reminders are not scheduled");
                }
                if beat.is_multiple_of(240)
                    && let Err(e) = people::notices::schedule(db, db.now(), zone)
                {
                    tracing::error!(error = %e, "collected notices are not scheduled");
                }
                if beat.is_multiple_of(240)
                    && let Err(e) = casework::evidence::scrub::schedule(&services)
                {
                    tracing::error!(error = %e, "reading back is not scheduled");
                }
                beat += 1;
                std::thread::sleep(Duration::from_millis(250));
            }
            if let Err(e) = keyring::leave(db, server) {
                tracing::error!(error = %e, "nobody is told that this server ends");
            }
        }));
        Self { stop, threads }
    }
}

/// Takes in calendars and regions that another process imported. `known`: the import that this one has seen.
fn reload_reference(db: &Db, known: &mut Option<Id>) -> Result<()> {
    let stamp = db.read_now(directory::reference::stamp)?;
    if stamp != *known {
        db.read_now(directory::reference::load)?;
        *known = stamp;
    }
    Ok(())
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a worker panicked");
            }
        }
    }
}
