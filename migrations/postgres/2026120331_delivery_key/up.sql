-- To which keys what was handed over with a delivery was encrypted; a delivery without a row went as it is.
CREATE TABLE delivery_key (
    delivery_id BYTEA NOT NULL REFERENCES delivery (id),
    key_id BYTEA NOT NULL REFERENCES agency_key (id),
    PRIMARY KEY (delivery_id, key_id)
);

CREATE TRIGGER delivery_key_no_update BEFORE UPDATE ON delivery_key
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER delivery_key_no_delete BEFORE DELETE ON delivery_key
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER delivery_key_no_truncate BEFORE TRUNCATE ON delivery_key
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
