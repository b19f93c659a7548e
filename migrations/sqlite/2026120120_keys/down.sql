DROP TRIGGER wrapped_key_no_update;

CREATE TRIGGER wrapped_key_no_update BEFORE UPDATE ON wrapped_key
BEGIN SELECT RAISE(ABORT, 'wrapped_key is append-only'); END;

DROP TABLE serving;
DROP INDEX upload_piece_mark;
DROP INDEX blob_mark;
