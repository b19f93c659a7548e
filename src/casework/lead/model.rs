//! What a lead is, who may change it, and which way it can go. Pure: no database, no clock.

use chrono::NaiveDate;

use crate::{
    directory::people::{Actor, Role},
    platform::{
        db::{Id, Instant},
        error::{AppError, FieldError, Result},
        money::Amount,
        time,
        words::words,
    },
};

pub use crate::platform::money::{Basis, Qualifier};

words!(
    /// What a lead stores of its way; anything further is derived from its transfers.
    State {
        Draft = "draft",
        InReview = "in_review",
        Approved = "approved",
        Withdrawn = "withdrawn",
        Trashed = "trashed",
    }
);

words!(
    /// One thing that happened to a lead's state.
    Step {
        Created = "created",
        Submitted = "submitted",
        Returned = "returned",
        Approved = "approved",
        Withdrawn = "withdrawn",
        Reopened = "reopened",
        Trashed = "trashed",
        Restored = "restored",
    }
);

words!(
    /// As what the platform sends; decides notices, deadlines, remedies and the letter's words.
    SenderRole {
        /// 举报人
        Reporter = "reporter",
        /// 控告人, together with the rights holder
        AccuserJoint = "accuser_joint",
        /// 协助单位
        Assisting = "assisting",
    }
);

words!(
    /// 案源: where the suspicion came from.
    SourceKind {
        RiskModel = "risk_model",
        BrandNotice = "brand_notice",
        Complaint = "complaint",
        TestPurchase = "test_purchase",
        AgencyRequest = "agency_request",
        Other = "other",
    }
);

words!(
    /// What a subject is.
    SubjectKind {
        Person = "person",
        Company = "company",
        Shop = "shop",
        Account = "account",
        Phone = "phone",
        Vehicle = "vehicle",
    }
);

words!(
    /// What happens at a site: 生产、仓储、销售.
    SiteRole { Production = "production", Storage = "storage", Sale = "sale" }
);

impl Step {
    /// The state that `from` goes to by this step.
    ///
    /// # Errors
    /// `Conflict` with a message that says why not.
    pub fn from(self, from: State) -> Result<State> {
        use State::{Approved, Draft, InReview, Trashed, Withdrawn};
        match (self, from) {
            (Step::Submitted, Draft) => Ok(InReview),
            (Step::Approved, InReview) => Ok(Approved),
            (Step::Withdrawn, Draft | InReview | Approved) => Ok(Withdrawn),
            (Step::Trashed, Draft) => Ok(Trashed),
            (Step::Returned, InReview)
            | (Step::Reopened, Withdrawn | Approved)
            | (Step::Restored, Trashed) => Ok(Draft),
            (_, Trashed) => Err(AppError::Conflict("conflict-lead-trashed")),
            (Step::Submitted | Step::Trashed, _) => Err(AppError::Conflict("conflict-lead-not-draft")),
            (Step::Returned | Step::Approved, _) => Err(AppError::Conflict("conflict-lead-not-in-review")),
            (Step::Withdrawn, Withdrawn) => Err(AppError::Conflict("conflict-lead-withdrawn")),
            (Step::Reopened, _) => Err(AppError::Conflict("conflict-lead-open")),
            (Step::Restored, _) => Err(AppError::Conflict("conflict-lead-not-trashed")),
            (Step::Created, _) => Err(AppError::Conflict("conflict-lead-exists")),
        }
    }

    /// The verb of the audit log.
    pub fn verb(self) -> &'static str {
        match self {
            Step::Created => "lead.create",
            Step::Submitted => "lead.submit",
            Step::Returned => "lead.return",
            Step::Approved => "lead.approve",
            Step::Withdrawn => "lead.withdraw",
            Step::Reopened => "lead.reopen",
            Step::Trashed => "lead.trash",
            Step::Restored => "lead.restore",
        }
    }
}

/// A lead as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// In the order of creation; lists are paged by it.
    pub seq: i64,
    pub id: Id,
    /// `XS-2016-001184`; inside the platform only.
    pub number: String,
    pub year: i32,
    pub title: String,
    pub summary: String,
    /// GB/T 2260; empty while a draft has none.
    pub region_code: String,
    pub occurred_from: Option<NaiveDate>,
    pub occurred_to: Option<NaiveDate>,
    /// The estimated value, never negative.
    pub value: Option<Amount>,
    pub source_kind: SourceKind,
    pub source_note: String,
    pub sender_role: SenderRole,
    pub state: State,
    pub owner_id: Id,
    pub assignee_id: Option<Id>,
    pub synthetic: bool,
    /// Source line of a published fact, where the lead stands for one; else empty.
    pub public_source: String,
    /// Goes up with every change of the lead or its parts.
    pub revision: i32,
    pub created_at: Instant,
    pub updated_at: Instant,
}

impl Lead {
    /// Whether `person_id` is the one who works on it.
    pub fn is_worked_on_by(&self, person_id: Id) -> bool {
        self.owner_id == person_id || self.assignee_id == Some(person_id)
    }

