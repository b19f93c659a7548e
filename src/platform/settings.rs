//! Settings: a flag, else an environment variable, else `lead-handoff.toml` in the data folder, else the default.

pub mod shown;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use chrono_tz::Tz;
use serde::Deserialize;

use super::{
    db::Target,
    error::{AppError, Plain, Result},
    http::peer,
    keys::PublicKey,
    time_stamp::Authority,
    witness::{self, Witness},
};
use shown::{Shown, without_secret};

/// The settings file, in the data folder.
pub const FILE: &str = "lead-handoff.toml";

/// Where a value came from, for the settings page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence {
    Flag,
    Environment,
    File,
    Default,
}

/// Everything that can be set. See the README for each.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// How others reach us; links in mail begin with it. No slash at its end.
    pub base_url: String,
    pub database: Target,
    /// `None`: the folder `evidence` in the data folder.
    pub evidence_url: Option<String>,
    /// Where evidence is looked for that is not there: the store before, while it is being moved.
    pub evidence_fallback_url: Option<String>,
    /// Every stored file is read back and hashed anew at least once in so many days.
    pub scrub_days: u32,
    /// Authorities that are asked for time stamps; none: none is asked for.
    pub timestamp_authorities: Vec<Authority>,
    /// The roots that those must lead to.
    pub timestamp_ca: Option<PathBuf>,
    /// Witnesses that are asked to cosign the heads of our audit log.
    pub witnesses: Vec<Witness>,
    /// Keys of the logs that we watch as a witness, under the names of the logs.
    pub witness_of: Vec<PublicKey>,
    /// `None`: mail is written to the folder `mail`.
    pub smtp_url: Option<String>,
    pub mail_from: String,
    pub time_zone: Tz,
    pub organisation: String,
    /// What letters say of the contact person beside the name; each may be empty.
    pub contact: ContactSettings,
    /// `file:…`, `env:…` or `command:…`.
    pub master_key: String,
    /// The master key before, while it is being changed; in the same forms.
    pub master_key_previous: Option<String>,
    /// Files with public keys that `verify` trusts.
    pub trusted_keys: Vec<PathBuf>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Whether `/metrics` answers others than this machine.
    pub metrics_open: bool,
    /// What goes into the log, as `RUST_LOG` writes it.
    pub log: String,
    /// Whether the log is written for machines, a JSON object a line.
    pub log_json: bool,
    /// Name, value as shown (secrets hidden) and where it came from.
    pub shown: Vec<Shown>,
}

/// How the sender of letters is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactSettings {
    /// What the contact person is: 线索移送专员.
    pub role: String,
    pub phone: String,
    pub address: String,
}

/// Flags that go before everything else.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub data: Option<PathBuf>,
    pub listen: Option<String>,
    pub database_url: Option<String>,
    pub base_url: Option<String>,
    pub evidence_url: Option<String>,
    pub master_key: Option<String>,
    pub smtp_url: Option<String>,
    pub mail_from: Option<String>,
    pub time_zone: Option<String>,
    pub organisation: Option<String>,
    pub log: Option<String>,
    pub log_format: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    listen: Option<String>,
    base_url: Option<String>,
    database_url: Option<String>,
    evidence_url: Option<String>,
    evidence_fallback_url: Option<String>,
    /// With or without quotation marks.
    scrub_days: Option<toml::Value>,
    timestamp_url: Option<String>,
    timestamp_ca: Option<String>,
    witnesses: Option<String>,
    witness_of: Option<String>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    time_zone: Option<String>,
    organisation: Option<String>,
    contact_role: Option<String>,
    contact_phone: Option<String>,
    contact_address: Option<String>,
    master_key: Option<String>,
    master_key_previous: Option<String>,
    trusted_keys: Vec<PathBuf>,
    trusted_proxies: Option<String>,
    metrics: Option<String>,
    rust_log: Option<String>,
    log_format: Option<String>,
}

/// Days between two looks at a stored file: not more seldom than once a year.
const SCRUB_DAYS: std::ops::RangeInclusive<u32> = 1..=366;

struct Reader<'a> {
    env: &'a dyn Fn(&str) -> Option<String>,
    shown: Vec<Shown>,
}

