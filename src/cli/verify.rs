//! `lead-handoff verify FILE.zip`: checks a sealed package offline, without a database and without a network.

mod paper_file;
mod receipt;

use std::{
    fs::{self, File},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use paper_file::{Whole, write_paper};
use serde_json::{Value, json};

use crate::{
    casework::dossier::verify::{
        Hashes, Report, Trust, Unreadable, Verdict, keys_of_file,
        paper::Outcome,
        received,
        said::{self, Given, Part},
        verify_with,
    },
    platform::{
        i18n::{Lang, t, t_with},
        keys::{KeyError, PublicKey, WitnessKey},
        settings::{Flags, Settings},
        time_stamp::Roots,
    },
};

/// Checks a sealed package offline.
///
/// Ends with 0 when it is whole and signed by a key that you gave (--public-key) or pinned (trusted_keys in the
/// settings), 1 when it is not as it was sealed or not authenticated, 2 when it can't be read or the report can't be written, whatever
/// was found, which is printed all the same.
/// With --receipt the same holds of the receipt: 0 only when both are authentic and the receipt is of this package.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: lead-handoff verify XS-2016-001184-v2-GA-440100.zip --public-key platform-key.txt --report check.pdf\n\nExit codes: 0, whole and signed by a key that you gave or pinned; 1, not as it was sealed, or not authenticated; 2, nothing can be said: the package, a key or the receipt can't be read, or the report can't be written, as where there is such a file already: what was found is printed all the same, unless that file was there before. With --receipt 0 only where both are proved."
)]
pub struct Args {
    /// The package.
    file: PathBuf,
    /// One JSON object instead of text.
    #[arg(long)]
    json: bool,
    /// Writes the check as a paper to sign (PDF) into this file, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// File with the sender's public key (name+id+base64, as `lead-handoff key show` prints it, or PEM). Replaces pinned keys. An
    /// earlier key is as good where the package says how the later one follows from it.
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// File with the root certificates (PEM) that the authorities of time stamps must lead to. Replaces that of the settings.
    #[arg(long, value_name = "FILE")]
    timestamp_ca: Option<PathBuf>,
    /// Key of a witness of the sender's audit log (name+id+base64, as `lead-handoff key witness` prints it there); may be given
    /// several times. It is said which of them cosigned the head of the log, and when.
    #[arg(long, value_name = "KEY", value_parser = parse_witness)]
    witness: Vec<WitnessKey>,
    /// The receipt of the package (receipt.json), to be checked against it by the same key.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Its signature; by default the file beside it that ends in .sig.
    #[arg(long, value_name = "FILE", requires = "receipt")]
    receipt_signature: Option<PathBuf>,
    /// The passkey that the recipient is known to have: a file with its public key (PEM), or its fingerprint (64 hex digits).
    #[arg(long, value_name = "KEY", requires = "receipt")]
    receipt_key: Option<String>,
    /// The passkey that the approver is known to have: a file with its public key (PEM), or its fingerprint (64 hex digits). Without
    /// it a passkey that signed the approval is told with its fingerprint, and whose it is is not authenticated.
    #[arg(long, value_name = "KEY")]
    approver_key: Option<String>,
    /// Hashes the files by SHA-256 alone, which is several times faster. It finds every changed byte; the SM3 values of the evidence
    /// list are not computed again, and the report says so.
    #[arg(long)]
    sha256_only: bool,
    /// zh or en; by default as the locale says (LC_ALL, LC_MESSAGES, LANG), else en.
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_lang)]
    lang: Option<Lang>,
}

fn parse_lang(text: &str) -> Result<Lang, &'static str> {
    Lang::parse(text).ok_or("zh or en")
}

fn parse_witness(text: &str) -> Result<WitnessKey, String> {
    text.parse().map_err(|e: KeyError| e.to_string())
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
    // Before anything is read: whoever asks for a paper wants to have it.
    if let Some(to) = args.report.as_ref().filter(|to| fs::symlink_metadata(to).is_ok()) {
        return unwritten(args, lang, to, &t(lang, "verify-paper-exists"), "");
    }
    checked(args, pinned, lang).unwrap_or_else(|why| unreadable(args, lang, &why))
}

