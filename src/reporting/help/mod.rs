//! The guide: what each role does in short and in full, the words of the product, and a tour that ticks what was really
//! done. And the page of components, for those who build pages.

mod glossary;
mod guide;
mod own;
pub mod progress;
mod tour;

mod keys;

mod states;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono_tz::Tz;

use crate::{
    casework::dossier::verify::{Code, ReceiptCode},
    directory::people::{Actor, Admin, Role, session},
    platform::{
        db::Instant,
        error::Result,
        http::{assets, components::ComponentsPage, html, layout::Chrome, view::Link},
        i18n,
        keyring::{self, KnownKey},
        keys::{PublicKey, Succession},
        paths,
        services::Services,
        time,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(paths::HELP, web::get().to(overview))
        .route(paths::GLOSSARY, web::get().to(glossary::page))
        .route(paths::TOUR, web::get().to(tour::page))
        .route("/help/keys", web::get().to(keys::keys))
        .route("/help/{guide}", web::get().to(guide::page))
        .route(paths::VERIFY, web::get().to(verify))
        .route("/admin/components", web::get().to(components));
}

/// What the page's script can say; the message is `verify-page-<word>`. It fills in `{file}` and the like.
const WORDS: [&str; 29] = [
    "state-whole",
    "state-faulty",
    "state-unreadable",
    "state-failed",
    "more",
    "checked",
    "files",
    "signature-good",
    "signature-good-ours",
    "signature-followed",
    "signature-other",
    "signature-false",
    "signature-cannot",
    "left",
    "stamps",
    "witness-proved",
    "receipt-passkey",
    "receipt-ours",
    "receipt-other",
    "receipt-faulty",
    "says",
    "seal",
    "manifest",
    "name-field",
    "choose",
    "choose-receipt",
    "choose-mark",
    "key-unread",
    "running",
];

/// What it says in the words of the command; the message is `verify-<word>`.
const SHARED: [&str; 61] = [
    "part-file",
    "part-result",
    "part-faults",
    "part-seal",
    "part-sent",
    "part-receipt",
    "part-receipt-says",
    "part-log",
    "part-stamps",
    "part-withheld",
    "part-open",
    "part-checker",
    "label-file",
    "label-size",
    "label-sha256",
    "label-checked",
    "label-program",
    "label-composed",
    "label-composer-role",
    "label-composer",
    "composer-not-named",
    "label-approved",
    "label-role",
    "label-approver",
    "label-approval-entry",
    "label-passkey",
    "approval-unconfirmed",
    "approval-broken",
    "approval-code",
    "label-signer",
    "label-fingerprint",
    "label-addressee",
    "label-transfer",
    "label-received-by",
    "label-received-at",
    "label-recorded-at",
    "label-log",
    "label-log-index",
    "label-log-size",
    "label-log-entry",
    "sent-note",
    "sent-received",
    "receipt-note",
    "receipt-unproven",
    "receipt-package-not-authentic",
    "proved-receipt",
    "log-proven",
    "log-untrusted",
    "log-unproven",
    "log-time",
    "stamps-none",
    "withheld-note",
    "withheld-none",
    "open-truth",
    "open-key",
    "open-sent",
    "open-log",
    "paper-name",
    "paper-unit",
    "paper-signature",
    "paper-date",
];

/// The faults that the page finds; the messages are the command's, `verify-fault-<code>`.
const FAULTS: [Code; 31] = [
    Code::Hash,
    Code::ManifestMissing,
    Code::ManifestExtra,
    Code::Missing,
    Code::Form,
    Code::Json,
    Code::SealManifest,
    Code::SealContent,
    Code::SealFacts,
    Code::ApprovalSeal,
    Code::ApprovalStatement,
    Code::ApprovalOrder,
    Code::ApprovalForm,
    Code::ApprovalChallenge,
    Code::ApprovalOrigin,
    Code::ApprovalSite,
    Code::ApprovalPresence,
    Code::ApprovalVerification,
    Code::ApprovalKey,
    Code::ApprovalSignature,
    Code::KeyStep,
    Code::KeySeal,
    Code::Signature,
    Code::HeadSignature,
    Code::ProofCheckpoint,
    Code::ProofOrigin,
    Code::ProofPath,
    Code::ProofLeaf,
    Code::ProofManifest,
    Code::ProofSeal,
    Code::Cosignature,
];

/// The faults of a receipt that it finds; the messages are the command's, `verify-receipt-fault-<code>`.
const RECEIPT_FAULTS: [ReceiptCode; 11] = [
    ReceiptCode::Json,
    ReceiptCode::Schema,
    ReceiptCode::Form,
    ReceiptCode::Signature,
    ReceiptCode::Fingerprint,
    ReceiptCode::Seal,
    ReceiptCode::Manifest,
    ReceiptCode::Facts,
    ReceiptCode::OrderReceived,
    ReceiptCode::OrderSent,
    ReceiptCode::OrderSigned,
];

/// What it says of a receipt and of witnesses in the words of the command, with what it fills in; the message is
/// `verify-<word>`.
const FILLED: [(&str, &[&str]); 7] = [
    ("receipt-proved-code", &RECEIVED),
    ("receipt-proved-password", &RECEIVED),
    ("receipt-proved-scan", &RECEIVED),
    ("receipt-proved-other", &RECEIVED),
    ("witness", &COSIGNED),
    ("witness-unchecked", &COSIGNED),
    ("witness-silent", &COSIGNED),
];
const RECEIVED: [&str; 9] =
    ["agency", "name", "account", "time", "zone", "issuer", "shown", "strength", "scan"];
const COSIGNED: [&str; 3] = ["name", "key", "time"];

/// Every word of the page's script with its text; what the script fills in stands in braces.
fn words(c: &Chrome) -> Vec<(String, String)> {
    let own = WORDS.iter().map(|word| ((*word).to_owned(), c.t(format!("verify-page-{word}"))));
    let shared = SHARED.iter().map(|word| ((*word).to_owned(), c.t(format!("verify-{word}"))));
    let open = |names: &[&'static str]| -> Vec<(&'static str, String)> {
        names.iter().map(|name| (*name, format!("{{{name}}}"))).collect()
    };
    let filled = |key: &str, names: &[&'static str]| i18n::t_with(c.language, key, &open(names));
    let faults = FAULTS.iter().map(|code| {
        let code = code.as_str();
        let text = filled(&format!("verify-fault-{code}"), &["file", "expected", "found"]);
        (format!("fault-{code}"), text)
    });
    let receipts = RECEIPT_FAULTS.iter().map(|code| {
        let code = code.as_str();
        let text = filled(&format!("verify-receipt-fault-{code}"), &["expected", "found"]);
        (format!("receipt-fault-{code}"), text)
    });
    let told = FILLED.iter();
    let told = told.map(|(word, names)| ((*word).to_owned(), filled(&format!("verify-{word}"), names)));
    let item = ("withheld-item".to_owned(), filled("verify-withheld-item", &["n", "category"]));
    let bytes = ("paper-bytes".to_owned(), filled("verify-paper-bytes", &["n"]));
    let step = ("seal-step".to_owned(), filled("verify-seal-step", &["old", "new", "time"]));
    let signed = ("approval-passkey".to_owned(), filled("verify-approval-passkey", &["approver", "passkey"]));
    let roles = ["role-approver", "role-compiler"].map(|role| (role.to_owned(), c.t(role)));
    let all = own.chain(shared).chain(faults).chain(receipts).chain(told);
    all.chain([item, bytes, step, signed]).chain(roles).collect()
}

/// A signing key of this system, present or past.
struct ShownKey {
    /// Verifier key, `name+id+base64`.
    text: String,
    fingerprint: String,
    /// From when until when it signed, or that it does.
    span: String,
    /// Which key named it when; empty for the first one.
    named: String,
    /// The signed note in which both say so; empty for the first one.
    statement: String,
}

/// The keys as the page lists them, the one in force first.
fn shown_keys(known: &[KnownKey], c: &Chrome, zone: Tz) -> Vec<ShownKey> {
    let keys: Vec<PublicKey> = known.iter().filter_map(|row| row.public_text.parse().ok()).collect();
    let steps: Vec<Succession> = known
        .iter()
        .filter_map(|row| {
            let statement = row.statement.as_deref()?;
            keys.iter().find_map(|old| Succession::open(statement, old).ok())
        })
        .collect();
    let moment = |at: Instant| time::format_exact(at, zone);
    let shown = known.iter().rev().filter_map(|row| {
        let key: PublicKey = row.public_text.parse().ok()?;
        let from = ("from", moment(row.created_at));
        let next = steps.iter().find(|step| step.old == key);
        let next = next.and_then(|step| known.iter().find(|row| row.public_text == step.new.to_string()));
        let span = match next {
            Some(next) => {
                let until = ("until", moment(next.created_at));
                i18n::t_with(c.language, "verify-page-key-until", &[from, until])
            }
            None => i18n::t_with(c.language, "verify-page-key-since", &[from]),
        };
        let step = steps.iter().find(|step| step.new == key);
        let named = step.map(|step| {
            let given = [("old", step.old.fingerprint()), ("time", step.time())];
            i18n::t_with(c.language, "verify-page-key-named", &given)
        });
        let statement = row.statement.clone().filter(|_| named.is_some()).unwrap_or_default();
        Some(ShownKey {
            text: row.public_text.clone(),
            fingerprint: key.fingerprint(),
            span,
            named: named.unwrap_or_default(),
            statement,
        })
    });
    shown.collect()
}

/// How anybody checks a sealed package without trusting us: here or by the command, and the public keys so far.
#[derive(Template)]
#[template(path = "reporting/verify.html")]
struct VerifyPage {
    c: Chrome,
    keys: Vec<ShownKey>,
    /// Name of a word and its text.
    words: Vec<(String, String)>,
    script: &'static str,
    worker: &'static str,
    /// In which the script writes the time of the seal.
    zone: &'static str,
    /// Of the program.
    version: &'static str,
}

impl VerifyPage {
    /// All keys, a line each.
    fn all_keys(&self) -> String {
        let lines: Vec<&str> = self.keys.iter().map(|key| key.text.as_str()).collect();
        lines.join("\n")
    }
}

/// `GET /verify`: public.
async fn verify(services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let known = services.db.read(keyring::known).await?;
    let c = session::for_all(&request, "verify-page-title").await?;
    let words = words(&c);
    let (script, worker) = assets::verify_urls();
    let keys = shown_keys(&known, &c, services.settings.time_zone);
    let zone = services.settings.time_zone.name();
    let version = env!("CARGO_PKG_VERSION");
    html(&VerifyPage { c, keys, words, script, worker, zone, version })
}

/// Where each step of a role's guide is done; the text is the message `help-<role>-<n>`. Empty: nowhere of its own.
const GUIDES: [(Role, &[&str]); 6] = [
    (
        Role::Compiler,
        &[paths::NEW_LEAD, paths::LEADS, paths::LEADS, paths::LEADS, paths::TRANSFERS, paths::OUTCOMES],
    ),
    (Role::Approver, &[paths::APPROVALS, "", "", ""]),
    (Role::Manager, &[paths::TRANSFERS, paths::OUTCOMES, paths::REPORTS, paths::AUDIT]),
    (Role::Liaison, &[paths::TRANSFERS, "", paths::VERIFY, "", paths::CASES, paths::OUTCOMES]),
    (Role::Admin, &[paths::ADMIN_PEOPLE, paths::AGENCIES, paths::ADMIN_MAIL, paths::ADMIN_JOBS]),
    (Role::Auditor, &[paths::AUDIT, paths::AUDIT, "/api/v1/audit/checkpoint", paths::LEADS]),
];

/// A role's guide.
struct Guide {
    id: &'static str,
    title: String,
    /// The whole of it.
    href: String,
    /// Text, and the page where it is done.
    steps: Vec<Link>,
}

#[derive(Template)]
#[template(path = "reporting/help.html")]
struct HelpPage {
    c: Chrome,
    guides: Vec<Guide>,
}

/// A link stands only in the guides of the reader's own roles: the pages of the others are not for him to see.
fn guide_of(c: &Chrome, me: &Actor, role: Role, places: &[&'static str]) -> Guide {
    let href = |href: &'static str| if me.has(role) { href } else { "" };
    let steps = (1..).zip(places).map(|(n, place)| Link::new(c.t(format!("help-{role}-{n}")), href(place)));
    Guide {
        id: role.as_str(),
        title: c.t(format!("role-{role}")),
        href: format!("{}/{role}", paths::HELP),
        steps: steps.collect(),
    }
}

/// `GET /help`: the reader's own roles first.
async fn overview(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "help-title"));
    let (own, other): (Vec<_>, Vec<_>) = GUIDES.into_iter().partition(|(role, _)| me.has(*role));
    let guides = own.into_iter().chain(other).map(|(role, places)| guide_of(&c, &me, role, places)).collect();
    html(&HelpPage { c, guides })
}

/// `GET /admin/components`
async fn components(me: Admin, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "nav-components"));
    html(&ComponentsPage::new(c, states::all(me.lang)))
}