impl Reader<'_> {
    fn pick(
        &mut self,
        name: &'static str,
        flag: Option<String>,
        file: Option<String>,
        default: impl FnOnce() -> String,
    ) -> String {
        let (value, whence) = match (flag, (self.env)(name).filter(|v| !v.is_empty()), file) {
            (Some(v), ..) => (v, Whence::Flag),
            (None, Some(v), _) => (v, Whence::Environment),
            (None, None, Some(v)) => (v, Whence::File),
            (None, None, None) => (default(), Whence::Default),
        };
        self.shown.push((name, without_secret(&value), whence));
        value
    }
}

fn bad(name: &str, value: &str, why: impl std::fmt::Display) -> AppError {
    AppError::internal(Plain(format!("{name}: '{value}': {why}")))
}

impl Settings {
    /// Where a setting's value came from; the default for a name that there is not.
    pub fn whence(&self, name: &str) -> Whence {
        self.shown.iter().find(|(known, ..)| *known == name).map_or(Whence::Default, |(.., whence)| *whence)
    }

    /// The settings file's path.
    pub fn file(&self) -> PathBuf {
        self.data.join(FILE)
    }

    /// Reads the process's environment.
    ///
    /// # Errors
    /// A value that can't be read, with its name.
    pub fn load(flags: Flags, default_data: &str) -> Result<Self> {
        Self::load_with(flags, default_data, &|name| std::env::var(name).ok())
    }