    /// The date by which rules and names are taken: the beginning of the facts, else the day it was written down, where
    /// the law counts it.
    pub fn facts_date(&self) -> NaiveDate {
        self.occurred_from
            .or(self.occurred_to)
            .unwrap_or_else(|| time::day_of(self.created_at, time::DEFAULT_ZONE))
    }
}

/// The number of a lead; at least six digits, more where needed.
pub fn number(year: i32, n: i64) -> String {
    format!("XS-{year}-{n:06}")
}

/// Whether the actor is the lead's compiler: its owner or the one it is assigned to.
pub fn is_compiler_of(actor: &Actor, lead: &Lead) -> bool {
    actor.has(Role::Compiler) && lead.is_worked_on_by(actor.id)
}

/// The lead's compiler alone moves it.
///
/// # Errors
/// `Conflict`: somebody else's lead.
pub fn require_compiler_of(actor: &Actor, lead: &Lead) -> Result<()> {
    if is_compiler_of(actor, lead) { Ok(()) } else { Err(AppError::Conflict("conflict-lead-not-yours")) }
}

/// Fields, parts and evidence are changed by the lead's compiler, and only in a draft: what is in review or approved
/// is taken back first.
///
/// # Errors
/// `Conflict` that says which of both it is.
pub fn require_changeable(actor: &Actor, lead: &Lead) -> Result<()> {
    require_compiler_of(actor, lead)?;
    match lead.state {
        State::Draft => Ok(()),
        State::InReview => Err(AppError::Conflict("conflict-lead-in-review")),
        State::Approved => Err(AppError::Conflict("conflict-lead-approved")),
        State::Withdrawn => Err(AppError::Conflict("conflict-lead-withdrawn")),
        State::Trashed => Err(AppError::Conflict("conflict-lead-trashed")),
    }
}

/// Whether buttons for changing are shown.
pub fn is_changeable(actor: &Actor, lead: &Lead) -> bool {
    require_changeable(actor, lead).is_ok()
}

/// A manager, or the one who has it, gives a lead to somebody; not while it lies in the trash.
///
/// # Errors
/// `Conflict`.
pub fn require_assignable(actor: &Actor, lead: &Lead) -> Result<()> {
    if lead.state == State::Trashed {
        return Err(AppError::Conflict("conflict-lead-trashed"));
    }
    if actor.has(Role::Manager) { Ok(()) } else { require_compiler_of(actor, lead) }
}

/// What a draft may lack but a submitted lead must have. `charges`: how many it names; `rights_holders`: of how many
/// brands it says who holds the rights.
pub fn missing(lead: &Lead, charges: usize, rights_holders: usize) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut need = |is_there: bool, field: &str| {
        if !is_there {
            faults.push(FieldError::new(field, "error-required"));
        }
    };
    need(!lead.summary.is_empty(), "summary");
    need(!lead.region_code.is_empty(), "region");
    need(charges > 0, "charges");
    // Whoever accuses must be named: a brand is nobody.
    if lead.sender_role == SenderRole::AccuserJoint && rights_holders == 0 {
        faults.push(FieldError::new("rights_holder", "error-lead-no-accuser"));
    }
    faults
}

/// The parts of a lead that its papers list and of which it has nothing, by the last part of their page's address. None is
/// needed; but the papers will not mention them, so whoever forgot one is told before they are made.
pub fn unlisted(subjects: usize, sites: usize, listings: usize) -> Vec<&'static str> {
    let parts = [("subjects", subjects), ("sites", sites), ("listings", listings)];
    parts.into_iter().filter(|(_, n)| *n == 0).map(|(part, _)| part).collect()
}

/// What makes two mentions of a subject the same one: kind and identifier without blanks, marks and case; without an
/// identifier the name, for companies and shops only (two persons may share a name). Empty: never found again.
pub fn subject_key(kind: SubjectKind, name: &str, identifier: &str) -> String {
    let key = normal(identifier);
    match kind {
        _ if !key.is_empty() => key,
        SubjectKind::Company | SubjectKind::Shop => normal(name),
        SubjectKind::Person | SubjectKind::Account | SubjectKind::Phone | SubjectKind::Vehicle => {
            String::new()
        }
    }
}

/// What makes two mentions of a site the same one: region and address without blanks and marks.
pub fn site_key(region_code: &str, address: &str) -> String {
    format!("{region_code}:{}", normal(address))
}

/// What makes two offers the same one: the address of the page, without its scheme, its place within the page and what
/// only tells where a visitor came from. As a hash, for addresses may be long; empty for what is no address.
pub fn listing_key(address: &str) -> String {
    use sha2::{Digest, Sha256};
    let Ok(url) = url::Url::parse(address.trim()) else { return String::new() };
    let Some(host) = url.host_str() else { return String::new() };
    let is_trace = |name: &str| name.starts_with("utm_") || matches!(name, "spm" | "scm");
    let asked = url.query_pairs().filter(|(name, _)| !is_trace(name));
    let mut parts: Vec<String> = asked.map(|(name, value)| format!("{name}={value}")).collect();
    parts.sort_unstable();
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let host = host.strip_prefix("www.").unwrap_or(host);
    let page = format!("{host}{port}{}?{}", url.path().trim_end_matches('/'), parts.join("&"));
    data_encoding::HEXLOWER.encode(&Sha256::digest(page.as_bytes()))
}

