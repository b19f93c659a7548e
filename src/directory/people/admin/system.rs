//! How the machine is: what it stands on answers or not, as `/healthz` says it; how much room is left; how far the reading
//! back of stored files is; what waits; how far the log is; when it was last backed up.

use std::path::Path;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use data_encoding::HEXLOWER;

use super::pages::{StatusPanel, SystemPage};
use crate::{
    audit::{self, Head, Standing, Watched},
    directory::people::{alarm, guard::Admin, session, stamps, time::said},
    platform::{
        db::{self, Connection, Instant, ServerFacts},
        error::Result,
        file_size,
        health::{self, Part},
        http::{
            html,
            layout::Chrome,
            view::{Chip, Fact, Link, Tone},
        },
        i18n, jobs, keyring,
        money::grouped,
        notice, paths,
        services::Services,
        time,
    },
};

/// Seconds that an entry may wait for its place, that the database's clock may differ, and that a backup may be old,
/// before somebody should see to it.
const PATIENCE: i64 = 60;
const DRIFT: i64 = 5;
const OLD: i64 = 8 * DAY;
const DAY: i64 = 86_400;

/// What is read of the database.
struct Read {
    migrations: Vec<String>,
    server: ServerFacts,
    jobs: Vec<(String, i64)>,
    mail: Vec<(String, i64)>,
    waiting: u64,
    oldest: Option<Instant>,
    head: Option<Head>,
    backup: Option<Instant>,
    secrets: keyring::Standing,
    stored: alarm::State,
    witnesses: Vec<Standing>,
    watched: Vec<Watched>,
    cosigner: Option<String>,
    /// Time stamps that were never asked for; `None`: there is no authority.
    stamps: Option<i64>,
}

/// `before`: what was not read back since then is late.
fn read(conn: &mut Connection, services: &Services, before: Instant) -> Result<Read> {
    Ok(Read {
        migrations: db::migrations(conn)?,
        server: db::server_facts(conn)?,
        jobs: jobs::unfinished(conn)?,
        mail: notice::unsent(conn)?,
        waiting: audit::waiting(conn)?,
        oldest: audit::oldest_waiting(conn)?,
        head: audit::latest_head(conn)?,
        backup: audit::last_done(conn, "backup.create")?,
        secrets: keyring::standing(conn, &services.master)?,
        stored: alarm::state(conn, before)?,
        witnesses: audit::standings(conn, &services.settings.witnesses)?,
        watched: audit::watched(conn)?,
        cosigner: keyring::cosigner_key(conn, &services.origin)?,
        stamps: stamps::missing(conn, &services.stamp_authorities())?,
    })
}

/// What the panels are made of.
struct Made<'a> {
    c: &'a Chrome,
    services: &'a Services,
    read: &'a Read,
    now: Instant,
}

