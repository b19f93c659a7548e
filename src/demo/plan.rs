//! Deals yearly totals out over leads and cases: pure, the same for the same seed, exact to the last person and fen.

use chrono::{Datelike, Duration, NaiveDate, Weekday};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// What a group's rows must add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    pub leads: u32,
    pub persons: u32,
    pub sites: u32,
    /// In yuan.
    pub yuan: i64,
    pub prosecuted: u32,
}

/// Places of one part of a year, and their totals.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    pub year: i32,
    /// First month that leads were sent in.
    pub from_month: u32,
    /// Prefectures, each with its share.
    pub places: &'static [(&'static str, u32)],
    pub quota: Quota,
    /// `exact`, `over`, `about` …
    pub qualifier: &'static str,
}

/// A synthetic lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadPlan {
    pub place: &'static str,
    pub sent_on: NaiveDate,
    /// Index into the products that the ledger names.
    pub product: usize,
    pub yuan: i64,
    pub persons: u32,
    pub sites: u32,
    /// Index into [`Plan::cases`]; `None`: accepted, then not filed.
    pub case: Option<usize>,
}

/// A synthetic case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePlan {
    pub place: &'static str,
    pub filed_on: NaiveDate,
    pub acted_on: NaiveDate,
    pub yuan: i64,
    /// Of its persons, how many were prosecuted in the year.
    pub prosecuted: u32,
}

/// A year's part, dealt out.
#[derive(Clone, Debug)]
pub struct Plan {
    pub year: i32,
    pub qualifier: &'static str,
    pub leads: Vec<LeadPlan>,
    pub cases: Vec<CasePlan>,
}

/// How many kinds of goods the ledger knows.
pub const PRODUCTS: usize = 12;
/// Share of leads that were filed, in percent.
const FILED: u32 = 70;

impl Plan {
    pub fn deal(group: &Group, seed: u64) -> Plan {
        let salt = u64::from(group.quota.leads) << 32 | u64::from(group.year.unsigned_abs());
        let mut rng = StdRng::seed_from_u64(seed ^ salt);
        let mut plan = Plan { year: group.year, qualifier: group.qualifier, leads: vec![], cases: vec![] };
        let shares: Vec<u64> = group.places.iter().map(|(_, share)| u64::from(*share)).collect();
        let leads = spread(u64::from(group.quota.leads), &shares);
        for ((place, _), n) in group.places.iter().zip(leads) {
            plan.deal_place(group, place, n, &mut rng);
        }
        plan.deal_results(&group.quota, &mut rng);
        plan
    }

    fn deal_place(&mut self, group: &Group, place: &'static str, leads: u64, rng: &mut StdRng) {
        let filed = leads * u64::from(FILED) / 100;
        let mut room = 0u32;
        for n in 0..leads {
            let sent_on = workday(group.year, group.from_month, rng);
            let case = (n < filed).then(|| {
                if room == 0 {
                    room = rng.gen_range(1..=3);
                    let filed_on = (sent_on + Duration::days(rng.gen_range(5..30))).min(last_day(group.year));
                    let acted_on =
                        (filed_on + Duration::days(rng.gen_range(3..40))).min(last_day(group.year));
                    self.cases.push(CasePlan { place, filed_on, acted_on, yuan: 0, prosecuted: 0 });
                }
                room -= 1;
                self.cases.len() - 1
            });
            // A lead can't be sent after the case that it is joined to was filed.
            let sent_on = case.map_or(sent_on, |c| sent_on.min(self.cases[c].filed_on - Duration::days(4)));
            let product = rng.gen_range(0..PRODUCTS);
            self.leads.push(LeadPlan { place, sent_on, product, yuan: 0, persons: 0, sites: 0, case });
        }
    }

