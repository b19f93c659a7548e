//! Draws leads, one after the other, into rows.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use rand::{Rng, rngs::StdRng, seq::SliceRandom};

use super::{
    tables::Tables,
    words,
    world::{Addressee, Way, World, id_at},
};
use crate::{
    audit::Entry,
    casework::lead::{
        model::{self, SenderRole, SiteRole, SourceKind, State, Step, SubjectKind},
        parts::shops,
    },
    platform::{
        db::{Id, Instant},
        error::Result,
        keys::SigningKey,
        time,
    },
};

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;

/// Draws leads into waiting rows. What it keeps from lead to lead are numbers and the cases that still take leads.
pub(super) struct Drawer<'a> {
    pub world: &'a World,
    pub signer: &'a SigningKey,
    /// The signing key's row.
    pub key: Id,
    pub rows: Tables,
    /// Named counters as they stand.
    pub counters: HashMap<String, i64>,
    pub entries: Vec<(Id, Entry)>,
    /// Leads of the waiting rows.
    pub leads: Vec<Id>,
    pub rng: StdRng,
    pub cases: HashMap<usize, super::cases::Growing>,
    objects: Vec<(&'static str, Id)>,
}

/// The lead that is being drawn.
pub(super) struct Draft<'a> {
    pub n: u32,
    pub id: Id,
    pub number: String,
    pub made: Instant,
    pub owner: Id,
    pub approver: Id,
    /// Its place among the addressees.
    pub to: usize,
    pub addressee: &'a Addressee,
    pub region: String,
    pub sender_role: SenderRole,
    /// Entry of the log that names everything drawn with the lead.
    pub entry: Id,
    /// Persons and sites.
    pub persons: Vec<Id>,
    pub sites: Vec<Id>,
    /// Evidence with its place among the shared files.
    pub evidence: Vec<(Id, usize)>,
}

impl<'a> Drawer<'a> {
    pub fn new(world: &'a World, signer: &'a SigningKey, key: Id) -> Self {
        Self {
            world,
            signer,
            key,
            rows: Tables::new(),
            counters: HashMap::new(),
            entries: Vec::new(),
            leads: Vec::new(),
            rng: world.rng(0),
            cases: HashMap::new(),
            objects: Vec::new(),
        }
    }

    pub fn id(&mut self, at: Instant) -> Id {
        id_at(at, &mut self.rng)
    }

    /// The next number of a counter; the caller has filled [`Drawer::counters`] from the database.
    pub fn number(&mut self, counter: String) -> i64 {
        let stand = self.counters.entry(counter).or_default();
        *stand += 1;
        *stand
    }

    /// Something that the entry of the lead names.
    pub fn names(&mut self, kind: &'static str, id: Id) {
        self.objects.push((kind, id));
    }

    pub fn later(&mut self, at: Instant, from: i64, to: i64) -> Instant {
        at.plus_seconds(self.rng.gen_range(from..to))
    }

    pub fn day(&self, at: Instant) -> NaiveDate {
        time::day_of(at, self.world.zone)
    }

    pub fn one_of(&mut self, ids: &[Id]) -> Id {
        ids.choose(&mut self.rng).copied().unwrap_or_else(Id::new)
    }

    /// Draws lead `n` with everything that came of it.
    ///
    /// # Errors
    /// The signing key fails.
    pub fn lead(&mut self, n: u32) -> Result<()> {
        self.rng = self.world.rng(n);
        let way = self.world.way(n, &mut self.rng);
        let mut draft = self.begin(n);
        let submitted = self.later(draft.made, DAY, 6 * DAY);
        let approved = self.later(submitted, 2 * HOUR, 3 * DAY);
        let (state, steps) = course(way, submitted, approved);
        let updated = steps.last().map_or(submitted, |(_, at)| *at);
        self.facts(&draft, state, updated);
        self.steps(&draft, &steps);
        self.subjects(&mut draft);
        self.sites(&mut draft);
        self.listings(&draft);
        self.evidence(&mut draft);
        self.names("lead", draft.id);
        self.leads.push(draft.id);
        let decided = (way != Way::InReview).then_some(approved);
        if matches!(way, Way::InReview | Way::Approved | Way::Sent(_)) {
            let dossier = self.dossier(&draft, submitted, decided)?;
            if let Way::Sent(last) = way {
                self.transfer(&draft, dossier, approved, last)?;
            }
        }
        let mut entry = Entry::new(super::VERB).fact("n", n + 1).fact("seed", self.world.seed.to_string());
        for (kind, id) in self.objects.drain(..) {
            entry = entry.object(kind, id);
        }
        self.entries.push((draft.entry, entry));
        Ok(())
    }

