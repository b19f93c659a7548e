-- That somebody asked for a redacted copy (遮蔽件) of a long PDF, which a job makes: where it is to be black, and never what stands
-- there. `pages` and `original_sha256`: of the original as it was when this was asked for.
CREATE TABLE redaction_request (
    id BLOB NOT NULL,
    original_id BLOB NOT NULL REFERENCES evidence (id),
    original_sha256 BLOB NOT NULL,
    pages INTEGER NOT NULL,
    regions TEXT NOT NULL,
    withholds BOOLEAN NOT NULL,
    requested_by BLOB NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX redaction_request_original_id_id ON redaction_request (original_id, id);

-- Why, and what the new item is to be called, beside it: both may name people, and are erasable by law.
CREATE TABLE redaction_request_text (
    request_id BLOB NOT NULL REFERENCES redaction_request (id),
    reason TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (request_id)
);

-- How it ended, once: with a new item, or with a fault (the key of a message).
CREATE TABLE redaction_request_end (
    request_id BLOB NOT NULL REFERENCES redaction_request (id),
    evidence_id BLOB REFERENCES evidence (id),
    fault TEXT,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (request_id),
    CHECK ((evidence_id IS NULL) <> (fault IS NULL))
);

CREATE INDEX redaction_request_end_evidence_id ON redaction_request_end (evidence_id);

CREATE TRIGGER redaction_request_no_update BEFORE UPDATE ON redaction_request
BEGIN SELECT RAISE(ABORT, 'redaction_request is append-only'); END;

CREATE TRIGGER redaction_request_no_delete BEFORE DELETE ON redaction_request
BEGIN SELECT RAISE(ABORT, 'redaction_request is append-only'); END;

CREATE TRIGGER redaction_request_end_no_update BEFORE UPDATE ON redaction_request_end
BEGIN SELECT RAISE(ABORT, 'redaction_request_end is append-only'); END;

CREATE TRIGGER redaction_request_end_no_delete BEFORE DELETE ON redaction_request_end
BEGIN SELECT RAISE(ABORT, 'redaction_request_end is append-only'); END;
