CREATE TABLE audit_entry (
    id BYTEA NOT NULL,
    "at" BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BYTEA,
    actor_name TEXT NOT NULL,
    verb TEXT NOT NULL,
    outcome TEXT NOT NULL,
    leaf BYTEA NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX audit_entry_at_id ON audit_entry (at, id);

CREATE INDEX audit_entry_verb_at ON audit_entry (verb, at);

CREATE INDEX audit_entry_actor_id_id ON audit_entry (actor_id, id);

CREATE INDEX audit_entry_outcome_id ON audit_entry (outcome, id);

CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_object (
    entry_id BYTEA NOT NULL REFERENCES audit_entry (id),
    kind TEXT NOT NULL,
    object_id BYTEA NOT NULL,
    PRIMARY KEY (object_id, kind, entry_id)
);

CREATE INDEX audit_object_entry_id ON audit_object (entry_id);

CREATE TRIGGER audit_object_no_update BEFORE UPDATE ON audit_object
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_object_no_delete BEFORE DELETE ON audit_object
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_object_no_truncate BEFORE TRUNCATE ON audit_object
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_private (
    entry_id BYTEA NOT NULL REFERENCES audit_entry (id),
    salt BYTEA NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (entry_id)
);

CREATE TRIGGER audit_private_no_update BEFORE UPDATE ON audit_private
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_private_no_truncate BEFORE TRUNCATE ON audit_private
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_pending (
    entry_id BYTEA NOT NULL REFERENCES audit_entry (id),
    PRIMARY KEY (entry_id)
);

CREATE TABLE audit_place (
    place BIGINT NOT NULL,
    entry_id BYTEA NOT NULL UNIQUE REFERENCES audit_entry (id),
    PRIMARY KEY (place)
);

CREATE TRIGGER audit_place_no_update BEFORE UPDATE ON audit_place
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_place_no_delete BEFORE DELETE ON audit_place
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_place_no_truncate BEFORE TRUNCATE ON audit_place
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_node (
    stored_index BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (stored_index)
);

CREATE TRIGGER audit_node_no_update BEFORE UPDATE ON audit_node
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_node_no_delete BEFORE DELETE ON audit_node
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_node_no_truncate BEFORE TRUNCATE ON audit_node
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_head (
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    note TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (size)
);

CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
