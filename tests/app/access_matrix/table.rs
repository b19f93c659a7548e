//! The declared policy, a row a route: who gets in, with a real object behind every part of the path.

use super::{
    row::{
        Row,
        Who::{Approver, Auditor, Liaison, Manager, Owner},
        get, post, public,
    },
    sets::{
        ADMIN, AGENCY, BOTH, COMPILERS, LISTS, LOG, NOBODY, OTHER, OWN_RECORDERS, OWNER, READERS, RECORDERS,
        SIDES, SIGNED, STAFF,
    },
};

/// A note as evidence.
const NOTE: &str = "kind=note&name=x&text=x&source=x&collected_by=x&collected_at=2016-05-04T09:30&method=x";
/// What the platform records from an agency's paper, for every verb.
const PAPER: &str = "on_day={today}&code=RF-OTHER&text=x&number=1&filed_on={today}";

/// Every route of the program.
pub const ROWS: &[Row] = &[
    // For everybody.
    public("GET", "/healthz", ""),
    public("GET", "/assets/{name}", "stylesheet"),
    public("GET", "/verify", ""),
    // From this machine alone, which the test is on.
    public("GET", "/metrics", ""),
    public("GET", "/login", ""),
    public("POST", "/login", ""),
    public("GET", "/language", "?to=en"),
    public("GET", "/invitations/{token}", "invited"),
    public("POST", "/invitations/{token}", "invited"),
    public("GET", "/api/v1/audit/checkpoint", ""),
    public("GET", "/api/openapi.json", ""),
    public("GET", "/api/docs", ""),
    // Oneself.
    get("/", "", "worklist.view", SIGNED),
    get("/help", "", "", SIGNED),
    get("/account", "", "", SIGNED),
    post("/account", "", "person.change", SIGNED),
    get("/account/activity", "", "", SIGNED),
    get("/account/password", "", "", SIGNED),
    post("/account/password", "", "person.set-password", SIGNED),
    get("/account/second-factor", "", "", SIGNED),
    post("/account/second-factor", "", "second-factor.set-up", NOBODY).barred(SIGNED),
    // Only while one is being set up.
    get("/account/second-factor/code.png", "", "", NOBODY),
    post("/account/second-factor/remove", "", "second-factor.remove", SIGNED),
    post("/account/recovery-codes", "", "second-factor.renew-codes", SIGNED),
    get("/login/second-factor", "", "", SIGNED),
    post("/login/second-factor", "", "session.strengthen", SIGNED),
    post("/account/sessions/{id}/end", "session", "session.end", OWNER),
    post("/account/sessions/end-others", "", "session.end-others", SIGNED),
    get("/account/tokens", "", "", STAFF),
    post("/account/tokens", "", "token.create", STAFF),
    post("/account/tokens/{id}/revoke", "token", "token.revoke", OWNER),
    // Administration.
    get("/admin/components", "", "", ADMIN),
    get("/admin/jobs", "", "", ADMIN),
    post("/admin/jobs/{id}/retry", "job", "job.retry", ADMIN),
    get("/admin/mail", "", "", ADMIN),
    post("/admin/mail/{id}/retry", "mail", "mail.retry", NOBODY).barred(ADMIN),
    get("/admin/people", "", "", ADMIN),
    get("/admin/people/invitations", "", "", ADMIN),
    post("/admin/people/invitations/{id}/resend", "invitation", "invitation.resend", ADMIN),
    post("/admin/people/invitations/{id}/revoke", "invitation", "invitation.revoke", ADMIN),
    get("/admin/people/invite", "", "", ADMIN),
    post("/admin/people/invite", "", "invitation.create", ADMIN),
    get("/admin/people/{id}", "person", "", ADMIN),
    post("/admin/people/{id}/roles", "person", "person.set-roles", ADMIN),
    get("/admin/people/{id}/disable", "person", "", ADMIN),
    post("/admin/people/{id}/disable", "person", "person.disable", ADMIN),
    post("/admin/people/{id}/enable", "person", "person.enable", ADMIN),
    post("/admin/people/{id}/reset-password", "person", "person.reset-password", ADMIN),
    get("/admin/people/{id}/reset-second-factor", "person", "", ADMIN),
    post("/admin/people/{id}/reset-second-factor", "person", "second-factor.remove", ADMIN),
    get("/admin/system", "", "", ADMIN),
    // The directory.
    get("/agencies", "", "", STAFF),
    post("/agencies", "", "agency.create", ADMIN),
    get("/agencies/export.csv", "", "agency.export", STAFF),
    get("/agencies/new", "", "", ADMIN),
    get("/agencies/import", "", "", ADMIN),
    post("/agencies/import", "", "agency.import", ADMIN),
    post("/agencies/import/confirm", "", "agency.import", ADMIN),
    get("/agencies/{id}", "agency", "", STAFF),
    post("/agencies/{id}", "agency", "agency.change", ADMIN),
    // These fall through to `/agencies/{id}` with an id that is none.
    post("/agencies/new", "", "", NOBODY),
    post("/agencies/export.csv", "", "", NOBODY),
    get("/agencies/{id}/edit", "agency", "", ADMIN),
    get("/agencies/{id}/close", "agency", "", ADMIN),
    post("/agencies/{id}/close", "agency", "agency.close", ADMIN),
    get("/reference", "", "", SIGNED),
    get("/reference/calendar", "", "", SIGNED),
    get("/reference/categories", "", "", SIGNED),
    get("/reference/charges", "", "", SIGNED),
    get("/reference/clocks", "", "", SIGNED),
    get("/reference/reasons", "", "", SIGNED),
    get("/reference/regions", "", "", SIGNED),
    // Leads.
    get("/leads", "", "lead.list", READERS),
    get("/leads/export.csv", "", "lead.export", READERS),
    get("/leads/export.xlsx", "", "lead.export", READERS),
    get("/leads/new", "", "", COMPILERS),
    post("/leads/new", "", "lead.create", COMPILERS),
    get("/leads/{id}", "lead", "lead.view", READERS),
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
    post("/leads/{id}/sites/{site}/{role}/remove", "draft site storage", "lead.site.remove", OWNER)
        .barred(OTHER),
    get("/leads/{id}/listings", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/listings", "draft", "lead.listing.add", OWNER).barred(OTHER),
    post("/leads/{id}/listings/{listing}/remove", "draft listing", "lead.listing.remove", OWNER)
        .barred(OTHER),
    get("/leads/{id}/assign", "draft", "", OWN_RECORDERS).barred(OTHER),
    post("/leads/{id}/assign", "draft", "lead.assign", OWN_RECORDERS).barred(OTHER),
    get("/leads/{id}/withdraw", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/withdraw", "draft", "lead.withdraw", OWNER).barred(OTHER),
    post("/leads/{id}/reopen", "draft", "lead.reopen", NOBODY).barred(COMPILERS),
    post("/leads/{id}/submit", "draft", "lead.submit", NOBODY).barred(COMPILERS),
    get("/leads/{id}/trash", "draft", "", OWNER).barred(OTHER),
    post("/leads/{id}/trash", "draft", "lead.trash", OWNER).barred(OTHER),
    post("/leads/{id}/restore", "draft", "lead.restore", OWNER).barred(OTHER),
    // Evidence.
    get("/leads/{id}/evidence", "lead", "evidence.list", READERS),
    post("/leads/{id}/evidence", "draft", "evidence.register", OWNER).barred(OTHER),
    post("/leads/{id}/evidence/note", "draft", "evidence.register", OWNER).barred(OTHER).form(NOTE),
    get("/evidence/{id}", "item", "evidence.view", READERS),
    get("/evidence/{id}/content", "item", "evidence.download", READERS),
    get("/evidence/{id}/preview", "picture", "evidence.preview", READERS),
    post("/evidence/{id}/withhold", "draft-item", "evidence.withhold", OWNER)
        .barred(OTHER)
        .form("withheld_reason=x"),
    post("/evidence/{id}/disclose", "draft-item", "evidence.disclose", OWNER).barred(OTHER),
    post("/evidence/{id}/remove", "draft-item", "evidence.remove", OWNER).barred(OTHER),
    // Dossiers and reviews.
    get("/leads/{id}/dossiers", "lead", "dossier.list", READERS),
    post("/leads/{id}/dossiers", "draft", "dossier.compose", OWNER).barred(OTHER),
    get("/leads/{id}/dossiers/new", "draft", "", OWNER).barred(OTHER),
    get("/dossiers/{id}", "dossier", "dossier.view", BOTH),
    get("/dossiers/{id}/dossier.pdf", "dossier", "dossier.read", BOTH),
    get("/dossiers/{id}/letter.pdf", "dossier", "dossier.read", BOTH),
    get("/dossiers/{id}/evidence-list.csv", "dossier", "dossier.read", BOTH),
    get("/dossiers/{id}/package.zip", "dossier", "dossier.download", BOTH),
    // A sealed one cannot be tried again.
    post("/dossiers/{id}/retry", "dossier", "dossier.retry", NOBODY).barred(COMPILERS),
    get("/approvals", "", "review.list", READERS),
    get("/approvals/{id}", "review", "review.view", READERS),
    post("/approvals/{id}/approve", "review", "lead.approve", &[Approver]),
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
    post("/transfers/{id}/acknowledge", "sent", "transfer.acknowledge", AGENCY).barred(RECORDERS).form(PAPER),
    get("/transfers/{id}/message", "received", "", SIDES),
    post("/transfers/{id}/message", "received", "transfer.message", &[Owner, Manager, Liaison])
        .barred(OTHER)
        .form("body=x"),
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
    // Cases.
    get("/cases", "", "case.list", LISTS),
    get("/cases/export", "?format=csv", "case.export", LISTS),
    get("/cases/{id}", "case", "case.view", BOTH),
    get("/cases/{id}/edit", "case", "", SIDES),
    post("/cases/{id}/edit", "case", "case.edit", AGENCY)
        .barred(RECORDERS)
        .form("number=1&title=x&officer=x"),
    get("/cases/{id}/steps", "case", "", SIDES),
    post("/cases/{id}/steps", "case", "case.step", AGENCY)
        .barred(RECORDERS)
        .form("kind=referred&on=2026-06-01"),
    // It is not closed, and its agency acts itself.
    get("/cases/{id}/reopen", "case", "", NOBODY).barred(SIDES),
    post("/cases/{id}/reopen", "case", "case.reopen", NOBODY).barred(SIDES).form("on=2026-06-01&text=x"),
    // The case's agency has accounts, so nobody records its papers.
    get("/cases/{id}/papers/new", "case", "", NOBODY).barred(RECORDERS),
    post("/cases/{id}/papers/new", "case", "case.paper", NOBODY).barred(RECORDERS),
    get("/cases/{id}/papers/{paper}", "case case-paper", "case.paper_view", READERS),
    get("/cases/{id}/papers/{paper}/replace", "case case-paper", "", RECORDERS),
    post("/cases/{id}/papers/{paper}/replace", "case case-paper", "case.replace_scan", RECORDERS),
    get("/cases/{id}/replacements/{replacement}", "case case-replaced", "case.paper_view", READERS),
    // Outcomes.
    get("/cases/{id}/outcomes/new", "case", "", SIDES),
    post("/cases/{id}/outcomes/new", "case", "outcome.propose", SIDES),
    get("/outcomes", "", "outcome.list", LISTS),
    get("/outcomes/export", "?format=csv", "outcome.export", LISTS),
    get("/outcomes/{id}", "outcome", "outcome.view", BOTH),
    get("/outcomes/{id}/source", "outcome", "outcome.source", BOTH),
    // The liaison asserted it, so the platform decides.
    get("/outcomes/{id}/confirm", "outcome", "", RECORDERS).barred(AGENCY),
    post("/outcomes/{id}/confirm", "outcome", "outcome.confirm", RECORDERS).barred(AGENCY).once(),
    post("/outcomes/{id}/reject", "refutable", "outcome.reject", RECORDERS).barred(AGENCY).form("reason=x"),
    // Not rejected: there is nothing to take note of.
    post("/outcomes/{id}/seen", "refutable", "outcome.take_note", NOBODY).barred(SIDES),
    get("/outcomes/{id}/correct", "outcome", "", SIDES),
    post("/outcomes/{id}/correct", "outcome", "outcome.take_back", SIDES),
    // Operations and reports.
    get("/operations", "", "operation.view", READERS),
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
