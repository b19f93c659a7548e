//! `lead-handoff lead import`: many leads at once, all of them or none.

mod workbook;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{Common, progress::Progress};
use crate::{
    audit::{self, Entry},
    casework::lead::{
        actions, input,
        input::Input,
        json,
        table::{column_of, field_of, pairs, permitted, words_of},
    },
    directory::{
        agencies::import::decode,
        people::{self, Role},
    },
    platform::{
        db::{Connection, Db, Id, Instant, Tx},
        error::{AppError, FieldError, Plain, Result},
        http::form::Form,
        i18n,
        keyset::Edge,
        sheet,
        time::{self, Tz},
    },
};

/// Most leads of one file.
const MOST: usize = 100_000;

#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub struct Args {
    #[command(flatten)]
    common: Common,
    /// JSONL, CSV or XLSX.
    file: PathBuf,
    /// Account of the compiler who will own the leads (default: the oldest compiler's).
    #[arg(long)]
    owner: Option<String>,
    /// Checks everything, writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Imports a file that was imported before once more.
    #[arg(long)]
    again: bool,
}

/// The end of the help: what a file looks like, and what may stand where one of a few words does.
fn help() -> String {
    let list = |(column, words): (&str, Vec<&str>)| format!("{column}: {}", words.join(", "));
    format!(
        "Example:\n  lead-handoff lead import leads.jsonl --owner compiler --dry-run\n\n\
         A JSONL file has one object a line, as POST /api/v1/leads takes it. The first line of a CSV file or sheet \
         names the fields: title, summary, region, charges, brands, occurred_from, occurred_to, value, qualifier, \
         basis, source, sender_role, subjects[0].kind, sites[0].address … Several charges or brands are set apart \
         by semicolons.\n\n{}",
        permitted().map(list).join("\n")
    )
}

/// The verb in the log.
const VERB: &str = "lead.import";

/// Names and values of a lead's fields.
type Fields = Vec<(String, String)>;

/// A line of the file.
struct Line {
    number: usize,
    /// `None`: it can't be taken apart, which is a fault beside no field, so that the others are read all the same.
    fields: Option<Fields>,
    /// What is wrong with it before any field is read: fields that hold another kind of value than they take.
    faults: Vec<FieldError>,
}

impl Line {
    fn whole(number: usize, fields: Fields) -> Self {
        Self { number, fields: Some(fields), faults: Vec::new() }
    }

    fn broken(number: usize, fault: FieldError) -> Self {
        Self { number, fields: None, faults: vec![fault] }
    }
}

/// A file's lines, and the heads of its columns; a JSONL file has none.
struct Table {
    heads: Option<Vec<String>>,
    lines: Vec<Line>,
}

/// What a fault of a whole line stands beside: no field.
const NO_FIELD: &str = "";

fn plain(text: String) -> AppError {
    AppError::internal(Plain(text))
}

fn read_jsonl(path: &Path) -> Result<Table> {
    let text = std::fs::read_to_string(path)?;
    let lines = (1..).zip(text.trim_start_matches('\u{FEFF}').lines());
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    Ok(Table { heads: None, lines: lines.map(|(number, line)| object(number, line)).collect() })
}

fn object(number: usize, line: &str) -> Line {
    match serde_json::from_str(line) {
        Ok(value @ serde_json::Value::Object(_)) => {
            Line { faults: json::faults(&value), ..Line::whole(number, json::pairs(&value)) }
        }
        _ => Line::broken(number, FieldError::new(NO_FIELD, "error-line-not-json")),
    }
}

fn read_csv(path: &Path) -> Result<Table> {
    let bad = |e: csv::Error| plain(format!("{}: {e}", path.display()));
    let bytes = std::fs::read(path).map_err(|e| plain(format!("{}: {e}", path.display())))?;
    if bytes.contains(&0) {
        return Err(plain(format!("{}: this is no CSV file", path.display())));
    }
    let text = decode(&bytes);
    let text = text.trim_start_matches('\u{FEFF}');
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let mut numbers = sheet::Lines::new(text);
    let heads: Vec<String> = reader.headers().map_err(bad)?.iter().map(str::to_owned).collect();
    let fields: Vec<String> = heads.iter().map(|head| field_of(head)).collect();
    let place = |number: u64| usize::try_from(number).unwrap_or_default();
    let mut lines = Vec::new();
    for record in reader.records() {
        let line = match record {
            Ok(record) => {
                let cells = record.iter().map(str::to_owned);
                Line::whole(place(numbers.of(record.position())), pairs(&fields, cells))
            }
            Err(e) => match e.kind() {
                // Which cell belongs to which column is not known: nothing more can be said of them.
                csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
                    let fault = FieldError::new(NO_FIELD, "error-line-cells").arg("has", len);
                    Line::broken(place(numbers.of(pos.as_ref())), fault.arg("wanted", expected_len))
                }
                _ => return Err(bad(e)),
            },
        };
        lines.push(line);
    }
    Ok(Table { heads: Some(heads), lines })
}

