-- What the platform's own say to each other about a lead. It never leaves the platform.
CREATE TABLE lead_comment (
    id BYTEA NOT NULL,
    lead_id BYTEA NOT NULL REFERENCES lead (id),
    author_id BYTEA NOT NULL REFERENCES person (id),
    corrects_id BYTEA,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX lead_comment_lead_id_id ON lead_comment (lead_id, id);

CREATE INDEX lead_comment_corrects_id ON lead_comment (corrects_id);

CREATE TRIGGER lead_comment_no_update BEFORE UPDATE ON lead_comment
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER lead_comment_no_delete BEFORE DELETE ON lead_comment
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER lead_comment_no_truncate BEFORE TRUNCATE ON lead_comment
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The text of a comment, beside it: erasable by law.
CREATE TABLE lead_comment_text (
    comment_id BYTEA NOT NULL REFERENCES lead_comment (id),
    body TEXT NOT NULL,
    PRIMARY KEY (comment_id)
);

-- Comments that their authors took back.
CREATE TABLE lead_comment_back (
    comment_id BYTEA NOT NULL REFERENCES lead_comment (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (comment_id)
);

CREATE TRIGGER lead_comment_back_no_update BEFORE UPDATE ON lead_comment_back
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER lead_comment_back_no_delete BEFORE DELETE ON lead_comment_back
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER lead_comment_back_no_truncate BEFORE TRUNCATE ON lead_comment_back
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whom a comment calls, and when they said that they have read it.
CREATE TABLE lead_mention (
    comment_id BYTEA NOT NULL REFERENCES lead_comment (id),
    person_id BYTEA NOT NULL REFERENCES person (id),
    lead_id BYTEA NOT NULL REFERENCES lead (id),
    seen_at BIGINT,
    PRIMARY KEY (comment_id, person_id)
);

CREATE INDEX lead_mention_person_id_seen_at ON lead_mention (person_id, seen_at);

-- That a lead is no duplicate of another one, as its compiler stated before submitting it.
CREATE TABLE lead_distinct (
    lead_id BYTEA NOT NULL REFERENCES lead (id),
    other_id BYTEA NOT NULL REFERENCES lead (id),
    stated_by BYTEA NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    remark_id BYTEA,
    PRIMARY KEY (lead_id, other_id)
);

CREATE INDEX lead_distinct_other_id ON lead_distinct (other_id);

CREATE TRIGGER lead_distinct_no_update BEFORE UPDATE ON lead_distinct
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER lead_distinct_no_delete BEFORE DELETE ON lead_distinct
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER lead_distinct_no_truncate BEFORE TRUNCATE ON lead_distinct
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- From which lead a draft was cloned.
CREATE TABLE lead_origin (
    lead_id BYTEA NOT NULL REFERENCES lead (id),
    source_id BYTEA NOT NULL REFERENCES lead (id),
    PRIMARY KEY (lead_id)
);

CREATE INDEX lead_origin_source_id ON lead_origin (source_id);

CREATE TRIGGER lead_origin_no_update BEFORE UPDATE ON lead_origin
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER lead_origin_no_delete BEFORE DELETE ON lead_origin
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER lead_origin_no_truncate BEFORE TRUNCATE ON lead_origin
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