impl Made<'_> {
    fn line(&self, key: &str, value: impl Into<String>) -> Fact {
        Fact::new(self.c.t(key), value)
    }

    fn at(&self, at: Option<Instant>) -> String {
        at.map_or_else(
            || self.c.t("people-never"),
            |at| said(at, self.services.settings.time_zone, self.c.language),
        )
    }

    fn panel(&self, id: &'static str, state: Option<Chip>, facts: Vec<Fact>) -> StatusPanel {
        StatusPanel { id, title: self.c.t(format!("people-system-{id}")), state, facts }
    }

    /// Whether a part answers, and how quickly.
    fn answer(&self, part: &Part) -> (Option<Chip>, Fact) {
        let (key, tone) =
            if part.is_up { ("people-system-up", Tone::Good) } else { ("people-system-down", Tone::Bad) };
        let took = self.c.tv("people-system-took", "ms", part.took.as_millis());
        (Some(Chip::new(self.c.t(key), tone)), self.line("people-system-answer", took))
    }

    /// The room on the disk of a folder.
    fn room(&self, folder: &Path) -> Vec<Fact> {
        let place = self.line("people-system-folder", folder.display().to_string());
        let Some(room) = health::room(folder) else { return vec![place] };
        let (left, whole) = (file_size::short(room.left), file_size::short(room.whole));
        let key = if room.is_short() { "people-system-room-short" } else { "people-system-room-of" };
        let text = self.c.ta(key, &[("left", left.as_str()), ("whole", whole.as_str())]);
        vec![place, self.line("people-system-room", text)]
    }

    fn database(&self, part: &Part) -> StatusPanel {
        let (state, answer) = self.answer(part);
        let is_sqlite = self.services.db.target().is_sqlite();
        let kind = if is_sqlite { "SQLite" } else { "PostgreSQL" };
        let mut facts = vec![
            self.line("people-system-kind", format!("{kind} {}", self.read.server.version)),
            answer,
            self.line("people-system-size", file_size::short(self.read.server.size.unsigned_abs())),
            self.line("people-system-migrations", self.read.migrations.len().to_string()),
        ];
        if is_sqlite {
            facts.extend(self.room(&self.services.settings.data));
        }
        self.panel("database", state, facts)
    }

    fn evidence(&self, part: &Part) -> StatusPanel {
        let (state, answer) = self.answer(part);
        let mut facts = vec![answer];
        let shown = |name: &str| {
            let all = &self.services.settings.shown;
            all.iter().find(|(known, ..)| *known == name).map(|(_, value, _)| value.clone())
        };
        match &self.services.settings.evidence_url {
            None => facts.extend(self.room(&self.services.settings.data.join("evidence"))),
            Some(_) => {
                let place = shown("LEAD_HANDOFF_EVIDENCE_URL").unwrap_or_default();
                facts.push(self.line("people-system-place", place));
            }
        }
        if let Some(place) = shown("LEAD_HANDOFF_EVIDENCE_FALLBACK_URL").filter(|place| !place.is_empty()) {
            facts.push(self.line("people-system-fallback", place));
        }
        self.panel("evidence", state, facts)
    }

    /// How far the reading back of stored files is.
    fn scrub(&self) -> StatusPanel {
        let (stored, days) = (&self.read.stored, self.services.settings.scrub_days);
        let count = |n: i64| grouped(n.unsigned_abs());
        let is_ill = stored.alarms > 0;
        let state = is_ill.then(|| Chip::new(self.c.t("people-system-alarm"), Tone::Bad));
        let alarms = self.line("people-system-alarms", count(stored.alarms));
        let read_back = stored.files - stored.never - stored.late;
        let progress = self.c.ta(
            "people-system-read-back-of",
            &[("done", count(read_back).as_str()), ("all", count(stored.files).as_str())],
        );
        let facts = vec![
            alarms.link(paths::ADMIN_EVIDENCE),
            self.line("people-system-read-back", progress),
            self.line("people-system-never-read", count(stored.never)),
            self.line("people-system-oldest-read", self.at(stored.oldest)),
            self.line("people-system-every", self.c.tn("people-system-days", days)),
        ];
        self.panel("scrub", state, facts)
    }

    /// Time stamps that are missing, and where they are asked for.
    fn stamps(&self) -> StatusPanel {
        let missing = self.read.stamps;
        let state = missing.filter(|n| *n > 0);
        let state = state.map(|_| Chip::new(self.c.t("people-system-stamps-lacking"), Tone::Warn));
        let said =
            missing.map_or_else(|| self.c.t("people-system-stamps-unset"), |n| grouped(n.unsigned_abs()));
        let fact = self.line("people-system-stamps-missing", said).link(paths::ADMIN_STAMPS);
        self.panel("stamps", state, vec![fact])
    }

    fn work(&self) -> StatusPanel {
        let count = |of: &[(String, i64)], state: &str| {
            of.iter().find(|(known, _)| known == state).map_or(0, |(_, n)| *n)
        };
        let (jobs, mail) = (&self.read.jobs, &self.read.mail);
        let fact = |key: &str, n: i64, href: &str| {
            let fact = self.line(key, grouped(n.unsigned_abs()));
            if n > 0 { fact.link(href) } else { fact }
        };
        let failed = count(jobs, "failed") + count(mail, "failed");
        let state = (failed > 0).then(|| Chip::new(self.c.t("people-job-failed"), Tone::Warn));
        let facts = vec![
            fact("people-system-jobs-queued", count(jobs, "queued"), "/admin/jobs?state=queued"),
            fact("people-system-jobs-running", count(jobs, "running"), "/admin/jobs?state=running"),
            fact("people-system-jobs-failed", count(jobs, "failed"), "/admin/jobs?state=failed"),
            fact("people-system-mail-queued", count(mail, "queued"), "/admin/mail?state=queued"),
            fact("people-system-mail-failed", count(mail, "failed"), "/admin/mail?state=failed"),
            self.line("people-system-mail-way", self.mail_way()),
        ];
        self.panel("work", state, facts)
    }

    fn mail_way(&self) -> String {
        match self.services.mailer.folder() {
            Some(folder) => self.c.tv("people-mail-folder", "folder", folder.display()),
            None => self.c.t("people-mail-server"),
        }
    }

    fn log(&self) -> StatusPanel {
        let late = self.read.oldest.is_some_and(|at| self.now.seconds_since(at) > PATIENCE);
        let state = late.then(|| Chip::new(self.c.t("people-system-late"), Tone::Bad));
        let mut facts = vec![self.line("people-system-waiting", grouped(self.read.waiting))];
        if self.read.oldest.is_some() {
            facts.push(self.line("people-system-oldest", self.at(self.read.oldest)));
        }
        if let Some(head) = &self.read.head {
            facts.push(self.line("people-system-log-size", grouped(head.size.unsigned_abs())));
            facts.push(self.line("people-system-head-root", HEXLOWER.encode(&head.root)));
            facts.push(
                self.line("people-system-head-at", self.at(Some(head.at))).link("/api/v1/audit/checkpoint"),
            );
        }
        facts.push(self.line("people-system-origin", self.services.origin.to_string()));
        self.panel("log", state, facts)
    }

    /// The witnesses of the log, where there are any.
    fn witnesses(&self) -> Option<StatusPanel> {
        let all = &self.read.witnesses;
        let is_ill = all.iter().any(Standing::is_ill);
        let state = is_ill.then(|| Chip::new(self.c.t("people-system-witness-ill"), Tone::Bad));
        let zone = self.services.settings.time_zone;
        let facts = all.iter().map(|one| Fact::new(&one.name, one.in_words(self.c.language, zone))).collect();
        (!all.is_empty()).then(|| self.panel("witnesses", state, facts))
    }

    /// The logs that are cosigned here, where there are any.
    fn watched(&self) -> Option<StatusPanel> {
        let (all, settings) = (&self.read.watched, &self.services.settings);
        if settings.witness_of.is_empty() && all.is_empty() {
            return None;
        }
        let is_split = all.iter().any(|one| one.fork.is_some());
        let state = is_split.then(|| Chip::new(self.c.t("people-system-fork"), Tone::Bad));
        let key = self.read.cosigner.clone().unwrap_or_else(|| self.c.t("people-system-cosigner-none"));
        let mut facts = vec![self.line("people-system-cosigner", key)];
        facts.extend(
            all.iter().map(|one| Fact::new(&one.origin, one.in_words(self.c.language, settings.time_zone))),
        );
        let is_new = |name: &&str| !all.iter().any(|one| one.origin == **name);
        let mut named: Vec<&str> = settings.witness_of.iter().map(|key| key.name()).filter(is_new).collect();
        named.dedup();
        facts.extend(named.into_iter().map(|name| Fact::new(name, self.c.t("people-system-never-cosigned"))));
        Some(self.panel("watched", state, facts))
    }

    fn keys(&self) -> StatusPanel {
        let old = self.read.backup.is_none_or(|at| self.now.seconds_since(at) > OLD);
        let state = if self.read.secrets.lost.is_empty() {
            old.then(|| Chip::new(self.c.t("people-system-backup-old"), Tone::Warn))
        } else {
            Some(Chip::new(self.c.t("people-system-master-lost"), Tone::Bad))
        };
        let mut facts = vec![
            self.line("people-system-signer", self.services.signer.public().fingerprint()),
            self.line("people-system-master", self.services.master.fingerprint()),
        ];
        facts.extend(self.previous_key());
        facts.push(self.line("people-system-backup", self.at(self.read.backup)));
        self.panel("keys", state, facts)
    }

    /// Whether the master key before is still needed, where one is known.
    fn previous_key(&self) -> Option<Fact> {
        let marks: Vec<String> =
            self.services.master.previous().iter().map(|mark| HEXLOWER.encode(mark)).collect();
        let needed = match self.read.secrets.waiting {
            0 => self.c.t("people-system-master-free"),
            n => self.c.tn("people-system-master-needed", n),
        };
        let said = format!("{}{}{needed}", marks.join(", "), self.c.language.colon());
        (!marks.is_empty()).then(|| self.line("people-system-master-previous", said))
    }

    fn program(&self) -> StatusPanel {
        let settings = &self.services.settings;
        let clock = format!("{} · {}", time::format_exact(self.now, settings.time_zone), settings.time_zone);
        let mut facts = vec![
            self.line("people-system-version", env!("CARGO_PKG_VERSION")),
            self.line("people-system-demo", self.c.t(if self.services.is_demo { "yes" } else { "no" })),
            self.line("people-system-clock", clock),
        ];
        let apart = self.read.server.clock.map(|theirs| (theirs - self.now.micros()) / 1_000_000);
        if let Some(seconds) = apart {
            facts.push(
                self.line("people-system-apart", self.c.tv("people-system-seconds", "seconds", seconds)),
            );
        }
        let wrong = apart.is_some_and(|seconds| seconds.abs() > DRIFT);
        let state = wrong.then(|| Chip::new(self.c.t("people-system-clock-apart"), Tone::Bad));
        self.panel("program", state, facts)
    }
}

