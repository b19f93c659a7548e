CREATE TABLE region (
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    parent TEXT,
    level TEXT NOT NULL,
    valid_from DATE,
    valid_to DATE
);

-- A region may bear one code under several names, one after the other.
CREATE UNIQUE INDEX region_code_valid_from ON region (code, COALESCE(valid_from, DATE '0001-01-01'));

CREATE INDEX region_parent ON region (parent);

CREATE TABLE calendar_day (
    day DATE NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    notice_year INTEGER NOT NULL,
    PRIMARY KEY (day)
);

CREATE TABLE agency (
    id BYTEA NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    type_code TEXT NOT NULL,
    level TEXT NOT NULL,
    region_code TEXT NOT NULL,
    parent_id BYTEA REFERENCES agency (id),
    valid_from DATE,
    valid_to DATE,
    successor_id BYTEA REFERENCES agency (id),
    channel TEXT NOT NULL,
    addressee TEXT NOT NULL,
    address TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    ack_days INTEGER,
    accept_days INTEGER,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    source TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX agency_region_code ON agency (region_code);

CREATE INDEX agency_type_code_region_code ON agency (type_code, region_code);

CREATE TABLE agency_takes (
    agency_id BYTEA NOT NULL REFERENCES agency (id),
    family TEXT NOT NULL,
    PRIMARY KEY (agency_id, family)
);

CREATE TABLE agency_contact (
    id BYTEA NOT NULL,
    agency_id BYTEA NOT NULL REFERENCES agency (id),
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX agency_contact_agency_id ON agency_contact (agency_id);

CREATE TABLE person (
    id BYTEA NOT NULL,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    side TEXT NOT NULL,
    agency_id BYTEA REFERENCES agency (id),
    locale TEXT NOT NULL,
    locale_chosen BOOLEAN NOT NULL DEFAULT FALSE,
    date_style TEXT NOT NULL DEFAULT 'page',
    clock_style TEXT NOT NULL DEFAULT '24',
    password_hash TEXT NOT NULL,
    password_changed_at BIGINT NOT NULL,
    must_change BOOLEAN NOT NULL DEFAULT FALSE,
    single_keys BOOLEAN NOT NULL DEFAULT TRUE,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    synthetic BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (id)
);

CREATE INDEX person_agency_id ON person (agency_id);

-- One account an address, however it is written.
CREATE UNIQUE INDEX person_email ON person (LOWER(email));

CREATE TABLE person_role (
    person_id BYTEA NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    PRIMARY KEY (person_id, role)
);

CREATE TABLE second_factor (
    person_id BYTEA NOT NULL REFERENCES person (id),
    wrapped_secret BYTEA NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id)
);

CREATE TABLE recovery_code (
    id BYTEA NOT NULL,
    person_id BYTEA NOT NULL REFERENCES person (id),
    code_hash BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (id)
);

CREATE INDEX recovery_code_person_id ON recovery_code (person_id);

CREATE TABLE session (
    id BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    person_id BYTEA NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ended_at BIGINT,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    second_factor_at BIGINT,
    proved_at BIGINT,
    locale TEXT,
    PRIMARY KEY (id)
);

CREATE INDEX session_person_id ON session (person_id);

CREATE INDEX session_last_seen_at ON session (last_seen_at);

CREATE TABLE login_attempt (
    id BYTEA NOT NULL,
    "key" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    ok BOOLEAN NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX login_attempt_key_at ON login_attempt (key, at);

CREATE TABLE invitation (
    id BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    side TEXT NOT NULL,
    agency_id BYTEA REFERENCES agency (id),
    roles TEXT NOT NULL,
    locale TEXT NOT NULL,
    invited_by BYTEA REFERENCES person (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT,
    person_id BYTEA REFERENCES person (id),
    PRIMARY KEY (id)
);

CREATE INDEX invitation_agency_id ON invitation (agency_id);

CREATE TABLE api_token (
    id BYTEA NOT NULL,
    person_id BYTEA NOT NULL REFERENCES person (id),
    token_hash BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    last_used_address TEXT NOT NULL DEFAULT '',
    revoked_at BIGINT,
    PRIMARY KEY (id)
);

CREATE INDEX api_token_person_id ON api_token (person_id);
