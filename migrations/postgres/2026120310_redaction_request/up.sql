-- That somebody asked for a redacted copy (遮蔽件) of a long PDF, which a job makes: where it is to be black, and never what stands
-- there. `pages` and `original_sha256`: of the original as it was when this was asked for.
CREATE TABLE redaction_request (
    id BYTEA NOT NULL,
    original_id BYTEA NOT NULL REFERENCES evidence (id),
    original_sha256 BYTEA NOT NULL,
    pages INTEGER NOT NULL,
    regions TEXT NOT NULL,
    withholds BOOLEAN NOT NULL,
    requested_by BYTEA NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX redaction_request_original_id_id ON redaction_request (original_id, id);

-- Why, and what the new item is to be called, beside it: both may name people, and are erasable by law.
CREATE TABLE redaction_request_text (
    request_id BYTEA NOT NULL REFERENCES redaction_request (id),
    reason TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (request_id)
);

-- How it ended, once: with a new item, or with a fault (the key of a message).
CREATE TABLE redaction_request_end (
    request_id BYTEA NOT NULL REFERENCES redaction_request (id),
    evidence_id BYTEA REFERENCES evidence (id),
    fault TEXT,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (request_id),
    CHECK ((evidence_id IS NULL) <> (fault IS NULL))
);

CREATE INDEX redaction_request_end_evidence_id ON redaction_request_end (evidence_id);

CREATE TRIGGER redaction_request_no_update BEFORE UPDATE ON redaction_request
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER redaction_request_no_delete BEFORE DELETE ON redaction_request
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER redaction_request_no_truncate BEFORE TRUNCATE ON redaction_request
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER redaction_request_end_no_update BEFORE UPDATE ON redaction_request_end
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER redaction_request_end_no_delete BEFORE DELETE ON redaction_request_end
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER redaction_request_end_no_truncate BEFORE TRUNCATE ON redaction_request_end
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
