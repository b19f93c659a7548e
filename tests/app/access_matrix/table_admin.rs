//! The declared policy of administration and of the directory, a row a route.

use super::{
    row::{Row, get, post, public},
    sets::{ADMIN, ANSWERING, KEEPERS, NOBODY, READERS, SIGNED, STAFF},
};

/// The routes of `/admin`, `/agencies` and `/reference`.
pub const ROWS: &[Row] = &[
    // An invitation, before a new link takes the place of the one that is tried.
    public("GET", "/invitations/{token}", "invited"),
    public("POST", "/invitations/{token}", "invited"),
    // Administration.
    get("/admin/components", "", "", ADMIN),
    get("/admin/evidence", "", "", ADMIN),
    post("/admin/evidence/{id}/check", "alarm", "evidence.check_alarm", ADMIN),
    // No authority is configured, so that no stamp is missing.
    post("/admin/evidence/timestamps", "", "timestamp.ask_missing", NOBODY).barred(ADMIN),
    get("/admin/jobs", "", "", ADMIN),
    post("/admin/jobs/{id}/retry", "job", "job.retry", ADMIN),
    // Nothing failed any more.
    post("/admin/jobs/retry-failed", "", "job.retry", NOBODY).barred(ADMIN),
    get("/admin/mail", "", "", ADMIN),
    post("/admin/mail/{id}/retry", "mail", "mail.retry", NOBODY).barred(ADMIN),
    post("/admin/mail/retry-failed", "", "mail.retry", NOBODY).barred(ADMIN),
    get("/admin/people", "", "", ADMIN),
    get("/admin/people/export", "?format=csv", "person.export", ADMIN),
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
    get("/admin/people/{id}/remove-passkeys", "person", "", ADMIN),
    // The account has none.
    post("/admin/people/{id}/remove-passkeys", "person", "passkey.remove", NOBODY).barred(ADMIN),
    post("/admin/people/{id}/disable", "person", "lead.hand_over", ADMIN),
    get("/admin/settings", "", "", ADMIN),
    get("/admin/setup", "", "", ADMIN),
    post("/admin/setup/key", "", "setup.mark", ADMIN),
    post("/admin/setup/mail", "", "mail.test", ADMIN),
    post("/admin/setup/put-away", "", "setup.mark", ADMIN),
    get("/admin/system", "", "", ADMIN),
    // The directory.
    get("/agencies", "", "", STAFF),
    post("/agencies", "", "agency.create", ADMIN),
    get("/agencies/export.csv", "", "agency.export", STAFF),
    get("/agencies/export.xlsx", "", "agency.export", STAFF),
    get("/agencies/new", "", "", ADMIN),
    get("/agencies/import", "", "", ADMIN),
    post("/agencies/import", "", "agency.import", ADMIN),
    post("/agencies/import/confirm", "", "agency.import", ADMIN),
    get("/agencies/{id}", "agency", "", STAFF),
    post("/agencies/{id}", "agency", "agency.change", ADMIN),
    // These fall through to `/agencies/{id}` with an id that is none.
    post("/agencies/new", "", "", NOBODY),
    post("/agencies/export.csv", "", "", NOBODY),
    post("/agencies/export.xlsx", "", "", NOBODY),
    get("/agencies/{id}/edit", "agency", "", ADMIN),
    get("/agencies/{id}/close", "agency", "", ADMIN),
    post("/agencies/{id}/close", "agency", "agency.close", ADMIN),
    get("/agencies/{id}/public-keys/new", "agency", "", ADMIN),
    post("/agencies/{id}/public-keys/new", "agency", "agency.key.add", ADMIN),
    // The administrator has registered it.
    get("/agencies/{id}/public-keys/{key}/confirm", "agency agency-key", "", ANSWERING).barred(ADMIN),
    post("/agencies/{id}/public-keys/{key}/confirm", "agency agency-key", "agency.key.confirm", ANSWERING)
        .barred(ADMIN)
        .form("digits=00000000"),
    get("/agencies/{id}/public-keys/{key}/revoke", "agency agency-key", "", KEEPERS),
    post("/agencies/{id}/public-keys/{key}/revoke", "agency agency-key", "agency.key.revoke", KEEPERS).once(),
    get("/reference", "", "", SIGNED),
    get("/reference/calendar", "", "", SIGNED),
    get("/reference/calendar/import", "", "", ADMIN),
    post("/reference/calendar/import", "", "calendar.import", ADMIN),
    post("/reference/calendar/import/confirm", "", "calendar.import", ADMIN),
    get("/reference/categories", "", "", SIGNED),
    get("/reference/charges", "", "", SIGNED),
    get("/reference/clocks", "", "", SIGNED),
    get("/reference/reasons", "", "", SIGNED),
    get("/reference/regions", "", "", SIGNED),
    get("/reference/regions/import", "", "", ADMIN),
    post("/reference/regions/import", "", "region.import", ADMIN),
    post("/reference/regions/import/confirm", "", "region.import", ADMIN),
    // What pickers suggest.
    get("/pick/regions", "", "", SIGNED),
    get("/pick/charges", "", "", SIGNED),
    get("/pick/reading", "", "", SIGNED),
    get("/pick/agencies", "", "", STAFF),
    get("/pick/brands", "", "", READERS),
];
