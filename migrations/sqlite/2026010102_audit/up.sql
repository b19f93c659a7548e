CREATE TABLE audit_entry (
    id BLOB NOT NULL,
    "at" BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    actor_name TEXT NOT NULL,
    verb TEXT NOT NULL,
    outcome TEXT NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX audit_entry_at_id ON audit_entry (at, id);

CREATE INDEX audit_entry_verb_at ON audit_entry (verb, at);

CREATE INDEX audit_entry_actor_id_id ON audit_entry (actor_id, id);

CREATE INDEX audit_entry_outcome_id ON audit_entry (outcome, id);

CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;

CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;

CREATE TABLE audit_object (
    entry_id BLOB NOT NULL REFERENCES audit_entry (id),
    kind TEXT NOT NULL,
    object_id BLOB NOT NULL,
    PRIMARY KEY (object_id, kind, entry_id)
);

CREATE INDEX audit_object_entry_id ON audit_object (entry_id);

CREATE TRIGGER audit_object_no_update BEFORE UPDATE ON audit_object
BEGIN SELECT RAISE(ABORT, 'audit_object is append-only'); END;

CREATE TRIGGER audit_object_no_delete BEFORE DELETE ON audit_object
BEGIN SELECT RAISE(ABORT, 'audit_object is append-only'); END;

CREATE TABLE audit_private (
    entry_id BLOB NOT NULL REFERENCES audit_entry (id),
    salt BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (entry_id)
);

CREATE TRIGGER audit_private_no_update BEFORE UPDATE ON audit_private
BEGIN SELECT RAISE(ABORT, 'audit_private is append-only'); END;

CREATE TABLE audit_pending (
    entry_id BLOB NOT NULL REFERENCES audit_entry (id),
    PRIMARY KEY (entry_id)
);

CREATE TABLE audit_place (
    place BIGINT NOT NULL,
    entry_id BLOB NOT NULL UNIQUE REFERENCES audit_entry (id),
    PRIMARY KEY (place)
);

CREATE TRIGGER audit_place_no_update BEFORE UPDATE ON audit_place
BEGIN SELECT RAISE(ABORT, 'audit_place is append-only'); END;

CREATE TRIGGER audit_place_no_delete BEFORE DELETE ON audit_place
BEGIN SELECT RAISE(ABORT, 'audit_place is append-only'); END;

CREATE TABLE audit_node (
    stored_index BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (stored_index)
);

CREATE TRIGGER audit_node_no_update BEFORE UPDATE ON audit_node
BEGIN SELECT RAISE(ABORT, 'audit_node is append-only'); END;

CREATE TRIGGER audit_node_no_delete BEFORE DELETE ON audit_node
BEGIN SELECT RAISE(ABORT, 'audit_node is append-only'); END;

CREATE TABLE audit_head (
    size BIGINT NOT NULL,
    root BLOB NOT NULL,
    note TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (size)
);

CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head
BEGIN SELECT RAISE(ABORT, 'audit_head is append-only'); END;

CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'audit_head is append-only'); END;
