-- What the master key wraps begins with its mark: by it what an older one wrapped is counted.
CREATE INDEX blob_mark ON blob (substr(wrapped_key, 1, 8));

CREATE INDEX upload_piece_mark ON upload_piece (substr(wrapped_key, 1, 8));

-- The servers that run, and the marks of the master keys that they know.
CREATE TABLE serving (
    id BYTEA NOT NULL,
    marks TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

-- The master key may wrap a signing key anew; nothing else of it changes.
DROP TRIGGER wrapped_key_no_update ON wrapped_key;

CREATE TRIGGER wrapped_key_no_update
BEFORE UPDATE OF id, purpose, name, public_text, statement, created_at ON wrapped_key
FOR EACH ROW EXECUTE FUNCTION refuse_change();
