CREATE TABLE outcome (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    case_id BLOB REFERENCES agency_case (id),
    agency_id BLOB NOT NULL REFERENCES agency (id),
    region_code TEXT NOT NULL,
    happened_on DATE NOT NULL,
    year INTEGER NOT NULL,
    persons INTEGER NOT NULL DEFAULT 0,
    amount_fen BIGINT,
    qualifier TEXT,
    basis TEXT,
    quantity BIGINT,
    unit TEXT,
    source_kind TEXT NOT NULL,
    source_text_id BLOB,
    source_url TEXT NOT NULL DEFAULT '',
    source_link_id BLOB,
    legal_code TEXT,
    legal_text_id BLOB,
    source_blob_id BLOB REFERENCES blob (id),
    source_name TEXT NOT NULL DEFAULT '',
    asserted_by BLOB,
    asserted_side TEXT NOT NULL,
    asserted_at BIGINT NOT NULL,
    corrects_id BLOB,
    correction_id BLOB,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE INDEX outcome_year_kind_seq ON outcome (year, kind, seq);

CREATE INDEX outcome_year_seq ON outcome (year, seq);

CREATE INDEX outcome_agency_id_seq ON outcome (agency_id, seq);

CREATE INDEX outcome_case_id_kind_year ON outcome (case_id, kind, year);

CREATE INDEX outcome_corrects_id ON outcome (corrects_id);

CREATE INDEX outcome_correction_id ON outcome (correction_id);

CREATE INDEX outcome_asserted_by_seq ON outcome (asserted_by, seq);

CREATE INDEX outcome_kind_seq ON outcome (kind, seq);

CREATE INDEX outcome_happened_on_seq ON outcome (happened_on, seq);

CREATE INDEX outcome_amount_fen_seq ON outcome (amount_fen, seq);

CREATE TRIGGER outcome_no_update BEFORE UPDATE ON outcome
BEGIN SELECT RAISE(ABORT, 'outcome is append-only'); END;

CREATE TRIGGER outcome_no_delete BEFORE DELETE ON outcome
BEGIN SELECT RAISE(ABORT, 'outcome is append-only'); END;

CREATE TABLE outcome_identity (
    outcome_id BLOB NOT NULL REFERENCES outcome (id),
    kind TEXT NOT NULL,
    identity_id BLOB NOT NULL,
    PRIMARY KEY (outcome_id, kind, identity_id)
);

CREATE INDEX outcome_identity_kind_identity_id ON outcome_identity (kind, identity_id);

CREATE TRIGGER outcome_identity_no_update BEFORE UPDATE ON outcome_identity
BEGIN SELECT RAISE(ABORT, 'outcome_identity is append-only'); END;

CREATE TRIGGER outcome_identity_no_delete BEFORE DELETE ON outcome_identity
BEGIN SELECT RAISE(ABORT, 'outcome_identity is append-only'); END;

CREATE TABLE outcome_confirmation (
    id BLOB NOT NULL,
    outcome_id BLOB NOT NULL UNIQUE REFERENCES outcome (id),
    decision TEXT NOT NULL,
    actor_id BLOB,
    side TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    by_paper BOOLEAN NOT NULL DEFAULT FALSE,
    remark_id BLOB,
    PRIMARY KEY (id)
);

CREATE TRIGGER outcome_confirmation_no_update BEFORE UPDATE ON outcome_confirmation
BEGIN SELECT RAISE(ABORT, 'outcome_confirmation is append-only'); END;

CREATE TRIGGER outcome_confirmation_no_delete BEFORE DELETE ON outcome_confirmation
BEGIN SELECT RAISE(ABORT, 'outcome_confirmation is append-only'); END;

-- That the side which asserted a rejected entry has taken note of it.
CREATE TABLE outcome_seen (
    outcome_id BLOB NOT NULL REFERENCES outcome (id),
    seen_by BLOB NOT NULL,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (outcome_id)
);

CREATE TRIGGER outcome_seen_no_update BEFORE UPDATE ON outcome_seen
BEGIN SELECT RAISE(ABORT, 'outcome_seen is append-only'); END;

CREATE TRIGGER outcome_seen_no_delete BEFORE DELETE ON outcome_seen
BEGIN SELECT RAISE(ABORT, 'outcome_seen is append-only'); END;

-- Entries that nobody has decided about.
CREATE TABLE outcome_open (
    seq BIGINT NOT NULL,
    agency_id BLOB NOT NULL REFERENCES agency (id),
    PRIMARY KEY (seq)
);

CREATE INDEX outcome_open_agency_id_seq ON outcome_open (agency_id, seq);

CREATE TRIGGER outcome_is_open AFTER INSERT ON outcome
BEGIN INSERT INTO outcome_open (seq, agency_id) VALUES (NEW.seq, NEW.agency_id); END;

CREATE TRIGGER outcome_is_decided AFTER INSERT ON outcome_confirmation
BEGIN DELETE FROM outcome_open WHERE seq = (SELECT seq FROM outcome WHERE id = NEW.outcome_id); END;

CREATE TABLE published_figure (
    id BLOB NOT NULL,
    year INTEGER NOT NULL,
    figure TEXT NOT NULL,
    amount BIGINT NOT NULL,
    qualifier TEXT NOT NULL,
    period TEXT NOT NULL,
    scope TEXT NOT NULL,
    source TEXT NOT NULL,
    counted BOOLEAN NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    period_en TEXT NOT NULL DEFAULT '',
    scope_en TEXT NOT NULL DEFAULT '',
    source_en TEXT NOT NULL DEFAULT '',
    reason_en TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (id)
);

CREATE INDEX published_figure_year ON published_figure (year);

CREATE TRIGGER published_figure_no_update BEFORE UPDATE ON published_figure
BEGIN SELECT RAISE(ABORT, 'published_figure is append-only'); END;

CREATE TRIGGER published_figure_no_delete BEFORE DELETE ON published_figure
BEGIN SELECT RAISE(ABORT, 'published_figure is append-only'); END;

CREATE TABLE operation (
    id BLOB NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    from_on DATE,
    to_on DATE,
    note TEXT NOT NULL,
    public_source TEXT NOT NULL DEFAULT '',
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE operation_member (
    operation_id BLOB NOT NULL REFERENCES operation (id),
    kind TEXT NOT NULL,
    object_id BLOB NOT NULL,
    PRIMARY KEY (operation_id, kind, object_id)
);

CREATE INDEX operation_member_object_id ON operation_member (object_id);
