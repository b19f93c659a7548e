CREATE TABLE brand (
    id BLOB NOT NULL,
    name TEXT NOT NULL UNIQUE,
    name_en TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE lead (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    number TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    region_code TEXT NOT NULL,
    occurred_from DATE,
    occurred_to DATE,
    value_fen BIGINT,
    value_qualifier TEXT,
    value_basis TEXT,
    source_kind TEXT NOT NULL,
    source_note TEXT NOT NULL,
    sender_role TEXT NOT NULL,
    state TEXT NOT NULL,
    owner_id BLOB NOT NULL REFERENCES person (id),
    assignee_id BLOB REFERENCES person (id),
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    public_source TEXT NOT NULL DEFAULT '',
    revision INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX lead_state_seq ON lead (state, seq);

CREATE INDEX lead_state_value_fen_seq ON lead (state, value_fen, seq);

CREATE INDEX lead_state_updated_at_seq ON lead (state, updated_at, seq);

CREATE INDEX lead_synthetic_seq ON lead (synthetic, seq);

CREATE INDEX lead_region_code_seq ON lead (region_code, seq);

CREATE INDEX lead_owner_id_state_seq ON lead (owner_id, state, seq);

CREATE INDEX lead_assignee_id_state_seq ON lead (assignee_id, state, seq);

CREATE INDEX lead_value_fen_seq ON lead (value_fen, seq);

CREATE INDEX lead_updated_at_seq ON lead (updated_at, seq);

CREATE INDEX lead_created_at_seq ON lead (created_at, seq);

CREATE VIRTUAL TABLE lead_text USING fts5 (body, content='', contentless_delete=1);

CREATE TABLE lead_charge (
    lead_id BLOB NOT NULL REFERENCES lead (id),
    charge_code TEXT NOT NULL,
    PRIMARY KEY (lead_id, charge_code)
);

CREATE INDEX lead_charge_charge_code_lead_id ON lead_charge (charge_code, lead_id);

-- With the rights holder (权利人) of the brand, as the lead states it.
CREATE TABLE lead_brand (
    lead_id BLOB NOT NULL REFERENCES lead (id),
    brand_id BLOB NOT NULL REFERENCES brand (id),
    owner TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (lead_id, brand_id)
);

CREATE INDEX lead_brand_brand_id_lead_id ON lead_brand (brand_id, lead_id);

CREATE TABLE lead_writer (
    lead_id BLOB NOT NULL REFERENCES lead (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    PRIMARY KEY (lead_id, person_id)
);

CREATE TABLE lead_step (
    id BLOB NOT NULL,
    lead_id BLOB NOT NULL REFERENCES lead (id),
    kind TEXT NOT NULL,
    actor_id BLOB,
    "at" BIGINT NOT NULL,
    remark_id BLOB,
    PRIMARY KEY (id)
);

CREATE INDEX lead_step_lead_id_at ON lead_step (lead_id, at);

CREATE TRIGGER lead_step_no_update BEFORE UPDATE ON lead_step
BEGIN SELECT RAISE(ABORT, 'lead_step is append-only'); END;

CREATE TRIGGER lead_step_no_delete BEFORE DELETE ON lead_step
BEGIN SELECT RAISE(ABORT, 'lead_step is append-only'); END;

CREATE TABLE remark (
    id BLOB NOT NULL,
    about_kind TEXT NOT NULL,
    about_id BLOB NOT NULL,
    author_id BLOB,
    "at" BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX remark_about_id ON remark (about_id);

CREATE TABLE listing (
    id BLOB NOT NULL,
    lead_id BLOB NOT NULL REFERENCES lead (id),
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    item_number TEXT NOT NULL,
    shop TEXT NOT NULL,
    price_fen BIGINT,
    sold BIGINT,
    seen_on DATE,
    -- Of the address; empty: never found again.
    match_key TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX listing_lead_id ON listing (lead_id);

CREATE INDEX listing_match_key ON listing (match_key);

CREATE TABLE subject (
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    identifier TEXT NOT NULL,
    match_key TEXT NOT NULL,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX subject_kind_match_key ON subject (kind, match_key);

-- A subject is shared by the leads that name it; what one of them says of it is its own.
CREATE TABLE lead_subject (
    lead_id BLOB NOT NULL REFERENCES lead (id),
    subject_id BLOB NOT NULL REFERENCES subject (id),
    -- As this lead calls it and writes its number; the subject's own row keeps what it became known by.
    name TEXT NOT NULL,
    identifier TEXT NOT NULL DEFAULT '',
    part TEXT NOT NULL,
    region_code TEXT,
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (lead_id, subject_id)
);

CREATE INDEX lead_subject_subject_id ON lead_subject (subject_id);

CREATE TABLE site (
    id BLOB NOT NULL,
    address TEXT NOT NULL,
    region_code TEXT NOT NULL,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    match_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX site_match_key ON site (match_key);

CREATE TABLE lead_site (
    lead_id BLOB NOT NULL REFERENCES lead (id),
    site_id BLOB NOT NULL REFERENCES site (id),
    role TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (lead_id, site_id, role)
);

CREATE INDEX lead_site_site_id ON lead_site (site_id);

CREATE TABLE blob (
    id BLOB NOT NULL,
    sha256 BLOB NOT NULL UNIQUE,
    sm3 BLOB NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    wrapped_key BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    erased_at BIGINT,
    PRIMARY KEY (id)
);

CREATE TABLE evidence (
    id BLOB NOT NULL,
    lead_id BLOB NOT NULL REFERENCES lead (id),
    "position" INTEGER NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    source TEXT NOT NULL,
    collected_by TEXT NOT NULL,
    collected_at BIGINT,
    method TEXT NOT NULL,
    tool TEXT NOT NULL,
    medium TEXT NOT NULL,
    holder TEXT NOT NULL,
    blob_id BLOB NOT NULL REFERENCES blob (id),
    withheld BOOLEAN NOT NULL DEFAULT FALSE,
    withheld_reason TEXT NOT NULL DEFAULT '',
    registered_by BLOB,
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (id),
    UNIQUE (lead_id, position)
);

CREATE INDEX evidence_blob_id ON evidence (blob_id);

CREATE TABLE composition (
    id BLOB NOT NULL,
    lead_id BLOB NOT NULL REFERENCES lead (id),
    version INTEGER NOT NULL,
    note TEXT NOT NULL,
    created_by BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    submitted_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE (lead_id, version)
);

CREATE TABLE composition_item (
    composition_id BLOB NOT NULL REFERENCES composition (id),
    evidence_id BLOB NOT NULL REFERENCES evidence (id),
    number INTEGER NOT NULL,
    PRIMARY KEY (composition_id, evidence_id)
);

CREATE INDEX composition_item_evidence_id ON composition_item (evidence_id);

CREATE TABLE dossier (
    id BLOB NOT NULL,
    composition_id BLOB NOT NULL REFERENCES composition (id),
    lead_id BLOB NOT NULL REFERENCES lead (id),
    agency_id BLOB NOT NULL REFERENCES agency (id),
    folder TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (id),
    UNIQUE (composition_id, agency_id)
);

CREATE INDEX dossier_lead_id ON dossier (lead_id);

CREATE INDEX dossier_agency_id ON dossier (agency_id);

CREATE INDEX dossier_created_at_id ON dossier (created_at, id);

CREATE TABLE dossier_withheld (
    dossier_id BLOB NOT NULL REFERENCES dossier (id),
    evidence_id BLOB NOT NULL REFERENCES evidence (id),
    number INTEGER NOT NULL,
    category TEXT NOT NULL,
    salt BLOB NOT NULL,
    commitment BLOB NOT NULL,
    reason_code TEXT NOT NULL,
    PRIMARY KEY (dossier_id, evidence_id)
);

CREATE TRIGGER dossier_withheld_no_update BEFORE UPDATE ON dossier_withheld
BEGIN SELECT RAISE(ABORT, 'dossier_withheld is append-only'); END;

CREATE TRIGGER dossier_withheld_no_delete BEFORE DELETE ON dossier_withheld
BEGIN SELECT RAISE(ABORT, 'dossier_withheld is append-only'); END;

CREATE TABLE dossier_freeze (
    dossier_id BLOB NOT NULL REFERENCES dossier (id),
    content_sha256 BLOB NOT NULL,
    manifest_sha256 BLOB NOT NULL,
    files TEXT NOT NULL,
    frozen_at BIGINT NOT NULL,
    PRIMARY KEY (dossier_id)
);

CREATE INDEX dossier_freeze_manifest_sha256 ON dossier_freeze (manifest_sha256);

CREATE TRIGGER dossier_freeze_no_update BEFORE UPDATE ON dossier_freeze
BEGIN SELECT RAISE(ABORT, 'dossier_freeze is append-only'); END;

CREATE TRIGGER dossier_freeze_no_delete BEFORE DELETE ON dossier_freeze
BEGIN SELECT RAISE(ABORT, 'dossier_freeze is append-only'); END;

-- What a dossier says, beside the hashes of what was frozen: read without opening the evidence store, and erasable by law.
CREATE TABLE dossier_facts (
    dossier_id BLOB NOT NULL REFERENCES dossier (id),
    title TEXT NOT NULL,
    facts TEXT NOT NULL,
    refs TEXT NOT NULL,
    PRIMARY KEY (dossier_id)
);

CREATE TABLE dossier_seal (
    dossier_id BLOB NOT NULL REFERENCES dossier (id),
    approval_id BLOB NOT NULL,
    seal_json TEXT NOT NULL,
    signature TEXT NOT NULL,
    key_id BLOB NOT NULL,
    sealed_at BIGINT NOT NULL,
    PRIMARY KEY (dossier_id)
);

CREATE TRIGGER dossier_seal_no_update BEFORE UPDATE ON dossier_seal
BEGIN SELECT RAISE(ABORT, 'dossier_seal is append-only'); END;

CREATE TRIGGER dossier_seal_no_delete BEFORE DELETE ON dossier_seal
BEGIN SELECT RAISE(ABORT, 'dossier_seal is append-only'); END;

CREATE TABLE dossier_package (
    dossier_id BLOB NOT NULL REFERENCES dossier (id),
    blob_id BLOB NOT NULL REFERENCES blob (id),
    size BIGINT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (dossier_id)
);

CREATE TRIGGER dossier_package_no_update BEFORE UPDATE ON dossier_package
BEGIN SELECT RAISE(ABORT, 'dossier_package is append-only'); END;

CREATE TRIGGER dossier_package_no_delete BEFORE DELETE ON dossier_package
BEGIN SELECT RAISE(ABORT, 'dossier_package is append-only'); END;

CREATE TABLE review (
    id BLOB NOT NULL,
    composition_id BLOB NOT NULL UNIQUE REFERENCES composition (id),
    lead_id BLOB NOT NULL REFERENCES lead (id),
    submitted_by BLOB NOT NULL,
    submitted_at BIGINT NOT NULL,
    decided_at BIGINT,
    decision TEXT,
    PRIMARY KEY (id)
);

CREATE INDEX review_decision_id ON review (decision, id);

CREATE INDEX review_lead_id_id ON review (lead_id, id);

CREATE TABLE approval (
    id BLOB NOT NULL,
    review_id BLOB NOT NULL UNIQUE REFERENCES review (id),
    composition_id BLOB NOT NULL REFERENCES composition (id),
    decision TEXT NOT NULL,
    actor_id BLOB NOT NULL,
    manifest_hashes TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    remark_id BLOB,
    second_factor TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX approval_composition_id ON approval (composition_id);

CREATE TRIGGER approval_no_update BEFORE UPDATE ON approval
BEGIN SELECT RAISE(ABORT, 'approval is append-only'); END;

CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval
BEGIN SELECT RAISE(ABORT, 'approval is append-only'); END;
