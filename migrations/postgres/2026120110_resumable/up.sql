-- Files on their way: what has arrived of each lies in the evidence store in pieces, each under a key of its own, until it
-- is put together and registered.
CREATE TABLE upload (
    id BYTEA NOT NULL,
    person_id BYTEA NOT NULL REFERENCES person (id),
    lead_id BYTEA NOT NULL REFERENCES lead (id),
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    received BIGINT NOT NULL,
    pieces INTEGER NOT NULL,
    state TEXT NOT NULL,
    metadata TEXT NOT NULL,
    -- The words of the form that it was begun from, as they stand in an address; empty: from none.
    form TEXT NOT NULL,
    by_token BOOLEAN NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    -- The request that brings bytes now, and until when it has shown that it does.
    holder BYTEA,
    held_until BIGINT,
    evidence_id BYTEA REFERENCES evidence (id),
    again BOOLEAN NOT NULL,
    refusal TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX upload_person_id_state ON upload (person_id, state);

CREATE INDEX upload_state_expires_at ON upload (state, expires_at);

-- The id is the name of the object. Only what is kept is told to the sender as being here.
CREATE TABLE upload_piece (
    id BYTEA NOT NULL,
    upload_id BYTEA NOT NULL REFERENCES upload (id),
    start BIGINT NOT NULL,
    size BIGINT NOT NULL,
    wrapped_key BYTEA NOT NULL,
    kept BOOLEAN NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX upload_piece_upload_id_start ON upload_piece (upload_id, start);
