//! What is recorded of an agency, and what makes it acceptable. Pure.

use chrono::NaiveDate;

use crate::{
    directory::reference::{AgencyLevel, Region, Span, agency_types, charges, region, regions},
    platform::{
        error::FieldError,
        http::{Form, pick},
        i18n::Lang,
        notice::is_address,
    },
};

/// How an agency is reached.
pub const CHANNELS: [&str; 3] = ["portal", "paper", "disc"];
/// Code that stands for the whole country, for national agencies.
pub const COUNTRY: &str = "100000";
/// Most contacts of one agency.
pub const MOST_CONTACTS: usize = 20;
/// Longest agreed time, in days.
const LONGEST: i32 = 365;

/// Somebody at an agency. The first of an agency is the default one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub title: String,
    pub phone: String,
    pub email: String,
}

/// An agency as it is typed or imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// Stands in the folder names of packages; never changed.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub type_code: String,
    pub level: String,
    pub region_code: String,
    /// Code of the agency above; empty: none.
    pub parent: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    /// Code of the agency that took its work over; empty: none.
    pub successor: String,
    pub channel: String,
    /// To whom letters are addressed.
    pub addressee: String,
    pub address: String,
    pub phone: String,
    pub email: String,
    pub note: String,
    /// Where the entry comes from.
    pub source: String,
    /// Days agreed for acknowledging; `None`: the usual ones.
    pub ack_days: Option<i32>,
    /// Days agreed for accepting.
    pub accept_days: Option<i32>,
    /// Charge families that it takes; empty: those of its type.
    pub takes: Vec<String>,
    pub contacts: Vec<Contact>,
}