/// # Errors
/// Why nothing can be said of the file, in words.
fn checked(args: &Args, pinned: &Pinned, lang: Lang) -> Result<(u8, String), String> {
    let (mut given, roots) = given(args, pinned, lang)?;
    let trusted: Vec<PublicKey> = given.keys.iter().map(|(_, key)| key.clone()).collect();
    let named = |key: &str, file: PathBuf| t_with(lang, key, &[("file", file.display().to_string())]);
    let passkey = |given: Option<&str>| {
        let found = given.map(receipt::fingerprint).transpose();
        found.map_err(|file| named("verify-passkey-unreadable", file))
    };
    let enrolled = passkey(args.receipt_key.as_deref())?;
    let approver = passkey(args.approver_key.as_deref())?;
    let receipt = receipt::Files::read(args, enrolled);
    let receipt = receipt.map_err(|file| named("verify-receipt-unreadable", file))?;
    let told = |e: io::Error| {
        let (file, colon) = (args.file.display(), lang.colon());
        format!("{file}{colon}{}", why(&e, lang))
    };
    let mut file = File::open(&args.file).map_err(told)?;
    // The paper names the file by the hash of all of its bytes.
    let whole = args.report.as_ref().map(|_| Whole::of(&mut file)).transpose().map_err(told)?;
    let (roots, approver) = (roots.as_ref(), approver.as_deref());
    let trust = Trust { keys: &trusted, roots, witnesses: &args.witness, approver };
    let hashes = if args.sha256_only { Hashes::Sha256Only } else { Hashes::Both };
    let report = verify_with(&file, &trust, hashes, &mut progress(io::stderr().is_terminal()));
    let (code, text, outcome) = match &report {
        Ok(report) => {
            given.receipt = receipt.map(|files| files.check(report));
            // With a receipt it takes both.
            let is_proved = match &given.receipt {
                Some(receipt) => received::is_proved(receipt, report),
                None => report.verdict == Verdict::Authentic,
            };
            let code = if is_proved { 0 } else { 1 };
            let text = if args.json {
                as_json(args, report, &given, code, lang)
            } else {
                as_text(report, &given, lang)
            };
            (code, text, Ok(report))
        }
        Err(Unreadable::Io(e)) => return Err(told(io::Error::new(e.kind(), e.to_string()))),
        Err(Unreadable::NotZip) => {
            let why = t(lang, "verify-why-not-zip");
            let (code, text) = unreadable(args, lang, &why);
            (code, text, Err(why))
        }
        Err(Unreadable::NotPackage) => {
            let why = t(lang, "verify-why-not-package");
            let (code, text) = unreadable(args, lang, &why);
            (code, text, Err(why))
        }
    };
    if let (Some(to), Some(whole)) = (&args.report, whole) {
        if whole.has_changed(&file) {
            return Err(t_with(lang, "verify-why-changing", &[("file", args.file.display().to_string())]));
        }
        let outcome = match &outcome {
            Ok(report) => Outcome::Read(report),
            Err(why) => Outcome::Unreadable(why),
        };
        if let Err(why) = write_paper(to, args, &whole, &outcome, &given, lang) {
            return Ok(unwritten(args, lang, to, &why, &text));
        }
    }
    Ok((code, text))
}

/// The keys and roots that were given, or that are pinned.
fn given(args: &Args, pinned: &Pinned, lang: Lang) -> Result<(Given, Option<Roots>), String> {
    let files = args.public_key.as_slice();
    let files = if files.is_empty() { &pinned.keys } else { files };
    let mut keys = Vec::new();
    for file in files {
        let name = file.display().to_string();
        match read_keys(file) {
            Some(found) => keys.extend(found.into_iter().map(|key| (name.clone(), key))),
            None => return Err(t_with(lang, "verify-key-unreadable", &[("file", name)])),
        }
    }
    let file = args.timestamp_ca.as_ref().or(pinned.roots.as_ref());
    let roots = file.map(|file| Roots::read(file)).transpose();
    let named = file.map(|file| file.display().to_string()).unwrap_or_default();
    let roots = roots.map_err(|why| {
        let told = [("file", named.clone()), ("why", why.to_string())];
        t_with(lang, "verify-roots-unreadable", &told)
    })?;
    Ok((Given { keys, roots: named, receipt: None }, roots))
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
    let text = small.then(|| std::fs::read_to_string(file).ok())??;
    if text.trim_start().starts_with("-----BEGIN") {
        return PublicKey::from_pem(&text).ok().map(|key| vec![key]);
    }
    keys_of_file(&text)
}

fn unreadable(args: &Args, lang: Lang, why: &str) -> (u8, String) {
    if args.json {
        let report = json!({ "file": args.file, "verdict": "unreadable", "exit": 2, "message": why });
        return (2, format!("{report}\n"));
    }
    (2, t_with(lang, "verify-unreadable", &[("why", why.to_owned())]) + "\n")
}

