//! `lead-handoff verify FILE.zip`: checks a sealed package offline, without a database and without a network.

mod receipt;

use std::{
    fs::File,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde_json::{Value, json};

use crate::{
    casework::dossier::{
        facts::groups_of_four,
        verify::{Code, Fault, Report, Stamp, Unreadable, Verdict, keys_of_file, verify_stamped},
    },
    platform::{
        i18n::{Lang, t, t_count, t_with},
        keys::PublicKey,
        settings::{Flags, Settings},
        time_stamp::Roots,
    },
};

/// Checks a sealed package offline.
///
/// Ends with 0 when it is whole and signed by a key that you gave (--public-key) or pinned (trusted_keys in the
/// settings), 1 when it is not as it was sealed or not authenticated, 2 when it can't be read. With --receipt the same holds
/// of the receipt: 0 only when both are authentic and the receipt is of this package.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: lead-handoff verify XS-2016-001184-v2-GA-440100.zip --public-key sender.txt"
)]
pub struct Args {
    /// The package.
    file: PathBuf,
    /// One JSON object instead of text.
    #[arg(long)]
    json: bool,
    /// File with the sender's public key (name+id+base64, as `lead-handoff key show` prints it). Replaces pinned keys.
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// File with the root certificates (PEM) that the authorities of time stamps must lead to. Replaces that of the settings.
    #[arg(long, value_name = "FILE")]
    timestamp_ca: Option<PathBuf>,
    /// The receipt of the package (receipt.json), to be checked against it by the same key.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Its signature; by default the file beside it that ends in .sig.
    #[arg(long, value_name = "FILE", requires = "receipt")]
    receipt_signature: Option<PathBuf>,
    /// zh or en; by default as the locale says (LC_ALL, LC_MESSAGES, LANG), else en.
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_lang)]
    lang: Option<Lang>,
}

fn parse_lang(text: &str) -> Result<Lang, &'static str> {
    Lang::parse(text).ok_or("zh or en")
}

/// With the keys that are pinned in the settings, where there are any.
pub fn run(args: Args) -> ExitCode {
    let asked_all = args.public_key.is_some() && args.timestamp_ca.is_some();
    let pinned = match (!asked_all).then(|| Settings::load(Flags::default(), "./data")) {
        None => Pinned::default(),
        Some(Ok(settings)) => Pinned { keys: settings.trusted_keys, roots: settings.timestamp_ca },
        Some(Err(e)) => {
            eprintln!("lead-handoff: {e}");
            Pinned::default()
        }
    };
    run_with(&args, &pinned)
}

/// What the settings trust.
#[derive(Debug, Default)]
pub struct Pinned {
    /// Files with public keys.
    pub keys: Vec<PathBuf>,
    /// The file with the roots of time stamps.
    pub roots: Option<PathBuf>,
}

/// With these files where no others are given.
pub fn run_with(args: &Args, pinned: &Pinned) -> ExitCode {
    let lang = args.lang.unwrap_or_else(super::lang);
    let (code, text) = outcome(args, pinned, lang);
    // A closed pipe is no reason for another exit code.
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::from(code)
}

