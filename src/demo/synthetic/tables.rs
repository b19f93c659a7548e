//! Rows of many leads that wait to be inserted, table by table: what is referred to goes first.

use crate::{
    casework::lead::model::{self, SubjectKind},
    platform::{
        db::{Connection, Id, Instant, Rows},
        error::Result,
    },
};

macro_rules! tables {
    ($($table:ident: [$($column:literal),+ $(,)?]),+ $(,)?) => {
        /// Waiting rows of every table that is loaded.
        pub(super) struct Tables { $(pub $table: Rows),+ }

        impl Tables {
            pub fn new() -> Self {
                Self { $($table: Rows::new(stringify!($table), &[$($column),+])),+ }
            }

            /// Inserts everything, in the order of the tables above.
            pub fn insert(&mut self, conn: &mut Connection) -> Result<()> {
                $(self.$table.insert(conn)?;)+
                Ok(())
            }
        }
    };
}

tables!(
    lead: [
        "id", "number", "year", "title", "summary", "region_code", "occurred_from", "occurred_to", "value_fen",
        "value_qualifier", "value_basis", "source_kind", "source_note", "sender_role", "state", "owner_id",
        "assignee_id", "synthetic", "created_at", "updated_at",
    ],
    lead_charge: ["lead_id", "charge_code"],
    lead_brand: ["lead_id", "brand_id"],
    lead_writer: ["lead_id", "person_id"],
    lead_step: ["id", "lead_id", "kind", "actor_id", "at"],
    listing: [
        "id", "lead_id", "url", "title", "item_number", "shop", "shop_key", "price_fen", "sold", "seen_on", "created_at",
    ],
    subject: ["id", "kind", "name", "identifier", "match_key", "synthetic", "created_at"],
    lead_subject: ["lead_id", "subject_id", "name", "identifier", "part", "region_code"],
    site: ["id", "address", "region_code", "synthetic", "match_key", "created_at"],
    lead_site: ["lead_id", "site_id", "role", "note"],
    evidence: [
        "id", "lead_id", "position", "kind", "category", "name", "description", "source", "collected_by",
        "collected_at", "method", "tool", "medium", "holder", "blob_id", "registered_by", "created_at", "synthetic",
    ],
    composition: ["id", "lead_id", "version", "note", "created_by", "created_at", "submitted_at"],
    composition_item: ["composition_id", "evidence_id", "number"],
    dossier: ["id", "composition_id", "lead_id", "agency_id", "folder", "created_at", "synthetic"],
    dossier_freeze: ["dossier_id", "content_sha256", "manifest_sha256", "files", "frozen_at"],
    review: ["id", "composition_id", "lead_id", "submitted_by", "submitted_at", "decided_at", "decision"],
    approval: [
        "id", "review_id", "composition_id", "decision", "actor_id", "manifest_hashes", "at", "second_factor",
    ],
    dossier_seal: ["dossier_id", "approval_id", "seal_json", "signature", "key_id", "sealed_at"],
    dossier_package: ["dossier_id", "blob_id", "size", "written_at"],
    transfer: [
        "id", "lead_id", "agency_id", "number", "channel", "sender_role", "state", "stage", "sent_at", "received_at",
        "accepted_at", "filed_at", "next_due_at", "agency_due_at", "synthetic",
    ],
    delivery: ["id", "transfer_id", "dossier_id", "sent_at", "channel", "sent_by", "synthetic"],
    transfer_step: ["id", "transfer_id", "kind", "actor_id", "side", "at", "on_day", "reason_code", "delivery_id"],
    transfer_seen: ["step_id", "transfer_id", "seen_by", "at"],
    message: ["id", "transfer_id", "author_id", "side", "at", "body"],
    supplement_request: ["id", "transfer_id", "code", "asked_at", "due_at"],
    deadline: [
        "id", "transfer_id", "clock_code", "side", "started_at", "due_at", "provisional", "stopped_at", "moot",
        "reminded_before_at", "reminded_after_at",
    ],
    access: ["object_id", "agency_id", "kind", "since"],
    agency_case: [
        "id", "agency_id", "number", "title", "status", "officer", "opened_at", "filed_on", "synthetic",
        "region_code",
    ],
    case_transfer: ["case_id", "transfer_id", "joined_at"],
    case_step: ["id", "case_id", "kind", "on_day", "at"],
    outcome: [
        "id", "kind", "case_id", "agency_id", "region_code", "happened_on", "year", "persons", "amount_fen",
        "qualifier", "basis", "quantity", "unit", "source_kind", "source_name", "asserted_side", "asserted_at",
        "synthetic",
    ],
    outcome_identity: ["outcome_id", "kind", "identity_id"],
    outcome_confirmation: ["id", "outcome_id", "decision", "actor_id", "side", "at"],
);

impl Tables {
    /// A subject's row.
    pub fn subject(&mut self, id: Id, kind: SubjectKind, name: &str, code: &str, at: Instant) {
        let key = model::subject_key(kind, name, code);
        self.subject.push([
            id.into(),
            kind.as_str().into(),
            name.into(),
            code.into(),
            key.into(),
            true.into(),
            at.into(),
        ]);
    }
}