/// Whether the head line says of a panel by itself that it does not answer.
fn is_part(id: &str) -> bool {
    ["database", "evidence"].contains(&id)
}

pub(super) async fn page(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let parts = health::parts(&services).await;
    let of = services.clone();
    let before = services.db.now().plus_seconds(-DAY * i64::from(services.settings.scrub_days));
    let read = services.db.read(move |conn| read(conn, &of, before)).await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "nav-system"));
    let made = Made { c: &c, services: &services, read: &read, now: services.db.now() };
    let [database, evidence] = &parts;
    let mut panels = vec![
        made.database(database),
        made.evidence(evidence),
        made.scrub(),
        made.stamps(),
        made.work(),
        made.log(),
        made.keys(),
        made.program(),
    ];
    panels.extend(made.witnesses());
    panels.extend(made.watched());
    let down: Vec<&str> = parts.iter().filter(|part| !part.is_up).map(|part| part.name).collect();
    // What answers may still be ill: a panel says what it is.
    let is_ill = |panel: &&StatusPanel| panel.state.as_ref().is_some_and(|chip| chip.tone == Tone::Bad);
    let ill: Vec<&StatusPanel> = panels.iter().filter(is_ill).filter(|panel| !is_part(panel.id)).collect();
    html(&SystemPage {
        ill: ill.into_iter().map(|panel| Link::new(&panel.title, format!("#{}", panel.id))).collect(),
        is_up: down.is_empty(),
        said: if down.is_empty() { "ok".into() } else { down.join(", ") },
        panels,
        migrations: read.migrations.clone(),
        c,
    })
}