    /// As [`Settings::load`], with any environment; for tests.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn load_with(flags: Flags, default_data: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let mut r = Reader { env, shown: Vec::new() };
        let flag_data = flags.data.map(|p| p.to_string_lossy().into_owned());
        let data = PathBuf::from(r.pick("LEAD_HANDOFF_DATA", flag_data, None, || default_data.into()));
        let file = read_file(&data.join(FILE))?;
        let listen = r.pick("LEAD_HANDOFF_LISTEN", flags.listen, file.listen, || "127.0.0.1:8080".into());
        let listen: SocketAddr = listen.parse().map_err(|e| bad("LEAD_HANDOFF_LISTEN", &listen, e))?;
        let base_url =
            r.pick("LEAD_HANDOFF_BASE_URL", flags.base_url, file.base_url, || format!("http://{listen}"));
        let base_url = base_url.trim_end_matches('/').to_owned();
        url::Url::parse(&base_url).map_err(|e| bad("LEAD_HANDOFF_BASE_URL", &base_url, e))?;
        let database = r.pick("DATABASE_URL", flags.database_url, file.database_url, String::new);
        let zone =
            r.pick("LEAD_HANDOFF_TIME_ZONE", flags.time_zone, file.time_zone, || "Asia/Shanghai".into());
        let smtp = r.pick("LEAD_HANDOFF_SMTP_URL", flags.smtp_url, file.smtp_url, String::new);
        let evidence =
            r.pick("LEAD_HANDOFF_EVIDENCE_URL", flags.evidence_url, file.evidence_url, String::new);
        let fallback =
            r.pick("LEAD_HANDOFF_EVIDENCE_FALLBACK_URL", None, file.evidence_fallback_url, String::new);
        let scrub = file.scrub_days.map(|n| n.as_str().map_or_else(|| n.to_string(), str::to_owned));
        let scrub = r.pick("LEAD_HANDOFF_SCRUB_DAYS", None, scrub, || "30".into());
        let scrub_days = scrub.trim().parse::<u32>().ok().filter(|days| SCRUB_DAYS.contains(days));
        let scrub_days = scrub_days
            .ok_or_else(|| bad("LEAD_HANDOFF_SCRUB_DAYS", &scrub, "it is a number of days from 1 to 366"))?;
        let stamps = r.pick("LEAD_HANDOFF_TIMESTAMP_URL", None, file.timestamp_url, String::new);
        let roots = r.pick("LEAD_HANDOFF_TIMESTAMP_CA", None, file.timestamp_ca, String::new);
        let timestamp_authorities = Authority::parse_all(&stamps)
            .map_err(|why| bad("LEAD_HANDOFF_TIMESTAMP_URL", &without_secret(&stamps), why))?;
        if roots.is_empty() && !timestamp_authorities.is_empty() {
            return Err(bad("LEAD_HANDOFF_TIMESTAMP_CA", "", "an authority is trusted by a root alone"));
        }
        let witnesses = r.pick("LEAD_HANDOFF_WITNESSES", None, file.witnesses, String::new);
        let watched = r.pick("LEAD_HANDOFF_WITNESS_OF", None, file.witness_of, String::new);
        let proxies = r.pick("LEAD_HANDOFF_TRUSTED_PROXIES", None, file.trusted_proxies, String::new);
        let metrics = r.pick("LEAD_HANDOFF_METRICS", None, file.metrics, || "loopback".into());
        let metrics_open = match metrics.as_str() {
            "open" => true,
            "loopback" => false,
            other => return Err(bad("LEAD_HANDOFF_METRICS", other, "it is 'loopback' or 'open'")),
        };
        let log = r.pick("RUST_LOG", flags.log, file.rust_log, || "info".into());
        let format = r.pick("LEAD_HANDOFF_LOG_FORMAT", flags.log_format, file.log_format, || "text".into());
        let log_json = match format.as_str() {
            "json" => true,
            "text" => false,
            other => return Err(bad("LEAD_HANDOFF_LOG_FORMAT", other, "it is 'text' or 'json'")),
        };
        let contact = ContactSettings {
            role: r.pick("LEAD_HANDOFF_CONTACT_ROLE", None, file.contact_role, String::new),
            phone: r.pick("LEAD_HANDOFF_CONTACT_PHONE", None, file.contact_phone, String::new),
            address: r.pick("LEAD_HANDOFF_CONTACT_ADDRESS", None, file.contact_address, String::new),
        };
        let master_default = || format!("file:{}", data.join("master.key").display());
        let mail_default = || "Lead Handoff <lead-handoff@localhost>".into();
        let mail_from = r.pick("LEAD_HANDOFF_MAIL_FROM", flags.mail_from, file.mail_from, mail_default);
        let organisation = r
            .pick("LEAD_HANDOFF_ORGANISATION", flags.organisation, file.organisation, || "平台治理部".into());
        let master_key = r.pick("LEAD_HANDOFF_MASTER_KEY", flags.master_key, file.master_key, master_default);
        let previous =
            r.pick("LEAD_HANDOFF_MASTER_KEY_PREVIOUS", None, file.master_key_previous, String::new);
        let mut shown = r.shown;
        shown.extend(shown::beside(&file.trusted_keys, env));
        Ok(Self {
            database: Target::parse(Some(&database), &data)?,
            listen,
            base_url,
            evidence_url: Some(evidence).filter(|v| !v.is_empty()),
            evidence_fallback_url: Some(fallback).filter(|v| !v.is_empty()),
            scrub_days,
            timestamp_authorities,
            timestamp_ca: Some(PathBuf::from(roots)).filter(|file| !file.as_os_str().is_empty()),
            witnesses: Witness::parse_all(&witnesses)
                .map_err(|why| bad("LEAD_HANDOFF_WITNESSES", &without_secret(&witnesses), why))?,
            witness_of: witness::parse_logs(&watched)
                .map_err(|why| bad("LEAD_HANDOFF_WITNESS_OF", &watched, why))?,
            smtp_url: Some(smtp).filter(|v| !v.is_empty()),
            mail_from,
            time_zone: zone.parse().map_err(|e| bad("LEAD_HANDOFF_TIME_ZONE", &zone, e))?,
            organisation,
            contact,
            master_key,
            master_key_previous: Some(previous).filter(|v| !v.is_empty()),
            trusted_keys: file.trusted_keys,
            trusted_proxies: peer::parse_proxies(&proxies)
                .map_err(|why| bad("LEAD_HANDOFF_TRUSTED_PROXIES", &proxies, why))?,
            metrics_open,
            log,
            log_json,
            shown,
            data,
        })
    }
}

fn read_file(path: &Path) -> Result<File> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|e| bad("lead-handoff.toml", &path.to_string_lossy(), e)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(e) => Err(bad("lead-handoff.toml", &path.to_string_lossy(), e)),
    }
}

#[cfg(test)]
mod tests;