fn outcome(args: &Args, pinned: &Pinned, lang: Lang) -> (u8, String) {
    let files = args.public_key.as_slice();
    let files = if files.is_empty() { &pinned.keys } else { files };
    let mut trusted = Vec::new();
    for file in files {
        match read_keys(file) {
            Some(keys) => trusted.extend(keys),
            None => {
                let name = file.display().to_string();
                return unreadable(args, lang, &t_with(lang, "verify-key-unreadable", &[("file", name)]));
            }
        }
    }
    let file = args.timestamp_ca.as_ref().or(pinned.roots.as_ref());
    let roots = match file.map(|file| Roots::read(file)).transpose() {
        Ok(roots) => roots,
        Err(why) => {
            return unreadable(
                args,
                lang,
                &t_with(lang, "verify-roots-unreadable", &[("why", why.to_string())]),
            );
        }
    };
    let given = match receipt::Given::read(args) {
        Ok(given) => given,
        Err(file) => {
            let name = file.display().to_string();
            return unreadable(args, lang, &t_with(lang, "verify-receipt-unreadable", &[("file", name)]));
        }
    };
    let report = File::open(&args.file).map_err(Unreadable::Io).and_then(|file| {
        verify_stamped(file, &trusted, roots.as_ref(), &mut progress(io::stderr().is_terminal()))
    });
    match report {
        Ok(report) => {
            let code = if report.verdict == Verdict::Authentic { 0 } else { 1 };
            let text = if args.json { as_json(args, &report, code, lang) } else { as_text(&report, lang) };
            match given {
                Some(given) => given.told(args.json, &report, &trusted, (code, text), lang),
                None => (code, text),
            }
        }
        Err(Unreadable::Io(e)) => {
            let (file, colon) = (args.file.display(), lang.pick("：", ": "));
            unreadable(args, lang, &format!("{file}{colon}{}", why(&e, lang)))
        }
        Err(Unreadable::NotZip) => unreadable(args, lang, &t(lang, "verify-why-not-zip")),
        Err(Unreadable::NotPackage) => unreadable(args, lang, &t(lang, "verify-why-not-package")),
    }
}

/// The usual causes in words, others as the system tells them.
fn why(error: &io::Error, lang: Lang) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => t(lang, "verify-why-no-file"),
        io::ErrorKind::PermissionDenied => t(lang, "verify-why-no-right"),
        _ => error.to_string(),
    }
}

/// A key file is never longer than a few lines; what is longer is not read.
fn read_keys(file: &Path) -> Option<Vec<PublicKey>> {
    let small = std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.len() <= 64 * 1024);
    small.then(|| std::fs::read_to_string(file).ok())?.and_then(|text| keys_of_file(&text))
}

fn unreadable(args: &Args, lang: Lang, why: &str) -> (u8, String) {
    if args.json {
        let report = json!({ "file": args.file, "verdict": "unreadable", "exit": 2, "message": why });
        return (2, format!("{report}\n"));
    }
    (2, t_with(lang, "verify-unreadable", &[("why", why.to_owned())]) + "\n")
}

/// Percent on a terminal, nothing elsewhere.
fn progress(terminal: bool) -> impl FnMut(u64, u64) {
    let mut shown = u64::MAX;
    move |done, all| {
        let percent = done.saturating_mul(100).checked_div(all).unwrap_or(100).min(100);
        if terminal && percent != shown {
            shown = percent;
            eprint!("\r{percent} %{}", if percent >= 99 { "\r      \r" } else { "" });
        }
    }
}

fn message(fault: &Fault, lang: Lang) -> String {
    let file = if fault.file.is_empty() { t(lang, "verify-archive") } else { fault.file.clone() };
    let arguments = [("file", file), ("expected", fault.expected.clone()), ("found", fault.found.clone())];
    t_with(lang, &format!("verify-fault-{}", fault.code.as_str()), &arguments)
}

/// What a time stamp says, and whether its authority is known.
fn of_stamp(stamp: &Stamp, lang: Lang) -> String {
    let given = [
        ("over", printable(&stamp.over)),
        ("time", stamp.time.clone()),
        ("authority", printable(&stamp.authority)),
        ("serial", stamp.serial.clone()),
    ];
    let key = if stamp.trusted { "verify-stamp" } else { "verify-stamp-unknown" };
    t_with(lang, key, &given)
}

/// Whether nothing stands against a package but who made its time stamps.
fn is_about_stamps(report: &Report) -> bool {
    let by_known = report.signer.as_ref().is_some_and(|signer| signer.trusted);
    by_known && report.faults.iter().any(|fault| fault.code == Code::StampAuthority)
}

fn headline(report: &Report, lang: Lang) -> String {
    let fingerprint = report.signer.as_ref().map(|signer| signer.fingerprint.clone()).unwrap_or_default();
    let count = report.faults.len() + report.more_faults;
    match report.verdict {
        Verdict::Authentic => t(lang, "verify-authentic"),
        Verdict::NotAuthenticated if is_about_stamps(report) => t(lang, "verify-stamps-not-authenticated"),
        Verdict::NotAuthenticated => {
            t_with(lang, "verify-not-authenticated", &[("fingerprint", fingerprint)])
        }
        Verdict::Faulty => t_count(lang, "verify-faulty", count as u64),
    }
}

