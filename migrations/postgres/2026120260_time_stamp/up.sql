-- Trusted time stamps (RFC 3161): which are asked of which authority, over the bytes of a stored file or the seal of a dossier,
-- and what came of it. A row is asked for once, and what was received is never changed.
CREATE TABLE time_stamp (
    id BYTEA NOT NULL,
    blob_id BYTEA REFERENCES blob (id),
    dossier_id BYTEA REFERENCES dossier (id),
    imprint BYTEA NOT NULL,
    authority TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    received_at BIGINT,
    stamped_at BIGINT,
    serial TEXT,
    signer TEXT,
    token BYTEA,
    PRIMARY KEY (id),
    CHECK ((blob_id IS NULL) <> (dossier_id IS NULL)),
    CHECK ((received_at IS NULL) = (token IS NULL))
);

CREATE UNIQUE INDEX time_stamp_blob_id_authority ON time_stamp (blob_id, authority);
CREATE UNIQUE INDEX time_stamp_dossier_id_authority ON time_stamp (dossier_id, authority);

CREATE TRIGGER time_stamp_no_update BEFORE UPDATE ON time_stamp
FOR EACH ROW WHEN (OLD.received_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

CREATE TRIGGER time_stamp_no_delete BEFORE DELETE ON time_stamp
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER time_stamp_no_truncate BEFORE TRUNCATE ON time_stamp
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
