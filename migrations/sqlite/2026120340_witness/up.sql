-- Witnesses of the audit log (C2SP tlog-witness): what each has cosigned of ours, how each stands with us, and which other logs
-- this program watches as a witness.
CREATE TABLE audit_cosignature (
    size BIGINT NOT NULL REFERENCES audit_head (size),
    witness TEXT NOT NULL,
    name TEXT NOT NULL,
    cosigned_at BIGINT NOT NULL,
    line TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (size, witness)
);

CREATE INDEX audit_cosignature_witness_size ON audit_cosignature (witness, size);

CREATE TRIGGER audit_cosignature_no_update BEFORE UPDATE ON audit_cosignature
BEGIN SELECT RAISE(ABORT, 'audit_cosignature is append-only'); END;

CREATE TRIGGER audit_cosignature_no_delete BEFORE DELETE ON audit_cosignature
BEGIN SELECT RAISE(ABORT, 'audit_cosignature is append-only'); END;

CREATE TABLE audit_witness (
    witness TEXT NOT NULL,
    size BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    fault TEXT,
    said_size BIGINT,
    PRIMARY KEY (witness)
);

CREATE TABLE witnessed_log (
    origin TEXT NOT NULL,
    size BIGINT NOT NULL,
    root BLOB NOT NULL,
    note TEXT NOT NULL,
    cosigned_at BIGINT NOT NULL,
    refused_at BIGINT,
    refused TEXT,
    fork TEXT,
    PRIMARY KEY (origin)
);
