//! The figures by region, type of agency, charge and month, each beside the year before.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    addresses::part_link,
    cube::Cube,
    report::{Figure, Group, Sum},
};
use crate::{
    directory::reference::{agency_types, charges, regions},
    platform::i18n::Lang,
};

type Names = (String, String);

/// A day of a year by which its names are taken.
pub(super) fn middle(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 6, 30).unwrap_or_default()
}

fn region_name(key: &str, year: i32) -> (String, Names) {
    let code = format!("{key}0000");
    let found = regions().get(&code, middle(year));
    let names =
        found.map_or_else(|| (code.clone(), code.clone()), |r| (r.name_zh.clone(), r.name_en.clone()));
    (code, names)
}

fn type_name(key: &str, _: i32) -> (String, Names) {
    let found = agency_types().get(key);
    let names = found.map_or_else(|| (key.into(), key.into()), |t| (t.name_zh.clone(), t.name_en.clone()));
    (key.to_owned(), names)
}

fn charge_name(key: &str, year: i32) -> (String, Names) {
    let name = |lang| charges().name(key, middle(year), lang).to_owned();
    (key.to_owned(), (name(Lang::Zh), name(Lang::En)))
}

/// A year beside the one before.
pub(super) struct Both<'a> {
    pub now: &'a Cube,
    pub prior: &'a Cube,
    pub year: i32,
    pub bound: Option<i64>,
}

impl Both<'_> {
    pub fn by_region(&self) -> Vec<Group> {
        self.groups("region", region_name)
    }

    pub fn by_type(&self) -> Vec<Group> {
        self.groups("type", type_name)
    }

    pub fn by_charge(&self) -> Vec<Group> {
        self.groups("charge", charge_name)
    }

    fn groups(&self, dim: &str, names: fn(&str, i32) -> (String, Names)) -> Vec<Group> {
        let mut keys = self.now.keys(dim);
        keys.extend(self.prior.keys(dim));
        let mut groups: Vec<Group> =
            keys.iter().map(|key| self.group(dim, key, names(key, self.year))).collect();
        groups.sort_by(|a, b| {
            let order = |g: &Group| (g.leads_sent, g.suspects_arrested, g.case_value.fen);
            order(b).cmp(&order(a)).then_with(|| a.code.cmp(&b.code))
        });
        groups
    }

    /// Every month, whether anything happened in it or not.
    pub fn by_month(&self) -> Vec<Group> {
        let group = |month: u32| {
            let key = format!("{month:02}");
            let code = format!("{}-{key}", self.year);
            self.group("month", &key, (code.clone(), (code.clone(), code)))
        };
        (1..=12).map(group).collect()
    }

    fn group(&self, dim: &str, key: &str, (code, names): (String, Names)) -> Group {
        let prior = part(self.prior, dim, key, code.clone(), names.clone());
        let now = part(self.now, dim, key, code, names);
        let value = match dim {
            "month" => key.trim_start_matches('0'),
            _ => now.code.as_str(),
        };
        let links = Figure::ALL
            .into_iter()
            .filter(|figure| now.count(*figure) != 0)
            .map(|figure| (figure.as_str().to_owned(), part_link(figure, self.year, self.bound, dim, value)));
        Group { links: links.collect(), prior: Some(Box::new(prior)), ..now }
    }
}

fn part(cube: &Cube, dim: &str, key: &str, code: String, (name, name_en): Names) -> Group {
    let n = |figure: Figure| cube.at(figure.as_str(), dim, key).n;
    let value = cube.at("case_value", dim, key);
    Group {
        code,
        name,
        name_en,
        leads_sent: n(Figure::LeadsSent),
        leads_acknowledged: n(Figure::LeadsAcknowledged),
        leads_accepted: n(Figure::LeadsAccepted),
        cases_filed: n(Figure::CasesFiled),
        suspects_arrested: n(Figure::SuspectsArrested),
        sites_raided: n(Figure::SitesRaided),
        persons_prosecuted: n(Figure::PersonsProsecuted),
        case_value: Sum { fen: value.fen(), qualifier: value.qualifier() },
        goods_seized: n(Figure::GoodsSeized),
        judgments: n(Figure::Judgments),
        penalties: n(Figure::Penalties),
        links: BTreeMap::new(),
        prior: None,
    }
}
