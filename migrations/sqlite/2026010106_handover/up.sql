CREATE TABLE transfer (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    lead_id BLOB NOT NULL REFERENCES lead (id),
    agency_id BLOB NOT NULL REFERENCES agency (id),
    number TEXT NOT NULL,
    channel TEXT NOT NULL,
    sender_role TEXT NOT NULL,
    state TEXT NOT NULL,
    stage INTEGER NOT NULL,
    sent_at BIGINT NOT NULL,
    received_at BIGINT,
    accepted_at BIGINT,
    filed_at BIGINT,
    next_due_at BIGINT,
    -- The same of the agency's own duties alone: the accuser's time is none of its business.
    agency_due_at BIGINT,
    forwarded_from BLOB,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    lead_region TEXT NOT NULL DEFAULT '',
    UNIQUE (agency_id, number),
    UNIQUE (lead_id, agency_id)
);

-- What a lead was about when it was sent: breakdowns count by this, whatever becomes of the lead later.
CREATE TABLE transfer_charge (
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    charge_code TEXT NOT NULL,
    PRIMARY KEY (transfer_id, charge_code)
);

CREATE INDEX transfer_charge_charge_code ON transfer_charge (charge_code);

CREATE TRIGGER transfer_keeps_lead AFTER INSERT ON transfer
BEGIN
    UPDATE transfer SET lead_region = (SELECT region_code FROM lead WHERE id = NEW.lead_id) WHERE id = NEW.id;
    INSERT INTO transfer_charge (transfer_id, charge_code)
        SELECT NEW.id, charge_code FROM lead_charge WHERE lead_id = NEW.lead_id;
END;

-- What the agency was told: the newest dossier that was delivered, and its title. Where nothing was frozen (history that
-- was loaded), the title that the lead had when it was sent. Erasable by law.
CREATE TABLE transfer_face (
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    title TEXT NOT NULL,
    dossier_id BLOB REFERENCES dossier (id),
    PRIMARY KEY (transfer_id)
);

CREATE TRIGGER transfer_has_face AFTER INSERT ON transfer
BEGIN
    INSERT INTO transfer_face (transfer_id, title) SELECT NEW.id, title FROM lead WHERE id = NEW.lead_id;
END;

CREATE INDEX transfer_sent_at_seq ON transfer (sent_at, seq);

CREATE INDEX transfer_received_at ON transfer (received_at);

CREATE INDEX transfer_accepted_at ON transfer (accepted_at);

CREATE INDEX transfer_filed_at ON transfer (filed_at);

CREATE INDEX transfer_agency_id_lead_id ON transfer (agency_id, lead_id);

CREATE INDEX transfer_agency_id_seq ON transfer (agency_id, seq);

CREATE INDEX transfer_agency_id_next_due_at_seq ON transfer (agency_id, next_due_at, seq DESC);

CREATE INDEX transfer_agency_id_agency_due_at_seq ON transfer (agency_id, agency_due_at, seq DESC);

CREATE INDEX transfer_agency_id_state_seq ON transfer (agency_id, state, seq);

CREATE INDEX transfer_state_seq ON transfer (state, seq);

CREATE INDEX transfer_next_due_at_seq ON transfer (next_due_at, seq DESC);

