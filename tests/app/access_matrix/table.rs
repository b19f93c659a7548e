//! The declared policy, a row a route: who gets in, with a real object behind every part of the path.

use std::sync::LazyLock;

use super::{
    row::{
        Row,
        Who::{Approver, Auditor, Liaison, Manager, Other, Owner},
        get, post, public,
    },
    sets::{
        AGENCY, BOTH, COMMENTERS, COMPILERS, LISTS, LOG, NOBODY, OTHER, OTHERS, OWN_RECORDERS, OWNER, PAPER,
        READERS, RECORDERS, SIDES, SIGNED, STAFF, WAIVED,
    },
    table_admin, table_bulk, table_cases, table_evidence, table_uploads,
};

/// Every route of the program; signing out comes last.
pub static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    [table_admin::ROWS, table_bulk::ROWS, table_cases::ROWS, table_evidence::ROWS, table_uploads::ROWS, REST]
        .concat()
});

/// Every route but those of administration, directory, evidence, cases and outcomes.
const REST: &[Row] = &[
    // For everybody.
    public("GET", "/healthz", ""),
    public("GET", "/assets/{name}", "stylesheet"),
    public("GET", "/favicon.ico", ""),
    public("GET", "/verify", ""),
    // From this machine alone, which the test is on.
    public("GET", "/metrics", ""),
    public("GET", "/login", ""),
    public("POST", "/login", ""),
    public("POST", "/language", "?to=en"),
    public("GET", "/api/v1/audit/checkpoint", ""),
    public("POST", "/witness/add-checkpoint", ""),
    public("GET", "/api/openapi.json", ""),
    public("GET", "/api/docs", ""),
    public("GET", "/api/docs/{part}", "leads"),
    // Oneself.
    get("/", "", "worklist.view", SIGNED),
    get("/search", "", "search.list", SIGNED),
    get("/changes", "", "worklist.view", SIGNED),
    post("/changes/seen", "", "", SIGNED),
    post("/first-day/put-away", "", "", SIGNED),
    get("/help", "", "", SIGNED),
    get("/help/keys", "", "", SIGNED),
    get("/help/glossary", "", "", SIGNED),
    get("/help/tour", "", "worklist.view", SIGNED),
    get("/help/{guide}", "compiler", "", SIGNED),
    get("/account", "", "", SIGNED),
    post("/account", "", "person.change", SIGNED),
    post("/account/keys", "", "person.change", SIGNED),
    get("/account/activity", "", "", SIGNED),
    get("/account/notices", "", "", SIGNED),
    post("/account/notices", "", "person.choose-notices", SIGNED),
    get("/account/password", "", "", SIGNED),
    post("/account/password", "", "person.set-password", SIGNED),
    get("/account/second-factor", "", "", SIGNED),
    post("/account/second-factor", "", "second-factor.set-up", NOBODY).barred(SIGNED),
    // Only while one is being set up.
    get("/account/second-factor/code.png", "", "", NOBODY),
    post("/account/second-factor/remove", "", "second-factor.remove", SIGNED),
    post("/account/recovery-codes", "", "second-factor.renew-codes", SIGNED),
    // What was just shown, as a file: the codes are in the form.
    post("/account/recovery-codes/text", "", "", SIGNED),
    get("/account/passkeys", "", "", SIGNED),
    // At an address of digits, as that of the tests, browsers know no passkeys.
    post("/account/passkeys", "", "passkey.add", NOBODY).barred(SIGNED),
    get("/account/passkeys/options", "", "", NOBODY).barred(SIGNED),
    post("/account/passkeys/{id}/remove", "passkey", "passkey.remove", OWNER),
    get("/login/second-factor", "", "", SIGNED),
    post("/login/second-factor", "", "session.strengthen", SIGNED),
    get("/account/proof", "", "", SIGNED),
    post("/account/proof", "", "session.prove", SIGNED),
    get("/account/session", "", "", SIGNED),
    post("/account/session", "", "", SIGNED),
    post("/account/sessions/{id}/end", "session", "session.end", OWNER),
    post("/account/sessions/end-others", "", "session.end-others", SIGNED),
    get("/account/tokens", "", "", STAFF),
    post("/account/tokens", "", "token.create", STAFF),
    post("/account/tokens/{id}/revoke", "token", "token.revoke", OWNER),
    // What one has typed and not sent.
    get("/unsent", "", "", SIGNED),
    post("/unsent", "?form=/leads/new", "", SIGNED),
    post("/unsent/{id}/discard", "unsent", "", OWNER),
    get("/views", "", "", SIGNED),
    get("/views/new", "", "", SIGNED),
    post("/views/new", "", "view.save", SIGNED),
    get("/views/{id}", "view", "", OWNER),
    post("/views/{id}", "view", "view.change", OWNER).form("name=x"),
    post("/views/{id}/usual", "view", "view.use", OWNER),
    post("/views/{id}/remove", "view", "view.remove", OWNER),
    // Leads.
    get("/leads", "", "lead.list", READERS),
    get("/leads/export.csv", "", "lead.export", READERS),
    get("/leads/export.xlsx", "", "lead.export", READERS),
    get("/leads/trash", "", "lead.list", READERS),
    get("/leads/new", "", "", COMPILERS),
    post("/leads/new", "", "lead.create", COMPILERS),
    get("/leads/{id}", "lead", "lead.view", READERS),
    get("/leads/{id}/clone", "lead", "", COMPILERS),
    post("/leads/{id}/clone", "lead", "lead.clone", COMPILERS).form("title=x"),
    get("/leads/{id}/comments", "lead", "lead.view", READERS),
    post("/leads/{id}/comments", "lead", "lead.comment.add", COMMENTERS).form("body=x"),
    post("/leads/{id}/comments/seen", "lead", "lead.comment.seen", NOBODY).barred(COMMENTERS),
    post("/leads/{id}/comments/{comment}/take-back", "lead comment", "lead.comment.take_back", OWNER)
        .barred(OTHERS),
    get("/leads/{id}/edit", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/edit", "draft", "lead.update", OWNER).barred(OTHER),
    get("/leads/{id}/charges", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/charges", "draft", "lead.charges", OWNER).barred(OTHER),
    get("/leads/{id}/brands", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/brands", "draft", "lead.brand.add", OWNER).barred(OTHER),
    post("/leads/{id}/brands/{brand}/remove", "draft brand", "lead.brand.remove", OWNER).barred(OTHER),
    get("/leads/{id}/subjects", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/subjects", "draft", "lead.subject.add", OWNER).barred(OTHER),
    get("/leads/{id}/subjects/{subject}", "draft subject", "", OWNER).barred(OTHER),
    post("/leads/{id}/subjects/{subject}", "draft subject", "lead.subject.edit", OWNER).barred(OTHER),
    get("/subjects/{id}", "subject", "subject.view", READERS),
    post("/leads/{id}/subjects/{subject}/remove", "draft subject", "lead.subject.remove", OWNER)
        .barred(OTHER),
    get("/leads/{id}/sites", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/sites", "draft", "lead.site.add", OWNER).barred(OTHER),
    get("/leads/{id}/sites/{site}/{role}", "draft site storage", "", OWNER).barred(OTHER),
    post("/leads/{id}/sites/{site}/{role}", "draft site storage", "lead.site.edit", OWNER).barred(OTHER),
    post("/leads/{id}/sites/{site}/{role}/remove", "draft site storage", "lead.site.remove", OWNER)
        .barred(OTHER),
    get("/leads/{id}/listings", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/listings", "draft", "lead.listing.add", OWNER).barred(OTHER),
    get("/leads/{id}/listings/{listing}", "draft listing", "", OWNER).barred(OTHER),
    post("/leads/{id}/listings/{listing}", "draft listing", "lead.listing.edit", OWNER).barred(OTHER),
    post("/leads/{id}/listings/{listing}/remove", "draft listing", "lead.listing.remove", OWNER)
        .barred(OTHER),
    get("/leads/{id}/assign", "draft", "", OWN_RECORDERS).barred(OTHER),
    post("/leads/{id}/assign", "draft", "lead.assign", OWN_RECORDERS).barred(OTHER),
    get("/leads/{id}/withdraw", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/withdraw", "draft", "lead.withdraw", OWNER).barred(OTHER),
    get("/leads/{id}/reopen", "draft", "", NOBODY).barred(COMPILERS),
    post("/leads/{id}/reopen", "draft", "lead.reopen", NOBODY).barred(COMPILERS),
    get("/leads/{id}/submit", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/submit", "draft", "lead.submit", NOBODY).barred(COMPILERS),
    post("/leads/{id}/submit", "draft", "lead.not_duplicate", NOBODY).barred(COMPILERS),
    get("/leads/{id}/trash", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/trash", "draft", "lead.trash", OWNER).barred(OTHER),
    post("/leads/{id}/restore", "draft", "lead.restore", OWNER).barred(OTHER),
    // Dossiers of all leads.
    get("/dossiers", "", "dossier.list", READERS),
    get("/dossiers/export", "?format=csv", "dossier.export", READERS),
    // Dossiers and reviews.
    get("/leads/{id}/dossiers", "lead", "dossier.list", READERS),
    post("/leads/{id}/dossiers", "draft", "dossier.compose", OWNER).barred(OTHER),
    get("/leads/{id}/dossiers/new", "draft", "", OWNER).barred(OTHER),
    get("/dossiers/{id}", "dossier", "dossier.view", BOTH),
    get("/dossiers/{id}/dossier.pdf", "dossier", "dossier.read", BOTH),
    get("/dossiers/{id}/letter.pdf", "dossier", "dossier.read", BOTH),
    get("/dossiers/{id}/evidence-list.csv", "dossier", "dossier.read", BOTH),
    get("/dossiers/{id}/package.zip", "dossier", "dossier.download", BOTH),
    // Nobody has confirmed a key of its agency.
    get("/dossiers/{id}/package.zip.age", "dossier", "dossier.download", NOBODY).barred(BOTH),
    get("/dossiers/{id}/timestamps/{stamp}.tsr", "dossier seal-stamp", "dossier.read", BOTH),
    // A sealed one cannot be tried again.
    post("/dossiers/{id}/retry", "dossier", "dossier.retry", NOBODY).barred(COMPILERS),
    get("/approvals", "", "review.list", READERS),
    get("/approvals/export", "?format=csv", "review.export", READERS),
    get("/approvals/{id}", "review", "review.view", READERS),
    post("/approvals/{id}/approve", "review", "lead.approve", &[Approver]),
    // At an address of digits, as that of the tests, browsers know no passkeys.
    get("/approvals/{id}/approve/passkey", "review", "", NOBODY).barred(&[Approver]),
    post("/approvals/{id}/return", "review", "lead.return", &[Approver]),
    post("/approvals/{id}/withdraw", "review", "review.withdraw", OWNER).barred(OTHER),
    // Transfers.
    get("/transfers", "", "transfer.list", LISTS),
    get("/transfers/export", "?format=csv", "transfer.export", LISTS),
    get("/transfers/new", "?dossier=ready", "", RECORDERS),
    post("/transfers/new", "", "transfer.send", OWN_RECORDERS)
        .barred(OTHER)
        .typed("dossier={ready}")
        .form("&channel=portal"),
    get("/transfers/{id}", "transfer", "transfer.view", BOTH),
    get("/transfers/{id}/acknowledge", "sent", "", SIDES),
    // The liaison has no passkey.
    get("/transfers/{id}/acknowledge/passkey", "sent", "", NOBODY).barred(&[Liaison]),
    post("/transfers/{id}/acknowledge", "sent", "transfer.acknowledge", AGENCY).barred(RECORDERS).form(PAPER),
    get("/transfers/{id}/message", "received", "", SIDES),
    post("/transfers/{id}/message", "received", "transfer.message", &[Owner, Manager, Liaison])
        .barred(OTHER)
        .form("body=x"),
    // The agency wrote last: nothing waits for it to be answered.
    post("/transfers/{id}/message/noted", "received", "transfer.message_note", OWN_RECORDERS)
        .barred(&[Other, Liaison])
        .once(),
    get("/transfers/{id}/{verb:refuse|return|not-file|supplement}", "received refuse", "", SIDES),
    post(
        "/transfers/{id}/{verb:refuse|return|not-file|supplement}",
        "received refuse",
        "transfer.refuse",
        AGENCY,
    )
    .barred(RECORDERS)
    .form(PAPER),
    post(
        "/transfers/{id}/{verb:refuse|return|not-file|supplement}",
        "received return",
        "transfer.return",
        AGENCY,
    )
    .barred(RECORDERS)
    .form("code=RT-IDENTITY&text=x&on_day={today}"),
    post(
        "/transfers/{id}/{verb:refuse|return|not-file|supplement}",
        "accepted not-file",
        "transfer.not_file",
        AGENCY,
    )
    .barred(RECORDERS)
    .form("code=NF-OTHER&text=x&on_day={today}"),
    post(
        "/transfers/{id}/{verb:refuse|return|not-file|supplement}",
        "received supplement",
        "transfer.request_supplement",
        AGENCY,
    )
    .barred(RECORDERS)
    .form("code=RQ-TRADE&text=x&on_day={today}"),
    get("/transfers/{id}/forward", "received", "", SIDES),
    post("/transfers/{id}/forward", "received", "transfer.forward", AGENCY)
        .barred(RECORDERS)
        .form("code=FW-AREA&text=x&on_day={today}&target={elsewhere}"),
    get("/transfers/{id}/accept", "received", "", SIDES),
    get("/transfers/{id}/file", "accepted", "", SIDES),
    post("/transfers/{id}/file", "accepted", "transfer.file", AGENCY).barred(RECORDERS).form(PAPER),
    get("/transfers/{id}/withdraw", "received", "", RECORDERS),
    post("/transfers/{id}/withdraw", "received", "transfer.withdraw", OWN_RECORDERS)
        .barred(OTHER)
        .form("text=x"),
    get("/transfers/{id}/not-passed", "waiting", "", RECORDERS),
    post("/transfers/{id}/not-passed", "waiting", "transfer.not_pass_on", OWN_RECORDERS)
        .barred(OTHER)
        .form("code=NP-OTHER&text=x"),
    post("/transfers/{id}/seen", "waiting", "transfer.take_note", OWN_RECORDERS).barred(OTHER).once(),
    post("/transfers/{id}/accept", "received", "transfer.accept", AGENCY).barred(RECORDERS).form(PAPER),
    get("/transfers/{id}/deadlines/{deadline}/extend", "accepted filing", "", SIDES),
    post(
        "/transfers/{id}/deadlines/{deadline}/extend",
        "accepted filing",
        "transfer.extend_deadline",
        AGENCY,
    )
    .barred(RECORDERS)
    .form("ground=JJ-15-EXT1&approved_on={today}&reason=x"),
    get("/transfers/{id}/not-ours", "received", "", SIDES),
    post("/transfers/{id}/not-ours", "received", "transfer.not_ours", AGENCY).barred(RECORDERS).form(PAPER),
    get("/transfers/{id}/{step:remedy-served}", "not-filed remedy-served", "", SIDES),
    post(
        "/transfers/{id}/{step:remedy-served}",
        "not-filed remedy-served",
        "transfer.serve_no_filing",
        &[Owner, Manager, Liaison],
    )
    .barred(OTHER)
    .form("on={today}"),
    get(
        "/transfers/{id}/{step:remedy-decided|remedy-review-decided}",
        "reconsidered remedy-decided",
        "",
        SIDES,
    ),
    post(
        "/transfers/{id}/{step:remedy-decided|remedy-review-decided}",
        "reconsidered remedy-decided",
        "transfer.decide_reconsideration",
        AGENCY,
    )
    .barred(RECORDERS)
    .form("on={today}&verdict=upheld"),
    post(
        "/transfers/{id}/{step:remedy-decided|remedy-review-decided}",
        "reviewed remedy-review-decided",
        "transfer.decide_review",
        AGENCY,
    )
    .barred(RECORDERS)
    .form("on={today}&verdict=upheld"),
    get(WAIVED, "served remedy-waived", "", RECORDERS),
    post(WAIVED, "served remedy-waived", "transfer.waive_reconsideration", OWN_RECORDERS)
        .barred(OTHER)
        .form("on={today}"),
    post(WAIVED, "upheld remedy-review-waived", "transfer.waive_review", OWN_RECORDERS)
        .barred(OTHER)
        .form("on={today}"),
    get("/transfers/{id}/{step:remedy-asked|remedy-review-asked}", "served remedy-asked", "", RECORDERS),
    post(
        "/transfers/{id}/{step:remedy-asked|remedy-review-asked}",
        "served remedy-asked",
        "transfer.ask_reconsideration",
        OWN_RECORDERS,
    )
    .barred(OTHER)
    .form("on={today}"),
    post(
        "/transfers/{id}/{step:remedy-asked|remedy-review-asked}",
        "upheld remedy-review-asked",
        "transfer.ask_review",
        OWN_RECORDERS,
    )
    .barred(OTHER)
    .form("on={today}"),
    get("/transfers/{id}/receipt/{delivery}/new", "paper bare", "", RECORDERS),
    post("/transfers/{id}/receipt/{delivery}/new", "paper bare", "transfer.receipt", RECORDERS),
    get("/transfers/{id}/receipt/{delivery}", "scanned scan", "transfer.receipt_view", READERS),
    get("/transfers/{id}/receipts/{delivery}.json", "received signed", "transfer.receipt_read", BOTH),
    get("/transfers/{id}/receipts/{delivery}.sig", "received signed", "transfer.receipt_read", BOTH),
    get("/transfers/{id}/receipts/{delivery}.pdf", "received signed", "transfer.receipt_read", BOTH),
    // No passkey signed it.
    get("/transfers/{id}/receipts/{delivery}.pem", "received signed", "", NOBODY),
    get("/transfers/{id}/papers/{paper}", "scanned transfer-paper", "transfer.paper_view", READERS),
    get("/transfers/{id}/receipt/{delivery}/replace", "scanned scan", "", RECORDERS),
    post("/transfers/{id}/receipt/{delivery}/replace", "scanned scan", "transfer.replace_scan", RECORDERS),
    get("/transfers/{id}/papers/{paper}/replace", "scanned transfer-paper", "", RECORDERS),
    post(
        "/transfers/{id}/papers/{paper}/replace",
        "scanned transfer-paper",
        "transfer.replace_scan",
        RECORDERS,
    ),
    get("/transfers/{id}/replacements/{replacement}", "scanned replaced", "transfer.paper_view", READERS),
    // Operations and reports.
    get("/operations", "", "operation.view", READERS),
    get("/operations/export", "?format=csv", "operation.export", READERS),
    get("/operations/new", "", "", RECORDERS),
    post("/operations/new", "", "operation.create", RECORDERS),
    get("/operations/{id}", "operation", "operation.view", READERS),
    post("/operations/{id}/members", "operation", "operation.add_member", RECORDERS),
    get("/reports", "", "report.view", READERS),
    get("/reports/{year}", "2016", "report.view", READERS),
    get("/reports/{year}/leads", "2016 ?step=prosecuted", "report.view", READERS),
    get("/reports/{year}/report.{format}", "2016 csv", "report.export", READERS),
    // The log.
    get("/audit", "", "audit.list", LOG),
    get("/audit/export.{format}", "csv", "audit.export", LOG),
    get("/audit/custody", "", "", LOG),
    get("/audit/custody.{format}", "csv ?person=person", "audit.custody", LOG),
    get("/audit/{id}", "entry", "audit.view", LOG),
    // The API: by token; a session opens nothing, and liaisons have no tokens.
    get("/api/v1/me", "", "", STAFF),
    get("/api/v1/agencies", "", "", READERS),
    get("/api/v1/charges", "", "", READERS),
    get("/api/v1/regions", "", "", READERS),
    get("/api/v1/leads", "", "lead.list", READERS),
    post("/api/v1/leads", "", "lead.create", COMPILERS),
    get("/api/v1/leads/{id}", "lead", "lead.view", READERS),
    get("/api/v1/leads/{id}/evidence", "lead", "evidence.list", READERS),
    post("/api/v1/leads/{id}/evidence", "draft", "evidence.register", OWNER).barred(OTHER),
    post("/api/v1/leads/{id}/dossiers", "draft", "dossier.compose", OWNER).barred(OTHER),
    get("/api/v1/evidence/{id}", "item", "evidence.view", READERS),
    get("/api/v1/evidence/{id}/content", "item", "evidence.download", READERS),
    get("/api/v1/dossiers", "?lead=lead", "dossier.list", READERS),
    get("/api/v1/dossiers/{id}", "dossier", "dossier.view", READERS),
    get("/api/v1/dossiers/{id}/dossier.pdf", "dossier", "dossier.read", READERS),
    get("/api/v1/dossiers/{id}/letter.pdf", "dossier", "dossier.read", READERS),
    get("/api/v1/dossiers/{id}/package.zip", "dossier", "dossier.download", READERS),
    get("/api/v1/transfers", "", "transfer.api", READERS),
    get("/api/v1/transfers/{id}", "transfer", "transfer.api", READERS),
    get("/api/v1/cases", "", "transfer.api", READERS),
    get("/api/v1/cases/{id}", "case", "transfer.api", READERS),
    get("/api/v1/outcomes", "", "outcome.list", READERS),
    get("/api/v1/reports/{year}", "2016", "report.export", READERS),
    get("/api/v1/audit/tile/{path:.*}", "entries/000.p/1", "audit.tile", &[Auditor]),
    // Last, because it ends the sessions; nobody has to be signed in for it.
    Row { verb: "session.end", ..public("POST", "/logout", "") },
];