    fn begin(&mut self, n: u32) -> Draft<'a> {
        let world = self.world;
        let made = world.made_at(n);
        let year = time::year_of(made, world.zone);
        let number = model::number(year, self.number(format!("lead-{year}")));
        let to = self.rng.gen_range(0..world.addressees.len());
        let addressee = &world.addressees[to];
        let region = addressee.regions.choose(&mut self.rng).cloned().unwrap_or_default();
        let owner = self.one_of(&world.owners);
        let others: Vec<Id> = world.approvers.iter().copied().filter(|id| *id != owner).collect();
        let roles = [SenderRole::Reporter, SenderRole::Assisting];
        Draft {
            n,
            id: self.id(made),
            number,
            made,
            owner,
            approver: self.one_of(&others),
            to,
            addressee,
            region,
            sender_role: roles[usize::from(self.rng.gen_ratio(1, 6))],
            entry: Id::new(),
            persons: Vec::new(),
            sites: Vec::new(),
            evidence: Vec::new(),
        }
    }

    fn facts(&mut self, draft: &Draft<'_>, state: State, updated: Instant) {
        let world = self.world;
        let (goods, charges) = words::GOODS[self.rng.gen_range(0..words::GOODS.len())];
        let brand = self.rng.gen_range(0..world.brands.len());
        let pick = |rng: &mut StdRng, words: &[&'static str]| words[rng.gen_range(0..words.len())];
        let (act, who) = (pick(&mut self.rng, &words::ACTS), pick(&mut self.rng, &words::WHO));
        let name = words::brand(brand);
        let title = format!("疑似{act}{name}{goods}的{who}（合成）");
        let sign = pick(&mut self.rng, &words::SIGNS);
        let summary =
            format!("合成线索：{who}{act}“{name}”{goods}，{sign}。为负载测试而生成，与真实单位和个人无关。");
        let year = time::year_of(draft.made, world.zone);
        let day = self.day(draft.made);
        let yuan: i64 = self.rng.gen_range(5..400) * self.rng.gen_range(1..60) * 1_000;
        let has_value = self.rng.gen_ratio(9, 10);
        let source = SourceKind::ALL[self.rng.gen_range(0..SourceKind::ALL.len())];
        let assignee = self.rng.gen_ratio(1, 8).then(|| self.one_of(&world.owners));
        self.rows.lead.push([
            draft.id.into(),
            draft.number.as_str().into(),
            year.into(),
            title.into(),
            summary.into(),
            draft.region.as_str().into(),
            day.checked_sub_days(Days::new(self.rng.gen_range(30..200))).into(),
            day.checked_sub_days(Days::new(self.rng.gen_range(1..30))).into(),
            has_value.then_some(yuan * 100).into(),
            has_value.then_some("estimated").into(),
            has_value.then_some("list_price").into(),
            source.as_str().into(),
            "".into(),
            draft.sender_role.as_str().into(),
            state.as_str().into(),
            draft.owner.into(),
            assignee.into(),
            true.into(),
            draft.made.into(),
            updated.into(),
        ]);
        charges.iter().for_each(|code| self.rows.lead_charge.push([draft.id.into(), (*code).into()]));
        self.rows.lead_brand.push([draft.id.into(), world.brands[brand].into()]);
        if self.rng.gen_ratio(1, 5) {
            let second = world.brands[(brand + 1) % world.brands.len()];
            self.rows.lead_brand.push([draft.id.into(), second.into()]);
        }
        self.rows.lead_writer.push([draft.id.into(), draft.owner.into()]);
    }

    fn steps(&mut self, draft: &Draft<'_>, steps: &[(Step, Instant)]) {
        for (step, at) in std::iter::once(&(Step::Created, draft.made)).chain(steps) {
            let actor = if *step == Step::Approved { draft.approver } else { draft.owner };
            let id = self.id(*at);
            let row = [id.into(), draft.id.into(), step.as_str().into(), actor.into(), (*at).into()];
            self.rows.lead_step.push(row);
        }
    }

    fn subjects(&mut self, draft: &mut Draft<'_>) {
        let (seed, n) = (self.world.seed, draft.n);
        for i in 0..self.rng.gen_range(1..=3) {
            let kind = if i == 0 { SubjectKind::Shop } else { SubjectKind::Person };
            let id = self.id(draft.made);
            let (name, code) = match kind {
                SubjectKind::Shop => (format!("合成店铺 {seed}-{n}"), format!("SYN-S-{seed}-{n}")),
                _ => (format!("合成嫌疑人 {seed}-{n}-{i}"), format!("SYN-P-{seed}-{n}-{i}")),
            };
            self.rows.subject(id, kind, &name, &code, draft.made);
            let part = if i == 0 { "销售店铺" } else { "嫌疑人" };
            let region = draft.region.as_str();
            self.rows.lead_subject.push([
                draft.id.into(),
                id.into(),
                name.into(),
                code.into(),
                part.into(),
                region.into(),
            ]);
            if i > 0 {
                draft.persons.push(id);
            }
        }
        if self.rng.gen_ratio(1, 12) {
            let known = self.rng.gen_range(0..self.world.known_subjects());
            let id = self.world.known_subject(known);
            let name = self.world.known_subject_name(known);
            let code = self.world.known_subject_code(known);
            let (part, none) = ("再次涉及的人员", None::<&str>);
            self.rows.lead_subject.push([
                draft.id.into(),
                id.into(),
                name.into(),
                code.into(),
                part.into(),
                none.into(),
            ]);
            draft.persons.push(id);
        }
    }

    fn sites(&mut self, draft: &mut Draft<'_>) {
        let (seed, n) = (self.world.seed, draft.n);
        for i in 0..self.rng.gen_range(0..=2usize) {
            let id = self.id(draft.made);
            let street = words::STREETS[self.rng.gen_range(0..words::STREETS.len())];
            let address = format!("{street} {seed}-{n}-{} 号", i + 1);
            let key = model::site_key(&draft.region, &address);
            let row = [
                id.into(),
                address.into(),
                draft.region.as_str().into(),
                true.into(),
                key.into(),
                draft.made.into(),
            ];
            self.rows.site.push(row);
            let role = SiteRole::ALL[self.rng.gen_range(0..SiteRole::ALL.len())];
            self.rows.lead_site.push([draft.id.into(), id.into(), role.as_str().into(), "".into()]);
            draft.sites.push(id);
        }
    }

    fn listings(&mut self, draft: &Draft<'_>) {
        for i in 0..self.rng.gen_range(1..=3) {
            let id = self.id(draft.made);
            let item = format!("{}{:07}{i}", self.world.seed % 1_000, draft.n);
            let price: i64 = self.rng.gen_range(990..99_900);
            let sold: i64 = self.rng.gen_range(3..9_000);
            let seen = self.day(draft.made).checked_sub_days(Days::new(self.rng.gen_range(1..20)));
            let url = format!("https://shop.example/item/{item}");
            let shop = format!("合成店铺 {}-{}", self.world.seed, draft.n);
            let key = shops::key(&url, &shop);
            self.rows.listing.push([
                id.into(),
                draft.id.into(),
                url.into(),
                format!("合成商品 {item}").into(),
                item.into(),
                shop.into(),
                key.into(),
                price.into(),
                sold.into(),
                seen.into(),
                draft.made.into(),
            ]);
        }
    }

    fn evidence(&mut self, draft: &mut Draft<'_>) {
        let world = self.world;
        let first = self.rng.gen_range(0..world.files.len());
        for i in 0..self.rng.gen_range(1..=3usize) {
            let which = (first + i) % world.files.len();
            let file = &world.files[which];
            let (id, at) = (self.id(draft.made), draft.made.plus_seconds(HOUR));
            self.rows.evidence.push([
                id.into(),
                draft.id.into(),
                i64::try_from(i + 1).unwrap_or_default().into(),
                "file".into(),
                file.category.as_str().into(),
                file.name.into(),
                "负载测试用合成材料".into(),
                format!("https://shop.example/item/{}", draft.n).into(),
                "合成采集人".into(),
                draft.made.plus_seconds(-DAY).into(),
                "网页截图、后台导出（合成）".into(),
                "lead-handoff generate".into(),
                "".into(),
                "平台（提供人）".into(),
                file.blob.into(),
                draft.owner.into(),
                at.into(),
                true.into(),
            ]);
            draft.evidence.push((id, which));
        }
    }
}

/// The state that a way leads to, and the steps to it.
fn course(way: Way, submitted: Instant, approved: Instant) -> (State, Vec<(Step, Instant)>) {
    let sent = (Step::Submitted, submitted);
    match way {
        Way::Draft => (State::Draft, vec![]),
        Way::Trashed => (State::Trashed, vec![(Step::Trashed, submitted)]),
        Way::Withdrawn => (State::Withdrawn, vec![(Step::Withdrawn, submitted)]),
        Way::InReview => (State::InReview, vec![sent]),
        Way::Approved | Way::Sent(_) => (State::Approved, vec![sent, (Step::Approved, approved)]),
    }
}