-- Scanned papers of an agency without accounts, which its steps are recorded from.
CREATE TABLE transfer_paper (
    id BLOB NOT NULL,
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    blob_id BLOB NOT NULL REFERENCES blob (id),
    name TEXT NOT NULL,
    uploaded_by BLOB NOT NULL,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX transfer_paper_transfer_id ON transfer_paper (transfer_id);

CREATE TABLE transfer_step (
    id BLOB NOT NULL,
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    kind TEXT NOT NULL,
    actor_id BLOB,
    side TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    on_day DATE,
    reason_code TEXT,
    target_agency_id BLOB,
    delivery_id BLOB,
    remark_id BLOB,
    by_paper BOOLEAN NOT NULL DEFAULT FALSE,
    paper_id BLOB REFERENCES transfer_paper (id),
    PRIMARY KEY (id)
);

CREATE INDEX transfer_step_transfer_id_at ON transfer_step (transfer_id, at);
-- What came back, for what nobody took note of.
CREATE INDEX transfer_step_back ON transfer_step (kind, id, transfer_id)
    WHERE kind IN ('returned', 'not_accepted', 'not_filed', 'forwarded');

CREATE TRIGGER transfer_step_no_update BEFORE UPDATE ON transfer_step
BEGIN SELECT RAISE(ABORT, 'transfer_step is append-only'); END;

CREATE TRIGGER transfer_step_no_delete BEFORE DELETE ON transfer_step
BEGIN SELECT RAISE(ABORT, 'transfer_step is append-only'); END;

-- That somebody of the platform has dealt with a step that sent the lead back by taking note of it.
CREATE TABLE transfer_seen (
    step_id BLOB NOT NULL REFERENCES transfer_step (id),
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    seen_by BLOB NOT NULL,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (step_id)
);

CREATE TRIGGER transfer_seen_no_update BEFORE UPDATE ON transfer_seen
BEGIN SELECT RAISE(ABORT, 'transfer_seen is append-only'); END;

CREATE TRIGGER transfer_seen_no_delete BEFORE DELETE ON transfer_seen
BEGIN SELECT RAISE(ABORT, 'transfer_seen is append-only'); END;

CREATE TABLE delivery (
    id BLOB NOT NULL,
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    dossier_id BLOB NOT NULL REFERENCES dossier (id),
    sent_at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    sent_by BLOB NOT NULL,
    handed_on DATE,
    handed_by TEXT NOT NULL DEFAULT '',
    handed_to TEXT NOT NULL DEFAULT '',
    tracking_number TEXT NOT NULL DEFAULT '',
    receipt_blob_id BLOB REFERENCES blob (id),
    receipt_name TEXT NOT NULL DEFAULT '',
    receipt_at BIGINT,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (id)
);

-- A dossier may go to its agency again, on the same transfer, after that had ended.
CREATE INDEX delivery_transfer_id ON delivery (transfer_id);
CREATE INDEX delivery_dossier_id ON delivery (dossier_id);
-- The few with a receipt on paper are found without reading all others.
CREATE INDEX delivery_receipt ON delivery (transfer_id) WHERE receipt_blob_id IS NOT NULL;

-- Dossiers that were handed to nobody: those that somebody still works on are found without reading all others.
CREATE TABLE dossier_unsent (
    dossier_id BLOB NOT NULL REFERENCES dossier (id),
    PRIMARY KEY (dossier_id)
);

CREATE TRIGGER dossier_is_unsent AFTER INSERT ON dossier
BEGIN INSERT INTO dossier_unsent (dossier_id) VALUES (NEW.id); END;

CREATE TRIGGER dossier_is_sent AFTER INSERT ON delivery
BEGIN DELETE FROM dossier_unsent WHERE dossier_id = NEW.dossier_id; END;

CREATE TRIGGER transfer_shows_delivery AFTER INSERT ON delivery
BEGIN
    UPDATE transfer_face
        SET dossier_id = NEW.dossier_id,
            title = COALESCE((SELECT f.title FROM dossier_facts f WHERE f.dossier_id = NEW.dossier_id), title)
        WHERE transfer_id = NEW.transfer_id;
END;

CREATE TABLE message (
    id BLOB NOT NULL,
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    author_id BLOB,
    side TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX message_transfer_id_at ON message (transfer_id, at);

CREATE TABLE supplement_request (
    id BLOB NOT NULL,
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    code TEXT NOT NULL,
    remark_id BLOB,
    asked_by BLOB,
    asked_at BIGINT NOT NULL,
    due_at BIGINT,
    answered_delivery_id BLOB,
    answered_at BIGINT,
    PRIMARY KEY (id)
);

CREATE INDEX supplement_request_transfer_id ON supplement_request (transfer_id);

CREATE INDEX supplement_request_answered_at_due_at ON supplement_request (answered_at, due_at);

CREATE TABLE forward_request (
    id BLOB NOT NULL,
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    lead_id BLOB NOT NULL REFERENCES lead (id),
    target_agency_id BLOB NOT NULL REFERENCES agency (id),
    asked_at BIGINT NOT NULL,
    answered_delivery_id BLOB,
    answered_at BIGINT,
    PRIMARY KEY (id)
);

CREATE INDEX forward_request_transfer_id ON forward_request (transfer_id);

CREATE INDEX forward_request_lead_id_target_agency_id ON forward_request (lead_id, target_agency_id);

CREATE INDEX forward_request_target_agency_id ON forward_request (target_agency_id);

CREATE TABLE deadline (
    id BLOB NOT NULL,
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    case_id BLOB,
    clock_code TEXT NOT NULL,
    side TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    provisional BOOLEAN NOT NULL,
    stopped_at BIGINT,
    -- It ended because what it waited for can't or needn't happen any more; else by what it waited for.
    moot BOOLEAN NOT NULL DEFAULT FALSE,
    reminded_before_at BIGINT,
    reminded_after_at BIGINT,
    PRIMARY KEY (id)
);

CREATE INDEX deadline_transfer_id ON deadline (transfer_id);

CREATE INDEX deadline_stopped_at_due_at ON deadline (stopped_at, due_at);

-- Those of the rare clocks that run are found without reading all others.
CREATE INDEX deadline_clock_code_transfer_id ON deadline (clock_code, transfer_id) WHERE stopped_at IS NULL;

CREATE TABLE deadline_extension (
    id BLOB NOT NULL,
    deadline_id BLOB NOT NULL REFERENCES deadline (id),
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    clock_code TEXT,
    law_remark_id BLOB,
    approved_on DATE NOT NULL,
    old_due_at BIGINT NOT NULL,
    new_due_at BIGINT NOT NULL,
    actor_id BLOB,
    side TEXT NOT NULL,
    by_paper BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,
    remark_id BLOB,
    paper_id BLOB REFERENCES transfer_paper (id),
    PRIMARY KEY (id)
);

CREATE INDEX deadline_extension_transfer_id ON deadline_extension (transfer_id);

CREATE TRIGGER deadline_extension_no_update BEFORE UPDATE ON deadline_extension
BEGIN SELECT RAISE(ABORT, 'deadline_extension is append-only'); END;

CREATE TRIGGER deadline_extension_no_delete BEFORE DELETE ON deadline_extension
BEGIN SELECT RAISE(ABORT, 'deadline_extension is append-only'); END;

-- What the accuser may do against a decision not to file: each step once for one decision.
CREATE TABLE remedy_step (
    id BLOB NOT NULL,
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    decision_id BLOB NOT NULL REFERENCES transfer_step (id),
    kind TEXT NOT NULL,
    on_day DATE NOT NULL,
    number TEXT NOT NULL,
    verdict TEXT,
    actor_id BLOB,
    side TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    paper_id BLOB REFERENCES transfer_paper (id),
    remark_id BLOB,
    PRIMARY KEY (id)
);

CREATE INDEX remedy_step_transfer_id ON remedy_step (transfer_id);
-- What was revoked, for what is to be sent anew.
CREATE INDEX remedy_step_revoked ON remedy_step (transfer_id) WHERE verdict = 'revoked';

CREATE UNIQUE INDEX remedy_step_decision_id_kind ON remedy_step (decision_id, kind);

CREATE TRIGGER remedy_step_no_update BEFORE UPDATE ON remedy_step
BEGIN SELECT RAISE(ABORT, 'remedy_step is append-only'); END;

CREATE TRIGGER remedy_step_no_delete BEFORE DELETE ON remedy_step
BEGIN SELECT RAISE(ABORT, 'remedy_step is append-only'); END;

CREATE TABLE agency_case (
    id BLOB NOT NULL,
    agency_id BLOB NOT NULL REFERENCES agency (id),
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    officer TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    filed_on DATE,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    public_source TEXT NOT NULL DEFAULT '',
    region_code TEXT NOT NULL,
    merged_into BLOB REFERENCES agency_case (id),
    PRIMARY KEY (id)
);

CREATE INDEX agency_case_agency_id_opened_at_id ON agency_case (agency_id, opened_at, id);

CREATE INDEX agency_case_opened_at_id ON agency_case (opened_at, id);

CREATE INDEX agency_case_agency_id_status_opened_at_id ON agency_case (agency_id, status, opened_at, id);

CREATE INDEX agency_case_status_opened_at_id ON agency_case (status, opened_at, id);

CREATE INDEX agency_case_filed_on ON agency_case (filed_on);
-- What the log is searched by, and what an agency joins a case by.
CREATE INDEX agency_case_number_agency_id ON agency_case (number, agency_id);

CREATE INDEX agency_case_merged_into ON agency_case (merged_into);

CREATE TABLE case_transfer (
    case_id BLOB NOT NULL REFERENCES agency_case (id),
    transfer_id BLOB NOT NULL UNIQUE REFERENCES transfer (id),
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, transfer_id)
);

-- Every transfer that was ever joined to a matter, also one that went on in another.
CREATE TABLE case_joined (
    case_id BLOB NOT NULL REFERENCES agency_case (id),
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    PRIMARY KEY (case_id, transfer_id)
);

CREATE INDEX case_joined_transfer_id ON case_joined (transfer_id);

CREATE TRIGGER case_was_joined AFTER INSERT ON case_transfer
BEGIN INSERT OR IGNORE INTO case_joined (case_id, transfer_id) VALUES (NEW.case_id, NEW.transfer_id); END;

CREATE TABLE case_paper (
    id BLOB NOT NULL,
    case_id BLOB NOT NULL REFERENCES agency_case (id),
    blob_id BLOB NOT NULL REFERENCES blob (id),
    name TEXT NOT NULL,
    uploaded_by BLOB NOT NULL,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX case_paper_case_id ON case_paper (case_id);

CREATE TABLE case_step (
    id BLOB NOT NULL,
    case_id BLOB NOT NULL REFERENCES agency_case (id),
    kind TEXT NOT NULL,
    on_day DATE NOT NULL,
    actor_id BLOB,
    "at" BIGINT NOT NULL,
    remark_id BLOB,
    paper_id BLOB REFERENCES case_paper (id),
    PRIMARY KEY (id)
);

CREATE INDEX case_step_case_id_at ON case_step (case_id, at);

CREATE TRIGGER case_step_no_update BEFORE UPDATE ON case_step
BEGIN SELECT RAISE(ABORT, 'case_step is append-only'); END;

CREATE TRIGGER case_step_no_delete BEFORE DELETE ON case_step
BEGIN SELECT RAISE(ABORT, 'case_step is append-only'); END;

-- A scan that was handed in afterwards for one that was wrong: of a delivery's receipt, of a transfer's or a case's paper.
-- The wrong one stays.
CREATE TABLE scan_replacement (
    id BLOB NOT NULL,
    of_kind TEXT NOT NULL,
    of_id BLOB NOT NULL,
    blob_id BLOB NOT NULL REFERENCES blob (id),
    name TEXT NOT NULL,
    uploaded_by BLOB NOT NULL,
    "at" BIGINT NOT NULL,
    remark_id BLOB,
    PRIMARY KEY (id)
);

CREATE INDEX scan_replacement_of_id_at ON scan_replacement (of_id, at);

CREATE TRIGGER scan_replacement_no_update BEFORE UPDATE ON scan_replacement
BEGIN SELECT RAISE(ABORT, 'scan_replacement is append-only'); END;

CREATE TRIGGER scan_replacement_no_delete BEFORE DELETE ON scan_replacement
BEGIN SELECT RAISE(ABORT, 'scan_replacement is append-only'); END;
