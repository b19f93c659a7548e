-- That a delivery was received (签收), as a document that the server signed: the hash and the signature stay for ever.
CREATE TABLE handover_receipt (
    delivery_id BYTEA NOT NULL REFERENCES delivery (id),
    sha256 BYTEA NOT NULL,
    signature TEXT NOT NULL,
    key_id BYTEA NOT NULL,
    strength TEXT NOT NULL,
    signed_by BYTEA NOT NULL REFERENCES person (id),
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (delivery_id)
);

CREATE INDEX handover_receipt_signed_by ON handover_receipt (signed_by);

CREATE TRIGGER handover_receipt_no_update BEFORE UPDATE ON handover_receipt
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER handover_receipt_no_delete BEFORE DELETE ON handover_receipt
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER handover_receipt_no_truncate BEFORE TRUNCATE ON handover_receipt
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Its bytes, beside it: they name a person. Never changed, but erasable by law.
CREATE TABLE handover_receipt_text (
    delivery_id BYTEA NOT NULL REFERENCES handover_receipt (delivery_id),
    receipt_json TEXT NOT NULL,
    PRIMARY KEY (delivery_id)
);

CREATE TRIGGER handover_receipt_text_no_update BEFORE UPDATE ON handover_receipt_text
FOR EACH ROW EXECUTE FUNCTION refuse_change();
