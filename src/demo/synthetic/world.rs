//! What leads are drawn in: people, agencies, shared files, the span of time. And what is drawn of a lead's way. Pure.

use chrono::NaiveDate;
use rand::{Rng, SeedableRng, rngs::StdRng};
use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::{
    handover::transfer::model::StepKind,
    platform::{
        db::{Id, Instant},
        time::{self, Tz},
    },
};

/// Leads are of these years, so that those of the 2016 sample stay as they are, and everything is past.
pub(super) const FIRST_DAY: (i32, u32, u32) = (2019, 1, 2);
const LAST_DAY: (i32, u32, u32) = (2025, 6, 30);

/// Those of the last leads that are still on their way, as a share of all, in percent.
const OPEN: u64 = 8;

/// An agency that leads go to.
pub(super) struct Addressee {
    pub id: Id,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub ack_days: Option<i32>,
    /// Its own region, and those right under it.
    pub regions: Vec<String>,
}

/// A file in the vault that many leads share.
pub(super) struct SharedFile {
    pub blob: Id,
    pub name: &'static str,
    pub category: String,
    pub size: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// Everything that drawing needs and does not change.
pub(super) struct World {
    pub seed: u64,
    pub leads: u32,
    pub zone: Tz,
    pub owners: Vec<Id>,
    pub approvers: Vec<Id>,
    pub managers: Vec<Id>,
    pub addressees: Vec<Addressee>,
    /// Ids of the marks, by [`super::words::brand`].
    pub brands: Vec<Id>,
    pub files: Vec<SharedFile>,
    pub package: SharedFile,
}

/// How far a lead comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Draft,
    Trashed,
    Withdrawn,
    InReview,
    Approved,
    /// Sent; the agency's last step, if it took one.
    Sent(Option<StepKind>),
}

/// Ways with their weight among the leads that are settled, and among the last ones.
const WAYS: [(Way, u32, u32); 14] = [
    (Way::Draft, 4, 150),
    (Way::Trashed, 6, 10),
    (Way::Withdrawn, 15, 20),
    (Way::InReview, 0, 80),
    (Way::Approved, 2, 60),
    (Way::Sent(None), 0, 120),
    (Way::Sent(Some(StepKind::Received)), 0, 120),
    (Way::Sent(Some(StepKind::Accepted)), 120, 160),
    (Way::Sent(Some(StepKind::SupplementRequested)), 0, 40),
    (Way::Sent(Some(StepKind::Filed)), 700, 200),
    (Way::Sent(Some(StepKind::NotFiled)), 60, 10),
    (Way::Sent(Some(StepKind::NotAccepted)), 50, 20),
    (Way::Sent(Some(StepKind::Returned)), 40, 10),
    (Way::Sent(Some(StepKind::Withdrawn)), 3, 0),
];

fn day((y, m, d): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
}

impl World {
    /// Where the whole begins.
    pub fn beginning(&self) -> Instant {
        time::start_of_day(day(FIRST_DAY), self.zone)
    }

    /// The chance of lead `n`: the same whatever was drawn before it.
    pub fn rng(&self, n: u32) -> StdRng {
        seeded(&[b"lead", &self.seed.to_be_bytes()[..], &self.leads.to_be_bytes(), &n.to_be_bytes()])
    }

    /// When lead `n` was written down: one after the other, evenly over the years.
    pub fn made_at(&self, n: u32) -> Instant {
        let (from, to) = (self.beginning().micros(), time::end_of_day(day(LAST_DAY), self.zone).micros());
        let share = i128::from(to - from) * i128::from(n) / i128::from(self.leads.max(1));
        Instant::from_micros(from + i64::try_from(share).unwrap_or_default())
    }

    /// Whether lead `n` is among the last ones.
    pub fn is_open(&self, n: u32) -> bool {
        u64::from(n) * 100 >= u64::from(self.leads) * (100 - OPEN)
    }

    pub fn way(&self, n: u32, rng: &mut StdRng) -> Way {
        let is_open = self.is_open(n);
        let weight = |(_, settled, open): &(Way, u32, u32)| if is_open { *open } else { *settled };
        let mut left = rng.gen_range(0..WAYS.iter().map(weight).sum());
        for one in &WAYS {
            if left < weight(one) {
                return one.0;
            }
            left -= weight(one);
        }
        Way::Draft
    }

    /// Subjects that more than one lead names.
    pub fn known_subjects(&self) -> u32 {
        self.leads / 60 + 1
    }

    /// The id of such a subject, by the seed alone.
    pub fn known_subject(&self, k: u32) -> Id {
        let mut rng = seeded(&[b"subject", &self.seed.to_be_bytes()[..], &k.to_be_bytes()]);
        id_at(self.beginning(), &mut rng)
    }

    /// Its name.
    pub fn known_subject_name(&self, k: u32) -> String {
        format!("合成再犯人员 {}-{k}", self.seed)
    }

    /// Its number.
    pub fn known_subject_code(&self, k: u32) -> String {
        format!("SYN-R-{}-{k}", self.seed)
    }

    /// The id of a mark, by its number alone.
    pub fn brand(&self, k: usize) -> Id {
        id_at(self.beginning(), &mut seeded(&[b"brand", &k.to_be_bytes()[..]]))
    }
}

fn seeded(parts: &[&[u8]]) -> StdRng {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    StdRng::from_seed(hash.finalize().into())
}

/// An identity of that moment, its rest by chance.
pub(super) fn id_at(at: Instant, rng: &mut StdRng) -> Id {
    let millis = u64::try_from(at.micros() / 1_000).unwrap_or_default();
    Id::from(Builder::from_unix_timestamp_millis(millis, &rng.r#gen()).into_uuid())
}