fn read_xlsx(path: &Path) -> Result<Table> {
    let mut rows = workbook::cells_of(path)?.into_iter();
    let named = rows.next().map(|(_, cells)| cells).unwrap_or_default();
    // A cell stands below its head wherever the table begins.
    let columns: Vec<u32> = named.keys().copied().collect();
    let heads: Vec<String> = named.into_values().collect();
    let fields: Vec<String> = heads.iter().map(|head| field_of(head)).collect();
    let line = |(row, mut cells): (u32, BTreeMap<u32, String>)| {
        let cells = columns.iter().map(|column| cells.remove(column).unwrap_or_default());
        (row as usize + 1, pairs(&fields, cells))
    };
    let lines = rows.map(line).filter(|(_, pairs)| !pairs.is_empty());
    let lines = lines.map(|(number, pairs)| Line::whole(number, pairs)).collect();
    Ok(Table { heads: Some(heads), lines })
}

fn read(path: &Path) -> Result<Table> {
    let table = match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("jsonl" | "ndjson") => read_jsonl(path),
        Some("csv") => read_csv(path),
        Some("xlsx") => read_xlsx(path),
        _ => return Err(plain(format!("{}: only .jsonl, .csv and .xlsx are read", path.display()))),
    }?;
    match table.lines.len() {
        0 => Err(plain(format!("{}: no leads in it", path.display()))),
        n if n > MOST => Err(plain(format!("{}: {n} leads; at most {MOST} at once", path.display()))),
        _ => Ok(table),
    }
}

/// A fault with the line that it stands in.
type Fault = (usize, FieldError);

