-- When each stored file was last read back and hashed anew, and what that came to; 0: never yet. A row for every one of
-- `blob`, kept by the database, so that what is due is found without going through all files.
CREATE TABLE blob_check (
    blob_id BLOB NOT NULL REFERENCES blob (id),
    checked_at BIGINT NOT NULL,
    result TEXT NOT NULL,
    tries INTEGER NOT NULL,
    retry_at BIGINT NOT NULL,
    PRIMARY KEY (blob_id)
);

CREATE INDEX blob_check_checked_at ON blob_check (checked_at);

INSERT INTO blob_check (blob_id, checked_at, result, tries, retry_at)
SELECT id, 0, '', 0, 0 FROM blob WHERE erased_at IS NULL;

CREATE TRIGGER blob_is_to_check AFTER INSERT ON blob
BEGIN INSERT INTO blob_check (blob_id, checked_at, result, tries, retry_at) VALUES (NEW.id, 0, '', 0, 0); END;

-- That a stored file was found to be another one than was stored.
CREATE TABLE evidence_alarm (
    id BLOB NOT NULL,
    blob_id BLOB NOT NULL REFERENCES blob (id),
    fault TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX evidence_alarm_blob_id ON evidence_alarm (blob_id);

CREATE TRIGGER evidence_alarm_no_update BEFORE UPDATE ON evidence_alarm
BEGIN SELECT RAISE(ABORT, 'evidence_alarm is append-only'); END;

CREATE TRIGGER evidence_alarm_no_delete BEFORE DELETE ON evidence_alarm
BEGIN SELECT RAISE(ABORT, 'evidence_alarm is append-only'); END;

-- That the file was found whole again when somebody had asked for it to be looked at.
CREATE TABLE evidence_alarm_end (
    alarm_id BLOB NOT NULL REFERENCES evidence_alarm (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (alarm_id)
);

CREATE TRIGGER evidence_alarm_end_no_update BEFORE UPDATE ON evidence_alarm_end
BEGIN SELECT RAISE(ABORT, 'evidence_alarm_end is append-only'); END;

CREATE TRIGGER evidence_alarm_end_no_delete BEFORE DELETE ON evidence_alarm_end
BEGIN SELECT RAISE(ABORT, 'evidence_alarm_end is append-only'); END;

-- The alarms that no end was put to, at most one a file: asked for with every page. Kept by the database.
CREATE TABLE evidence_alarm_open (
    blob_id BLOB NOT NULL REFERENCES blob (id),
    alarm_id BLOB NOT NULL REFERENCES evidence_alarm (id),
    PRIMARY KEY (blob_id)
);

CREATE TRIGGER evidence_alarm_is_open AFTER INSERT ON evidence_alarm
BEGIN INSERT INTO evidence_alarm_open (blob_id, alarm_id) VALUES (NEW.blob_id, NEW.id); END;

CREATE TRIGGER evidence_alarm_is_ended AFTER INSERT ON evidence_alarm_end
BEGIN DELETE FROM evidence_alarm_open WHERE alarm_id = NEW.alarm_id; END;

-- What the program read back in a month; told to the log once the month is over.
CREATE TABLE scrub_month (
    month TEXT NOT NULL,
    files BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    faults BIGINT NOT NULL,
    told_at BIGINT,
    PRIMARY KEY (month)
);

-- The record of an original medium that was sealed (封存).
CREATE TABLE evidence_sealing (
    id BLOB NOT NULL,
    evidence_id BLOB NOT NULL REFERENCES evidence (id),
    corrects_id BLOB UNIQUE REFERENCES evidence_sealing (id),
    sealed_at BIGINT NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX evidence_sealing_evidence_id_id ON evidence_sealing (evidence_id, id);

CREATE TRIGGER evidence_sealing_no_update BEFORE UPDATE ON evidence_sealing
BEGIN SELECT RAISE(ABORT, 'evidence_sealing is append-only'); END;

CREATE TRIGGER evidence_sealing_no_delete BEFORE DELETE ON evidence_sealing
BEGIN SELECT RAISE(ABORT, 'evidence_sealing is append-only'); END;

-- What it says in words, beside it: it names people, and is erasable by law.
CREATE TABLE evidence_sealing_text (
    sealing_id BLOB NOT NULL REFERENCES evidence_sealing (id),
    medium TEXT NOT NULL,
    serial TEXT NOT NULL,
    how TEXT NOT NULL,
    sealed_by TEXT NOT NULL,
    witness TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (sealing_id)
);

-- The items that are photographs of it.
CREATE TABLE evidence_sealing_photo (
    sealing_id BLOB NOT NULL REFERENCES evidence_sealing (id),
    evidence_id BLOB NOT NULL REFERENCES evidence (id),
    PRIMARY KEY (sealing_id, evidence_id)
);

CREATE INDEX evidence_sealing_photo_evidence_id ON evidence_sealing_photo (evidence_id);

CREATE TRIGGER evidence_sealing_photo_no_update BEFORE UPDATE ON evidence_sealing_photo
BEGIN SELECT RAISE(ABORT, 'evidence_sealing_photo is append-only'); END;

CREATE TRIGGER evidence_sealing_photo_no_delete BEFORE DELETE ON evidence_sealing_photo
BEGIN SELECT RAISE(ABORT, 'evidence_sealing_photo is append-only'); END;