    /// Persons and sites go to leads that were filed, values and prosecutions to their cases.
    fn deal_results(&mut self, quota: &Quota, rng: &mut StdRng) {
        let filed: Vec<usize> = (0..self.leads.len()).filter(|i| self.leads[*i].case.is_some()).collect();
        let weights: Vec<u64> = filed.iter().map(|_| rng.gen_range(1..10)).collect();
        for (i, n) in filed.iter().zip(spread(u64::from(quota.persons), &weights)) {
            self.leads[*i].persons = u32::try_from(n).unwrap_or(u32::MAX);
        }
        let weights: Vec<u64> = filed.iter().map(|_| rng.gen_range(2..9)).collect();
        for (i, n) in filed.iter().zip(spread(u64::from(quota.sites), &weights)) {
            self.leads[*i].sites = u32::try_from(n).unwrap_or(u32::MAX);
        }
        let mut persons = vec![0u32; self.cases.len()];
        for lead in &self.leads {
            if let Some(case) = lead.case {
                persons[case] += lead.persons;
            }
        }
        // Few large cases and many small ones, as it is.
        let weights: Vec<u64> =
            self.cases.iter().map(|_| u64::from(rng.gen_range(1u32..30)).pow(2)).collect();
        let yuan = spread(quota.yuan.unsigned_abs(), &weights);
        let weights: Vec<u64> = persons.iter().map(|n| u64::from(*n)).collect();
        let prosecuted = spread(u64::from(quota.prosecuted), &weights);
        for (i, case) in self.cases.iter_mut().enumerate() {
            case.yuan = i64::try_from(yuan[i]).unwrap_or(i64::MAX);
            case.prosecuted = u32::try_from(prosecuted[i]).unwrap_or(0).min(persons[i]);
        }
        for lead in &mut self.leads {
            // What the platform knew beforehand: well above the 50,000 that every lead of the year passed.
            lead.yuan = rng.gen_range(6..400) * 10_000;
        }
    }
}

/// Deals `total` out by weight, exact in sum (largest remainder; ties go to the earlier).
pub fn spread(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|w| u128::from(*w)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact = |w: &u64| u128::from(total) * u128::from(*w);
    let mut parts: Vec<u64> =
        weights.iter().map(|w| u64::try_from(exact(w) / sum).unwrap_or(u64::MAX)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(exact(&weights[*i]) % sum));
    let left = usize::try_from(total - parts.iter().sum::<u64>()).unwrap_or(0);
    for i in order.into_iter().take(left) {
        parts[i] += 1;
    }
    parts
}

fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default()
}

/// A Monday to Friday of the year, early enough for something to come of it in the same year.
fn workday(year: i32, from_month: u32, rng: &mut StdRng) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(year, from_month, 4).unwrap_or_default();
    let span = (last_day(year) - first).num_days() - 25;
    let day = first + Duration::days(rng.gen_range(0..span));
    match day.weekday() {
        Weekday::Sat => day - Duration::days(1),
        Weekday::Sun => day + Duration::days(1),
        _ => day,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLACES: &[(&str, u32)] = &[("330100", 5), ("440100", 3), ("310000", 1)];

    proptest! {
        #[test]
        fn every_total_comes_out_to_the_last_one(
            leads in 10u32..400, persons in 0u32..500, sites in 0u32..900, yuan in 0i64..3_000_000_000, seed: u64,
        ) {
            let quota = Quota { leads, persons, sites, yuan, prosecuted: persons / 9 };
            let group = Group { year: 2016, from_month: 1, places: PLACES, quota, qualifier: "exact" };
            let plan = Plan::deal(&group, seed);
            prop_assert_eq!(plan.leads.len(), leads as usize);
            prop_assert_eq!(plan.leads.iter().map(|l| l.persons).sum::<u32>(), persons);
            prop_assert_eq!(plan.leads.iter().map(|l| l.sites).sum::<u32>(), sites);
            prop_assert_eq!(plan.cases.iter().map(|c| c.yuan).sum::<i64>(), yuan);
            for lead in &plan.leads {
                prop_assert_eq!(lead.sent_on.year(), 2016);
                if let Some(case) = lead.case {
                    let case = &plan.cases[case];
                    prop_assert!(lead.sent_on < case.filed_on && case.filed_on <= case.acted_on);
                    prop_assert_eq!(case.acted_on.year(), 2016);
                    prop_assert_eq!(case.place, lead.place);
                }
            }
        }

        #[test]
        fn spreading_loses_nothing(total in 0u64..5_000_000_000, weights in prop::collection::vec(0u64..1000, 1..60)) {
            let parts = spread(total, &weights);
            let all: u64 = parts.iter().sum();
            prop_assert_eq!(all, if weights.iter().all(|w| *w == 0) { 0 } else { total });
        }
    }
}