fn as_json(args: &Args, report: &Report, code: u8, lang: Lang) -> String {
    let mut value = serde_json::to_value(report).unwrap_or_default();
    value["file"] = json!(args.file);
    value["exit"] = json!(code);
    value["message"] = json!(headline(report, lang));
    if let Some(stamps) = value["stamps"].as_array_mut() {
        for (shown, stamp) in stamps.iter_mut().zip(&report.stamps) {
            shown["message"] = Value::String(of_stamp(stamp, lang));
        }
    }
    if let Some(faults) = value["faults"].as_array_mut() {
        for (shown, fault) in faults.iter_mut().zip(&report.faults) {
            shown["message"] = Value::String(message(fault, lang));
        }
    }
    format!("{value}\n")
}

fn as_text(report: &Report, lang: Lang) -> String {
    let mut lines = vec![headline(report, lang)];
    lines.extend(report.faults.iter().map(|fault| format!("- {}", message(fault, lang))));
    if report.more_faults > 0 {
        lines.push(t_with(lang, "verify-more", &[("n", report.more_faults.to_string())]));
    }
    lines.push(String::new());
    if report.verdict != Verdict::Authentic && report.package.is_some() {
        lines.push(t(lang, "verify-unproven"));
    }
    lines.extend(details(report).into_iter().map(|(label, value)| {
        format!("{}{}{value}", t(lang, &format!("verify-label-{label}")), lang.pick("：", ": "))
    }));
    lines.extend(report.stamps.iter().map(|stamp| of_stamp(stamp, lang)));
    if report.more_stamps > 0 {
        lines.push(t_count(lang, "verify-more-stamps", report.more_stamps as u64));
    }
    if report.package.as_ref().is_some_and(|package| package.synthetic) {
        lines.push(t(lang, "verify-synthetic"));
    }
    let text = lines.join("\n");
    format!("{}\n", text.trim_end())
}

fn details(report: &Report) -> Vec<(&'static str, String)> {
    let mut details = Vec::new();
    if let Some(package) = &report.package {
        details.extend([
            ("package", package.folder.clone()),
            ("lead", package.number.clone()),
            ("version", package.version.to_string()),
            ("addressee", printable(&package.addressee)),
            ("items", package.items.to_string()),
            ("withheld", package.withheld.to_string()),
            ("content", groups_of_four(&package.content_sha256)),
            ("manifest", groups_of_four(&package.manifest_sha256)),
            ("sealed", package.sealed_at.clone()),
        ]);
    }
    if let Some(signer) = &report.signer {
        details.extend([("signer", printable(&signer.name)), ("fingerprint", signer.fingerprint.clone())]);
    }
    details
}

/// A package can say anything; a terminal must not act on it.
fn printable(text: &str) -> String {
    text.chars().take(200).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_ends_with_two() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.zip");
        let args = |public_key| Args {
            file: file.clone(),
            json: true,
            public_key,
            timestamp_ca: None,
            receipt: None,
            receipt_signature: None,
            lang: None,
        };
        assert_eq!(outcome(&args(None), &Pinned::default(), Lang::En).0, 2);
        let plain = Args { json: false, ..args(None) };
        for (lang, said) in
            [(Lang::Zh, "x.zip：没有这个文件\n"), (Lang::En, "x.zip: there is no such file\n")]
        {
            let (code, text) = outcome(&plain, &Pinned::default(), lang);
            assert!(code == 2 && text.ends_with(said), "{text}");
        }
        std::fs::write(&file, "hello").unwrap();
        let (code, text) = outcome(&args(None), &Pinned::default(), Lang::En);
        assert_eq!(
            (code, serde_json::from_str::<Value>(&text).unwrap()["verdict"].as_str()),
            (2, Some("unreadable"))
        );
        assert_eq!(
            outcome(&args(Some(file.clone())), &Pinned::default(), Lang::Zh).0,
            2,
            "a file that holds no key"
        );
    }
}