/// Whether a code has the form of one: capitals, digits and hyphens, 2 to 24, a capital or digit first.
pub fn is_code(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
    (2..=24).contains(&text.len())
        && text.bytes().all(known)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_phone(text: &str) -> bool {
    text.chars().all(|ch| ch.is_ascii_digit() || " +-()（）转;；".contains(ch))
}

/// Reads every field; the faults stay in the form.
pub fn read(form: &mut Form) -> Input {
    let code = form.required("code", 24);
    if !code.is_empty() && !is_code(&code) {
        form.fault("code", "error-agency-code");
    }
    let level = form.choice("level", &AgencyLevel::ALL.map(AgencyLevel::as_str)).unwrap_or_default();
    let input = Input {
        code,
        name_zh: form.required("name_zh", 120),
        name_en: form.text("name_en", 200),
        type_code: type_of(form, level),
        level: level.to_owned(),
        region_code: region_of(form, level),
        parent: form.text("parent", 100),
        valid_from: form.date("valid_from"),
        valid_to: form.date("valid_to"),
        successor: form.text("successor", 100),
        channel: form.choice("channel", &CHANNELS).unwrap_or_default().to_owned(),
        addressee: form.text("addressee", 120),
        address: form.text("address", 300),
        phone: phone(form, "phone"),
        email: email(form, "email"),
        note: form.text("note", 2000),
        source: form.text("source", 500),
        ack_days: days(form, "ack_days"),
        accept_days: days(form, "accept_days"),
        takes: takes(form),
        contacts: contacts(form),
    };
    if !(Span { from: input.valid_from, to: input.valid_to }).is_sound() {
        form.fault("valid_to", "error-date-order");
    }
    for (field, other) in [("parent", &input.parent), ("successor", &input.successor)] {
        if !other.is_empty() && *other == input.code {
            form.fault(field, "error-agency-itself");
        }
    }
    input
}

fn type_of(form: &mut Form, level: &str) -> String {
    let code = form.chosen("type", 20);
    if code.is_empty() {
        return code;
    }
    match agency_types().get(&code) {
        None => form.fault("type", "error-unknown"),
        Some(kind) if !level.is_empty() && !kind.levels().iter().any(|known| known.as_str() == level) => {
            form.fault("level", "error-agency-level");
        }
        Some(_) => {}
    }
    code
}

/// A day on which holds what has no end: the directory is about agencies as they are.
const NOW: NaiveDate = NaiveDate::MAX;

/// The region's code; its name is taken too, where it fits one region only, or the sounds of its name.
fn region_of(form: &mut Form, level: &str) -> String {
    if form.seeks("region") {
        let found = regions().search(form.raw("region"), NOW, pick::MOST);
        let line = |region: &&Region| {
            let [zh, en] = Lang::ALL.map(|lang| regions().path(&region.code, NOW, lang));
            (region.code.clone(), format!("{zh}\t{en}"))
        };
        let found: Vec<_> = found.iter().map(line).collect();
        form.offer("region", &found, "error-agency-region");
        return String::new();
    }
    let text = form.required("region", 120);
    if text.is_empty() || (text == COUNTRY && level == "national") {
        return text;
    }
    let is_known = |code: &&str| regions().all().iter().any(|region| region.code == **code);
    let in_full = || region::called_in_full(&text).filter(|code| regions().at(code, NOW).is_some());
    let code = region::code_in(&text).filter(is_known).or_else(in_full).map(str::to_owned);
    let named: Vec<&str> = regions()
        .all()
        .iter()
        .filter(|region| region.name_zh == text && region.valid_to.is_none())
        .map(|region| region.code.as_str())
        .collect();
    let called = regions().called(&text, NOW);
    let called: Vec<&str> = called.iter().map(|region| region.code.as_str()).collect();
    match (code, &named[..], &called[..]) {
        (Some(code), ..) => code,
        (_, [one], _) | (_, [], [one]) => (*one).to_owned(),
        (_, [], []) => {
            form.fault("region", "error-agency-region");
            text
        }
        (_, [], several) | (_, several, _) => {
            let some = &several[..several.len().min(pick::MOST)];
            form.push(region::Fault::Ambiguous(region::told_apart(some, NOW)).of("region"));
            text
        }
    }
}

fn phone(form: &mut Form, name: &str) -> String {
    let text = form.text(name, 60);
    if !is_phone(&text) {
        form.fault(name, "error-not-a-phone");
    }
    text
}

fn email(form: &mut Form, name: &str) -> String {
    let text = form.text(name, 254);
    if !text.is_empty() && !is_address(&text) {
        form.fault(name, "error-not-an-address");
    }
    text
}

fn days(form: &mut Form, name: &str) -> Option<i32> {
    let days = form.integer::<i32>(name)?;
    match days {
        ..1 => form.fault(name, "error-not-zero"),
        n if n > LONGEST => form.push(FieldError::new(name, "error-too-large").arg("max", LONGEST)),
        _ => {}
    }
    Some(days)
}

fn takes(form: &mut Form) -> Vec<String> {
    let mut takes = form.all("takes");
    if takes.iter().any(|family| charges().family(family).is_none()) {
        form.fault("takes", "error-unknown");
    }
    takes.sort_unstable();
    takes.dedup();
    takes
}

fn contacts(form: &mut Form) -> Vec<Contact> {
    let mut contacts = Vec::new();
    for n in 0..MOST_CONTACTS {
        let field = |part: &str| format!("contacts[{n}].{part}");
        if ["name", "title", "phone", "email"].iter().all(|part| !form.has(&field(part))) {
            continue;
        }
        contacts.push(Contact {
            name: form.required(&field("name"), 80),
            title: form.text(&field("title"), 80),
            phone: phone(form, &field("phone")),
            email: email(form, &field("email")),
        });
    }
    contacts
}

impl Input {
    /// Names and values as in the form, `takes` once for each family.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        let number = |n: Option<i32>| n.map_or_else(String::new, |n| n.to_string());
        let mut pairs: Vec<(String, String)> = [
            ("code", self.code.clone()),
            ("name_zh", self.name_zh.clone()),
            ("name_en", self.name_en.clone()),
            ("type", self.type_code.clone()),
            ("level", self.level.clone()),
            ("region", self.region_code.clone()),
            ("parent", self.parent.clone()),
            ("channel", self.channel.clone()),
            ("addressee", self.addressee.clone()),
            ("address", self.address.clone()),
            ("phone", self.phone.clone()),
            ("email", self.email.clone()),
            ("ack_days", number(self.ack_days)),
            ("accept_days", number(self.accept_days)),
            ("valid_from", day(self.valid_from)),
            ("valid_to", day(self.valid_to)),
            ("successor", self.successor.clone()),
            ("note", self.note.clone()),
            ("source", self.source.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        pairs.extend(self.takes.iter().map(|family| ("takes".to_owned(), family.clone())));
        for (n, contact) in self.contacts.iter().enumerate() {
            for (part, value) in [
                ("name", &contact.name),
                ("title", &contact.title),
                ("phone", &contact.phone),
                ("email", &contact.email),
            ] {
                pairs.push((format!("contacts[{n}].{part}"), value.clone()));
            }
        }
        pairs
    }

    /// The fields in which `self` and `after` differ, with both values; several values are joined by semicolons.
    pub fn changes(&self, after: &Input) -> Vec<Change> {
        let (before, after) = (self.pairs(), after.pairs());
        let mut fields: Vec<&String> = Vec::new();
        for (name, _) in before.iter().chain(&after) {
            if !fields.contains(&name) {
                fields.push(name);
            }
        }
        let value = |pairs: &[(String, String)], field: &str| {
            let values = pairs.iter().filter(|(name, _)| name == field).map(|(_, value)| value.as_str());
            values.collect::<Vec<_>>().join(";")
        };
        let change = |field: &String| Change {
            field: field.clone(),
            from: value(&before, field),
            to: value(&after, field),
        };
        fields.into_iter().map(change).filter(|change| change.from != change.to).collect()
    }
}

/// One field that an act changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// As in the form.
    pub field: String,
    pub from: String,
    pub to: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(more: &[(&str, &str)]) -> Form {
        let mut pairs: Vec<(String, String)> = vec![];
        for (name, value) in [
            ("code", "GD-ECD"),
            ("name_zh", "广东省公安厅经济犯罪侦查局"),
            ("type", "PS-ECD"),
            ("level", "province"),
            ("region", "440000"),
            ("channel", "portal"),
        ] {
            let typed = more.iter().find(|(known, _)| *known == name).map_or(value, |(_, value)| value);
            pairs.push((name.into(), typed.into()));
        }
        let rest = more.iter().filter(|(name, _)| !["code", "type", "level", "region"].contains(name));
        pairs.extend(rest.map(|(name, value)| ((*name).into(), (*value).into())));
        Form::from_pairs(pairs)
    }

    fn faults(more: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        let mut form = form(more);
        read(&mut form);
        form.errors().iter().map(|error| (error.field.clone(), error.code)).collect()
    }

    #[test]
    fn what_is_read_is_what_was_typed() {
        let more = [("takes", "trademark"), ("contacts[3].name", "张某"), ("ack_days", "3")];
        let mut form = form(&more);
        let input = read(&mut form);
        assert_eq!(form.errors(), []);
        assert_eq!((input.takes.len(), input.contacts.len(), input.ack_days), (1, 1, Some(3)));
        let again = read(&mut Form::from_pairs(input.pairs()));
        assert_eq!(again, input);
        assert_eq!(input.changes(&again), []);
    }

    #[test]
    fn a_name_will_do_where_it_fits_one_region() {
        assert_eq!(read(&mut form(&[("region", "广东省")])).region_code, "440000");
        assert_eq!(read(&mut form(&[("region", "北京市朝阳区 · 110105")])).region_code, "110105");
        assert_eq!(faults(&[("region", "朝阳区")]), [("region".into(), "error-region-ambiguous")]);
        assert_eq!(faults(&[("region", "某地")]), [("region".into(), "error-agency-region")]);
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        assert_eq!(faults(&[("code", "gd ecd")]), [("code".into(), "error-agency-code")]);
        assert_eq!(faults(&[("type", "NONE")]), [("type".into(), "error-unknown")]);
        assert_eq!(faults(&[("parent", "GD-ECD")]), [("parent".into(), "error-agency-itself")]);
        assert_eq!(faults(&[("ack_days", "0")]), [("ack_days".into(), "error-not-zero")]);
        assert_eq!(faults(&[("ack_days", "三天")]), [("ack_days".into(), "error-not-a-number")]);
        assert_eq!(faults(&[("ack_days", "1.5")]), [("ack_days".into(), "error-not-an-integer")]);
        let dates = [("valid_from", "2018-04-01"), ("valid_to", "2018-03-31")];
        assert_eq!(faults(&dates), [("valid_to".into(), "error-date-order")]);
        assert_eq!(faults(&[("contacts[0].email", "x@example.com")])[0].0, "contacts[0].name");
    }

    #[test]
    fn a_change_names_field_and_both_values() {
        let before = read(&mut form(&[("takes", "trademark")]));
        let after = Input { takes: vec!["patent".into(), "trademark".into()], ..before.clone() };
        let expected =
            Change { field: "takes".into(), from: "trademark".into(), to: "patent;trademark".into() };
        assert_eq!(before.changes(&after), [expected]);
    }
}