/// Whether a field is another one, part of it, or holds it.
fn is_of(one: &str, other: &str) -> bool {
    let is_part = |part: &str, whole: &str| {
        part.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    is_part(one, other) || is_part(other, one)
}

/// Every fault of every line. Of a field that holds another kind of value than it takes nothing else is told.
fn check(lines: Vec<Line>, today: NaiveDate) -> std::result::Result<Vec<Input>, Vec<Fault>> {
    let (mut inputs, mut faults) = (Vec::new(), Vec::new());
    for line in lines {
        let mut found = line.faults;
        if let Some(fields) = line.fields {
            let mut form = Form::from_pairs(fields);
            input::refuse_unknown_fields(&mut form);
            inputs.push(input::read(&mut form, today));
            let kinds: Vec<String> = found.iter().map(|fault| fault.field.clone()).collect();
            let is_told = |fault: &&FieldError| kinds.iter().any(|kind| is_of(&fault.field, kind));
            let told = form.errors().iter().filter(|fault| !is_told(fault));
            found.extend(told.map(|fault| with_value(fault, &form)));
        }
        faults.extend(found.into_iter().map(|fault| (line.number, fault)));
    }
    if faults.is_empty() { Ok(inputs) } else { Err(faults) }
}

/// The fault with what stands in its cell, where that is none of the words that it takes.
fn with_value(fault: &FieldError, form: &Form) -> FieldError {
    let shorter = fault.field.strip_suffix(".kind").unwrap_or(&fault.field);
    match [fault.field.as_str(), shorter].map(|name| form.raw(name)) {
        ["", ""] => fault.clone(),
        ["", value] | [value, _] if fault.code == "error-unknown" => fault.clone().arg("value", value),
        _ => fault.clone(),
    }
}

/// The account that owns the leads.
fn owner(conn: &mut Connection, named: Option<&str>) -> Result<people::store::PersonRow> {
    let Some(username) = named else {
        let mut compilers = Vec::new();
        for (id, _) in people::store::with_role(conn, Role::Compiler)? {
            compilers.push(people::store::by_id(conn, id)?);
        }
        let oldest = compilers.into_iter().min_by_key(|person| (person.created_at, person.id));
        return oldest.ok_or_else(|| plain("no account has the role compiler; make one first".into()));
    };
    let person = match people::store::by_username(conn, username) {
        Err(AppError::NotFound) => return Err(plain(format!("--owner: there is no account '{username}'"))),
        other => other?,
    };
    let is_compiler = people::store::roles(conn, person.id)?.contains(&Role::Compiler);
    if is_compiler && person.disabled_at.is_none() {
        Ok(person)
    } else {
        Err(plain(format!("--owner: '{username}' is no active compiler")))
    }
}

/// When a file of these bytes was imported last; whoever sends a file twice rarely means to have every lead twice.
fn imported_before(conn: &mut Connection, file: &str) -> Result<Option<Instant>> {
    let mut edge = Edge::Start;
    loop {
        let filter = audit::Filter { verb_prefix: Some(VERB.into()), edge, ..audit::Filter::default() };
        let rows = audit::page(conn, &filter, 500)?;
        let is_it = |row: &&audit::Row| row.leaf["facts"]["file_sha256"] == file;
        if let Some(row) = rows.iter().find(is_it) {
            return Ok(Some(row.at));
        }
        match rows.last() {
            Some(last) => edge = Edge::After(last.id),
            None => return Ok(None),
        }
    }
}

/// Writes all of them; one entry in the log names them all.
fn write(
    tx: &mut Tx<'_>,
    owner_id: Id,
    zone: Tz,
    inputs: &[Input],
    (file, again): (&str, bool),
) -> Result<(String, String)> {
    if !again && let Some(at) = imported_before(tx.conn(), file)? {
        let when = time::format_instant(at, zone, super::lang());
        return Err(plain(format!(
            "this file was imported on {when} already; nothing was imported (--again imports it once more)"
        )));
    }
    let now = tx.now();
    let mut made = Vec::with_capacity(inputs.len());
    let mut progress = Progress::new(inputs.len());
    for input in inputs {
        let lead = actions::insert(tx, owner_id, now, zone, input)?;
        made.push((lead.id, lead.number));
        progress.step();
    }
    let ids = made.iter().map(|(id, _)| *id);
    let entry =
        Entry::new(VERB).fact("count", made.len()).fact("file_sha256", file).object("person", owner_id);
    audit::record(tx, entry.objects("lead", ids))?;
    let number = |at: Option<&(Id, String)>| at.map_or_else(String::new, |(_, number)| number.clone());
    Ok((number(made.first()), number(made.last())))
}

/// A fault in words; where one of a few words may stand, with these.
fn said(fault: &FieldError) -> String {
    let lang = super::lang();
    // A cell has nothing to choose from.
    let code = if fault.code == "error-choose" { "error-required" } else { fault.code };
    let said = i18n::t_with(lang, code, &fault.args);
    let words = words_of(&fault.field);
    if words.is_empty() || !matches!(fault.code, "error-unknown" | "error-choose" | "error-required") {
        return said;
    }
    let words = words.join(&lang.comma());
    match fault.args.iter().find(|(name, _)| *name == "value") {
        Some((_, value)) if fault.code == "error-unknown" => {
            i18n::t_with(lang, "error-table-value", &[("value", value.clone()), ("allowed", words)])
        }
        _ => format!("{said} {}", i18n::t_with(lang, "words-permitted", &[("words", words)])),
    }
}

/// Each fault beside the column that the file has it in.
fn report(faults: &[Fault], heads: Option<&[String]>) {
    for (line, fault) in faults {
        let beside = match heads {
            _ if fault.field == NO_FIELD => String::new(),
            Some(heads) => format!(", {}", column_of(heads, &fault.field)),
            None => format!(", {}", fault.field),
        };
        eprintln!("line {line}{beside}: {}", said(fault));
    }
    eprintln!("{}; nothing was imported.", super::counted(faults.len(), "fault"));
}

fn import(args: &Args, db: &Db, zone: Tz) -> Result<ExitCode> {
    let Table { heads, lines } = read(&args.file)?;
    let person = db.read_now(|conn| owner(conn, args.owner.as_deref()))?;
    let inputs = match check(lines, time::day_of(db.now(), zone)) {
        Ok(inputs) => inputs,
        Err(faults) => {
            report(&faults, heads.as_deref());
            return Ok(ExitCode::from(1));
        }
    };
    if args.dry_run {
        tell!("{} in order; nothing was written (--dry-run).", super::counted(inputs.len(), "lead"));
        return Ok(ExitCode::SUCCESS);
    }
    let bytes = std::fs::read(&args.file)?;
    let file = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
    let from = (file.as_str(), args.again);
    let (first, last) =
        db.write_now(super::user::origin(), |tx| write(tx, person.id, zone, &inputs, from))?;
    let span = if inputs.len() == 1 { first } else { format!("{first} to {last}") };
    tell!("{} imported for {}: {span}.", super::counted(inputs.len(), "lead"), person.username);
    Ok(ExitCode::SUCCESS)
}

/// Runs the command: 0 imported, 1 faults in the file, 2 it can't be read.
pub fn run(args: &Args) -> ExitCode {
    let done = args.common.settings(None, "./data").and_then(|settings| {
        let zone = settings.time_zone;
        let services = super::open(settings)?;
        import(args, &services.db, zone)
    });
    done.unwrap_or_else(|e| super::report(Err(e)))
}
