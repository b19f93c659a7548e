-- What came back, or on, and was not dealt with: the newest step of its kind, of which nobody took note, since which the lead
-- was neither reopened nor sent anew. Found without reading all that ever came back; in whatever order the rows are written.
CREATE TABLE transfer_back (
    step_id BLOB NOT NULL REFERENCES transfer_step (id),
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    kind TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (step_id)
);

CREATE INDEX transfer_back_transfer_id_kind ON transfer_back (transfer_id, kind);

INSERT INTO transfer_back (step_id, transfer_id, kind, "at")
SELECT s.id, s.transfer_id, s.kind, s."at" FROM transfer_step s JOIN transfer t ON t.id = s.transfer_id
WHERE s.kind IN ('returned', 'not_accepted', 'not_filed', 'forwarded')
AND NOT EXISTS (SELECT 1 FROM transfer_seen n WHERE n.step_id = s.id)
AND NOT EXISTS (SELECT 1 FROM transfer_step l WHERE l.transfer_id = s.transfer_id AND l.kind = s.kind
    AND (l."at" > s."at" OR (l."at" = s."at" AND l.id > s.id)))
AND NOT EXISTS (SELECT 1 FROM lead_step r WHERE r.lead_id = t.lead_id AND r.kind = 'reopened' AND r."at" > s."at")
AND NOT EXISTS (SELECT 1 FROM transfer o WHERE o.lead_id = t.lead_id AND o.sent_at > s."at");

CREATE TRIGGER transfer_came_back AFTER INSERT ON transfer_step
WHEN NEW.kind IN ('returned', 'not_accepted', 'not_filed', 'forwarded')
BEGIN
    DELETE FROM transfer_back WHERE transfer_id = NEW.transfer_id AND kind = NEW.kind
        AND ("at" < NEW."at" OR ("at" = NEW."at" AND step_id < NEW.id));
    INSERT INTO transfer_back (step_id, transfer_id, kind, "at")
    SELECT NEW.id, NEW.transfer_id, NEW.kind, NEW."at" FROM transfer t
    WHERE t.id = NEW.transfer_id
    AND NOT EXISTS (SELECT 1 FROM transfer_step l WHERE l.transfer_id = NEW.transfer_id AND l.kind = NEW.kind
        AND (l."at" > NEW."at" OR (l."at" = NEW."at" AND l.id > NEW.id)))
    AND NOT EXISTS (SELECT 1 FROM lead_step r WHERE r.lead_id = t.lead_id AND r.kind = 'reopened' AND r."at" > NEW."at")
    AND NOT EXISTS (SELECT 1 FROM transfer o WHERE o.lead_id = t.lead_id AND o.sent_at > NEW."at");
END;

CREATE TRIGGER transfer_back_is_seen AFTER INSERT ON transfer_seen
BEGIN DELETE FROM transfer_back WHERE step_id = NEW.step_id; END;

CREATE TRIGGER transfer_back_is_reopened AFTER INSERT ON lead_step WHEN NEW.kind = 'reopened'
BEGIN
    DELETE FROM transfer_back WHERE "at" < NEW."at"
        AND transfer_id IN (SELECT t.id FROM transfer t WHERE t.lead_id = NEW.lead_id);
END;

CREATE TRIGGER transfer_back_is_sent_anew AFTER INSERT ON transfer
BEGIN
    DELETE FROM transfer_back WHERE "at" < NEW.sent_at
        AND transfer_id IN (SELECT t.id FROM transfer t WHERE t.lead_id = NEW.lead_id);
END;

-- It was for nothing but these.
DROP INDEX transfer_step_back;

-- Messages that the other side neither answered since nor said to need no answer.
CREATE TABLE message_open (
    message_id BLOB NOT NULL REFERENCES message (id),
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    agency_id BLOB NOT NULL REFERENCES agency (id),
    side TEXT NOT NULL,
    PRIMARY KEY (message_id)
);

CREATE INDEX message_open_agency_id_side_transfer_id ON message_open (agency_id, side, transfer_id);

CREATE INDEX message_open_transfer_id_side ON message_open (transfer_id, side);

INSERT INTO message_open (message_id, transfer_id, agency_id, side)
SELECT m.id, m.transfer_id, t.agency_id, m.side FROM message m JOIN transfer t ON t.id = m.transfer_id
WHERE NOT EXISTS (SELECT 1 FROM message n WHERE n.transfer_id = m.transfer_id AND n.side <> m.side AND n.id > m.id)
AND NOT EXISTS (SELECT 1 FROM message_note k WHERE k.transfer_id = m.transfer_id AND k.message_id >= m.id);

CREATE TRIGGER message_is_open AFTER INSERT ON message
BEGIN
    DELETE FROM message_open WHERE transfer_id = NEW.transfer_id AND side <> NEW.side AND message_id < NEW.id;
    INSERT INTO message_open (message_id, transfer_id, agency_id, side)
    SELECT NEW.id, NEW.transfer_id, t.agency_id, NEW.side FROM transfer t
    WHERE t.id = NEW.transfer_id
    AND NOT EXISTS (SELECT 1 FROM message n WHERE n.transfer_id = NEW.transfer_id AND n.side <> NEW.side AND n.id > NEW.id)
    AND NOT EXISTS (SELECT 1 FROM message_note k WHERE k.transfer_id = NEW.transfer_id AND k.message_id >= NEW.id);
END;

CREATE TRIGGER message_needs_no_answer AFTER INSERT ON message_note
BEGIN DELETE FROM message_open WHERE transfer_id = NEW.transfer_id AND message_id <= NEW.message_id; END;

-- Rejected entries are few of all that were decided.
CREATE INDEX outcome_confirmation_rejected ON outcome_confirmation (outcome_id) WHERE decision = 'rejected';
