//! Importing agencies: what a file would change, or every fault in it. All or nothing.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{
    actions,
    model::{self, Change, Input},
    store,
    table::{self, Line},
};
use crate::{
    directory::reference::{AgencyLevel, agency_types, charges, regions},
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, FieldError, Result},
        http::Form,
        i18n::{self, Lang},
    },
};

pub use super::table::{Fault, decode};

/// The field of the name of the contact that a file can give.
const CONTACT: &str = "contacts[0].name";

/// Most lines of one file.
pub const MOST: usize = 20_000;

/// One line that would be written.
#[derive(Clone, Debug)]
pub struct Planned {
    pub line: u64,
    /// `None`: a new agency.
    pub id: Option<Id>,
    pub input: Input,
    /// Empty for an agency that stays as it is.
    pub changes: Vec<Change>,
}

/// What a file would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub rows: Vec<Planned>,
}

impl Plan {
    pub fn created(&self) -> usize {
        self.rows.iter().filter(|row| row.id.is_none()).count()
    }

    pub fn changed(&self) -> usize {
        self.rows.iter().filter(|row| row.id.is_some() && !row.changes.is_empty()).count()
    }

    pub fn same(&self) -> usize {
        self.rows.len() - self.created() - self.changed()
    }

    /// Stands for exactly these changes: what was confirmed is what is written.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for row in &self.rows {
            hash.update(format!("{:?}\n{:?}\n{:?}\n", row.id, row.input, row.changes));
        }
        data_encoding::HEXLOWER.encode(&hash.finalize())
    }
}

