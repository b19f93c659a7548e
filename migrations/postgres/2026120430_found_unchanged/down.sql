ALTER TABLE blob_check DROP COLUMN whole_at;
ALTER TABLE blob_check DROP COLUMN whole_times;
