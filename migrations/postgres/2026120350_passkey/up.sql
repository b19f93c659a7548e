-- Passkeys of accounts (通行密钥, WebAuthn): the public half alone, by which receipts are signed. A removed one stays, as what
-- it signed is still checked by it.
CREATE TABLE passkey (
    id BYTEA NOT NULL,
    person_id BYTEA NOT NULL REFERENCES person (id),
    credential_id BYTEA NOT NULL,
    algorithm TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    last_used_at BIGINT,
    removed_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE (credential_id)
);

CREATE INDEX passkey_person_id_id ON passkey (person_id, id);

-- What its owner calls it, beside it: their own words, erasable by law.
CREATE TABLE passkey_name (
    passkey_id BYTEA NOT NULL REFERENCES passkey (id),
    name TEXT NOT NULL,
    PRIMARY KEY (passkey_id)
);

-- What somebody was asked to sign a moment ago: each is answered once, and goes.
CREATE TABLE passkey_challenge (
    id BYTEA NOT NULL,
    person_id BYTEA NOT NULL REFERENCES person (id),
    about BYTEA NOT NULL,
    challenge BYTEA NOT NULL,
    issued_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (person_id, about)
);