/// A column that holds one of a list, with the words that may stand there and what they mean.
pub type Listed = (&'static str, Vec<(String, String)>);

/// What may stand in the columns that hold one of a list.
pub fn permitted(lang: Lang) -> Vec<Listed> {
    let types = agency_types().all().iter().map(|kind| (kind.code.clone(), kind.name(lang).to_owned()));
    let levels = AgencyLevel::ALL.iter().map(|level| (level.as_str().to_owned(), i18n::t(lang, level.key())));
    let channels = model::CHANNELS.iter().map(|word| {
        let key = format!("agency-channel-{}", word.replace('_', "-"));
        ((*word).to_owned(), i18n::t(lang, &key))
    });
    let takes = charges().families().iter().map(|family| (family.code.clone(), family.name(lang).to_owned()));
    let each_once = |mut all: Vec<(String, String)>| {
        all.dedup_by(|a, b| a.0 == b.0);
        all
    };
    vec![
        ("type", each_once(types.collect())),
        ("level", levels.collect()),
        ("channel", channels.collect()),
        ("takes", takes.collect()),
    ]
}

/// A fault in words; where a column takes one of a list, with the list. A cell has nothing to choose from, so a word that is
/// none of it is named as such.
pub fn words(error: &FieldError, lang: Lang) -> String {
    let code = if error.code == "error-choose" { "error-required" } else { error.code };
    let said = i18n::t_with(lang, code, &error.args);
    let value = error.args.iter().find(|(name, value)| *name == "value" && !value.is_empty());
    let field = error.field.rsplit([' ', '[']).next().unwrap_or_default();
    let list =
        permitted(lang).into_iter().find(|(column, _)| *column == field || error.field.starts_with(column));
    let Some((_, words)) =
        list.filter(|_| matches!(error.code, "error-unknown" | "error-choose" | "error-required"))
    else {
        return said;
    };
    let (opening, closing) = (lang.pick("（", " ("), lang.pick("）", ")"));
    let words: Vec<String> =
        words.into_iter().map(|(word, name)| format!("{word}{opening}{name}{closing}")).collect();
    let words = words.join(&lang.comma());
    match value {
        Some((_, value)) if error.code == "error-unknown" => {
            i18n::t_with(lang, "error-table-value", &[("value", value.clone()), ("allowed", words)])
        }
        _ => format!("{said} {}", i18n::t_with(lang, "words-permitted", &[("words", words)])),
    }
}

/// The fault with what stands in its cell, where that is no word of the column; of several only those that are none.
fn with_value(error: &FieldError, form: &Form) -> FieldError {
    if error.code != "error-unknown" {
        return error.clone();
    }
    let mut values = form.all(&error.field);
    if error.field == "takes" {
        values.retain(|family| charges().family(family).is_none());
    }
    error.clone().arg("value", values.join("; "))
}

/// Values of a field as a reader reads them: of a code its name, where the field has one of a list or a region.
/// `permitted`: the lists in that language.
pub fn shown(field: &str, value: &str, on: NaiveDate, lang: Lang, permitted: &[Listed]) -> String {
    if field == "region" && !value.is_empty() {
        return regions().path(value, on, lang);
    }
    let Some((_, words)) = permitted.iter().find(|(column, _)| *column == field) else {
        return value.to_owned();
    };
    let name = |code: &str| match words.iter().find(|(word, _)| word == code) {
        Some((_, name)) => name.clone(),
        None => code.to_owned(),
    };
    let names: Vec<String> = value.split(';').map(name).collect();
    names.join(&lang.comma())
}

/// What a file would do to the agencies as they are, or its faults.
///
/// # Errors
/// Those of the database.
pub fn plan(conn: &mut Connection, text: &str) -> Result<Result<Plan, Vec<Fault>>> {
    let lines = match table::read(text) {
        Ok(lines) => lines,
        Err(faults) => return Ok(Err(faults)),
    };
    if lines.is_empty() || lines.len() > MOST {
        let error = if lines.is_empty() {
            FieldError::new("csv", "error-table-empty")
        } else {
            FieldError::new("csv", "error-too-many").arg("max", MOST)
        };
        return Ok(Err(vec![Fault::new(1, error)]));
    }
    let rows = store::all(conn)?;
    let inputs = store::inputs(conn, &rows)?;
    let known: HashMap<String, (Id, Input)> =
        rows.iter().zip(inputs).map(|(row, input)| (row.code.clone(), (row.id, input))).collect();
    let plan = read_lines(&lines, &known);
    Ok(plan)
}

fn read_lines(lines: &[Line], known: &HashMap<String, (Id, Input)>) -> Result<Plan, Vec<Fault>> {
    let in_file: HashSet<&str> = lines.iter().map(code_of).collect();
    let mut seen = HashSet::new();
    let (mut plan, mut faults) = (Plan::default(), Vec::new());
    for line in lines {
        let code = code_of(line);
        let before = known.get(code);
        let mut form = Form::from_pairs(overlay(before.map(|(_, input)| input), line));
        let input = model::read(&mut form);
        if !code.is_empty() && !seen.insert(code) {
            form.fault("code", "error-table-twice");
        }
        for (field, other) in [("parent", &input.parent), ("successor", &input.successor)] {
            if !other.is_empty() && !in_file.contains(other.as_str()) && !known.contains_key(other) {
                form.fault(field, "error-agency-unknown");
            }
        }
        // Beside a formula nothing else is said of its cell, and of the others what is wrong with them.
        let others = form.errors().iter().filter(|e| line.formulas.iter().all(|f| f.field != e.field));
        faults.extend(
            line.formulas.iter().chain(others).map(|e| Fault::new(line.number, with_value(e, &form))),
        );
        let changes =
            before.map_or_else(|| Input::default().changes(&input), |(_, before)| before.changes(&input));
        plan.rows.push(Planned { line: line.number, id: before.map(|(id, _)| *id), input, changes });
    }
    if faults.is_empty() { Ok(plan) } else { Err(faults) }
}

fn code_of(line: &Line) -> &str {
    line.cells.iter().find(|(name, _)| name == "code").map_or("", |(_, value)| value)
}

/// What is on record, with the file's cells in place of it. Columns that the file leaves out stay as they are, and so does
/// what has an empty cell: one file may have new agencies, which need all of them, and others of which one thing changes.
fn overlay(before: Option<&Input>, line: &Line) -> Vec<(String, String)> {
    // Another contact has nothing of the one before.
    let known = before.and_then(|input| input.contacts.first()).map_or("", |one| one.name.as_str());
    let is_other =
        line.cells.iter().any(|(name, value)| name == CONTACT && !value.is_empty() && value != known);
    let stays = |name: &str, value: &str| {
        before.is_some() && value.is_empty() && !(is_other && name.starts_with("contacts["))
    };
    let cells: Vec<&(String, String)> =
        line.cells.iter().filter(|(name, value)| !stays(name, value)).collect();
    let mut pairs = before.map(Input::pairs).unwrap_or_default();
    pairs.retain(|(name, _)| !cells.iter().any(|(cell, _)| cell == name));
    for (name, value) in cells {
        if name == "takes" {
            pairs.extend(value.split([';', '；']).map(|family| (name.clone(), family.trim().to_owned())));
        } else {
            pairs.push((name.clone(), value.clone()));
        }
    }
    if before.is_none() && !pairs.iter().any(|(name, value)| name == "channel" && !value.is_empty()) {
        pairs.retain(|(name, _)| name != "channel");
        pairs.push(("channel".into(), "paper".into()));
    }
    pairs
}

/// Plans and writes in one transaction. With `expected`, only if the plan is still the one that was shown.
///
/// # Errors
/// `Invalid` with every fault; `Conflict` when the plan is another by now.
pub fn apply(tx: &mut Tx<'_>, text: &str, expected: Option<&str>) -> Result<Plan> {
    let plan = plan(tx.conn(), text)?.map_err(|faults| {
        let error = |fault: Fault| FieldError { field: fault.place(), ..fault.error };
        AppError::Invalid(faults.into_iter().map(error).collect())
    })?;
    if expected.is_some_and(|expected| expected != plan.digest()) {
        return Err(AppError::Conflict("conflict-agency-import"));
    }
    actions::import(tx, &plan)?;
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_read_in_words() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let permitted = permitted(Lang::Zh);
        let zh = |field, value| shown(field, value, day, Lang::Zh, &permitted);
        assert_eq!(zh("channel", "portal"), i18n::t(Lang::Zh, "agency-channel-portal"));
        assert!(zh("region", "440600").contains("佛山市"));
        assert_eq!(zh("level", "prefecture"), i18n::t(Lang::Zh, AgencyLevel::Prefecture.key()));
        assert!(!zh("takes", "patent;trademark").contains("patent"));
        assert_eq!((zh("takes", ""), zh("phone", "010-1")), (String::new(), "010-1".to_owned()));
    }

    fn planned(text: &str, known: &HashMap<String, (Id, Input)>) -> Result<Plan, Vec<Fault>> {
        read_lines(&table::read(text).ok().unwrap(), known)
    }

    const FILE: &str = "code,name_zh,type,level,region,parent,takes\n\
        A-1,甲局,SAMR,prefecture,330100,B-1,trademark;patent\n\
        B-1,乙局,SAMR,province,330000,,\n";

    #[test]
    fn a_parent_may_stand_further_down() {
        let plan = planned(FILE, &HashMap::new()).unwrap();
        assert_eq!((plan.created(), plan.changed(), plan.same()), (2, 0, 0));
        assert_eq!(plan.rows[0].input.takes, ["patent", "trademark"]);
        assert_eq!(plan.rows[0].input.channel, "paper");
    }

    #[test]
    fn a_column_that_is_left_out_stays_and_nothing_else_changes() {
        let first = planned(FILE, &HashMap::new()).unwrap();
        let known: HashMap<String, (Id, Input)> =
            first.rows.into_iter().map(|row| (row.input.code.clone(), (Id::new(), row.input))).collect();
        let again = planned(FILE, &known).unwrap();
        assert_eq!((again.same(), again.rows[0].changes.len()), (2, 0));
        let renamed = planned("code,name_zh\nA-1,新名\n", &known).unwrap();
        assert_eq!(renamed.rows[0].changes.len(), 1);
        assert_eq!(renamed.rows[0].input.takes.len(), 2);
        assert_ne!(renamed.digest(), again.digest());
    }

    #[test]
    fn an_empty_cell_leaves_an_agency_as_it_is_and_lacks_in_a_new_one() {
        let first = planned(FILE, &HashMap::new()).unwrap();
        let mut known: HashMap<String, (Id, Input)> =
            first.rows.into_iter().map(|row| (row.input.code.clone(), (Id::new(), row.input))).collect();
        let head = "code,name_zh,type,level,region,takes,contact_name,contact_phone\n";
        let new = "C-1,丙局,SAMR,prefecture,330100,,,\n";
        let plan = planned(&format!("{head}A-1,新名,,,,,,\n{new}"), &known).unwrap();
        assert_eq!((plan.created(), plan.changed(), plan.rows[0].changes.len()), (1, 1, 1));
        assert_eq!(plan.rows[0].input.takes, ["patent", "trademark"]);
        let faults =
            planned(&format!("{head}A-1,新名,,,,,,\nC-1,丙局,SAMR,,330100,,,\n"), &known).unwrap_err();
        assert_eq!((faults.len(), faults[0].line, faults[0].error.field.as_str()), (1, 3, "level"));
        let words = words(&faults[0].error, Lang::Zh);
        assert!(words.contains(&i18n::t(Lang::Zh, "error-required")), "{words}");
        // A contact of another name does not keep the number of the one before.
        let plan = planned(&format!("{head}A-1,,,,,,甲,010-1\n"), &known).unwrap();
        let input = plan.rows[0].input.clone();
        known.insert("A-1".to_owned(), (Id::new(), input));
        let plan = planned(&format!("{head}A-1,,,,,,乙,\n"), &known).unwrap();
        assert_eq!(plan.rows[0].input.contacts[0].phone, "");
        let plan = planned(&format!("{head}A-1,,,,,,,010-2\n"), &known).unwrap();
        assert_eq!(plan.rows[0].input.contacts[0].name, "甲");
    }

    #[test]
    fn a_formula_hides_no_other_fault() {
        let text =
            "code,name_zh,type,level,region\nA-1,=1+1,SAMR,prefecture,330100\nA-2,乙,NONE,prefecture,1\n";
        let faults = planned(text, &HashMap::new()).unwrap_err();
        let named: Vec<_> = faults.iter().map(|f| (f.line, f.error.field.as_str())).collect();
        assert_eq!(named, [(2, "name_zh"), (3, "type"), (3, "region")]);
        assert_eq!(faults[0].error.code, "error-table-formula");
    }

    #[test]
    fn every_fault_has_its_line_and_field() {
        let text = "code,name_zh,type,level,region,parent\nA-1,甲,SAMR,prefecture,330100,NONE\n\
            A-1,甲,NONE,prefecture,1,\n";
        let faults = planned(text, &HashMap::new()).unwrap_err();
        let named: Vec<_> = faults.iter().map(|f| (f.line, f.error.field.as_str())).collect();
        assert_eq!(named, [(2, "parent"), (3, "type"), (3, "region"), (3, "code")]);
        let told = words(&faults[1].error, Lang::Zh);
        assert!(told.starts_with("“NONE”") && told.contains("SAMR（"), "{told}");
        let takes = "code,name_zh,type,level,region,takes\nA-1,甲,SAMR,prefecture,330100,patent;假药\n";
        let fault = planned(takes, &HashMap::new()).unwrap_err().remove(0);
        let told = words(&fault.error, Lang::Zh);
        assert!(told.starts_with("“假药”") && told.contains("patent（"), "{told}");
    }
}