/// What is said where the paper that was asked for is not there in the end, below what was found, which may have taken long to find.
/// `found` is empty where nothing was looked at.
fn unwritten(args: &Args, lang: Lang, to: &Path, why: &str, found: &str) -> (u8, String) {
    let named = [("file", to.display().to_string()), ("why", why.to_owned())];
    let said = t_with(lang, "verify-paper-unwritten", &named);
    if args.json {
        // One object: the verdict stays what it is, and the code tells of the paper.
        let none = || json!({ "file": args.file, "verdict": "unwritten", "message": said });
        let mut report = serde_json::from_str(found).unwrap_or_else(|_| none());
        report["exit"] = json!(2);
        report["report_unwritten"] = json!(said);
        return (2, format!("{report}\n"));
    }
    let gap = if found.is_empty() { "" } else { "\n" };
    (2, format!("{found}{gap}{said}\n"))
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

fn as_json(args: &Args, report: &Report, given: &Given, code: u8, lang: Lang) -> String {
    let mut value = serde_json::to_value(report).unwrap_or_default();
    value["file"] = json!(args.file);
    value["exit"] = json!(code);
    value["message"] = json!(said::headline(report, given, lang));
    value["not_proved"] = json!(said::proved(report, given, lang)[1].notes);
    if let Some(stamps) = value["stamps"].as_array_mut() {
        for (shown, stamp) in stamps.iter_mut().zip(&report.stamps) {
            shown["message"] = Value::String(said::stamp(stamp, report, lang));
        }
    }
    if let Some(steps) = value["succession"].as_array_mut() {
        for (shown, step) in steps.iter_mut().zip(&report.succession) {
            shown["message"] = Value::String(said::key_step(step, lang));
        }
    }
    if let Some(witnesses) = value["witnesses"].as_array_mut() {
        for (shown, one) in witnesses.iter_mut().zip(&report.witnesses) {
            shown["message"] = Value::String(said::witness(one, report, lang));
        }
    }
    if let Some(faults) = value["faults"].as_array_mut() {
        for (shown, fault) in faults.iter_mut().zip(&report.faults) {
            shown["message"] = Value::String(said::fault(fault, lang));
        }
    }
    if let Some(receipt) = &given.receipt {
        value["receipt"] = receipt::shown(receipt, report, lang);
    }
    format!("{value}\n")
}

fn as_text(report: &Report, given: &Given, lang: Lang) -> String {
    let mut lines = vec![said::headline(report, given, lang)];
    lines.extend(said::faults(report, lang).into_iter().map(|fault| format!("- {fault}")));
    lines.extend(said::proved(report, given, lang).iter().flat_map(|part| told(part, lang)));
    if report.verdict != Verdict::Authentic && report.package.is_some() {
        lines.extend([String::new(), t(lang, "verify-unproven")]);
    }
    lines.extend(said::parts(report, given, lang).iter().flat_map(|part| told(part, lang)));
    let text = lines.join("\n");
    format!("{}\n", text.trim_end())
}

/// A part as lines below a blank one.
fn told(part: &Part, lang: Lang) -> Vec<String> {
    if part.rows.is_empty() && part.notes.is_empty() {
        return Vec::new();
    }
    let rows = part.rows.iter().map(|(label, value)| format!("{label}{}{value}", lang.colon()));
    let head = [String::new(), format!("[{}]", part.title)];
    head.into_iter().chain(rows).chain(part.notes.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a file, with no options.
    fn args(file: &Path) -> Args {
        Args {
            file: file.to_owned(),
            json: false,
            report: None,
            public_key: None,
            timestamp_ca: None,
            witness: Vec::new(),
            receipt: None,
            receipt_signature: None,
            receipt_key: None,
            approver_key: None,
            sha256_only: false,
            lang: None,
        }
    }

    #[test]
    fn a_report_that_is_there_is_not_written_over_and_said_to_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let (file, report) = (folder.path().join("x.zip"), folder.path().join("check.pdf"));
        std::fs::write(&file, "hello").unwrap();
        std::fs::write(&report, "mine").unwrap();
        let args = |json| Args { json, report: Some(report.clone()), ..args(&file) };
        for (lang, said, never) in [
            (Lang::Zh, "该文件已存在，不予覆盖", "无法读取"),
            (Lang::En, "there is such a file already, and it is not written over", "nreadable"),
        ] {
            let (code, text) = outcome(&args(false), &Pinned::default(), lang);
            assert!(code == 2 && text.contains(said) && !text.contains(never), "{text}");
        }
        let (code, text) = outcome(&args(true), &Pinned::default(), Lang::En);
        let told = serde_json::from_str::<Value>(&text).unwrap();
        assert_eq!((code, told["verdict"].as_str(), told["exit"].as_i64()), (2, Some("unwritten"), Some(2)));
        assert_eq!(std::fs::read(&report).unwrap(), b"mine");
    }

    #[test]
    fn what_cannot_be_read_ends_with_two() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.zip");
        let args = |public_key| Args { json: true, public_key, ..args(&file) };
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