/// What makes the shops of two offers the same one: the host of the page and the shop's name without blanks, marks and case, for
/// another platform's shop of this name is another one. Empty where either is not known.
pub fn shop_key(address: &str, shop: &str) -> String {
    let url = url::Url::parse(address.trim()).ok();
    let host =
        url.as_ref().and_then(url::Url::host_str).map(|host| host.strip_prefix("www.").unwrap_or(host));
    match (host, normal(shop)) {
        // In compatibility form a text may grow past what an index of PostgreSQL takes.
        (Some(host), name) if !name.is_empty() => format!("{host}:{name}").chars().take(300).collect(),
        _ => String::new(),
    }
}

/// Letters and digits alone, in compatibility form and lower case.
fn normal(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_step() -> impl Strategy<Value = Step> {
        proptest::sample::select(Step::ALL.to_vec())
    }

    proptest! {
        /// Whatever is tried in whatever order: nothing in the trash was ever in review, nothing is approved but out
        /// of a review, and no step but `restored` leads out of the trash.
        #[test]
        fn every_way_through_the_states_keeps_the_rules(steps in proptest::collection::vec(any_step(), 0..60)) {
            let mut state = State::Draft;
            for step in steps {
                let Ok(next) = step.from(state) else { continue };
                match next {
                    State::Approved => prop_assert_eq!((state, step), (State::InReview, Step::Approved)),
                    State::InReview => prop_assert_eq!(state, State::Draft),
                    State::Trashed => prop_assert_eq!(state, State::Draft),
                    State::Draft => prop_assert_ne!(state, State::Draft),
                    State::Withdrawn => prop_assert!(state != State::Trashed && state != State::Withdrawn),
                }
                if state == State::Trashed {
                    prop_assert_eq!(step, Step::Restored);
                }
                state = next;
            }
        }

        /// A number is read back as what it was made from, and is never shorter than six digits.
        #[test]
        fn a_number_says_its_year_and_its_count(year in 1990..2200i32, n in 1..100_000_000i64) {
            let number = number(year, n);
            let parts: Vec<&str> = number.split('-').collect();
            prop_assert_eq!((parts[0], parts[1].parse::<i32>()), ("XS", Ok(year)));
            prop_assert_eq!(parts[2].parse::<i64>(), Ok(n));
            prop_assert!(parts[2].len() >= 6);
        }

        /// Blanks, marks, width and case make no other subject.
        #[test]
        fn a_subject_is_the_same_however_its_identifier_is_written(
            word in "[A-Z0-9]{1,18}", at in 0..18usize,
        ) {
            let written: String = word
                .chars()
                .enumerate()
                .flat_map(|(n, c)| [(n == at).then_some('-'), Some(c.to_ascii_lowercase())])
                .flatten()
                .collect();
            let wide: String =
                word.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect();
            let key = |text: &str| subject_key(SubjectKind::Account, "", text);
            prop_assert_eq!(key(&word), key(&written));
            prop_assert_eq!(key(&word), key(&wide));
        }
    }

    #[test]
    fn an_offer_is_the_same_whichever_way_one_came_to_it() {
        let key = listing_key("https://shop.example/item?id=42");
        for same in [
            "http://www.shop.example/item/?id=42#reviews",
            "https://shop.example/item?utm_source=mail&id=42&spm=a.b",
        ] {
            assert_eq!(listing_key(same), key, "{same}");
        }
        for other in [
            "https://shop.example/item?id=43",
            "https://shop.example/item",
            "https://other.example/item?id=42",
        ] {
            assert_ne!(listing_key(other), key, "{other}");
        }
        assert_eq!((key.len(), listing_key("no address").as_str()), (64, ""));
    }

    #[test]
    fn a_shop_is_known_by_its_name_on_its_platform() {
        let key = shop_key("https://www.shop.example/item?id=42", "好运 鞋店（旗舰）");
        assert_eq!(key, "shop.example:好运鞋店旗舰");
        assert_eq!(shop_key("http://shop.example/other", "好运鞋店(旗舰)"), key);
        assert_ne!(shop_key("https://mall.example/item", "好运鞋店（旗舰）"), key, "another platform's");
        for (address, shop) in [("no address", "好运鞋店"), ("https://shop.example/1", " ！")] {
            assert_eq!(shop_key(address, shop), "");
        }
    }

    #[test]
    fn two_persons_of_one_name_are_two() {
        assert_eq!(subject_key(SubjectKind::Person, "某甲", ""), "");
        assert_eq!(subject_key(SubjectKind::Company, "示例 公司", ""), "示例公司");
        assert_eq!(subject_key(SubjectKind::Person, "某甲", "ID 1"), "id1");
    }
}
