-- How often the schedule read a stored file back and found it as it was stored, and when last; counted from here on.
ALTER TABLE blob_check ADD COLUMN whole_times BIGINT NOT NULL DEFAULT 0;
ALTER TABLE blob_check ADD COLUMN whole_at BIGINT NOT NULL DEFAULT 0;
