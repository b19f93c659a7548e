CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE TABLE instance (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE counter (
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE wrapped_key (
    id BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    name TEXT NOT NULL,
    public_text TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    statement TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX wrapped_key_purpose_created_at ON wrapped_key (purpose, created_at);

CREATE TRIGGER wrapped_key_no_update BEFORE UPDATE ON wrapped_key
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER wrapped_key_no_delete BEFORE DELETE ON wrapped_key
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER wrapped_key_no_truncate BEFORE TRUNCATE ON wrapped_key
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE job (
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    dedupe TEXT,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    progress_done BIGINT NOT NULL DEFAULT 0,
    progress_total BIGINT NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    run_at BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX job_dedupe ON job (dedupe) WHERE state IN ('queued', 'running');

CREATE INDEX job_state_run_at ON job (state, run_at);

CREATE INDEX job_kind_created_at ON job (kind, created_at);

CREATE TABLE job_attempt (
    id BYTEA NOT NULL,
    job_id BYTEA NOT NULL REFERENCES job (id),
    attempt INTEGER NOT NULL,
    worker TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    error TEXT,
    PRIMARY KEY (id)
);

CREATE INDEX job_attempt_job_id ON job_attempt (job_id);

CREATE TRIGGER job_attempt_no_update BEFORE UPDATE ON job_attempt
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER job_attempt_no_delete BEFORE DELETE ON job_attempt
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER job_attempt_no_truncate BEFORE TRUNCATE ON job_attempt
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE mail_message (
    id BYTEA NOT NULL,
    template TEXT NOT NULL,
    to_address TEXT NOT NULL,
    locale TEXT NOT NULL,
    params TEXT NOT NULL,
    link TEXT NOT NULL,
    about_kind TEXT NOT NULL,
    about_id BYTEA,
    job_id BYTEA REFERENCES job (id),
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    answer TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (id)
);

CREATE INDEX mail_message_state_created_at ON mail_message (state, created_at);

CREATE INDEX mail_message_about_kind_about_id ON mail_message (about_kind, about_id);

CREATE INDEX mail_message_template_id ON mail_message (template, id);

CREATE TABLE idempotency (
    "key" TEXT NOT NULL,
    actor_id BYTEA NOT NULL,
    route TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (actor_id, route, "key")
);

CREATE INDEX idempotency_created_at ON idempotency (created_at);
