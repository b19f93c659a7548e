//! The public cases of the sample by their published facts, each with its source. No person and no shop is named. What
//! was not published (place, date, units, value) is not made up; where the program can't do without a day (of sending,
//! acknowledging, accepting, filing), the row is marked synthetic and each such step says so. A date that the papers
//! give by month only stands on the month's last day, and the entry says that.

use chrono::NaiveDate;

use super::{
    cases::Fact,
    ledger::{Closing, Way, Writer},
    named_facts::cases,
};
use crate::{
    casework::lead::{
        input::{Input, SiteInput, SubjectInput},
        model::{SenderRole, SiteRole, SourceKind, SubjectKind},
    },
    platform::{
        db::Id,
        error::Result,
        money::{Amount, Basis, Fen, Qualifier},
    },
};

/// One result as published.
#[derive(Default)]
pub(super) struct Outcome {
    pub kind: &'static str,
    pub region: &'static str,
    pub on: NaiveDate,
    /// How many persons or sites, by role or place.
    pub names: Vec<(&'static str, String, &'static str)>,
    pub yuan: Option<(i64, Qualifier)>,
    /// How many, and the code of the unit.
    pub quantity: Option<(i64, &'static str)>,
    pub source: &'static str,
}

/// How a published case came to the agency that had it. The days are not published unless `known` says which are.
pub(super) struct Sent {
    pub agency: &'static str,
    pub on: NaiveDate,
    pub filed_on: NaiveDate,
    /// What is known of the day of sending, and of filing; empty: nothing.
    pub known: [&'static str; 2],
}

/// One published case.
#[derive(Default)]
pub(super) struct Named {
    pub title: &'static str,
    pub summary: &'static str,
    pub source: &'static str,
    pub region: &'static str,
    pub charge: Option<&'static str>,
    pub brand: &'static str,
    /// When the row is said to have been written: not published.
    pub made_on: NaiveDate,
    /// First and last day of the facts.
    pub occurred: (Option<NaiveDate>, Option<NaiveDate>),
    /// Persons and places that no result names: role and part; place, region and role.
    pub persons: Vec<(&'static str, &'static str)>,
    pub places: Vec<(&'static str, &'static str, SiteRole)>,
    pub sent: Option<Sent>,
    pub results: Vec<Outcome>,
}

const NOT_PUBLISHED: &str = "公开报道未给出这一日期，此处为合成。";

impl Writer<'_, '_> {
    /// Writes the published cases; `step` is told of each.
    pub fn named(&mut self, step: &mut dyn FnMut()) -> Result<()> {
        for named in &cases() {
            let lead = self.lead(&input_of(named), named.made_on)?;
            if let Some(sent) = &named.sent {
                let agency = self.agency(sent.agency)?;
                let [on, filed] =
                    sent.known.map(|known| if known.is_empty() { NOT_PUBLISHED } else { known });
                let way = Way {
                    sent_on: sent.on,
                    closing: Closing::Filed(sent.filed_on),
                    remarks: [on, NOT_PUBLISHED, NOT_PUBLISHED, filed],
                };
                let transfer = self.transfer(&lead, &agency, &way)?;
                let number = format!("公开报道案件（案号未公布）{}", &lead.number[3..]);
                let case = self.case_row(
                    &agency,
                    &number,
                    named.title,
                    sent.filed_on,
                    "investigating",
                    filed,
                    named.source,
                )?;
                let at = self.noon(sent.filed_on);
                self.join(case.id, transfer, at)?;
                for result in &named.results {
                    let names = self.names(&lead.id, result)?;
                    self.outcome(&case, &fact_of(result, &names));
                }
            }
            self.record()?;
            step();
        }
        Ok(())
    }

    /// Identities of a published result: by role and place, because nobody is named.
    fn names(&mut self, lead_id: &Id, result: &Outcome) -> Result<Vec<(&'static str, Id)>> {
        let mut made = Vec::new();
        for (kind, label, region) in &result.names {
            let id = if *kind == "person" {
                let subject = person(label, "嫌疑人", result.source);
                crate::casework::lead::parts::actions::attach_subject(self.tx, *lead_id, &subject, false)?
            } else {
                let site = place(label, region, SiteRole::Storage, result.source);
                crate::casework::lead::parts::actions::attach_site(self.tx, *lead_id, &site, false)?
            };
            made.push((*kind, id));
        }
        Ok(made)
    }
}

/// A person by role: nobody is named.
fn person(role: &str, part: &str, source: &str) -> SubjectInput {
    SubjectInput {
        kind: SubjectKind::Person,
        name: role.to_owned(),
        identifier: format!("公开报道·{role}"),
        region_code: None,
        note: source.to_owned(),
        part: part.to_owned(),
    }
}

fn place(at: &str, region: &str, role: SiteRole, source: &str) -> SiteInput {
    SiteInput { address: at.to_owned(), region_code: region.to_owned(), role, note: source.to_owned() }
}

fn input_of(named: &Named) -> Input {
    Input {
        title: named.title.to_owned(),
        summary: named.summary.to_owned(),
        region_code: named.region.to_owned(),
        source_kind: SourceKind::Other,
        source_note: named.source.to_owned(),
        sender_role: SenderRole::Reporter,
        charges: named.charge.into_iter().map(str::to_owned).collect(),
        brands: vec![named.brand.to_owned()],
        occurred_from: named.occurred.0,
        occurred_to: named.occurred.1,
        subjects: named.persons.iter().map(|(name, part)| person(name, part, named.source)).collect(),
        sites: named.places.iter().map(|(at, region, role)| place(at, region, *role, named.source)).collect(),
        public_source: named.source.to_owned(),
        ..Input::default()
    }
}

fn fact_of<'a>(result: &'a Outcome, names: &'a [(&'static str, Id)]) -> Fact<'a> {
    Fact {
        kind: result.kind,
        region: result.region,
        on: result.on,
        amount: result.yuan.map(|(yuan, qualifier)| Amount {
            fen: Fen(yuan * 100),
            qualifier,
            basis: Basis::Announced,
        }),
        quantity: result.quantity,
        names,
        source_kind: "published",
        source_name: result.source,
        source_url: "",
        synthetic: false,
    }
}
